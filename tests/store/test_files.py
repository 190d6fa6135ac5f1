"""Files and folders of a store: for their user alone from the first moment, whatever the umask."""

from __future__ import annotations

import asyncio
import os
import stat
from typing import TYPE_CHECKING

import pytest

from smschat.errors import StoreError
from smschat.store import SqliteStore, locks
from smschat.store.locks import Lock, LockFiles
from tests.store.samples import new_sms

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from tests.store.conftest import OpenStore


@pytest.fixture(params=[0o000, 0o022, 0o077])
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


JUNK = b"something else entirely" * 100


@pytest.fixture
def junk(path: Path) -> Path:
    """A file in the store's place that is none."""
    path.parent.mkdir(mode=0o700)
    path.write_bytes(JUNK)
    return path


@pytest.fixture
def link(path: Path, tmp_path: Path) -> Path:
    """A link in the store's place."""
    path.parent.mkdir(mode=0o700)
    (tmp_path / "elsewhere").touch()
    path.symlink_to(tmp_path / "elsewhere")
    return path


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def modes(folder: Path) -> dict[str, int]:
    return {place.name: mode_of(place) for place in [folder, *folder.rglob("*")]}


@pytest.mark.usefixtures("_umask")
async def test_every_file_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "above" / "data"
    store = await SqliteStore.open(folder / "default.db")
    await store.own("receiving")
    await store.add_outbound(new_sms())
    found = modes(tmp_path / "above")
    await store.close()
    folders = {"above", "data", "default.locks"}
    assert folders | {"default.db", "default.db-wal", "default.db-shm", "default.receiving.lock"} <= found.keys()
    assert {name: mode for name, mode in found.items() if mode != (0o700 if name in folders else 0o600)} == {}


async def open_and_close(path: Path) -> None:
    async with await SqliteStore.open(path):
        pass


def test_an_open_file_is_made_private(path: Path) -> None:
    asyncio.run(open_and_close(path))
    path.chmod(0o644)
    asyncio.run(open_and_close(path))
    assert mode_of(path) == 0o600


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
async def test_a_folder_that_others_may_write_in_is_refused(path: Path, mode: int) -> None:
    path.parent.mkdir()
    path.parent.chmod(mode)
    with pytest.raises(StoreError, match="others may write") as refused:
        await SqliteStore.open(path)
    assert "chmod" in refused.value.hint
    assert list(path.parent.iterdir()) == []


async def test_a_folder_that_is_a_file_is_refused(path: Path) -> None:
    path.parent.touch()
    with pytest.raises(StoreError):
        await SqliteStore.open(path)


async def test_a_link_in_place_of_the_store_is_refused(link: Path) -> None:
    with pytest.raises(StoreError, match="regular file"):
        await SqliteStore.open(link)


def test_a_file_that_is_no_store_is_refused_and_left_alone(junk: Path) -> None:
    with pytest.raises(StoreError) as refused:
        asyncio.run(open_and_close(junk))
    assert refused.value.code == "store_not_ours"
    assert junk.read_bytes() == JUNK


async def test_a_failed_start_leaves_no_lock(junk: Path) -> None:
    with pytest.raises(StoreError):
        await SqliteStore.open(junk)
    assert list(LockFiles(junk).folder.iterdir()) == []


async def test_the_pragmas_are_what_the_promises_need(store: SqliteStore) -> None:
    asked = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout", "wal_autocheckpoint")

    def ask(db: sqlite3.Connection) -> list[object]:
        return [db.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]

    assert await store._opened.writer_db.run(ask) == ["wal", 2, 1, 0, 5000, 1000]
    await store.disown("receiving")
    assert (await store._opened.writer_db.run(ask))[-1] == 0


async def test_only_the_owner_checkpoints(store: SqliteStore, open_store: OpenStore) -> None:
    other = await open_store()

    def ask(db: sqlite3.Connection) -> int:
        return int(db.execute("PRAGMA wal_autocheckpoint").fetchone()[0])

    assert await other._opened.writer_db.run(ask) == 0
    await store.close()
    await other.own("receiving")
    assert await other._opened.writer_db.run(ask) > 0


async def test_the_reading_connection_cannot_write(store: SqliteStore) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        await store._read(lambda db: db.execute("DELETE FROM sms"))


async def test_a_holder_lives_as_long_as_its_lock(store: SqliteStore, path: Path) -> None:
    files = LockFiles(path)
    assert files.is_alive(store.holder)
    assert not files.is_alive("nobody")
    await store.close()
    assert not files.is_alive(store.holder)


async def test_the_lock_files_of_the_dead_are_swept(store: SqliteStore, path: Path) -> None:
    files = LockFiles(path)
    (files.folder / "dead").touch()
    await store.settle_orphans()
    assert [place.name for place in files.folder.iterdir()] == [store.holder]


def test_a_lock_is_had_by_one(tmp_path: Path) -> None:
    lock = Lock.take(tmp_path / "a.lock")
    assert lock is not None
    assert Lock.take(tmp_path / "a.lock") is None
    lock.release()
    again = Lock.take(tmp_path / "a.lock")
    assert again is not None
    again.release()


def test_a_lock_does_not_survive_exec(tmp_path: Path) -> None:
    lock = Lock.take(tmp_path / "a.lock")
    assert lock is not None
    assert not os.get_inheritable(lock._descriptor)
    lock.release()


def test_a_lock_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        Lock.take(tmp_path / "missing" / "a.lock")


def test_an_unusable_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be used"):
        locks.make_private_folder(tmp_path / "file" / "below")
