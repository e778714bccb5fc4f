"""`mingjian registers`: 发文簿, 收文簿, what is missing in them, and numbers taken out of use."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from activities.database import Database
from activities.incoming_papers import INCOMING, Entered, IncomingBook, Unnumbered
from activities.numbers import Gap, NumberBook, numbered_as
from activities.registers import Outgoing, OutgoingRegister
from activities.site_jurisdiction import site_jurisdiction
from models.dates import day_in_china
from models.document_types import DocumentType
from models.errors import InputError, Problem, Refusal
from models.settings import Settings
from starter.csv_tables import write_csv
from starter.kinds import FACT_NAMES, kind_named
from starter.output import Listing, remark, say, say_json, show
from starter.strict import choices

Which = Literal["out", "in"]

_GENERAL = {"general_letter": "公函", "general_form": "内部文书"}
_BOOKS = {"paper": "发文", "case": "立案", "incoming": "收文"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a register: a county's, a year's, papers of a kind."""

    county: str = ""
    year: int | None = None
    kind: str = ""


def read_wanted(settings: Settings, which: Which | None, county: str, year: str, kind: str) -> Wanted:
    """The part that the options mean; InputError with all that is wrong with them. `kind` is that of the document in
    the outgoing register, of the fact in the incoming one.
    """
    problems: list[Problem] = []
    if county:
        try:
            county = site_jurisdiction(settings).filed_under(county)
        except InputError as error:
            problems += [Problem(each.what, each.remedy, field="--county") for each in error.problems]
    if year and not (year.isascii() and year.isdecimal() and len(year) == 4):
        problems.append(Problem(f"“{year}”不是年份", "写作 --year 2026", field="--year"))
    if kind:
        try:
            kind = _fact_kind(kind) if which == "in" else _series(kind)
        except InputError as error:
            problems += [Problem(each.what, each.remedy, field="--kind") for each in error.problems]
    if problems:
        raise InputError(problems)
    return Wanted(county, int(year) if year else None, kind)


def _fact_kind(kind: str) -> str:
    return kind_named(kind, FACT_NAMES, "事实", "")


def _series(kind: str) -> str:
    for series, label in _GENERAL.items():
        if kind in (series, label):
            return series
    try:
        return DocumentType(kind).value
    except ValueError:
        raise InputError(Problem(f"没有“{kind}”这种文书", f"可用：{choices(DocumentType)}")) from None


# ── outgoing ────────────────────────────────────────────────────────────────────────────────────────────────


def tell_outgoing(settings: Settings, wanted: Wanted, *, as_json: bool, file: Path | None) -> int:
    """Print the register of outgoing papers, or write it as CSV; Unreachable when the books do not answer."""
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        lines = OutgoingRegister(database).lines(county=wanted.county, kind=wanted.kind, year=wanted.year)
    rows = [_outgoing(each) for each in lines]
    if _as_asked(rows, _OUTGOING, as_json=as_json, file=file):
        return 0
    listing = Listing("编号、文号、案件", "文书、收件、抄送")
    for row in rows:
        served = zip(row["recipients"], row["served_on"] or [""] * len(row["recipients"]), strict=True)
        listing.add(
            _lines(row["number"], row["official_no"], row["case"]),
            _lines(
                f"{row['document']}　制发 {row['issued_on']}" if row["issued_on"] else row["document"],
                *(f"{name}　送达 {day}" if day else name for name, day in served),
                row["copies"] and f"抄送 {row['copies']}",
                _void(row),
            ),
        )
    return _shown(listing, len(rows), "发文簿")


def _outgoing(line: Outgoing) -> dict[str, Any]:
    number = line.number
    first = line.letters[0] if line.letters else None
    letters = line.letters or ((line.about,) if line.about is not None else ())
    label = _GENERAL.get(number.kind) or DocumentType(number.kind).label
    return {
        "number": str(number),
        "key": number.key,
        "official_no": first.official_no if first else "",
        "document": label,
        "case": line.case,
        "recipients": [each.recipient for each in letters],
        "issued_on": str(first.issued_on or "") if first else "",
        "served_on": [each.served_on for each in line.letters],
        "copies": first.copies_to if first else "",
        **_voided(number.voided_at, number.void_reason, number.voided_by),
    }


_OUTGOING = {
    "number": "编号",
    "official_no": "文号",
    "document": "文书",
    "case": "案件",
    "recipients": "收件单位",
    "issued_on": "制发日期",
    "served_on": "送达日期",
    "copies": "抄送",
    "voided_on": "作废日期",
    "void_reason": "作废理由",
    "voided_by": "作废人",
}


# ── incoming ────────────────────────────────────────────────────────────────────────────────────────────────


def tell_incoming(settings: Settings, wanted: Wanted, *, as_json: bool, file: Path | None) -> int:
    """Print the register of incoming papers, or write it as CSV; Unreachable when the books do not answer."""
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        book = IncomingBook(database)
        lines = book.entered(county=wanted.county, year=wanted.year, kind=wanted.kind)
        others = book.unnumbered(county=wanted.county)
    rows = [_incoming(each) for each in lines]
    if not _as_asked(rows, _INCOMING, as_json=as_json, file=file):
        listing = Listing("收文号、来文号、案件", "内容、来文、收到")
        for row in rows:
            listing.add(
                _lines(row["number"], row["official_no"], row["case"]),
                _lines(
                    row["what"],
                    row["sender"],
                    f"收到 {row['received_on']}　登记 {row['entered_by']}",
                    _void(row),
                ),
            )
        _shown(listing, len(rows), "收文簿")
    _tell_unnumbered(others)
    return 0


