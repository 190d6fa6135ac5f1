"""Stores on a disk of their own, and a connection in memory for the rules that need no file."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Protocol

import pytest

from smschat.store import SqliteStore, schema
from tests.store.samples import Clock, Desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


class OpenStore(Protocol):
    """Opens another store on the same file, as another process would."""

    async def __call__(self) -> SqliteStore: ...


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "default.db"


@pytest.fixture
async def open_store(path: Path, clock: Clock) -> AsyncIterator[OpenStore]:
    opened: list[SqliteStore] = []

    async def open_another() -> SqliteStore:
        store = await SqliteStore.open(path, clock=clock)
        opened.append(store)
        return store

    yield open_another
    for store in opened:
        await store.close()


@pytest.fixture
async def store(open_store: OpenStore) -> SqliteStore:
    """A store that owns the outbox."""
    store = await open_store()
    assert await store.own("receiving")
    return store


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    """The newest tables, in memory."""
    connection = memory_db()
    yield connection
    connection.close()


@pytest.fixture
def desk(db: sqlite3.Connection) -> Desk:
    return Desk(db)


def memory_db() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    schema.migrate(connection)
    return connection
