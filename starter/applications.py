"""`mingjian applications import`: the full list of a quarter's applications, read strictly and compared with the registry.

A case is opened for each application that was neither copied nor known (未见抄送).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict, Field

from activities.case_lists import CaseFilter
from activities.registry import Registry
from models.bodies import Jurisdiction
from models.copy_comparison import Comparison, CopyState, Known, Line, Listed, compare
from models.dates import EventDate
from models.enforcement.applications import COPY
from models.enforcement.terms import PenaltyKind
from models.errors import InputError, Problem
from models.numbering import CaseId
from models.rows import DeadlineRow, Snapshot
from models.said.applications import ApplicationFiled
from models.terms import CaseKind, Matter
from models.wire import Person
from starter.case_files import CaseToOpen, read_case
from starter.office import Office
from starter.opening import Open, Opened, is_there, open_cases
from starter.strict import attempt
from starter.written import Written

_QUARTER = re.compile(r"(\d{4})Q([1-4])")
_PAGE = 200
_WHOLE = "处罚"

TEMPLATE = """\
# 一个季度的强制执行申请清单（协作配合意见第四条抄送），由自然资源主管部门或者人民法院提供，应当是全部申请。
# 用法：mingjian applications import 清单.yaml --quarter 2021Q4 --by 张三；加 --open 为不在册的逐件立案。

source: 永安市自然资源局                # 谁提供的清单
county: 永安市                          # 所在地：名称或行政区划码；各件可以另写
applications:
  - number: 永自然资强申〔2021〕5号     # 申请书文号或者法院案号；没有的不写
    party: 吴某                         # 被执行人
    court: 永安市人民法院
    filed_on: 2021-10-11                # 向法院提交之日
    # agency: 永安市自然资源局          # 申请机关；不写即清单的提供单位
    # matter: 违法乱占耕地              # 事项；不写即其他
    # penalties: [限期拆除, 罚款]       # 申请执行的分项种类
  - party: 周某
    court: 永安市人民法院
    filed_on: 2021-11-02
"""


class WrittenApplication(BaseModel):
    """One application as the list has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str = Field(default="", max_length=100)
    party: str = Field(min_length=1, max_length=100)
    court: str = Field(min_length=1, max_length=100)
    filed_on: date
    county: str = ""
    agency: str = Field(default="", max_length=100)
    matter: Matter = Matter.OTHER
    penalties: tuple[PenaltyKind, ...] = Field(default=(), max_length=10)


class WrittenList(BaseModel):
    """The whole list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = Field(min_length=1, max_length=100)
    county: str = ""
    applications: tuple[WrittenApplication, ...] = Field(min_length=1, max_length=5000)


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year: its name, its first and last day."""

    name: str
    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """`2021Q4`; InputError for anything else."""
        match = _QUARTER.fullmatch(text.strip().upper())
        if match is None or not 2000 <= int(match[1]) <= 2100:
            raise InputError(Problem(f"“{text}”不是季度", "写作 2021Q4", field="--quarter"))
        year, number = int(match[1]), int(match[2])
        first = date(year, 3 * number - 2, 1)
        after = date(year + number // 4, 3 * number % 12 + 1, 1)
        return cls(match[0], first, after - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class ApplicationList:
    """A list that is right: its rows as they were written, and as they are compared."""

    quarter: Quarter
    written: WrittenList
    rows: tuple[Listed, ...]
    file: str = ""


def read_list(written: Written, quarter: Quarter, jurisdiction: Jurisdiction, today: date) -> ApplicationList:
    """The list; InputError with all that is wrong with it, by row and field."""
    found, problems = attempt(WrittenList, written)
    if found is None:
        raise InputError(problems)
    rows = []
    for place, each in enumerate(found.applications):
        where = ("applications", place)
        name = each.county or found.county
        code = ""
        try:
            code = jurisdiction.place(name).code if name else ""
        except InputError as error:
            problems += [written.problem((*where, "county"), one.what, one.remedy) for one in error.problems]
        if not name:
            problems.append(written.problem((*where, "county"), "没有写明所在地", "清单或者该件写 county"))
        elif code and not jurisdiction.contains(code):
            problems.append(
                written.problem(
                    (*where, "county"), f"{name}不在{jurisdiction.name}的辖区", "写本市或所属县、市、区"
                )
            )
        if not quarter.first <= each.filed_on <= quarter.last:
            remedy = f"{quarter.name} 为 {quarter.first} 至 {quarter.last}；不属本季度的移出"
            problems.append(
                written.problem((*where, "filed_on"), f"提交日 {each.filed_on} 不在 {quarter.name}", remedy)
            )
        elif each.filed_on > today:
            problems.append(
                written.problem((*where, "filed_on"), f"提交日 {each.filed_on} 在将来", "请核对日期")
            )
        rows.append(Listed(each.number.strip(), each.party.strip(), each.court.strip(), each.filed_on, code))
    problems += _twice(written, rows)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.row or 0))
    return ApplicationList(quarter, found, tuple(rows), written.file)


