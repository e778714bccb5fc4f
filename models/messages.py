"""What is said to a case: facts (past tense), decisions (imperative), corrections; and what the clock itself enters.

Wire types: frozen, one argument for each message, unknown fields ignored (an old worker meets a newer payload in the middle of
a deployment). The script forbids unknown fields at its own edge. Days are days in China.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from models.bags import PaperRef
from models.dates import EventDate
from models.terms import (
    CaseKind,
    ClueSource,
    DocumentType,
    EscalationRung,
    ItemKind,
    Matter,
    Milestone,
    Outcome,
    Role,
    ServiceMode,
    Stance,
    Substance,
)


class Wire(BaseModel):
    """Whatever travels: frozen, and tolerant of fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Person(Wire):
    """Who did or recorded something, and in what role."""

    name: str = Field(min_length=1, max_length=60)
    role: Role
    body: str = Field(default="", max_length=100)


def _plausible(paper: PaperRef) -> PaperRef:
    if not re.fullmatch(r"[0-9a-f]{64}", paper.digest):
        raise ValueError("指纹应为 64 位十六进制小写字符（SHA-256）")
    if not 0 < paper.size < 2**53:
        raise ValueError("文件大小不合理")
    if not paper.name or len(paper.name) > 255:
        raise ValueError("文件名为空或过长")
    return paper


KnownPaper = Annotated[PaperRef, AfterValidator(_plausible)]


class Recipient(Wire):
    """The body a letter is addressed to: its name as written, and its code where the jurisdiction knows it."""

    name: str = Field(min_length=1, max_length=100)
    code: str = ""
    is_court: bool = False
    is_bound: bool = Field(default=False, description="是否受协作意见约束（自然资源主管部门）")


class Period(Wire):
    """A period as written in a document."""

    amount: int = Field(gt=0, le=366)
    unit: Literal["working_days", "days", "months"] = "days"


Phrase = Annotated[str, Field(max_length=2000)]
_LONGEST_LETTER = 40_000
"""Characters of one letter in all: some twenty times a long 检察建议书, and a tenth of what one payload may hold."""


class LetterText(Wire):
    """What a letter says ([建议]16, [公规]75): source, facts and evidence, illegality, advice with its legal basis."""

    subject: str = Field(default="", max_length=200)
    source: str = Field(default="", max_length=10_000)
    facts: str = Field(default="", max_length=20_000)
    evidence: tuple[Phrase, ...] = Field(default=(), max_length=100)
    harm: str = Field(default="", max_length=10_000)
    illegality: str = Field(default="", max_length=10_000)
    legal_basis: tuple[Phrase, ...] = Field(default=(), max_length=50)
    advice: tuple[Phrase, ...] = Field(default=(), max_length=50)
    contact_person: str = Field(default="", max_length=60)
    contact_phone: str = Field(default="", max_length=60)

    @model_validator(mode="after")
    def _fits_a_letter(self) -> Self:
        parts = (getattr(self, name) for name in type(self).model_fields)
        length = sum(len(part) if isinstance(part, str) else sum(map(len, part)) for part in parts)
        if length > _LONGEST_LETTER:
            raise ValueError(f"文书全文 {length} 字，过长（不超过 {_LONGEST_LETTER} 字）；详情作为附件")
        return self

    def over(self, former: LetterText) -> LetterText:
        """This text over a former one: what it leaves empty stays as it was."""
        said = {name: getattr(self, name) for name in type(self).model_fields if getattr(self, name)}
        return former.model_copy(update=said)


class Promise(Wire):
    """What a reply undertakes to do by a day: it becomes a reminder."""

    what: str = Field(min_length=1, max_length=500)
    by: date


class PlanStage(Wire):
    """One stage of a rectification plan."""

    what: str = Field(min_length=1, max_length=500)
    by: date


