"""The field's own words: for each Chinese term one English word, as `docs/glossary.md` fixes them.

A member *is* its English value (on the wire, in ids, in search attributes) and carries the Chinese `label`
that staff read. Input may use either: `Matter("毁坏耕地") is Matter("farmland_destruction")`. Values stay
once released; labels may change.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class LabelledEnum(StrEnum):
    """A string enumeration whose members also have a Chinese label."""

    _value_: str
    label: str

    # The defaults are for callers alone, who look a member up by its value: `Matter("other")`.
    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return next((member for member in cls if member.label == value), None)


class ArticledEnum(LabelledEnum):
    """A labelled enumeration whose members also name their place in the founding document.

    `article` reads `第三条`, or `印发通知` for the covering notice; it is empty for what lies outside.
    """

    article: str

    def __new__(cls, value: str, label: str = "", article: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.article = article
        return member


class CaseKind(ArticledEnum):
    """The kinds of case, as `mingjian open KIND` takes them."""

    URGING = "urging", "行政执法督促", "第三条"
    ENFORCEMENT = "enforcement", "行政非诉执行监督", "第四条"
    CLUE = "clue", "线索移送", "第五条"
    PUBLIC_INTEREST = "public_interest", "公益诉讼", "第五条"
    FILE_REQUEST = "file_request", "调阅卷宗", "第六条"
    ASSISTANT = "assistant", "特邀检察官助理", "第六条"
    CAMPAIGN = "campaign", "专项行动", "第七条"
    COORDINATION = "coordination", "商请督促与圆桌会议", "第七条"
    DISPUTE = "dispute", "行政争议实质性化解", "第八条"
    STUDY = "study", "联合调研", "第九条"
    TRAINING = "training", "联合培训", "第十条"
    LIAISON_EXCHANGE = "liaison_exchange", "日常联络与定期通报", "第二条"
    PROBLEM_REPORT = "problem_report", "执行中问题的报告", "印发通知"


class Mechanism(ArticledEnum):
    """What a text of the cooperation sets up; what a county adds of its own is named in its words."""

    SCOPE = "scope", "监督重点领域", "第一条"
    LIAISON = "liaison", "日常联络", "第二条"
    URGING = "urging", "行政执法督促", "第三条"
    ENFORCEMENT = "enforcement", "行政非诉执行监督联动", "第四条"
    PUBLIC_INTEREST = "public_interest", "公益诉讼案件线索移送和查处", "第五条"
    ASSISTANCE = "assistance", "协助配合调查和专业支持", "第六条"
    CAMPAIGN = "campaign", "联合专项行动及协作", "第七条"
    DISPUTE = "dispute", "行政争议实质性联动化解", "第八条"
    STUDY = "study", "联合调研", "第九条"
    TRAINING = "training", "联合培训", "第十条"


class Matter(ArticledEnum):
    """What a case is about: the fields of article 1, with those that articles 5 and 7 add."""

    LAND_EXPROPRIATION_COMPENSATION = "land_expropriation_compensation", "土地征收补偿", "第一条"
    STATE_LAND_GRANT = "state_land_grant", "国有土地使用权出让", "第一条"
    ILLEGAL_BUILDING = "illegal_building", "违建房屋", "第一条"
    FARMLAND_DESTRUCTION = "farmland_destruction", "毁坏耕地", "第一条"
    FARMLAND_OCCUPATION = "farmland_occupation", "非法占用农用地", "第一条"
    FARMLAND_MISUSE = "farmland_misuse", "违法乱占耕地", "第一条"
    MINERAL_DESTRUCTION = "mineral_destruction", "破坏矿产资源", "第五条"
    LAND_ACQUISITION = "land_acquisition", "土地征迁", "第七条"
    OTHER = "other", "其他", ""

    @property
    def is_focus(self) -> bool:
        """Whether article 1 makes it the focus (以“违法乱占耕地”非诉执行监督为重点)."""
        return self is Matter.FARMLAND_MISUSE

    @property
    def needs_reason(self) -> bool:
        """Whether it lies outside the founding document, so that the case must say why it is taken."""
        return self is Matter.OTHER


class Element(LabelledEnum):
    """An element of the facts of a matter, which a letter or a closing review tells in order."""

    VIOLATION_STARTED = "violation_started", "违法开始"
    VIOLATION_FOUND = "violation_found", "发现违法"
    STOP_ORDERED = "stop_ordered", "责令停止违法行为"
    AGENCY_FILED = "agency_filed", "行政立案"
    AGENCY_INVESTIGATED = "agency_investigated", "行政调查"
    AGENCY_HEARD = "agency_heard", "行政听证"
    AGENCY_DECIDED = "agency_decided", "作出行政决定"
    AGENCY_SERVED = "agency_served", "送达行政文书"
    APPROVAL_REQUESTED = "approval_requested", "报请批准"
    RECONSIDERED = "reconsidered", "行政复议决定"
    LAND_SUPPLIED = "land_supplied", "供应土地"
    LAND_EXPROPRIATED = "land_expropriated", "征收土地"
    LAND_REGISTERED = "land_registered", "不动产登记"
    CONTRACT_MADE = "contract_made", "订立、变更合同"
    CLUE_FOUND = "clue_found", "发现线索"
    CLUE_TRANSFERRED = "clue_transferred", "移送线索"
    MECHANISM_ESTABLISHED = "mechanism_established", "建立机制"
    CAMPAIGN_HELD = "campaign_held", "部署专项行动"
    INSPECTED = "inspected", "督导检查"
    GOVERNMENT_DECIDED = "government_decided", "政府研究决定"
    COURT_DECIDED = "court_decided", "法院裁判"
    SUED = "sued", "提起诉讼"
    EXAMINED = "examined", "鉴定、专家意见"
    EVIDENCE_SUPPLIED = "evidence_supplied", "补充证据"
    PARTY_ACTED = "party_acted", "当事人自行处理"


class ClueDirection(LabelledEnum):
    """From which side to which a clue is handed over (article 5)."""

    BUREAU_TO_PROCURATORATE = "bureau_to_procuratorate", "行政机关移送检察院"
    PROCURATORATE_TO_BUREAU = "procuratorate_to_bureau", "检察院移送行政机关"
    BETWEEN_PROCURATORATES = "between_procuratorates", "检察院之间移送"


class RefusalMeasure(LabelledEnum):
    """What is done about a file that is refused ([公规]45, [行监]67)."""

    REPORT = "report", "报告"
    CIRCULATE = "circulate", "通报"
    SUGGEST = "suggest", "提出检察建议"
    REFER = "refer", "移送有关机关处理"
    OTHER = "other", "其他处理"


class ServiceForm(LabelledEnum):
    """How an invited assistant has helped (article 6), as statistics count it."""

    CONSULTATION = "consultation", "提供咨询"
    INQUIRY = "inquiry", "参与调查核实"
    SURVEY = "survey", "参与现场勘验"
    OPINION = "opinion", "出具专业意见"
    MEETING = "meeting", "参加磋商、听证"


class MeetingForm(LabelledEnum):
    """What sort of meeting it is."""

    ROUND_TABLE = "round_table", "圆桌会议"
    JOINT_MEETING = "joint_meeting", "联席会议"
    CONSULTATION = "consultation", "磋商会议"
    HEARING = "hearing", "听证会"
    FORUM = "forum", "座谈会"
    MEDIATION = "mediation", "化解协调会"
    TRAINING_SESSION = "training_session", "培训"
    FIELD_WORK = "field_work", "实地调研"


class TrainingForm(LabelledEnum):
    """How the two sides share training (article 10 names these four)."""

    INVITED = "invited", "邀请参加培训"
    JOINT = "joint", "联合开展培训"
    TEACHERS = "teachers", "互派师资授课"
    TRAINEES = "trainees", "互相派员学习"


class ExchangeSubject(LabelledEnum):
    """What the two offices tell each other (article 2): the course of their cases, or a major deployment."""

    REGULAR = "regular", "定期通报"
    DEPLOYMENT = "deployment", "重大工作部署"


class ExchangeCycle(LabelledEnum):
    """How often the two offices tell each other (article 2 says 定期 and no more)."""

    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    HALF_YEAR = "half_year", "每半年"
    YEAR = "year", "每年"

    @property
    def months(self) -> int:
        """How many months one period has."""
        return {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[self.value]


class Relation(LabelledEnum):
    """What another case is to this one; each has its counterpart on the other side."""

    PARENT = "parent", "上级案件"
    CHILD = "child", "所属案件"
    CONVERTED_FROM = "converted_from", "由其转来"
    CONVERTED_INTO = "converted_into", "转为"
    COVERED_BY = "covered_by", "为其文书所涵盖"
    COVERS = "covers", "文书涵盖"
    REOPENS = "reopens", "重新办理"
    REOPENED_AS = "reopened_as", "另立为"
    TRANSFERRED_FROM = "transferred_from", "由其移送"
    TRANSFERRED_TO = "transferred_to", "移送为"
    RELATED = "related", "关联"

    @property
    def counterpart(self) -> Relation:
        """What this case is to the other one."""
        return _COUNTERPARTS[self]


_COUNTERPARTS: dict[Relation, Relation] = {}
for _one, _other in (
    (Relation.PARENT, Relation.CHILD),
    (Relation.CONVERTED_FROM, Relation.CONVERTED_INTO),
    (Relation.COVERED_BY, Relation.COVERS),
    (Relation.REOPENS, Relation.REOPENED_AS),
    (Relation.TRANSFERRED_FROM, Relation.TRANSFERRED_TO),
    (Relation.RELATED, Relation.RELATED),
):
    _COUNTERPARTS[_one], _COUNTERPARTS[_other] = _other, _one


class ServiceMode(LabelledEnum):
    """How a paper reaches its recipient ([民诉]87-91, [建议]18, [专递])."""

    DIRECT = "direct", "直接送达"
    LEFT = "left", "留置送达"
    POST = "post", "邮寄送达"
    PUBLIC = "public", "公开宣告送达"
    ELECTRONIC = "electronic", "电子送达"


class Stance(LabelledEnum):
    """What a reply says of the letter."""

    ADOPTED = "adopted", "采纳"
    PARTLY_ADOPTED = "partly_adopted", "部分采纳"
    NOT_ADOPTED = "not_adopted", "不采纳"
    DIFFICULTIES = "difficulties", "说明困难"
    NOT_COMPETENT = "not_competent", "无权处理"
    PROVIDED = "provided", "已提供"
    PARTLY_PROVIDED = "partly_provided", "部分提供"
    REFUSED = "refused", "拒绝"
    AGREED = "agreed", "同意"
    DECLINED = "declined", "不同意"
    ACKNOWLEDGED = "acknowledged", "收悉"


class Substance(LabelledEnum):
    """What a reply is worth once looked into; apart from whether it came in time."""

    PUT_RIGHT = "put_right", "采纳并整改"
    PARTLY = "partly", "部分整改"
    NOT_PUT_RIGHT = "not_put_right", "未整改"
    REJECTED = "rejected", "不采纳"
    EMPTY = "empty", "空洞"
    FALSE_REPLY = "false_reply", "虚假"

    @property
    def opens_ladder(self) -> bool:
        """Whether it opens the ladder of [建议]25 though the reply came in time."""
        return self is not Substance.PUT_RIGHT


class Role(LabelledEnum):
    """In what capacity somebody records a fact or takes a decision."""

    PROCURATOR = "procurator", "检察官"
    PROCURATOR_ASSISTANT = "procurator_assistant", "检察官助理"
    CLERK = "clerk", "书记员"
    DEPARTMENT_HEAD = "department_head", "部门负责人"
    DEPUTY_CHIEF_PROCURATOR = "deputy_chief_procurator", "分管副检察长"
    CHIEF_PROCURATOR = "chief_procurator", "检察长"
    PROCURATORIAL_COMMITTEE = "procuratorial_committee", "检察委员会"
    LIAISON = "liaison", "检察机关联络员"
    AGENCY_LIAISON = "agency_liaison", "行政机关联络员"
    ENFORCEMENT_OFFICER = "enforcement_officer", "执法监察人员"
    AGENCY = "agency", "行政机关"
    COURT = "court", "人民法院"
    OPERATOR = "operator", "系统运维人员"
    SYSTEM = "system", "系统"

    @property
    def is_chief(self) -> bool:
        """Whether it may take what the law leaves to the chief procurator: himself, his deputy in charge, the committee."""
        return self in (Role.CHIEF_PROCURATOR, Role.DEPUTY_CHIEF_PROCURATOR, Role.PROCURATORIAL_COMMITTEE)


class Side(LabelledEnum):
    """Whose act a fact is: the `role` of an event in a published case."""

    PROCURATORATE = "procuratorate", "检察院"
    AGENCY = "agency", "行政机关"
    COURT = "court", "法院"
    PARTY = "party", "当事人"
    GOVERNMENT = "government", "政府"
    TOWNSHIP = "township", "乡镇、街道"
    OTHER = "other", "其他"


class BodyKind(LabelledEnum):
    """What sort of body a recipient or issuer is."""

    PROCURATORATE = "procuratorate", "人民检察院"
    COURT = "court", "人民法院"
    NATURAL_RESOURCES = "natural_resources", "自然资源主管部门"
    GOVERNMENT = "government", "人民政府"
    TOWNSHIP = "township", "乡镇人民政府、街道办事处"
    URBAN_MANAGEMENT = "urban_management", "城市管理、综合执法部门"
    FORESTRY = "forestry", "林业部门"
    WATER = "water", "水利部门"
    AGRICULTURE = "agriculture", "农业农村部门"
    FINANCE = "finance", "财政部门"
    ECOLOGY = "ecology", "生态环境部门"
    HOUSING = "housing", "住房和城乡建设部门"
    TRANSPORT = "transport", "交通运输部门"
    POLICE = "police", "公安机关"
    MARKET_SUPERVISION = "market_supervision", "市场监督管理部门"
    DISCIPLINE = "discipline", "纪检监察机关"
    PARTY_COMMITTEE = "party_committee", "党委"
    PEOPLES_CONGRESS = "peoples_congress", "人大常委会"
    DEVELOPMENT_ZONE = "development_zone", "开发区管委会"
    UNIVERSITY = "university", "高等院校"
    ENTERPRISE = "enterprise", "企业"
    VILLAGE = "village", "村（居）民委员会"
    OTHER = "other", "其他单位"


class Level(LabelledEnum):
    """A rung of the administrative ladder."""

    PROVINCE = "province", "省级"
    CITY = "city", "设区的市级"
    COUNTY = "county", "县级"
    TOWNSHIP = "township", "乡级"

    @property
    def rank(self) -> int:
        """0 for a province, 3 for a township."""
        return list(Level).index(self)


class LetterState(LabelledEnum):
    """How far one letter to one recipient has come."""

    DRAFTED = "drafted", "已起草"
    APPROVED = "approved", "已批准"
    ISSUED = "issued", "已制发"
    SERVED = "served", "已送达"
    REFUSED_SERVICE = "refused_service", "拒收"
    OBJECTED = "objected", "异议复核中"
    REPLIED = "replied", "已回复"
    ASSESSED = "assessed", "已评估"
    WITHDRAWN = "withdrawn", "已撤回"


class ItemState(LabelledEnum):
    """How far one item to be put right has come; which milestones it has passed is kept beside it."""

    OPEN = "open", "未整改"
    UNDER_WAY = "under_way", "整改中"
    DONE = "done", "已完成"
    REOPENED = "reopened", "反弹或验收不合格"
    DROPPED = "dropped", "不再要求"


class Milestone(LabelledEnum):
    """A step by which an item is put right. Demolished is not re-cultivated: each step has its own proof."""

    DECIDED = "decided", "作出决定"
    DEMOLISHED = "demolished", "拆除"
    CLEARED = "cleared", "清运"
    COVERED = "covered", "覆土"
    ACCEPTED = "accepted", "验收"
    PLANTED = "planted", "种植"
    GROWN = "grown", "出苗长势核验"
    PAID = "paid", "缴款到账"
    CONFISCATED = "confiscated", "没收"
    HANDED_OVER = "handed_over", "移交"
    PERMITTED = "permitted", "补办手续"
    DELIVERED = "delivered", "交付"
    REGISTERED = "registered", "登记"
    WITHDRAWN = "withdrawn", "撤回申请"
    DONE = "done", "完成"


class ItemKind(LabelledEnum):
    """What is to be put right; gives the milestones that an item starts with, which staff may change."""

    RECULTIVATION = "recultivation", "拆除复耕"
    CLEARANCE = "clearance", "清运恢复"
    DEMOLITION = "demolition", "拆除"
    PAYMENT = "payment", "缴款"
    CONFISCATION = "confiscation", "没收移交"
    LAND_RETURN = "land_return", "退还或收回土地"
    REPLANTING = "replanting", "补植补种"
    LEGALISATION = "legalisation", "补办手续"
    RULES = "rules", "建章立制"
    TASK = "task", "任务"
    RECOMMENDATION = "recommendation", "对策建议"
    DELIVERY = "delivery", "交付"
    REGISTRATION = "registration", "登记"
    WITHDRAWAL = "withdrawal", "撤回申请"
    OTHER = "other", "其他"

    @property
    def milestones(self) -> tuple[Milestone, ...]:
        """The ordered milestones such an item usually passes."""
        return _MILESTONES[self]


_MILESTONES: dict[ItemKind, tuple[Milestone, ...]] = {
    ItemKind.RECULTIVATION: (
        Milestone.DEMOLISHED,
        Milestone.CLEARED,
        Milestone.COVERED,
        Milestone.ACCEPTED,
        Milestone.PLANTED,
    ),
    ItemKind.CLEARANCE: (Milestone.CLEARED, Milestone.COVERED, Milestone.ACCEPTED),
    ItemKind.DEMOLITION: (Milestone.DEMOLISHED, Milestone.CLEARED),
    ItemKind.PAYMENT: (Milestone.PAID,),
    ItemKind.CONFISCATION: (Milestone.CONFISCATED, Milestone.HANDED_OVER),
    ItemKind.LAND_RETURN: (Milestone.DECIDED, Milestone.HANDED_OVER),
    ItemKind.REPLANTING: (Milestone.PLANTED, Milestone.GROWN, Milestone.ACCEPTED),
    ItemKind.LEGALISATION: (Milestone.PERMITTED,),
    ItemKind.RULES: (Milestone.DONE,),
    ItemKind.TASK: (Milestone.DONE,),
    ItemKind.RECOMMENDATION: (Milestone.DONE,),
    ItemKind.DELIVERY: (Milestone.DELIVERED,),
    ItemKind.REGISTRATION: (Milestone.REGISTERED,),
    ItemKind.WITHDRAWAL: (Milestone.WITHDRAWN,),
    ItemKind.OTHER: (Milestone.DONE,),
}


class Outcome(LabelledEnum):
    """How a case really ended."""

    RECTIFIED = "rectified", "整改到位"
    PARTLY_RECTIFIED = "partly_rectified", "部分整改"
    LEGALISED = "legalised", "补办手续后保留"
    SETTLED = "settled", "和解"
    OFFSITE_REPLANTING = "offsite_replanting", "异地补林、占补平衡"
    SUBSTITUTE_PERFORMANCE = "substitute_performance", "代履行后追偿"
    CONFISCATED = "confiscated", "没收后作国有资产处置"
    HANDOVER_RETURNED = "handover_returned", "移交被退回"
    ENFORCED = "enforced", "执行完毕"
    NOT_ACCEPTED = "not_accepted", "法院不予受理"
    CONVERTED_TO_PIL = "converted_to_pil", "转公益诉讼"
    SUIT_WITHDRAWN = "suit_withdrawn", "撤回起诉"
    LITIGATION_CLOSED = "litigation_closed", "终结诉讼"
    JUDGMENT = "judgment", "判决履职或确认违法"
    ESCALATED = "escalated", "提级处理"
    TRANSFERRED = "transferred", "移送其他检察院"
    MERGED = "merged", "并案"
    WITHDRAWN = "withdrawn", "撤回检察建议"
    TERMINATED = "terminated", "终结审查"
    NO_ILLEGALITY = "no_illegality", "查无违法"
    # 支持 (第一条): what helped the bureau's own enforcement, beside what was supervised.
    ENFORCEMENT_SUPPORTED = "enforcement_supported", "支持执法：协助执行到位"
    UNIT_URGED = "unit_urged", "支持执法：相关单位依法履职"
    NOT_SUPPORTED = "not_supported", "不支持监督申请"
    REFERRED = "referred", "提请上级检察院监督"
    EXECUTION_STAYED = "execution_stayed", "中止执行"
    EXECUTION_ENDED = "execution_ended", "终结执行"
    REFUSED_BY_COURT = "refused_by_court", "不准予执行"
    DECLINED = "declined", "不予受理、不立案"
    TAKEN = "taken", "线索采纳"
    RETURNED = "returned", "线索退回"
    FORWARDED = "forwarded", "线索移送他院"
    PROVIDED = "provided", "已提供"
    PARTLY_PROVIDED = "partly_provided", "部分提供"
    REFUSED = "refused", "拒绝提供"
    TERM_ENDED = "term_ended", "聘期届满"
    RELEASED = "released", "解聘"
    COMPLETED = "completed", "完成"
    CANCELLED = "cancelled", "取消"
    DISPUTE_NOT_SETTLED = "dispute_not_settled", "化解不成"
    ACKNOWLEDGED = "acknowledged", "双方确认"
    ANSWERED = "answered", "已答复"


class SiteFinding(LabelledEnum):
    """What a follow-up inquiry finds on the spot ([公规]77, 82)."""

    PUT_RIGHT = "put_right", "整改到位"
    PARTLY = "partly", "部分整改"
    NOT_PUT_RIGHT = "not_put_right", "未整改"
    RELAPSED = "relapsed", "反弹"


class Proof(LabelledEnum):
    """By what it is proved: a reply alone proves nothing."""

    SITE_SURVEY = "site_survey", "现场勘查"
    SATELLITE = "satellite", "卫星比对"
    DRONE = "drone", "无人机航拍"
    EXCAVATION = "excavation", "挖探"
    TEST = "test", "检测"
    APPRAISAL = "appraisal", "鉴定"
    EXPERT_OPINION = "expert_opinion", "专家意见"
    THIRD_PARTY = "third_party", "第三方评估"
    PEOPLES_SUPERVISOR = "peoples_supervisor", "人民监督员"
    HEARING = "hearing", "听证"
    INSPECTORATE = "inspectorate", "督察验收销号"
    AGENCY_ACCEPTANCE = "agency_acceptance", "主管部门验收"
    ACCOUNTS = "accounts", "凭证账册"


class Instance(LabelledEnum):
    """By which court a judgment is given."""

    FIRST = "first", "第一审"
    SECOND = "second", "第二审"
    RETRIAL = "retrial", "再审"


class Relief(LabelledEnum):
    """What a judgment in an administrative public-interest suit says ([公释]25)."""

    ORDERED = "ordered", "责令履行"
    DECLARED_UNLAWFUL = "declared_unlawful", "确认违法"
    DECLARED_VOID = "declared_void", "确认无效"
    ANNULLED = "annulled", "撤销行政行为"
    CHANGED = "changed", "变更行政行为"
    DISMISSED = "dismissed", "驳回诉讼请求"
    UPHELD = "upheld", "维持原判"


class SuitEnding(LabelledEnum):
    """How a suit ends without a judgment."""

    WITHDRAWN = "withdrawn", "准许撤回起诉"
    CLOSED = "closed", "终结诉讼"
    NOT_DOCKETED = "not_docketed", "不予立案"
    REJECTED = "rejected", "驳回起诉"


class DisputeState(LabelledEnum):
    """How far the settling of a dispute has come, as the case is told that it belongs to."""

    UNDER_WAY = "under_way", "正在化解"
    SETTLED = "settled", "化解成功"
    FAILED = "failed", "化解不成"


class EscalationRung(LabelledEnum):
    """The ladder of [建议]25, lowest rung first; each rung is a decision of the chief procurator."""

    SUPERIOR_PROCURATORATE = "superior_procuratorate", "报告上级人民检察院"
    SUPERIOR_AGENCY = "superior_agency", "通报上级机关、主管部门或者行业组织"
    PARTY_AND_CONGRESS = "party_and_congress", "报告同级党委、人大"
    GOVERNMENT_AND_DISCIPLINE = "government_and_discipline", "通报同级政府、纪检监察机关"
    PUBLIC_INTEREST_LITIGATION = "public_interest_litigation", "提起公益诉讼"


class ClueSource(LabelledEnum):
    """Where a clue came from."""

    OWN_DUTY = "own_duty", "履职中发现"
    AGENCY_TRANSFER = "agency_transfer", "行政机关移送"
    TOWNSHIP_TRANSFER = "township_transfer", "乡镇政府移送"
    RIVER_CHIEF_TRANSFER = "river_chief_transfer", "河长办、林长办移送"
    AUDIT = "audit", "审计"
    TAX = "tax", "税务"
    DEPUTY = "deputy", "人大代表、政协委员"
    VOLUNTEER = "volunteer", "公益诉讼志愿者"
    HOTLINE = "hotline", "12345热线工单"
    ONLINE_MESSAGE = "online_message", "网络留言"
    MEDIA = "media", "媒体报道"
    CRIMINAL_CASE = "criminal_case", "刑事案件"
    REMOTE_SENSING = "remote_sensing", "遥感与大数据"
    LETTER_OR_VISIT = "letter_or_visit", "信访来信来访"
    PARTY_APPLICATION = "party_application", "当事人申请监督"
    CAMPAIGN = "campaign", "专项行动"
    SUPERIOR = "superior", "上级交办"
    OTHER = "other", "其他"
