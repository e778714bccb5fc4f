"""Papers as .docx, to be edited in Word or WPS: the same paper gives the same bytes.

On the grid of GB/T 9704-2012: A4, type area 156 mm × 225 mm, 22 lines of 28 characters of size 3. Faces are named as the standard
names them and none is embedded. Content stands only ever as text of a run: field codes, XML or markup in it is read as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.shared import Length, Mm, Pt
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from activities.word_sheet import (
    BODY,
    CELL,
    HEADING,
    RED,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    SMALL,
    SONG,
    TITLE,
    indent,
    packed,
    rule_below,
    sheet,
    text_width,
    write,
)
from models.documents import Paper
from models.form_wordings import wording
from models.wording import (
    Attachments,
    Block,
    Cell,
    Copies,
    Family,
    Heading,
    Lanes,
    Pair,
    Paragraph,
    Signature,
    Table,
    Together,
    Wording,
    Words,
)

if TYPE_CHECKING:
    from docx.blkcntnr import BlockItemContainer
    from docx.document import Document

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_draft(paper: Paper) -> bytes:
    """The paper as .docx, with its gaps and, while it is a draft, the mark 送审稿."""
    said = wording(paper)
    document = sheet(paper, said.family)
    _set_head(document, said)
    setter = _Setter(document, said.family)
    for block in said.blocks:
        setter.set(block)
    return packed(document)


def _set_head(document: Document, said: Wording) -> None:
    """Who issues it, what it is called, and its 文号."""
    if said.family is Family.OFFICIAL:
        line = _line(document)
        size = _letterhead_size(str(said.issuer))
        write(line, (said.issuer,), TITLE, size, RED)
        rule_below(line, "thickThinSmallGap")
        _line(document, (said.number,), WD_ALIGN_PARAGRAPH.RIGHT)
        _line(document)
        write(_line(document), said.name, TITLE, SIZE_2)
        _line(document)
        return
    issuer = _line(document)
    name = _line(document)
    if said.family is Family.PROCURATORIAL:
        write(issuer, (said.issuer,), TITLE, SIZE_2)
        write(name, said.name, TITLE, Pt(28) if _width(said.name) <= 12 else SIZE_2)
    else:
        write(issuer, (said.issuer,), SONG, SMALL)
        write(name, said.name, TITLE, SIZE_2)
    if said.subject:
        write(_line(document), (f"（{said.subject}）",), BODY, SIZE_4)
    _line(document)
    if said.number:
        _line(document, (said.number,), WD_ALIGN_PARAGRAPH.RIGHT)
        _line(document)


def _letterhead_size(issuer: str) -> Length:
    """As large as the issuer's name has room for on a line, if it is not very long."""
    fitting = 156 / 25.4 * 72 / max(len(issuer), 1)
    return Pt(round(max(20.0, min(34.0, fitting)) * 2) / 2)


