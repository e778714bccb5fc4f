"""A statement that is asked with every paper, for SQLite put into words once.

SQLAlchemy makes a key of a statement, looks it up, and makes objects of what comes back: after a paper was set, when nothing of
that is in the processor's caches any more, it takes several times as long as SQLite itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler


class Prepared:
    """An INSERT that answers at most one value; `made` writes it by a dialect's own insert."""

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
        """What it answers, None when nothing was entered. Within the transaction of the connection."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._postgresql, given).scalar()
        driver: Any = connection.connection.driver_connection
        values = self._own | dict(given)
        for name, process in self._processors.items():
            values[name] = process(values[name])
        cursor = driver.execute(self._sqlite, values)
        try:
            row = cursor.fetchone()
        finally:
            cursor.close()
        return row[0] if row is not None else None
