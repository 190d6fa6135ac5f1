"""Values that the store's tests write, each right in itself; a test names only what it is about."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from smschat.domain.callbacks import Inbound, RawCallback, Receipt
from smschat.domain.delivery import Answer, PartAnswer, Status, Verdict
from smschat.domain.sms import Encoding, NewSms, SmsType
from smschat.store.times import to_us
from smschat.store.work import Work

if TYPE_CHECKING:
    import sqlite3

PEER = "31611111111"
OTHER_PEER = "31622222222"
OWN_NUMBER = "31970000000"
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
REF = "attempt-001"

_numbers = itertools.count(1)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Desk:
    """Jobs on a plain connection, each with a revision of its own, as the writer runs them."""

    def __init__(self, db: sqlite3.Connection, holder: str = "us") -> None:
        self.db = db
        self.clock = Clock()
        self.holder = holder

    def work(self) -> Work:
        return Work(self.db, now=to_us(self.clock.now), holder=self.holder, owns_outbox=True)


def new_sms(**changed: Any) -> NewSms:
    values: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "peer": PEER,
        "sender": OWN_NUMBER,
        "recipient": PEER,
        "type": SmsType.TEXT,
        "text": "see you at 8",
        "encoding": Encoding.GSM7,
        "segments": 1,
    }
    return NewSms(**(values | changed))


def raw(*, ref: str | None = None, body: bytes = b"{}") -> RawCallback:
    return RawCallback(received_at=NOON, method="POST", ref=ref, body=body, content_type="application/json")


def receipt(message_id: str | None = "part-1", status: str = "delivered", **changed: Any) -> Receipt:
    return Receipt(message_id=message_id, status=status, **({"error_code": "0"} | changed))


def inbound(text: str = "hi", **changed: Any) -> Inbound:
    values: dict[str, Any] = {"message_id": f"inbound-{next(_numbers)}", "sender": PEER, "recipient": OWN_NUMBER}
    return Inbound(text=text, **(values | changed))


def part(message_id: str | None = "part-1", status: str = "0", **changed: Any) -> PartAnswer:
    return PartAnswer(message_id=message_id, status=status, **changed)


def accepted(*parts: PartAnswer) -> Verdict:
    return Verdict(status=Status.ACCEPTED, parts=parts or (part(),), answer=Answer(http=200, status="0"))


def refused(reason: str = "no", *parts: PartAnswer) -> Verdict:
    return Verdict(status=Status.REFUSED, reason=reason, parts=parts, answer=Answer(http=200, status="15"))


def not_sent(wait_s: float | None = None, **changed: Any) -> Verdict:
    return Verdict(status=Status.QUEUED, reason="no network", wait_s=wait_s, **changed)


UNKNOWN = Verdict(status=Status.UNKNOWN, reason="no answer")
