"""The walls between desks, where a reach becomes a where-clause: views that stand, on one connection, before the tables of their
names.

Whoever reads on such a connection, by whichever question, finds nothing that is out of reach; so no reader can forget it, and
none has to be told. Nothing here imports a library: the completion of the shell reads within the same walls, at once.

The index of pairs of characters (`search_grams`) has none: it holds no word of a case, and what it leads to is read within them.
"""

from __future__ import annotations

from collections.abc import Iterable

from models.reach import Reach, stem

BELOW_CASES = (
    "letters",
    "deadlines",
    "items",
    "meetings",
    "links",
    "papers",
    "facts",
    "search_texts",
    "worklist",
)
"""Tables whose rows are of a case that the registry has."""
OF_CASES = ("intake", "seals", "repairs")
"""Books that name a case. What belongs to none, or to one that nobody knows, is the city's."""
_BOOKS = ("numbers", "incoming", "official_numbers", "deliveries")
WALLED = ("cases", *BELOW_CASES, *OF_CASES, *_BOOKS)
"""Every table with something of a case in it, except the pairs of characters and the ids that a rebuild kept."""


def walls(reach: Reach, *, postgresql: bool) -> tuple[str, ...]:
    """The statements that put them up; none where nothing is out of reach."""
    if reach.is_whole:
        return ()
    # In this order: PostgreSQL binds a name when the view is made, and the later ones ask the earlier.
    conditions = {
        "cases": _is_within(reach),
        **{table: _of_case('walled."case"') for table in (*BELOW_CASES, *OF_CASES)},
        "incoming": _of_case('walled."case"'),
        "numbers": _number(postgresql=postgresql),
        "official_numbers": _of_case(_before_slash("walled.owner_key", postgresql=postgresql)),
        "deliveries": _delivery(postgresql=postgresql),
    }
    return tuple(
        f'CREATE TEMPORARY VIEW "{table}" AS SELECT * FROM {_real(table, postgresql)} AS walled WHERE {which}'
        for table, which in conditions.items()
    )


def _is_within(reach: Reach) -> str:
    which = [
        _any_of(
            f"substr(walled.county, 1, {len(stem(place))}) = {_text(stem(place))}"
            if stem(place) != place
            else f"walled.county = {_text(place)}"
            for place in reach.counties
        )
    ]
    if not reach.has_all_levels:
        which.append(f"walled.level IN ({', '.join(_text(level.value) for level in reach.levels)})")
    return " AND ".join(filter(None, which))


def _of_case(case: str) -> str:
    """Whether a case is one that can be seen: `cases` is the view here."""
    return f'EXISTS (SELECT 1 FROM cases AS seen WHERE seen."case" = {case})'


def _number(*, postgresql: bool) -> str:
    """A number names its case in one of three ways, as its book does; the county alone would tell of every level."""
    number = (
        "lpad(walled.number::text, greatest(4, length(walled.number::text)), '0')"
        if postgresql
        else "printf('%04d', walled.number)"
    )
    id = f"walled.kind || '-' || walled.county || '-' || walled.year || '-' || {number}"
    return _any_of(
        (
            f"walled.book = 'paper' AND {_of_case(_before_slash('walled.key', postgresql=postgresql))}",
            f"walled.book = 'case' AND {_of_case(id)}",
            "walled.book = 'incoming' AND EXISTS (SELECT 1 FROM incoming AS entered WHERE entered.key = walled.key)",
        )
    )


def _delivery(*, postgresql: bool) -> str:
    """A mail of a case; or a digest of which every mail is of one that can be seen."""
    carried = f"SELECT carried.within FROM {_real('deliveries', postgresql)} AS carried WHERE carried.within <> '' AND"
    seen = _of_case('carried."case"')
    return _any_of(
        (
            _of_case('walled."case"'),
            f"walled.\"case\" = '' AND walled.key IN ({carried} {seen}) AND walled.key NOT IN ({carried} NOT {seen})",
        )
    )


def _before_slash(column: str, *, postgresql: bool) -> str:
    """The case that a natural key begins with."""
    return f"split_part({column}, '/', 1)" if postgresql else f"substr({column}, 1, instr({column}, '/') - 1)"


def _real(table: str, postgresql: bool) -> str:
    """The table behind the view of its name: PostgreSQL binds a name when the view is made, SQLite whenever it is read."""
    return f'"{table}"' if postgresql else f'main."{table}"'


def _any_of(conditions: Iterable[str]) -> str:
    found = [f"({each})" for each in conditions]
    return f"({' OR '.join(found)})" if found else ""


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
