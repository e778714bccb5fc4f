"""日历看守: one workflow that tells cases of a new calendar, so that provisional days become certain by themselves."""

from __future__ import annotations

from temporalio import workflow

from workflows.parts import calls

WORKFLOW_ID = "calendar-watch"


@workflow.defn(name="calendar_watch")
class CalendarWatch:
    """Runs for ever: its one activity sweeps the rows and goes to another worker when its own stops."""

    @workflow.run
    async def run(self) -> None:
        while not workflow.info().is_continue_as_new_suggested():
            await calls.watch_calendars()
        workflow.continue_as_new()
