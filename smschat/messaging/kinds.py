"""Each kind of SMS as the gateway takes it: its content checked, and how many segments it is billed as.

The rule: everything is checked before it is written down, and a refusal begins with the field's name on the wire.

Sources: KPN's OpenAPI document SMS-Vonage v1.1.1 (fields, and their ranges); 3GPP TS 23.040 (140 octets, and the
length octet of a user data header).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, assert_never

from smschat.domain import segments
from smschat.domain.sms import Encoding, SmsType
from smschat.domain.text import from_wire
from smschat.errors import RefusedHereError

if TYPE_CHECKING:
    from smschat.domain.segments import SegmentCount
    from smschat.domain.sms import SmsOptions

AUTO: Final = "auto"
"""Of a type: `text` where GSM-7 can carry it, else `unicode`; `binary` and `wappush` where their fields are given."""

LONGEST: Final = 3200
"""Characters that the gateway takes in one SMS."""

MOST_OCTETS: Final = 140
"""Of `udh` and `body` together."""

TTL_MS: Final = (20_000, 604_800_000)
LONGEST_VALIDITY_MS: Final = 31_536_000_000
"""A year; the document names no limit, and more is a slip of the hand."""

_BETWEEN: Final = re.compile(r"[\s:]+")
_HEX: Final = re.compile(r"[0-9A-Fa-f]*", re.ASCII)
_URL: Final = re.compile(r"https?://[^\s/?#]+([/?#][!-~]*)?", re.IGNORECASE)
_BEGINNINGS: Final = {SmsType.VCARD: "VCARD", SmsType.VCAL: "VCALENDAR"}
_WHAT: Final = {SmsType.VCARD: "a business card", SmsType.VCAL: "a calendar"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """An SMS without its numbers.

    Attributes:
        text: as it is kept. That of `vcard` and `vcal` is the card; that of `wappush` is its title and its address on
            two lines, which is what a search and a script look for: on the wire they stand in fields of their own.
            That of `binary` is empty.
        data, udh: `binary` only: hex as it was typed, but nothing between the digits; None where there is none.
        encoding, segments: an estimate for `vcard`, `vcal` and `wappush`, which travel as octets in a frame that the
            gateway makes.
    """

    type: SmsType
    text: str = field(repr=False)
    encoding: Encoding
    segments: int
    data: str | None = field(default=None, repr=False)
    udh: str | None = field(default=None, repr=False)


def kind_of(text: str, *, sms_type: str, data: str | None, udh: str | None, options: SmsOptions) -> Kind:
    """The kind of SMS that these make, every one of them checked.

    Args:
        text: empty for `binary` and `wappush`.
        sms_type: `auto`, or the gateway's own word.

    Raises:
        RefusedHereError: the gateway would refuse it, or it would arrive as something else; the field is named.
    """
    wanted = _wanted(sms_type, data=data, udh=udh, options=options)
    _check_options(options, wanted)
    if wanted is not SmsType.BINARY:
        _refuse_octets(data, udh, wanted)
    match wanted:
        case None | SmsType.TEXT | SmsType.UNICODE:
            return _plain(text, wanted)
        case SmsType.BINARY:
            return _binary(text, data, udh)
        case SmsType.VCARD | SmsType.VCAL:
            return _card(text, wanted)
        case SmsType.WAPPUSH:
            return _push(text, options)
    assert_never(wanted)


def _wanted(sms_type: str, *, data: str | None, udh: str | None, options: SmsOptions) -> SmsType | None:
    """The type asked for, or the one that the fields tell; None: text or unicode, as the text needs it."""
    if sms_type != AUTO:
        try:
            return SmsType(sms_type)
        except ValueError:
            known = ", ".join([AUTO, *SmsType])
            raise RefusedHereError("type is none that the gateway knows", hint=f"it is one of {known}") from None
    is_binary, is_push = (data, udh) != (None, None), options.title is not None or options.url is not None
    if is_binary and is_push:
        raise RefusedHereError("body and url do not go together", hint="an SMS is either binary or a WAP push")
    if is_binary:
        return SmsType.BINARY
    return SmsType.WAPPUSH if is_push else None


def _plain(text: str, wanted: SmsType | None) -> Kind:
    _check_text("text", text, hint="write something first")
    counted = segments.count(text, force_ucs2=wanted is SmsType.UNICODE)
    if wanted is SmsType.TEXT and counted.encoding is Encoding.UCS2:
        char = counted.culprits[0].character
        raise RefusedHereError(
            f"type text cannot carry “{char}”: it would arrive as something else", hint="use --type auto or unicode"
        )
    is_text = counted.encoding is Encoding.GSM7
    return _counted(SmsType.TEXT if is_text else SmsType.UNICODE, text, counted)


def _binary(text: str, data: str | None, udh: str | None) -> Kind:
    if text:
        raise RefusedHereError("text does not go with type binary", hint="leave out the text, or the octets")
    body_hex, header_hex = _digits("body", data), _digits("udh", udh)
    body, header = bytes.fromhex(body_hex), bytes.fromhex(header_hex)
    if not body:
        raise RefusedHereError("body is missing: a binary SMS is made of its octets", hint="give them in hex")
    if header and header[0] != len(header) - 1:
        raise RefusedHereError(
            f"udh says that {header[0]} octets follow its first one, and there are {len(header) - 1}",
            hint=f"begin it with {len(header) - 1:02x}, or complete it",
        )
    octets = len(body) + len(header)
    if octets > MOST_OCTETS:
        raise RefusedHereError(
            f"body and udh have {octets} octets together; a binary SMS carries {MOST_OCTETS}",
            hint="cut it into several with a header of your own that joins them",
        )
    counted = segments.count_octets(octets)
    return _counted(SmsType.BINARY, "", counted, data=body_hex, udh=header_hex or None)


def _digits(name: str, digits: str | None) -> str:
    """Spaces and colons between the digits are no part of them."""
    bare = _BETWEEN.sub("", digits or "")
    if not _HEX.fullmatch(bare):
        raise RefusedHereError(f"{name} is not hex", hint="use the digits 0 to 9 and a to f, two for each octet")
    if len(bare) % 2:
        raise RefusedHereError(f"{name} has an odd number of hex digits", hint="an octet is two of them")
    return bare


def _refuse_octets(data: str | None, udh: str | None, wanted: SmsType | None) -> None:
    for name, value in (("body", data), ("udh", udh)):
        if value is not None:
            raise RefusedHereError(f"{name} does not go with type {wanted}", hint="it goes with type binary")


def _card(text: str, wanted: SmsType) -> Kind:
    name, beginning = wanted.value, f"BEGIN:{_BEGINNINGS[wanted]}"
    _check_text(name, text, hint=f"give {_WHAT[wanted]}")
    lines = [line.replace(" ", "").upper() for line in text.splitlines() if line.strip()]
    if not lines or lines[0] != beginning:
        raise RefusedHereError(f"{name} is not {_WHAT[wanted]}", hint=f"it has to begin with {beginning}")
    if lines[-1] != beginning.replace("BEGIN", "END"):
        raise RefusedHereError(f"{name} is cut off", hint=f"it has to end with END:{_BEGINNINGS[wanted]}")
    return _counted(wanted, text, segments.count_card(text))


def _push(text: str, options: SmsOptions) -> Kind:
    title, url = options.title or "", options.url or ""
    if not title.strip():
        raise RefusedHereError("title is missing: a WAP push has a title and an address", hint="give a title")
    if "\n" in title or "\r" in title:
        raise RefusedHereError("title has several lines", hint="use one line")
    if not url:
        raise RefusedHereError("url is missing: a WAP push has a title and an address", hint="give the address to open")
    if not _URL.fullmatch(url):
        raise RefusedHereError(
            "url is no web address", hint="write it as https://example.com/page, with %20 for a space"
        )
    kept = f"{title}\n{url}"
    if text not in {"", kept}:
        raise RefusedHereError("text does not go with type wappush", hint="put it into the title, or send it as text")
    _check_text("title", kept)
    return _counted(SmsType.WAPPUSH, kept, segments.count_push(title, url))


def _counted(
    sms_type: SmsType, text: str, counted: SegmentCount, *, data: str | None = None, udh: str | None = None
) -> Kind:
    return Kind(type=sms_type, text=text, encoding=counted.encoding, segments=counted.segments, data=data, udh=udh)


def _check_text(name: str, text: str, *, hint: str = "") -> None:
    if not text:
        raise RefusedHereError("there is no text to send" if name == "text" else f"{name} is empty", hint=hint)
    if len(text) > LONGEST:
        raise RefusedHereError(
            f"the {name} has {len(text)} characters; the gateway takes {LONGEST}", hint="send it as several SMS"
        )
    odd = next((char for char in text if char not in "\r\n" and from_wire(char) != char), None)
    if odd is not None:
        raise RefusedHereError(
            f"the {name} holds U+{ord(odd):04X}, a control character that no SMS can carry", hint="take it out"
        )


def _check_options(options: SmsOptions, wanted: SmsType | None) -> None:
    _check_range("ttl", options.ttl_ms, *TTL_MS, unit_ms=1000)
    _check_range("message-class", options.message_class, 0, 3)
    _check_range("protocol-id", options.protocol_id, 0, 255)
    _check_range("validity", options.validity_ms, 1, LONGEST_VALIDITY_MS, unit_ms=1000)
    if options.protocol_id is not None and wanted is not SmsType.BINARY:
        raise RefusedHereError("protocol-id does not go without octets", hint="it goes with body and udh")
    for name, value in (("title", options.title), ("url", options.url), ("validity", options.validity_ms)):
        if value is not None and wanted is not SmsType.WAPPUSH:
            raise RefusedHereError(f"{name} does not go with type {wanted or 'text'}", hint="it goes with type wappush")


def _check_range(name: str, value: int | None, least: int, most: int, *, unit_ms: int = 1) -> None:
    if value is None or least <= value <= most:
        return
    unit = "" if unit_ms == 1 else " seconds"
    low, high = (f"{limit / unit_ms:.15g}" for limit in (least, most))
    raise RefusedHereError(f"{name} is out of range", hint=f"it is {low} to {high}{unit}")
