"""One Temporal server, with its web UI, on this machine: a lasting one, or a throw-away one for demo, tests
and rehearsal.

    async with LocalServer(time_skipping=True, search_attributes={"DueAt": "Datetime"}) as server:
        client = await Client.connect(server.address, namespace=server.namespace)

`python -m starter.provision.server --fetch` finds or makes the programs and says which were taken.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from models.errors import MingjianError, Problem, Unreachable
from starter.provision import watchdog
from starter.provision.cache import Say, say_on_screen
from starter.provision.processes import end_all, log_tail, under_watchdog
from starter.provision.programs import ServerPrograms, find_programs
from starter.provision.server_files import (
    DATABASE,
    Ports,
    dynamic_values,
    sqlite_pragmas,
    write_files,
)

if TYPE_CHECKING:
    from temporalio.client import Client

RETENTION = timedelta(days=90)
FOLDER_PATIENCE_SECONDS = watchdog.GRACE_SECONDS + 2
"""How long to wait for a server that is just being stopped to let go of its folder."""
_ATTEMPTS = 4
_LOG_KEPT_BYTES = 20_000_000
_PORT_TAKEN = ("address already in use", "can't set", "can't use default")


class LocalServer:
    """A Temporal server that lives exactly as long as this object is started, and never outlives this
    process.

    `folder` holds the database, the logs and the written configuration, and keeps the cases across
    restarts; without one a temporary folder is used and removed. `time_skipping` gives the namespace the
    power to skip time (a rehearsal's own server only). Ports are on 127.0.0.1; 0 takes a free one.
    `search_attributes` maps names to types as in `starter.provision.namespaces`. With `durable` every
    acknowledged write survives a power cut; the default is to be durable when `folder` is given. Can be
    stopped from another event loop than it was started in.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        time_skipping: bool = False,
        ui: bool = False,
        ui_writes: bool = False,
        port: int = 0,
        ui_port: int = 0,
        namespace: str = "default",
        retention: timedelta = RETENTION,
        search_attributes: Mapping[str, str] | None = None,
        durable: bool | None = None,
        programs: ServerPrograms | None = None,
        say: Say = say_on_screen,
        start_timeout: timedelta = timedelta(seconds=90),
    ) -> None:
        self.namespace = namespace
        self.programs = programs
        self._given_folder = folder
        self._time_skipping = time_skipping
        self._with_ui = ui
        self._ui_writes = ui_writes
        self._given_ports = (port, ui_port)
        self._retention = retention
        self._search_attributes = dict(search_attributes or {})
        self._durable = folder is not None if durable is None else durable
        self._say = say
        self._start_timeout = start_timeout.total_seconds()
        self._folder: Path | None = None
        self._ports: Ports | None = None
        self._running: list[subprocess.Popen[bytes]] = []
        self._lock: int | None = None

    @property
    def folder(self) -> Path:
        """Where the database and the logs lie."""
        if self._folder is None:
            raise RuntimeError("the server is not started")
        return self._folder

    @property
    def ports(self) -> Ports:
        """The ports in use."""
        if self._ports is None:
            raise RuntimeError("the server is not started")
        return self._ports

    @property
    def address(self) -> str:
        """`host:port` for `Client.connect`."""
        return f"127.0.0.1:{self.ports.grpc}"

    @property
    def ui_url(self) -> str:
        """Address of the web UI's list of cases; empty without a UI."""
        return (
            f"http://127.0.0.1:{self.ports.ui}/namespaces/{self.namespace}/workflows" if self._with_ui else ""
        )

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.folder / "server.log"

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids of the watchdogs that are running; each leads its program's process group."""
        return tuple(child.pid for child in self._running if child.poll() is None)

    def fault(self) -> str | None:
        """What is wrong with a server that was started, in Chinese; None while its programs run."""
        for child in self._running:
            if child.poll() is not None:
                return f"Temporal 服务器意外停止（退出码 {child.returncode}），日志见 {self.log}"
        return None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start the programs and return when namespace and search attributes can be used.

        Raises Unreachable, with the end of the log, when that takes longer than `start_timeout` or a
        program ends; when no server program is to be had; and when a given port is taken.
        """
        if self._running:
            raise RuntimeError("the server is started already")
        if self.programs is None:
            self.programs = await asyncio.to_thread(find_programs, say=self._say)
        self._folder = self._given_folder or Path(tempfile.mkdtemp(prefix="mingjian-temporal-"))
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder = self._folder.absolute()
        try:
            await self._hold_folder()
            self._refuse_taken_ports()
            for attempt in range(1, _ATTEMPTS + 1):
                self._ports = Ports.choose(*self._given_ports)
                try:
                    await self._start_once()
                except _Ended as ended:
                    # Another process may have taken a port between the choice and the start; other ports
                    # are then chosen.
                    await asyncio.to_thread(self._stop_programs)
                    if not ended.port_taken or attempt == _ATTEMPTS:
                        raise Unreachable(
                            Problem(f"Temporal 服务器没有起来：{ended}", remedy=f"完整日志见 {self.log}")
                        ) from None
                else:
                    return
        except BaseException:
            await self.stop()
            raise

    async def _hold_folder(self) -> None:
        # The lock is handed on to the watchdog, and so lasts until the database is no longer in use.
        self._lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        for waited in range(int(FOLDER_PATIENCE_SECONDS * 10)):
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if waited == 10:
                    self._say(f"{self.folder} 正被另一个 Temporal 服务器使用，等它停止……")
                await asyncio.sleep(0.1)
            else:
                return
        raise Unreachable(
            Problem(
                f"{self.folder} 正被另一个 Temporal 服务器使用",
                remedy="系统已在运行时不必再启动；或换一个数据文件夹（MINGJIAN_HOME）",
            )
        )

    def _refuse_taken_ports(self) -> None:
        for port, name in zip(self._given_ports, ("MINGJIAN_TEMPORAL_PORT", "MINGJIAN_UI_PORT"), strict=True):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    raise Unreachable(
                        Problem(
                            f"端口 {port} 已被占用",
                            remedy=f"停止占用它的程序，或用 {name} 换一个端口",
                        )
                    ) from None

    def _forget_old_members(self) -> None:
        # A server stopped less than 20 seconds ago is still listed as a member of the cluster; the new one
        # then waits for it to answer, hands out no tasks meanwhile, and takes 15 seconds to stop. The
        # folder's lock says it is gone.
        database = self.folder / DATABASE
        if database.exists():
            with closing(sqlite3.connect(database, timeout=10)) as opened, suppress(sqlite3.OperationalError):
                opened.execute("DELETE FROM cluster_membership")
                opened.commit()

    async def _start_once(self) -> None:
        if self.programs is None:
            raise RuntimeError("no programs")
        for path in (self.log, self.folder / "ui.log"):
            if path.exists() and path.stat().st_size > _LOG_KEPT_BYTES:
                path.replace(path.with_suffix(".log.1"))
        begun = self.log.stat().st_size if self.log.exists() else 0
        write_files(
            self.folder,
            self.ports,
            self.namespace,
            time_skipping=self._time_skipping,
            durable=self._durable,
            ui_writes=self._ui_writes,
        )
        throw_away = None if self._given_folder else self.folder
        if self.programs.cli is not None:
            self._run(self._cli_command(self.programs.cli), self.log, throw_away)
        else:
            self._forget_old_members()
            self._run(
                [
                    str(self.programs.server),
                    "--config-file",
                    str(self.folder / "server.yaml"),
                    "--allow-no-auth",
                    "start",
                ],
                self.log,
                throw_away,
            )
            if self._with_ui:
                self._run(
                    [
                        str(self.programs.ui),
                        "--root",
                        str(self.folder),
                        "--config",
                        "ui",
                        "--env",
                        "ui",
                        "start",
                    ],
                    self.folder / "ui.log",
                    None,
                )
        try:
            async with asyncio.timeout(self._start_timeout):
                await self._until_serving(begun)
                if self._with_ui:
                    await self._until_listening(self.ports.ui, begun)
        except TimeoutError:
            raise _Ended(f"{self._start_timeout:.0f} 秒内没有就绪", self._log_since(begun)) from None

    def _cli_command(self, cli: Path) -> list[str]:
        ports = self.ports
        command = [str(cli), "server", "start-dev", "--ip", "127.0.0.1", "--port", str(ports.grpc)]
        command += ["--http-port", str(ports.http), "--metrics-port", str(ports.metrics)]
        command += ["--db-filename", str(self.folder / DATABASE), "--log-level", "warn"]
        if self._with_ui:
            command += ["--ui-port", str(ports.ui), "--ui-disable-news-fetch"]
        else:
            command += ["--headless"]
        if self.namespace != "default":
            command += ["--namespace", self.namespace]
        for key, value in sqlite_pragmas(durable=self._durable).items():
            command += ["--sqlite-pragma", f"{key}={value}"]
        for key, value in dynamic_values(time_skipping=self._time_skipping).items():
            text = f'"{value}"' if isinstance(value, str) else str(value).lower()
            command += ["--dynamic-config-value", f"{key}={text}"]
        return command

    def _run(self, command: list[str], log: Path, throw_away: Path | None) -> None:
        lock = () if self._lock is None else (self._lock,)
        self._running.append(under_watchdog(command, log, self.folder, throw_away, keep_open=lock))

    def _log_since(self, begun: int) -> str:
        return log_tail({self.log: begun, self.folder / "ui.log": 0})

    async def _until_listening(self, port: int, begun: int) -> None:
        while True:
            for child in self._running:
                if child.poll() is not None:
                    raise _Ended(f"程序已退出，退出码 {child.returncode}", self._log_since(begun))
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()
                return

    async def _until_serving(self, begun: int) -> None:
        from temporalio.client import Client
        from temporalio.service import RPCError, RPCStatusCode

        from starter.provision.namespaces import ensure_namespace, ensure_search_attributes

        client: Client | None = None
        while True:
            await self._until_listening(self.ports.grpc, begun)
            try:
                if client is None:
                    client = await Client.connect(self.address, namespace=self.namespace)
                await ensure_namespace(client, self.namespace, self._retention)
                await ensure_search_attributes(client, self.namespace, self._search_attributes)
            except (RPCError, RuntimeError) as error:
                starting = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.UNKNOWN)
                if isinstance(error, RPCError) and error.status not in starting:
                    raise
                await asyncio.sleep(0.1)
            else:
                return

    async def stop(self) -> None:
        """Stop the programs, wait until they have ended, and remove the folder if it is a temporary one."""
        await asyncio.to_thread(self._stop_programs)
        self._release_folder()
        if self._folder is not None and self._given_folder is None:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
        self._folder = self._ports = None

    def _stop_programs(self) -> None:
        end_all(self._running)
        self._running.clear()

    def _release_folder(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


class _Ended(Exception):
    """A program ended, or was not ready in time; `log` is the end of what it wrote."""

    def __init__(self, what: str, log: str) -> None:
        super().__init__(f"{what}；日志末尾：\n{log}")
        self.port_taken = any(text in log for text in _PORT_TAKEN)


def main() -> int:
    """Find or make the server programs; exit code 0, or that of the error."""
    parser = argparse.ArgumentParser(
        prog="python -m starter.provision.server", description="准备 Temporal 服务器程序"
    )
    parser.add_argument("--fetch", action="store_true", help="没有时下载或编译")
    asked = parser.parse_args()
    begun = time.monotonic()
    try:
        programs = find_programs(fetch=asked.fetch)
    except MingjianError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(f"{programs}，用时 {time.monotonic() - begun:.1f} 秒")
    return 0


if __name__ == "__main__":
    sys.exit(main())
