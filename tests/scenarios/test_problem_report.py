"""印发通知: “执行中遇到的问题，请及时向三明市人民检察院和三明市自然资源局报告”; both offices answer all counties concerned."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.cases.problem_report import ProblemReportFile
from models.dates import day_in_china
from models.general_papers import GeneralLetter
from models.said.liaison import ProblemTerms
from models.stages import ProblemStage
from models.terms import CaseKind
from models.wire import LetterText, Recipient
from tests.openings import DRAFTER, opening
from tests.pure_desk import PureDesk
from tests.scenarios.shows import shows

OURS, THEIRS = "三明市人民检察院第四检察部", "三明市自然资源局执法监察科"
YONGAN, DATIAN = Recipient(name="永安市自然资源局"), Recipient(name="大田县自然资源局")
TERMS = ProblemTerms(reporter="永安市自然资源局", problem="抄送哪些证据材料不明确", offices=(OURS, THEIRS))


def reported(terms: ProblemTerms | None = TERMS) -> PureDesk[ProblemReportFile]:
    """A problem reported on 8 October 2021."""
    return PureDesk(
        opening(
            case="problem_report-350481-2021-0001",
            kind=CaseKind.PROBLEM_REPORT,
            county="350481",
            procuratorate=Recipient(name="三明市人民检察院"),
            title="抄送材料范围不明确",
            opened_on=date(2021, 10, 8),
            terms=terms,
        )
    )


def received() -> PureDesk[ProblemReportFile]:
    """The same, with both offices."""
    desk = reported()
    for office in (OURS, THEIRS):
        desk.record("problem_received", "2021-10-08", office=office)
    return desk


def answer(desk: PureDesk[ProblemReportFile], *to: Recipient) -> None:
    """An answer of both offices, issued."""
    desk.decide(
        "draft_letter", by=DRAFTER, document="problem_answer", recipients=to, joint_issuers=["三明市自然资源局"],
        reply_by="2021-11-30", text=LetterText(subject="抄送材料范围", facts="以申请时提交法院的全部材料为准"),
    )  # fmt: skip
    desk.decide("approve_letter")
    desk.record("countersigned", day_in_china(desk.now), organ="三明市自然资源局", signer="庚局长")
    desk.decide("issue_letter")


@shows("0.2")
def test_from_the_report_to_the_answer_that_all_counties_have_acknowledged() -> None:
    """Both offices get it, set a day of their choosing, answer jointly; each county acknowledges."""
    desk = reported()
    assert desk.stage() is ProblemStage.REPORTED
    assert "都还没有收到报告" in desk.refusal("set_answer_day", answer_by="2021-10-29", counties=["永安市"])
    desk.record("problem_received", "2021-10-08", office=OURS)
    assert desk.stage() is ProblemStage.REPORTED
    desk.record("problem_received", "2021-10-08", office=THEIRS)
    assert desk.stage() is ProblemStage.RECEIVED
    desk.decide("set_answer_day", answer_by="2021-10-29", counties=["永安市", "大田县"])
    assert desk.stage() is ProblemStage.ANSWERING
    assert desk.due("case/local.problem_answer") == date(2021, 10, 29)

    desk.on("2021-10-20")
    answer(desk, YONGAN)
    # One county is not all that it concerns.
    assert desk.stage() is ProblemStage.ANSWERING and "case/local.problem_answer" in desk.running
    answer(desk, DATIAN)
    assert desk.stage() is ProblemStage.ANSWERED
    assert desk.deadline("case/local.problem_answer").days_late == -9
    paper = desk.papers["L1/issued"].paper
    assert isinstance(paper, GeneralLetter) and paper.joint_issuers == ("三明市自然资源局",)
    for letter in ("L1", "L2"):
        desk.record("letter_served", "2021-10-20", letter=letter)
    desk.record("reply_received", "2021-10-20", letter="L1", stance="acknowledged")
    assert "L2 执行问题答复致大田县自然资源局尚未确认" in desk.refusal(
        "close_case", outcome="answered", reason="已答复"
    )
    desk.record("reply_received", "2021-10-20", letter="L2", stance="acknowledged")
    desk.decide("close_case", outcome="answered", reason="已答复", look_back_on=["2022-01-20"])
    assert desk.stage() is ProblemStage.CLOSED
    desk.on("2022-01-20").record("looked_back", "2022-01-20", held=False, note="又有县问同一问题")
    assert desk.stage() is ProblemStage.REVISIT
    desk.decide("file_away", reason="另案处理")
    assert desk.stage() is ProblemStage.ARCHIVED


def test_the_day_is_moved_with_a_reason_and_passes() -> None:
    """The offices choose another day; the first one stops; when the second passes staff are told, and nothing else happens."""
    desk = received()
    desk.decide("set_answer_day", answer_by="2021-10-29", counties=["永安市"])
    assert "另定答复日期须写明理由" in desk.refusal(
        "set_answer_day", answer_by="2021-11-05", counties=["永安市"]
    )
    desk.decide("set_answer_day", "again", answer_by="2021-11-05", counties=["永安市"], reason="征求法院意见")
    assert desk.running == ["case/local.problem_answer/again"]
    desk.on("2021-11-08")
    assert [tick.deadline for tick in desk.ticks if tick.kind == "fell_due"] == [
        "case/local.problem_answer/again"
    ]
    answer(desk, YONGAN)
    assert desk.deadline("case/local.problem_answer/again").days_late == 3
    assert "不在今后" in desk.refusal(
        "set_answer_day", answer_by="2021-11-01", counties=["永安市"], reason="补记"
    )


def test_a_county_has_the_problem_still() -> None:
    """A reply that tells of difficulties is no acknowledgement: the answer is withdrawn, and another goes out."""
    desk = received()
    desk.decide("set_answer_day", answer_by="2021-10-29", counties=["永安市"])
    answer(desk, YONGAN)
    desk.record("letter_served", "2021-10-08", letter="L1")
    desk.record("reply_received", "2021-10-08", letter="L1", stance="difficulties", summary="法院另有要求")
    assert "尚未确认" in desk.refusal("close_case", outcome="answered", reason="已答复")
    desk.decide("withdraw_letter", letter="L1", reason="另行答复")
    assert desk.stage() is ProblemStage.ANSWERING
    answer(desk, YONGAN)
    desk.record("letter_served", "2021-10-08", letter="L2")
    desk.record("reply_received", "2021-10-08", letter="L2", stance="acknowledged")
    desk.decide("close_case", outcome="answered", reason="已答复")
    assert desk.stage() is ProblemStage.ARCHIVED


def test_an_answer_has_a_day_the_counties_and_both_offices() -> None:
    """A draft that says none of it is refused with all that is wrong."""
    draft: dict[str, Any] = {"by": DRAFTER, "document": "problem_answer", "recipients": [YONGAN]}
    refused = received().refusal("draft_letter", **draft)
    assert "尚未定下答复日期" in refused and "联合作出" in refused and "没有写明何日前答复" in refused
    assert not received().refusal("draft_letter", **draft | {"document": "letter"})


def test_an_office_that_is_none_or_has_it_already() -> None:
    desk = received()
    assert "已收悉" in desk.misfit("problem_received", "2021-10-08", office=OURS)
    assert "不是收受报告的部门" in desk.misfit("problem_received", "2021-10-08", office="三明市林业局")
    assert "在将来" in desk.misfit("problem_received", "2021-10-09", office="三明市林业局")


def test_a_report_that_was_a_mistake_is_taken_back() -> None:
    desk = reported(None)
    assert "尚未答复" in desk.refusal("close_case", outcome="answered", reason="已答复")
    # Without offices in its terms any two of them are both.
    for office in ("甲", "乙"):
        desk.record("problem_received", "2021-10-08", office=office)
    assert desk.stage() is ProblemStage.RECEIVED
    desk.decide("close_case", outcome="cancelled", reason="已自行解决")
    assert desk.stage() is ProblemStage.ARCHIVED


@pytest.mark.parametrize("missing", ["reporter", "problem", "offices"])
def test_a_report_says_who_reports_what_to_whom(missing: str) -> None:
    terms = TERMS.model_copy(update={missing: type(getattr(TERMS, missing))()})
    assert [problem.field for problem in reported(terms).case.against_opening()] == [missing]
