"""第七条 联合专项行动: agreed, started, its cases attached by hundreds, its progress counted, its report followed up."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.casefile import OwnOrder
from models.cases.campaigns import CampaignFile
from models.messages import Link
from models.said.campaigns import CampaignTerms, ProgressCounted
from models.stages import CampaignStage
from models.tallies import CountOrder, Standing, tally
from models.tasks import Task
from models.terms import CaseKind, Matter, Outcome, Relation
from tests.openings import CLERK, opening
from tests.pure_desk import PureDesk
from tests.scenarios.shows import shows

CAMPAIGN = "campaign-350400-2021-0001"
CASES = [f"enforcement-350430-2021-{number:04d}" for number in range(1, 601)]


def campaign(**changes: Any) -> PureDesk[CampaignFile]:
    """A campaign on farmland, proposed on 1 September 2021."""
    answers = changes.pop("answers", None)
    terms = CampaignTerms(
        field="耕地保护",
        aims=("摸清违法占耕底数", "拆除复耕到位"),
        organisers=("三明市人民检察院", "三明市自然资源局"),
        begins_on=date(2021, 10, 8),
        ends_on=date(2022, 6, 30),
    )
    fields: dict[str, Any] = {
        "case": CAMPAIGN,
        "kind": CaseKind.CAMPAIGN,
        "title": "违法占用耕地查处专项行动",
        "terms": terms,
    }
    return PureDesk(opening(**(fields | changes)), answers=answers)


def agreed(**changes: Any) -> PureDesk[CampaignFile]:
    """A campaign that both sides agreed on, on the day on which it was proposed."""
    desk = campaign(**changes)
    desk.decide("agree_campaign", "agree", plan="摸排、交办、督办、总结四个阶段")
    return desk


@shows("7.1")
def test_from_the_proposal_to_the_closing_report() -> None:
    """双方可结合工作实际，围绕中心工作服务大局，选择耕地保护、土地征迁、违法占地案件查处或其他重点领域开展专项行动。"""
    desk = campaign()
    assert desk.stage() is CampaignStage.PROPOSED
    assert "尚未商定" in desk.misfit("campaign_reported", "2021-09-01")
    desk.decide("agree_campaign", "agree", plan="摸排、交办、督办、总结四个阶段")
    assert desk.stage() is CampaignStage.AGREED
    assert desk.due("case/campaign") == date(2022, 6, 30)
    milestone = {
        "id": "摸排",
        "what": "完成摸排",
        "kind": "task",
        "owner": "王科长",
        "due_on": "2021-12-31",
    }
    desk.decide("add_item", item=milestone)
    desk.on("2021-10-08").record("campaign_started", "2021-10-08", units=["永安市自然资源局"])
    assert desk.stage() is CampaignStage.UNDER_WAY
    desk.on("2021-11-01").decide("attach_cases", cases=CASES[:5])

    # 摸排 falls due: what has been achieved by then is counted by itself.
    desk.on("2022-01-04")
    assert list(desk.case.progress.counts) == ["count/2021-12-31"]
    desk.record("item_progressed", "2022-01-04", item="摸排", milestone="done")
    desk.on("2022-03-01").record("progress_reported", "2022-03-01", unit="整改专班", summary="复垦十一亩")
    desk.on("2022-07-01")
    assert desk.stage() is CampaignStage.REPORTING
    desk.on("2022-07-20").record(
        "campaign_reported", "2022-07-20", "report", results="拆除二十处", recommendations=["共享台账"]
    )
    assert desk.stage() is CampaignStage.FOLLOWING_UP
    # Judged from 30 June to 20 July 2022.
    assert desk.deadline("case/campaign").days_late == 20
    assert desk.case.progress.of("report") is not None
    assert [line.partition("：")[0] for line in desk.case.own_lines()] == ["挂接案件5件", "截至2022-07-20"]
    report = desk.papers["case/report"].paper.model_dump_json()
    assert "挂接5件" in report and "截至2022年7月20日" in report and "复垦十一亩" in report
    assert "尚未落实：建议1" in desk.refusal("close_case", outcome="completed", reason="总结")
    desk.on("2022-09-01").record("item_progressed", "2022-09-01", item="建议1", milestone="done")
    assert desk.stage() is CampaignStage.REPORTING
    desk.decide(
        "close_case", outcome="completed", reason="总结完成", look_back_on=["2022-12-01", "2023-03-01"]
    )
    assert desk.stage() is CampaignStage.CLOSED
    desk.on("2022-12-01").record("looked_back", "2022-12-01")
    assert desk.stage() is CampaignStage.REVISIT
    desk.on("2023-03-01").record("looked_back", "2023-03-01")
    assert desk.stage() is CampaignStage.ARCHIVED
    assert {"plan/agree", "case/report"} <= set(desk.papers)


def test_what_the_registry_says_is_what_the_campaign_tells() -> None:
    """Progress is rolled up from the registry, ends and delays and all: open, closed and how, overdue, not yet opened."""

    def known(own: OwnOrder) -> ProgressCounted:
        stand = (
            Standing("", False, 1),
            Standing("", True, 1),
            Standing("enforced", False, 1),
            Standing("rectified", False, 2),
            Standing("refused_by_court", False, 1),
        )
        return tally(CountOrder.model_validate(own.told), stand)

    for answers, said in (
        (
            {Task.COUNT_CASES.value: known},
            "进度汇总：挂接8件，立案6件，办结4件（执行完毕1件、整改到位2件、不准予执行1件），整改到位、执行完毕3件，逾期未回复1件",
        ),
        (None, "进度汇总：挂接8件，立案0件，办结0件，整改到位、执行完毕0件，逾期未回复0件"),
    ):
        desk = agreed(answers=answers)
        desk.decide("attach_cases", cases=CASES[:8])
        desk.decide("count_progress")
        assert [row.what for row in desk.rows().facts if row.kind == "progress_counted"] == [said]
        desk.decide("close_case", outcome="cancelled", reason="并入省级专项")


@shows("7.1")
def test_every_field_of_the_article_can_be_that_of_a_campaign() -> None:
    """选择耕地保护、土地征迁、违法占地案件查处或其他重点领域."""
    for matter in (
        Matter.FARMLAND_DESTRUCTION,
        Matter.LAND_ACQUISITION,
        Matter.FARMLAND_MISUSE,
        Matter.OTHER,
    ):
        assert campaign(matter=matter).rows().case.matter == matter.value


def test_five_hundred_cases_are_attached_at_once_and_none_is_told() -> None:
    """Cases are counted, not tied: a campaign of hundreds tells nobody and has no tie to show for them."""
    desk = agreed()
    desk.decide("attach_cases", cases=CASES[:500])
    desk.decide("attach_cases", cases=CASES[500:])
    assert len(desk.case.attached.standing) == 600
    assert not [row for row in desk.rows().facts if row.kind == "case_told"] and not desk.rows().links
    assert desk.stage() is CampaignStage.UNDER_WAY
    desk.decide("count_progress")
    assert "挂接600件，立案0件" in desk.rows().facts[-1].what
    desk.decide("close_case", outcome="cancelled", reason="并入省级专项")
    assert not [row for row in desk.rows().facts if row.kind == "case_told"]


def test_the_same_case_is_attached_once() -> None:
    """Twice by decision or by the checked way is refused; by signal it is noted and not counted twice."""
    desk = agreed()
    desk.decide("attach_cases", cases=CASES[:2])
    assert f"已挂接：{CASES[1]}" in desk.refusal("attach_cases", cases=CASES[1:3])
    assert f"已挂接：{CASES[3]}" in desk.refusal("attach_cases", cases=[CASES[3], CASES[3]])
    assert "已挂接" in desk.misfit("case_attached", "2021-09-01", case=CASES[0])
    assert desk.signal("case_attached", "2021-09-01", "new", case=CASES[2]).how == "applied"
    for number in range(2):
        taken = desk.signal("case_attached", "2021-09-01", f"again-{number}", case=CASES[2])
        assert "不重复计" in taken.what
    assert desk.case.attached.standing == tuple(CASES[:3])


def test_a_case_is_detached_with_the_reason_and_may_come_back() -> None:
    """A belated word from before the detachment does not bring it back; a later attachment does."""
    desk = agreed()
    desk.on("2021-10-08").decide("attach_cases", cases=CASES[:3])
    assert "须写明理由" in desk.refusal("detach_cases", cases=CASES[:1])
    assert f"没有挂接：{CASES[5]}" in desk.refusal("detach_cases", cases=[CASES[5]], reason="误挂")
    desk.on("2021-11-01").decide("detach_cases", cases=CASES[:1], reason="误挂")
    desk.signal("case_attached", "2021-10-09", "belated", case=CASES[0])
    assert CASES[0] not in desk.case.attached
    desk.on("2021-11-08").decide("attach_cases", cases=CASES[:1])
    assert CASES[0] in desk.case.attached
    desk.decide("correct", fact="belated", replacement=None, reason="误录")
    assert len(desk.case.attached.standing) == 3


def test_a_number_that_is_no_case_is_refused_and_by_signal_sorted_out() -> None:
    """Bad input: another system's number, the campaign itself; a whole list is refused for one wrong number."""
    desk = agreed()
    for wrong in ("闽检2021-7", CAMPAIGN, "campaign-350400-2021-0009"):
        assert f"不能挂接：{wrong}" in desk.refusal("attach_cases", cases=[CASES[0], wrong])
    many = [f"案{number}" for number in range(8)]
    assert "等8件" in desk.refusal("attach_cases", cases=many)
    assert desk.signal("case_attached", "2021-09-01", "wrong", case="闽检2021-7").how == "unmatched"
    desk.decide("sort_out", fact="wrong", reason="不是案件编号")
    assert not desk.case.attached.standing and not desk.rows().case.unmatched
    assert "尚未挂接" in desk.refusal("count_progress")


