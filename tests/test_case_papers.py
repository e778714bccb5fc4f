"""The papers that show a whole case: 案件流程表, 卷内目录, 案件时间线, over every shipped case."""

from __future__ import annotations

import io
import re
from collections import Counter
from datetime import date
from functools import cache

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from activities.typesetting import Typesetter, page_count
from activities.word import word_draft
from models.case_papers import case_timeline, file_contents, flow_sheet
from models.casefile import CaseFile
from models.dates import EventDate
from models.document_types import DocumentType
from models.documents import PAPERS, Paper, missing
from models.form_wordings import wording
from models.general_papers import GeneralForm
from models.ledgers import NOT_BEGUN
from models.paper_parts import chinese_date
from models.report_parts import as_told
from models.said.bases import DecisionBase, FactBase
from models.timelines import CaseTimeline, Lane, Period
from models.wording import Bar, Lanes
from starter.provision.fonts import font_folders
from starter.rehearsing.expected import PUBLISHED
from tests.pure_desk import PureDesk, issued, served
from tests.pure_rehearsal import case_at_its_end
from tests.test_word import read

ON = date(2026, 1, 5)
CASES = sorted(path.name for path in PUBLISHED.glob("[0-9]*.yaml"))


@cache
def case_of(name: str) -> CaseFile:
    """A shipped case as it stood at its end."""
    return case_at_its_end(PUBLISHED / name)


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(font_folders(fetch=False))


def words(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in pages))


def table(paper: GeneralForm, heading: str) -> tuple[tuple[str, ...], ...]:
    [found] = [each.table for each in paper.sections if each.heading == heading]
    assert found is not None
    return found.rows


def drawn(paper: CaseTimeline) -> Lanes:
    [found] = [block for block in wording(paper).blocks if isinstance(block, Lanes)]
    return found


@pytest.mark.parametrize("name", CASES)
def test_every_step_every_period_and_every_paper_of_a_case_is_listed_once(name: str) -> None:
    case = case_of(name)
    applied = [
        case.taken[entry.message.id].what
        for entry in case.entries
        if isinstance(entry.message, FactBase | DecisionBase)
        and case.taken[entry.message.id].how == "applied"
        and case.taken[entry.message.id].what
    ]
    sheet = flow_sheet(case, ON)
    steps = table(sheet, "办理流程")
    assert Counter(what for _, _, what, _ in steps) == Counter(
        ["登记", *(as_told(case, each) for each in applied)]
    )
    assert [place for place, *_ in steps] == [str(place) for place in range(1, len(steps) + 1)]

    begun = [
        (counted.name, chinese_date(counted.last_day) if counted.last_day else "")
        for key, counted in case.deadlines.counted.items()
        if counted.started_on is not None and case.deadlines.by_key[key].ended != NOT_BEGUN
    ]
    assert Counter((each, due) for each, _, _, due, *_ in table(sheet, "期限")) == Counter(begun)
    timeline = case_timeline(case, ON)
    assert Counter(each.name for lane in timeline.lanes for each in lane.periods) == Counter(
        name for name, _ in begun
    )

    made = [paper for paper in case.papers.values() if paper.kind == "paper_made"]
    came = [
        entry
        for entry in case.entries
        if getattr(entry.message, "paper", None) and isinstance(entry.message, FactBase)
    ]
    assert len(table(file_contents(case, ON), "卷内文件")) == len(made) + len(came)

    for paper in (sheet, timeline, file_contents(case, ON)):
        assert not missing(paper)
        assert PAPERS.validate_json(PAPERS.dump_json(paper)) == paper


def test_the_lanes_are_those_of_the_agency_the_court_and_the_procuratorate() -> None:
    """竹制品燃料厂: the fine, the demolition and the return of land were applied for on 3 January 2020."""
    paper = case_timeline(case_of("13-fujian-wu-factory.yaml"), ON)
    assert [lane.name for lane in paper.lanes] == ["行政机关", "人民法院", "人民检察院", "当事人"]
    agency, court, ours, _ = paper.lanes
    late = [each for each in agency.periods if each.is_late]
    # Three months from the end of the period of suit, 22 August 2019; applied for 134 days later.
    assert (late[0].due_on, str(late[0].met_on), late[0].standing) == (
        date(2019, 8, 22),
        "2020-01-03",
        "逾期134日",
    )
    assert [each.name for each in court.periods] == ["法院受理强制执行申请"]
    assert ours.periods == ()


