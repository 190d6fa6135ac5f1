"""The demo world: conversations with a believable past, as the values that a store would give back.

The rule: pure, and the same for the same moment; every SMS is in a state that the transition table knows.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from smschat.domain import segments
from smschat.domain.conversation import Conversation, Preview
from smschat.domain.delivery import NOT_SENT, Answer, Status
from smschat.domain.sms import Direction, Part, Sms, SmsType
from smschat.simulator import history, wire
from smschat.simulator.exchange import CREDIT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from smschat.simulator.history import Line, Thread

NUMBER: Final = "31970000000"
"""Whose demo it is."""

PREVIEW: Final = 160

_UNPAID: Final = NOT_SENT | {Status.UNKNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Conversations with their SMS.

    Attributes:
        conversations: in the order of a list: pinned first, then newest first.
        sms: by peer, oldest first. `seq` counts from 1 in the order of their times over the whole world; `revision`
            of an SMS is its `seq`; `activity` of a conversation is the `seq` of its last one.
    """

    conversations: tuple[Conversation, ...]
    sms: Mapping[str, tuple[Sms, ...]] = field(repr=False)

    def in_order(self) -> tuple[Sms, ...]:
        """Every SMS, oldest first, whoever it is with."""
        return tuple(sorted((sms for of_one in self.sms.values() for sms in of_one), key=lambda sms: sms.seq))


def demo_world(now: datetime, *, number: str = NUMBER) -> World:
    """The world as it is at this moment.

    Args:
        now: an aware time; clock times of the past are in its time zone.
        number: the account's own number, digits with country code.
    """
    lines = [
        (thread, line, line.when.before(now).astimezone(UTC)) for thread in history.THREADS for line in thread.lines
    ]
    lines.sort(key=lambda line: line[2])
    balances = _balances([line for _, line, _ in lines])
    sms: dict[str, list[Sms]] = {thread.peer: [] for thread in history.THREADS}
    for seq, ((thread, line, at), balance) in enumerate(zip(lines, balances, strict=True), start=1):
        sms[thread.peer].append(_Scribe(thread.peer, number, line, seq, at).sms(balance))
    conversations = [_conversation(thread, sms[thread.peer], len(lines)) for thread in history.THREADS]
    conversations.sort(key=lambda conversation: (not conversation.pinned, -conversation.activity))
    return World(conversations=tuple(conversations), sms={peer: tuple(of_one) for peer, of_one in sms.items()})


def _balances(lines: Sequence[Line]) -> list[str]:
    """The balance after each line, ending where the simulator's credit begins."""
    costs = [_cost(line) for line in lines]
    left = CREDIT + sum(costs)
    return [f"{(left := left - cost):.8f}" for cost in costs]


def _cost(line: Line) -> Decimal:
    if line.status is Status.RECEIVED or line.status in _UNPAID:
        return Decimal(0)
    return Decimal(wire.PRICE) * segments.count(line.text).segments


@dataclass(frozen=True, slots=True)
class _Scribe:
    """Writes one line of the past down as an SMS."""

    peer: str
    number: str
    line: Line
    seq: int
    at: datetime

    def sms(self, balance: str) -> Sms:
        line = self.line
        is_inbound = line.status is Status.RECEIVED
        counted = segments.count(line.text)
        is_paid = not is_inbound and line.status not in _UNPAID
        return Sms(
            id=self._digest("sms")[:32],
            seq=self.seq,
            revision=self.seq,
            direction=Direction.INBOUND if is_inbound else Direction.OUTBOUND,
            peer=self.peer,
            sender=self.peer if is_inbound else self.number,
            recipient=self.number if is_inbound else self.peer,
            type=SmsType.TEXT if segments.is_gsm7(line.text) else SmsType.UNICODE,
            text=line.text,
            encoding=counted.encoding,
            segments=counted.segments,
            status=line.status,
            reason=line.reason,
            created_at=self.at,
            updated_at=self.at if is_inbound else self.at + timedelta(seconds=2),
            price=f"{_cost(line):.8f}" if is_paid else None,
            remaining_balance=balance if is_paid else None,
            parts=tuple(self._parts(counted.segments)),
            answer=None if is_inbound else self._answer(),
            keyword=line.text.split(maxsplit=1)[0] if is_inbound else None,
            tries=0 if is_inbound else 1,
        )

    def _parts(self, count: int) -> Iterator[Part]:
        line = self.line
        if line.status is Status.REFUSED:
            yield Part(message_id=None, status=Status.REFUSED, error_code=line.error_code)
        elif line.status not in _UNPAID:
            is_inbound = line.status is Status.RECEIVED
            for number in range(count):
                yield Part(
                    message_id=f"0A{self._digest(f'part {number}')[:16].upper()}",
                    status=line.status,
                    network=None if is_inbound else wire.network_of(self.peer),
                    price=None if is_inbound else wire.PRICE,
                    error_code=line.error_code,
                )

    def _answer(self) -> Answer | None:
        line = self.line
        if line.status is Status.REFUSED:
            return Answer(http=200, status=line.error_code, error_text=line.error_text)
        return None if line.status in _UNPAID else Answer(http=200, status="0")

    def _digest(self, of: str) -> str:
        return hashlib.sha256(f"{of} {self.peer} {self.at.isoformat()} {self.line.text}".encode()).hexdigest()


def _conversation(thread: Thread, sms: Sequence[Sms], revisions: int) -> Conversation:
    last = sms[-1]
    inbound = [one.seq for one in sms if not one.is_outbound]
    read_upto = inbound[-thread.unread] - 1 if thread.unread else last.seq
    return Conversation(
        peer=thread.peer,
        name=thread.name,
        activity=last.seq,
        revision=revisions + last.seq,
        unread=thread.unread,
        read_upto=read_upto,
        draft=thread.draft,
        pinned=thread.pinned,
        opted_out=thread.opted_out,
        last=Preview(
            id=last.id,
            seq=last.seq,
            direction=last.direction,
            status=last.status,
            text=last.text[:PREVIEW],
            created_at=last.created_at,
        ),
    )
