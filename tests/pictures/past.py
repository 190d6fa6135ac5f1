"""What happened before a picture of the details: an SMS with a whole history, and SMS that are no text.

The rule: told to the store as the outbox and the listener tell it, at moments of the scene's own clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

from smschat.domain.callbacks import Inbound, RawCallback, Receipt, Signature
from smschat.domain.delivery import Answer, PartAnswer, Status, Verdict
from smschat.domain.sms import Encoding, NewSms, SmsOptions, SmsType

if TYPE_CHECKING:
    from datetime import datetime

    from smschat.store import SqliteStore
    from tests.pictures.shot import Shot

NUMBER: Final = "31970000000"
_TEXT: Final = (
    "The demo is at three in room 4.12. Take the stairs on your left, the lift is slow today; and bring the long "
    "cable, the beamer stands at the other end of the table."
)
_CARD: Final = (
    "BEGIN:VCARD\nVERSION:3.0\nN:Jansen;Sanne;;;\nFN:Sanne Jansen\nORG:Bakker BV\nTITLE:Field engineer\n"
    "TEL;TYPE=CELL:+31644444402\nTEL;TYPE=WORK:+31201234567\nEMAIL:sanne@bakker.example\nEND:VCARD"
)
_OCTETS: Final = "0101060603ae81ea8d0a0245c60c036578616d706c652e6e6c2f6d656e7500080103546f6461793a20736f7570000101"
_IDS: Final = (
    (re.compile(r"\b[0-9a-f]{32}\b"), "8c1f4e02a96d4b7f93d05b1e6a7c2f48"),
    (re.compile(r"(?<=own id )\S{11}"), "Vq3nK0aT8sE"),
    (re.compile(r"(?<=client-ref )[\w-]{11}|^ *(?! *[A-Z]?[a-z]+$)[\w-]{11}$(?<!\d{11})"), "Vq3nK0aT8sE"),
    (re.compile(r"0A[0-9A-F]{16}"), "0A1B2C3D4E5F607182"),
    (re.compile(r"(?<=127\.0\.0\.1:)\d{4,5}"), "40123"),
    (re.compile(r"(?<=process )\d+"), "4711"),
    (re.compile(r"\b\d+ ms\b"), "5 ms"),
)


@dataclass
class Clock:
    """A clock that is set."""

    moment: datetime

    def __call__(self) -> datetime:
        """The moment, in UTC."""
        return self.moment.astimezone(UTC)


async def live_through(store: SqliteStore, clock: Clock) -> None:
    """A calendar day of the details, ending where the clock stood."""
    end = clock.moment
    await _sent(store, clock, end - timedelta(seconds=95))
    await _received(store, clock, end - timedelta(seconds=50))
    clock.moment = end


async def _sent(store: SqliteStore, clock: Clock, begun: datetime) -> None:
    """Two parts: accepted at once, delivered one after the other."""
    clock.moment = begun
    sms = NewSms(
        id="5" * 32, peer="31644444401", sender=NUMBER, recipient="31644444401", type=SmsType.TEXT, text=_TEXT,
        encoding=Encoding.GSM7, segments=2, claim=store.holder, options=SmsOptions(ttl_ms=1_800_000),
    )  # fmt: skip
    await store.open_conversation(sms.peer, name="Noor van Dijk")
    written = await store.add_outbound(sms)
    attempt = await store.begin_attempt(written.id)
    assert attempt is not None
    clock.moment += timedelta(milliseconds=240)
    await store.finish_attempt(attempt.ref, _accepted())
    for place, wait_s in ((1, 3.1), (2, 4.4)):
        clock.moment += timedelta(seconds=wait_s)
        raw = _raw(clock, f"receipt {place}", ref=attempt.ref)
        scts = clock.moment.strftime("%y%m%d%H%M")
        receipt = Receipt(message_id=f"0A0000004711{place:04}", status="delivered", network="20408", scts=scts)
        await store.take_callback(raw, replace(receipt, price="0.07250000"))


def _accepted() -> Verdict:
    part = PartAnswer(status="0", network="20408", price="0.07250000", remaining_balance="12.50000000")
    parts = tuple(replace(part, message_id=f"0A0000004711{place:04}") for place in (1, 2))
    return Verdict(
        status=Status.ACCEPTED,
        parts=parts,
        answer=Answer(http=200, status="0", transaction_id="5f2c9d1e"),
        quota={
            "quota-limit": "20000",
            "quota-used": "5000",
            "quota-interval": "1",
            "quota-time-unit": "month",
            "quota-reset-UTC": "2026-06-01T00:00:00Z",
        },
    )


async def _received(store: SqliteStore, clock: Clock, begun: datetime) -> None:
    """A business card, and a service indication in octets."""
    clock.moment = begun
    card = Inbound(message_id="0B00000008150001", sender="31644444402", recipient=NUMBER, text=_CARD)
    await store.take_callback(_raw(clock, "card"), card)
    clock.moment += timedelta(seconds=20)
    octets = Inbound(
        message_id="0B00000008150002", sender="31644444403", recipient=NUMBER, text="", type="binary", data=_OCTETS,
        udh="0605040b8423f0",
    )  # fmt: skip
    await store.take_callback(_raw(clock, "octets"), octets)


def _raw(clock: Clock, body: str, *, ref: str | None = None) -> RawCallback:
    return RawCallback(
        received_at=clock(), method="POST", ref=ref, body=body.encode(), signature=Signature.GOOD,
        content_type="application/json",
    )  # fmt: skip


def steadied(shown: Shot) -> Shot:
    """The same with ids that are always the same: those of an SMS and of an attempt are made by chance."""
    return replace(shown, runs=tuple(replace(run, text=_steady(run.text)) for run in shown.runs))


def _steady(text: str) -> str:
    for pattern, always in _IDS:
        text = pattern.sub(always, text)
    return text
