"""`mingjian draft`: which paper of a case is meant, and what is written."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import docx
import pytest

from activities.typesetting import Typesetter
from activities.word import word_draft
from models.adoptions import SiteRules
from models.calendar import Calendar, calendar
from models.document_types import DocumentType
from models.documents import Paper
from models.errors import InputError, Refusal
from models.paper_parts import chinese_date
from models.wire import LetterText
from starter.drafts import Draft, drafts, write_drafts
from starter.provision.fonts import font_folders
from tests.openings import BUREAU, FORESTRY, draft, opening
from tests.pure_desk import PureDesk, issued, served
from tests.test_word import read

LETTER = "urging-350421-2021-0007-L1-检察建议书"


TODAY = date(2021, 11, 30)


class Shipped:
    """The editions as they are shipped."""

    def current(self) -> Calendar:
        return calendar()

    def named(self, name: str) -> Calendar:
        return calendar(name)

    @property
    def rules(self) -> SiteRules:
        return SiteRules()


def found(desk: PureDesk, reference: str) -> list[Draft]:
    return drafts(desk.case, reference, Shipped(), TODAY)


def text_of(paper: Paper) -> str:
    return read(docx.Document(io.BytesIO(word_draft(paper))))


def test_a_letter_that_waits_for_its_approval_is_a_draft_with_its_gaps_shown() -> None:
    desk = PureDesk(opening(draft(text=LetterText(subject="耕地保护"))))
    for reference in ("D1", "L1", BUREAU.name):
        [one] = found(desk, reference)
        assert one.name == LETTER
        assert one.paper.draft
        assert "认定的案件事实（《人民检察院检察建议工作规定》第十六条第二项）" in one.gaps
        assert "成文日期" in one.gaps
        assert "【待补：认定的案件事实】" in text_of(one.paper)


def test_an_issued_letter_bears_its_numbers_and_its_day_and_is_no_draft() -> None:
    desk = issued()
    [one] = found(desk, "明检建〔2021〕1号")
    assert one.gaps == [] and not one.paper.draft
    text = text_of(one.paper)
    assert "明检建〔2021〕1号" in text and "2021年9月15日" in text
    assert one.paper.internal_number == desk.case.letters.by_id["L1"].internal_no != ""


def test_a_report_names_who_approved_it_beside_its_number() -> None:
    desk = PureDesk(opening(draft(DocumentType.REPORT)))
    [pending] = found(desk, "D1")
    assert "签发人：【待补：签发人】" in text_of(pending.paper)
    desk.decide("approve_letter", document="D1")
    [approved] = found(desk, "D1")
    assert f"签发人：{desk.letter().approved_by}" in text_of(approved.paper)
    assert desk.letter().approved_by
    desk.decide("issue_letter", document="D1", official_no="明检〔2021〕3号")
    [issued_one] = found(desk, "D1")
    assert issued_one.gaps == [] and not issued_one.paper.draft
    assert f"签发人：{desk.letter().approved_by}" in text_of(issued_one.paper)


def test_a_document_to_several_bodies_gives_a_draft_for_each() -> None:
    desk = PureDesk(opening(draft(recipients=(BUREAU, FORESTRY))))
    assert [each.name[-8:] for each in found(desk, "D1")] == ["L1-检察建议书", "L2-检察建议书"]
    [one] = found(desk, FORESTRY.name)
    assert one.name.endswith("L2-检察建议书")


def test_what_the_case_calls_for_besides_is_found_by_its_name() -> None:
    desk = served()
    desk.on("2021-11-20")
    desk.decide("urge", on=date(2021, 11, 20), letter="L1", manner="书面")
    [one] = found(desk, "L1-督促函")
    assert "督促贵单位依法履行职责" in text_of(one.paper)
    assert found(desk, "L1/urged-1") == [one]


def test_what_is_not_there_is_refused_with_what_there_is() -> None:
    desk = PureDesk(opening(draft(DocumentType.NOTIFICATION_LETTER)))
    with pytest.raises(Refusal, match=r"没有文书“D9”.*L1 告知函致明溪县自然资源局"):
        found(desk, "D9")
    with pytest.raises(Refusal, match="可选：期限计算说明；案件流程表；案件时间线；卷内目录"):
        found(PureDesk(opening()), "D1")


def test_the_whole_case_is_shown_as_it_stands_today() -> None:
    desk = served()
    for name in ("期限计算说明", "案件流程表", "案件时间线", "卷内目录"):
        [one] = found(desk, name)
        assert one.name == f"{desk.case.opening.case}-{name}"
        assert one.gaps == [] and one.paper.dated == TODAY and not one.paper.draft
    [note] = found(desk, "期限计算说明")
    due = desk.due(desk.letter().reply_key)
    assert due is not None and chinese_date(due) in text_of(note.paper)


def test_a_draft_is_written_once_and_never_over_what_somebody_edited(tmp_path: Path) -> None:
    drafted = found(PureDesk(opening(draft())), "D1")
    [written] = write_drafts(drafted, "", tmp_path, Typesetter(font_folders(fetch=False)))
    assert [file.name for file in written.files] == [f"{LETTER}.docx", f"{LETTER}.pdf"]
    assert written.files[0].read_bytes() == word_draft(drafted[0].paper)
    assert written.files[1].read_bytes().startswith(b"%PDF")
    written.files[0].write_bytes(b"edited")
    with pytest.raises(InputError, match=r"(?s)docx：文件已经在了.*移走"):
        write_drafts(drafted, "", tmp_path, None)
    assert written.files[0].read_bytes() == b"edited"
    [other] = write_drafts(drafted, "另存.docx", tmp_path, None)
    assert [file.name for file in other.files] == ["另存.docx"]


@pytest.mark.parametrize(
    ("out", "wrong"),
    [
        ("草稿.pdf", "不是 .docx 文件名"),
        ("没有/草稿.docx", "没有文件夹"),
        ("甲" * 300 + ".docx", "写不了文件"),
    ],
)
def test_a_name_that_cannot_be_written_to_is_refused(tmp_path: Path, out: str, wrong: str) -> None:
    drafted = found(PureDesk(opening(draft())), "D1")
    with pytest.raises(InputError, match=wrong):
        write_drafts(drafted, out, tmp_path, None)
    assert not list(tmp_path.iterdir())


def test_one_file_cannot_hold_several_letters(tmp_path: Path) -> None:
    both = found(PureDesk(opening(draft(recipients=(BUREAU, FORESTRY)))), "D1")
    with pytest.raises(InputError, match="共有2份文书"):
        write_drafts(both, "草稿.docx", tmp_path, None)
    assert len(write_drafts(both, "", tmp_path, None)) == 2


def test_text_that_no_face_can_print_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    drafted = found(PureDesk(opening(draft(text=LetterText(facts="已整改😀")))), "D1")
    with pytest.raises(Refusal, match="😀"):
        write_drafts(drafted, "", tmp_path, Typesetter(font_folders(fetch=False)))
    assert not list(tmp_path.iterdir())