def test_cases_that_are_opened_under_the_campaign_attach_themselves() -> None:
    """A batch of case files names the campaign as its parent: each case says so, and is attached; none tells of its end."""
    child = opening(links=(Link(relation=Relation.PARENT, case=CAMPAIGN),))
    case = PureDesk(child)
    case.decide("close_case", outcome="no_illegality", reason="查无违法")
    told = [row.id for row in case.rows().facts if row.kind == "case_told"]
    assert told == [f"linked/opening/{CAMPAIGN}/told"]

    desk = agreed().on("2021-10-11")
    for case_number in CASES[:2]:
        desk.signal("case_linked", "2021-10-08", relation="child", case=case_number)
    desk.signal("case_linked", "2021-10-08", relation="related", case=CASES[2])
    assert desk.case.attached.standing == tuple(CASES[:2])
    assert [row.other for row in desk.rows().links] == [CASES[2]]
    desk.signal("case_unlinked", "2021-10-09", case=CASES[1], note="误立")
    desk.signal("case_unlinked", "2021-10-09", case=CASES[2], note="误关联")
    closed = desk.signal("linked_case_closed", "2021-10-10", case=CASES[0], outcome="执行完毕")
    assert "计入下次汇总" in closed.what
    desk.signal("linked_case_closed", "2021-10-10", case=CASES[2], outcome="执行完毕")
    assert desk.case.attached.standing == tuple(CASES[:1])
    assert "改用 attach_cases" in desk.refusal("link_case", relation="child", case=CASES[3])
    desk.decide("link_case", relation="related", case=CASES[3])


