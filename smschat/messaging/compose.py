"""An outbound SMS made ready: numbers, type and segments settled, and refused here if it cannot be sent as typed.

The rule: text that the user pays for is sent as typed or refused, never altered.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from smschat.domain import phone, segments
from smschat.domain.sms import Encoding, NewSms, SmsOptions, SmsType
from smschat.domain.text import from_wire
from smschat.errors import RefusedHereError

if TYPE_CHECKING:
    from smschat.domain.countries import CountryNote
    from smschat.domain.identity import Identity

LONGEST: Final = 3200
"""Characters that the gateway takes in one SMS."""

LONGEST_REF: Final = 40
"""Characters that the gateway takes as a reference of the user's own."""

FREE_SEGMENTS: Final = 6
"""More segments than these are asked about before sending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What can be said of an SMS beside its text and recipient.

    Attributes:
        sender: None: the conversation's own, else the identity's.
        sms_type: `auto` is `text` where GSM-7 can carry it, else `unicode`. The text of `vcard` and `vcal` is the card.
        data, udh: `binary` only: hex, at most 140 octets together.
    """

    sender: str | None = field(default=None, repr=False)
    sms_type: str = "auto"
    data: str | None = field(default=None, repr=False)
    udh: str | None = field(default=None, repr=False)
    options: SmsOptions = field(default_factory=SmsOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What the writer should know before sending to a peer.

    Attributes:
        sender: the sender ID that the recipient will see.
        is_one_way: the recipient cannot answer it.
        country: ISO alpha-2 of the peer; None where it cannot be told.
        country_notes: what is known of sending there, for the first SMS to that country; empty otherwise.
        part_price: what a part cost last in that network, decimals as text; None: not known.
    """

    sender: str = field(repr=False)
    is_one_way: bool = False
    country: str | None = None
    country_notes: tuple[CountryNote, ...] = ()
    part_price: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to send.

    Attributes:
        to: a number in any usual form.
        sender: None: the identity's.
        sms_type: `auto` is `text` where GSM-7 can carry it, else `unicode`.
        client_ref: the user's own reference, at most 40 characters.
        wants_inbound: None: yes on a test account.
    """

    to: str = field(repr=False)
    text: str = field(repr=False)
    sender: str | None = field(default=None, repr=False)
    sms_type: str = "auto"
    client_ref: str | None = None
    wants_receipt: bool = True
    wants_inbound: bool | None = None


def compose(wish: Wish, identity: Identity, *, claim: str | None = None) -> NewSms:
    """The SMS as it will be written down.

    Raises:
        RefusedHereError: not a possible number or sender ID, nothing to send, too long, or characters that no SMS
            can carry.
    """
    peer = phone.parse_peer(wish.to, identity.country)
    _check_text(wish.text)
    if wish.client_ref is not None and not wish.client_ref.isprintable():
        raise RefusedHereError("the reference holds a control character", hint="use a --ref of one line")
    if wish.client_ref is not None and len(wish.client_ref) > LONGEST_REF:
        raise RefusedHereError(f"the reference is longer than {LONGEST_REF} characters", hint="use a shorter --ref")
    sms_type, counted = _type_of(wish.text, wish.sms_type)
    return NewSms(
        id=uuid.uuid4().hex,
        peer=peer,
        sender=phone.parse_sender(wish.sender, identity.country) if wish.sender is not None else identity.sender,
        recipient=peer,
        type=sms_type,
        text=wish.text,
        encoding=counted.encoding,
        segments=counted.segments,
        client_ref=wish.client_ref,
        wants_receipt=wish.wants_receipt,
        wants_inbound=identity.is_test if wish.wants_inbound is None else wish.wants_inbound,
        claim=claim,
    )


def _check_text(text: str) -> None:
    if not text:
        raise RefusedHereError("there is no text to send", hint="write something first")
    if len(text) > LONGEST:
        raise RefusedHereError(
            f"the text has {len(text)} characters; the gateway takes {LONGEST}", hint="send it as several SMS"
        )
    odd = next((char for char in text if char not in "\r\n" and from_wire(char) != char), None)
    if odd is not None:
        raise RefusedHereError(
            f"the text holds U+{ord(odd):04X}, a control character that no SMS can carry", hint="take it out"
        )


def _type_of(text: str, wanted: str) -> tuple[SmsType, segments.SegmentCount]:
    counted = segments.count(text, force_ucs2=wanted == SmsType.UNICODE)
    if wanted == SmsType.TEXT and counted.encoding is Encoding.UCS2:
        char = counted.culprits[0].character
        raise RefusedHereError(
            f"type text cannot carry “{char}”: it would arrive as something else", hint="use --type auto or unicode"
        )
    return (SmsType.TEXT if counted.encoding is Encoding.GSM7 else SmsType.UNICODE), counted
