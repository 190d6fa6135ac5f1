"""An SMS as a value; its text and numbers stay out of `repr`, so that a crash report cannot print them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from smschat.domain.delivery import Answer, Status


class Direction(StrEnum):
    """Which way an SMS went."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class SmsType(StrEnum):
    """The gateway's `type` of an SMS."""

    TEXT = "text"
    UNICODE = "unicode"
    BINARY = "binary"
    VCARD = "vcard"
    VCAL = "vcal"
    WAPPUSH = "wappush"


class Encoding(StrEnum):
    """How the text travels: 7-bit GSM 03.38, UCS-2, or raw octets."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"
    BINARY = "binary"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsOptions:
    """What the gateway lets one say of an outbound SMS beside its text; None: left to the gateway.

    Source: KPN's OpenAPI document SMS-Vonage v1.1.1; the ranges are those of the document and of Vonage's SDKs.

    Attributes:
        ttl_ms: how long delivery is tried, 20,000 to 604,800,000 milliseconds.
        message_class: 0 to 3; 0 is a flash SMS, shown at once and usually not kept.
        protocol_id: 0 to 255 (3GPP TS 23.040, TP-PID); goes with `udh`.
        title, url, validity_ms: `wappush` only: its title, the address it opens, and how long it is offered.
    """

    ttl_ms: int | None = None
    message_class: int | None = None
    protocol_id: int | None = None
    title: str | None = field(default=None, repr=False)
    url: str | None = field(default=None, repr=False)
    validity_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One gateway message id of an SMS.

    Attributes:
        message_id: the gateway's id, opaque; None where it gave none (a refused part).
        price: decimals as text, None when unknown.
        error_code: err-code of a receipt, or the status code of a refused part; None when there was none.
    """

    message_id: str | None
    status: Status
    network: str | None = None
    price: str | None = None
    error_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """One SMS of a conversation.

    Attributes:
        id: 32 hex digits.
        seq: its place among all SMS of the store; larger is later. Orders a transcript; the clock does not.
        revision: grows with every change of the row; caches key on it.
        peer: the other number (digits with country code), or an alphanumeric sender as it came.
        sender, recipient: `from` and `to` on the wire.
        segments: how many parts it is billed as, 1 or more.
        reason: one sentence: why it waits, failed, or is not known; None otherwise.
        price: sum of its parts, decimals as text; None when unknown.
        keyword: inbound only: the first word, as the gateway names it.
        data, udh: binary only: octets in hex.
        tries: how many attempts were opened.
        held: a queued SMS that waits for the user (`r`) and not for the clock.
        options: outbound only: what was asked for beside the text.
        send_at: when a `scheduled` one is due; kept when it was sent. None: it was sent at once.
        created_at: when it was written down; of one that was scheduled: when its time had come.
    """

    id: str
    seq: int
    revision: int
    direction: Direction
    peer: str = field(repr=False)
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    type: SmsType
    text: str = field(repr=False)
    encoding: Encoding
    segments: int
    status: Status
    reason: str | None = None
    created_at: datetime
    updated_at: datetime
    price: str | None = None
    remaining_balance: str | None = None
    parts: tuple[Part, ...] = ()
    answer: Answer | None = None
    keyword: str | None = field(default=None, repr=False)
    data: str | None = field(default=None, repr=False)
    udh: str | None = field(default=None, repr=False)
    tries: int = 0
    held: bool = False
    options: SmsOptions = SmsOptions()
    send_at: datetime | None = None

    @property
    def is_outbound(self) -> bool:
        """Whether we wrote it."""
        return self.direction is Direction.OUTBOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSms:
    """An outbound SMS about to be written down; numbers, type and segments are settled already.

    Attributes:
        client_ref: the user's own reference, at most 40 characters; None: the attempt's own.
        wants_receipt: `status-report-req` on the wire.
        wants_inbound: the header `inbound: yes` on the wire.
        claim: the process that alone may send it; None: whoever owns the outbox.
        data, udh: binary only: octets in hex.
        send_at: it is written down as `scheduled` and due then; None: as `queued`.
    """

    id: str
    peer: str = field(repr=False)
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    type: SmsType
    text: str = field(repr=False)
    encoding: Encoding
    segments: int
    client_ref: str | None = None
    wants_receipt: bool = True
    wants_inbound: bool = True
    claim: str | None = None
    data: str | None = field(default=None, repr=False)
    udh: str | None = field(default=None, repr=False)
    options: SmsOptions = SmsOptions()
    send_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One POST at most: what the outbox needs to make it.

    Attributes:
        ref: 11 characters of base64url (64 random bits): the attempt's own id in its callback address, and its
            `client-ref` unless the user gave one.
    """

    ref: str
    sms: Sms
    client_ref: str | None = None
    wants_receipt: bool = True
    wants_inbound: bool = True
