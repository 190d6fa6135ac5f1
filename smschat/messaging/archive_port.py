"""What an archive needs of a store: a part of the messenger's `Store`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable
    from datetime import datetime
    from pathlib import Path

    from smschat.domain.archive import Entry, Pruned, Restored


class Archives(Protocol):
    """A store taken out and in as a whole."""

    def archive(self, *, peer: str | None = None) -> AsyncGenerator[list[Entry], None]:
        """Everything, or everything of one peer, page by page and as it was at one moment; others go on meanwhile."""
        ...

    async def restore(self, entries: Iterable[Entry]) -> Restored:
        """Write the entries of an export down, all or none; what is known is left alone, and nothing is ever sent.

        `entries` is taken piece by piece, in a thread.

        Raises:
            ArchiveError: one is damaged; nothing was written.
        """
        ...

    async def copy_to(self, path: Path) -> None:
        """A whole copy of the store at `path`, in the place of what is there; others go on meanwhile.

        Nothing in it is sent by itself: what waits is held there.

        Raises:
            ArchiveError: it cannot be written, or is not whole; what was there is as it was.
        """
        ...

    async def older(self, before: datetime) -> Pruned:
        """What is older than that and done: what `prune` would remove."""
        ...

    async def prune(self, before: datetime) -> Pruned:
        """Remove SMS older than that which are final, their callbacks, and older callbacks of none; for good.

        What waits, is under way or may have been sent stays, and so do conversations. A redelivery brings nothing back.
        """
        ...

    async def compact(self) -> bool:
        """Give free space in the file back to the disk; False: another process owns the WAL, and will use it again."""
        ...
