"""再审检察建议书 ([行监]88-92), 备案报告 ([建议]21, [公规]75), and the reports that are written up inside."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.documents import RetrialSuggestion, missing
from models.general_papers import GeneralForm, GeneralLetter
from models.orders import letter_paper
from models.stages import EnforcementStage as Stage
from models.wire import LetterText, Recipient
from tests.openings import BUREAU, COURT, DRAFTER, HEAD, OBJECTION, TEXT
from tests.pure_desk import served
from tests.scenarios.public_interest_desks import registered
from tests.scenarios.test_enforcement_supervision import sent, silent_court, supervised

CITY = Recipient(name="三明市人民检察院")
OFFICE = "三明市人民检察院法律政策研究室"
REPORT = LetterText(facts="现将本院制发的检察建议书报请备案。该案已审查终结。")


def test_a_retrial_suggestion_goes_to_the_court_is_filed_above_and_answered() -> None:
    """[行监]92: fifteen days from the committee's decision, five to file it; [行释]126: the court has three months."""
    desk = supervised(silent_court())
    retrial: dict[str, Any] = {"document": "retrial_suggestion", "text": TEXT, "objection_within": OBJECTION}
    assert "与收件单位" in desk.refusal("draft_letter", recipients=[BUREAU], **retrial)
    desk.decide("draft_letter", by=DRAFTER, recipients=[COURT], attachments=["案卷三册"], **retrial)
    assert "由检察委员会决定" in desk.refusal("approve_letter", by=HEAD)
    desk.decide("approve_letter")
    # 8 October + 15 days: Saturday the 23rd, so Monday.
    assert desk.due("D1/sup.retrial_send") == date(2021, 10, 25)
    desk.decide("return_draft", reason="补充证据")
    assert "D1/sup.retrial_send" not in desk.running
    desk.on("2021-10-11").decide("approve_letter")
    assert desk.due("D1/sup.retrial_send") == date(2021, 10, 26)
    desk.on("2021-10-12").decide("issue_letter", official_no="明检行再建〔2021〕1号")
    assert str(desk.deadline("D1/sup.retrial_send").met_on) == "2021-10-12"
    assert str(desk.deadline("case/sup.review").met_on) == "2021-10-11"
    paper = desk.papers["L1/issued"].paper
    assert isinstance(paper, RetrialSuggestion) and not paper.draft
    assert paper.attachments == ("案卷三册",) and paper.reply is not None and paper.reply.length == "3个月"
    assert desk.stage() is Stage.SUGGESTION_ISSUED
    # 12 October + 5 days: Sunday the 17th, so Monday.
    assert desk.due("L1/sup.retrial_file") == date(2021, 10, 18)
    sent(desk, "filing_report", CITY, attachments=["再审检察建议书", "审查终结报告"])
    desk.on("2021-10-15").record("filed_upward", "2021-10-15", letter="L1")
    assert desk.deadline("L1/sup.retrial_file").days_late == -3
    desk.record("letter_served", "2021-10-13", letter="L1")
    assert desk.due("L1/ct.retrial") == date(2022, 1, 13) and desk.stage() is Stage.AWAITING_COURT
    desk.on("2021-12-20").record("objection_raised", "2021-12-20", "objects", letter="L1", grounds="事实不清")
    assert desk.due("L1/sup.court_query/objects") == date(2022, 1, 20)
    desk.decide("review_objection", letter="L1", upheld=False, reason="证据充分")
    desk.on("2022-01-20").record("reply_received", "2022-01-10", letter="L1", stance="adopted")
    assert desk.deadline("L1/ct.retrial").days_late == -3
    desk.decide("assess_reply", letter="L1", substance="not_put_right")
    desk.decide("urge", letter="L1")
    assert "对法院的建议不适用" in desk.refusal("escalate", letter="L1", rung="superior_agency")


