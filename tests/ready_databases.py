"""Databases at this program's version by copy: the first migration of a test process is real, what it made is copied after it.

A migration is the same each time, and hundreds of tests begin with one: a twentieth of a second for SQLite, more for PostgreSQL.
The tests of migrations themselves take `Database.migrate` back with `really_migrating`.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path

import psycopg
import pytest

import activities.database
from activities.database import Database

_INSTALLED = Path("/usr/lib/postgresql")
PROGRAMS = max(_INSTALLED.glob("*/bin"), default=None, key=lambda path: int(path.parent.name))

_migrate = Database.migrate
_MIGRATIONS = activities.database.MIGRATIONS


def migrated_by_copy(database: Database) -> None:
    """What `Database.migrate` leaves, where there was nothing; elsewhere the migration itself."""
    if activities.database.MIGRATIONS != _MIGRATIONS:
        _migrate(database)
        return
    if database.is_postgresql:
        _fill_postgresql(database)
        return
    path = Path(str(database._url.database)).absolute()
    if path.exists() and path.stat().st_size:
        _migrate(database)
        return
    with database._answering():
        database._create_file()
        path.write_bytes(_sqlite())


@contextmanager
def really_migrating() -> Iterator[None]:
    """Every migration is one meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "migrate", _migrate)
        yield


@cache
def _sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "migrated.db"
        with closing(Database(f"sqlite:///{path}")) as database:
            _migrate(database)
        return path.read_bytes()


_statements: list[str] = []


def _fill_postgresql(database: Database) -> None:
    """By the statements that pg_dump wrote of the first one; they are one transaction."""
    address = database._url.set(drivername="postgresql").render_as_string(hide_password=False)
    tables = None
    with suppress(psycopg.OperationalError), psycopg.connect(address, autocommit=True) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        if tables == (0,) and _statements:
            connection.execute(_statements[0].encode())
            return
    _migrate(database)
    if tables == (0,) and PROGRAMS is not None:
        dumped = subprocess.run(
            [PROGRAMS / "pg_dump", "--inserts", "--schema=public", address],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        plain = [line for line in dumped.splitlines() if not line.startswith(("\\", "CREATE SCHEMA public"))]
        _statements[:] = ["\n".join(plain)]
