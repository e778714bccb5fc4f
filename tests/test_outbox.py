"""Mails: the same bytes each time, Chinese that arrives as it was sent, one file for one mail."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP, compat32, default
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from activities.mail import Attachment, MailOrder, compose, message_id
from activities.outbox_folder import OutboxFolder
from models.bags import paper_name
from models.dates import CHINA
from models.errors import InputError, Refusal, Unreachable

PDF = Attachment(
    "关于督促整改违法占用耕地的检察建议书（明检建〔2021〕7号）.pdf",
    "application/pdf",
    b"%PDF-1.7\x00\xff\r\n" * 99,
)
ORDER = MailOrder(
    key="urging-350400-2021-0007/letter-1/350425-zrzyj/issued",
    sender=("三明市人民检察院第四检察部", "dsjcb@sm.jcy.example"),
    recipients=(
        ("大田县自然资源局", "zrzyj@datian.example"),
        ("陈某某，副局长 (值班)", "chen@datian.example"),
    ),
    subject="检察建议书送达：关于大田县均溪镇违法占用耕地 12.5 亩一案，请于两个月内书面回复",
    body="大田县自然资源局：\n\n请查收附件。\n.\nFrom 我院\n",
    attachments=(PDF,),
    date=datetime(2021, 9, 15, 23, 30, tzinfo=CHINA),
)
DIED = 77


def parsed(message: EmailMessage) -> EmailMessage:
    return message_from_bytes(message.as_bytes(policy=SMTP), _class=EmailMessage, policy=default)


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.glob("*/*.eml"))


# Composing


def test_a_mail_arrives_as_it_was_ordered() -> None:
    got = parsed(compose(ORDER))
    assert got["Subject"] == ORDER.subject
    assert [(each.display_name, each.addr_spec) for each in got["To"].addresses] == list(ORDER.recipients)
    assert [(each.display_name, each.addr_spec) for each in got["From"].addresses] == [ORDER.sender]
    assert got["Date"].datetime == ORDER.date
    key = hashlib.sha256(ORDER.key.encode()).hexdigest()[:32]
    assert got["Message-ID"] == f"<{key}@sm.jcy.example>" == message_id(ORDER)
    body = got.get_body()
    assert body is not None and body.get_content().replace("\r\n", "\n") == ORDER.body
    [attachment] = got.iter_attachments()
    assert attachment.get_filename() == PDF.name
    assert attachment.get_content_type() == PDF.media_type
    assert attachment.get_content() == PDF.content
    assert got.defects == [] and all(part.defects == [] for part in got.walk())
    lines = compose(ORDER).as_bytes(policy=SMTP).split(b"\r\n")
    assert max(len(line) for line in lines) <= 998 and all(line.isascii() for line in lines)
    assert all(len(line) <= 76 for line in lines if b"=?" in line)  # RFC 2047, 2


def test_a_mail_is_the_same_bytes_in_every_process() -> None:
    script = (
        "from tests.test_outbox import ORDER, compose, SMTP; import hashlib;"
        "print(hashlib.sha256(compose(ORDER).as_bytes(policy=SMTP)).hexdigest())"
    )
    here = hashlib.sha256(compose(ORDER).as_bytes(policy=SMTP)).hexdigest()
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/New_York"},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == here
    assert compose(replace(ORDER, key="other")).as_bytes() != compose(ORDER).as_bytes()


line = st.text(
    st.one_of(
        st.sampled_from("关于第三条；，。“”〔〕—…（）,;:\"'()<>@[]\\=?_% ."),
        st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")),
    ),
    min_size=1,
    max_size=120,
)


@settings(max_examples=150, deadline=None)
@given(subject=line, name=line, file_name=line)
@example(subject="=?utf-8?b?5rWL?=", name="=?utf-8?q?x?=", file_name="测=utf-8=.pdf")
@example(subject="复函 ABC " * 20, name="局" * 60, file_name="a" * 200 + ".pdf")
@example(subject="x" * 300, name="a, b" * 10, file_name="it's 100％'.pdf")
def test_any_subject_and_name_arrives(subject: str, name: str, file_name: str) -> None:
    subject, name = subject.strip(), name.strip()
    assume(subject and name)
    try:
        file_name = paper_name(file_name.replace("/", ""))
    except InputError:
        assume(False)
    order = replace(
        ORDER,
        subject=subject,
        recipients=((name, "a@b.example"), ("乙", "c@d.example")),
        attachments=(replace(PDF, name=file_name),),
    )
    got = parsed(compose(order))
    assert got["Subject"] == subject
    assert [each.addr_spec for each in got["To"].addresses] == ["a@b.example", "c@d.example"]
    # Python 3.11 reads a space between the encoded words of a long name, against RFC 2047, 6.2.
    older = message_from_bytes(compose(order).as_bytes(policy=SMTP), policy=compat32)
    shown = [str(make_header(decode_header(written))) for written, _ in getaddresses([older["To"]])]
    assert shown == [name, "乙"]
    if len(name.encode()) <= 39:
        assert got["To"].addresses[0].display_name == name
    [attachment] = got.iter_attachments()
    assert attachment.get_filename() == file_name


@pytest.mark.parametrize("media_type", ["text/plain", "message/rfc822", "multipart/mixed", "image/png"])
def test_any_attachment_arrives_byte_for_byte(media_type: str) -> None:
    content = b"Subject: x\r\n\r\n--=\n\xff\xfe\n.\r\n"
    got = parsed(
        compose(replace(ORDER, attachments=(replace(PDF, media_type=media_type, content=content), PDF)))
    )
    first, second = got.iter_attachments()
    assert first.get_payload(decode=True) == content and second.get_content() == PDF.content


def test_a_mail_without_attachments_and_with_a_long_domain() -> None:
    order = replace(ORDER, attachments=(), sender=("", "a@" + "sub." * 15 + "example"))
    got = parsed(compose(order))
    assert got.get_content().replace("\r\n", "\n") == ORDER.body
    assert got["Message-ID"] == message_id(order) and got["From"] == order.sender[1]


def test_all_that_is_wrong_with_an_order_is_said_at_once() -> None:
    bad = MailOrder(
        key="",
        sender=("三明\r\nBcc: x@y.example", "不是地址"),
        recipients=(),
        subject="一\n二",
        body="",
        attachments=(Attachment("../x", "pdf", b""),),
        date=datetime(2021, 9, 15),  # noqa: DTZ001  # the fault under test
    )
    with pytest.raises(InputError) as error:
        compose(bad)
    assert len(error.value.problems) == 9
    for words in (
        "标识",
        "时区",
        "收件人",
        "不是电子邮件地址",
        "换行",
        "主题",
        "文件名的一段",
        "媒体类型",
        "附件是空的",
    ):
        assert words in str(error.value)


@pytest.mark.parametrize(
    "address", ["", "a", "a@", "@b", "a b@c.example", "a@b.example\n", "甲@b.example", "a@b,c@d", "a@b..c"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InputError):
        compose(replace(ORDER, recipients=(("甲", address),)))


# Delivering


def test_a_mail_is_delivered_once(tmp_path: Path) -> None:
    outbox = OutboxFolder(tmp_path / "outbox")
    first = outbox.deliver(compose(ORDER))
    again = outbox.deliver(compose(ORDER))
    assert (first.already, again.already) == (False, True)
    assert first.place == again.place and first.message_id == message_id(ORDER)
    assert files(tmp_path / "outbox") == [f"2021-09-15/{first.message_id[1:-1]}.eml"]
    with Path(first.place).open("rb") as file:
        assert file.read() == compose(ORDER).as_bytes(policy=SMTP)


def test_the_folder_is_the_day_in_china(tmp_path: Path) -> None:
    late = replace(ORDER, date=datetime(2021, 9, 15, 16, 0, tzinfo=UTC))
    assert "2021-09-16" in OutboxFolder(tmp_path).deliver(compose(late)).place


@pytest.mark.parametrize("change", [{"body": "另一内容"}, {"date": datetime(2021, 9, 16, 9, tzinfo=CHINA)}])
def test_another_mail_under_the_same_id_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    outbox = OutboxFolder(tmp_path)
    first = outbox.deliver(compose(ORDER))
    with pytest.raises(Refusal) as error:
        outbox.deliver(compose(replace(ORDER, **change)))
    assert "内容不同" in str(error.value)
    assert len(files(tmp_path)) == 1 and Path(first.place).read_bytes() == compose(ORDER).as_bytes(
        policy=SMTP
    )


def test_a_mail_sent_once_more_to_a_mended_address_lies_beside_the_first(tmp_path: Path) -> None:
    outbox = OutboxFolder(tmp_path)
    first = outbox.deliver(compose(ORDER))
    mended = compose(replace(ORDER, recipients=(("大田县自然资源局", "office@datian.example"),)))
    second = outbox.deliver(mended)
    assert (second.message_id, second.already) == (first.message_id, False)
    assert len(files(tmp_path)) == 2 and first.place != second.place
    assert outbox.deliver(mended).already and outbox.deliver(compose(ORDER)).already
    assert len(files(tmp_path)) == 2


def test_a_delivered_mail_that_was_changed_is_said(tmp_path: Path) -> None:
    outbox = OutboxFolder(tmp_path)
    place = Path(outbox.deliver(compose(ORDER)).place)
    place.unlink()
    place.write_bytes(b"forged")
    with pytest.raises(Refusal) as error:
        outbox.deliver(compose(ORDER))
    assert "被改动" in str(error.value)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Message-ID", None),
        ("Message-ID", "<../../x@y>"),
        ("Message-ID", "<" + "x" * 250 + "@y>"),
        ("Date", None),
    ],
)
def test_a_message_without_id_or_date_is_refused(tmp_path: Path, header: str, value: str | None) -> None:
    message = compose(ORDER)
    del message[header]
    if value is not None:
        message[header] = value
    with pytest.raises(InputError) as error:
        OutboxFolder(tmp_path / "outbox").deliver(message)
    assert header in str(error.value) and not (tmp_path / "outbox").exists()


def test_an_outbox_that_cannot_be_reached_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unreachable) as error:
        OutboxFolder(tmp_path / "file" / "outbox").deliver(compose(ORDER))
    assert "发件箱读写失败" in str(error.value)


def in_child(work: Callable[[], object]) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return child


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_death_at_any_step_leaves_no_half_mail_and_delivers_later(tmp_path: Path) -> None:
    message = compose(ORDER)
    step, code, cut_short = 0, DIED, 0
    while code == DIED:
        step += 1
        root = tmp_path / str(step)

        def doomed(left: int = step, root: Path = root) -> None:
            def hook(event: str, _: tuple[Any, ...]) -> None:
                nonlocal left
                if event in {"open", "os.mkdir", "os.link", "os.remove", "os.chmod"}:
                    left -= 1
                    if not left:
                        os._exit(DIED)

            sys.addaudithook(hook)
            OutboxFolder(root).deliver(message)

        code = ended(in_child(doomed))
        assert code in (0, DIED)
        before = files(root)
        cut_short += not before
        for name in before:
            assert (root / name).read_bytes() == message.as_bytes(policy=SMTP)
        assert OutboxFolder(root).deliver(message).already is bool(before)
        assert len(files(root)) == 1
        for stray in (root / ".incoming").iterdir():
            os.utime(stray, (0, 0))
        OutboxFolder(root).tidy()
        assert list((root / ".incoming").iterdir()) == []
    assert step > 10 and cut_short > 5


def test_a_mail_and_its_names_are_forced_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    fsync, link = os.fsync, os.link

    def forcing(handle: int) -> None:
        fsync(handle)
        path = Path(f"/proc/self/fd/{handle}").readlink()
        order.append("bytes" if path.parent.name == ".incoming" else path.name)

    def naming(source: Path, target: Path) -> None:
        link(source, target)
        order.append(f"named in {Path(target).parent.name}")

    OutboxFolder(tmp_path).deliver(compose(replace(ORDER, key="earlier")))
    monkeypatch.setattr(os, "fsync", forcing)
    monkeypatch.setattr(os, "link", naming)
    OutboxFolder(tmp_path).deliver(compose(ORDER))
    assert order == ["bytes", "named in .delivered", ".delivered", "named in 2021-09-15", "2021-09-15"]


def test_of_many_processes_delivering_one_mail_one_does(tmp_path: Path) -> None:
    def one() -> None:
        if OutboxFolder(tmp_path).deliver(compose(ORDER)).already:
            os._exit(DIED)

    children = [in_child(one) for _ in range(4)]
    assert sorted(ended(child) for child in children) == [0, DIED, DIED, DIED]
    assert len(files(tmp_path)) == 1
