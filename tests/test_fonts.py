"""Finding and fetching the faces of papers: in what order, within what time, and what is said of failures.

`apt-get` and `dpkg-deb` are replaced by small scripts on the PATH, the network by a server on the loopback.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from models.errors import InputError, Refusal
from starter.provision import fonts
from starter.provision.fonts import FALLBACK, OFFICIAL, FontSet, font_folders

FACE = b"OTTO" + b"\x00" * 60


def lay(folder: Path, wanted: FontSet, choice: int = 0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in wanted.choices[choice]:
        (folder / name).write_bytes(FACE)
    return folder


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No fonts, no apt, no site folders, an empty cache, and no network but the loopback."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("MINGJIAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.delenv("MINGJIAN_FONT_FOLDERS", raising=False)
    monkeypatch.setattr(fonts, "_system_folders", lambda: iter(()))
    for name in ("OFFICIAL", "FALLBACK"):
        offer(monkeypatch, name, ())


def offer(
    monkeypatch: pytest.MonkeyPatch, name: str, addresses: tuple[str, ...], digest: str | None = None
) -> FontSet:
    """Let a set of fonts be had at these addresses alone, all its files with one digest, or none known."""
    wanted: FontSet = {"OFFICIAL": OFFICIAL, "FALLBACK": FALLBACK}[name]
    digests = dict.fromkeys(wanted.choices[0], digest) if digest else {}
    changed = FontSet(wanted.name, wanted.folder, wanted.choices, wanted.package, addresses, digests)
    monkeypatch.setattr(fonts, name, changed)
    return changed


@pytest.fixture
def served(tmp_path: Path) -> Iterator[dict[str, bytes | None]]:
    """What the loopback server answers for each path; None hangs. Its own address stands under ''."""
    answers: dict[str, bytes | None] = {}
    closing = threading.Event()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answers.get(self.path.strip("/"), b"")
            if body is None:
                closing.wait(20)
                return
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    answers[""] = f"http://127.0.0.1:{server.server_port}".encode()
    yield answers
    closing.set()
    server.shutdown()
    thread.join()
    server.server_close()


def address(served: dict[str, bytes | None], path: str) -> str:
    return (served[""] or b"").decode() + "/" + path


def packed(files: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        for name, content in files.items():
            written.writestr(f"fandol/{name}", content)
    return archive.getvalue()


def script(folder: Path, name: str, body: str) -> None:
    path = folder / "bin" / name
    path.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{body}\n")
    path.chmod(0o755)


def test_a_sites_own_folders_come_first_and_nothing_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, rare = lay(tmp_path / "own", OFFICIAL), lay(tmp_path / "rare", FALLBACK, choice=2)
    lay(tmp_path / "cache/fonts/fandol", OFFICIAL)
    monkeypatch.setenv("MINGJIAN_FONT_FOLDERS", os.pathsep.join([str(own), str(rare)]))
    said: list[str] = []
    assert font_folders(say=said.append) == [own, rare]
    assert said == []


def test_a_site_folder_of_other_faces_is_kept_and_completed(tmp_path: Path) -> None:
    licensed = tmp_path / "licensed"
    licensed.mkdir()
    official = lay(tmp_path / "cache/fonts/fandol", OFFICIAL)
    rare = lay(tmp_path / "cache/fonts/noto", FALLBACK)
    assert font_folders([licensed], fetch=False) == [licensed, official, rare]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"字体文件夹不存在：.*absent"):
        font_folders([tmp_path / "absent"])


def test_an_incomplete_set_is_not_taken_for_whole(tmp_path: Path) -> None:
    folder = lay(tmp_path / "cache/fonts/fandol", OFFICIAL)
    (folder / "FandolHei-Regular.otf").unlink()
    with pytest.raises(Refusal):
        font_folders(fetch=False)


def test_with_no_fonts_at_all_the_refusal_says_why_and_what_to_do() -> None:
    with pytest.raises(Refusal) as refused:
        font_folders(say=lambda line: None)
    text = str(refused.value)
    assert "本机没有 apt-get" in text
    assert "没有可用的中文字体" in text
    assert "texlive-lang-chinese" in text
    assert "MINGJIAN_FONT_FOLDERS" in text


def test_one_missing_set_is_told_and_does_not_stop_the_papers(tmp_path: Path) -> None:
    official = lay(tmp_path / "cache/fonts/fandol", OFFICIAL)
    said: list[str] = []
    assert font_folders(say=said.append) == [official]
    assert "生僻字" in said[-1]


def test_apt_is_asked_first_and_its_package_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On empty package lists the plain download fails, and is done again with lists of our own."""
    lay(tmp_path / "cache/fonts/noto", FALLBACK)
    with tarfile.open(tmp_path / "package.tar", "w") as package:
        for name in (*OFFICIAL.choices[0], "FandolBraille-Regular.otf"):
            entry = tarfile.TarInfo(f"./usr/share/texlive/fandol/{name}")
            entry.size = len(FACE)
            package.addfile(entry, io.BytesIO(FACE))
    script(
        tmp_path,
        "apt-get",
        f"""
case "$*" in
  -o*update) exit 0 ;;
  -o*--print-uris*) echo "'http://x/y.deb' y.deb {(tmp_path / "package.tar").stat().st_size} SHA256:0" ;;
  -o*download*) cp {tmp_path}/package.tar texlive.deb ;;
  *) echo 'E: Unable to locate package' ; exit 100 ;;
esac""",
    )
    script(tmp_path, "dpkg-deb", 'cat "$2"')
    said: list[str] = []
    folders = font_folders(say=said.append)
    assert folders[0] == tmp_path / "cache/fonts/fandol"
    assert sorted(file.name for file in folders[0].glob("*.otf")) == sorted(OFFICIAL.choices[0])
    assert any("更新软件包列表" in line for line in said)
    assert any("用 apt 下载 texlive-lang-chinese" in line for line in said)
    said.clear()
    assert font_folders(say=said.append) == folders
    assert said == []


