"""The ties of a case to others: both sides know of them, each is told once, and nobody waits for anybody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.bags import PaperRef
from models.cases.joint_work import StudyFile
from models.conversion import tellings
from models.dates import EventDate
from models.decisions import DECISIONS
from models.links import Telling
from models.messages import Link
from models.said.links import CaseLinked, CaseTold, CaseUnlinked, LinkedCaseClosed, LinkFailed
from models.terms import CaseKind, Relation
from tests.openings import BUREAU, HEAD, draft, field, opening
from tests.pure_desk import PureDesk, issued, served

OWN = "urging-350421-2021-0007"
OTHER = "enforcement-350421-2021-0003"
DAY = date(2021, 9, 15)
PAPER = PaperRef("a" * 64, 10, "application/pdf", "papers/in/aaaaaaaaaaaa-回复.pdf")


class Recording(PureDesk[Any]):
    """A desk that remembers what it told other cases."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.said: list[Telling] = []
        super().__init__(*arguments, **named)

    def _reach(self, other: Any) -> None:
        if isinstance(other, Telling):
            self.said.append(other)
        super()._reach(other)


def case(**changes: Any) -> Recording:
    """A case on its first day, which the other one can be told of."""
    return Recording(opening(opened_on=DAY, **changes), others=(OTHER,))


def tied(desk: PureDesk[Any], other: str = OTHER) -> tuple[Relation, str, str]:
    """What another case is to one, why it is so no more, and how it ended."""
    tie = desk.case.links.ties[other]
    return tie.relation, tie.untied, tie.outcome


def test_both_sides_know_of_a_tie() -> None:
    """What the one says of the other, the other is told as seen from its side."""
    desk = case()
    desk.decide("link_case", "l1", relation="parent", case=OTHER, on=DAY)
    [telling] = desk.said
    assert (telling.to, telling.case) == (OTHER, OWN)
    assert telling.fact == CaseLinked(
        id=f"{OWN}/linked/l1/{OTHER}",
        on=telling.fact.on,
        by=telling.fact.by,
        case=OWN,
        relation=Relation.CHILD,
    )
    assert str(telling.fact.on) == str(DAY)
    assert desk.case.links.done == {f"linked/l1/{OTHER}": "told"}
    [row] = desk.rows().links
    assert (row.other, row.relation, row.elsewhere, row.linked_on) == (OTHER, "parent", False, str(DAY))

    # The other side takes it, tells nobody, and says the same of it.
    other = Recording(opening(case=OTHER, opened_on=DAY))
    other.take(telling.fact)
    assert tied(other, OWN) == (Relation.CHILD, "", "")
    assert (len(desk.said), other.said) == (1, [])
    other.take(telling.fact)
    assert len(other.rows().links) == 1


def test_what_cannot_be_tied() -> None:
    desk = case()
    refused = desk.refusal("link_case", relation="related", case=OWN)
    assert "不能关联自己" in refused
    assert "不是本系统的案件编号" in desk.refusal(
        "link_case", relation="related", case="（2021）闽0421行审1号"
    )
    desk.decide("link_case", relation="parent", case=OTHER)
    assert "不能循环关联" in desk.refusal("link_case", relation="child", case=OTHER)
    assert "已关联（上级案件）" in desk.refusal("link_case", relation="related", case=OTHER)


def test_a_case_of_another_system_goes_by_its_own_number_and_is_told_nothing() -> None:
    desk = case()
    desk.decide("link_case", relation="related", case="（2021）闽0421行审1号", elsewhere=True)
    desk.decide("unlink_case", case="（2021）闽0421行审1号", reason="误录")
    desk.decide("link_case", relation="related", case="（2021）闽0421行审2号", elsewhere=True)
    desk.decide("close_case", outcome="merged", reason="并案")
    assert desk.said == []
    assert [row.elsewhere for row in desk.rows().links] == [True]


