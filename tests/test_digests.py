"""One mail a day for a recipient's reminders; what is urgent goes at once; what will be sent can be read before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

import activities.deliveries
from activities.addresses import AddressBook
from activities.registry import Registry
from models.addresses import Address
from models.bags import PaperRef
from models.bodies import Jurisdiction
from models.dates import CHINA
from models.errors import Refusal
from models.notices import Notice
from models.settings import load_settings
from starter.previewing import coming, tell_coming
from tests.mail_house import LI, ZHANG, House, words
from tests.mail_server import mail_server
from tests.pure_desk import served
from tests.sample_rows import CASE, case_row, snapshot

NINE = time(9)
DAY = date(2026, 3, 2)
OTHER = "urging-350481-2026-0002"
FOOTER = "\n本通知由明鉴自动发出。"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with mail_server() as server:
        made = House(tmp_path, server)
        held = snapshot(1, case_row(OTHER, procuratorate="永安市人民检察院"))
        assert Registry(made.database).project(held, run="r", run_started_at=datetime(2026, 1, 1, tzinfo=UTC))
        yield made
        made.database.close()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int, int], None]:
    """Set the clock of the books: the day of March 2026, the hour and the minute in China."""

    def turn(day: int, hour: int, minute: int = 0) -> None:
        now = datetime(2026, 3, day, hour, minute, tzinfo=CHINA)
        monkeypatch.setattr(activities.deliveries, "_now", lambda: now)

    return turn


def reminder(step: str, *, to: str = "张三", case: str = CASE, on: date = DAY, digest: bool = True) -> Notice:
    return Notice(
        key=f"{case}/{step}",
        case=case,
        to=(to,),
        subject=f"【提醒】{step}",
        body=f"案件：{step}\n正文{step}\n{FOOTER}",
        on=on,
        at=datetime.combine(on, time(0), CHINA),
        papers=(PaperRef("0" * 64, 2**40, "application/pdf", "papers/建议书.pdf"),),
        digest=digest,
    )


def send(house: House) -> None:
    """Send what is to be sent by now."""
    room = house.room(digest_at=NINE)
    for notice in room.waiting():
        ActivityEnvironment().run(room.send, notice)


def test_reminders_wait_for_nine_and_go_as_one_mail(
    house: House, at: Callable[[int, int, int], None]
) -> None:
    house.queue(reminder("甲"), reminder("乙"), reminder("丙", to="李四"), reminder("逾期", digest=False))
    at(2, 8, 59)
    send(house)
    assert [str(each["Subject"]) for each in house.server.to(ZHANG)] == ["【提醒】逾期"]
    assert house.server.to(LI) == []
    at(2, 9, 0)
    send(house)
    _, digest = house.server.to(ZHANG)
    assert digest["Subject"] == "【提醒】2026-03-02的2项期限提醒"
    assert digest["Date"].datetime == datetime(2026, 3, 2, 9, tzinfo=CHINA)
    text = words(digest)
    for said in ("1. 【提醒】乙", "正文乙", "2. 【提醒】甲", "正文甲"):
        assert said in text
    assert text.count("本通知由明鉴自动发出") == 1 and text.count("附件“建议书.pdf”") == 1
    [alone] = house.server.to(LI)
    assert alone["Subject"] == "【提醒】丙"
    send(house)
    assert len(house.server.took) == 3


def test_what_comes_after_the_digest_waits_for_the_next_morning(
    house: House, at: Callable[[int, int, int], None]
) -> None:
    house.queue(reminder("甲"))
    at(2, 9, 1)
    send(house)
    house.queue(reminder("乙"), reminder("丙"))
    at(2, 23, 0)
    send(house)
    assert len(house.server.took) == 1
    house.queue(reminder("丁", on=DAY + timedelta(days=1)))
    at(3, 9, 0)
    for _ in range(3):
        send(house)
    assert [str(each["Subject"]) for each in house.server.to(ZHANG)] == [
        "【提醒】甲",
        "【提醒】2026-03-03的3项期限提醒",
    ]


def test_namesakes_of_two_offices_have_a_digest_each(
    house: House, at: Callable[[int, int, int], None]
) -> None:
    house.queue(reminder("甲"), reminder("乙", case=OTHER))
    at(2, 9, 0)
    send(house)
    assert sorted(str(each["Subject"]) for each in house.server.to(ZHANG)) == ["【提醒】乙", "【提醒】甲"]


def test_a_case_shows_what_became_of_the_digest_that_carries_its_reminder(
    house: House, at: Callable[[int, int, int], None]
) -> None:
    house.server.refuses.add(ZHANG)
    house.queue(reminder("甲"), reminder("乙"))
    at(2, 9, 0)
    send(house)
    of_case = house.books.deliveries(case=CASE)
    assert {(each.notice.subject, each.state) for each in of_case} == {
        ("【提醒】甲", "refused"),
        ("【提醒】乙", "refused"),
    }
    assert len(house.books.deliveries(case=CASE, failed=True)) == 2
    [digest] = house.books.deliveries(failed=True)
    assert digest.notice.subject == "【提醒】2026-03-02的2项期限提醒"
    assert house.books.deliveries(case=CASE, state="sent") == []


def test_without_digests_each_reminder_goes_at_once(
    house: House, at: Callable[[int, int, int], None]
) -> None:
    house.queue(reminder("甲"), reminder("乙"))
    at(2, 0, 0)
    room = house.room()
    for notice in room.waiting():
        ActivityEnvironment().run(room.send, notice)
    assert len(house.server.to(ZHANG)) == 2


def test_what_a_case_sends_next_can_be_read_before(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = served()
    state = desk.case.state()
    ahead = next(each for each in coming(state, desk.now) if each.papers)
    assert ahead.digest and "届满" in ahead.subject
    assert ahead.papers == (desk.letter("L1").paper,), "the letter that it is about goes along"
    assert desk.case.state() == state, "nothing was entered"
    settings = load_settings(home=tmp_path, registry_url=f"sqlite:///{tmp_path / 'registry.db'}")
    book = AddressBook(house.database, Jurisdiction.load)
    name = ahead.to[0]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    book.enter(Address(name=name, address=ZHANG, entered_by="王五", entered_at=now))
    assert tell_coming(settings, desk.case.opening.case, state, as_json=False) == 0
    shown = capsys.readouterr().out
    # The clock is far behind that of the case: what it says next is that the period has ended.
    assert f"{name}（{ZHANG}）" in shown and "无地址" in shown
    assert "主题：【" in shown and "依据：" in shown and "附件：" in shown
    assert tell_coming(settings, desk.case.opening.case, state, as_json=True) == 0
    lines = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert lines and all({"name": name, "address": ZHANG} in line["to"] for line in lines)
    with pytest.raises(Refusal, match="不在办理中"):
        tell_coming(settings, "urging-350481-2021-0009", None, as_json=False)
