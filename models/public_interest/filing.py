"""From the clue to the suggestion ([公规]25-43, 69, 70): assess, look into, file or decline, investigate; or hand the case on."""

from __future__ import annotations

from datetime import date

from models.dates import EventDate, future
from models.decisions import Investigate
from models.errors import Problem
from models.facts import InquiryConcluded
from models.ledgers import Deadlines
from models.letters import Letter
from models.messages import FellDue
from models.said.public_interest import (
    BeginPreliminary,
    DeclineCase,
    EligibleBodySued,
    FileCase,
    JurisdictionAssigned,
    NoticePublished,
    PreliminaryReported,
    PublicInterestTerms,
    TransferCase,
)
from models.wire import Person

ASSESS = "pil.assess"
OPEN_NOTICE = "pil.open_notice"
CONSULT = "pil.consult"
CIVIL_NOTICE = "pil.civil_notice"
CIVIL_REVIEW = "pil.civil_prosecute"


class Filing:
    """Whether and when the case was filed, against whom, and how far it has been looked into."""

    def __init__(self, deadlines: Deadlines, terms: PublicInterestTerms, opened_on: date) -> None:
        self.deadlines = deadlines
        self.agencies = terms.agencies
        self.is_filed = terms.filed
        self.filed_against = terms.agencies if terms.filed else ()
        self.filed_on: EventDate | None = None
        self.approvals: list[tuple[FileCase | DeclineCase, EventDate]] = []
        self.is_declined = False
        self.preliminary_on: date | None = None
        self.preliminary_reports: list[PreliminaryReported] = []
        self.investigated_on: date | None = None
        self.concluded: InquiryConcluded | None = None
        self.transfer: TransferCase | None = None
        self.assignments: list[JurisdictionAssigned] = []
        self.notice: NoticePublished | None = None
        self.other_plaintiff = ""
        self._may_file_again = False
        if not terms.filed:
            deadlines.start(ASSESS, EventDate.on(opened_on), "opening")

    @property
    def has_been_assigned_away(self) -> bool:
        """Whether a superior has given the case to another procuratorate."""
        return any(each.procuratorate for each in self.assignments)

    # the clue

    def check_preliminary(self, decision: BeginPreliminary, today: date) -> list[Problem]:
        if self.is_filed:
            return [Problem("已立案，不再开展初步调查", "立案后的调查用 investigate", "kind")]
        return [Problem("已开展初步调查", "不必重复决定", "kind")] if self.preliminary_on else []

    def take_preliminary(self, decision: BeginPreliminary, today: date) -> str:
        self.preliminary_on = decision.on or today
        self._assessed(EventDate.on(self.preliminary_on), decision.id)
        return f"{self.preliminary_on}开展初步调查"

    def check_preliminary_reported(self, fact: PreliminaryReported, today: date) -> list[Problem]:
        problems = future(fact.on, today)
        if self.preliminary_on is None:
            problems.append(Problem("尚未开展初步调查", "先决定（begin_preliminary）", "kind"))
        elif fact.on.latest < self.preliminary_on:
            problems.append(
                Problem(f"报告日 {fact.on} 早于初步调查 {self.preliminary_on}", "请核对日期", "on")
            )
        return problems

    def take_preliminary_reported(self, fact: PreliminaryReported, today: date) -> str:
        self.preliminary_reports.append(fact)
        return f"{fact.on}初步调查报告：{fact.opinion}"

    def check_file(self, decision: FileCase, today: date) -> list[Problem]:
        problems = future(decision.known_on, today) if decision.known_on else []
        if decision.known_on and decision.on:
            problems.append(Problem("立案日写了两次", "on 与 known_on 只写一个", "known_on"))
        if self.is_filed and not self._files_anew(decision):
            remedy = "另对其他机关立案的写明 agencies；指定其他检察院办理的，先记录（jurisdiction_assigned）"
            problems.append(Problem("已立案", remedy, "kind"))
        return problems

    def _files_anew(self, decision: FileCase) -> bool:
        """Whether there is something to file still: by another procuratorate, against others, or on a day not yet known."""
        undated = self.filed_on is None and decision.known_on is not None
        return (
            self._may_file_again
            or undated
            or any(each not in self.filed_against for each in decision.agencies)
        )

    def take_file(self, decision: FileCase, today: date) -> str:
        on = decision.known_on or EventDate.on(decision.on or today)
        was_filed = self.is_filed
        self.is_filed, self.is_declined, self._may_file_again = True, False, False
        self.filed_on = self.filed_on or on
        self.approvals.append((decision, on))
        against = decision.agencies or self.agencies
        self.filed_against = tuple(dict.fromkeys((*self.filed_against, *against)))
        self.agencies = tuple(dict.fromkeys((*(self.agencies if was_filed else ()), *against)))
        self._assessed(on, decision.id)
        if decision.known_on is None:
            self._tell(against, on, decision.id)
        named = f"，涉及{'、'.join(against)}" if against else ""
        return f"{on}立案{named}"

    def _tell(self, agencies: tuple[str, ...], on: EventDate, by: str) -> None:
        """Each agency must be told; consulting may begin."""
        if f"case/{CONSULT}" not in self.deadlines.by_key:
            self.deadlines.start(CONSULT, on, by)
        told = sum(each.rule == OPEN_NOTICE for each in self.deadlines.by_key.values())
        for number, agency in enumerate(agencies or ("",), told + 1):
            key = f"case/{OPEN_NOTICE}/{number}"
            self.deadlines.start(OPEN_NOTICE, on, by, party=agency, key=key)

    def check_decline(self, decision: DeclineCase, today: date) -> list[Problem]:
        problems = []
        if self.is_filed:
            problems.append(Problem("已立案", "立案后以终结案件结案", "kind"))
        if self.is_declined:
            problems.append(Problem("已决定不立案", "不必重复决定", "kind"))
        if not decision.reason:
            problems.append(Problem("不立案须写明理由", "填写 reason", "reason"))
        return problems

    def take_decline(self, decision: DeclineCase, today: date) -> str:
        on = EventDate.on(decision.on or today)
        self.is_declined = True
        self.approvals.append((decision, on))
        self._assessed(on, decision.id)
        return f"{on}决定不立案：{decision.reason}"

    def _assessed(self, on: EventDate, by: str) -> None:
        self.deadlines.meet(f"case/{ASSESS}", on, by)

    def notice_served(self, letter: Letter, on: EventDate, by: str) -> None:
        """立案决定书 has reached an agency: the notice to it, or the only one there is."""
        notices = [each for each in self.deadlines.by_key.values() if each.rule == OPEN_NOTICE]
        own = [each for each in notices if each.party and letter.is_to(each.party)]
        for each in own or (notices if len(notices) == 1 else []):
            self.deadlines.meet(each.key, on, by)

    # the investigation

    def check_investigate(self, decision: Investigate, today: date) -> list[Problem]:
        if not self.is_filed:
            return [Problem("尚未立案", "先立案（file_case）；立案前的用 begin_preliminary", "kind")]
        return [Problem("已决定调查", "不必重复决定", "kind")] if self.investigated_on else []

    def take_investigate(self, decision: Investigate, today: date) -> str:
        self.investigated_on = decision.on or today
        return f"{self.investigated_on}决定调查"

    def check_concluded(self, fact: InquiryConcluded, today: date) -> list[Problem]:
        if not self.is_filed:
            return [Problem("尚未立案", "先立案（file_case）", "kind")]
        return future(fact.on, today)

    def take_concluded(self, fact: InquiryConcluded, today: date) -> str:
        self.concluded = fact
        return f"{fact.on}调查终结"

    # handed on

    def check_assigned(self, fact: JurisdictionAssigned, today: date) -> list[Problem]:
        if not (fact.procuratorate or fact.court):
            return [Problem("没有写明指定给谁", "填写 procuratorate 或者 court", "procuratorate")]
        return future(fact.on, today)

    def take_assigned(self, fact: JurisdictionAssigned, today: date) -> str:
        self.assignments.append(fact)
        self._may_file_again = self._may_file_again or bool(fact.procuratorate)
        to = "；".join(
            part
            for part in (
                f"由{fact.procuratorate}办理" if fact.procuratorate else "",
                f"由{fact.court}审理" if fact.court else "",
            )
            if part
        )
        return f"{fact.on}{fact.superior}指定管辖：{to}"

    def check_transfer(self, decision: TransferCase, today: date) -> list[Problem]:
        if self.transfer is not None:
            return [Problem(f"已决定移送{self.transfer.to}", "不必重复决定", "kind")]
        return [] if decision.reason else [Problem("移送须写明理由", "填写 reason", "reason")]

    def take_transfer(self, decision: TransferCase, today: date) -> str:
        self.transfer = decision
        on = EventDate.on(decision.on or today)
        self._assessed(on, decision.id)
        for deadline in self.deadlines.by_key.values():
            if deadline.rule in ("pil.prosecute", CIVIL_REVIEW):
                self.deadlines.meet(deadline.key, on, decision.id)
        return f"{on}决定移送{decision.to}：{decision.reason}"

    # civil cases

    def check_notice(self, fact: NoticePublished, today: date) -> list[Problem]:
        problems = future(fact.on, today)
        if self.notice is not None:
            problems.append(Problem("公告已记录", "有误的，更正（correct）", "kind"))
        return problems

    def take_notice(self, fact: NoticePublished, today: date) -> str:
        self.notice = fact
        self.deadlines.start(CIVIL_NOTICE, fact.on, fact.id)
        return f"{fact.on}发布诉前公告"

    def review_civil(self, tick: FellDue) -> None:
        """Nobody sued within the notice: the review for suit lasts three months from its end ([公规]47)."""
        begun, on = self.deadlines.by_key.get(f"case/{CIVIL_REVIEW}"), EventDate.on(tick.due_on)
        if begun is None or not any(getattr(entry, "on", None) == on for entry in begun.entries):
            self.deadlines.start(CIVIL_REVIEW, on, tick.id, follows=(tick.deadline, tick.due_on))

    def check_other_plaintiff(self, fact: EligibleBodySued, today: date) -> list[Problem]:
        if self.notice is None:
            return [Problem("尚未公告", "先记录公告（notice_published）", "kind")]
        return future(fact.on, today)

    def take_other_plaintiff(self, fact: EligibleBodySued, today: date) -> str:
        self.other_plaintiff = fact.plaintiff or "适格主体"
        for rule in (CIVIL_NOTICE, CIVIL_REVIEW):
            self.deadlines.meet(f"case/{rule}", fact.on, fact.id)
        return f"{fact.on}{self.other_plaintiff}提起诉讼，检察院不再起诉"


def only_the_chief(by: Person, what: str) -> list[Problem]:
    """What the law leaves to the chief procurator, asked of a new decision."""
    return [] if by.role.is_chief else [Problem(f"{what}须由检察长决定", "由检察长作出", "by")]
