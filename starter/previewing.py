"""`mingjian mails preview`: the mails that a case sends next, word for word, to whom and when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

from activities.addresses import AddressBook
from activities.database import Database
from activities.site_jurisdiction import site_jurisdiction
from models.agenda import agenda
from models.dates import CHINA
from models.errors import Refusal
from models.journal import CaseState
from models.kinds import restored
from models.notices import Notice, notices
from models.settings import Settings
from starter.output import remark, say, say_json


def coming(state: CaseState, now: datetime) -> Iterator[Notice]:
    """What each running deadline of a case makes known next, if nothing comes before it."""
    case = restored(state)
    for moment in agenda(case.deadlines.running(), case.taken, now):
        then = restored(state)
        then.take(moment.tick, max(moment.at, now))
        yield from notices(then, then.entries[-1:])


def tell_coming(settings: Settings, case: str, state: CaseState | None, *, as_json: bool) -> int:
    """Print them; Refusal when the case itself did not answer."""
    if state is None:
        raise Refusal(f"案件 {case} 不在办理中，不再发出通知")
    found = sorted(coming(state, datetime.now(UTC)), key=lambda each: each.at)
    with closing(Database(settings.registry, reach=settings.reach)) as database:
        book = AddressBook(database, lambda: site_jurisdiction(settings))
        for notice in found:
            receivers = [book.receiver(name, case) for name in notice.to]
            if as_json:
                to = [{"name": each.name, "address": each.address or None} for each in receivers]
                say_json({**notice.model_dump(mode="json"), "to": to})
                continue
            when = "并入当日汇总" if notice.digest and settings.digest_time else "即时"
            say(f"── {notice.at.astimezone(CHINA):%Y-%m-%d %H:%M}，{when}")
            say("收件人：" + "、".join(f"{each.name}（{each.address or '无地址'}）" for each in receivers))
            say(f"主题：{notice.subject}")
            for paper in notice.papers:
                say(f"附件：{paper.name.rpartition('/')[2]}")
            say(f"\n{notice.body}\n")
    if not found and not as_json:
        remark("没有正在计算的期限，眼下不会发出通知。")
    return 0
