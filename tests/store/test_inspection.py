"""Whether a damaged store is found out, and said in our words."""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
from typing import TYPE_CHECKING

import pytest

from smschat.errors import StoreError
from smschat.store import SqliteStore, schema
from smschat.store.inspection import inspect
from tests.store.samples import Clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGE = 4096


async def a_store(path: Path) -> None:
    async with await SqliteStore.open(path, clock=Clock()) as store:
        await store.path_token()
        for number in range(40):
            await store.open_conversation(f"316000000{number:02}", name="x" * 400)


async def test_a_store_that_is_whole_has_nothing_wrong(path: Path) -> None:
    await a_store(path)
    async with await SqliteStore.open(path) as store:
        assert await store.inspect(60.0) == ()


async def test_an_index_that_does_not_fit_its_table_is_found(path: Path) -> None:
    await a_store(path)
    with contextlib.closing(sqlite3.connect(path)) as db:
        where = "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_conversation_1'"
        (root,) = db.execute(where).fetchone()
    harm(path, lambda file: _misspell(file, root))
    async with await SqliteStore.open(path) as store:
        assert await store.inspect(60.0)


def test_the_look_ends_when_its_time_is_over() -> None:
    db = sqlite3.connect(":memory:")
    try:
        db.executescript("CREATE TABLE many(a); CREATE INDEX i ON many(a);")
        rows = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 60000) SELECT x FROM n"
        db.execute(f"INSERT INTO many {rows}")
        hours = itertools.count(step=3600)
        assert inspect(db, 1.0, monotonic=lambda: float(next(hours))) is None
        assert inspect(db, 1.0, monotonic=lambda: 0.0) == ()
    finally:
        db.close()


def test_the_look_of_a_new_store_is_clean() -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    try:
        schema.migrate(db)
        assert inspect(db, 60.0) == ()
    finally:
        db.close()


def _header_gone(file: bytearray) -> None:
    file[:100] = os.urandom(100)


def _schema_gone(file: bytearray) -> None:
    file[100:PAGE] = b"\xff" * (PAGE - 100)


def _all_but_the_schema_gone(file: bytearray) -> None:
    file[PAGE:] = bytes(number * 7919 & 255 for number in range(len(file) - PAGE))


def _cut_off(file: bytearray) -> None:
    del file[PAGE + 900 :]


def _misspell(file: bytearray, page: int) -> None:
    at = file.index(b"31600000005", PAGE * (page - 1), PAGE * page)
    file[at : at + 11] = b"31600000995"


def harm(path: Path, damage: Callable[[bytearray], None]) -> None:
    file = bytearray(path.read_bytes())
    damage(file)
    path.write_bytes(file)


async def look_at(path: Path) -> None:
    async with await SqliteStore.open(path) as store:
        await store.inspect(60.0)
        await store.registration()


@pytest.mark.parametrize("damage", [_header_gone, _schema_gone, _all_but_the_schema_gone, _cut_off])
async def test_a_store_that_is_damaged_is_said_and_never_a_traceback(
    path: Path, damage: Callable[[bytearray], None]
) -> None:
    await a_store(path)
    harm(path, damage)
    with pytest.raises(StoreError, match=r"damaged|not a store") as caught:
        await look_at(path)
    assert caught.value.hint
