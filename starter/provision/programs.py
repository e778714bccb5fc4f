"""Finding or making the programs of a Temporal server with its web UI, in this order:

1. `temporal` (the Temporal CLI, version 1.9 or later) on the PATH; 2. a program kept in the tool cache by
an earlier run; 3. the CLI as the Python SDK downloads it (an ordinary machine with internet; given up
within seconds on a closed one); 4. `go install` of the server and of its web UI.

Whatever is found runs as a separate program; `starter.provision.server` starts it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from models.errors import Problem, Unreachable
from starter.provision.cache import Say, cache_folder, kept, only_one, say_on_screen, unfinished

SERVER_VERSION = "1.32.0"
UI_VERSION = "2.54.1"
CLI_VERSION = "1.9.1"
OLDEST_SERVER = (1, 32)
OLDEST_CLI = (1, 9)
SERVER_PACKAGE = f"go.temporal.io/server/cmd/server@v{SERVER_VERSION}"
SCHEMA_TOOL_PACKAGE = f"go.temporal.io/server/cmd/tools/sql@v{SERVER_VERSION}"
UI_PACKAGE = f"github.com/temporalio/ui-server/v2/cmd/server@v{UI_VERSION}"

FIRST_BYTE_SECONDS = 6.0
"""How long a download may show nothing before it is given up."""
STALLED_SECONDS = 30.0
"""How long a download that has begun may stand still before it is given up."""

Route = Literal["path", "download", "go"]

REMEDY = (
    "任选其一：安装 Temporal CLI 1.9 以上并放入 PATH；或在能连外网的机器上运行；"
    "或安装 Go 1.26 以上（首次编译约 8 分钟）；或设置 TEMPORAL_ADDRESS 使用已有的服务器"
)


@dataclass(frozen=True, slots=True)
class ServerPrograms:
    """The program files of one kind of server: the CLI alone, or a server and a web UI apart."""

    route: Route
    version: str
    """Version of the Temporal server inside."""
    ui_version: str
    cli: Path | None = None
    server: Path | None = None
    ui: Path | None = None

    def __str__(self) -> str:
        where = {"path": "PATH 上的", "download": "SDK 下载的", "go": "Go 编译的"}[self.route]
        return f"{where} Temporal {self.version}，网页界面 {self.ui_version}（{self.cli or self.server}）"


def find_programs(*, fetch: bool = True, say: Say = say_on_screen) -> ServerPrograms:
    """The programs to run a server with; with `fetch` they are downloaded or built when there are none.

    Raises Unreachable, saying what was tried, when there are none and none can be had.
    """
    tried: list[str] = []
    found = on_path(tried) or downloaded() or built()
    if found is not None:
        return found
    if fetch:
        say("没有找到 Temporal 服务器程序，开始准备（只需一次）")
        found = download(tried, say) or build(tried, say)
        if found is not None:
            return found
    else:
        tried.append("缓存中没有已准备好的程序")
    raise Unreachable(Problem("没有可用的 Temporal 服务器程序：" + "；".join(tried), remedy=REMEDY))


def on_path(tried: list[str]) -> ServerPrograms | None:
    """The CLI on the PATH, when it is new enough; appends to `tried` why not."""
    program = shutil.which("temporal")
    if program is None:
        tried.append("PATH 上没有 temporal 命令")
        return None
    return _as_cli(Path(program), "path", tried)


def downloaded() -> ServerPrograms | None:
    """The CLI that an earlier run had the SDK download."""
    folder = _cli_folder()
    noted = kept(folder)
    if noted is None:
        return None
    return ServerPrograms("download", noted["version"], noted["ui_version"], cli=folder / noted["program"])


def built() -> ServerPrograms | None:
    """The server and web UI that an earlier run built, when both are complete."""
    server, ui = _server_folder(), _ui_folder()
    if kept(server) is None or kept(ui) is None:
        return None
    return ServerPrograms("go", SERVER_VERSION, UI_VERSION, server=server / "server", ui=ui / "server")


def _cli_folder() -> Path:
    return cache_folder() / "temporal" / f"cli-{CLI_VERSION}"


def _server_folder() -> Path:
    return cache_folder() / "temporal" / f"server-{SERVER_VERSION}"


def _ui_folder() -> Path:
    return cache_folder() / "temporal" / f"ui-{UI_VERSION}"


def _as_cli(program: Path, route: Route, tried: list[str]) -> ServerPrograms | None:
    try:
        answer = subprocess.run(
            [str(program), "--version"], capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        tried.append(f"{program} 不能运行（{error}）")
        return None
    own = re.search(r"version v?(\d+)\.(\d+)\S*", answer)
    server = re.search(r"[Ss]erver v?((\d+)\.(\d+)[^\s,)]*)", answer)
    ui = re.search(r"UI v?([^\s,)]+)", answer)
    if own is None or server is None:
        tried.append(f"{program} 的版本认不出（{answer.strip()[:80]}）")
        return None
    if (int(own[1]), int(own[2])) < OLDEST_CLI or (int(server[2]), int(server[3])) < OLDEST_SERVER:
        tried.append(f"{program} 太旧（{answer.strip()[:80]}），需要 CLI 1.9、服务器 1.32 以上")
        return None
    return ServerPrograms(route, server[1], ui[1] if ui else "", cli=program)


# The SDK offers its download only together with starting a server, so a short-lived child does both, and is
# ended.
_DOWNLOAD = """
import asyncio, sys
from temporalio.testing import WorkflowEnvironment
async def main():
    server = await WorkflowEnvironment.start_local(
        download_dest_dir=sys.argv[1], dev_server_download_version="v" + sys.argv[2])
    await server.shutdown()