class Plan(Wire):
    """A rectification plan (整改方案): why not in time, stages, final day. It does not lengthen the reply period (art. 3)."""

    objective_reason: str = Field(min_length=1, max_length=2000)
    final_on: date
    stages: tuple[PlanStage, ...] = Field(default=(), max_length=50)
    next_check_on: date | None = None


class Item(Wire):
    """One thing to be put right, with the milestones that lead to its end, in their order (its kind's, unless given)."""

    id: str = Field(min_length=1, max_length=40)
    what: str = Field(min_length=1, max_length=500)
    kind: ItemKind = ItemKind.OTHER
    milestones: tuple[Milestone, ...] = ()
    area_m2: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    letter: str = Field(default="", max_length=200)


# ── facts: whatever happened outside ─────────────────────────────────────────────────────────────────────────────────


class FactBase(Wire):
    """A fact has an id, a day of its own precision, who recorded it, and perhaps a paper."""

    id: str = Field(min_length=1, max_length=200)
    on: EventDate
    by: Person
    note: str = Field(default="", max_length=1000)
    paper: KnownPaper | None = None


class LetterServed(FactBase):
    """送达: the letter was received, in one of the ways of [公规]76, [民诉]87-92. Starts the reply period ([建议]19)."""

    kind: Literal["letter_served"] = "letter_served"
    letter: str = Field(default="", max_length=200)
    mode: ServiceMode = ServiceMode.DIRECT
    presumed: bool = Field(default=False, description="来源缺送达日，以制发日代")


class ServiceRefused(FactBase):
    """拒收: service was refused; 留置送达 follows."""

    kind: Literal["service_refused"] = "service_refused"
    letter: str = Field(default="", max_length=200)


class ObjectionRaised(FactBase):
    """异议 ([建议]16, 23): the recipient objects to the letter."""

    kind: Literal["objection_raised"] = "objection_raised"
    letter: str = Field(default="", max_length=200)
    grounds: str = Field(default="", max_length=2000)


class ReplyReceived(FactBase):
    """回复: `on` is the day it was *sent* ([民诉]85: posted in time is in time); `received_on` the day it arrived."""

    kind: Literal["reply_received"] = "reply_received"
    letter: str = Field(default="", max_length=200)
    received_on: date | None = None
    official_no: str = Field(default="", max_length=100)
    stance: Stance | None = None
    summary: str = Field(default="", max_length=2000)
    promises: tuple[Promise, ...] = Field(default=(), max_length=50)
    plan: Plan | None = None


class PlanSubmitted(FactBase):
    """整改方案 handed in apart from a reply (art. 3, second half)."""

    kind: Literal["plan_submitted"] = "plan_submitted"
    letter: str = Field(default="", max_length=200)
    plan: Plan


class PlanChecked(FactBase):
    """方案节点核查: a day of an accepted plan was looked into; `node` is that day, the first open one unless given."""

    kind: Literal["plan_checked"] = "plan_checked"
    letter: str = Field(default="", max_length=200)
    node: date | None = None
    on_track: bool = True
    next_check_on: date | None = None


class ItemProgressed(FactBase):
    """A milestone of an item was passed, or not passed (验收不合格) and is to be done again."""

    kind: Literal["item_progressed"] = "item_progressed"
    item: str = Field(max_length=40)
    milestone: Milestone
    passed: bool = True


class PromiseKept(FactBase):
    """A promise made in a reply was kept."""

    kind: Literal["promise_kept"] = "promise_kept"
    promise: str = Field(max_length=300)


class AgencyChanged(FactBase):
    """机构改革、职权划转: the duty passed to another body; open letters follow it."""

    kind: Literal["agency_changed"] = "agency_changed"
    letter: str = Field(default="", max_length=200)
    to: Recipient


class InquiryConcluded(FactBase):
    """调查核实终结 ([建议]15)."""

    kind: Literal["inquiry_concluded"] = "inquiry_concluded"


class FiledUpward(FactBase):
    """备案 ([建议]21, [公规]75): the letter was filed with the superior procuratorate."""

    kind: Literal["filed_upward"] = "filed_upward"
    letter: str = Field(default="", max_length=200)


