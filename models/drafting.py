"""How a letter goes out: draft, approval, issue ([建议]16-18), and what is changed or taken back afterwards ([建议]22)."""

from __future__ import annotations

from datetime import date

from models.calendar import EARLIEST_START, LATEST_START
from models.correspondence import Correspondence
from models.countersigning import against_issue, undecided
from models.dates import EventDate, future
from models.decisions import (
    AmendLetter,
    ApproveLetter,
    DraftLetter,
    IssueLetter,
    ReturnDraft,
    ReviseDraft,
    WithdrawLetter,
)
from models.document_types import DocumentType
from models.errors import Problem
from models.letters import Amendment, Letter
from models.terms import Role
from models.wire import Recipient

_WITHOUT_A_SAY = (Role.CLERK, Role.PROCURATOR_ASSISTANT, Role.LIAISON)
_WITHOUT_OBJECTION = (DocumentType.NOTIFICATION_LETTER, DocumentType.PRE_SUIT_SUGGESTION)
# [公释]22; [公规]49; [行监]112.
_TO_COURT = (DocumentType.INDICTMENT, DocumentType.APPEARANCE_NOTICE, DocumentType.EXPLANATION_NOTICE)
_REPORTS = (DocumentType.REPORT, DocumentType.FILING_REPORT)


