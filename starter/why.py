"""`mingjian show CASE --why`: each deadline's ledger in words, and what its due day would have been otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.dates import day_in_china
from models.deadline_courses import Course, Teller
from models.errors import InputError, MingjianError, Problem, Refusal, Unreachable
from models.explained_notes import explained_note
from models.journal import CaseState
from models.journal_file import JOURNAL, read_journal
from models.otherwise import Due
from models.retelling import courses
from models.settings import Settings
from starter.columns import fold
from starter.histories import History
from starter.office import Office
from starter.output import remark, say, say_json
from starter.packages import Package, state_of
from starter.showing import Look, look

_HISTORIES = "history/"


@dataclass(frozen=True, slots=True)
class Told:
    """The courses of a case's deadlines, and the case they were told from; `source` says where that was had, if elsewhere."""

    case: str
    title: str
    source: str
    state: CaseState
    courses: list[Course]


async def why(office: Office, case: str, key: str = "") -> Told:
    """The courses of a case's deadlines, or of the one with that key: from the case itself, else from its sealed folder.

    Unreachable where the case is there and does not answer; Refusal where there is no such case or deadline, or where neither
    holds the journal that the courses are told from.
    """
    found, state, source = await whole(office, case)
    keys = [row.key for row in found.snapshot.deadlines]
    if key and key not in keys:
        listing = "、".join(keys) or "本案没有期限"
        raise Refusal(Problem(f"没有期限“{key}”", f"可选：{listing}", field="--deadline"))
    told = courses(state, office.calendars, (key,) if key else ())
    return Told(case, found.snapshot.case.title, source, state, told)


async def whole(office: Office, case: str) -> tuple[Look, CaseState, str]:
    """A case with its journal, and where that was had if elsewhere: from the case itself, else from its sealed folder.

    Unreachable where the case is there and does not answer; Refusal where there is none, or its journal cannot be read.
    """
    found = await look(office, case, with_state=True)
    if found.source == "unanswered":
        raise Unreachable(
            Problem(
                "没有工作进程应答，取不到办案记录",
                "确认工作进程在运行（mingjian up 或 mingjian-worker），再试",
            )
        )
    if found.state is None:
        return found, _sealed(office, case), "案件不在服务器上，以下取自封存的案卷记录。"
    return found, found.state, ""


def _sealed(office: Office, case: str) -> CaseState:
    """The case as its sealed folder tells it. Refusal where that holds no journal, or no history that can be read."""
    nowhere = Problem(
        f"案件 {case} 没有应答，封存的案卷里也读不出办案记录，无从说明各期限的由来",
        "在办案件稍后再试；已归档的，用 mingjian verify 核验案卷",
        field="CASE",
    )
    try:
        with office.archive.open(case, JOURNAL) as file:
            journal = read_journal(file.read().decode("utf-8", "replace"))
        names = [each.paper.name for each in office.archive.papers(case)]
        histories = list(_histories(office, case, [name for name in names if name.startswith(_HISTORIES)]))
    except Refusal:
        raise Refusal(nowhere) from None
    if journal.line or not journal.entries:
        raise Refusal(nowhere)
    handed_over = {history.continued_from for history in histories}
    for history in histories:
        # The last run; which has ended by handing over to none.
        if not history.names & handed_over:
            package = Package(case, journal=journal, histories={history.run: history}, run=history.run)
            with suppress(MingjianError):
                return state_of(package)
    raise Refusal(nowhere)


def _histories(office: Office, case: str, names: list[str]) -> Iterator[History]:
    for name in names:
        run = Path(name).name.partition(".")[0]
        with office.archive.open(case, name) as file, suppress(Refusal):
            yield History.parse(run, file.read())


# saying it


def tell_why(told: Told, *, as_json: bool) -> None:
    """Print the courses: one line of JSON for each, or for somebody to read in 80 columns."""
    if told.source:
        remark(told.source)
    if as_json:
        for course in told.courses:
            say_json(_as_json(told.case, course))
        return
    _lines(f"{told.case}　{told.title}")
    if not told.courses:
        say("没有期限。")
    for course in told.courses:
        say()
        _tell(course)


