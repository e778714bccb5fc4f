"""`mingjian ics`: due days in a calendar file, and what a client that is not ours makes of one file after another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar import Calendar as ClientCalendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event as ClientEvent
from ical.store import EventStore

from activities.database import Database
from activities.due_dates import DueDates
from activities.registry import Registry
from models.due_events import DueEvent, event, following, uid
from models.errors import InputError, Refusal
from models.rows import Snapshot
from models.settings import Settings, load_settings
from starter.ics import Scope, calendar_of, read_scope, tell_ics
from tests.pure_desk import PureDesk, issued, served
from tests.sample_rows import deadline_row, snapshot
from tests.scenarios.test_enforcement_supervision import silent_court, supervised

pytest_plugins = ["tests.databases"]

RUN = datetime(2021, 9, 15, 1, 2, 3, 456789, tzinfo=UTC)
TODAY = date(2021, 9, 20)
REPLY = "L1/jy.reply"
ALL = Scope()


class Site:
    """A registry, and a clock that stands still."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.settings: Settings = load_settings(home=folder / "home")
        self.folder, self._patch = folder, patch
        self.today(TODAY)

    def today(self, day: date) -> None:
        self._patch.setattr("starter.ics.day_in_china", lambda moment: day)

    def project(self, rows: Snapshot, *, settling: int = 0, run: str = "r1", began: datetime = RUN) -> None:
        with closing(Database(self.settings.registry)) as database:
            assert Registry(database).project(rows, run=run, run_started_at=began, settling=settling)

    def write(self, name: str = "期限.ics", scope: Scope = ALL) -> bytes:
        path = self.folder / name
        assert tell_ics(self.settings, scope, str(path), as_json=False) == 0
        return path.read_bytes()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    (tmp_path / "home").mkdir()
    made = Site(tmp_path, monkeypatch)
    with closing(Database(made.settings.registry)) as database:
        database.migrate()
    return made


class Client:
    """A calendar program: it has an event under each identity, and takes one of a higher sequence for news of the same."""

    def __init__(self) -> None:
        self.calendar = ClientCalendar()

    def take_in(self, content: bytes) -> None:
        store = EventStore(self.calendar)
        for news in IcsCalendarStream.calendar_from_ics(content.decode()).events:
            held = self.events().get(str(news.uid))
            if held is not None and (news.sequence or 0) <= (held.sequence or 0):
                assert news.dtstart == held.dtstart and news.status == held.status
                continue
            if held is not None:
                store.delete(str(news.uid))
            store.add(news)

    def events(self) -> dict[str, ClientEvent]:
        found = {str(each.uid): each for each in self.calendar.events}
        assert len(found) == len(self.calendar.events), "an event is there twice"
        return found

    def on_the_page(self) -> Iterator[tuple[date, str]]:
        """What the program shows: each day with the events of it that are not cancelled."""
        for each in self.calendar.timeline:
            if each.status != "CANCELLED":
                assert isinstance(each.dtstart, date) and each.computed_duration == timedelta(days=1)
                yield each.dtstart, str(each.summary)


def of(desk: PureDesk[Any], key: str = REPLY) -> str:
    return uid(desk.case.opening.case, key)


def test_a_moved_day_moves_and_what_was_met_goes_in_a_program_that_is_not_ours(site: Site) -> None:
    client, desk = Client(), served()
    other = served(case="urging-350421-2021-0008", title="另一件督促案")
    for each in (desk, other):
        site.project(each.rows())
    client.take_in(site.write())
    first = list(client.on_the_page())
    assert (date(2021, 11, 15), "对检察建议的书面回复届满 另一件督促案（明溪县自然资源局）") in first
    # One service was recorded wrongly; to the other letter a reply comes in.
    desk.on("2021-10-20").correct("served", "2021-09-22")
    other.on("2021-10-20").record("reply_received", "2021-10-18", "reply", letter="L1")
    site.today(date(2021, 10, 20))
    for each in (desk, other):
        site.project(each.rows())
    client.take_in(site.write())
    assert client.events()[of(desk)].dtstart == date(2021, 11, 22)
    assert client.events()[of(other)].status == "CANCELLED"
    page = list(client.on_the_page())
    replies = [day for day, summary in page if summary.startswith("对检察建议的书面回复")]
    assert replies == [date(2021, 11, 22)]
    # The same file once more changes nothing.
    before = client.calendar.model_copy(deep=True)
    client.take_in(site.write())
    assert client.calendar.events == before.events


