"""期限计算说明: every deadline of a case with how it was counted, and why it falls on its day."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from models.adoptions import SiteRules
from models.calendar import Calendar
from models.casefile import CaseFile
from models.dates import EventDate
from models.deadlines import Reckoning, reckon
from models.documents import ReckonedDeadline, ReckoningNote
from models.errors import InputError
from models.explanations import explain
from models.ledgers import held_version
from models.rules import OWNERS, Rule


class Editions(Protocol):
    """Where calendar editions come from: immutable, by name."""

    def current(self) -> Calendar:
        """The edition in force now."""
        ...

    def named(self, name: str) -> Calendar:
        """An edition that was published before; InputError or Refusal for an unknown one."""
        ...

    @property
    def rules(self) -> SiteRules:
        """The rules with every version that the site has adopted."""
        ...


def reckoning_note(case: CaseFile, editions: Editions, dated: date) -> ReckoningNote:
    """Each deadline under the edition it was last counted by; raises what `editions` raises when that is not here."""
    deadlines = []
    for deadline in case.deadlines.by_key.values():
        counted = case.deadlines.counted.get(deadline.key)
        law = editions.rules.rule(deadline.rule)
        edition = editions.named(counted.edition) if counted else editions.current()
        ledger = tuple(deadline.entries)
        try:
            reckoning = reckon(law, ledger, edition, held_version(law, counted, ledger))
            sentences = explain(law, ledger, reckoning, edition)
        except InputError as error:
            reckoning, sentences = Reckoning(law.key, "not_started", edition.name), [str(error)]
        deadlines.append(
            ReckonedDeadline(
                rule=law.name,
                key=deadline.key,
                bound=deadline.party or OWNERS[law.owner],
                started_on=reckoning.started_on,
                started_by=law.starts_words,
                due_on=EventDate.on(counted.due_on) if counted and counted.due_on else None,
                provisional=reckoning.provisional,
                edition=reckoning.edition,
                basis=(_basis(law, reckoning),),
                sentences=tuple(sentences),
            )
        )
    note = ReckoningNote(
        case_number=case.opening.case,
        internal_number=case.opening.case,
        issuer=case.opening.procuratorate.name,
        dated=dated,
        case_name=case.opening.title,
        prepared_by="明鉴",
        deadlines=tuple(deadlines),
    )
    return note.model_copy(update={"draft": bool(note.gaps())})


def _basis(law: Rule, reckoning: Reckoning) -> str:
    """The article of the version that counted."""
    return law.version_from(reckoning.version).basis if reckoning.version else law.basis
