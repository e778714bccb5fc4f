"""What of a case is searched, how text is compared, and by which pairs of characters it is found.

Text is compared folded: what Unicode calls compatible is one (full-width letters, circled digits, the two code points of one
character), brackets of every shape are one, and capitals, spaces and what cannot be seen are nothing. Folding goes character by
character, so every match has its place in the text as it was written.

The index holds each pair of neighbours (bigram) of a folded line once for a case, as one number. A pair of letters or digits of
ASCII alone is left out: those of case ids are in every case, and would find nothing sooner than reading does. Four digits in a
row are held instead, as one number below nought: the end of a case id is looked for most.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise, zip_longest
from typing import NamedTuple

from models.numbering import BRACKETS
from models.rows import CaseRow, DeadlineRow, ItemRow, LetterRow
from models.terms import LabelledEnum

_PLANE = 21  # bits of a code point
_ASCII = "\x7f"
_NONCHARACTER = "\U0010ffff"
_VARIANTS = frozenset(chain(range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)))
_NEWLINE = "\n"
_FOUR_DIGITS = re.compile("(?=([0-9]{4}))")


class SearchPlace(LabelledEnum):
    """Where in a case a word stands."""

    CASE = "case", "编号"
    TITLE = "title", "标题"
    PLACE = "place", "地点"
    PARTY = "party", "单位"
    NUMBER = "number", "文号"


class Line(NamedTuple):
    """A text of a case as it was written, and what it is."""

    place: SearchPlace
    text: str


def lines(
    case: CaseRow,
    letters: Iterable[LetterRow],
    deadlines: Iterable[DeadlineRow],
    items: Iterable[ItemRow],
    own_number: str,
) -> tuple[Line, ...]:
    """The texts of a case that are searched, each once, in the order they are shown; `own_number` is its 案号, or empty.

    Not among them: the procuratorate's own name, which is in every case of its.
    """
    letters = tuple(letters)
    parties = chain(
        (letter.recipient for letter in letters),
        (each for letter in letters for each in letter.copies_to.split("、")),
        (deadline.party for deadline in deadlines),
        (item.owner for item in items),
    )
    numbers = (each for letter in letters for each in (letter.official_no, letter.internal_no))
    told = (
        (SearchPlace.CASE, (case.case,)),
        (SearchPlace.TITLE, (case.title,)),
        (SearchPlace.PLACE, (case.place, case.county_name)),
        (SearchPlace.PARTY, parties),
        (SearchPlace.NUMBER, chain((own_number,), numbers)),
    )
    return tuple(dict.fromkeys(Line(place, text) for place, texts in told for text in texts if text))


def searched(texts: Iterable[Line]) -> str:
    """What is kept of these lines to be compared with: each folded, one below the other, each once."""
    return _NEWLINE.join(dict.fromkeys(kept for each in texts if (kept := folded(each.text))))


def folded(text: str) -> str:
    """What a text is compared by."""
    return "".join(map(_folded_character, text))


@lru_cache(maxsize=1 << 16)
def _folded_character(character: str) -> str:
    if character == _NONCHARACTER or ord(character) in _VARIANTS:
        return ""
    plain = unicodedata.normalize("NFKD", character.translate(BRACKETS)).translate(BRACKETS).casefold()
    return "".join(
        each for each in plain if not each.isspace() and unicodedata.category(each) not in ("Cc", "Cf", "Cs")
    )


def gram(first: str, second: str = "") -> int:
    """A pair of characters as one number; a character alone comes before all its pairs."""
    return ord(first) << _PLANE | (ord(second) if second else 0)


def grams_from(character: str) -> tuple[int, int]:
    """Between which numbers the pairs that begin with a character lie: the first, and the one behind the last."""
    return ord(character) << _PLANE, (ord(character) + 1) << _PLANE


def grams(text: str) -> frozenset[int]:
    """The pairs of a folded text of one or more lines, the last character of a line being one alone; and its four digits."""
    return frozenset(
        gram(first, second)
        for line in text.split(_NEWLINE)
        for first, second in zip_longest(line, line[1:], fillvalue="")
        if first > _ASCII or second > _ASCII
    ).union(_four_digits(text))


def pairs(word: str) -> tuple[int, ...]:
    """The pairs, and four digits, of a text in which a folded word of two or more characters stands; of ASCII without four digits
    in a row none.
    """
    held = (gram(first, second) for first, second in pairwise(word) if first > _ASCII or second > _ASCII)
    return tuple(dict.fromkeys(chain(held, _four_digits(word))))


def _four_digits(text: str) -> Iterator[int]:
    return (-1 - int(found[1]) for found in _FOUR_DIGITS.finditer(text))


def is_indexed(word: str) -> bool:
    """Whether a folded word of one character is found by the index; one of ASCII is found by reading."""
    return any(each > _ASCII for each in word)


def spans(text: str, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where folded words stand in a text as it was written: first character and the one behind, in order, none within another."""
    starts: list[int] = []
    whole = ""
    for place, character in enumerate(text):
        kept = _folded_character(character)
        starts += [place] * len(kept)
        whole += kept
    found = sorted((starts[at], starts[at + len(word) - 1] + 1) for word in words for at in _at(whole, word))
    merged: list[tuple[int, int]] = []
    for first, behind in found:
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(behind, merged[-1][1])
        else:
            merged.append((first, behind))
    return tuple(merged)


def _at(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)
