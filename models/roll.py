"""第二条 联络员名册: who is the liaison of which office, from which day to which.

"各自确定一名专职人员为联系人员": each procuratorate and each natural resources bureau of the jurisdiction has one liaison at a
time. A designation is never altered; a successor's, or a release, ends it. Days are days in China, first and last included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pydantic import Field

from models.bodies import Body, Jurisdiction
from models.errors import Problem, Refusal
from models.terms import BodyKind
from models.wire import Wire

_DEPARTMENTS = {BodyKind.PROCURATORATE: "第四检察部", BodyKind.NATURAL_RESOURCES: "执法监察科"}

Placing = Callable[[int, Problem], Problem]
"""Says of a problem with the so-manieth designation (from 0) where that stands: file, row, field."""


class Designation(Wire):
    """One person's time as the liaison of an office, a body by its code; `name` is what the body was called then.

    `since` and `until` are its first and last day; `until` is None while no end is known, and lies before `since` for a
    designation that was struck out. Who entered it and its end, and when (UTC), stands beside.
    """

    office: str
    name: str
    department: str
    person: str = Field(min_length=1, max_length=60)
    phone: str = Field(default="", max_length=60)
    since: date
    until: date | None = None
    entered_by: str
    entered_at: datetime
    ended_by: str = ""
    ended_at: datetime | None = None

    @property
    def is_struck(self) -> bool:
        """Whether it was entered by mistake and struck out: it holds on no day."""
        return self.until is not None and self.until < self.since

    def holds_on(self, day: date) -> bool:
        """Whether the person is the liaison on that day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def ended(self, until: date, by: str, at: datetime) -> Designation:
        """The same with its last day, by whom and when that was entered."""
        return self.model_copy(update={"until": until, "ended_by": by, "ended_at": at})


@dataclass(frozen=True, slots=True)
class Roll:
    """A roll with what was done to it: `entered` are the designations asked for, as they now stand.

    `fresh` says of each whether it is new, or was on the roll before.
    """

    designations: tuple[Designation, ...]
    entered: tuple[Designation, ...] = ()
    fresh: tuple[bool, ...] = ()


# ── offices ─────────────────────────────────────────────────────────────────────────────────────────────────


def offices(jurisdiction: Jurisdiction) -> list[Body]:
    """The offices that article 2 asks a liaison of: both bodies of the city, then of each county, by code."""
    inside = sorted(code for code in jurisdiction.places if jurisdiction.contains(code))
    found = (jurisdiction.of(place, kind) for place in inside for kind in _DEPARTMENTS)
    return [body for body in found if body is not None]


def department_of(office: Body) -> str:
    """The department for daily liaison: the one that the jurisdiction file names, else that of article 2."""
    return office.office or _DEPARTMENTS.get(office.kind, "")


def liaison_on(designations: Iterable[Designation], office: str, day: date) -> Designation | None:
    """Who is the liaison of an office, by its code, on a day; None when nobody is."""
    return next((each for each in designations if each.office == office and each.holds_on(day)), None)


def missing_offices(jurisdiction: Jurisdiction, designations: Sequence[Designation], on: date) -> list[Body]:
    """The offices without a liaison on a day, in the order of `offices`."""
    return [office for office in offices(jurisdiction) if liaison_on(designations, office.code, on) is None]


def former_liaisons(designations: Iterable[Designation], office: str, day: date) -> set[str]:
    """The names of those who once were the liaison of an office, and are not the one of that day."""
    here = [each for each in designations if each.office == office and each.since <= day]
    return {each.person for each in here} - {each.person for each in here if each.holds_on(day)}


# ── what is done to the roll ────────────────────────────────────────────────────────────────────────────────


def _unplaced(number: int, problem: Problem) -> Problem:
    return problem


