"""Reads a jurisdiction file (`models/jurisdictions/*.toml`) and the bodies given inline in a case file.

Everything wrong is found in one reading and told at once, each problem with its file and field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from models.bodies import (
    Body,
    Cooperation,
    FormerPlace,
    Jurisdiction,
    Place,
    body_code,
    free_body,
    level_fits,
    level_of,
)
from models.dates import EventDate
from models.errors import InputError, Problem
from models.rules import rule
from models.terms import BodyKind, Level, Mechanism
from models.toml_tables import BODY_CODE, PLACE_CODE, Table, table_in
from models.wire import LocalPeriod

FOLDER = Path(__file__).parent / "jurisdictions"

_REQUIRED = (BodyKind.PROCURATORATE, BodyKind.NATURAL_RESOURCES, BodyKind.COURT)
_INLINE = ("name", "kind", "level", "place", "superior")
_UNITS = ("working_days", "days", "months")


def only_file() -> Path:
    """The one jurisdiction file of the package; InputError if there is none, or a choice."""
    found = sorted(FOLDER.glob("*.toml"))
    if len(found) != 1:
        raise InputError(
            Problem(
                f"辖区文件应有一个，现有 {len(found)} 个：{'、'.join(path.name for path in found) or '无'}",
                remedy="在设置里写明用哪一个辖区文件",
                file=str(FOLDER),
            )
        )
    return found[0]


def read(path: Path) -> Jurisdiction:
    """Read a jurisdiction file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            Problem(f"读不了辖区文件：{error}", remedy="核对路径；文件应为 UTF-8 文本", file=str(path))
        ) from None
    return parse(text, file=path.name)


def parse(text: str, *, file: str = "") -> Jurisdiction:
    """Read the text of a jurisdiction file."""
    content = table_in(text, file=file)
    problems: list[Problem] = []
    top = Table(content, "", file, problems, ("jurisdiction", "place", "body"))
    head = top.table("jurisdiction", ("code", "name", "copies"))
    own_code, own_name = head.code("code"), head.text("name", required=True)
    copies = head.texts("copies")
    places: dict[str, Place] = {}
    bodies: dict[str, Body] = {}
    for table in top.tables("place", ("code", "name", "parent", "former", "bodies", "cooperation")):
        place = _place(table, places)
        if place is not None:
            _bodies_of(place, table, bodies)
    for table in top.tables("body", ("code", "kind", "place", *_BODY_FIELDS)):
        _further_body(table, places, bodies)
    _check_whole(own_code, top, places, bodies)
    if problems:
        raise InputError(problems)
    return Jurisdiction(code=own_code, name=own_name, places=places, bodies=bodies, copies=copies, file=file)


def read_body(
    jurisdiction: Jurisdiction, given: Mapping[str, Any], *, file: str = "", field: str = ""
) -> Body:
    """One body as a case file gives it: a known one, or one made of what is given."""
    problems: list[Problem] = []
    table = Table(given, field, file, problems, _INLINE)
    name = table.text("name", required=True)
    kind, level = table.term("kind", BodyKind), table.term("level", Level)
    place, superior = table.text("place"), table.text("superior")
    if place:
        try:
            place = jurisdiction.place(place).code
        except InputError:
            if not PLACE_CODE.fullmatch(place) or jurisdiction.contains(place):
                table.wrong("place", f"不认识“{place}”这个地方", "辖区以外的写六位行政区划码，如 350524")
                place = ""
    above = jurisdiction.find(superior)
    if superior and above is None:
        table.wrong("superior", f"没有“{superior}”这个单位", "写辖区文件里有的单位，或者略去")
    if place and level and not level_fits(level, place):
        table.wrong("level", f"“{level.label}”与所在地 {place}（{level_of(place).label}）不符", "更正其一")
    known = jurisdiction.find(name)
    if known is None and (gone := jurisdiction.gone(name)) is not None:
        table.wrong("name", gone.what, gone.remedy)
    if known is not None:
        for key, mine, theirs in (("kind", kind, known.kind), ("level", level, known.level)):
            if mine is not None and mine is not theirs:
                table.wrong(key, f"与辖区文件里的{known.name}不符", "略去此字段，或者更正")
        if place and place != known.place:
            table.wrong("place", f"与辖区文件里的{known.name}不符（{known.place}）", "略去此字段，或者更正")
    if problems:
        raise InputError(problems)
    if known is not None:
        return known
    return replace(free_body(name, kind=kind, level=level, place=place), superior=above.code if above else "")


_BODY_FIELDS = ("name", "office", "former_names", "superior", "to_confirm")


def _place(table: Table, places: dict[str, Place]) -> Place | None:
    code, name, parent = table.code("code"), table.text("name", required=True), table.text("parent")
    former = tuple(
        FormerPlace(code=each.code("code"), name=each.text("name", required=True))
        for each in table.tables("former", ("code", "name"))
    )
    text = _cooperation(code, table) if "cooperation" in table.content else None
    if code in places:
        table.wrong("code", f"{code} 写了两次", "一个地方一节")
        return None
    places[code] = Place(code=code, name=name, parent=parent, former=former, cooperation=text)
    return places[code]


