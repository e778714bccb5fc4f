"""Mails through a real SMTP server: what arrives is what was sent, and each way in which it may fail has its own name."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from activities.mail import Attachment, Deferred, MailOrder, Unsure, compose, message_id
from activities.smtp_outbox import Server, SmtpOutbox
from models.dates import CHINA
from models.errors import InputError, MingjianError, Refusal, Unreachable
from models.settings import load_settings
from tests.mail_server import MailServer, certificate_in, free_port, mail_server
from tests.test_outbox import ORDER, PDF

CHEN = "chen@datian.example"
MAIL: MailOrder = replace(ORDER, recipients=(("陈某某，副局长 (值班)", CHEN),))


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def outbox(server: MailServer, **options: Any) -> SmtpOutbox:
    options = {"security": "plain"} | options
    return SmtpOutbox(Server(host="127.0.0.1", port=server.port, **options), step=2, whole=3)


def test_a_mail_arrives_byte_for_byte(server: MailServer) -> None:
    second = Attachment("附图：均溪镇 12.5 亩.png", "image/png", bytes(range(256)) * 40)
    order = replace(MAIL, attachments=(PDF, second))
    delivery = outbox(server).deliver(compose(order))
    [(recipient, got)] = server.took
    assert recipient == CHEN and delivery.message_id == message_id(order) == got["Message-ID"]
    assert server.contents == [compose(order).as_bytes(policy=SMTP)]
    assert got["Subject"] == order.subject
    assert [(each.display_name, each.addr_spec) for each in got["To"].addresses] == list(order.recipients)
    assert [(each.display_name, each.addr_spec) for each in got["From"].addresses] == [order.sender]
    assert got["Date"].datetime == order.date.astimezone(CHINA)
    body = got.get_body()
    assert body is not None and body.get_content().replace("\r\n", "\n") == order.body
    attached = [
        (each.get_filename(), each.get_content_type(), each.get_content()) for each in got.iter_attachments()
    ]
    assert attached == [(each.name, each.media_type, each.content) for each in order.attachments]


def test_what_is_refused_for_good_is_not_what_is_put_off(server: MailServer) -> None:
    server.refuses.add(CHEN)
    with pytest.raises(Refusal, match=r"拒收给 chen@datian.example 的邮件：550 5.1.1 .*查无此人"):
        outbox(server).deliver(compose(MAIL))
    server.refuses.clear()
    server.spoils.add(CHEN)
    with pytest.raises(Refusal, match=r"554 5.7.1 rejected as spam"):
        outbox(server).deliver(compose(MAIL))
    server.spoils.clear()
    server.puts_off[CHEN] = 1
    with pytest.raises(Deferred, match=r"暂不收.*451"):
        outbox(server).deliver(compose(MAIL))
    assert server.took == []
    outbox(server).deliver(compose(MAIL))
    assert len(server.took) == 1


def test_a_connection_cut_after_the_mail_is_unsure(server: MailServer) -> None:
    server.breaks_off = 1
    with pytest.raises(Unsure, match="没有收到答复"):
        outbox(server).deliver(compose(MAIL))
    assert len(server.took) == 1, "and it had gone out"


def test_a_server_that_takes_its_time_is_not_waited_for(server: MailServer) -> None:
    server.pause = 30
    begun = time.monotonic()
    with pytest.raises(Unreachable) as error:
        outbox(server).deliver(compose(MAIL))
    assert time.monotonic() - begun < 5 and not isinstance(error.value, Unsure)


def test_a_server_that_is_not_there_is_unreachable() -> None:
    nowhere = SmtpOutbox(Server(host="127.0.0.1", port=free_port(), security="plain"))
    with pytest.raises(Unreachable, match="用不了"):
        nowhere.deliver(compose(MAIL))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_goes_encrypted_to_a_server_that_is_who_it_says(tmp_path: Path, security: str) -> None:
    certificate = certificate_in(tmp_path, "127.0.0.1")
    with mail_server(certificate=certificate, implicit=security == "tls", login=True) as server:
        trusted = {"security": security, "authority": certificate[0], "user": "mingjian"}
        outbox(server, **trusted, password="s3cret").deliver(compose(MAIL))
        assert len(server.took) == 1 and server.logins == ["mingjian"]
        with pytest.raises(Unreachable, match="拒绝登录"):
            outbox(server, **trusted, password="wrong").deliver(compose(MAIL))
        with pytest.raises(Unreachable, match="证书验证不通过"):
            outbox(server, security=security).deliver(compose(MAIL))
        assert len(server.took) == 1


def test_a_certificate_of_another_host_is_refused(tmp_path: Path) -> None:
    certificate = certificate_in(tmp_path, "mail.example")
    with (
        mail_server(certificate=certificate) as server,
        pytest.raises(Unreachable, match="证书验证不通过"),
    ):
        outbox(server, security="starttls", authority=certificate[0]).deliver(compose(MAIL))
    assert server.took == []


def test_a_server_that_asks_for_encryption_gets_no_open_mail(tmp_path: Path, server: MailServer) -> None:
    with mail_server(certificate=certificate_in(tmp_path, "127.0.0.1")) as strict:
        with pytest.raises(Unreachable, match="530"):
            outbox(strict).deliver(compose(MAIL))
        assert strict.took == []
    with pytest.raises(Unreachable, match="用不了"):
        outbox(server, security="starttls").deliver(compose(MAIL))
    assert server.took == [], "a server that cannot encrypt gets nothing either"


def test_an_authority_that_cannot_be_read_is_named(server: MailServer, tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"nowhere\.pem"):
        outbox(server, security="tls", authority=tmp_path / "nowhere.pem").deliver(compose(MAIL))


def test_a_mail_to_several_is_no_mail_of_this_house(server: MailServer) -> None:
    for recipients in ((), ORDER.recipients):
        with pytest.raises(InputError, match="恰有一个"):
            outbox(server).deliver(compose(replace(ORDER, recipients=recipients, unaddressed=("某人",))))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"smtp_host": "mail.example"}, "mail_from"),
        ({"mail_from": "无"}, "不是电子邮件地址"),
        ({"smtp_host": "10.0.0.1", "mail_from": "a@b.example", "smtp_security": "plain"}, "只能是本机"),
        ({"smtp_user": "u"}, "一并写明"),
        ({"smtp_password": "p"}, "一并写明"),
        ({"smtp_security": "ssl"}, "只能是"),
    ],
)
def test_settings_that_could_send_nothing_are_refused(
    tmp_path: Path, given: dict[str, str], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        load_settings(home=tmp_path, **given)


def test_the_port_follows_the_security(tmp_path: Path) -> None:
    for security, port in (("starttls", 587), ("tls", 465), ("plain", 25)):
        assert load_settings(home=tmp_path, smtp_security=security).smtp_port == port
    assert load_settings(home=tmp_path, smtp_port=2525).smtp_port == 2525
    shown = repr(load_settings(home=tmp_path, smtp_user="u", smtp_password="s3cret"))
    assert "s3cret" not in shown


def test_every_failure_is_one_that_staff_can_read() -> None:
    assert issubclass(Deferred, MingjianError) and issubclass(Unsure, Unreachable)