def test_nothing_changed_no_byte_changes(site: Site) -> None:
    desk = served()
    site.project(desk.rows())
    path = site.folder / "期限.ics"
    written = site.write()
    inode = path.stat().st_ino
    assert site.write() == written and path.stat().st_ino == inode
    assert site.write("另一份.ics") == written
    # A new run of the same case, and a note in its journal, are nothing to its due days.
    desk.on("2021-09-16").record("happened", "2021-09-16", event="来访")
    site.project(desk.rows(), run="r2", began=RUN + timedelta(days=1))
    assert site.write() == written


def test_the_file_as_programs_read_it(site: Site) -> None:
    desk = served()
    site.project(desk.rows())
    content = site.write()
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines) and content.endswith(b"\r\n")
    for line in lines:
        line.decode()  # folded between characters, never within one
    read = {str(each.uid): each for each in IcsCalendarStream.calendar_from_ics(content.decode()).events}
    reply = read[of(desk)]
    assert b"DTSTART;VALUE=DATE:20211115" in lines and b"DTEND;VALUE=DATE:20211116" in lines
    assert reply.sequence == desk.case.revision and reply.dtstamp == RUN.replace(microsecond=0)
    assert reply.status == "CONFIRMED" and reply.categories == ["行政执法督促", "行政机关"]
    assert "依据：《人民检察院检察建议工作规定》第十九条" in str(reply.description)
    command = f"mingjian show {desk.case.opening.case} --why --deadline {REPLY}"
    assert str(reply.description).endswith(f"查看：{command}")
    # Fourteen days and three days ahead at 9:00, counted from 0:00 of the last day.
    assert [each.trigger for each in reply.alarm] == [
        timedelta(hours=9) - timedelta(days=14),
        timedelta(hours=9) - timedelta(days=3),
    ]
    assert b"TZID" not in content and b"VTIMEZONE" not in content


def test_provisional_suspended_withdrawn_and_of_a_range(site: Site) -> None:
    late = served(on=date(2026, 11, 23))
    site.project(late.rows())
    stood = supervised(silent_court())
    stood.on("2021-10-15").decide("suspend", deadline="case/sup.review", reason="等待另案结果")
    site.project(stood.rows())
    withdrawn = served(case="urging-350421-2021-0009")
    withdrawn.on("2021-09-16").decide("withdraw_letter", letter="L1", reason="不当")
    site.project(withdrawn.rows())
    ranged = issued(case="urging-350421-2021-0010").on("2021-10-20")
    ranged.record("letter_served", "2021-09-20/2021-09-30", letter="L1")
    site.project(ranged.rows())
    read = {str(each.uid): each for each in IcsCalendarStream.calendar_from_ics(site.write().decode()).events}
    provisional = read[of(late)]
    assert provisional.status == "TENTATIVE" and str(provisional.summary).startswith("［暂定］对检察建议")
    assert "公布后重新计算" in str(provisional.description)
    still = read[of(stood, "case/sup.review")]
    assert (still.status, still.dtstart, still.alarm) == ("CANCELLED", date(2021, 10, 8), [])
    assert "暂无届满日" in str(still.description) and str(still.summary).startswith("［中止］")
    assert read[of(withdrawn)].status == "CANCELLED"
    between = read[of(ranged)]
    assert between.dtstart == date(2021, 11, 30) and "最早2021-11-22，最晚2021-11-30" in str(
        between.description
    )
    # The reminders are ahead of the earliest day that it can be.
    assert between.alarm[-1].trigger == timedelta(hours=9) - timedelta(days=11)


