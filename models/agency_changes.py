"""Changes of agencies (机构变动) as staff write them down: bodies renamed, merged, abolished; places renamed, merged.

    basis = "××关于印发《××市机构改革方案》的通知"    # the document that orders it
    replaces = 1                                       # may be left out: stands in the place of an earlier change
    [[renamed]]        body, name, from, office
    [[merged]]         bodies, into (a body, or a table for a new one), from
    [[abolished]]      body, successor (a body, a table, or "无"), from
    [[place_renamed]]  place, name, from
    [[place_merged]]   places, into (a place, or a table for a new one), from

A body that ends and its successor are of one kind and one place, unless `across = true` says that this is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from models.bodies import body_code
from models.errors import InputError, Problem
from models.publications import Publication
from models.terms import BodyKind
from models.toml_tables import BODY_CODE, PLACE_CODE, Table, table_in

NOBODY = "无"
_TOP = ("basis", "replaces", "renamed", "merged", "abolished", "place_renamed", "place_merged")
_EARLIEST, _LATEST = date(1949, 10, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBody:
    """A body that a change brings into being, under a code that was never another's."""

    code: str
    name: str
    kind: BodyKind
    place: str
    office: str = ""
    superior: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlace:
    """A place that a change brings into being; without a parent it lies where what is merged into it lay."""

    code: str
    name: str
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """A body has another name from that day on; `office` is its department for daily liaison, where that is another too."""

    where: str
    body: str
    name: str
    on: date
    office: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Bodies are no more from that day on (merged, abolished); `heir` goes on with their duty, or nobody does."""

    where: str
    bodies: tuple[str, ...]
    heir: str | NewBody | None
    on: date
    across: bool = False

    @property
    def heir_field(self) -> str:
        """Where the heir stands in the file."""
        return "into" if self.where.startswith("merged") else "successor"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRenamed:
    """A place has another name from that day on; its code stays."""

    where: str
    place: str
    name: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMerged:
    """Places are no more from that day on; they belong to another, or a new one (撤县设区 too, which changes the code)."""

    where: str
    places: tuple[str, ...]
    into: str | NewPlace
    on: date


ChangeEntry = Renamed | Ended | PlaceRenamed | PlaceMerged


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFile:
    """What a file orders, and by which document; `replaces` is the number of an earlier change that it takes the place of."""

    basis: str
    entries: tuple[ChangeEntry, ...]
    replaces: int = 0


@dataclass(frozen=True, slots=True)
class AgencyChange(Publication):
    """A change of agencies as it was adopted on this site."""

    @classmethod
    def of(cls, file: Publication) -> AgencyChange:
        """A change as the books keep it: one file among those that were published."""
        return cls(file.number, file.file, file.text, file.by, file.reason, file.at)

    @property
    def content(self) -> ChangeFile:
        """What it orders."""
        return read_change(self.text, file=self.file)


def standing(changes: Iterable[AgencyChange]) -> tuple[AgencyChange, ...]:
    """The changes that hold, by number: without those that a later one replaces."""
    ordered = sorted(changes, key=lambda each: each.number)
    replaced = {each.content.replaces for each in ordered}
    return tuple(each for each in ordered if each.number not in replaced)


def same_as(change: AgencyChange, held: Iterable[AgencyChange]) -> AgencyChange | None:
    """The change in force that orders the same by the same document."""
    return next((each for each in standing(held) if each.content == change.content), None)


@cache
def read_change(text: str, *, file: str = "") -> ChangeFile:
    """Read the text of a change; InputError with all that is wrong with it by itself, each by file and field."""
    content = table_in(text, file=file)
    problems: list[Problem] = []
    top = Table(content, "", file, problems, _TOP)
    basis, replaces = top.text("basis", required=True), content.get("replaces", 0)
    if type(replaces) is not int or replaces < 0 or ("replaces" in content and not replaces):
        top.wrong("replaces", f"应为变动的编号，不是 {replaces!r}", "写作 replaces = 1；见 mingjian agencies")
        replaces = 0
    readers: tuple[tuple[str, tuple[str, ...], Callable[[Table], ChangeEntry | None]], ...] = (
        ("renamed", ("body", "name", "from", "office"), _renamed),
        ("merged", ("bodies", "into", "from", "across"), _merged),
        ("abolished", ("body", "successor", "from", "across"), _abolished),
        ("place_renamed", ("place", "name", "from"), _place_renamed),
        ("place_merged", ("places", "into", "from"), _place_merged),
    )
    entries = [
        entry
        for key, fields, read in readers
        for table in top.tables(key, fields)
        if (entry := read(table)) is not None
    ]
    if not entries and not problems and not replaces:
        top.wrong("", "没有写明任何变动", "样例：mingjian agencies adopt --template")
    if problems:
        raise InputError(problems)
    return ChangeFile(basis=basis, entries=tuple(entries), replaces=replaces)


def _from(table: Table) -> date | None:
    on = table.day("from")
    if on is not None and not _EARLIEST <= on <= _LATEST:
        table.wrong("from", f"{on} 不在 {_EARLIEST} 至 {_LATEST} 之间", "核对生效日期")
        return None
    return on


def _renamed(table: Table) -> Renamed | None:
    body, name, on = table.text("body", required=True), table.text("name", required=True), _from(table)
    office = table.text("office")
    if not (body and name and on):
        return None
    return Renamed(where=table.where, body=body, name=name, on=on, office=office)


def _merged(table: Table) -> Ended | None:
    bodies, on = table.texts("bodies"), _from(table)
    if not bodies and not any(each.field == f"{table.where}.bodies" for each in table.problems):
        table.wrong("bodies", "没有写明合并哪些单位", '写作 bodies = ["甲局", "乙局"]')
    is_new = isinstance(table.content.get("into"), dict)
    heir = _new_body(table, "into", on) if is_new else table.text("into", required=True)
    across = table.flag("across")
    if not (bodies and heir and on):
        return None
    return Ended(where=table.where, bodies=bodies, heir=heir, on=on, across=across)


def _abolished(table: Table) -> Ended | None:
    body, on = table.text("body", required=True), _from(table)
    heir: str | NewBody | None
    if isinstance(table.content.get("successor"), dict):
        heir = _new_body(table, "successor", on)
    elif "successor" in table.content:
        heir = table.text("successor", required=True)
    else:
        heir = ""
        table.wrong("successor", "没有写明由谁继续行使其职权", f'写单位；确实没有的写 successor = "{NOBODY}"')
    across = table.flag("across")
    if not (body and heir and on):
        return None
    heir = None if heir == NOBODY else heir
    return Ended(where=table.where, bodies=(body,), heir=heir, on=on, across=across)


def _place_renamed(table: Table) -> PlaceRenamed | None:
    place, name, on = table.text("place", required=True), table.text("name", required=True), _from(table)
    return PlaceRenamed(where=table.where, place=place, name=name, on=on) if place and name and on else None


def _place_merged(table: Table) -> PlaceMerged | None:
    places, on = table.texts("places"), _from(table)
    if not places and not any(each.field == f"{table.where}.places" for each in table.problems):
        table.wrong("places", "没有写明合并哪些地方", '写作 places = ["甲县"]')
    into: str | NewPlace
    if isinstance(table.content.get("into"), dict):
        inner = table.table("into", ("code", "name", "parent"))
        into = NewPlace(
            code=inner.code("code"), name=inner.text("name", required=True), parent=inner.text("parent")
        )
    else:
        into = table.text("into", required=True)
    if not (places and into and on):
        return None
    return PlaceMerged(where=table.where, places=places, into=into, on=on)


def _new_body(table: Table, key: str, on: date | None) -> NewBody | None:
    """A new body. Its code is made of place, kind and day unless given: codes are never given twice."""
    inner = table.table(key, ("name", "kind", "place", "code", "office", "superior"))
    name, kind, place = inner.text("name", required=True), inner.term("kind", BodyKind), inner.text("place")
    if kind is None and not inner.text("kind"):
        inner.wrong("kind", "缺少这一项", f"可用：{'、'.join(BodyKind)}")
    if not PLACE_CODE.fullmatch(place):
        inner.wrong("place", "所在地应写行政区划码", "写六位数字，如 350400")
        return None
    code = inner.text("code")
    if code and not BODY_CODE.fullmatch(code):
        inner.wrong("code", f"“{code}”不是单位代码", "写作 350481-forestry：行政区划码、连字符、小写字母")
    if not (name and kind and on):
        return None
    return NewBody(
        code=code or f"{body_code(place, kind)}-{on:%Y%m%d}",
        name=name,
        kind=kind,
        place=place,
        office=inner.text("office"),
        superior=inner.text("superior"),
    )


def as_written(entry: ChangeEntry) -> dict[str, Any]:
    """An entry as one JSON object."""
    heir = getattr(entry, "heir", None) or getattr(entry, "into", None)
    what = {"entry": entry.where, "from": entry.on.isoformat()}
    match entry:
        case Renamed():
            return what | {"body": entry.body, "name": entry.name}
        case Ended():
            return what | {"bodies": list(entry.bodies), "successor": getattr(heir, "name", heir)}
        case PlaceRenamed():
            return what | {"place": entry.place, "name": entry.name}
        case _:
            return what | {"places": list(entry.places), "into": getattr(heir, "name", heir)}


def in_words(entry: ChangeEntry) -> str:
    """An entry as staff say it."""
    match entry:
        case Renamed():
            what = f"{entry.body}改称{entry.name}"
        case Ended(heir=None):
            what = f"{'、'.join(entry.bodies)}撤销，没有承继单位"
        case Ended():
            heir = entry.heir.name if isinstance(entry.heir, NewBody) else entry.heir
            together = "合并" if len(entry.bodies) > 1 else "撤并"
            what = f"{'、'.join(entry.bodies)}{together}，由{heir}承继"
        case PlaceRenamed():
            what = f"{entry.place}改称{entry.name}"
        case _:
            into = (
                f"{entry.into.name}（{entry.into.code}）" if isinstance(entry.into, NewPlace) else entry.into
            )
            what = f"{'、'.join(entry.places)}并入{into}"
    return f"{what}，自{entry.on}起"
