"""What the mailroom makes of a notice: through which channel it goes, what goes along."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

import activities.deliveries
import activities.notices
from models.bags import PaperRef
from models.errors import Refusal
from starter.columns import width
from tests.mail_house import LI, ZHANG, House, mail_of, notice, words
from tests.mail_server import MailServer, mail_server
from tests.sample_rows import CASE
from tests.script_runs import home_in

PAPER = "papers/检察建议书（大检建〔2021〕5号）.pdf"
CONTENT = b"%PDF-1.7\r\n.\r\n\x00\xff" * 500


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Move the clock of books and mailroom on."""

    def move(by: timedelta) -> None:
        for room in (activities.deliveries, activities.notices):
            monkeypatch.setattr(room, "_now", lambda: datetime.now(UTC) + by)

    return move


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with mail_server() as server:
        made = House(tmp_path, server)
        yield made
        made.database.close()


def test_each_recipient_is_reached_as_the_address_book_says(house: House) -> None:
    house.queue(notice("one", "张三", "王五"))
    house.send()
    [mail] = house.server.to(ZHANG)
    assert mail["To"].addresses[0].display_name == "张三"
    assert mail["From"].addresses[0].addr_spec == "mingjian@datian.example"
    [filed] = house.filed
    assert [each.display_name for each in filed["To"].groups] == ["王五（无地址）"]
    assert mail["Message-ID"] != filed["Message-ID"]
    by_name = {each.notice.to[0]: each for each in house.books.deliveries()}
    assert (by_name["张三"].address, by_name["王五"].address) == (ZHANG, "")
    assert {each.state for each in by_name.values()} == {"sent"}


def test_without_a_mail_server_everything_goes_into_the_folder(house: House) -> None:
    house.queue(notice("one"))
    house.send(post=False)
    [filed] = house.filed
    assert filed["To"].addresses[0].addr_spec == ZHANG and house.server.took == []


def test_the_paper_that_a_notice_is_about_goes_along(house: House) -> None:
    paper = house.archive.store(CASE, PAPER, CONTENT, media_type="application/pdf", meta={"source": "t"})
    house.queue(notice("one", papers=(paper,)))
    house.send()
    [mail] = house.server.to(ZHANG)
    [attachment] = mail.iter_attachments()
    assert attachment.get_filename() == "检察建议书（大检建〔2021〕5号）.pdf"
    assert attachment.get_content() == CONTENT
    assert words(mail) == "正文：one\n"


def test_a_paper_that_cannot_be_read_is_said_in_the_mail(house: House) -> None:
    missing = PaperRef("0" * 64, 9, "application/pdf", PAPER)
    huge = PaperRef("1" * 64, 2**30, "application/pdf", "papers/全卷.pdf")
    house.queue(notice("one", papers=(missing, huge)))
    house.send()
    [mail] = house.server.to(ZHANG)
    assert list(mail.iter_attachments()) == []
    assert "附件“检察建议书（大检建〔2021〕5号）.pdf”未能读出" in words(mail)
    assert "附件“全卷.pdf”过大" in words(mail)


# once, again, and never silently twice


def test_who_is_refused_holds_up_nobody_and_is_tried_again_by_staff_alone(
    house: House, later: Callable[[timedelta], None]
) -> None:
    house.server.refuses.add(LI)
    house.queue(notice("one", "张三", "李四"))
    house.send()
    assert mail_of(house).state == "sent"
    refused = mail_of(house, name="李四")
    assert (refused.state, refused.address, refused.possibly_twice) == ("refused", LI, False)
    assert "550 5.1.1" in refused.last_error and "查无此人" in refused.last_error
    assert [each.notice.to for each in house.books.deliveries(failed=True)] == [("李四",)]
    later(timedelta(days=3))
    assert list(house.books.queued(9)) == []
    house.book.known["李四"] = "li.si@datian.example"
    house.books.again(refused.notice.key)
    house.send()
    assert mail_of(house, name="李四").state == "sent"
    [again] = house.server.to("li.si@datian.example")
    assert again["Message-ID"] == mail_of(house, name="李四").message_id
    with pytest.raises(Refusal, match="已经发出"):
        house.books.again(refused.notice.key)


def test_who_is_put_off_gets_it_a_minute_later(house: House, later: Callable[[timedelta], None]) -> None:
    house.server.puts_off[ZHANG] = 1
    house.queue(notice("one"))
    house.send()
    put_off = mail_of(house)
    assert (put_off.state, put_off.possibly_twice) == ("failed", False) and "451" in put_off.last_error
    assert house.books.outage() is None, "a server that answers is in use"
    house.send()
    assert house.server.took == []
    later(timedelta(seconds=61))
    house.send()
    assert len(house.server.took) == 1 and mail_of(house).state == "sent"
    assert not mail_of(house).possibly_twice


def test_no_answer_after_the_mail_shows_as_possibly_twice(
    house: House, later: Callable[[timedelta], None]
) -> None:
    house.server.breaks_off = 1
    house.queue(notice("one"))
    house.send()
    assert (mail_of(house).state, mail_of(house).possibly_twice) == ("failed", True)
    later(timedelta(seconds=61))
    house.send()
    first, second = house.server.to(ZHANG)
    assert first["Message-ID"] == second["Message-ID"], "a receiver can tell"
    assert (mail_of(house).state, mail_of(house).possibly_twice) == ("sent", True)
    assert len(house.books.deliveries(failed=True)) == 1, "and staff still see it"


