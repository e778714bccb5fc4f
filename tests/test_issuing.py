"""What the script asks before a letter is issued: every part of it written ([建议]16), its rule in force on the day (§3h)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from models.cases.urging import UrgingFile
from models.decisions import DECISIONS, IssueLetter
from starter.trial import Trial
from starter.written import read_text
from tests.openings import notification_opening

_CHIEF = {"name": "乙", "role": "chief_procurator"}
_WHOLE = {
    "subject": "依法查处毁坏耕地行为",
    "source": "本院在履行职责中发现",
    "facts": "某村耕地被堆放弃土。",
    "illegality": "未依照土地管理法第七十五条及时查处。",
    "advice": ["依法查处"],
    "contact_person": "甲",
    "contact_phone": "0598-0000000",
}


def told(text: dict[str, Any], on: date) -> list[str]:
    """What is said of issuing a 告知函 with that text on that day."""
    draft = {
        "id": "draft-1",
        "by": {"name": "甲", "role": "procurator"},
        "document": "notification_letter",
        "recipients": [{"name": "永安市自然资源局", "is_bound": True}],
        "text": text,
    }
    case = UrgingFile(notification_opening(1, letters=[draft]))
    case.take(case.opening.letters[0], datetime(2021, 9, 1, tzinfo=UTC))
    decision = DECISIONS.validate_python({"kind": "issue_letter", "id": "issue-1", "by": _CHIEF, "on": on})
    assert isinstance(decision, IssueLetter)
    written = read_text("kind: issue_letter\n")
    return [str(problem) for problem in Trial(case.state()).issuable(decision, written)]


def test_a_whole_letter_may_be_issued_on_the_day_of_the_founding_document() -> None:
    assert told(_WHOLE, date(2021, 9, 15)) == []


def test_a_letter_under_a_rule_not_yet_in_force_is_refused() -> None:
    (problem,) = told(_WHOLE, date(2021, 3, 1))
    assert "不在施行期间" in problem and "第三条" in problem


def test_all_gaps_of_a_letter_are_named_at_once() -> None:
    problems = told({"subject": "事由"}, date(2021, 9, 15))
    assert any("查明的事实" in problem for problem in problems)
    assert any("请予办理的事项" in problem for problem in problems)
    assert all("revise_draft" in problem for problem in problems)
