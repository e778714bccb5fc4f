"""The bodies that published events name, in the many ways in which they name them.

One body is 威海市国土资源局, 市国土资源局, 原国土局 and, renamed, 市自然资源和规划局; one line may name several. Nothing is
looked up: a published case lies in any place of the country.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.bodies import kind_of, split_names
from models.messages import Recipient
from models.terms import BodyKind

# What the name of a body ends in: at a 、 or 和 that follows one of these a new name begins, elsewhere the name goes on
# (城市管理和综合执法局; 土地、林业主管部门).
_ENDS = re.compile(
    r"(?:局|院|政府|委|办|处|所|厅|部|队|站|会|中心|公司|集团|大学|学院|机关|部门|单位|街道|分局)(?:等)?$"
)
_JOINTS = re.compile(r"(以及|、|，|,|/|和|及|与)")
_PARENTHESES = re.compile(r"[（(][^（）()]*[）)]")
_OTHERS = re.compile(r"等[\w]{0,6}$")

# Where the name of the office begins after the name of its place, for comparing 县自规局 with 某县自然资源和规划局.
_OFFICE = re.compile(
    r"自然资源|国土|自规|资规|规划|土地|林业|林草|水利|水务|农业|财政|生态|环境|环保|住房|住建|城建|城乡|城市|城管|综合|交通|公安|市场|市监|"
    r"人民|法院|中级|高级|[中高]院|检察"
)
_NAMELESS = (BodyKind.OTHER, BodyKind.TOWNSHIP, BodyKind.GOVERNMENT)


def recipients_of(text: str) -> tuple[str, ...]:
    """The bodies that a line names, each once: parted by ；, and by 、, 和 or 及 where a whole name stands before them.

    Of a renamed body (旧名→新名) the first name counts; remarks in parentheses are left out.
    """
    names: list[str] = []
    for part in split_names(_PARENTHESES.sub("", text)):
        name = ""
        for piece in _JOINTS.split(part):
            if _JOINTS.fullmatch(piece) and _ENDS.search(name):
                names.append(name)
                name = ""
            else:
                name += piece
        names.append(name)
    cleaned = (_OTHERS.sub("", re.split(r"→|->|⇒", name)[0]).strip(" 、，,") for name in names)
    return tuple(dict.fromkeys(name for name in cleaned if name))


def chains(text: str) -> tuple[tuple[str, ...], ...]:
    """The names that each body of a field has had, oldest first: “威海市国土资源局→市自然资源和规划局；威海市政府”."""
    found = []
    for part in split_names(_PARENTHESES.sub("", text)):
        chain = tuple(name.strip() for name in re.split(r"→|->|⇒", part) if name.strip())
        if chain:
            found.append(chain)
    return tuple(found)


def is_same_body(one: str, other: str, renamed: Sequence[Sequence[str]] = ()) -> bool:
    """Whether two names mean one body: alike, one within the other, renamed, or of one kind in places that agree."""
    first, second = _plain(one), _plain(other)
    if not first or not second:
        return False
    if _agree(first, second):
        return True
    for chain in renamed:
        names = [_plain(each) for each in chain]
        if any(_agree(first, name) for name in names) and any(_agree(second, name) for name in names):
            return True
    kind = kind_of(first)
    return kind is kind_of(second) and kind not in _NAMELESS and _places_agree(first, second)


def recipient(name: str) -> Recipient:
    """The body as a letter is addressed to it."""
    # Every body of a published case is taken as bound by a text like ours: a 告知函 then has its two months.
    kind = kind_of(name)
    return Recipient(name=name, is_court=kind is BodyKind.COURT, is_bound=kind is not BodyKind.COURT)


def renamed_to(note: str, renamed: Sequence[Sequence[str]]) -> str:
    """The new name that a note of a reorganisation gives, in the fuller form that the case knows; "" when it gives none."""
    match = re.search(
        r"(?:更名为|改称|改为|并入|划入|划转(?:至|给|到)?|移交(?:给|至)?|由|成立|组建|转(?:至|给|到))"
        r"(?:新的)?([\w（）]*?(?:局|政府|委员会|管委会|办事处|厅|中心))",
        note,
    )
    if match is None:
        return ""
    name = match[1]
    fuller = (each for chain in renamed for each in chain[1:] if each.endswith(name))
    return next(fuller, name)


def _plain(name: str) -> str:
    bare = _PARENTHESES.sub("", name).strip().removeprefix("原")
    return re.sub(r"人民(?=检察院|法院|政府)|\s", "", _OTHERS.sub("", bare))


def _agree(one: str, other: str) -> bool:
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    if longer == shorter:
        return True
    return len(shorter) >= 3 and (longer.endswith(shorter) or longer.endswith(shorter.removeprefix("某")))


def _places_agree(one: str, other: str) -> bool:
    first, second = (_OFFICE.split(name, maxsplit=1)[0] for name in (one, other))
    if not first or not second or "某" in first + second:
        return True
    return first.endswith(second) or second.endswith(first)
