"""Who is reached where: liaisons, deputies, handlers and bodies; namesakes are never taken for each other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from activities.addresses import AddressBook
from activities.books import Books
from activities.database import Database, alembic_config
from activities.mail import MailOrder, compose
from activities.registry import Registry
from activities.roll import RollBook
from models.addresses import Absence, Address, Receiver
from models.bodies import Jurisdiction
from models.errors import InputError, Refusal
from models.roll import Designation
from tests.sample_rows import CASE, case_row, snapshot
from tests.script_runs import Home, home_in
from tests.test_outbox import parsed

pytest_plugins = ["tests.databases"]

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
TODAY = date(2026, 3, 2)
OWN, OTHER, BUREAU = "350425-proc", "350481-proc", "350425-nr"
BY = ("--by", "王五")


def address(name: str, mail: str, office: str = "") -> Address:
    return Address(office=office, name=name, address=mail, entered_by="王五", entered_at=NOW)


def absence(deputy: str, since: date, until: date, person: str = "李四") -> Absence:
    return Absence(
        office=OWN, person=person, deputy=deputy, since=since, until=until, entered_by="王五", entered_at=NOW
    )


def designation(office: str, name: str, person: str) -> Designation:
    return Designation(
        office=office,
        name=name,
        department="",
        person=person,
        since=date(2026, 1, 5),
        entered_by="王五",
        entered_at=NOW,
    )


@pytest.fixture
def book(database: Database) -> AddressBook:
    """A case of 大田县人民检察院, whose liaison is 李四; the bureau's is 赵六."""
    Registry(database).project(snapshot(1, case_row()), run="r", run_started_at=NOW)
    RollBook(database).designate(
        [
            designation(OWN, "大田县人民检察院", "李四"),
            designation(OTHER, "永安市人民检察院", "李四"),
            designation(BUREAU, "大田县自然资源局", "赵六"),
        ]
    )
    return AddressBook(database, Jurisdiction.load, today=lambda: TODAY)


def test_a_name_without_an_address_has_none(book: AddressBook) -> None:
    assert book.receiver("张三", CASE) == Receiver("张三", "")
    assert book.receiver("大田县自然资源局", CASE) == Receiver("大田县自然资源局赵六", "")
    assert book.receiver("张三", "") == Receiver("张三", "")


def test_namesakes_of_two_offices_are_told_apart(book: AddressBook) -> None:
    book.enter(address("李四", "other@yongan.example", OTHER))
    assert book.receiver("李四", CASE).address == ""
    book.enter(address("李四", "own@datian.example", OWN))
    assert book.receiver("李四", CASE).address == "own@datian.example"
    assert book.receiver("李四", "").address == ""


def test_a_body_is_reached_through_its_liaison(book: AddressBook) -> None:
    book.enter(address("赵六", "somebody@else.example"))
    assert book.receiver("大田县自然资源局", CASE).address == ""
    book.enter(address("大田县自然资源局", "office@datian.example"))
    assert book.receiver("大田县自然资源局", CASE).address == "office@datian.example"
    book.enter(address("赵六", "zhao@datian.example", BUREAU))
    assert book.receiver("大田县自然资源局", CASE) == Receiver("大田县自然资源局赵六", "zhao@datian.example")
    book.enter(address("某某厂", "factory@datian.example"))
    assert book.receiver("某某厂", CASE).address == "factory@datian.example"


def test_a_deputy_is_reached_on_the_days_of_absence_alone(database: Database, book: AddressBook) -> None:
    book.enter(address("李四", "li@datian.example", OWN))
    book.enter(address("钱七", "qian@datian.example", OWN))
    book.enter_absence(absence("钱七", date(2026, 3, 2), date(2026, 3, 6)))

    def reached(day: date) -> Receiver:
        return AddressBook(database, Jurisdiction.load, today=lambda: day).receiver("李四", CASE)

    for day in (date(2026, 3, 2), date(2026, 3, 6)):
        assert reached(day) == Receiver("钱七（代李四）", "qian@datian.example")
    for day in (date(2026, 3, 1), date(2026, 3, 7)):
        assert reached(day) == Receiver("李四", "li@datian.example")
    assert book.receiver("张三", CASE).name == "张三"
    with pytest.raises(Refusal, match="已由钱七代李四"):
        book.enter_absence(absence("孙八", date(2026, 3, 6), date(2026, 3, 9)))
    book.enter_absence(absence("钱七", date(2026, 3, 2), date(2026, 3, 4)))
    assert reached(date(2026, 3, 5)).name == "李四"
    with pytest.raises(InputError) as error:
        book.enter_absence(absence("李四", date(2026, 4, 2), date(2026, 4, 1)))
    assert len(error.value.problems) == 2


def test_an_address_is_replaced_removed_and_checked(book: AddressBook) -> None:
    assert book.enter(address("张三", "a@b.example"))
    assert not book.enter(address("张三", "a@b.example"))
    assert book.enter(address("张三", "c@b.example"))
    assert [each.address for each in book.addresses()] == ["c@b.example"]
    assert book.remove("张三") == "c@b.example"
    with pytest.raises(Refusal, match="没有登记“张三”"):
        book.remove("张三")
    for wrong in ("张三", "a@", "a b@c.example", "a@b.example\n", "x" * 250 + "@b.example"):
        with pytest.raises(InputError, match="不是电子邮件地址"):
            book.enter(address("张三", wrong))


