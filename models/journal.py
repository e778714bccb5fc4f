"""The journal of a case, and the fold over it.

The journal is the truth. Letters, items, ledgers, the sorting list and the stage are a fold over it: a correction folds it
again with the corrected fact in the old one's place. A message that does not fit as things stand is kept for sorting and tried
again when what it waits for may have come, so facts may come early, late, twice, and in another order; only where more than fifty
wait in a row is the rest left to staff. Pure: no clock, no calendar, no server.

What a decision must satisfy is asked in two places. The fold asks whether it can be entered at all, from the journal alone;
the door (`check`) asks besides what depends on counts, or would make a later correction undo a decision that was taken.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge
from typing import Any, Self

from pydantic import Field

from models.calendar import EARLIEST_START
from models.chain import as_said, canonical, digest_of, linked, weight, weight_of
from models.dates import at_hour, day_in_china
from models.decisions import CloseCase, Correct, Extend, FileAway, SortOut
from models.errors import Problem
from models.ledgers import Counted, Deadlines
from models.messages import AdoptedPeriod, Entry, Message, Opening, Taken, Unreadable
from models.said.bases import LONGEST_ID, DecisionBase, FactBase
from models.terms import Role
from models.wire import Wire

Check = Callable[[Any, date], list[Problem]]
Take = Callable[[Any, date], str]


@dataclass(frozen=True, slots=True)
class Route:
    """What is done with one kind of message; `door` is asked of a new one alone, never in the fold."""

    check: Check
    take: Take
    door: Check | None = None
    notes: bool = False
    after_closing: bool = False


@dataclass(slots=True)
class Unmatched:
    """A message kept for sorting, and why it did not fit."""

    message: Message
    problems: list[Problem]
    day: date
    place: int = 0
    """How many were kept before it."""


class CaseState(Wire):
    """All that a case carries over a continue-as-new, or into its archive. `schema_number` grows when its meaning changes."""

    schema_number: int = 1
    opening: Opening
    entries: tuple[Entry, ...] = ()
    counted: dict[str, Counted] = Field(default_factory=dict)
    edition: str = ""
    adopted: tuple[AdoptedPeriod, ...] = ()
    settled: int = 0
    revision: int = 0
    owed: tuple[str, ...] = ()


SCHEMA = 1

_STEM = LONGEST_ID - 13
_CLASH = re.compile(r"(.+)~[0-9a-f]{12}")
_OURS = re.compile(r"^opening$|/(remind|due|overdue)/|/(made|failed|lost|opened|told|counted|gathered)(/|$)")

# Bytes of journal, as UTF-8, that are carried over a continue-as-new at most; packed, the least compressible text takes six
# sevenths of it, and a payload may have 2 MiB. What still comes then is entered as stubs, until those too have had their room.
FULL = 2_000_000
STUBS = 100_000

# How many misfits in a row are tried again in vain after one message: what waits for its cause came shortly before it. With
# thousands waiting, every message would else cost a hundredth of a second, and the fold of them all a minute: more than the two
# seconds in which a task must end, in every task from there on.
_IN_VAIN = 50

# Whose papers arrive, and who keep the system running: they decide nothing in a case; a court extends its own period.
_OUTSIDE = (
    Role.AGENCY,
    Role.AGENCY_LIAISON,
    Role.ENFORCEMENT_OFFICER,
    Role.COURT,
    Role.OPERATOR,
    Role.SYSTEM,
)


class Journal(ABC):
    """The entries and their fold; what is done with each kind of message is said by `models.casefile` and the kinds of case."""

    def __init__(self, opening: Opening) -> None:
        self.opening = opening
        self.entries: list[Entry] = []
        self.taken: dict[str, Taken] = {}
        self.standing: dict[str, Message] = {}
        self.deadlines = Deadlines(opening.local_periods)
        self.edition = opening.edition
        # As the last count brought them; not folded, like the edition.
        self.adopted: tuple[AdoptedPeriod, ...] = ()
        self._said: dict[str, str] = {}
        self._sorted: frozenset[str] = frozenset()
        self._corrections: Counter[str] = Counter()
        self.size = 0
        self._begin_fold()

    # what a case supplies

    @abstractmethod
    def build(self) -> dict[str, Route]:
        """Make the parts of the case anew, empty, and say by kind what is done with each message."""

    @property
    @abstractmethod
    def is_closed(self) -> bool:
        """Whether the case was closed: then only what may follow a closing is taken."""

    def needs(self, message: Message) -> frozenset[str] | None:
        """What must change before a message that does not fit can fit: nothing ever, some aspects of the case, or (None)
        anything. It keeps the fold of many misfits from growing with their square.
        """
        return frozenset() if isinstance(message, Unreadable) else None

    def brings(self, message: Message) -> frozenset[str]:
        """The aspects of the case that a message changes when it is entered."""
        return frozenset()

    @property
    def known_kinds(self) -> tuple[str, ...]:
        """The kinds of message that such a case takes."""
        return tuple(self._routes)

    # taking messages

    def check(self, message: Message, today: date) -> list[Problem]:
        """What is wrong with a message as things stand; empty when it fits. Changes nothing."""
        message = self._named_apart(message)
        if message.id in self.taken:
            return []
        if clash := self._clash(message):
            return clash
        if (
            isinstance(message, DecisionBase)
            and message.by.role in _OUTSIDE
            and not isinstance(message, Extend)
        ):
            return [Problem(f"{message.by.role.label}不能代检察院作出决定", "由检察院人员作出", "by.role")]
        if isinstance(message, Correct):
            return self._check_correction(message, today)
        if isinstance(message, SortOut):
            return self._check_sorting(message)
        problems = self._problems(message, today)
        if not self.has_room_for(message) and not isinstance(message, CloseCase | FileAway):
            problems.append(
                Problem(
                    f"案卷记录已有 {len(self.entries)} 条，收不下了", "结案后另立新案，links 里写 reopens"
                )
            )
        route = self._routes.get(message.kind)
        return route.door(message, today) if route and route.door and not problems else problems

    def take(self, message: Message, at: datetime) -> Taken:
        """Enter a message once, by its id, and say what became of it."""
        message = self._named_apart(message)
        if message.id in self.taken:
            return self.taken[message.id].model_copy(update={"how": "seen"})
        seq = len(self.entries) + 1
        previous = self.entries[-1].chain if self.entries else ""
        written = as_said(message)
        said = digest_of(message, written)
        entry = Entry.model_construct(seq=seq, at=at, message=message, chain=linked(previous, seq, at, said))
        self._place(entry)
        self._said[message.id] = said
        self.size += weight_of(written)
        return self.taken[message.id]

    def retake(self, entry: Entry) -> None:
        """Enter a line of a journal as it stands there: a case is told its own life again, line by line."""
        written = as_said(entry.message)
        self._place(entry)
        self._said[entry.message.id] = digest_of(entry.message, written)
        self.size += weight_of(written)

    def _place(self, entry: Entry) -> None:
        message = entry.message
        self.entries.append(entry)
        try:
            if isinstance(message, (Correct, SortOut)) or message.id in self._awaited:
                self._refold()
            elif self._enter(message, day_in_china(entry.at)):
                self._retry(self.brings(message))
        except Exception:
            # A bug must not leave half an entry behind: the case is as it was, and the caller is told.
            self.entries.pop()
            self._refold()
            raise

    def _named_apart(self, message: Message) -> Message:
        """Another message under a known id is another message, and nobody but the clock and the activities uses their ids."""
        if isinstance(message, FactBase | DecisionBase) and _OURS.search(message.id):
            message = message.model_copy(update={"id": f"~{message.id}"[:LONGEST_ID]})
        known = self._said.get(message.id)
        if known is None or not isinstance(message, FactBase | DecisionBase) or known == canonical(message):
            return message
        # A longer id could not be read again by the run that follows.
        return message.model_copy(update={"id": f"{message.id[:_STEM]}~{canonical(message)[:12]}"})

    def _is_said(self, stem: str) -> bool:
        """Whether a message has this id, or one that was cut to it."""
        return stem in self._said or (len(stem) == _STEM and any(id.startswith(stem) for id in self._said))

    @property
    def is_full(self) -> bool:
        """Whether the journal holds as much as can be carried over a continue-as-new: thousands of messages."""
        return self.size >= FULL

    @property
    def is_overfull(self) -> bool:
        """Whether not even stubs of further messages can be carried."""
        return self.size >= FULL + STUBS

    def has_room_for(self, message: Message) -> bool:
        """Whether the journal can hold this message whole."""
        return self.size + weight(message) <= FULL

    @property
    def revision(self) -> int:
        """How many messages the journal holds."""
        return len(self.entries)

    # counting

    def record_counts(self, orders: Sequence[Any], results: Sequence[Counted]) -> None:
        """Keep the results of the counting activity."""
        self.deadlines.record(list(orders), list(results))

    # carrying over

    def state(self, *, settled: int = 0, revision: int = 0, owed: tuple[str, ...] = ()) -> CaseState:
        """Everything that must survive."""
        return CaseState(
            schema_number=SCHEMA,
            opening=self.opening,
            entries=tuple(self.entries),
            counted=dict(self.deadlines.counted),
            edition=self.edition,
            adopted=self.adopted,
            settled=settled,
            revision=revision,
            owed=owed,
        )

    @classmethod
    def restored(cls, state: CaseState) -> Self:
        """The case as it was; a state from a newer program is refused rather than read with losses."""
        if state.schema_number > SCHEMA:
            raise ValueError(f"state schema {state.schema_number} is newer than {SCHEMA}")
        case = cls(state.opening)
        case.edition, case.adopted = state.edition, state.adopted
        # Before the fold: what the clock entered is told by the names of the counts.
        case.deadlines.counted = dict(state.counted)
        case.entries = list(state.entries)
        for entry in state.entries:
            written = as_said(entry.message)
            case._said[entry.message.id] = digest_of(entry.message, written)
            case.size += weight_of(written)
        case._refold()
        case.deadlines.restore(state.counted)
        return case

    # the fold

    def _begin_fold(self) -> None:
        self.deadlines.forget_ledgers()
        self.unmatched: dict[str, Unmatched] = {}
        self._kept = 0
        # The facts that a correction or a sorting came before, and the misfits by what they wait for ("": anything).
        self._awaited: dict[str, str] = {}
        self._waiting: dict[str, dict[str, None]] = {}
        self._routes = self.build()

    def _refold(self) -> None:
        """Fold the whole journal again, with corrected facts in the place of the old ones.

        The edition is not folded: it is what the last count was made under.
        """
        edition = self.edition
        versions = self._versions()
        self.taken, self.standing = {}, {}
        sortings = [each.message for each in self.entries if isinstance(each.message, SortOut)]
        self._sorted = frozenset(sorting.fact for sorting in sortings)
        self._begin_fold()
        for entry in self.entries:
            message, day = versions.get(entry.message.id, (entry.message, day_in_china(entry.at)))
            if isinstance(message, str):
                self._answer(entry.message, "noted", message)
            elif isinstance(message, (Correct, SortOut)):
                self._enter_change(message, day)
            elif self._enter(message, day):
                self._retry(self.brings(message))
        self.edition = edition

    def _versions(self) -> dict[str, tuple[Message | str, date]]:
        """What now stands for each message that was corrected or sorted out: another, or why none does.

        A corrected fact is judged by the day of its correction: a presumed service is corrected to a later one.
        """
        known = {entry.message.id: entry for entry in self.entries}
        sortings = (entry.message for entry in self.entries if isinstance(entry.message, SortOut))
        aside = frozenset(sorting.fact for sorting in sortings if not sorting.letter)
        versions: dict[str, tuple[Message | str, date]] = {}
        self._corrections = Counter()
        for entry in self.entries:
            change = entry.message
            if not isinstance(change, (Correct, SortOut)) or change.fact not in known:
                continue
            target = known[change.fact]
            day = max(day_in_china(entry.at), day_in_china(target.at))
            if isinstance(change, SortOut):
                current, since = versions.get(change.fact, (target.message, day_in_china(target.at)))
                if not change.letter:
                    versions[change.fact] = "存查", since
                elif not isinstance(current, str) and hasattr(current, "letter"):
                    versions[change.fact] = current.model_copy(update={"letter": change.letter}), since
            elif change.id not in aside and self._can_replace(change, target.message):
                new = change.replacement
                self._corrections.update((change.fact, _of_kind(target.message.kind)))
                versions[change.fact] = (new.model_copy(update={"id": change.fact}) if new else "已撤销"), day
        return versions

    def corrections(self, *, fact: str = "", kind: str = "") -> int:
        """How often a fact, or a fact of that kind, has been corrected or struck out."""
        return self._corrections[fact or _of_kind(kind)]

    def _can_replace(self, change: Correct, target: Message) -> bool:
        return isinstance(target, FactBase) and (
            change.replacement is None or change.replacement.kind == target.kind
        )

    def _enter_change(self, change: Correct | SortOut, day: date) -> None:
        """A correction that names no fact waits for it, as every message waits for its cause."""
        target = next((entry.message for entry in self.entries if entry.message.id == change.fact), None)
        if target is None or (isinstance(change, Correct) and not self._can_replace(change, target)):
            problems = [
                Problem(
                    f"没有可{'更正' if isinstance(change, Correct) else '整理'}的“{change.fact}”",
                    "请核对编号",
                    "fact",
                )
            ]
            self._awaited[change.fact] = change.id
            self._keep(change, problems, day)
        elif isinstance(change, Correct):
            what = "更正" if change.replacement else "撤销"
            self._answer(change, "applied", f"{what}事实 {change.fact}：{change.reason}")
        else:
            self._answer(change, "applied", f"整理 {change.fact}：{change.letter or '存查'}")

    def _problems(self, message: Message, day: date) -> list[Problem]:
        return self._clash(message) or self._unfit(message, day)

    def _clash(self, message: Message) -> list[Problem]:
        """That its id was used for something else already. A decision takes another id; a fact is there, and is sorted out."""
        named = _CLASH.match(message.id)
        if named is None or not self._is_said(named[1]) or message.id in self._sorted:
            return []
        remedy = (
            "换一个编号再作决定"
            if isinstance(message, DecisionBase)
            else "核对后整理（sort_out）：归入文书，或存查"
        )
        return [Problem(f"编号“{named[1]}”已用于内容不同的另一记录", remedy, "id")]

    def _unfit(self, message: Message, day: date) -> list[Problem]:
        if isinstance(message, Unreadable):
            return [Problem(f"消息“{message.name}”无法读取：{message.why}", "请整理")]
        route = self._routes.get(message.kind)
        if route is None:
            return [Problem(f"此类案件没有“{message.kind}”", "请核对种类", "kind")]
        if self.is_closed and not route.after_closing:
            return [Problem("本案已结案", "结案后有新情况，另立新案并关联本案（reopens）", "kind")]
        if isinstance(message, DecisionBase) and message.on is not None:
            if message.on > day:
                return [Problem(f"日期 {message.on} 在将来", "请核对日期", "on")]
            if message.on < EARLIEST_START:
                return [Problem(f"日期 {message.on} 过早，无法计算期限", "请核对日期", "on")]
        return route.check(message, day)

    def _enter(self, message: Message, day: date) -> bool:
        """Enter a message, or keep it for sorting; whether it changed anything that another may have waited for."""
        problems = self._problems(message, day)
        if problems:
            self._keep(message, problems, day)
            return False
        self._apply(message, day)
        return not self._routes[message.kind].notes

    def _apply(self, message: Message, day: date) -> None:
        self.standing[message.id] = message
        route = self._routes[message.kind]
        self._answer(message, "noted" if route.notes else "applied", route.take(message, day))

    def _retry(self, brought: frozenset[str]) -> None:
        """A fact that came before its cause is entered as soon as the cause is there."""
        while True:
            entered: frozenset[str] | None = None
            for waiting in self._may_fit_now(brought):
                if not self._problems(waiting.message, waiting.day):
                    self._forget(waiting.message)
                    self._apply(waiting.message, waiting.day)
                    entered = (entered or frozenset()) | self.brings(waiting.message)
            if entered is None:
                return
            brought = entered

    def _may_fit_now(self, brought: frozenset[str]) -> list[Unmatched]:
        """The misfits that wait for what was brought, or for anything, in the order in which they came: back to the place
        before which, so many in a row, none would fit.
        """
        waiting = [self._waiting[aspect] for aspect in ("", *sorted(brought)) if self._waiting.get(aspect)]
        if not waiting:
            return []
        latest = merge(*map(reversed, waiting), key=lambda id: -self.unmatched[id].place)
        found: dict[str, Unmatched] = {}
        in_vain = 0
        for id in latest:
            if id not in found:
                found[id] = misfit = self.unmatched[id]
                in_vain = in_vain + 1 if self._problems(misfit.message, misfit.day) else 0
            if in_vain == _IN_VAIN:
                break
        return [found[id] for id in reversed(found)]

    def _aspects(self, message: Message) -> Sequence[str]:
        needs = self.needs(message)
        return ("",) if needs is None else sorted(needs)

    def _forget(self, message: Message) -> None:
        del self.unmatched[message.id]
        for aspect in self._aspects(message):
            del self._waiting[aspect][message.id]

    def _keep(self, message: Message, problems: list[Problem], day: date) -> None:
        """Kept for sorting; the journal says why, and what was in it."""
        self.unmatched[message.id] = Unmatched(message, problems, day, self._kept)
        self._kept += 1
        if not isinstance(message, (Correct, SortOut)):
            for aspect in self._aspects(message):
                self._waiting.setdefault(aspect, {})[message.id] = None
        why = "；".join(each.what for each in problems)
        summary = getattr(message, "summary", "") or getattr(message, "note", "")
        self._answer(message, "unmatched", f"{why}{'　摘要：' if summary else ''}{summary}", problems)

    def _answer(self, message: Message, how: str, what: str, problems: Sequence[Problem] = ()) -> None:
        self.taken[message.id] = Taken.model_construct(
            id=message.id, how=how, what=what, stage="", problems=tuple(str(each) for each in problems)
        )

    # corrections and sorting

    def _check_correction(self, message: Correct, today: date) -> list[Problem]:
        problems = []
        target = next((each.message for each in self.entries if each.message.id == message.fact), None)
        if target is None or not isinstance(target, FactBase):
            facts = "、".join(e.message.id for e in self.entries if isinstance(e.message, FactBase))
            return [Problem(f"没有事实“{message.fact}”", f"可更正的事实：{facts or '无'}", "fact")]
        if not message.reason:
            problems.append(Problem("更正须写明理由", "填写 reason", "reason"))
        if message.replacement is not None:
            if message.replacement.kind != target.kind:
                problems.append(
                    Problem(
                        f"“{message.fact}”是 {target.kind}，不能更正为 {message.replacement.kind}",
                        "先撤销，再另行记录",
                        "replacement",
                    )
                )
            elif not problems:
                problems += self._trial(message, today)
        return problems

    def _trial(self, message: Correct, today: date) -> list[Problem]:
        """Fold a copy with the correction, and see whether the corrected fact fits."""
        trial = type(self).restored(self.state())
        trial.take(message, at_hour(today, 12))
        stuck = trial.unmatched.get(message.fact)
        if stuck and message.fact not in self.unmatched:
            return list(stuck.problems)
        undone = [
            waiting.message
            for waiting in trial.unmatched.values()
            if waiting.message.id not in self.unmatched
        ]
        return [
            Problem(
                f"更正后，已作出的决定“{decision.id}”（{decision.kind}）将失去依据",
                "先处理该决定，再更正",
                "fact",
            )
            for decision in undone
            if isinstance(decision, DecisionBase) and decision.id != message.id
        ]

    def _check_sorting(self, message: SortOut) -> list[Problem]:
        if message.fact not in self.unmatched:
            waiting = "、".join(self.unmatched) or "无"
            return [Problem(f"“{message.fact}”不在待整理之列", f"待整理：{waiting}", "fact")]
        fact = self.unmatched[message.fact].message
        if not message.letter:
            return [] if message.reason else [Problem("存查须写明理由", "填写 reason", "reason")]
        if not hasattr(fact, "letter"):
            return [Problem(f"“{message.fact}”与文书无关", "只能存查（不填 letter）", "letter")]
        day = self.unmatched[message.fact].day
        return self._unfit(fact.model_copy(update={"letter": message.letter}), day)


def _of_kind(kind: str) -> str:
    return f"kind/{kind}"
