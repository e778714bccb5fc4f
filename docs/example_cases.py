"""A desk of made-up cases on one Tuesday: what the pictures of the handbook show.

Each is a case without a server (`tests.pure_desk`), moved by the same fold, counts and agenda as the workflow's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from activities.database import Database
from activities.registry import Registry
from models.bodies import Jurisdiction
from models.document_types import DocumentType
from models.facts import FACTS
from models.terms import BodyKind, ItemKind, Matter, Outcome, Role, Substance
from models.wire import Item, LetterText, Period, Person, Recipient
from tests.openings import draft, opening
from tests.pure_desk import PureDesk

DAY = date(2026, 11, 24)
"""The day of the pictures, a Tuesday."""
_CHIEF = Person(name="孙七", role=Role.CHIEF_PROCURATOR)
_CLERK = Person(name="王五", role=Role.CLERK)
_CITY = Jurisdiction.load()

Desk = PureDesk[Any]


def urging(
    number: int,
    county: str,
    title: str,
    handler: str,
    opened: str,
    document: DocumentType = DocumentType.SUGGESTION,
    **changes: Any,
) -> Desk:
    """A case of 行政执法督促 with one letter drafted, to the county's bureau."""
    place = _CITY.place(county)
    office, bureau = (
        _CITY.of(place.code, kind) for kind in (BodyKind.PROCURATORATE, BodyKind.NATURAL_RESOURCES)
    )
    assert office is not None and bureau is not None
    drafter = Person(name=handler, role=Role.PROCURATOR)
    text = LetterText(
        subject="依法查处违法占用耕地行为",
        source="本院在履行职责中发现。",
        facts="洪田镇某村耕地上堆放建筑弃土，面积约一千二百平方米，耕作层被破坏，至今未清除。",
        evidence=("现场勘验笔录", "卫星影像"),
        illegality="未依照土地管理法第七十五条及时查处毁坏耕地的行为。",
        legal_basis=("《中华人民共和国土地管理法》第七十五条",),
        advice=("依法查处违法堆土行为", "督促清除弃土、恢复耕种条件"),
        contact_person=handler,
        contact_phone="0598-0000000",
    )
    letter = draft(
        document,
        Recipient(name=bureau.name, code=bureau.code, is_bound=True),
        by=drafter,
        text=text,
        objection_within=Period(amount=10, unit="days") if document.is_suggestion else None,
    )
    fields: dict[str, Any] = {
        "case": f"urging-{place.code}-2026-{number:04d}",
        "title": title,
        "county": place.code,
        "county_name": county,
        "procuratorate": Recipient(name=office.name),
        "handler": drafter,
        "liaison": "赵六",
        "matter": Matter.FARMLAND_MISUSE,
    }
    return PureDesk(opening(letter, opened_on=date.fromisoformat(opened), **(fields | changes)))


def said(desk: Desk, kind: str, on: str, id: str = "", **fields: Any) -> Desk:
    """A fact of a day, entered by the clerk in the afternoon of the same day, unless more time has passed."""
    desk.on(on, 15)
    id = id or f"{kind}-{desk.case.revision}"
    desk.say(FACTS.validate_python({"kind": kind, "id": id, "by": _CLERK, "on": on, **fields}))
    return desk


def issued(desk: Desk, on: str, official_no: str) -> Desk:
    """Its letter approved and issued by the chief procurator, and sent to the office above."""
    desk.on(on)
    if desk.letter().type.is_suggestion:
        desk.decide("approve_letter", by=_CHIEF, document="D1")
    desk.decide("issue_letter", by=_CHIEF, document="D1", official_no=official_no)
    return said(desk, "filed_upward", on, letter="L1") if desk.letter().type.is_suggestion else desk


def served(desk: Desk, on: str, id: str = "") -> Desk:
    """Its letter handed over."""
    return said(desk, "letter_served", on, id, letter="L1")


def late() -> Desk:
    """No reply, and the day of the service was put right afterwards."""
    desk = urging(3, "永安市", "洪田镇某村耕地堆土督促案", "张三", "2026-08-31")
    served(issued(desk, "2026-09-10", "永检建〔2026〕7号"), "2026-09-11", "收文-2026-0088")
    entry = next(each.message for each in desk.case.entries if each.message.id == "收文-2026-0088")
    right = FACTS.validate_python(entry.model_dump() | {"on": "2026-09-15"})
    desk.on("2026-09-18").decide(
        "correct", by=_CLERK, fact="收文-2026-0088", replacement=right, reason="回证日期看错"
    )
    return desk


def due_tomorrow() -> Desk:
    """A 告知函 whose period ends on the morrow."""
    notice = DocumentType.NOTIFICATION_LETTER
    desk = urging(5, "永安市", "小陶镇违建养殖场督促案", "张三", "2026-09-21", notice)
    return served(issued(desk, "2026-09-23", "永检函〔2026〕4号"), "2026-09-25")


def answered() -> Desk:
    """A reply that has come on Monday and waits for its assessment."""
    desk = urging(6, "大田县", "均溪镇采石复垦督促案", "李明", "2026-09-25")
    served(issued(desk, "2026-09-29", "田检建〔2026〕2号"), "2026-09-30").on("2026-11-23")
    return said(desk, "reply_received", "2026-11-20", "收文-2026-0131", letter="L1", received_on="2026-11-23")


def unserved() -> Desk:
    """Issued on Thursday, and not handed over yet."""
    desk = urging(8, "永安市", "曹远镇临时用地逾期督促案", "张三", "2026-11-12")
    return issued(desk, "2026-11-19", "永检建〔2026〕9号")


def drafted() -> Desk:
    """Waits for the chief procurator."""
    return urging(9, "建宁县", "濉溪镇高标准农田撂荒督促案", "陈芳", "2026-11-20")


def provisional() -> Desk:
    """Its period ends in a year whose holidays are not yet published."""
    desk = urging(7, "永安市", "贡川镇耕地种树督促案", "张三", "2026-11-02")
    return served(issued(desk, "2026-11-20", "永检建〔2026〕8号"), "2026-11-23")


def to_look_back() -> Desk:
    """Put right and closed; to be looked upon again this week."""
    plot = Item(id="地块一", what="清除弃土并恢复耕种条件", kind=ItemKind.RECULTIVATION, area_m2=1200)
    desk = urging(1, "永安市", "西洋镇耕地硬化督促案", "张三", "2026-03-02", items=(plot,))
    served(issued(desk, "2026-03-05", "永检建〔2026〕1号"), "2026-03-09")
    said(desk, "reply_received", "2026-04-30", "reply", letter="L1")
    desk.decide("assess_reply", by=_CHIEF, letter="L1", reply="reply", substance=Substance.PUT_RIGHT)
    for milestone in desk.case.items["地块一"].milestones:
        said(desk, "item_progressed", "2026-05-20", item="地块一", milestone=milestone)
    desk.on("2026-05-25").decide(
        "close_case", outcome=Outcome.RECTIFIED, reason="验收合格", look_back_on=["2026-11-26"]
    )
    return desk


def desks() -> Iterator[Desk]:
    """All of them on that day, at ten."""
    for make in (to_look_back, late, due_tomorrow, answered, provisional, unserved, drafted):
        yield make().on(DAY, 10)


def register(database: Database) -> None:
    """Write their rows into a new database."""
    database.migrate()
    for desk in desks():
        Registry(database).project(desk.rows(), run="r", run_started_at=datetime(2026, 1, 1, tzinfo=UTC))
