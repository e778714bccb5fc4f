"""The SQLite file with a write-ahead log, or without one where the library is too old: nothing is lost either way."""

from __future__ import annotations

import multiprocessing
import signal
import stat
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

import activities.database
import activities.sqlite_library
from activities.books import Books, Stray
from activities.database import Database
from activities.sqlite_library import WAL_IS_SAFE, sqlite3
from models.errors import Unreachable
from tests.database_processes import SERIES, take_numbers_until_killed

SPAWN = multiprocessing.get_context("spawn")
NOON = datetime(2021, 9, 15, 4, tzinfo=UTC)

with_log = pytest.mark.skipif(not WAL_IS_SAFE, reason="this SQLite must not use a write-ahead log")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


@pytest.fixture(params=[pytest.param(True, marks=with_log, id="log"), pytest.param(False, id="journal")])
def log(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the library is fit for a log."""
    monkeypatch.setattr(activities.sqlite_library, "WAL_IS_SAFE", request.param)
    return bool(request.param)


def migrated(file: Path) -> Database:
    database = Database(f"sqlite:///{file}", patience=0.5)
    database.migrate()
    return database


def mode_of(database: Database) -> str:
    with database.reading() as session:
        return str(session.connection().execute(text("PRAGMA journal_mode")).scalar_one())


def test_a_commit_is_on_the_disk_and_the_file_for_its_owner_alone(
    file: Path, log: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the tests save is not saved here.
    monkeypatch.setattr("activities.database.SYNCHRONOUS", "FULL")
    with closing(migrated(file)) as database:
        assert Books(database).number(*SERIES, "甲") == 1
        assert mode_of(database) == ("wal" if log else "truncate")
        with database.writing() as session:
            assert session.connection().execute(text("PRAGMA synchronous")).scalar_one() == 2
        beside = {path.name for path in file.parent.iterdir()} - {file.name}
        assert ({"registry.db-wal", "registry.db-shm"} <= beside) is log
        for name in (file.name, *beside):
            assert stat.S_IMODE((file.parent / name).stat().st_mode) == 0o600


def test_numbers_have_no_gap_and_none_is_lost_whoever_is_killed_when(
    file: Path, log: bool, tmp_path: Path
) -> None:
    """A number that somebody was told is in the book for good, under its key."""
    with closing(migrated(file)) as database:
        books = Books(database)
        told: dict[str, int] = {}
        for turn in range(2):
            notes = [tmp_path / f"told-{turn}-{who}" for who in "甲乙"]
            takers = [
                SPAWN.Process(
                    target=take_numbers_until_killed, args=(f"sqlite:///{file}", log, str(note), note.name)
                )
                for note in notes
            ]
            for each in takers:
                each.start()
            deadline = time.monotonic() + 60
            for each, note, least in zip(takers, notes, (5 + 20 * turn, 9 + 30 * turn), strict=True):
                while not note.exists() or note.read_text().count("\n") < least:
                    assert each.is_alive() and time.monotonic() < deadline
                    time.sleep(0.001)
                each.kill()
            for each in takers:
                each.join(60)
                assert each.exitcode == -signal.SIGKILL
            for note in notes:
                whole = note.read_text().rpartition("\n")[0]  # the last may have been cut short
                told |= {key: int(number) for key, number in (line.split() for line in whole.splitlines())}
            given = {each.key: each.number for each in books.numbers()}
            assert told.items() <= given.items()
            # At most the one that each had taken and not told.
            assert len(given) <= len(told) + 2 * (turn + 1)
            assert sorted(given.values()) == list(range(1, len(given) + 1))
            assert books.gaps() == []
        assert {key: books.number(*SERIES, key) for key in told} == told
        with database.reading() as session:
            assert session.connection().execute(text("PRAGMA integrity_check")).scalar_one() == "ok"


@with_log
def test_a_file_changes_to_a_log_and_back(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activities.sqlite_library, "WAL_IS_SAFE", False)
    with closing(migrated(file)) as older:
        assert Books(older).number(*SERIES, "甲") == 1
        monkeypatch.setattr(activities.sqlite_library, "WAL_IS_SAFE", True)
        with closing(Database(f"sqlite:///{file}")) as newer:
            assert mode_of(newer) == "delete"  # who only connects changes nothing
            assert Books(newer).number(*SERIES, "乙") == 2
    with closing(migrated(file)) as newer:
        assert mode_of(newer) == "wal"
        assert Books(newer).number(*SERIES, "丙") == 3
        monkeypatch.setattr(activities.sqlite_library, "WAL_IS_SAFE", False)
        with closing(Database(f"sqlite:///{file}", patience=0.2)) as older:
            with pytest.raises(Unreachable, match="占用"):
                Books(older).number(*SERIES, "丁")
            newer.close()
            assert Books(older).number(*SERIES, "丁") == 4
            assert mode_of(older) == "truncate"
            assert not file.with_name("registry.db-wal").exists()
            assert [each.key for each in Books(older).numbers()] == ["甲", "乙", "丙", "丁"]


@pytest.mark.usefixtures("log")
def test_who_was_shut_out_is_given_the_next_number_afterwards(file: Path) -> None:
    with closing(migrated(file)) as database, closing(Database(f"sqlite:///{file}", patience=0.2)) as other:
        assert Books(other).number(*SERIES, "甲") == 1
        with database.entering(), pytest.raises(Unreachable, match="占用"):
            Books(other).number(*SERIES, "乙")
        assert Books(other).number(*SERIES, "乙") == 2
        other.close()  # which gives back what is held, and can be used on
        assert Books(other).number(*SERIES, "丙") == 3
        assert Books(database).gaps() == []


@with_log
def test_a_reader_waits_for_no_writer_and_keeps_its_view(file: Path) -> None:
    with closing(migrated(file)) as database:
        books = Books(database)
        books.number(*SERIES, "甲")
        with database.reading() as session:
            count = text("SELECT count(*) FROM numbers")
            assert session.connection().execute(count).scalar_one() == 1
            with database.entering() as connection:
                connection.execute(text("UPDATE numbers SET key = '乙'"))
                with closing(Database(f"sqlite:///{file}", patience=0.2)) as other:
                    assert [each.key for each in Books(other).numbers()] == ["甲"]
                    with pytest.raises(Unreachable, match="占用"):
                        Books(other).number(*SERIES, "丙")
            assert books.number(*SERIES, "丙") == 2
            assert session.connection().execute(count).scalar_one() == 1
        assert [each.key for each in books.numbers()] == ["乙", "丙"]


@with_log
def test_readers_one_after_the_other_do_not_let_the_log_grow(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activities.database, "_LONGEST_LOG", 1024 * 1024)
    log = file.with_name("registry.db-wal")
    with closing(migrated(file)) as database:
        books, number = Books(database), 0

        def write(times: int) -> None:
            nonlocal number
            for _ in range(times):
                number += 1
                content = f"{number}" * 400_000
                books.keep(Stray(id=f"s{number}", name="x", content=content, why="", received_at=NOON))

        with database.reading() as session:
            session.connection().execute(text("SELECT count(*) FROM intake")).scalar_one()
            write(20)
            assert log.stat().st_size > 8 * 1024 * 1024  # what a reader sees cannot be written over
        stopped = threading.Event()

        def read() -> None:
            while not stopped.is_set():
                books.numbers()

        readers = [threading.Thread(target=read) for _ in range(3)]
        for each in readers:
            each.start()
        write(60)
        stopped.set()
        for each in readers:
            each.join()
        write(12)
        assert log.stat().st_size < 8 * 1024 * 1024


@with_log
def test_what_a_killed_process_left_in_the_log_travels_with_the_file(file: Path, tmp_path: Path) -> None:
    """As after a crash: log and file are copied together, and the copy has it all."""
    with closing(migrated(file)) as database:
        Books(database).number(*SERIES, "甲")
        copy = tmp_path / "copy"
        copy.mkdir()
        for path in (file, file.with_name("registry.db-wal")):
            (copy / path.name).write_bytes(path.read_bytes())
    with closing(sqlite3.connect(f"file:{copy / 'registry.db'}?mode=ro", uri=True)) as read_only:
        assert read_only.execute("SELECT key FROM numbers").fetchall() == [("甲",)]
    with closing(Database(f"sqlite:///{copy / 'registry.db'}")) as restored:
        assert Books(restored).number(*SERIES, "乙") == 2