def test_what_is_no_longer_of_the_scope_is_cancelled_once_and_comes_back_above_it(site: Site) -> None:
    desk, scope = served(), Scope(handler="甲检察官")
    client = Client()

    def told() -> bytes:
        site.project(desk.rows())
        content = site.write("甲.ics", scope)
        client.take_in(content)
        return content

    told()
    desk.on("2021-09-16").decide("assign", handler={"name": "丑检察官", "role": "procurator"}, reason="轮岗")
    gone = told()
    assert client.events()[of(desk)].status == "CANCELLED" and list(client.on_the_page()) == []
    assert "［不再列入］对检察建议的书面回复届满" in str(client.events()[of(desk)].summary)
    assert told() == gone
    desk.on("2021-09-17").decide("assign", handler={"name": "甲检察官", "role": "procurator"}, reason="回岗")
    told()
    assert client.events()[of(desk)].status == "CONFIRMED"
    # Long after its day it is told no more.
    desk.on("2021-09-18").decide("assign", handler={"name": "丑检察官", "role": "procurator"}, reason="轮岗")
    told()
    site.today(date(2022, 3, 1))
    assert b"VEVENT" not in site.write("甲.ics", scope)


def test_scopes(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.project(served().rows())
    other = served(case="urging-350425-2021-0001", county="350425")
    site.project(other.rows())
    assert read_scope(site.settings, "", "大田县", "") == Scope(county="350425")
    with pytest.raises(InputError) as refused:
        read_scope(site.settings, "", "无此县", "x")
    assert len(refused.value.problems) == 2
    with pytest.raises(Refusal, match="没有案件"):
        tell_ics(
            site.settings, Scope(case="urging-350425-2021-0009"), str(site.folder / "a.ics"), as_json=True
        )
    capsys.readouterr()
    tell_ics(site.settings, Scope(county="350425"), str(site.folder / "b.ics"), as_json=True)
    answer = json.loads(capsys.readouterr().out)
    assert (answer["open"], answer["provisional"], answer["cancelled"], answer["changed"]) == (3, 0, 1, True)


@pytest.mark.parametrize(
    ("asked", "counties"),
    [
        ({}, {"350421", "350425"}),
        ({"county": "350425"}, {"350425"}),
        ({"handler": "甲检察官"}, {"350421", "350425"}),
        ({"handler": "无此人"}, set()),
        ({"case": "urging-350425-2021-0001", "county": "350421"}, set()),
    ],
)
def test_whose_days_are_read(database: Database, asked: dict[str, str], counties: set[str]) -> None:
    """What is open, whenever it falls due, and what is not any more since the day that is asked for."""
    other = served(case="urging-350425-2021-0001", county="350425")
    other.record("reply_received", "2021-09-15", letter="L1")
    desks = served(), other
    for desk in desks:
        Registry(database).project(desk.rows(), run="r1", run_started_at=RUN)
    found = DueDates(database).rows(since=date(2021, 12, 1), **asked)
    assert {row.case.county for row in found} == counties
    expected = {
        (row.case, row.key)
        for desk in desks
        for row in desk.rows().deadlines
        if row.state == "running" and desk.case.opening.county in counties
    }
    assert {(row.deadline.case, row.deadline.key) for row in found} == expected
    assert {(row.revision, row.run_started_at) for row in found} <= {
        (desk.case.revision, RUN) for desk in desks
    }


def test_what_stands_still_without_a_last_day_comes_last_on_every_database(database: Database) -> None:
    began: Any = {"started_on": "2021-09-15", "due_from": None, "due_to": None}
    still = deadline_row("L1/a", state="suspended", due_on=None, **began)
    runs = deadline_row("L1/b", due_on=date(2021, 11, 15), **began)
    Registry(database).project(snapshot(deadlines=(still, runs)), run="r1", run_started_at=RUN)
    assert [row.deadline.key for row in DueDates(database).rows(since=TODAY)] == ["L1/b", "L1/a"]


def test_a_file_that_is_not_ours_stays(site: Site) -> None:
    site.project(served().rows())
    site.write("甲.ics", Scope(handler="甲检察官"))
    cases = {
        "a.txt": (b"", "不是 .ics"),
        "b.ics": (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n", "不是本系统写的"),
        "c.ics": ("日程".encode(), "不是本系统写的"),
        "d.ics": (site.write("甲.ics", Scope(handler="甲检察官")), "每个范围用各自的文件"),
        "e.ics": (site.write("e.ics").replace(b"SEQUENCE:", b"SEQUENCE:x"), "读不懂"),
    }
    for name, (content, what) in cases.items():
        path = site.folder / name
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        with pytest.raises(InputError) as refused:
            tell_ics(site.settings, Scope(), str(path), as_json=False)
        assert what in str(refused.value), name
        assert path.read_bytes() == content
    with pytest.raises(InputError, match="没有文件夹"):
        tell_ics(site.settings, Scope(), str(site.folder / "无" / "a.ics"), as_json=False)
    assert sorted(each.suffix for each in site.folder.glob("*.*") if each.suffix != ".ics") == [".txt"]


def test_what_has_run_out_stays_on_its_day_and_rings_no_more(site: Site) -> None:
    desk = served().on("2021-11-25")
    assert desk.is_overdue()
    site.project(desk.rows())
    site.today(date(2022, 6, 1))
    [reply] = [
        each
        for each in IcsCalendarStream.calendar_from_ics(site.write().decode()).events
        if each.uid == of(desk)
    ]
    assert (reply.dtstart, reply.status, reply.alarm) == (date(2021, 11, 15), "CONFIRMED", [])
    assert str(reply.summary).startswith("［逾期］对检察建议的书面回复届满")


def test_a_rule_without_a_number_has_no_event() -> None:
    desk = served()
    rows = desk.rows()
    [row] = [each for each in rows.deadlines if each.key == REPLY]
    assert event(rows.case, row.model_copy(update={"due_on": None}), 1, RUN) is None
    unknown = event(rows.case, row.model_copy(update={"rule": "elsewhere.rule"}), 1, RUN)
    assert unknown is not None and unknown.alarms == ()


DAYS = st.dates(date(2021, 9, 1), date(2022, 3, 1))
MADE = st.builds(
    DueEvent,
    uid=st.sampled_from([uid("c", key) for key in "abc"]),
    sequence=st.integers(1, 9),
    stamp=st.datetimes(datetime(2021, 1, 1), datetime(2022, 1, 1)).map(  # noqa: DTZ001
        lambda at: at.replace(microsecond=0, tzinfo=UTC)
    ),
    day=DAYS,
    summary=st.sampled_from(["甲", "［暂定］乙", "丙；，,\\n\n丁"]),
    description=st.text(alphabet="依据：《》,;\\\n一二三", max_size=200).map(str.strip),
    categories=st.just(("行政执法督促", "行政机关")),
    status=st.sampled_from(["CONFIRMED", "TENTATIVE", "CANCELLED"]),
    alarms=st.sampled_from([(), (timedelta(hours=-63),), (timedelta(hours=-327), timedelta(hours=-63))]),
)


@given(st.lists(st.lists(MADE, unique_by=lambda each: each.uid), min_size=1, max_size=6))
def test_whatever_the_registry_says_no_sequence_falls_and_what_changes_has_a_higher_one(
    files: list[list[DueEvent]],
) -> None:
    """Also when journals grow shorter, days move within one revision, events come and go: file after file."""
    held: dict[str, DueEvent] = {}
    for now in files:
        told = {each.uid: each for each in following(now, held, TODAY)}
        assert {each.uid for each in now} <= told.keys()
        for each in told.values():
            if (before := held.get(each.uid)) is not None:
                same = each == replace(before, sequence=each.sequence, stamp=each.stamp)
                assert each == before if same else each.sequence > before.sequence
        assert {each.uid: each for each in following(now, told, TODAY)} == told
        held = told


@given(st.lists(MADE, unique_by=lambda each: each.uid))
def test_what_is_written_is_what_is_read(events: list[DueEvent]) -> None:
    from icalendar import Calendar

    from starter.ics import _as_event

    content = calendar_of(events, "明鉴期限：全部")
    read = {str(each["uid"]): _as_event(each) for each in Calendar.from_ical(content).walk("VEVENT")}
    assert read == {each.uid: each for each in events}


def test_an_identity_never_changes() -> None:
    """Or every calendar would show every event twice."""
    assert uid("urging-350421-2021-0007", REPLY) == "e96b9619-4cfb-57ca-af10-cb3c5b0aa205@mingjian"
