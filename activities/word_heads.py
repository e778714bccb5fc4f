"""The heads of papers in a file for Word and WPS: who issues it, its 文号, and what it is called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from activities.word_text import (
    BODY,
    CELL,
    KAI,
    RED,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    SMALL,
    SONG,
    TITLE,
    add_line,
    double_rule_below,
    indent,
    rule_below,
    width_of,
    write,
)
from models.wording import Family, Wording, Words

if TYPE_CHECKING:
    from docx.document import Document

_TEXT_POINTS = 156 / 25.4 * 72


def set_head(document: Document, said: Wording) -> None:
    """The head of the paper, in the manner of its family."""
    match said.family:
        case Family.LETTER:
            _set_letter_head(document, said)
        case Family.DOCUMENT:
            _set_document_head(document, said)
        case _:
            _set_black_head(document, said)


def _set_letter_head(document: Document, said: Wording) -> None:
    """GB/T 9704 10.1: the lead organ alone, a double line, the number at the right."""
    line = add_line(document)
    _write_mark(line, (said.issuer,), _mark_size([(said.issuer,)], 34))
    double_rule_below(line, "thickThinSmallGap")
    add_line(document, (said.number,), WD_ALIGN_PARAGRAPH.RIGHT)
    _set_title(document, said)


def _set_document_head(document: Document, said: Wording) -> None:
    """GB/T 9704 7.2: 35 mm below the edge of the type area the mark, two lines below it the number, 4 mm below that a line."""
    above = add_line(document)
    above.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    above.paragraph_format.line_spacing = Mm(35)
    if said.joint:
        _set_joint_mark(document, (said.issuer, *said.joint))
    else:
        mark = (said.issuer, "文件")
        _write_mark(add_line(document), mark, _mark_size([mark], 40))
    add_line(document)
    add_line(document)
    _set_number(document, said)
    _set_title(document, said)


def _set_joint_mark(document: Document, issuers: Words) -> None:
    """The issuers one under another, evenly spread, and 文件 at their right in the middle (7.2.4)."""
    size = _mark_size([(issuer,) for issuer in issuers], 40, beside=2.7)
    mark = document.add_table(1, 2)
    mark.alignment = WD_TABLE_ALIGNMENT.CENTER
    mark.autofit = False
    names, word = mark.rows[0].cells
    widest = max(width_of((issuer,)) for issuer in issuers) * 1.08 + 0.8
    width = Pt(min(widest * size.pt, _TEXT_POINTS - 2.9 * size.pt))
    mark.columns[0].width = names.width = width
    mark.columns[1].width = word.width = Pt(2.9 * size.pt)
    for number, issuer in enumerate(issuers):
        line = names.add_paragraph() if number else names.paragraphs[0]
        _write_mark(line, (issuer,), size)
        line.alignment = WD_ALIGN_PARAGRAPH.DISTRIBUTE
    word.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    _write_mark(word.paragraphs[0], ("文件",), size)
    word.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _write_mark(line: WordParagraph, words: Words, size: Length) -> None:
    write(line, words, TITLE, size, RED)
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    line.paragraph_format.line_spacing = Pt(round(1.25 * size.pt * 2) / 2)


def _mark_size(names: Sequence[Words], most: float, beside: float = 0) -> Length:
    """As large as the widest has room for on a line and all in a third of a page, if it is not too small to read."""
    widest = max(width_of(name) for name in names) * 1.08 + beside
    fitting = min(_TEXT_POINTS / max(widest, 1), 75 / 25.4 * 72 / (1.3 * len(names)))
    return Pt(round(max(14.0, min(most, fitting)) * 2) / 2)


def _set_number(document: Document, said: Wording) -> None:
    """The number in the middle; or at the left beside the last of 签发人, who stand two in a row at the right (7.2.5, 7.2.6)."""
    rows = [said.signed_off_by[at : at + 2] for at in range(0, len(said.signed_off_by), 2)]
    if not rows:
        rule_below(add_line(document, (said.number,)), "single", 12, 5)
        return
    first, second = (min(9.0, max(_widths(rows, place))) for place in (0, 1))
    start = 27 - 4 - first - (1 + second if len(said.signed_off_by) > 1 else 0)
    for number, names in enumerate(rows, 1):
        line = add_line(document, (), WD_ALIGN_PARAGRAPH.LEFT)
        # Not all of the paragraph, whose line below is as wide as the type area.
        indent(line, 1)
        for stop in (start, start + 4, start + 5 + first):
            line.paragraph_format.tab_stops.add_tab_stop(Length(round(stop * CELL)), WD_TAB_ALIGNMENT.LEFT)
        write(line, (said.number,) if number == len(rows) else (), BODY, SIZE_3)
        write(line, ("\t签发人：" if number == 1 else "\t",), BODY, SIZE_3)
        for name in names:
            line.add_run("\t")
            write(line, (name,), KAI, SIZE_3)
    rule_below(line, "single", 12, 5)


def _widths(rows: Sequence[Words], place: int) -> list[float]:
    return [0, *(width_of((row[place],)) for row in rows if len(row) > place)]


def _set_title(document: Document, said: Wording) -> None:
    """The title of a 公文, two lines below its head and one above its text (7.3.1)."""
    add_line(document)
    add_line(document)
    write(add_line(document), said.name, TITLE, SIZE_2)
    add_line(document)


def _set_black_head(document: Document, said: Wording) -> None:
    issuer, name = add_line(document), add_line(document)
    if said.family is Family.PROCURATORIAL:
        write(issuer, (said.issuer,), TITLE, SIZE_2)
        write(name, said.name, TITLE, Pt(28) if width_of(said.name) <= 12 else SIZE_2)
    else:
        write(issuer, (said.issuer,), SONG, SMALL)
        write(name, said.name, TITLE, SIZE_2)
    if said.subject:
        write(add_line(document), (f"（{said.subject}）",), BODY, SIZE_4)
    add_line(document)
    if said.number:
        add_line(document, (said.number,), WD_ALIGN_PARAGRAPH.RIGHT)
        add_line(document)
