"""The bodies that one line of a published case names: how it is parted, and which names one body has had."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.body_names import kind_of, split_names
from models.terms import BodyKind
from models.wire import Recipient

# What a whole name ends in: a joint after one of these begins a new name, elsewhere the name goes on (城市管理和综合执法局).
_WHOLE = re.compile(
    r"(?:局|院|政府|委|办|处|所|厅|部|队|站|会|室|校|厂|矿|中心|公司|集团|企业|大学|银行|支行|机关|部门|单位|街道|某|"
    r"[农林牧渔茶]场|合作社|信用社|开发区|园区|景区|保护区|镇|(?<!城)乡|(?<!农)村)(?:等\w{0,6})?$"
)
# What several names share that stand before it: 甲、乙两镇政府; 自然资源、农业农村部门.
_SHARED = re.compile(
    r"(?:[两二三四五六七八九十多几]个?)?(?:级)?((?:[乡镇]|乡镇)(?:人民)?政府|街道办事处|(?:行政)?(?:主管|监管)?部门|分局|局|委员会|委|"
    r"(?:人民)?法院|(?:人民)?政府)$"
)
_JOINTS = re.compile(r"(以及|及其|、|，|,|/|\s+|和|及|与)")
_STRONG_JOINTS = re.compile(r"、|，|,|/")
_PARENTHESES = re.compile(r"[（(][^（）()]*[）)]")
_OTHERS = re.compile(r"等[\w]{0,6}$")
_BECAME = re.compile(r"→|->|⇒")


def recipients_of(text: str) -> tuple[str, ...]:
    """The bodies that a line names, each once: parted by ；, and by 、, 和 or 及 where a whole name stands before them.

    An ending that several share is given to each (自然资源、农业农村部门). Of a renamed body (旧名→新名) the first name counts;
    remarks in parentheses are left out.
    """
    names: list[str] = []
    for part in split_names(_PARENTHESES.sub("", text)):
        name = ""
        for piece in _JOINTS.split(part.strip()):
            if _JOINTS.fullmatch(piece) and _WHOLE.search(name):
                names += _each(name)
                name = ""
            else:
                name += piece
        names += _each(name)
    cleaned = (_OTHERS.sub("", _BECAME.split(name)[0]).strip(" 、，,") for name in names)
    return tuple(dict.fromkeys(name for name in cleaned if name))


def _each(name: str) -> list[str]:
    """A name, or those that share its ending: what stands before a 、 and is no whole name needs one."""
    shared = _SHARED.search(name)
    before = name[: shared.start()] if shared else name
    if not shared or not _STRONG_JOINTS.search(before):
        return [name]
    # 和 joins names only where nothing but 部门 follows: 住房和城乡建设局 is one.
    joints = _JOINTS if shared[1].endswith("部门") else _STRONG_JOINTS
    pieces = [each for each in joints.split(before) if each and not _JOINTS.fullmatch(each)]
    return [piece + shared[1] for piece in pieces]


def chains(text: str) -> tuple[tuple[str, ...], ...]:
    """The names that each body of a field has had, oldest first: “威海市国土资源局→市自然资源和规划局；威海市政府”."""
    found = []
    for part in split_names(_PARENTHESES.sub("", text)):
        chain = tuple(name.strip() for name in _BECAME.split(part) if name.strip())
        if chain:
            found.append(chain)
    return tuple(found)


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
