"""The forms of GB/T 9704-2012, measured in millimetres: the grid, the letter form and the document form."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import pairwise

import docx
import pytest

from activities.typesetting import Typesetter
from activities.word import word_draft
from models.documents import PAPERS
from models.general_papers import GeneralLetter
from starter.provision.fonts import font_folders
from tests.pdf_places import Rule, Run, rules, runs
from tests.sample_papers import NOTIFICATION, SUGGESTION
from tests.test_documents import letter, words
from tests.test_word import opened, printed, read

LEFT, RIGHT, TOP, BOTTOM = 28, 184, 37, 262
POINT = 25.4 / 72
SIZE_3, LINE, CELL = 15.75 * POINT, 225 / 22, 156 / 28
BUREAU, COURTHOUSE = "怀宁县自然资源和规划局", "怀宁县司法局"
ISSUER = "怀宁县人民检察院"
CIRCULAR = letter(name="情况通报", subject="协作配合", official_number="怀检会第三号文", attachments=())
JOINT = CIRCULAR.model_copy(update={"name": "通知", "joint_issuers": (BUREAU, COURTHOUSE)})
REPORT = CIRCULAR.model_copy(update={"name": "报告", "signed_off_by": ("陈某",)})
JOINT_REPORT = REPORT.model_copy(
    update={"joint_issuers": (BUREAU, COURTHOUSE), "signed_off_by": ("陈某", "王某", "欧阳某某")}
)
DOCUMENTS = {"circular": CIRCULAR, "joint": JOINT, "report": REPORT, "joint_report": JOINT_REPORT}


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(font_folders(fetch=False))


def one(found: list[Run], text: str, page: int = 0) -> Run:
    [run] = [run for run in found if run.text == text and page in (0, run.page)]
    return run


def near(measured: float, wanted: float, within: float = 0.3) -> bool:
    return abs(measured - wanted) <= within


def top(run: Run) -> float:
    return run.y - 0.8 * run.size * POINT


def foot(run: Run) -> float:
    return run.y + 0.2 * run.size * POINT


# 喆 is in another face, and so a piece of its own: it shows where the 28th character stands. The first line is indented by two.
FULL_LINE = "耕地保护" * 6 + "耕地保" + "喆"
FULL_PAGES = FULL_LINE[2:] + FULL_LINE * 60


@pytest.mark.parametrize(
    "paper",
    [
        NOTIFICATION.model_copy(update={"facts": FULL_PAGES}),
        CIRCULAR.model_copy(update={"body": FULL_PAGES}),
        SUGGESTION.model_copy(update={"facts": FULL_PAGES}),
    ],
    ids=["letter", "document", "procuratorial"],
)
def test_the_type_area_is_156_by_225_mm_of_28_characters_and_22_lines(
    typesetter: Typesetter, paper: object
) -> None:
    """GB/T 9704 5.2: 天头 37 mm and 订口 28 mm, each give or take one; every line and page is full."""
    body = [
        run
        for run in runs(typesetter.render(paper))  # type: ignore[arg-type]  # one of three papers
        if run.page == 2 and run.size == pytest.approx(15.75)
    ]
    baselines = sorted({round(run.y, 2) for run in body})
    assert len(baselines) == 22
    assert near(baselines[0] - 0.8 * SIZE_3, TOP, 1)
    assert all(near(low - high, LINE, 0.05) for high, low in pairwise(baselines))
    assert near(baselines[0] - 0.8 * SIZE_3 + 22 * LINE, BOTTOM, 1)
    assert near(min(run.x for run in body), LEFT, 1)
    lasts = [run.x for run in body if run.text == "喆"]
    assert len(lasts) == 22
    assert all(near(x + CELL, RIGHT) for x in lasts)


# The document form (文件格式), 7.2 to 7.4.


def head(typesetter: Typesetter, paper: GeneralLetter) -> tuple[list[Run], Rule]:
    pdf = typesetter.render(paper)
    [line] = [rule for rule in rules(pdf) if rule.is_red]
    return [run for run in runs(pdf) if run.page == 1], line


@pytest.mark.parametrize("paper", DOCUMENTS.values(), ids=DOCUMENTS)
def test_the_mark_is_35_mm_below_the_edge_and_all_else_follows_from_it(
    typesetter: Typesetter, paper: GeneralLetter
) -> None:
    found, line = head(typesetter, paper)
    number = one(found, "怀检会第三号文")
    mark = [run for run in found if run.size > 24]
    assert near(mark[0].y - 0.86 * mark[0].size * POINT, TOP + 35, 0.5)
    assert near(line.left, LEFT) and near(line.right, RIGHT)  # 7.2.7
    assert near(line.y - foot(number), 4)
    title = next(run for run in found if run.size == pytest.approx(22))
    assert near(top(title) - line.y, 2 * LINE, 0.6)  # 7.3.1
    below = max(run.y for run in mark) + 0.12 * mark[0].size * POINT
    first = one(found, "签发人：") if paper.is_upward else number
    assert near(top(first) - below, 2 * LINE, 0.6)  # 7.2.5
    salutation = next(run for run in found if run.text == f"{BUREAU}：")
    assert near(salutation.x, LEFT)


def test_a_single_issuer_is_followed_by_the_word_document(typesetter: Typesetter) -> None:
    found, _ = head(typesetter, CIRCULAR)
    [mark] = [run for run in found if run.size > 24]
    assert mark.text == f"{ISSUER}文件"
    number = one(found, "怀检会第三号文")
    assert near(number.x, LEFT + (156 - 7 * CELL) / 2)  # 7.2.5: in the middle
    assert "文件" not in words(typesetter.render(letter(joint_issuers=(BUREAU,))))


def test_joint_issuers_stand_one_under_another_the_lead_organ_first(typesetter: Typesetter) -> None:
    """7.2.4."""
    found, _ = head(typesetter, JOINT)
    mark = [run for run in found if run.size > 24]
    assert "".join(run.text for run in mark) == f"{ISSUER}{BUREAU}{COURTHOUSE}文件"
    lines = sorted({round(run.y, 1) for run in mark if run.text != "文件"})
    assert len(lines) == 3
    word = one(mark, "文件")
    assert near(word.y, lines[1])  # in the middle of the three
    names = [run for run in mark if run.text != "文件"]
    assert word.x > max(run.x for run in names)
    assert len({round(run.x, 1) for run in names if run.text[0] == "怀"}) == 1
    # Spread evenly: the last characters of the short names stand under each other.
    assert near(*(run.x for run in names if run.text in ("院", "局")))
    small = [run.text for run in runs(typesetter.render(JOINT)) if run.size < 16]
    named = [text for text in small if text in (ISSUER, BUREAU, COURTHOUSE)]
    assert named == [ISSUER, BUREAU, COURTHOUSE, ISSUER]  # the signatures, and the lead organ as the printer


def test_many_joint_issuers_leave_room_for_the_text_on_the_first_page(typesetter: Typesetter) -> None:
    many = tuple(f"福建省三明市第{each}自然资源和规划管理局" for each in "一二三四五六七八九")
    found, _ = head(typesetter, CIRCULAR.model_copy(update={"joint_issuers": many}))
    assert any(run.text.startswith("因办理土地") for run in found)


def test_what_goes_upward_names_who_signed_it_off(typesetter: Typesetter) -> None:
    """7.2.5, 7.2.6: the number at the left by one character, on the line of the last of 签发人; two names in a row."""
    found, _ = head(typesetter, REPORT)
    number, label, name = (one(found, text) for text in ("怀检会第三号文", "签发人：", "陈某"))
    assert near(number.x, LEFT + CELL)
    assert number.y == label.y == name.y
    assert near(name.x + 2 * CELL, RIGHT - CELL)
    assert near(name.x - label.x, 4 * CELL)
    found, _ = head(typesetter, JOINT_REPORT)
    number, first, second, third = (
        one(found, text) for text in ("怀检会第三号文", "陈某", "王某", "欧阳某某")
    )
    assert first.y == second.y < third.y == number.y
    assert near(third.x, first.x) and near(second.x + 2 * CELL, RIGHT - CELL)


def test_a_draft_that_goes_upward_shows_who_has_not_signed_it_off_and_an_old_paper_names_none(
    typesetter: Typesetter,
) -> None:
    draft = JOINT_REPORT.model_copy(update={"signed_off_by": ("陈某",), "draft": True})
    text = words(typesetter.render(draft))
    assert f"签发人：陈某【待补：{BUREAU}签发人】" in text
    assert f"【待补：{COURTHOUSE}签发人】" in text
    assert "签发人" not in words(typesetter.render(REPORT.model_copy(update={"signed_off_by": ()})))
    assert "签发人" not in words(typesetter.render(CIRCULAR.model_copy(update={"signed_off_by": ("陈某",)})))


def test_the_imprint_stands_between_its_rules_at_the_foot_of_the_last_page(typesetter: Typesetter) -> None:
    """7.4."""
    pdf = typesetter.render(JOINT)
    upper, middle, lower = [rule for rule in rules(pdf) if not rule.is_red]
    last = max(run.page for run in runs(pdf))
    assert (upper.page, middle.page, lower.page) == (last, last, last)
    assert [round(each.thickness, 2) for each in (upper, middle, lower)] == [0.35, 0.25, 0.35]
    assert all(near(each.left, LEFT) and near(each.right, RIGHT) for each in (upper, middle, lower))
    assert near(lower.y, BOTTOM)
    found = [run for run in runs(pdf) if upper.y < run.y < lower.y and run.page == last]
    copies, printer, day = found
    assert copies.text == "抄送：怀宁县人民政府办公室。" and printer.text == ISSUER
    assert day.text == "2019年6月3日印发"
    assert {run.size for run in found} == {14.0}
    assert near(copies.x, LEFT + 14 * POINT) and near(printer.x, LEFT + 14 * POINT)
    assert copies.y < middle.y < printer.y == day.y
    without = rules(typesetter.render(JOINT.model_copy(update={"copies_to": ()})))
    assert [round(rule.thickness, 2) for rule in without if not rule.is_red] == [0.35, 0.35]


# The letter form (信函格式), 10.1.


@pytest.mark.parametrize("joint", [(), (BUREAU,)])
def test_a_letter_bears_the_lead_organ_alone_between_double_lines(
    typesetter: Typesetter, joint: tuple[str, ...]
) -> None:
    pdf = typesetter.render(letter(joint_issuers=joint, official_number="怀检函第九号文"))
    found = runs(pdf)
    [mark] = [run for run in found if run.size > 24]
    assert mark.text == ISSUER
    assert near(mark.y - 0.86 * mark.size * POINT, 30, 0.5)
    red = [rule for rule in rules(pdf) if rule.is_red]
    assert [rule.page for rule in red] == [1, 1, 1, 1]
    assert all(near(rule.left, 20) and near(rule.right, 190) for rule in red)
    thick, thin, lower_thin, lower_thick = red
    assert thick.thickness > 2 * thin.thickness and lower_thick.thickness > 2 * lower_thin.thickness
    assert near(thick.y - (mark.y + 0.12 * mark.size * POINT), 4, 0.5)
    assert near(297 - lower_thick.y, 20, 0.5)
    number = one(found, "怀检函第九号文")
    assert near(number.x + 7 * CELL, RIGHT)
    assert near(top(number) - thin.y, SIZE_3 * 7 / 8, 0.5)
    title = next(run for run in found if run.size == pytest.approx(22))
    assert near(top(title) - foot(number), 2 * LINE, 0.6)
    assert "—1—" not in "".join(run.text for run in found).replace(" ", "")
    assert not [rule for rule in rules(pdf) if not rule.is_red]


# The same in Word.


@pytest.mark.parametrize("paper", DOCUMENTS.values(), ids=DOCUMENTS)
def test_the_document_form_says_the_same_in_word(typesetter: Typesetter, paper: GeneralLetter) -> None:
    file = word_draft(paper)
    assert read(opened(file)) == printed(typesetter.render(paper))
    gapped = PAPERS.validate_python(
        {"type": "general_letter", "draft": True, "name": paper.name, "joint_issuers": paper.joint_issuers}
    )
    assert read(opened(word_draft(gapped))) == printed(typesetter.render(gapped))
    text = zipfile.ZipFile(io.BytesIO(file)).read("word/document.xml").decode()
    assert text.count('w:val="single" w:sz="12"') == 1  # the red line
    [borders] = re.findall("<w:tblBorders.*?</w:tblBorders>", text)
    assert re.findall(r'<w:(\w+) w:val="single" w:sz="(\d+)"', borders) == [
        ("top", "8"),
        ("bottom", "8"),
        ("insideH", "6"),
    ]
    # Word and WPS go by the columns, others by the cells.
    columns = [int(each) for each in re.findall(r'<w:gridCol w:w="(\d+)"', text)]
    assert columns == [
        int(each) for each in re.findall(r'<w:tcW w:type="dxa" w:w="(\d+)"', text) if each != "8845"
    ]
    assert all(sum(pair) <= 8850 for pair in (columns[:2], columns[-2:]))
    assert 'w:vertAnchor="margin"' in text and 'w:tblpYSpec="bottom"' in text
    spread = [
        line
        for line in docx.Document(io.BytesIO(file)).element.iter()
        if line.get(docx.oxml.ns.qn("w:val")) == "distribute"
    ]
    assert len(spread) == (3 if paper.joint_issuers else 0)
