"""Openings and messages for tests: a county case on farmland, its people, its bodies, a letter with everything in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.decisions import DraftLetter
from models.document_types import DocumentType
from models.messages import Clue, Opening
from models.terms import CaseKind, ClueSource, ItemKind, Matter, Role
from models.wire import Item, LetterText, Period, Person, Recipient

DRAFTER = Person(name="甲检察官", role=Role.PROCURATOR)
HEAD = Person(name="丁主任", role=Role.DEPARTMENT_HEAD)
CHIEF = Person(name="乙检察长", role=Role.CHIEF_PROCURATOR)
CLERK = Person(name="丙书记员", role=Role.CLERK)
PRESIDENT = Person(name="戊院长", role=Role.COURT, body="明溪县人民法院")

PROCURATORATE = Recipient(name="明溪县人民检察院")
BUREAU = Recipient(name="明溪县自然资源局", code="350421-natural_resources", is_bound=True)
TOWN = Recipient(name="雪峰镇人民政府")
FORESTRY = Recipient(name="明溪县林业局")
UNIVERSITY = Recipient(name="三明学院")
COURT = Recipient(name="明溪县人民法院", code="350421-court", is_court=True)

TEXT = LetterText(
    subject="落实耕地保护监管职责",
    source="履职中发现",
    facts="某村基本农田上堆放砂石，面积一千二百平方米",
    evidence=("现场勘验笔录", "卫星影像比对"),
    harm="耕作层毁坏",
    illegality="未依法查处",
    legal_basis=("《土地管理法》第七十七条",),
    advice=("依法查处违法占地", "督促恢复耕种条件"),
    contact_person="甲检察官",
    contact_phone="0598-0000000",
)

OBJECTION = Period(amount=15, unit="days")
FOUNDING_DAY = date(2021, 9, 15)


def opening(*letters: DraftLetter, opened_on: date = date(2021, 9, 1), **changes: Any) -> Opening:
    """An urging case in one county."""
    fields: dict[str, Any] = {
        "case": "urging-350421-2021-0007",
        "kind": CaseKind.URGING,
        "title": "督促整治违法占用耕地案",
        "county": "350421",
        "procuratorate": PROCURATORATE,
        "matter": Matter.FARMLAND_MISUSE,
        "clue": Clue(source=ClueSource.REMOTE_SENSING),
        "opened_on": opened_on,
        "handler": DRAFTER,
        "liaison": "己联络员",
        "letters": letters,
    }
    return Opening(**(fields | changes))


def notification_opening(number: int, **changes: object) -> Opening:
    """The urging case of that number with one 告知函 drafted, which may be issued without approval."""
    return Opening.model_validate(
        {
            "case": f"urging-350481-2021-{number:04d}",
            "kind": "urging",
            "title": "某镇硬化耕地案",
            "county": "350481",
            "procuratorate": {"name": "永安市人民检察院"},
            "matter": "farmland_misuse",
            "clue": {"source": "remote_sensing"},
            "opened_on": "2021-09-15",
            "handler": {"name": "甲", "role": "procurator"},
            "edition": "2026",
            "letters": [
                {
                    "id": "draft-1",
                    "by": {"name": "甲", "role": "procurator"},
                    "document": "notification_letter",
                    "recipients": [{"name": "永安市自然资源局", "code": "350481-nr", "is_bound": True}],
                }
            ],
            **changes,
        }
    )


def draft(
    document: DocumentType = DocumentType.SUGGESTION, *recipients: Recipient, **changes: Any
) -> DraftLetter:
    """One document, to the bureau unless said; a 检察建议 states its objection period ([建议]16(五))."""
    objects = document.is_suggestion and document is not DocumentType.PRE_SUIT_SUGGESTION
    fields: dict[str, Any] = {
        "id": "draft",
        "by": DRAFTER,
        "document": document,
        "recipients": recipients or (BUREAU,),
        "text": TEXT,
        "objection_within": OBJECTION if objects else None,
    }
    return DraftLetter(**(fields | changes))


def field(id: str = "地块一", kind: ItemKind = ItemKind.RECULTIVATION) -> Item:
    """One thing to be put right."""
    return Item(id=id, what=f"{id}拆除复耕", kind=kind, area_m2=1200)