def _cooperation(place: str, outer: Table) -> Cooperation | None:
    known_fields = ("title", "number", "published_on", "mechanisms", "extra", "changed", "source")
    table = outer.table("cooperation", known_fields)
    known = (table.as_term("mechanisms", each, Mechanism) for each in table.texts("mechanisms"))
    mechanisms = tuple(each for each in known if each is not None)
    if not mechanisms:
        table.wrong("mechanisms", "没有写明有哪些机制", f"可用：{'、'.join(Mechanism)}")
    changed = []
    for each in table.tables("changed", ("rule", "amount", "unit", "basis")):
        key, amount, unit = each.text("rule", required=True), each.content.get("amount"), each.text("unit")
        _check_changeable(each, key)
        if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount <= 366:
            each.wrong("amount", f"应为 1 到 366 的整数，不是 {amount!r}", "更正")
            amount = 1
        if unit not in _UNITS:
            each.wrong("unit", f"不认识“{unit}”", f"可用：{'、'.join(_UNITS)}")
        basis = each.text("basis", required=True)
        if unit in _UNITS:
            fields = {"rule": key, "amount": amount, "unit": unit, "basis": basis}
            changed.append(LocalPeriod.model_validate(fields))
    published = table.content.get("published_on", "")
    try:
        published_on = EventDate.on(published) if type(published) is date else EventDate.parse(str(published))
    except InputError as error:
        table.wrong("published_on", error.problems[0].what, error.problems[0].remedy)
        return None
    return Cooperation(
        place=place,
        title=table.text("title", required=True),
        number=table.text("number"),
        published_on=published_on,
        mechanisms=mechanisms,
        extra=table.texts("extra"),
        changed=tuple(changed),
        source=table.text("source"),
    )


def _check_changeable(table: Table, key: str) -> None:
    """A text of the cooperation may set its own periods otherwise, and the local ones; none that national law states."""
    if not key:
        return
    try:
        known = rule(key)
    except InputError as error:
        table.wrong("rule", error.problems[0].what, error.problems[0].remedy)
        return
    if known.stated_by == "law":
        table.wrong("rule", f"“{key}”由{known.basis}规定，协作文本不能改变", "删去这一项")


def _bodies_of(place: Place, outer: Table, bodies: dict[str, Body]) -> None:
    table = outer.table("bodies", list(BodyKind))
    for key, value in table.content.items():
        if key not in list(BodyKind):
            continue
        kind = BodyKind(key)
        if isinstance(value, str):
            value = {"name": value}
        if not isinstance(value, dict):
            table.wrong(key, f"应为单位名称，不是 {value!r}", '写作 court = "××人民法院"')
            continue
        inner = Table(value, f"{table.where}.{key}", table.file, table.problems, _BODY_FIELDS)
        level = Level.TOWNSHIP if kind is BodyKind.TOWNSHIP else place.level
        code = body_code(place.code, kind)
        bodies[code] = _body(inner, code, kind, level, place.code)


def _further_body(table: Table, places: Mapping[str, Place], bodies: dict[str, Body]) -> None:
    code, kind, place = table.text("code", required=True), table.term("kind", BodyKind), table.code("place")
    if code and not BODY_CODE.fullmatch(code):
        table.wrong("code", f"“{code}”不是单位代码", "写作 350481-forestry：行政区划码、连字符、小写字母")
    if code in bodies:
        table.wrong("code", f"{code} 已是{bodies[code].name}的代码", "换一个代码")
    if place and place not in places:
        table.wrong("place", f"本文件里没有 {place} 这个地方", "先写它的 [[place]]")
    if kind is None:
        if not table.text("kind"):
            table.wrong("kind", "缺少这一项", f"可用：{'、'.join(BodyKind)}")
        return
    level = Level.TOWNSHIP if kind in (BodyKind.TOWNSHIP, BodyKind.VILLAGE) else level_of(place)
    bodies.setdefault(code, _body(table, code, kind, level, place))


def _body(table: Table, code: str, kind: BodyKind, level: Level, place: str) -> Body:
    return Body(
        code=code,
        name=table.text("name", required=True),
        kind=kind,
        level=level,
        place=place,
        superior=table.text("superior"),
        office=table.text("office"),
        former_names=table.texts("former_names"),
        to_confirm=table.flag("to_confirm"),
    )


def _check_whole(own: str, top: Table, places: dict[str, Place], bodies: dict[str, Body]) -> None:
    """What can only be seen when all is read: parents, superiors, names taken twice, what is missing."""
    if own and own not in places:
        top.wrong("jurisdiction.code", f"没有 {own} 这个地方的 [[place]]", "补上")
    elif own and places[own].cooperation is None:
        top.wrong(f"place[{own}].cooperation", "没有本市协作意见的文本", "补上 [place.cooperation]")
    for place in places.values():
        if place.parent and place.parent not in places:
            top.wrong(f"place[{place.code}].parent", f"没有 {place.parent} 这个地方", "补上，或者更正")
            continue
        if place.parent and places[place.parent].level.rank >= place.level.rank:
            top.wrong(f"place[{place.code}].parent", f"{place.parent} 不高于 {place.code}", "更正其一")
        if own in (place.code, place.parent):
            for kind in _REQUIRED:
                if body_code(place.code, kind) not in bodies:
                    top.wrong(f"place[{place.code}].bodies.{kind}", f"缺少{place.name}的{kind.label}", "补上")
    taken: dict[str, str] = {}
    for code, body in bodies.items():
        if body.name and taken.setdefault(body.name, code) != code:
            top.wrong(f"bodies[{code}].name", f"“{body.name}”已是 {taken[body.name]} 的名称", "更正其一")
        if body.superior and body.superior not in bodies:
            top.wrong(f"bodies[{code}].superior", f"没有 {body.superior} 这个单位", "补上，或者更正")
        parent = places[body.place].parent if body.place in places else ""
        above = body_code(parent, body.kind)
        if not body.superior and above in bodies:
            bodies[code] = replace(body, superior=above)
