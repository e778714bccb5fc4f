"""Made-up cases of eleven counties over six years, as rows of the registry: the same ones each time.

Three in four are filed away. Of those on the desk one in twelve is overdue; letters that were not served, replies not yet
assessed and papers to be sorted are as rare as on a desk that is kept.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from activities import search_index
from models.bodies import Jurisdiction
from models.numbering import CaseId
from models.rows import CaseRow, DeadlineRow, FactRow, ItemRow, LetterRow
from models.tables import Kept
from models.terms import CaseKind
from models.worklist import worklist

TODAY = date(2026, 11, 26)
_BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
_PORTION = 2000
_KINDS = {
    CaseKind.URGING: 60,
    CaseKind.ENFORCEMENT: 15,
    CaseKind.PUBLIC_INTEREST: 12,
    CaseKind.CLUE: 10,
    CaseKind.DISPUTE: 3,
}
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
GIVEN = ("志强", "建华", "丽萍", "文斌", "晓东", "秀英", "国栋", "海燕")
TOWNS = (
    "上坪",
    "洋中",
    "小陶",
    "槐南",
    "青水",
    "西洋",
    "安砂",
    "曹远",
    "罗坊",
    "嵩溪",
    "城关",
    "均溪",
    "广平",
    "桃源",
    "梅列",
    "列东",
    "富兴堡",
    "莘口",
    "岩前",
    "星桥",
)
VILLAGES = (
    "前洋",
    "后坂",
    "大坪",
    "溪口",
    "石林",
    "东坑",
    "西华",
    "桂口",
    "龙峰",
    "半村",
    "新岭",
    "坑源",
    "吴地",
    "忠山",
    "翁墩",
    "美人",
    "黄历",
    "益口",
    "南歧",
    "霞村",
)
DEEDS = (
    "耕地上堆放建筑弃土",
    "违法占用耕地建房",
    "擅自挖砂取土毁坏耕地",
    "临时用地到期未复垦",
    "未批先建厂房",
    "闲置土地未依法处置",
    "非法占用永久基本农田",
    "违建别墅未依法拆除",
)
_SELDOM = ("梯田垮塌", "高尔夫球场", "𬒈口采石场", "古樟树保护", "墓园扩建")
_OPEN_STAGES = ("investigating", "awaiting_reply", "replied", "rectifying")


def insert(connection: Connection, count: int) -> None:
    """Fill an empty registry with so many cases, and its index of what is searched."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for made in cases(count):
        case = {**made.case.__dict__, "run": "r1", "run_started_at": _BEGAN, "revision": 9, "settling": 0}
        rows.setdefault("cases", []).append(case)
        parts: dict[str, list[Any]] = {
            "letters": made.letters,
            "deadlines": made.deadlines,
            "items": made.items,
            "facts": made.facts,
            "worklist": list(worklist(made.case, made.letters, made.deadlines, made.facts)),
        }
        for name, below in parts.items():
            rows.setdefault(name, []).extend({"position": at, **row.__dict__} for at, row in enumerate(below))
        if len(rows["cases"]) == _PORTION:
            _write(connection, rows)
    _write(connection, rows)
    search_index.fill(connection)


