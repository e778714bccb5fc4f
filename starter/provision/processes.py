"""Running programs under a watchdog each on free ports, ending them, and reading the end of what they wrote."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from starter.provision import watchdog

_TAIL_BYTES = 100_000
_TAIL_LINES = 12
_LINE_CHARACTERS = 500


def free_ports(number: int, *, apart_from: Collection[int] = ()) -> list[int]:
    """Free ports on 127.0.0.1.

    Taken from below the range from which systems number outgoing connections, so that a port found free here is not lost to
    one before a program listens on it.
    """
    free: list[int] = []
    with ExitStack() as held:
        while len(free) < number:
            port = random.randrange(10_000, 32_000)
            if port in apart_from or port in free:
                continue
            probe = held.enter_context(socket.socket())
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            free.append(port)
    return free


def under_watchdog(
    command: Sequence[str],
    log: Path,
    folder: Path,
    throw_away: Path | None,
    *,
    keep_open: Sequence[int] = (),
    variables: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in `folder`, in a session of its own, for as long as this process lives.

    Its output is appended to `log`. `throw_away` is removed when it was stopped. `variables` are added to
    the environment. The watchdog holds the descriptors `keep_open` until the program has ended. The process
    returned is the watchdog; `end_all` ends both.
    """
    # Settings of the surrounding shell must not change what a server of ours does.
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("TEMPORAL_", "VGW_"))
    }
    environment |= variables or {}
    watching = [sys.executable, "-I", "-S", watchdog.__file__, str(log), str(throw_away or "-")]
    return subprocess.Popen(
        [*watching, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        start_new_session=True,
        pass_fds=keep_open,
    )


def end_all(running: Sequence[subprocess.Popen[bytes]]) -> None:
    """End the watchdogs' programs side by side, by SIGTERM and after a while by SIGKILL, and wait for all."""
    for child in running:
        if child.stdin is not None:
            child.stdin.close()
    for child in running:
        try:
            child.wait(watchdog.GRACE_SECONDS + 5)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def log_tail(logs: Mapping[Path, int]) -> str:
    """The last lines of each log after the byte given with it, without stack traces."""
    lines: list[str] = []
    for path, begun in logs.items():
        if path.exists():
            with path.open("rb") as log:
                log.seek(max(begun, path.stat().st_size - _TAIL_BYTES))
                lines += [_legible(line) for line in log.read().decode(errors="replace").splitlines()]
    return "\n".join(lines[-_TAIL_LINES:])


def _legible(line: str) -> str:
    """A line of the log without its stack trace."""
    try:
        record = json.loads(line)
    except ValueError:
        return line[:_LINE_CHARACTERS]
    if not isinstance(record, dict):
        return line[:_LINE_CHARACTERS]
    parts = (str(record.get(name, "")) for name in ("level", "msg", "error"))
    return " ".join(part.splitlines()[0] for part in parts if part)[:_LINE_CHARACTERS]