def _tell(course: Course) -> None:
    _lines(f"{course.name}（{course.key}）　{course.bound}")
    standing = course.ended or course.punctuality
    _lines(f"届满 {course.due.words}" + (f"　{standing}" if standing else ""), "  ")
    begins = f"，{course.version}起的版本" if course.version else ""
    _lines(f"规则 {course.rule}{begins}　日历版本 {course.edition}", "  ")
    _lines(f"起算 {course.started_on or '—'}　{course.started_by.words}", "  ")
    _section("怎样算出", course.sentences)
    if course.due.first and not course.due.provisional:
        _bullet("届满日不是暂定：所涉日期的放假安排都已公布。")
    if course.moves:
        say("  变动")
    for number, move in enumerate(course.moves, 1):
        entered = f"于{move.entered_on}记入" if move.entered_on else ""
        _bullet(f"{move.what}　{move.by}{entered}", f"{number}. ")
        _bullet(move.effect, "   ")
    _section("否则", [move.otherwise.words + "。" for move in course.moves if move.otherwise])
    if course.met_by is not None:
        _section("完成", [f"{course.met_on}　{course.met_by.words}，{course.punctuality}。"])
    _section("说明", course.remarks)


def _section(title: str, sentences: Sequence[str]) -> None:
    if sentences:
        say(f"  {title}")
    for sentence in sentences:
        _bullet(sentence)


def _bullet(text: str, mark: str = "· ") -> None:
    room = " " * len(mark)
    for number, line in enumerate(fold(text, 74)):
        say(f"  {room if number else mark}{line}")


def _lines(text: str, indent: str = "") -> None:
    for line in fold(text, 78 - len(indent), indent=indent):
        say(line)


def _as_json(case: str, course: Course) -> dict[str, Any]:
    started, met = course.started_by, course.met_by
    return {
        "case": case,
        "key": course.key,
        "rule": course.rule,
        "name": course.name,
        "bound": course.bound,
        "version": _iso(course.version),
        "edition": course.edition,
        "due": _due(course.due),
        "started": {"on": str(course.started_on or "") or None, **_teller(started)},
        "moves": [
            {
                "what": move.what,
                "by": move.by,
                "entered_on": _iso(move.entered_on),
                "before": _due(move.before),
                "after": _due(move.after),
                "met_before": _iso(move.met_before),
                "met_after": _iso(move.met_after),
                "otherwise": {
                    "without": move.otherwise.without,
                    "due": _due(move.otherwise.due),
                    "basis": move.otherwise.basis,
                }
                if move.otherwise
                else None,
            }
            for move in course.moves
        ],
        "met": {"on": str(course.met_on), **_teller(met), "days_late": course.days_late, "late": course.late}
        if met
        else None,
        "ended": course.ended,
        "explanation": list(course.sentences),
        "remarks": list(course.remarks),
    }


def _teller(teller: Teller) -> dict[str, Any]:
    return {"what": teller.what, "by": teller.by, "entered_on": _iso(teller.entered_on)}


def _due(due: Due) -> dict[str, Any]:
    return {"from": _iso(due.first), "to": _iso(due.last), "how": due.how, "provisional": due.provisional}


def _iso(day: object) -> str | None:
    return str(day) if day is not None else None


# printing it


def check_out(out: str) -> Path:
    """The file that a note is to be written to; InputError for a name that it cannot have."""
    path = Path(out)
    if path.suffix.lower() != ".pdf":
        raise InputError(Problem(f"“{out}”不是 .pdf 文件名", "写作 期限计算说明.pdf", field="--out"))
    if not path.parent.is_dir():
        raise InputError(Problem(f"没有文件夹“{path.parent}”", "先建立文件夹，或换一个位置", field="--out"))
    if path.exists():
        raise InputError(
            Problem("文件已经在了，不覆盖", "移走原来的文件，或换一个名字", field="--out", file=out)
        )
    return path


def print_why(office: Office, settings: Settings, told: Told, path: Path) -> None:
    """Write 期限计算说明 with the courses as PDF; no number is taken. Refusal for text that cannot be set."""
    from starter.press import press

    note = explained_note(told.state, told.courses, office.calendars, day_in_china(datetime.now(UTC)))
    if not note.deadlines:
        raise Refusal(Problem("本案没有期限，没有可以打印的", "先记录起算的事实"))
    with press(settings) as typesetter:
        pdf = typesetter.render(note)
    try:
        with path.open("xb") as file:
            file.write(pdf)
    except OSError as error:
        why = f"写不了文件（{error.strerror}）"
        raise InputError(Problem(why, "核对文件夹和权限", file=str(path))) from None
