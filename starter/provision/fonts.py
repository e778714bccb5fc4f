"""Find or fetch the faces that official papers are set in; `python -m starter.provision.fonts` does it.

Two sets are wanted. *Official* faces: 仿宋, 宋 and 黑, for which any machine may use Fandol (GPL with font
exception), and a site that holds a licence its own 仿宋_GB2312 and 方正小标宋. The *fallback* face, Noto
Serif CJK, holds the rare characters of names (喆, 堃, 琎) that Fandol lacks.

Looked for in this order: the folders named by `MINGJIAN_FONT_FOLDERS`, the tool cache, the places where
systems keep fonts; then fetched into the cache, by apt without root where there is apt, else over the
network. Every step is bounded in time. All workers of one installation need the same faces: other faces give
other bytes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from models.errors import InputError, MingjianError, Problem, Refusal
from starter.provision.cache import Say, cache_folder, only_one, say_on_screen, unfinished

APT_SECONDS = 300.0
DOWNLOAD_SECONDS = 300.0
SOCKET_SECONDS = 20.0

REMEDY = (
    "任选其一：① 联网后运行 python -m starter.provision.fonts；"
    "② Debian/Ubuntu 上运行 sudo apt-get install texlive-lang-chinese fonts-noto-cjk；"
    "③ 把字体文件放进一个文件夹，并用环境变量 MINGJIAN_FONT_FOLDERS 指明该文件夹"
)


class FetchError(Exception):
    """One way of fetching did not work; the next is tried. The text is Chinese and short."""


@dataclass(frozen=True, slots=True)
class FontSet:
    """Faces that come together. It is complete in a folder that holds one of `choices` in full."""

    name: str
    folder: str
    choices: tuple[tuple[str, ...], ...]
    package: str
    """The Debian package that carries the first of `choices`."""
    addresses: tuple[str, ...]
    """Where else the first of `choices`, or the second, can be had: a zip archive or single files."""
    digests: dict[str, str]
    """SHA-256 of files whose every copy is the same; a copy that differs is not used."""


OFFICIAL = FontSet(
    name="公文字体（Fandol 仿宋、宋、黑）",
    folder="fandol",
    choices=(
        (
            "FandolFang-Regular.otf",
            "FandolSong-Regular.otf",
            "FandolSong-Bold.otf",
            "FandolHei-Regular.otf",
        ),
    ),
    package="texlive-lang-chinese",
    addresses=("https://mirrors.ctan.org/fonts/fandol.zip",),
    digests={
        "FandolFang-Regular.otf": "d838ad32ce2244d8144f408c37fe71065aba6fbbc80759a4d2aa2033948d5bc9",
        "FandolSong-Regular.otf": "a3820003227d4abe31fe28b493200d94a849ccfd078b50a019264f70353020b0",
        "FandolSong-Bold.otf": "ffa76a70e128947a4dd22151d5ee829b23e24ce3cb6fe8ad49891cd1c2d9e9b9",
        "FandolHei-Regular.otf": "4afa97aa8751e0118617df88272b58d43691b5cffb7ea024c4580496e9f34d28",
    },
)
FALLBACK = FontSet(
    name="生僻字后备字体（Noto Serif CJK）",
    folder="noto",
    choices=(
        ("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc"),
        ("NotoSerifCJKsc-Regular.otf", "NotoSerifCJKsc-Bold.otf"),
        ("SourceHanSerifSC-Regular.otf", "SourceHanSerifSC-Bold.otf"),
    ),
    package="fonts-noto-cjk",
    addresses=tuple(
        f"https://github.com/notofonts/noto-cjk/raw/main/Serif/OTF/SimplifiedChinese/NotoSerifCJKsc-{weight}.otf"
        for weight in ("Regular", "Bold")
    ),
    digests={},
)


def font_folders(
    site_folders: Iterable[Path] | None = None, *, fetch: bool = True, say: Say = say_on_screen
) -> list[Path]:
    """The folders to set papers with, best first; what is missing is fetched unless `fetch` is false.

    `site_folders` default to `MINGJIAN_FONT_FOLDERS` (several, parted as in PATH); they come first, and
    a whole set found in them is not looked for elsewhere. Raises InputError for a named folder that is not
    there, and Refusal when no Chinese face can be had at all. With one set missing papers can still be set,
    and `say` tells at what cost.
    """
    folders = list(_site_folders() if site_folders is None else site_folders)
    absent = [folder for folder in folders if not folder.is_dir()]
    if absent:
        raise InputError(
            Problem(
                f"字体文件夹不存在：{folder}",
                remedy="改正该路径，或去掉这一项设置",
                field="MINGJIAN_FONT_FOLDERS",
            )
            for folder in absent
        )
    failures: list[Problem] = []
    for wanted in (OFFICIAL, FALLBACK):
        found = _find(wanted, folders)
        if found is None and fetch:
            try:
                found = _fetch(wanted, say)
            except FetchError as error:
                failures.append(Problem(f"取不到{wanted.name}：{error}"))
            except OSError as error:
                failures.append(Problem(f"取不到{wanted.name}：缓存文件夹不能写入（{error}）"))
        elif found is None:
            failures.append(Problem(f"本机没有{wanted.name}"))
        if found is not None and found not in folders:
            folders.append(found)
    if not folders:
        raise Refusal([*failures, Problem("没有可用的中文字体，文书无法排版", remedy=REMEDY)])
    for failure in failures:
        say(f"注意：{failure}。缺公文字体时以后备字体代替；缺后备字体时，姓名中的生僻字将无法排版。{REMEDY}")
    return folders


def _site_folders() -> list[Path]:
    return [Path(name) for name in os.environ.get("MINGJIAN_FONT_FOLDERS", "").split(os.pathsep) if name]


def _find(wanted: FontSet, site_folders: Iterable[Path]) -> Path | None:
    try:
        cached = [_cached(wanted)]
    except OSError:  # a cache folder that cannot be made holds nothing
        cached = []
    for folder in (*site_folders, *cached, *_system_folders()):
        for files in wanted.choices:
            if all((folder / file).is_file() for file in files):
                return folder
    return None


def _system_folders() -> Iterator[Path]:
    """Where Debian, other Linuxes, TeX Live, macOS and Windows keep these fonts."""
    home = Path.home()
    fandol = Path("texmf-dist/fonts/opentype/public/fandol")
    yield Path("/usr/share/texlive") / fandol
    yield from (tree / fandol for tree in sorted(Path("/usr/local/texlive").glob("2*"), reverse=True))
    for root in (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts"):
        yield root
        for kind in ("", "opentype", "truetype"):
            for name in ("fandol", "noto", "noto-cjk", "google-noto-serif-cjk-fonts"):
                yield root / kind / name
    yield from (home / ".fonts", home / "Library/Fonts", Path("/Library/Fonts"))
    if windows := os.environ.get("WINDIR"):
        yield Path(windows) / "Fonts"
    if local := os.environ.get("LOCALAPPDATA"):
        yield Path(local) / "Microsoft/Windows/Fonts"


def _cached(wanted: FontSet) -> Path:
    return cache_folder() / "fonts" / wanted.folder


def _fetch(wanted: FontSet, say: Say) -> Path:
    """Put a complete set into the cache, or raise FetchError saying why each way failed."""
    target = _cached(wanted)
    reasons = []
    with only_one(target, say, waiting_for=wanted.name):
        if (found := _find(wanted, ())) is not None:
            return found
        for fetch in (_fetch_by_apt, _fetch_by_download):
            try:
                with (
                    unfinished(target, {"fonts": wanted.name, "fetched": fetch.__name__}) as folder,
                    tempfile.TemporaryDirectory(dir=folder) as work,
                ):
                    for file in fetch(wanted, Path(work), say):
                        file.replace(folder / file.name)
            except FetchError as error:
                reasons.append(str(error))
            else:
                say(f"{wanted.name}：已存入 {target}")
                return target
    raise FetchError("；".join(reasons))


def _fetch_by_apt(wanted: FontSet, work: Path, say: Say) -> list[Path]:
    """`apt-get download`, which needs no root; where the machine's lists are empty, with lists of our own."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise FetchError("本机没有 apt-get")
    deadline = time.monotonic() + APT_SECONDS
    state, archives = work / "state", work / "archives"
    (state / "lists/partial").mkdir(parents=True)
    (archives / "partial").mkdir(parents=True)
    own_lists = ("-o", f"Dir::State::Lists={state}/lists", "-o", f"Dir::Cache={archives}")
    for options in ((), own_lists):
        try:
            if options:
                label = f"{wanted.name}：更新软件包列表"
                _run(["apt-get", *options, "update"], work, deadline, label, say)
            size = _package_size(wanted.package, options, work, deadline, say)
            label = f"{wanted.name}：用 apt 下载 {wanted.package}"
            _run(["apt-get", *options, "download", wanted.package], work, deadline, label, say, size)
            break
        except FetchError:
            if options:
                raise
    package = next(iter(sorted(work.glob("*.deb"))), None)
    if package is None:
        raise FetchError("apt-get 没有给出软件包文件")
    say(f"{wanted.name}：解出字体文件")
    unpacked = work / "unpacked"
    unpacked.mkdir()
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE) as unpacking:
        assert unpacking.stdout is not None
        try:
            with tarfile.open(fileobj=unpacking.stdout, mode="r|") as archive:
                for member in archive:
                    file = Path(member.name).name
                    content = archive.extractfile(member) if file in wanted.choices[0] else None
                    if content is not None:
                        _write(content, unpacked / file, deadline)
        except tarfile.TarError as error:
            raise FetchError(f"软件包 {package.name} 解不开（{error}）") from None
        finally:
            unpacking.kill()
    return _checked(wanted, wanted.choices[0], unpacked)


