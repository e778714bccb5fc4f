"""第五条 线索移送: sent in time, signed for, reviewed; taken, returned with reasons, forwarded; its sender is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.cases.clues import ClueFile
from models.dates import EventDate
from models.messages import Clue
from models.said.clues import ClueTerms, TakeClue
from models.said.links import LinkFailed
from models.stages import ClueStage
from models.terms import CaseKind, ClueDirection, ClueSource, Matter, Relation, Role
from models.wire import LocalPeriod, Recipient
from tests.openings import BUREAU, CHIEF, CLERK, DRAFTER, PROCURATORATE, field, opening
from tests.pure_desk import PureDesk
from tests.scenarios.shows import shows

OURS, THEIRS = PROCURATORATE.name, BUREAU.name
SUPERIOR = Recipient(name="三明市人民检察院")
NEIGHBOUR = Recipient(name="清流县人民检察院")
AFTERWARDS: dict[str, dict[str, Any]] = {
    "take_clue": {"into": "urging"},
    "forward_clue": {"to": NEIGHBOUR.name},
    "review_clue": {},
}
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
        "clue": Clue(source=ClueSource.AGENCY_TRANSFER, found_on=EventDate.parse("2021-09-06")),
        "terms": ClueTerms(direction=direction, sender=sender, receiver=receiver),
    }
    return PureDesk(opening(**(fields | changes)))


def in_hand(**changes: Any) -> PureDesk[ClueFile]:
    """One that was sent on the 13th and signed for on the 14th."""
    desk = clue(**changes)
    desk.record("clue_transferred", "2021-09-13", "sent", materials=["现场照片", "勘测定界图"])
    desk.on("2021-09-14").record("clue_received", "2021-09-14", "signed", lacking=["勘测定界图"])
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
    for kind, fields in AFTERWARDS.items():
        assert "已退回" in desk.refusal(kind, reason="再议", **fields)
    assert "尚未向" in desk.refusal("close_case", outcome="returned", reason="退回")
    write(desk, "clue_return", BUREAU)
    assert desk.stage() is ClueStage.FEEDBACK
    assert "case/local.clue_feedback" not in desk.running
    desk.decide("close_case", outcome="returned", reason="已退回补充")
    assert desk.stage() is ClueStage.ARCHIVED


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


def test_a_case_that_could_not_be_opened_is_opened_again() -> None:
    """The opening fails: the clue is not taken, staff are told, and may take it once more."""
    desk = in_hand()
    case = ClueFile.restored(desk.case.state())
    for id in ("first", "second"):
        taking = TakeClue(id=id, by=CHIEF, into=CaseKind.URGING, reason="监管未到位")
        assert case.check(taking, date(2021, 9, 14)) == []
        case.take(taking, desk.now)
        assert case.is_taken
        why = "编号簿不可用"
        case.take(LinkFailed(id=f"open/{id}/failed/1", order=f"open/{id}", why=why), desk.now)
        assert not case.is_taken and not case.links.is_opening


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


def test_nobody_from_outside_decides() -> None:
    """An officer of the bureau sends a clue; he does not take it in our place."""
    officer = CLERK.model_copy(update={"role": Role.ENFORCEMENT_OFFICER})
    assert "不能代检察院" in in_hand().refusal("take_clue", by=officer, into="urging", reason="采纳")
    assert in_hand().refusal("take_clue", by=CHIEF, into="urging", reason="采纳") == ""
