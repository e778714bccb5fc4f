"""`mingjian inbox fetch` from a real IMAP server over TLS: each mail once, on disk before it is marked, and nothing deleted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import starter.inbox_fetch
from models.errors import InputError, Unreachable
from models.settings import Settings, load_settings
from starter.inbox_fetch import fetch
from starter.recognising import read_folder
from tests.imap_server import Account, imap_server
from tests.incoming_files import mail
from tests.mail_server import certificate_in, free_port

FIRST, SECOND, THIRD = (mail(message_id=f"<{place}@x>", body=f"{place}") for place in (1, 2, 3))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate_in(tmp_path_factory.mktemp("certificate"), "127.0.0.1")


@pytest.fixture
def account(certificate: tuple[Path, Path]) -> Iterator[Account]:
    with imap_server(certificate) as running:
        running.mails = {3: FIRST, 5: SECOND}
        yield running


@pytest.fixture
def settings(account: Account, certificate: tuple[Path, Path], tmp_path: Path) -> Settings:
    return settings_of(account.port, certificate[0], tmp_path)


def settings_of(port: int, authority: Path | None, home: Path, **given: Any) -> Settings:
    given = {"intake_mailbox_password": "s3cret"} | given
    return load_settings(
        home=home,
        intake_mailbox=f"imaps://127.0.0.1:{port}/INBOX",
        intake_mailbox_user="mingjian@datian.example",
        intake_mailbox_authority=authority,
        **given,
    )


def held(settings: Settings) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in settings.intake_folder.iterdir() if path.suffix == ".eml"
    }


def test_each_mail_is_copied_once_and_marked(
    account: Account, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fetch(settings, as_json=False) == 0
    assert held(settings) == {"邮件-7-3.eml": FIRST, "邮件-7-5.eml": SECOND}
    assert account.seen == {3, 5} and account.mails == {3: FIRST, 5: SECOND}
    assert "取回 2 封" in capsys.readouterr().err
    [one, _] = read_folder(settings.intake_folder)
    assert one.mail is not None and one.mail.message_id == "<1@x>" and not one.problems

    (settings.intake_folder / "邮件-7-3.eml").unlink()
    account.mails[9] = THIRD
    fetch(settings, as_json=False)
    assert set(held(settings)) == {"邮件-7-5.eml", "邮件-7-9.eml"}, "what was taken in does not come back"
    fetch(settings, as_json=False)
    assert "没有新邮件" in capsys.readouterr().err and account.seen == {3, 5, 9}


def test_a_mailbox_that_was_made_anew_is_read_anew(account: Account, settings: Settings) -> None:
    fetch(settings, as_json=True)
    account.validity, account.mails = 8, {1: THIRD}
    fetch(settings, as_json=True)
    assert held(settings)["邮件-8-1.eml"] == THIRD


@pytest.mark.parametrize("step", ["_write", "publish"])
def test_cut_off_before_it_is_kept_a_mail_is_not_marked_and_comes_again(
    account: Account, settings: Settings, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(starter.inbox_fetch, step, die)
        fetch(settings, as_json=True)
    assert account.seen == set()
    fetch(settings, as_json=True)
    assert set(held(settings)) == {"邮件-7-3.eml", "邮件-7-5.eml"} and account.seen == {3, 5}


def test_a_connection_that_breaks_is_unreachable_and_loses_nothing(
    account: Account, settings: Settings
) -> None:
    account.breaks_off_at = "FETCH 5 (BODY"
    with pytest.raises(Unreachable, match="用不了"):
        fetch(settings, as_json=True)
    assert list(held(settings)) == ["邮件-7-3.eml"] and account.seen == {3}
    account.breaks_off_at = ""
    fetch(settings, as_json=True)
    assert len(held(settings)) == 2


def test_a_mail_that_is_too_large_is_told_and_left(
    account: Account, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account.announces[3] = 2**40
    fetch(settings, as_json=False)
    assert "没有取回（UID 3）" in capsys.readouterr().err
    assert list(held(settings)) == ["邮件-7-5.eml"] and account.seen == {5}
    monkeypatch.setattr(starter.inbox_fetch, "LIMIT", len(THIRD) - 1)
    account.mails[9], account.announces[9] = THIRD, 1
    with pytest.raises(Unreachable, match="an answer of"):
        fetch(settings, as_json=True)


def test_what_stands_in_the_way_is_said(
    account: Account, settings: Settings, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    for port, authority, given, said in (
        (account.port, certificate[0], {"intake_mailbox_password": "wrong"}, "拒绝登录.*授权码"),
        (account.port, None, {}, "证书验证不通过"),
        (free_port(), certificate[0], {}, "用不了"),
        (account.port, tmp_path / "nowhere.pem", {}, r"nowhere\.pem"),
    ):
        with pytest.raises(Unreachable, match=said) as error:
            fetch(settings_of(port, authority, tmp_path, **given), as_json=True)
        assert "wrong" not in str(error.value)
    assert account.seen == set()


@pytest.mark.parametrize(
    "given",
    [
        {"intake_mailbox": "imaps://x/INBOX"},
        {"intake_mailbox_user": "u"},
        {"intake_mailbox": "imap://x", "intake_mailbox_user": "u", "intake_mailbox_password": "p"},
        {"intake_mailbox": "imaps://u:p@x", "intake_mailbox_user": "u", "intake_mailbox_password": "p"},
        {"intake_mailbox": 'imaps://x/a"b', "intake_mailbox_user": "u", "intake_mailbox_password": "p"},
    ],
)
def test_a_mailbox_that_could_not_be_read_is_refused(tmp_path: Path, given: dict[str, str]) -> None:
    with pytest.raises(InputError, match="intake_mailbox"):
        load_settings(home=tmp_path, **given)


def test_without_a_mailbox_it_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有设置收件邮箱"):
        fetch(load_settings(home=tmp_path), as_json=True)
