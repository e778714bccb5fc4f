"""The meetings of one case (会议): called, held with their minutes, or cancelled; of any form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from models.calendar import LATEST_START
from models.dates import EventDate, future
from models.errors import Problem
from models.ledgers import Deadlines
from models.said.meetings import CallMeeting, CancelMeeting, MeetingHeld
from models.terms import MeetingForm

MEETING = "local.meeting"
HEARING_NOTICE = "sup.hearing"

_LIKE_A_CALL = re.compile(r"~*M\d+")


@dataclass(slots=True)
class Meeting:
    """One meeting, planned, held or cancelled."""

    id: str
    form: MeetingForm
    topic: str
    planned_on: date | None = None
    place: str = ""
    invited: tuple[str, ...] = ()
    held: MeetingHeld | None = None
    cancelled: str = ""

    @property
    def is_awaited(self) -> bool:
        """Whether it is still to be held."""
        return self.held is None and not self.cancelled

    @property
    def is_called(self) -> bool:
        """Whether it was called here, and not only heard of when it was over."""
        return self.planned_on is not None

    def __str__(self) -> str:
        number = f"{self.id} " if self.is_called else ""
        return f"{number}{self.form.label}（{self.topic}）"


@dataclass(slots=True)
class Meetings:
    """The meetings of a case, found by id: `M1` and so on as they were called; by its fact, one that nobody called here.

    A call is a decision and stands; a fact may be struck out, and must not give the others new names.
    """

    deadlines: Deadlines
    by_id: dict[str, Meeting] = field(default_factory=dict)
    called: int = 0

    def held(self, *forms: MeetingForm) -> list[Meeting]:
        """Those that were held, of these forms (of any, unless said), in the order they were entered."""
        return [each for each in self.by_id.values() if each.held and (not forms or each.form in forms)]

    def awaited(self, *forms: MeetingForm) -> list[Meeting]:
        """Those still to be held."""
        return [each for each in self.by_id.values() if each.is_awaited and (not forms or each.form in forms)]

    def _one(self, reference: str) -> Meeting | list[Problem]:
        waiting = self.awaited()
        found = [each for each in waiting if reference in ("", each.id)]
        if len(found) == 1:
            return found[0]
        listing = "；".join(map(str, waiting)) or "无"
        return [Problem(f"没有与“{reference or '（未填）'}”对应的待开会议", f"可选：{listing}", "meeting")]

    def check_call(self, decision: CallMeeting, today: date) -> list[Problem]:
        if not (decision.on or today) <= decision.planned_on <= LATEST_START:
            return [Problem(f"会议日期 {decision.planned_on} 不在今后", "填写将来的日期", "planned_on")]
        return []

    def take_call(self, decision: CallMeeting, today: date) -> str:
        self.called += 1
        meeting = self._add(f"M{self.called}", decision.form, decision.topic)
        meeting.planned_on, meeting.place = decision.planned_on, decision.place
        meeting.invited = decision.invited
        on = EventDate.on(decision.on or today)
        self.deadlines.start(
            MEETING, on, decision.id, fixed_on=decision.planned_on, key=_key(meeting, MEETING)
        )
        if meeting.form is MeetingForm.HEARING:
            hearing = EventDate.on(decision.planned_on)
            self.deadlines.start(HEARING_NOTICE, hearing, decision.id, key=_key(meeting, HEARING_NOTICE))
        return f"{meeting}定于{decision.planned_on}召开"

    def notified(self, on: EventDate, by: str) -> None:
        """A notice of meeting was served: it is that of every hearing still awaited."""
        for meeting in self.awaited(MeetingForm.HEARING):
            self.deadlines.meet(_key(meeting, HEARING_NOTICE), on, by)

    def check_cancel(self, decision: CancelMeeting, today: date) -> list[Problem]:
        meeting = self._one(decision.meeting)
        if isinstance(meeting, list):
            return meeting
        return [] if decision.reason else [Problem("取消会议须写明理由", "填写 reason", "reason")]

    def take_cancel(self, decision: CancelMeeting, today: date) -> str:
        meeting = self._one(decision.meeting)
        assert isinstance(meeting, Meeting)
        meeting.cancelled = decision.reason
        for rule in (MEETING, HEARING_NOTICE):
            self.deadlines.end_key(_key(meeting, rule), "会议取消")
        return f"{meeting}取消：{decision.reason}"

    def check_held(self, fact: MeetingHeld, today: date) -> list[Problem]:
        problems = future(fact.on, today)
        if fact.meeting or (not fact.form and self.awaited()):
            meeting = self._one(fact.meeting)
            return problems + (meeting if isinstance(meeting, list) else [])
        if fact.form is None or not fact.topic:
            problems.append(
                Problem(
                    "事先没有召集的会议须写明形式和议题", "填写 form、topic，或先召集（call_meeting）", "form"
                )
            )
        return problems

    def take_held(self, fact: MeetingHeld, today: date) -> str:
        meeting = self.of(fact)
        meeting.held = fact
        self.deadlines.meet(_key(meeting, MEETING), fact.on, fact.id)
        agreed = {True: "，达成一致", False: "，未达成一致", None: ""}[fact.agreed]
        absent = f"，{'、'.join(fact.absent)}缺席" if fact.absent else ""
        return f"{fact.on}召开{meeting}{agreed}{absent}"

    def of(self, fact: MeetingHeld) -> Meeting:
        """The meeting that a checked fact is about; a new one where nobody called it."""
        if fact.form and not fact.meeting:
            planned = [each for each in self.awaited(fact.form) if each.topic == fact.topic]
            return planned[0] if planned else self._add(_apart(fact.id), fact.form, fact.topic)
        meeting = self._one(fact.meeting)
        assert isinstance(meeting, Meeting)
        return meeting

    def _add(self, id: str, form: MeetingForm, topic: str) -> Meeting:
        meeting = self.by_id[id] = Meeting(id, form, topic)
        return meeting


def _apart(id: str) -> str:
    """The id of a meeting that nobody called here: its fact's, but never one that a meeting has or will have by its call."""
    return f"~{id}" if _LIKE_A_CALL.fullmatch(id) else id


def _key(meeting: Meeting, rule: str) -> str:
    return f"{meeting.id}/{rule}"