def test_a_suggestion_is_filed_with_the_one_above_by_a_report() -> None:
    """[建议]21: five days from the issue; the report must bring the suggestion with it, and goes to the research office too."""
    desk = served()
    # 15 September + 5 days: Monday the 20th is part of the mid-autumn holiday, so Wednesday.
    assert desk.due("L1/jy.file_up") == date(2021, 9, 22)
    report: dict[str, Any] = {"document": "filing_report", "recipients": [CITY], "copies_to": [OFFICE]}
    desk.on("2021-09-17").decide("draft_letter", by=DRAFTER, **report)
    gaps = missing(letter_paper(desk.case, desk.letter("L2")))
    assert [gap for gap in gaps if "第二十一条" in gap] == [
        "报备案的事由和审查情况（《人民检察院检察建议工作规定》第二十一条）",
        "报备案的文书（作为附件）（《人民检察院检察建议工作规定》第二十一条、《人民检察院公益诉讼办案规则》第七十五条）",
    ]
    desk.decide("withdraw_letter", letter="D2", reason="缺附件")
    desk.decide("draft_letter", by=DRAFTER, **report, attachments=["检察建议书"], text=REPORT)
    desk.decide("approve_letter", document="D3")
    desk.decide("issue_letter", document="D3", official_no="明检报〔2021〕3号")
    paper = desk.papers["L3/issued"].paper
    assert isinstance(paper, GeneralLetter) and not paper.draft
    assert (paper.name, paper.attachments, paper.copies_to) == ("备案报告", ("检察建议书",), (OFFICE,))
    desk.record("letter_served", "2021-09-17", letter="L3")
    desk.record("filed_upward", "2021-09-17", letter="L1")
    assert desk.deadline("L1/jy.file_up").days_late == -5


def test_a_flow_notice_is_answered_within_ten_days() -> None:
    """[行监]118: the department that is told of an irregularity looks into it and answers in writing."""
    desk = supervised(silent_court())
    number = sent(desk, "flow_notice", Recipient(name="第四检察部"))
    paper = desk.papers["L1/issued"].paper
    assert (
        isinstance(paper, GeneralLetter) and paper.reply is not None and "第一百一十八条" in paper.reply.basis
    )
    desk.record("letter_served", "2021-10-08", letter=number)
    assert desk.due("L1/sup.flow") == date(2021, 10, 18)
    desk.on("2021-10-15").record("reply_received", "2021-10-15", letter=number)
    assert desk.deadline("L1/sup.flow").days_late == -3


def test_a_review_is_reported_with_its_search_for_similar_cases() -> None:
    """[行监]51, 52: the report tells of similar cases; a corrected one is made anew beside the former."""
    desk = silent_court()
    told = {
        "facts": "法院受理后逾期未裁定",
        "similar_cases": "检例第148号可资参照",
        "opinion": "建议提出检察建议",
    }
    assert "尚未监督立案" in desk.misfit("review_reported", "2021-10-08", **told)
    supervised(desk)
    assert "早于立案日" in desk.misfit("review_reported", "2021-10-07", **told)
    desk.record("review_reported", "2021-10-08", "report", **told)
    [paper] = [order.paper for key, order in desk.papers.items() if key == "review/report"]
    assert isinstance(paper, GeneralForm) and not paper.draft
    parts = {each.heading: each for each in paper.sections}
    assert parts["类案检索情况（指导性案例、典型案例和关联案件）"].text == "检例第148号可资参照"
    assert any("A1/ct.rule" in each for each in parts["采纳的嫌疑"].items)
    # The review ends with the decision upon it, not with the report.
    assert desk.deadline("case/sup.review").met_on is None
    desk.correct("report", opinion="建议不支持监督申请")
    assert "review/report/corrected-1" in desk.papers


def test_a_preliminary_inquiry_is_reported_before_it_is_decided_whether_to_file() -> None:
    """[公规]27, 30."""
    desk = registered()
    told = {"facts": "现场堆放砂石一千平方米", "opinion": "建议立案"}
    assert "尚未开展初步调查" in desk.misfit("preliminary_reported", "2024-01-08", **told)
    desk.on("2024-01-10").decide("begin_preliminary", by=DRAFTER)
    assert "早于初步调查" in desk.misfit("preliminary_reported", "2024-01-09", **told)
    desk.record("preliminary_reported", "2024-01-10", "found", **told)
    paper = desk.papers["preliminary/found"].paper
    assert isinstance(paper, GeneralForm) and not paper.draft
    assert [each.text for each in paper.sections if each.heading == "是否立案的意见"] == ["建议立案"]
    desk.decide("file_case")
