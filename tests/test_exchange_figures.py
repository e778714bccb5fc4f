"""The figures of an exchange: counted once each, in the period in which they can be judged; out of both databases alike."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from activities.database import Database
from activities.exchange import ExchangeRoom, RegistryRows
from activities.registry import Registry
from models.casefile import OwnOrder
from models.cases.liaison import LiaisonExchangeFile
from models.exchange_figures import (
    CaseLine,
    DueLine,
    Figures,
    LetterLine,
    Lines,
    figures,
    rate,
    sentence,
    total,
)
from models.general_papers import GeneralForm, GeneralLetter
from models.messages import Message
from models.rows import DeadlineRow
from models.said.liaison import FiguresGathered, FiguresOrder
from models.said.links import LinkFailed
from models.stages import ExchangeStage
from models.tasks import Task
from models.wire import LetterText
from tests.openings import DRAFTER
from tests.pure_desk import Answer
from tests.sample_rows import case_row, letter_row, snapshot
from tests.scenarios.test_liaison_exchange import THEIRS, circulate, exchange

pytest_plugins = ["tests.databases"]

FIRST, LAST = date(2021, 7, 1), date(2021, 9, 30)
RUN_OUT = (
    '[{"on":"2021-07-15","by":"served","basis":"","kind":"started"},{"on":"2021-09-16","kind":"expired"}]'
)
PLACE: Any = {"county": "350481", "county_name": "永安市"}


def due(day: str = "2021-09-15", **fields: Any) -> DueLine:
    """A reply to a 检察建议书 that fell due on a day, and did not come, unless said."""
    usual: dict[str, Any] = {
        "case": "urging-350481-2021-0001", "rule": "jy.reply", "due_on": date.fromisoformat(day), "met_on": "",
        "days_late": None, "ended": "", "is_overdue": False, "type": "suggestion",
    }  # fmt: skip
    return DueLine(**PLACE, **{**usual, **fields})


def counted(*lines: DueLine) -> Figures:
    """The figures of one county with these lines and nothing else."""
    [made] = figures(Lines(due=lines, letters=[LetterLine(**PLACE)]), FIRST, LAST)
    return made


# pure


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        (due(), {"due": 1, "suggestions": 1}),
        (due(is_overdue=True), {"due": 1, "suggestions": 1, "overdue": 1}),
        # In time and empty, late and put right: two columns, neither of which follows from the other.
        (due(met_on="2021-09-15", days_late=0, substance="empty"), {"due": 1, "answered": 1, "on_time": 1, "suggestions": 1}),
        (due(met_on="2021-09-20", days_late=5, substance="put_right"),
         {"due": 1, "answered": 1, "put_right": 1, "suggestions": 1, "adopted": 1}),
        (due(met_on="2021-09-15", days_late=0, substance="partly"),
         {"due": 1, "answered": 1, "on_time": 1, "suggestions": 1, "adopted": 1}),
        # A day known to the month is not called late, nor in time.
        (due(met_on="2021-09", days_late=None), {"due": 1, "answered": 1, "suggestions": 1}),
        # Overdue at the end of the period, though answered since.
        (due("2021-06-30", met_on="2021-10-08", days_late=100), {"overdue": 1}),
        (due("2021-06-30", met_on="2021-08-02", days_late=33), {}),
        (due("2021-06-30", is_overdue=True), {"overdue": 1}),
        # Stopped before its end: withdrawn, or the case was closed.
        (due(ended="文书已撤回"), {}),
        (due(ended="已结案", is_overdue=True), {}),
        # What had run out before is not undone by that; unless its due day moved on, or the letter asked for nothing.
        (due(ended="已结案", ledger=RUN_OUT), {"due": 1, "suggestions": 1}),
        (due(ended="已由L2取代", ledger=RUN_OUT), {"due": 1, "suggestions": 1}),
        (due("2021-09-20", ended="已结案", ledger=RUN_OUT), {}),
        (due(ended="文书已撤回", ledger=RUN_OUT), {}),
        (due(ended="转由某镇人民政府组织实施", ledger=RUN_OUT), {}),
        (due(rule="coop.copy", type="", ended="已结案", ledger=RUN_OUT), {"applications": 1}),
        # A 告知函 is no 检察建议.
        (due(rule="coop.reply", type="notification_letter", substance="put_right", met_on="2021-09-01", days_late=-14),
         {"due": 1, "answered": 1, "on_time": 1, "put_right": 1}),
        (due(rule="coop.copy", type=""), {"applications": 1}),
        (due(rule="coop.copy", type="", met_on="2021-09-23", days_late=3), {"applications": 1, "copied": 1}),
        (due(rule="coop.copy", type="", met_on="2021-09-10", days_late=-3),
         {"applications": 1, "copied": 1, "copied_in_time": 1}),
        (due("2021-06-30", rule="coop.copy", type=""), {}),
    ],
)  # fmt: skip
def test_what_one_line_counts_for(line: DueLine, columns: dict[str, int]) -> None:
    made = counted(line).model_dump(exclude={"county", "county_name", "letters"})
    assert {name: value for name, value in made.items() if value} == columns


def test_a_case_is_opened_and_closed_once_and_overdue_once() -> None:
    cases = [
        CaseLine(**PLACE, opened_on=date(2021, 7, 1), closed_on=date(2021, 9, 30)),
        CaseLine(**PLACE, opened_on=date(2021, 6, 30), closed_on=date(2021, 10, 1)),
        CaseLine(**PLACE, opened_on=date(2021, 6, 1), closed_on=date(2021, 7, 1)),
    ]
    lines = Lines(cases=cases, due=[due(is_overdue=True), due("2021-09-16", is_overdue=True)])
    [made] = figures(lines, FIRST, LAST)
    assert (made.opened, made.closed, made.overdue, made.due) == (1, 2, 1, 2)


def test_a_rate_without_a_denominator_is_none_and_the_total_is_of_all() -> None:
    one = Figures(**PLACE, applications=3, copied=2, copied_in_time=1)
    other = Figures(county="350421", county_name="明溪县", opened=1)
    assert (one.copy_rate, other.copy_rate, other.timely_rate) == (2 / 3, None, None)
    assert (rate(one.copy_rate), rate(one.timely_rate), rate(other.copy_rate)) == ("66.7%", "33.3%", "无")
    both = total([one, other])
    assert (both.county_name, both.opened, both.applications) == ("合计", 1, 3)
    assert sentence(other).endswith("抄送率无，及时率无。")


def test_a_county_of_which_there_is_nothing_is_not_named() -> None:
    assert figures(Lines(due=[due("2021-06-30", ended="已结案")]), FIRST, LAST) == ()
    assert figures(Lines(), FIRST, LAST) == ()


# out of the registry


def deadline_row(case: str, key: str, **fields: Any) -> DeadlineRow:
    return DeadlineRow(
        case=case, key=key, letter=key.partition("/")[0], rule=key.rpartition("/")[2], party="",
        **{"ended": "", "state": "running", **fields},
    )  # fmt: skip


@pytest.fixture
def rows(database: Database) -> RegistryRows:
    """Two counties of one city and one of another; a case that is not casework; a deadline known to a span of days."""
    registry = Registry(database)

    def keep(case: str, county: str, deadlines: tuple[DeadlineRow, ...] = (), **fields: Any) -> None:
        letters = (
            letter_row(case=case, state="assessed", substance="put_right", issued_on=date(2021, 7, 14)),
        )
        row = case_row(case, county=county, county_name=f"县{county}", opened_on=date(2021, 7, 5), **fields)
        now = datetime(2021, 10, 1, tzinfo=UTC)
        registry.project(snapshot(1, row, letters=letters, deadlines=deadlines), run="r", run_started_at=now)

    one, two = "urging-350481-2021-0001", "enforcement-350421-2021-0001"
    keep(
        one,
        "350481",
        (
            deadline_row(
                one, "L1/jy.reply", due_on=date(2021, 9, 15), met_on="2021-09-14", days_late=-1, state="met"
            ),
            deadline_row(one, "L1/jy.file_up", due_on=date(2021, 9, 15)),
            deadline_row(one, "L2/coop.reply", due_on=date(2021, 10, 8), is_overdue=True),
        ),
    )
    keep(
        two,
        "350421",
        (
            deadline_row(two, "A1/coop.copy", due_from=date(2021, 9, 8), due_to=date(2021, 9, 30)),
            deadline_row(two, "A2/coop.copy", due_on=date(2021, 7, 8), met_on="2021-07-08", days_late=0),
            deadline_row(two, "A3/coop.copy"),
        ),
        kind="enforcement",
        closed_on=date(2021, 9, 30),
    )
    keep("study-350481-2021-0001", "350481", kind="study")
    keep("urging-350525-2021-0001", "350525")
    return RegistryRows(database)


def gathered(rows: RegistryRows, place: str) -> dict[str, dict[str, int]]:
    order = FiguresOrder(order="figures/1", case="甲", place=place, first_day=FIRST, last_day=LAST)
    answer = ExchangeRoom(rows).gather(order)
    assert (answer.id, answer.order) == ("figures/1/gathered", "figures/1")
    return {
        each.county: {
            name: value for name, value in each.model_dump(exclude={"county", "county_name"}).items() if value
        }
        for each in answer.figures
    }


def test_the_registry_gives_a_county_its_own_and_a_city_all_of_its_counties(rows: RegistryRows) -> None:
    yongan = {
        "opened": 1, "letters": 1, "due": 1, "answered": 1, "on_time": 1, "put_right": 1, "suggestions": 1, "adopted": 1,
    }  # fmt: skip
    mingxi = {
        "opened": 1, "closed": 1, "letters": 1, "applications": 2, "copied": 1, "copied_in_time": 1,
    }  # fmt: skip
    assert gathered(rows, "350481") == {"350481": yongan}
    assert gathered(rows, "350400") == {"350421": mingxi, "350481": yongan}
    assert gathered(rows, "350000").keys() == {"350421", "350481", "350525"}
    assert gathered(rows, "350430") == {}


# in the case

FIGURES = (
    Figures(
        county="350430", county_name="建宁县", opened=3, closed=1, overdue=1, letters=2, due=2, answered=2, on_time=1,
        put_right=1, suggestions=1, adopted=1, applications=3, copied=2, copied_in_time=1,
    ),
    Figures(county="350481", county_name="永安市", opened=1),
)  # fmt: skip


def brought(figures: tuple[Figures, ...] | None) -> dict[str, Answer]:
    """A registry that has these figures, or (None) does not answer."""

    def answer(own: OwnOrder) -> Message:
        if figures is None:
            return LinkFailed(id=f"{own.order}/failed/1", order=own.order, why="登记库不应答")
        return FiguresGathered(id=f"{own.order}/made", order=own.order, figures=figures)

    return {Task.GATHER_FIGURES.value: answer}


def test_the_figures_stand_in_the_circular_and_in_a_table() -> None:
    desk = exchange(answers=brought(FIGURES)).on("2021-10-08")
    circulate(desk)
    paper = desk.papers["L1/issued"].paper
    assert isinstance(paper, GeneralLetter)
    first, jianning, yongan, both = paper.body.splitlines()
    assert first.startswith("2021-07-01至2021-09-30")
    assert jianning.startswith("建宁县：期内立案3件，期内结案1件，期末逾期未复案件1件")
    assert "按期回复1件，整改到位1件" in jianning and jianning.endswith("抄送率66.7%，及时率33.3%。")
    assert yongan.endswith("抄送率无，及时率无。")
    assert both.startswith("合计：期内立案4件")
    table = desk.papers["table/1"].paper
    assert isinstance(table, GeneralForm)
    assert ("抄送率", "66.7%") in [(row.label, row.text) for row in table.rows]
    # What the draft says itself goes before.
    text = LetterText(facts="另行通报")
    desk.decide(
        "draft_letter", by=DRAFTER, document="circular", recipients=[THEIRS], reply_by="2021-10-29", text=text
    )
    assert desk.letter("L3").text.facts == "另行通报"


def test_a_failed_gathering_is_told_to_staff_and_asked_anew() -> None:
    desk = exchange(answers=brought(None))
    assert desk.stage() is ExchangeStage.GATHERING
    assert any("有事项未能办理" in notice.subject for notice in desk.notices)
    desk.answers = brought(FIGURES)
    desk.decide("gather_figures", reason="台账库已恢复")
    assert desk.case.figures == FIGURES


def test_an_answer_that_nobody_asked_for_is_kept_for_sorting() -> None:
    stray = FiguresGathered(id="figures/9/gathered", order="figures/9", figures=())
    assert exchange().take(stray).how == "unmatched"


def test_an_answer_to_an_earlier_question_does_not_stand() -> None:
    """It came after the figures were asked for anew: those of the last question stand, whichever answer comes last."""
    desk = exchange()
    desk.decide("gather_figures", reason="补登")
    case = LiaisonExchangeFile(desk.case.opening)
    now = datetime(2021, 10, 1, 2, tzinfo=UTC)
    again = next(each.message for each in desk.case.entries if each.message.kind == "gather_figures")
    case.take(again, now)
    case.take(FiguresGathered(id="figures/2/gathered", order="figures/2", figures=FIGURES), now)
    case.take(FiguresGathered(id="figures/1/gathered", order="figures/1", figures=()), now)
    assert case.figures == FIGURES


def test_a_table_that_is_made_again_bears_its_own_period() -> None:
    desk = exchange()
    desk.decide("gather_figures", first_day="2021-04-01", last_day="2021-06-30", reason="上季度漏报")
    tables = [paper.build() for paper in desk.case.own_papers()]
    periods = [table.rows[0].text for table in tables if isinstance(table, GeneralForm)]
    assert periods == ["2021年7月1日至2021年9月30日", "2021年4月1日至2021年6月30日"]


def test_what_is_asked_is_the_place_and_the_period_of_the_case() -> None:
    [own] = LiaisonExchangeFile(exchange().case.opening).own_orders()
    assert own.told == FiguresOrder(
        order="figures/1",
        case="liaison_exchange-350430-2021-0001",
        place="350430",
        first_day=FIRST,
        last_day=LAST,
    )
