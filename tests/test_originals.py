"""正本: the letter as it truly went out is brought back, checked, kept beside ours, and is then the issued version."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from activities.word import word_draft
from models.bags import PaperRef
from models.bodies import Jurisdiction
from models.errors import InputError
from models.projecting import rows
from models.rows import ORIGINAL
from models.terms import Role
from models.wire import Person
from starter import parts
from starter.message_files import given_as, read_facts
from starter.originals import check_original
from starter.papers import foreseen
from tests.openings import BUREAU, FORESTRY, draft, opening
from tests.pure_desk import PureDesk, issued
from tests.sample_papers import SUGGESTION

SCAN = PaperRef("a" * 64, 9, "application/pdf", f"papers/in/{'a' * 12}-正本.pdf")
SECOND = PaperRef("b" * 64, 9, "image/jpeg", f"papers/in/{'b' * 12}-补盖章.jpg")


def originals(desk: PureDesk) -> dict[str, str]:
    return {row.order: row.name for row in rows(desk.case).papers if row.direction == ORIGINAL}


def table(desk: PureDesk) -> str:
    listing = parts.letters(rows(desk.case))
    return "\n".join("\n".join(row) for row in listing._rows)


# In the case.


def test_the_original_is_the_issued_version_and_ours_stays() -> None:
    desk = issued().on("2021-10-08")
    ours = desk.case.letters.by_id["L1"].paper
    assert originals(desk) == {}
    desk.record("original_kept", "2021-09-16", "signed", letter="L1", paper=SCAN)
    letter = desk.case.letters.by_id["L1"]
    assert letter.original == SCAN and letter.paper == ours
    assert originals(desk) == {"L1": SCAN.name}
    assert "正本：正本.pdf" in table(desk)
    assert {row.direction for row in rows(desk.case).papers} == {"out", "in", ORIGINAL}
    assert "以正本为准" in desk.case.taken["signed"].what


def test_a_case_without_an_original_has_the_rows_it_always_had() -> None:
    assert {row.direction for row in rows(issued().case).papers} == {"out"}
    assert "正本" not in table(issued())


def test_of_several_the_one_brought_back_last_counts_in_whichever_order_they_are_entered() -> None:
    for order in (("2021-09-16", SCAN, "2021-09-20", SECOND), ("2021-09-20", SECOND, "2021-09-16", SCAN)):
        desk = issued().on("2021-10-08")
        desk.record("original_kept", order[0], "one", letter="L1", paper=order[1])
        desk.record("original_kept", order[2], "two", letter="L1", paper=order[3])
        assert desk.case.letters.by_id["L1"].original == SECOND


def test_one_that_was_brought_back_by_mistake_is_struck_out_or_corrected() -> None:
    desk = issued(draft(draft().document, BUREAU, FORESTRY)).on("2021-10-08")
    desk.record("original_kept", "2021-09-16", "signed", letter="L1", paper=SCAN)
    desk.correct("signed", on="2021-09-16", letter="L2", paper=SCAN)
    assert originals(desk) == {"L2": SCAN.name}
    desk.correct("signed")
    assert originals(desk) == {}


def test_what_comes_before_the_letter_is_entered_as_issued_waits_for_it() -> None:
    desk = PureDesk(opening(draft())).on("2021-09-15")
    desk.signal("original_kept", "2021-09-15", "early", letter="L1", paper=SCAN)
    assert originals(desk) == {}
    desk.decide("approve_letter", document="D1")
    desk.decide("issue_letter", document="D1", official_no="明检建〔2021〕1号", on=date(2021, 9, 15))
    assert originals(desk) == {"L1": SCAN.name}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"paper": None}, "没有附上正本的文件"),
        ({"paper": PaperRef("c" * 64, 9, "application/x", "papers/in/草稿.docm")}, "不能作正本"),
        ({"letter": ""}, "对应多份文书"),
        ({"letter": "L9"}, "没有与“L9”对应"),
        ({"on": "2021-09-01"}, "早于该文书制发日"),
        ({"on": "2022-01-01"}, "在将来"),
    ],
)
def test_what_cannot_be_an_original_does_not_fit(said: dict[str, Any], why: str) -> None:
    desk = issued(draft(draft().document, BUREAU, FORESTRY)).on("2021-10-08")
    told: dict[str, Any] = {"on": "2021-09-16", "letter": "L1", "paper": SCAN} | said
    assert why in str(desk.misfit("original_kept", told.pop("on"), **told))


# The file itself.

WORD = word_draft(SUGGESTION)


def changed(parts_of_it: Mapping[str, bytes | None]) -> bytes:
    """The draft with these parts put in; None takes one out."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORD)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        content = {name: old.read(name) for name in old.namelist()} | dict(parts_of_it)
        for name, part in content.items():
            if part is not None:
                new.writestr(name, part)
    return made.getvalue()


