"""The SQLite library with which everybody here opens the file of books and registry: the one of Python, or a newer one.

One for all, because two copies of the library in a process know nothing of each other's locks: when one of them closes the
file, the system drops those of the other. Whoever opens `registry.db`, a test too, takes `sqlite3` from here.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

__all__ = ["WAL_IS_SAFE", "sqlite3"]

_SAFE_WAL = (3, 51, 3)
"""Before this version two connections that write and checkpoint at the same moment can corrupt a file in WAL mode."""

if not TYPE_CHECKING and sqlite3.sqlite_version_info < _SAFE_WAL:
    with suppress(ImportError):  # there is none for every platform
        from pysqlite3 import dbapi2 as sqlite3

WAL_IS_SAFE = sqlite3.sqlite_version_info >= _SAFE_WAL
"""Whether files are kept in WAL mode; with a rollback journal otherwise."""
