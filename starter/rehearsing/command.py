"""`mingjian rehearse` and `mingjian demo`.

Both start a server of their own, play, report and stop it. Errors that staff must act on are raised as `MingjianError` before
anything is started; the script prints them and ends with their exit code.
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from rich.console import Console

from models.errors import InputError, MingjianError, Problem
from starter.rehearsing.expected import PUBLISHED, differences, expected_rows
from starter.rehearsing.mapping import Script, script
from starter.rehearsing.playing import House, house
from starter.rehearsing.published import PublishedCase, is_expected_table, read_all, read_each
from starter.rehearsing.report import Rehearsed
from starter.rehearsing.screen import Progress, console, print_report


def rehearse(files: Sequence[Path], as_json: bool) -> int:
    """Play published cases and report: tables, or with `as_json` one JSON object a line, in the order given.

    Exit code 0; 3 when a case could not be played to its end (the others are reported). Raises InputError with every problem of
    every file; Unreachable when no server is to be had.
    """
    scripts = _scripts(*read_each(files))
    for file in filter(is_expected_table, files):
        console(stderr=True).print(f"略过 {file}：是期望表，不是案例", soft_wrap=True)
    return asyncio.run(_rehearse(scripts, as_json))


def demo(keep: bool, as_json: bool = False) -> int:
    """Play all the shipped cases, of every kind, and hold the report against the hand-written table.

    Exit code 0; 1 when one row differs or a case was not played to its end. With `keep` server and web UI go on until Ctrl-C;
    with `as_json` one object a case is printed, as by `rehearse`.
    """
    return asyncio.run(_demo(_scripts(read_all([PUBLISHED]), []), keep, as_json))


def _scripts(cases: Sequence[PublishedCase], problems: list[Problem]) -> list[Script]:
    """The script of each case; InputError with what was wrong with the files, and with what cannot be played."""
    made: list[Script] = []
    for number, case in enumerate(cases, 1):
        try:
            made.append(script(case, number))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return made


async def _rehearse(scripts: list[Script], as_json: bool) -> int:
    said = console(stderr=True)
    with (
        tempfile.TemporaryDirectory(prefix="mingjian-rehearsal-", ignore_cleanup_errors=True) as folder,
        _logging_to(Path(folder)),
    ):
        async with house(Path(folder)) as stage:
            with Progress(scripts, said) as progress:
                played = await stage.play_all(scripts, progress.watch)
    rehearsed = [each for each in played if isinstance(each, Rehearsed)]
    if as_json:
        _say_json(rehearsed)
    else:
        print_report(rehearsed, console())
    failures = _failures(scripts, played)
    for line in failures:
        said.print(line, style="red")
    return 3 if failures else 0


async def _demo(scripts: list[Script], keep: bool, as_json: bool) -> int:
    expected = expected_rows()
    # Stays when the demo has ended: papers, mails and archive are there to be looked at.
    folder = Path(tempfile.mkdtemp(prefix="mingjian-demo-"))
    with _logging_to(folder):
        return await _demonstrate(scripts, expected, folder, keep, as_json)


async def _demonstrate(
    scripts: list[Script],
    expected: Mapping[str, list[dict[str, Any]]],
    folder: Path,
    keep: bool,
    as_json: bool,
) -> int:
    # With --json the answer is the cases' lines alone; what is said of the work goes to the other stream.
    shown = console(stderr=as_json)
    async with house(folder, ui=True) as stage:
        shown.print(f"演练 {len(scripts)} 件公开案例。网页界面：{stage.server.ui_url}", soft_wrap=True)
        with Progress(scripts, shown) as progress:
            played = await stage.play_all(scripts, progress.watch)
        await stage.mails_sent()
        rehearsed = [each for each in played if isinstance(each, Rehearsed)]
        if as_json:
            _say_json(rehearsed)
        else:
            print_report(rehearsed, shown)
        wrong = _failures(scripts, played)
        wrong += [f"{each.case}：{each.unfinished}" for each in rehearsed if each.unfinished]
        wrong += [str(each) for each in differences(rehearsed, expected)]
        rows = sum(len(expected.get(each.case, ())) for each in rehearsed)
        if wrong:
            shown.print(f"\n与期望表不符，或者没有演练完（{len(wrong)} 处）：", style="bold red")
            for line in wrong:
                shown.print(f"  {line}", style="red", soft_wrap=True)
        else:
            shown.print(f"\n与手工期望表逐行一致（{rows} 行）。", style="bold green")
        _say_where(stage, shown)
        if keep:
            stopping = _listening()
            shown.print(f"保持运行，按 Ctrl-C 停止。网页界面：{stage.server.ui_url}", soft_wrap=True)
            await stopping.wait()
        else:
            shown.print(
                "网页界面随演练停止；要留着看，用 make demo ARGS=--keep（mingjian demo --keep）。",
                soft_wrap=True,
            )
    return 1 if wrong else 0


def _say_json(rehearsed: Sequence[Rehearsed]) -> None:
    for each in rehearsed:
        print(json.dumps(each.to_json(), ensure_ascii=False))


def _say_where(stage: House, shown: Console) -> None:
    settings = stage.settings
    papers = sum(1 for _ in settings.archive_folder.rglob("*.pdf"))
    mails = sum(1 for each in settings.outbox_folder.rglob("*.eml") if not each.parent.name.startswith("."))
    shown.print(f"文书与案卷（{papers} 份 PDF）：{settings.archive_folder}", soft_wrap=True)
    shown.print(f"邮件（{mails} 封）：{settings.outbox_folder}", soft_wrap=True)
    shown.print(f"台账：{settings.home / 'registry.db'}", soft_wrap=True)
    shown.print(f"日志：{settings.home / 'worker.log'}", soft_wrap=True)


def _failures(scripts: Sequence[Script], played: Sequence[Rehearsed | Exception]) -> list[str]:
    return [
        f"{script.case.id}：没有演练完：{each if isinstance(each, MingjianError) else repr(each)}"
        for script, each in zip(scripts, played, strict=True)
        if isinstance(each, Exception)
    ]


def _listening() -> asyncio.Event:
    """Set by Ctrl-C or SIGTERM from now on: ahead of the line that asks for it, which may be obeyed at once."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # a loop without signal handlers: Ctrl-C interrupts it
            loop.add_signal_handler(number, stopping.set)
    return stopping


@contextmanager
def _logging_to(folder: Path) -> Iterator[None]:
    """Keep the worker's log beside what it makes: an activity that is tried again is no matter for the screen."""
    logger = logging.getLogger("temporalio")
    handler = logging.FileHandler(folder / "worker.log", encoding="utf-8")
    propagated, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        with warnings.catch_warnings():
            # A count that took over a second is asked for again; the SDK warns of the first one's late answer.
            warnings.filterwarnings("ignore", message="Cannot find activity to cancel", category=UserWarning)
            yield
    finally:
        logger.removeHandler(handler)
        handler.close()
        logger.propagate = propagated
