"""What lies in the intake folder, and what it seems to be: by the mail it answers, by a 文号 in it, by who wrote.

A mail is matched by what it answers only when its sender's address is one that the case's correspondents are known by: the
Message-ID of a notice is known to whoever saw it. From a header that can be written by anybody follows a suggestion, never
an entry: a person takes every paper in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from activities.incoming_papers import Entered, IncomingBook
from activities.matching import Mailed, Matching, Sent
from activities.numbers import folded
from models.errors import InputError, Problem
from starter.bounces import Action, Bounce
from starter.paper_contents import SCANS, examine, marked
from starter.papers import check_file, digest_of
from starter.saved_mails import Mail, read_mail

How = Literal[
    "answer", "number", "name", "none", "unknown_sender", "bounce", "other_bounce", "same", "taken", "refused"
]
"""`other_bounce`: a bounce that is shown, and not entered as it stands."""

DONE = "done"
_NUMBER = re.compile(r"([\u4e00-\u9fffA-Za-z]{1,24})(\[\d{4}\]\d{1,6}号)")
_MOST = 5
_SHORTEST = 8
_ANSWERS = "答复本系统发出的通知，寄件人 "


@dataclass(frozen=True, slots=True)
class Item:
    """A file in the folder. `id` is the beginning of its digest; `key` what makes it one paper: that, or its Message-ID."""

    path: Path
    received_at: datetime
    size: int
    digest: str
    mail: Mail | None = None
    text: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def id(self) -> str:
        return self.digest[:12]

    @property
    def key(self) -> str:
        return self.mail.message_id if self.mail is not None and self.mail.message_id else self.digest


@dataclass(frozen=True, slots=True)
class Recognised:
    """What an item seems to be. `letters` are those that it may answer, `why` says what that rests on.

    Of a bounce `mail` is the one of ours that came back, `reason` what the server says.
    """

    item: Item
    how: How
    why: str
    case: str = ""
    letter: str = ""
    letters: tuple[Sent, ...] = ()
    mail: Mailed | None = None
    reason: str = ""

    @property
    def is_certain(self) -> bool:
        """Whether it can be taken in without naming a case."""
        return self.how in ("answer", "number") and bool(self.case)


def read_folder(folder: Path) -> list[Item]:
    """What lies in the folder, oldest first."""
    return [read_item(path) for path in files_in(folder)]


def files_in(folder: Path) -> list[Path]:
    """The files of the folder, oldest first; hidden and half-copied ones, and folders, are passed over."""
    if not folder.is_dir():
        return []
    found = [
        path
        for path in folder.iterdir()
        if not path.name.startswith((".", "~$"))
        and path.suffix.lower() not in (".part", ".tmp", ".crdownload")
        and (path.is_symlink() or not path.is_dir())
    ]
    return sorted(found, key=lambda path: (path.lstat().st_mtime, path.name))


def find_file(folder: Path, wanted: str) -> Path | None:
    """The file of that name, else the oldest whose digest begins so; None when there is none."""
    files = files_in(folder)
    named = next((path for path in files if path.name == wanted), None)
    if named is not None or len(wanted) < _SHORTEST:
        return named
    return next((path for path in files if _digest(path).startswith(wanted)), None)


def read_item(path: Path) -> Item:
    """One file, with what stands against taking it in. It is read piece by piece, a mail whole."""
    stat = path.lstat()
    item = Item(path, datetime.fromtimestamp(stat.st_mtime, UTC), stat.st_size, _digest(path))
    if path.is_symlink():
        return replace(item, problems=(Problem("是链接，不是文件", "放入文件本身", file=str(path)),))
    ending = path.suffix.lower()
    if ending != ".eml" and ending not in SCANS:
        kinds = "、".join(sorted(each.lstrip(".") for each in (*SCANS, ".eml")))
        problem = Problem(f"收件夹不收 {ending or '没有扩展名的'} 文件", f"另存为：{kinds}", file=str(path))
        return replace(item, problems=(problem,))
    if problems := check_file(path):
        return replace(item, problems=tuple(problems))
    if ending != ".eml":
        contents = examine(path)
        return replace(item, text=contents.text, problems=contents.problems)
    try:
        mail = read_mail(path)
    except InputError as error:
        return replace(item, problems=error.problems)
    enclosed, wrong = _examined(path, mail)
    whole = marked(str(path), f"{mail.subject}\n{mail.text}")
    text = "\n".join([mail.subject, mail.text, *enclosed])
    return replace(item, mail=mail, text=text, problems=(*whole.problems, *wrong))


def _digest(path: Path) -> str:
    try:
        return "" if path.is_symlink() else digest_of(path)
    except OSError:
        return ""


def _examined(path: Path, mail: Mail) -> tuple[list[str], list[Problem]]:
    """The text of what is enclosed in a mail, each checked as a file is."""
    texts, problems = [], []
    with TemporaryDirectory() as folder:
        for each in mail.enclosed:
            file = Path(folder) / each.name
            file.write_bytes(each.content)
            text, wrong = _looked_into(file)
            texts.append(f"{each.name}\n{text}")
            problems += [
                Problem(f"附件“{each.name}”：{found.what}", found.remedy, file=str(path)) for found in wrong
            ]
    return texts, problems


def _looked_into(file: Path) -> tuple[str, Sequence[Problem]]:
    ending = file.suffix.lower()
    if ending == ".eml":
        return "", [Problem("附件是另一封邮件", "在邮件程序里另存那一封，单独放入")]
    if ending not in SCANS:
        what = f"不收 {ending or '没有扩展名的'} 附件"
        return "", [Problem(what, "向寄件人另要 PDF、图像或 Word 文档")]
    if wrong := check_file(file):
        return "", wrong
    contents = examine(file)
    return contents.text, contents.problems


# ── matching ────────────────────────────────────────────────────────────────────────────────────────────────


def recognise(items: Iterable[Item], matching: Matching, book: IncomingBook) -> list[Recognised]:
    """What the items seem to be, in their order; of copies in the folder the oldest is the paper."""
    seen: dict[str, Item] = {}
    found = []
    for item in items:
        first = seen.get(item.key) if item.digest else None
        found.append(_recognised(item, first, matching, book))
        if not item.problems:
            seen.setdefault(item.key, item)
    return found


def _recognised(item: Item, first: Item | None, matching: Matching, book: IncomingBook) -> Recognised:
    if item.problems:
        return Recognised(item, "refused", "；".join(each.what for each in item.problems))
    if first is not None:
        return Recognised(item, "same", f"与“{first.path.name}”是同一份，收一份即可")
    if line := _taken(item, matching, book):
        return Recognised(item, "taken", f"已收入 {line.paper.case}，收文号 {line}", line.paper.case)
    if note := matching.set_aside(stray_id(item)):
        return Recognised(item, "taken", f"已存查：{note}")
    if item.mail is not None and item.mail.bounce is not None:
        return _bounced(item, item.mail.bounce, matching)
    if item.mail is not None and (found := _answered(item, item.mail, matching)):
        return found
    return _by_number(item, matching) or _by_name(item, matching)


def _taken(item: Item, matching: Matching, book: IncomingBook) -> Entered | None:
    """The line of a paper that is in its case; one that was entered and not recorded is still to be taken."""
    id = item.mail.message_id if item.mail is not None else ""
    lines = book.known(digest=item.digest, message_id=id)
    return next((each for each in lines if matching.recorded(each.paper.digest, each.paper.case)), None)


def stray_id(item: Item) -> str:
    """The id under which an item is set aside: one for a paper, however many copies come."""
    from hashlib import sha256

    return f"inbox-{sha256(item.key.encode()).hexdigest()[:16]}"


def _answered(item: Item, mail: Mail, matching: Matching) -> Recognised | None:
    """By the notice that a mail answers; a mail from nobody who is known in that case is kept apart."""
    cases = matching.delivered(mail.answers)
    known = [case for case in cases if mail.sender and mail.sender in matching.correspondents(case)]
    numbered = _by_number(item, matching)
    if numbered is not None and numbered.case in known:
        return replace(numbered, how="answer", why=f"{_ANSWERS}{mail.sender}，{numbered.why}")
    if known and numbered is not None:
        why = f"答复的是 {'、'.join(known)} 的通知，{numbered.why}，属于 {numbered.case}，须指明一件"
        return Recognised(item, "none", why)
    if len(known) == 1:
        return Recognised(item, "answer", f"{_ANSWERS}{mail.sender}", known[0])
    if known:
        return Recognised(item, "none", f"答复的通知涉及 {'、'.join(known)}，须指明一件")
    if cases:
        return _unknown(mail, item)
    if numbered is not None and mail.sender not in matching.correspondents(numbered.case):
        return _unknown(mail, item)
    return numbered


_NOT_FAILED: dict[Action, str] = {
    "delayed": "只是延迟，服务器还在投递",
    "delivered": "已送达",
    "relayed": "已转交下一服务器",
    "expanded": "已转发给名单上的人",
    "unclear": "没有写明投递失败",
}


def _bounced(item: Item, bounce: Bounce, matching: Matching) -> Recognised:
    """By the mail of ours that came back, when the bounce says that it failed for the very address to which that went."""
    mails = matching.mailed(bounce.originals)
    if len(mails) != 1:
        lack = "所附的原信不是本系统发出的邮件" if not mails else "附有几封原信"
        return Recognised(item, "other_bounce", f"退信：{lack}，不作匹配")
    [mail] = mails
    said = bounce.about(mail.address) if mail.address else None
    whom = f"致{mail.to}的邮件（{mail.address or '无地址'}）"
    if said is None:
        return Recognised(
            item, "other_bounce", f"退信所称的收件地址里没有原信的：{whom}，不作匹配", mail.case
        )
    if said.action != "failed":
        why = f"{whom}：{_NOT_FAILED[said.action]}，不记退信"
        return Recognised(item, "other_bounce", why, mail.case, mail=mail, reason=said.why)
    if mail.state not in ("sent", "refused"):
        why = f"{whom}已退回，正在重发，不再记"
        return Recognised(item, "other_bounce", why, mail.case, mail=mail, reason=said.why)
    reason = said.why or "没有写明理由"
    return Recognised(item, "bounce", f"{whom}被退回：{reason}", mail.case, mail=mail, reason=reason)


def _unknown(mail: Mail, item: Item) -> Recognised:
    return Recognised(
        item,
        "unknown_sender",
        f"来源不明：地址簿里没有与所涉案件有关的 {mail.sender or '寄件人'}；先与对方核实，再指明案件收入",
    )


def _by_number(item: Item, matching: Matching) -> Recognised | None:
    """By a 文号 of ours in name, subject, body or text: the longest that ends there, as words may stand before it."""
    text = folded(f"{item.path.stem} {item.text}")
    ends = {
        found[1][place:] + found[2]: found[0]
        for found in _NUMBER.finditer(text)
        for place in range(len(found[1]))
    }
    owners = matching.numbered(ends)
    best: dict[str, str] = {}
    for number in sorted(owners, key=len):
        best[ends[number]] = number
    documents = sorted({owners[number] for number in best.values()})
    if not documents:
        return None
    numbers = "、".join(sorted(best.values()))
    if len({each.partition("/")[0] for each in documents}) > 1:
        return Recognised(item, "none", f"文中有几件案件的文号（{numbers}），须指明一件")
    case = documents[0].partition("/")[0]
    letters = [each for each in matching.letters(case) if f"{case}/{each.document}" in documents]
    named = [each for each in letters if folded(each.recipient) in text] or letters
    letter = named[0].letter if len(named) == 1 else ""
    return Recognised(item, "number", f"文中有文号 {numbers}", case, letter, tuple(letters))


def _by_name(item: Item, matching: Matching) -> Recognised:
    """By the name of a body that owes an answer: a hint, for a person to sort by."""
    text = folded(f"{item.path.stem}{item.text}")
    found = [each for each in matching.waiting() if each.recipient and folded(each.recipient) in text]
    if not found:
        return Recognised(item, "none", "没有认出案件，待分拣")
    names = "、".join(dict.fromkeys(each.recipient for each in found))
    return Recognised(item, "name", f"文中有{names}，有文书待其回复", letters=tuple(found[:_MOST]))