def test_a_case_that_is_opened_from_the_campaign_belongs_to_it() -> None:
    """What a sweep brings to light is opened as a case of its own, from the campaign or at its opening."""
    with_one = agreed(links=(Link(relation=Relation.CHILD, case=CASES[0]),))
    assert with_one.case.attached.standing == (CASES[0],) and not with_one.rows().links
    assert not [row for row in with_one.rows().facts if row.kind == "case_told"]
    desk = agreed()
    desk.decide(
        "open_linked", relation="child", into="urging", title="某村占耕", reason="摸排发现", carry=False
    )
    assert desk.opened[0].links[0].relation is Relation.PARENT
    assert desk.case.attached.standing == (desk.opened[0].case,)
    assert not desk.rows().links


def test_the_plan_may_be_agreed_anew_and_its_period_with_it() -> None:
    """The campaign is prolonged: the old end no longer runs, the new one does, and the change needs a reason."""
    desk = agreed()
    assert "须写明理由" in desk.refusal("agree_campaign", ends_on="2022-12-30")
    assert "早于开始日期" in desk.refusal("agree_campaign", ends_on="2021-10-01", reason="提前")
    desk.on("2022-05-05").decide("agree_campaign", "prolong", ends_on="2022-12-30", reason="任务未完成")
    assert desk.running == ["case/campaign/prolong"]
    assert desk.due("case/campaign/prolong") == date(2022, 12, 30)
    desk.on("2022-07-01")
    assert desk.stage() is CampaignStage.AGREED
    assert "任务未完成" in desk.papers["plan/prolong"].paper.model_dump_json()


