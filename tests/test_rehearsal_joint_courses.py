"""Published campaigns, requests to urge another unit, and disputes, each played as the kind of case that it is."""

from __future__ import annotations

from typing import Any

from models.stages import CampaignStage, CoordinationStage, DisputeStage
from models.terms import Outcome
from tests.pure_rehearsal import hows, letter, played, reply


def event(on: str, word: str, **fields: Any) -> dict[str, Any]:
    return {"date": on, "event": word, "actor": "某县检察院", **fields}


def said(rehearsed: Any) -> list[str]:
    return ["；".join(each.what) for each in rehearsed.events]


def test_a_campaign_is_started_reports_and_is_completed() -> None:
    rehearsed = played(
        event("2021-03-01", "campaign_started", note="部署专项行动"),
        letter("2021-04-01"),
        reply("2021-05-20", note="已全部整改到位"),
        event("2021-06", "result_counted", note="复耕三十亩"),
        event("2021-12-01", "case_closed", note="专项行动整改到位"),
        kind="campaign",
    )
    assert hows(rehearsed) == ["applied"] * 5
    assert "启动专项行动" in said(rehearsed)[0] and "复耕三十亩" in said(rehearsed)[3]
    assert (rehearsed.outcome, rehearsed.stage) == (Outcome.COMPLETED, CampaignStage.ARCHIVED)
    assert rehearsed.deadlines[0].met_on == "2021-05-20"


def test_a_request_is_taken_up_with_the_supervision_and_the_unit_does_its_duty() -> None:
    rehearsed = played(
        event("2021-03-01", "case_filed_procuratorate", note="县局商请督促镇政府"),
        letter("2021-04-01", target="某镇人民政府"),
        event("2021-04-20", "roundtable_held", note="圆桌会议"),
        reply("2021-05-20", actor="某镇人民政府", note="已全部整改到位"),
        event("2021-12-01", "case_closed", note="整改到位"),
        kind="coordination",
        agency="某县自然资源局；某镇人民政府",
        legal_nature="工作机制",
    )
    assert hows(rehearsed) == ["applied"] * 5
    assert "受理商请" in said(rehearsed)[0]
    assert (rehearsed.outcome, rehearsed.stage) == (Outcome.UNIT_URGED, CoordinationStage.ARCHIVED)


def test_a_dispute_is_settled_by_what_is_agreed_after_the_suit_and_not_before() -> None:
    rehearsed = played(
        event("2004", "agreement_signed", role="party", note="用地协议"),
        event("2018-09", "lawsuit_filed", role="party", actor="刘某", note="起诉"),
        event("2020-05-08", "agreement_signed", role="party", actor="刘某", note="签订和解协议并领款"),
        event("2020-10-12", "registration_changed", role="agency", actor="某县自然资源局", note="变更登记"),
        event("2020-11-02", "supervision_withdrawn", role="party", actor="刘某"),
        event("2020-12-01", "case_closed", note="和解"),
        kind="dispute_resolution",
        legal_nature="行政争议实质性化解",
    )
    assert hows(rehearsed) == ["applied"] * 6
    assert "订立、变更合同" in said(rehearsed)[0]
    assert "签署和解协议，履行事项2项" in said(rehearsed)[2]
    assert (rehearsed.outcome, rehearsed.stage) == (Outcome.SETTLED, DisputeStage.ARCHIVED)


def test_talks_that_fail_and_a_closing_that_tells_of_no_agreement() -> None:
    for events in (
        [
            event("2020-06-01", "mediation_failed", note="差距过大"),
            event("2020-12-01", "case_closed", note="终结"),
        ],
        [event("2020-12-01", "case_closed", note="终结审查")],
    ):
        suit = event("2018-09", "lawsuit_filed", role="party", actor="刘某")
        rehearsed = played(suit, *events, kind="dispute", legal_nature="行政诉讼监督")
        assert set(hows(rehearsed)) == {"applied"}
        assert rehearsed.outcome is Outcome.DISPUTE_NOT_SETTLED


def test_an_agreement_without_a_day_lies_before_its_performance() -> None:
    rehearsed = played(
        event("2020-05", "supervision_requested", role="party", actor="刘某"),
        event("2020-10-12", "registration_changed", role="agency", actor="某县自然资源局", note="变更登记"),
        kind="dispute",
        legal_nature="行政诉讼监督",
        undated_steps=["签订和解协议"],
    )
    assert "2020-05-01/2020-10-12签署和解协议" in said(rehearsed)[1]
    assert rehearsed.stage is DisputeStage.PERFORMED
