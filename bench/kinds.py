"""The reference courses, by the kind of their case."""

from __future__ import annotations

from bench.courses.enforcement import ENFORCEMENT
from bench.courses.public_interest import PUBLIC_INTEREST
from bench.courses.urging import URGING

COURSES = {course.kind: course for course in (URGING, ENFORCEMENT, PUBLIC_INTEREST)}