def test_its_day_passes_and_the_campaign_is_given_up() -> None:
    """Late: staff are told that the period has ended, nothing else happens; without a report it is only given up."""
    desk = agreed()
    desk.on("2022-07-01")
    assert any(tick.kind == "fell_due" and tick.deadline == "case/campaign" for tick in desk.ticks)
    assert "总结报告尚未形成" in desk.refusal("close_case", outcome="completed", reason="总结")
    assert "不以“整改到位”结案" in desk.refusal("close_case", outcome="rectified", reason="总结")
    desk.decide("close_case", outcome="cancelled", reason="机构改革")
    assert desk.stage() is CampaignStage.ARCHIVED


def test_counts_asked_for_twice_and_a_report_that_is_struck_out() -> None:
    """Two items of one day are counted once; a report recorded anew is counted anew; nothing is counted after the closing."""
    desk = agreed()
    desk.decide("attach_cases", cases=CASES[:1])
    for name in ("一", "二"):
        item = {"id": name, "what": name, "kind": "task", "owner": "王科长", "due_on": "2021-10-29"}
        desk.decide("add_item", item=item)
    desk.on("2021-11-01").record("campaign_reported", "2021-11-01", "report-1", results="初稿")
    assert "总结报告已记录" in desk.misfit("campaign_reported", "2021-11-01", results="另稿")
    desk.correct("report-1")
    assert desk.stage() is CampaignStage.UNDER_WAY
    desk.on("2021-11-02").record("campaign_reported", "2021-11-02", "report-2", results="定稿")
    assert list(desk.case.progress.counts) == ["count/2021-10-29", "count/report-1", "count/report-2"]
    for name in ("一", "二"):
        desk.decide("drop_item", item=name, reason="并入总结")
    desk.decide("close_case", outcome="completed", reason="总结", look_back_on=["2022-01-28"])
    desk.on("2022-02-07")
    assert len(desk.case.progress.counts) == 3
    assert desk.signal("case_attached", "2021-11-03", case=CASES[4]).how == "unmatched"


def test_suggestions_may_go_out_within_a_campaign() -> None:
    """发挥各自职能和专业优势，形成工作合力: one class suggestion to a town for what many cases have in common."""
    desk = agreed()
    desk.decide(
        "draft_letter",
        by=CLERK,
        document="pre_suit_suggestion",
        recipients=[{"name": "雪峰镇人民政府"}],
        text={"advice": ["限期复垦"]},
    )
    desk.decide("issue_letter", official_no="明检行公建〔2021〕3号")
    assert desk.stage() is CampaignStage.UNDER_WAY
    desk.record("letter_served", "2021-09-01")
    # [公释]21: two months from the receipt.
    assert desk.due("L1/pil.reply") == date(2021, 11, 1)
    desk.on("2021-11-08").decide("urge")
    desk.decide("escalate", rung="public_interest_litigation")
    assert "尚未形成" in desk.refusal("close_case", outcome="completed", reason="总结")


def test_the_terms_of_a_campaign_are_checked_when_it_is_opened() -> None:
    """Bad input: it cannot end before it begins."""
    terms = CampaignTerms(begins_on=date(2021, 10, 8), ends_on=date(2021, 10, 7))
    problems = campaign(terms=terms).case.against_opening()
    assert [each.field for each in problems] == ["ends_on"]
    assert campaign().case.against_opening() == []
    assert CampaignFile.OUTCOMES == (Outcome.COMPLETED, Outcome.CANCELLED)


def test_what_is_carried_over_is_the_same_campaign() -> None:
    """Continue as new: attached cases, counts and what is still to be counted come along."""
    desk = agreed()
    desk.decide("attach_cases", cases=CASES[:500])
    desk.decide("count_progress")
    again: PureDesk[CampaignFile] = PureDesk(desk.case.opening, desk.now, carried=desk.carried())
    assert again.rows() == desk.rows()
    assert again.case.attached.standing == tuple(CASES[:500])
    assert again.case.progress.counts == desk.case.progress.counts


def test_nobody_outside_can_use_the_id_under_which_a_count_comes() -> None:
    """Or the count would be taken for one that had come, be asked for again for ever, and hold up report and closing."""
    desk = agreed()
    desk.decide("attach_cases", cases=CASES[:8])
    desk.signal("happened", "2021-09-01", "count/c1/counted", event="会议")
    desk.decide("count_progress", "c1")
    assert not desk.case.is_counting
    desk.decide("close_case", outcome="cancelled", reason="并入省级专项")
