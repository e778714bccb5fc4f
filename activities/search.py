"""Finding cases by words that stand in them (`mingjian search`): in titles, places, parties, 文号 and ids.

A word is looked up by the rarest of its pairs of characters; the texts of the cases that have them are then read, so that nothing
is found in which the whole word does not stand. Words whose pairs are all frequent, and words of letters and of less than four
digits alone, are found by reading texts in the order of the cases, until there are enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select

from activities.case_lists import CaseFilter, case_row, conditions
from activities.database import Database
from activities.search_index import among, portions, told_of
from models.errors import InputError, Problem
from models.rows import CaseRow
from models.searching import Line, folded, grams_from, is_indexed, pairs, spans
from models.tables import Kept

_cases, _texts, _grams = (Kept.metadata.tables[name] for name in ("cases", "search_texts", "search_grams"))

COUNTED = 1000
"""Of more cases than these it is only said that they are more."""

MOST_WORDS, LONGEST = 8, 60

# A pair that so many cases have narrows nothing down: their texts are as soon read in order.
_FREQUENT = 20_000
# So many cases are looked up at once; of a single character that more begin with, the texts are read in order.
_PORTION = 2000
# So many pairs are looked up together: the rarest two may both be of one end of a word, and in twenty thousand cases without it.
_TOGETHER = 6
_EVERY = CaseFilter()


@dataclass(frozen=True, slots=True)
class Found:
    """A case, and those of its lines in which a word stands."""

    row: CaseRow
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of what was found, by case id; how many in all, and whether they are more than were counted."""

    found: tuple[Found, ...]
    total: int
    is_more: bool


class Search:
    """The index of the registry. Every method raises Unreachable when the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(
        self,
        words: Sequence[str],
        wanted: CaseFilter = _EVERY,
        *,
        limit: int = 50,
        offset: int = 0,
    ) -> FoundPage:
        """One page of the cases in which all words stand, each in one line, and which meet a filter.

        Words are compared as `searching.folded` says. InputError for words of which nothing is left, too many, or too long.
        """
        sought = checked(words)
        enough = max(COUNTED, offset + limit)
        with self._database.reading() as session:
            connection = session.connection()
            names = _matching(connection, sought, wanted, enough + 1)
            page = names[offset : offset + limit]
            rows = {
                row.case: row
                for portion in portions(page)
                for row in connection.execute(select(_cases).where(_cases.c.case.in_(portion)))
            }
            told = told_of(connection, list(rows.values()))
        found = tuple(
            Found(
                case_row(rows[case]._mapping), tuple(each for each in told[case] if spans(each.text, sought))
            )
            for case in page
        )
        return FoundPage(found, min(len(names), enough), len(names) > enough)


def checked(words: Sequence[str]) -> tuple[str, ...]:
    """The words as they are compared; InputError with all that is wrong with them."""
    sought = tuple(dict.fromkeys(folded(each) for each in words))
    problems = []
    if not all(sought) or not sought:
        problems.append(Problem("没有写明要找的词", "写一个或几个词，如 mingjian search 耕地 永安", "词"))
    if len(sought) > MOST_WORDS:
        problems.append(Problem(f"一次找 {len(sought)} 个词", f"不超过 {MOST_WORDS} 个", "词"))
    problems += [
        Problem(f"“{each[:12]}……”太长", f"每个词不超过 {LONGEST} 字", "词")
        for each in sought
        if len(each) > LONGEST
    ]
    if problems:
        raise InputError(problems)
    return sought


def _matching(connection: Connection, words: Sequence[str], wanted: CaseFilter, enough: int) -> list[str]:
    """The first cases, by id, in which the words stand."""
    position = func.strpos if connection.dialect.name == "postgresql" else func.instr
    matching = select(_texts.c.case).where(*(position(_texts.c.folded, word) > 0 for word in words))
    if which := conditions(wanted):
        matching = matching.join(_cases, _cases.c.case == _texts.c.case).where(*which)
    matching = matching.order_by(_texts.c.case)
    candidates = _candidates(connection, words)
    if candidates is None:
        return list(connection.execute(matching.limit(enough)).scalars())
    # In two steps: a database that cannot know how rare a word is reads every text sooner than the few it should.
    found: list[str] = []
    after = ""
    while len(found) < enough:
        some = list(connection.execute(candidates.where(_grams.c.case > after)).scalars())
        if some:
            found += connection.execute(matching.where(among(connection, _texts.c.case, some))).scalars()
        if len(some) < _PORTION:
            break
        after = some[-1]
    return found[:enough]


def _candidates(connection: Connection, words: Sequence[str]) -> Select[str] | None:
    """A portion of the cases, by id, that have the rarest pairs of the words, or all that have a rare single character.

    None when every pair is frequent, or none is indexed.
    """
    cases = select(_grams.c.case).order_by(_grams.c.case).limit(_PORTION)
    counted = sorted(
        (number, gram)
        for word in words
        for gram in pairs(word)
        if (number := _counted(connection, _grams.c.gram == gram, _FREQUENT)) < _FREQUENT
    )
    if counted:
        (_, first), *others = counted
        cases = cases.where(_grams.c.gram == first)
        for _, gram in others[: _TOGETHER - 1]:
            other = _grams.alias()
            cases = cases.where(exists().where(other.c.gram == gram, other.c.case == _grams.c.case))
        return cases
    begun = [
        and_(_grams.c.gram >= first, _grams.c.gram < behind)
        for first, behind in (grams_from(word) for word in words if len(word) == 1 and is_indexed(word))
    ]
    rare = (each for each in begun if _counted(connection, each, _PORTION) < _PORTION)
    rarest = next(rare, None)
    return None if rarest is None else cases.where(rarest).distinct()


def _counted(connection: Connection, which: ColumnElement[bool], most: int) -> int:
    some = select(_grams.c.gram).where(which).limit(most).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one()
