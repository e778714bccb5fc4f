"""第六条 特邀检察官助理: recommended, reviewed, appointed for a term, at work on cases that are not of the own bureau."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.cases.assistants import AssistantFile
from models.said.assistance import AssistantTerms
from models.stages import AssistantStage
from models.terms import CaseKind, Relation, ServiceForm
from tests.openings import BUREAU, CLERK, DRAFTER, FORESTRY, opening
from tests.pure_desk import PureDesk
from tests.scenarios.shows import shows

YEARS = {"amount": 24, "unit": "months"}
CASE = "urging-350421-2021-0003"
FORESTRY_CASE: dict[str, Any] = {"case": CASE, "agencies": [FORESTRY.name]}


def recommended(renewals: int = 1, **changes: Any) -> PureDesk[AssistantFile]:
    """An engineer whom the bureau recommends on 27 September 2021."""
    fields: dict[str, Any] = {
        "case": "assistant-350421-2021-0001",
        "kind": CaseKind.ASSISTANT,
        "title": "聘任王工程师为特邀检察官助理",
        "opened_on": date(2021, 9, 27),
        "terms": AssistantTerms(person="王工程师", unit=BUREAU.name, field="土地勘测", renewals=renewals),
    }
    return PureDesk(opening(**(fields | changes)))


def appointed(renewals: int = 1) -> PureDesk[AssistantFile]:
    """One who was appointed on 8 October 2021 for two years."""
    desk = recommended(renewals)
    desk.decide("review_candidate")
    desk.on("2021-10-08").decide("appoint_assistant", term=YEARS)
    return desk


def write(desk: PureDesk[AssistantFile], document: str) -> None:
    """A decision in writing to the person's unit."""
    desk.decide("draft_letter", by=DRAFTER, document=document, recipients=[BUREAU.model_dump()])
    desk.decide("approve_letter")
    desk.decide("issue_letter")


@shows("6.3", "6.4")
def test_from_the_recommendation_to_the_end_of_the_last_term() -> None:
    """可从自然资源管理部门选聘业务骨干，协助检察官办理案件，提供专业咨询和技术支持: two terms, with what was done in each."""
    desk = recommended()
    assert desk.stage() is AssistantStage.RECOMMENDED
    desk.decide("review_candidate")
    assert desk.stage() is AssistantStage.REVIEWING
    desk.on("2021-10-08").decide("appoint_assistant", term=YEARS)
    assert desk.stage() is AssistantStage.APPOINTED
    assert desk.due("case/asst.term") == date(2023, 10, 8)  # worked, the Sunday after the National Day
    write(desk, "appointment")
    assert "L1/issued" in desk.papers

    desk.decide("assign_to_case", task="现场勘测", **FORESTRY_CASE)
    assert desk.stage() is AssistantStage.ON_DUTY
    assert [(tie.case, tie.relation) for tie in desk.case.links.standing()] == [(CASE, Relation.RELATED)]
    desk.on("2021-11-03").record(
        "consultation_given", "2021-11-03", form="survey", case=CASE, what="勘测地块", hours=4.5
    )
    desk.on("2022-03-01").record("consultation_given", "2022-02", what="说明复垦验收标准", times=2)
    desk.on("2023-09-08").record("consultation_given", "2023-09-08", form="opinion", what="土壤检测意见")
    # Thirty days ahead: 2023-09-08, at nine.
    assert [tick.kind for tick in desk.ticks if tick.deadline == "case/asst.term"] == ["reminded"]
    assert desk.stage() is AssistantStage.TERM_ENDING
    desk.on("2023-09-20").decide("renew_assistant", term=YEARS, since="2023-10-08")
    assert desk.stage() is AssistantStage.RENEWED
    assert desk.due("case/asst.term/2") == date(2025, 10, 9)  # the 8th is the last day of the holiday
    record = desk.papers["term-1/record"].paper.model_dump_json()
    assert "参与现场勘验1次，提供咨询2次，出具专业意见1次" in record and "4.5" in record and CASE in record

    desk.on("2023-11-01").record("consultation_given", "2023-11-01", what="复垦标准")
    assert desk.stage() is AssistantStage.ON_DUTY
    assert "聘期没有届满" in desk.refusal("close_case", outcome="term_ended", reason="届满")
    desk.on("2025-10-10")
    assert desk.stage() is AssistantStage.TERM_ENDING
    assert "聘期已于2025-10-09届满" in desk.refusal(
        "assign_to_case", case="urging-350421-2025-0001", agencies=[FORESTRY.name]
    )
    assert "已续聘1次，本地约定最多1次" in desk.refusal("renew_assistant", term=YEARS)
    second = desk.papers["term-2/record"].paper.model_dump_json()
    assert "提供咨询1次" in second and "土壤检测" not in second
    desk.decide("close_case", outcome="term_ended", reason="聘期届满", look_back_on=["2025-12-10"])
    assert desk.stage() is AssistantStage.CLOSED
    desk.on("2025-12-10").record("looked_back", "2025-12-10", held=False)
    assert desk.stage() is AssistantStage.REVISIT
    desk.decide("file_away", reason="归档")
    assert desk.stage() is AssistantStage.ARCHIVED


