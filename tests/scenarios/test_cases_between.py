"""What lies between cases (转办、分案、移送、另立): one case grows out of another, both show it, and each goes its own way.

The cases here speak of others that are not there; `tests.test_cases_on_the_server` lets them meet.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models.bags import PaperRef
from models.cases.joint_work import StudyFile
from models.messages import Link, Opening
from models.stages import StudyStage, UrgingStage
from models.terms import Outcome, Relation, Substance
from tests.openings import HEAD, draft, field, opening
from tests.pure_desk import PureDesk, issued

OWN = "urging-350421-2021-9107"
STUDY = "study-350421-2021-9108"
OTHER = "urging-350421-2021-9109"
DAY = date(2021, 9, 15)
PAPER = PaperRef("a" * 64, 10, "application/pdf", "papers/in/aaaaaaaaaaaa-回复.pdf")


def answered(**changes: Any) -> PureDesk:
    """An urging case whose reply says that the court's rulings are not enforced anywhere."""
    desk = issued(draft(), on=DAY, case=OWN, items=(field(),), **changes)
    desk.record("letter_served", DAY, "served", letter="L1")
    desk.on("2021-10-20").record(
        "reply_received", "2021-10-20", "reply", letter="L1", summary="裁定后无人组织拆除", paper=PAPER
    )
    desk.decide("assess_reply", letter="L1", substance=Substance.PARTLY)
    return desk


def grown_out() -> tuple[PureDesk, Opening]:
    """An urging case, and the opening of the study that has grown out of it."""
    desk = answered()
    desk.decide(
        "open_linked",
        relation="converted_into",
        into="study",
        title="裁而不执联合调研",
        handler=HEAD,
        reason="普遍性问题",
    )
    [opened] = desk.opened
    return desk, opened


def test_a_case_grows_out_of_another_and_takes_its_record_along() -> None:
    """转办: the facts with their papers, and what is still to be done; the old case shows into what it went, and goes on."""
    desk, opened = grown_out()
    assert [(row.other, row.relation) for row in desk.rows().links] == [(opened.case, "converted_into")]
    assert desk.stage() is UrgingStage.ASSESSING
    desk.decide("close_case", outcome=Outcome.PARTLY_RECTIFIED, reason="转入调研")
    assert desk.stage() is UrgingStage.ARCHIVED

    study: PureDesk[StudyFile] = PureDesk(opened, desk.now)
    assert study.stage() is StudyStage.PROPOSED
    assert [(row.kind, row.happened_on, row.recorded_by) for row in study.rows().facts[:2]] == [
        ("happened", "2021-09-15", "系统"),
        ("happened", "2021-10-20", "系统"),
    ]
    assert f"{OWN}回复：" in study.rows().facts[1].what
    assert [(row.name, row.direction) for row in study.rows().papers] == [(PAPER.name, "in")]
    assert [(row.item, row.state) for row in study.rows().items] == [("地块一", "open")]
    assert [(row.other, row.relation) for row in study.rows().links] == [(OWN, "converted_from")]
    # The old case closes: the new one is told, shows it, and goes on.
    study.signal("linked_case_closed", "2021-10-20", f"{OWN}/closed/{STUDY}", case=OWN, outcome="部分整改")
    assert study.rows().links[0].outcome == "部分整改"
    study.decide("agree_study", plan="走访")
    assert study.stage() is StudyStage.AGREED


def test_a_brought_fact_is_corrected_where_it_now_stands() -> None:
    """It is an entry of the new case's own timeline: what is corrected there changes nothing in the case it came from."""
    desk, opened = grown_out()
    study: PureDesk[StudyFile] = PureDesk(opened, desk.now)
    study.correct(f"{OWN}/served", "2021-09-16")
    assert study.rows().facts[0].happened_on == "2021-09-16"
    assert str(desk.letter().served_on) == "2021-09-15"
    study.decide("close_case", outcome="cancelled", reason="另案办理")
    assert study.case.links.done == {f"closed/{OWN}": "missing"}


def test_the_end_of_a_child_is_told_to_its_parent_which_goes_on() -> None:
    """分案: the parent shows how each of its cases ended; nobody waits for anybody."""
    desk = issued(draft(), on=DAY, case=OWN)
    desk.signal("case_linked", DAY, f"{OTHER}/linked/l1/{OWN}", case=OTHER, relation="child")
    desk.decide("link_case", "l1", relation="child", case=STUDY)
    desk.on("2021-10-20").signal(
        "linked_case_closed", "2021-10-19", f"{OTHER}/closed/{OWN}", case=OTHER, outcome="整改到位"
    )
    assert [(row.other, row.relation, row.outcome) for row in desk.rows().links] == [
        (OTHER, "child", "整改到位"),
        (STUDY, "child", ""),
    ]
    assert desk.stage() is UrgingStage.ISSUED
    desk.decide("close_case", outcome=Outcome.MERGED, reason="并案")
    assert list(desk.case.links.done) == [f"linked/l1/{STUDY}", f"closed/{STUDY}"]


def test_a_case_reopened_is_a_new_one_tied_to_the_old() -> None:
    """另立: after a relapse a new case is opened that says which one it reopens; the old one is told, also after its closing."""
    old = issued(draft(), on=DAY, case=OTHER)
    old.decide("withdraw_letter", letter="L1", reason="不当")
    old.decide("close_case", outcome=Outcome.WITHDRAWN, reason="撤回", look_back_on=["2021-12-15"])
    old.on("2021-12-16").record("looked_back", "2021-12-15", held=False)
    old.signal("case_linked", "2021-12-16", case=OWN, relation="reopened_as")
    assert [(row.other, row.relation) for row in old.rows().links] == [(OWN, "reopened_as")]
    assert old.case.links.done == {f"closed/{OWN}": "missing"}

    new = PureDesk(
        opening(case=OWN, opened_on=date(2021, 12, 16), links=(Link(relation=Relation.REOPENS, case=OTHER),))
    )
    assert new.case.links.done == {f"linked/opening/{OTHER}": "missing"}
    assert any("关联的案件不存在" in notice.subject for notice in new.notices)


def test_a_tie_entered_wrongly_is_undone_and_stays_in_the_record() -> None:
    desk = issued(draft(), on=DAY, case=OWN)
    desk.decide("link_case", relation="covers", case=OTHER)
    desk.decide("unlink_case", case=OTHER, reason="号码抄错")
    assert desk.rows().links == ()
    assert [row.kind for row in desk.rows().facts if row.kind.endswith("_case")] == [
        "link_case",
        "unlink_case",
    ]
    assert "没有关联案件" in desk.refusal("unlink_case", case=OTHER, reason="误录")
