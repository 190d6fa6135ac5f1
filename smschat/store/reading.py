"""The verbs that read SMS and conversations, and those that change a conversation alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.domain.conversation import Filter
from smschat.store import conversations
from smschat.store.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smschat.domain.callbacks import KeptCallback
    from smschat.domain.conversation import Conversation, Totals
    from smschat.domain.details import SmsDetails
    from smschat.domain.sms import Sms


class Reading(Desk):
    """What the screen asks for."""

    async def conversations(
        self, *, limit: int = 100, after: Conversation | None = None, wanted: Filter | None = None
    ) -> list[Conversation]:
        """Pinned first, then newest activity first; None: the active ones."""
        return await self._read(lambda db: conversations.page(db, limit=limit, after=after, wanted=wanted or Filter()))

    async def conversation(self, peer: str) -> Conversation | None:
        """One conversation, None if there is none."""
        return await self._read(lambda db: conversations.get(db, peer))

    async def totals(self) -> Totals:
        """Chats that are not archived, and the unread SMS in them."""
        return await self._read(conversations.totals)

    async def transcript(
        self, peer: str, *, before: int | None = None, after: int | None = None, limit: int = 200
    ) -> list[Sms]:
        """At most `limit` SMS, oldest first: the newest, those just before a `seq`, or those just after one."""
        return await self._read(lambda db: conversations.transcript(db, peer, before=before, after=after, limit=limit))

    async def inbound(self, *, peer: str | None = None, before: int | None = None, limit: int = 200) -> list[Sms]:
        """At most `limit` inbound SMS, newest first, of one peer or of all; those just before a `seq`."""
        return await self._read(lambda db: conversations.inbound(db, peer=peer, before=before, limit=limit))

    async def sms(self, sms_id: str) -> Sms | None:
        """One SMS, None if there is none."""
        return await self._read(lambda db: conversations.sms(db, sms_id))

    async def sms_many(self, ids: Sequence[str]) -> list[Sms]:
        """Those that exist, in the order asked for."""
        return await self._read(lambda db: conversations.sms_many(db, ids))

    async def details(self, sms_id: str) -> SmsDetails | None:
        """One SMS with its attempts, receipts and callbacks; None if there is none."""
        from smschat.store import details  # noqa: PLC0415 - a list of conversations is read without it

        return await self._read(lambda db: details.get(db, sms_id))

    async def callbacks(self, *, before: int | None = None, limit: int = 50) -> list[KeptCallback]:
        """At most `limit` callbacks of the log, newest first; those just before an id."""
        from smschat.store import callback_rows  # noqa: PLC0415 - as above

        return await self._read(lambda db: callback_rows.page(db, before=before, limit=limit))

    async def callback(self, callback_id: str) -> KeptCallback | None:
        """One callback of the log; None if there is none, or the text is no id."""
        from smschat.store import callback_rows  # noqa: PLC0415 - as above

        return await self._read(lambda db: callback_rows.get(db, callback_id))

    async def part_price(self, peer: str) -> str | None:
        """What a part cost last in the network that this peer was last seen in, decimals as text; None: not known.

        Where its network is not known: what a part to this very peer cost last.
        """
        from smschat.store import prices  # noqa: PLC0415 - as above

        return await self._read(lambda db: prices.part_price(db, peer))

    async def written_to(self, prefix: str) -> list[str]:
        """Peers whose number begins with these digits and to whom an SMS was sent that was not refused."""
        from smschat.store import prices  # noqa: PLC0415 - as above

        return await self._read(lambda db: prices.written_to(db, prefix))

    async def open_conversation(self, peer: str, *, name: str | None = None) -> Conversation:
        """The conversation, made if there is none; a name is set if given."""
        return await self._write(lambda work: conversations.open_conversation(work, peer, name))

    async def save_draft(self, peer: str, draft: str) -> None:
        """Keep the draft; an empty one clears it. Does not reorder the list."""
        await self._write(lambda work: conversations.save_draft(work, peer, draft))

    async def save_sender(self, peer: str, sender: str | None) -> None:
        """Keep the sender ID chosen for a conversation; None: as the settings have it. Does not reorder the list."""
        await self._write(lambda work: conversations.save_sender(work, peer, sender))

    async def mark_read(self, peer: str, upto: int) -> None:
        """Everything of the peer up to this `seq` is read; never goes backwards, nor beyond what has come."""
        await self._write(lambda work: conversations.mark_read(work, peer, upto))