def ofd() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("OFD.xml", "<ofd:OFD/>")
    return made.getvalue()


GOOD = {
    "正本.pdf": b"%PDF-1.7\n",
    "正本.PDF": b"\n%PDF-1.4\n",
    "正本.ofd": ofd(),
    "正本.jpg": b"\xff\xd8\xff\xe0",
    "正本.png": b"\x89PNG\r\n\x1a\n",
    "正本.tif": b"II*\0",
    "正本.docx": WORD,
}
TYPES = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
REMOTE = b'<Relationships><Relationship Type="x/attachedTemplate" Target="http://x/a.dotm"/></Relationships>'
BAD: dict[str, tuple[str, bytes, str]] = {
    "macro": ("正本.docx", changed({"word/vbaProject.bin": b"x"}), "带有宏"),
    "macro in another case": ("正本.docx", changed({"word/VbaProject.BIN": b"x"}), "带有宏"),
    "a document with macros under another name": (
        "正本.docx",
        changed({"[Content_Types].xml": TYPES}),
        "带有宏",
    ),
    "the same in UTF-16": (
        "正本.docx",
        changed({"[Content_Types].xml": TYPES.decode().encode("utf-16")}),
        "带有宏",
    ),
    "control": ("正本.docx", changed({"word/activeX/activeX1.bin": b"x"}), "控件"),
    "template from elsewhere": (
        "正本.docx",
        changed({"word/_rels/settings.xml.rels": REMOTE}),
        "外部模板",
    ),
    "no document": ("正本.docx", changed({"word/document.xml": None}), "不是 Word 文档"),
    "bomb": ("正本.docx", changed({"[Content_Types].xml": b" " * 2_000_000}), "打不开"),
    "cut short": ("正本.docx", WORD[:2000], "打不开"),
    "encrypted": ("正本.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "打不开"),
    "with macros by its name": ("正本.docm", WORD, ".docm的文件不能作正本"),
    "a program": ("正本.exe", b"MZ", ".exe的文件不能作正本"),
    "without a suffix": ("正本", b"%PDF-1.7", "没有后缀"),
    "HTML called PDF": ("正本.pdf", b"<html>", "不是.pdf文件"),
    "PDF called a picture": ("正本.jpg", b"%PDF-1.7", "不是.jpg文件"),
    "a document called OFD": ("正本.ofd", WORD, "不是 OFD"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_signed_file_a_scan_or_an_edited_draft_can_be_an_original(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(GOOD[name])
    assert check_original(tmp_path / name) == []


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_such_file_or_could_act_by_itself_is_refused(case: str, tmp_path: Path) -> None:
    name, content, why = BAD[case]
    (tmp_path / name).write_bytes(content)
    [problem] = check_original(tmp_path / name)
    assert why in problem.what and problem.remedy
    with pytest.raises(InputError):  # in these words, or in those that are said of any paper
        given(tmp_path / name)


def given(path: Path) -> PaperRef:
    [found] = read_facts(
        "original_kept",
        given_as(["on=2021-09-16", "letter=L1"]),
        by=Person(name="王五", role=Role.CLERK),
        jurisdiction=Jurisdiction.load(),
        papers=[path],
    )
    return foreseen(found.papers[0])


def test_the_type_of_an_original_is_known_on_every_system(tmp_path: Path) -> None:
    for name in ("正本.ofd", "正本.docx"):
        (tmp_path / name).write_bytes(GOOD[name])
    assert given(tmp_path / "正本.ofd").media_type == "application/ofd"
    assert given(tmp_path / "正本.docx").media_type.endswith("wordprocessingml.document")
