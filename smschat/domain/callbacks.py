"""What reaches the webhook: the raw callback as it came, and what it means."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime


class Signature(StrEnum):
    """What became of the check of a callback's `sig`.

    `UNCHECKED`: no signature secret is set. `LATE`: good, and its `timestamp` is far from our clock, which a repeat of
    the gateway's may be for a day. `MISSING` and `WRONG` are answered 401 and mean nothing.
    """

    UNCHECKED = "unchecked"
    GOOD = "good"
    LATE = "late"
    MISSING = "missing"
    WRONG = "wrong"

    @property
    def is_refused(self) -> bool:
        """Whether the callback is kept only, and nothing is made of it."""
        return self in {Signature.MISSING, Signature.WRONG}

    @property
    def is_good(self) -> bool:
        """Whether it was checked and found good, whatever its age."""
        return self in {Signature.GOOD, Signature.LATE}


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCallback:
    """A callback byte for byte, kept whatever it means.

    Attributes:
        ref: the attempt's id when it came to an SMS's own receipt address; None at the inbound address.
        query: the query string as it came, without `?`.
        body: at most 64 KiB.
        user_agent, content_type: empty when missing.
    """

    received_at: datetime
    method: str
    ref: str | None = None
    query: bytes = field(default=b"", repr=False)
    body: bytes = field(default=b"", repr=False)
    content_type: str = ""
    user_agent: str = ""
    signature: Signature = Signature.UNCHECKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Concat:
    """Where a part of a long inbound SMS belongs: 2 ≤ total ≤ 255, 1 ≤ part ≤ total."""

    ref: str
    total: int
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """An inbound SMS, or one part of a long one; the text has passed the first door (`domain/text.py`).

    Attributes:
        message_id: the gateway's id; where it gave none, `sha256:` and a digest of sender, number, time and text.
        sender: who wrote it: digits, or an alphanumeric sender as it came.
        recipient: the number that it came to; may be a shared one that is not ours.
        type: `text`, `unicode` or `binary` as the gateway named it.
        sent_at: the gateway's own time stamp; None when missing or unreadable. Never used for order.
    """

    message_id: str
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    text: str = field(repr=False)
    type: str = "text"
    keyword: str | None = field(default=None, repr=False)
    data: str | None = field(default=None, repr=False)
    udh: str | None = field(default=None, repr=False)
    concat: Concat | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A delivery receipt for one part.

    Attributes:
        message_id: the gateway's id of the part; None when missing.
        status: as the gateway wrote it, lower case.
        scts: network-local or UTC, never used for order.
    """

    message_id: str | None
    status: str
    error_code: str | None = None
    network: str | None = None
    price: str | None = None
    scts: str | None = None
    client_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A callback that nothing can be made of; kept raw, and answered 200."""

    reason: str


Meaning: TypeAlias = Inbound | Receipt | Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What the store made of a callback.

    Attributes:
        callback_id: its id in the callback log.
        sms_id: the SMS that it made or moved; None for a repeat, a waiting part, or a callback without an SMS.
        is_repeat: it was known already and changed nothing.
    """

    callback_id: str
    sms_id: str | None = None
    is_repeat: bool = False


class Kind(StrEnum):
    """What a kept callback was taken for; `REFUSED`: its signature was missing or wrong."""

    INBOUND = "inbound"
    RECEIPT = "receipt"
    UNREADABLE = "unreadable"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCallback:
    """A callback as the log has it.

    Attributes:
        id: its id in the log, decimal text; larger is later.
        outcome: `taken`, `waiting` (a part whose SMS is not shown yet), `repeat`, `quarantined` (a known id with
            another content), `pending` (a receipt whose SMS is not known yet), `unreadable`.
        reason: why nothing could be made of it; None where something was.
        sms_id, peer: the SMS that it made or moved, and with whom; None where there is none.
    """

    id: str
    raw: RawCallback
    kind: Kind
    outcome: str
    reason: str | None = None
    sms_id: str | None = None
    peer: str | None = field(default=None, repr=False)
