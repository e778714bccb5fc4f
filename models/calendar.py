"""Working days in China: published holiday arrangements as immutable, named editions.

Three layers, none of them code that guesses:

- years up to 2018 as the package `chinesecalendar` publishes them, but for those mended in `calendars/earlier/`;
- year files of our own from 2019 on (`calendars/*.toml`), each with the State Council notice it copies; a
  file named `2020-01.toml` is the same year as a later notice left it while the year ran;
- year files that a site lays over an edition (`Calendar.with_years`).

An edition holds what was known when its last notice was out: `2020` ends with the notice of November 2019,
`2020-01` with that of January 2020, and the default is the latest. A year without a notice is *unknown*: its
days count as Monday to Friday less the fixed-date holidays of 全国年节及纪念日放假办法, and whatever touches
it is provisional, never silent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import accumulate, compress
from pathlib import Path

from models.errors import InputError, Problem
from models.year_files import YearFile, load_year

FIRST_DAY = date(1948, 1, 1)
LAST_DAY = date(2110, 12, 31)
EARLIEST_COUNTED = date(1949, 1, 1)
# No case of today rests on anything older; `due` answers for more.
EARLIEST_START = date(1990, 1, 1)
LATEST_START = date(2100, 12, 31)

MADE_UP = "调休上班"
WEEKEND = "周末"

_BASE = FIRST_DAY.toordinal()
_DAYS = LAST_DAY.toordinal() - _BASE + 1
_SHIPPED = Path(__file__).parent / "calendars"
_PACKAGE_YEARS = range(2004, 2019)

# 全国年节及纪念日放假办法 (2024), the holidays whose date is fixed: all an unpublished year is known to have.
_FIXED = (
    (1, 1, "元旦"),
    (5, 1, "劳动节"),
    (5, 2, "劳动节"),
    (10, 1, "国庆节"),
    (10, 2, "国庆节"),
    (10, 3, "国庆节"),
)
# A notice for a year has ruled on the last week of the December before it (2006, 2007, 2011, 2018).
_DOUBTFUL_WEEK = 25


@dataclass(frozen=True, slots=True)
class Calendar:
    """One immutable edition. All days are days in China, between 1948-01-01 and 2110-12-31.

    Two calendars are equal when their name and their years are. Methods raise InputError for a day beyond the
    range.
    """

    name: str
    years: tuple[YearFile, ...]
    _working: bytearray = field(init=False, repr=False, compare=False)
    _nth: list[int] = field(init=False, repr=False, compare=False)
    _up_to: list[int] = field(init=False, repr=False, compare=False)
    _names: dict[int, str] = field(init=False, repr=False, compare=False)
    _published: dict[int, YearFile] = field(init=False, repr=False, compare=False)
    _settled: tuple[date, date] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        published = {file.year: file for file in sorted(self.years, key=lambda file: file.year)}
        working, names = _days(published)
        lay = object.__setattr__
        lay(self, "years", tuple(published.values()))
        lay(self, "_published", published)
        lay(self, "_working", working)
        lay(self, "_names", names)
        lay(self, "_nth", list(compress(range(_BASE, _BASE + _DAYS), working)))
        lay(self, "_up_to", list(accumulate(working)))
        lay(self, "_settled", _settled_span(published))

    def is_working(self, day: date) -> bool:
        """Whether the day is worked, made-up weekends included."""
        return bool(self._working[_place(day)])

    @property
    def worked(self) -> bytes:
        """A byte for each day from FIRST_DAY on: 1 when it is worked. For comparing editions."""
        return bytes(self._working)

    def add_working_days(self, day: date, n: int) -> date:
        """The `n`-th working day after `day`, which is not counted itself; before it when `n` is negative."""
        place = day.toordinal() - _BASE
        if not 0 <= place < _DAYS:
            raise _beyond(day)
        rank = self._up_to[place] + n - 1
        if n <= 0:
            if n == 0:
                return day
            # Counting back, a working start day is passed over as well.
            rank += 1 - self._working[place]
        if rank < 0:
            raise _beyond(FIRST_DAY)
        try:
            return date.fromordinal(self._nth[rank])
        except IndexError:
            raise _beyond(LAST_DAY) from None

    def working_days_between(self, after: date, last: date) -> int:
        """How many working days lie after `after`, up to and including `last`."""
        return self._up_to[_place(last)] - self._up_to[_place(after)]

    def roll_forward(self, day: date) -> date:
        """The day itself when it is worked, else the first working day after it ([民典]203)."""
        place = day.toordinal() - _BASE
        if not 0 <= place < _DAYS:
            raise _beyond(day)
        if self._working[place]:
            return day
        rank = self._up_to[place]
        if rank == len(self._nth):
            raise _beyond(LAST_DAY)
        return date.fromordinal(self._nth[rank])

    def roll_back(self, day: date) -> date:
        """The day itself when it is worked, else the last working day before it."""
        place = _place(day)
        if self._working[place]:
            return day
        rank = self._up_to[place] - 1
        if rank < 0:
            raise _beyond(FIRST_DAY)
        return date.fromordinal(self._nth[rank])

    def name_of(self, day: date) -> str:
        """Why a day is not an ordinary one: the holiday, 调休上班 or 周末; empty for a plain working day."""
        _place(day)
        name = self._names.get(day.toordinal())
        if name is None:
            return WEEKEND if day.weekday() > 4 else ""
        return name

    def knows(self, day: date) -> bool:
        """Whether the holiday arrangement of the day's year is in this edition."""
        return day.year in self._published

    def notice_of(self, year: int) -> str:
        """The State Council notice (文号) a year rests on; empty where the package or nobody has the year."""
        file = self._published.get(year)
        return file.notice if file else ""

    def doubts(self, first: date, last: date) -> tuple[int, ...]:
        """The years without a published arrangement on which the days from `first` to `last` depend.

        A day depends on its own year, and from 25 December on also on the notice for the next.
        """
        if first >= self._settled[0] and last <= self._settled[1]:
            return ()
        missing = []
        for year in range(first.year, last.year + 1):
            if year not in self._published:
                missing.append(year)
        if (
            last.year in self._published
            and last.year + 1 not in self._published
            and last >= date(last.year, 12, _DOUBTFUL_WEEK)
        ):
            missing.append(last.year + 1)
        return tuple(missing)

    def provisional(self, first: date, last: date) -> bool:
        """Whether a count that consulted the days from `first` to `last` may move with a coming notice."""
        return bool(self.doubts(first, last))

    def with_years(self, files: Iterable[YearFile]) -> Calendar:
        """A new edition with those year files laid over this one; each replaces its year, and names it."""
        files = tuple(files)
        if not files:
            return self
        years = {file.year: file for file in (*self.years, *files)}
        name = "+".join((self.name, *(f"{file.year}@{file.digest()}" for file in files)))
        return Calendar(name, tuple(years.values()))


