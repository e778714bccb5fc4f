"""Runs one program for exactly as long as the process that asked for it lives.

    python -I -S watchdog.py LOG FOLDER PROGRAM ARGUMENT…

Standard input is a pipe whose other end the asking process holds and never writes to: when that process
ends in any way, even by `kill -9`, the pipe closes and the program is stopped (SIGTERM, ten seconds later
SIGKILL). On Linux the kernel also kills the program when this watchdog itself is killed. The program's
output is appended to LOG. FOLDER, unless it is `-`, is removed afterwards. Ends with the program's own exit
code. Uses the standard library alone, and is run as a file.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

GRACE_SECONDS = 10.0
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask the Linux kernel to kill this process when the thread that started it ends; nothing elsewhere."""
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def watch(log: Path, folder: Path | None, command: list[str]) -> int:
    """Run `command` until it ends or standard input closes; return its exit code, negative for a signal."""
    with log.open("ab") as output:
        # Safe here, unlike in a program with threads: this process has only the main one until the child
        # exists.
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, preexec_fn=die_with_parent
        )

    asked = threading.Event()

    def stop() -> None:
        asked.set()
        with suppress(ProcessLookupError):
            child.terminate()
        try:
            child.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()

    def wait_for_parent() -> None:
        while os.read(0, 1024):
            pass
        stop()

    def terminated(*_: object) -> None:
        threading.Thread(target=stop, daemon=True).start()

    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, terminated)
    threading.Thread(target=wait_for_parent, daemon=True).start()
    code = child.wait()
    if folder is not None and asked.is_set():
        shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    place = sys.argv[2]
    result = watch(Path(sys.argv[1]), None if place == "-" else Path(place), sys.argv[3:])
    os._exit(result if result >= 0 else 128 - result)
