"""The figures of a report: each at the edges of its period, by parts and by counties; sums that must add up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.errors import InputError
from models.reporting.entries import entries
from models.reporting.figures import DAYS, FAMILIES, FIGURES, Measure
from models.reporting.lines import (
    CaseLine,
    CaseLines,
    DeadlineLine,
    FactLine,
    ItemLine,
    LetterLine,
    MeetingLine,
)
from models.reporting.periods import ReportPeriod
from models.reporting.tally import Tally, told
from tests.reported_cases import desks

TODAY = date(2026, 9, 1)
QUARTER = ReportPeriod.parse("2021-Q3", TODAY)
FIRST, LAST = date(2021, 7, 1), date(2021, 9, 30)
EARLIER = date(2021, 1, 4)
CASE = "urging-350481-2021-0001"


def case(**fields: Any) -> CaseLine:
    """A case that was opened before the quarter and is not closed."""
    usual: dict[str, Any] = {
        "case": CASE, "kind": "urging", "title": "某案", "county": "350481", "county_name": "永安市",
        "opened_on": EARLIER, "closed_on": None, "outcome": "",
    }  # fmt: skip
    return CaseLine(**{**usual, **fields})


def letter(issued_on: date | None = EARLIER, **fields: Any) -> LetterLine:
    usual = {"letter": "L1", "type": "suggestion", "state": "served", "substance": ""}
    return LetterLine(issued_on=issued_on, **{**usual, **fields})


def due(day: str = "2021-09-15", met: str = "", **fields: Any) -> DeadlineLine:
    """A reply that fell due on a day."""
    usual: dict[str, Any] = {
        "key": "L1/jy.reply", "rule": "jy.reply", "letter": "L1", "name": "", "due_on": date.fromisoformat(day),
        "due_from": None, "due_to": None, "met_on": met, "days_late": None, "ended": "", "is_overdue": False,
    }  # fmt: skip
    return DeadlineLine(**{**usual, **fields})


def item(
    state: str = "done", kind: str = "recultivation", area: float | None = 100.0, id: str = "一"
) -> ItemLine:
    return ItemLine(id, kind, state, area)


def progress(on: str) -> FactLine:
    return FactLine(f"p-{on}", "item_progressed", on)


def counted(lines: CaseLines, period: ReportPeriod = QUARTER) -> dict[str, Any]:
    """The figures that are not nought (rates and durations where there are any), but for the case being open at the end."""
    tally = Tally.of(entries(lines, period))
    found = {each.key: tally.value(each) for each in FIGURES.values()}
    return {key: value for key, value in found.items() if value and key != "pending"}


def of(**parts: Any) -> CaseLines:
    return CaseLines(parts.pop("case", case()), **parts)


@pytest.mark.parametrize(
    ("fields", "figures"),
    [
        ({"opened_on": FIRST - timedelta(1)}, {"pending": 1}),
        ({"opened_on": FIRST}, {"opened": 1, "pending": 1}),
        ({"opened_on": LAST}, {"opened": 1, "pending": 1}),
        ({"opened_on": LAST + timedelta(1)}, {}),
        ({"closed_on": FIRST - timedelta(1)}, {}),
        ({"closed_on": FIRST}, {"closed": 1}),
        ({"closed_on": LAST}, {"closed": 1}),
        ({"closed_on": LAST + timedelta(1)}, {"pending": 1}),
        ({"opened_on": FIRST, "closed_on": FIRST}, {"opened": 1, "closed": 1}),
        ({"kind": "campaign"}, {"pending": 1, "campaigns": 1}),
    ],
)  # fmt: skip
def test_a_case_is_opened_closed_and_pending_by_the_day(
    fields: dict[str, Any], figures: dict[str, int]
) -> None:
    outcome = "rectified" if "closed_on" in fields else ""
    tally = Tally.of(entries(of(case=case(outcome=outcome, **fields)), QUARTER))
    found = {each.key: tally.value(each) for each in FIGURES.values()}
    assert {key: value for key, value in found.items() if value} == figures


@pytest.mark.parametrize(
    ("parts", "figures"),
    [
        ({"letters": (letter(FIRST),)}, {"letters": 1}),
        ({"letters": (letter(LAST),)}, {"letters": 1}),
        ({"letters": (letter(LAST + timedelta(1)),)}, {}),
        ({"letters": (letter(FIRST, state="withdrawn"),)}, {"letters": 1}),
        ({"letters": (letter(None, state="approved"), letter(None, state="withdrawn"))}, {}),
        ({"letters": (letter(None, state="assessed"),)}, {"dayless": 1}),
        ({"letters": (letter(FIRST, type="clue_transfer"),)}, {"letters": 1, "clue_sent": 1}),
        ({"letters": (letter(FIRST, type="clue_return"),)}, {"letters": 1, "clue_answered": 1}),
    ],
)  # fmt: skip
def test_a_letter_counts_on_the_day_on_which_it_was_issued(
    parts: dict[str, Any], figures: dict[str, int]
) -> None:
    assert counted(of(**parts)) == figures


SUGGESTED = {"reply_due": 1, "suggestions": 1}
ON_TIME = {**SUGGESTED, "reply_on_time": 1, "reply_substance": 1}
LATE = {**SUGGESTED, "reply_late": 1, "reply_substance": 1}
UNCERTAIN = {**SUGGESTED, "reply_uncertain": 1, "reply_substance": 1}


@pytest.mark.parametrize(
    ("line", "substance", "figures"),
    [
        (due("2021-06-30"), "", {}),
        (due("2021-07-01"), "", {**SUGGESTED, "reply_none": 1}),
        (due("2021-09-30"), "", {**SUGGESTED, "reply_none": 1}),
        (due("2021-10-01"), "", {}),
        (due(is_overdue=True), "", {**SUGGESTED, "reply_none": 1, "overdue": 1}),
        (due("2021-06-30", is_overdue=True), "", {"overdue": 1}),
        # In time is not put right, and late may be.
        (due(met="2021-09-15"), "", ON_TIME),
        (due(met="2021-09-15"), "empty", {**ON_TIME, "hollow": 1}),
        (due(met="2021-09-15"), "partly", {**ON_TIME, "hollow": 1, "adopted": 1, "adoption_rate": 1}),
        (due(met="2021-09-15"), "put_right", {**ON_TIME, "put_right": 1, "adopted": 1, "adoption_rate": 1}),
        (due(met="2021-09-16", days_late=1), "put_right", {**LATE, "put_right": 1, "adopted": 1, "adoption_rate": 1}),
        # Known to the month: in time or late where the whole month is, else not known.
        (due(met="2021-08"), "", ON_TIME),
        (due(met="2021-10"), "", LATE),
        (due(met="2021-09"), "", UNCERTAIN),
        # Overdue at the end, though answered since.
        (due(met="2021-10-08", days_late=23), "", {**LATE, "overdue": 1}),
        # Stopped before its end.
        (due(ended="已结案"), "", {}),
        (due(met="2021-09-15", ended="已结案"), "", ON_TIME),
        # Stopped after it: that no reply came stands.
        (due(ended="已结案", ledger='[{"on":"2021-09-16","kind":"expired"}]'), "", {**SUGGESTED, "reply_none": 1}),
        # A due day known to a span: within the period, or across its end, or not counted at all.
        (due(due_on=None, due_from=date(2021, 9, 1), due_to=LAST), "", {**SUGGESTED, "reply_none": 1}),
        (due(due_on=None, due_from=date(2021, 9, 1), due_to=LAST, met="2021-09-10"), "", UNCERTAIN),
        (due(due_on=None, due_from=LAST, due_to=LAST + timedelta(1)), "", {"undated": 1}),
        (due(due_on=None), "", {}),
    ],
)  # fmt: skip
def test_a_reply_counts_where_it_falls_due(
    line: DeadlineLine, substance: str, figures: dict[str, Any]
) -> None:
    assert counted(of(letters=(letter(substance=substance),), deadlines=(line,))) == figures


@pytest.mark.parametrize(
    ("today", "judged"), [("2021-09-15", {}), ("2021-09-16", {"reply_due": 1, "reply_none": 1})]
)
def test_of_a_period_that_still_runs_only_what_is_over_is_judged(today: str, judged: dict[str, int]) -> None:
    """The last day ends at midnight: until then nobody has failed to reply, and no rate is of him."""
    running = ReportPeriod.parse("2021-Q3", date.fromisoformat(today))
    asked = letter(type="notification_letter")
    assert counted(of(letters=(asked,), deadlines=(due("2021-09-15"),)), running) == judged


def test_two_replies_of_a_case_are_two_and_its_being_overdue_is_one() -> None:
    lines = (due(is_overdue=True), due("2021-09-16", is_overdue=True, key="L2/jy.reply"))
    found = counted(of(letters=(letter(type="notification_letter"),), deadlines=lines))
    assert (found["reply_due"], found["reply_none"], found["overdue"]) == (2, 2, 1)
    assert "suggestions" not in found, "a 告知函 is no 检察建议"


@pytest.mark.parametrize(
    ("rule", "met", "figures"),
    [
        ("coop.copy", "", {"copy_due": 1, "copy_none": 1}),
        ("coop.copy", "2021-09-15", {"copy_due": 1, "copy_on_time": 1, "copied": 1, "copy_rate": 1, "timely_rate": 1}),
        ("coop.copy", "2021-09-16", {"copy_due": 1, "copy_late": 1, "copied": 1, "copy_rate": 1}),
        ("coop.copy", "2021-09", {"copy_due": 1, "copy_uncertain": 1, "copied": 1, "copy_rate": 1}),
        ("ct.rule", "2021-09-16", {"court_due": 1, "court_late": 1}),
        ("ct.execute", "", {"court_due": 1, "court_none": 1}),
        ("local.clue_feedback", "2021-09-01", {"clue_answer_due": 1, "clue_answer_on_time": 1}),
        ("local.look_back", "2021-09-15", {"revisit_due": 1, "revisit_on_time": 1}),
        ("jy.file_up", "", {}),
    ],
)  # fmt: skip
def test_periods_of_others(rule: str, met: str, figures: dict[str, int]) -> None:
    line = due(met=met, rule=rule, key=f"x/{rule}", letter="")
    assert counted(of(deadlines=(line,))) == figures


@pytest.mark.parametrize(
    ("items", "facts", "figures"),
    [
        ((item("under_way"),), (progress("2021-08-01"),), {}),
        ((item(), item("open", id="二")), (progress("2021-08-01"),), {"dayless": 1}),
        ((item(),), (), {"dayless": 1}),
        ((item("dropped"),), (progress("2021-08-01"),), {}),
        ((item(area=None),), (progress("2021-07-01"),), {"rectified": 1, "items": 1}),
        ((item(area=None),), (progress("2021-06-30"),), {}),
        ((item(area=None),), (progress("2021-07-01"), progress("2021-10-01")), {}),
        ((item(area=None),), (progress("2021-08"),), {"rectified": 1, "items": 1}),
        ((item(area=None),), (progress("2021"),), {"undated": 1}),
        ((item(), item("dropped", id="二")), (progress("2021-08-01"),),
         {"rectified": 1, "items": 1, "land": 100, "land_demolished": 100, "land_recultivated": 100}),
        ((item(kind="demolition", area=0.1), item(kind="demolition", area=0.2, id="二")), (progress("2021-08-01"),),
         {"rectified": 1, "items": 2, "land": 0.3, "land_demolished": 0.3}),
        ((item(kind="land_return", area=80.25),), (progress("2021-08-01"),),
         {"rectified": 1, "items": 1, "land": 80.25, "land_returned": 80.25}),
        # Items of a penalty have states of their own, and are nobody's land.
        ((ItemLine("拆除", "demolition", "fulfilled", None),), (progress("2021-08-01"),), {}),
    ],
)  # fmt: skip
def test_land_counts_when_the_last_item_is_put_right(
    items: tuple[ItemLine, ...], facts: tuple[FactLine, ...], figures: dict[str, Any]
) -> None:
    assert counted(of(items=items, facts=facts)) == figures
    tasks = of(case=case(kind="campaign"), items=items, facts=facts)
    assert counted(tasks).keys() <= {"campaigns"}, "tasks of a campaign are nothing to be put right"


def test_days_run_from_the_first_letter_that_asks_for_a_reply() -> None:
    def days(on: str, *issued: LetterLine) -> tuple[Any, Any]:
        found = counted(of(letters=issued, items=(item(),), facts=(progress(on),)))
        return found.get("days_median"), found.get("days_worst")

    first = letter(date(2021, 6, 1))
    assert days("2021-07-31", letter(date(2021, 6, 30), letter="L2"), first) == (60, 60)
    assert days("2021-07-31", letter(date(2021, 5, 1), type="letter"), first) == (60, 60)
    assert days("2021-07", first) == (None, None)
    assert days("2021-07-31", letter(date(2021, 8, 1))) == (None, None), "put right before any letter"
    assert days("2021-07-31", letter(None)) == (None, None)


@pytest.mark.parametrize(
    ("days", "median"), [([], None), ([7], 7), ([1, 4], 2.5), ([9, 1, 4], 4), ([2, 2, 2, 90], 2)]
)
def test_a_median_is_of_the_middle(days: list[int], median: float | None) -> None:
    found = Tally()
    for number in days:
        day = date(2021, 7, 1) + timedelta(number)
        lines = of(letters=(letter(date(2021, 7, 1)),), items=(item(),), facts=(progress(str(day)),))
        for each in entries(lines, ReportPeriod.parse("2021", TODAY)):
            found.add(each)
    assert found.value(FIGURES["days_median"]) == median
    assert found.value(FIGURES["days_worst"]) == max(days, default=None)
    assert told(FIGURES["days_median"], median) == ("无" if median is None else f"{median}日")


def test_what_happened_counts_when_all_of_its_span_lies_in_the_period() -> None:
    dates = (
        "2021-07-01",
        "2021-09",
        "2021-07-01/2021-09-30",
        "2021-06-30",
        "2021-09-30/2021-10-01",
        "2021",
        "2020",
        "",
    )
    facts = tuple(FactLine(f"f{n}", "ruling_made", on) for n, on in enumerate(dates))
    assert counted(of(facts=facts)) == {"ruling_made": 3, "undated": 2, "dayless": 1}
    year = counted(of(facts=facts), ReportPeriod.parse("2021", TODAY))
    assert year == {"opened": 1, "ruling_made": 6, "dayless": 1}
    held = (MeetingLine("M1", "hearing", "2021-08-01"), MeetingLine("M2", "hearing", ""))
    assert counted(of(meetings=held)) == {"meetings": 1}


# sums

FLOWS = tuple(
    each.key
    for each in FIGURES.values()
    if each.measure in (Measure.COUNT, Measure.SUM)
    and each.key not in ("pending", "overdue", "campaigns", "undated", "dayless")
)
_DAYS = some.dates(date(2021, 1, 1), date(2021, 12, 31))
_COUNTIES = some.sampled_from(["350421", "350430", "350481"])


@some.composite
def _cases(draw: some.DrawFn) -> CaseLines:
    """A case whose days are all known."""
    opened, issued, falls, met, right = (draw(_DAYS) for _ in range(5))
    kind = draw(some.sampled_from(["urging", "enforcement", "public_interest", "clue"]))
    is_met = draw(some.booleans())
    substance = draw(some.sampled_from(["", "put_right", "partly", "empty"])) if is_met else ""
    return CaseLines(
        case(county=draw(_COUNTIES), opened_on=opened, kind=kind),
        letters=(letter(issued, substance=substance),),
        deadlines=(due(str(falls), met=str(met) if is_met else ""),),
        items=(item(kind=draw(some.sampled_from(["land_return", "recultivation"])), area=draw(some.integers(1, 99)) / 8),),
        facts=(progress(str(right)), FactLine("f", "ruling_made", str(met))),
    )  # fmt: skip


def _tally(cases: list[CaseLines], period: str) -> Tally:
    wanted = ReportPeriod.parse(period, TODAY)
    return Tally.of(entry for each in cases for entry in entries(each, wanted))


@given(some.lists(_cases(), max_size=8))
def test_counties_make_the_whole_and_months_the_quarter(cases: list[CaseLines]) -> None:
    quarter, year = _tally(cases, "2021-Q3"), _tally(cases, "2021")
    months = [_tally(cases, f"2021-{month:02d}") for month in (7, 8, 9)]
    quarters = [_tally(cases, f"2021-Q{number}") for number in (1, 2, 3, 4)]
    alone = [
        _tally([each for each in cases if each.case.county == county], "2021-Q3")
        for county in ("350421", "350430", "350481")
    ]
    for key, figure in FIGURES.items():
        if figure.measure not in (Measure.COUNT, Measure.SUM):
            continue
        whole = quarter.value(figure)
        assert sum(each.value(figure) or 0 for each in alone) == whole, key
        assert sum(value or 0 for value in quarter.by_county(figure).values()) == whole, key
        if parts := quarter.parts(figure):
            assert sum(value or 0 for value in parts.values()) == whole, key
        if key in FLOWS:
            assert sum(each.value(figure) or 0 for each in months) == whole, key
            assert sum(each.value(figure) or 0 for each in quarters) == year.value(figure), key


def test_families_are_whole_and_lists_as_long_as_their_figures() -> None:
    lines = [CaseLines.of(desk.rows()) for desk in desks()]
    for period in ("2021-Q3", "2021-Q4", "2022-Q1", "2024"):
        wanted = ReportPeriod.parse(period, TODAY)
        listed = [entry for each in lines for entry in entries(each, wanted)]
        tally = Tally.of(listed)
        for family in FAMILIES:
            parts = (family.on_time, family.late, family.uncertain, family.none)
            values = [tally.value(FIGURES[key]) or 0 for key in parts]
            assert sum(values) == tally.value(FIGURES[family.due]), family.key
        for figure in FIGURES.values():
            behind = [each for each in listed if each.figure == figure.entries]
            assert tally.length(figure) == len(behind)
            if figure.measure is Measure.COUNT:
                assert len(behind) == tally.value(figure)
        assert {each.figure for each in listed} <= {*FIGURES, DAYS}


def test_every_figure_says_what_it_is() -> None:
    assert all(each.definition.endswith("。") and each.name and each.unit for each in FIGURES.values())
    assert len({each.name for each in FIGURES.values()}) == len(FIGURES)
    for each in FIGURES.values():
        assert {each.behind, each.among} - {"", DAYS} <= FIGURES.keys()


# periods


@pytest.mark.parametrize(
    ("text", "first", "last", "name"),
    [
        ("2026-02", "2026-02-01", "2026-02-28", "2026年2月"),
        ("2024-2", "2024-02-01", "2024-02-29", "2024年2月"),
        ("2026-Q3", "2026-07-01", "2026-09-30", "2026年第三季度"),
        ("2025-q4", "2025-10-01", "2025-12-31", "2025年第四季度"),
        (" 2025 ", "2025-01-01", "2025-12-31", "2025年"),
        ("2026-09", "2026-09-01", "2026-09-30", "2026年9月"),
    ],
)  # fmt: skip
def test_a_period_as_it_is_written(text: str, first: str, last: str, name: str) -> None:
    read = ReportPeriod.parse(text, TODAY)
    assert (str(read.first), str(read.last), read.name) == (first, last, name)
    assert ReportPeriod.parse(read.text, TODAY) == read


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-13", "没有13月"),
        ("2026-00", "没有0月"),
        ("2026-Q5", "没有第5季度"),
        ("2026-Q0", "没有第0季度"),
        ("2026-Q4", "尚未开始"),
        ("2026-10", "尚未开始"),
        ("2027", "尚未开始"),
        ("0021", "过早"),
        ("2026-09-01", "不是统计期间"),
        ("２０２６", "不是统计期间"),
        ("上季度", "不是统计期间"),
        ("", "不是统计期间"),
    ],
)  # fmt: skip
def test_what_is_no_period(text: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        ReportPeriod.parse(text, TODAY)
