"""第五条 线索移送: sent in time, signed for, reviewed; taken, returned with reasons, forwarded; its sender is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.cases.clues import ClueFile
from models.dates import EventDate
from models.messages import Clue, LocalPeriod
from models.said.clues import ClueTerms
from models.stages import ClueStage
from models.terms import CaseKind, ClueDirection, ClueSource, Matter, Relation, Role, Stance
from models.wire import Recipient
from tests.openings import BUREAU, CHIEF, CLERK, DRAFTER, PROCURATORATE, TOWN, field, opening
from tests.pure_desk import PureDesk
from tests.scenarios.shows import shows

OURS, THEIRS = PROCURATORATE.name, BUREAU.name
SUPERIOR = Recipient(name="三明市人民检察院")
NEIGHBOUR = Recipient(name="清流县人民检察院")
COURSE = "public_interest-350421-2021-0001"


def clue(
    direction: ClueDirection = ClueDirection.BUREAU_TO_PROCURATORATE,
    sender: str = THEIRS,
    receiver: str = OURS,
    **changes: Any,
) -> PureDesk[ClueFile]:
    """A clue that the bureau found on 6 September 2021, registered on the 13th."""
    fields: dict[str, Any] = {
        "case": "clue-350421-2021-0001",
        "kind": CaseKind.CLUE,
        "title": "雪峰镇硬化耕地线索",
        "opened_on": date(2021, 9, 13),
        "clue": Clue(source=ClueSource.AGENCY_TRANSFER, found_on="2021-09-06"),
        "terms": ClueTerms(direction=direction, sender=sender, receiver=receiver),
    }
    return PureDesk(opening(**(fields | changes)))


def in_hand(**changes: Any) -> PureDesk[ClueFile]:
    """One that was sent on the 13th and signed for on the 14th."""
    desk = clue(**changes)
    desk.record("clue_transferred", "2021-09-13", "sent", materials=["现场照片", "勘测定界图"])
    desk.on("2021-09-14").record("clue_received", "2021-09-14", "signed", lacking=["勘测定界图"])
    return desk


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


def write(desk: PureDesk[ClueFile], document: str, to: Recipient, **fields: Any) -> None:
    """A letter drafted, approved and issued on the day."""
    desk.decide("draft_letter", by=DRAFTER, document=document, recipients=[to.model_dump()], **fields)
    desk.decide("approve_letter")
    desk.decide("issue_letter")


@shows("5.1")
def test_a_clue_of_the_bureau_becomes_a_case() -> None:
    """应及时移送检察机关办理: sent, signed for, reviewed, taken; the new case takes facts and papers along; its end is told."""
    desk = clue(items=(field(),))
    assert desk.stage() is ClueStage.SENT
    assert desk.running == ["case/coop.clue"]
    assert desk.deadline("case/coop.clue").due_on is None  # [意见]5: 及时, no number
    desk.record("clue_transferred", "2021-09-13", "sent", materials=["现场照片"])
    assert desk.deadline("case/coop.clue").met_on is not None
    assert "尚未签收" in desk.refusal("review_clue")
    desk.on("2021-09-14").record("clue_received", "2021-09-14", "signed")
    assert desk.stage() is ClueStage.RECEIVED
    desk.decide("review_clue", review_by=date(2021, 9, 30))
    assert desk.stage() is ClueStage.REVIEWING
    assert desk.due("case/local.clue_review") == date(2021, 9, 30)

    desk.on("2021-09-28").decide(
        "take_clue",
        "taking",
        into="public_interest",
        title="雪峰镇占耕公益诉讼案",
        matter="farmland_destruction",
        reason="耕地受损，监管未到位",
    )
    assert desk.stage() is ClueStage.TAKEN
    assert desk.deadline("case/local.clue_review").days_late == -2
    (opened,) = desk.opened
    assert (opened.kind, opened.title) == (CaseKind.PUBLIC_INTEREST, "雪峰镇占耕公益诉讼案")
    assert (opened.matter, opened.opened_on) == (Matter.FARMLAND_DESTRUCTION, date(2021, 9, 28))
    assert opened.clue.source is ClueSource.AGENCY_TRANSFER
    assert [each.event for each in opened.facts] == ["移送线索", "签收线索"]  # type: ignore[union-attr] # all happened
    assert [each.id for each in opened.items] == ["地块一"]
    assert [(each.relation, each.case) for each in opened.links] == [
        (Relation.CONVERTED_FROM, "clue-350421-2021-0001")
    ]
    assert [tie.case for tie in desk.case.opened] == [COURSE]
    assert "已采纳立案" in desk.refusal("take_clue", into="urging", reason="再立")

    # The local choice: ten days; 2022-03-01 → 03-11, a Friday.
    desk.on("2022-03-01").signal("linked_case_closed", "2022-03-01", case=COURSE, outcome="整改到位")
    assert desk.due("case/local.clue_feedback/" + COURSE) == date(2022, 3, 11)
    assert "尚未向明溪县自然资源局反馈" in desk.refusal("close_case", outcome="taken", reason="已立案")
    desk.on("2022-03-09")
    assert any(tick.kind == "reminded" and COURSE in tick.deadline for tick in desk.ticks)
    write(desk, "clue_feedback", BUREAU)
    assert desk.stage() is ClueStage.FEEDBACK
    desk.decide("close_case", outcome="taken", reason="已立案办结", look_back_on=["2022-06-09"])
    assert desk.stage() is ClueStage.CLOSED
    desk.on("2022-06-09").record("looked_back", "2022-06-09", held=False)
    assert desk.stage() is ClueStage.REVISIT
    desk.decide("file_away", reason="另立新案")
    assert desk.stage() is ClueStage.ARCHIVED


def test_a_clue_comes_with_facts_in_any_order_and_of_any_precision() -> None:
    """Signed for before it is known when it was sent; found in a month; the two days may not contradict one another."""
    desk = clue(clue=Clue(source=ClueSource.AUDIT))
    assert desk.running == []
    desk.on("2021-09-20").record("clue_received", "2021-09-14")
    assert desk.stage() is ClueStage.RECEIVED
    assert "晚于签收日" in desk.misfit("clue_transferred", "2021-09-15")
    assert "晚于移送日" in desk.misfit("clue_transferred", "2021-09-13", found_on="2021-09-14")
    desk.record("clue_transferred", "2021-09-13", "sent", found_on="2021-08")
    assert str(desk.deadline("case/coop.clue").started_on) == "2021-08"
    assert "移送已记录" in desk.misfit("clue_transferred", "2021-09-13")
    assert "签收已记录" in desk.misfit("clue_received", "2021-09-14")
    desk.correct("sent", found_on="2021-08-30")
    assert str(desk.deadline("case/coop.clue").started_on) == "2021-08-30"
    early = clue()
    early.record("clue_transferred", "2021-09-13")
    assert "早于移送日" in early.misfit("clue_received", "2021-09-12")


def test_a_place_that_sets_days_for_the_transfer_is_only_reminded() -> None:
    """及时 has no number; where a county's own text gives one, its end is a reminder and accuses nobody."""
    own = LocalPeriod(rule="coop.clue", amount=5, unit="working_days", basis="某县协作意见第五条")
    desk = clue(local_periods=(own,))
    # 2021-09-06, a Monday, and five working days: 09-13.
    assert desk.due("case/coop.clue") == date(2021, 9, 13)
    desk.on("2021-09-20")
    assert any(tick.kind == "fell_due" for tick in desk.ticks)
    assert not desk.is_overdue() and desk.stage() is ClueStage.SENT
    # Sent in time though recorded late: the expiry is undone.
    desk.record("clue_transferred", "2021-09-13")
    assert desk.deadline("case/coop.clue").days_late == 0


