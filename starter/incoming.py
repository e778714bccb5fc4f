"""收文号 for what comes in: each paper that the script records is entered in the register, once for its case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from activities.incoming_papers import Entered, Incoming
from models.bags import PaperRef
from models.dates import day_in_china
from models.facts import FROM_RECIPIENT, Fact
from starter.kinds import FACT_NAMES
from starter.office import Office

_GIST = ("summary", "event", "grounds", "what", "note")


def enter_papers(
    office: Office,
    case: str,
    fact: Fact,
    papers: Sequence[PaperRef],
    *,
    sender: str = "",
    message_id: str = "",
) -> list[Entered]:
    """Enter the papers of a fact; before it is recorded, so that none in a case is without its number."""
    if not papers:
        return []
    received_on = getattr(fact, "received_on", None) or day_in_china(datetime.now(UTC))
    gist = next((text for name in _GIST if isinstance(text := getattr(fact, name, ""), str) and text), "")
    name = FACT_NAMES.get(fact.kind, fact.kind)
    return [
        office.incoming.enter(
            Incoming(
                case=case,
                digest=paper.digest,
                name=paper.name,
                received_on=received_on,
                sender=sender or _sender(office, case, fact),
                kind=fact.kind,
                what=f"{name}：{gist}" if gist else name,
                official_no=getattr(fact, "official_no", ""),
                message_id=message_id,
                entered_by=fact.by.name,
            )
        )
        for paper in papers
    ]


def _sender(office: Office, case: str, fact: Fact) -> str:
    """Whom a fact names as the one it comes from, else the recipient of the letter that it is about; perhaps nobody."""
    if stated := getattr(fact, "actor", "") or fact.by.body:
        return str(stated)
    if fact.kind not in FROM_RECIPIENT:
        return ""
    snapshot = office.registry.snapshot(case)
    reference = getattr(fact, "letter", "")
    named = {
        each.recipient
        for each in (snapshot.letters if snapshot else ())
        if each.issued_on is not None
        and (
            not reference
            or reference
            in (each.letter, each.document, each.official_no, each.recipient, each.recipient_code)
        )
    }
    return named.pop() if len(named) == 1 else ""
