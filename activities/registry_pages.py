"""The registry read from end to end, a portion of cases at a time: what a ledger of 100,000 cases is written from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, tuple_

from activities.case_lists import CaseFilter, CaseLists
from models.numbering import CaseId, own_number
from models.tables import Kept

_cases, _letters, _deadlines, _numbers = (
    Kept.metadata.tables[name] for name in ("cases", "letters", "deadlines", "numbers")
)
_PORTION = 100


@dataclass(frozen=True, slots=True)
class Written:
    """One case as the registry has it: the rows by the names of their columns; `own` is the office's own number."""

    case: Any
    own: str
    letters: tuple[Any, ...]
    deadlines: tuple[Any, ...]


class RegistryPages(CaseLists):
    """The cases of a filter with all that a ledger says of them."""

    def read_through(self, wanted: CaseFilter) -> Iterator[Written]:
        """Every case that meets a filter, by its id, each portion in a transaction of its own, so that no writer waits for the
        end; what is projected behind the place that was reached is not seen any more.
        """
        after = ""
        page = select(_cases).where(*self._conditions(wanted)).order_by(_cases.c.case).limit(_PORTION)
        while True:
            with self._database.reading() as session:
                connection = session.connection()
                cases = connection.execute(page.where(_cases.c.case > after)).mappings().all()
                if not cases:
                    return
                after = cases[-1]["case"]
                ids = [each["case"] for each in cases]
                own = _own_numbers(connection, ids)
                letters = _by_case(connection, _letters, ids)
                deadlines = _by_case(connection, _deadlines, ids)
            for each in cases:
                id = each["case"]
                yield Written(each, own.get(id, ""), tuple(letters.get(id, ())), tuple(deadlines.get(id, ())))


def _by_case(connection: Connection, table: Any, cases: list[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    asked = select(table).where(table.c.case.in_(cases)).order_by(table.c.case, table.c.position)
    for row in connection.execute(asked).mappings():
        found[row["case"]].append(row)
    return found


def _own_numbers(connection: Connection, cases: list[str]) -> dict[str, str]:
    parts = [part for part in map(CaseId.parse, cases) if part is not None]
    series = tuple_(_numbers.c.county, _numbers.c.kind, _numbers.c.year, _numbers.c.number)
    asked = select(_numbers).where(
        _numbers.c.book == "case",
        series.in_([(part.county, part.kind.value, part.year, part.number) for part in parts]),
    )
    return {
        f"{row['kind']}-{row['county']}-{row['year']}-{row['number']:04d}": own_number(row["key"])
        for row in connection.execute(asked).mappings()
    }
