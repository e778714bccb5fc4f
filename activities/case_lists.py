"""The lists of cases: which cases a filter means, in which order, page by page, read from the registry's rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import JSON, ColumnElement, FromClause, func, literal, or_, select

from activities.database import Database
from models.case_marks import CaseMarks
from models.rows import CaseRow
from models.tables import Kept
from models.terms import Relation

_cases, _letters, _links, _worklist = (
    Kept.metadata.tables[name] for name in ("cases", "letters", "links", "worklist")
)
# So many rows are fetched at a time.
_PORTION = 500

Order = Literal["due", "opened", "case"]
_ORDERS: dict[Order, tuple[ColumnElement[Any], ...]] = {
    # Of cases due on one day the focus of article 1 comes first.
    "due": (_cases.c.next_due_on.asc().nulls_last(), _cases.c.is_focus.desc(), _cases.c.case),
    "opened": (_cases.c.opened_on.desc(), _cases.c.case),
    "case": (_cases.c.case,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter(CaseMarks):
    """Which cases a list shows: those that meet all of what is given.

    `due_by` is the last day of the span in question (today and so many days), and so includes what has fallen
    due unmet; `expired_before` means a period whose last day lies before that one, unmet, and that leaves something undone;
    `look_back_by` a look-back planned for that day or earlier, and not done; `stages` any of them. `agency` has the names and
    codes of one recipient. `campaign` is the number of a campaign, `attached` the cases that it says are its own.
    Codes and values are those of the rows.
    """

    due_by: date | None = None
    expired_before: date | None = None
    look_back_by: date | None = None
    county: str = ""
    kind: str = ""
    stages: tuple[str, ...] = ()
    handler: str = ""
    agency: tuple[str, ...] = ()
    campaign: str = ""
    attached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of a list, and how many cases there are in all."""

    rows: tuple[CaseRow, ...]
    total: int


class CaseLists:
    """The cases as rows, by filter. Every method raises Unreachable when the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cases(
        self,
        wanted: CaseFilter = CaseFilter(),
        *,
        order: Order = "due",
        limit: int = 50,
        offset: int = 0,
    ) -> CasePage:
        """One page of the cases that meet a filter.

        `order`: by next due day (none last), by day of opening (latest first), or by id.
        """
        which = self._conditions(wanted)
        count = select(func.count()).select_from(_cases).where(*which)
        # Ids first: they are read off an index, so that of the rows only those of the page are.
        names = select(_cases.c.case).where(*which).order_by(*_ORDERS[order]).limit(limit).offset(offset)
        page = select(_cases).where(_cases.c.case.in_(names)).order_by(*_ORDERS[order])
        with self._database.reading() as session:
            connection = session.connection()
            total = connection.execute(count).scalar_one()
            rows = tuple(case_row(row) for row in connection.execute(page).mappings())
        return CasePage(rows, total)

    def every(
        self, wanted: CaseFilter, *, order: Order = "due", limit: int | None = None, offset: int = 0
    ) -> Iterator[CaseRow]:
        """The cases that meet a filter, one by one as they are read, all at one moment."""
        asked = (
            select(_cases)
            .where(*self._conditions(wanted))
            .order_by(*_ORDERS[order])
            .limit(limit)
            .offset(offset)
            .execution_options(yield_per=_PORTION)
        )
        with self._database.reading() as session:
            for row in session.connection().execute(asked).mappings():
                yield case_row(row)

    def _conditions(self, wanted: CaseFilter) -> list[ColumnElement[bool]]:
        which = conditions(wanted)
        if wanted.campaign:
            which.append(
                or_(_is_child_of(wanted.campaign), _cases.c.case.in_(select(self._listed(wanted.attached))))
            )
        return which

    def _listed(self, values: tuple[str, ...]) -> ColumnElement[str]:
        """Many values as the rows of a table, in one parameter: databases bound how many there may be."""
        listed = literal(list(values), JSON)
        if self._database.is_postgresql:
            return func.json_array_elements_text(listed).column_valued("listed")
        return func.json_each(listed).table_valued("value").c.value


def case_row(row: Any) -> CaseRow:
    """The row of a case as the registry has it."""
    return CaseRow.model_construct(**{name: row[name] for name in CaseRow.model_fields})


def conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """What the rows of `cases` must meet; of a campaign only a list knows."""
    which: list[ColumnElement[bool]] = [
        _cases.c[name] == value for name in ("county", "kind", "handler") if (value := getattr(wanted, name))
    ]
    flags: tuple[tuple[bool, ColumnElement[bool]], ...] = (
        (wanted.focus, _cases.c.is_focus),
        (wanted.overdue, _cases.c.is_overdue),
        (wanted.provisional, _cases.c.is_provisional),
        (wanted.unserved, _has(_worklist, _worklist.c.what == "unserved")),
        (wanted.unassessed, _has(_worklist, _worklist.c.what == "unassessed")),
        (wanted.pending, _has(_worklist, _worklist.c.what == "pending", _worklist.c.on_desk)),
        (wanted.unmatched, _has(_worklist, _worklist.c.what == "unmatched")),
        (wanted.open_only, _cases.c.closed_on.is_(None)),
    )
    which += [condition for holds, condition in flags if holds]
    if wanted.stages:
        which.append(_cases.c.stage.in_(wanted.stages))
    if wanted.due_by is not None:
        which.append(_cases.c.next_due_on <= wanted.due_by)
    if wanted.expired_before is not None:
        which.append(_has(_worklist, _worklist.c.what == "expiry", _worklist.c.day < wanted.expired_before))
    if wanted.look_back_by is not None:
        which.append(_has(_worklist, _worklist.c.what == "look_back", _worklist.c.day <= wanted.look_back_by))
    if wanted.agency:
        to = or_(_letters.c.recipient_code.in_(wanted.agency), _letters.c.recipient.in_(wanted.agency))
        which.append(_has(_letters, to))
    return which


def _has(table: FromClause, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a case has such a row: the rows are gone through once, and not again for each case."""
    return _cases.c.case.in_(select(table.c.case).where(*which))


def _is_child_of(campaign: str) -> ColumnElement[bool]:
    """Whether a case says itself that it belongs to a campaign: it was opened under it."""
    return _has(_links, _links.c.other == campaign, _links.c.relation == Relation.PARENT.value)
