"""`mingjian report`: 情况通报 and 统计表 of a month, a quarter or a year, with the list of cases behind every figure."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from activities.database import Database
from activities.report_workbook import Workbook
from activities.reporting import CaseReader
from activities.site_jurisdiction import site_jurisdiction
from models.bodies import Jurisdiction
from models.dates import day_in_china
from models.errors import InputError, Problem, Refusal
from models.reporting.building import BY_COUNTY, CIRCULAR, TABLE, Report, papers
from models.reporting.entries import Entry, entries
from models.reporting.figures import FIGURES, SECTIONS, Figure
from models.reporting.periods import ReportPeriod
from models.reporting.tally import WHOLE, Tally, told
from models.settings import Settings
from models.terms import BodyKind
from starter.doors import only, refuse_place
from starter.output import Listing, remark, say, say_json, show
from starter.press import press


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which report: of a period, of a place with all that lies in it, by whom; into which folder. `figure`: only its list."""

    period: ReportPeriod
    place: str
    place_name: str
    issuer: str
    today: date
    folder: Path | None = None
    figure: Figure | None = None
    only: str = ""
    """Of which cases alone, in words; empty where of all."""


def read_wanted(settings: Settings, period: str, county: str, out: Path | None, figure: str) -> Wanted:
    """What the options mean; InputError with all that is wrong with them."""
    problems: list[Problem] = []
    jurisdiction, today = site_jurisdiction(settings), day_in_china(datetime.now(UTC))
    read, place = None, jurisdiction.code
    try:
        read = ReportPeriod.parse(period, today)
    except InputError as error:
        problems += error.problems
    if county:
        try:
            place = jurisdiction.filed_under(county)
            refuse_place(settings, place, _names(jurisdiction).get(place, county), "--county")
        except InputError as error:
            problems += [Problem(each.what, each.remedy, field="--county") for each in error.problems]
    if out is not None and out.exists() and not out.is_dir():
        problems.append(Problem("不是文件夹", "写一个文件夹，没有的会建立", field="--out", file=str(out)))
    wanted = next((each for each in FIGURES.values() if figure in (each.key, each.name)), None)
    if figure and wanted is None:
        problems.append(
            Problem(f"没有“{figure}”这个指标", "指标的名称见 mingjian report 期间", field="--figure")
        )
    if problems or read is None:
        raise InputError(problems)
    body = jurisdiction.of(place, BodyKind.PROCURATORATE) or jurisdiction.of(
        jurisdiction.code, BodyKind.PROCURATORATE
    )
    # The jurisdiction file is not read without the city's own.
    assert body is not None
    name = _names(jurisdiction).get(place, jurisdiction.name)
    return Wanted(read, place, name, body.name, today, out, wanted, only(settings))


def _names(jurisdiction: Jurisdiction) -> dict[str, str]:
    """The name of each place, of those that were merged too."""
    former = {each.code: each.name for one in jurisdiction.places.values() for each in one.former}
    return former | {each.code: each.name for each in jurisdiction.places.values()}


def tell_report(settings: Settings, wanted: Wanted, *, as_json: bool) -> int:
    """Count, write the files where a folder is given, and print; Unreachable when the registry does not answer."""
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        found = _entries(CaseReader(database), wanted)
        if wanted.figure is not None:
            return _tell_list(found, wanted, wanted.figure, as_json=as_json)
        if wanted.folder is None:
            report = _report(wanted, Tally.of(found))
            files: list[Path] = []
        else:
            report, files = _written(settings, wanted, found)
    (_tell_json if as_json else _tell)(report, files)
    return 0


def _entries(reader: CaseReader, wanted: Wanted) -> Iterator[Entry]:
    for case in reader.cases(wanted.place):
        yield from entries(case, wanted.period)


def _report(wanted: Wanted, tally: Tally) -> Report:
    return Report(
        wanted.place, wanted.place_name, wanted.issuer, wanted.period, wanted.today, tally, wanted.only
    )


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────


def _written(settings: Settings, wanted: Wanted, found: Iterator[Entry]) -> tuple[Report, list[Path]]:
    """The three files, all or none: each is made beside the folder's own and moved into its place at the end."""
    assert wanted.folder is not None
    try:
        wanted.folder.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=".report-", dir=wanted.folder))
    except OSError as error:
        raise _unwritable(wanted.folder, error) from None
    stem = f"{wanted.period.text}-{wanted.place}-"
    try:
        report = _with_workbook(making / f"{stem}{TABLE}.xlsx", wanted, found)
        with press(settings) as typesetter:
            for name, paper in zip((CIRCULAR, TABLE), papers(report), strict=True):
                (making / f"{stem}{name}.pdf").write_bytes(typesetter.render(paper))
        files = []
        for file in sorted(making.iterdir()):
            files.append(file.replace(wanted.folder / file.name))
    except OSError as error:
        raise _unwritable(wanted.folder, error) from None
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return report, files


