"""Papers as .docx, to be edited in Word or WPS: the same paper gives the same bytes.

On the grid of GB/T 9704-2012: A4, type area 156 mm × 225 mm, 22 lines of 28 characters of size 3. Faces are named as the standard
names them and none is embedded. Content stands only ever as text of a run: field codes, XML or markup in it is read as it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.shared import Length, Mm, Pt
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from activities.word_heads import set_head
from activities.word_sheet import packed, sheet, text_width
from activities.word_text import (
    BODY,
    CELL,
    HEADING,
    SIZE_3,
    SIZE_4,
    SMALL,
    add_line,
    indent,
    width_of,
    write,
)
from models.documents import Paper
from models.form_wordings import wording
from models.wording import (
    Attachments,
    Block,
    Cell,
    Chart,
    Copies,
    Family,
    Heading,
    Imprint,
    Lanes,
    Pair,
    Paragraph,
    Signature,
    Table,
    Together,
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
    set_head(document, said)
    setter = _Setter(document, said.family)
    for block in said.blocks:
        setter.set(block)
    return packed(document)


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
            case Lanes() | Chart():
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
                line = add_line(self._document, alignment=WD_ALIGN_PARAGRAPH.JUSTIFY)
                line.paragraph_format.space_before = Pt(28)
                write(line, (f"抄送：{'，'.join(block.names)}。",), BODY, SIZE_4)
            case Imprint():
                self._set_imprint(block)

    def _body_line(self, words: Words, size: Length, indented: int, face: str = BODY) -> WordParagraph:
        line = add_line(self._document, alignment=WD_ALIGN_PARAGRAPH.JUSTIFY)
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
        line = add_line(self._document, alignment=WD_ALIGN_PARAGRAPH.LEFT)
        line.paragraph_format.tab_stops.add_tab_stop(text_width(self._document), WD_TAB_ALIGNMENT.RIGHT)
        line.paragraph_format.space_before = Pt(26 if pair.is_signed else 6)
        line.paragraph_format.space_after = Pt(6)
        write(line, pair.left, BODY, self._size)
        line.add_run("\t")
        write(line, pair.right, BODY, self._size)

    def _set_attachments(self, attachments: Attachments) -> None:
        """GB/T 9704 7.3.4: one blank line below the text, indented by two characters."""
        add_line(self._document)
        several = len(attachments.names) > 1
        for number, name in enumerate(attachments.names, 1):
            line = add_line(self._document, alignment=WD_ALIGN_PARAGRAPH.LEFT)
            first = "附件：" if number == 1 else ""
            write(line, (f"{first}{f'{number}. ' if several else ''}{name}",), BODY, self._size)
            line.paragraph_format.left_indent = Length((6 if several else 5) * CELL)
            line.paragraph_format.first_line_indent = Length(
                -(4 if several else 3) * CELL if first else -CELL
            )

    def _set_signature(self, signature: Signature) -> None:
        """The date four characters from the right, the name centred upon it; joint issuers one under another."""
        add_line(self._document)
        day = width_of((signature.day,))
        for name in (*signature.names, signature.day):
            wide = width_of((name,))
            widest = max(day, *(width_of((each,)) for each in signature.names))
            from_right = max(0.0, 4 - (widest - day) / 2) + (widest - wide) / 2
            line = add_line(self._document, (name,), WD_ALIGN_PARAGRAPH.RIGHT)
            line.paragraph_format.right_indent = Length(round(min(from_right, 20) * CELL))
            line.paragraph_format.keep_with_next = name is not signature.day
            if len(signature.names) > 1 and name is not signature.day:
                line.paragraph_format.space_before = Pt(48)

    def _set_imprint(self, imprint: Imprint) -> None:
        """版记: a table without sides at the foot of its page, within lines of 0.35 mm and divided by one of 0.25 mm."""
        made = self._document.add_table(2 if imprint.copies else 1, 2)
        made.autofit = False
        for name, element in (("w:tblpPr", _AT_THE_FOOT), ("w:tblBorders", _IMPRINT_RULES)):
            made._tbl.tblPr.insert_element_before(parse_xml(element), *_after_in_table(name))
        for column, width in zip(made.columns, (Mm(96), Mm(60)), strict=True):
            column.width = width
            for cell in column.cells:
                cell.width = width
        if imprint.copies:
            first = made.rows[0].cells
            line = first[0].merge(first[1]).paragraphs[0]
            line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Pt(56), Pt(-42)
            line.paragraph_format.right_indent = SIZE_4
            write(line, (f"抄送：{'，'.join(imprint.copies)}。",), BODY, SIZE_4)
        printer, day = made.rows[-1].cells
        printer.paragraphs[0].paragraph_format.left_indent = SIZE_4
        write(printer.paragraphs[0], (imprint.printer,), BODY, SIZE_4)
        day.paragraphs[0].paragraph_format.right_indent = SIZE_4
        day.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        write(day.paragraphs[0], (imprint.day, "印发"), BODY, SIZE_4)
        # A table that floats is held by the line after it.
        add_line(self._document)

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
        add_line(self._document)


_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_AT_THE_FOOT = (
    f'<w:tblpPr {_NAMESPACE} w:leftFromText="0" w:rightFromText="0" w:vertAnchor="margin" w:horzAnchor="margin" '
    'w:tblpXSpec="left" w:tblpYSpec="bottom"/>'
)
_IMPRINT_RULES = (
    f'<w:tblBorders {_NAMESPACE}><w:top w:val="single" w:sz="8"/><w:bottom w:val="single" w:sz="8"/>'
    '<w:insideH w:val="single" w:sz="6"/></w:tblBorders>'
)
_ORDER_IN_TABLE = (
    *(
        "w:tblStyle",
        "w:tblpPr",
        "w:tblOverlap",
        "w:bidiVisual",
        "w:tblStyleRowBandSize",
        "w:tblStyleColBandSize",
    ),
    *(
        "w:tblW",
        "w:jc",
        "w:tblCellSpacing",
        "w:tblInd",
        "w:tblBorders",
        "w:shd",
        "w:tblLayout",
        "w:tblCellMar",
        "w:tblLook",
    ),
)


def _after_in_table(name: str) -> tuple[str, ...]:
    """What follows in the properties of a table, in the order that the format prescribes."""
    return _ORDER_IN_TABLE[_ORDER_IN_TABLE.index(name) + 1 :]


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