class Drafting:
    """Letters on their way out: drafted, approved by somebody else, issued; amended and withdrawn later."""

    def __init__(self, post: Correspondence, opened_on: date, documents: tuple[DocumentType, ...]) -> None:
        self.opened_on, self.documents = opened_on, documents
        # Of released urging cases the three days run from the issue: what was recorded of them must replay.
        self.serves_from_decision = False
        self.letters, self.deadlines = post.letters, post.deadlines
        self.one, self.letter = post.one, post.letter
        self.run_from_service = post.run_from_service

    # drafting, approval, issue

    def check_draft(self, decision: DraftLetter, today: date) -> list[Problem]:
        problems = []
        if not (decision.document.asks_reply or decision.document.is_general):
            problems.append(
                Problem(f"{decision.document.label}由系统随相应决定制作", "改用相应的决定", "document")
            )
        problems += _urgency(decision)
        if decision.reply_by and not decision.document.is_general:
            problems.append(Problem("回复期限由法律规定，不另定日期", "删去 reply_by", "reply_by"))
        elif decision.reply_by and not EARLIEST_START <= decision.reply_by <= LATEST_START:
            problems.append(Problem(f"答复日期 {decision.reply_by} 无法计算", "请核对日期", "reply_by"))
        without = decision.document.is_general or decision.document in _WITHOUT_OBJECTION
        if decision.objection_within and without:
            problems.append(
                Problem(
                    f"{decision.document.label}没有异议期（[建议]16 不适用）",
                    "删去 objection_within",
                    "objection_within",
                )
            )
        if decision.document.is_suggestion:
            for recipient in decision.recipients:
                if recipient.is_court != decision.document.goes_to_court:
                    problems.append(
                        Problem(
                            f"{decision.document.label}与收件单位“{recipient.name}”不符",
                            "致法院的用 court_suggestion 或者 retrial_suggestion，其余单位不用",
                            "document",
                        )
                    )
        elif decision.document.asks_reply and any(each.is_court for each in decision.recipients):
            problems.append(Problem("告知函不发给法院", "致法院的用 court_suggestion", "document"))
        names = [recipient.name for recipient in decision.recipients]
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            problems.append(Problem(f"收件单位“{name}”重复", "每个单位只列一次", "recipients"))
        if decision.replaces:
            replaced = self.one(decision.replaces, "replaces")
            if isinstance(replaced, list):
                problems += replaced
            elif not replaced.is_live:
                problems.append(Problem(f"{replaced}不是现行文书", "改填现行的文书", "replaces"))
        return problems

    def door_draft(self, decision: DraftLetter, today: date) -> list[Problem]:
        """[意见]3 binds those who signed it: another body owes no reply to a 告知函, and is never overdue with one."""
        if decision.document not in self.documents:
            wanted = "、".join(f"{each.value}（{each.label}）" for each in self.documents)
            return [Problem(f"此类案件不制发{decision.document.label}", f"可选：{wanted}", "document")]
        if decision.reply_by and decision.reply_by < today:
            return [Problem(f"答复日期 {decision.reply_by} 不在今后", "填写将来的日期", "reply_by")]
        if decision.document.asks_reply and decision.joint_issuers:
            return [
                Problem(f"{decision.document.label}由本院单独制发", "删去 joint_issuers", "joint_issuers")
            ]
        if decision.document in _TO_COURT:
            others = [each.name for each in decision.recipients if not _is_court(each)]
            what, remedy = (
                f"{decision.document.label}只致人民法院，不致“{'、'.join(others)}”",
                "改填受理的法院",
            )
            return [Problem(what, remedy, "recipients")] if others else []
        if decision.document in _REPORTS and (decision.reply_by or decision.reply_within):
            what = f"{decision.document.label}不得夹带请示事项（《党政机关公文处理工作条例》第十五条），不要求答复"
            return [Problem(what, "删去 reply_by、reply_within，需要答复的另行请示", "reply_by")]
        if decision.document is not DocumentType.NOTIFICATION_LETTER:
            return []
        return [
            Problem(
                f"“{recipient.name}”不受协作意见约束，告知函对其没有回复期限", "改用检察建议书", "recipients"
            )
            for recipient in decision.recipients
            if not recipient.is_bound
        ]

    def take_draft(self, decision: DraftLetter, today: date) -> str:
        # Its id, now: what a name means may be another letter by the day of issue.
        replaces = self.letter(decision.replaces).id if decision.replaces else ""
        self.letters.documents += 1
        document = f"D{self.letters.documents}"
        for recipient in decision.recipients:
            self.letters.add(
                Letter(
                    id=f"L{len(self.letters.by_id) + 1}",
                    document=document,
                    type=decision.document,
                    recipient=recipient,
                    text=decision.text,
                    urgent=decision.urgent,
                    reply_within=decision.reply_within,
                    objection_within=decision.objection_within,
                    replaces=replaces,
                    drafted_by=[decision.by.name],
                    reply_by=decision.reply_by,
                    copies_to=decision.copies_to,
                    attachments=decision.attachments,
                    joint_issuers=decision.joint_issuers,
                    countersigners=decision.countersigners,
                )
            )
        names = "、".join(recipient.name for recipient in decision.recipients)
        return f"{document} {decision.document.label}（致{names}）已起草，待审批"

    def _pending(self, reference: str) -> list[Letter] | Problem:
        letters = [letter for letter in self.letters.of_document(reference) if letter.is_pending]
        if letters:
            return letters
        drafts = "、".join(dict.fromkeys(letter.document for letter in self.letters.pending()))
        if not drafts:
            return Problem("本案没有待审批、待制发的文书", "先起草（draft_letter）", "document")
        return Problem(f"没有待制发的文书“{reference or '（未填）'}”", f"请写明其一：{drafts}", "document")

    def check_approve(self, decision: ApproveLetter, today: date) -> list[Problem]:
        letters = self._pending(decision.document)
        if isinstance(letters, Problem):
            return [letters]
        if all(letter.approved_by for letter in letters):
            return [
                Problem(f"{letters[0].document} 已由{letters[0].approved_by}批准", "可以制发", "document")
            ]
        if any(decision.by.name in letter.drafted_by for letter in letters):
            return [Problem(f"起草人{decision.by.name}不得审批自己起草的文书", "请由他人审批", "by")]
        return []

    def door_approve(self, decision: ApproveLetter, today: date) -> list[Problem]:
        """Who keeps the papers, or helps to write them, approves none."""
        if decision.by.role in _WITHOUT_A_SAY:
            return [
                Problem(f"{decision.by.role.label}不审批文书", "由检察官、部门负责人或者检察长审批", "by")
            ]
        return []

    def take_approve(self, decision: ApproveLetter, today: date) -> str:
        letters = self.letters.of_document(decision.document)
        for letter in letters:
            letter.approved_by, letter.returned = decision.by.name, ""
            letter.approved_by_chief = decision.by.role.is_chief
            pre_suit = letter.type is DocumentType.PRE_SUIT_SUGGESTION
            if pre_suit and self.serves_from_decision and decision.by.role.is_chief:
                letter.decided_on = decision.on or today
                on = EventDate.on(letter.decided_on)
                self.deadlines.start(letter.service_rule, on, decision.id, letter=letter.id)
        return f"{letters[0].document} 已由{decision.by.name}批准"

    def check_return(self, decision: ReturnDraft, today: date) -> list[Problem]:
        letters = self._pending(decision.document)
        if isinstance(letters, Problem):
            return [letters]
        return [] if decision.reason else [Problem("退回须写明理由", "填写 reason", "reason")]

    def take_return(self, decision: ReturnDraft, today: date) -> str:
        letters = self.letters.of_document(decision.document)
        for letter in letters:
            letter.approved_by, letter.returned = "", decision.reason
            letter.approved_by_chief = False
            letter.sign_anew(decision.on or today)
            self._not_decided(letter)
        return f"{letters[0].document} 退回修改：{decision.reason}"

    def check_revise(self, decision: ReviseDraft, today: date) -> list[Problem]:
        letters = self._pending(decision.document)
        return [letters] if isinstance(letters, Problem) else []

    def take_revise(self, decision: ReviseDraft, today: date) -> str:
        letters = self.letters.of_document(decision.document)
        for letter in letters:
            letter.text = decision.text.over(letter.text)
            if decision.attachments is not None:
                letter.attachments = decision.attachments
            if decision.copies_to is not None:
                letter.copies_to = decision.copies_to
            letter.approved_by, letter.approved_by_chief, letter.returned = "", False, ""
            letter.sign_anew(decision.on or today)
            self._not_decided(letter)
            letter.drafted_by.append(decision.by.name)
        return f"{letters[0].document} 已修改，待审批"

    def _not_decided(self, letter: Letter) -> None:
        """What the chief procurator had decided goes back: it need not be served until it is decided again."""
        if letter.decided_on is not None:
            letter.decided_on = None
            self.deadlines.end_key(f"{letter.id}/{letter.service_rule}", "退回修改")

    def check_issue(self, decision: IssueLetter, today: date) -> list[Problem]:
        letters = self._pending(decision.document)
        if isinstance(letters, Problem):
            return [letters]
        problems = []
        if not all(letter.approved_by for letter in letters) and (
            not decision.by.role.is_chief or any(decision.by.name in each.drafted_by for each in letters)
        ):
            problems.append(
                Problem(
                    f"{letters[0].document} 尚未审批",
                    "先由起草人以外的人审批，或由检察长直接签发",
                    "document",
                )
            )
        if decision.official_no and any(
            letter.official_no == decision.official_no for letter in self.letters
        ):
            problems.append(
                Problem(f"文号“{decision.official_no}”已用于本案另一文书", "请核对文号", "official_no")
            )
        return problems

    def door_issue(self, decision: IssueLetter, today: date) -> list[Problem]:
        """Nothing goes out before its case was opened, nor unsigned; what went out long ago was signed long ago."""
        if decision.known_on is not None:
            return future(decision.known_on, today)
        letters = self.letters.of_document(decision.document)
        problems = against_issue(letters) + undecided(letters, decision.by.role)
        if decision.on is not None and decision.on < self.opened_on:
            problems.append(Problem(f"制发日 {decision.on} 早于立案日 {self.opened_on}", "请核对日期", "on"))
        return problems

    def take_issue(self, decision: IssueLetter, today: date) -> str:
        letters = [each for each in self.letters.of_document(decision.document) if each.is_pending]
        span = decision.known_on
        issued_on = span.earliest if span else decision.on or today
        for letter in letters:
            letter.issued_on, letter.official_no, letter.issued_span = issued_on, decision.official_no, span
            letter.issued_text, letter.issued_to = letter.text, letter.recipient
            letter.approved_by = letter.approved_by or decision.by.name
            on = span or EventDate.on(issued_on)
            if span is not None:
                self.deadlines.end_key(f"{letter.id}/{letter.service_rule}", "制发日不明")
            elif letter.decided_on is None or letter.decided_on > issued_on:
                # [公规]76: three days from the chief procurator's decision; where he had not decided before, he does by signing.
                self.deadlines.start(letter.service_rule, on, decision.id, letter=letter.id)
            if span is None and letter.type in (DocumentType.SUGGESTION, DocumentType.CLASS_SUGGESTION):
                self.deadlines.start("jy.file_up", on, decision.id, letter=letter.id)
            if letter.replaces:
                replaced = self.letter(letter.replaces)
                replaced.replaced_by = letter.id
                self.deadlines.end(replaced.id, f"已由{letter.id}取代")
        number = f"，文号{decision.official_no}" if decision.official_no else ""
        return f"{letters[0].document} {letters[0].type.label}于{span or issued_on}制发{number}"

    # changing what was issued

    def door_amend(self, decision: AmendLetter, today: date) -> list[Problem]:
        letter = self.letter(decision.letter)
        problems = []
        if not letter.is_live:
            problems.append(Problem(f"{letter}已撤回或已被取代", "不能变更", "letter"))
        if letter.type.is_suggestion and not decision.by.role.is_chief:
            problems.append(Problem("变更已发出的检察建议由检察长决定（[建议]22）", "由检察长作出", "by"))
        if not decision.reason:
            problems.append(Problem("变更须写明理由", "填写 reason", "reason"))
        return problems

    def take_amend(self, decision: AmendLetter, today: date) -> str:
        letter = self.letter(decision.letter)
        before, on = letter.service, decision.on or today
        becomes = decision.text.over(letter.text)
        letter.amendments.append(Amendment(decision.id, on, decision.reason, letter.text, becomes))
        letter.text = becomes
        self.run_from_service(letter, before)
        return f"{letter}于{on}变更，应通知收件单位；期限不变，另行送达的自送达起算"

    def check_withdraw(self, decision: WithdrawLetter, today: date) -> list[Problem]:
        letter = self.one(decision.letter) if decision.letter else self.one("")
        pending = [each for each in self.letters.pending() if decision.letter in (each.id, each.document)]
        if decision.letter and pending:
            return []
        if isinstance(letter, list):
            return letter
        problems = []
        if not letter.is_live:
            problems.append(Problem(f"{letter}已撤回或已被取代", "不能再撤回", "letter"))
        if letter.type.is_suggestion and not decision.by.role.is_chief:
            problems.append(Problem("撤回已发出的检察建议由检察长决定（[建议]22）", "由检察长作出", "by"))
        if not decision.reason:
            problems.append(Problem("撤回须写明理由", "填写 reason", "reason"))
        return problems

    def take_withdraw(self, decision: WithdrawLetter, today: date) -> str:
        drafts = [each for each in self.letters.pending() if decision.letter in (each.id, each.document)]
        targets = drafts if decision.letter and drafts else [self.letter(decision.letter)]
        for letter in targets:
            letter.withdrawn, letter.withdrawn_on = decision.reason or "撤回", decision.on or today
            self.deadlines.end(letter.id, "文书已撤回")
        return f"{targets[0]}撤回：{decision.reason}，期限停止，应通知收件单位"


