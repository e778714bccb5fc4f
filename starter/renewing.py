"""`mingjian renew`: open cases go on in a new run, on the program that serves them now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from temporalio.service import RPCError

from models.errors import MingjianError, Problem, Refusal
from starter.doors import refuse_part
from starter.office import PATIENCE, Office, answering, is_running
from starter.output import counted

_OPEN = 'ExecutionStatus = "Running" AND CaseKind IS NOT NULL'


@dataclass(frozen=True, slots=True, kw_only=True)
class Renew:
    """Continue these cases as new, or all open ones when none is named."""

    cases: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Renewed:
    """The cases that were asked, and why others could not be; one that has just ended is among neither."""

    asked: list[str] = field(default_factory=list)
    missed: list[Problem] = field(default_factory=list)


async def renew(office: Office, command: Renew) -> Renewed:
    """Ask each case to continue as new; one that cannot be asked keeps no other from being asked.

    Refusal, and none is asked, when one of the cases named is not open. A case renews itself once what it has in
    hand is settled; asking again does no harm.
    """
    renewed = Renewed()
    cases = [office.case(each) for each in command.cases] or await _open_cases(office)
    if command.cases:
        await _refuse_closed(office, cases)
    for case in counted(cases, len(cases), "接续"):
        try:
            with answering():
                await office.client.get_workflow_handle(case).signal("renew", rpc_timeout=PATIENCE)
        except RPCError:  # it has just ended: nothing is left to renew
            continue
        except MingjianError as error:
            renewed.missed.extend(
                Problem(f"案件 {case} 未能接续：{each.what}", each.remedy) for each in error.problems
            )
        else:
            renewed.asked.append(case)
    return renewed


async def _open_cases(office: Office) -> list[str]:
    refuse_part(office.settings, "接续全部在办案件")
    with answering():
        return sorted([case.id async for case in office.client.list_workflows(_OPEN)])


async def _refuse_closed(office: Office, cases: Sequence[str]) -> None:
    problems = [
        Problem(f"案件 {case} 不在办理中", "核对案件编号", field="CASE")
        for case in cases
        if not await is_running(office.client.get_workflow_handle(case))
    ]
    if problems:
        raise Refusal(problems)