def test_a_tie_is_undone_on_both_sides() -> None:
    desk = case()
    assert "没有关联案件" in desk.refusal("unlink_case", case=OTHER, reason="误录")
    desk.decide("link_case", "l1", relation="related", case=OTHER)
    assert "须写明理由" in desk.refusal("unlink_case", case=OTHER)
    desk.decide("unlink_case", "u1", case=OTHER, reason="误录")
    assert [type(each.fact) for each in desk.said] == [CaseLinked, CaseUnlinked]
    assert desk.rows().links == ()
    other = Recording(opening(case=OTHER, opened_on=DAY))
    for telling in desk.said:
        other.take(telling.fact)
    assert tied(other, OWN) == (Relation.RELATED, "误录", "")
    # Tied anew it is told anew, and an end of it that was told before does not undo it.
    desk.decide("link_case", "l2", relation="covers", case=OTHER)
    other.take(desk.said[-1].fact)
    assert tied(other, OWN) == (Relation.COVERED_BY, "", "")


def test_one_thing_after_another() -> None:
    """A tie made and undone at once: the end of it is not on its way before its beginning has arrived."""
    desk = case()
    links = desk.case.links
    for kind, id in (("link_case", "l1"), ("unlink_case", "u1")):
        message = {"kind": kind, "id": id, "by": HEAD, "case": OTHER, "relation": "related", "reason": "误录"}
        desk.case.take(_decision(message), desk.now)
    assert [each.order for each in tellings(desk.case)] == [f"linked/l1/{OTHER}"]
    desk.case.take(CaseTold(id="t1", order=f"linked/l1/{OTHER}", how="told"), desk.now)
    assert [each.order for each in tellings(desk.case)] == [f"unlinked/u1/{OTHER}"]
    desk.case.take(LinkFailed(id="f1", order=f"unlinked/u1/{OTHER}", why="拒绝"), desk.now)
    assert list(tellings(desk.case)) == []
    assert links.standing() == []


def test_the_end_of_a_case_is_told_to_each_once() -> None:
    third = "dispute-350421-2021-0001"
    desk = case(links=(Link(relation=Relation.REOPENS, case=third),))
    desk.decide("link_case", relation="parent", case=OTHER)
    desk.decide("close_case", outcome="merged", reason="并案", on=DAY)
    told = [each for each in desk.said if isinstance(each.fact, LinkedCaseClosed)]
    assert [(each.to, each.fact.outcome) for each in told] == [(third, "并案"), (OTHER, "并案")]  # type: ignore[union-attr] # they are LinkedCaseClosed
    assert desk.case.links.done[f"closed/{third}"] == "missing"
    assert any("没有案件 dispute-350421-2021-0001" in each.body for each in desk.notices)
    before = len(desk.said)
    desk.on("2021-10-15")
    assert len(desk.said) == before


def test_the_end_of_another_case_is_shown_and_not_answered() -> None:
    """It has closed, so it need not hear of our end."""
    desk = case()
    desk.decide("link_case", relation="child", case=OTHER)
    desk.signal("linked_case_closed", DAY, case=OTHER, outcome="整改到位")
    assert tied(desk) == (Relation.CHILD, "", "整改到位")
    assert desk.rows().links[0].outcome == "整改到位"
    desk.decide("close_case", outcome="merged", reason="并案")
    assert [type(each.fact) for each in desk.said] == [CaseLinked]


def test_a_case_that_was_never_tied_may_close_too() -> None:
    desk = case()
    desk.signal("linked_case_closed", DAY, case=OTHER)
    assert tied(desk) == (Relation.RELATED, "", "办结")
    assert "在将来" in desk.misfit("case_linked", "2021-09-16", case=OTHER, relation="related")


def test_ties_of_the_opening_are_told_unless_known() -> None:
    desk = case(links=(Link(relation=Relation.PARENT, case=OTHER),))
    assert [(each.to, each.fact.id) for each in desk.said] == [(OTHER, f"{OWN}/linked/opening/{OTHER}")]
    desk = case(links=(Link(relation=Relation.PARENT, case=OTHER, known=True),))
    assert desk.said == [] and tied(desk)[0] is Relation.PARENT


