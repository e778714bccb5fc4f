"""Whether two names mean one body, and how surely.

One body is 威海市国土资源局, 市国土资源局, 原国土局 and, renamed, 市自然资源和规划局. A name is read in three parts: the
places it stands in (某市某区), its office (自然资源), and its sort (局, 分局, 中院, 镇). Two names mean one body only where
places, level and sort agree; nothing is looked up, for a published case lies in any place of the country.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

Place = tuple[str, str]
"""A place's own name and its level: (安溪, 县). An anonymous one (某县, 县) has no name; one told without its level has none."""


class Likeness(IntEnum):
    """How surely two names mean one body, the surest last."""

    NONE = 0
    VAGUE = 1  # 县局, 该局: any such body of that level
    PART = 2  # a brigade or section of it, which answers in its name
    KIND = 3  # the same office in other words: 国土局 and 自然资源局
    RENAMED = 4  # the source says so
    NAME = 5  # the same words, and one of them says less of the place
    ALIKE = 6  # equal but for 某, 原 or 人民
    EXACT = 7


_PARENTHESES = re.compile(r"[（(][^（）()]*[）)]")
_QUALIFIERS = re.compile(r"^(?:原|该|相关|有关|各|多个|上述|国营|国有|被建议|被监督)+")
_SHORTER = tuple(
    (re.compile(pattern), short)
    for pattern, short in (
        (r"\s|某|人民(?=检察院|法院|政府)|等\w{0,6}$", ""),
        (r"街道办事处|街道办", "街道"),
        (r"([村居])民委员会", r"\1委会"),
        (r"管理委员会", "管委会"),
        (r"委员会$", "委"),
        (r"中级法院|中级院", "中院"),
        (r"高级法院|高级院", "高院"),
        (r"经济(?:技术)?开发区", "经开区"),
        (r"高新技术(?:产业)?开发区", "高新区"),
        (r"(?<=[乡镇])政府|(?<=街道)政府", ""),
        (r"(?:行政)?主管部门$|部门$", "局"),
    )
)

_LEVELS = re.compile(r"(.*?)(自治区|省|市|州|盟|县|区|旗|乡镇|乡|镇|街道|$)")
_SORT = re.compile(
    r"分局|(?<![省市县区])委$|局$|厅$|[省市县区]委$|管委会|[村居]委会|中心|大队|支队|中队|队$|所$|站$|处$|办$|[中高]院$|法院|检察院|"
    r"铁检院|政府|乡镇$|[乡镇]$|街道$|单位$|机关$"
)
_ANYBODY = frozenset(("单位", "责任单位", "收件单位", "机关", "行政机关"))
_BUREAUS = ("局", "委", "厅")
_SECTION = re.compile(r"(.+?局)(.*(?:科|股|室|大队|支队|中队))$")

