"""Where a case stands, for each kind of case: staff words and identifiers. A value stays once released; labels may change."""

from __future__ import annotations

from models.terms import LabelledEnum


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
