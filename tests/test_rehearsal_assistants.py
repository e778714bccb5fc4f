"""Published appointments of invited assistants: taken with the day their source knows, and counted as it counts."""

from __future__ import annotations

from models.terms import CaseKind
from starter.rehearsing.expected import PUBLISHED
from starter.rehearsing.mapping import script
from starter.rehearsing.published import read_all
from tests.pure_rehearsal import hows, play_purely, published

JINGYUAN = next(case for case in read_all([PUBLISHED]) if case.id.startswith("53-"))


def test_the_shipped_case_is_an_appointment_and_its_count() -> None:
    """Appointed in 2023, no day of which is known; six times in an inquiry, six consultations."""
    played = script(JINGYUAN, 1)
    assert played.opening.kind is CaseKind.ASSISTANT
    rehearsed = play_purely(played)
    assert hows(rehearsed) == ["applied", "applied"]
    assert "聘期自2023起" in "".join(rehearsed.events[0].what)
    counted = "".join(rehearsed.events[1].what)
    assert "参与调查核实，6次" in counted and "提供咨询，6次" in counted


def test_a_count_without_numbers_is_kept_in_the_timeline() -> None:
    events = (
        {"date": "2023-05", "event": "assistants_appointed", "note": "聘任两名"},
        {"date": "2024-03-01", "event": "statistics_published", "note": "公布参与情况"},
    )
    rehearsed = play_purely(script(published(*events, kind="assistance", facts="聘任业务骨干"), 1))
    assert hows(rehearsed) == ["applied", "noted"]
    events[1]["note"] = "现场勘验12次，出具鉴定意见3份"
    rehearsed = play_purely(script(published(*events, kind="assistance", facts="聘任业务骨干"), 1))
    assert "参与现场勘验，12次" in "".join(rehearsed.events[1].what)
    assert "出具专业意见，3次" in "".join(rehearsed.events[1].what)
