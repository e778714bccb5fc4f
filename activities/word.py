"""Papers as .docx, to be edited in Word or WPS: the same paper gives the same bytes.

On the grid of GB/T 9704-2012: A4, type area 156 mm × 225 mm, 22 lines of 28 characters of size 3. Faces are named as the standard
names them and none is embedded. Content stands only ever as text of a run: field codes, XML or markup in it is read as it stands.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import docx
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from models.documents import Paper
from models.form_wordings import wording
from models.wording import (
    Attachments,
    Block,
    Cell,
    Copies,
    Family,
    Gap,
    Heading,
    Pair,
    Paragraph,
    Signature,
    Table,
    Wording,
    Words,
)

if TYPE_CHECKING:
    from docx.blkcntnr import BlockItemContainer
    from docx.document import Document
    from docx.section import Section

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

BODY, HEADING, TITLE, SONG = "仿宋_GB2312", "黑体", "方正小标宋简体", "宋体"
_SIZE_2, _SIZE_3, _SIZE_4, _SMALL, _NOTE = Pt(22), Pt(16), Pt(14), Pt(12), Pt(9)
_RED = RGBColor(0xD0, 0x02, 0x1B)
_TWIPS_A_LINE = 579
# Of 28 characters of size 3 each has 156 mm / 28: in 4,096ths of a point, less than the sixteen that it measures.
_NARROWER = -848
_CELL = Pt(15.79)
_EPOCH = (1980, 1, 1, 0, 0, 0)


def word_draft(paper: Paper) -> bytes:
    """The paper as .docx, with its gaps and, while it is a draft, the mark 送审稿."""
    said = wording(paper)
    document = docx.Document()
    is_form = said.family is Family.INTERNAL
    _set_defaults(document, _SMALL if is_form else _SIZE_3)
    section = document.sections[0]
    _set_page(section, said.family)
    _set_margins_of_pages(document, section, paper, said.family)
    _set_head(document, said)
    setter = _Setter(document, _SMALL if is_form else _SIZE_3)
    for block in said.blocks:
        setter.set(block)
    _name(document, paper)
    return _packed(document)


def _set_defaults(document: Document, size: Length) -> None:
    """The style of all text, in place of that of python-docx's own template."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    if defaults is not None:
        defaults.getparent().remove(defaults)
    style = document.styles["Normal"]
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), BODY)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    style.element.get_or_add_rPr().append(language)
    style.font.size = size
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing = 1.0
    layout.widow_control = False
    # The template is Japanese by its own account, and Word would choose such faces for what none is named for.
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _set_page(section: Section, family: Family) -> None:
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    if family is Family.INTERNAL:
        section.top_margin = section.left_margin = section.bottom_margin = Mm(25)
        section.right_margin = Mm(20)
        section.header_distance, section.footer_distance = Mm(15), Mm(15)
        return
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(20), Mm(20)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    grid = OxmlElement("w:docGrid")
    for name, value in (
        ("type", "linesAndChars"),
        ("linePitch", _TWIPS_A_LINE),
        ("charSpace", _NARROWER),
    ):
        grid.set(qn(f"w:{name}"), str(value))
    section._sectPr.append(grid)


def _set_margins_of_pages(document: Document, section: Section, paper: Paper, family: Family) -> None:
    """The mark of a draft above the text; below it the number of the page at the outer edge, our own opposite (GB/T 9704 7.5).

    The first page of a letter in the red form has a red double line below it instead of a number.
    """
    document.settings.odd_and_even_pages_header_footer = True
    own = ("内部编号：", paper.internal_number or Gap("内部编号"))
    heads = [section.header, section.even_page_header]
    width = section.page_width - section.left_margin - section.right_margin  # type: ignore[operator]
    for footer, number_is_right in ((section.footer, True), (section.even_page_footer, False)):
        line = _first_line(document, footer)
        line.paragraph_format.tab_stops.add_tab_stop(Length(width), WD_TAB_ALIGNMENT.RIGHT)
        if number_is_right:
            _write(line, own, SONG, _NOTE)
            line.add_run("\t")
            _write_page_number(line)
        else:
            _write_page_number(line)
            line.add_run("\t")
            _write(line, own, SONG, _NOTE)
    if family is Family.OFFICIAL:
        section.different_first_page_header_footer = True
        heads.append(section.first_page_header)
        line = _first_line(document, section.first_page_footer)
        _write(line, own, SONG, _NOTE)
        _underline(line, "thinThickSmallGap")
    for head in heads:
        if paper.draft:
            _write(_first_line(document, head), ("送审稿",), HEADING, _SIZE_4, _RED)


