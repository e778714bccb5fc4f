"""The words of non-litigation enforcement (第四条), for each Chinese term one English word; values stay once released."""

from __future__ import annotations

from models.terms import LabelledEnum


class PenaltyKind(LabelledEnum):
    """What a penalty decision imposes; one decision has several items, each with a course of its own."""

    LAND_RETURN = "land_return", "退还土地"
    DEMOLITION = "demolition", "限期拆除"
    RESTORATION = "restoration", "恢复原状"
    CONFISCATION = "confiscation", "没收建筑物、设施"
    ILLEGAL_GAINS = "illegal_gains", "没收违法所得"
    FINE = "fine", "罚款"
    SURCHARGE = "surcharge", "加处罚款"
    RECLAMATION = "reclamation", "复垦补种"
    OTHER = "other", "其他"

    @property
    def is_payment(self) -> bool:
        """Whether it is fulfilled by paying."""
        return self in (PenaltyKind.FINE, PenaltyKind.SURCHARGE, PenaltyKind.ILLEGAL_GAINS)


class PenaltyState(LabelledEnum):
    """How far one item of a penalty decision has come."""

    UNFULFILLED = "unfulfilled", "未履行"
    PARTLY_FULFILLED = "partly_fulfilled", "部分履行"
    FULFILLED = "fulfilled", "已履行"
    REVOKED = "revoked", "已撤销"
    APPLIED = "applied", "已申请执行"
    ACCEPTED = "accepted", "法院已受理"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    OVERLOOKED = "overlooked", "裁定遗漏"
    GRANTED = "granted", "准予执行"
    REFUSED = "refused", "不准予执行"
    RECONSIDERING = "reconsidering", "裁定复议中"
    ENFORCING = "enforcing", "法院执行中"
    AGENCY_ENFORCING = "agency_enforcing", "行政机关组织实施中"
    STAYED = "stayed", "中止执行"
    ENDED = "ended", "终结执行"


class Enforcer(LabelledEnum):
    """By whom an item of a penalty was brought to its end."""

    PARTY = "party", "当事人自行履行"
    COURT = "court", "法院强制执行"
    AGENCY = "agency", "行政机关组织实施"


class Remedy(LabelledEnum):
    """How a party may turn against a penalty decision ([行诉]44, 45)."""

    RECONSIDERATION = "reconsideration", "行政复议"
    SUIT = "suit", "行政诉讼"


class RemedyResult(LabelledEnum):
    """What a party's reconsideration or suit came to."""

    UPHELD = "upheld", "维持、驳回"
    WITHDRAWN = "withdrawn", "撤回"
    REVOKED = "revoked", "撤销、变更"


class Step(LabelledEnum):
    """A step of procedure in a supervision case that has a period of its own ([行监])."""

    HANDOVER = "handover", "移送办案部门"
    OTHER_PARTY = "other_party", "其他当事人提交意见"
    FLOW_NOTICE = "flow_notice", "案件流程监控通知"
