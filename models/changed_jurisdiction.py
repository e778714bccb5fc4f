"""A jurisdiction as changes of agencies leave it on a day, and what is wrong with a change as things then stand.

Changes are laid over the file in the order of the days from which they hold, and of their numbers on one day; so it does not
matter in which order they are given. Within one change new places come first, then bodies in the order of the file, then the
places that are no more: by then nothing may be left in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from models.agency_changes import (
    AgencyChange,
    ChangeEntry,
    Ended,
    NewBody,
    PlaceMerged,
    PlaceRenamed,
    Renamed,
    standing,
)
from models.bodies import Body, Jurisdiction, Passed, level_of
from models.changed_places import PlaceLayers, Step, former_names
from models.errors import InputError, Problem
from models.terms import BodyKind, Level

_JUDICIAL = (BodyKind.COURT, BodyKind.PROCURATORATE)
_CHECK = "核对生效日期，写不早于 {} 的日期"


def lay(base: Jurisdiction, changes: Sequence[AgencyChange], on: date | None) -> Jurisdiction:
    """The jurisdiction with what has taken effect by that day, or with everything (None). What finds nothing to change in the
    file, because that was written anew since, is left out and noted in `unfit`: cases must go on.
    """
    return _Layers(base).laid(standing(changes), on)


def check_change(base: Jurisdiction, held: Sequence[AgencyChange], new: AgencyChange) -> list[Problem]:
    """All that is wrong with a new change, given those that were adopted before it."""
    replaces = new.content.replaces
    if replaces and replaces not in [each.number for each in standing(held)]:
        what = f"没有第 {replaces} 号变动，或者它已被取代"
        return [Problem(what, "现行的变动见 mingjian agencies", "replaces", file=new.file)]
    layers = _Layers(base)
    before = {str(each) for each in _Layers(base).laid(standing(held), None).unfit}
    after = layers.laid(standing((*held, new)), None).unfit
    problems = [each for each in after if str(each) not in before]
    for touched in layers.touched:
        later = [
            each
            for each in layers.touched
            if touched.change == new.number != each.change
            and each.code == touched.code
            and each.on > touched.on
        ]
        if later:
            last = max(each.on for each in later)
            what = f"{touched.name}在 {last} 已有变动（第 {later[-1].change} 号），不能再写更早的"
            problems.append(Problem(what, _CHECK.format(last), field=f"{touched.where}.from", file=new.file))
    return problems


class _Layers(PlaceLayers):
    """The file with one change after another laid over it."""

    def laid(self, changes: Sequence[AgencyChange], on: date | None) -> Jurisdiction:
        steps = sorted(self._steps(changes), key=lambda each: each.order)
        for step in steps:
            if on is None or step.entry.on <= on:
                step.do(step)
                self.now = replace(
                    self.base,
                    places=dict(self.places),
                    bodies=dict(self.bodies),
                    copies=self.copies,
                    passed=tuple(self.passed),
                    _names={},
                )
        return replace(self.now, unfit=tuple(self.problems), _names={})

    def _steps(self, changes: Sequence[AgencyChange]) -> Iterator[Step]:
        for change in changes:
            for place, entry in enumerate(change.content.entries):
                for phase, do in self._phases(entry):
                    yield Step((entry.on, change.number, phase, place), change, entry, do)

    def _phases(self, entry: ChangeEntry) -> list[tuple[int, Callable[[Step], None]]]:
        match entry:
            case Renamed():
                return [(1, self._rename)]
            case Ended():
                return [(1, self._end)]
            case PlaceRenamed():
                return [(0, self.rename_place)]
            case _:
                return [(0, self.found_place), (2, self.end_places)]

    # bodies

    def _body(self, step: Step, key: str, named: str) -> Body | None:
        """The body of that day which a name or code means; one that is gone is not taken for its heir."""
        gone = self.now.what_became(named)
        if gone is not None and gone.body.code not in self.bodies:
            what = f"{gone.body.name}在 {gone.on} 已经撤并（第 {gone.change} 号，{gone.where}）"
            self.wrong(step, key, what, "一个单位只撤并一次，也不能互相并入；写承继它的单位")
            return None
        try:
            return self.now.body(named)
        except InputError as error:
            self.wrong(step, key, error.problems[0].what, _near(error.problems[0].remedy))
            return None

    def _taken(self, name: str, but: Sequence[str]) -> Body | None:
        """The body that bears a name already, other than these."""
        return next(
            (each for each in self.bodies.values() if each.name == name and each.code not in but), None
        )

    def _rename(self, step: Step) -> None:
        entry = step.entry
        assert isinstance(entry, Renamed)
        body = self._body(step, "body", entry.body)
        if body is None:
            return
        if body.name == entry.name and entry.office in ("", body.office):
            self.wrong(step, "name", f"{body.code} 本来就叫“{body.name}”", "核对新的名称")
            return
        if (other := self._taken(entry.name, (body.code,))) is not None:
            self.wrong(step, "name", f"“{entry.name}”已是 {other.code} 的名称", "更正其一")
            return
        self.touch(step, body.code, body.name)
        self.bodies[body.code] = replace(
            body,
            name=entry.name,
            office=entry.office or body.office,
            former_names=former_names(entry.name, body.former_names, body.name),
            to_confirm=False,
        )
        self._pass(step, body, body.code)

    def _end(self, step: Step) -> None:
        entry = step.entry
        assert isinstance(entry, Ended)
        key = "bodies" if entry.heir_field == "into" else "body"
        found = [self._body(step, key, each) for each in entry.bodies]
        ending = [each for each in found if each is not None]
        codes = [each.code for each in ending]
        for each in ending:
            if codes.count(each.code) > 1:
                self.wrong(step, key, f"{each.name}写了两次", "一个单位只写一次")
                return
        heir = self._heir(step, entry, codes)
        if len(ending) != len(entry.bodies) or (heir is None and entry.heir is not None):
            return
        if heir is not None:
            fits = [self._fits(step, entry, each, heir) for each in ending]
            if not all(fits):
                return
        if heir is not None:
            self.bodies[heir.code] = heir
        for each in ending:
            del self.bodies[each.code]
            self.touch(step, each.code, each.name)
            self._pass(step, each, heir.code if heir else "")
        if heir is not None:
            self.touch(step, heir.code, heir.name)
            names = [name for each in ending for name in (*each.former_names, each.name)]
            former = former_names(heir.name, heir.former_names, *names)
            self.bodies[heir.code] = replace(heir, former_names=former)
        for code, each in self.bodies.items():
            if each.superior in codes:
                above = heir.code if heir is not None and heir.code != code else ""
                self.bodies[code] = replace(each, superior=above)

    def _heir(self, step: Step, entry: Ended, ending: Sequence[str]) -> Body | None:
        """Who goes on with the duty: a body of that day, or a new one."""
        key = entry.heir_field
        if isinstance(entry.heir, NewBody):
            return self._founded(step, entry.heir, key, ending)
        heir = self._body(step, key, entry.heir) if entry.heir else None
        if heir is not None and heir.code in ending:
            self.wrong(step, key, f"{heir.name}并入自身", "承继单位不写在撤并的单位里；改名的写 [[renamed]]")
            return None
        return heir

    def _founded(self, step: Step, new: NewBody, key: str, ending: Sequence[str]) -> Body | None:
        wrong = len(self.problems)
        if new.code in self.bodies or any(new.code == each.body.code for each in self.passed):
            self.wrong(step, f"{key}.code", f"{new.code} 是或者曾是另一单位的代码", "换一个代码")
        if new.place not in self.places:
            self.wrong(
                step, f"{key}.place", f"没有 {new.place} 这个地方", "写现有的地方，或者先写 [[place_merged]]"
            )
        if (other := self._taken(new.name, ending)) is not None:
            what = f"“{new.name}”已是 {other.code} 的名称"
            self.wrong(step, f"{key}.name", what, "并入现有单位的，写它的名称而不是一节")
        above = self._body(step, f"{key}.superior", new.superior) if new.superior else None
        if len(self.problems) > wrong:
            return None
        if above is None:
            above = self.now.of(self.places[new.place].parent, new.kind)
        township = new.kind in (BodyKind.TOWNSHIP, BodyKind.VILLAGE)
        return Body(
            code=new.code,
            name=new.name,
            kind=new.kind,
            level=Level.TOWNSHIP if township else level_of(new.place),
            place=new.place,
            superior=above.code if above is not None and above.code not in ending else "",
            office=new.office,
        )

    def _fits(self, step: Step, entry: Ended, body: Body, heir: Body) -> bool:
        """That whoever goes on with a duty is of the kind and place of who had it, unless another is meant."""
        key = entry.heir_field
        if body.kind is not heir.kind and (body.kind in _JUDICIAL or heir.kind in _JUDICIAL):
            what = f"{heir.name}是{heir.kind.label}，不能承继{body.name}（{body.kind.label}）"
            self.wrong(step, key, what, "法院、检察院只由法院、检察院承继")
            return False
        moved = {
            place.code: self.into(each)
            for each in step.change.content.entries
            if isinstance(each, PlaceMerged) and each.on <= entry.on
            for name in each.places
            if (place := self.known_place(name)) is not None
        }
        differs = [
            f"{heir.name}{what}"
            for what, mine, its in (
                (f"是{heir.kind.label}，{body.name}是{body.kind.label}", body.kind, heir.kind),
                (
                    f"在 {heir.place}，{body.name}在 {body.place}",
                    moved.get(body.place, body.place),
                    heir.place,
                ),
            )
            if mine != its
        ]
        if differs and not entry.across:
            self.wrong(
                step, key, "；".join(differs), "核对承继单位；确系跨类别、跨地方承继的，写 across = true"
            )
        return entry.across or not differs

    def _pass(self, step: Step, body: Body, heir: str) -> None:
        """Note what it was; a department of it that is sent copies (××检察院第八检察部) is one of whoever goes on."""
        basis, now = step.change.content.basis, self.bodies.get(heir)
        if now is not None:
            self.copies = tuple(each.replace(body.name, now.name) for each in self.copies)
        self.passed.append(
            Passed(
                body=body,
                on=step.entry.on,
                heir=heir,
                basis=basis,
                change=step.change.number,
                where=step.entry.where,
            )
        )


def _near(remedy: str) -> str:
    """A body that does not exist cannot be described here, as it can in a case file."""
    return remedy if remedy.startswith(("是不是", "写现在")) else "写 mingjian agencies 里的名称或代码"
