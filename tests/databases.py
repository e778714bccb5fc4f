"""Real databases for tests: SQLite files, and PostgreSQL where it is installed, as a cluster of their own.

Loaded as a plugin (`pytest_plugins`): its fixtures give each test one empty database of every kind.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import NullPool, create_engine, text

from activities.database import Database
from tests.ready_databases import PROGRAMS

KINDS = ["sqlite", *(["postgresql"] if PROGRAMS else [])]


_INITDB = ("-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
_SETTINGS = ("-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=60")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """The one PostgreSQL cluster of a test run."""
    with postgresql_cluster() as folder:
        yield folder


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database not yet made (SQLite) or empty (PostgreSQL)."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'registry.db'}"
    return empty_postgresql(request.getfixturevalue("cluster"))


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """A database at this program's version."""
    database = Database(address)
    database.migrate()
    yield database
    database.close()


@contextlib.contextmanager
def postgresql_cluster() -> Iterator[Path]:
    """A fresh cluster, on a Unix socket in the folder that is yielded; stopped and removed at the end."""
    assert PROGRAMS is not None
    # not under tmp_path: that folder is closed to the user below
    folder = Path(tempfile.mkdtemp(prefix="mingjian-pg-"))
    user = _unprivileged(folder)
    server: subprocess.Popen[bytes] | None = None
    try:
        subprocess.run(
            [PROGRAMS / "initdb", "-D", folder / "data", "-U", "mingjian", *_INITDB],
            check=True,
            capture_output=True,
            cwd=folder,
            user=user,
        )
        log = (folder / "log").open("wb")
        with log:
            server = subprocess.Popen(
                [PROGRAMS / "postgres", "-D", folder / "data", "-k", folder, *_SETTINGS],
                stdout=log,
                stderr=log,
                cwd=folder,
                user=user,
            )
        _wait_until_ready(server, folder)
        yield folder
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)  # at once: nothing in it is to be kept
            server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def empty_postgresql(cluster: Path) -> str:
    """The address of the cluster's database, emptied: a new database for each test would be 300 files each."""
    address = f"postgresql+psycopg://mingjian@/postgres?host={quote(str(cluster))}"
    engine = create_engine(address, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    return address


def _unprivileged(folder: Path) -> str | None:
    """PostgreSQL does not run as root: who it runs as instead, and is given the folder; None for ourselves."""
    if os.geteuid() != 0:
        return None
    names = [entry.pw_name for entry in pwd.getpwall()]
    user = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, user)
    return user


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    assert PROGRAMS is not None
    for _ in range(300):
        ready = subprocess.run([PROGRAMS / "pg_isready", "-h", folder, "-q"], check=False)
        if ready.returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError((folder / "log").read_text())
