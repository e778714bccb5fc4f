"""`mingjian up`: one machine's lasting system: server, web UI, worker, mailroom; everything kept in one folder."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING

from models.errors import Problem, Unreachable
from models.search import ATTRIBUTES
from models.settings import Settings, connection
from starter.output import remark, say, say_json
from starter.provision.fonts import font_folders
from starter.provision.server import LocalServer

if TYPE_CHECKING:
    from temporalio.worker import Worker

_WATCH_SECONDS = 2.0


async def stay(settings: Settings, *, as_json: bool) -> int:
    """Run until Ctrl-C or SIGTERM, then stop cleanly; a second signal ends at once.

    A server named by the settings, `TEMPORAL_ADDRESS` or a profile is used instead of one of our own.
    Unreachable when a part does not come up, or goes down later.
    """
    stopping = asyncio.Event()
    _listen(stopping)
    address = str(connection(settings)["target_host"])
    own = address == f"127.0.0.1:{settings.temporal_port}"
    async with AsyncExitStack() as stack:
        fonts = await asyncio.to_thread(font_folders, settings.font_folders)
        server: LocalServer | None = None
        if own:
            remark(f"启动 Temporal 服务器，数据在 {settings.temporal_folder} ……")
            server = LocalServer(
                settings.temporal_folder,
                ui=True,
                port=settings.temporal_port,
                ui_port=settings.ui_port,
                namespace=settings.temporal_namespace,
                search_attributes=ATTRIBUTES,
            )
            await _unless(stopping, stack.enter_async_context(server))
        else:
            remark(f"使用已有的 Temporal 服务器 {address}")
        if not stopping.is_set():
            from starter.office import reach
            from worker import adapters, build_worker, open_mailroom, watch_calendars

            client = await reach(settings)
            world = await asyncio.to_thread(adapters, settings, list(fonts))
            worker = await stack.enter_async_context(
                build_worker(client, world, task_queue=settings.task_queue)
            )
            await open_mailroom(client, settings.task_queue)
            await watch_calendars(client, settings.task_queue)
            _announce(settings, address, server.ui_url if server else "", as_json=as_json)
            await _watch(stopping, server, worker)
        remark("正在停止……（再按一次 Ctrl-C 立即结束）")
    remark("已停止，数据都留着。")
    return 0


def _listen(stopping: asyncio.Event) -> None:
    def stop() -> None:
        if stopping.is_set():
            os._exit(130)
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # a loop without signal handlers: Ctrl-C interrupts it
            asyncio.get_running_loop().add_signal_handler(number, stop)


async def _unless(stopping: asyncio.Event, starting: object) -> None:
    """Wait for a start, or give it up when somebody wants to stop."""
    task = asyncio.ensure_future(starting)  # type: ignore[call-overload]  # any awaitable
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait((task, stop), return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if not task.done():
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return
    await task


async def _watch(stopping: asyncio.Event, server: LocalServer | None, worker: Worker) -> None:
    """Until told to stop; a part that goes down is an error, not a silence."""
    parts = len(server.pids) if server else 0
    while not stopping.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), _WATCH_SECONDS)
        if server is not None and not stopping.is_set() and len(server.pids) < parts:
            raise Unreachable(Problem("Temporal 服务器或网页界面自己停了", f"日志见 {server.log}"))
        if not stopping.is_set() and not worker.is_running:
            raise Unreachable(Problem("工作进程自己停了", "查看上面的日志，再运行 mingjian up"))


def _announce(settings: Settings, address: str, ui: str, *, as_json: bool) -> None:
    if as_json:
        say_json({"address": address, "ui": ui, "home": str(settings.home)})
    else:
        say("系统已就绪。")
        say(f"  服务器    {address}")
        if ui:
            say(f"  网页界面  {ui}")
        say(f"  登记库    {settings.registry_url}")
        say(f"  案卷      {settings.archive_url or settings.archive_folder}")
        say(f"  通知      {settings.outbox_folder}")
        say("另开一个窗口办案：mingjian open urging --template > 案件.yaml；mingjian open urging 案件.yaml")
        say("Ctrl-C 停止，数据留存。")
    import sys

    sys.stdout.flush()