def designate(
    designations: Sequence[Designation], new: Sequence[Designation], placed: Placing = _unplaced
) -> Roll:
    """The roll with new designations, each ending the one before it; Refusal with all that is wrong, and none is entered.

    One that is on the roll already (same office, person and first day) is no second one. Two liaisons of one office at once
    are refused, and so are two new designations of one office: which of them holds must be said one after the other.
    """
    standing, entered, fresh = list(designations), [], []
    problems = []
    seen: set[str] = set()
    for number, each in enumerate(new):
        found = [_twice(each)] if each.office in seen else _conflicts(standing, each)
        seen.add(each.office)
        known = _known(standing, each)
        problems += [placed(number, problem) for problem in found]
        if known is None and not found:
            standing = [*_ended_before(standing, each), each]
        entered.append(known or each)
        fresh.append(known is None)
    if problems:
        raise Refusal(problems)
    return Roll(tuple(standing), tuple(entered), tuple(fresh))


def release(designations: Sequence[Designation], office: Body, on: date, by: str, at: datetime) -> Roll:
    """The roll with the liaison of an office released; `on` is the last day.

    The day before the first strikes out a designation that was entered by mistake. Released already on that day is fine;
    Refusal when nobody is to be released, or the day lies earlier.
    """
    here = [each for each in designations if each.office == office.code]
    standing = next((each for each in here if each.until is None), None)
    if standing is None:
        again = next((each for each in here if each.until == on), None)
        if again is not None:
            return Roll(tuple(designations), (again,), (False,))
        last = next((each for each in reversed(here) if not each.is_struck), None)
        remedy = f"最后一名{last.person}任至{last.until}" if last else "名册上没有它的联络员"
        raise Refusal(Problem(f"{office.name}没有可以解除的联络员", remedy, "office"))
    if (standing.since - on).days > 1:
        eve = standing.since - timedelta(days=1)
        raise Refusal(
            Problem(
                f"{standing.person}自{standing.since}起才是{office.name}的联络员，不能止于{on}",
                f"写{standing.since}以后的日期；登记有误须撤销的，写{eve}",
                "on",
            )
        )
    ended = standing.ended(on, by, at)
    after = tuple(ended if each is standing else each for each in designations)
    return Roll(after, (ended,), (True,))


def _known(standing: Iterable[Designation], new: Designation) -> Designation | None:
    same = (new.office, new.person, new.since)
    return next(
        (each for each in standing if (each.office, each.person, each.since) == same and not each.is_struck),
        None,
    )


def _conflicts(standing: Sequence[Designation], new: Designation) -> list[Problem]:
    known = _known(standing, new)
    if known is not None:
        return _differences(known, new)
    return [
        _at_once(each, new)
        for each in standing
        if each.office == new.office
        and not each.is_struck
        and (new.since <= each.since if each.until is None else new.since <= each.until)
    ]


def _differences(known: Designation, new: Designation) -> list[Problem]:
    """A designation entered again may leave the phone out; another phone would alter what stands."""
    if new.phone in ("", known.phone):
        return []
    return [
        Problem(
            f"{known.name}的{known.person}自{known.since}起已在册，登记的电话是“{known.phone}”",
            "名册不改旧记录；自变动之日起重新确定，写新的起始日",
            "phone",
        )
    ]


def _at_once(other: Designation, new: Designation) -> Problem:
    if other.until is not None:
        return Problem(
            f"{new.name}的{other.person}任联络员至{other.until}，同一时间只能有一名（第二条）",
            f"起始日写在{other.until}之后",
            "since",
        )
    eve = other.since - timedelta(days=1)
    return Problem(
        f"{new.name}自{other.since}起已确定{other.person}为联络员，同一时间只能有一名（第二条）",
        f"起始日写在{other.since}之后；原来登记有误的，先撤销：mingjian liaisons release {other.office} --on {eve}",
        "since",
    )


def _twice(new: Designation) -> Problem:
    return Problem(
        f"{new.name}在同一批里写了两次，同一时间只能有一名联络员（第二条）", "每个单位只写一行", "office"
    )


def _ended_before(standing: Sequence[Designation], new: Designation) -> list[Designation]:
    eve = new.since - timedelta(days=1)
    return [
        each.ended(eve, new.entered_by, new.entered_at)
        if each.office == new.office and each.until is None
        else each
        for each in standing
    ]