def _package_size(
    package: str, options: tuple[str, ...], work: Path, deadline: float, say: Say
) -> int | None:
    """Bytes to be downloaded, from apt's own list: lines of 'address' file size digest."""
    printed = _run(["apt-get", *options, "download", "--print-uris", package], work, deadline, "", say)
    for line in printed.splitlines():
        words = line.split()
        if len(words) >= 3 and words[0].startswith("'") and words[2].isdigit():
            return int(words[2])
    return None


def _run(
    command: list[str], work: Path, deadline: float, label: str, say: Say, size: int | None = None
) -> str:
    """Run to the end or to the deadline, reporting how much of `size` has come; the output, or FetchError."""
    progress = _Progress(label, size, say)
    environment = {**os.environ, "LC_ALL": "C"}
    with (
        tempfile.TemporaryFile("w+") as output,
        subprocess.Popen(
            command, cwd=work, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=environment
        ) as running,
    ):
        try:
            while running.poll() is None:
                if time.monotonic() > deadline:
                    raise FetchError(f"{command[0]} 超过 {APT_SECONDS:.0f} 秒仍未完成")
                progress.at(sum(part.stat().st_size for part in work.glob("*.deb*") if part.exists()))
                time.sleep(0.1)
        finally:
            if running.poll() is None:
                running.kill()
        output.seek(0)
        printed = output.read()
    if running.returncode != 0:
        last = next((line for line in reversed(printed.splitlines()) if line.startswith("E:")), "")
        raise FetchError(f"{command[0]} 失败（{last[2:].strip() or f'退出码 {running.returncode}'}）")
    return printed


