"""Complete papers of every kind, with the contents of published cases.

怀宁 (容积率出让金, 2019), 安溪 (建筑垃圾, 2024), 三明 (2021).
"""

from __future__ import annotations

from datetime import date

from models.dates import EventDate
from models.documents import (
    AmendmentNotice,
    Change,
    ClassSuggestion,
    ClosingReview,
    CourtSuggestion,
    LedgerRow,
    NotificationLetter,
    ObjectionReview,
    Opinion,
    Paper,
    PreSuitSuggestion,
    ReckonedDeadline,
    ReckoningNote,
    ReviewedItem,
    ReviewedLetter,
    Suggestion,
    UrgingLetter,
    WithdrawalNotice,
)
from models.general_papers import FormRow, FormSection, FormTable, GeneralForm, GeneralLetter
from models.paper_parts import Advice, Contact, CoveredCase, LetterReference, Period
from models.reporting.paper import ChartRow, PeriodReport, ReportChart, ReportSection
from models.timelines import CaseTimeline, Lane
from models.timelines import Period as TimelinePeriod

TWO_MONTHS = Period(
    length="2个月", counted_from="收到本建议书之日", basis="《人民检察院检察建议工作规定》第十九条"
)
HUAINING = {
    "case_number": "U-340822-2019-0003",
    "issuer": "怀宁县人民检察院",
    "recipient": "怀宁县自然资源和规划局",
    "contact": Contact(
        department="第四检察部", person="陈喆堃", phone="0556-4611234", address="怀宁县高河镇"
    ),
}
SUGGESTED = LetterReference(
    name="检察建议书",
    internal_number="U-340822-2019-0003-2",
    official_number="怀检建〔2019〕5号",
    issued_on=EventDate.parse("2019-07-05"),
    served_on=EventDate.parse("2019-07-05"),
)
ADVICE = (
    Advice(
        text="依法向四家公司追缴所欠土地出让价款。", basis=("《中华人民共和国城市房地产管理法》第十八条",)
    ),
    Advice(text="健全价款催缴和预警制度。", basis=("《人民检察院检察建议工作规定》第十一条",)),
)


def letter_fields(number: str, day: date) -> dict[str, object]:
    return {**HUAINING, "internal_number": f"U-340822-2019-0003-{number}", "dated": day}


