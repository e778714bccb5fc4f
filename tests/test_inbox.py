"""The intake folder: what is recognised, what is kept apart, what is refused and left where it lies; copies are one paper."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from activities.addresses import AddressBook
from activities.books import Books
from activities.database import Database
from activities.incoming_papers import Incoming, IncomingBook
from activities.matching import Matching
from activities.registry import Registry
from models.addresses import Address
from models.bodies import Jurisdiction
from models.notices import Notice
from models.rows import PaperRow
from starter.paper_contents import SCANS
from starter.recognising import Recognised, read_folder, recognise
from tests.incoming_files import PNG, docx, mail, packed, pdf, put
from tests.sample_rows import CASE, case_row, fact_row, letter_row, snapshot
from tests.script_runs import home_in
from tests.test_paper_contents import BOMB

pytest_plugins = ["tests.databases"]

RUN = datetime(2021, 9, 15, tzinfo=UTC)
OTHER = "urging-350481-2021-0002"
BUREAU = "大田县自然资源局"
NUMBER = "田检建〔2021〕1号"
NOTICE = "<notice@mingjian.local>"
KNOWN = "chenjiu@example.gov.cn"


@pytest.fixture
def books(database: Database) -> Books:
    """A case whose notice went to its bureau, which has an address; another case, and its addressee."""
    registry, books = Registry(database), Books(database)
    for case, bureau, code, number in (
        (CASE, BUREAU, "350425-nr", NUMBER),
        (OTHER, "永安市自然资源局", "350481-nr", "永检建〔2021〕11号"),
    ):
        row = case_row(case, county=case.split("-")[1])
        letters = (letter_row(case=case, recipient=bureau, recipient_code=code, official_no=number),)
        notice = Notice(
            key=f"{case}/n", case=case, to=(bureau,), subject="s", body="b", on=RUN.date(), at=RUN
        )
        registry.project(snapshot(1, row, letters=letters), run="r", run_started_at=RUN, notices=[notice])
        books.register_official("某院", "suggestion", 2021, number, f"{case}/D1")
    for each in books.queued(10):
        books.sending(each.key, KNOWN)
        books.sent(each.key, NOTICE if each.case == CASE else "<other@mingjian.local>")
    addresses = AddressBook(database, Jurisdiction.load)
    for office, name, address in (("350425-nr", "陈九", KNOWN), ("350481-nr", "吴二", "wuer@example.gov.cn")):
        addresses.enter(Address(office=office, name=name, address=address, entered_by="王五", entered_at=RUN))
    return books


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "intake"
    folder.mkdir()
    return folder


def found(folder: Path, database: Database) -> list[Recognised]:
    return recognise(read_folder(folder), Matching(database), IncomingBook(database))


def only(folder: Path, database: Database) -> Recognised:
    [one] = found(folder, database)
    return one


# ── matching ────────────────────────────────────────────────────────────────────────────────────────────────

MATCHED: list[tuple[str, str, bytes, str, str]] = [
    ("a reply to a notice", "a.eml", mail(answers=NOTICE), "answer", CASE),
    (
        "of another person of no office",
        "a.eml",
        mail(answers=NOTICE, sender="x@evil.cn"),
        "unknown_sender",
        "",
    ),
    (
        "of somebody who is known in another case",
        "a.eml",
        mail(answers=NOTICE, sender="wuer@example.gov.cn"),
        "unknown_sender",
        "",
    ),
    (
        "forged, with a number in it",
        "a.eml",
        mail(answers=NOTICE, sender="x@evil.cn", subject=NUMBER),
        "unknown_sender",
        "",
    ),
    ("a number in the subject", "a.eml", mail(subject=f"关于{NUMBER}的回复"), "number", CASE),
    ("written in other brackets", "a.eml", mail(body="对田检建[2021] 1 号回复如下"), "number", CASE),
    ("of somebody unknown", "a.eml", mail(subject=NUMBER, sender="x@evil.cn"), "unknown_sender", ""),
    ("a number in a document", "a.docx", docx(f"你院{NUMBER}检察建议收悉"), "number", CASE),
    ("in the name of a scan", f"{NUMBER}回证.png", PNG, "number", CASE),
    ("of another number that begins alike", "a.docx", docx("永检建〔2021〕1号"), "none", ""),
    ("of two cases", "a.docx", docx(NUMBER, "永检建〔2021〕11号"), "none", ""),
    ("the name of who owes a reply", "a.docx", docx(f"{BUREAU}关于整改情况的函"), "name", ""),
    ("nothing at all", "a.png", PNG, "none", ""),
]


@pytest.mark.parametrize(
    ("name", "content", "how", "case"), [each[1:] for each in MATCHED], ids=[each[0] for each in MATCHED]
)
def test_what_is_recognised(
    books: Books, database: Database, folder: Path, name: str, content: bytes, how: str, case: str
) -> None:
    put(folder, name, content)
    one = only(folder, database)
    assert (one.how, one.case) == (how, case), one.why
    assert one.is_certain == bool(case)


def test_a_number_in_the_text_of_a_pdf_and_of_an_attachment(
    books: Books, database: Database, folder: Path
) -> None:
    content = pdf(BUREAU, f"你院{NUMBER}收悉，现回复如下")
    put(folder, "a.pdf", content)
    assert (only(folder, database).case, only(folder, database).letter) == (CASE, "L1")
    (folder / "a.pdf").unlink()
    put(folder, "b.eml", mail(subject="材料", body="见附件", attachments={"回复.pdf": content}))
    assert (only(folder, database).how, only(folder, database).letter) == ("number", "L1")


def test_a_reply_to_a_digest_is_about_one_of_its_cases(
    books: Books, database: Database, folder: Path
) -> None:
    """And is known by the 文号 in it; the sender must be known in that very case."""
    with database.writing() as session:
        update = "UPDATE deliveries SET message_id = '', within = 'digest' WHERE message_id <> ''"
        session.connection().execute(text(update))
        session.connection().execute(
            text(
                "INSERT INTO deliveries SELECT 'digest', '', \"to\", subject, body, \"on\", at, state, attempts,"
                " last_error, try_after, '<digest@x>', sent_at, possibly_twice, address, papers, channel, down_since,"
                " digest, '', told FROM deliveries LIMIT 1"
            )
        )
    for number, how, case in (
        (NUMBER, "answer", CASE),
        ("无", "answer", CASE),
        ("永检建〔2021〕11号", "none", ""),
    ):
        path = put(folder, "a.eml", mail(answers="<digest@x>", subject=number))
        one = only(folder, database)
        assert (one.how, one.case) == (how, case)
        path.unlink()
    both = Address(office="350481-nr", name="兼", address=KNOWN, entered_by="王五", entered_at=RUN)
    AddressBook(database, Jurisdiction.load).enter(both)
    for number, how, case in (
        (NUMBER, "answer", CASE),
        ("无", "none", ""),
        ("永检建〔2021〕11号", "answer", OTHER),
    ):
        put(folder, "a.eml", mail(answers="<digest@x>", subject=number))
        assert (only(folder, database).how, only(folder, database).case) == (how, case)


def test_a_number_that_was_given_back_matches_nothing(books: Books, database: Database, folder: Path) -> None:
    books.release_official("某院", "suggestion", 2021, NUMBER, f"{CASE}/D1", "录错")
    put(folder, "a.docx", docx(NUMBER))
    assert only(folder, database).how == "none"


def test_an_address_taken_out_of_the_book_is_unknown(books: Books, database: Database, folder: Path) -> None:
    AddressBook(database, Jurisdiction.load).remove("陈九", "350425-nr")
    put(folder, "a.eml", mail(answers=NOTICE))
    assert only(folder, database).how == "unknown_sender"


# ── one paper, refused papers, order ────────────────────────────────────────────────────────────────────────


def test_copies_are_one_paper(books: Books, database: Database, folder: Path) -> None:
    """By the same bytes, and by the same Message-ID."""
    for place, (name, content) in enumerate(
        [
            ("1.png", PNG),
            ("2.png", PNG),
            ("3.eml", mail(message_id="<1@x>")),
            ("4.eml", b"Received: by x\r\n" + mail(message_id="<1@x>")),
            ("5.eml", mail(message_id="<2@x>")),
        ]
    ):
        os.utime(put(folder, name, content), (1_000_000 + place, 1_000_000 + place))
    hows = {each.item.path.name: each.how for each in found(folder, database)}
    assert [name for name, how in hows.items() if how == "same"] == ["2.png", "4.eml"]


def test_what_is_in_its_case_is_known(books: Books, database: Database, folder: Path) -> None:
    path = put(folder, "a.png", PNG)
    digest = read_folder(folder)[0].digest
    paper = Incoming(case=CASE, digest=digest, name="a.png", received_on=RUN.date())
    IncomingBook(database).enter(paper)
    assert only(folder, database).how == "none", "entered, and not yet in the case"
    row = PaperRow(
        case=CASE, order="f1", name="a.png", digest=digest, size=1, media_type="image/png", direction="in"
    )
    held = snapshot(2, papers=(row,), facts=(fact_row(1),))
    Registry(database).project(held, run="r", run_started_at=RUN)
    one = only(folder, database)
    assert (one.how, one.case) == ("taken", CASE) and "收文号" in one.why
    assert path.exists()


def _nested(depth: int) -> bytes:
    """A mail of parts within parts."""
    lines = ["From: x@evil.cn", "Subject: x"]
    for place in range(depth):
        lines += [f"Content-Type: multipart/mixed; boundary=b{place}", "", f"--b{place}"]
    return "\r\n".join([*lines, "", "x"]).encode()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"x", "收件夹不收 .txt"),
        ("a", b"x", "收件夹不收 没有扩展名的"),
        ("a.exe", b"MZ", "收件夹不收 .exe"),
        ("a.zip", packed({"x": "y"}), "收件夹不收 .zip"),
        ("a.pdf", b"no pdf", "内容却不是 PDF"),
        ("a.docx", docx("机密★"), "密级"),
        ("a.eml", b"no mail", "不是邮件"),
        ("a.eml", mail(body="机密★3年\n正文"), "密级"),
        ("a.eml", mail(attachments={"回复\u202efdp.exe": b"MZ"}), "不收 .exe 附件"),
        ("a.eml", mail(attachments={"a.docx": docx("x", **{"word/vbaProject.bin": b"x"})}), "有宏"),
        ("a.eml", mail(attachments={"a.docx": BOMB}), "压缩炸弹"),
        ("a.eml", mail(attachments={"a.pdf": b"no pdf"}), "附件“a.pdf”：扩展名是 .pdf，内容却不是 PDF"),
        ("a.eml", mail(attachments={"../../etc/cron.d/x": b"x"}), "附件“x”：不收 没有扩展名的 附件"),
        ("a.eml", _nested(5_000), "格式有误"),
        ("a.eml", mail(attachments={"转发.eml": mail()}), "附件是另一封邮件"),
        ("a.eml", mail(attachments={"a.pdf": b""}), "附件“a.pdf”：文件是空的"),
        ("回\u202e复.pdf", b"%PDF-", "看不见的字符"),
    ],
)
def test_what_may_not_come_in_is_refused_and_left(
    books: Books, database: Database, folder: Path, name: str, content: bytes, said: str
) -> None:
    path = put(folder, name, content)
    one = only(folder, database)
    assert one.how == "refused" and said in one.why
    assert all(each.remedy and each.file == str(path) for each in one.item.problems)
    assert path.read_bytes() == content


def test_a_name_with_a_path_is_a_name(books: Books, database: Database, folder: Path) -> None:
    content = docx(NUMBER)
    put(folder, "a.eml", mail(attachments={"../../../回复.docx": content, "/etc/passwd.docx": content}))
    one = only(folder, database)
    assert (one.how, one.case) == ("number", CASE)
    assert one.item.mail is not None
    assert [each.name for each in one.item.mail.enclosed] == ["回复.docx", "passwd.docx"]
    assert [path.name for path in folder.parent.rglob("*.docx")] == []


def test_a_link_is_not_followed(books: Books, database: Database, folder: Path) -> None:
    put(folder / "elsewhere", "a.png", PNG)
    (folder / "a.png").symlink_to(folder / "elsewhere" / "a.png")
    assert only(folder, database).how == "refused"


def test_the_oldest_stands_first_and_what_is_not_ready_is_passed_over(folder: Path) -> None:
    for name, at in (("b.png", 2), ("a.png", 3), ("c.png", 1), (".d.png", 0), ("e.part", 0), ("~$f.docx", 0)):
        os.utime(put(folder, name, PNG), (at, at))
    put(folder / "done", "g.png", PNG)
    assert [each.path.name for each in read_folder(folder)] == ["c.png", "b.png", "a.png"]
    assert read_folder(folder / "nowhere") == []
    assert ".pdf" in SCANS and ".zip" not in SCANS


# ── the script ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_folder_as_it_is_listed(tmp_path: Path) -> None:
    home = home_in(tmp_path)
    database = Database(f"sqlite:///{home.folder / 'registry.db'}")
    database.migrate()
    database.close()
    assert "没有待收的文件" in home.run_here("inbox").err
    put(home.folder / "intake", "a.pdf", b"no pdf")
    put(home.folder / "intake", "b.eml", mail(subject="材料", sender="x@evil.cn"))
    lines: list[Any] = home.run_here("inbox", "--json").lines
    assert [(each["file"], each["found"]) for each in lines] == [("a.pdf", "refused"), ("b.eml", "none")]
    assert lines[0]["problems"][0]["remedy"] and lines[1]["subject"] == "材料"
    assert json.dumps(lines)
    shown = home.run_here("inbox").out
    assert "不收" in shown and "待分拣" in shown
    assert home.run_here("inbox", "take", "a.pdf").code == 2, "nobody was named"
    assert home.run_here("inbox", "aside", "a.pdf", "--by", "张三").code == 2, "no reason"
