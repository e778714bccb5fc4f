"""The database of books and registry: SQLite on one machine, PostgreSQL in a cluster, the same code on both.

On SQLite a write begins with BEGIN IMMEDIATE: under a deferred begin in WAL mode, 245 of 600 concurrent writes were lost
to "database is locked". What is not yet whole is in a write-ahead log where the library is fit for it (`sqlite_library`), in
a rollback journal otherwise; either way a commit is on the disk before it is answered.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, func, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from activities import sqlite_library
from activities.prepared import Prepared, SqliteWriter
from activities.sqlite_library import sqlite3
from activities.walls import walls
from models.errors import InputError, Problem, Refusal, Unreachable
from models.reach import WHOLE, Reach

PATIENCE = 5.0
"""Seconds to wait for a connection, a lock or an answer."""

SYNCHRONOUS = "FULL"
"""What SQLite forces to the disk: everything, so that a power cut takes nothing that was acknowledged."""

MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATING_PATIENCE = 300.0
_LONGEST_LOG = 16 * 1024 * 1024
"""Bytes that a write-ahead log keeps on the disk once all in it has gone into the file; a long reading may have let it grow."""
_MIGRATION_LOCK = "mingjian.migration"
_one_migration = threading.Lock()  # Alembic's context is one for the whole process

_LATER = "稍后再试；一直如此时请运维人员检查数据库"
_SETUP = "先用 mingjian up 建立或升级数据库"
_CAUSES: dict[str, tuple[str, str]] = {
    # SQLite, by the name of its result code
    "SQLITE_BUSY": ("另一个程序占用着数据库，等待超时", _LATER),
    "SQLITE_LOCKED": ("另一个程序占用着数据库，等待超时", _LATER),
    "SQLITE_PROTOCOL": ("另一个程序占用着数据库，等待超时", _LATER),
    "SQLITE_CANTOPEN": ("数据库文件不存在，或打不开", _SETUP),
    "SQLITE_READONLY": ("对数据库文件没有写权限", "检查文件和所在文件夹的属主、权限"),
    "SQLITE_FULL": ("磁盘已满", "腾出磁盘空间后再试"),
    "SQLITE_IOERR": ("读写磁盘出错", "检查磁盘，必要时从备份恢复"),
    "SQLITE_NOTADB": ("文件不是数据库", "核对设置项 registry_url"),
    "SQLITE_CORRUPT": ("数据库文件已损坏", "停止使用，从备份恢复"),
    # PostgreSQL, by SQLSTATE
    "28": ("数据库拒绝登录", "核对用户名和口令（registry_password）"),
    "3D": ("没有这个数据库", "由运维人员建立，并核对设置项 registry_url"),
    "40": ("与另一个程序同时写入而中断", "再试一次"),
    "42501": ("数据库不许本用户这样做", "由运维人员授予权限（席位只看一部分案件的，须能建立临时视图）"),
    "42P01": ("数据库尚未建立，或由另一版本的程序建立", _SETUP),
    "42703": ("数据库尚未建立，或由另一版本的程序建立", _SETUP),
    "53": ("数据库资源不足（连接数、内存或磁盘）", _LATER),
    "55P03": ("另一个程序占用着数据库，等待超时", _LATER),
    "57014": ("数据库没有及时答复", _LATER),
    "57P": ("数据库正在停止或启动", _LATER),
}


class Database:
    """One database, safe for many threads.

    `url` is an SQLAlchemy address: `sqlite:///<file>` or `postgresql+psycopg://…`; InputError for another.
    `patience` is in seconds: every session raises Unreachable when the database does not answer in time.
    `reach` is what of the cases whoever reads may see: the rest is not there, whatever is asked. Writing knows no walls; whoever
    writes of a case has asked for it before.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE, reach: Reach = WHOLE) -> None:
        self._url = _checked(url)
        self._patience = patience
        self.reach = reach
        self._engine = _engine(self._url, patience)
        # What has walls cannot be written through: readers within them have connections of their own.
        self._behind_walls = self._engine if reach.is_whole else _engine(self._url, patience, reach=reach)
        reads_only: dict[str, Any] = (
            {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            if self.is_postgresql
            else {"reads_only": True}
        )
        self._reader = self._behind_walls.execution_options(**reads_only)
        self._unwalled_reader = self._engine.execution_options(**reads_only)
        self._turn = threading.Lock()
        self._writer = None if self.is_postgresql else SqliteWriter(self._engine)

    @property
    def is_postgresql(self) -> bool:
        """Whether it is PostgreSQL; SQLite otherwise."""
        return self._url.get_backend_name() == "postgresql"

    @property
    def place(self) -> str:
        """Where it is, for staff and logs: without the password."""
        return self._url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self, *, beyond_walls: bool = False) -> Iterator[Session]:
        """One consistent view; a write in it is an error.

        `beyond_walls`: of what the reach leaves out too. Only for what must hold whoever asks (that nothing is opened or numbered
        twice), and of which nobody is told more than that it cannot be done.
        """
        reader = self._unwalled_reader if beyond_walls else self._reader
        with self._answering(), Session(reader, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: all of it is kept, or nothing when anything is raised."""
        with (
            self._answering(),
            self._taking_turns(),
            Session(self._engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def entering(self) -> Iterator[Connection]:
        """The same on the bare connection: a session costs more than the few statements of a number."""
        with self._answering(), self._taking_turns(), self._engine.begin() as connection:
            yield connection

    def enter(self, *entries: tuple[Prepared, Mapping[str, object]], under: Iterable[str]) -> Any:
        """All entries in one transaction, under these locks: what the last answers. None when one of them enters nothing: then
        none is made.
        """
        with self._answering(), self._taking_turns():
            if self._writer is not None:
                return self._writer.enter(entries)
            with self._engine.connect() as connection:
                for name in under:
                    self.lock(connection, name)
                for statement, given in entries:
                    answered = statement.scalar(connection, given)
                    if answered is None:
                        return None
                connection.commit()
                return answered

    def lock(self, by: Session | Connection, name: str) -> None:
        """Keep out others that lock this name until the transaction ends (SQLite has one writer anyway)."""
        if self.is_postgresql:
            _lock(by if isinstance(by, Connection) else by.connection(), name)

    def migrate(self) -> None:
        """Bring the tables to this program's version, in one transaction; a second process waits its turn.

        Creates a missing SQLite file, with its folder, readable by its owner alone. Refusal for a database
        that a newer program has made.
        """
        from alembic import command
        from alembic.util import CommandError

        with self._answering():
            if not self.is_postgresql:
                self._create_file()
            engine = _engine(self._url, _MIGRATING_PATIENCE, migrating=True)
            try:
                with _one_migration, engine.begin() as connection:
                    if self.is_postgresql:
                        _lock(connection, _MIGRATION_LOCK)
                    command.upgrade(alembic_config(connection), "head")
                    if not self.is_postgresql:
                        _check_references(connection)
            except CommandError as error:
                raise Refusal(
                    Problem(f"数据库 {self.place} 不是本程序所知的版本：{error}", "换用更新的程序")
                ) from error
            finally:
                engine.dispose()

    def close(self) -> None:
        """Give back every connection."""
        # Who writes just now goes on, and keeps what it holds.
        if self._writer is not None and self._turn.acquire(blocking=False):
            self._writer.close()
            self._turn.release()
        self._engine.dispose()
        self._behind_walls.dispose()

    @contextmanager
    def _taking_turns(self) -> Iterator[None]:
        """SQLite has one writer, and lets those who wait poll: threads of one process queue here instead."""
        if self.is_postgresql:
            yield
            return
        if not self._turn.acquire(timeout=self._patience):
            raise self._unreachable("SQLITE_BUSY", "")
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeout as error:
            raise self._unreachable("53", "") from error
        except (DBAPIError, sqlite3.Error) as error:  # a transaction is begun past SQLAlchemy
            cause = error.orig if isinstance(error, DBAPIError) else error
            code = _code(cause)
            if code is None:
                raise
            raise self._unreachable(code, str(cause)) from error
        except OSError as error:
            raise self._unreachable("", str(error)) from error

    def _unreachable(self, code: str, words: str) -> Unreachable:
        detail = words.strip().partition("\n")[0]
        otherwise = (f"连不上数据库：{detail}", _LATER)
        what, remedy = next((_CAUSES[each] for each in _CAUSES if code.startswith(each)), otherwise)
        return Unreachable(Problem(f"数据库 {self.place}：{what}", remedy))

    def _create_file(self) -> None:
        path = Path(str(self._url.database)).absolute()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def alembic_config(connection: Connection) -> Any:
    """Alembic's settings for an open connection, whose transaction it joins."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(slug)s_%%(rev)s")  # a name that Python can import
    config.attributes["connection"] = connection
    return config


def _checked(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        raise InputError(
            Problem(
                "不是数据库地址",
                "写作 sqlite:////路径/registry.db 或 postgresql+psycopg://用户@主机/库名",
                "registry_url",
            )
        ) from None
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise InputError(
            Problem(f"不支持的数据库 {url.drivername}", "用 sqlite 或 postgresql+psycopg", "registry_url")
        )
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise InputError(Problem("没有写明数据库文件", "写作 sqlite:////路径/registry.db", "registry_url"))
    return url


def _engine(url: URL, patience: float, *, migrating: bool = False, reach: Reach = WHOLE) -> Engine:
    arguments: dict[str, Any] = {
        "hide_parameters": True,  # names and texts of a case are not for error messages and logs
        "json_serializer": _json,
    }
    if migrating:
        arguments["poolclass"] = NullPool
    else:
        arguments |= {"pool_size": 10, "max_overflow": 20, "pool_timeout": patience, "pool_use_lifo": True}
    if is_postgresql := url.get_backend_name() == "postgresql":
        engine = _postgresql_engine(url, patience, arguments)
    else:
        engine = _sqlite_engine(url, patience, arguments, migrating=migrating)
    if statements := walls(reach, postgresql=is_postgresql):
        _put_up(engine, statements)
    return engine


def _put_up(engine: Engine, statements: tuple[str, ...]) -> None:
    """Put walls up on every connection as it is made."""

    @event.listens_for(engine, "connect")
    def put_up(connection: Any, record: object) -> None:
        cursor = connection.cursor()
        try:
            for statement in statements:
                cursor.execute(statement)
        except Exception as error:  # of the driver, which SQLAlchemy does not turn into its own here
            raise DBAPIError("", None, error) from error
        finally:
            cursor.close()
        connection.commit()


def _postgresql_engine(url: URL, patience: float, arguments: dict[str, Any]) -> Engine:
    milliseconds = int(patience * 1000)
    chosen = {
        "lock_timeout": milliseconds * 4 // 5,  # before the next one, so that the reason is known
        "statement_timeout": milliseconds,
        "idle_in_transaction_session_timeout": milliseconds,
        # To make machine code or call helpers takes longer than any of our questions; a plan for every county or word
        # suits none of them; and a few thousand rows are sooner looked up than a table is read: what is asked for is in
        # memory, or on flash.
        "jit": "off",
        "plan_cache_mode": "force_custom_plan",
        "random_page_cost": "1.1",
        "max_parallel_workers_per_gather": "0",
    }
    arguments["connect_args"] = {
        "application_name": "mingjian",
        "connect_timeout": max(2, round(patience)),
        "keepalives_idle": 30,
        "options": " ".join(f"-c {name}={value}" for name, value in chosen.items()),
        "tcp_user_timeout": milliseconds,
    }
    arguments["pool_pre_ping"] = True
    try:
        return create_engine(url, **arguments)
    except ModuleNotFoundError:
        raise InputError(
            Problem("没有安装 PostgreSQL 的驱动 psycopg", "安装 psycopg[binary]", "registry_url")
        ) from None


def _sqlite_engine(url: URL, patience: float, arguments: dict[str, Any], *, migrating: bool) -> Engine:
    # mode=rw: a mistyped path is an error, not a new empty database
    address = f"file:{quote(str(Path(str(url.database)).absolute()))}?mode=rw"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            address, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
        )

    engine = create_engine(url, module=sqlite3, creator=connect, **arguments)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, record: object) -> None:
        # A table that a migration rebuilds is dropped for a moment: its references are checked at the end.
        connection.execute(f"PRAGMA foreign_keys = {'OFF' if migrating else 'ON'}")
        # The mode stands in the file. A library that must not use a log takes it away, or is refused while others use it.
        if not sqlite_library.WAL_IS_SAFE:
            connection.execute("PRAGMA journal_mode = TRUNCATE")
        elif migrating:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
        connection.execute(f"PRAGMA journal_size_limit = {_LONGEST_LOG}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reads_only = connection.get_execution_options().get("reads_only", False)
        driver: Any = connection.connection.driver_connection
        if connection.info.get("reads_only") is not reads_only:
            driver.execute(f"PRAGMA query_only = {'ON' if reads_only else 'OFF'}")
            connection.info["reads_only"] = reads_only
        driver.execute("BEGIN" if reads_only else "BEGIN IMMEDIATE")

    return engine


def _lock(connection: Connection, name: str) -> None:
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _check_references(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        raise RuntimeError(f"the migration left {len(broken)} rows without what they refer to")


def _code(cause: Any) -> str | None:
    """The code of an error that says the database is out of reach; None for a mistake of ours."""
    code = str(getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or "")
    if code == "SQLITE_ERROR" and str(cause).startswith(("no such table", "no such column")):
        return "42P01"
    if any(code.startswith(each) for each in _CAUSES):
        return code
    # without a code the connection itself has failed
    return "08" if not code or code.startswith("08") else None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
