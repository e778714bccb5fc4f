"""Finding, downloading and building the server's programs: the order, the versions, the bounds, and no
half-made program.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.errors import Unreachable
from starter.provision import programs
from starter.provision.cache import cache_folder, kept, unfinished
from starter.provision.programs import find_programs

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _empty_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No program on the PATH, nothing kept, and a network that refuses every connection."""
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "sleep", "cat", "mkdir", "cp", "chmod", "env"):
        for place in ("/bin", "/usr/bin"):
            if Path(place, tool).exists() and not (tmp_path / "bin" / tool).exists():
                (tmp_path / "bin" / tool).symlink_to(Path(place, tool))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("MINGJIAN_CACHE", str(tmp_path / "cache"))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def _program(folder: Path, name: str, text: str) -> Path:
    path = folder / "bin" / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def _cli(folder: Path, answer: str) -> Path:
    return _program(folder, "temporal", f"echo '{answer}'")


# Stands in for the Go toolchain: writes what `go install -v` writes, and a program that answers with a
# version.
_GO = """
case "$1" in
  install)
    echo "go: downloading example.org/module v1.0.0" >&2
    echo "example.org/module/a" >&2
    echo "example.org/module/b" >&2
    echo x >>"{count}"
    sleep {seconds}
    case "$3" in
      *ui-server*) version="Temporal UI version {ui}" ;;
      *) version="temporal version {server}" ;;
    esac
    printf '#!/bin/sh\\necho "%s"\\n' "$version" >"$GOBIN/server"
    chmod 755 "$GOBIN/server"
    exit {code}
    ;;
esac
"""


def _go(folder: Path, *, server: str = programs.SERVER_VERSION, seconds: float = 0, code: int = 0) -> Path:
    counted = folder / "builds"
    _program(
        folder,
        "go",
        _GO.format(count=counted, seconds=seconds, ui=programs.UI_VERSION, server=server, code=code),
    )
    return counted


def test_new_cli_on_the_path_is_taken_first(tmp_path: Path) -> None:
    _go(tmp_path)
    find_programs(say=lambda _: None)
    cli = _cli(tmp_path, "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)")
    found = find_programs(fetch=False)
    assert (found.route, found.cli, found.version, found.ui_version) == ("path", cli, "1.32.0", "2.54.1")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)", "太旧"),
        ("temporal version 1.10.0 (Server 1.31.9, UI 2.60.0)", "太旧"),
        ("something else", "版本认不出"),
    ],
)
def test_cli_that_will_not_do_is_passed_over_with_the_reason(tmp_path: Path, answer: str, why: str) -> None:
    _cli(tmp_path, answer)
    with pytest.raises(Unreachable, match=why):
        find_programs(fetch=False)
    _go(tmp_path)
    assert find_programs(say=lambda _: None).route == "go"


def test_version_ten_is_newer_than_nine(tmp_path: Path) -> None:
    _cli(tmp_path, "temporal version 1.10.0 (Server 1.40.2, UI 3.0.0)")
    assert find_programs(fetch=False).version == "1.40.2"


def test_nothing_to_be_had_says_everything_that_was_tried(tmp_path: Path) -> None:
    with pytest.raises(Unreachable) as raised:
        find_programs(say=lambda _: None)
    text = str(raised.value)
    for part in ("PATH 上没有 temporal 命令", "下载 Temporal CLI 不成", "没有 Go 工具链", "TEMPORAL_ADDRESS"):
        assert part in text


def test_download_from_a_closed_network_is_given_up_in_seconds(tmp_path: Path) -> None:
    tried: list[str] = []
    begun = time.monotonic()
    assert programs.download(tried, lambda _: None) is None
    assert time.monotonic() - begun < 10
    assert "下载" in tried[0]
    assert list((cache_folder() / "temporal").glob("[!.]*")) == []


def test_download_from_a_silent_network_is_given_up_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "FIRST_BYTE_SECONDS", 1.5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{silent.getsockname()[1]}")
        tried: list[str] = []
        begun = time.monotonic()
        assert programs.download(tried, lambda _: None) is None
    assert time.monotonic() - begun < 8
    assert "秒没有收到数据" in tried[0]


def test_build_reports_progress_and_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = _go(tmp_path, seconds=0.5)
    said: list[str] = []
    real = programs.run_with_progress
    monkeypatch.setattr(programs, "run_with_progress", lambda *given: real(*given, every_seconds=0.2))
    found = programs.build([], said.append)
    assert found is not None and found.server is not None and found.ui is not None
    assert found.server.parent != found.ui.parent, "both programs are named server"
    assert any("已取模块 1 个，已编译包 2 个" in line for line in said)
    assert any("8 分钟" in line for line in said)
    assert find_programs(fetch=False) == found
    assert len(counted.read_text().split()) == 2
    programs.build([], said.append)
    assert len(counted.read_text().split()) == 2, "what is kept is not built again"


def test_failed_build_leaves_nothing_and_shows_the_end_of_its_output(tmp_path: Path) -> None:
    _go(tmp_path, code=1)
    tried: list[str] = []
    assert programs.build(tried, lambda _: None) is None
    assert "example.org/module/b" in tried[0]
    assert programs.built() is None
    assert [
        each.name for each in (cache_folder() / "temporal").iterdir() if not each.name.endswith(".lock")
    ] == []


def test_build_of_another_version_is_not_kept(tmp_path: Path) -> None:
    _go(tmp_path, server="1.31.0")
    tried: list[str] = []
    assert programs.build(tried, lambda _: None) is None
    assert "版本不符" in tried[0]


def test_two_processes_build_once(tmp_path: Path) -> None:
    counted = _go(tmp_path, seconds=1)
    code = "from starter.provision.programs import build; print(build([], print).route)"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ}
        )
        for _ in range(2)
    ]
    answers = [each.communicate(timeout=60)[0] for each in both]
    assert [answer.split()[-1] for answer in answers] == ["go", "go"]
    # There are two programs: each of the processes may have waited for the other once.
    assert 1 <= sum("另一个进程正在准备" in answer for answer in answers) <= 2
    assert len(counted.read_text().split()) == 2


def test_unfinished_folder_never_looks_finished(tmp_path: Path) -> None:
    target = tmp_path / "program"
    with pytest.raises(RuntimeError), unfinished(target, {}) as scratch:
        (scratch / "half").write_text("half")
        raise RuntimeError
    assert kept(target) is None and not target.exists()
    target.mkdir()
    assert kept(target) is None, "a folder without its marker is unfinished"
    with unfinished(target, {"version": "1"}) as scratch:
        (scratch / "whole").write_text("whole")
    noted = kept(target)
    assert noted is not None and noted["version"] == "1"
    assert (target / "whole").read_text() == "whole"
