"""Which course a published case of each kind takes."""

from __future__ import annotations

from models.kinds import FILES
from models.terms import CaseKind
from starter.rehearsing.courses.assistants import AssistantsCourse
from starter.rehearsing.courses.campaigns import CampaignCourse
from starter.rehearsing.courses.coordination import CoordinationCourse
from starter.rehearsing.courses.course import Course
from starter.rehearsing.courses.disputes import DisputeCourse
from starter.rehearsing.courses.enforcement import EnforcementCourse
from starter.rehearsing.courses.public_interest import PublicInterestCourse

COURSES: dict[CaseKind, type[Course]] = {
    course.KIND: course
    for course in (
        Course,
        EnforcementCourse,
        PublicInterestCourse,
        AssistantsCourse,
        CampaignCourse,
        CoordinationCourse,
        DisputeCourse,
    )
}


def course_for(kind: str) -> type[Course]:
    """The course of a published case's kind; one that is not known here is played as an urging case."""
    known = set(CaseKind)
    return COURSES.get(CaseKind(kind), Course) if kind in known and CaseKind(kind) in FILES else Course
