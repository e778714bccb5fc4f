"""A case that is entered after the fact stands where it would stand had it been here all along, and nobody is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.dates import EventDate, at_hour
from models.facts import LetterServed, ReplyReceived
from models.kinds import restored
from models.messages import Opening, PaperFailed, Told
from models.orders import wanted
from models.rows import Snapshot
from models.terms import Stance
from starter.case_files import CaseToOpen
from tests.openings import CLERK
from tests.pure_desk import PureDesk
from tests.sample_ledgers import GOOD, ISSUED, REPLIED, SERVED, STAGES, TODAY, read

NUMBER = 9949


def entered(case: CaseToOpen, on: date = TODAY) -> PureDesk[Any]:
    """The case as it is entered on a day, with its backlog."""
    return PureDesk(case.opening(NUMBER, "2026"), now=at_hour(on, 9))


def by_hand(case: CaseToOpen, on: date = TODAY) -> PureDesk[Any]:
    """The same case, which was here from its first day: each step passed the door when it happened."""
    opening = case.opening(NUMBER, "2026")
    desk: PureDesk[Any] = PureDesk(opening.model_copy(update={"backlog": ()}))
    for message in opening.backlog:
        if (day := day_of(message)) is not None:
            desk.on(day, 12)
        desk.say(message)
    return desk.on(on, 9)


def day_of(message: Told) -> date | None:
    """The day on which it was recorded, then: a reply when it arrived."""
    on = getattr(message, "received_on", None) or getattr(message, "known_on", None) or message.on
    return on.latest if isinstance(on, EventDate) else on


def standing(rows: Snapshot) -> dict[str, Any]:
    """Where a case stands: without what tells when it was counted, and which papers were made for it."""
    letters = [row.model_dump(exclude={"internal_no"}) for row in rows.letters]
    deadlines = {row.key: row.model_dump(exclude={"ledger", "edition", "basis"}) for row in rows.deadlines}
    return {
        "case": rows.case.model_dump(exclude={"edition"}),
        "letters": letters,
        "deadlines": deadlines,
        "items": [row.model_dump() for row in rows.items],
    }


@pytest.mark.parametrize("name", STAGES)
def test_it_stands_where_it_would_stand_had_it_been_here(tmp_path: Path, name: str) -> None:
    ledger = read(tmp_path, STAGES[name])
    assert ledger.problems() == []
    case = ledger.cases[0].case
    ours, other = entered(case), by_hand(case)
    assert standing(ours.rows()) == standing(other.rows())
    assert not ours.case.unmatched


@pytest.mark.parametrize("name", STAGES)
def test_of_what_was_before_its_entry_nobody_is_told_and_no_paper_is_made(tmp_path: Path, name: str) -> None:
    desk = entered(read(tmp_path, STAGES[name]).cases[0].case)
    assert desk.notices == [] and desk.papers == {}
    again = restored(desk.carried())
    assert wanted(again) == []


def overdue(path: Path, row: Mapping[str, Any] = SERVED, on: date = TODAY) -> PureDesk[Any]:
    return entered(read(path, row).cases[0].case, on)


def test_one_that_has_been_overdue_for_long_shows_as_overdue_without_a_mail(tmp_path: Path) -> None:
    desk = overdue(tmp_path)
    assert desk.is_overdue() and desk.stage().label == "逾期督促"
    assert [tick.kind for tick in desk.ticks].count("fell_due") >= 1 and desk.notices == []


def test_what_falls_due_after_its_entry_is_told(tmp_path: Path) -> None:
    """Entered on the fiftieth day of the period: the reminder of the day before is past, that of three days ahead is not."""
    desk = overdue(tmp_path, on=date(2021, 11, 18))
    assert desk.notices == []
    due = desk.due("L1/jy.reply")
    assert due is not None and due > date(2021, 11, 18)
    desk.on(date(2021, 12, 20))
    told = [notice.subject for notice in desk.notices]
    assert any(subject.startswith("【提醒】") for subject in told)
    assert any(subject.startswith("【逾期】") for subject in told)


def test_the_end_of_the_grace_for_mail_is_told_when_it_came_after_the_entry(tmp_path: Path) -> None:
    due = overdue(tmp_path, on=date(2021, 11, 1)).due("L1/jy.reply")
    assert due is not None
    desk = overdue(tmp_path, on=date.fromordinal(due.toordinal() + 1))
    assert desk.notices == []
    desk.on(date.fromordinal(due.toordinal() + 20))
    assert [notice.subject[:4] for notice in desk.notices] == ["【逾期】"]


def test_a_period_that_a_later_fact_begins_is_news_however_old(tmp_path: Path) -> None:
    desk = overdue(tmp_path, ISSUED)
    assert desk.notices == []
    desk.record("letter_served", "2021-09-24", letter="L1")
    assert [notice.subject[:4] for notice in desk.notices] == ["【逾期】"]


def test_what_is_decided_afterwards_makes_its_paper_and_counts(tmp_path: Path) -> None:
    desk = overdue(tmp_path)
    desk.decide("urge", letter="L1")
    assert list(desk.papers) == ["L1/urged-1"]
    desk.record("reply_received", TODAY, letter="L1", stance=Stance.ADOPTED)
    desk.decide("assess_reply", letter="L1", substance="put_right")
    desk.decide("close_case", outcome="rectified", reason="已整改")
    assert desk.stage().label == "归档"
    desk = overdue(tmp_path, SERVED | {"督促日期": "2021-11-30"})
    desk.decide("urge", letter="L1")
    assert list(desk.papers) == ["L1/urged-2"]


def test_a_fact_of_the_backlog_can_be_corrected(tmp_path: Path) -> None:
    desk = overdue(tmp_path, REPLIED)
    [reply] = [each.id for each in desk.case.opening.backlog if isinstance(each, ReplyReceived)]
    before = desk.deadline("L1/jy.reply").days_late
    desk.correct(reply, "2021-12-30")
    assert before is not None and before < 0
    after = desk.deadline("L1/jy.reply").days_late
    assert after is not None and after > 0 and desk.papers == {}


def test_a_case_with_a_backlog_is_carried_over_as_it_is(tmp_path: Path) -> None:
    desk = overdue(tmp_path, REPLIED)
    carried = desk.carried()
    later = PureDesk(carried.opening, desk.now, carried=carried)
    assert later.rows() == desk.rows() and later.papers == {} and later.notices == []


def test_a_failed_paper_of_later_days_is_told(tmp_path: Path) -> None:
    desk = overdue(tmp_path)
    desk.take(PaperFailed(id="L1/urged-1/failed/9", order="L1/urged-1", why="磁盘已满"))
    assert [notice.subject for notice in desk.notices] == ["【须处理】文书L1/urged-1未能制作"]


def test_an_opening_of_an_earlier_release_has_no_backlog() -> None:
    written = PureDesk(Opening.model_validate(_released())).case.opening
    assert written.backlog == () and written.brought == ()


def _released() -> dict[str, Any]:
    return {
        "case": "urging-350481-2021-9949", "kind": "urging", "title": GOOD["案件名称"], "county": "350481",
        "procuratorate": {"name": "永安市人民检察院"}, "matter": "farmland_destruction",
        "clue": {"source": "other"}, "opened_on": "2021-09-20", "handler": CLERK,
    }  # fmt: skip


def test_the_messages_of_a_backlog_come_through_json_as_they_are(tmp_path: Path) -> None:
    opening = read(tmp_path, REPLIED).cases[0].case.opening(NUMBER, "2026")
    again = Opening.model_validate_json(opening.model_dump_json())
    assert again == opening
    assert [type(each) for each in again.backlog if each.kind == "letter_served"] == [LetterServed]
