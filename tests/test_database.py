"""The database itself: migrations, two at once, a step that fails; a database that is gone, hung, or none."""

from __future__ import annotations

import multiprocessing
import shutil
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

import activities.database
from activities.database import PATIENCE, Database
from activities.registry import Registry
from activities.sqlite_library import sqlite3
from models.errors import InputError, Refusal, Unreachable
from models.tables import Kept
from tests.database_processes import migrate
from tests.ready_databases import really_migrating
from tests.sample_rows import CASE, case_row, fact_row, letter_row, snapshot

pytest_plugins = ["tests.databases"]

RUN = datetime(2021, 9, 15, 1, 2, 3, 456789, tzinfo=UTC)


@pytest.fixture(autouse=True)
def migrating() -> Iterator[None]:
    with really_migrating():
        yield


@pytest.fixture
def registry(database: Database) -> Registry:
    return Registry(database)


# migrations


def _differences(database: Database) -> list[Any]:
    with database.writing() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        return list(compare_metadata(context, Kept.metadata))


def test_migrations_make_the_tables_of_the_models(database: Database) -> None:
    assert _differences(database) == []


def test_two_processes_migrate_at_once(address: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(2)
    both = [spawn.Process(target=migrate, args=(address, barrier)) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(60)
    assert [each.exitcode for each in both] == [0, 0]
    database = Database(address)
    assert _differences(database) == []
    database.close()


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the steps of a version to come can be written, after the shipped ones."""
    scripts = tmp_path / "migrations"
    shutil.copytree(activities.database.MIGRATIONS, scripts)
    monkeypatch.setattr(activities.database, "MIGRATIONS", scripts)
    return scripts / "versions" / "next_9999.py"


HEAD = max(
    path.stem.rpartition("_")[2] for path in activities.database.MIGRATIONS.glob("versions/*_[0-9]*.py")
)
STEP = f"""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "9999", "{HEAD}", None, None
def upgrade():
"""


def test_a_case_of_the_release_before_is_kept(address: str, next_version: Path) -> None:
    """The program of before, which knows no liaison and no level, still writes its cases while workers are rolled over."""
    versions = next_version.parent
    later = [path for path in versions.glob("*_[0-9]*.py") if path.stem.rpartition("_")[2] >= "0003"]
    aside = [path.rename(versions.parent / path.name) for path in later]
    database = Database(address)
    database.migrate()

    def write(case: str) -> None:
        fields = {
            **case_row(case).model_dump(exclude={"liaison", "level"}),
            "run": "r1",
            "run_started_at": RUN,
        }
        table = Kept.metadata.tables["cases"]
        with database.writing() as session:
            session.connection().execute(table.insert(), fields | {"revision": 1, "settling": 0})

    write(CASE)
    for path in aside:
        path.rename(versions / path.name)
    database.migrate()
    assert _differences(database) == []
    write("urging-350425-2021-0002")
    page = Registry(database).cases(order="case")
    assert [row.liaison for row in page.rows] == ["", ""]
    database.close()


def test_a_migration_that_fails_leaves_the_database_as_it_was(database: Database, next_version: Path) -> None:
    next_version.write_text(
        f"{STEP}    op.create_table('half', sa.Column('id', sa.Integer()))\n    raise ZeroDivisionError\n"
    )
    with pytest.raises(ZeroDivisionError):
        database.migrate()
    with database.reading() as session:
        assert session.connection().execute(
            text("SELECT version_num FROM alembic_version")
        ).scalars().all() == [HEAD]
    assert _differences(database) == []


def test_a_table_that_is_rebuilt_keeps_what_refers_to_it(
    database: Database, registry: Registry, next_version: Path
) -> None:
    held = snapshot(3, letters=(letter_row(),), facts=(fact_row(1),))
    registry.project(held, run="r1", run_started_at=RUN)
    next_version.write_text(
        f"{STEP}    with op.batch_alter_table('cases', recreate='always') as batch:\n"
        "        batch.add_column(sa.Column('extra', sa.Text(), nullable=True))\n"
        if not database.is_postgresql
        else f"{STEP}    op.add_column('cases', sa.Column('extra', sa.Text(), nullable=True))\n"
    )
    database.migrate()
    assert [difference[0] for difference in _differences(database)] == ["remove_column"]
    assert registry.snapshot(CASE) == held


def test_a_database_of_a_newer_program_is_refused(database: Database) -> None:
    with database.writing() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refusal, match="换用更新的程序"):
        database.migrate()


def test_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "新建" / "100% 登记.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


# a database that does not answer


@contextmanager
def hung(address: str) -> Iterator[None]:
    """Another program has the database to itself."""
    is_file = address.startswith("sqlite")
    other = create_engine(address, module=sqlite3 if is_file else None)
    connection = other.raw_connection()
    try:
        if is_file:
            connection.driver_connection.isolation_level = None  # type: ignore[union-attr]  # SQLite's own
            # Else readers go on: a write-ahead log keeps none of them waiting.
            connection.cursor().execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.cursor().execute("BEGIN EXCLUSIVE")
        else:
            connection.cursor().execute("LOCK TABLE cases IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()
    finally:
        connection.close()
        other.dispose()


def test_a_hung_database_is_unreachable_in_time(database: Database, address: str) -> None:
    hasty = Database(address, patience=0.4)
    registry = Registry(hasty)
    with hung(address):
        for ask in (
            lambda: registry.project(snapshot(1), run="r1", run_started_at=RUN),
            lambda: registry.snapshot(CASE),
        ):
            began = time.monotonic()
            with pytest.raises(Unreachable, match="占用"):
                ask()
            assert 0.3 < time.monotonic() - began < PATIENCE
    assert registry.project(snapshot(1), run="r1", run_started_at=RUN)
    hasty.close()


def test_threads_that_wait_for_a_hung_database_give_up_in_time(database: Database, address: str) -> None:
    hasty = Database(address, patience=0.4)
    registry = Registry(hasty)
    refused = []

    def project(revision: int) -> None:
        try:
            registry.project(snapshot(revision), run="r1", run_started_at=RUN)
        except Unreachable:
            refused.append(revision)

    with hung(address):
        threads = [threading.Thread(target=project, args=(revision,)) for revision in range(5)]
        began = time.monotonic()
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert sorted(refused) == [0, 1, 2, 3, 4]
    assert time.monotonic() - began < PATIENCE
    hasty.close()


def test_a_missing_file_is_unreachable_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    with pytest.raises(Unreachable, match="mingjian up"):
        Registry(Database(f"sqlite:///{path}")).snapshot(CASE)
    assert not path.exists()


def test_a_database_without_tables_says_so(address: str) -> None:
    if address.startswith("sqlite"):
        sqlite3.connect(address.removeprefix("sqlite:///")).close()
    database = Database(address)
    with pytest.raises(Unreachable, match="尚未建立"):
        Registry(database).snapshot(CASE)
    database.close()


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(Unreachable, match="不是数据库"):
        Registry(Database(f"sqlite:///{path}")).snapshot(CASE)


def test_a_server_that_is_down_is_unreachable_without_its_password() -> None:
    pytest.importorskip("psycopg")
    database = Database("postgresql://mingjian:s3cret@127.0.0.1:1/registry", patience=2)
    with pytest.raises(Unreachable, match="连不上数据库") as raised:
        Registry(database).snapshot(CASE)
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize("address", ["", "registry.db", "mysql://x/y", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_is_none_is_not_understood(address: str) -> None:
    with pytest.raises(InputError, match="registry_url"):
        Database(address)


def test_reading_writes_nothing(database: Database) -> None:
    with pytest.raises((Unreachable, DBAPIError)), database.reading() as session:
        session.connection().execute(text("DELETE FROM cases"))


def test_a_mistake_of_ours_is_not_called_unreachable(database: Database) -> None:
    with pytest.raises(DBAPIError), database.writing() as session:
        session.connection().execute(text("SELEKT 1"))