def _with_workbook(path: Path, wanted: Wanted, found: Iterator[Entry]) -> Report:
    """The figures, counted while the list of cases is written."""
    book, tally = Workbook(path), Tally()
    try:
        for entry in found:
            tally.add(entry)
            book.add(entry)
    except BaseException:
        book.abandon()
        raise
    report = _report(wanted, tally)
    span = f"{wanted.period.first}至{wanted.period.last}，统计至{report.dated}"
    heading = f"{report.heading}{TABLE}（{'，'.join(filter(None, (span, report.only)))}）"
    book.close(tally, heading, report.names)
    return report


def _unwritable(folder: Path, error: OSError) -> Refusal:
    return Refusal(Problem(f"文件写不进去（{error.strerror}）", "核对文件夹、权限和空间", file=str(folder)))


# ── telling ──────────────────────────────────────────────────────────────────────────────────────────────────


def _tell(report: Report, files: list[Path]) -> None:
    period = report.period
    span = f"{period.first}至{period.last}，统计至{report.dated}"
    say(f"{report.heading}（{'，'.join(filter(None, (span, report.only)))}）")
    listing = Listing("类别", "指标", "数", "分项")
    for section in SECTIONS:
        first = section
        for figure in (each for each in FIGURES.values() if each.section == section):
            value = report.tally.value(figure)
            if not value:
                continue
            parts = report.tally.parts(figure)
            listing.add(
                first,
                figure.name,
                told(figure, value),
                "、".join(f"{part}{told(figure, each)}" for part, each in parts.items()),
            )
            first = ""
    show(listing)
    if report.names:
        say()
        _tell_counties(report)
    for file in files:
        say(f"已写出：{file}")
    remark("为零的指标不显示；各项含义和案件清单见 --out 写出的统计表。")


def _tell_counties(report: Report) -> None:
    """Seven columns have room; the workbook has all."""
    keys = [key for key in BY_COUNTY if key not in ("pending", "letters", "overdue", "rectified")]
    listing = Listing("地方", *(FIGURES[key].name for key in keys))
    for code, name in {**report.names, WHOLE: "合计"}.items():
        listing.add(name, *(report.told(key, code) for key in keys))
    show(listing)


def _tell_json(report: Report, files: list[Path]) -> None:
    """One figure a line; the files last."""
    period = {
        "period": report.period.text,
        "place": report.place,
        "counted_on": str(report.dated),
        "only": report.only,
    }
    for figure in FIGURES.values():
        say_json(
            {
                **period,
                "figure": figure.key,
                "name": figure.name,
                "definition": figure.definition,
                "unit": figure.unit,
                "value": report.tally.value(figure),
                "parts": report.tally.parts(figure),
                "counties": report.tally.by_county(figure),
                "entries": report.tally.length(figure),
            }
        )
    if files:
        say_json({**period, "files": [str(each) for each in files]})


def _tell_list(found: Iterator[Entry], wanted: Wanted, figure: Figure, *, as_json: bool) -> int:
    """The list behind one figure."""
    behind = [each for each in found if each.figure == figure.entries]
    if as_json:
        for each in behind:
            say_json(_as_json(each))
        return 0
    listing = Listing("案件", "文书、期限等", "日期", "分项")
    for each in behind:
        amount = f"　{each.amount:f}" if each.amount is not None else ""
        listing.add(f"{each.case}\n{each.title}", each.what, str(each.on or "—"), f"{each.part}{amount}")
    if behind:
        show(listing)
    remark(
        f"{figure.name}：{figure.definition}共 {len(behind)} 条{f'（{wanted.only}）' if wanted.only else ''}。"
    )
    return 0


def _as_json(entry: Entry) -> dict[str, Any]:
    return {
        "figure": entry.figure,
        "case": entry.case,
        "title": entry.title,
        "county": entry.county,
        "kind": entry.kind,
        "what": entry.what,
        "part": entry.part,
        "on": str(entry.on or ""),
        "amount": None if entry.amount is None else float(entry.amount),
    }
