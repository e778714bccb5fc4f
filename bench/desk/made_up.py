"""A ledger of made-up cases across the counties of a city, in the columns of `mingjian ledger template`: the same ones each time.

At all stages (`bench.desk.stages`) that a ledger may hold: registered, drafted, issued, refused, served, overdue, urged, answered
in time, late, emptily, put right, closed, looked back upon, relapsed; letters to further bodies; land to be returned, demolished,
re-cultivated; public interest and clues. Days are written as people write them, and some are known only to a month or to a few
days. Nothing is older than the founding document. Days are counted back from `today`, so that what runs ends in the weeks before
and after it; a good part of it ends within the days that the trial's own year file rules about (`calendars.year_file`).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.many_cases import DEEDS, GIVEN, SURNAMES, TOWNS, VILLAGES
from models.bodies import Jurisdiction
from models.terms import BodyKind, ItemKind
from starter.ledgers.columns import CASES, ITEMS, LETTERS, SHEETS

Row = dict[str, Any]
EARLIEST = date(2021, 10, 1)
_MATTERS = ("违法乱占耕地", "毁坏耕地")
_SOURCES = ("遥感与大数据", "行政机关移送", "履职中发现", "信访来信来访", "其他")
_LAND = (
    ItemKind.RECULTIVATION,
    ItemKind.CLEARANCE,
    ItemKind.DEMOLITION,
    ItemKind.LAND_RETURN,
    ItemKind.REPLANTING,
)


@dataclass(frozen=True)
class County:
    """A county, and whom its procuratorate writes to."""

    name: str
    procuratorate: str
    bureau: str


@dataclass
class MadeUp:
    """One case as the rows of three sheets."""

    case: Row
    letters: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)


def counties() -> list[County]:
    """Those of the shipped jurisdiction, the city itself left out."""
    city = Jurisdiction.load()
    found = []
    for place in city.places.values():
        if not city.contains(place.code) or place.code.endswith("00"):
            continue
        own = city.of(place.code, BodyKind.PROCURATORATE)
        bureau = city.of(place.code, BodyKind.NATURAL_RESOURCES)
        assert own is not None and bureau is not None, place
        found.append(County(place.name, own.name, bureau.name))
    return found


def write(path: Path, made: Sequence[MadeUp]) -> None:
    """The ledger file, all columns of the template in each sheet."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # ships no types

    rows = {
        CASES: [each.case for each in made],
        LETTERS: [row for each in made for row in each.letters],
        ITEMS: [row for each in made for row in each.items],
    }
    with Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as book:
        dated = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, columns in SHEETS.items():
            sheet, heads = book.add_worksheet(name), [each.name for each in columns]
            sheet.write_row(0, 0, heads)
            for at, row in enumerate(rows[name], start=1):
                for place, head in enumerate(heads):
                    cell = row.get(head)
                    if isinstance(cell, date):
                        sheet.write_datetime(at, place, cell, dated)
                    elif cell is not None:
                        sheet.write(at, place, cell)