def die_after_sending(folder: Path, port: int, post: bool) -> None:
    """In a process of its own: a worker that sends, and is gone before it can write so down."""
    house = House(folder, MailServer(port=port))
    house.books.sent = lambda *_: os._exit(9)  # type: ignore[method-assign]
    house.send(post=post)


@pytest.mark.parametrize("post", [True, False], ids=["smtp", "folder"])
def test_a_worker_killed_between_sending_and_recording(
    house: House, later: Callable[[timedelta], None], post: bool
) -> None:
    house.queue(notice("one"))
    spawn = multiprocessing.get_context("spawn")
    worker = spawn.Process(target=die_after_sending, args=(house.folder, house.server.port, post))
    worker.start()
    worker.join(60)
    assert worker.exitcode == 9
    assert mail_of(house).state == "sending"
    if post:
        house.send(post=post)
        assert mail_of(house).attempts == 1, "the sending may still be in hand"
        later(timedelta(minutes=3))
    house.send(post=post)
    assert (mail_of(house).state, mail_of(house).attempts) == ("sent", 2)
    if post:
        first, second = house.server.to(ZHANG)
        assert first["Message-ID"] == second["Message-ID"]
        assert mail_of(house).possibly_twice
    else:
        assert len(house.filed) == 1, "the folder knows what it has"
        assert not mail_of(house).possibly_twice


def test_of_two_workers_with_one_mail_one_sends_it(house: House) -> None:
    house.queue(notice("one"))
    [waiting] = house.books.queued(9)
    house.books.sending(waiting.key, ZHANG, channel="smtp", lasts=90)
    ActivityEnvironment().run(house.room().send, waiting)
    assert house.server.took == [] and mail_of(house).attempts == 1


def test_a_slow_server_holds_up_the_mails_to_itself_alone(house: House) -> None:
    house.server.pause = 30
    house.queue(*(notice(f"n{number}") for number in range(6)), notice("folder", "王五"))
    begun = time.monotonic()
    down = ""
    for each in house.books.queued(100):
        down = ActivityEnvironment().run(house.room().send, each, down)
    assert time.monotonic() - begun < 6, "asked once, and not six times"
    assert mail_of(house, "folder", "王五").state == "sent"
    states = {mail_of(house, f"n{number}").state for number in range(6)}
    assert states == {"failed"} and list(house.books.queued(9)) == []


def test_after_a_day_without_a_mail_server_staff_are_told_once(
    house: House, later: Callable[[timedelta], None]
) -> None:

    def pass_to(hours: float) -> None:
        later(timedelta(hours=hours))
        room, down = house.room(), ""
        for each in house.books.queued(100):
            down = ActivityEnvironment().run(room.send, each, down)
        ActivityEnvironment().run(room.tell_of_outage)
        for each in house.books.queued(100):
            ActivityEnvironment().run(room.send, each)

    house.queue(notice("before"))
    pass_to(0)
    house.server.pause = 30
    house.queue(notice("one"), notice("two", "李四"))
    for hours in (0.1, 12, 23.9):
        pass_to(hours)
    assert house.filed == []
    house.book.known["系统运维人员"] = "admin@datian.example"
    for hours in (24.2, 30, 50):
        pass_to(hours)
    [told] = house.filed
    assert told["Subject"] == "【须处理】邮件服务器已一天用不了"
    assert [each.display_name for each in told["To"].groups] == ["系统运维人员（无地址）"]
    assert "有2封在等" in words(told) and "mingjian mails --failed" in words(told)
    house.server.pause = 0
    pass_to(52)
    assert {each.state for each in house.books.deliveries()} == {"sent"}
    assert house.books.outage() is None
    house.server.pause = 30
    house.queue(notice("three"))
    for hours in (60, 85):
        pass_to(hours)
    assert len(house.filed) == 2, "another outage is told of too"


# what staff see


def test_staff_see_what_became_of_each_mail(house: House, tmp_path: Path) -> None:
    home = home_in(tmp_path)
    where = {"MINGJIAN_REGISTRY_URL": f"sqlite:///{house.folder / 'registry.db'}"}
    assert "没有邮件" in home.run_here("mails", **where).err
    house.server.refuses.add(LI)
    house.server.breaks_off = 1
    house.queue(notice("one", "张三", "李四", "王五"))
    house.send()
    listed = home.run_here("mails", **where)
    assert listed.code == 0 and max(width(line) for line in listed.out.splitlines()) <= 80
    for said in ("无地址", "可能重复", "被拒收", "已发出", "查无此人"):
        assert said in "".join(listed.out.split()), said
    failed = home.run_here("mails", "--failed", "--json", **where).lines
    assert {(line["to"][0], line["state"]) for line in failed} == {("张三", "failed"), ("李四", "refused")}
    assert home.run_here("mails", "--case", "urging-350481-2021-0001", "--json", **where).lines == []
    [refused] = [line for line in failed if line["state"] == "refused"]
    assert "即将重发" in home.run_here("mails", "again", refused["key"], **where).out
    assert mail_of(house, name="李四").state == "queued"
    [sent] = house.books.deliveries(state="sent")
    assert home.run_here("mails", "again", sent.notice.key, **where).code == 1
    assert home.run_here("mails", "bounced", "x@y", "邮箱已满", **where).code == 1
    assert home.run_here("mails", "bounced", sent.message_id, " ", **where).code == 2
    assert "已记为退信" in home.run_here("mails", "bounced", sent.message_id, "邮箱已满", **where).out
    back = mail_of(house, name="王五")
    assert (back.state, back.last_error) == ("refused", "退信：邮箱已满")
    house.books.again(back.notice.key)
    assert home.run_here("mails", "--limit", "x", **where).code == 2
