"""`mingjian rules move`: running deadlines counted under a version of their rule adopted since, case by case, by decision.

Shown first; then each case is told, takes the decision into its journal, and counts again. Repeating it decides nothing twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from temporalio.service import RPCError

from models.adoptions import NewVersion, SiteRules, read_adoption
from models.decisions import ApplyRule
from models.errors import InputError, MingjianError, Problem
from models.journal import CaseState
from models.messages import Taken
from models.rule_moves import Shift
from models.settings import Settings
from models.wire import Person
from starter import output
from starter.adopting import COLUMNS, against_signing, as_row, found_for, say_folded, show_shifts
from starter.csv_tables import write_csv
from starter.law import adopted
from starter.message_ids import natural_id
from starter.office import PATIENCE, Office, answering, case_id
from starter.output import remark, say, say_json
from starter.site_years import adopted_in
from workflows.parts.protocol import Decided

_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class ToMove:
    """Which deadlines are to be moved: of which adoption, of which cases and rule, and whether only those begun since."""

    number: int
    cases: tuple[str, ...]
    rule: str
    begun_since: bool
    by: Person | None
    reason: str


@dataclass(slots=True)
class Moved:
    """What came of telling the cases."""

    decided: list[Shift] = field(default_factory=list)
    already: int = 0
    missed: list[Problem] = field(default_factory=list)


def read_moving(
    number: str,
    cases: Sequence[str],
    rule: str,
    by: Person | None,
    reason: str,
    *,
    begun_since: bool,
    yes: bool,
) -> ToMove:
    """Check the options; InputError with everything that is wrong with them."""
    problems = against_signing(by.name if by else "", reason.strip(), required=yes)
    wanted: list[str] = []
    for each in cases:
        try:
            wanted.append(case_id(each))
        except InputError as error:
            problems += error.problems
    if not number.strip().isdecimal():
        problems.append(
            Problem(f"“{number}”不是采用的次序", "写数字；mingjian rules 列出历次采用", field="NUMBER")
        )
    if problems:
        raise InputError(problems)
    return ToMove(int(number), tuple(wanted), rule.strip(), begun_since, by, reason.strip())


class Plan:
    """The deadlines that an adoption would move, as asked for."""

    def __init__(self, settings: Settings, wanted: ToMove) -> None:
        rules = SiteRules(adopted_in(settings))
        self.adoption = rules.adoption(wanted.number)
        versions: tuple[NewVersion, ...] = read_adoption(self.adoption.text, file=self.adoption.file)
        if wanted.rule and wanted.rule not in {each.rule for each in versions}:
            can = "、".join(each.rule for each in versions)
            raise InputError(
                Problem(f"第 {wanted.number} 次采用没有改“{wanted.rule}”", f"可选：{can}", field="--rule")
            )
        chosen = tuple(each for each in versions if wanted.rule in ("", each.rule))
        found = found_for(settings, chosen, rules)
        if wanted.cases:
            found = [each for each in found if each.deadline.case in wanted.cases]
        self.found = [
            each
            for each in found
            if (each.moves or each.why) and (each.begun_since or not wanted.begun_since)
        ]
        none = sorted({*wanted.cases} - {each.deadline.case for each in self.found})
        self.remarks = [f"{each}：没有按第 {wanted.number} 次采用会移动的期限" for each in none]

    @property
    def movable(self) -> list[Shift]:
        """Those whose new day is known."""
        return [each for each in self.found if not each.why]


def tell_plan(plan: Plan, *, out: Path | None) -> None:
    """What would move."""
    say_folded(adopted(plan.adoption))
    cases = len({each.deadline.case for each in plan.found})
    say_folded(f"改按它计算会移动的期限 {len(plan.found)} 个，涉及 {cases} 件案件")
    if plan.found:
        show_shifts(plan.found)
    for each in plan.remarks:
        say_folded(each)
    write_plan(plan, out)


def write_plan(plan: Plan, out: Path | None) -> None:
    """All of them as a table file, where one is wanted."""
    if out is not None:
        write_csv([as_row(each) for each in plan.found], COLUMNS, out)
        remark(f"已写入 {out}，共 {len(plan.found)} 行。")


def tell_dry(wanted: ToMove) -> None:
    """How to go on."""
    say()
    say_folded(
        f"以上是试看，没有改动。只改其中几件：--case 案件编号；决定：mingjian rules move {wanted.number}"
        " --yes --by 姓名 --role 身份 --reason 理由"
    )


async def move(office: Office, plan: Plan, by: Person, reason: str) -> Moved:
    """Tell each case; one that refuses or does not answer keeps no other from being told."""
    moved, turn, done = Moved(), asyncio.Semaphore(_AT_ONCE), 0

    async def tell(each: Shift) -> None:
        nonlocal done
        async with turn:
            try:
                if await _decide(office, each, by, reason):
                    moved.decided.append(each)
                else:
                    moved.already += 1
            except MingjianError as error:
                moved.missed += [_missed(each, problem.what, problem.remedy) for problem in error.problems]
            except RPCError:
                moved.missed.append(_missed(each, "案件不在服务器上，或者没有应答", "稍后再试"))
            done += 1
            output.progress("改按新规定", done, len(plan.movable))

    await asyncio.gather(*map(tell, plan.movable))
    moved.decided.sort(key=lambda each: (each.deadline.case, each.deadline.key))
    return moved


async def _decide(office: Office, shift: Shift, by: Person, reason: str) -> bool:
    """Whether the case took the decision now; False when it holds to that version already."""
    case, key = shift.deadline.case, shift.deadline.key
    handle = office.client.get_workflow_handle(case)
    with answering():
        state: CaseState = await handle.query("state", result_type=CaseState, rpc_timeout=PATIENCE)
    counted = state.counted.get(key)
    if counted is None or counted.version == shift.since:
        return False
    decision = ApplyRule(
        id=natural_id(case, "apply_rule", key, shift.since.isoformat(), str(counted.version or "")),
        by=by,
        deadline=key,
        version=shift.since,
        instead_of=counted.version,
        reason=reason,
    )
    with answering():
        taken: Taken = await handle.execute_update(
            "decide", Decided(decision=decision), result_type=Taken, rpc_timeout=PATIENCE
        )
    return taken.how == "applied"


def _missed(shift: Shift, what: str, remedy: str) -> Problem:
    return Problem(f"案件 {shift.deadline.case} 的 {shift.deadline.key} 没有改：{what}", remedy)


def tell_moved_nothing(plan: Plan) -> None:
    """The dry run as JSON."""
    say_json({"adoption": plan.adoption.number, "would_move": [as_row(each) for each in plan.found]})


def tell_moved(moved: Moved, *, as_json: bool) -> int:
    """What came of it; 1 when a case was missed."""
    if as_json:
        say_json(
            {
                "decided": [as_row(each) for each in moved.decided],
                "already": moved.already,
                "missed": [str(each) for each in moved.missed],
            }
        )
    else:
        say()
        say_folded(
            f"已改按新规定：{len(moved.decided)} 个期限"
            + (f"；早已如此：{moved.already} 个" if moved.already else "")
        )
        for each in moved.missed:
            say_folded(str(each))
        if moved.missed:
            say_folded("其余已改。重复这条命令，只改还没有改的。")
    return 1 if moved.missed else 0
