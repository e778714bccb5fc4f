"""Opening cases: numbered by the books, started on the server; none twice, and of a batch all or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from models import status
from models.dates import day_in_china
from models.errors import Problem, Refusal
from models.messages import Opening
from models.numbering import CaseId
from models.reach import Reach
from models.roll import Designation, liaison_on
from models.tasks import CaseStart
from models.terms import CaseKind, Relation
from starter.case_files import CaseToOpen
from starter.doors import is_within
from starter.office import PATIENCE, Office, answering, is_running
from starter.output import counted
from starter.ties import OtherCases


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Open the cases of these files, all of them or none."""

    cases: Sequence[CaseToOpen]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A case that was opened."""

    case: str
    kind: str
    title: str
    file: str


async def open_cases(office: Office, command: Open) -> list[Opened]:
    """Number and start each case. Refusal, and none is started, when one of them is there already, or names one that is not.

    A number belongs to the file's key: a crash between number and start ends, on repeating, in the same id.
    """
    known = {
        number.key: CaseId(CaseKind(number.kind), number.county, number.year, number.number)
        for kind in dict.fromkeys(case.kind for case in command.cases)
        # No case is opened twice, whoever opens it.
        for number in office.books.numbers(book="case", kind=kind.value, beyond_walls=True)
    }
    problems = []
    for case in command.cases:
        numbered = known.get(case.key)
        if numbered is not None and await is_there(office, str(numbered), case.key):
            problems.append(_duplicate(office, case, str(numbered)))
        problems += _ties(office, case)
        problems += beyond_reach(office.reach, case)
    if problems:
        raise Refusal(problems)
    designations = office.roll.designations()
    today = day_in_china(datetime.now(UTC))
    cases = counted(command.cases, len(command.cases), "立案")
    return [
        await _start(
            office,
            case,
            known.get(case.key),
            liaison_on(designations, case.procuratorate.code, today),
        )
        for case in cases
    ]


def _ties(office: Office, case: CaseToOpen) -> Iterator[Problem]:
    """What stands against the ties of a new case; what it grew out of may have closed meanwhile."""
    others = OtherCases(office.books, office.registry)
    for place, link in enumerate(case.written.links, 1):
        if link.elsewhere:
            continue
        found = (
            others.missing(link.case)
            if link.relation is Relation.CONVERTED_FROM
            else others.against("", (), link.relation, link.case)
        )
        for problem in found:
            yield Problem(problem.what, problem.remedy, f"links[{place}].case", file=case.file)


def beyond_reach(reach: Reach, case: CaseToOpen) -> list[Problem]:
    """That a desk would open what it could not see afterwards."""
    if reach.has(case.county, case.written.level):
        return []
    field = "level" if reach.has_place(case.county) else "county"
    what = f"{case.county_name or case.county}的{case.written.level.label}案件不在本席位的范围"
    return [Problem(what, "请在看得到这类案件的席位上立案", field=field, file=case.file)]


async def is_there(office: Office, case: str, key: str) -> bool:
    """Whether the case of that number and key has been started, be it on the desk or closed."""
    if office.books.known_case(case, key=key):
        return True
    return await is_running(office.client.get_workflow_handle(case)) is not None


async def _start(
    office: Office, case: CaseToOpen, numbered: CaseId | None, liaison: Designation | None
) -> Opened:
    """Start one case. Its liaison is the one of today: a case entered late must not write to a predecessor."""
    number = (
        numbered.number
        if numbered
        else office.books.case_number(case.county, case.kind.value, case.year, case.key)
    )
    opening = case.opening(number, office.calendars.current().name, liaison=liaison.person if liaison else "")
    if numbered is not None:
        opening = opening.model_copy(update={"case": str(numbered)})
    if not await start_case(office, opening):
        raise Refusal(_duplicate(office, case, opening.case))
    return Opened(case=opening.case, kind=case.kind.value, title=opening.title, file=case.file)


async def start_case(office: Office, opening: Opening) -> bool:
    """Start the workflow of a case; False when there is one of that number."""
    try:
        with answering():
            await office.client.start_workflow(
                opening.kind.value,
                CaseStart(opening=opening),
                id=opening.case,
                task_queue=office.task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=status.summary(opening),
                rpc_timeout=PATIENCE,
            )
    except WorkflowAlreadyStartedError:
        return False
    return True


def _duplicate(office: Office, case: CaseToOpen, number: str) -> Problem:
    same = f"自编案号 {case.written.number}" if case.written.number else "内容相同的文件"
    is_within_reach = is_within(office.database, number)
    return Problem(
        f"{same}已经立案：{number}" if is_within_reach else f"{same}已经立案",
        f"查看用 mingjian show {number}；确属另一案件的，写上不同的 number"
        if is_within_reach
        else "确属另一案件的，写上不同的 number",
        field="number" if case.written.number else "",
        file=case.file,
    )
