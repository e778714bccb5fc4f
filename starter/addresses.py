"""`mingjian addresses` and the absences of liaisons: who is reached where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TypeVar

from activities.addresses import AddressBook
from activities.database import Database
from activities.roll import RollBook
from activities.site_jurisdiction import site_jurisdiction
from models.addresses import Absence, Address
from models.bodies import Body, Jurisdiction
from models.dates import day_in_china
from models.errors import InputError, Problem, Refusal
from models.roll import liaison_on
from models.settings import Settings
from starter.doors import refuse_part, refuse_place
from starter.liaisons import read_office
from starter.output import Listing, remark, say, say_json, show

Answer = TypeVar("Answer")


def tell_addresses(settings: Settings, *, as_json: bool) -> int:
    """Print every address, and who stands in for whom from today on."""
    jurisdiction = site_jurisdiction(settings)
    today = day_in_china(_now())
    addresses, absences = _with_book(settings, jurisdiction, lambda book: (book.addresses(), book.absences()))
    listing = Listing("单位", "收件人", "地址")
    for each in addresses:
        if as_json:
            say_json(each.model_dump(mode="json"))
        listing.add(_office_name(jurisdiction, each.office), each.name, each.address)
    standing = [each for each in absences if each.until >= today]
    for absence in standing:
        if as_json:
            say_json(absence.model_dump(mode="json"))
        else:
            office = _office_name(jurisdiction, absence.office)
            remark(f"{absence.since}至{absence.until}：{office}{absence.person}由{absence.deputy}代")
    if as_json:
        return 0
    if addresses:
        show(listing)
    else:
        remark(
            "没有登记地址：邮件都存为文件，由工作人员转交。登记：mingjian addresses set 姓名 地址 --by 姓名"
        )
    return 0


def set_address(settings: Settings, name: str, address: str, office: str, by: str, *, as_json: bool) -> int:
    """Enter the address of a name, of an office if one is given."""
    if not name.strip() or len(name.strip()) > 100:
        raise InputError(Problem("没有写明收件人，或者过长", "写姓名、单位或部门，不超过 100 字", "NAME"))
    jurisdiction = site_jurisdiction(settings)
    code = _code_of(settings, jurisdiction, office, name)
    entry = Address(office=code, name=name.strip(), address=address.strip(), entered_by=by, entered_at=_now())
    enter_addresses(settings, [entry], as_json=as_json)
    return 0


def enter_addresses(settings: Settings, entries: Sequence[Address], *, as_json: bool) -> None:
    """Enter addresses, all or none, and print what became of each."""
    if not entries:
        return
    jurisdiction = site_jurisdiction(settings)
    changed = _with_book(settings, jurisdiction, lambda book: book.enter_all(entries))
    for entry, fresh in zip(entries, changed, strict=True):
        if as_json:
            say_json({**entry.model_dump(mode="json"), "how": "entered" if fresh else "known"})
        else:
            say(f"{'已登记' if fresh else '已在册'}：{entry.name}　{entry.address}")


def remove_address(settings: Settings, name: str, office: str, *, as_json: bool) -> int:
    """Take the address of a name out: what goes to it is put into the folder from then on."""
    jurisdiction = site_jurisdiction(settings)
    code = _code_of(settings, jurisdiction, office, name)
    was = _with_book(settings, jurisdiction, lambda book: book.remove(name.strip(), code))
    if as_json:
        say_json({"office": code, "name": name.strip(), "address": was, "how": "removed"})
    else:
        say(f"已删去：{name.strip()}　{was}")
    return 0


def enter_absence(
    settings: Settings, office: Body, deputy: str, since: date, until: date, by: str, *, as_json: bool
) -> Absence:
    """Enter that a deputy stands in for the liaison of an office; Refusal when the office has none on the first day, and for
    one out of reach: the deputy is sent what its cases tell.
    """
    refuse_place(settings, office.place, office.name, "OFFICE")
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        liaison = liaison_on(RollBook(database).designations(office=office.code), office.code, since)
        if liaison is None:
            raise Refusal(
                Problem(
                    f"{since}，{office.name}没有联络员", "先确定联络员：mingjian liaisons designate", "OFFICE"
                )
            )
        absence = Absence(
            office=office.code,
            person=liaison.person,
            deputy=deputy.strip(),
            since=since,
            until=until,
            entered_by=by,
            entered_at=_now(),
        )
        AddressBook(database, lambda: site_jurisdiction(settings)).enter_absence(absence)
    if as_json:
        say_json(absence.model_dump(mode="json"))
    else:
        say(f"已登记：{since}至{until}，{office.name}{absence.person}由{absence.deputy}代")
    return absence


def _code_of(settings: Settings, jurisdiction: Jurisdiction, office: str, name: str) -> str:
    """The code of an office that was named; Refusal for one out of reach, to whose people its cases are told.

    Without an office an address is that of everybody of that name, in all counties.
    """
    if not office:
        refuse_part(settings, f"不写明单位（--office）时凡名为“{name.strip()}”的收件人都寄往这个地址，")
        return ""
    body = read_office(jurisdiction, office)
    refuse_place(settings, body.place, body.name, "--office")
    return body.code


def _with_book(
    settings: Settings, jurisdiction: Jurisdiction, work: Callable[[AddressBook], Answer]
) -> Answer:
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        return work(AddressBook(database, lambda: jurisdiction))


def _office_name(jurisdiction: Jurisdiction, code: str) -> str:
    body = jurisdiction.bodies.get(code)
    return body.name if body is not None else code


def _now() -> datetime:
    return datetime.now(UTC)