def test_what_is_overdue_reaches_to_the_day_of_the_paper() -> None:
    desk = served()
    desk.on("2022-03-01")
    paper = case_timeline(desk.case, date(2022, 3, 1))
    [bar] = [each for lane in drawn(paper).lanes for each in lane.bars if each.is_late]
    assert (bar.standing, bar.met) == ("逾期", None)
    assert paper.bounds == (date(2021, 9, 1), date(2022, 4, 1))
    running = served()
    assert case_timeline(running.case, date(2026, 1, 5)).bounds[1] < date(2022, 1, 1)


days = st.dates(date(1950, 1, 1), date(2200, 1, 1))


@given(st.lists(st.tuples(days, st.none() | days, st.none() | days), min_size=1, max_size=20))
def test_all_lies_on_the_axis_in_the_order_of_the_days(
    told: list[tuple[date, date | None, date | None]],
) -> None:
    periods = tuple(
        Period(
            name="某期限",
            started_on=EventDate.on(start),
            due_on=due,
            met_on=EventDate.on(met) if met else None,
        )
        for start, due, met in told
    )
    paper = CaseTimeline(case_name="某案", dated=ON, lanes=(Lane(name="行政机关", periods=periods),))
    first, last = paper.bounds
    lanes = drawn(paper)
    assert 1 <= len(lanes.ticks) <= 40 and lanes.ticks[0][1] == 0
    places = [place for _, place in lanes.ticks]
    assert places == sorted(places) and all(0 <= place < 1 for place in places)
    for period, bar in zip(periods, lanes.lanes[0].bars, strict=True):
        for day, place in ((period.start, bar.start), (period.due_on, bar.due), (period.met, bar.met)):
            assert (day is None) == (place is None)
            assert day is None or place == (day - first).days / (last - first).days
            assert place is None or 0 <= place < 1


def test_the_contents_name_who_wrote_what_and_count_our_pages() -> None:
    desk = served()
    made = desk.case.papers["L1/issued"]
    assert made.kind == "paper_made"
    paper = file_contents(desk.case, date(2021, 11, 30), pages={made.paper.digest: 3}, more=("结案审查表",))
    [letter, review] = table(paper, "卷内文件")
    assert letter == (
        "1",
        "明检建〔2021〕1号",
        "明溪县人民检察院",
        "检察建议书（致明溪县自然资源局）",
        "2021年9月15日",
        "3",
        "",
    )
    assert review == ("2", "", "明溪县人民检察院", "结案审查表", "2021年11月30日", "", "")


def test_a_case_without_anything_says_so() -> None:
    desk = PureDesk(issued().case.opening)
    contents = file_contents(desk.case, ON)
    assert [(each.heading, each.text) for each in contents.sections] == [("卷内文件", "无。")]
    assert not missing(contents)
    timeline = case_timeline(desk.case, ON)
    assert not missing(timeline)
    assert "尚无起算的期限。" in read(docx.Document(io.BytesIO(word_draft(timeline))))


@pytest.mark.parametrize("name", ["13-fujian-wu-factory.yaml", "55-fujian-sanming-coordination-chain.yaml"])
def test_printed_and_in_word_they_say_the_same(typesetter: Typesetter, name: str) -> None:
    case = case_of(name)
    papers: tuple[Paper, ...] = (flow_sheet(case, ON), case_timeline(case, ON), file_contents(case, ON))
    for paper in papers:
        pdf = typesetter.render(paper)
        assert pdf == typesetter.render(paper)
        assert page_count(pdf) >= 1
        printed, edited = words(pdf), re.sub(r"\s", "", read(docx.Document(io.BytesIO(word_draft(paper)))))
        for lane in paper.lanes if isinstance(paper, CaseTimeline) else ():
            for each in lane.periods:
                for said in (
                    each.name,
                    each.party,
                    each.standing,
                    *([chinese_date(each.due_on)] if each.due_on else []),
                ):
                    assert said in printed and said in edited, said
        for section in paper.sections if isinstance(paper, GeneralForm) else ():
            for row in section.table.rows if section.table else ():
                for text in row:
                    assert re.sub(r"\s", "", text) in printed, text
                    assert re.sub(r"\s", "", text) in edited, text


def test_what_is_no_pdf_has_no_pages() -> None:
    assert page_count(b"%PDF") == 0 == page_count(b"")


def test_they_are_made_by_no_decision_of_staff() -> None:
    for each in (DocumentType.FLOW_SHEET, DocumentType.FILE_CONTENTS, DocumentType.CASE_TIMELINE):
        assert not each.is_general and not each.asks_reply


def test_a_bar_is_one_of_its_lane() -> None:
    paper = case_timeline(case_of("37-huaining-plot-ratio-fee.yaml"), ON)
    bars = [each for lane in drawn(paper).lanes for each in lane.bars]
    assert all(isinstance(each, Bar) for each in bars)
    assert len(drawn(paper).table().rows) == len(bars) + 1