def test_who_has_no_address_is_a_group_without_members() -> None:
    order = MailOrder(
        key="k",
        sender=("明鉴", "m@b.example"),
        recipients=(),
        subject="提醒",
        body="正文",
        attachments=(),
        date=NOW,
        unaddressed=("李四",),
    )
    header = parsed(compose(order))["To"]
    assert [each.display_name for each in header.groups] == ["李四（无地址）"]
    assert header.addresses == ()


def test_what_waited_at_the_upgrade_is_sent_to_each(address: str, tmp_path: Path) -> None:
    database = Database(address)
    if not database.is_postgresql:
        (tmp_path / "registry.db").touch()
    with database.writing() as session:
        command.upgrade(alembic_config(session.connection()), "0003")
        for key, state in (("c/one", "queued"), ("c/two", "sent")):
            session.connection().execute(
                text(
                    'INSERT INTO deliveries ("key", "case", "to", subject, body, "on", at, state, attempts,'
                    " last_error, try_after, message_id, sent_at, possibly_twice) VALUES (:key, 'c',"
                    " '[\"张三\", \"李四\"]', 's', 'b', '2021-09-15', '2021-09-15 04:00:00', :state, 0, '', NULL,"
                    " '', NULL, FALSE)"
                ),
                {"key": key, "state": state},
            )
    database.migrate()
    waiting = Books(database).queued(9)
    assert [(each.key, each.to) for each in waiting] == [
        ("c/one/张三", ("张三",)),
        ("c/one/李四", ("李四",)),
    ]
    assert [each.notice.key for each in Books(database).deliveries(state="sent")] == ["c/two"]
    database.close()


# the script


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = home_in(tmp_path)
    database = Database(f"sqlite:///{home.folder / 'registry.db'}")
    database.migrate()
    database.close()
    return home


def test_addresses_are_set_listed_and_removed(home: Home) -> None:
    empty = home.run_here("addresses")
    assert (empty.code, empty.out) == (0, "") and "没有登记地址" in empty.err
    office = ("--office", "大田县人民检察院")
    assert "已登记：张三" in home.run_here("addresses", "set", "张三", "a@b.example", *BY).out
    assert home.run_here("addresses", "set", "李四", "l@b.example", *office, *BY).code == 0
    assert "已在册" in home.run_here("addresses", "set", "李四", "l@b.example", *office, *BY).out
    listed = home.run_here("addresses").out
    assert "大田县人民检察院" in listed and "l@b.example" in listed and "a@b.example" in listed
    assert "已删去" in home.run_here("addresses", "remove", "李四", *office).out
    assert [line["name"] for line in home.run_here("addresses", "--json").lines] == ["张三"]
    wrong = home.run_here("addresses", "set", "张三", "无", *BY)
    assert wrong.code == 2 and "不是电子邮件地址" in wrong.err
    assert home.run_here("addresses", "set", "张三", "a@b.example").code == 2
    assert home.run_here("addresses", "remove", "李四", *office).code == 1


def test_a_liaison_is_designated_with_an_address_and_a_deputy(home: Home) -> None:
    office = "大田县人民检察院"
    mail = ("--email", "li@b.example")
    run = home.run_here("liaisons", "designate", office, "李四", "--from", "2026-01-05", *mail, *BY)
    assert run.code == 0 and "li@b.example" in run.out
    since = date.today() - timedelta(days=1)  # noqa: DTZ011  # a day that both time zones agree upon
    days = ("--from", str(since), "--until", str(since + timedelta(days=3)))
    deputy = ("--deputy", "钱七", "--email", "qian@b.example")
    assert "由钱七代" in home.run_here("liaisons", "absent", office, *deputy, *days, *BY).out
    listed = home.run_here("addresses")
    assert "由钱七代" in listed.err and "qian@b.example" in listed.out
    wrong = home.run_here("liaisons", "absent", "永安市人民检察院", *deputy, *days, *BY)
    assert wrong.code == 1 and "没有联络员" in wrong.err
    wrong = home.run_here(
        "liaisons", "designate", office, "孙八", "--from", "2026-02-05", "--email", "x", *BY
    )
    assert wrong.code == 2 and "--email" in wrong.err
    assert home.run_here("liaisons", "--json").lines[0]["person"] != "孙八"


def test_a_county_desk_lets_nobody_else_be_sent_what_is_told_of_other_counties(home: Home) -> None:
    office, desk = "大田县人民检察院", {"MINGJIAN_DESK_COUNTIES": "350481"}
    home.run_here("liaisons", "designate", office, "李四", "--from", "2026-01-05", *BY)
    days = ("--from", "2026-02-02", "--until", "2026-02-06")
    deputy = ("--deputy", "钱七", "--email", "qian@b.example")
    for words in (
        ("liaisons", "absent", office, *deputy, *days, *BY),
        ("addresses", "set", "李四", "qian@b.example", "--office", office, *BY),
        ("addresses", "remove", "李四", "--office", office),
    ):
        run = home.run_here(*words, **desk)
        assert run.code == 1 and "大田县人民检察院不在本席位的范围" in run.err, words
    everybody = home.run_here("addresses", "set", "大田县自然资源局", "qian@b.example", *BY, **desk)
    assert everybody.code == 1 and "不写明单位（--office）" in everybody.err
    listed = home.run_here("addresses")
    assert "qian@b.example" not in listed.out and "钱七" not in listed.err
    assert home.run_here("addresses", "set", "李四", "qian@b.example", "--office", office, *BY).code == 0
