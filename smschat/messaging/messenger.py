"""The messenger: the verbs of the chat, and the only writer of conversations.

The rule: committed before it returns, announced after the commit; nothing here waits for the network.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from smschat.domain import phone
from smschat.domain.delivery import FINAL, Status
from smschat.domain.sms import Direction
from smschat.errors import NotConfirmedError, NotFoundError, NumberError, RefusedHereError
from smschat.messaging.compose import FREE_SEGMENTS, Wish, compose

if TYPE_CHECKING:
    from collections.abc import Callable

    from smschat.domain.callbacks import Meaning, RawCallback, Taken
    from smschat.domain.conversation import Conversation, Totals
    from smschat.domain.sms import NewSms, Sms
    from smschat.errors import SmschatError
    from smschat.messaging.compose import Identity
    from smschat.messaging.ports import Store


class Messenger:
    """What the chat and the commands ask for.

    Args:
        identity: who sends.
        missing: what keeps the account from sending; raised by whatever would send. None: nothing does.
        wake: called after something became due for the outbox.
    """

    def __init__(
        self,
        store: Store,
        identity: Identity,
        *,
        missing: SmschatError | None = None,
        wake: Callable[[], None] = lambda: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self.identity = identity
        self._missing = missing
        self._wake = wake
        self._clock = clock

    async def conversations(
        self, *, limit: int = 100, after: Conversation | None = None, unread_only: bool = False, archived: bool = False
    ) -> list[Conversation]:
        """A page of the list, newest activity first; `after` is the last one of the page before."""
        return await self._store.conversations(limit=limit, after=after, unread_only=unread_only, archived=archived)

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

    async def sms(self, sms_id: str) -> Sms | None:
        """One SMS, None if there is none."""
        return await self._store.sms(sms_id)

    async def sms_many(self, ids: list[str]) -> list[Sms]:
        """Those that exist, in the order asked for."""
        return await self._store.sms_many(ids)

    async def open_conversation(self, text: str) -> Conversation:
        """The conversation with a number in any usual form, made if there is none.

        Raises:
            NumberError: not a possible number.
        """
        return await self._store.open_conversation(phone.parse_peer(text, self.identity.country))

    async def save_draft(self, peer: str, draft: str) -> None:
        """Keep a conversation's draft on disk; an empty one clears it."""
        await self._store.save_draft(peer, draft)

    async def mark_read(self, peer: str, upto: int) -> None:
        """Everything of the peer up to this `seq` is read."""
        await self._store.mark_read(peer, upto)

    async def send(self, peer: str, text: str, *, clear_draft: bool = False, confirmed: bool = False) -> Sms:
        """Write an SMS to a conversation; on disk as `queued` when this returns.

        Raises:
            RefusedHereError: it cannot be sent as typed.
            NotConfirmedError: more than 6 segments, or over the day's budget, and not confirmed.
        """
        if self._missing is not None:
            raise self._missing
        if not peer.isdigit():
            raise NumberError(
                "this sender is a name, not a number: it cannot be answered", hint="write to a number instead"
            )
        wish = Wish(to="+" + peer, text=text, sender=await self._answering_sender(peer))
        return await self.post(compose(wish, self.identity), clear_draft=clear_draft, confirmed=confirmed)

    async def post(self, sms: NewSms, *, clear_draft: bool = False, confirmed: bool = False) -> Sms:
        """Write down an SMS that `compose` made ready, and wake the outbox.

        Raises:
            NotConfirmedError: more than 6 segments, or over the day's budget, and not confirmed.
        """
        if self._missing is not None:
            raise self._missing
        if not confirmed:
            await self._ask(sms.segments)
        written = await self._store.add_outbound(sms, clear_draft=clear_draft)
        self._wake()
        return written

    async def resend(self, sms_id: str, *, confirmed: bool = False) -> Sms:
        """Send again what the user asks for: a held one is released, an `unknown` one repeated, another sent anew.

        Raises:
            NotFoundError: no such SMS.
            NotConfirmedError: it may have been sent already, and nobody said yes.
            RefusedHereError: it is under way or delivered.
        """
        sms = await self._store.sms(sms_id)
        if sms is None:
            raise NotFoundError("there is no such SMS")
        again = await self._again(sms, confirmed=confirmed)
        if again is None:
            raise RefusedHereError("it has moved on meanwhile", hint="look at its state again")
        self._wake()
        return again

    async def take_callback(self, raw: RawCallback, meaning: Meaning) -> Taken:
        """What reached the webhook: on disk, with what it means, when this returns."""
        return await self._store.take_callback(raw, meaning)

    async def _again(self, sms: Sms, *, confirmed: bool) -> Sms | None:
        if sms.status is Status.QUEUED and sms.held:
            return await self._store.release(sms.id)
        if sms.status is Status.UNKNOWN:
            if not confirmed:
                raise NotConfirmedError(
                    "it is not known whether this SMS was sent: it may arrive twice", hint="confirm to repeat it"
                )
            return await self._store.repeat(sms.id)
        if not sms.is_outbound or sms.status not in FINAL - {Status.DELIVERED}:
            raise RefusedHereError(f"an SMS that is {sms.status} is not sent again", hint="write a new one")
        wish = Wish(to="+" + sms.peer, text=sms.text, sender=sms.sender)
        return await self.post(compose(wish, self.identity), confirmed=confirmed)

    async def _ask(self, segments: int) -> None:
        if segments > FREE_SEGMENTS:
            raise NotConfirmedError(f"this SMS has {segments} segments, each is paid for", hint="confirm to send it")
        budget = self.identity.daily_budget
        if budget is None:
            return
        midnight = datetime.combine(self._clock().astimezone().date(), time.min).astimezone(UTC)
        spent = await self._store.segments_since(midnight)
        if spent + segments > budget:
            raise NotConfirmedError(
                f"this SMS goes over the daily budget: {spent} of {budget} segments are spent today",
                hint="confirm to send it, or raise daily_budget",
            )

    async def _answering_sender(self, peer: str) -> str:
        """The number that the peer last wrote to if it is ours, else the sender ID."""
        if self.identity.sender == self.identity.number:
            return self.identity.sender
        newest = await self._store.transcript(peer, limit=50)
        inbound = next((sms for sms in reversed(newest) if sms.direction is Direction.INBOUND), None)
        is_ours = inbound is not None and inbound.recipient == self.identity.number
        return self.identity.number if is_ours else self.identity.sender
