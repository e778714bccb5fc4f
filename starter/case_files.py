"""A case as staff write it down (`mingjian open urging 案件.yaml`), read strictly and checked whole.

All that is wrong with a file is told at once, by file, row and field; nothing is started before every file of
a batch is right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from models.bodies import Body, Jurisdiction
from models.calendar import EARLIEST_START, LATEST_START
from models.dates import day_in_china
from models.decisions import DraftLetter
from models.document_types import DocumentType
from models.errors import InputError, Problem
from models.facts import Fact
from models.kinds import file_of
from models.messages import Opening, Told
from models.numbering import CaseId, own_number_key
from models.terms import BodyKind, CaseKind
from models.wire import LocalPeriod, Recipient
from starter.recipients import as_recipient, check_recipients, heirs_in, read_recipients
from starter.strict import attempt, choices
from starter.written import Where, Written, read_file
from starter.written_case import WrittenCase, WrittenLetter, written_case

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseToOpen:
    """A case file that is right. `key` is the same for the same case; `remarks` say who took over from bodies that it names."""

    file: str
    kind: CaseKind
    county: str
    county_name: str
    year: int
    key: str
    written: WrittenCase
    procuratorate: Recipient
    recipients: tuple[tuple[Recipient, ...], ...]
    opened_on: date
    local_periods: tuple[LocalPeriod, ...]
    facts: tuple[Fact, ...] = ()
    """What is known of it at once."""
    copies: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    backlog: tuple[Told, ...] = ()
    """What had happened to it before it was entered, in order; their ids are given with the number of the case."""

    def opening(self, number: int, edition: str, liaison: str = "") -> Opening:
        """The opening under a number, with the calendar edition it is first counted by.

        `liaison` is who is the procuratorate's on the roll; whom the file names comes before.
        """
        case = str(CaseId(self.kind, self.county, self.year, number))
        written = self.written
        return Opening(
            case=case,
            kind=self.kind,
            title=written.title,
            county=self.county,
            county_name=self.county_name,
            procuratorate=self.procuratorate,
            matter=written.matter,
            matter_reason=written.matter_reason,
            clue=written.clue,
            opened_on=self.opened_on,
            handler=written.handler,
            liaison=written.liaison or liaison,
            place=written.place,
            parties=written.parties,
            area_m2=written.area_m2,
            items=written.items,
            letters=tuple(_drafts(case, written, self.recipients, self.copies)),
            links=written.tied,
            facts=self.facts,
            backlog=tuple(
                message.model_copy(update={"id": f"{case}-backlog-{place}"})
                for place, message in enumerate(self.backlog, start=1)
            ),
            terms=written.asked,
            local_periods=self.local_periods,
            edition=edition,
            remind_agency=written.remind_agency,
            level=written.level,
        )


def kind_of_case(text: str) -> CaseKind:
    """The kind that a word means; InputError when it is none."""
    try:
        return CaseKind(text.strip())
    except ValueError:
        raise InputError(
            Problem(f"没有“{text}”这种案件", f"可用：{choices(CaseKind)}", field="KIND")
        ) from None


def template(kind: CaseKind) -> str:
    """A commented case file that opens as it is."""
    return (TEMPLATES / f"{kind.value}.yaml").read_text(encoding="utf-8")


def read_cases(kind: CaseKind, files: Sequence[Path], jurisdiction: Jurisdiction) -> list[CaseToOpen]:
    """Every file of a batch; InputError with all that is wrong with all of them."""
    cases: list[CaseToOpen] = []
    problems: list[Problem] = []
    for file in files:
        try:
            cases.append(read_case(kind, read_file(file), jurisdiction))
        except InputError as error:
            problems += error.problems
    first: dict[str, CaseToOpen] = {}
    for case in cases:
        if (other := first.setdefault(case.key, case)) is not case:
            problems.append(
                Problem(f"与 {other.file} 是同一案件", "同一批里每个案件只给一次", file=case.file)
            )
    if problems:
        raise InputError(problems)
    return cases


def read_case(
    kind: CaseKind, written: Written, jurisdiction: Jurisdiction, today: date | None = None
) -> CaseToOpen:
    """One case file; InputError with all that is wrong with it. `today` is the day in China unless given."""
    today = today or day_in_china(datetime.now(UTC))
    found, problems = attempt(written_case(kind), written)
    reader = _Reader(written, jurisdiction, today)
    county = reader.county()
    issuer = reader.procuratorate(county)
    recipients = reader.recipients(issuer)
    addressed = tuple(tuple(as_recipient(jurisdiction, body) for body in bodies) for bodies in recipients)
    if found is not None:
        reader.contradictions(found)
        if issuer is not None:
            reader.drafts(kind, found, issuer, addressed)
    problems += reader.problems
    if found is None or issuer is None or problems:
        raise InputError(sorted(problems, key=lambda problem: problem.row or 0))
    opened_on = found.opened_on or today
    return CaseToOpen(
        file=written.file,
        kind=kind,
        county=county,
        county_name=jurisdiction.place(county).name,
        year=opened_on.year,
        key=_key(kind, found),
        written=found,
        procuratorate=as_recipient(jurisdiction, issuer),
        recipients=addressed,
        opened_on=opened_on,
        local_periods=jurisdiction.changed_periods(county, opened_on),
        copies=jurisdiction.copies,
        remarks=tuple(dict.fromkeys(reader.remarks)),
    )


class _Reader:
    """What only the jurisdiction file, or several fields together, can tell."""

    def __init__(self, written: Written, jurisdiction: Jurisdiction, today: date) -> None:
        self._written = written
        self._content = written.value if isinstance(written.value, dict) else {}
        self._jurisdiction = jurisdiction
        self._today = today
        self.problems, self.remarks = list[Problem](), list[str]()

    def _wrong(self, where: Where, what: str, remedy: str) -> None:
        self.problems.append(self._written.problem(where, what, remedy))

    def _again(self, where: Where, error: InputError) -> None:
        for problem in error.problems:
            self._wrong(where, problem.what, problem.remedy)

    def county(self) -> str:
        given = self._content.get("county")
        if not isinstance(given, str):
            return ""
        try:
            place = self._jurisdiction.place(given)
        except InputError as error:
            self._again(("county",), error)
            return ""
        if not self._jurisdiction.contains(place.code):
            self._wrong(
                ("county",), f"{place.name}不在{self._jurisdiction.name}的辖区", "写本市或所属县、市、区"
            )
            return ""
        return place.code

    def procuratorate(self, county: str) -> Body | None:
        given = self._content.get("procuratorate")
        if not isinstance(given, str):
            return self._jurisdiction.of(county, BodyKind.PROCURATORATE) if county else None
        try:
            body = self._jurisdiction.body(given)
        except InputError as error:
            self._again(("procuratorate",), error)
            return None
        if body.kind is not BodyKind.PROCURATORATE:
            self._wrong(("procuratorate",), f"{body.name}不是人民检察院", "写办案的检察院")
            return None
        if county and body.place not in (county, *self._jurisdiction.above(county)):
            self._wrong(("procuratorate",), f"{body.name}与案件所在地不符", "更正 county 或 procuratorate")
        return body

    def recipients(self, issuer: Body | None) -> list[list[Body]]:
        letters = self._content.get("letters", [])
        found = []
        for place, letter in enumerate(letters if isinstance(letters, list) else [letters]):
            where: Where = (
                ("letters", place, "recipients") if isinstance(letters, list) else ("letters", "recipients")
            )
            given = letter.get("recipients") if isinstance(letter, dict) else None
            if given is None:
                continue
            bodies, problems = read_recipients(self._jurisdiction, given, self._written, where)
            involved = str(letter.get("involved", "")).strip().lower() in ("true", "yes", "是")
            self.problems += problems
            self.remarks += heirs_in(self._jurisdiction, given)
            if not _is_general(letter):
                self.problems += check_recipients(
                    self._jurisdiction, issuer, bodies, self._written, where, involved=involved
                )
            found.append(bodies)
        return found

    def contradictions(self, case: WrittenCase) -> None:
        if case.matter.needs_reason and not case.matter_reason.strip():
            self._wrong(("matter_reason",), "事项为“其他”时须说明为何受理", "填写 matter_reason")
        opened_on = case.opened_on or self._today
        if opened_on > self._today:
            self._wrong(("opened_on",), f"立案日 {opened_on} 在将来", "请核对日期")
        if case.clue.found_on and case.clue.found_on.earliest > opened_on:
            self._wrong(
                ("clue", "found_on"),
                f"发现线索的日期 {case.clue.found_on} 晚于立案日 {opened_on}",
                "更正发现的日期或立案日",
            )
        ids = [item.id for item in case.items]
        for place, item in enumerate(case.items):
            if item.id in ids[:place]:
                self._wrong(("items", place, "id"), f"事项编号 {item.id} 重复", "每个事项一个编号")
            if item.due_on and not EARLIEST_START <= item.due_on <= LATEST_START:
                self._wrong(("items", place, "due_on"), f"日期 {item.due_on} 无法计算", "请核对日期")
        for place, link in enumerate(case.links):
            if not link.elsewhere and CaseId.parse(link.case) is None:
                self._wrong(
                    ("links", place, "case"),
                    f"“{link.case}”不是案件编号",
                    "写作 urging-350481-2026-0001；其他系统的案件写 elsewhere: true",
                )
        for place, letter in enumerate(case.letters):
            if letter.reply_within and not letter.urgent and not letter.document.is_general:
                self._wrong(
                    ("letters", place, "reply_within"),
                    "只有紧急的文书才另定回复期限，其余依法为二个月（[建议]19）",
                    "删去 reply_within，或写 urgent: true",
                )
            if letter.objection_within and not letter.document.is_suggestion:
                self._wrong(
                    ("letters", place, "objection_within"), f"{letter.document.label}没有异议期", "删去这一项"
                )

    def drafts(
        self, kind: CaseKind, case: WrittenCase, issuer: Body, recipients: Sequence[Sequence[Recipient]]
    ) -> None:
        """What the case itself would have against the letters it is opened with."""
        if len(recipients) != len(case.letters) or not all(recipients):
            return
        opening = Opening.model_construct(
            case=str(CaseId(kind, "000000", self._today.year, 0)),
            kind=kind,
            procuratorate=as_recipient(self._jurisdiction, issuer),
            clue=case.clue,
            items=(),
            handler=case.handler,
            opened_on=case.opened_on or self._today,
            terms=case.asked,
            links=case.tied,
            edition="",
        )
        trial = file_of(opening)
        for problem in trial.against_opening():
            self._wrong(
                ("terms", *problem.field.split(".")) if problem.field else ("terms",),
                problem.what,
                problem.remedy,
            )
        for place, draft in enumerate(_drafts("case", case, recipients, self._jurisdiction.copies)):
            for problem in trial.check(draft, self._today):
                step = problem.field.partition(".")[0]
                where: Where = ("letters", place, step) if step else ("letters", place)
                self._wrong(where, problem.what, problem.remedy)


def _drafts(
    case: str,
    written: WrittenCase,
    recipients: Sequence[Sequence[Recipient]],
    copies: tuple[str, ...],
) -> Iterator[DraftLetter]:
    for place, (letter, addressed) in enumerate(zip(written.letters, recipients, strict=True), start=1):
        yield DraftLetter(
            id=f"{case}-draft-{place}",
            by=letter.by or written.handler,
            document=letter.document,
            recipients=tuple(addressed),
            text=letter.text,
            urgent=letter.urgent,
            reply_within=letter.reply_within,
            objection_within=letter.objection_within,
            reply_by=letter.reply_by,
            copies_to=_copies(letter, copies),
            attachments=letter.attachments,
            joint_issuers=letter.joint_issuers,
            countersigners=letter.countersigners,
        )


def _copies(letter: WrittenLetter, copies: tuple[str, ...]) -> tuple[str, ...]:
    """What the draft says, else the jurisdiction's list for what the province is sent a copy of."""
    if letter.copies_to is not None:
        return letter.copies_to
    return copies if letter.document.is_copied_upward else ()


def _is_general(letter: dict[str, Any]) -> bool:
    """Whether a written letter is of the plain form, which [建议]3 does not bind: a notice goes to a procuratorate too."""
    try:
        return DocumentType(str(letter.get("document", "")).strip()).is_general
    except ValueError:
        return False


def _key(kind: CaseKind, case: WrittenCase) -> str:
    if case.number:
        return own_number_key(kind, case.number)
    # What is at its default is left out, so that a later release, which knows more fields, computes the same.
    digest = hashlib.sha256(case.model_dump_json(exclude_defaults=True).encode()).hexdigest()
    return f"{kind.value}/digest/{digest}"
