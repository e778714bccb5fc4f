"""Lines of text in a file for Word and WPS: faces, sizes, runs, indents and rules.

Content stands only ever as text of a run: field codes, XML or markup in it is read as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from models.wording import Gap, Room, Strong, Words

if TYPE_CHECKING:
    from docx.document import Document

BODY, HEADING, TITLE, SONG, KAI = "仿宋_GB2312", "黑体", "方正小标宋简体", "宋体", "楷体_GB2312"
SIZE_2, SIZE_3, SIZE_4, SMALL, NOTE = Pt(22), Pt(16), Pt(14), Pt(12), Pt(9)
RED = RGBColor(0xD0, 0x02, 0x1B)
CELL = Pt(15.79)


def add_line(
    document: Document,
    words: Words = (),
    alignment: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.CENTER,
) -> WordParagraph:
    """One line more, in the middle unless it is told where."""
    line = document.add_paragraph()
    line.alignment = alignment
    write(line, words, BODY, None)
    return line


def write(
    line: WordParagraph, words: Words, face: str, size: Length | None, colour: RGBColor | None = None
) -> None:
    """Words at the end of a line, gaps in red; nothing in them is read as anything but text."""
    for piece in words:
        run = line.add_run(str(piece))
        is_gap = isinstance(piece, Gap)
        fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), HEADING if is_gap or isinstance(piece, Strong) else face)
        run.font.underline = isinstance(piece, Room) or None
        run.font.size = size
        if is_gap or colour is not None:
            run.font.color.rgb = RED if is_gap else colour


def width_of(words: Sequence[object]) -> float:
    """How many characters wide a line is: letters and digits count half."""
    text = "".join(str(piece) for piece in words)
    return sum(1 if east_asian_width(each) in "WFA" else 0.5 for each in text)


def double_rule_below(line: WordParagraph, kind: str) -> None:
    """A red double line of 170 mm some 4 mm below it, in the middle of the page (GB/T 9704 10.1)."""
    rule_below(line, kind, 24, 7)
    line.paragraph_format.left_indent, line.paragraph_format.right_indent = Mm(-8), Mm(-6)


def rule_below(line: WordParagraph, kind: str, eighths: int, points: int) -> None:
    """A red line so many eighths of a point thick, so many points below the line of text, which is higher than its characters."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", kind), ("sz", str(eighths)), ("space", str(points)), ("color", str(RED))):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    properties = line._p.get_or_add_pPr()
    properties.insert_element_before(borders, *_AFTER_BORDERS)


_AFTER_BORDERS = (
    *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct"),
    *("w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid"),
    *("w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc"),
    *("w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId"),
    *("w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange"),
)
"""What follows the borders of a paragraph in the order that the format prescribes."""


def indent(line: WordParagraph, characters: int) -> None:
    """The first line by so many characters, whatever their size."""
    line.paragraph_format.first_line_indent = Length(characters * CELL)
    ind = line._p.get_or_add_pPr().get_or_add_ind()
    ind.set(qn("w:firstLineChars"), str(100 * characters))
