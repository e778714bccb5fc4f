"""Where two sets of rows of one case differ: table, row and column, with what one says and what the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from models.rows import Snapshot

Table = Sequence[Mapping[str, Any]]

KEYS = {
    "letters": ("letter",),
    "deadlines": ("key",),
    "items": ("item",),
    "meetings": ("meeting",),
    "links": ("other",),
    "papers": ("direction", "order"),
    "facts": ("id",),
}
"""By table below a case, what tells its rows apart."""


class Difference(NamedTuple):
    """One value; `place` is `letters[L1].state`, and a row that one side lacks has the value None there."""

    place: str
    expected: Any
    found: Any

    def __str__(self) -> str:
        return f"应为 {_shown(self.expected)}，实为 {_shown(self.found)}"


def differences(expected: Mapping[str, Table], found: Mapping[str, Table]) -> Iterator[Difference]:
    """Every difference between the tables of both, in their order; columns are those of what is expected."""
    for name, rows in expected.items():
        key = ("key",) if name == "follows" else KEYS.get(name, ())
        held = {_key(row, key): row for row in found.get(name, ())}
        for row in rows:
            other = held.pop(_key(row, key), None)
            where = f"{name}[{'/'.join(_key(row, key))}]" if key else name
            if other is None:
                yield Difference(where, "有这一行", None)
                continue
            for column, value in row.items():
                if other.get(column) != value:
                    yield Difference(f"{where}.{column}", value, other.get(column))
        for left in held:
            yield Difference(f"{name}[{'/'.join(left)}]" if key else name, None, "有这一行")
        if (
            key
            and not held
            and [_key(each, key) for each in rows] != [_key(each, key) for each in found.get(name, ())]
        ):
            yield Difference(f"{name}（次序）", *_first_apart(rows, found.get(name, ()), key))


def as_tables(snapshot: Snapshot) -> dict[str, list[dict[str, Any]]]:
    """A snapshot as tables of rows, as JSON has them."""
    told = snapshot.model_dump(mode="json")
    follows = [{"key": key, "before": list(each)} for key, each in told.pop("follows").items()]
    revision = {"revision": told.pop("revision")}
    return {"case": [told.pop("case") | revision], **told, "follows": follows}


def _first_apart(rows: Table, others: Table, key: tuple[str, ...]) -> tuple[str, str]:
    for one, other in zip_longest(rows, others):
        pair = ("/".join(_key(one or {}, key)), "/".join(_key(other or {}, key)))
        if pair[0] != pair[1]:
            return pair
    return "", ""


def _key(row: Mapping[str, Any], key: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(row.get(each, "")) for each in key)


def _shown(value: Any) -> str:
    if value is None:
        return "无"
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
