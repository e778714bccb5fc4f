"""Some forty made-up cases at different stages, on the pure desk: what a report counts, with its edges and its traps."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from models.document_types import DocumentType
from models.journal_file import JOURNAL, SNAPSHOT, journal_text
from models.terms import ClueDirection, ItemKind, Outcome, Substance
from models.wire import Item
from tests.openings import BUREAU, COURT, DRAFTER, FORESTRY, TOWN, draft, field, opening
from tests.pure_desk import PureDesk, issued, served
from tests.scenarios import public_interest_desks as public
from tests.scenarios.test_campaign import agreed
from tests.scenarios.test_clue import clue, in_hand, write
from tests.scenarios.test_enforcement import accepted, applied, granted

Desk = PureDesk[Any]
COUNTIES = {"350421": "明溪县", "350430": "建宁县", "350481": "永安市"}


def replied(on: str, substance: Substance | None = None, **changes: Any) -> Desk:
    """A 检察建议书 served on 15 September 2021, due on 15 November, answered on a day, and assessed."""
    desk = served(**changes).on("2021-11-30")
    desk.record("reply_received", on, "reply", letter="L1")
    if substance:
        desk.decide("assess_reply", letter="L1", reply="reply", substance=substance)
    return desk


def put_right(desk: Desk, on: str, item: str = "地块一") -> Desk:
    """All steps of an item, passed on one day."""
    for milestone in desk.case.items[item].milestones:
        desk.record("item_progressed", on, item=item, milestone=milestone)
    return desk


def plot(id: str, kind: ItemKind, area: float | None) -> Item:
    return Item(id=id, what=f"{id}整改", kind=kind, area_m2=area)


def _closed(**changes: Any) -> Desk:
    desk = put_right(replied("2021-10-20", Substance.PUT_RIGHT, items=(field(),), **changes), "2021-11-25")
    desk.decide(
        "close_case", outcome=Outcome.RECTIFIED, reason="验收合格", look_back_on=["2022-03-01", "2022-06-01"]
    )
    desk.on("2022-03-02").record("looked_back", "2022-02-28", "looked")
    return desk


def _withdrawn(**changes: Any) -> Desk:
    desk = served(**changes).on("2021-10-20")
    desk.decide("withdraw_letter", letter="L1", reason="不当")
    desk.decide("close_case", outcome=Outcome.WITHDRAWN, reason="撤回")
    return desk


def never_answered(**changes: Any) -> Desk:
    """Overdue, urged in vain, told to the body above, and closed: no reply came, and the closing does not undo that."""
    desk = served(**changes).on("2021-12-20")
    desk.decide("urge", letter="L1", manner="约谈", on="2021-12-20")
    desk.decide("escalate", letter="L1", rung="superior_agency", to="三明市自然资源局")
    desk.decide("close_case", outcome=Outcome.ESCALATED, reason="逾期不复，已报告、通报")
    return desk


def _issued_some_day(**changes: Any) -> Desk:
    desk: Desk = PureDesk(opening(draft(), **changes))
    desk.decide("issue_letter", document="D1", known_on="2021-08")
    return desk


def _two_recipients(**changes: Any) -> Desk:
    desk = issued(draft(DocumentType.SUGGESTION, BUREAU, FORESTRY), **changes)
    for letter in ("L1", "L2"):
        desk.record("letter_served", "2021-09-15", f"{letter}-served", letter=letter)
    desk.on("2022-01-10").record("reply_received", "2021-11-15", "reply", letter="L2")
    desk.decide("assess_reply", letter="L2", reply="reply", substance=Substance.PARTLY)
    return desk


def _corrected(**changes: Any) -> Desk:
    desk = replied("2021-11-10", **changes)
    desk.correct("reply", "2021-11-18")
    return desk


def _struck_out(**changes: Any) -> Desk:
    desk = replied("2021-11-10", **changes)
    desk.correct("reply")
    return desk.on("2021-12-20")


def _half_done(**changes: Any) -> Desk:
    desk = served(items=(field(), plot("地块二", ItemKind.DEMOLITION, 300.5)), **changes).on("2021-12-01")
    return put_right(desk, "2021-11-30")


def _one_dropped(**changes: Any) -> Desk:
    desk = served(items=(field(), plot("地块二", ItemKind.LAND_RETURN, 80.25)), **changes).on("2021-12-01")
    put_right(desk, "2021-11-30", "地块二")
    desk.decide("drop_item", item="地块一", reason="已另案处理")
    return desk


def _several_kinds(**changes: Any) -> Desk:
    kinds = (ItemKind.DEMOLITION, ItemKind.RECULTIVATION, ItemKind.LAND_RETURN, ItemKind.PAYMENT)
    items = tuple(
        plot(f"地块{n}", kind, None if kind is ItemKind.PAYMENT else round(100.1 * n, 1))
        for n, kind in enumerate(kinds, 1)
    )
    desk = served(items=items, **changes).on("2022-01-20")
    for number in range(1, 5):
        put_right(desk, f"2021-{8 + number:02d}-28", f"地块{number}")
    return desk


def _done_in(on: str, **changes: Any) -> Desk:
    return put_right(served(items=(field(),), **changes).on("2022-01-20"), on)


def _unmatched(**changes: Any) -> Desk:
    """A reply that fits no letter is kept for sorting, and is no reply."""
    desk = issued(**changes).on("2021-12-01")
    desk.signal("reply_received", "2021-11-01", "stray", letter="某镇政府")
    return desk


def _met(**changes: Any) -> Desk:
    desk = served(**changes)
    desk.decide("call_meeting", "M", form="round_table", topic="推进整改", planned_on="2021-10-08")
    desk.on("2021-10-09").record("meeting_held", "2021-10-08", meeting="M1", attended=["甲", "乙"])
    return desk


def _uncopied(**changes: Any) -> Desk:
    return applied(**changes).on("2021-10-20")


def _copied(on: str, **changes: Any) -> Desk:
    desk = applied(**changes).on("2021-10-20")
    desk.record("copy_sent", on, "copy")
    return desk


def _refused(**changes: Any) -> Desk:
    desk = applied(**changes).on("2021-09-30")
    desk.record("application_not_accepted", "2021-09-28", grounds="超过申请期限")
    return desk


def _ruled_late(**changes: Any) -> Desk:
    desk = accepted(**changes).on("2021-11-20")
    desk.record("ruling_made", "2021-11-19", "ruling", granted=["全部"])
    return desk


def _enforced(**changes: Any) -> Desk:
    desk = granted(**changes).on("2021-10-11")
    desk.record("execution_opened", "2021-10-11", "opened")
    desk.on("2022-03-01").record("penalty_fulfilled", "2021-12-20", items=["拆除"], enforcer="court")
    desk.record("penalty_fulfilled", "2022-02-01/2022-02-10", items=["罚款"], enforcer="court")
    return desk


def _court_answered(**changes: Any) -> Desk:
    desk = _ruled_late(**changes)
    desk.decide("open_supervision", reason="逾期裁定")
    desk.decide("draft_letter", by=DRAFTER, document="court_suggestion", recipients=[COURT], text=draft().text,
                objection_within={"amount": 15, "unit": "days"})  # fmt: skip
    desk.decide("approve_letter")
    desk.decide("issue_letter", official_no="明检行监〔2021〕9号")
    desk.record("letter_served", "2021-11-20", "court-served", letter="L1")
    desk.on("2022-02-10").record("reply_received", "2022-02-08", "answer", letter="L1")
    desk.decide("assess_reply", letter="L1", reply="answer", substance=Substance.PUT_RIGHT)
    return desk


def _returned_clue(**changes: Any) -> Desk:
    desk = in_hand(**changes)
    desk.decide("return_clue", reason="不属于公益诉讼范围")
    write(desk.on("2021-09-30"), "clue_return", BUREAU)
    desk.decide("close_case", outcome=Outcome.RETURNED, reason="退回")
    return desk


def _our_clue(**changes: Any) -> Desk:
    desk = clue(ClueDirection.PROCURATORATE_TO_BUREAU, "明溪县人民检察院", BUREAU.name, **changes)
    write(desk, "clue_transfer", BUREAU)
    desk.on("2021-09-15").record("letter_served", "2021-09-14", letter="L1")
    desk.on("2021-12-02").record(
        "feedback_received", "2021-12-01", number="明自然资立〔2021〕8号", result="立案"
    )
    return desk


def _campaign(**changes: Any) -> Desk:
    desk = agreed(**changes)
    desk.on("2021-10-08").record("campaign_started", "2021-10-08", units=["永安市自然资源局"])
    desk.on("2022-07-20").record("campaign_reported", "2022-07-20", "report", results="拆除二十处")
    return desk


def _told(on: str, span: str = "", **changes: Any) -> Desk:
    """A clue that went back on 20 September 2021; its sender is told on a day, or not at all."""
    desk = in_hand(**changes).on("2021-09-20")
    desk.decide("return_clue", reason="不属于公益诉讼范围")
    if not on:
        return desk.on("2021-11-01")
    desk.on(on).decide("draft_letter", by=DRAFTER, document="clue_return", recipients=[BUREAU.model_dump()])
    desk.decide("approve_letter")
    desk.decide("issue_letter", known_on=span or None)
    return desk


def _overturned(**changes: Any) -> Desk:
    desk = applied(**changes).on("2021-09-22")
    desk.record("application_not_accepted", "2021-09-22")
    desk.record("reconsideration_applied", "2021-09-22", received_on="2021-09-22")
    desk.on("2021-10-08").record("reconsideration_ruled", "2021-10-08", upheld=False)
    return desk


def _stayed(**changes: Any) -> Desk:
    desk = granted(**changes)
    desk.on("2021-10-08").record("execution_opened", "2021-10-08")
    desk.on("2021-11-01").record("execution_stayed", "2021-11-01")
    desk.on("2021-12-01").record("execution_resumed", "2021-12-01")
    desk.on("2022-04-01").record("execution_terminated", "2022-02/2022-03")
    return desk


def _ruled_some_day(**changes: Any) -> Desk:
    desk = accepted(**changes).on("2021-11-20")
    desk.record("ruling_made", "2021-09/2021-10", "ruling", granted=["全部"])
    return desk


def _looked_back(on: str, **changes: Any) -> Desk:
    """Looking back was planned for 1 March 2022."""
    desk = put_right(served(items=(field(),), **changes).on("2021-11-26"), "2021-11-25")
    desk.record("reply_received", "2021-11-12", "reply", letter="L1")
    desk.decide("assess_reply", letter="L1", reply="reply", substance=Substance.PUT_RIGHT)
    desk.decide("close_case", outcome=Outcome.RECTIFIED, reason="验收", look_back_on=["2022-03-01"])
    desk.on("2022-04-05")
    if on:
        desk.record("looked_back", on, "looked")
    return desk


def _suit_ended(**changes: Any) -> Desk:
    desk = public.answered().on("2024-06-20")
    desk.decide("sue", court=COURT.name, claims=["责令履行"])
    desk.record("suit_filed", "2024-06-20", "filed")
    desk.on("2024-10-15").record("suit_ended", "2024-10-15", how="closed")
    return desk


def _judged(**changes: Any) -> Desk:
    desk = public.advised(on="2024-04-01").on("2024-06-01")
    desk.record("reply_received", "2024-06-01", "reply", letter="L1")
    desk.on("2024-06-03").decide("assess_reply", letter="L1", reply="reply", substance=Substance.EMPTY)
    desk.on("2024-06-20").decide("sue", court=COURT.name, claims=["责令履行"])
    desk.record("suit_filed", "2024-06-20", "filed")
    desk.on("2024-09-03").record("judgment_given", "2024-09-02", "judgment", reliefs=["ordered"])
    return desk


OF_2024 = (_judged, _suit_ended)
"""Their desks have a number of their own."""
MAKERS: tuple[Callable[..., Desk], ...] = (
    lambda **c: served(**c).on("2022-01-10"),
    lambda **c: served(on=date(2021, 10, 27), **c).on("2022-02-10"),
    lambda **c: served(on=date(2021, 9, 15), **c).on("2021-10-01"),
    lambda **c: served(DocumentType.CLASS_SUGGESTION, **c).on("2022-01-10"),
    lambda **c: issued(**c).on("2021-10-20"),
    lambda **c: issued(draft(DocumentType.NOTIFICATION_LETTER), **c),
    lambda **c: PureDesk(opening(draft(), **c)),
    lambda **c: PureDesk(opening(opened_on=date(2021, 12, 31), **c)),
    lambda **c: replied("2021-11-15", Substance.PUT_RIGHT, **c),
    lambda **c: replied("2021-11-15", Substance.EMPTY, **c),
    lambda **c: replied("2021-11-15", **c),
    lambda **c: replied("2021-11-16", Substance.PUT_RIGHT, **c),
    lambda **c: replied("2021-11-29", Substance.PARTLY, **c),
    lambda **c: replied("2021-10", Substance.FALSE_REPLY, **c),
    lambda **c: replied("2021-11", Substance.NOT_PUT_RIGHT, **c),
    lambda **c: replied("2021-11-20/2021-11-22", Substance.REJECTED, **c),
    lambda **c: replied("2021-10-20", Substance.PUT_RIGHT, document=DocumentType.NOTIFICATION_LETTER, **c),
    _closed, _withdrawn, _issued_some_day, _two_recipients, _corrected, _struck_out, _half_done, _one_dropped, _several_kinds,
    lambda **c: _done_in("2021-12-31", **c),
    lambda **c: _done_in("2022-01-01", **c),
    lambda **c: _done_in("2021-12", **c),
    lambda **c: _done_in("2021-12-30/2022-01-02", **c),
    lambda **c: _done_in("2021", **c),
    _unmatched, _met,
    lambda **c: served(draft(DocumentType.SUGGESTION, TOWN), **c).on("2022-01-10"),
    _uncopied,
    lambda **c: _copied("2021-09-23", **c),
    lambda **c: _copied("2021-09-24", **c),
    lambda **c: _copied("2021-09", **c),
    lambda **c: accepted(**c).on("2021-10-20"),
    granted, _refused, _ruled_late, _enforced, _court_answered, in_hand, _returned_clue, _our_clue, _campaign,
    _overturned, _stayed, _ruled_some_day,
    lambda **c: _told("2021-09-30", **c),
    lambda **c: _told("2021-10-15", **c),
    lambda **c: _told("2021-10-15", "2021-09/2021-10", **c),
    lambda **c: _told("", **c),
    lambda **c: _looked_back("2022-03-03", **c),
    lambda **c: _looked_back("2022-03", **c),
    lambda **c: _looked_back("", **c),
    *OF_2024,
)  # fmt: skip


def desks() -> Iterator[Desk]:
    """Each case once, under a number of its own, by turns in three counties."""
    for number, make in enumerate(MAKERS, 1):
        desk, code = make(), list(COUNTIES)[number % len(COUNTIES)]
        if make in OF_2024:
            case = f"public_interest-350421-2024-{number:04d}"
            desk.case.opening = desk.case.opening.model_copy(update={"case": case})
            yield desk
            continue
        known = desk.case.opening
        case = f"{known.kind.value}-{code}-{known.opened_on.year}-{number:04d}"
        yield make(county=code, county_name=COUNTIES[code], case=case)


def archive(desk: Desk, folder: Path) -> None:
    """What a sealed folder holds of a case: its journal and its snapshot."""
    payload = folder / desk.case.opening.case / "data"
    payload.mkdir(parents=True)
    (payload / JOURNAL).write_text(journal_text(desk.case.entries), "utf-8")
    (payload / SNAPSHOT).write_text(desk.rows().model_dump_json(indent=1), "utf-8")


def shown(desk: Desk) -> str:
    """What `mingjian show --json` prints of a running case: one line."""
    told = desk.rows().model_dump(mode="json")
    return json.dumps(told.pop("case") | {"source": "case"} | told, ensure_ascii=False)
