"""Writes the locks: every dependency with its exact version and the hashes of all its files, and no index
address.

    python -m starter.provision.lock

`requirements.lock` is what a developer installs, `deploy/requirements.lock` the part of it that runs.
Resolved with pip-tools for the oldest Python that pyproject.toml allows, from the index that pip is
configured with.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEVELOPMENT = ROOT / "requirements.lock"
RUNTIME = ROOT / "deploy" / "requirements.lock"
_HEADER = """\
# {purpose} Written by `make lock` from pyproject.toml: do not edit.
# Hashes of the files for every platform; installs with Python {pythons} and later.
"""


def oldest_python(project: Path = ROOT / "pyproject.toml") -> str:
    """The oldest Python the project runs on, as `3.11`."""
    stated = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["requires-python"]
    found = re.fullmatch(r">=\s*(\d+\.\d+)", stated)
    if found is None:
        raise ValueError(f"requires-python is {stated!r}, not >=X.Y")
    return found[1]


def interpreter(version: str) -> str:
    """The path of that Python; raises FileNotFoundError when it is not on the PATH."""
    if f"{sys.version_info[0]}.{sys.version_info[1]}" == version:
        return sys.executable
    program = shutil.which(f"python{version}")
    if program is None:
        raise FileNotFoundError(f"python{version} is needed to resolve for the oldest supported Python")
    return program


def compile_lock(python: Path, wanted: list[str], target: Path, purpose: str, pins: Path | None) -> None:
    """Resolve `wanted` with pip-tools and write `target`; `pins` is a lock whose versions are kept."""
    with tempfile.TemporaryDirectory() as scratch:
        asked, answer = Path(scratch, "asked.in"), Path(scratch, "answer.txt")
        lines = [*wanted, *([f"-c {pins}"] if pins else [])]
        asked.write_text("\n".join(lines) + "\n", encoding="utf-8")
        if target.exists():
            shutil.copy(target, answer)  # versions that still fit are kept
        options = ["--generate-hashes", "--allow-unsafe", "--strip-extras", "--no-header", "--no-annotate"]
        options += ["--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links"]
        options += ["--no-emit-options", "--quiet", "--resolver=backtracking"]
        environment = {key: value for key, value in os.environ.items() if key != "PIP_FIND_LINKS"}
        subprocess.run(
            [str(python), "-m", "piptools", "compile", *options, "-o", str(answer), str(asked)],
            check=True,
            env=environment,
        )
        text = _HEADER.format(purpose=purpose, pythons=oldest_python()) + answer.read_text(encoding="utf-8")
        if re.search(r"https?://|--(?:index|extra-index|find-links|trusted)", text):
            raise ValueError("the lock would name an index")
        target.write_text(text, encoding="utf-8")


def main() -> None:
    """Write both locks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime: list[str] = project["project"]["dependencies"]
    development: list[str] = project["dependency-groups"]["dev"]
    with tempfile.TemporaryDirectory() as scratch:
        program = interpreter(oldest_python())
        if program == sys.executable:
            venv.create(scratch, with_pip=True)
        else:
            subprocess.run([program, "-m", "venv", scratch], check=True)
        python = Path(scratch, "bin", "python")
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "pip-tools"], check=True)
        compile_lock(python, [*runtime, *development], DEVELOPMENT, "What a developer installs.", None)
        compile_lock(python, runtime, RUNTIME, "What runs.", DEVELOPMENT)


if __name__ == "__main__":
    main()
