"""Ledger files for tests: written cell by cell, so that each can be wrong in its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from models.bodies import Jurisdiction
from starter.ledgers.reading import Ledger, read_ledger

JURISDICTION = Jurisdiction.load()
TODAY = date(2026, 11, 23)

GOOD: dict[str, Any] = {
    "本院案号": "永检行监〔2021〕1号",
    "地方": "永安市",
    "案件名称": "某镇硬化耕地案",
    "事项": "毁坏耕地",
    "线索来源": "遥感与大数据",
    "立案日期": date(2021, 9, 20),
    "承办人": "张三",
}
ISSUED: dict[str, Any] = GOOD | {
    "文书种类": "检察建议书",
    "收件单位": "永安市自然资源局",
    "文号": "永检行建〔2021〕1号",
    "制发日期": date(2021, 9, 22),
}
SERVED: dict[str, Any] = ISSUED | {"送达日期": "2021年9月24日", "备案日期": "2021.9.27"}
REPLIED: dict[str, Any] = SERVED | {"回复日期": "2021-11-10", "回复态度": "采纳", "回复内容": "已组织清运"}
ASSESSED: dict[str, Any] = REPLIED | {"评估结果": "采纳并整改"}
CLOSED: dict[str, Any] = ASSESSED | {"结案日期": "2021年12月20日", "结案方式": "整改到位"}

_PLAIN = ISSUED | {"文书种类": "告知函"}
# Cases at every stage, by a name for each.
STAGES: dict[str, dict[str, Any]] = {
    "registered": GOOD,
    "drafted": GOOD | {"文书种类": "检察建议书", "收件单位": "永安市自然资源局"},
    "issued": ISSUED,
    "issued in a month": ISSUED | {"制发日期": "2021年9月"},
    "refused": ISSUED | {"拒收日期": "2021-09-23"},
    "left": SERVED | {"拒收日期": "2021-09-23", "送达方式": "留置送达"},
    "presumed": ISSUED | {"送达日期": "以制发日代"},
    "served in a month": ISSUED | {"送达日期": "2021年10月"},
    "overdue": SERVED,
    "urged": SERVED | {"督促日期": "2021-11-30"},
    "not filed upward": REPLIED | {"备案日期": "2021-10-20"},
    "replied late": REPLIED | {"回复日期": "2021-12-15", "收到日期": "2021-12-17"},
    "replied in a month": REPLIED | {"回复日期": "2021年11月"},
    "plain": _PLAIN | {"送达日期": "2021-09-24"},
    "plain, of difficulties": _PLAIN
    | {"送达日期": "2021-09-24", "回复日期": "2021-11-01", "回复态度": "说明困难", "评估结果": "部分整改"},
    "to a township": SERVED | {"收件单位": "燕西街道办事处"},
    "before a suit": SERVED | {"文书种类": "诉前检察建议书"},
    "assessed": ASSESSED,
    "empty reply": ASSESSED | {"评估结果": "空洞", "督促日期": "2022-01-05"},
    "closed": CLOSED,
    "closed in a month": CLOSED | {"结案日期": "2021年12月", "立案日期": "2021年9月"},
    "looked back": CLOSED | {"回头看日期": "2022-03-01", "整改保持": "是"},
    "to be looked back": CLOSED | {"回头看日期": "2098-03-01"},
    "relapsed": CLOSED | {"回头看日期": "2022-03", "整改保持": "否"},
}

Rows = Sequence[Mapping[str, Any]]


def another(row: Mapping[str, Any], number: int, **changes: Any) -> dict[str, Any]:
    """The same under another number, and another 文号 where it has one."""
    own = {"本院案号": f"永检行监〔2021〕{number}号"}
    if "文号" in row:
        own["文号"] = f"永检行建〔2021〕{number}号"
    return {**row, **own, **changes}


def ledger_file(
    path: Path,
    cases: Rows = (),
    letters: Rows = (),
    items: Rows = (),
    *,
    above: Sequence[Sequence[str]] = (),
    merged: Sequence[str] = (),
    hidden: Sequence[str] = (),
    heads: Sequence[str] | None = None,
    **options: Any,
) -> Path:
    """A ledger of these rows, under the names of their columns; `above` stands over the names of the first sheet."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    with Workbook(str(path), options) as book:
        dated = book.add_format({"num_format": "yyyy/m/d"})
        for name, rows in (("案件", cases), ("文书", letters), ("事项", items)):
            if not rows and name != "案件":
                continue
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            first = above if name == "案件" else ()
            for place, line in enumerate(first):
                sheet.write_row(place, 0, line)
            names = (
                list(heads)
                if heads and name == "案件"
                else [*dict.fromkeys(key for row in rows for key in row)]
            )
            sheet.write_row(len(first), 0, names)
            for place, row in enumerate(rows, start=len(first) + 1):
                for head, cell in row.items():
                    if head in names:
                        _write(sheet, place, names.index(head), cell, dated)
            for cells in merged if name == "案件" else ():
                sheet.merge_range(cells, "合并")
        if hidden and not any(name not in hidden for name in ("案件", "文书", "事项")):
            book.add_worksheet("别的")
    return path


def _write(sheet: Any, row: int, column: int, cell: Any, dated: Any) -> None:
    if isinstance(cell, date | datetime):
        sheet.write_datetime(row, column, cell, dated)
    elif isinstance(cell, str) and cell.startswith("="):
        sheet.write_formula(row, column, cell, None, "2021-09-20")
    else:
        sheet.write(row, column, cell)


def read(path: Path, *cases: Mapping[str, Any], **more: Any) -> Ledger:
    """A ledger of these rows, as it is read."""
    return read_ledger(ledger_file(path / "台账.xlsx", cases, **more), JURISDICTION, today=TODAY)


def told(ledger: Ledger) -> list[tuple[str, int | None, str]]:
    """Where what is wrong stands."""
    return [(each.sheet, each.row, each.column) for each in ledger.findings]
