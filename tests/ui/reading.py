"""A store in memory for the views: the `Reader` protocol over plain lists, and makers of domain values."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from smschat.domain.conversation import Conversation, Filter, Preview, matches
from smschat.domain.delivery import Status
from smschat.domain.sms import Direction, Encoding, Sms, SmsType

if TYPE_CHECKING:
    from collections.abc import Iterable

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 5, 12, 14, 32, tzinfo=ZONE)
ANNA = "31611111111"


def now() -> datetime:
    """The clock of the tests stands still."""
    return NOW


def inbound(seq: int, text: str = "hi", *, at: datetime | None = None, peer: str = ANNA) -> Sms:
    """An SMS that Anna wrote."""
    moment = at or NOW.astimezone(UTC) - timedelta(minutes=30)
    return Sms(
        id=f"{seq:032x}",
        seq=seq,
        revision=seq,
        direction=Direction.INBOUND,
        peer=peer,
        sender=peer,
        recipient="31970000000",
        type=SmsType.TEXT,
        text=text,
        encoding=Encoding.GSM7,
        segments=1,
        status=Status.RECEIVED,
        created_at=moment,
        updated_at=moment,
    )


def outbound(seq: int, text: str = "yes", status: Status = Status.DELIVERED, **fields: Any) -> Sms:
    """An SMS that we wrote to Anna."""
    sms = replace(inbound(seq, text), direction=Direction.OUTBOUND, status=status, sender="31970000000", recipient=ANNA)
    return replace(sms, **fields)


def changed(sms: Sms, **fields: Any) -> Sms:
    """The same SMS after a change of its row."""
    return replace(sms, revision=sms.revision + 1_000_000, **fields)


def preview(seq: int) -> Preview:
    """The last SMS of a conversation, inbound."""
    return Preview(
        id=f"{seq:032x}",
        seq=seq,
        direction=Direction.INBOUND,
        status=Status.RECEIVED,
        text=f"message {seq}",
        created_at=NOW - timedelta(minutes=1),
    )


def sent(status: Status) -> Preview:
    """The last SMS of a conversation, outbound."""
    return replace(preview(1), direction=Direction.OUTBOUND, status=status)


def conversation(number: int, **fields: Any) -> Conversation:
    """The conversation of activity `number`, whose last SMS is inbound."""
    peer = f"316{number:08}"
    made = Conversation(peer=peer, activity=number, revision=number, last=preview(number))
    return replace(made, **fields)


def anna(**fields: Any) -> Conversation:
    """Anna's conversation."""
    return replace(conversation(1, peer=ANNA, name="Anna de Vries"), **fields)


class Shelf:
    """What is stored, read as the store reads it; `gate` holds a read back until a test opens it."""

    def __init__(self, sms: Iterable[Sms] = (), conversations: Iterable[Conversation] = ()) -> None:
        self.sms = list(sms)
        self.rows = sorted(conversations, key=lambda row: (not row.pinned, -row.activity))
        self.reads: list[tuple[str, int | None, int | None]] = []
        self.pages = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def conversations(
        self, *, limit: int, after: Conversation | None, wanted: Filter | None = None
    ) -> list[Conversation]:
        """A page of the list."""
        self.pages += 1
        rows = [row for row in self.rows if matches(row, wanted or Filter())]
        if after is not None:
            rows = [row for row in rows if (not row.pinned, -row.activity) > (not after.pinned, -after.activity)]
        page = rows[:limit]
        await self.gate.wait()
        return page

    async def transcript(
        self, peer: str, *, before: int | None = None, after: int | None = None, limit: int = 200
    ) -> list[Sms]:
        """A page of a conversation."""
        self.reads.append((peer, before, after))
        all_of_peer = sorted((sms for sms in self.sms if sms.peer == peer), key=lambda sms: sms.seq)
        if after is not None:
            page = [sms for sms in all_of_peer if sms.seq > after][:limit]
        else:
            page = [sms for sms in all_of_peer if before is None or sms.seq < before][-limit:]
        await self.gate.wait()
        return page
