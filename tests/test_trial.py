"""What the script asks of a decision before it is sent, beyond what the case itself asks."""

from __future__ import annotations

from datetime import date

import pytest

from models.bodies import Jurisdiction
from models.decisions import DECISIONS
from models.document_types import DocumentType
from starter.trial import Trial
from starter.written import Written
from tests.openings import CHIEF, PROCURATORATE, draft
from tests.pure_desk import served

MONTH = {"amount": 1, "unit": "months"}


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ("三明市人民检察院", False),
        ("福建省三明市人民检察院", False),
        ("永安市人民检察院", True),
        ("福建省人民检察院", True),
    ],
)
def test_the_procuratorate_above_is_the_one_above(body: str, refused: bool) -> None:
    """[公规]47: beyond the chief procurator's own month, 上一级人民检察院 decides; not one beside it, nor the one above that."""
    desk = served(draft(DocumentType.PRE_SUIT_SUGGESTION), on=date(2024, 4, 1)).on("2024-06-13")
    desk.decide("extend", by=CHIEF, deadline="L1/pil.prosecute", by_period=MONTH, reason="案情复杂")
    by = {**CHIEF.model_dump(), "body": body}
    fields = {
        "kind": "extend",
        "id": "x",
        "by": by,
        "deadline": "L1/pil.prosecute",
        "by_period": MONTH,
        "reason": "案情复杂",
    }
    extend = DECISIONS.validate_python(fields)
    problems = Trial(desk.case.state()).extended_from_above(
        Jurisdiction.load(), extend, Written(fields, "决定.yaml")
    )
    assert bool(problems) == refused
    for each in problems:
        assert f"{PROCURATORATE.name}" not in each.what and "上一级人民检察院是三明市人民检察院" in str(each)
        assert (each.file, each.field) == ("决定.yaml", "by.body")