def _fetch_by_download(wanted: FontSet, work: Path, say: Say) -> list[Path]:
    downloads = work / "downloads"
    downloads.mkdir()
    deadline = time.monotonic() + DOWNLOAD_SECONDS
    for address in wanted.addresses:
        name = address.rpartition("/")[2]
        request = urllib.request.Request(address, headers={"User-Agent": "mingjian"})
        try:
            with urllib.request.urlopen(request, timeout=SOCKET_SECONDS) as answer:
                if not wanted.digests and not answer.url.startswith("https:"):
                    raise FetchError(f"{name} 的下载地址被转到不加密的网址，未采用")
                size = int(answer.headers.get("Content-Length") or 0)
                label = f"{wanted.name}：下载 {name}"
                _write(answer, downloads / name, deadline, _Progress(label, size, say))
        except (urllib.error.URLError, OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise FetchError(f"下载 {name} 失败（{reason}）") from None
        if name.endswith(".zip"):
            _unzip(downloads / name, wanted.choices[0], downloads, deadline)
    come = {file.name for file in downloads.iterdir()}
    chosen = next((choice for choice in wanted.choices if come.issuperset(choice)), wanted.choices[0])
    return _checked(wanted, chosen, downloads)


def _unzip(archive: Path, files: tuple[str, ...], into: Path, deadline: float) -> None:
    try:
        with zipfile.ZipFile(archive) as packed:
            for entry in packed.infolist():
                file = Path(entry.filename).name
                if file in files:
                    with packed.open(entry) as content:
                        _write(content, into / file, deadline)
    except zipfile.BadZipFile:
        raise FetchError(f"下载的 {archive.name} 不是完好的压缩包") from None


def _write(content: IO[bytes], file: Path, deadline: float, progress: _Progress | None = None) -> None:
    done = 0
    with file.open("wb") as written:
        while block := content.read(1 << 18):
            if time.monotonic() > deadline:
                raise FetchError(f"{file.name} 超过 {DOWNLOAD_SECONDS:.0f} 秒仍未取完")
            written.write(block)
            done += len(block)
            if progress:
                progress.at(done)


def _checked(wanted: FontSet, choice: tuple[str, ...], folder: Path) -> list[Path]:
    """The files of one choice, each a font, and where its digest is known, that very font."""
    files = [folder / name for name in choice]
    for file in files:
        if not file.is_file():
            raise FetchError(f"取来的文件里没有 {file.name}")
        content = file.read_bytes()
        if content[:4] not in (b"OTTO", b"ttcf", b"\x00\x01\x00\x00"):
            raise FetchError(f"{file.name} 不是字体文件")
        expected = wanted.digests.get(file.name)
        if expected and hashlib.sha256(content).hexdigest() != expected:
            raise FetchError(f"{file.name} 与公布的版本不一致，未采用")
    return files


class _Progress:
    """Says how far a long step has come: at its start, and at each further tenth."""

    def __init__(self, label: str, size: int | None, say: Say) -> None:
        self.label, self.size, self.say, self.tenth = label, size, say, 0
        if label:
            say(f"{label}（{size / 1e6:.0f} MB）" if size else label)

    def at(self, done: int) -> None:
        if self.label and self.size and (tenth := min(done * 10 // self.size, 10)) > self.tenth:
            self.tenth = tenth
            self.say(f"{self.label}：{tenth * 10}%")


def main() -> int:
    """Find or fetch the fonts, and print their folders, one a line."""
    try:
        folders = font_folders()
    except MingjianError as error:
        say_on_screen(str(error))
        return error.exit_code
    for folder in folders:
        print(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
