"""Finding: an SMS by its words, a place by its day, a conversation by what is unread, somebody by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from smschat.domain.conversation import Conversation
    from smschat.domain.finding import Hit, Person
    from smschat.messaging.ports import Store


class Finding:
    """The verbs of finding."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def search(
        self, query: str, *, peer: str | None = None, before: int | None = None, limit: int = 50
    ) -> list[Hit]:
        """A page of SMS that have these words, newest first; those just before a `seq`.

        Every word must be in the text, the last one as the beginning of a word; words in double quotes stand together,
        and a word behind a `-` must not be there. Case and accents do not matter.
        """
        return await self._store.search(query, peer=peer, before=before, limit=limit)

    async def place_at(self, peer: str, moment: datetime) -> int | None:
        """The `seq` of the conversation's first SMS at that moment or later; None: there is none."""
        return await self._store.place_at(peer, moment)

    async def next_unread(self, after: str | None = None) -> Conversation | None:
        """The next unread conversation below this peer's, else from the top; None: there is none."""
        return await self._store.next_unread(after)

    async def people(self) -> list[Person]:
        """Everybody one can switch to, newest activity first."""
        return await self._store.people()
