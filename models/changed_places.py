"""What changes of agencies do to places: renamed, merged, and new ones (撤县设区), with what stands against each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from models.agency_changes import AgencyChange, ChangeEntry, NewPlace, PlaceMerged, PlaceRenamed
from models.bodies import Body, FormerPlace, Jurisdiction, Passed, Place
from models.errors import Problem


@dataclass(frozen=True, slots=True)
class Touched:
    """That an entry concerns a body or place."""

    code: str
    name: str
    on: date
    change: int
    where: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: `order` is the day, the number of the change, the phase, the place in the file."""

    order: tuple[date, int, int, int]
    change: AgencyChange
    entry: ChangeEntry
    do: Callable[[Step], None]


class PlaceLayers:
    """The file with what changes do to its places laid over it."""

    def __init__(self, base: Jurisdiction) -> None:
        self.base = base
        self.now = base
        self.places: dict[str, Place] = dict(base.places)
        self.bodies: dict[str, Body] = dict(base.bodies)
        self.passed: list[Passed] = []
        self.copies = base.copies
        self.problems: list[Problem] = []
        self.touched: list[Touched] = []

    def wrong(self, step: Step, key: str, what: str, remedy: str) -> None:
        field = f"{step.entry.where}.{key}"
        self.problems.append(Problem(what, remedy, field=field, file=step.change.file))

    def touch(self, step: Step, code: str, name: str) -> None:
        self.touched.append(Touched(code, name, step.entry.on, step.change.number, step.entry.where))

    # places

    def known_place(self, named: str) -> Place | None:
        """The place of that day, by code or name; one that is no more is not taken for the one it belongs to."""
        return next((each for each in self.places.values() if named in (each.code, each.name)), None)

    def _place(self, step: Step, key: str, named: str) -> Place | None:
        place = self.known_place(named)
        if place is None:
            known = any(
                named in (former.code, former.name) for each in self.places.values() for former in each.former
            )
            what = f"{named}已经并入他处" if known else f"没有“{named}”这个地方"
            self.wrong(step, key, what, "写现有的行政区划码或者名称")
        return place

    def into(self, entry: PlaceMerged) -> str:
        if isinstance(entry.into, NewPlace):
            return entry.into.code
        into = self.known_place(entry.into)
        return into.code if into is not None else ""

    def rename_place(self, step: Step) -> None:
        entry = step.entry
        assert isinstance(entry, PlaceRenamed)
        place = self._place(step, "place", entry.place)
        if place is None:
            return
        if (other := self.known_place(entry.name)) is not None:
            self.wrong(step, "name", f"“{entry.name}”已是 {other.code} 的名称", "更正其一")
            return
        self.touch(step, place.code, place.name)
        former = (*place.former, FormerPlace(code=place.code, name=place.name))
        self.places[place.code] = replace(place, name=entry.name, former=former)

    def found_place(self, step: Step) -> None:
        entry = step.entry
        assert isinstance(entry, PlaceMerged)
        new = entry.into
        if not isinstance(new, NewPlace):
            return
        first = self.known_place(entry.places[0])
        parent = new.parent or (first.parent if first is not None else "")
        used = [each.code for each in self.places.values()]
        used += [former.code for each in self.places.values() for former in each.former]
        ending = [place for each in entry.places if (place := self.known_place(each)) is not None]
        taken = self.known_place(new.name)
        if new.code in used:
            self.wrong(step, "into.code", f"{new.code} 是或者曾是另一地方的代码", "核对行政区划码")
        elif taken is not None and taken not in ending:
            self.wrong(step, "into.name", f"“{new.name}”已是 {taken.code} 的名称", "更正其一")
        elif parent not in self.places:
            self.wrong(step, "into.parent", f"没有 {parent or '上级'} 这个地方", "写上级的行政区划码")
        else:
            self.places[new.code] = Place(code=new.code, name=new.name, parent=parent)

    def end_places(self, step: Step) -> None:
        entry = step.entry
        assert isinstance(entry, PlaceMerged)
        into = self.places.get(self.into(entry))
        if into is None and isinstance(entry.into, str):
            self._place(step, "into", entry.into)
        for named in entry.places:
            place = self._place(step, "places", named)
            if place is None or into is None:
                continue
            if place.code == into.code:
                self.wrong(step, "into", f"{place.name}并入自身", "改名的写 [[place_renamed]]")
            elif place.level is not into.level:
                what = f"{into.name}与{place.name}不是同一级"
                self.wrong(step, "into", what, "核对并入何处")
            elif place.code == self.base.code or any(
                each.parent == place.code for each in self.places.values()
            ):
                self.wrong(step, "places", f"{place.name}之下还有地方", "设区的市不这样合并：另写辖区文件")
            elif left := [each.name for each in self.bodies.values() if each.place == place.code]:
                what = f"没有写明{place.name}这些单位的去向：{'、'.join(left)}"
                self.wrong(step, "places", what, "各写一节 [[merged]] 或者 [[abolished]]，同一天生效")
            else:
                self.touch(step, place.code, place.name)
                self.touch(step, into.code, into.name)
                former = (*into.former, *place.former, FormerPlace(code=place.code, name=place.name))
                into = self.places[into.code] = replace(into, former=former)
                del self.places[place.code]


def former_names(name: str, *names: str | tuple[str, ...]) -> tuple[str, ...]:
    """Former names, each once, without the name of today."""
    flat = [one for each in names for one in (each if isinstance(each, tuple) else (each,))]
    return tuple(one for one in dict.fromkeys(flat) if one != name)
