"""Whatever is typed into a paper is printed as it stands, in the PDF and in the file for Word: nothing runs, nothing is lost."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from activities.typesetting import Typesetter
from activities.word import word_draft
from models.documents import PAPERS, Paper
from starter.provision.fonts import font_folders
from tests.pdf_places import runs
from tests.sample_papers import PAPER_OF
from tests.test_official_papers import JOINT_REPORT
from tests.test_word import opened, printed, read

TYPED: dict[str, tuple[str, str]] = {
    "control characters": ("甲\x00\x07乙\x1b[31m丙\x7f\x9b丁", "甲乙[31m丙丁"),
    "direction marks": ("付\u202e款\u202c单\u200f位\u2067", "付款单位"),
    "what nobody sees": ("零\u200b宽\ufeff字\ufffe符\ud800", "零宽字符"),
    "typst": (
        '#panic("x") = 标题 *粗* _斜_ $a^2$ \\ // 注释 /* x */ `code` @ref <label> ~ --- #import "x" ]] #{',
        "",
    ),
    "fields of Word": (
        '{ INCLUDETEXT "/etc/passwd" } { MERGEFIELD 甲 } { DDEAUTO c:\\\\windows cmd } «域» { PAGE }',
        "",
    ),
    "XML": (
        ']]> <w:t>甲</w:t><w:fldSimple w:instr="DDE"/> &amp; &#x4e00; <!-- 注 --> <?xml?> <![CDATA[乙]]>',
        "",
    ),
    "HTML": ('<script>alert(1)</script> <b>粗</b> <img src=x onerror="y"> <a href="https://x.cn">z</a>', ""),
    "other languages": ("{{ jinja }} ${x} %s {0} \\par {\\rtf1} =cmd|calc!A0 '; DROP TABLE x; --", ""),
}
"""What is typed, and what of it can be seen; all of it where that is empty."""
SUBJECTS: dict[str, Paper] = {**PAPER_OF, "joint_report": JOINT_REPORT}
_KEPT = ("type", "series", "conclusion", "internal_number", "case_number", "draft")
_NAMES = ("issuer", "handler", "signers")


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(font_folders(fetch=False))


class Typing:
    """Types into every field of a paper, each time the next of what is to be typed, and with a mark of its own."""

    def __init__(self, words: Sequence[str], only: tuple[str, ...] = ()) -> None:
        self._words, self._only = words, only
        self.marks: list[str] = []

    def into(self, value: object, field: str = "") -> object:
        """The same content with other words in it."""
        if isinstance(value, dict):
            # The lanes of a time line are those of a closed list.
            kept = (*_KEPT, "name") if "periods" in value else _KEPT
            return {name: each if name in kept else self.into(each, name) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return tuple(self.into(each, field) for each in value)
        is_text = isinstance(value, str) and value and not re.fullmatch(r"[\d/-]+", value)
        if not is_text or (self._only and field not in self._only):
            return value
        words = self._words[len(self.marks) % len(self._words)]
        self.marks.append(f"第{len(self.marks) + 1}处")
        return words + self.marks[-1]


def typed(kind: str, typing: Typing) -> Paper:
    """The sample with the words in all of its fields but those of a closed list."""
    sample = SUBJECTS[kind].model_dump(exclude={"reason"} if kind == "urging_letter" else set())
    filled = typing.into(sample)
    assert isinstance(filled, dict)
    if kind == "urging_letter":
        filled["reason"] = "partly"
    # What ends in 报告 or 书 is set in a form of its own.
    if filled.get("name"):
        filled["name"] += SUBJECTS[kind].name[-2:]  # type: ignore[union-attr]  # general papers have names
    return PAPERS.validate_python(filled)


@pytest.mark.parametrize("kind", SUBJECTS)
def test_what_is_typed_is_printed_as_it_stands(typesetter: Typesetter, kind: str) -> None:
    typing = Typing([words for words, _ in TYPED.values()])
    seen = [re.sub(r"\s", "", visible or words) for words, visible in TYPED.values()]
    told = 0
    while told < len(TYPED):
        paper = typed(kind, typing)
        pdf, file = typesetter.render(paper), word_draft(paper)
        for text in (printed(pdf), read(opened(file))):
            for at in range(told, len(typing.marks)):
                assert f"{seen[at % len(seen)]}{typing.marks[at]}" in text
        told = len(typing.marks)
        nothing_runs_in_word(file)
        nothing_runs_in_pdf(pdf)


def nothing_runs_in_word(file: bytes) -> None:
    parts = zipfile.ZipFile(io.BytesIO(file))
    for name in parts.namelist():
        text = parts.read(name).decode()
        assert not re.search(
            "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200f\u202e\u2067\ufeff\ufffe]", text
        )
        assert "w:instrText" not in text
        assert set(re.findall(r'<w:fldSimple w:instr="([^"]*)"', text)) <= {"PAGE"}
        assert 'TargetMode="External"' not in text


def nothing_runs_in_pdf(file: bytes) -> None:
    reader = PdfReader(io.BytesIO(file))
    keys = {key for number in range(1, len(reader.xref[0]) + 1) for key in _keys(reader, number)}
    keys |= set(reader.root_object) | {key for page in reader.pages for key in page}
    assert not keys & {
        "/JS",
        "/JavaScript",
        "/OpenAction",
        "/AA",
        "/Launch",
        "/URI",
        "/EmbeddedFiles",
        "/Annots",
    }


def _keys(reader: PdfReader, number: int) -> Iterator[str]:
    found = reader.get_object(number)
    if isinstance(found, DictionaryObject):
        yield from found


LONG = [
    (kind, "recipient" if hasattr(paper, "recipient") else "case_name") for kind, paper in SUBJECTS.items()
]
LONG += [(kind, "issuer") for kind in ("notification_letter", "suggestion", "reckoning_note", "joint_report")]
LONG += [("period_report", "issuer"), ("period_report", "subject")]
LONG += [("joint_report", "signed_off_by"), ("general_form", "signers"), ("closing_review", "handler")]
NAMELESS = (("general_form", "case_name"), ("period_report", "case_name"))


@pytest.mark.parametrize(("kind", "field"), [row for row in LONG if row not in NAMELESS])
def test_a_name_of_ten_thousand_characters_loses_nothing_and_stays_on_the_paper(
    typesetter: Typesetter, kind: str, field: str
) -> None:
    typing = Typing(["某" * 10_000], only=(field,))
    paper = typed(kind, typing)
    assert typing.marks
    document = opened(word_draft(paper))
    assert len(document.core_properties.title) <= 255
    assert read(document).count("某") >= 10_000 * len(typing.marks)
    found = runs(typesetter.render(paper))
    assert sum(run.text.count("某") for run in found) >= 10_000 * len(typing.marks)
    for run in found:
        assert 15 < run.x < 195 and 10 < run.y < 285