def _write(connection: Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    for name in ("cases", "letters", "deadlines", "items", "facts", "worklist"):
        if below := rows.pop(name, []):
            connection.execute(Kept.metadata.tables[name].insert(), below)


@dataclass
class Made:
    """The rows of one case."""

    case: CaseRow
    letters: list[LetterRow] = field(default_factory=list)
    deadlines: list[DeadlineRow] = field(default_factory=list)
    items: list[ItemRow] = field(default_factory=list)
    facts: list[FactRow] = field(default_factory=list)


def cases(count: int) -> Iterator[Made]:
    """So many cases; the first ones are the same, however many follow."""
    chance = random.Random(20210601)
    places = [place for place in Jurisdiction.load().places.values() if place.code[4:] != "00"]
    numbers: dict[tuple[str, str, int], int] = {}
    for _ in range(count):
        place = chance.choice(places)
        [kind] = chance.choices(list(_KINDS), list(_KINDS.values()))
        year = chance.randint(2021, 2026)
        series = (kind.value, place.code, year)
        numbers[series] = numbers.get(series, 0) + 1
        yield _case(chance, CaseId(kind, place.code, year, numbers[series]), place.name)


def _case(chance: random.Random, case: CaseId, county: str) -> Made:
    opened = date(case.year, 1, 1) + timedelta(days=chance.randrange(320))
    is_open = chance.random() < (0.8 if case.year == 2026 else 0.1)
    is_watched = not is_open and chance.random() < 0.05
    town, village = f"{chance.choice(TOWNS)}镇", f"{chance.choice(VILLAGES)}村"
    deed = chance.choice(_SELDOM) if chance.random() < 0.001 else chance.choice(DEEDS)
    due = TODAY + timedelta(days=chance.randrange(-20, 120)) if is_open or is_watched else None
    made = Made(
        CaseRow.model_construct(
            case=str(case),
            kind=case.kind.value,
            stage=chance.choice(_OPEN_STAGES) if is_open else "look_back" if is_watched else "archived",
            title=f"{town}{village}{deed}{'督促' if case.kind is CaseKind.URGING else '监督'}案",
            county=case.county,
            county_name=county,
            procuratorate=f"{county}人民检察院",
            matter="farmland_misuse",
            is_focus=chance.random() < 0.3,
            handler=f"{chance.choice(SURNAMES)}{chance.choice(GIVEN)}",
            place=f"{county}{town}{village}{chance.randint(1, 12)}组",
            opened_on=opened,
            closed_on=None if is_open else opened + timedelta(days=chance.randrange(60, 200)),
            outcome="" if is_open else "rectified",
            next_due_on=due,
            is_overdue=is_open and chance.random() < 0.08,
            is_provisional=is_open and chance.random() < 0.1,
            unmatched=int(chance.random() < 0.004),
            edition="2026",
            liaison="",
        )
    )
    agencies = chance.sample(
        ("自然资源局", "农业农村局", "水利局", "林业局", "城市管理局"), chance.choice((1, 1, 2))
    )
    for number, agency in enumerate(agencies, 1):
        made.letters.append(_letter(chance, case, f"L{number}", f"{county}{agency}", is_open=is_open))
    made.deadlines = list(_deadlines(made, due))
    made.items = [_item(str(case), deed, county)]
    made.facts = list(_facts(made))
    return made


def _letter(chance: random.Random, case: CaseId, letter: str, agency: str, *, is_open: bool) -> LetterRow:
    drawn = chance.random()
    state = ("issued" if drawn < 0.1 else "replied" if drawn < 0.25 else "served") if is_open else "assessed"
    serial = f"{case.year}〕{case.number}号"
    return LetterRow.model_construct(
        case=str(case),
        letter=letter,
        document="D1",
        type="suggestion" if case.kind is CaseKind.URGING else "notification",
        recipient=agency,
        recipient_code=f"{case.county}-{agency[-4:]}",
        state=state,
        official_no=f"{agency[0]}检建〔{serial}",
        internal_no=f"{case.county}-suggestion-{case.year}-{case.number:04d}",
        issued_on=date(case.year, 6, 1),
        served_on="" if state == "issued" else f"{case.year}-06-08",
        served_presumed=False,
        replied_on="" if state in ("issued", "served") else f"{case.year}-07-30",
        replies=int(state in ("replied", "assessed")),
        substance="",
        urged=0,
        rungs="",
        replaced_by="",
        copies_to="",
    )


def _deadlines(made: Made, due: date | None) -> Iterator[DeadlineRow]:
    for rule, party in (
        ("jy.reply", made.letters[0].recipient),
        ("local.service", ""),
        ("local.look_back", ""),
    ):
        yield DeadlineRow.model_construct(
            case=made.case.case,
            key=f"L1/{rule}",
            rule=rule,
            letter="L1",
            party=party,
            state="running" if due and rule != "local.service" else "met",
            ended="",
            name="对检察建议的书面回复",
            basis="《人民检察院检察建议工作规定》第十九条",
            owner="agency",
            started_on=str(made.case.opened_on),
            due_on=due,
            edition="2026",
            ledger="started",
            met_on="",
            is_overdue=rule == "jy.reply" and made.case.is_overdue,
            **{each: DeadlineRow.model_fields[each].default for each in _LEFT},
        )


_LEFT = ("due_from", "due_to", "provisional", "in_force", "days_late")


def _facts(made: Made) -> Iterator[FactRow]:
    """One entry to be sorted where a case says that it has one, and one beside it that is not."""
    for seq, how in enumerate(("unmatched", "noted") if made.case.unmatched else ()):
        yield FactRow.model_construct(
            case=made.case.case,
            id=f"收文-{seq}",
            seq=seq,
            kind="reply_received",
            happened_on="2026-11-10",
            recorded_by="李四",
            role="clerk",
            how=how,
            what="没有对应的已制发文书",
        )


def _item(case: str, deed: str, county: str) -> ItemRow:
    return ItemRow.model_construct(
        case=case,
        item="1",
        what=deed,
        kind="restore",
        state="open",
        next_milestone="clear",
        area_m2=1200.0,
        owner=f"{county}自然资源局",
        due_on=None,
    )
