"""`mingjian ledger import`: what is right and wrong with a ledger is told first; then its cases are started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from activities.site_jurisdiction import site_jurisdiction
from models.errors import InputError, Problem
from models.settings import Settings
from models.terms import Role
from models.wire import Person
from starter.ledgers.importing import Standing, Tally, compare, import_cases, tell_broken_off
from starter.ledgers.reading import Ledger, read_ledger
from starter.ledgers.template import write_back
from starter.output import remark, say, say_json, say_problems

_LISTED = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked: which file, who enters it, whether its cases are started, whether those that are wrong are passed over."""

    file: Path
    by: str
    starts: bool
    skips_bad: bool


def tell_import(settings: Settings, wanted: Wanted, *, as_json: bool) -> int:
    """Check a ledger, say what is wrong with it, and start its cases if that is wanted."""
    if len(wanted.by) > 60:
        raise InputError(Problem("姓名过长", "不超过 60 字", field="--by"))
    recorder = Person(name=wanted.by, role=Role.CLERK) if wanted.by else None
    ledger = read_ledger(wanted.file, site_jurisdiction(settings), recorder)
    if not ledger.is_readable:
        raise InputError(ledger.problems())
    standing = compare(settings, ledger)
    problems = ledger.problems()
    if as_json:
        for problem in problems:
            say_json({"file": problem.file, "row": problem.row, "column": problem.field, "what": problem.what,
                      "remedy": problem.remedy})  # fmt: skip
    elif problems:
        say_problems(InputError(problems))
    if not wanted.starts or (problems and not wanted.skips_bad):
        return _tell_checked(ledger, standing, wanted, as_json=as_json)
    written = _written_back(ledger, wanted.file) if problems else None
    return _tell_started(settings, standing, written, as_json=as_json)


def _tell_checked(ledger: Ledger, standing: Standing, wanted: Wanted, *, as_json: bool) -> int:
    bad = len({(row.sheet, row.number) for row in ledger.bad})
    if as_json:
        say_json(
            {"started": 0, "right": len(standing.to_start), "there": len(standing.there), "bad_rows": bad}
        )
    else:
        say(f"无误 {len(standing.to_start)} 件，已立案 {len(standing.there)} 件，有误 {bad} 行。")
        _tell_there([(each.group.case.number, number) for each, number in standing.there])
        if wanted.starts:
            remark("没有立案。更正后再导入，或加 --skip-bad 只立无误的。")
        elif bad:
            remark("更正后再核对；加 --yes --skip-bad 只立无误的，有误的写回另一文件。")
        elif standing.to_start:
            remark("加 --yes 立案。")
    return 2 if bad or ledger.findings else 0


def _tell_there(there: Sequence[tuple[int, str]]) -> None:
    for row, number in there[:_LISTED]:
        remark(f"  第 {row} 行已立案：{number}")
    if len(there) > _LISTED:
        remark(f"  其余 {len(there) - _LISTED} 件略。")


def _written_back(ledger: Ledger, file: Path) -> Path:
    path = file.with_name(f"{file.stem}-有误.xlsx")
    heads = {name: sheet.heads for name, sheet in ledger.sheets.items() if sheet.heads}
    write_back(path, heads, ledger.bad, ledger.findings)
    remark(f"有误的 {len(ledger.bad)} 行写回：{path}")
    return path


def _tell_started(settings: Settings, standing: Standing, written: Path | None, *, as_json: bool) -> int:
    from starter.commands.app import at_office

    tally = Tally(len(standing.to_start))
    if standing.to_start:
        try:
            at_office(settings, lambda office: import_cases(office, standing.to_start, tally))
        finally:
            if tally.done < tally.total:
                tell_broken_off(tally)
    there = len(standing.there) + len(tally.there)
    if as_json:
        say_json({"started": len(tally.started), "there": there, "cases": tally.started,
                  "written_back": str(written or "")})  # fmt: skip
    else:
        say(f"已立案 {len(tally.started)} 件；原已立案 {there} 件。")
    return 0
