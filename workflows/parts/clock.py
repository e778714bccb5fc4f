"""Case time: the one seam through which a case reads the time and waits.

Outside a rehearsal the offset is zero. In a rehearsal (演练) it moves the case to the years in which a published
case happened, so that the same code runs on the same server with its dates as they were.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import workflow


class CaseClock:
    """The time of one case, in UTC."""

    def __init__(self, offset_seconds: int) -> None:
        self._offset = timedelta(seconds=offset_seconds)

    def now(self) -> datetime:
        """Now, in case time."""
        return workflow.now() + self._offset

    async def sleep_until(self, moment: datetime, summary: str) -> None:
        """Wait for a moment of case time; one that has passed is waited for no longer (a negative timer would wedge the case)."""
        await workflow.sleep(max(moment - self.now(), timedelta(milliseconds=1)), summary=summary)
