"""The messenger: the verbs of the chat, and the only writer of conversations.

The rule: committed before it returns, announced after the commit; nothing here waits for the network.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from smschat.messaging.contacts import Contacts
from smschat.messaging.finding import Finding
from smschat.messaging.keeping import Keeping

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from smschat.domain.callbacks import KeptCallback, Meaning, RawCallback, Taken
    from smschat.domain.conversation import Conversation, Filter, Totals
    from smschat.domain.details import SmsDetails
    from smschat.domain.identity import Identity
    from smschat.domain.sms import NewSms, Sms
    from smschat.errors import SmschatError
    from smschat.messaging.archive import Archive
    from smschat.messaging.compose import Advice, Extras
    from smschat.messaging.ports import Store
    from smschat.messaging.writing import Writing


async def nothing_missing() -> None:
    """Nothing keeps the account from sending."""


class Messenger:
    """What the chat and the commands ask for.

    Args:
        identity: who sends.
        missing: finds what keeps the account from sending, which whatever would send then raises; None: nothing does.
        wake: called after something became due for the outbox.
    """

    def __init__(
        self,
        store: Store,
        identity: Identity,
        *,
        missing: Callable[[], Awaitable[SmschatError | None]] = nothing_missing,
        wake: Callable[[], None] = lambda: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self.identity = identity
        self._missing = missing
        self._wake = wake
        self._clock = clock
        self.finding = Finding(store)
        self.keeping = Keeping(store)
        self.contacts = Contacts(store)

    async def conversations(
        self, *, limit: int = 100, after: Conversation | None = None, wanted: Filter | None = None
    ) -> list[Conversation]:
        """A page of the list, newest activity first; `after` is the last one of the page before. None: the active."""
        return await self._store.conversations(limit=limit, after=after, wanted=wanted)

    async def conversation(self, peer: str) -> Conversation | None:
        """One conversation, None if there is none."""
        return await self._store.conversation(peer)

    async def totals(self) -> Totals:
        """Chats and unread SMS in all."""
        return await self._store.totals()

    async def transcript(
        self, peer: str, *, before: int | None = None, after: int | None = None, limit: int = 200
    ) -> list[Sms]:
        """A window of a conversation, oldest first."""
        return await self._store.transcript(peer, before=before, after=after, limit=limit)

    async def inbound(self, *, peer: str | None = None, before: int | None = None, limit: int = 200) -> list[Sms]:
        """What came in, newest first, from one peer or from all."""
        return await self._store.inbound(peer=peer, before=before, limit=limit)

    async def sms(self, sms_id: str) -> Sms | None:
        """One SMS, None if there is none."""
        return await self._store.sms(sms_id)

    async def sms_many(self, ids: list[str]) -> list[Sms]:
        """Those that exist, in the order asked for."""
        return await self._store.sms_many(ids)

    async def details(self, sms_id: str) -> SmsDetails | None:
        """One SMS with its attempts, receipts and callbacks; None if there is none."""
        return await self._store.details(sms_id)

    async def callbacks(self, *, before: int | None = None, limit: int = 50) -> list[KeptCallback]:
        """A page of the callback log, newest first."""
        return await self._store.callbacks(before=before, limit=limit)

    async def callback(self, callback_id: str) -> KeptCallback | None:
        """One callback of the log, None if there is none."""
        return await self._store.callback(callback_id)

    async def own_numbers(self) -> list[str]:
        """The account's own virtual numbers, as the gateway listed them last; empty when it never did."""
        return await self._store.own_numbers()

    async def choose_sender(self, peer: str, sender: str | None) -> None:
        """Keep the sender ID chosen for a conversation, as the wire has it; None: as the settings have it.

        Raises:
            SenderError: not a possible sender ID.
        """
        await self._writing.choose_sender(peer, sender)

    async def advice(self, peer: str, extras: Extras | None = None) -> Advice:
        """What the writer should know before sending to this peer."""
        return await self._writing.advice(peer, extras)

    async def open_conversation(self, text: str) -> Conversation:
        """The conversation with a number in any usual form, made if there is none.

        Raises:
            NumberError: not a possible number.
        """
        return await self._writing.open_conversation(text)

    async def save_draft(self, peer: str, draft: str) -> None:
        """Keep a conversation's draft on disk; an empty one clears it."""
        await self._store.save_draft(peer, draft)

    async def mark_read(self, peer: str, upto: int) -> None:
        """Everything of the peer up to this `seq` is read."""
        await self._store.mark_read(peer, upto)

    async def send(
        self,
        peer: str,
        text: str,
        *,
        extras: Extras | None = None,
        send_at: datetime | None = None,
        clear_draft: bool = False,
        confirmed: bool = False,
    ) -> Sms:
        """Write an SMS to a conversation; on disk as `queued` when this returns.

        Args:
            extras: type, options and sender ID; None: text, as the settings have it.
            send_at: when it is sent, aware, at most a year ahead; None: now.

        Raises:
            RefusedHereError: it cannot be sent as typed.
            NotConfirmedError: more than 6 segments, over the day's budget, or to somebody who said STOP or is blocked,
                and not confirmed.
        """
        return await self._writing.send(
            peer, text, extras=extras, send_at=send_at, clear_draft=clear_draft, confirmed=confirmed
        )

    async def take_back(self, sms_id: str) -> Sms:
        """Delete an SMS that waits for its time; as it was.

        Raises:
            RefusedHereError: it waits no more.
        """
        return await self._writing.take_back(sms_id)

    async def reschedule(self, sms_id: str, send_at: datetime) -> Sms:
        """Another time for an SMS that waits for one.

        Raises:
            RefusedHereError: it waits no more, or the time is more than a year ahead.
        """
        return await self._writing.reschedule(sms_id, send_at)

    async def post(
        self, sms: NewSms, *, clear_draft: bool = False, confirmed: bool = False, peer_confirmed: bool = False
    ) -> Sms:
        """Write down an SMS that `compose` made ready, and wake the outbox.

        Args:
            confirmed: whatever is asked about was.
            peer_confirmed: that the peer said STOP or is blocked was asked about; what it costs was not.

        Raises:
            NotConfirmedError: more than 6 segments, over the day's budget, or to somebody who said STOP or is blocked,
                and not confirmed.
        """
        return await self._writing.post(
            sms, clear_draft=clear_draft, confirmed=confirmed, peer_confirmed=peer_confirmed
        )

    async def resend(self, sms_id: str, *, confirmed: bool = False) -> Sms:
        """Send again what the user asks for: a held one is released, an `unknown` one repeated, another sent anew.

        Raises:
            NotFoundError: no such SMS.
            NotConfirmedError: it may have been sent already, and nobody said yes.
            RefusedHereError: it is under way or delivered.
        """
        return await self._writing.resend(sms_id, confirmed=confirmed)

    async def take_callback(self, raw: RawCallback, meaning: Meaning) -> Taken:
        """What reached the webhook: on disk, with what it means, when this returns."""
        return await self._store.take_callback(raw, meaning)

    @cached_property
    def archive(self) -> Archive:
        """Leaving and coming; imported by whoever does."""
        from smschat.messaging.archive import Archive  # noqa: PLC0415

        return Archive(self._store, self._clock)

    @cached_property
    def _writing(self) -> Writing:
        """Imported with the number tables when something is written, which is after the first frame."""
        from smschat.messaging.writing import Writing  # noqa: PLC0415

        return Writing(self._store, self.identity, missing=self._missing, wake=self._wake, clock=self._clock)
