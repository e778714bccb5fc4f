"""Writing what cases are found by: the text of each, and the pairs of characters in it.

Both are derived, from a case's rows and from its 案号 in the number book, and written in the transaction that writes the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Table,
    any_,
    bindparam,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from models.numbering import CaseId, own_number
from models.rows import Snapshot
from models.searching import Line, grams, lines, searched
from models.tables import AnyText, Kept

T = TypeVar("T")

_cases, _letters, _deadlines, _items, _numbers, _texts, _grams = (
    Kept.metadata.tables[name]
    for name in ("cases", "letters", "deadlines", "items", "numbers", "search_texts", "search_grams")
)
# Cases in one portion: their pairs are entered in order, so the more, the fewer pages are touched twice.
_PORTION = 2000
_AT_ONCE = 500  # values in one question
_HELD = select(
    select(_texts.c.folded).where(_texts.c.case == bindparam("the_case")).scalar_subquery(),
    select(_numbers.c.key)
    .where(
        _numbers.c.book == "case",
        _numbers.c.county == bindparam("county"),
        _numbers.c.kind == bindparam("kind"),
        _numbers.c.year == bindparam("year"),
        _numbers.c.number == bindparam("number"),
    )
    .scalar_subquery(),
)
_WRITE = _texts.insert()
_REWRITE = update(_texts).where(_texts.c.case == bindparam("the_case")).values(folded=bindparam("folded"))
_DROP = delete(_grams).where(_grams.c.gram == bindparam("the_gram"), _grams.c.case == bindparam("the_case"))
# One that was left behind by a program that knew no index is no error.
_ADD = {
    "sqlite": sqlite.insert(_grams).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_grams).on_conflict_do_nothing(),
}


def put(connection: Connection, snapshot: Snapshot) -> None:
    """Write by what the case of a snapshot is found; nothing when that is there already."""
    case = snapshot.case.case
    held, key = connection.execute(_HELD, {"the_case": case, **_numbered(case)}).one()
    told = lines(snapshot.case, snapshot.letters, snapshot.deadlines, snapshot.items, own_number(key or ""))
    text = searched(told)
    if text == held:
        return
    if held is None:
        connection.execute(_WRITE, {"case": case, "folded": text})
    else:
        connection.execute(_REWRITE, {"the_case": case, "folded": text})
    before, after = grams(held or ""), grams(text)
    if gone := sorted(before - after):
        connection.execute(_DROP, [{"the_gram": each, "the_case": case} for each in gone])
    if new := sorted(after - before):
        connection.execute(_ADD[connection.dialect.name], [{"gram": each, "case": case} for each in new])


def forget(connection: Connection, cases: Sequence[str]) -> None:
    """Take these cases out of the index, before their rows go."""
    held = connection.execute(select(_texts.c.case, _texts.c.folded).where(_texts.c.case.in_(cases))).all()
    gone = sorted((gram, case) for case, text in held for gram in grams(text))
    if gone:
        connection.execute(_DROP, [{"the_gram": gram, "the_case": case} for gram, case in gone])
    connection.execute(delete(_texts).where(_texts.c.case.in_(cases)))


def fill(connection: Connection) -> None:
    """Write the index of all cases from their rows into empty tables, a portion of cases at a time."""
    after = ""
    while True:
        cases = connection.execute(
            select(_cases.c.case, _cases.c.title, _cases.c.place, _cases.c.county_name)
            .where(_cases.c.case > after)
            .order_by(_cases.c.case)
            .limit(_PORTION)
        ).all()
        if not cases:
            return
        after = cases[-1].case
        told = told_of(connection, cases)
        texts = {case: searched(each) for case, each in told.items()}
        connection.execute(_WRITE, [{"case": case, "folded": text} for case, text in texts.items()])
        _enter(connection, sorted((gram, case) for case, text in texts.items() for gram in grams(text)))


def _enter(connection: Connection, found: Sequence[tuple[int, str]]) -> None:
    """Many pairs at once; in one statement where each statement is a journey."""
    if connection.dialect.name == "postgresql":
        columns = (
            ([gram for gram, _ in found], ARRAY(BigInteger)),
            ([case for _, case in found], ARRAY(AnyText)),
        )
        rows = select(*(func.unnest(literal(values, kind)) for values, kind in columns))
        connection.execute(_grams.insert().from_select(["gram", "case"], rows))
    elif found:
        connection.execute(_grams.insert(), [{"gram": gram, "case": case} for gram, case in found])


def told_of(connection: Connection, cases: Sequence[Any]) -> dict[str, tuple[Line, ...]]:
    """What is searched of each of these rows of `cases`, as it was written."""
    names = [case.case for case in cases]
    letters = _below(connection, _letters, ("recipient", "copies_to", "official_no", "internal_no"), names)
    deadlines = _below(connection, _deadlines, ("party",), names)
    items = _below(connection, _items, ("owner",), names)
    own = _own_numbers(connection, names)
    return {
        name: lines(
            case, letters.get(name, ()), deadlines.get(name, ()), items.get(name, ()), own.get(name, "")
        )
        for name, case in zip(names, cases, strict=True)
    }


def _below(
    connection: Connection, table: Table, columns: Sequence[str], cases: Sequence[str]
) -> dict[str, list[Any]]:
    """The rows of one table, by case and in their order."""
    found: dict[str, list[Any]] = {}
    wanted = select(table.c.case, *(table.c[each] for each in columns)).order_by(
        table.c.case, table.c.position
    )
    for portion in portions(cases):
        for row in connection.execute(wanted.where(table.c.case.in_(portion))):
            found.setdefault(row.case, []).append(row)
    return found


def _own_numbers(connection: Connection, cases: Sequence[str]) -> dict[str, str]:
    """The 案号 of those that have one."""
    found = {}
    parsed = sorted((*each[:3], each.number) for case in cases if (each := CaseId.parse(case)) is not None)
    for (kind, county, year), members in groupby(parsed, itemgetter(0, 1, 2)):
        for portion in portions([each[3] for each in members]):
            given = select(_numbers.c.number, _numbers.c.key).where(
                _numbers.c.book == "case",
                _numbers.c.county == county,
                _numbers.c.kind == kind.value,
                _numbers.c.year == year,
                _numbers.c.number.in_(portion),
            )
            for number, key in connection.execute(given):
                found[str(CaseId(kind, county, year, number))] = own_number(key)
    return found


def among(connection: Connection, column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
    """Whether a column has one of many values, in one parameter: each by itself would cost more than the search for it."""
    if connection.dialect.name == "postgresql":
        return column == any_(literal(values, ARRAY(AnyText)))
    listed = func.json_each(literal(values, JSON)).table_valued("value")
    return column.in_(select(listed.c.value))


def portions(whole: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many as one question may have values."""
    for first in range(0, len(whole), _AT_ONCE):
        yield whole[first : first + _AT_ONCE]


def _numbered(case: str) -> dict[str, Any]:
    """Where the number book has a case; what is in it nowhere, for an id that is none."""
    parts = CaseId.parse(case)
    if parts is None:
        return {"county": "", "kind": "", "year": 0, "number": 0}
    return {
        "county": parts.county,
        "kind": parts.kind.value,
        "year": parts.year,
        "number": parts.number,
    }
