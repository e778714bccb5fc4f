"""The editable draft: the words of the PDF in a file for Word and WPS, on the grid of GB/T 9704."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table

from activities.typesetting import Typesetter
from activities.word import word_draft
from models.documents import PAPERS
from starter.provision.fonts import font_folders
from tests.sample_papers import PAPER_OF, SUGGESTION
from tests.test_documents import RED, form, letter, words

EMPTY = {kind: PAPERS.validate_python({"type": kind, "draft": True}) for kind in PAPER_OF}
_FOOTER = re.compile(r"(—\d+—)?内部编号：(【待补：内部编号】|U-340822-2019-0003(-[A-Z]?\d+?)?)(—\d+—)?|—\d+—")


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(font_folders(fetch=False))


def opened(file: bytes) -> Document:
    return docx.Document(io.BytesIO(file))


def pieces(document: Document) -> list[str]:
    """The texts of paragraphs and cells in the order in which they are read."""
    found: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                found += [cell.text for cell in dict.fromkeys(row.cells)]
        else:
            found.append(block.text)
    return found


def read(document: Document) -> str:
    """All that can be read in the file, without spaces and line breaks."""
    return re.sub(r"\s", "", "".join(pieces(document)))


def printed(pdf: bytes) -> str:
    """All that can be read in the PDF but for what stands above, below and behind the text of each page."""
    return _FOOTER.sub("", words(pdf).replace("送审稿", ""))


@pytest.mark.parametrize("kind", [kind for kind in PAPER_OF if kind != "case_timeline"])
def test_the_draft_says_what_the_pdf_says_in_the_same_order(typesetter: Typesetter, kind: str) -> None:
    for paper in (PAPER_OF[kind], EMPTY[kind]):
        assert read(opened(word_draft(paper))) == printed(typesetter.render(paper))


@pytest.mark.parametrize("kind", PAPER_OF)
def test_every_gap_of_a_draft_is_shown_and_it_is_marked_as_a_draft(kind: str) -> None:
    document = opened(word_draft(EMPTY[kind]))
    assert read(document).count("【待补：") >= 3
    section = document.sections[0]
    heads = [section.header, section.even_page_header]
    heads += [section.first_page_header] if section.different_first_page_header_footer else []
    assert [head.paragraphs[0].text for head in heads] == ["送审稿"] * len(heads)
    assert "【待补：内部编号】" in section.footer.paragraphs[0].text
    issued = opened(word_draft(PAPER_OF[kind]))
    assert "【待补：" not in read(issued)
    assert not issued.sections[0].header.paragraphs[0].text


def test_other_contents_of_a_general_letter_and_form_are_the_same_too(typesetter: Typesetter) -> None:
    for paper in (
        letter(name="情况通报", body="现将有关事项通报如下：", points=PAPER_OF["general_letter"].points),  # type: ignore[union-attr]
        letter(name="立案决定书", subject="土地复垦", evidence=("甲", "乙"), basis=("某法第一条",)),
        letter(reply_by="2019-06-14", contact=None, evidence=("甲。",)),
        form(rows=(), subject=""),
        form(sections=(), name="情况通报"),
        PAPER_OF["urging_letter"].model_copy(update={"reason": "no_reply", "due_on": None, "draft": True}),
        PAPER_OF["amendment_notice"].model_copy(update={"due_on": SUGGESTION_DUE}),
    ):
        assert read(opened(word_draft(paper))) == printed(typesetter.render(paper))


SUGGESTION_DUE = PAPER_OF["reckoning_note"].deadlines[0].due_on  # type: ignore[union-attr]


def test_the_page_is_the_grid_of_gb_t_9704() -> None:
    section = opened(word_draft(SUGGESTION)).sections[0]
    measured = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    wanted = (Mm(210), Mm(297), Mm(37), Mm(35))
    assert all(abs(found - want) < Mm(0.05) for found, want in zip(measured, wanted, strict=True) if found)
    assert section.left_margin is not None
    assert abs(section.left_margin - Mm(28)) < Mm(0.05)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid is not None
    assert grid.get(qn("w:type")) == "linesAndChars"
    pitch, spacing = int(grid.get(qn("w:linePitch")) or 0), int(grid.get(qn("w:charSpace")) or 0)
    # 225 mm hold 22 lines and no more, 156 mm 28 characters of 16 points and no more.
    assert 225 / 25.4 * 1440 // pitch == 22
    assert 156 / 25.4 * 72 // (16 + spacing / 4096) == 28


def test_the_faces_are_named_and_none_is_embedded() -> None:
    for paper in PAPER_OF.values():
        file = zipfile.ZipFile(io.BytesIO(word_draft(paper)))
        names = set(re.findall(r'w:eastAsia="([^"]+)"', file.read("word/document.xml").decode()))
        assert {"仿宋_GB2312", "方正小标宋简体"} <= names <= {"仿宋_GB2312", "方正小标宋简体", "黑体", "宋体"}
        assert "仿宋_GB2312" in file.read("word/styles.xml").decode()
        assert not [name for name in file.namelist() if "font" in name and name != "word/fontTable.xml"]
        assert not [name for name in file.namelist() if "thumbnail" in name or "vba" in name.lower()]


@pytest.mark.parametrize("kind", PAPER_OF)
def test_only_the_letters_have_a_red_head_between_red_lines(kind: str) -> None:
    file = zipfile.ZipFile(io.BytesIO(word_draft(PAPER_OF[kind])))
    text = "".join(file.read(name).decode() for name in file.namelist() if re.match(r"word/(doc|foot)", name))
    reds = (1, 1, 1) if kind in RED else (0, 0, 0)
    assert (text.count("thickThin"), text.count("thinThick"), text.count('<w:color w:val="D0')) == reds


def test_the_end_of_a_letter_is_not_parted() -> None:
    kept = [
        line.text
        for line in opened(word_draft(SUGGESTION)).paragraphs
        if line.paragraph_format.keep_with_next
    ]
    assert [text[:3] for text in kept[-3:]] == ["联系人", "", "怀宁县"]


def test_the_file_names_its_issuer_and_its_day_and_an_undated_draft_none() -> None:
    properties = opened(word_draft(SUGGESTION)).core_properties
    assert (properties.title, properties.author) == (SUGGESTION.title, SUGGESTION.issuer)
    assert properties.created is not None
    assert properties.created.date() == SUGGESTION.dated
    assert opened(word_draft(EMPTY["suggestion"])).core_properties.created is None


WATERMARK = re.compile('<v:textpath [^>]*string="送审稿"')


@pytest.mark.parametrize("kind", PAPER_OF)
def test_a_draft_bears_its_mark_aslant_behind_the_text_of_every_page(kind: str) -> None:
    for paper, is_draft in (
        (PAPER_OF[kind], False),
        (PAPER_OF[kind].model_copy(update={"draft": True}), True),
    ):
        document = opened(word_draft(paper))
        section = document.sections[0]
        heads = [section.header, section.even_page_header]
        heads += [section.first_page_header] if section.different_first_page_header_footer else []
        drawn = [head._element.xml for head in heads if WATERMARK.search(head._element.xml)]
        assert len(drawn) == (len(heads) if is_draft else 0)
        for head in drawn:
            assert "rotation:315" in head and "z-index:-" in head and 'fillcolor="#e8e8e8"' in head
        named = re.findall(r'id="(PowerPlusWaterMarkObject\d+)"', "".join(drawn))
        assert len(set(named)) == len(named) == len(drawn)
        assert not WATERMARK.search(document.element.xml)
