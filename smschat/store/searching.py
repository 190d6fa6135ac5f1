"""The verb that looks for SMS by their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.store.desk import Desk

if TYPE_CHECKING:
    from smschat.domain.finding import Hit


class Searching(Desk):
    """What a search asks for."""

    async def search(
        self, query: str, *, peer: str | None = None, before: int | None = None, limit: int = 50
    ) -> list[Hit]:
        """At most `limit` SMS, newest first, those just before a `seq`; case and accents aside.

        Every word must be in the text, the last one as the beginning of a word; words in double quotes stand together,
        and a word behind a `-` must not be there. A query without a word finds nothing. Never raises for its form.
        """
        from smschat.store import search  # noqa: PLC0415 - a list of conversations is read without it

        return await self._read(lambda db: search.search(db, query, peer=peer, before=before, limit=limit))