class LookedBack(FactBase):
    """回头看: whether what was put right has held."""

    kind: Literal["looked_back"] = "looked_back"
    held: bool = True


class Happened(FactBase):
    """Anything else worth keeping in the timeline, in the words of its source."""

    kind: Literal["happened"] = "happened"
    event: str = Field(min_length=1, max_length=100)
    actor: str = Field(default="", max_length=200)


Fact = Annotated[
    LetterServed
    | ServiceRefused
    | ObjectionRaised
    | ReplyReceived
    | PlanSubmitted
    | PlanChecked
    | ItemProgressed
    | PromiseKept
    | AgencyChanged
    | InquiryConcluded
    | FiledUpward
    | LookedBack
    | Happened,
    Field(discriminator="kind"),
]


# ── decisions: what staff want done ──────────────────────────────────────────────────────────────────────────────────


class DecisionBase(Wire):
    """A decision has an id, who made it in what role, and a day (the day it is entered, unless stated)."""

    id: str = Field(min_length=1, max_length=200)
    by: Person
    on: date | None = None
    reason: str = Field(default="", max_length=1000)


class AcceptClue(DecisionBase):
    """受理."""

    kind: Literal["accept_clue"] = "accept_clue"


class Investigate(DecisionBase):
    """决定调查核实 ([建议]15: within two months as a rule)."""

    kind: Literal["investigate"] = "investigate"


class AddItem(DecisionBase):
    """Enter one more thing to be put right."""

    kind: Literal["add_item"] = "add_item"
    item: Item


class DropItem(DecisionBase):
    """不再要求整改: an item is struck from what must be put right, with the reason."""

    kind: Literal["drop_item"] = "drop_item"
    item: str = Field(max_length=40)


class DraftLetter(DecisionBase):
    """拟制: one document, a letter to each recipient."""

    kind: Literal["draft_letter"] = "draft_letter"
    document: DocumentType
    recipients: tuple[Recipient, ...] = Field(min_length=1, max_length=200)
    text: LetterText = LetterText()
    urgent: bool = False
    reply_within: Period | None = None
    objection_within: Period | None = None
    replaces: str = Field(default="", max_length=200)


class ApproveLetter(DecisionBase):
    """审批: by somebody other than the drafter."""

    kind: Literal["approve_letter"] = "approve_letter"
    document: str = Field(default="", max_length=200)


class ReturnDraft(DecisionBase):
    """退回修改."""

    kind: Literal["return_draft"] = "return_draft"
    document: str = Field(default="", max_length=200)


class ReviseDraft(DecisionBase):
    """修改后再报批: the parts of the text that are given change."""

    kind: Literal["revise_draft"] = "revise_draft"
    document: str = Field(default="", max_length=200)
    text: LetterText


class IssueLetter(DecisionBase):
    """制发, with the official 文号 that staff enter ([建议]7)."""

    kind: Literal["issue_letter"] = "issue_letter"
    document: str = Field(default="", max_length=200)
    official_no: str = Field(default="", max_length=60)


class ReviewObjection(DecisionBase):
    """异议复核 ([建议]23): upheld means amend or withdraw, rejected means explain, with the chief procurator's consent."""

    kind: Literal["review_objection"] = "review_objection"
    letter: str = Field(default="", max_length=200)
    upheld: bool


class AmendLetter(DecisionBase):
    """变更检察建议: the parts of the text that are given change; the period goes on unless a new service is recorded."""

    kind: Literal["amend_letter"] = "amend_letter"
    letter: str = Field(default="", max_length=200)
    text: LetterText


class WithdrawLetter(DecisionBase):
    """撤回 ([建议]22): recipients are told, its deadlines stop."""

    kind: Literal["withdraw_letter"] = "withdraw_letter"
    letter: str = Field(default="", max_length=200)