# The offices told apart, by whatever words; and where in a name the office begins.
_OFFICES = {
    "natural_resources": r"自然资源|国土|自规|资规|规划和自然|土地",
    "real_estate": r"房产|房管|住房保障(?!和城乡)",
    "forestry": r"林业|林草",
    "water": r"水利|水务",
    "agriculture": r"农业",
    "finance": r"财政",
    "ecology": r"生态环境|环境保护|环保",
    "housing": r"住房(?!保障和房产)|住建|城建|城乡建设",
    "urban_management": r"城管|城市管理|综合(?:行政)?执法",
    "transport": r"交通|公路",
    "police": r"公安|警察|交警",
    "market": r"市场|市监|(?<!金融)监管$",
    "reform": r"发展|发改",
    "emergency": r"应急",
}
_FAMILIES = {name: re.compile(pattern) for name, pattern in _OFFICES.items()}
_OTHER_OFFICES = (
    r"规划|城乡|城市|资源|环境|综合|行政|执法|人力|人社|医疗|医保|卫生|卫健|文化|文旅|民政|教育|审计|统计|司法|税务|信访|退役|烟草|"
    r"科技|商务|工业|工信|政务|乡村振兴|海洋|渔业|畜牧|粮食|铁路|建设|监督|不动产|国有|事务"
)
_OFFICE = re.compile("|".join((*_OFFICES.values(), _OTHER_OFFICES)))
_OFFICE_WORDS = re.compile(f"(?:{_OFFICE.pattern}|和|与|管理|局)+")


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in its parts. `plain` is the whole without 某, 原, 人民, and with the usual short forms."""

    plain: str
    places: tuple[Place, ...]
    office: str
    sort: str

    @property
    def families(self) -> frozenset[str]:
        """Which of the known offices its words speak of; a merged bureau has several."""
        return frozenset(name for name, pattern in _FAMILIES.items() if pattern.search(self.office))


def likeness(one: str, other: str, renamed: Sequence[Sequence[str]] = ()) -> Likeness:
    """How surely two names mean one body; `renamed` are the names that each body of the case has had."""
    if one.strip() == other.strip():
        return Likeness.EXACT if one.strip() else Likeness.NONE
    first, second = _read(one), _read(other)
    if not first.plain or not second.plain:
        return Likeness.NONE
    found = _likeness(first, second)
    if found < Likeness.RENAMED:
        for chain in renamed:
            names = [_read(each) for each in chain]
            if all(any(_likeness(mine, each) >= Likeness.NAME for each in names) for mine in (first, second)):
                return Likeness.RENAMED
    return found or _likeness_of_part(first, second)


def is_same_body(one: str, other: str, renamed: Sequence[Sequence[str]] = ()) -> bool:
    """Whether two names mean one body, with whatever surety."""
    return bool(likeness(one, other, renamed))


def is_natural_resources(name: str) -> bool:
    """Whether a name speaks of a natural resources bureau, under whichever of its names."""
    return "natural_resources" in _read(name).families


def _likeness(one: _Name, other: _Name) -> Likeness:
    if one.plain == other.plain:
        return Likeness.ALIKE
    if _ANYBODY.intersection((one.plain, other.plain)):
        return Likeness.VAGUE
    if one.sort != other.sort or not _places_agree(one.places, other.places):
        return Likeness.NONE
    if one.office == other.office:
        return Likeness.NAME
    if one.sort == "分局" and not (one.families and other.families):
        return Likeness.NAME
    if one.sort == "局" and not (one.office and other.office):
        return Likeness.VAGUE
    if one.sort in ("局", "分局") and one.families:
        return Likeness.KIND if one.families == other.families else Likeness.NONE
    if one.families == other.families and _is_short_for(one.office, other.office):
        return Likeness.KIND
    shorter, longer = sorted((one.plain, other.plain), key=len)
    return Likeness.NAME if not one.sort and len(shorter) >= 3 and longer.endswith(shorter) else Likeness.NONE


def _likeness_of_part(one: _Name, other: _Name) -> Likeness:
    for whole, part in ((one, other), (other, one)):
        section = _SECTION.fullmatch(part.plain)
        if section and _likeness(_read(section[1]), whole) >= Likeness.KIND:
            return Likeness.PART
    return Likeness.NONE


def _is_short_for(one: str, other: str) -> bool:
    """发改 is short for 发展和改革: its characters in their order, from the first on."""
    shorter, longer = sorted((one, other), key=len)
    rest = iter(longer)
    return bool(shorter) and shorter[0] == longer[0] and all(character in rest for character in shorter)


def _read(name: str) -> _Name:
    plain = _QUALIFIERS.sub("", _PARENTHESES.sub("", name).strip())
    for pattern, short in _SHORTER:
        plain = pattern.sub(short, plain)
    sorts = list(_SORT.finditer(plain))
    if not sorts or sorts[-1].end() != len(plain):
        return _Name(plain, (), plain, "")
    ending = sorts[-1]
    sort, before = ending[0], plain[: ending.start()]
    if sort in ("乡", "镇", "乡镇", "街道"):
        return _Name(plain, _places(plain), "", "乡镇")
    if sort == "分局":
        return _branch(plain, before)
    start = _OFFICE.search(before)
    if start is None:
        start = re.search(r"(?<=[省市县区旗州盟])(?!.*[省市县区旗州盟])|$", before)
    at = start.start() if start else len(before)
    return _Name(plain, _places(before[:at]), before[at:], "局" if sort in _BUREAUS else sort)


def _branch(plain: str, before: str) -> _Name:
    """市自然资源局某区分局, 区自然资源分局, 国土襄都分局, 区分局: the place is the branch's own."""
    parent = re.fullmatch(r"(.*局)(.+)", before)
    if parent:
        return _Name(plain, _places(parent[2]), _read(parent[1]).office, "分局")
    office = "".join(_OFFICE_WORDS.findall(before))
    return _Name(plain, _places(_OFFICE_WORDS.sub("", before)), office, "分局")


def _places(text: str) -> tuple[Place, ...]:
    return tuple((name, level) for name, level in _LEVELS.findall(text) if name or level)


def _places_agree(one: tuple[Place, ...], other: tuple[Place, ...]) -> bool:
    """Whether two places can be one: compared from the innermost outwards, as far as both go."""
    return all(
        _levels_agree(mine[1], theirs[1]) and (mine[0].endswith(theirs[0]) or theirs[0].endswith(mine[0]))
        for mine, theirs in zip(reversed(one), reversed(other), strict=False)
    )


def _levels_agree(one: str, other: str) -> bool:
    return one == other or not one or not other or "乡镇" in (one, other)
