"""The recorded courses of every kind of case but urging (of it, what was entered after the fact), and what none of them holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from models.kinds import FILES, messages_of
from models.rows import Snapshot
from models.terms import CaseKind
from tests.histories import assisting_stories, entered_stories, joint_stories, litigation_stories
from tests.pure_desk import PureDesk

# By the names of their histories: the kind, and what tells a second course of it from the first.
STORIES: dict[str, Callable[[], PureDesk[Any]]] = {
    "enforcement": litigation_stories.enforcement,
    "enforcement-supervised": litigation_stories.enforcement_supervised,
    "clue": assisting_stories.clue,
    "public_interest": litigation_stories.public_interest,
    "public_interest-sued": litigation_stories.public_interest_sued,
    "file_request": assisting_stories.file_request,
    "assistant": assisting_stories.assistant,
    "campaign": joint_stories.campaign,
    "coordination": joint_stories.coordination,
    "dispute": assisting_stories.dispute,
    "study": joint_stories.study,
    "training": joint_stories.training,
    "liaison_exchange": joint_stories.liaison_exchange,
    "problem_report": joint_stories.problem_report,
    "urging-entered": entered_stories.entered,
}

# What no history of a kind holds, in the order in which the kind takes it: another end of the same story. What a kind learns
# to take after its release stands here until the next release is recorded.
UNHELD: dict[CaseKind, tuple[str, ...]] = {
    CaseKind.CLUE: ("return_clue", "feedback_received"),
    CaseKind.ASSISTANT: ("decline_candidate",),
    CaseKind.ENFORCEMENT: ("review_reported", "decline_support", "terminate_review"),
    CaseKind.PUBLIC_INTEREST: ("preliminary_reported", "transfer_case", "eligible_body_sued"),
}
# What every kind takes and no history of any kind holds: what an archive that lost a history, or a room that could not be
# reached, leaves in a case; and what every kind learned to take since, until the next release is recorded.
UNHELD_BY_ALL = ("apply_rule", "countersigned", "history_lost", "link_failed", "original_kept")


@cache
def common() -> frozenset[str]:
    """The kinds of message that cases of every kind take."""
    return frozenset.intersection(*(frozenset(messages_of(kind)) for kind in FILES))


def held(cases: Iterable[Snapshot]) -> frozenset[str]:
    """The kinds of message that some of the cases has taken in."""
    return frozenset(row.kind for case in cases for row in case.facts if row.how != "unmatched")


def unheld(kind: CaseKind, cases: Iterable[Snapshot]) -> tuple[str, ...]:
    """What a kind of case takes, and not every kind does, and none of its cases among these holds."""
    there = held(case for case in cases if case.case.kind == kind)
    return tuple(each for each in messages_of(kind) if each not in common() and each not in there)


def without_history(cases: Iterable[Snapshot]) -> list[str]:
    """The kinds of case that none of these is of."""
    there = {case.case.kind for case in cases}
    return [kind.value for kind in FILES if kind not in there]
