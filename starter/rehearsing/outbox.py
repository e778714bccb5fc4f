"""The letters that are out, and whose reply answers which of them.

Pure. Who answers may be told in many ways: by another name, by the body that took its duty over, by several at once, or by the
procuratorate that notes a reply's arrival. Where two letters fit alike and nothing tells them apart, none is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.body_names import kind_of
from models.document_types import DocumentType
from models.terms import BodyKind, Role, Side, Stance, Substance
from models.wire import Person
from starter.rehearsing.naming import Likeness, is_same_body, likeness
from starter.rehearsing.published import PublishedEvent
from starter.rehearsing.recipients import recipients_of

DRAFTER = Person(name="演练检察官甲", role=Role.PROCURATOR)
CHIEF = Person(name="演练检察官乙", role=Role.CHIEF_PROCURATOR)
CLERK = Person(name="演练书记员丙", role=Role.CLERK)

# 两局, 四部门, 各镇政府: all who have a letter.
_ALL = re.compile(
    r"(?:[两二三四五六七八九十]|各)(?:家|个)?(?:单位|部门|机关|局|委局|法院|(?:乡镇|[乡镇]|街道)(?:人民)?(?:政府)?)"
)
_ANSWERED_BY = re.compile(
    r"(?:收到|接到|经催办|[，；。]|^)\s*(\w+?)(?:的|以)?(?:书面|联合|按期|逾期|函)*(?:回复|复函|函复|答复)"
)
# Things of one kind told apart: 甲地块, 3号图斑. A reply that names one answers the letter that names it.
_THINGS = re.compile(
    r"(?:[甲乙丙丁戊己庚辛A-Z]|第?[一二三四五六七八九十\d]+号?)(?:地块|宗地|点位|项目|图斑|村|组|矿|厂|案)"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply as it was entered: the id of its fact, what its source says of it, and its stance."""

    id: str
    note: str
    stance: Stance | None


@dataclass(slots=True)
class Sent:
    """One letter to one recipient, and what has become of it. `recipient` is its name when the letter went out."""

    id: str
    type: DocumentType
    recipient: str
    event: int
    note: str = ""
    guessed: bool = False
    served: bool = False
    withdrawn: bool = False
    objected: bool = False
    sued: bool = False
    successors: list[str] = field(default_factory=list)
    replies: list[Answer] = field(default_factory=list)
    assessed: int = 0
    substance: Substance | None = None

    @property
    def is_pre_suit(self) -> bool:
        return self.type is DocumentType.PRE_SUIT_SUGGESTION

    @property
    def unassessed(self) -> list[Answer]:
        """The replies that nobody has assessed."""
        return self.replies[self.assessed :]

    @property
    def is_wanting(self) -> bool:
        """Whether its last reply was assessed, and did not put things right."""
        return not self.unassessed and self.substance not in (None, Substance.PUT_RIGHT)

    def likeness(self, name: str, renamed: Sequence[Sequence[str]]) -> Likeness:
        """How surely a name means its recipient, or the body that took the duty over."""
        own = likeness(self.recipient, name, renamed)
        taken_over = any(likeness(each, name, renamed) > Likeness.VAGUE for each in self.successors)
        return max(own, Likeness.RENAMED) if taken_over else own


class Outbox:
    """Letters in the order in which they went out; `renamed` are the names that each body of the case has had."""

    def __init__(self, renamed: Sequence[Sequence[str]]) -> None:
        self.renamed = renamed
        self.sent: list[Sent] = []

    @property
    def live(self) -> list[Sent]:
        """The letters that were not withdrawn."""
        return [each for each in self.sent if not each.withdrawn]

    def answered_by(self, event: PublishedEvent) -> list[Sent]:
        """The letters that a reply answers: one of each body that it names, else the only one there is."""
        names = senders(event)
        found = [letter for name in names if (letter := self.to(name, event.note)) is not None]
        if not found and (not names or all(_ALL.fullmatch(name) for name in names)):
            waiting = [each for each in self.live if not each.replies]
            told_of_all = bool(names) or bool(
                re.search(r"(?:分别|均|各自)[^，；。]{0,4}(?:回|答)?复", event.note)
            )
            found = waiting if told_of_all else self.live if len(self.live) == 1 else []
        return list({each.id: each for each in found}.values())

    def to(self, name: str, note: str = "") -> Sent | None:
        """The letter to a body that a message of it is about; None where none is, or where several are alike.

        Of several letters to one body it is the one whose matter is named, else the earliest unanswered one; but once a later
        one is answered, what follows belongs to that or to those after it.
        """
        letters = self.live or self.sent
        if not name:
            return letters[0] if len(letters) == 1 else None
        ranks = {each.id: each.likeness(name, self.renamed) for each in letters}
        best = max(ranks.values(), default=Likeness.NONE)
        if best is Likeness.NONE:
            return None
        alike = [each for each in letters if ranks[each.id] == best]
        if not all(is_same_body(each.recipient, alike[0].recipient, self.renamed) for each in alike):
            waiting = [each for each in alike if not each.replies]
            return waiting[0] if len(waiting) == 1 else None
        elsewhere = [
            each
            for each in letters
            if each.event not in {one.event for one in alike}
            and is_same_body(each.recipient, alike[0].recipient, self.renamed)
        ]
        return _meant([each for each in letters if each in alike or each in elsewhere], note)


def senders(event: PublishedEvent) -> tuple[str, ...]:
    """Who answers: the actor; where the procuratorate notes the arrival, its target or whom the note names."""
    if event.actor and event.side is not Side.PROCURATORATE and not _is_procuratorate(event.actor):
        return recipients_of(event.actor)
    if event.actor and kind_of(event.actor) not in (BodyKind.PROCURATORATE, BodyKind.OTHER):
        return recipients_of(event.actor)
    named = tuple(name for name in recipients_of(event.target) if not _is_procuratorate(name))
    told = _ANSWERED_BY.search(event.note)
    return named or (recipients_of(told[1]) if told and _names_body(told[1]) else ())


def _names_body(text: str) -> bool:
    return kind_of(text) is not BodyKind.OTHER or text.endswith(("局", "委", "镇", "乡", "部门", "大学"))


def _is_procuratorate(name: str) -> bool:
    return kind_of(name) is BodyKind.PROCURATORATE


def _meant(letters: Sequence[Sent], note: str) -> Sent:
    things = set(_THINGS.findall(note))
    named = [each for each in letters if things.intersection(_THINGS.findall(each.note))]
    if things and len(named) == 1:
        return named[0]
    answered = [place for place, each in enumerate(letters) if each.replies]
    since = answered[-1] if answered else 0
    return next((each for each in letters[since:] if not each.replies), letters[since])
