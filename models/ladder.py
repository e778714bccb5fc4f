"""When a letter fails ([建议]24, 25): urged, reported upward, told to others; upgraded where it is only a 告知函."""

from __future__ import annotations

from datetime import date

from models.correspondence import Correspondence
from models.dates import EventDate
from models.decisions import DraftLetter, Escalate, UpgradeLetter, Urge
from models.document_types import DocumentType
from models.drafting import Drafting
from models.errors import Problem
from models.letters import Letter, Urging
from models.terms import EscalationRung, Substance

LITIGATION = EscalationRung.PUBLIC_INTEREST_LITIGATION


class Ladder:
    """What follows silence, or a reply that puts nothing right: urging first, then rung by rung; a 告知函 is upgraded."""

    def __init__(self, post: Correspondence, drafting: Drafting) -> None:
        self.letters, self.deadlines = post.letters, post.deadlines
        self.one, self.letter = post.one, post.letter
        self.take_draft = drafting.take_draft

    def check_urge(self, decision: Urge, today: date) -> list[Problem]:
        letter = self.one(decision.letter)
        if isinstance(letter, list):
            return letter
        problems = []
        if not letter.is_live:
            problems.append(Problem(f"{letter}已撤回或已被取代", "对现行文书督促", "letter"))
        return problems

    def door_urge(self, decision: Urge, today: date) -> list[Problem]:
        letter = self.letter(decision.letter)
        if letter.service is None and not letter.replies:
            return [Problem(f"{letter}尚未送达", "先送达，再督促", "letter")]
        if letter.unassessed:
            return [Problem("有回复待评估", "先评估（assess_reply），未整改到位的再督促", "letter")]
        if letter.last_substance is Substance.PUT_RIGHT:
            return [Problem("回复已评估为采纳并整改", "不必督促；情况有变的先重新评估", "letter")]
        return []

    def take_urge(self, decision: Urge, today: date) -> str:
        letter = self.letter(decision.letter)
        letter.urgings.append(Urging(decision.on or today, decision.manner))
        return f"{letter}：{letter.urged_on[-1]}{decision.manner}督促（第{len(letter.urged_on)}次）"

    def has_failed(self, letter: Letter, overdue: bool) -> bool:
        """Whether [建议]25 applies: overdue without a reply, or a reply that did not put things right."""
        substance = letter.last_substance
        return overdue or (substance is not None and substance.opens_ladder)

    def door_escalate(
        self, decision: Escalate, overdue: set[str], lapsed: set[str], today: date
    ) -> list[Problem]:
        letter = self.letter(decision.letter)
        problems = []
        if not letter.is_live:
            problems.append(Problem(f"{letter}已撤回或已被取代", "对现行文书处理", "letter"))
        if letter.type is DocumentType.NOTIFICATION_LETTER:
            problems.append(Problem("告知函不适用[建议]25", "先升格为检察建议（upgrade_letter）", "letter"))
        elif letter.type.goes_to_court:
            problems.append(Problem("对法院的建议不适用[建议]25的通报", "跟进监督或提请上级检察院", "letter"))
        elif not letter.type.is_suggestion:
            problems.append(Problem(f"{letter.type.label}不适用[建议]25", "改用检察建议", "letter"))
        direct = letter.type is DocumentType.PRE_SUIT_SUGGESTION and decision.rung is LITIGATION
        # [公释]21 asks for no urging between the pre-suit suggestion and the suit.
        if not letter.urgings and not direct:
            problems.append(
                Problem(
                    "尚未督促（[建议]25：经督促无正当理由不予整改或整改不到位）", "先督促（urge）", "letter"
                )
            )
        # 审查起诉 begins when the period for putting right has ended ([公规]47); the grace for mail is the reply's alone.
        if not self.has_failed(letter, letter.id in (lapsed if direct else overdue)):
            problems.append(Problem("既未逾期，也无未整改到位的评估", "到期或评估后再定", "letter"))
        if letter.open_objection:
            problems.append(Problem("有异议待复核", "先复核", "letter"))
        if letter.unassessed:
            problems.append(Problem("有回复待评估", "先评估", "letter"))
        if letter.plan and letter.plan_accepted and letter.plan.final_on >= today:
            problems.append(
                Problem(
                    f"整改方案已获认可，至{letter.plan.final_on}，属有正当理由",
                    "按方案跟踪；期满未完成再定",
                    "letter",
                )
            )
        if not decision.by.role.is_chief:
            problems.append(Problem("逐级报告、通报须由检察长决定", "由检察长作出", "by"))
        if decision.rung in letter.rungs:
            problems.append(Problem(f"“{decision.rung.label}”已经作过", "选择另一层级", "rung"))
        return problems

    def take_escalate(self, decision: Escalate, today: date) -> str:
        letter = self.letter(decision.letter)
        letter.rungs.append(decision.rung)
        if decision.rung is LITIGATION:
            on = EventDate.on(decision.on or today)
            self.deadlines.meet(f"{letter.id}/pil.prosecute", on, decision.id)
        to = f"（{decision.to}）" if decision.to else ""
        return f"{letter}：{decision.rung.label}{to}"

    def check_upgrade(self, decision: UpgradeLetter, today: date) -> list[Problem]:
        letter = self.one(decision.letter)
        if isinstance(letter, list):
            return letter
        if letter.type is not DocumentType.NOTIFICATION_LETTER:
            return [Problem(f"{letter}不是告知函", "检察建议适用[建议]25", "letter")]
        return []

    def door_upgrade(self, decision: UpgradeLetter, overdue: set[str]) -> list[Problem]:
        letter = self.letter(decision.letter)
        problems = []
        if not letter.is_live:
            problems.append(Problem(f"{letter}已撤回或已被取代", "不能再升格", "letter"))
        drafts = [each for each in self.letters.pending() if each.replaces == letter.id]
        if drafts:
            problems.append(
                Problem(f"{drafts[0].document} 已是{letter}的升格草稿", "审批、制发该草稿", "letter")
            )
        if letter.unassessed:
            problems.append(Problem("有回复待评估", "先评估", "letter"))
        if not self.has_failed(letter, letter.id in overdue):
            problems.append(Problem("告知函既未逾期，也无未整改到位的评估", "到期或评估后再升格", "letter"))
        return problems

    def take_upgrade(self, decision: UpgradeLetter, today: date) -> str:
        letter = self.letter(decision.letter)
        text = decision.text if decision.text != type(decision.text)() else letter.text
        return self.take_draft(
            DraftLetter(
                id=decision.id,
                by=decision.by,
                document=DocumentType.SUGGESTION,
                recipients=(letter.recipient,),
                text=text,
                objection_within=decision.objection_within,
                copies_to=decision.copies_to,
                attachments=decision.attachments,
                replaces=letter.id,
            ),
            today,
        )
