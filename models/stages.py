"""Where a case stands, for each kind of case: staff words and identifiers. A value stays once released; labels may change."""

from __future__ import annotations

from models.terms import CaseKind, LabelledEnum


class UrgingStage(LabelledEnum):
    """Where an urging case stands (article 3)."""

    CLUE_REGISTERED = "clue_registered", "线索登记"
    ACCEPTED = "accepted", "受理"
    INVESTIGATING = "investigating", "调查核实"
    PENDING_APPROVAL = "pending_approval", "审批"
    ISSUED = "issued", "制发"
    SERVING = "serving", "送达中"
    AWAITING_REPLY = "awaiting_reply", "待回复"
    REPLY_REVIEW = "reply_review", "已回复待审查"
    OBJECTION_REVIEW = "objection_review", "异议复核"
    OVERDUE_URGING = "overdue_urging", "逾期督促"
    PLAN_TRACKING = "plan_tracking", "整改方案期"
    ASSESSING = "assessing", "整改评估"
    CLOSED = "closed", "结案"
    ESCALATED = "escalated", "提级通报"
    CONVERTED_TO_PIL = "converted_to_pil", "转公益诉讼"
    AMENDED = "amended", "变更"
    WITHDRAWN = "withdrawn", "撤回"
    REVISIT = "revisit", "回头看"
    ARCHIVED = "archived", "归档"


class EnforcementStage(LabelledEnum):
    """Where the enforcement of a penalty decision stands, and our supervision of it (article 4)."""

    DECISION_REGISTERED = "decision_registered", "处罚决定登记"
    DEMANDED = "demanded", "催告"
    COPY_REGISTERED = "copy_registered", "抄送登记"
    MISSING_COPY = "missing_copy", "未见抄送"
    AWAITING_ACCEPTANCE = "awaiting_acceptance", "待法院受理"
    COURT_REVIEWING = "court_reviewing", "法院审查"
    GRANTED = "granted", "准予执行"
    REFUSED = "refused", "不准予执行"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    RECONSIDERATION = "reconsideration", "复议"
    ENFORCING = "enforcing", "法院执行"
    AGENCY_ENFORCING = "agency_enforcing", "行政机关组织实施"
    COMPLETED = "completed", "执行完毕"
    STAYED = "stayed", "中止执行"
    ENDED = "ended", "终结执行"
    SUPERVISION_OPENED = "supervision_opened", "监督立案"
    REVIEWING = "reviewing", "审查"
    SUSPENDED = "suspended", "中止审查"
    SUGGESTION_ISSUED = "suggestion_issued", "制发检察建议"
    AWAITING_COURT = "awaiting_court", "待法院回复"
    AWAITING_AGENCY = "awaiting_agency", "待行政机关回复"
    RESULT_REVIEW = "result_review", "处理结果审查"
    FOLLOW_UP = "follow_up", "跟进监督、提请上级"
    NOT_SUPPORTED = "not_supported", "不支持监督申请"
    TERMINATED = "terminated", "终结审查"
    CLOSED = "closed", "结案"
    REVISIT = "revisit", "回头看"
    ARCHIVED = "archived", "归档"


class PublicInterestStage(LabelledEnum):
    """Where a case of administrative public-interest litigation stands (article 5, [公规])."""

    CLUE_ASSESSING = "clue_assessing", "线索登记评估"
    PRELIMINARY = "preliminary", "初步调查"
    DECLINED = "declined", "不立案"
    OPENED = "opened", "立案"
    CONSULTING = "consulting", "磋商"
    INVESTIGATING = "investigating", "调查"
    CONCLUDED = "concluded", "调查终结"
    SUGGESTING = "suggesting", "制发检察建议"
    RECTIFYING = "rectifying", "整改期"
    FOLLOWING_UP = "following_up", "跟进调查"
    SUSPENDED = "suspended", "中止审查"
    PROSECUTION_REVIEW = "prosecution_review", "审查起诉"
    TRANSFERRED = "transferred", "移送"
    SUED = "sued", "起诉"
    TRIAL = "trial", "审理"
    JUDGED = "judged", "判决"
    ENFORCEMENT = "enforcement", "执行"
    TERMINATED = "terminated", "终结案件"
    CLOSED = "closed", "结案"
    REVISIT = "revisit", "回头看"
    ARCHIVED = "archived", "归档"


class ClueStage(LabelledEnum):
    """Where a clue stands on its way between the two sides (article 5)."""

    SENT = "sent", "移送"
    RECEIVED = "received", "签收"
    REVIEWING = "reviewing", "审查"
    TAKEN = "taken", "采纳"
    RETURNED = "returned", "退回说明"
    FORWARDED = "forwarded", "移送他院"
    FEEDBACK = "feedback", "反馈"
    CLOSED = "closed", "结案"
    REVISIT = "revisit", "回头看"
    ARCHIVED = "archived", "归档"


class FileRequestStage(LabelledEnum):
    """Where a request for a file, for information or for help with an inquiry stands (article 6)."""

    REQUESTED = "requested", "申请"
    SERVED = "served", "送达"
    PROVIDED = "provided", "提供"
    PARTLY_PROVIDED = "partly_provided", "部分提供"
    REFUSED = "refused", "拒绝"
    OVERDUE = "overdue", "逾期未提供"
    TO_BE_RETURNED = "to_be_returned", "待归还"
    RETURNED = "returned", "归还"
    CLOSED = "closed", "结案"
    REVISIT = "revisit", "回头看"
    ARCHIVED = "archived", "归档"