def test_an_apt_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "alive")
    # The end of the pipe tells: it comes when nobody holds the writing side any more.
    reading = os.open(tmp_path / "alive", os.O_RDONLY | os.O_NONBLOCK)
    script(tmp_path, "apt-get", f"exec sleep 60 > {tmp_path}/alive")
    script(tmp_path, "dpkg-deb", "exit 1")
    monkeypatch.setattr(fonts, "APT_SECONDS", 0.5)
    began = time.monotonic()
    with pytest.raises(Refusal, match="apt-get 超过"):
        font_folders(say=lambda line: None)
    assert time.monotonic() - began < 10
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read() == b""


def test_without_apt_the_archive_is_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, served: dict[str, bytes | None]
) -> None:
    lay(tmp_path / "cache/fonts/noto", FALLBACK)
    served["fandol.zip"] = packed(dict.fromkeys(OFFICIAL.choices[0], FACE))
    offer(monkeypatch, "OFFICIAL", (address(served, "fandol.zip"),), hashlib.sha256(FACE).hexdigest())
    said: list[str] = []
    folder = font_folders(say=said.append)[0]
    assert {file.name for file in folder.glob("*.otf")} == set(OFFICIAL.choices[0])
    assert any("100%" in line for line in said)
    assert not [left for left in folder.iterdir() if left.is_dir()]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (packed(dict.fromkeys(OFFICIAL.choices[0], FACE + b"!")), "与公布的版本不一致"),
        (packed(dict.fromkeys(OFFICIAL.choices[0], b"<html>")), "不是字体文件"),
        (packed({"FandolFang-Regular.otf": FACE}), "没有 FandolSong-Regular.otf"),
        (packed(dict.fromkeys(OFFICIAL.choices[0], FACE))[:-40], "不是完好的压缩包"),
        (b"", "失败（Not Found）"),
    ],
    ids=["altered", "not a font", "incomplete", "cut short", "not found"],
)
def test_a_bad_download_is_not_kept(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    served: dict[str, bytes | None],
    body: bytes,
    reason: str,
) -> None:
    served["fandol.zip"] = body
    offer(monkeypatch, "OFFICIAL", (address(served, "fandol.zip"),), hashlib.sha256(FACE).hexdigest())
    with pytest.raises(Refusal, match=reason):
        font_folders(say=lambda line: None)
    assert not list((tmp_path / "cache").rglob("*.otf"))


def test_a_server_that_hangs_is_given_up(
    monkeypatch: pytest.MonkeyPatch, served: dict[str, bytes | None]
) -> None:
    served["fandol.zip"] = None
    offer(monkeypatch, "OFFICIAL", (address(served, "fandol.zip"),))
    monkeypatch.setattr(fonts, "SOCKET_SECONDS", 0.3)
    began = time.monotonic()
    with pytest.raises(Refusal, match=r"下载 fandol\.zip 失败"):
        font_folders(say=lambda line: None)
    assert time.monotonic() - began < 10


def test_a_font_of_unknown_digest_is_only_taken_over_an_encrypted_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, served: dict[str, bytes | None]
) -> None:
    lay(tmp_path / "cache/fonts/fandol", OFFICIAL)
    served["NotoSerifCJKsc-Regular.otf"] = FACE
    offer(monkeypatch, "FALLBACK", (address(served, "NotoSerifCJKsc-Regular.otf"),))
    said: list[str] = []
    font_folders(say=said.append)
    assert "不加密" in said[-1]
    assert not list((tmp_path / "cache").rglob("NotoSerif*"))
