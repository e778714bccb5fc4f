"""Bodies, places, and one city's jurisdiction: who may address whom, who is above whom, what binds whom.

All that is local is read from a jurisdiction file (`models/jurisdictions/*.toml`); another city has its own.
Bodies outside it (townships, a university, another city's bureau, 某镇政府) are given inline in a case file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from models.dates import EventDate
from models.errors import InputError, Problem
from models.terms import BodyKind, Level, Mechanism
from models.wire import LocalPeriod

_SUFFIX = {
    BodyKind.PROCURATORATE: "proc",
    BodyKind.NATURAL_RESOURCES: "nr",
    BodyKind.COURT: "court",
    BodyKind.GOVERNMENT: "gov",
}

# 直辖市: the districts' courts and procuratorates do not follow the shape of the code.
_MUNICIPALITIES = ("11", "12", "31", "50")

# First match wins: “城市管理和综合执法局” before “城市…”, “管委会” and “村委会” before “…委”.
_KIND_BY_NAME: tuple[tuple[re.Pattern[str], BodyKind], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"法院|[高中]院$", BodyKind.COURT),
        (r"检察院|铁检院", BodyKind.PROCURATORATE),
        (r"公司|集团|厂$|合作社", BodyKind.ENTERPRISE),
        (r"大学|学院", BodyKind.UNIVERSITY),
        (r"[村居]委会|[村居]民委员会", BodyKind.VILLAGE),
        (r"管委会|管理委员会", BodyKind.DEVELOPMENT_ZONE),
        (r"[乡镇](人民)?政府|街道", BodyKind.TOWNSHIP),
        (r"综合(行政)?执法|城管|城市管理", BodyKind.URBAN_MANAGEMENT),
        (r"自然资源|国土|自规|资规|土地", BodyKind.NATURAL_RESOURCES),
        (r"林业|林草", BodyKind.FORESTRY),
        (r"水利|水务", BodyKind.WATER),
        (r"农业", BodyKind.AGRICULTURE),
        (r"财政", BodyKind.FINANCE),
        (r"生态环境|环境保护|环保", BodyKind.ECOLOGY),
        (r"住房|住建|城建|城乡建设", BodyKind.HOUSING),
        (r"交通", BodyKind.TRANSPORT),
        (r"公安", BodyKind.POLICE),
        (r"市场监督|市场监管|市监", BodyKind.MARKET_SUPERVISION),
        (r"纪委|监委|监察委", BodyKind.DISCIPLINE),
        (r"人大", BodyKind.PEOPLES_CONGRESS),
        (r"[省市县区党]委", BodyKind.PARTY_COMMITTEE),
        (r"政府", BodyKind.GOVERNMENT),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One body. Its `code` is ASCII and stays (`350481-nr`); without level and place it is *unchecked*."""

    code: str
    name: str
    kind: BodyKind
    level: Level | None = None
    place: str = ""
    superior: str = ""
    office: str = ""
    former_names: tuple[str, ...] = ()
    to_confirm: bool = False

    @property
    def checked(self) -> bool:
        """Whether its level and place are known, so that [建议]3 can be applied to it."""
        return self.level is not None and bool(self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerPlace:
    """A code and name that were merged into a place of today."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooperation:
    """A text of the cooperation, of `place`: its date (perhaps that of its publication) and its contents."""

    place: str
    title: str
    published_on: EventDate
    mechanisms: tuple[Mechanism, ...]
    number: str = ""
    extra: tuple[str, ...] = ()
    changed: tuple[LocalPeriod, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A province, city, county-level division; `code` is its 行政区划码 of six digits."""

    code: str
    name: str
    parent: str = ""
    former: tuple[FormerPlace, ...] = ()
    cooperation: Cooperation | None = None

    @property
    def level(self) -> Level:
        """Its level, by the shape of its code."""
        return level_of(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """A city with the county-level divisions beneath it, and what stands above it.

    `copies` names who above is sent a copy of reports and circulars.
    """

    code: str
    name: str
    places: Mapping[str, Place]
    bodies: Mapping[str, Body]
    copies: tuple[str, ...] = ()
    file: str = ""
    _names: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        seen: dict[str, set[str]] = {}
        for body in self.bodies.values():
            for name in (body.name, *body.former_names):
                for key in self._keys(name):
                    seen.setdefault(key, set()).add(body.code)
        self._names.update({key: next(iter(codes)) for key, codes in seen.items() if len(codes) == 1})

    @classmethod
    def load(cls, path: Path | None = None) -> Jurisdiction:
        """Read a jurisdiction file, or the only one of the package. InputError lists all that is wrong."""
        from models.jurisdiction_file import only_file, read  # the reader builds the classes of this module

        return read(path or only_file())

    def place(self, code_or_name: str, *, field: str = "") -> Place:
        """A place by code or name, of today or former; InputError if it is none."""
        wanted = code_or_name.strip()
        for place in self.places.values():
            if wanted in (place.code, place.name):
                return place
        for place in self.places.values():
            if any(wanted in (former.code, former.name) for former in place.former):
                return place
        begun = [place for place in self.places.values() if len(wanted) > 1 and place.name.startswith(wanted)]
        if len(begun) == 1:
            return begun[0]
        near = get_close_matches(wanted, [place.name for place in self.places.values()], n=3, cutoff=0.4)
        raise InputError(
            Problem(
                f"{self.name}的辖区文件里没有“{wanted}”这个地方",
                remedy=f"是不是：{'、'.join(near)}"
                if near
                else "写行政区划码或者名称，如 "
                + "、".join(f"{place.code} {place.name}" for place in list(self.places.values())[:3]),
                field=field,
            )
        )

    def find(self, code_or_name: str) -> Body | None:
        """A body by code or name, of today or former, full or short (永安市检察院); None if unknown."""
        wanted = code_or_name.strip()
        if wanted in self.bodies:
            return self.bodies[wanted]
        code = self._names.get(_canonical(wanted))
        return self.bodies[code] if code else None

    def body(self, code_or_name: str, *, field: str = "") -> Body:
        """As `find`, but InputError, with the nearest names, if there is none."""
        found = self.find(code_or_name)
        if found is not None:
            return found
        near = get_close_matches(code_or_name, [body.name for body in self.bodies.values()], n=3, cutoff=0.5)
        raise InputError(
            Problem(
                f"{self.name}的辖区文件里没有“{code_or_name.strip()}”这个单位",
                remedy=f"是不是：{'、'.join(near)}"
                if near
                else "在案件文件里写明它的名称、类别、级别和所在地",
                field=field,
            )
        )

    def recipient(self, given: str | Mapping[str, Any], *, file: str = "", field: str = "") -> Body:
        """The body that a case file names: a known one, or one given inline.

        Inline: name, kind, level, place, superior. An unknown name alone makes an unchecked body, so that
        某镇政府 can be written. InputError lists every problem.
        """
        from models.jurisdiction_file import read_body  # the reader builds the classes of this module

        return read_body(self, {"name": given} if isinstance(given, str) else given, file=file, field=field)

    def procuratorates(self) -> tuple[Body, ...]:
        """The procuratorates of the jurisdiction, the city's own first."""
        inside = (place.code for place in self.places.values() if self.contains(place.code))
        found = (self.of(code, BodyKind.PROCURATORATE) for code in sorted(inside))
        return tuple(body for body in found if body is not None)

    def of(self, place: str, kind: BodyKind) -> Body | None:
        """The body of that kind which serves a place as its own."""
        return self.bodies.get(body_code(place, kind))

    def contains(self, place: str) -> bool:
        """Whether a place, by its code of today or a former one, lies in the jurisdiction."""
        return place == self.code or self.code in self.above(place)

    def above(self, place: str) -> tuple[str, ...]:
        """The codes of the places above, the nearest first; by the code's own shape where it is unknown."""
        known = self.places.get(place)
        if known is not None and known.parent:
            return (known.parent, *self.above(known.parent))
        return tuple(code for code in dict.fromkeys((place[:4] + "00", place[:2] + "0000")) if code != place)

    def superior(self, body: Body) -> Body | None:
        """The body above: 上级检察院, 上级主管部门."""
        return self.bodies.get(body.superior)

    def cooperation(self, place: str) -> Cooperation | None:
        """The text that a place is under: its own, else that of the nearest place above; None outside."""
        if not self.contains(place):
            return None
        for code in (place, *self.above(place)):
            known = self.places.get(code)
            if known is not None and known.cooperation is not None:
                return known.cooperation
        return None

    def changed_periods(self, place: str, on: date) -> tuple[LocalPeriod, ...]:
        """The periods that the text of a place sets otherwise, for a case opened on that day.

        The plan is due with the reply, so a changed coop.reply moves coop.plan unless that is set too.
        """
        text = self.cooperation(place)
        if text is None or on < text.published_on.latest:
            return ()
        rules = [each.rule for each in text.changed]
        plans = (
            each.model_copy(update={"rule": "coop.plan"})
            for each in text.changed
            if each.rule == "coop.reply" and "coop.plan" not in rules
        )
        return (*text.changed, *plans)

    def is_bound(self, body: Body) -> bool:
        """Whether the cooperation's article 3 binds it: a natural resources bureau of the jurisdiction."""
        text = self.cooperation(body.place) if body.place else None
        return (
            body.kind is BodyKind.NATURAL_RESOURCES
            and text is not None
            and Mechanism.URGING in text.mechanisms
        )

    def check_recipient(self, issuer: Body, recipient: Body, *, involved: bool = False) -> list[Problem]:
        """What [建议]3 has against this issuer addressing this recipient by itself, and what to do instead.

        `involved`: the recipient is the unit of the very case (涉案单位), which may be addressed directly though it
        is a superior or a subordinate one; in another place its procuratorate is asked first all the same. Empty for
        an unchecked body: nothing is known of its level and place.
        """
        if issuer.kind is not BodyKind.PROCURATORATE:
            return [Problem(f"{issuer.name}不是人民检察院", remedy="制发单位写本院")]
        if recipient.kind is BodyKind.PROCURATORATE:
            return [Problem(f"收件单位{recipient.name}是检察院", remedy="检察院之间用移送、层报或者指令")]
        if not (issuer.checked and recipient.checked) or issuer.place == recipient.place:
            return []
        court = recipient.kind is BodyKind.COURT
        related = recipient.place in self.above(issuer.place) or issuer.place in self.above(recipient.place)
        if involved and related and not court:
            return []
        basis = "行政诉讼监督应向同级法院提出" if court else "检察建议工作规定第三条"
        counterpart = self.of(recipient.place, BodyKind.PROCURATORATE)
        theirs = counterpart.name if counterpart else f"{recipient.name}所在地同级人民检察院"
        if recipient.place in self.above(issuer.place):
            return [
                Problem(
                    f"{issuer.name}不能自行向上级单位{recipient.name}提出检察建议（{basis}）",
                    remedy=f"提请{theirs}监督"
                    if court
                    else f"层报{theirs}决定并提出，或者制作后报其审核并转送",
                )
            ]
        if issuer.place in self.above(recipient.place):
            return [
                Problem(
                    f"{issuer.name}不能自行向下级单位{recipient.name}提出检察建议（{basis}）",
                    remedy=f"指令{theirs}提出",
                )
            ]
        if court:
            remedy = f"移送{theirs}监督"
        elif recipient.level and issuer.level and recipient.level.rank < issuer.level.rank:
            remedy = f"层报至与其同级的人民检察院，由该院征求{theirs}的意见后决定"
        else:
            remedy = f"先征求{theirs}的意见；意见不同而仍坚持的，层报共同的上级人民检察院决定"
        return [Problem(f"{recipient.name}不在{issuer.name}的辖区（{basis}）", remedy=remedy)]

    def _keys(self, name: str) -> list[str]:
        """The full name, and without the city before a district's (三元区检察院)."""
        full = _canonical(name)
        short = full.removeprefix(self.name)
        inner = short != full and any(
            short.startswith(known)
            for place in self.places.values()
            for known in (place.name, *(former.name for former in place.former))
        )
        return [full, short] if inner else [full]


def body_code(place: str, kind: BodyKind) -> str:
    """The code of the body of that kind which serves a place as its own: `350481-nr`."""
    return f"{place}-{_SUFFIX.get(kind, kind.value.replace('_', '-'))}"


def level_of(place: str) -> Level:
    """The level of a place, by the shape of its code."""
    if place.endswith("0000"):
        return Level.PROVINCE
    return Level.CITY if place.endswith("00") else Level.COUNTY


def level_fits(level: Level, place: str) -> bool:
    """Whether a body of that level can sit in a place of that code."""
    if place.startswith(_MUNICIPALITIES) or level is level_of(place):
        return True
    return level is Level.TOWNSHIP and not place.endswith("0000")


def kind_of(name: str) -> BodyKind:
    """What sort of body a name speaks of (县自规局, 市中级法院, 某乡镇政府); OTHER if it does not say."""
    return next((kind for pattern, kind in _KIND_BY_NAME if pattern.search(name)), BodyKind.OTHER)


def free_body(
    name: str, *, kind: BodyKind | None = None, level: Level | None = None, place: str = ""
) -> Body:
    """A body that no jurisdiction file knows, under a stable code made from its name alone.

    Kind is read from the name unless given; the level from the place, where that is given.
    """
    name = name.strip()
    kind = kind or kind_of(name)
    if level is None and place:
        level = Level.TOWNSHIP if kind in (BodyKind.TOWNSHIP, BodyKind.VILLAGE) else level_of(place)
    digest = hashlib.sha256(name.encode()).hexdigest()[:12]
    return Body(code=f"x-{digest}", name=name, kind=kind, level=level, place=place)


def split_names(text: str) -> tuple[str, ...]:
    """Several things in one line: “市林业局；区城管局” is two. A 、 occurs within names."""
    return tuple(name for name in (part.strip() for part in re.split(r"[；;]", text)) if name)


def _canonical(name: str) -> str:
    return re.sub(r"人民(?=检察院|法院|政府)|\s", "", name)
