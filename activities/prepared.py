"""Statements that are asked with every paper, for SQLite put into words once and handed to its driver.

SQLAlchemy makes a key of a statement, looks it up, and makes objects of connection, transaction and what comes back: after a
paper was set, when nothing of that is in the processor's caches any more, it takes several times as long as SQLite itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler


class Prepared:
    """An INSERT that answers at most one value, none when nothing was entered; `made` writes it by a dialect's own insert."""

    def __init__(self, made: Callable[[Any], Any]) -> None:
        self._postgresql: Executable = made(postgresql.insert)
        dialect = sqlite.dialect(paramstyle="named")
        statement: ClauseElement = made(sqlite.insert)
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self._sqlite = str(compiled)
        bound = {name: parameter for parameter, name in compiled.bind_names.items()}
        processors = {
            name: each.type.dialect_impl(dialect).bind_processor(dialect) for name, each in bound.items()
        }
        self._processors = {name: each for name, each in processors.items() if each is not None}
        self._own = {name: each.value for name, each in bound.items() if not each.required}

    def scalar(self, connection: Connection, given: Mapping[str, object]) -> Any:
        """What it answers, within the transaction of a connection."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._postgresql, given).scalar()
        return self.scalar_of_sqlite(connection.connection.driver_connection, given)

    def scalar_of_sqlite(self, driver: Any, given: Mapping[str, object]) -> Any:
        """What it answers, within the transaction of SQLite's own connection."""
        values = self._own | dict(given)
        for name, process in self._processors.items():
            values[name] = process(values[name])
        cursor = driver.execute(self._sqlite, values)
        try:
            row = cursor.fetchone()
        finally:
            cursor.close()
        return row[0] if row is not None else None


Entries = Sequence[tuple[Prepared, Mapping[str, object]]]


class SqliteWriter:
    """One connection to SQLite, held for such statements: for one thread at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: Any = None

    def enter(self, entries: Entries) -> Any:
        """Make all entries in one transaction, and answer what the last does; when one of them enters nothing, none does."""
        driver = self._connection()
        try:
            driver.execute("BEGIN IMMEDIATE")
            for statement, given in entries:
                answered = statement.scalar_of_sqlite(driver, given)
                if answered is None:
                    driver.rollback()
                    return None
            driver.commit()
        except BaseException:
            self.close()  # and with it whatever was begun
            raise
        return answered

    def close(self) -> None:
        """Give the connection up; the next entry makes another."""
        held, self._held = self._held, None
        if held is not None:
            held.close()

    def _connection(self) -> Any:
        if self._held is None:
            made = self._engine.raw_connection()
            driver: Any = made.driver_connection
            made.detach()  # from the engine's pool, whose readers may have had it
            driver.execute("PRAGMA query_only = OFF")
            self._held = driver
        return self._held