def _twice(written: Written, rows: Sequence[Listed]) -> Iterator[Problem]:
    numbers: dict[str, int] = {}
    alike: dict[tuple[str, str, date], int] = {}
    for place, row in enumerate(rows):
        first = numbers.setdefault(row.number, place) if row.number else place
        if first != place:
            yield written.problem(
                ("applications", place, "number"), f"{row.number} 与第{first + 1}件重复", "每件申请只列一次"
            )
        first = alike.setdefault((row.party, row.court, row.filed_on), place)
        if first != place and not (row.number and rows[first].number):
            yield written.problem(
                ("applications", place),
                f"与第{first + 1}件是同一当事人、法院和日期",
                "确属两件的，都写明 number",
            )


def compared(given: ApplicationList, registry: Registry) -> Comparison:
    """The list beside what the registry knows of enforcement cases."""
    return compare(given.rows, list(known_applications(registry)), given.quarter.first, given.quarter.last)


def known_applications(registry: Registry) -> Iterator[Known]:
    """Every application with a day in the registry, and the day on which its copy was sent."""
    wanted, offset = CaseFilter(kind=CaseKind.ENFORCEMENT.value), 0
    while True:
        page = registry.cases(wanted, order="case", limit=_PAGE, offset=offset)
        for row in page.rows:
            snapshot = registry.snapshot(row.case)
            if snapshot is not None:
                yield from _known(snapshot)
        offset += len(page.rows)
        if not page.rows or offset >= page.total:
            return


def _known(snapshot: Snapshot) -> Iterator[Known]:
    parties = {each.party.partition("（")[0] for each in snapshot.deadlines if each.rule.startswith("pt.")}
    parties |= set(_titled(snapshot.case.title))
    words = "\n".join(fact.what for fact in snapshot.facts)
    for deadline in snapshot.deadlines:
        if deadline.rule == COPY and deadline.started_on:
            yield Known(
                case=snapshot.case.case,
                county=snapshot.case.county,
                parties=tuple(sorted(parties)),
                filed_on=EventDate.parse(deadline.started_on),
                copied_on=_day(deadline),
                due_on=deadline.due_on or deadline.due_to,
                words=words,
            )


def _titled(title: str) -> Iterator[str]:
    """The party that a case opened from such a list bears in its title."""
    party, mark, _ = title.partition(_TITLE)
    if mark:
        yield party


_TITLE = "非诉执行案（未见抄送）"


def _day(deadline: DeadlineRow) -> EventDate | None:
    return EventDate.parse(deadline.met_on) if deadline.met_on else None


def cases_of(
    given: ApplicationList, lines: Sequence[Line], by: Person, jurisdiction: Jurisdiction, today: date
) -> list[CaseToOpen]:
    """A case for each application that is not known here: its number is the list's, so that none is opened twice."""
    written = dict(zip(given.rows, given.written.applications, strict=True))
    return [_case(given, line.listed, written[line.listed], by, jurisdiction, today) for line in lines]


def _case(
    given: ApplicationList,
    row: Listed,
    written: WrittenApplication,
    by: Person,
    jurisdiction: Jurisdiction,
    today: date,
) -> CaseToOpen:
    items = [
        {"id": kind.label.partition("、")[0], "kind": kind.value} for kind in dict.fromkeys(written.penalties)
    ] or [{"id": _WHOLE, "kind": PenaltyKind.OTHER.value, "what": "清单未列分项"}]
    content = {
        "number": f"抄送核对 {given.quarter.name} {row.number or f'{row.party} {row.court} {row.filed_on}'}",
        "title": f"{row.party}{_TITLE}",
        "county": row.county,
        "matter": written.matter.value,
        "matter_reason": "申请清单未写明事项" if written.matter is Matter.OTHER else "",
        "clue": {
            "source": "own_duty",
            "summary": f"核对{given.written.source}提供的{given.quarter.name}强制执行申请清单，未见抄送。",
        },
        "handler": {"name": by.name, "role": by.role.value},
        "parties": [row.party],
        "terms": {
            "agency": written.agency or given.written.source,
            "court": row.court,
            "penalties": items,
        },
    }
    case = read_case(
        CaseKind.ENFORCEMENT,
        Written({name: value for name, value in content.items() if value}),
        jurisdiction,
        today,
    )
    filed = ApplicationFiled(
        id=f"清单-{row.number or row.party}-{row.filed_on}",
        on=EventDate.on(row.filed_on),
        by=by,
        number=row.number,
        note=f"{given.written.source}清单",
    )
    return replace(case, file=given.file, facts=(filed,))


async def open_missing(office: Office, cases: Sequence[CaseToOpen]) -> list[Opened]:
    """Open those that are not there yet: the same list may be given again, and the registry may lag behind."""
    kind = CaseKind.ENFORCEMENT
    known = {
        each.key: str(CaseId(kind, each.county, each.year, each.number))
        for each in office.books.numbers(book="case", kind=kind.value, beyond_walls=True)
    }
    wanted = [
        case
        for case in cases
        if case.key not in known or not await is_there(office, known[case.key], case.key)
    ]
    return await open_cases(office, Open(cases=wanted)) if wanted else []


def unknown(comparison: Comparison) -> list[Line]:
    """The applications that nobody told us of."""
    return comparison.of(CopyState.UNKNOWN)
