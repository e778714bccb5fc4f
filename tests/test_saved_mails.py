"""Saved mails: what they say of themselves, whatever their form, and the names of what is attached."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from models.bags import invisible, paper_name
from models.errors import InputError
from starter.saved_mails import LIMIT, fit_name, read_mail
from tests.incoming_files import PNG, mail, put


def test_a_mail_says_who_wrote_what_it_answers_and_what_came_with_it(tmp_path: Path) -> None:
    content = mail(
        sender="陈九 <ChenJiu@Example.gov.cn>",
        subject="回复：永检建〔2021〕1号",
        body="已清运。",
        answers="<notice-1@mingjian.local>",
        attachments={"回复.pdf": b"%PDF-1.7", "照片.png": PNG},
    )
    found = read_mail(put(tmp_path, "a.eml", content))
    assert found.message_id == "<reply-1@example.gov.cn>"
    assert found.answers == ("<notice-1@mingjian.local>", "<older@example.gov.cn>")
    assert (found.sender, found.sender_name) == ("chenjiu@example.gov.cn", "陈九")
    assert (found.subject, found.sent_on) == ("回复：永检建〔2021〕1号", date(2021, 9, 20))
    assert found.text.strip() == "已清运。"
    assert [(each.name, each.content) for each in found.enclosed] == [
        ("回复.pdf", b"%PDF-1.7"),
        ("照片.png", PNG),
    ]


@pytest.mark.parametrize(
    ("given", "fit"),
    [
        ("回复.pdf", "回复.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\用户\\桌面\\回复.pdf", "回复.pdf"),
        ("回复\u202efdp.exe", "回复fdp.exe"),
        ("回\x00复\r\n.pdf", "回复.pdf"),
        ("回复?<1>.pdf", "回复__1_.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("...", "附件1.pdf"),
        ("", "附件1.pdf"),
        ("..", "附件1.pdf"),
    ],
)
def test_a_name_that_somebody_else_chose_is_made_fit(given: str, fit: str) -> None:
    assert fit_name(given, "附件1.pdf") == fit
    assert paper_name(fit) == fit and not invisible(fit)


def test_a_long_name_keeps_its_ending() -> None:
    name = fit_name("长" * 300 + ".pdf", "x")
    assert name.endswith(".pdf") and len(name.encode()) <= 200


@pytest.mark.parametrize(
    ("headers", "sender"),
    [
        ("From: a@x.cn, b@x.cn", ""),
        ("From: a@x.cn\r\nFrom: b@x.cn", ""),
        ("X-From: a@x.cn", ""),
        ("From: =?utf-8?b?6ZmI5Lmd?= <a@x.cn>", "a@x.cn"),
    ],
)
def test_a_mail_of_several_senders_has_none(tmp_path: Path, headers: str, sender: str) -> None:
    content = f"{headers}\r\nSubject: x\r\n\r\ny"
    assert read_mail(put(tmp_path, "a.eml", content.encode())).sender == sender


@pytest.mark.parametrize(
    "name",
    [
        'filename="=?utf-8?B?5Zue5aSNLnBkZg==?="',
        "filename*=utf-8''%E5%9B%9E%E5%A4%8D.pdf",
        'filename="=?gb18030?B?u9i4tC5wZGY=?="',
    ],
)
def test_names_of_attachments_as_mail_programs_write_them(tmp_path: Path, name: str) -> None:
    lines = ["From: a@x.cn", "Subject: x", "Content-Type: multipart/mixed; boundary=b", "", "--b"]
    lines += ["Content-Type: application/pdf", f"Content-Disposition: attachment; {name}"]
    lines += ["Content-Transfer-Encoding: base64", "", "JVBERi0=", "--b--", ""]
    [enclosed] = read_mail(put(tmp_path, "a.eml", "\r\n".join(lines).encode())).enclosed
    assert (enclosed.name, enclosed.content) == ("回复.pdf", b"%PDF-")


@pytest.mark.parametrize("content", [b"not a mail at all", b"\xff\xfe\x00\x01" * 50, b"\n"])
def test_what_is_no_mail_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match=r"不是邮件|读不出来"):
        read_mail(put(tmp_path, "a.eml", content))


def test_a_mail_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = put(tmp_path, "a.eml", mail())
    with path.open("ab") as file:
        file.truncate(LIMIT + 1)
    with pytest.raises(InputError, match="另存附件"):
        read_mail(path)


_MIXED = b"From: a@b.cn\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n"
_PART = b"--q\r\nContent-Type: text/plain;" + b" a*0=b;" * 1100 + b"\r\n\r\nx\r\n"
HOLDING_UP = {
    "a sender": b"From: " + b'"a" ' * 50_000 + b"\r\n\r\nx",
    "a type": b"From: a@b.cn\r\nContent-Type: text/plain;" + b" a*0=b;" * 30_000 + b"\r\n\r\nx",
    "a subject": b"From: a@b.cn\r\nSubject: " + b"\xe4 " * 300_000 + b"\r\n\r\nx",
    "references": b"From: a@b.cn\r\nReferences: " + b"<a@b> " * 300_000 + b"\r\n\r\nx",
    "many types": _MIXED + _PART * 500 + b"--q--",
}


@pytest.mark.parametrize("what", HOLDING_UP)
def test_a_mail_made_to_hold_the_reader_up_is_refused_at_once(tmp_path: Path, what: str) -> None:
    """In processor time: each would take the library minutes."""
    begun = time.process_time()
    with pytest.raises(InputError, match="读不出来"):
        read_mail(put(tmp_path, "a.eml", HOLDING_UP[what]))
    assert time.process_time() - begun < 10


def test_a_long_thread_and_a_mail_to_many_are_read(tmp_path: Path) -> None:
    thread = b" ".join(b"<%032d@mail.example.cn>" % each for each in range(200))
    many = b", ".join(b"%d@example.cn" % each for each in range(20_000))
    content = b"From: a@b.cn\r\nTo: " + many + b"\r\nReferences: " + thread + b"\r\n\r\nx"
    assert len(read_mail(put(tmp_path, "a.eml", content)).answers) == 200
