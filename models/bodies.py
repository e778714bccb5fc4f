"""Bodies, places, and one city's jurisdiction: who may address whom, who is above whom, what binds whom.

All that is local is read from a jurisdiction file (`models/jurisdictions/*.toml`); another city has its own.
Bodies outside it (townships, a university, another city's bureau, 某镇政府) are given inline in a case file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.body_names import kind_of
from models.dates import EventDate
from models.errors import InputError, Problem
from models.terms import BodyKind, Level, Mechanism
from models.wire import LocalPeriod

if TYPE_CHECKING:
    from models.agency_changes import AgencyChange

_SUFFIX = {
    BodyKind.PROCURATORATE: "proc",
    BodyKind.NATURAL_RESOURCES: "nr",
    BodyKind.COURT: "court",
    BodyKind.GOVERNMENT: "gov",
}

# 直辖市: the districts' courts and procuratorates do not follow the shape of the code.
_MUNICIPALITIES = ("11", "12", "31", "50")


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
class Passed:
    """A body as it was until a change of agencies: from which day it is so no more, and by which document.

    `heir` is the code of whoever goes on with its duty: its own when it was only renamed, empty when nobody does.
    """

    body: Body
    on: date
    heir: str
    basis: str
    change: int
    where: str = ""

    @property
    def called(self) -> tuple[str, str]:
        """Its code, and the name that it had."""
        return self.body.code, _canonical(self.body.name)

    def in_words(self, heir: Body | None) -> str:
        """What became of it; `heir` is who goes on with its duty today."""
        if heir is None:
            end = "撤销，没有承继单位"
        else:
            end = f"改称{heir.name}" if self.heir == self.body.code else f"撤并，由{heir.name}承继"
        return f"{self.body.name}自{self.on}起{end}（{self.basis}）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """A city with the county-level divisions beneath it, and what stands above it.

    `copies` names who above is sent a copy of reports and circulars. `passed` is what bodies were before the changes that have
    been laid over the file, in their order; `unfit` what of these changes finds nothing in the file that it could change.
    """

    code: str
    name: str
    places: Mapping[str, Place]
    bodies: Mapping[str, Body]
    copies: tuple[str, ...] = ()
    file: str = ""
    passed: tuple[Passed, ...] = ()
    unfit: tuple[Problem, ...] = ()
    _names: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for names_of in (lambda body: body.former_names, lambda body: (body.name,)):
            seen: dict[str, set[str]] = {}
            for body in self.bodies.values():
                for key in (key for name in names_of(body) for key in self._keys(name)):
                    seen.setdefault(key, set()).add(body.code)
            # A name of today goes before one that another body had once.
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

    def filed_under(self, code_or_name: str, *, field: str = "") -> str:
        """The code that cases of a place bear: as `place`, but a former code is the one that cases of then have still."""
        wanted = code_or_name.strip()
        former = {each.code for place in self.places.values() for each in place.former}
        return wanted if wanted in former - self.places.keys() else self.place(wanted, field=field).code

    def find(self, code_or_name: str) -> Body | None:
        """A body by code or name, of today or former, full or short (永安市检察院); None if unknown, or gone without an heir."""
        wanted = code_or_name.strip()
        if wanted in self.bodies:
            return self.bodies[wanted]
        code = self._names.get(_canonical(wanted))
        return self.bodies[code] if code else self._heir(wanted)

    def _heir(self, code_or_name: str) -> Body | None:
        """Who goes on with the duty of the body that last had this code or name, and has it no more."""
        wanted = _canonical(code_or_name)
        bearers = (each.body.code for each in reversed(self.passed) if wanted in each.called)
        code = next(bearers, "")
        heirs = {each.body.code: each.heir for each in self.passed}
        while code in heirs and code not in self.bodies:
            code = heirs[code]
        return self.bodies.get(code)

    def what_became(self, code_or_name: str) -> Passed | None:
        """The change by which a code or full name is that of a body no more; None for one of today, or one never known."""
        wanted = _canonical(code_or_name.strip())
        found = [
            each
            for each in self.passed
            if wanted in map(_canonical, (each.body.name, *each.body.former_names))
            or wanted == each.body.code != each.heir
        ]
        known = self.find(code_or_name)
        return found[-1] if found and (known is None or _canonical(known.name) != wanted) else None

    def gone(self, code_or_name: str, field: str = "") -> Problem | None:
        """That a body is gone and nobody goes on with its duty."""
        passed = None if self.find(code_or_name) else self.what_became(code_or_name)
        if passed is None:
            return None
        return Problem(passed.in_words(None), "写现在行使这项职权的单位", field=field)

    def body(self, code_or_name: str, *, field: str = "") -> Body:
        """As `find`, but InputError, with the nearest names, if there is none."""
        found = self.find(code_or_name)
        if found is not None:
            return found
        if (gone := self.gone(code_or_name, field)) is not None:
            raise InputError(gone)
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
        """The body of that kind which serves a place, of today or former, as its own."""
        place = place if place in self.places else self._merged_into(place)
        if (usual := self.bodies.get(body_code(place, kind))) is not None:
            return usual
        others = [each for each in self.bodies.values() if each.kind is kind and each.place == place]
        return others[0] if len(others) == 1 else None

    def _merged_into(self, code: str) -> str:
        """The code of today of a place that was merged; the code itself where none is known."""
        into = (each.code for each in self.places.values() if code in (one.code for one in each.former))
        return next(into, code)

    def as_changed(self, changes: Sequence[AgencyChange], on: date | None) -> Jurisdiction:
        """The jurisdiction on a day, as the changes that have taken effect by then leave it; of `None`, all of them."""
        from models.changed_jurisdiction import lay  # it builds the classes of this module

        return lay(self, changes, on)

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


def _canonical(name: str) -> str:
    return re.sub(r"人民(?=检察院|法院|政府)|\s", "", name)
