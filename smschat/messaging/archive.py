"""Leaving and coming: an export, an import, a backup, and what is old taken out.

The rule: nothing that comes in is ever sent by itself, and nothing is brought in by halves.
"""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from smschat.domain.conversation import Filter, Shelf
from smschat.errors import ArchiveError
from smschat.messaging import archive_file

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator
    from datetime import datetime
    from pathlib import Path
    from typing import TextIO

    from smschat.domain.archive import Entry, Pruned, Restored
    from smschat.domain.conversation import Conversation
    from smschat.domain.sms import Sms
    from smschat.messaging.ports import Store

PAGE: Final = 500


class Archive:
    """The verbs of leaving and coming."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def export(self, *, peer: str | None = None) -> AsyncGenerator[str, None]:
        """Everything, or everything of one peer, as the text of a JSON document, in pieces; `restore` reads it."""
        return archive_file.written(self._store.archive(peer=peer))

    async def restore(self, file: TextIO) -> Restored:
        """Read an export and write it down, all of it or nothing; what is known is left alone.

        Raises:
            ArchiveError: it is no export, one of a newer smschat, or damaged; nothing was imported.
        """
        is_given_up = threading.Event()
        doing = asyncio.create_task(self._store.restore(_until(is_given_up, archive_file.entries(file))))
        try:
            return await asyncio.shield(doing)
        except asyncio.CancelledError:
            is_given_up.set()
            await asyncio.gather(doing, return_exceptions=True)
            raise

    async def transcripts(self, *, peer: str | None = None) -> AsyncGenerator[tuple[Conversation, list[Sms]], None]:
        """The SMS of every conversation, or of one, the oldest first, page by page; conversations by number."""
        for conversation in await self._conversations(peer):
            page = await self._store.transcript(conversation.peer, after=-(2**62), limit=PAGE)
            while page:
                yield conversation, page
                page = await self._store.transcript(conversation.peer, after=page[-1].seq, limit=PAGE)

    async def _conversations(self, peer: str | None) -> list[Conversation]:
        if peer is not None:
            found = await self._store.conversation(peer)
            return [found] if found is not None else []
        every: list[Conversation] = []
        for shelf in (Shelf.ACTIVE, Shelf.ARCHIVED):
            page = await self._store.conversations(limit=PAGE, wanted=Filter(shelf=shelf))
            while page:
                every += page
                page = await self._store.conversations(limit=PAGE, after=page[-1], wanted=Filter(shelf=shelf))
        return sorted(every, key=lambda each: each.peer)

    async def backup(self, path: Path) -> None:
        """A whole copy of the store at `path`, in the place of what is there; nothing in it is sent by itself.

        Raises:
            ArchiveError: it cannot be written, or is not whole; what was there is as it was.
        """
        await self._store.copy_to(path)

    async def older_than(self, days: int) -> Pruned:
        """What `prune` would remove."""
        return await self._store.older(self._before(days))

    async def prune(self, days: int) -> Pruned:
        """Remove SMS older than so many days that are final, their callbacks, and older callbacks of none; for good.

        What waits, is under way or may have been sent stays; so do conversations. Pinned ones are no exception.
        """
        return await self._store.prune(self._before(days))

    async def compact(self) -> bool:
        """Give free space back to the disk; False: another smschat is running, and will use it again."""
        return await self._store.compact()

    def _before(self, days: int) -> datetime:
        return self._clock() - timedelta(days=days)


def _until(is_given_up: threading.Event, entries: Iterator[Entry]) -> Iterator[Entry]:
    """The entries, as long as somebody waits for them."""
    for entry in entries:
        if is_given_up.is_set():
            raise ArchiveError("the import was given up", hint="nothing was imported")
        yield entry