class AssessReply(DecisionBase):
    """评估: the substance of a reply, apart from its timeliness."""

    kind: Literal["assess_reply"] = "assess_reply"
    letter: str = Field(default="", max_length=200)
    reply: str = Field(default="", max_length=200)
    substance: Substance


class Urge(DecisionBase):
    """督促 ([建议]24), recorded; it may come before expiry."""

    kind: Literal["urge"] = "urge"
    letter: str = Field(default="", max_length=200)
    manner: str = Field(default="书面", max_length=40)


class Escalate(DecisionBase):
    """One rung of the ladder of [建议]25, by decision of the chief procurator."""

    kind: Literal["escalate"] = "escalate"
    letter: str = Field(default="", max_length=200)
    rung: EscalationRung
    to: str = Field(default="", max_length=100)


class UpgradeLetter(DecisionBase):
    """告知函升格为检察建议: a draft that replaces the letter."""

    kind: Literal["upgrade_letter"] = "upgrade_letter"
    letter: str = Field(default="", max_length=200)
    text: LetterText = LetterText()
    objection_within: Period | None = None


class AcceptPlan(DecisionBase):
    """认可整改方案: it opens plan tracking, and moves no date."""

    kind: Literal["accept_plan"] = "accept_plan"
    letter: str = Field(default="", max_length=200)
    next_check_on: date | None = None


class ReturnPlan(DecisionBase):
    """退回整改方案, with reasons."""

    kind: Literal["return_plan"] = "return_plan"
    letter: str = Field(default="", max_length=200)


class Suspend(DecisionBase):
    """中止: a running deadline stops, where the law of its rule allows."""

    kind: Literal["suspend"] = "suspend"
    deadline: str = Field(default="", max_length=300)


class Resume(DecisionBase):
    """恢复."""

    kind: Literal["resume"] = "resume"
    deadline: str = Field(default="", max_length=300)


class Extend(DecisionBase):
    """延长, by the officer whom the rule names."""

    kind: Literal["extend"] = "extend"
    deadline: str = Field(default="", max_length=300)
    by_period: Period | None = None


class CloseCase(DecisionBase):
    """结案, with a real outcome; look-backs are planned with it."""

    kind: Literal["close_case"] = "close_case"
    outcome: Outcome
    look_back_on: tuple[date, ...] = ()


class FileAway(DecisionBase):
    """归档: the case leaves the desk."""

    kind: Literal["file_away"] = "file_away"


class Assign(DecisionBase):
    """承办人变更: notices go to the new handler."""

    kind: Literal["assign"] = "assign"
    handler: Person


class RemakePaper(DecisionBase):
    """重新制作: a paper that could not be made is tried again, once what stood in its way is mended."""

    kind: Literal["remake_paper"] = "remake_paper"
    order: str = Field(max_length=200)


class SortOut(DecisionBase):
    """整理: a fact that matched nothing is matched to a letter, or set aside."""

    kind: Literal["sort_out"] = "sort_out"
    fact: str = Field(max_length=300)
    letter: str = Field(default="", max_length=200)


class Correct(DecisionBase):
    """更正: a fact is replaced, or struck out; everything counted from it is counted again."""

    kind: Literal["correct"] = "correct"
    fact: str = Field(max_length=300)
    replacement: Fact | None = None


Decision = Annotated[
    AcceptClue
    | Investigate
    | AddItem
    | DropItem
    | DraftLetter
    | ApproveLetter
    | ReturnDraft
    | ReviseDraft
    | IssueLetter
    | ReviewObjection
    | AmendLetter
    | WithdrawLetter
    | AssessReply
    | Urge
    | Escalate
    | UpgradeLetter
    | AcceptPlan
    | ReturnPlan
    | Suspend
    | Resume
    | Extend
    | CloseCase
    | FileAway
    | Assign
    | RemakePaper
    | SortOut
    | Correct,
    Field(discriminator="kind"),
]


# ── what the clock and the activities enter ──────────────────────────────────────────────────────────────────────────