class AssistantStage(LabelledEnum):
    """Where the appointment of an invited assistant stands (article 6)."""

    RECOMMENDED = "recommended", "推荐"
    REVIEWING = "reviewing", "审查"
    DECLINED = "declined", "不予聘任"
    APPOINTED = "appointed", "聘任"
    ON_DUTY = "on_duty", "履职"
    TERM_ENDING = "term_ending", "任期将满"
    RENEWED = "renewed", "续聘"
    RELEASED = "released", "解除"
    CLOSED = "closed", "结案"
    REVISIT = "revisit", "回头看"
    ARCHIVED = "archived", "归档"


class CampaignStage(LabelledEnum):
    """Where a joint campaign stands (article 7)."""

    PROPOSED = "proposed", "提议"
    AGREED = "agreed", "商定"
    UNDER_WAY = "under_way", "实施"
    REPORTING = "reporting", "总结"
    FOLLOWING_UP = "following_up", "任务落实"
    CLOSED = "closed", "结案"
    REVISIT = "revisit", "回头看"
    ARCHIVED = "archived", "归档"


class CoordinationStage(LabelledEnum):
    """Where a request to urge another unit, and its round table, stands (article 7)."""

    REQUESTED = "requested", "商请"
    DECLINED = "declined", "不予协调"
    ACCEPTED = "accepted", "受理"
    URGING = "urging", "督促相关单位"
    ROUNDTABLE_CALLED = "roundtable_called", "圆桌会议"
    FOLLOWING_UP = "following_up", "任务落实"
    CLOSED = "closed", "结案"
    REVISIT = "revisit", "回头看"
    ARCHIVED = "archived", "归档"


class DisputeStage(LabelledEnum):
    """Where the settling of an administrative dispute stands (article 8)."""

    ASSESSING = "assessing", "适宜评估"
    UNSUITABLE = "unsuitable", "不适宜化解"
    CONTACTING = "contacting", "沟通"
    PLANNING = "planning", "方案"
    NEGOTIATING = "negotiating", "协商"
    AGREED = "agreed", "签署"
    PERFORMING = "performing", "履行"
    PERFORMED = "performed", "履行完毕"
    FAILED = "failed", "不成"
    CLOSED = "closed", "结案"
    REVISIT = "revisit", "回头看"
    ARCHIVED = "archived", "归档"


class StudyStage(LabelledEnum):
    """Where a joint study stands (article 9)."""

    PROPOSED = "proposed", "提议"
    AGREED = "agreed", "商定"
    FIELD_WORK = "field_work", "实施"
    REPORTED = "reported", "报告"
    FOLLOWING_UP = "following_up", "建议落实"
    CLOSED = "closed", "结案"
    REVISIT = "revisit", "回头看"
    ARCHIVED = "archived", "归档"


class TrainingStage(LabelledEnum):
    """Where a joint training stands (article 10)."""

    PROPOSED = "proposed", "提议"
    INVITED = "invited", "邀请"
    AGREED = "agreed", "商定"
    UNDER_WAY = "under_way", "实施"
    EVALUATING = "evaluating", "评估"
    CLOSED = "closed", "结案"
    REVISIT = "revisit", "回头看"
    ARCHIVED = "archived", "归档"


class ExchangeStage(LabelledEnum):
    """Where one regular exchange between the two offices stands (article 2)."""

    GATHERING = "gathering", "汇总"
    CIRCULAR_DRAFTED = "circular_drafted", "拟稿"
    CIRCULATED = "circulated", "通报"
    AWAITING_ACKNOWLEDGEMENT = "awaiting_acknowledgement", "待确认"
    ACKNOWLEDGED = "acknowledged", "确认"
    CLOSED = "closed", "结案"
    REVISIT = "revisit", "回头看"
    ARCHIVED = "archived", "归档"


class ProblemStage(LabelledEnum):
    """Where the report of a problem of implementation stands (the covering notice)."""

    REPORTED = "reported", "报告"
    RECEIVED = "received", "市级收悉"
    ANSWERING = "answering", "答复中"
    ANSWERED = "answered", "答复"
    CLOSED = "closed", "结案"
    REVISIT = "revisit", "回头看"
    ARCHIVED = "archived", "归档"


STAGES: dict[CaseKind, type[LabelledEnum]] = {
    CaseKind.URGING: UrgingStage,
    CaseKind.CAMPAIGN: CampaignStage,
    CaseKind.COORDINATION: CoordinationStage,
    CaseKind.DISPUTE: DisputeStage,
    CaseKind.STUDY: StudyStage,
    CaseKind.CLUE: ClueStage,
    CaseKind.FILE_REQUEST: FileRequestStage,
    CaseKind.ASSISTANT: AssistantStage,
    CaseKind.ENFORCEMENT: EnforcementStage,
    CaseKind.PUBLIC_INTEREST: PublicInterestStage,
    CaseKind.TRAINING: TrainingStage,
    CaseKind.LIAISON_EXCHANGE: ExchangeStage,
    CaseKind.PROBLEM_REPORT: ProblemStage,
}
