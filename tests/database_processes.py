"""What other processes do to a database under test; apart from the tests, so that they start quickly."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

import activities.sqlite_library
from activities.books import Books
from activities.database import Database
from activities.incoming_papers import Incoming, IncomingBook
from activities.prepared import Prepared
from models.errors import Unreachable

COUNTY = "350425"
SERIES = (COUNTY, "suggestion", 2021)


def take_numbers(address: str, keys: list[str]) -> None:
    """Take a number for each key."""
    books = Books(Database(address))
    for key in keys:
        books.number(*SERIES, key)


def die_taking_numbers(moment: str, address: str, keys: list[str]) -> None:
    """Take numbers, and be killed `before` the second one is committed, or just `after`."""
    books = Books(Database(address))
    _die_at_the_second(moment, keys, lambda key: books.number(*SERIES, key))


def enter_papers(address: str, digests: list[str]) -> None:
    """Enter an incoming paper for each digest."""
    book = IncomingBook(Database(address))
    for digest in digests:
        book.enter(_paper(digest))


def die_entering_papers(moment: str, address: str, digests: list[str]) -> None:
    """The same, and be killed as above."""
    book = IncomingBook(Database(address))
    _die_at_the_second(moment, digests, lambda digest: book.enter(_paper(digest)))


def _paper(digest: str) -> Incoming:
    case = f"urging-{COUNTY}-2021-0001"
    return Incoming(case=case, digest=digest, name=digest, received_on=date(2021, 9, 15))


def _die_at_the_second(moment: str, keys: list[str], take: Callable[[str], object]) -> None:
    take(keys[0])

    def die(_: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if moment == "before":
        event.listen(Engine, "commit", die)
        entered = Prepared.scalar_of_sqlite  # what is handed to SQLite's driver is committed by it too
        patch.object(Prepared, "scalar_of_sqlite", lambda *given: die(entered(*given))).start()
    take(keys[1])
    die(None)


def migrate(address: str, barrier: Barrier) -> None:
    """Migrate when the other process does."""
    database = Database(address)
    barrier.wait(30)
    database.migrate()
    database.close()


def take_numbers_until_killed(address: str, log: bool, note: str, name: str) -> None:
    """Take one number after the other and note each down once it is given; `log`: whether the library is fit for one."""
    activities.sqlite_library.WAL_IS_SAFE = log
    books = Books(Database(address))
    with Path(note).open("a", encoding="utf-8") as told:
        for count in itertools.count(1):
            key = f"{name}-{count}"
            number = None
            while number is None:
                # Two that write without a pause may shut each other out for longer than either waits.
                with suppress(Unreachable):
                    number = books.number(*SERIES, key)
            told.write(f"{key} {number}\n")
            told.flush()
