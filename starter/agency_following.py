"""Running cases follow a change of agencies: by a recorded decision each letter goes to whoever carries on the duty.

By 行政诉讼法第二十六条第六款 whoever goes on with the duty of a body that is no more, or whose duty passed on, is the defendant;
so it is here with letters. Their periods run on, and what was issued stays as it was issued.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from temporalio.service import RPCError

from models.bodies import Jurisdiction
from models.dates import EventDate
from models.errors import MingjianError, Problem, Unreachable
from models.facts import AgencyChanged
from models.messages import Taken
from models.said.bases import fitted
from models.wire import Person
from starter.agency_moves import Follower
from starter.office import PATIENCE, Office, answering
from starter.output import counted
from starter.recipients import as_recipient
from workflows.parts.protocol import Recorded


@dataclass(slots=True)
class Followed:
    """What became of the letters: now the heir's, the heir's already, or why not."""

    moved: list[Follower] = field(default_factory=list)
    known: list[Follower] = field(default_factory=list)
    missed: list[Problem] = field(default_factory=list)
    unheard: bool = False


async def follow(
    office: Office, jurisdiction: Jurisdiction, wanted: Sequence[Follower], by: Person, reason: str
) -> Followed:
    """Record in each case that the duty passes on; a case that refuses or does not answer keeps no other from it.

    What was recorded before is recorded once: it can be broken off and repeated.
    """
    done = Followed()
    for each in counted(wanted, len(wanted), "移交"):
        try:
            taken = await _tell(office, each.letter.case, passing_on(jurisdiction, each, by, reason))
        except RPCError:
            done.missed.append(
                Problem(f"{each.letter.case} {each.letter.letter}：案件已经归档，不再收入", "不必移交")
            )
        except MingjianError as error:
            done.unheard |= isinstance(error, Unreachable)
            done.missed += [
                Problem(f"{each.letter.case} {each.letter.letter}：{problem.what}", problem.remedy)
                for problem in error.problems
            ]
        else:
            (done.known if taken.how == "seen" else done.moved).append(each)
    return done


async def _tell(office: Office, case: str, fact: AgencyChanged) -> Taken:
    with answering():
        answer: Taken = await office.client.get_workflow_handle(case).execute_update(
            "record", Recorded(fact=fact), result_type=Taken, rpc_timeout=PATIENCE
        )
    return answer


def passing_on(jurisdiction: Jurisdiction, found: Follower, by: Person, reason: str) -> AgencyChanged:
    """That the duty in this letter passes on, under an id made of change, case and letter: said again, it is the same."""
    assert found.heir is not None
    passed, letter = found.passed, found.letter
    return AgencyChanged(
        id=fitted(f"agency_change-{passed.change}-{passed.body.code}-{letter.case}-{letter.letter}"),
        on=EventDate.on(passed.on),
        by=by,
        note=f"第{passed.change}号机构变动（{passed.basis}）：{reason}"[:1000],
        letter=letter.letter,
        to=as_recipient(jurisdiction, found.heir),
    )
