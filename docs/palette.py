"""Small PNG pictures: a picture of Typst's with few colours, one byte or half a byte a pixel, and the words it was drawn from."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TOLD = b"mingjian"
"""The keyword of the chunk that holds the words."""


def with_few_colours(png: bytes, most: int, told: str) -> bytes:
    """The picture in its `most` commonest colours (16 or 256), the rest taken for the nearest; with the words beside it.

    What it reads is what Typst writes: eight bits for each of red, green, blue and opacity, not interlaced.
    """
    parts = dict(_chunks(png))
    wide, high, depth, colours, _, _, interlaced = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    assert (depth, colours, interlaced) == (8, 6, 0)
    packed = b"".join(content for name, content in _chunks(png) if name == b"IDAT")
    rows = [_pixels(row) for row in _unfiltered(zlib.decompress(packed), wide * 4, high)]
    counted = Counter(pixel for row in rows for pixel in row)
    palette = [pixel for pixel, _ in counted.most_common(most)]
    place = {pixel: min(range(len(palette)), key=lambda at: _apart(pixel, palette[at])) for pixel in counted}
    bits = 4 if most <= 16 else 8
    drawn = b"".join(b"\0" + _packed([place[pixel] for pixel in row], bits) for row in rows)
    return (
        _SIGNATURE
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, bits, 3, 0, 0, 0))
        + _chunk(b"PLTE", b"".join(bytes(pixel) for pixel in palette))
        + _chunk(b"zTXt", _TOLD + b"\0\0" + zlib.compress(told.encode(), 9))
        + _chunk(b"IDAT", zlib.compress(drawn, 9))
        + _chunk(b"IEND", b"")
    )


def told_in(picture: Path) -> str:
    """The words that a picture was drawn from."""
    content = dict(_chunks(picture.read_bytes()))[b"zTXt"]
    return zlib.decompress(content.removeprefix(_TOLD + b"\0\0")).decode()


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        yield name, png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _unfiltered(filtered: bytes, stride: int, high: int) -> Iterator[bytes]:
    """The rows as they were before each was written as its difference to what is left of it or above (PNG, § 9.2)."""
    above = bytearray(stride)
    for number in range(high):
        start = number * (stride + 1)
        kind, row = filtered[start], bytearray(filtered[start + 1 : start + 1 + stride])
        for at in range(stride if kind else 0):
            left, corner = (row[at - 4], above[at - 4]) if at >= 4 else (0, 0)
            row[at] = (row[at] + _foretold(kind, left, above[at], corner)) & 255
        yield bytes(row)
        above = row


def _foretold(kind: int, left: int, above: int, corner: int) -> int:
    if kind == 1:
        return left
    if kind == 2:
        return above
    if kind == 3:
        return (left + above) // 2
    guess = left + above - corner
    return min((left, above, corner), key=lambda each: abs(guess - each))


def _pixels(row: bytes) -> list[tuple[int, int, int]]:
    """Colours in 16 steps each: shades that the eye does not part take up no room."""
    steps = bytes(round(each / 17) * 17 for each in range(256))
    row = row.translate(steps)
    return list(zip(row[::4], row[1::4], row[2::4], strict=True))


def _apart(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _packed(places: list[int], bits: int) -> bytes:
    if bits == 8:
        return bytes(places)
    if len(places) % 2:
        places = [*places, 0]
    return bytes(high << 4 | low for high, low in zip(places[::2], places[1::2], strict=True))
