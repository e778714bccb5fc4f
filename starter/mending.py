"""`mingjian verify --repair` as it is given and what it prints."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from models.errors import InputError, Problem
from models.numbering import case_of_supplement
from models.settings import Settings
from starter.doors import let_in
from starter.output import progress, remark, say, say_json
from starter.repairing import Mended, Repair, repair
from starter.witnesses import called, chosen


def read_repair(cases: Sequence[str], backup: str, by: str, *, yes: bool, offline: bool) -> Repair:
    """The command as it was given; InputError for what is wrong with it."""
    if yes and not by.strip():
        raise InputError(Problem("没有写明谁恢复", "加 --by 姓名", field="--by"))
    if len(by.strip()) > 60:
        raise InputError(Problem("姓名过长", "不超过 60 字", field="--by"))
    if backup and not Path(backup).is_dir():
        raise InputError(Problem(f"没有文件夹 {backup}", "写档案库备份所在的文件夹", field="--from"))
    return Repair(
        cases=tuple(cases),
        backup=Path(backup) if backup else None,
        by=by.strip() if yes else "",
        offline=offline,
    )


def tell_repair(settings: Settings, command: Repair, *, as_json: bool) -> int:
    """Each case with what was put back; exit code 1 when anything is still wrong."""
    for case in command.cases:
        let_in(settings, case_of_supplement(case) or case)
    return asyncio.run(_told(settings, command, as_json=as_json))


async def _told(settings: Settings, command: Repair, *, as_json: bool) -> int:
    async with called(settings, offline=command.offline) as witnesses:
        total = len(chosen(witnesses, command.cases))
        done, wrong, put = 0, 0, 0
        async for mended in repair(settings, witnesses, command):
            done += 1
            wrong += not mended.verdict.is_sound
            put += len(mended.steps)
            progress("恢复", done, total)
            (_say_json if as_json else _say)(mended, is_done=bool(command.by))
        for each in witnesses.unmade:
            remark(f"没有核对：{each}")
        if not command.by and put:
            remark("这是试看，什么也没有写。办理：mingjian verify --repair --yes --by 姓名")
        if not as_json:
            remark(f"共 {total} 件，{'已恢复' if command.by else '可恢复'} {put} 处，{wrong} 件有问题。")
        return 1 if wrong else 3 if witnesses.broken else 0


def _say(mended: Mended, *, is_done: bool) -> None:
    verdict = mended.verdict
    if verdict.is_sound and not mended.steps and not verdict.unmade:
        return
    say(f"{'✓' if verdict.is_sound else '✗'} {verdict.case}")
    for step in mended.steps:
        say(f"  {'已恢复' if is_done else '可恢复'}：{step.what}（来自{step.source}）")
    for finding in verdict.findings:
        say(f"  {finding}")
    for each in mended.lacking:
        say(f"  不能恢复：{each}")
    for each in verdict.unmade:
        say(f"  没有核对：{each}")


def _say_json(mended: Mended, *, is_done: bool) -> None:
    verdict = mended.verdict
    say_json(
        {
            "case": verdict.case,
            "sound": verdict.is_sound,
            "done" if is_done else "possible": [
                {"what": each.what, "source": each.source} for each in mended.steps
            ],
            "lacking": mended.lacking,
            "unmade": verdict.unmade,
            "findings": [str(each) for each in verdict.findings],
        }
    )