def test_returned_with_reasons() -> None:
    """退回须说明理由: what is wanting is named, the letter tells the sender; what comes again is a new clue."""
    desk = in_hand()
    assert "须说明理由" in desk.refusal("return_clue")
    assert "没有退回" in desk.refusal("close_case", outcome="returned", reason="退回")
    desk.decide("review_clue")
    assert desk.deadline("case/local.clue_review").due_on is None
    assert "不必重复" in desk.refusal("review_clue")
    desk.on("2021-09-16").decide("return_clue", reason="违法主体不明", wanting=["主体身份材料"])
    assert desk.stage() is ClueStage.RETURNED
    # 2021-09-16 and ten days: 09-26, a Sunday worked for the National Day: no roll.
    assert desk.due("case/local.clue_feedback") == date(2021, 9, 26)
    for kind, fields in (
        ("take_clue", {"into": "urging"}),
        ("forward_clue", {"to": NEIGHBOUR.name}),
        ("review_clue", {}),
    ):
        assert "已退回" in desk.refusal(kind, reason="再议", **fields)
    assert "尚未向" in desk.refusal("close_case", outcome="returned", reason="退回")
    write(desk, "clue_return", BUREAU)
    assert desk.stage() is ClueStage.FEEDBACK
    assert "case/local.clue_feedback" not in desk.running
    desk.decide("close_case", outcome="returned", reason="已退回补充")
    assert desk.stage() is ClueStage.ARCHIVED


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