def _first_line(document: Document, place: BlockItemContainer) -> WordParagraph:
    """The line above or below the text, without the tabs of the template's own styles for it."""
    line: WordParagraph = place.paragraphs[0]
    line.style = document.styles["Normal"]
    return line


def _set_head(document: Document, said: Wording) -> None:
    """Who issues it, what it is called, and its 文号."""
    if said.family is Family.OFFICIAL:
        line = _line(document)
        size = _letterhead_size(str(said.issuer))
        _write(line, (said.issuer,), TITLE, size, _RED)
        _underline(line, "thickThinSmallGap")
        _line(document, (said.number,), WD_ALIGN_PARAGRAPH.RIGHT)
        _line(document)
        _write(_line(document), said.name, TITLE, _SIZE_2)
        _line(document)
        return
    issuer = _line(document)
    name = _line(document)
    if said.family is Family.PROCURATORIAL:
        _write(issuer, (said.issuer,), TITLE, _SIZE_2)
        _write(name, said.name, TITLE, Pt(28) if _width(said.name) <= 12 else _SIZE_2)
    else:
        _write(issuer, (said.issuer,), SONG, _SMALL)
        _write(name, said.name, TITLE, _SIZE_2)
    if said.subject:
        _write(_line(document), (f"（{said.subject}）",), BODY, _SIZE_4)
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

    def __init__(self, document: Document, size: Length) -> None:
        self._document = document
        self._size = size

    def set(self, block: Block) -> None:
        """One block more."""
        match block:
            case Paragraph():
                line = self._body_line(block.words)
                if block.is_flush:
                    _indent(line, 0)
            case Heading():
                line = self._body_line(block.words, HEADING)
                line.paragraph_format.keep_with_next = True
            case Table():
                self._set_table(block)
            case Pair():
                self._set_pair(block)
            case Attachments():
                self._set_attachments(block)
            case Signature():
                self._set_signature(block)
            case Copies():
                line = _line(self._document, alignment=WD_ALIGN_PARAGRAPH.JUSTIFY)
                line.paragraph_format.space_before = Pt(28)
                _write(line, (f"抄送：{'，'.join(block.names)}。",), BODY, _SIZE_4)

    def _body_line(self, words: Words, face: str = BODY) -> WordParagraph:
        line = _line(self._document, alignment=WD_ALIGN_PARAGRAPH.JUSTIFY)
        _write(line, words, face, self._size)
        _indent(line, 2)
        return line

    def _set_pair(self, pair: Pair) -> None:
        line = _line(self._document, alignment=WD_ALIGN_PARAGRAPH.LEFT)
        section = self._document.sections[0]
        width = section.page_width - section.left_margin - section.right_margin  # type: ignore[operator]
        line.paragraph_format.tab_stops.add_tab_stop(Length(width), WD_TAB_ALIGNMENT.RIGHT)
        line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(6)
        _write(line, pair.left, BODY, self._size)
        line.add_run("\t")
        _write(line, pair.right, BODY, self._size)

    def _set_attachments(self, attachments: Attachments) -> None:
        """GB/T 9704 7.3.4: one blank line below the text, indented by two characters."""
        _line(self._document)
        several = len(attachments.names) > 1
        for number, name in enumerate(attachments.names, 1):
            line = _line(self._document, alignment=WD_ALIGN_PARAGRAPH.LEFT)
            first = "附件：" if number == 1 else ""
            _write(line, (f"{first}{f'{number}. ' if several else ''}{name}",), BODY, self._size)
            line.paragraph_format.left_indent = Length((6 if several else 5) * _CELL)
            line.paragraph_format.first_line_indent = Length(
                -(4 if several else 3) * _CELL if first else -_CELL
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
            line.paragraph_format.right_indent = Length(round(min(from_right, 20) * _CELL))
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
                row.height = Mm(table.blank)
        if table.has_header:
            header = OxmlElement("w:tblHeader")
            made.rows[0]._tr.get_or_add_trPr().append(header)
        _line(self._document)


def _set_cell(place: BlockItemContainer, cell: Cell, size: Length) -> None:
    line = place.paragraphs[0]
    for number, words in enumerate(cell.paragraphs):
        line = place.add_paragraph() if number else line
        _write(line, words, HEADING if cell.is_label else BODY, size)
        if cell.is_label:
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if cell.signed:
        signing = place.add_paragraph()
        signing.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _write(signing, cell.signed, BODY, size)


def _line(
    document: Document,
    words: Words = (),
    alignment: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.CENTER,
) -> WordParagraph:
    line = document.add_paragraph()
    line.alignment = alignment
    _write(line, words, BODY, None)
    return line


def _write(
    line: WordParagraph, words: Words, face: str, size: Length | None, colour: RGBColor | None = None
) -> None:
    """Words at the end of a line, gaps in red; nothing in them is read as anything but text."""
    for piece in words:
        run = line.add_run(str(piece))
        is_gap = isinstance(piece, Gap)
        fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), HEADING if is_gap else face)
        run.font.size = size
        if is_gap or colour is not None:
            run.font.color.rgb = _RED if is_gap else colour


