"""Bounces in the intake folder: those of well-known servers are matched; forged and unclear ones are shown, and match nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from activities.incoming_papers import IncomingBook
from activities.matching import Matching
from starter.bounces import words
from starter.recognising import Recognised, read_folder, recognise
from starter.saved_mails import read_mail
from tests.bounce_files import exchange, netease, original, postfix, qq
from tests.incoming_files import mail, put
from tests.mail_house import LI, ZHANG, House, mail_of, notice
from tests.mail_server import MailServer
from tests.sample_rows import CASE
from tests.script_runs import home_in


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house that has sent 张三 and 李四 one notice each."""
    made = House(tmp_path, MailServer())
    made.queue(notice("one", "张三", "李四"))
    made.send(post=False)
    yield made
    made.database.close()


def found(house: House, content: bytes) -> Recognised:
    folder = house.folder / "intake"
    put(folder, "退信.eml", content)
    [one] = recognise(read_folder(folder), Matching(house.database), IncomingBook(house.database))
    return one


def id_of(house: House, name: str = "李四") -> str:
    return mail_of(house, name=name).message_id


@pytest.mark.parametrize(
    ("bounce", "reason"),
    [
        (postfix, "550 5.1.1 <li@datian.example>: Recipient address rejected: User unknown"),
        (exchange, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup"),
        (qq, "host mx.datian.example said: 550 Mailbox not found (in reply to RCPT TO command)"),
        (netease, f"退信代码：550 User not found: {LI}"),
    ],
)
def test_bounces_of_well_known_servers(
    house: House, bounce: Callable[[str, str], bytes], reason: str
) -> None:
    one = found(house, bounce(id_of(house), LI))
    assert one.how == "bounce", one.why
    assert one.mail is not None and one.mail.key == mail_of(house, name="李四").notice.key
    assert (one.mail.address, one.case, one.reason) == (LI, CASE, reason)
    assert not one.is_certain, "it is entered as a bounce, and is no paper of the case"


@pytest.mark.parametrize(
    ("diagnostic", "reason"),
    [
        ("smtp; 550 收件人不存在".encode("gbk"), "550 收件人不存在"),
        ("smtp; 550 收件人不存在".encode(), "550 收件人不存在"),
        (b"smtp; =?gb18030?B?ytW8/sjLsru05tTa?=", "收件人不存在"),
        (b"smtp; 550 \x1b[31mno\x07 such\x00 user", "550 [31mno such user"),
        (b"smtp; " + b"x" * 5000, "x" * 299 + "…"),
        (b"", "5.1.1"),
        (b"smtp; =?nonsense?B?!!?=", "=?nonsense?B?!!?="),
    ],
)
def test_what_the_server_says_becomes_one_clean_line(house: House, diagnostic: bytes, reason: str) -> None:
    assert found(house, postfix(id_of(house), LI, diagnostic=diagnostic)).reason == reason


@pytest.mark.parametrize(
    "action", ["delayed", "relayed", "delivered", "expanded", "Delayed (still trying)", "?"]
)
def test_what_has_not_failed_is_shown_and_not_entered(house: House, action: str) -> None:
    one = found(house, postfix(id_of(house), LI, action=action))
    assert (one.how, one.case) == ("other_bounce", CASE) and "不记退信" in one.why


def test_plain_words_without_a_permanent_code_have_not_failed(house: House) -> None:
    for said in (
        f"发给 {LI} 的邮件延迟，系统将继续尝试。上次答复：550",
        f"发给 {LI} 的邮件有问题，详见 15501 号、550.5 元。",
        f"Delivery to {LI} has been delayed: 451 4.7.1",
    ):
        assert found(house, netease(id_of(house), LI, words=said)).how == "other_bounce", said


FORGED = {
    "answers our mail and quotes nothing": lambda id: mail(
        sender="MAILER-DAEMON@evil.cn", subject="退信", body=f"550 5.1.1 {LI} {id}", answers=id
    ),
    "quotes a Message-ID that is not ours": lambda id: postfix("<made-up@datian.example>", LI),
    "names another recipient": lambda id: postfix(id, "chen@datian.example"),
    "names nobody": lambda id: netease(id, "", words="550 User not found"),
    "bears our Message-ID in the text of what it quotes": lambda id: postfix("<x@y>", LI).replace(
        "正文".encode(), f"Message-ID: {id}".encode()
    ),
    "quotes what has two Message-IDs": lambda id: postfix(id, LI).replace(
        b"Subject: =?utf", b"Message-ID: <x@y>\r\nSubject: =?utf"
    ),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_bounce_matches_no_delivery(house: House, forged: Callable[[str], bytes]) -> None:
    one = found(house, forged(id_of(house)))
    assert one.how in ("other_bounce", "unknown_sender") and one.mail is None
    assert mail_of(house, name="李四").state == "sent"


def test_a_report_about_two_of_our_mails_matches_neither(house: House) -> None:
    both = postfix(id_of(house), LI).replace(
        b"--=_b--",
        b"--=_b\r\nContent-Type: message/rfc822\r\n\r\n"
        + original(id_of(house, "张三"), ZHANG)
        + b"\r\n--=_b--",
    )
    one = found(house, both)
    assert one.how == "other_bounce" and "几封" in one.why


def test_a_mail_that_went_to_nobody_s_address_cannot_come_back(house: House) -> None:
    house.queue(notice("two", "王五"))
    house.send(post=False)
    [none] = [each for each in house.books.deliveries() if each.notice.to == ("王五",)]
    assert found(house, postfix(none.message_id, "wang@datian.example")).mail is None


def test_a_bounce_of_the_former_address_is_not_of_the_new_one(house: House) -> None:
    sent = mail_of(house, name="李四")
    house.books.bounced(sent.notice.key, "查无此人")
    assert found(house, postfix(sent.message_id, LI)).how == "bounce", "again is fine"
    house.books.again(sent.notice.key)
    one = found(house, postfix(sent.message_id, LI))
    assert one.how == "other_bounce" and "重发" in one.why
    house.books.sending(sent.notice.key, "li.si@datian.example", channel="smtp")
    house.books.sent(sent.notice.key, sent.message_id)
    assert found(house, postfix(sent.message_id, LI)).mail is None
    assert found(house, postfix(sent.message_id, "li.si@datian.example")).how == "bounce"


def test_what_came_with_a_bounce_is_looked_into_like_any_attachment(house: House) -> None:
    part = b'--=_b\r\nContent-Disposition: attachment; filename="a.exe"\r\n\r\nMZ\r\n--=_b--'
    one = found(house, postfix(id_of(house), LI).replace(b"--=_b--", part))
    assert one.how == "refused" and "不收 .exe 附件" in one.why


def test_a_mail_forwarded_by_a_person_is_no_bounce(house: House) -> None:
    forwarded = netease(id_of(house), LI).replace(b"Postmaster@163.com", b"chenjiu@163.com")
    assert read_mail(put(house.folder, "a.eml", forwarded)).bounce is None


def test_the_list_tells_of_a_bounce(house: House, tmp_path: Path) -> None:
    home = home_in(tmp_path)
    found(house, postfix(id_of(house), LI))
    where = {
        "MINGJIAN_REGISTRY_URL": f"sqlite:///{house.folder / 'registry.db'}",
        "MINGJIAN_INTAKE_FOLDER": str(house.folder / "intake"),
    }
    [line] = home.run_here("inbox", "--json", **where).lines
    told = line["bounce"]
    assert (told["delivery"], told["to"], told["recipient"]) == (
        mail_of(house, name="李四").notice.key,
        "李四",
        LI,
    )
    assert told["action"] == "failed" and "User unknown" in told["reason"]
    shown = home.run_here("inbox", **where)
    assert (
        "退信" in shown.out
        and "被退回" in shown.out.replace("\n", "").replace(" ", "")
        and "mails again" in shown.err
    )


# ── text of any encoding and shape ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("镕".encode("gbk"), "gb2312", "镕"),
        ("退信".encode(), "us-ascii", "退信"),
        ("退信".encode("gbk"), "", "退信"),
        ("退信".encode("big5"), "big5", "退信"),
        ("退信".encode("gbk"), "x-unknown", "退信"),
        (b"\xff\xff\xff", "utf-8", "\ufffd\ufffd\ufffd"),
    ],
)
def test_text_in_the_encodings_that_come(content: bytes, charset: str, text: str) -> None:
    assert words(content, charset) == text


@pytest.mark.parametrize("sign", [b"<", b"a.", b"<@", b"@a"])
def test_a_text_made_to_hold_the_reader_up_is_read_at_once(tmp_path: Path, sign: bytes) -> None:
    """In processor time: a pattern that begins anew at each sign would take minutes."""
    headers = (
        b"From: postmaster@x.cn\r\nSubject: x\r\nContent-Type: text/html\r\nAuto-Submitted: auto-replied\r\n"
    )
    begun = time.process_time()
    read_mail(put(tmp_path, "a.eml", headers + b"\r\n" + sign * 200_000))
    assert time.process_time() - begun < 10