def test_a_case_that_cannot_be_told_is_a_matter_for_staff() -> None:
    desk = PureDesk(opening(opened_on=DAY))
    desk.decide("link_case", relation="related", case=OTHER)
    assert desk.case.taken[f"linked/link_case-1/{OTHER}/told"].what.startswith(f"没有案件 {OTHER}")
    assert "关联的案件不存在" in desk.notices[-1].subject
    assert tied(desk) == (Relation.RELATED, "", "")


def test_ties_survive_a_correction_and_a_new_run() -> None:
    desk = served(on=DAY)
    desk.decide("link_case", relation="covers", case=OTHER)
    desk.decide("open_linked", relation="child", into="study", reason="普遍性问题")
    before = desk.rows().links, dict(desk.case.links.done)
    desk.on("2021-09-20").correct("served", "2021-09-16")
    assert (desk.rows().links, desk.case.links.done) == before
    again = PureDesk(desk.case.opening, desk.now, carried=desk.carried())
    assert (again.rows().links, again.case.links.done) == before
    assert again.opened == []


# ── opening another case ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_case_takes_along_what_is_known() -> None:
    """Facts with their papers, and what is still to be put right: nothing need be entered twice."""
    desk = issued(draft(), on=DAY, items=(field(), field("地块二")), place="雪峰镇")
    desk.record("letter_served", DAY, "served", letter="L1")
    desk.record("reply_received", DAY, "r1", letter="L1", summary="已清运", paper=PAPER)
    desk.signal("reply_received", DAY, "stray", letter="某单位")
    desk.decide("drop_item", item="地块二", reason="不在红线内")
    assert "须写明理由" in desk.refusal("open_linked", relation="converted_into", into="study")
    desk.decide(
        "open_linked", "o1", relation="converted_into", into="study", title="联合调研", reason="裁而不执"
    )
    [opened] = desk.opened
    assert opened.case == "study-350421-2021-0001"
    assert (opened.title, opened.place, opened.handler) == ("联合调研", "雪峰镇", desk.case.handler)
    assert opened.links == (Link(relation=Relation.CONVERTED_FROM, case=OWN, known=True),)
    assert [item.id for item in opened.items] == ["地块一"]
    assert [(fact.id, str(fact.on), fact.paper) for fact in opened.facts] == [
        (f"{OWN}/served", str(DAY), None),
        (f"{OWN}/r1", str(DAY), PAPER),
    ]
    assert tied(desk, opened.case)[0] is Relation.CONVERTED_INTO
    assert desk.case.links.done == {"open/o1": opened.case}

    new: PureDesk[StudyFile] = PureDesk(opened, others=(OWN,))
    assert tied(new, OWN)[0] is Relation.CONVERTED_FROM
    assert [row.what for row in new.rows().facts] == [f"{DAY} {OWN}送达：" + _said(desk, "served"),
                                                      f"{DAY} {OWN}回复：" + _said(desk, "r1")]  # fmt: skip
    assert [row.name for row in new.rows().papers] == [PAPER.name]
    new.decide("close_case", outcome="cancelled", reason="并入")
    assert new.case.links.done == {f"closed/{OWN}": "told"}


def test_a_new_case_may_be_another_s_and_take_nothing_along() -> None:
    desk = issued(draft(), on=DAY, items=(field(),), liaison="己联络员")
    desk.record("letter_served", DAY, letter="L1")
    desk.decide(
        "open_linked",
        relation="transferred_to",
        into="urging",
        county="350481",
        procuratorate="永安市人民检察院",
        handler=HEAD,
        carry=False,
        reason="管辖",
    )
    [opened] = desk.opened
    assert (opened.case, opened.procuratorate.name, opened.handler) == (
        "urging-350481-2021-0001",
        "永安市人民检察院",
        HEAD,
    )
    assert (opened.items, opened.facts, opened.liaison, opened.county_name) == ((), (), "", "")


