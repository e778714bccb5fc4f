"""Every event of every shipped case is taken: most change the case, and whatever the law counts from always does.

Played on the pure desk; `make demo` plays the same on a server. `python -m tests.test_rehearsal_coverage [word]` lists them.
"""

from __future__ import annotations

import sys
from collections import Counter
from functools import cache

from starter.rehearsing.expected import PUBLISHED
from starter.rehearsing.mapping import script
from starter.rehearsing.published import read_all
from starter.rehearsing.report import Rehearsed
from tests.pure_rehearsal import play_purely

# What the law counts from, or what ends a case: none of it may be a mere line in the timeline.
WEIGHTY = (
    "suggestion_issued",
    "suggestion_served",
    "reply_received",
    "application_filed",
    "court_ruling",
    "court_refused",
    "ruling_supplemented",
    "lawsuit_filed",
    "judgment",
    "retrial_judgment",
)


@cache
def rehearsed() -> tuple[Rehearsed, ...]:
    return tuple(play_purely(script(case, number)) for number, case in enumerate(read_all([PUBLISHED]), 1))


def test_four_events_in_five_change_their_case() -> None:
    hows = Counter(event.how for case in rehearsed() for event in case.events)
    assert hows["unmatched"] == 0
    assert hows["applied"] / hows.total() >= 0.8, hows


def test_what_the_law_counts_from_is_always_applied() -> None:
    merely_noted = [
        f"{case.case} {taken.event.on} {taken.event.word}: {'；'.join(taken.why)}"
        for case in rehearsed()
        for taken in case.events
        if taken.event.word in WEIGHTY and taken.how != "applied"
    ]
    assert merely_noted == []


def main() -> None:
    """List each event and how it was taken."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    for case in rehearsed():
        if wanted not in f"{case.case} {case.kind}":
            continue
        outcome = case.outcome.label if case.outcome else "未结"
        print(
            f"{case.case} {case.kind} {case.count('applied')}/{len(case.events)} {case.stage.label} {outcome}"
        )
        for taken in case.events:
            said = "；".join((*taken.what, *taken.why))
            print(f"   {taken.how:9} {taken.event.on} {taken.event.word}: {said[:120]}")
    hows = Counter(event.how for case in rehearsed() for event in case.events)
    print(dict(hows), f"{hows['applied'] / hows.total():.0%}")


if __name__ == "__main__":
    main()
