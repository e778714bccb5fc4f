"""What a paper says, piece by piece in the order in which it is read, whatever program then sets it.

A field that is still empty is a `Gap` in its place. How a heading or a signature looks, whoever sets it knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import ClassVar

from models.dates import EventDate
from models.paper_parts import (
    Advice,
    Contact,
    LetterFields,
    LetterReference,
    Period,
    chinese_date,
    chinese_number,
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A required field that is still empty, under its Chinese name."""

    label: str

    def __str__(self) -> str:
        return f"【待补：{self.label}】"


@dataclass(frozen=True, slots=True)
class Whole:
    """Words that stay on one line if they fit on it: a number, a name."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Room:
    """A line to write on by hand, so many characters long."""

    characters: int

    def __str__(self) -> str:
        return "\u3000" * self.characters


Piece = str | Gap | Whole | Strong | Room
Words = tuple[Piece, ...]


class Family(Enum):
    """公文 in either form of GB/T 9704, under a red head; 检察法律文书 under a black one; and internal forms, mostly tables."""

    LETTER = "letter"
    DOCUMENT = "document"
    PROCURATORIAL = "procuratorial"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the text; `is_flush` without the indent of two characters, `number` its own in a list."""

    words: Words
    is_flush: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a part, kept with what follows; a minor one stands within a part or over a table."""

    words: Words
    is_minor: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its paragraphs, over how many columns, and a line to sign at its foot, at the right."""

    paragraphs: tuple[Words, ...]
    is_label: bool = False
    columns: int = 1
    signed: Words = ()
    is_centred: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of ruled cells; `widths` are shares of the width, `blank` the room in mm to write in a cell without words.

    Its first row stands again on every further page when it is a header.
    """

    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    has_header: bool = False
    is_small: bool = False
    blank: float = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """One period in a lane: its name, when it began, ends and was done (as told), how it stands; and where these days lie
    between the ends of the axis, 0 and 1.
    """

    name: str
    told: tuple[str, ...]
    standing: str
    start: float
    due: float | None
    met: float | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """The periods of one who is bound."""

    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Lanes:
    """Lanes under one axis of time, whose ticks bear a name and a place between 0 and 1; as a table where nothing is drawn."""

    ticks: tuple[tuple[str, float], ...]
    lanes: tuple[Lane, ...]

    HEADS: ClassVar[tuple[str, ...]] = ("承担者", "期限", "起算", "届满", "办结", "情况")

    def table(self) -> Table:
        """What the picture shows, in words."""
        rows = tuple(
            tuple(Cell(((each,),)) for each in (lane.name, bar.name, *bar.told, bar.standing))
            for lane in self.lanes
            for bar in lane.bars
        )
        heads = tuple(Cell(((head,),), is_label=True) for head in self.HEADS)
        return Table((20, 45, 25, 25, 25, 25), (heads, *rows), has_header=True, is_small=True)


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One bar of a chart: its name, the lengths of its parts as shares of the longest bar, and what stands at its end."""

    name: str
    parts: tuple[float, ...]
    told: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars under a caption, the parts of a bar named by a legend; as a table where nothing is drawn."""

    caption: str
    legend: tuple[str, ...]
    bars: tuple[ChartBar, ...]
    has_bad_end: bool = False

    def table(self) -> Table:
        """What the picture shows, in words."""
        legend = ("\u3000".join(self.legend),) if len(self.legend) > 1 else ()
        heads = (
            Cell(((self.caption,),), is_label=True, columns=1 if legend else 2),
            *(Cell(((each,),), is_label=True) for each in legend),
        )
        rows = tuple((Cell(((bar.name,),)), Cell(((bar.told,),))) for bar in self.bars)
        return Table((65, 100), (heads, *rows), has_header=True, is_small=True)


@dataclass(frozen=True, slots=True)
class Pair:
    """One line, a part at the left and one at the right; with more room above it when it is signed by hand."""

    left: Words
    right: Words
    is_signed: bool = False


@dataclass(frozen=True, slots=True)
class Attachments:
    """附件说明."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """署名 of one or several, and 成文日期."""

    names: Words
    day: Piece


@dataclass(frozen=True, slots=True)
class Together:
    """What is not parted between pages: the end of a letter from the contact to the signature, the lines to sign of a form."""

    blocks: tuple[Paragraph | Table | Pair | Attachments | Signature, ...]


@dataclass(frozen=True, slots=True)
class Copies:
    """版记 of a letter: to whom a copy goes (抄送)."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记 of a 公文 in the document form: 抄送, and by whom and on which day it was printed (印发); GB/T 9704 7.4."""

    copies: tuple[str, ...]
    printer: Piece
    day: Piece


SOON = "尽快"
"""The length of a period that is none: an answer is wanted soon ([建议]24 names no number)."""

