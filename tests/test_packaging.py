"""The built wheel, the console scripts, the locks, and what no committed file may name."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from starter.doctor import ROOMS, strangers
from starter.provision.lock import DEVELOPMENT, RUNTIME, oldest_python

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SHIPPED = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, without a network."""
    source = tmp_path_factory.mktemp("source")
    skip = shutil.ignore_patterns("__pycache__")
    for name in (*SHIPPED, "pyproject.toml", "README.md"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=skip)
        else:
            shutil.copy(ROOT / name, source / name)
    (source / "notes.txt").write_text("not shipped")
    target = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(target),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, text=True)
    (built,) = target.glob("*.whl")
    return built


def test_wheel_holds_the_rooms_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.split("/")[0] for name in names}
    assert {name.removesuffix(".py") for name in top if ".dist-info" not in name} == set(ROOMS)
    assert "worker.py" in top


def test_wheel_holds_every_file_of_the_rooms(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    outside = {
        str(path.relative_to(ROOT))
        for room in SHIPPED
        for path in ((ROOT / room).rglob("*") if (ROOT / room).is_dir() else [ROOT / room])
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert outside - inside == set()
    assert {Path(name).suffix for name in inside} >= {".py", ".toml", ".typ"}


def test_wheel_names_both_console_scripts(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        (entry,) = [name for name in opened.namelist() if name.endswith("entry_points.txt")]
        text = opened.read(entry).decode()
    assert "mingjian = starter.main:main" in text
    assert "mingjian-worker = worker:main" in text


def test_wheel_works_where_the_checkout_is_not(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import starter.main, worker\n"
        "from models.bodies import Jurisdiction\n"
        "from models.calendar import calendar\n"
        "from models.settings import load_settings\n"
        "print(len(Jurisdiction.load().places), calendar().name, load_settings().task_queue)\n"
        "print(worker.__file__)\n"
        "import os; sys.stdout.flush(); os._exit(0)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-P", "-c", code, str(tmp_path / "site")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert str(tmp_path / "site") in answer.stdout


def test_nobody_else_owns_our_names(tmp_path: Path) -> None:
    assert strangers() == []
    (tmp_path / "models.py").write_text("")
    code = "from starter.doctor import refuse_strangers; refuse_strangers()"
    answer = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path[:0] = sys.argv[1:]; {code}", str(ROOT)],
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    # A stranger that comes first on the path would be imported in our place.
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import starter.doctor as d; sys.modules.pop('models');"
        "sys.path.insert(0, sys.argv[2]); import importlib; importlib.invalidate_caches();"
        "print([p.what for p in d.strangers()])"
    )
    answer = subprocess.run(
        [sys.executable, "-P", "-c", code, str(ROOT), str(tmp_path)], capture_output=True, text=True
    )
    assert "名为 models 的模块来自别处" in answer.stdout, answer.stderr


def _pins(lock: Path) -> dict[str, str]:
    pairs = re.findall(r"^([\w.-]+)==(\S+)(?: ; .+)? \\$", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(pairs)


def _plain(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement)[0]).lower()


def test_lock_pins_everything_with_hashes() -> None:
    pins = _pins(DEVELOPMENT)
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    assert {_plain(each) for each in wanted} <= set(pins)
    blocks = re.split(r"^(?=\S)", DEVELOPMENT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    requirements = [block for block in blocks if "==" in block]
    assert len(requirements) == len(pins)
    assert all("--hash=sha256:" in block for block in requirements)
    assert PROJECT["build-system"]["requires"] == [f"hatchling=={pins['hatchling']}"]


def test_what_runs_is_a_part_of_what_is_developed_with() -> None:
    runtime, development = _pins(RUNTIME), _pins(DEVELOPMENT)
    assert runtime.items() <= development.items()
    assert {_plain(each) for each in PROJECT["project"]["dependencies"]} <= set(runtime)
    assert "pytest" not in runtime and "mypy" not in runtime


def test_lock_serves_every_supported_machine() -> None:
    """Compiled packages have files for each Python and platform, so that many hashes."""
    text = DEVELOPMENT.read_text(encoding="utf-8")
    for package, least in (("temporalio", 5), ("pydantic-core", 60), ("typst", 5), ("psycopg-binary", 30)):
        block = re.search(rf"^{package}==.*\n(?:    .*\n)*", text, re.MULTILINE)
        assert block is not None and block[0].count("--hash") >= least
    assert oldest_python() == "3.11"


def _committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


# Written in parts, so that this file does not find itself.
_HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "proxy.golang" + ".org", "registry.npmjs" + ".org")
_INDEX = re.compile(
    r"(?:^|\s)--(?:extra-)?index-url|^\s*-i\s+http|trusted" + r"-host\s*=|find" + r"-links\s*=", re.M
)
_MACHINE = re.compile(r"(?<![\w.-])/(?:work|root|home/\w+)/\w")


def test_no_file_names_a_package_host_or_a_machine() -> None:
    found = []
    for path in _committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {host}" for host in _HOSTS if host in text]
        if match := _INDEX.search(text) or _MACHINE.search(text):
            found.append(f"{path.relative_to(ROOT)}: {match[0]!r}")
    assert found == []


def test_packages_folders_and_tests_do_not_share_names() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()}
    assert not folders & set(ROOMS)
    assert (ROOT / "tests" / "__init__.py").exists()
    assert "PYTHONPATH" not in (ROOT / "Makefile").read_text(encoding="utf-8")
