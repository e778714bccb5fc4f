"""Published cases of 行政非诉执行监督: items, applications and rulings as their sources tell them, and no day beyond that."""

from __future__ import annotations

from functools import cache

from models.cases.enforcement import EnforcementFile
from models.dates import EventDate
from models.enforcement.terms import PenaltyState
from models.kinds import file_of
from starter.rehearsing.expected import PUBLISHED
from starter.rehearsing.mapping import Script, script
from starter.rehearsing.published import read_all
from tests.pure_desk import PureDesk
from tests.pure_rehearsal import play_purely, published


@cache
def scripts() -> dict[str, Script]:
    found = (script(case, number) for number, case in enumerate(read_all([PUBLISHED]), 1))
    return {each.case.id: each for each in found if isinstance(file_of(each.opening), EnforcementFile)}


def played(written: Script) -> EnforcementFile:
    """The case as it stands after its last event."""
    desk: PureDesk[EnforcementFile] = PureDesk(written.opening, written.begins)
    for step in written.steps:
        desk.wait_until(step.moment)
        for message in step.messages:
            desk.take(message)
    return desk.case


def states(case: EnforcementFile) -> dict[str, PenaltyState]:
    return {each.id: case.state_of(each) for each in case.penalties.by_id.values()}


def test_nearly_every_event_of_the_twelve_is_applied() -> None:
    assert len(scripts()) == 12
    hows = [
        (each.case, taken)
        for one in scripts().values()
        for each in [play_purely(one)]
        for taken in each.events
    ]
    assert [f"{case}: {taken.event.word}" for case, taken in hows if taken.how != "applied"] == [
        "18-heilongjiang-village-office: settlement_reached"
    ]


def test_an_item_that_the_court_overlooked_and_ruled_upon_later() -> None:
    """Case 19: items 3 and 4 applied for, item 3 granted; item 4 only after the suggestion, ten months later."""
    case = played(scripts()["19-zhejiang-du-omitted-fine"])
    (application,) = case.course.applications
    assert [each.results for each in application.rulings] == [
        {"拆除": PenaltyState.GRANTED},
        {"罚款": PenaltyState.GRANTED},
    ]
    assert states(case) == {"拆除": PenaltyState.FULFILLED, "罚款": PenaltyState.FULFILLED}
    holder = application.holder("拆除")
    assert holder and holder.name == "镇政府" and application.holder("罚款") is None
    # 21 July 2017, a Friday, and five working days: the 28th; the source tells of no copy.
    assert str(case.deadlines.counted["A1/coop.copy"].due_on) == "2017-07-28"


def test_a_ruling_whose_application_nobody_dated() -> None:
    """Case 26: granted in June 2022; case 24: not accepted in 2019. No clock of the court runs, no application gets a day."""
    for name, state in (
        ("26-ningdu-zeng-restaurant", PenaltyState.AGENCY_ENFORCING),
        ("24-dalian-not-executable", PenaltyState.NOT_ACCEPTED),
    ):
        case = played(scripts()[name])
        (application,) = case.course.applications
        assert application.on is None
        assert set(states(case).values()) == {state}
        assert not [key for key in case.deadlines.by_key if key.startswith("A1/")]


def test_paid_demanded_applied_for_what_was_left_and_granted() -> None:
    """Case 13: the fine was paid before the application; sixty-one days later the rest was granted, the town to carry it out."""
    case = played(scripts()["13-fujian-wu-factory"])
    (application,) = case.course.applications
    assert application.items == ("退地", "拆除", "恢复")
    assert case.penalties.by_id["罚款"].fulfilled_on == EventDate.parse("2019-11-11")
    counted = case.deadlines.counted
    # As the source's own arithmetic has it: 7 February 2020 by the general reading, 22 August 2019 by that of fifteen days.
    assert str(counted["拆除/ag.apply/pt.sue"].due_on) == "2020-02-07"
    assert str(counted["拆除/ag.apply/pt.sue_demolish"].due_on) == "2019-08-22"
    assert "A1/ct.accept" in [each.key for each in case.suspicions.open()]


def test_words_of_other_sources() -> None:
    """A refusal in part, a fine paid in part, a supplement that names nothing."""
    told = script(
        published(
            {"date": "2021-01-04", "event": "penalty_decision", "note": "退地、没收违法建筑、罚款10000元"},
            {"date": "2021-09-15", "event": "application_filed", "role": "agency"},
            {"date": "2021-09-20", "event": "court_ruling", "role": "court", "note": "不准予执行罚款"},
            {
                "date": "2021-09-24",
                "event": "court_ruling",
                "role": "court",
                "note": "退地准予执行，交由县政府组织实施",
            },
            {"date": "2021-10-08", "event": "ruling_supplemented", "role": "court", "note": "补充裁定"},
            {"date": "2021-10-09", "event": "fine_paid", "role": "party", "note": "缴纳部分罚款"},
            kind="enforcement_supervision",
            legal_nature="行政非诉执行监督",
            court="某县人民法院",
        ),
        1,
    )
    case = played(told)
    assert not case.unmatched
    assert states(case) == {
        "退地": PenaltyState.AGENCY_ENFORCING,
        "没收": PenaltyState.GRANTED,
        "罚款": PenaltyState.REFUSED,
    }
    assert case.penalties.by_id["罚款"].item.yuan == 10000
    assert not case.penalties.by_id["罚款"].fulfilments[0].whole
