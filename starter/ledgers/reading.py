"""A ledger file as cases to be opened: every row read and tried on an empty case file; all that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from activities.numbers import folded
from models.bodies import Jurisdiction
from models.dates import at_hour, day_in_china
from models.errors import InputError, Problem
from models.kinds import file_of
from models.numbering import own_number_key
from models.rules import rule
from models.wire import Person
from starter.case_files import CaseToOpen, read_case
from starter.ledgers.cells import as_text
from starter.ledgers.columns import CASES, ITEMS, LETTERS, NUMBER, SHEETS
from starter.ledgers.rows import Group, Translated, in_columns, translate
from starter.ledgers.workbook import Finding, Row, Sheet, read_sheets
from starter.output import counted

_TRIED = 1
"""The number of a case that is only tried."""


@dataclass(frozen=True, slots=True)
class LedgerCase:
    """A case of a ledger that is right, and its rows."""

    case: CaseToOpen
    group: Group


@dataclass(slots=True)
class Ledger:
    """What a ledger file holds: the cases that are right, the rows of those that are not, and why not."""

    file: str
    cases: list[LedgerCase] = field(default_factory=list)
    bad: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    sheets: dict[str, Sheet] = field(default_factory=dict)

    @property
    def is_readable(self) -> bool:
        """Whether its rows were read: a file whose sheets or columns are wrong tells only that."""
        return not any(sheet.findings for sheet in self.sheets.values())

    def set_aside(self, wrong: Sequence[tuple[LedgerCase, Finding]]) -> None:
        """Cases that are not right after all, each with the reason."""
        named = {id(case) for case, _ in wrong}
        self.cases = [case for case in self.cases if id(case) not in named]
        for case, finding in wrong:
            self._spoil(case.group, [finding])

    def _spoil(self, group: Group, findings: Sequence[Finding]) -> None:
        self.bad += group.rows
        self.findings += findings

    def problems(self) -> list[Problem]:
        """All that is wrong, in the order of the file."""
        return [each.problem(self.file) for each in sorted(self.findings, key=_place)]


def read_ledger(
    path: Path, jurisdiction: Jurisdiction, recorder: Person | None = None, today: date | None = None
) -> Ledger:
    """Every case of a ledger file; InputError for what is no ledger.

    `recorder`: who enters it, the handler of each case unless given. `today` is the day in China unless given.
    """
    today = today or day_in_china(datetime.now(UTC))
    ledger = Ledger(path.name, sheets=read_sheets(path))
    ledger.findings = [finding for sheet in ledger.sheets.values() for finding in sheet.findings]
    if ledger.findings:
        return ledger
    groups = _grouped(ledger)
    read = [_read_case(each, jurisdiction, recorder, today) for each in counted(groups, len(groups), "核对")]
    _against_each_other(read)
    for each in read:
        if each.case is None or each.findings:
            ledger._spoil(each.group, _once(each.findings))
        else:
            ledger.cases.append(LedgerCase(each.case, each.group))
    return ledger


def _grouped(ledger: Ledger) -> list[Group]:
    """The rows by case: a row of the other sheets belongs to the case whose number it bears."""
    groups = [Group(row) for row in ledger.sheets[CASES].rows]
    by_number: dict[str, Group] = {}
    for group in groups:
        if number := as_text(group.case.cells.get(NUMBER, "")):
            by_number.setdefault(number, group)
    for name in (LETTERS, ITEMS):
        for row in ledger.sheets[name].rows if name in ledger.sheets else ():
            number = as_text(row.cells.get(NUMBER, ""))
            if (owner := by_number.get(number)) is not None:
                (owner.letters if name == LETTERS else owner.items).append(row)
                continue
            what = f"“{CASES}”表里没有案号“{number}”" if number else "没有填写"
            ledger.findings.append(
                Finding(name, row.number, NUMBER, what, f"与“{CASES}”表的{NUMBER}写得一样")
            )
            ledger.bad.append(row)
    return groups


@dataclass(slots=True)
class _Read:
    """The rows of a case once they were read: by what the case is known again, and all that is wrong with it.

    There is no `case` where its fields alone are wrong.
    """

    group: Group
    key: str
    case: CaseToOpen | None
    findings: list[Finding]


def _read_case(group: Group, jurisdiction: Jurisdiction, recorder: Person | None, today: date) -> _Read:
    found = translate(group, recorder)
    number = as_text(group.case.cells.get(NUMBER, ""))
    key = own_number_key(found.kind, number) if number else f"{found.kind.value}/ledger/{group.digest()}"
    read = _Read(group, key, None, list(found.findings))
    try:
        case = read_case(found.kind, found.written, jurisdiction, today)
    except InputError as error:
        read.findings += [found.placed(problem) for problem in error.problems]
        return read
    read.case = replace(case, key=key, backlog=tuple(step.message for step in found.steps))
    if not read.findings:
        read.findings = list(_tried(read.case, found, today))
    return read


def _tried(case: CaseToOpen, found: Translated, today: date) -> Iterator[Finding]:
    """What the case itself would have against its course: each step is asked at the door, and then taken."""
    opening = case.opening(_TRIED, "")
    trial = file_of(opening)
    now = at_hour(today, 12)
    for draft in opening.letters:
        trial.take(draft, now)
    for message, step in zip(opening.backlog, found.steps, strict=True):
        problems = trial.check(message, today)
        trial.take(message, now)
        place = step.place
        for each in problems:
            column = step.day if each.field in ("on", "known_on") else _COLUMNS.get(each.field, place.column)
            yield Finding(place.sheet, place.row, column, each.what, in_columns(each.remedy))
        if problems:
            # What follows would fail for want of this.
            return
    for letter in trial.letters:
        if letter.issued_on is None:
            continue
        law = rule(letter.reply_rule)
        version, in_force = law.version_on(letter.issued_on)
        if not in_force:
            place = next(
                each.place for each in found.steps if each.message.id and each.place.column == "制发日期"
            )
            yield Finding(
                place.sheet,
                place.row,
                "制发日期",
                f"{letter.issued_on}时“{law.name}”的依据（{version.basis}）不在施行期间",
                "核对制发日期，或者改写文书种类",
            )


_COLUMNS = {
    "official_no": "文号",
    "mode": "送达方式",
    "received_on": "收到日期",
    "look_back_on": "回头看日期",
}
"""The columns of fields of messages, where they are not that of the message itself."""


def _place(finding: Finding) -> tuple[int, int, int]:
    """Where it stands in the file."""
    if finding.sheet not in SHEETS:
        return -1, 0, 0
    columns = [each.name for each in SHEETS[finding.sheet]]
    column = columns.index(finding.column) if finding.column in columns else -1
    return list(SHEETS).index(finding.sheet), finding.row or 0, column


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """One finding for each cell: the first says it best."""
    first: dict[tuple[str, int | None, str], Finding] = {}
    for each in findings:
        first.setdefault((each.sheet, each.row, each.column), each)
    return list(first.values())


def _against_each_other(read: Sequence[_Read]) -> None:
    """A number, or a 文号 of one issuer, is given once; rows without a number are not all the same. So are rows that are wrong
    in another way: once mended they would be refused for this, or taken for the other.
    """
    keys: dict[str, _Read] = {}
    official: dict[tuple[str, str], _Read] = {}
    for each in read:
        row = each.group.case
        if (other := keys.setdefault(each.key, each)) is not each:
            first, numbered = other.group.case.number, NUMBER in row.cells
            what = f"案号与第 {first} 行重复" if numbered else f"与第 {first} 行完全相同"
            remedy = (
                f"一案一行，其他文书写在“{LETTERS}”表"
                if numbered
                else f"删去一行；确是两案的，写上不同的{NUMBER}"
            )
            each.findings.append(Finding(CASES, row.number, NUMBER, what, remedy))
            continue
        if each.case is None:
            continue
        for number, place in numbers_of(each.group):
            key = (each.case.procuratorate.name, folded(number))
            if (other := official.setdefault(key, each)) is not each:
                what = f"文号“{number}”与第 {other.group.case.number} 行的案件重复"
                each.findings.append(Finding(place.sheet, place.number, "文号", what, "核对文号"))
                break


def numbers_of(group: Group) -> list[tuple[str, Row]]:
    """The 文号 of a case, and the rows that give them."""
    rows = (group.case, *group.letters)
    return [
        (as_text(row.cells["文号"]), row) for row in rows if "文号" in row.cells and "制发日期" in row.cells
    ]
