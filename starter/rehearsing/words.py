"""The words of published events: what staff call them, and which of them move letters, items, or the case itself.

A word that stands in no table here is kept in the timeline; none is ever refused.
"""

from __future__ import annotations

import re

from models.terms import ItemKind, Milestone

LABELS = {
    "accepted_on_site": "现场验收",
    "agency_hearing_held": "行政机关听证",
    "agency_investigation": "行政机关调查",
    "agency_reorganized": "机构改革",
    "agreement_signed": "签订协议",
    "application_filed": "申请强制执行",
    "appraisal_commissioned": "委托鉴定",
    "appraisal_received": "收到鉴定意见",
    "approval_requested": "报请批准",
    "assigned_to_township": "交乡镇实施",
    "assistance_reply": "协助答复",
    "assistants_appointed": "聘任特邀检察官助理",
    "campaign_closed": "专项行动结束",
    "campaign_started": "专项行动部署",
    "cancellation_announced": "公告注销",
    "case_closed": "结案",
    "case_filed_agency": "行政立案",
    "case_filed_procuratorate": "检察立案",
    "case_transferred": "案件移送",
    "civil_suit_dismissed": "民事起诉被驳回",
    "civil_suit_filed": "提起民事诉讼",
    "clue_found": "发现线索",
    "clue_transferred": "移送线索",
    "competence_transferred": "职权划转",
    "consultation_held": "磋商",
    "contract_changed": "变更合同",
    "contract_signed": "签订合同",
    "court_refused": "法院不予受理",
    "court_ruling": "法院裁定",
    "criminal_judgment": "刑事判决",
    "decision_served": "送达处罚决定",
    "demand_notice_served": "送达催告书",
    "demolished": "拆除",
    "demolition_started": "开始拆除",
    "evidence_supplied": "补交证据",
    "execution_resumed": "恢复执行",
    "execution_terminated": "终结执行",
    "expert_opinion": "专家意见",
    "expropriation_decision": "征收决定",
    "fine_paid": "缴纳罚款",
    "follow_up_check": "跟进核查",
    "gov_minutes_issued": "政府纪要",
    "hearing_held": "听证",
    "idle_determination": "闲置认定",
    "investigation_notice_served": "送达调查通知",
    "joint_inspection": "联合督导",
    "judgment": "判决",
    "jurisdiction_transferred": "移送管辖",
    "land_auctioned": "土地拍卖",
    "land_delivered": "交付土地",
    "land_expropriation_started": "启动征地",
    "land_granted": "出让土地",
    "lawsuit_filed": "起诉",
    "lawsuit_withdrawn": "撤诉",
    "letter_sent": "发函",
    "litigation_closed": "终结诉讼",
    "mechanism_established": "建立机制",
    "mechanism_published": "公布机制",
    "meeting_held": "会议",
    "mine_closed": "关停矿山",
    "model_built": "建立监督模型",
    "money_recovered": "追回款项",
    "party_deadline": "给当事人的期限",
    "penalty_decision": "处罚决定",
    "progress_reported": "报告进展",
    "protest_filed": "抗诉",
    "reclaim_decision": "收回决定",
    "reconsideration_decision": "复议决定",
    "rectification_deadline": "责令整改期限",
    "rectified": "整改完成",
    "registration_changed": "变更登记",
    "registration_made": "登记",
    "registration_requested": "申请登记",
    "relapse_found": "发现反弹",
    "reply_received": "收到回复",
    "reported": "报道",
    "result_counted": "成果统计",
    "retrial_judgment": "再审判决",
    "retrial_ordered": "裁定再审",
    "return_notice_served": "送达退还通知",
    "roundtable_held": "圆桌会议",
    "ruling_supplemented": "补充裁定",
    "settlement_reached": "和解",
    "site_survey": "现场勘查",
    "statistics_published": "公布统计",
    "stop_notice_served": "送达停止通知",
    "suggestion_issued": "发出检察建议",
    "suggestion_served": "送达检察建议",
    "suggestion_withdrawn": "撤回检察建议",
    "supervision_requested": "申请监督",
    "supervision_withdrawn": "撤回监督申请",
    "trial_held": "开庭",
    "verified": "核实整改",
    "violation_found": "发现违法",
    "violation_started": "违法开始",
    "withdrawal_requested": "函请撤诉",
}

_ISSUE = re.compile(
    r"(?:\w+_)?suggestions?_(?:re)?(?:issued|sent|made)|(?:notification|notice)_letter_(?:issued|sent)"
)
_SERVE = re.compile(r"(?:\w+_)?suggestions?_(?:served|delivered)|(?:notification_|notice_)?letter_served")
_REPLY = re.compile(
    r"(?:(?:written|first|second|third|further|partial|final|supplementary)_)?reply(?:_received|_sent)?"
)

