"""An outbound SMS made ready: numbers, type and segments settled, and refused here if it cannot be sent as typed.

The rule: text that the user pays for is sent as typed or refused, never altered.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from smschat.domain import phone
from smschat.domain.sms import NewSms, SmsOptions
from smschat.errors import RefusedHereError
from smschat.messaging.kinds import AUTO, kind_of

if TYPE_CHECKING:
    from datetime import datetime

    from smschat.domain.countries import CountryNote
    from smschat.domain.identity import Identity

LONGEST_REF: Final = 40
"""Characters that the gateway takes as a reference of the user's own."""

FREE_SEGMENTS: Final = 6
"""More segments than these are asked about before sending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What can be said of an SMS beside its text and recipient.

    Attributes:
        sender: None: the conversation's own, else the identity's.
        sms_type: `auto` is `text` where GSM-7 can carry it, else `unicode`; `binary` where there is `data` or `udh`,
            `wappush` where the options have a title or an address. The text of `vcard` and `vcal` is the card; `binary`
            and `wappush` go without text.
        data, udh: `binary` only: hex, at most 140 octets together; spaces and colons between the digits do no harm.
    """

    sender: str | None = field(default=None, repr=False)
    sms_type: str = AUTO
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
        sms_type, data, udh, options: as of `Extras`.
        client_ref: the user's own reference, at most 40 characters; None: the attempt's own.
        wants_inbound: None: yes on a test account.
        send_at: when it is sent, aware; None: now.
    """

    to: str = field(repr=False)
    text: str = field(repr=False)
    sender: str | None = field(default=None, repr=False)
    sms_type: str = AUTO
    data: str | None = field(default=None, repr=False)
    udh: str | None = field(default=None, repr=False)
    options: SmsOptions = field(default_factory=SmsOptions)
    client_ref: str | None = None
    wants_receipt: bool = True
    wants_inbound: bool | None = None
    send_at: datetime | None = None


def compose(wish: Wish, identity: Identity, *, claim: str | None = None) -> NewSms:
    """The SMS as it will be written down.

    Raises:
        RefusedHereError: not a possible number or sender ID, nothing to send, too long, a value out of its range,
            values that do not go together, or characters that no SMS can carry; the field is named.
    """
    peer = phone.parse_peer(wish.to, identity.country)
    kind = kind_of(wish.text, sms_type=wish.sms_type, data=wish.data, udh=wish.udh, options=wish.options)
    _check_reference(wish.client_ref)
    return NewSms(
        id=uuid.uuid4().hex,
        peer=peer,
        sender=phone.parse_sender(wish.sender, identity.country) if wish.sender is not None else identity.sender,
        recipient=peer,
        type=kind.type,
        text=kind.text,
        encoding=kind.encoding,
        segments=kind.segments,
        client_ref=wish.client_ref,
        wants_receipt=wish.wants_receipt,
        wants_inbound=identity.is_test if wish.wants_inbound is None else wish.wants_inbound,
        claim=claim,
        data=kind.data,
        udh=kind.udh,
        options=wish.options,
        send_at=wish.send_at,
    )


def _check_reference(reference: str | None) -> None:
    if reference is None:
        return
    if not reference:
        raise RefusedHereError("client-ref is empty", hint="leave --ref out, or give it a value")
    if not reference.isprintable():
        raise RefusedHereError("client-ref holds a control character", hint="use a --ref of one line")
    if len(reference) > LONGEST_REF:
        raise RefusedHereError(
            f"client-ref has {len(reference)} characters; the gateway takes {LONGEST_REF}", hint="use a shorter --ref"
        )
