"""Where text and lines stand in a PDF, in millimetres from the upper left corner of their page."""

from __future__ import annotations

import io
from dataclasses import dataclass
from math import hypot

from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

_MM = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one face: where its first character begins on its line, and its size in points."""

    page: int
    text: str
    x: float
    y: float
    size: float
    is_aslant: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, level, and how thick it is."""

    page: int
    left: float
    right: float
    y: float
    thickness: float
    is_red: bool


def runs(pdf: bytes) -> list[Run]:
    """The pieces of text in the order in which they are read."""
    found: list[Run] = []
    for number, page in enumerate(PdfReader(io.BytesIO(pdf)).pages, 1):

        def note(
            text: str, cm: list[float], tm: list[float], face: object, size: float, at: int = number
        ) -> None:
            if text.strip():
                place = _times(tm, cm)
                above = float(page.mediabox.height) - place[5]  # noqa: B023  # called before the next page
                height, is_aslant = size * hypot(place[1], place[3]), abs(place[1]) > 0.1
                found.append(Run(at, text.strip(), place[4] * _MM, above * _MM, height, is_aslant))

        page.extract_text(visitor_text=note)
    return found


def rules(pdf: bytes) -> list[Rule]:
    """The level lines, page by page and from above."""
    reader = PdfReader(io.BytesIO(pdf))
    found = [rule for number, page in enumerate(reader.pages, 1) for rule in _rules_of(reader, page, number)]
    return sorted(found, key=lambda rule: (rule.page, rule.y))


def _rules_of(reader: PdfReader, page: PageObject, number: int) -> list[Rule]:
    height = float(page.mediabox.height)
    matrix, kept = [1.0, 0, 0, 1, 0, 0], list[tuple[list[float], float, bool]]()
    thickness, is_red = 1.0, False
    path: list[tuple[float, float]] = []
    found: list[Rule] = []
    contents = page.get_contents()
    assert contents is not None
    for operands, operator in ContentStream(contents, reader).operations:
        values = [float(each) for each in operands if isinstance(each, int | float)]
        match operator:
            case b"q":
                kept.append((matrix, thickness, is_red))
            case b"Q":
                matrix, thickness, is_red = kept.pop()
            case b"cm":
                matrix = _times(values, matrix)
            case b"w":
                thickness = values[0]
            case b"SC" | b"SCN" | b"RG":
                is_red = len(values) == 3 and values[0] > 0.5 > values[1]
            case b"m":
                path = [_moved(values, matrix)]
            case b"l":
                path.append(_moved(values, matrix))
            case b"S":
                (left, above), (right, below) = path[0], path[-1]
                if abs(above - below) < 0.1:
                    found.append(
                        Rule(
                            number,
                            left * _MM,
                            right * _MM,
                            (height - above) * _MM,
                            thickness * abs(matrix[3]) * _MM,
                            is_red,
                        )
                    )
            case _:
                pass
    return found


def _moved(place: list[float], by: list[float]) -> tuple[float, float]:
    return by[0] * place[0] + by[2] * place[1] + by[4], by[1] * place[0] + by[3] * place[1] + by[5]


def _times(first: list[float], then: list[float]) -> list[float]:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return [a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u]
