"""A connection with a thread of its own; what runs on it is one plain function at a time, one hop for each.

The rule: a process has one connection that writes and one that reads; `Pulse` only ever asks for two numbers.
"""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING, Final, TypeVar, cast
from urllib.parse import quote

import aiosqlite

from smschat.domain.conversation import fits
from smschat.errors import StoreError
from smschat.store import schema, trouble
from smschat.store.locks import Lock, LockFiles, make_private_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")

BUSY_TIMEOUT_MS: Final = 5000
CHECKPOINT_PAGES: Final = 1000
BULK_CHECKPOINT_PAGES: Final = 16_000
CACHE_KIB: Final = 2000
BULK_CACHE_KIB: Final = 128 * 1024
OLDEST_SQLITE: Final = (3, 37, 0)
"""STRICT tables; `RETURNING` and `UPDATE … FROM` are older."""

_COMMON: Final = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA temp_store = MEMORY",
)


class Database(aiosqlite.Connection):
    """One SQLite connection in its own thread."""

    async def run(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        """Call `fn` with the connection, in its thread. Raises StoreError for SQLite's errors, and when closed."""
        if not self._running or self._connection is None:
            raise trouble.closed()
        try:  # aiosqlite leaves the method without types
            answer: T = await self._execute(fn, self._connection)  # type: ignore[no-untyped-call]
        except sqlite3.Error as error:
            raise trouble.in_words(error) from error
        return answer

    @classmethod
    async def start(cls, connector: Callable[[], sqlite3.Connection]) -> Database:
        """Open by calling `connector` in the thread. Raises StoreError."""
        database = cls(connector, iter_chunk_size=64)
        try:
            return cast("Database", await database)
        except BaseException as error:
            await asyncio.to_thread(database._thread.join)
            if isinstance(error, sqlite3.Error):
                raise trouble.in_words(error) from error
            raise


async def open_writer(path: Path) -> Database:
    """The writing connection; makes the file and brings its tables up to date. Raises StoreError, StoreNewerError."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(
            f"SQLite {sqlite3.sqlite_version} is too old",
            hint="use a Python that comes with SQLite 3.37 or newer",
            code="store_sqlite",
        )
    make_private_file(path)
    return await Database.start(lambda: _set_up(path))


async def open_reader(path: Path) -> Database:
    """A connection that cannot write."""
    return await Database.start(lambda: _connect(path, "PRAGMA query_only = ON"))


def _set_up(path: Path) -> sqlite3.Connection:
    """Only one process at a time sets up: switching to WAL does not wait for its turn by itself."""
    setting_up = Lock.wait_for(LockFiles(path).duty("setup"))
    try:
        return _connect(
            path,
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "PRAGMA secure_delete = FAST",
            "PRAGMA wal_autocheckpoint = 0",
            prepare=schema.migrate,
        )
    finally:
        setting_up.release()


def _connect(
    path: Path, *pragmas: str, prepare: Callable[[sqlite3.Connection], None] = lambda _db: None
) -> sqlite3.Connection:
    address = f"file:{quote(str(path.absolute()))}?mode=rw"
    db = sqlite3.connect(address, uri=True, isolation_level=None, cached_statements=256)
    try:
        db.row_factory = sqlite3.Row
        db.create_function("fits", 3, fits, deterministic=True)
        for pragma in (*_COMMON, *pragmas):
            db.execute(pragma).fetchall()
        prepare(db)
    except BaseException:
        db.close()
        raise
    return db


def set_checkpointing(db: sqlite3.Connection, *, on: bool) -> None:
    """Whether this process moves the WAL into the database; one process at a time may (SQLite before 3.51.3)."""
    db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES if on else 0}").fetchall()


def set_bulk(db: sqlite3.Connection, *, on: bool) -> None:
    """More memory and rarer checkpoints while many rows are written: ids are random, their index is read all over."""
    (pages,) = db.execute("PRAGMA wal_autocheckpoint").fetchone()
    if pages:
        db.execute(f"PRAGMA wal_autocheckpoint = {BULK_CHECKPOINT_PAGES if on else CHECKPOINT_PAGES}").fetchall()
    db.execute(f"PRAGMA cache_size = -{BULK_CACHE_KIB if on else CACHE_KIB}").fetchall()
    if not on:
        db.execute("PRAGMA shrink_memory").fetchall()


class Pulse:
    """Feels whether anybody has committed, on the event loop itself: a few microseconds, and no thread is woken."""

    def __init__(self, path: Path) -> None:
        """Raises StoreError."""
        try:
            self._db = _connect(path, "PRAGMA query_only = ON", "PRAGMA busy_timeout = 0")
            self._seen = self._version()
        except sqlite3.Error as error:
            raise trouble.in_words(error) from error

    def has_moved(self) -> bool:
        """Whether somebody has committed since the last call; True as well when that cannot be told."""
        try:
            version = self._version()
        except sqlite3.Error:
            return True
        moved = version != self._seen
        self._seen = version
        return moved

    def revision(self) -> int:
        """The newest revision in the store. Raises StoreError."""
        try:
            return int(self._db.execute("SELECT revision FROM counter").fetchone()[0])
        except sqlite3.Error as error:
            raise trouble.in_words(error) from error

    def close(self) -> None:
        """End the connection."""
        self._db.close()

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])