def _write_page_number(line: WordParagraph) -> None:
    """— 1 —, in size 4."""
    _write(line, ("— ",), SONG, _SIZE_4)
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    line._p.append(number)
    run = line.add_run("1")
    run.font.size = _SIZE_4
    number.append(run._r)
    _write(line, (" —",), SONG, _SIZE_4)


def _underline(line: WordParagraph, kind: str) -> None:
    """A red double line of 170 mm below it, in the middle of the page."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", kind), ("sz", "24"), ("space", "8"), ("color", str(_RED))):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    properties = line._p.get_or_add_pPr()
    properties.insert_element_before(borders, *_AFTER_BORDERS)
    line.paragraph_format.left_indent, line.paragraph_format.right_indent = Mm(-8), Mm(-6)


_AFTER_BORDERS = (
    *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct"),
    *("w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid"),
    *("w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc"),
    *("w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId"),
    *("w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange"),
)
"""What follows the borders of a paragraph in the order that the format prescribes."""


def _indent(line: WordParagraph, characters: int) -> None:
    """The first line by so many characters, whatever their size."""
    line.paragraph_format.first_line_indent = Length(characters * _CELL)
    ind = line._p.get_or_add_pPr().get_or_add_ind()
    ind.set(qn("w:firstLineChars"), str(100 * characters))


def _width(words: Sequence[object]) -> float:
    """How many characters wide a line is: letters and digits count half."""
    text = "".join(str(piece) for piece in words)
    return sum(1 if east_asian_width(each) in "WFA" else 0.5 for each in text)


def _name(document: Document, paper: Paper) -> None:
    """The particulars of the file: the paper's own, no clock's and no program's."""
    properties = document.core_properties
    properties.title, properties.author = paper.title[:255], paper.issuer[:255]
    properties.subject, properties.keywords = "", paper.internal_number[:255]
    properties.comments, properties.last_modified_by, properties.revision = "", "", 1
    dates = [
        each for each in properties._element if each.tag in (qn("dcterms:created"), qn("dcterms:modified"))
    ]
    for each in dates:
        properties._element.remove(each)
    if paper.dated is not None:
        day = datetime(paper.dated.year, paper.dated.month, paper.dated.day, tzinfo=UTC)
        properties.created = properties.modified = day
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]


def _packed(document: Document) -> bytes:
    """The file, its parts in one order and under one time."""
    made, packed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for part in parts.infolist():
            entry = zipfile.ZipInfo(part.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, parts.read(part))
    return packed.getvalue()