class Reminded(Wire):
    """A reminder of a deadline fell due and was put to the recipients."""

    kind: Literal["reminded"] = "reminded"
    id: str
    deadline: str
    due_on: date
    days_before: int


class FellDue(Wire):
    """A deadline's last day ended unmet (到期), or its mail grace ended too (`final`: 逾期)."""

    kind: Literal["fell_due"] = "fell_due"
    id: str
    deadline: str
    due_on: date
    final: bool = True


class PaperMade(Wire):
    """A paper was made, numbered and archived."""

    kind: Literal["paper_made"] = "paper_made"
    id: str
    order: str
    paper: PaperRef
    internal_no: str = ""


class HistoryLost(Wire):
    """The history of a former run could not be archived, and will not come back; staff must know."""

    kind: Literal["history_lost"] = "history_lost"
    id: str
    run: str
    why: str


class PaperFailed(Wire):
    """A paper could not be made; staff must act."""

    kind: Literal["paper_failed"] = "paper_failed"
    id: str
    order: str
    why: str


class EditionPublished(Wire):
    """A calendar edition was published: every open deadline is counted again."""

    kind: Literal["edition_published"] = "edition_published"
    id: str
    edition: str


class Unreadable(Wire):
    """A message that could not be read, kept for sorting, so that no reply is ever lost.

    `raw` is its beginning (in base64 where it is no text), `size` its length in bytes; the whole of it stands in the history.
    """

    kind: Literal["unreadable"] = "unreadable"
    id: str
    name: str
    raw: str
    why: str
    size: int = 0


Happening = Annotated[
    Reminded | FellDue | PaperMade | PaperFailed | HistoryLost | EditionPublished | Unreadable,
    Field(discriminator="kind"),
]

Message = Annotated[Fact | Decision | Happening, Field(discriminator="kind")]

FACTS: TypeAdapter[Fact] = TypeAdapter(Fact)
DECISIONS: TypeAdapter[Decision] = TypeAdapter(Decision)
MESSAGES: TypeAdapter[Message] = TypeAdapter(Message)


# ── opening a case ───────────────────────────────────────────────────────────────────────────────────────────────────


class Clue(Wire):
    """Where a case came from."""

    source: ClueSource
    found_on: EventDate | None = None
    summary: str = Field(default="", max_length=2000)


class Link(Wire):
    """A tie to another case."""

    relation: Literal["parent", "child", "converted_from", "covered_by", "reopens"]
    case: str


class LocalPeriod(Wire):
    """A period that the text of the cooperation of the case's own place sets otherwise than the rule table."""

    rule: str
    amount: int = Field(gt=0, le=366)
    unit: Literal["working_days", "days", "months"]
    basis: str


class Opening(Wire):
    """All that a case begins with."""

    case: str = Field(pattern=r"^[a-z_]+-\d{6}-\d{4}-\d{4,}$")
    kind: CaseKind
    title: str = Field(min_length=1, max_length=200)
    county: str = Field(pattern=r"^\d{6}$")
    county_name: str = ""
    procuratorate: Recipient
    matter: Matter
    matter_reason: str = ""
    clue: Clue
    opened_on: date
    handler: Person
    liaison: str = ""
    place: str = ""
    parties: tuple[str, ...] = ()
    area_m2: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    items: tuple[Item, ...] = ()
    letters: tuple[DraftLetter, ...] = ()
    links: tuple[Link, ...] = ()
    local_periods: tuple[LocalPeriod, ...] = ()
    edition: str = ""
    remind_agency: bool = False
    offset_seconds: int = 0


class Taken(Wire):
    """The answer to a message: what the case made of it."""

    id: str
    how: Literal["applied", "noted", "unmatched", "seen"]
    what: str = ""
    stage: str = ""
    problems: tuple[str, ...] = ()


class Entry(Wire):
    """One line of the journal: a message with the moment it was taken, chained to the line before by hash."""

    seq: int
    at: datetime
    message: Message
    chain: str