class _Setter:
    """Sets the blocks of a body one after another."""

    def __init__(self, document: Document, family: Family) -> None:
        self._document = document
        is_form = family is Family.INTERNAL
        self._size, self._text_size = (SMALL, SIZE_4) if is_form else (SIZE_3, SIZE_3)
        self._is_form = is_form

    def set(self, block: Block) -> None:
        """One block more."""
        match block:
            case Paragraph():
                number = (f"{block.number} ",) if block.number else ()
                size = self._size if block.is_flush else self._text_size
                line = self._body_line((*number, *block.words), size, 0 if block.is_flush else 2)
            case Heading():
                self._set_heading(block)
            case Table():
                self._set_table(block)
            case Lanes():
                self._set_table(block.table())
            case Pair():
                self._set_pair(block)
            case Attachments():
                self._set_attachments(block)
            case Signature():
                self._set_signature(block)
            case Together():
                self._set_together(block)
            case Copies():
                line = _line(self._document, alignment=WD_ALIGN_PARAGRAPH.JUSTIFY)
                line.paragraph_format.space_before = Pt(28)
                write(line, (f"抄送：{'，'.join(block.names)}。",), BODY, SIZE_4)

    def _body_line(self, words: Words, size: Length, indented: int, face: str = BODY) -> WordParagraph:
        line = _line(self._document, alignment=WD_ALIGN_PARAGRAPH.JUSTIFY)
        write(line, words, face, size)
        indent(line, indented)
        return line

    def _set_heading(self, heading: Heading) -> None:
        size = self._size if heading.is_minor else self._text_size
        line = self._body_line(heading.words, size, 0 if self._is_form else 2, HEADING)
        line.paragraph_format.keep_with_next = True
        if self._is_form:
            line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(6)

    def _set_together(self, together: Together) -> None:
        before = len(list(self._document.iter_inner_content()))
        for each in together.blocks:
            self.set(each)
        for part in list(self._document.iter_inner_content())[before:-1]:
            lines = [part] if isinstance(part, WordParagraph) else _lines_of(part)
            for line in lines:
                line.paragraph_format.keep_with_next = True

    def _set_pair(self, pair: Pair) -> None:
        line = _line(self._document, alignment=WD_ALIGN_PARAGRAPH.LEFT)
        line.paragraph_format.tab_stops.add_tab_stop(text_width(self._document), WD_TAB_ALIGNMENT.RIGHT)
        line.paragraph_format.space_before = Pt(26 if pair.is_signed else 6)
        line.paragraph_format.space_after = Pt(6)
        write(line, pair.left, BODY, self._size)
        line.add_run("\t")
        write(line, pair.right, BODY, self._size)

    def _set_attachments(self, attachments: Attachments) -> None:
        """GB/T 9704 7.3.4: one blank line below the text, indented by two characters."""
        _line(self._document)
        several = len(attachments.names) > 1
        for number, name in enumerate(attachments.names, 1):
            line = _line(self._document, alignment=WD_ALIGN_PARAGRAPH.LEFT)
            first = "附件：" if number == 1 else ""
            write(line, (f"{first}{f'{number}. ' if several else ''}{name}",), BODY, self._size)
            line.paragraph_format.left_indent = Length((6 if several else 5) * CELL)
            line.paragraph_format.first_line_indent = Length(
                -(4 if several else 3) * CELL if first else -CELL
            )

    def _set_signature(self, signature: Signature) -> None:
        """The date four characters from the right, the name centred upon it; joint issuers one under another."""
        _line(self._document)
        day = _width((signature.day,))
        for name in (*signature.names, signature.day):
            wide = _width((name,))
            widest = max(day, *(_width((each,)) for each in signature.names))
            from_right = max(0.0, 4 - (widest - day) / 2) + (widest - wide) / 2
            line = _line(self._document, (name,), WD_ALIGN_PARAGRAPH.RIGHT)
            line.paragraph_format.right_indent = Length(round(min(from_right, 20) * CELL))
            line.paragraph_format.keep_with_next = name is not signature.day
            if len(signature.names) > 1 and name is not signature.day:
                line.paragraph_format.space_before = Pt(48)

    def _set_table(self, table: Table) -> None:
        size = Pt(9.5) if table.is_small else self._size
        made = self._document.add_table(len(table.rows), len(table.widths), style="Table Grid")
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        made.autofit = False
        for place, width in enumerate(table.widths):
            made.columns[place].width = Mm(width)
        for row, cells in zip(made.rows, table.rows, strict=True):
            at = 0
            for cell in cells:
                place = row.cells[at]
                if cell.columns > 1:
                    place = place.merge(row.cells[at + cell.columns - 1])
                place.width = Mm(sum(table.widths[at : at + cell.columns]))
                at += cell.columns
                _set_cell(place, cell, size)
            if table.blank and not all(cell.paragraphs for cell in cells):
                row.height = Mm(table.blank + (8 if any(cell.signed for cell in cells) else 0))
        if table.has_header:
            header = OxmlElement("w:tblHeader")
            made.rows[0]._tr.get_or_add_trPr().append(header)
        _line(self._document)


def _lines_of(table: WordTable) -> list[WordParagraph]:
    return [line for row in table.rows for cell in row.cells for line in cell.paragraphs]


def _set_cell(place: BlockItemContainer, cell: Cell, size: Length) -> None:
    line = place.paragraphs[0]
    for number, words in enumerate(cell.paragraphs):
        line = place.add_paragraph() if number else line
        write(line, words, HEADING if cell.is_label else BODY, size)
        if cell.is_label or cell.is_centred:
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if cell.signed:
        signing = place.add_paragraph()
        signing.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        write(signing, cell.signed, BODY, size)


def _line(
    document: Document,
    words: Words = (),
    alignment: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.CENTER,
) -> WordParagraph:
    line = document.add_paragraph()
    line.alignment = alignment
    write(line, words, BODY, None)
    return line


def _width(words: Sequence[object]) -> float:
    """How many characters wide a line is: letters and digits count half."""
    text = "".join(str(piece) for piece in words)
    return sum(1 if east_asian_width(each) in "WFA" else 0.5 for each in text)
