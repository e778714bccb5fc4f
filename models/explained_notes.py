"""期限计算说明 with the course of each deadline in its tables: what `mingjian show --why` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from models.dates import EventDate
from models.deadline_courses import Course
from models.documents import LedgerRow, ReckoningNote
from models.journal import CaseState
from models.kinds import restored
from models.reckoning_notes import Editions, reckoning_note


def explained_note(
    state: CaseState, told: Sequence[Course], editions: Editions, dated: date
) -> ReckoningNote:
    """期限计算说明 of these deadlines, with their courses in its tables. Raises what `editions` raises."""
    note = reckoning_note(restored(state), editions, dated)
    by_key = {course.key: course for course in told}
    deadlines = tuple(
        each.model_copy(
            update={
                "rows": tuple(_rows(by_key[each.key])),
                "sentences": (*each.sentences, *by_key[each.key].remarks),
            }
        )
        for each in note.deadlines
        if each.key in by_key
    )
    return note.model_copy(update={"deadlines": deadlines})


def _rows(course: Course) -> Iterator[LedgerRow]:
    started = course.started_by
    yield LedgerRow(on=course.started_on, what=f"起算：{started.words}", effect="")
    for move in course.moves:
        entered = EventDate.on(move.entered_on) if move.entered_on else None
        effects = [move.effect, move.otherwise.words if move.otherwise else ""]
        yield LedgerRow(on=entered, what=f"{move.what}　{move.by}", effect="；".join(filter(None, effects)))
    if course.met_by is not None:
        yield LedgerRow(on=course.met_on, what=f"完成：{course.met_by.words}", effect=course.punctuality)