def calendar(name: str | None = None) -> Calendar:
    """The edition of that name; the latest when none is given; a year file's path is laid over the latest.

    Raises InputError for an unknown name, or with all problems of the file.
    """
    if name is None:
        return _edition(editions()[-1])
    if name in editions():
        return _edition(name)
    if name.endswith(".toml"):
        return _edition(editions()[-1]).with_years([load_year(Path(name))])
    raise InputError(
        Problem(
            f"没有名为“{name}”的日历版本",
            remedy=f"可用版本：{'、'.join(editions())}；也可写年度日历文件（.toml）的路径",
            field="edition",
        )
    )


@cache
def editions() -> tuple[str, ...]:
    """The names of the shipped editions, the earliest first; the last is the default."""
    return tuple(sorted(path.stem for path in _SHIPPED.glob("*.toml")))


@cache
def _edition(name: str) -> Calendar:
    names = editions()
    shipped = [load_year(_SHIPPED / f"{stem}.toml") for stem in names[: names.index(name) + 1]]
    latest = {file.year: file for file in (*_package_years(), *shipped)}
    return Calendar(name, tuple(latest.values()))


@cache
def _package_years() -> tuple[YearFile, ...]:
    """Years as `chinesecalendar` publishes them, up to where our own year files begin; a mended one in its place."""
    from chinese_calendar.constants import Holiday, holidays, workdays

    chinese = {holiday.value: holiday.chinese for holiday in Holiday}
    mended = {file.year: file for file in map(load_year, sorted((_SHIPPED / "earlier").glob("*.toml")))}
    return tuple(
        mended.get(year)
        or YearFile(
            year=year,
            source="chinesecalendar",
            holidays=tuple((day, day, chinese[name]) for day, name in holidays.items() if day.year == year),
            made_up=tuple(day for day in workdays if day.year == year),
        )
        for year in _PACKAGE_YEARS
    )


def _days(published: dict[int, YearFile]) -> tuple[bytearray, dict[int, str]]:
    """Which days of the range are worked, and the names of those that are not ordinary."""
    monday_first = bytes([1, 1, 1, 1, 1, 0, 0])
    shift = FIRST_DAY.weekday()
    working = bytearray((monday_first * (_DAYS // 7 + 2))[shift : shift + _DAYS])
    names: dict[int, str] = {}
    for year in range(FIRST_DAY.year, LAST_DAY.year + 1):
        if year not in published:
            for month, day, name in _FIXED:
                ordinal = date(year, month, day).toordinal()
                names[ordinal] = name
                working[ordinal - _BASE] = 0
    # In the order of the years, so that a notice has the last word on the December before its own year.
    for file in published.values():
        for first, last, name in file.holidays:
            for ordinal in range(first.toordinal(), last.toordinal() + 1):
                names[ordinal] = name
                working[ordinal - _BASE] = 0
        for made_up in file.made_up:
            names[made_up.toordinal()] = MADE_UP
            working[made_up.toordinal() - _BASE] = 1
    return working, names


def _settled_span(published: dict[int, YearFile]) -> tuple[date, date]:
    """The days of the first unbroken run of published years that no coming notice can move."""
    if not published:
        return date.max, date.min
    last = first = min(published)
    while last + 1 in published:
        last += 1
    return date(first, 1, 1), date(last, 12, _DOUBTFUL_WEEK - 1)


def _place(day: date) -> int:
    place = day.toordinal() - _BASE
    if not 0 <= place < _DAYS:
        raise _beyond(day)
    return place


def _beyond(day: date) -> InputError:
    return InputError(
        Problem(
            f"计算到了 {day}，超出可计算的范围（{FIRST_DAY} 至 {LAST_DAY}）",
            remedy="请核对起算日和期限长度",
        )
    )
