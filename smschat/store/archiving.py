"""The verbs that take a store out and in as a whole: export, import, backup, prune."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from smschat.store import database
from smschat.store.database import set_bulk
from smschat.store.desk import OUTBOX, Desk
from smschat.store.locks import Lock
from smschat.store.times import to_us

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import AsyncGenerator, Iterable
    from datetime import datetime
    from pathlib import Path

    from smschat.domain.archive import Entry, Pruned, Restored

PAGE: Final = 200
"""Entries that are read in one go."""


class Archiving(Desk):
    """What an archive asks for."""

    async def archive(self, *, peer: str | None = None) -> AsyncGenerator[list[Entry], None]:
        """Everything, or everything of one peer, page by page and as it was at one moment; others go on meanwhile."""
        from smschat.store import archive_out  # noqa: PLC0415 - only an export needs it

        own = await database.open_reader(self._files.database)
        try:
            entries = await own.run(lambda db: archive_out.entries(db, peer))
            try:
                while page := await own.run(lambda _db: list(islice(entries, PAGE))):
                    yield page
            finally:
                await own.run(lambda _db: entries.close())
        finally:
            await own.close()

    async def restore(self, entries: Iterable[Entry]) -> Restored:
        """Write the entries of an export down, all or none; what is known is left alone, and nothing is ever sent.

        `entries` is taken piece by piece, in a thread.

        Raises:
            ArchiveError: one is damaged; nothing was written.
        """
        from smschat.store import archive_in  # noqa: PLC0415 - only an import needs it

        await self._opened.writer_db.run(lambda db: _set_large(db, on=True))
        try:
            return await self._write(lambda work: archive_in.restore(work, entries))
        finally:
            await self._opened.writer_db.run(lambda db: _set_large(db, on=False))

    async def copy_to(self, path: Path) -> None:
        """A whole copy of the store at `path`, in the place of what is there; others go on meanwhile.

        Nothing in it is sent by itself: what waits is held there.

        Raises:
            ArchiveError: it cannot be written, or is not whole; what was there is as it was.
        """
        from smschat.store import archive_copy  # noqa: PLC0415 - only a backup needs it

        own = await database.open_reader(self._files.database)
        try:
            await own.run(lambda db: archive_copy.copy(db, path))
        finally:
            await own.close()

    async def older(self, before: datetime) -> Pruned:
        """What is older than that and done: what `prune` would remove."""
        from smschat.store import archive_prune  # noqa: PLC0415 - only a prune needs it

        return await self._read(lambda db: archive_prune.count(db, to_us(before)))

    async def prune(self, before: datetime) -> Pruned:
        """Remove SMS older than that which are final, their callbacks, and older callbacks of none; for good.

        What waits, is under way or may have been sent stays, and so do conversations. A redelivery brings nothing back.
        """
        from smschat.domain.archive import Pruned  # noqa: PLC0415 - as above
        from smschat.store import archive_prune  # noqa: PLC0415

        sms = callbacks = 0
        while (done := await self._write(lambda work: archive_prune.prune(work, to_us(before)))) != Pruned():
            sms, callbacks = sms + done.sms, callbacks + done.callbacks
        return Pruned(sms=sms, callbacks=callbacks)

    async def compact(self) -> bool:
        """Give free space in the file back to the disk; False: another process owns the WAL, and will use it again."""
        from smschat.store import archive_prune  # noqa: PLC0415 - as above

        is_ours = OUTBOX in self._duties
        lock = None if is_ours else Lock.take(self._files.duty(OUTBOX))
        if not is_ours and lock is None:
            return False
        try:
            await self._opened.writer_db.run(archive_prune.compact)
        finally:
            if lock is not None:
                lock.release()
        return True


def _set_large(db: sqlite3.Connection, *, on: bool) -> None:
    """Settings for one job that changes a whole store.

    What SQLite keeps to undo it with is read from its beginning at each statement while it is in memory (memjournal.c),
    which takes minutes; so it goes to a file without a name.
    """
    db.execute(f"PRAGMA temp_store = {'FILE' if on else 'MEMORY'}").fetchall()
    set_bulk(db, on=on)