Block = (
    Paragraph | Heading | Table | Lanes | Chart | Pair | Attachments | Signature | Together | Copies | Imprint
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A whole paper: its head, in the document form with joint issuers and, on what goes upward (上行文), 签发人; and the blocks
    of its body. An internal form has no number."""

    family: Family
    issuer: Piece
    name: Words
    subject: str
    number: Piece
    blocks: tuple[Block, ...]
    joint: Words = ()
    signed_off_by: Words = ()


def need(value: str | date | EventDate | None, label: str) -> Piece:
    """A required field as it is printed, or its gap."""
    if value is None or value == "":
        return Gap(label)
    return value if isinstance(value, str) else chinese_date(value)


def titled(whole: str, name: str) -> Words:
    """关于……的调阅卷宗函, the name at its end not broken."""
    if name and whole != name and whole.endswith(name):
        return (whole.removesuffix(name), Whole(name))
    return (need(whole, "文书名称"),)


def said(*parts: Piece | Words) -> Words:
    """One line of words, of pieces and of lines."""
    pieces: list[Piece] = []
    for part in parts:
        pieces += part if isinstance(part, tuple) else [part]
    return tuple(piece for piece in pieces if piece != "")


def paragraphs(text: str, label: str) -> list[Paragraph]:
    """The paragraphs of a required text, one a line, or its gap."""
    return [Paragraph((line,)) for line in text.split("\n")] if text else [Paragraph((Gap(label),))]


def lines(text: str) -> tuple[Words, ...]:
    """The paragraphs of a text in a cell."""
    return tuple((line,) for line in text.split("\n")) if text else ()


def numbered(items: Sequence[str | Words]) -> list[Paragraph]:
    """A list, numbered when there is more than one of it."""
    if len(items) == 1:
        return [Paragraph(said(items[0]))]
    return [Paragraph(said(item), number=f"{number}.") for number, item in enumerate(items, 1)]


def listed_advice(items: Iterable[Advice], label: str) -> list[Paragraph]:
    """What is advised or asked, each with the law it rests on, or the gap of all of it."""
    told: list[str | Words] = [
        said(need(each.text.rstrip("。"), label), f"（依据：{'；'.join(each.basis)}）。")
        if each.basis
        else said(need(each.text, label))
        for each in items
    ]
    return numbered(told) if told else [Paragraph((Gap(label),))]


def part(number: int, heading: str) -> Heading:
    """The heading of a part, 一、二、三."""
    return Heading((f"{chinese_number(number)}、{heading}",))


def within(period: Period | None, label: str) -> Words:
    """收到本建议书之日起2个月内, or 收到本函后尽快, which no period is counted from."""
    if period is None:
        return (Gap(label),)
    if period.length == SOON:
        return (f"{period.counted_from.removesuffix('起').removesuffix('之日')}后{SOON}",)
    start = need(period.counted_from, label)
    since = "起" if isinstance(start, str) and not start.endswith("起") else ""
    return said(start, since, need(period.length, label), "内")


def by_law(period: Period | None) -> str:
    """（依据：……）, when the period has one."""
    return f"（依据：{period.basis}）" if period and period.basis else ""


def reference(letter: LetterReference | None) -> Words:
    """《检察建议书》（明检建〔2021〕5号，2021年9月15日发出，2021年9月16日送达）."""
    if letter is None:
        return (Gap("所针对的文书"),)
    number = letter.official_number or f"内部编号{letter.internal_number}"
    issued = f"，{chinese_date(letter.issued_on)}发出" if letter.issued_on else ""
    served = f"，{chinese_date(letter.served_on)}送达" if letter.served_on else ""
    return said(f"《{letter.name}》（", Whole(number), f"{issued}{served}）")


def contact_line(contact: Contact | None) -> Paragraph:
    """Whom the recipient may call."""
    if contact is None:
        return Paragraph((Gap("联系人和联系电话"),))
    return Paragraph(
        said(
            "联系人：",
            need(contact.person, "联系人"),
            f"（{contact.department}）" if contact.department else "",
            "；联系电话：",
            need(contact.phone, "联系电话"),
            f"；地址：{contact.address}" if contact.address else "",
            "。",
        )
    )


def ending(
    paper: LetterFields,
    *closing: str | Paragraph,
    signers: Sequence[str] = (),
    has_contact: bool = True,
    has_imprint: bool = False,
) -> list[Block]:
    """The end of a letter: remarks, contact, closing words, attachments, signature, copies or the whole 版记."""
    found: list[Block] = list(paragraphs(paper.remarks, "")) if paper.remarks else []
    last: list[Paragraph | Table | Pair | Attachments | Signature] = (
        [contact_line(paper.contact)] if has_contact else []
    )
    last += [each if isinstance(each, Paragraph) else Paragraph((each,)) for each in closing if each]
    if paper.attachments:
        last.append(Attachments(paper.attachments))
    names = (need(paper.issuer, "制发单位"), *signers)
    last.append(Signature(names, need(paper.dated, "成文日期")))
    found.append(Together(tuple(last)))
    if has_imprint:
        found.append(Imprint(paper.copies_to, names[0], need(paper.dated, "成文日期")))
    elif paper.copies_to:
        found.append(Copies(paper.copies_to))
    return found