def test_a_case_is_not_closed_while_another_is_being_opened_from_it() -> None:
    desk = PureDesk(opening(opened_on=DAY))
    message = {"kind": "open_linked", "id": "o1", "by": HEAD, "relation": "child", "into": "study"}
    desk.case.take(_decision(message | {"reason": "分案"}), desk.now)
    assert desk.case.links.is_opening
    close = _decision({"kind": "close_case", "id": "c", "by": HEAD, "outcome": "merged", "reason": "并案"})
    assert "正在另立关联案件" in str(desk.check(close))
    desk.settle()
    assert desk.check(close) == []


def test_an_opening_that_failed_is_told_and_may_be_asked_for_again() -> None:
    desk = PureDesk(opening(opened_on=DAY))
    message = {"kind": "open_linked", "id": "o1", "by": HEAD, "relation": "child", "into": "study"}
    desk.case.take(_decision(message | {"reason": "分案"}), desk.now)
    desk.take(LinkFailed(id="open/o1/failed/3", order="open/o1", why="“联合调研”的办案流程尚未启用"))
    assert "【须处理】有事项未能办理" in desk.notices[-1].subject
    assert desk.opened == [] and not desk.case.links.is_opening
    desk.decide("open_linked", "o2", relation="child", into="study", reason="再立")
    assert [each.case for each in desk.opened] == ["study-350421-2021-0002"]


def test_nobody_outside_can_use_the_ids_under_which_a_case_hears_of_what_it_did() -> None:
    """Or what it did would be taken for told before, and be done for ever."""
    desk = PureDesk(opening(opened_on=DAY))
    desk.signal("happened", DAY, "open/o1/opened", event="会议")
    desk.signal("happened", DAY, f"linked/l1/{OTHER}/told", event="会议")
    desk.decide("open_linked", "o1", relation="child", into="study", reason="分案")
    desk.decide("link_case", "l1", relation="related", case=OTHER)
    assert set(desk.case.links.done) == {"open/o1", f"linked/l1/{OTHER}"}


def test_a_new_case_that_speaks_before_its_opening_is_reported_is_heard() -> None:
    """The worker that opened it died; meanwhile it was closed, or untied: the report of the opening undoes neither."""
    desk = PureDesk(opening(opened_on=DAY))
    for number in (1, 2):
        message = {
            "kind": "open_linked",
            "id": f"o{number}",
            "by": HEAD,
            "relation": "child",
            "into": "study",
        }
        desk.case.take(_decision(message | {"reason": "分案"}), desk.now)
    closed, untied = (f"study-350421-2021-000{number}" for number in (1, 2))
    on = EventDate.on(DAY)
    desk.case.take(LinkedCaseClosed(id="c", on=on, by=HEAD, case=closed, outcome="取消"), desk.now)
    desk.case.take(CaseUnlinked(id="u", on=on, by=HEAD, case=untied, note="误立"), desk.now)
    desk.settle()
    assert tied(desk, closed) == (Relation.CHILD, "", "取消")
    assert tied(desk, untied) == (Relation.CHILD, "误立", "")
    assert [row.other for row in desk.rows().links] == [closed]


def test_a_tie_under_an_id_that_is_the_opening_s_is_told() -> None:
    """Or it would be taken for that of the opening, which was told long ago."""
    desk = case(links=(Link(relation=Relation.PARENT, case=OTHER),))
    desk.decide("unlink_case", "u1", case=OTHER, reason="误录")
    desk.decide("link_case", "opening", relation="related", case=OTHER)
    assert [type(each.fact) for each in desk.said] == [CaseLinked, CaseUnlinked, CaseLinked]
    assert len({each.fact.id for each in desk.said}) == 3


@pytest.mark.parametrize("kind", CaseKind)
def test_a_case_may_turn_into_any_kind(kind: CaseKind) -> None:
    desk = issued(draft(), on=DAY)
    desk.decide("open_linked", relation="converted_into", into=kind, reason="转办")
    assert [each.kind for each in desk.opened] == [kind]
    assert desk.opened[0].procuratorate.name != BUREAU.name


def _decision(fields: dict[str, Any]) -> Any:
    return DECISIONS.validate_python(fields)


def _said(desk: PureDesk[Any], fact: str) -> str:
    what: str = desk.case.taken[fact].what
    return what
