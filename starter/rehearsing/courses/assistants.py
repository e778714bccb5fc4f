"""第六条 特邀检察官助理: who was appointed, on a day of the source's own precision, and the published count of what they did."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from models.said.assistance import AppointAssistant, AssistantTerms, ConsultationGiven
from models.terms import CaseKind, ServiceForm
from starter.rehearsing.courses.course import Course, Messages
from starter.rehearsing.outbox import CHIEF, CLERK
from starter.rehearsing.published import PublishedEvent

# 参与调查6人次、接受专业咨询6件
_COUNTS = (
    (
        re.compile(r"(?:参与|协助|参加)[^，。；、]{0,6}调查[^，。；、\d]{0,4}(\d+)\s*人?次"),
        ServiceForm.INQUIRY,
    ),
    (re.compile(r"咨询[^，。；、\d]{0,6}(\d+)\s*[件次]"), ServiceForm.CONSULTATION),
    (re.compile(r"(?:勘验|勘测|勘查)[^，。；、\d]{0,6}(\d+)\s*[件次]"), ServiceForm.SURVEY),
    (re.compile(r"(?:专业|鉴定|咨询)意见[^，。；、\d]{0,6}(\d+)\s*[份件条]"), ServiceForm.OPINION),
)


class AssistantsCourse(Course):
    """The appointment of invited assistants; a source names neither them nor their term."""

    KIND = CaseKind.ASSISTANT

    def terms(self) -> AssistantTerms:
        return AssistantTerms(
            person="特邀检察官助理（来源未写姓名）",
            unit=(self.stage.case.agency or "来源未写单位")[:100],
        )

    def play(self, event: PublishedEvent, shared: Callable[[], Messages]) -> Messages:
        match event.word:
            case "assistants_appointed":
                id = f"E{event.number}-appoint"
                return [AppointAssistant(id=id, by=CHIEF, since=event.on, reason=event.note[:1000])]
            case "statistics_published":
                return list(self._counted(event)) or shared()
            case _:
                return shared()

    def accept(self, event: PublishedEvent) -> Messages:
        """No supervision begins with an appointment."""
        return []

    def _counted(self, event: PublishedEvent) -> Iterator[ConsultationGiven]:
        """What the source counts, in the words of its event, or else of its account."""
        for text in (event.note, self.stage.case.facts):
            found = [(form, match) for pattern, form in _COUNTS if (match := pattern.search(text))]
            for form, match in found:
                yield ConsultationGiven(
                    id=f"E{event.number}-{form.value}",
                    on=event.on,
                    by=CLERK,
                    form=form,
                    what=match[0],
                    times=int(match[1]),
                    note=event.note[:1000],
                )
            if found:
                return
