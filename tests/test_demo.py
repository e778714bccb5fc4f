"""`mingjian demo` as a process of its own: it reports, agrees with the table written by hand, and leaves nothing running."""

from __future__ import annotations

import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from urllib.error import URLError

import pytest

from starter.rehearsing.expected import expected_rows
from tests.script_runs import ROOT, descendants, home_in, is_alive

_PATIENCE_SECONDS = 240

# The demo itself takes no choice of cases.
_ONE_CASE = """
import sys
from starter.main import main
from starter.rehearsing import command

command.PUBLISHED = command.PUBLISHED / "37-huaining-plot-ratio-fee.yaml"
sys.argv = ["mingjian", "demo", "--keep"]
main()
"""


@contextmanager
def process(folder: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """A process whose temporary files lie in a folder; killed when it takes too long."""
    home = home_in(folder)
    (folder / "tmp").mkdir()
    with subprocess.Popen(
        [sys.executable, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=home.environment | {"TMPDIR": str(folder / "tmp")},
    ) as started:
        patience = Timer(_PATIENCE_SECONDS, started.kill)
        patience.start()
        try:
            yield started
        finally:
            patience.cancel()
            started.kill()


def left(folder: Path) -> list[str]:
    """What a demo leaves to be looked at; its server's folder goes with the server."""
    (kept,) = (folder / "tmp").iterdir()
    return sorted(each.name for each in kept.iterdir())


def test_the_demo_reports_and_agrees_with_the_table(tmp_path: Path) -> None:
    with process(tmp_path, "-m", "starter.main", "demo") as demo:
        out, err = demo.communicate()
    assert (demo.returncode, err) == (0, "")
    lines = out.splitlines()
    rows = [row for each in expected_rows().values() for row in each]
    for row in rows:
        words = [row["recipient"], row["rule"], row["start"]]
        words += [row[day] for day in ("due", "due_from", "due_to", "met") if row.get(day)]
        assert any(all(word in line for word in words) for line in lines), words
    assert f"与手工期望表逐行一致（{len(rows)} 行）。" in lines
    assert {"archive", "outbox", "registry.db", "worker.log"} <= set(left(tmp_path))


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel which processes there are")
def test_a_demo_that_is_kept_goes_on_until_it_is_interrupted(tmp_path: Path) -> None:
    with process(tmp_path, "-c", _ONE_CASE) as demo:
        assert demo.stdout is not None
        said = ""
        while "保持运行" not in said:
            line = demo.stdout.readline()
            assert line, f"ended with {demo.wait()}: {said}"
            said += line
        assert "与手工期望表逐行一致（1 行）。" in said
        address = said.strip().rpartition("网页界面：")[2]
        with urllib.request.urlopen(address, timeout=20) as page:
            assert page.status == 200
        running = descendants(demo.pid)
        assert running and all(map(is_alive, running))
        demo.send_signal(signal.SIGINT)
        _, err = demo.communicate()
    assert (demo.returncode, err) == (0, "")
    assert not any(map(is_alive, running))
    with pytest.raises(URLError):
        urllib.request.urlopen(address, timeout=20)
    assert {"archive", "outbox", "registry.db", "worker.log"} <= set(left(tmp_path))
