"""Outbound SMS: composed, asked about where they cost much, written down, and sent again when the user says so.

The rule: what is asked about is not written down before the answer; what is written down is on disk when this returns.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from smschat.domain import phone
from smschat.domain.countries import notes_for
from smschat.domain.delivery import FINAL, Status
from smschat.domain.sms import SmsType
from smschat.errors import NotConfirmedError, NotFoundError, NumberError, RefusedHereError
from smschat.messaging.compose import FREE_SEGMENTS, Advice, Extras, Wish, compose

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from smschat.domain.conversation import Conversation
    from smschat.domain.identity import Identity
    from smschat.domain.sms import NewSms, Sms
    from smschat.errors import SmschatError
    from smschat.messaging.ports import Store

LATEST: Final = timedelta(days=366)
"""So far ahead an SMS can be scheduled."""


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
        self._known_countries: set[str] = set()

    async def open_conversation(self, text: str) -> Conversation:
        """The conversation with a number in any usual form."""
        return await self._store.open_conversation(phone.parse_peer(text, self._identity.country))

    async def send(
        self,
        peer: str,
        text: str,
        *,
        extras: Extras | None,
        send_at: datetime | None,
        clear_draft: bool,
        confirmed: bool,
    ) -> Sms:
        """Write an SMS to a conversation."""
        await self._require_account()
        if not peer.isdigit():
            raise NumberError(
                "this sender is a name, not a number: it cannot be answered", hint="write to a number instead"
            )
        extras = extras or Extras()
        wish = Wish(
            to="+" + peer,
            text=text,
            sender=await self._sender(peer, extras),
            sms_type=extras.sms_type,
            data=extras.data,
            udh=extras.udh,
            options=extras.options,
            send_at=send_at,
        )
        return await self.post(compose(wish, self._identity), clear_draft=clear_draft, confirmed=confirmed)

    async def choose_sender(self, peer: str, sender: str | None) -> None:
        """Keep the sender ID chosen for a conversation."""
        chosen = None if sender is None else phone.parse_sender(sender, self._identity.country)
        await self._store.save_sender(peer, chosen)

    async def advice(self, peer: str, extras: Extras | None) -> Advice:
        """What the writer should know before sending to this peer."""
        sender = await self._sender(peer, extras or Extras())
        country = phone.country_of(peer)
        notes = notes_for(country, sender)
        if country is not None and notes and await self._has_written_to(country, peer):
            known = notes_for(country, self._identity.sender)
            notes = tuple(note for note in notes if note not in known)  # another sender brings notes of its own
        return Advice(
            sender=sender,
            is_one_way=bool(sender) and not phone.can_be_answered(sender),
            country=country,
            country_notes=notes,
            part_price=await self._store.part_price(peer),
        )

    async def _has_written_to(self, country: str, peer: str) -> bool:
        """Whether an SMS went to this country before; of the countries that share a code each counts by itself.

        A yes is remembered: advice is asked for whenever a conversation is shown, and most are of one country.
        """
        if country not in self._known_countries:
            written = await self._store.written_to(phone.calling_code(peer))
            if any(phone.country_of(other) == country for other in written):
                self._known_countries.add(country)
        return country in self._known_countries

    async def post(self, sms: NewSms, *, clear_draft: bool, confirmed: bool, peer_confirmed: bool = False) -> Sms:
        """Write down an SMS that `compose` made ready."""
        await self._require_account()
        if sms.send_at is not None and sms.send_at > self._clock() + LATEST:
            raise RefusedHereError("that is more than a year ahead", hint="choose an earlier time", code="too_late")
        peer_questions = [] if peer_confirmed or confirmed else await self._about_peer(sms.peer)
        questions = [*peer_questions, *([] if confirmed else await self._about_cost(sms.segments))]
        if questions:
            raise _all_of(questions)
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
        return await self.post(compose(await self._same(sms), self._identity), clear_draft=False, confirmed=confirmed)

    async def _same(self, sms: Sms) -> Wish:
        """The same SMS once more: its kind, octets and options, and the reference that the user gave it."""
        details = await self._store.details(sms.id)
        return Wish(
            to="+" + sms.peer,
            text="" if sms.type is SmsType.BINARY else sms.text,
            sender=sms.sender,
            sms_type=sms.type.value,
            data=sms.data,
            udh=sms.udh,
            options=sms.options,
            client_ref=details.client_ref if details is not None else None,
            wants_receipt=details is None or details.wants_receipt,
            wants_inbound=None if details is None or details.wants_inbound else False,
        )

    async def _require_account(self) -> None:
        missing = await self._missing()
        if missing is not None:
            raise missing

    async def take_back(self, sms_id: str) -> Sms:
        """Delete an SMS that waits for its time."""
        taken = await self._store.cancel(sms_id)
        if taken is None:
            raise RefusedHereError("it waits no more, and cannot be taken back", hint="look at its state")
        return taken

    async def reschedule(self, sms_id: str, send_at: datetime) -> Sms:
        """Another time for an SMS that waits for one."""
        if send_at > self._clock() + LATEST:
            raise RefusedHereError("that is more than a year ahead", hint="choose an earlier time", code="too_late")
        moved = await self._store.reschedule(sms_id, send_at)
        if moved is None:
            raise RefusedHereError("it waits no more", hint="look at its state")
        self._wake()
        return moved

    async def _about_peer(self, peer: str) -> list[NotConfirmedError]:
        """Who said STOP, and whom the user blocked, is written to only after a yes."""
        conversation = await self._store.conversation(peer)
        questions = []
        if conversation is not None and conversation.opted_out:
            questions.append(
                NotConfirmedError(
                    "they sent STOP and want no more SMS", hint="confirm to send it all the same", code="opted_out"
                )
            )
        if conversation is not None and conversation.blocked:
            questions.append(NotConfirmedError("you have blocked this number", hint="confirm to send it all the same"))
        return questions

    async def _about_cost(self, segments: int) -> list[NotConfirmedError]:
        """What costs more than one expects is sent only after a yes."""
        questions = []
        if segments > FREE_SEGMENTS:
            words = f"this SMS has {segments} segments, each is paid for"
            questions.append(NotConfirmedError(words, hint="confirm to send it"))
        budget = self._identity.daily_budget
        if budget is None:
            return questions
        midnight = datetime.combine(self._clock().astimezone().date(), time.min).astimezone(UTC)
        spent = await self._store.segments_since(midnight)
        if spent + segments > budget:
            words = f"this SMS goes over the daily budget: {spent} of {budget} segments are spent today"
            questions.append(NotConfirmedError(words, hint="confirm to send it, or raise daily_budget"))
        return questions

    async def _sender(self, peer: str, extras: Extras) -> str:
        """The one asked for, else the conversation's, else the number of ours that the peer wrote to, else the usual.

        One that was asked for but cannot be is refused when the SMS is composed.
        """
        if extras.sender is not None:
            return phone.parse_sender(extras.sender, self._identity.country)
        conversation = await self._store.conversation(peer)
        if conversation is not None and conversation.sender is not None:
            return conversation.sender
        (inbound,) = await self._store.inbound(peer=peer, limit=1) or (None,)
        if inbound is None or inbound.recipient == self._identity.sender:
            return self._identity.sender
        is_ours = inbound.recipient == self._identity.number or (
            not self._identity.is_test and inbound.recipient in await self._store.own_numbers()
        )
        return inbound.recipient if is_ours else self._identity.sender


def _all_of(questions: Sequence[NotConfirmedError]) -> NotConfirmedError:
    """One question for all of them: a yes is a yes to each."""
    first, *others = questions
    words = "; and ".join(question.message for question in questions)
    return NotConfirmedError(words, hint=first.hint, code=first.code) if others else first
