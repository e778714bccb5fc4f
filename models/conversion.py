"""What one case does to others: opens them (转办、移送、另立、分案), taking its record along, and tells them of itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.casefile import CaseFile
from models.facts import Fact, Happened
from models.links import US, Telling
from models.messages import Link, Opening
from models.numbering import CaseId
from models.said.bases import FactBase, fitted
from models.said.links import OpenLinked
from models.wire import Recipient, Wire

_MOST_BROUGHT = 300
"""Facts that a new case takes over at most, the latest: the rest is found in the case they come from."""


class OpeningOrder(Wire):
    """Open a case under the next number; `order` is the natural key in `case`, which asks for it."""

    order: str
    case: str
    opening: Opening


def openings(case: CaseFile) -> Iterator[OpeningOrder]:
    """The cases that are to be opened from this one, and have not been yet."""
    for id, (decision, on) in case.links.to_open.items():
        order = f"open/{id}"
        if order not in case.links.done:
            yield OpeningOrder(order=order, case=case.opening.case, opening=opening_from(case, decision, on))


def tellings(case: CaseFile) -> Iterator[Telling]:
    """What other cases are to be told, and have not been yet."""
    closing = case.closing
    first = [*case.links.tellings(closing.on if closing else None, closing.outcome if closing else None)]
    yield from first
    # One thing after another: a case hears of a tie before it hears what comes of it.
    yield from (each for each in case.own_tellings() if all(each.to != other.to for other in first))


def opening_from(case: CaseFile, decision: OpenLinked, on: date) -> Opening:
    """How the other case is opened; what the decision leaves open is as in this case. Its number is given by the books."""
    base = case.opening
    county = decision.county or base.county
    moved = county != base.county
    return Opening(
        case=str(CaseId(decision.into, county, on.year, 0)),
        kind=decision.into,
        title=decision.title or base.title,
        county=county,
        county_name="" if moved else base.county_name,
        procuratorate=Recipient(name=decision.procuratorate)
        if decision.procuratorate
        else base.procuratorate,
        matter=decision.matter or base.matter,
        matter_reason=base.matter_reason,
        clue=base.clue,
        opened_on=on,
        handler=decision.handler or case.handler,
        liaison="" if moved else base.liaison,
        place=base.place,
        parties=base.parties,
        area_m2=base.area_m2,
        items=tuple(each.item for each in case.putting_right.open_items) if decision.carry else (),
        links=(Link(relation=decision.relation.counterpart, case=base.case, known=True),),
        facts=tuple(_brought(case))[-_MOST_BROUGHT:] if decision.carry else (),
        terms=case.terms_for(decision),
        local_periods=() if moved else base.local_periods,
        edition=case.edition,
        remind_agency=base.remind_agency,
        level=case.level,
        offset_seconds=base.offset_seconds,
    )


def _brought(case: CaseFile) -> Iterator[Fact]:
    """The case's facts as they stand, each with its paper, as entries of the new case's timeline."""
    for entry in case.entries:
        fact = case.standing.get(entry.message.id)
        if isinstance(fact, FactBase):
            yield Happened(
                id=fitted(f"{case.opening.case}/{fact.id}"),
                on=fact.on,
                by=US,
                event=fact.LABEL,
                actor=case.opening.case,
                note=case.taken[fact.id].what[:1000],
                paper=fact.paper,
            )
