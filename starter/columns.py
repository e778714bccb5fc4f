"""Chinese text on a terminal: how wide it is, and where a line may end."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

WIDTH = 80
"""Columns when nobody looks at a terminal."""

_NOT_FIRST = "，。；：、！？）》】〕”’…—"
_NOT_LAST = "（《【〔“‘"


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def fold(text: str, columns: int, *, indent: str = "") -> list[str]:
    """Lines of at most so many columns: broken between Chinese characters, never within a word; no line begins
    with a closing mark or ends with an opening one.
    """
    lines: list[str] = []
    line: list[str] = []
    for piece in _pieces(text):
        if line and width("".join(line)) + width(piece.rstrip()) > columns:
            carried = [piece]
            while len(line) > 1 and (carried[0][0] in _NOT_FIRST or line[-1] in _NOT_LAST):
                carried.insert(0, line.pop())
            lines.append("".join(line).rstrip())
            line = carried
        else:
            line.append(piece)
    return [indent + each for each in [*lines, "".join(line).rstrip()] if each.strip()]


def longest_word(text: str) -> int:
    """How wide the longest piece is that must not be broken."""
    return max((width(piece.rstrip()) for piece in _pieces(text)), default=0)


def _pieces(text: str) -> Iterator[str]:
    word = ""
    for character in text:
        if width(character) == 2:
            if word:
                yield word
            yield character
            word = ""
        elif character == " ":
            yield word + character
            word = ""
        else:
            word += character
    if word:
        yield word
