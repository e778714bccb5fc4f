"""An S3 server with object lock on this machine: versitygw over a folder, built by Go once and kept.

`python -m starter.provision.s3_server --fetch` builds it; the tests of the archive start it.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from models.errors import MingjianError, Problem, Unreachable
from starter.provision.cache import Say, cache_folder, kept, say_on_screen
from starter.provision.processes import end_all, free_ports, log_tail, under_watchdog
from starter.provision.programs import install_program

VERSION = "1.8.0"
PACKAGE = f"github.com/versity/versitygw/cmd/versitygw@v{VERSION}"
START_SECONDS = 20.0
REMEDY = "把 versitygw 放入 PATH，或安装 Go 1.26 以上（首次编译约二至八分钟）"


def find_s3_server(*, fetch: bool = True, say: Say = say_on_screen) -> Path:
    """The program: on the PATH, kept by an earlier run, or built. Unreachable, saying what to do, without any."""
    if (program := shutil.which("versitygw")) is not None:
        return Path(program)
    folder = cache_folder() / "versitygw" / VERSION
    if kept(folder) is None:
        go = shutil.which("go")
        if go is None or not fetch:
            raise Unreachable(Problem("没有 S3 服务器程序 versitygw", remedy=REMEDY))
        try:
            install_program(go, PACKAGE, folder, "S3 服务器", "", say)
        except (OSError, RuntimeError) as error:
            raise Unreachable(Problem(f"编译 versitygw 不成：{error}", remedy=REMEDY)) from None
    return folder / "versitygw"


class S3Server:
    """A server over `folder` that lives as long as it is started, and never outlives this process.

    It listens on 127.0.0.1; port 0 takes a free one, which stays the same when the server is started again.
    `variables` are more of versitygw's own environment variables.
    """

    def __init__(
        self,
        program: Path,
        folder: Path,
        *,
        key_id: str = "mingjian",
        secret: str,
        port: int = 0,
        variables: dict[str, str] | None = None,
    ) -> None:
        self.key_id = key_id
        self.secret = secret
        self.folder = folder.absolute()
        self._program = program
        self._port = port
        self._variables = variables or {}
        self._running: list[subprocess.Popen[bytes]] = []

    @property
    def port(self) -> int:
        """The port in use."""
        if not self._port:
            [self._port] = free_ports(1)
        return self._port

    @property
    def endpoint(self) -> str:
        """The address, for `archive_endpoint`."""
        return f"{'https' if 'VGW_CERT' in self._variables else 'http'}://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the server said."""
        return self.folder / "server.log"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the program and return when it answers; Unreachable, with the end of its log, when it does not."""
        for name in ("data", "versions"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        variables = {
            "ROOT_ACCESS_KEY_ID": self.key_id,
            "ROOT_SECRET_ACCESS_KEY": self.secret,
            "VGW_PORT": f"127.0.0.1:{self.port}",
            "VGW_VERSIONING_DIR": str(self.folder / "versions"),
            **self._variables,
        }
        command = [str(self._program), "--quiet", "posix", str(self.folder / "data")]
        begun = self.log.stat().st_size if self.log.exists() else 0
        self._running.append(under_watchdog(command, self.log, self.folder, None, variables=variables))
        until = time.monotonic() + START_SECONDS
        while not self._listens():
            if self._running[-1].poll() is not None or time.monotonic() > until:
                self.stop()
                raise Unreachable(Problem(f"S3 服务器没有起来：{log_tail({self.log: begun})}"))
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the program and wait until it has ended."""
        end_all(self._running)
        self._running.clear()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def main() -> int:
    """Find or build the program; exit code 0, or that of the error."""
    parser = argparse.ArgumentParser(
        prog="python -m starter.provision.s3_server", description="准备 S3 服务器程序 versitygw"
    )
    parser.add_argument("--fetch", action="store_true", help="没有时编译")
    try:
        print(find_s3_server(fetch=parser.parse_args().fetch))
    except MingjianError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
