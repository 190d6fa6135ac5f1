"""Outbound SMS: composed, asked about where they cost much, written down, and sent again when the user says so.

The rule: what is asked about is not written down before the answer; what is written down is on disk when this returns.
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
    from collections.abc import Awaitable, Callable

    from smschat.domain.conversation import Conversation
    from smschat.domain.identity import Identity
    from smschat.domain.sms import NewSms, Sms
    from smschat.errors import SmschatError
    from smschat.messaging.ports import Store


class Writing:
    """The messenger's writing hand; its methods are the messenger's own, which see."""

    def __init__(
        self,
        store: Store,
        identity: Identity,
        *,
        missing: Callable[[], Awaitable[SmschatError | None]],
        wake: Callable[[], None],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._identity = identity
        self._missing = missing
        self._wake = wake
        self._clock = clock

    async def open_conversation(self, text: str) -> Conversation:
        """The conversation with a number in any usual form."""
        return await self._store.open_conversation(phone.parse_peer(text, self._identity.country))

    async def send(self, peer: str, text: str, *, clear_draft: bool, confirmed: bool) -> Sms:
        """Write an SMS to a conversation."""
        await self._require_account()
        if not peer.isdigit():
            raise NumberError(
                "this sender is a name, not a number: it cannot be answered", hint="write to a number instead"
            )
        wish = Wish(to="+" + peer, text=text, sender=await self._answering_sender(peer))
        return await self.post(compose(wish, self._identity), clear_draft=clear_draft, confirmed=confirmed)

    async def post(self, sms: NewSms, *, clear_draft: bool, confirmed: bool) -> Sms:
        """Write down an SMS that `compose` made ready."""
        await self._require_account()
        if not confirmed:
            await self._ask(sms.segments)
        written = await self._store.add_outbound(sms, clear_draft=clear_draft)
        self._wake()
        return written

    async def resend(self, sms_id: str, *, confirmed: bool) -> Sms:
        """Send again what the user asks for."""
        sms = await self._store.sms(sms_id)
        if sms is None:
            raise NotFoundError("there is no such SMS")
        again = await self._again(sms, confirmed=confirmed)
        if again is None:
            raise RefusedHereError("it has moved on meanwhile", hint="look at its state again")
        self._wake()
        return again

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
        return await self.post(compose(wish, self._identity), clear_draft=False, confirmed=confirmed)

    async def _require_account(self) -> None:
        missing = await self._missing()
        if missing is not None:
            raise missing

    async def _ask(self, segments: int) -> None:
        if segments > FREE_SEGMENTS:
            raise NotConfirmedError(f"this SMS has {segments} segments, each is paid for", hint="confirm to send it")
        budget = self._identity.daily_budget
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
        if self._identity.sender == self._identity.number:
            return self._identity.sender
        newest = await self._store.transcript(peer, limit=50)
        inbound = next((sms for sms in reversed(newest) if sms.direction is Direction.INBOUND), None)
        is_ours = inbound is not None and inbound.recipient == self._identity.number
        return self._identity.number if is_ours else self._identity.sender