FILINGS = ("case_filed_procuratorate", "case_accepted")
REORGANISATIONS = (
    "agency_reorganized",
    "agency_renamed",
    "agency_merged",
    "competence_transferred",
    "duty_transferred",
    "assigned_to_township",
)
OBLIGATIONS = ("penalty_decision", "decision_served", "rectification_ordered", "order_issued")
# Whose note may say that supervision begins with it.
BEGINNINGS = ("clue_found", "follow_up_check", "supervision_requested")
CHECKS = (
    "verified",
    "follow_up_check",
    "relapse_found",
    "look_back",
    "looked_back",
    "revisited",
    "rechecked",
)
ENDINGS = ("lawsuit_withdrawn", "litigation_closed")
JUDGMENTS = ("judgment", "retrial_judgment")

# For each kind of item its number in a rehearsal, what it is, and its kind.
ITEMS: dict[str, tuple[ItemKind, str]] = {
    "demolition": (ItemKind.DEMOLITION, "拆除违法建筑"),
    "payment": (ItemKind.PAYMENT, "缴清款项"),
    "confiscation": (ItemKind.CONFISCATION, "没收并移交"),
    "land": (ItemKind.LAND_RETURN, "退还、收回土地"),
    "legalisation": (ItemKind.LEGALISATION, "补办手续"),
    "restoration": (ItemKind.RECULTIVATION, "恢复、复耕"),
    "putting_right": (ItemKind.OTHER, "整改"),
}

# What an event says has been done: of which item, and which milestone.
PROGRESS: dict[str, tuple[str, Milestone]] = {
    "demolished": ("demolition", Milestone.DEMOLISHED),
    "fine_paid": ("payment", Milestone.PAID),
    "money_recovered": ("payment", Milestone.PAID),
    "payment_made": ("payment", Milestone.PAID),
    "funds_returned": ("payment", Milestone.PAID),
    "confiscated": ("confiscation", Milestone.CONFISCATED),
    "handed_over": ("confiscation", Milestone.HANDED_OVER),
    "reclaim_decision": ("land", Milestone.DECIDED),
    "reclaimed": ("land", Milestone.HANDED_OVER),
    "land_returned": ("land", Milestone.HANDED_OVER),
    "land_reclaimed": ("land", Milestone.HANDED_OVER),
    "permit_obtained": ("legalisation", Milestone.PERMITTED),
    "registration_changed": ("legalisation", Milestone.PERMITTED),
    "cleared": ("restoration", Milestone.CLEARED),
    "covered": ("restoration", Milestone.COVERED),
    "restored": ("restoration", Milestone.DONE),
    "recultivated": ("restoration", Milestone.PLANTED),
    "replanted": ("restoration", Milestone.PLANTED),
    "planted": ("restoration", Milestone.PLANTED),
    "accepted_on_site": ("putting_right", Milestone.ACCEPTED),
    "acceptance_passed": ("putting_right", Milestone.ACCEPTED),
    "verified": ("putting_right", Milestone.ACCEPTED),
    "relapse_found": ("putting_right", Milestone.ACCEPTED),
    "rectified": ("putting_right", Milestone.DONE),
}

# A decision is no deed: an item of which a source tells no more stays open until this is reached too.
DEEDS: dict[Milestone, Milestone] = {Milestone.DECIDED: Milestone.HANDED_OVER}

# What the words of a penalty oblige to, and the milestone that shows it done where the source tells of no other.
DUTIES: tuple[tuple[re.Pattern[str], str, Milestone], ...] = (
    (re.compile(r"拆除"), "demolition", Milestone.DEMOLISHED),
    (re.compile(r"罚款"), "payment", Milestone.PAID),
    (re.compile(r"没收"), "confiscation", Milestone.HANDED_OVER),
    (re.compile(r"退地|退还"), "land", Milestone.HANDED_OVER),
    (re.compile(r"恢复|复垦|复耕|治理"), "restoration", Milestone.ACCEPTED),
)


def label(word: str) -> str:
    """What staff call an event; the word itself where no name is known."""
    return LABELS.get(word, word)


def is_issue(word: str) -> bool:
    """Whether a suggestion or 告知函 goes out."""
    return bool(_ISSUE.fullmatch(word))


def is_service(word: str) -> bool:
    """Whether a suggestion or 告知函 reaches its recipient."""
    return bool(_SERVE.fullmatch(word))


def is_reply(word: str) -> bool:
    """Whether a recipient answers."""
    return bool(_REPLY.fullmatch(word))
