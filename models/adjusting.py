"""What moves a running deadline by decision, where the law of its rule allows (中止、恢复、扣除、延长、改按新规定)."""

from __future__ import annotations

import re
from datetime import date

from models.dates import EventDate
from models.deadlines import account_of
from models.decisions import ApplyRule, Extend, Resume, Suspend
from models.errors import Problem
from models.ledger_entries import Excluded, Extended, Resumed, Suspended, VersionChosen
from models.ledgers import Counted, Deadline, Deadlines
from models.rules import FIRST_VERSION
from models.said.excluding import ExcludeDays
from models.terms import Role
from models.wire import Person

SUPERIOR = "上一级人民检察院"
# By its full name; some of those above are branches (北京市人民检察院第一分院).
_PROCURATORATE = re.compile(r".+人民检察院(.*分院)?")


class Adjusting:
    """Decisions upon the deadlines of one case, whose procuratorate is `own`."""

    def __init__(self, deadlines: Deadlines, own: str) -> None:
        self.deadlines = deadlines
        self._own = own

    def _open(self, key: str) -> list[Problem]:
        running = [
            each.key for each in self.deadlines.by_key.values() if each.is_running or each.is_suspended
        ]
        if key in running:
            return []
        return [Problem(f"没有进行中的期限“{key}”", f"可选：{'、'.join(running) or '无'}", "deadline")]

    def _not_by_law(self, key: str, what: str) -> Problem:
        counted = self.deadlines.standing(key)
        if counted is None:
            return Problem(f"{key} 正在计算", "稍后再试", "deadline")
        return Problem(
            f"“{counted.name}”依法不能{what}（{counted.basis}）", "整改有困难的，审查整改方案", "deadline"
        )

    # 中止、恢复

    def check_suspend(self, decision: Suspend, today: date) -> list[Problem]:
        problems = self._open(decision.deadline)
        if problems:
            return problems
        deadline = self.deadlines.by_key[decision.deadline]
        if deadline.is_suspended:
            return [Problem("该期限已中止", "先恢复", "deadline")]
        return _before_last_stop(deadline, decision.on or today)

    def door_suspend(self, decision: Suspend, today: date) -> list[Problem]:
        counted = self.deadlines.standing(decision.deadline)
        if counted is None or not counted.suspendable:
            return [self._not_by_law(decision.deadline, "中止")]
        return _after_the_end(counted, decision.on or today, "中止") + _without_reason(decision, "中止")

    def take_suspend(self, decision: Suspend, today: date) -> str:
        on = decision.on or today
        self.deadlines.by_key[decision.deadline].entries.append(Suspended(on=on, by=decision.id))
        return f"{decision.deadline}自{on}中止：{decision.reason}"

    def check_resume(self, decision: Resume, today: date) -> list[Problem]:
        problems = self._open(decision.deadline)
        if problems:
            return problems
        deadline = self.deadlines.by_key[decision.deadline]
        if not deadline.is_suspended:
            return [Problem("该期限没有中止", "不必恢复", "deadline")]
        return _before_last_stop(deadline, decision.on or today)

    def take_resume(self, decision: Resume, today: date) -> str:
        on = decision.on or today
        self.deadlines.by_key[decision.deadline].entries.append(Resumed(on=on, by=decision.id))
        return f"{decision.deadline}自{on}恢复，中止期间不计入"

    # 扣除

    def check_exclude(self, decision: ExcludeDays, today: date) -> list[Problem]:
        problems = self._open(decision.deadline)
        if decision.last <= decision.first:
            problems.append(
                Problem("扣除的结束日不在开始日之后", "first 填开始之日，last 填结束之日", "last")
            )
        if decision.last > today:
            problems.append(Problem(f"日期 {decision.last} 在将来", "期间结束后再扣除", "last"))
        return problems

    def door_exclude(self, decision: ExcludeDays, today: date) -> list[Problem]:
        counted = self.deadlines.standing(decision.deadline)
        if counted is None or not counted.excludable:
            return [self._not_by_law(decision.deadline, "扣除期间")]
        return _after_the_end(counted, decision.first, "扣除")

    def take_exclude(self, decision: ExcludeDays, today: date) -> str:
        excluded = Excluded(first=decision.first, last=decision.last, by=decision.id, why=decision.why)
        self.deadlines.by_key[decision.deadline].entries.append(excluded)
        return f"{decision.deadline}：{decision.first}之后至{decision.last}因{decision.why}不计入期限"

    # 延长

    def check_extend(self, decision: Extend, today: date) -> list[Problem]:
        problems = self._open(decision.deadline)
        if decision.by_period is None:
            problems.append(Problem("须写明延长多久", "填写 by_period", "by_period"))
        return problems

    def door_extend(self, decision: Extend, today: date) -> list[Problem]:
        counted = self.deadlines.standing(decision.deadline)
        if counted is None or not counted.extendable:
            granted = [
                each for each in self.deadlines.by_key[decision.deadline].entries if each.kind == "extended"
            ]
            if counted is not None and granted:
                return [Problem("该期限已延长过，不得再次延长", "届满前作出应作的决定", "deadline")]
            return [self._not_by_law(decision.deadline, "延长")]
        problems = _after_the_end(counted, decision.on or today, "延长")
        period, most = decision.by_period, counted.extendable_amount
        if period and most and (period.unit != counted.extendable_unit or period.amount > most):
            problems.append(
                Problem(f"超出可以延长的期间：{counted.extendable}", "改写 by_period", "by_period")
            )
        if counted.owner != "court":
            problems += _without_reason(decision, "延长")
        return problems + self._unauthorised(decision.by, counted)

    def _unauthorised(self, by: Person, counted: Counted) -> list[Problem]:
        """Whether the person holds the office that may lengthen the period; one from above is named with his body."""
        from_above = counted.extendable_by == SUPERIOR
        if counted.owner == "court":
            authorised = by.role is Role.COURT
        else:
            authorised = by.role.is_chief and (by.body not in ("", self._own)) == from_above
        if not authorised:
            remedy = "by 填批准人，body 填批准的上一级检察院" if from_above else "by 填批准人"
            return [Problem(f"应由{counted.extendable_by}批准延长", remedy, "by")]
        if from_above and not _PROCURATORATE.fullmatch(by.body):
            return [
                Problem(
                    f"“{by.body}”不是{SUPERIOR}的名称",
                    f"body 填{SUPERIOR}的全称，如“某某市人民检察院”",
                    "by.body",
                )
            ]
        return []

    def take_extend(self, decision: Extend, today: date) -> str:
        period = decision.by_period
        assert period is not None
        officer = _officer(decision.by)
        self.deadlines.by_key[decision.deadline].entries.append(
            Extended(amount=period.amount, unit=period.unit, by=decision.id, officer=officer)
        )
        return f"{decision.deadline}由{officer}{decision.by.name}批准延长"

    # 改按新规定

    def check_apply(self, decision: ApplyRule, today: date) -> list[Problem]:
        return self._open(decision.deadline)

    def door_apply(self, decision: ApplyRule, today: date) -> list[Problem]:
        """What was looked at must be what is changed; whether there is such a version only the rules of the site know."""
        counted = self.deadlines.standing(decision.deadline)
        if counted is None:
            return [Problem(f"{decision.deadline} 正在计算", "稍后再试", "deadline")]
        problems = []
        start = account_of(tuple(self.deadlines.by_key[decision.deadline].entries)).start
        if start is not None and (start.amount or start.fixed_on):
            what = "该期限的长短由文书或者本地意见载明，规则改变不影响它"
            problems.append(Problem(what, "不必改", "deadline"))
        if not decision.reason:
            problems.append(Problem("改按新规定须写明理由", "填写 reason", "reason"))
        if counted.version == decision.version:
            problems.append(Problem(f"该期限已按自{decision.version}起施行的规定计算", "不必再改", "version"))
        elif (counted.version or FIRST_VERSION) != (decision.instead_of or FIRST_VERSION):
            held = f"自{counted.version}起施行的" if counted.version else "最初的"
            what = f"该期限现按{held}规定计算，与所填的不符"
            problems.append(Problem(what, "用 mingjian rules move 重新试看", "instead_of"))
        if counted.last_day is not None and counted.last_day < decision.version:
            what = f"该期限已于{counted.last_day}届满，其时{decision.version}起施行的规定尚未施行"
            problems.append(Problem(what, "届满的期限不按以后施行的规定重算", "version"))
        return problems

    def take_apply(self, decision: ApplyRule, today: date) -> str:
        chosen = VersionChosen(
            version=decision.version, instead_of=decision.instead_of or FIRST_VERSION, by=decision.id
        )
        self.deadlines.by_key[decision.deadline].entries.append(chosen)
        named = "最初的" if decision.version == FIRST_VERSION else f"自{decision.version}起施行的"
        return f"{decision.deadline}改按{named}规定计算：{decision.reason}"


