"""What other processes do to a database under test; apart from the tests, so that they start quickly."""

from __future__ import annotations

import os
import signal
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import Engine, event

from activities.books import Books
from activities.database import Database

COUNTY = "350425"
SERIES = (COUNTY, "suggestion", 2021)


def take_numbers(address: str, keys: list[str]) -> None:
    """Take a number for each key."""
    books = Books(Database(address))
    for key in keys:
        books.number(*SERIES, key)


def die_taking_numbers(moment: str, address: str, keys: list[str]) -> None:
    """Take numbers, and be killed `before` the second one is committed, or just `after`."""
    database = Database(address)
    books = Books(database)
    books.number(*SERIES, keys[0])

    def die(_: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if moment == "before":
        event.listen(Engine, "commit", die)
    books.number(*SERIES, keys[1])
    die(None)


def migrate(address: str, barrier: Barrier) -> None:
    """Migrate when the other process does."""
    database = Database(address)
    barrier.wait(30)
    database.migrate()
    database.close()
