"""第五条 线索移送 from and to others: forwarded to the competent procuratorate, between two of them, from us to the bureau."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.cases.clues import ClueFile
from models.messages import Clue
from models.said.clues import ClueTerms
from models.stages import ClueStage
from models.terms import CaseKind, ClueDirection, ClueSource, Relation, Stance
from models.wire import Recipient
from tests.openings import BUREAU, DRAFTER, TOWN
from tests.pure_desk import PureDesk
from tests.scenarios.test_clue import NEIGHBOUR, OURS, SUPERIOR, THEIRS, clue, in_hand, write


def from_neighbour(**changes: Any) -> PureDesk[ClueFile]:
    """One that another procuratorate has handed over."""
    return in_hand(
        direction=ClueDirection.BETWEEN_PROCURATORATES, sender=NEIGHBOUR.name, receiver=OURS, **changes
    )


def sent_out(
    to: Recipient = BUREAU, direction: ClueDirection = ClueDirection.PROCURATORATE_TO_BUREAU
) -> PureDesk[ClueFile]:
    """One that we found ourselves and handed over, with a day for the answer."""
    desk = clue(direction, OURS, to.name, clue=Clue(source=ClueSource.CRIMINAL_CASE))
    write(desk, "clue_transfer", to, reply_by=date(2021, 10, 15))
    desk.on("2021-09-15").record("letter_served", "2021-09-15", "receipt", letter="L1")
    return desk


def test_forwarded_to_the_competent_procuratorate() -> None:
    """[公规]26: a clue that lies elsewhere goes to the procuratorate there, where it is registered as coming from us."""
    desk = in_hand()
    assert "不能移送给本院" in desk.refusal("forward_clue", to=OURS, reason="管辖")
    assert "那是移送单位" in desk.refusal("forward_clue", to=THEIRS, reason="管辖")
    assert "须写明理由" in desk.refusal("forward_clue", to=NEIGHBOUR.name)
    desk.decide("forward_clue", to=NEIGHBOUR.name, county="350423", reason="地块在清流县")
    assert desk.stage() is ClueStage.FORWARDED
    (there,) = desk.opened
    assert (there.kind, there.county, there.procuratorate) == (CaseKind.CLUE, "350423", NEIGHBOUR)
    assert there.terms == ClueTerms(
        direction=ClueDirection.BETWEEN_PROCURATORATES, sender=OURS, receiver=NEIGHBOUR.name
    )
    assert there.links[0].relation is Relation.TRANSFERRED_FROM
    assert "已移送" in desk.refusal("forward_clue", to=NEIGHBOUR.name, reason="再移送")
    assert "不能再退回" in desk.refusal("return_clue", reason="退回")
    assert "已移送他院" in desk.refusal("take_clue", into="urging", reason="采纳")
    assert "移送文书尚未制发" in desk.refusal("close_case", outcome="forwarded", reason="移送")
    write(desk, "clue_transfer", NEIGHBOUR)
    assert "尚未向明溪县自然资源局反馈" in desk.refusal("close_case", outcome="forwarded", reason="移送")
    write(desk, "clue_feedback", BUREAU)
    desk.decide("close_case", outcome="forwarded", reason="移送有管辖权的院")
    assert desk.stage() is ClueStage.ARCHIVED


def test_a_receiving_procuratorate_does_not_bounce_it_back() -> None:
    """[公规]26: 不得自行退回原移送线索的人民检察院或者移送其他人民检察院; it asks the superior one, and does what that says."""
    desk = from_neighbour()
    assert "不得把线索退回" in desk.refusal("return_clue", reason="不属本院")
    assert "不得把线索退回" in desk.refusal(
        "draft_letter", by=DRAFTER, document="clue_return", recipients=[NEIGHBOUR.model_dump()]
    )
    assert "不得把线索退回" in desk.refusal("forward_clue", to=NEIGHBOUR.name, reason="不属本院")
    assert "不得自行移送其他检察院" in desk.refusal("forward_clue", to="宁化县人民检察院", reason="不属本院")
    designation = {"superior": SUPERIOR.name, "competent": "宁化县人民检察院"}
    assert "尚未就管辖报告上级" in desk.misfit("competence_designated", "2021-09-14", **designation)
    desk.decide("forward_clue", to=SUPERIOR.name, upward=True, reason="地块跨县，请求指定管辖")
    assert desk.stage() is ClueStage.FORWARDED
    desk.on("2021-09-27").record("competence_designated", "2021-09-26", **designation)
    assert "已记录" in desk.misfit("competence_designated", "2021-09-27", **designation)
    assert "已指定宁化县人民检察院管辖" in desk.refusal("take_clue", into="urging", reason="采纳")
    assert "已指定宁化县" in desk.refusal("forward_clue", to="沙县区人民检察院", reason="移送")
    desk.decide("forward_clue", to="宁化县人民检察院", reason="按指定管辖移送")
    write(desk, "transfer_letter", Recipient(name="宁化县人民检察院"))
    write(desk, "clue_feedback", NEIGHBOUR)
    desk.decide("close_case", outcome="forwarded", reason="按指定管辖移送")


def test_what_the_superior_handed_down_is_reported_back_to_it() -> None:
    """上级交办: there the sender is the one to ask; it is asked, and nothing is bounced."""
    terms = {"direction": ClueDirection.BETWEEN_PROCURATORATES, "sender": SUPERIOR.name, "receiver": OURS}
    desk = in_hand(clue=Clue(source=ClueSource.SUPERIOR), **terms)
    assert "不得把线索退回" in desk.refusal("forward_clue", to=SUPERIOR.name, reason="不属本院")
    desk.decide("forward_clue", to=SUPERIOR.name, upward=True, reason="请求指定管辖")
    assert desk.stage() is ClueStage.FORWARDED
    # One who only says so of an equal is not believed.
    equal = from_neighbour()
    assert "不得把线索退回" in equal.refusal("forward_clue", to=NEIGHBOUR.name, upward=True, reason="退回")


def test_designated_here_it_is_taken() -> None:
    """The superior procuratorate sends the clue back to the one that asked: that one takes it."""
    desk = from_neighbour()
    desk.decide("forward_clue", to=SUPERIOR.name, upward=True, reason="请求指定管辖")
    assert "已移送他院" in desk.refusal("take_clue", into="urging", reason="采纳")
    desk.record("competence_designated", "2021-09-14", superior=SUPERIOR.name, competent=OURS)
    assert "已指定本院管辖" in desk.refusal("forward_clue", to="沙县区人民检察院", reason="移送")
    desk.decide("take_clue", into="urging", reason="上级指定")
    assert desk.stage() is ClueStage.TAKEN
    assert [each.kind for each in desk.opened] == [CaseKind.URGING]


def test_a_clue_that_we_sent_to_the_bureau() -> None:
    """The other way round: the notice is served, answered by the day it states, and what came of it is told to us."""
    desk = sent_out()
    assert desk.stage() is ClueStage.RECEIVED
    assert desk.due("L1/local.answer") == date(2021, 10, 15)
    assert "以移送案件线索通知书" in desk.misfit("clue_transferred", "2021-09-15")
    assert "以移送案件线索通知书" in desk.misfit("clue_received", "2021-09-15")
    assert "由接收单位审查" in desk.refusal("take_clue", into="urging", reason="采纳")
    desk.on("2021-09-20").record(
        "reply_received", "2021-09-20", letter="L1", stance=Stance.ACKNOWLEDGED, summary="收悉"
    )
    assert desk.stage() is ClueStage.REVIEWING
    desk.on("2021-10-12").record("reply_received", "2021-10-12", letter="L1", stance=Stance.ADOPTED)
    assert desk.stage() is ClueStage.TAKEN
    assert "没有由线索立案的案号" in desk.refusal("close_case", outcome="taken", reason="已立案")
    desk.on("2021-12-01").record(
        "feedback_received", "2021-12-01", number="明自然资立〔2021〕8号", result="已责令拆除"
    )
    assert desk.stage() is ClueStage.FEEDBACK
    desk.decide("close_case", outcome="taken", reason="对方立案查处")
    assert desk.stage() is ClueStage.ARCHIVED


def test_a_clue_that_the_bureau_sent_back() -> None:
    """Its reply says that it will not take it up: the clue is back with us."""
    desk = sent_out()
    desk.on("2021-10-08").record(
        "reply_received", "2021-10-08", letter="L1", stance=Stance.NOT_COMPETENT, summary="属林业局职责"
    )
    assert desk.stage() is ClueStage.RETURNED
    assert "没有移送他院" in desk.refusal("close_case", outcome="forwarded", reason="移送")
    desk.decide("close_case", outcome="returned", reason="另行移送林业局")


def test_another_procuratorate_cannot_send_ours_back() -> None:
    """[公规]26 from the sender's side: by its refusal alone nothing is returned; the clue stays in its hands."""
    desk = sent_out(NEIGHBOUR, ClueDirection.BETWEEN_PROCURATORATES)
    desk.on("2021-10-08").record("reply_received", "2021-10-08", letter="L1", stance=Stance.DECLINED)
    assert desk.stage() is ClueStage.REVIEWING
    assert "没有退回" in desk.refusal("close_case", outcome="returned", reason="对方退回")


