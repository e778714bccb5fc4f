"""The sheet of a draft for Word and WPS: page, grid, faces, what stands above and below the text, and the file itself."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import docx
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from activities.word_text import (
    BODY,
    HEADING,
    NOTE,
    RED,
    SIZE_3,
    SIZE_4,
    SMALL,
    SONG,
    double_rule_below,
    write,
)
from models.documents import Paper
from models.wording import Family, Gap

if TYPE_CHECKING:
    from docx.blkcntnr import BlockItemContainer
    from docx.document import Document
    from docx.section import Section

_TWIPS_A_LINE = 579
# Of 28 characters of size 3 each has 156 mm / 28: in 4,096ths of a point, less than the sixteen that it measures.
_NARROWER = -848
_EPOCH = (1980, 1, 1, 0, 0, 0)


_WATERMARK = """
<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
  <v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"
               path="m@7,l@8,m@5,21600l@6,21600e">
    <v:formulas>
      <v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
      <v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
      <v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/>
      <v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/>
    </v:formulas>
    <v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800"
            o:connectangles="270,180,90,0"/>
    <v:textpath on="t" fitshape="t"/>
    <o:lock v:ext="edit" text="t" shapetype="t"/>
  </v:shapetype>
  <v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{number:04d}" type="#_x0000_t136" alt=""
           style="position:absolute;margin-left:0;margin-top:0;width:420pt;height:140pt;rotation:315;z-index:-251658752;\
mso-position-horizontal:center;mso-position-horizontal-relative:page;\
mso-position-vertical:center;mso-position-vertical-relative:page"
           o:allowincell="f" fillcolor="#e8e8e8" stroked="f">
    <v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string="送审稿"/>
  </v:shape>
</w:pict>"""
"""A watermark as Word itself writes one: the art of a word, aslant behind the text; WPS knows it by the name of the shape."""


def sheet(paper: Paper, family: Family) -> Document:
    """An empty document on the page of its family, under the particulars of the paper."""
    document = docx.Document()
    _set_defaults(document, SMALL if family is Family.INTERNAL else SIZE_3)
    section = document.sections[0]
    _set_page(section, family)
    _set_margins_of_pages(document, section, paper, family)
    _name(document, paper)
    return document


def text_width(document: Document) -> Length:
    """How wide a line of the text is."""
    section = document.sections[0]
    return Length(section.page_width - section.left_margin - section.right_margin)  # type: ignore[operator]  # set by `sheet`


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
    """The marks of a draft above and behind the text; below it the page's number at the outer edge, our own opposite (7.5).

    The first page of a letter in the red form has a red double line below it instead of a number.
    """
    document.settings.odd_and_even_pages_header_footer = True
    own = ("内部编号：", paper.internal_number or Gap("内部编号")) if paper.shows_internal_number else ()
    heads = [section.header, section.even_page_header]
    for footer, number_is_right in ((section.footer, True), (section.even_page_footer, False)):
        line = _first_line(document, footer)
        line.paragraph_format.tab_stops.add_tab_stop(text_width(document), WD_TAB_ALIGNMENT.RIGHT)
        if number_is_right:
            write(line, own, SONG, NOTE)
            line.add_run("\t")
            _write_page_number(line)
        else:
            _write_page_number(line)
            line.add_run("\t")
            write(line, own, SONG, NOTE)
    if family is Family.LETTER:
        section.different_first_page_header_footer = True
        heads.append(section.first_page_header)
        line = _first_line(document, section.first_page_footer)
        write(line, own, SONG, NOTE)
        double_rule_below(line, "thinThickSmallGap")
    for number, head in enumerate(heads if paper.draft else ()):
        line = _first_line(document, head)
        write(line, ("送审稿",), HEADING, SIZE_4, RED)
        line.add_run()._r.append(parse_xml(_WATERMARK.format(number=number)))


def _first_line(document: Document, place: BlockItemContainer) -> WordParagraph:
    """The line above or below the text, without the tabs of the template's own styles for it."""
    line: WordParagraph = place.paragraphs[0]
    line.style = document.styles["Normal"]
    return line


def _write_page_number(line: WordParagraph) -> None:
    """— 1 —, in size 4."""
    write(line, ("— ",), SONG, SIZE_4)
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    line._p.append(number)
    run = line.add_run("1")
    run.font.size = SIZE_4
    number.append(run._r)
    write(line, (" —",), SONG, SIZE_4)


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


def packed(document: Document) -> bytes:
    """The file, its parts in one order and under one time."""
    made, packed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for part in parts.infolist():
            entry = zipfile.ZipInfo(part.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, parts.read(part))
    return packed.getvalue()