def _tell_unnumbered(others: Sequence[Unnumbered]) -> None:
    """Papers without a number are told beside the register: they are in a case, and in no book."""
    for each in others:
        remark(f"未编收文号：{each.case}　{each.what}（{each.name.rpartition('/')[2]}）")
    if others:
        remark(f"以上 {len(others)} 份由其他系统直接记入案件，不经本脚本登记。")


def _incoming(line: Entered) -> dict[str, Any]:
    paper = line.paper
    return {
        "number": str(line),
        "key": paper.key,
        "received_on": paper.received_on.isoformat(),
        "sender": paper.sender,
        "kind": paper.kind,
        "what": paper.what,
        "official_no": paper.official_no,
        "case": paper.case,
        "digest": paper.digest,
        "name": paper.name,
        "entered_by": paper.entered_by,
        "entered_at": line.entered_at.isoformat(),
        **_voided(line.voided_at, line.void_reason, line.voided_by),
    }


_INCOMING = {
    "number": "收文号",
    "received_on": "收到日期",
    "sender": "来文单位",
    "what": "内容",
    "official_no": "来文文号",
    "case": "案件",
    "digest": "指纹",
    "entered_by": "登记人",
    "voided_on": "作废日期",
    "void_reason": "作废理由",
    "voided_by": "作废人",
}


# ── gaps and void numbers ───────────────────────────────────────────────────────────────────────────────────


def tell_gaps(settings: Settings, wanted: Wanted, *, as_json: bool, file: Path | None) -> int:
    """Print the numbers that are missing, of papers, incoming papers and cases; 1 when there are any. Papers that never had
    one are told of too: they are no gap.
    """
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        books = NumberBook(database)
        gaps = [gap for book in ("paper", "incoming", "case") for gap in books.gaps(book=book)]
        others = IncomingBook(database).unnumbered(county=wanted.county)
    rows = [_gap(each) for each in gaps if _is_wanted(each, wanted)]
    if not _as_asked(rows, _GAPS, as_json=as_json, file=file):
        for row in rows:
            say(f"{row['book']}缺号：{row['first']}{row['more']}")
        remark(f"共 {len(rows)} 个序列有缺号，请运维人员与备份核对。" if rows else "没有缺号。")
    _tell_unnumbered(others)
    return 1 if rows else 0


def _gap(gap: Gap) -> dict[str, Any]:
    others = [f"{number:04d}" for number in gap.missing[1:]]
    return {
        "book": _BOOKS[gap.book],
        "county": gap.county,
        "kind": gap.kind,
        "year": gap.year,
        "missing": list(gap.missing),
        "first": numbered_as(gap.county, gap.kind, gap.year, gap.missing[0]),
        "more": f"、{'、'.join(others)}" if others else "",
    }


_GAPS = {"book": "簿册", "county": "地方", "kind": "序列", "year": "年份", "missing": "缺号"}


def _is_wanted(gap: Gap, wanted: Wanted) -> bool:
    return (
        wanted.county in ("", gap.county)
        and wanted.year in (None, gap.year)
        and wanted.kind in ("", gap.kind)
    )


def void(settings: Settings, number: str, reason: str, by: str) -> str:
    """Take a number out of use, given as papers bear it or by its key; answers the number.

    Refusal when there is none, and while a letter that bears it is in force.
    """
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        if f"-{INCOMING}-" in number or "@" in number:
            return _void_incoming(IncomingBook(database), number, reason, by)
        line = OutgoingRegister(database).line(number)
        if line is None:
            raise _unknown(number)
        if line.in_force and line.number.voided_at is None:
            letter = line.in_force[0]
            raise Refusal(
                Problem(
                    f"{letter.letter} {DocumentType(letter.type).label}（致{letter.recipient}）仍在效力中",
                    f"先撤回：mingjian decide {line.case} 撤回",
                    field="NUMBER",
                )
            )
        NumberBook(database).void(line.number.key, reason, by=by)
        return str(line.number)


def _void_incoming(book: IncomingBook, number: str, reason: str, by: str) -> str:
    found = [each for each in book.entered() if number in (str(each), each.paper.key)]
    if not found:
        raise _unknown(number)
    book.void(found[0].paper.key, reason, by=by, book="incoming")
    return str(found[0])


def _unknown(number: str) -> Refusal:
    return Refusal(Problem(f"没有编号“{number}”", "编号见 mingjian registers out、in", field="NUMBER"))


# ── printing ────────────────────────────────────────────────────────────────────────────────────────────────


def _as_asked(
    rows: Sequence[dict[str, Any]], columns: dict[str, str], *, as_json: bool, file: Path | None
) -> bool:
    """Whether the rows went out as JSON or CSV."""
    if file is not None:
        write_csv(rows, columns, file)
        remark(f"已写入 {file}，共 {len(rows)} 行。")
    if as_json:
        for row in rows:
            say_json({name: value for name, value in row.items() if name not in ("first", "more")})
    return as_json or file is not None


def _voided(at: Any, reason: str, by: str) -> dict[str, str]:
    on: date | None = day_in_china(at) if at is not None else None
    return {"voided_on": str(on or ""), "void_reason": reason, "voided_by": by}


def _void(row: dict[str, Any]) -> str:
    if not row["voided_on"]:
        return ""
    return f"{row['voided_on']}作废：{row['void_reason']}（{row['voided_by'] or '—'}）"


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _shown(listing: Listing, count: int, name: str) -> int:
    if count:
        show(listing)
    remark(f"共 {count} 份。" if count else f"{name}里没有符合条件的。")
    return 0
