"""A recorded course of an urging case that was entered after the fact, with what had happened to it until then."""

from __future__ import annotations

from datetime import date

from models.dates import EventDate, at_hour
from models.decisions import ApproveLetter, AssessReply, IssueLetter
from models.document_types import DocumentType
from models.facts import FiledUpward, Happened, LetterServed, ReplyReceived
from models.terms import Stance, Substance
from tests.openings import BUREAU, CHIEF, CLERK, DRAFTER, OBJECTION, TOWN, draft, opening
from tests.pure_desk import PureDesk

CASE = "urging-350421-2021-9949"
_SERVED = EventDate.on(date(2021, 9, 24))


def entered() -> PureDesk:
    """Two letters of former days: one known to the month, answered and weighed, the other long overdue. Entered, renewed,
    corrected; urged, answered, closed.
    """
    drafts = (
        draft(DocumentType.SUGGESTION, BUREAU, id=f"{CASE}-draft-1"),
        draft(DocumentType.SUGGESTION, TOWN, id=f"{CASE}-draft-2", objection_within=OBJECTION),
    )
    backlog = (
        Happened(id="b1", by=CLERK, on=EventDate.parse("2021-09"), event="立案", note="台账只载明2021-09"),
        ApproveLetter(id="b2", by=CHIEF, document="D1"),
        IssueLetter(
            id="b3",
            by=CHIEF,
            document="D1",
            known_on=EventDate.parse("2021-09"),
            official_no="明检建〔2021〕1号",
        ),
        LetterServed(id="b4", by=CLERK, on=_SERVED, letter="L1"),
        ApproveLetter(id="b5", by=CHIEF, document="D2", on=date(2021, 9, 22)),
        IssueLetter(id="b6", by=CHIEF, document="D2", on=date(2021, 9, 22), official_no="明检建〔2021〕2号"),
        LetterServed(id="b7", by=CLERK, on=_SERVED, letter="L2"),
        FiledUpward(id="b8", by=CLERK, on=EventDate.on(date(2021, 9, 27)), letter="L2"),
        ReplyReceived(id="b9", by=CLERK, on=EventDate.parse("2021-11"), letter="L1", stance=Stance.ADOPTED),
        AssessReply(id="b10", by=DRAFTER, letter="L1", substance=Substance.PUT_RIGHT),
    )
    opened = opening(*drafts, case=CASE, backlog=backlog, edition="2026")
    desk = PureDesk(opened, now=at_hour(date(2022, 1, 4), 9))
    desk.carried()
    desk.on("2022-01-05").correct("b9", "2021-11-20")
    desk.decide("urge", by=DRAFTER, letter="L2")
    desk.on("2022-01-20").record("reply_received", "2022-01-18", letter="L2", stance=Stance.ADOPTED)
    desk.decide("assess_reply", letter="L2", substance=Substance.PUT_RIGHT)
    desk.decide("close_case", outcome="rectified", reason="已整改到位", known_on="2022-01")
    return desk