class CaseToBe:
    """One case in the making."""

    def __init__(self, chance: random.Random, county: County, number: int, today: date) -> None:
        self.chance, self.county, self.number, self.today = chance, county, number, today
        self.key = f"试检监〔{today.year}〕{number}号"
        town, village = f"{chance.choice(TOWNS)}镇", f"{chance.choice(VILLAGES)}村"
        self.town = town
        self.made = MadeUp(
            {
                "本院案号": self.key,
                "地方": county.name,
                "案件名称": f"{town}{village}{chance.choice(DEEDS)}案",
                "事项": chance.choice(_MATTERS),
                "线索来源": chance.choice(_SOURCES),
                "线索摘要": f"{village}{chance.randint(1, 12)}组，巡查发现。",
                "承办人": self._name(),
                "当事人": "；".join(self._name() for _ in range(chance.choice((0, 1, 1, 2)))) or None,
                "地点": f"{county.name}{town}{village}{chance.randint(1, 12)}组",
                "面积（平方米）": round(chance.uniform(80, 9000), 2),
            }
        )

    def _name(self) -> str:
        return self.chance.choice(SURNAMES) + self.chance.choice(GIVEN)

    def ago(self, least: int, most: int) -> date:
        """A day so long before today, none before the founding document."""
        return max(
            self.today - timedelta(days=self.chance.randint(least, most)), EARLIEST + timedelta(days=40)
        )

    def past(self) -> date:
        """A day of the last years, every other one of the last fifteen months."""
        return self.ago(150, 450) if self.chance.random() < 0.5 else self.ago(451, 1800)

    def written(self, day: date) -> Any:
        """A day as one or another clerk writes it."""
        forms = (
            day,
            day,
            day.isoformat(),
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.year}.{day.month}.{day.day}",
        )
        return self.chance.choice(forms)

    # the parts of a row

    def opened(self, before: date, *, vaguely: bool = False) -> CaseToBe:
        """The day of opening, some weeks before the first letter."""
        day = before - timedelta(days=self.chance.randint(3, 30))
        self.made.case["立案日期"] = f"{day.year}年{day.month}月" if vaguely else self.written(day)
        return self

    def drafted(self, document: str = "") -> Row:
        """A letter in the row of the case."""
        row = self.made.case
        row["文书种类"] = document or ("告知函" if self.chance.random() < 0.35 else "检察建议书")
        # A 告知函 binds only who joined the cooperation.
        is_to_town = row["文书种类"] != "告知函" and self.chance.random() < 0.15
        row["收件单位"] = f"{self.town}人民政府" if is_to_town else self.county.bureau
        row["事由"] = "督促依法履行土地管理职责"
        return row

    def issued(self, on: date, document: str = "") -> Row:
        """The letter went out."""
        row = self.drafted(document)
        row["制发日期"] = self.written(on)
        row["文号"] = f"试检建〔{on.year}〕{self.number}号"
        approver = self._name()
        row["批准人"] = approver if self.chance.random() < 0.5 and approver != row["承办人"] else None
        return row

    def served(self, on: date, document: str = "") -> Row:
        """The letter was received some days after it went out; a suggestion was mostly filed upward meanwhile."""
        went = on - timedelta(days=self.chance.randint(1, 4))
        row = self.opened(went).issued(went, document)
        row["送达日期"] = self.written(on)
        row["送达方式"] = self.chance.choice((None, "直接送达", "邮寄送达"))
        if row["文书种类"] != "告知函" and self.chance.random() < 0.7:
            row["备案日期"] = self.written(min(went + timedelta(days=self.chance.randint(1, 7)), self.today))
        return row

    def replied(self, served: date, days: tuple[int, int]) -> date:
        """An answer so many days after the letter was received, at the latest yesterday."""
        on = min(served + timedelta(days=self.chance.randint(*days)), self.today - timedelta(days=1))
        self.made.case |= {
            "回复日期": self.written(on),
            "回复态度": self.chance.choice(("采纳", "部分采纳", "说明困难")),
            "回复内容": "已组织核查，责令限期改正。",
        }
        return on

    def assessed(self, on: date, substance: str) -> date:
        """The answer was looked into."""
        day = min(on + timedelta(days=self.chance.randint(0, 15)), self.today)
        self.made.case |= {"评估结果": substance, "评估日期": self.written(day)}
        return day

    def land(self, done: date | None = None) -> None:
        """One to three pieces of land to be put right, done on a day or not yet."""
        for place in range(1, self.chance.choice((2, 2, 3, 4))):
            kind = self.chance.choice(_LAND)
            row: Row = {
                "本院案号": self.key,
                "事项编号": f"地块{place}",
                "内容": f"地块{place}整改",
                "类别": kind.label,
                "面积（平方米）": round(self.chance.uniform(30, 4000), 2),
                "责任单位": self.county.bureau,
            }
            if done is not None:
                row["完成日期"] = self.written(done)
            elif self.chance.random() < 0.5:
                ahead = self.today + timedelta(days=self.chance.randint(5, 90))
                row["完成期限"] = ahead.isoformat()
            self.made.items.append(row)

    def closed(self, on: date, outcome: str) -> Row:
        """The case was closed."""
        self.made.case |= {"结案日期": self.written(on), "结案方式": outcome}
        return self.made.case

    def also(self, served: date) -> None:
        """A letter to a further body, in the sheet of letters."""
        went = served - timedelta(days=2)
        self.made.letters.append(
            {
                "本院案号": self.key,
                "文书种类": "检察建议书",
                "收件单位": f"{self.town}人民政府",
                "事由": "督促依法履行属地管理职责",
                "文号": f"试检建〔{went.year}〕{self.number}号之二",
                "制发日期": self.written(went),
                "送达日期": self.written(served),
            }
        )
