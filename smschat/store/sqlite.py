"""SqliteStore: the messenger's `Store` on one SQLite file, for several processes at a time.

What each verb does stands in `reading`, `searching`, `sending`, `receiving` and `duties`; the SQL in the files named
after rows.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from smschat.store.archiving import Archiving
from smschat.store.database import set_bulk
from smschat.store.duties import Duties
from smschat.store.keeping import Keeping
from smschat.store.reading import Reading
from smschat.store.receiving import Receiving
from smschat.store.searching import Searching
from smschat.store.sending import Sending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import Self

    from smschat.domain.changes import Change
    from smschat.store.past import PastConversation, PastSms


def _system_clock() -> datetime:
    return datetime.now(UTC)


class SqliteStore(Reading, Searching, Keeping, Sending, Receiving, Duties, Archiving):
    """Conversations, SMS and callbacks on disk."""

    @classmethod
    async def open(cls, path: Path, *, clock: Callable[[], datetime] | None = None) -> Self:
        """Open the store of a profile; file and folder are made if they are missing.

        Args:
            path: `DIR/PROFILE.db`; lock files are made beside it.
            clock: aware times for everything that is written; None: the system's.

        Raises:
            StoreError: it cannot be opened, or others may write in its folder.
            StoreNewerError: a newer smschat wrote it.
        """
        return await cls._open(path, clock or _system_clock)

    def subscribe(self, hear: Callable[[tuple[Change, ...]], None]) -> Callable[[], None]:
        """Hear of rows that change from now on, in the order of their revisions, ours and those of others alike.

        `hear` is called on the store's own event loop and must not block. Returns the way to stop.
        """
        return self._watcher.subscribe(hear)

    async def inspect(self, limit_s: float) -> tuple[str, ...] | None:
        """What SQLite finds wrong with the file, empty when nothing is; None when `limit_s` seconds were too few.

        Raises:
            StoreError: the file is too damaged to be looked at.
        """
        from smschat.store import inspection  # noqa: PLC0415 - only `doctor` asks

        return await self._read(lambda db: inspection.inspect(db, limit_s))

    async def import_history(self, conversations: Iterable[PastConversation], sms: Iterable[PastSms]) -> int:
        """Write conversations and SMS of the past, in bulk; nothing of it is ever sent.

        Args:
            conversations: their names, drafts and flags, for those that are new; a peer without one is made too.
            sms: in the order of the transcript; taken piece by piece, so that it may be a generator of any length.
                One whose id is there already is left out, so that an import can be repeated.

        Returns:
            How many SMS were written.
        """
        from smschat.store import history  # noqa: PLC0415 - only an import needs it

        past = list(conversations)
        await self._write(lambda work: history.write_conversations(work, past))
        await self._opened.writer_db.run(lambda db: set_bulk(db, on=True))
        try:
            written = await self._write_chunks(history.chunks(sms))
        finally:
            await self._opened.writer_db.run(lambda db: set_bulk(db, on=False))
        await self._write(lambda work: history.mark_unread(work, past))
        return written

    async def _write_chunks(self, chunks: Iterable[list[PastSms]]) -> int:
        """The next chunk is made while the one before is written."""
        written = 0
        writing: asyncio.Task[int] | None = None
        for chunk in chunks:
            written += await writing if writing else 0
            writing = asyncio.create_task(self._write_chunk(chunk))
            await asyncio.sleep(0)
        return written + (await writing if writing else 0)

    async def _write_chunk(self, chunk: list[PastSms]) -> int:
        from smschat.store import history  # noqa: PLC0415 - as above

        return await self._write(lambda work: history.write_chunk(work, chunk))
