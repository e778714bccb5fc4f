"""`mingjian inbox`: what lies in the intake folder, as it is printed."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from activities.database import Database
from activities.incoming_papers import IncomingBook
from activities.matching import Matching
from models.bags import shown
from models.dates import day_in_china
from models.settings import Settings
from starter.output import Listing, remark, say_json, show
from starter.recognising import Recognised, read_folder, recognise

_MARKS = {
    "answer": "答复邮件",
    "number": "文号相符",
    "name": "待分拣",
    "none": "待分拣",
    "unknown_sender": "来源不明",
    "bounce": "退信",
    "other_bounce": "退信，不记",
    "same": "重复",
    "taken": "已收",
    "refused": "不收",
}


def recognised(settings: Settings) -> list[Recognised]:
    """What lies in the folder, oldest first; Unreachable when the books do not answer."""
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        return recognise(read_folder(settings.intake_folder), Matching(database), IncomingBook(database))


def tell_inbox(settings: Settings, *, as_json: bool) -> int:
    """Print what lies in the folder."""
    found = recognised(settings)
    if as_json:
        for each in found:
            say_json(_as_json(each))
        return 0
    listing = Listing("编号、文件", "认出", "建议")
    for each in found:
        item = each.item
        source = f"{item.mail.sender_name}：{item.mail.subject}" if item.mail is not None else ""
        listing.add(
            "\n".join(part for part in (item.id or "—", shown(item.path.name), source) if part),
            f"{_MARKS[each.how]}\n{day_in_china(item.received_at)}",
            _suggestion(each),
        )
    if found:
        show(listing)
        remark("收入：mingjian inbox take 编号 --by 姓名；存查：mingjian inbox aside 编号 --reason 理由")
        if any(each.how == "bounce" for each in found):
            remark("退信收入，即记入原信的情况，不记入案件；改正地址之后重发：mingjian mails again 标识")
    else:
        remark(f"收件夹 {settings.intake_folder} 里没有待收的文件。")
    return 0


def _suggestion(found: Recognised) -> str:
    if found.how == "refused":
        return "\n".join(f"{each.what}（{each.remedy}）" for each in found.item.problems)
    lines = [found.why]
    if found.case and found.how not in ("taken", "same"):
        lines.append(f"{found.case} {found.letter}".strip())
    if not found.letter and found.how not in ("taken", "same"):
        lines += [f"{each.case} {each.letter} 致{each.recipient}" for each in found.letters]
    return "\n".join(lines)


def _as_json(found: Recognised) -> dict[str, Any]:
    item = found.item
    return {
        "item": item.id,
        "file": item.path.name,
        "size": item.size,
        "digest": item.digest,
        "received_at": item.received_at.isoformat(),
        "sender": item.mail.sender if item.mail is not None else "",
        "subject": item.mail.subject if item.mail is not None else "",
        "enclosed": [each.name for each in item.mail.enclosed] if item.mail is not None else [],
        "found": found.how,
        "why": found.why,
        "case": found.case,
        "letter": found.letter,
        "letters": [{"case": each.case, "letter": each.letter} for each in found.letters],
        "bounce": _bounce(found),
        "problems": [{"what": each.what, "remedy": each.remedy} for each in item.problems],
    }


def _bounce(found: Recognised) -> dict[str, str] | None:
    """What a bounce says, for a program."""
    if found.item.mail is None or found.item.mail.bounce is None:
        return None
    mail = found.mail
    said = found.item.mail.bounce.about(mail.address) if mail is not None else None
    return {
        "delivery": mail.key if mail is not None else "",
        "to": mail.to if mail is not None else "",
        "recipient": mail.address if mail is not None else "",
        "action": said.action if said is not None else "",
        "reason": found.reason,
    }