@pytest.mark.parametrize(
    ("agency", "is_refused"),
    [
        (BUREAU.name, True),
        ("自然资源局", True),
        ("明溪县自然资源局执法大队", True),
        (" 明溪县 自然资源局", True),
        ("三明市自然资源局", False),
        (FORESTRY.name, False),
    ],
)
def test_nobody_stands_in_judgment_on_the_own_bureau(agency: str, is_refused: bool) -> None:
    """回避: not where the own unit, a part of it, or the same unit by a shorter name is supervised."""
    desk = appointed()
    refused = desk.refusal("assign_to_case", case=CASE, agencies=["雪峰镇人民政府", agency])
    assert ("来自该案被监督的单位" in refused) is is_refused


def test_an_assignment_ties_two_cases() -> None:
    """The other case shows it too; one that is tied already is not tied again; one of another system goes by its own number."""
    desk = appointed()
    desk.decide("link_case", relation="related", case=CASE)
    desk.decide("assign_to_case", **FORESTRY_CASE)
    desk.decide("assign_to_case", case="（2021）闽04行初8号", agencies=[FORESTRY.name], elsewhere=True)
    assert len(desk.case.links.standing()) == 2
    assert "不必重复指派" in desk.refusal("assign_to_case", **FORESTRY_CASE)
    assert "不是本系统的案件编号" in desk.refusal("assign_to_case", case="某案", agencies=[FORESTRY.name])
    desk.on("2022-01-10").signal("linked_case_closed", "2022-01-10", case=CASE, outcome="整改到位")
    assert desk.case.links.ties[CASE].outcome == "整改到位"


def test_help_in_a_case_follows_its_assignment() -> None:
    """No help in a case without the check: it is kept for sorting, and taken when the assignment was made."""
    desk = recommended()
    assert "尚未聘任" in desk.misfit("consultation_given", "2021-09-27", what="咨询")
    assert "尚未聘任" in desk.refusal("assign_to_case", **FORESTRY_CASE)
    desk.decide("appoint_assistant", term=YEARS)
    assert "早于聘任" in desk.misfit("consultation_given", "2021-09-20", what="咨询")
    early = desk.signal("consultation_given", "2021-09-27", "help", case=CASE, what="勘测")
    assert early.how == "unmatched" and "没有作过回避审查" in early.what
    desk.decide("assign_to_case", **FORESTRY_CASE)
    assert not desk.case.unmatched and len(desk.case.services) == 1


def test_released_before_the_term_ends() -> None:
    """解聘, with the reason: the term stops, nothing is assigned any more, what was done until then is recorded."""
    desk = appointed()
    desk.decide("assign_to_case", **FORESTRY_CASE)
    assert "没有解聘" in desk.refusal("close_case", outcome="released", reason="解聘")
    assert "须写明理由" in desk.refusal("release_assistant")
    desk.on("2022-05-09").decide("release_assistant", reason="调离原单位")
    assert desk.stage() is AssistantStage.RELEASED
    assert "case/asst.term" not in desk.running
    assert "term-1/record" in desk.papers
    assert "已于2022-05-09解聘" in desk.refusal("renew_assistant", term=YEARS)
    assert "解聘" in desk.refusal("assign_to_case", case="urging-350421-2022-0001", agencies=["某局"])
    assert "晚于解聘" in desk.on("2022-05-20").misfit("consultation_given", "2022-05-10", what="咨询")
    desk.record("consultation_given", "2022-05-06", what="补记的咨询")
    write(desk, "release")
    assert "聘期没有届满" in desk.refusal("close_case", outcome="term_ended", reason="届满")
    desk.decide("close_case", outcome="released", reason="已解聘")
    assert desk.stage() is AssistantStage.ARCHIVED