def without_a_day(decision: DraftLetter, *documents: DocumentType) -> list[Problem]:
    """That a letter of these types, which waits to be answered, says by which day."""
    if decision.document not in documents or decision.reply_by or decision.reply_within:
        return []
    return [Problem(f"{decision.document.label}没有写明何日前答复", "填写 reply_by", "reply_by")]


def _is_court(recipient: Recipient) -> bool:
    """Whether it is a court: one of another place bears no more than its name."""
    return recipient.is_court or recipient.name.endswith("法院")


def _urgency(decision: DraftLetter) -> list[Problem]:
    """Only an urgent 检察建议 sets its own period ([建议]19); [公释]21 sets that of an urgent pre-suit one; no other has any."""
    own = decision.document in (DocumentType.SUGGESTION, DocumentType.CLASS_SUGGESTION)
    if decision.urgent and not own and decision.document is not DocumentType.PRE_SUIT_SUGGESTION:
        return [Problem(f"{decision.document.label}没有紧急的回复期限", "删去 urgent", "urgent")]
    if decision.urgent and own and decision.reply_within is None:
        return [Problem("紧急的检察建议须写明回复期限（[建议]19）", "填写 reply_within", "reply_within")]
    if decision.document.is_general:
        if decision.reply_within and decision.reply_by:
            return [Problem("答复期限写了两种", "reply_within 与 reply_by 只写一种", "reply_by")]
        return []
    if decision.reply_within is not None and not (decision.urgent and own):
        return [
            Problem("回复期限由法律规定，只有紧急的检察建议可以另写", "删去 reply_within", "reply_within")
        ]
    return []
