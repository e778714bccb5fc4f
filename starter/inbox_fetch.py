"""`mingjian inbox fetch`: what came to the mailbox, as .eml files in the intake folder, each once.

A mail is on disk before its number is kept, and before the mailbox is told that it was seen: what breaks off in between is
fetched again under the same name. One that was taken in meanwhile is known by its Message-ID.
"""

from __future__ import annotations

import json
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from activities.durable import force_folder, make_folder, publish, reaching, staged, supersede, sweep
from activities.imap_mailbox import Arrived, ImapMailbox, Place
from models.errors import InputError, Problem
from models.settings import Settings
from starter.output import remark, say, say_json
from starter.saved_mails import LIMIT

_STAGING = ".incoming"


def mailbox_of(settings: Settings) -> ImapMailbox | None:
    """The mailbox that the settings name; None when they name none."""
    if not settings.intake_mailbox or settings.intake_mailbox_password is None:
        return None
    parts = urlsplit(settings.intake_mailbox)
    place = Place(
        host=parts.hostname or "",
        port=parts.port or 993,
        folder=unquote(parts.path.strip("/")) or "INBOX",
        user=settings.intake_mailbox_user,
        password=settings.intake_mailbox_password.get_secret_value(),
        authority=settings.intake_mailbox_authority,
    )
    return ImapMailbox(place, largest=LIMIT)


def fetch(settings: Settings, *, as_json: bool) -> int:
    """Copy what came into the intake folder, and print it; InputError without a mailbox, Unreachable when it does not answer."""
    mailbox = mailbox_of(settings)
    if mailbox is None:
        raise InputError(Problem("没有设置收件邮箱", "设置 intake_mailbox，或自行把邮件另存到收件夹"))
    folder, state = settings.intake_folder, _state_file(settings)
    with reaching("收件夹"):
        sweep(folder / _STAGING)
    count = 0
    with closing(mailbox.arrived(*_known(state))) as arrived:
        for each in arrived:
            name = _keep(folder, each)
            _write(state, {"validity": each.validity, "uid": each.uid})
            count += bool(name)
            _tell(each, name, as_json=as_json)
    if not as_json:
        remark(f"取回 {count} 封，见 mingjian inbox。" if count else "邮箱里没有新邮件。")
    return 0


def _keep(folder: Path, arrived: Arrived) -> str:
    """The file of a mail; empty for one that is too large."""
    if arrived.content is None:
        return ""
    name = f"邮件-{arrived.validity}-{arrived.uid}.eml"
    with reaching("收件夹"), staged(folder / _STAGING) as file:
        file.write(arrived.content)
        publish(file, folder / name)
    return name


def _tell(arrived: Arrived, name: str, *, as_json: bool) -> None:
    if as_json:
        say_json({"file": name or None, "uid": arrived.uid, "size": len(arrived.content or b"") or None})
    elif name:
        say(f"已取回：{name}")
    else:
        remark(
            f"注意：邮箱里有一封超过 {LIMIT // 1024 // 1024} MB，没有取回（UID {arrived.uid}）；在邮箱里另存附件"
        )


def _state_file(settings: Settings) -> Path:
    """Hidden in the folder, one for each mailbox."""
    whose = f"{settings.intake_mailbox_user}@{settings.intake_mailbox}"
    return settings.intake_folder / f".mailbox-{sha256(whose.encode()).hexdigest()[:12]}"


def _known(state: Path) -> tuple[int, int]:
    """Up to where it was fetched; from the beginning when nothing, or nothing that can be read, is kept."""
    try:
        kept: Any = json.loads(state.read_text(encoding="utf-8"))
        return int(kept["validity"]), int(kept["uid"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0


def _write(state: Path, kept: dict[str, int]) -> None:
    with reaching("收件夹"):
        make_folder(state.parent)
        with staged(state.parent / _STAGING) as file:
            file.write(json.dumps(kept).encode())
            supersede(file, state)
        force_folder(state.parent)