def test_not_appointed() -> None:
    """The review finds against it, or the recommendation is taken back: the case ends, with the reason."""
    desk = recommended()
    assert "没有决定不予聘任" in desk.refusal("close_case", outcome="declined", reason="不聘")
    assert "须写明理由" in desk.refusal("decline_candidate")
    desk.decide("review_candidate")
    assert "已在审查" in desk.refusal("review_candidate")
    desk.decide("decline_candidate", reason="专业不符")
    assert desk.stage() is AssistantStage.DECLINED
    assert "已决定不予聘任" in desk.refusal("appoint_assistant", term=YEARS)
    desk.decide("close_case", outcome="declined", reason="专业不符")
    assert desk.stage() is AssistantStage.ARCHIVED
    back = recommended()
    back.decide("close_case", outcome="cancelled", reason="单位撤回推荐")
    assert back.stage() is AssistantStage.ARCHIVED
    assert "推荐已有结果" in appointed().refusal("close_case", outcome="cancelled", reason="取消")
    assert "已聘任" in appointed().refusal("appoint_assistant", term=YEARS)


@pytest.mark.parametrize("renewals", [0, 1, 2])
def test_how_often_an_appointment_is_renewed_is_a_local_choice(renewals: int) -> None:
    """可续聘一次 in some places; the terms of the case say how often."""
    desk = appointed(renewals)
    for number in range(renewals):
        since = f"{2023 + 2 * number}-10-08"
        desk.decide("renew_assistant", term=YEARS, since=since)
        due = desk.due(f"case/asst.term/{number + 2}")
        assert due == (date(2025, 10, 9), date(2027, 10, 8))[number]
    assert f"最多{renewals}次" in desk.refusal("renew_assistant", term=YEARS)


def test_a_term_of_which_little_is_known() -> None:
    """Appointed in 2023, as a source says it: the end lies between two days; without a stated term there is none at all."""
    desk = recommended(opened_on=date(2024, 1, 2))
    desk.decide("appoint_assistant", since="2023", term=YEARS)
    counted = desk.deadline("case/asst.term")
    # M24 from 2023-01-01 to 2023-12-31: 2025-01-02 (new year's day rolls) to 2025-12-31.
    assert (counted.due_from, counted.due_to) == (date(2025, 1, 2), date(2025, 12, 31))
    assert "不在本期起算日" in desk.refusal("renew_assistant", since="2022")
    unstated = recommended()
    unstated.decide("appoint_assistant")
    assert unstated.deadline("case/asst.term").due_on is None
    unstated.on("2031-01-06")
    assert unstated.stage() is AssistantStage.APPOINTED
    assert "聘期没有届满" in unstated.refusal("close_case", outcome="term_ended", reason="届满")


@pytest.mark.parametrize("form", ServiceForm)
def test_every_form_of_help_is_counted(form: ServiceForm) -> None:
    """人次、件数: each form by itself, as article 6 is reported on."""
    desk = appointed()
    desk.record("consultation_given", "2021-10-08", form=form, what="协助", times=6)
    desk.decide("release_assistant", reason="结束")
    assert f"{form.label}6次" in desk.papers["term-1/record"].paper.model_dump_json()


def test_what_a_recommendation_says() -> None:
    """Who, and from which unit: the check for conflicts needs it. A clerk's hand decides nothing for the agency."""
    desk = recommended(terms=AssistantTerms())
    problems = "".join(map(str, desk.case.against_opening()))
    assert "没有写明人选" in problems and "没有写明所在单位" in problems
    assert recommended().case.against_opening() == []
    assert recommended().refusal("review_candidate", by=CLERK) == ""
