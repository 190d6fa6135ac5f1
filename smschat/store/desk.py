"""The open store: its connections, its writer, its watcher, its locks; the verbs stand on this in their own files.

The rule: `_read` runs on the connection that cannot write, `_write` is a job of the one writer.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self, TypeVar

from smschat.store import database, locks
from smschat.store.database import Pulse
from smschat.store.locks import LockFiles
from smschat.store.times import to_us
from smschat.store.watcher import Watcher
from smschat.store.work import Work
from smschat.store.writer import Writer

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from smschat.store.database import Database
    from smschat.store.locks import Lock

T = TypeVar("T")

OUTBOX: Final = "receiving"
"""The duty whose owner sends what nobody has claimed, and alone checkpoints the WAL."""


@dataclass(slots=True)
class _Open:
    """What is opened in this order, and closed in reverse."""

    holder: str
    lock: Lock
    writer_db: Database
    reader_db: Database
    pulse: Pulse


class Desk:
    """An open store without its verbs; made by `open` only."""

    def __init__(self, files: LockFiles, opened: _Open, clock: Callable[[], datetime]) -> None:
        self.holder = opened.holder
        self._files = files
        self._opened = opened
        self._clock = clock
        self._duties: dict[str, Lock] = {}
        self._watcher = Watcher(opened.reader_db, opened.pulse)
        self._writer = Writer(opened.writer_db, self._start, committed=self._watcher.poke)
        self._is_closed = False

    @classmethod
    async def _open(cls, path: Path, clock: Callable[[], datetime]) -> Self:
        locks.make_private_folder(path.parent)
        files = LockFiles(path)
        async with contextlib.AsyncExitStack() as undo:
            holder, lock = files.take_holder()
            undo.callback(lock.release, remove=True)
            writer_db = await database.open_writer(path)
            undo.push_async_callback(writer_db.close)
            reader_db = await database.open_reader(path)
            undo.push_async_callback(reader_db.close)
            pulse = Pulse(path)
            undo.callback(pulse.close)
            store = cls(files, _Open(holder, lock, writer_db, reader_db, pulse), clock)
            undo.pop_all()
        return store

    async def close(self) -> None:
        """Carry out what waits, give duties and locks back, and close; a second time does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        async with contextlib.AsyncExitStack() as last_first:
            last_first.callback(self._opened.lock.release, remove=True)
            for duty in self._duties.values():
                last_first.callback(duty.release)
            last_first.push_async_callback(self._opened.writer_db.close)
            last_first.push_async_callback(self._opened.reader_db.close)
            last_first.callback(self._opened.pulse.close)
            last_first.push_async_callback(self._watcher.close)
            last_first.push_async_callback(self._writer.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _now(self) -> int:
        return to_us(self._clock())

    def _start(self, db: sqlite3.Connection) -> Work:
        return Work(db, now=self._now(), holder=self.holder, owns_outbox=OUTBOX in self._duties)

    async def _read(self, fn: Callable[[sqlite3.Connection], T]) -> T:
        return await self._opened.reader_db.run(fn)

    async def _write(self, job: Callable[[Work], T]) -> T:
        return await self._writer.do(job)