NOTIFICATION = NotificationLetter.model_validate(
    {
        **letter_fields("1", date(2019, 6, 10)),
        "official_number": "怀检函〔2019〕12号",
        "subject": "四宗国有建设用地\n土地出让价款未缴清",
        "source": "本院在履行行政检察职责中，发现土地出让价款长期未缴清，现函告如下：",
        "facts": "2011年5月，怀宁县人民政府批复调整容积率。\n缓缴期满后仍欠缴11251.03万元。",
        "duty": "土地使用者改变出让合同约定的，应当相应调整土地使用权出让金。",
        "requests": ADVICE,
        "reply": Period(length="2个月", counted_from="收到本函之日起", basis="协作配合意见第三条"),
        "remarks": "同类宗地请一并排查。",
        "attachments": ("四宗土地欠缴情况表", "出让合同复印件"),
        "copies_to": ("怀宁县人民政府办公室",),
    }
)
SUGGESTION = Suggestion.model_validate(
    {
        **letter_fields("2", date(2019, 7, 5)),
        "official_number": "怀检建〔2019〕5号",
        "source": "本院通过大数据比对发现本案线索，于2019年5月立案。",
        "facts": "四家公司缓缴期满，仍欠缴11251.03万元。",
        "evidence": ("政府批复", "出让合同", "欠缴明细表"),
        "illegality": "你单位怠于追缴，未依法全面履行职责。",
        "advice": ADVICE,
        "objection": Period(length="10日", counted_from="收到本建议书之日"),
        "reply": TWO_MONTHS,
    }
)
PAPER_OF: dict[str, Paper] = {
    "notification_letter": NOTIFICATION,
    "suggestion": SUGGESTION,
    "class_suggestion": ClassSuggestion(
        **{**SUGGESTION.__dict__, "type": "class_suggestion"},
        covered_cases=(CoveredCase(number="明自然资罚〔2020〕11号", name="违法占地案", finding="逾期申请"),),
    ),
    "pre_suit_suggestion": PreSuitSuggestion(
        **{
            **SUGGESTION.__dict__,
            "type": "pre_suit_suggestion",
            "facts": "",
            "evidence": (),
            "objection": None,
        },
        harm="1.3万吨含重金属的建筑垃圾被倾倒在约17.2亩园地。",
        rectification=TWO_MONTHS,
    ),
    "court_suggestion": CourtSuggestion(
        **{**SUGGESTION.__dict__, "type": "court_suggestion", "evidence": (), "objection": None}
    ),
    "urging_letter": UrgingLetter.model_validate(
        {
            **letter_fields("3", date(2019, 9, 20)),
            "letter": SUGGESTED,
            "reason": "partly",
            "replied_on": "2019-09-05",
            "findings": "回复称已汇报、已催收、拟诉讼；经核查，欠缴款项未实际追缴到位。",
            "outstanding": ("追缴所欠土地出让价款", "建立催缴制度"),
            "reply": Period(length="15日", counted_from="收到本函之日"),
        }
    ),
    "reckoning_note": ReckoningNote(
        case_number="U-340822-2019-0003",
        issuer="怀宁县人民检察院",
        internal_number="U-340822-2019-0003-D1",
        dated=date(2019, 7, 8),
        case_name="督促追缴土地出让价款案",
        prepared_by="陈喆堃",
        deadlines=(
            ReckonedDeadline(
                rule="检察建议书的书面回复期限",
                key="jy.reply",
                started_on=EventDate.parse("2019-07-05"),
                due_on=EventDate.parse("2019-09-05"),
                provisional=True,
                basis=("《人民检察院检察建议工作规定》第十九条",),
                rows=(LedgerRow(on=EventDate.parse("2019-07-05"), what="送达", effect="当日不计"),),
                sentences=("开始的当日不计入。", "对应日为2019年9月5日，是工作日，不顺延。"),
            ),
        ),
    ),
    "closing_review": ClosingReview(
        case_number="U-340822-2019-0003",
        issuer="怀宁县人民检察院",
        internal_number="U-340822-2019-0003-C1",
        dated=date(2020, 9, 30),
        case_name="督促追缴土地出让价款案",
        matter="国有土地使用权出让",
        handler="陈喆堃",
        opened_on=EventDate.parse("2019-05"),
        course="2019年7月5日发出检察建议。\n2020年9月11日，法院判决责令继续追缴。",
        letters=(
            ReviewedLetter(name="检察建议书", number="怀检建〔2019〕5号", recipient="怀宁县自然资源和规划局"),
        ),
        items=(ReviewedItem(text="追缴价款", state="部分完成", proof="入库凭证"),),
        outcome="转为公益诉讼",
        county="怀宁县",
        department="第四检察部",
        look_back="2021年3月实地查看",
        keeping="长期",
        reasons="行政执法督促程序终结。",
        opinions=(
            Opinion(role="承办人意见", text="建议结案。", signer="陈喆堃", on=date(2020, 9, 30)),
            Opinion(role="检察长意见"),
        ),
    ),
    "objection_review": ObjectionReview.model_validate(
        {
            **letter_fields("4", date(2019, 7, 20)),
            "letter": SUGGESTED,
            "objected_on": "2019-07-12",
            "grounds": "欠缴价款应由税务部门征收。",
            "findings": "2021年7月1日之前由自然资源主管部门征收。",
            "conclusion": "rejected",
            "approved_by": "本院检察长",
        }
    ),
    "withdrawal_notice": WithdrawalNotice.model_validate(
        {**letter_fields("5", date(2019, 7, 22)), "letter": SUGGESTED, "reason": "应由上级人民检察院办理。"}
    ),
    "amendment_notice": AmendmentNotice.model_validate(
        {
            **letter_fields("6", date(2019, 7, 22)),
            "letter": SUGGESTED,
            "reason": "金额有误。",
            "changes": (Change(was="11251.03万元", becomes="11200.00万元"),),
            "reply": TWO_MONTHS,
        }
    ),
    "general_letter": GeneralLetter.model_validate(
        {
            **letter_fields("7", date(2019, 6, 3)),
            "official_number": "怀检函〔2019〕9号",
            "series": "file_request",
            "name": "调阅卷宗函",
            "subject": "四宗国有建设用地出让金征收",
            "body": "因办理土地出让价款监督案件需要，本院拟调阅你单位的有关卷宗。",
            "points": (
                Advice(
                    text="提供四宗土地的出让合同和缴款凭证。",
                    basis=("《人民检察院行政诉讼监督规则》第五十八条",),
                ),
                Advice(text="指定专人办理卷宗交接。"),
            ),
            "basis": ("协作配合意见第六条",),
            "evidence": ("线索登记表",),
            "reply": Period(length="5个工作日", counted_from="收到本函之日起"),
            "reply_by": date(2019, 6, 14),
            "attachments": ("调阅卷宗清单",),
            "copies_to": ("怀宁县人民政府办公室",),
            "joint_issuers": ("怀宁县司法局",),
        }
    ),
    "general_form": GeneralForm(
        case_number="U-340822-2019-0003",
        issuer="怀宁县人民检察院",
        internal_number="U-340822-2019-0003-M1",
        dated=date(2019, 8, 2),
        series="round_table_minutes",
        name="圆桌会议纪要",
        subject="四宗国有建设用地出让金征收",
        rows=(
            FormRow(label="时间地点", text="2019年8月1日，怀宁县人民检察院会议室"),
            FormRow(label="参加人员", text="怀宁县人民检察院：陈喆堃\n怀宁县自然资源和规划局：王某某"),
            FormRow(label="缺席人员及原因"),
        ),
        sections=(
            FormSection(heading="会议情况", text="会议听取了价款征收情况的介绍。\n各方核对了欠缴数额。"),
            FormSection(heading="议定事项", items=("2019年9月底前发出催缴通知", "每月通报一次征收进度")),
        ),
        signers=("怀宁县人民检察院代表", "怀宁县自然资源和规划局代表"),
    ),
    "case_timeline": CaseTimeline(
        case_number="U-340822-2019-0003",
        issuer="怀宁县人民检察院",
        internal_number="U-340822-2019-0003-T1",
        dated=date(2020, 9, 30),
        case_name="督促追缴土地出让价款案",
        lanes=(
            Lane(
                name="行政机关",
                periods=(
                    TimelinePeriod(
                        name="检察建议书的书面回复",
                        party="怀宁县自然资源和规划局",
                        started_on=EventDate.parse("2019-07-05"),
                        due_on=date(2019, 9, 5),
                        met_on=EventDate.parse("2019-09-20"),
                        standing="逾期15日",
                        is_late=True,
                    ),
                ),
            ),
            Lane(name="人民法院"),
        ),
    ),
    "period_report": PeriodReport(
        internal_number="U-340822-2019-0003-R1",
        issuer="怀宁县人民检察院",
        dated=date(2019, 9, 30),
        name="情况通报",
        subject="怀宁县2019年第三季度",
        period="2019年7月1日至2019年9月30日",
        sections=(
            ReportSection(
                heading="回复",
                sentences=("期内届满的回复3件，其中告知函1件、检察建议书2件。",),
                chart=ReportChart(
                    caption="回复情况（按文书种类）",
                    legend=("按期", "逾期"),
                    rows=(
                        ChartRow(name="检察建议书", values=(1, 1), told="1／1"),
                        ChartRow(name="告知函", values=(0, 1), told="0／1"),
                    ),
                    has_bad_end=True,
                ),
                table=FormTable(heads=("地方", "按期"), widths=(20, 13), rows=(("怀宁县", "1"),)),
            ),
        ),
    ),
}