asyncio.run(main())
"""


def download(tried: list[str], say: Say) -> ServerPrograms | None:
    """Have the SDK download the CLI into the cache; appends to `tried` why not.

    A download that shows no byte within FIRST_BYTE_SECONDS, or stands still for STALLED_SECONDS, is given up.
    """
    folder = _cli_folder()
    with only_one(folder, say, waiting_for=" Temporal CLI"):
        if (already := downloaded()) is not None:
            return already
        say("尝试下载 Temporal CLI……")
        notes: dict[str, str] = {}
        with_why: list[str] = []
        try:
            with unfinished(folder, notes) as scratch:
                _run_download(scratch, say)
                program = next((path for path in scratch.iterdir() if os.access(path, os.X_OK)), None)
                if program is None:
                    raise RuntimeError("下载后没有得到程序")
                found = _as_cli(program, "download", with_why)
                if found is None:
                    raise RuntimeError(with_why[0])
                notes.update(version=found.version, ui_version=found.ui_version, program=program.name)
        except (OSError, RuntimeError) as error:
            tried.append(f"下载 Temporal CLI 不成（{error}）")
            say(f"下载不成：{error}")
            return None
    return downloaded()


def _run_download(scratch: Path, say: Say) -> None:
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", _DOWNLOAD, str(scratch), CLI_VERSION],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    begun = moved = time.monotonic()
    size = 0
    try:
        while child.poll() is None:
            time.sleep(0.1)
            now = time.monotonic()
            seen = sum(path.stat().st_size for path in scratch.iterdir() if path.is_file())
            if seen != size:
                if seen // 20_000_000 > size // 20_000_000:
                    say(f"已下载 {seen / 1e6:.0f} MB，用时 {now - begun:.0f} 秒")
                size, moved = seen, now
            if now - moved > (STALLED_SECONDS if size else FIRST_BYTE_SECONDS):
                raise RuntimeError(f"{now - moved:.0f} 秒没有收到数据")
        error = child.stderr.read() if child.stderr else ""
    finally:
        if child.poll() is None:
            child.kill()
        child.communicate()
    # A child that crashed at its exit after the program arrived has done its work all the same.
    if child.returncode != 0 and not size:
        lines = error.strip().splitlines()
        raise RuntimeError(lines[-1][:200] if lines else f"退出码 {child.returncode}")


def build(tried: list[str], say: Say) -> ServerPrograms | None:
    """Build the server and its web UI with the Go toolchain; appends to `tried` why not."""
    go = shutil.which("go")
    if go is None:
        tried.append("没有 Go 工具链")
        return None
    say(
        f"用 Go 编译 Temporal 服务器 {SERVER_VERSION} 和网页界面 {UI_VERSION}："
        "第一次约需 8 分钟，以后只需几秒"
    )
    try:
        install_program(go, SERVER_PACKAGE, _server_folder(), "Temporal 服务器", SERVER_VERSION, say)
        install_program(go, UI_PACKAGE, _ui_folder(), "网页界面", UI_VERSION, say)
    except (OSError, RuntimeError) as error:
        tried.append(f"Go 编译不成（{error}）")
        say(f"编译不成：{error}")
        return None
    return built()


def build_schema_tool(say: Say = say_on_screen) -> Path:
    """Temporal's schema tool, built by Go and kept: for PostgreSQL without containers. Raises Unreachable
    without Go.
    """
    folder = cache_folder() / "temporal" / f"schema-tool-{SERVER_VERSION}"
    go = shutil.which("go")
    if kept(folder) is None:
        if go is None:
            raise Unreachable(
                Problem("没有 Go 工具链，不能编译 Temporal 的数据库工具", remedy="安装 Go 1.26 以上")
            )
        install_program(go, SCHEMA_TOOL_PACKAGE, folder, "数据库工具", "", say)
    return folder / "sql"


def install_program(go: str, package: str, folder: Path, title: str, version: str, say: Say) -> None:
    with only_one(folder, say, waiting_for=title):
        if kept(folder) is not None:
            return
        with unfinished(folder, {"package": package}) as scratch:
            run_with_progress(
                [go, "install", "-v", package], {**os.environ, "GOBIN": str(scratch)}, title, say
            )
            (program,) = scratch.iterdir()
            answer = subprocess.run(
                [str(program), "--version"], capture_output=True, text=True, timeout=60
            ).stdout
            if version not in answer:
                raise RuntimeError(f"编译出的{title}版本不符：{answer.strip()[:80]}")


def run_with_progress(
    command: list[str],
    environment: Mapping[str, str],
    title: str,
    say: Say,
    *,
    every_seconds: float = 10.0,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Run a Go command, saying every few seconds how many modules it fetched and packages it compiled.

    Raises RuntimeError with the last lines of what it wrote when it fails.
    """
    begun = clock()
    child = subprocess.Popen(
        command,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    fetched = compiled = 0
    last: list[str] = []
    ended = threading.Event()

    def report() -> None:
        while not ended.wait(every_seconds):
            minutes, seconds = divmod(int(clock() - begun), 60)
            say(f"{title}：已取模块 {fetched} 个，已编译包 {compiled} 个，用时 {minutes} 分 {seconds:02d} 秒")

    reporter = threading.Thread(target=report, daemon=True)
    reporter.start()
    try:
        for line in child.stderr or ():
            if line.startswith("go: downloading "):
                fetched += 1
            elif re.fullmatch(r"[\w.~/-]+\n", line):
                compiled += 1
            last = [*last[-4:], line.strip()]
        code = child.wait()
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()
        if child.stderr is not None:
            child.stderr.close()
        ended.set()
        reporter.join()
    if code != 0:
        raise RuntimeError(" / ".join(last) or f"退出码 {code}")
    say(f"{title}：完成，用时 {clock() - begun:.0f} 秒")