def _officer(by: Person) -> str:
    """The office that lengthens: for a court its president (法发〔2016〕30号第十三条)."""
    return f"{by.body or '本院'}院长" if by.role is Role.COURT else f"{by.body}{by.role.label}"


def _without_reason(decision: Suspend | Extend, what: str) -> list[Problem]:
    """Why is a matter of course where we stop or lengthen a period; why a court did, its paper says."""
    return [] if decision.reason.strip() else [Problem(f"{what}须写明理由", "填写 reason", "reason")]


def _before_last_stop(deadline: Deadline, on: date) -> list[Problem]:
    """A suspension or resumption cannot lie ahead of what it follows."""
    days = [
        entry.on.earliest if isinstance(entry.on, EventDate) else entry.on
        for entry in deadline.entries
        if entry.kind in ("started", "corrected", "suspended", "resumed")
    ]
    last = max(days)
    return [Problem(f"日期 {on} 早于该期限的上一事项（{last}）", "请核对日期", "on")] if on < last else []


def _after_the_end(counted: Counted, on: date, what: str) -> list[Problem]:
    """A period that has ended can be neither suspended nor lengthened."""
    if counted.last_day is None or on <= counted.last_day:
        return []
    return [Problem(f"该期限已于{counted.last_day}届满，不能再{what}", "届满前决定的，on 填决定日", "on")]