def test_one_clue_becomes_several_cases() -> None:
    """Two failures in one clue: two cases, each a child of it; each one's end is owed to the sender."""
    desk = in_hand()
    assert "不立为" in desk.refusal("take_clue", into="study", reason="采纳")
    assert "不能是本案的" in desk.refusal("take_clue", into="urging", relation="parent", reason="采纳")
    assert "须写明理由" in desk.refusal("take_clue", into="urging")
    desk.decide("take_clue", into="urging", relation="child", reason="监管未到位")
    desk.decide("take_clue", into="enforcement", relation="child", reason="裁定未执行")
    assert [tie.relation for tie in desk.case.opened] == [Relation.CHILD, Relation.CHILD]
    first, second = (tie.case for tie in desk.case.opened)
    # The letter went out before it was entered that the first case had closed: it told that end, and not the other.
    desk.on("2021-12-08")
    write(desk, "clue_feedback", BUREAU)
    desk.signal("linked_case_closed", "2021-12-06", case=first, outcome="整改到位")
    assert desk.stage() is ClueStage.FEEDBACK
    desk.on("2022-01-10").signal("linked_case_closed", "2022-01-10", case=second, outcome="执行完毕")
    assert desk.stage() is ClueStage.TAKEN
    owed = [key for key in desk.running if "clue_feedback" in key]
    assert owed == [f"case/local.clue_feedback/{second}"]
    # 2022-01-10 and ten days: 01-20; nothing goes out, and staff are told when the day has passed.
    desk.on("2022-01-25")
    assert desk.ticks[-1].kind == "fell_due"


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


def test_a_clue_that_is_known_already_is_merged() -> None:
    """The same clue from a second source goes to the case that has it."""
    desk = in_hand(clue=Clue(source=ClueSource.HOTLINE))
    assert "没有并入的案件" in desk.refusal("close_case", outcome="merged", reason="重复")
    desk.decide("link_case", relation="covered_by", case="urging-350421-2021-0003")
    desk.decide("close_case", outcome="merged", reason="与已办案件重复")
    assert desk.stage() is ClueStage.ARCHIVED
    assert "不以“整改到位”结案" in in_hand().refusal("close_case", outcome="rectified", reason="完成")


def test_a_receipt_is_corrected_while_the_clue_is_under_review() -> None:
    """To another day, but not to one before it was sent; struck out, the review waits until a receipt is entered again."""
    desk = in_hand()
    desk.decide("review_clue", "review")
    desk.on("2021-09-16").correct("signed", "2021-09-15")
    assert desk.stage() is ClueStage.REVIEWING
    wrong = desk.case.entries[1].message.model_copy(update={"on": EventDate.parse("2021-09-10")})
    assert "早于移送日" in desk.refusal("correct", fact="signed", replacement=wrong, reason="误录")
    desk.correct("signed")
    assert desk.stage() is ClueStage.SENT
    assert [*desk.case.unmatched] == ["review"]
    desk.record("clue_received", "2021-09-15")
    assert desk.stage() is ClueStage.REVIEWING


@pytest.mark.parametrize("source", ClueSource)
def test_clues_come_from_every_source(source: ClueSource) -> None:
    """审计, 税务, 人大代表, 志愿者, 12345, 遥感 …: the source is kept and goes along into the case made of it."""
    desk = in_hand(clue=Clue(source=source))
    desk.decide("take_clue", into="urging", reason="监管未到位")
    assert desk.opened[0].clue.source is source


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


def test_nobody_from_outside_decides() -> None:
    """An officer of the bureau sends a clue; he does not take it in our place."""
    officer = CLERK.model_copy(update={"role": Role.ENFORCEMENT_OFFICER})
    assert "不能代检察院" in in_hand().refusal("take_clue", by=officer, into="urging", reason="采纳")
    assert in_hand().refusal("take_clue", by=CHIEF, into="urging", reason="采纳") == ""
