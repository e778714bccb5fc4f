"""A case is told its own journal again, line by line, and each of its deadlines tells its course.

A case holds its ledgers as they now stand. How they came to stand so is had from the journal; what a corrected fact said before
stands there too. What the case does not hold is not guessed: a due day is then unknown, and `remarks` say why. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from models.calendar import Calendar
from models.casefile import CaseFile
from models.dates import day_in_china
from models.deadline_courses import Course, Move, Otherwise, Teller
from models.deadlines import Entry as LedgerEntry
from models.deadlines import Ledger, account_of, reckon
from models.decisions import Correct, SortOut
from models.errors import InputError, Refusal
from models.explanations import explain
from models.facts import LetterServed
from models.journal import CaseState
from models.kinds import file_of, restored
from models.ledgers import Counted, Deadline, held_version
from models.messages import EditionPublished, Entry, Message
from models.otherwise import NOT_STARTED, UNKNOWN, Due, due, due_of, otherwises
from models.reckoning_notes import Editions
from models.rules import OWNERS, UNITS, Rule
from models.said.bases import DecisionBase
from models.wire import Person

_UNSAID = "案卷没有记载"
_SYSTEM = "系统"
_NAMES = {
    "fell_due": "前一期限届满",
    "edition_published": "日历公布",
    "linked_opened": "另立案件",
    "figures_gathered": "数据汇总",
    "progress_counted": "进度汇总",
}
_WITHOUT = {
    "suspended": "若未中止",
    "excluded": "若不扣除",
    "extended": "若未延长",
    "corrected": "若仍按原起算日",
    "version_chosen": "若仍按原规定",
}


@dataclass(slots=True)
class _Step:
    """The ledger of a deadline after one line of the journal that changed it, or published a calendar."""

    entry: Entry
    ledger: Ledger
    ended: str
    edition: str
    before: Message | None
    """What stood, before this line, for the fact that it corrects."""


@dataclass(slots=True)
class _Retold:
    """The steps of each deadline, by its key, and what was said, by its id."""

    steps: dict[str, list[_Step]] = field(default_factory=dict)
    said: dict[str, Entry] = field(default_factory=dict)
    uncorrected: dict[str, CaseFile] = field(default_factory=dict)
    """The case as it would be without a correction, by the id of that."""


def courses(state: CaseState, editions: Editions, keys: tuple[str, ...] = ()) -> list[Course]:
    """The course of each deadline of the case, or of those with these keys, in the order they began.

    Raises what `editions` raises when the edition that a deadline was last counted by is not here.
    """
    case = restored(state)
    told = _retell(state)
    return [
        _Telling(state, case, told, editions, deadline).course()
        for key, deadline in case.deadlines.by_key.items()
        if not keys or key in keys
    ]


def _retell(state: CaseState) -> _Retold:
    told = _Retold(said={entry.message.id: entry for entry in state.entries})
    case = file_of(state.opening)
    # As when a case is restored: what the clock entered is told by the names of the counts.
    case.deadlines.counted = dict(state.counted)
    held: dict[str, tuple[Ledger, str]] = {}
    edition = state.opening.edition
    for entry in state.entries:
        message = entry.message
        before = case.standing.get(message.fact) if isinstance(message, Correct) else None
        case.retake(entry)
        if isinstance(message, EditionPublished):
            edition = message.edition
        for key, deadline in case.deadlines.by_key.items():
            now = tuple(deadline.entries), deadline.ended
            if held.get(key) != now or isinstance(message, EditionPublished):
                told.steps.setdefault(key, []).append(_Step(entry, *now, edition, before))
                held[key] = now
    return told


class _Telling:
    """One deadline, told."""

    def __init__(
        self, state: CaseState, case: CaseFile, told: _Retold, editions: Editions, deadline: Deadline
    ) -> None:
        self._state = state
        self._told = told
        self._editions = editions
        self._deadline = deadline
        self._law: Rule = editions.rules.rule(deadline.rule)
        self._ledger: Ledger = tuple(deadline.entries)
        self._counted: Counted | None = case.deadlines.counted.get(deadline.key)
        self._ended = case.deadlines.why_ended(deadline.key)
        self._calendar = editions.named(self._counted.edition) if self._counted else editions.current()
        self._remarks: list[str] = []
        self._assumed = False

    def course(self) -> Course:
        deadline, law, account = self._deadline, self._law, account_of(self._ledger)
        try:
            reckoning = reckon(law, self._ledger, self._calendar, self._version(self._ledger))
            sentences = tuple(explain(law, self._ledger, reckoning, self._calendar))
            now = due_of(self._ledger, reckoning)
        except InputError as error:
            reckoning, sentences, now = None, (str(error),), UNKNOWN
        starts = [entry.by for entry in self._ledger if entry.kind in ("started", "corrected")]
        meets = [entry for entry in self._ledger if entry.kind == "met" and entry.on == account.met_on]
        return Course(
            key=deadline.key,
            rule=law.key,
            name=law.name,
            bound=deadline.party or OWNERS[law.owner],
            version=reckoning.version if reckoning else None,
            edition=self._calendar.name,
            due=now,
            started_on=account.on,
            started_by=self._teller(starts[-1] if starts else ""),
            sentences=sentences,
            moves=tuple(self._moves(now)),
            met_on=account.met_on,
            met_by=self._teller(meets[0].by) if meets else None,
            days_late=reckoning.days_late if reckoning else None,
            late=reckoning.late if reckoning else None,
            ended=self._ended,
            remarks=self._all_remarks(),
        )

    def _all_remarks(self) -> tuple[str, ...]:
        assumed = (
            f"变动当时按哪一版日历计算，{_UNSAID}，变动前后的日期都按日历版本{self._calendar.name}计算。"
        )
        return tuple(dict.fromkeys([*self._remarks, *([assumed] if self._assumed else [])]))

    # who

    def _teller(self, id: str) -> Teller:
        """Who told the case of what a ledger rests on, by its id."""
        opening = self._state.opening
        entry = self._told.said.get(id) or self._told.said.get(id.partition("#")[0])
        if entry is None:
            if id == "opening":
                return Teller("立案", _person(opening.handler), opening.opened_on)
            return Teller(id or _UNSAID, _UNSAID, None)
        return Teller(_label(entry.message), _by(entry.message), day_in_china(entry.at))

    # counting

    def _version(self, ledger: Ledger) -> date | None:
        chosen = [each for each in self._ledger if each.kind == "version_chosen" and each not in ledger]
        return chosen[0].instead_of if chosen else held_version(self._law, self._counted, ledger)

    def _due(self, ledger: Ledger, calendar: Calendar | None) -> Due:
        if calendar is None:
            return UNKNOWN
        try:
            return due(self._law, ledger, calendar, self._version(ledger))
        except InputError:
            return UNKNOWN

    def _edition(self, name: str) -> Calendar | None:
        """An edition by name, the last one counted by where none was recorded; None when it is not here."""
        if not name:
            return self._calendar
        try:
            return self._editions.named(name)
        except (InputError, Refusal):
            self._remarks.append(f"日历版本{name}不在本机，按它计算的日期无从计算。")
            return None

    # moves

    def _moves(self, now: Due) -> Iterator[Move]:
        steps = self._told.steps.get(self._deadline.key, [])
        if not steps:
            return
        former = steps[0]
        met = account_of(former.ledger).met_on
        before = self._due(former.ledger, self._edition(former.edition))
        for step in steps[1:]:
            after = self._due(step.ledger, self._edition(step.edition))
            met_now = account_of(step.ledger).met_on
            what = self._what(step, former)
            if what and (not isinstance(step.entry.message, EditionPublished) or after != before):
                by, entered_on = _by(step.entry.message), day_in_china(step.entry.at)
                otherwise = self._otherwise(step, former)
                yield Move(what, by, entered_on, before, after, otherwise, met, met_now)
                self._assumed = self._assumed or not (step.edition and former.edition)
            former, before, met = step, after, met_now
        if before != now:
            # Counts are made again, under the edition then in force, before anything falls due; the journal does not say when.
            what = f"按日历版本{self._calendar.name}重新计算"
            words = f"若仍按日历版本{former.edition or '（未载明）'}"
            yield Move(what, _SYSTEM, None, before, now, Otherwise(words, before, ""))

    def _what(self, step: _Step, former: _Step) -> str:
        """What a step did to the period, in words; empty for one that moved nothing: it met it, or found it run out."""
        message = step.entry.message
        if isinstance(message, EditionPublished):
            return f"日历版本{message.edition}公布，重新计算"
        if isinstance(message, Correct):
            corrected = self._told.said.get(message.fact)
            return _correction(message, step.before or (corrected.message if corrected else None))
        if isinstance(message, SortOut):
            return f"整理“{message.fact}”"
        if moved := [
            words for entry in step.ledger if entry not in former.ledger and (words := _moved(entry))
        ]:
            why = getattr(message, "reason", "") or getattr(message, "note", "")
            whence = "" if isinstance(message, DecisionBase) else f"（{_label(message)}）"
            return "；".join(moved) + whence + (f"，{why}" if why else "")
        if step.ended != former.ended:
            return f"终止：{step.ended}" if step.ended else "不再终止"
        return self._other_start(step, former)

    def _other_start(self, step: _Step, former: _Step) -> str:
        new, old = account_of(step.ledger).on, account_of(former.ledger).on
        if new == old or new is None:
            return ""
        starts = [entry.by for entry in former.ledger if entry.kind in ("started", "corrected")]
        was = self._told.said.get(starts[-1]) if starts else None
        if was is not None and isinstance(was.message, LetterServed) and was.message.presumed:
            return f"推定的送达（{old}）由实际的送达（{new}）取代"
        return f"起算日由{old}改为{new}（{_label(step.entry.message)}）"

    # what it would have been

    def _otherwise(self, step: _Step, former: _Step) -> Otherwise | None:
        message = step.entry.message
        if isinstance(message, Correct):
            return Otherwise("若不更正", self._without_correction(message), "")
        if isinstance(message, EditionPublished):
            words = f"若仍按日历版本{former.edition or '（未载明）'}"
            return Otherwise(words, self._due(self._ledger, self._edition(former.edition)), "")
        try:
            found = otherwises(self._law, self._ledger, self._calendar, self._version(self._ledger))
            return next(
                (
                    Otherwise(_WITHOUT[each.entry.kind], each.due, each.basis)
                    for each in found
                    if getattr(each.entry, "by", "") == message.id
                ),
                None,
            )
        except InputError:
            return None

    def _without_correction(self, change: Correct) -> Due:
        """What the whole case would have made of this deadline, had the correction not been entered."""
        held = self._told.uncorrected
        if change.id not in held:
            entries = tuple(entry for entry in self._state.entries if entry.message.id != change.id)
            held[change.id] = restored(self._state.model_copy(update={"entries": entries}))
        deadline = held[change.id].deadlines.by_key.get(self._deadline.key)
        return self._due(tuple(deadline.entries), self._calendar) if deadline else NOT_STARTED


def _moved(entry: LedgerEntry) -> str:
    if entry.kind == "suspended":
        return f"自{entry.on}中止"
    if entry.kind == "resumed":
        return f"自{entry.on}恢复"
    if entry.kind == "excluded":
        return f"{entry.first}之后至{entry.last}不计入（{entry.why}）"
    if entry.kind == "extended":
        return f"延长{entry.amount}{UNITS[entry.unit]}"
    if entry.kind == "version_chosen":
        return f"改按自{entry.version}起施行的规定"
    return ""


def _correction(change: Correct, before: Message | None) -> str:
    """`更正送达“served”：2021-09-15改为2021-09-22，回证日期看错`."""
    was = getattr(before, "on", None)
    reason = f"，{change.reason}" if change.reason else ""
    if change.replacement is None:
        return f"撤销{_label(before)}“{change.fact}”（{was or _UNSAID}）{reason}"
    now = change.replacement.on
    days = f"{was or _UNSAID}改为{now}" if was != now else "日期不变"
    return f"更正{_label(change.replacement)}“{change.fact}”：{days}{reason}"


def _label(message: object) -> str:
    return str(getattr(type(message), "LABEL", "") or _NAMES.get(getattr(message, "kind", ""), "记录"))


def _by(message: object) -> str:
    by = getattr(message, "by", None)
    return _person(by) if isinstance(by, Person) else _SYSTEM


def _person(by: Person) -> str:
    return f"{by.name}（{by.role.label}）"
