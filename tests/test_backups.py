"""The books are backed up and restored by the commands of the operations page: numbers go on without gap or repetition."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from activities.books import Books, Stray
from activities.database import Database
from activities.registry import Registry
from activities.roll import RollBook
from activities.seals import SealBook
from models.notices import Notice
from models.roll import Designation
from models.seals import Mending, Seal
from models.tables import Kept
from tests.sample_rows import BOOKS, CASE, fact_row, letter_row, snapshot

pytest_plugins = ["tests.databases"]

NOON = datetime(2021, 9, 15, 4, tzinfo=UTC)
_EMPTY = ("incoming", "addresses", "absences")  # no row of these is made here
PAGE = (Path(__file__).parents[1] / "docs" / "operations.md").read_text(encoding="utf-8")


def shown(heading: str) -> list[str]:
    """The commands that the operations page shows below a heading."""
    section = PAGE.partition(f"### {heading}\n")[2].partition("\n### ")[0].partition("\n## ")[0]
    joined = section.replace("\\\n", " ")
    return [line.strip() for line in joined.splitlines() if re.match(r"    [a-z]", line)]


def read(database: Database, tables: tuple[str, ...]) -> dict[str, list[tuple[Any, ...]]]:
    with database.reading() as session:
        connection = session.connection()
        return {
            name: sorted(
                (tuple(row) for row in connection.execute(select(Kept.metadata.tables[name]))), key=repr
            )
            for name in tables
        }


def filled(database: Database) -> None:
    """Something in every book, and a case in the registry."""
    books = Books(database)
    for each in range(1, 6):
        assert books.number("350481", "suggestion", 2021, f"paper-{each}") == each
        assert books.case_number("350481", "urging", 2021, f"case-{each}") == each
    books.void("paper-2", "重复")
    books.register_official("永安市人民检察院", "suggestion", 2021, "永检建〔2021〕1号", "paper-1")
    stray = Stray(id="s1", name="reply_received", content="{}\0", why="案件已经办结", received_at=NOON)
    books.keep(stray)
    books.publish("2021-a", "text")
    notice = Notice(key="k1", case=CASE, to=("己",), subject="提示", body="将届满", on=NOON.date(), at=NOON)
    who = Designation(
        office="350481-procuratorate",
        name="永安市人民检察院",
        department="第四检察部",
        person="孙八",
        since=NOON.date(),
        entered_by="周九",
        entered_at=NOON,
    )
    RollBook(database).designate([who])
    seals = SealBook(database)
    seals.enter(
        Seal(folder=CASE, case=CASE, voucher="aa", head="bb", run="r1", program="0.1.0", sealed_at=NOON)
    )
    seals.record([Mending(case=CASE, at=NOON, place=1, what="正本", source="备份", by="周九")])
    Registry(database).project(
        snapshot(1, letters=(letter_row(),), facts=(fact_row(1),)),
        run="r1",
        run_started_at=NOON,
        notices=[notice],
    )


def goes_on(database: Database) -> None:
    """A number given before is the same, the next one follows, and none is missing."""
    books = Books(database)
    assert books.number("350481", "suggestion", 2021, "paper-5") == 5
    assert books.number("350481", "suggestion", 2021, "paper-6") == 6
    assert books.case_number("350481", "urging", 2021, "case-6") == 6
    assert books.gaps() == books.gaps(book="case") == []


def run(command: str, folder: Path, **environment: str) -> None:
    """A command of the page, as an operator types it."""
    from tests.ready_databases import PROGRAMS

    path = os.pathsep.join([*([str(PROGRAMS)] if PROGRAMS else []), os.environ["PATH"]])
    done = subprocess.run(
        ["sh", "-euc", command],
        cwd=folder,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stderr}"


@contextmanager
def numbers_given(database: Database) -> Iterator[None]:
    """Somebody takes one number after the other meanwhile."""
    stopped = threading.Event()

    def give() -> None:
        number = 0
        while not stopped.is_set():
            number += 1
            Books(database).number("350425", "suggestion", 2021, f"other-{number}")

    giver = threading.Thread(target=give)
    giver.start()
    try:
        yield
    finally:
        stopped.set()
        giver.join()


def test_the_books_of_one_machine(tmp_path: Path) -> None:
    if shutil.which("sqlite3") is None:
        pytest.skip("the sqlite3 program is not installed")
    [backup, *restore] = shown("The books of one machine")
    database = Database(f"sqlite:///{tmp_path / 'registry.db'}")
    database.migrate()
    filled(database)
    with numbers_given(database):
        run(backup, tmp_path)
    before = read(database, BOOKS)
    database.close()
    # What a crash may leave beside a file must not be rolled back into the one that is put in its place.
    (tmp_path / "registry.db").write_bytes(b"destroyed")
    for rest in ("journal", "wal", "shm"):
        (tmp_path / f"registry.db-{rest}").write_bytes(b"rest")
    for command in restore:
        run(command, tmp_path)
    restored = Database(f"sqlite:///{tmp_path / 'registry.db'}")
    restored.migrate()
    after = read(restored, BOOKS)
    assert {name: rows for name, rows in after.items() if name != "numbers"} == {
        name: rows for name, rows in before.items() if name != "numbers"
    }
    # Of a series that went on during the backup, it has the numbers up to a moment.
    assert set(after["numbers"]) <= set(before["numbers"])
    assert all(rows for name, rows in after.items() if name not in _EMPTY)
    goes_on(restored)
    given = [each.number for each in Books(restored).numbers(county="350425")]
    assert Books(restored).number("350425", "suggestion", 2021, "next") == len(given) + 1
    assert (tmp_path / "registry.db").stat().st_mode & 0o777 == 0o600
    restored.close()


def test_the_books_in_postgresql(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    from tests.databases import empty_postgresql
    from tests.ready_databases import PROGRAMS

    if PROGRAMS is None:
        pytest.skip("PostgreSQL is not installed")
    cluster: Path = request.getfixturevalue("cluster")
    [backup, restore] = shown("The books in PostgreSQL")
    address = empty_postgresql(cluster)
    database = Database(address)
    database.migrate()
    filled(database)
    before = read(database, BOOKS)
    where = f"postgresql://mingjian@/postgres?host={cluster}"
    with numbers_given(database):
        run(backup, tmp_path, DATABASE=where)
    database.close()
    assert empty_postgresql(cluster) == address
    run(restore, tmp_path, DATABASE=where)
    restored = Database(address)
    restored.migrate()
    after = read(restored, BOOKS)
    others = [row for row in after["numbers"] if "350425" not in row]
    assert after | {"numbers": others} == before
    assert all(rows for name, rows in before.items() if name not in _EMPTY)
    assert Registry(restored).snapshot(CASE) is None
    assert Registry(restored).project(snapshot(1), run="r1", run_started_at=NOON)
    goes_on(restored)
    given = Books(restored).numbers(county="350425")
    assert Books(restored).number("350425", "suggestion", 2021, "next") == len(given) + 1
    restored.close()
