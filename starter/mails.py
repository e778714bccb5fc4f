"""`mingjian mails`: what became of each mail, and another attempt where one was refused."""

from __future__ import annotations

from contextlib import closing

from activities.books import Books
from activities.database import Database
from activities.deliveries import Delivery, Outage
from models.dates import CHINA
from models.errors import InputError, Problem
from models.settings import Settings
from starter.output import Listing, remark, say, say_json, show

_STATES = {
    "queued": "待发",
    "sending": "发送中",
    "sent": "已发出",
    "failed": "未发出，自动重试",
    "refused": "被拒收",
    "bundled": "已并入汇总",
}
_MOST = 1000


def tell_mails(settings: Settings, *, case: str, failed: bool, limit: str, as_json: bool) -> int:
    """Print the mails, the latest first, with what stands in the way of those that are not sent."""
    most = _number(limit)
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        books = Books(database)
        found = books.deliveries(case=case, failed=failed, limit=most)
        outage = books.outage()
    if as_json:
        for each in found:
            say_json(_as_json(each))
        return 0
    listing = Listing("日期", "收件人", "主题", "情况")
    for each in found:
        listing.add(str(each.notice.on), _receiver(each), _subject(each), _how(each))
    if found:
        show(listing)
    else:
        remark("没有未发出的邮件。" if failed else "没有邮件。")
    if outage is not None:
        remark(_of(outage))
    if any(each.state == "refused" for each in found):
        remark("改正地址（mingjian addresses set）之后重发：mingjian mails again 标识；标识见 --json 的 key")
    if len(found) == most:
        remark(f"只列出最近的 {most} 封；--limit 另定")
    return 0


def send_again(settings: Settings, key: str, *, as_json: bool) -> int:
    """Let the mailroom try a mail again at once; Refusal for one that was sent."""
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        Books(database).again(key)
    if as_json:
        say_json({"key": key, "state": "queued"})
    else:
        say(f"即将重发：{key}")
    return 0


def enter_bounce(settings: Settings, key: str, why: str, *, as_json: bool) -> int:
    """Enter that a mail came back, and what the letter that came with it says."""
    if not why.strip():
        raise InputError(Problem("没有写明退信的理由", "照退信抄写，如 邮箱已满", "WHY"))
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        found = Books(database).bounced(key, why.strip())
    if as_json:
        say_json({"key": found, "state": "refused"})
    else:
        say(f"已记为退信：{found}")
    return 0


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST:
        raise InputError(Problem(f"“{text}”不是封数", f"写 1 至 {_MOST}", "--limit"))
    return int(text)


def _receiver(each: Delivery) -> str:
    names = "、".join(each.notice.to)
    if each.state == "queued":
        return names
    return f"{names}\n{each.address or '无地址'}"


def _subject(each: Delivery) -> str:
    return f"{each.notice.subject}\n{each.notice.case}" if each.notice.case else each.notice.subject


def _how(each: Delivery) -> str:
    lines = [_STATES[each.state]]
    if each.sent_at is not None:
        lines[0] += f" {each.sent_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    if each.possibly_twice:
        lines.append("可能重复")
    if each.last_error:
        lines.append(each.last_error)
    return "\n".join(lines)


def _of(outage: Outage) -> str:
    since = outage.since.astimezone(CHINA)
    return f"注意：邮件服务器自 {since:%Y-%m-%d %H:%M} 起用不了，{outage.waiting} 封在等：{outage.why}"


def _as_json(each: Delivery) -> dict[str, object]:
    return {
        "key": each.notice.key,
        "case": each.notice.case or None,
        "on": str(each.notice.on),
        "to": list(each.notice.to),
        "address": each.address or None,
        "subject": each.notice.subject,
        "state": each.state,
        "attempts": each.attempts,
        "possibly_twice": each.possibly_twice,
        "message_id": each.message_id or None,
        "sent_at": each.sent_at.isoformat() if each.sent_at else None,
        "try_after": each.try_after.isoformat() if each.try_after else None,
        "last_error": each.last_error or None,
    }
