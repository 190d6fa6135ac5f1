"""Keeping conversations in order: pinned, muted, archived, unread, blocked, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.errors import NotFoundError

if TYPE_CHECKING:
    from smschat.domain.conversation import Conversation, Flags
    from smschat.messaging.ports import Store


class Keeping:
    """The verbs of keeping order."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def change(self, peer: str, flags: Flags) -> Conversation:
        """Change what is not None of a conversation.

        Raises:
            NotFoundError: there is no such conversation.
        """
        changed = await self._store.set_flags(peer, flags)
        if changed is None:
            raise NotFoundError("there is no such conversation", hint="see `smschat threads`")
        return changed

    async def mark_all_read(self) -> int:
        """Nothing is new any more; how many conversations that changed."""
        return await self._store.mark_all_read()

    async def delete_sms(self, sms_id: str) -> bool:
        """Delete an SMS for good; False: there is none, or it is under way."""
        return await self._store.delete_sms(sms_id)

    async def delete_conversation(self, peer: str) -> int:
        """Delete a conversation with its SMS for good; how many those were.

        Raises:
            RefusedHereError: an SMS in it is under way.
        """
        return await self._store.delete_conversation(peer)
