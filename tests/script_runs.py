"""The script as staff run it: a process of its own, in a home of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from starter import main as script
from starter.provision.server_files import Ports

ROOT = Path(__file__).parents[1]
SCRIPT = (sys.executable, "-m", "starter.main")
KEPT = ("MINGJIAN_CACHE",)


@dataclass(frozen=True)
class Run:
    """One run that has ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def lines(self) -> list[Any]:
        """What was printed as JSON, line by line."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Home:
    """A home folder, and the environment of processes that use it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def started(self, *arguments: str | Path, **extra: str) -> subprocess.Popen[str]:
        """A run that goes on; `extra` is environment."""
        return subprocess.Popen(
            [*SCRIPT, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=self.environment | extra,
        )

    def run(self, *arguments: str | Path, **extra: str) -> Run:
        """A run to its end."""
        begun = time.monotonic()
        process = self.started(*arguments, **extra)
        out, err = process.communicate(timeout=300)
        assert process.returncode >= 0, f"killed by signal {-process.returncode}: {err}"
        assert "Traceback" not in err, err
        return Run(process.returncode, out, err, time.monotonic() - begun)

    def run_here(self, *arguments: str | Path, **extra: str) -> Run:
        """A run to its end in this process, which has imported everything already."""
        out, err, begun = StringIO(), StringIO(), time.monotonic()
        with (
            patch.dict(os.environ, self.environment | extra, clear=True),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            ended = script.run([str(each) for each in arguments])
        assert "Traceback" not in err.getvalue(), err.getvalue()
        return Run(ended, out.getvalue(), err.getvalue(), time.monotonic() - begun)

    def file(self, name: str, text: str) -> Path:
        """A file that staff wrote."""
        path = self.folder.parent / name
        path.write_text(text, encoding="utf-8")
        return path


def home_in(folder: Path) -> Home:
    """A home without anything, whose server does not run."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or not name.startswith(("MINGJIAN_", "TEMPORAL_"))
    }
    ports = Ports.choose()
    own = {
        "MINGJIAN_LOG_LEVEL": os.environ.get("MINGJIAN_LOG_LEVEL", "warning"),
        "MINGJIAN_HOME": str(folder / "home"),
        "MINGJIAN_TEMPORAL_PORT": str(ports.grpc),
        "MINGJIAN_UI_PORT": str(ports.ui),
    }
    return Home(folder / "home", inherited | own)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not waited for does not."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def command_line(pid: int) -> str:
    """How a process was started."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def descendants(pid: int) -> list[int]:
    """The processes that a process has started, and those that they have."""
    children = [
        int(child)
        for thread in Path(f"/proc/{pid}/task").iterdir()
        for child in (thread / "children").read_text().split()
    ]
    return [each for child in children for each in (child, *descendants(child))]


@contextmanager
def system_in(folder: Path) -> Iterator[tuple[Home, dict[str, str]]]:
    """`mingjian up` in a new home, and what it announced; stopped as by Ctrl-C."""
    home = home_in(folder)
    process = home.started("up", "--json")
    assert process.stdout is not None
    try:
        announced = process.stdout.readline()
        if not announced:
            raise AssertionError(f"did not come up: {process.communicate()[1]}")
        yield home, json.loads(announced)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            _, err = process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert process.returncode == 0, err
    assert "已停止" in err
