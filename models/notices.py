"""The notices that a journal entry calls for: to whom, and what they say.

A notice has a natural key, so it is queued once however often its entry is settled.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from models.backlog import had_passed
from models.bags import PaperRef
from models.casefile import CaseFile
from models.dates import CHINA, day_in_china
from models.messages import Entry, FellDue, HistoryLost, Message, PaperFailed, Reminded
from models.said.links import CaseTold, LinkFailed
from models.wire import Wire

OUTAGE = "outage/"
"""How the keys of notices about the mail server itself begin: no case has such an id."""
STAFF = "系统运维人员"

DIGEST = "digest/"
"""How the keys of digests begin."""

_FOOTER = "本通知由明鉴自动发出。"
_LISTED = 20


class Notice(Wire):
    """One message to staff; `on` is its day in case time, `to` the names of those it goes to, `papers` go along.

    `digest`: it may wait for the mail in which the recipient gets all reminders of the day.
    """

    key: str
    case: str
    to: tuple[str, ...]
    subject: str
    body: str
    on: date
    at: datetime
    papers: tuple[PaperRef, ...] = ()
    digest: bool = False

    def parted(self) -> tuple[Notice, ...]:
        """The same to each recipient alone, under a key with the name: each is sent, and fails, by itself."""
        return tuple(
            self.model_copy(update={"key": f"{self.key}/{name}", "to": (name,)}) for name in self.to
        ) or (self,)


def notices(case: CaseFile, entries: list[Entry]) -> list[Notice]:
    """What these entries make known, and to whom; of several misfits that came together in one notice."""
    misfits = [entry for entry in entries if _is_misfit(case, entry)]
    silent = dict.fromkeys(entry.seq for entry in misfits[1:])
    told = (entry for entry in entries if entry.seq not in silent)
    return [notice for entry in told if (notice := _notice(case, entry, misfits)) is not None]


def digest_notice(key: str, on: date, at: datetime, members: Sequence[Notice]) -> Notice:
    """Several reminders to one recipient as one; each stands in it whole, and their papers go along once."""
    parts: list[str] = []
    for number, each in enumerate(members, 1):
        text = each.body.removesuffix(_FOOTER).strip()
        parts += [f"{number}. {each.subject}" if len(members) > 1 else each.subject, "", text, ""]
    several = f"【提醒】{on}的{len(members)}项期限提醒"
    return Notice(
        key=key,
        case=members[0].case,
        to=members[0].to,
        subject=several if len(members) > 1 else members[0].subject,
        body="\n".join([*parts, _FOOTER]),
        on=on,
        at=at,
        papers=tuple(dict.fromkeys(paper for each in members for paper in each.papers)),
    )


def outage_notice(
    since: datetime, last_sent: datetime | None, waiting: int, why: str, at: datetime
) -> Notice:
    """To staff, of a mail server that is out of use; one for each outage, which begins after the last mail that went out."""
    return Notice(
        key=f"{OUTAGE}{last_sent.isoformat() if last_sent else 'first'}",
        case="",
        to=(STAFF,),
        subject="【须处理】邮件服务器已一天用不了",
        body="\n".join(
            [
                f"自{since.astimezone(CHINA):%Y-%m-%d %H:%M}起，邮件发不出去，有{waiting}封在等。",
                f"原因：{why}",
                "恢复之后自动补发；其间可用 mingjian mails --failed 查看，急件请另行转告。",
                "",
                _FOOTER,
            ]
        ),
        on=day_in_china(at),
        at=at,
    )


def _is_misfit(case: CaseFile, entry: Entry) -> bool:
    taken = case.taken.get(entry.message.id)
    return taken is not None and taken.how == "unmatched"


def _notice(case: CaseFile, entry: Entry, misfits: Sequence[Entry]) -> Notice | None:
    message = entry.message
    lines: list[str]
    if isinstance(message, Reminded | FellDue) and had_passed(case, message):
        return None
    if isinstance(message, Reminded):
        ahead = (message.due_on - day_in_china(entry.at)).days
        counted = case.deadlines.counted[message.deadline]
        subject = f"【提醒】{counted.name}将于{message.due_on}届满"
        lines = [
            f"{_party(case, message.deadline)}{counted.name}将于{message.due_on} 24:00届满，距今{ahead}日。"
        ]
        lines += [f"依据：{counted.basis}"]
        if counted.provisional:
            lines.append("该日期为暂定：所涉年份的放假安排尚未公布，公布后重新计算。")
    elif isinstance(message, FellDue):
        counted = case.deadlines.counted[message.deadline]
        if counted.expiry == "right_lapses":
            return None
        word = _state_word(case, message)
        subject = f"【{word}】{counted.name}已于{message.due_on}届满"
        lines = [
            f"{_party(case, message.deadline)}{counted.name}已于{message.due_on} 24:00届满，状态：{word}。",
            f"依据：{counted.basis}",
            f"届满后：{counted.expiry_words}。",
        ]
        if not message.final:
            lines.append("在途邮件宽限期内，请先核对送达日期和在途文书。")
    elif isinstance(message, PaperFailed):
        subject = f"【须处理】文书{message.order}未能制作"
        lines = [f"原因：{message.why}"]
    elif isinstance(message, HistoryLost):
        subject = "【须处理】运行记录未能归档"
        lines = [f"运行 {message.run} 的记录：{message.why}"]
    elif isinstance(message, LinkFailed):
        subject = "【须处理】有事项未能办理"
        lines = [f"事项：{message.order}", f"原因：{message.why}"]
    elif isinstance(message, CaseTold) and message.how == "missing":
        subject = "【须处理】关联的案件不存在"
        lines = [case.taken[message.id].what]
    elif _is_misfit(case, entry):
        several = f" {len(misfits)} 件" if len(misfits) > 1 else ""
        subject = f"【待整理】收到{several}无法对应的材料"
        lines = []
        for each in misfits[:_LISTED]:
            lines += [f"材料编号：{each.message.id}", *case.taken[each.message.id].problems]
        if len(misfits) > _LISTED:
            lines.append(f"其余 {len(misfits) - _LISTED} 件，用 mingjian show {case.opening.case} 查看。")
    else:
        return None
    # Under the id of the last: a digest that went out before another misfit came must not silence that one.
    last = misfits[-1] if _is_misfit(case, entry) else entry
    heading = [f"案件：{case.opening.title}（{case.opening.case}）", f"阶段：{case.stage.label}", ""]
    names = _addressees(case, message)
    return Notice(
        key=f"{case.opening.case}/{last.message.id}",
        case=case.opening.case,
        to=tuple(names),
        subject=subject,
        body="\n".join([*heading, *lines, "", _FOOTER]),
        on=day_in_china(entry.at),
        at=entry.at,
        papers=_papers(case, message),
        digest=isinstance(message, Reminded) and message.due_on > day_in_china(entry.at),
    )


def _papers(case: CaseFile, message: Message) -> tuple[PaperRef, ...]:
    """The paper that a notice is about: the letter whose period it tells of, once it is made; its original if there is one."""
    if not isinstance(message, Reminded | FellDue):
        return ()
    deadline = case.deadlines.by_key.get(message.deadline)
    found = [
        each.original or each.paper
        for each in case.letters
        if deadline is not None and each.id == deadline.letter
    ]
    return tuple(paper for paper in found if paper is not None)


def _addressees(case: CaseFile, message: Message) -> dict[str, None]:
    """A reminder goes to whom its rule says, and to the agency too where the case says so; all else to our own side."""
    to: tuple[str, ...] = ("handler", "own_liaison")
    if isinstance(message, Reminded):
        reminders = case.deadlines.counted[message.deadline].reminders
        to = next((each.to for each in reminders if each.days_before == message.days_before), to)
        if case.opening.remind_agency:
            to = (*to, "agency")
    names = {"handler": [case.handler.name], "own_liaison": [case.liaison]}
    if "agency" in to and isinstance(message, Reminded):
        names["agency"] = _owing(case, message.deadline)
    return dict.fromkeys(name for each in to for name in names.get(each, ()) if name)


def _owing(case: CaseFile, key: str) -> list[str]:
    """The agency whose reply a deadline is, where the case says that it is reminded too."""
    deadline = case.deadlines.by_key.get(key)
    owner = case.deadlines.counted[key].owner
    return [deadline.party] if deadline is not None and deadline.party and owner == "agency" else []


def _state_word(case: CaseFile, tick: FellDue) -> str:
    """逾期 is said of an agency's or court's reply alone, and only after the grace; other days are simply due."""
    if not case.is_reply(tick.deadline):
        return "到期"
    if not tick.final:
        return "到期未见回复"
    deadline = case.deadlines.by_key.get(tick.deadline)
    return "逾期" if deadline is not None and deadline.letter in case.overdue_letters else "到期"


def _party(case: CaseFile, key: str) -> str:
    deadline = case.deadlines.by_key.get(key)
    return f"{deadline.party}的" if deadline is not None and deadline.party else ""
