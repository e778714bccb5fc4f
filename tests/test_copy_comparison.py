"""The list of a quarter beside what was copied: each application once, rates with a true denominator, by county."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from models.copy_comparison import CopyState, Known, Listed, compare
from models.dates import EventDate

FIRST, LAST = date(2021, 10, 1), date(2021, 12, 31)
YONGAN, MINGXI = "350481", "350421"


def listed(party: str, filed: str, number: str = "", county: str = YONGAN) -> Listed:
    return Listed(number, party, "永安市人民法院", date.fromisoformat(filed), county)


def known(
    party: str, filed: str, copied: str = "", due: str = "", words: str = "", case: str = "c1"
) -> Known:
    return Known(
        case=case,
        county=YONGAN,
        parties=(party,),
        filed_on=EventDate.parse(filed),
        copied_on=EventDate.parse(copied) if copied else None,
        due_on=date.fromisoformat(due) if due else None,
        words=words,
    )


def test_each_listed_application_is_told_as_what_it_is() -> None:
    """及时、迟延、未抄送、不在册; and what we know of and the list leaves out."""
    rows = [
        listed("吴某", "2021-10-11", "永自然资强申〔2021〕5号"),
        listed("周某", "2021-10-12"),
        listed("郑某", "2021-10-13"),
        listed("王某", "2021-11-02"),
        listed("王某", "2021-11-02", county=MINGXI),
    ]
    ours = [
        known("别名", "2021-10-11", "2021-10-15", "2021-10-18", "（A1，永自然资强申〔2021〕5号）"),
        known("周某", "2021-10-12", "2021-10-20", "2021-10-19", case="c2"),
        known("郑某", "2021-10-13", due="2021-10-20", case="c3"),
        known("冯某", "2021-12-01", due="2021-12-08", case="c4"),
        known("陈某", "2021-09-01", due="2021-09-08", case="c5"),
    ]
    result = compare(rows, ours, FIRST, LAST)
    assert [line.state for line in result.lines] == [
        CopyState.IN_TIME,
        CopyState.LATE,
        CopyState.MISSING,
        CopyState.UNKNOWN,
        CopyState.UNKNOWN,
    ]
    assert [each.case for each in result.unlisted] == ["c4"]
    total = result.total()
    assert (total.listed, total.copied, total.copy_rate, total.timely_rate) == (5, 2, 0.4, 0.2)
    assert [(each.county, each.listed, each.copied) for each in result.by_county()] == [
        (MINGXI, 1, 0),
        (YONGAN, 4, 2),
    ]
    assert result.by_county()[0].copy_rate == 0


def test_a_day_written_wrongly_is_told_and_not_guessed_among_several() -> None:
    """The same party within a fortnight is the same application, unless there are two of them."""
    one = compare(
        [listed("吴某", "2021-10-11")], [known("吴某", "2021-10-13", "2021-10-15", "2021-10-20")], FIRST, LAST
    )
    assert one.lines[0].state is CopyState.IN_TIME and one.lines[0].note == "在册申请日为2021-10-13"
    two = [known("吴某", "2021-10-13"), known("吴某", "2021-10-14", case="c2")]
    assert compare([listed("吴某", "2021-10-11")], two, FIRST, LAST).lines[0].state is CopyState.UNKNOWN
    far = compare([listed("吴某", "2021-10-11")], [known("吴某", "2021-11-30")], FIRST, LAST)
    assert far.lines[0].state is CopyState.UNKNOWN


def test_an_application_that_is_known_only_to_the_month() -> None:
    """Its copy is in time or late only where that is sure."""
    month = known("吴某", "2021-10", "2021-10-15", "2021-11-05")
    assert compare([listed("吴某", "2021-10-11")], [month], FIRST, LAST).lines[0].state is CopyState.IN_TIME
    unsure = known("吴某", "2021-10-11", "2021-10", "2021-10-18")
    assert (
        compare([listed("吴某", "2021-10-11")], [unsure], FIRST, LAST).lines[0].state is CopyState.UNCERTAIN
    )
    assert compare([], [], FIRST, LAST).total().copy_rate is None


PARTIES = st.sampled_from(["吴某", "周某", "郑某"])
DAYS = st.dates(FIRST, LAST)


@given(
    st.lists(st.builds(Listed, st.just(""), PARTIES, st.just("法院"), DAYS, st.just(YONGAN)), max_size=8),
    st.lists(
        st.builds(
            lambda party, day, copied: Known(
                "c", YONGAN, (party,), EventDate.on(day), EventDate.on(day) if copied else None, day
            ),
            PARTIES,
            DAYS,
            st.booleans(),
        ),
        max_size=8,
    ),
)
def test_nothing_is_counted_twice(rows: list[Listed], ours: list[Known]) -> None:
    """Every row has one state, every case of ours is matched once at most, and the counts add up."""
    result = compare(rows, ours, FIRST, LAST)
    total = result.total()
    assert total.listed == len(rows) == total.copied + total.missing + total.unknown
    matched = [line for line in result.lines if line.known is not None]
    assert len(matched) + len(result.unlisted) == len(ours)
    assert sum(each.listed for each in result.by_county()) == total.listed