def test_feedback_is_given_by_whoever_handles_the_clue() -> None:
    """Of our own handling we tell; of another's we are told, and only after we sent it."""
    assert "由本院反馈" in in_hand().misfit("feedback_received", "2021-09-14", result="已立案")
    desk = clue(ClueDirection.PROCURATORATE_TO_BUREAU, OURS, THEIRS)
    assert "尚未移送" in desk.misfit("feedback_received", "2021-09-13", result="已立案")


@pytest.mark.parametrize(
    ("direction", "sender", "receiver", "said"),
    [
        ("bureau_to_procuratorate", "", OURS, "没有写明移送单位"),
        ("procuratorate_to_bureau", OURS, "", "没有写明接收单位"),
        ("bureau_to_procuratorate", OURS, OURS, "都是"),
        ("bureau_to_procuratorate", THEIRS, TOWN.name, "接收单位应是本院"),
        ("procuratorate_to_bureau", TOWN.name, THEIRS, "移送单位应是本院"),
        ("between_procuratorates", NEIGHBOUR.name, SUPERIOR.name, "接收单位应是本院"),
        ("bureau_to_procuratorate", THEIRS, "", ""),
        ("procuratorate_to_bureau", "", THEIRS, ""),
        ("between_procuratorates", OURS, NEIGHBOUR.name, ""),
    ],
)
def test_the_two_sides_must_be_who_the_direction_says(
    direction: str, sender: str, receiver: str, said: str
) -> None:
    """Who sends and who receives is asked before the clue is registered."""
    desk = clue(ClueDirection(direction), sender, receiver)
    problems = "".join(map(str, desk.case.against_opening()))
    assert said in problems and bool(said) == bool(problems)
