"""Public-interest cases for scenarios, brought to the place where one begins."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.cases.public_interest import PublicInterestFile
from models.said.public_interest import PublicInterestTerms
from models.terms import CaseKind, Substance
from models.wire import Recipient
from tests.openings import BUREAU, CHIEF, DRAFTER, HEAD, TEXT, opening
from tests.pure_desk import PureDesk

Desk = PureDesk[PublicInterestFile]


def registered(*agencies: Recipient, **changes: Any) -> Desk:
    """A clue of farmland covered with rubble, registered on Monday 8 January 2024."""
    names = tuple(each.name for each in agencies or (BUREAU,))
    terms: dict[str, Any] = {"agencies": names, "harm": "基本农田被建筑垃圾覆盖"}
    fields: dict[str, Any] = {
        "case": "public_interest-350421-2024-0001",
        "kind": CaseKind.PUBLIC_INTEREST,
        "title": "建筑垃圾毁坏耕地公益诉讼案",
        "opened_on": date(2024, 1, 8),
        "terms": PublicInterestTerms(**(terms | changes.pop("terms", {}))),
    }
    return PureDesk(opening(**(fields | changes)))


def filed(*agencies: Recipient, **changes: Any) -> Desk:
    """Filed on 15 January 2024."""
    desk = registered(*agencies, **changes).on("2024-01-15")
    desk.decide("file_case")
    return desk


def sent(desk: Desk, document: str, *to: Recipient, served: str = "", **fields: Any) -> tuple[str, ...]:
    """Draft, approve and issue a document on the desk's day, and record its service; the ids of its letters."""
    known = set(desk.case.letters.by_id)
    number = f"D{desk.case.letters.documents + 1}"
    desk.decide(
        "draft_letter", by=DRAFTER, document=document, recipients=to or (BUREAU,), text=TEXT, **fields
    )
    desk.decide("approve_letter", by=HEAD, document=number)
    desk.decide("issue_letter", by=CHIEF, document=number, official_no=f"明检〔2024〕{number}号")
    letters = tuple(id for id in desk.case.letters.by_id if id not in known)
    for id in letters if served else ():
        desk.record("letter_served", served, f"{id}-served", letter=id)
    return letters


def advised(*to: Recipient, on: str = "2024-04-01", **fields: Any) -> Desk:
    """A pre-suit suggestion to each body, issued and served on that day (Monday 1 April 2024 unless said)."""
    desk = filed(*to).on(on)
    sent(desk, "pre_suit_suggestion", *to, served=on, **fields)
    return desk


def answered(substance: Substance = Substance.PARTLY) -> Desk:
    """The bureau replied on Saturday 1 June 2024, the last day of its two months but for the roll; assessed on Monday."""
    desk = advised().on("2024-06-01")
    desk.record("reply_received", "2024-06-01", "reply", letter="L1", summary="已督促清运平整")
    desk.on("2024-06-03").decide("assess_reply", letter="L1", substance=substance)
    return desk


def sued(**fields: Any) -> Desk:
    """What was found on the spot is not what the reply says; on 20 June 2024 it is decided to sue, and the suit is filed."""
    desk = answered().on("2024-06-18")
    desk.record("site_checked", "2024-06-18", "check", letter="L1", finding="not_put_right", agrees=False)
    desk.on("2024-06-20").decide("sue", court="明溪县人民法院", claims=["责令依法履行监管职责"], **fields)
    desk.record("suit_filed", "2024-06-20", "filed", docket="(2024)闽0421行初3号")
    return desk


def judged(**fields: Any) -> Desk:
    """Tried on 20 August, judged on Monday 2 September 2024."""
    desk = sued().on("2024-08-20")
    desk.record("trial_held", "2024-08-20", "trial", panel="七人合议庭")
    desk.on("2024-09-03").record(
        "judgment_given", "2024-09-02", "judgment", **({"reliefs": ["ordered"]} | fields)
    )
    return desk
