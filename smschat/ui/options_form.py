"""What is chosen for the next SMS, as somebody types it and as the messenger takes it; pure.

The rule: what is out of range is said with its field, before anything is sent; the ranges are the gateway's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from smschat.domain import segments
from smschat.domain.sms import SmsOptions, SmsType
from smschat.ui.row import span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smschat.domain.segments import SegmentCount
    from smschat.domain.sms import Sms
    from smschat.messaging.compose import Extras

AUTO: Final = "auto"
WITHOUT_TEXT: Final = frozenset({SmsType.BINARY.value, SmsType.WAPPUSH.value})
"""Types whose SMS is not what stands in the composer."""

FIELDS: Final = {
    SmsType.BINARY.value: ("data", "udh", "protocol_id"),
    SmsType.WAPPUSH.value: ("title", "url", "validity"),
}
"""The fields that a type has beside those of all."""

_NAMES: Final = {"binary": "binary", "vcard": "vCard", "vcal": "calendar entry", "wappush": "WAP push"}
_MOST_OCTETS: Final = 140
_TTL: Final = range(20, 604_801)
_OCTET: Final = range(256)
_VALIDITY: Final = range(1, 31_536_001)
"""Seconds: a year at most; no document of the gateway's names a limit."""

_MILLI: Final = 1000
_SPAN: Final = re.compile(r"([0-9]{1,9}) ?(|s|sec|m|min|h|d)", re.IGNORECASE)
_UNITS: Final = {"": 1, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400}
_DIGITS: Final = re.compile(r"[0-9]{1,9}")
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})*", re.ASCII)
_URL: Final = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)


class Wrong(NamedTuple):
    """A field that cannot be taken as it is, and why, in words that quote nothing."""

    field: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields as they are typed; empty where nothing was.

    Attributes:
        ttl, validity: seconds, or a number with s, m, h or d behind it.
        data, udh: hex; blanks between the octets are left out.
    """

    sms_type: str = AUTO
    message_class: int | None = None
    ttl: str = ""
    data: str = field(default="", repr=False)
    udh: str = field(default="", repr=False)
    protocol_id: str = ""
    title: str = field(default="", repr=False)
    url: str = field(default="", repr=False)
    validity: str = ""


def form_of(extras: Extras | None) -> Form:
    """What was chosen, to choose again."""
    if extras is None:
        return Form()
    options = extras.options
    return Form(
        sms_type=extras.sms_type,
        message_class=options.message_class,
        ttl=_seconds(options.ttl_ms),
        data=extras.data or "",
        udh=extras.udh or "",
        protocol_id="" if options.protocol_id is None else str(options.protocol_id),
        title=options.title or "",
        url=options.url or "",
        validity=_seconds(options.validity_ms),
    )


def wrong(form: Form) -> Wrong | None:
    """The first field that cannot be taken; None: all can."""
    return next(_faults(form), None)


def extras_of(form: Form) -> Extras | None:
    """What the messenger takes, of a form with nothing wrong; None: as usual."""
    from smschat.messaging.compose import Extras  # noqa: PLC0415 - imports the number tables, after the first frame

    is_binary, is_push = (form.sms_type == kind for kind in (SmsType.BINARY, SmsType.WAPPUSH))
    extras = Extras(
        sms_type=form.sms_type,
        data=_hex(form.data) or None if is_binary else None,
        udh=_hex(form.udh) or None if is_binary else None,
        options=SmsOptions(
            ttl_ms=_milliseconds(form.ttl),
            message_class=form.message_class,
            protocol_id=int(form.protocol_id) if is_binary and form.protocol_id else None,
            title=form.title or None if is_push else None,
            url=form.url or None if is_push else None,
            validity_ms=_milliseconds(form.validity) if is_push else None,
        ),
    )
    return None if extras == Extras() else extras


def extras_of_sms(sms: Sms) -> Extras | None:
    """What was chosen for an SMS that was written down, to choose it again; None: as usual."""
    from smschat.messaging.compose import Extras  # noqa: PLC0415 - as above

    is_plain = sms.type is SmsType.TEXT or (sms.type is SmsType.UNICODE and not segments.is_gsm7(sms.text))
    extras = Extras(sms_type=AUTO if is_plain else sms.type.value, data=sms.data, udh=sms.udh, options=sms.options)
    return None if extras == Extras() else extras


def unit_of(typed: str) -> str:
    """What stands beside a span: its unit, and how many of them where another one was typed."""
    seconds = None if typed.isdigit() else seconds_of(typed)
    return "seconds" if seconds is None else f"= {seconds} seconds"


def seconds_of(typed: str) -> int | None:
    """`1800`, `30m`, `2 h`; None: it is no span."""
    found = _SPAN.fullmatch(typed)
    return None if found is None else int(found[1]) * _UNITS[found[2].lower()]


def words_of(extras: Extras | None) -> tuple[str, ...]:
    """What is not as usual, for the line above the composer: `flash`, `ttl 30 min`."""
    return () if extras is None else tuple(_words(extras))


def _words(extras: Extras) -> Iterator[str]:
    options = extras.options
    if extras.sms_type != AUTO:
        yield _NAMES.get(extras.sms_type, extras.sms_type)
    if options.message_class is not None:
        yield f"class {options.message_class}" if options.message_class else "flash"
    if options.ttl_ms is not None:
        yield f"ttl {span(options.ttl_ms)}"
    if options.protocol_id is not None:
        yield f"protocol {options.protocol_id}"


def counted(text: str, extras: Extras | None) -> SegmentCount | None:
    """What it is billed as, of cards and WAP pushes as an estimate; None while a WAP push has no address."""
    match AUTO if extras is None else extras.sms_type:
        case SmsType.WAPPUSH if extras is not None:
            return segments.count_push(extras.options.title or "", extras.options.url) if extras.options.url else None
        case SmsType.BINARY if extras is not None:
            return segments.count_octets((len(extras.data or "") + len(extras.udh or "")) // 2)
        case SmsType.VCARD | SmsType.VCAL if text:
            return segments.count_card(text)
        case chosen:
            return segments.count(text, force_ucs2=chosen == SmsType.UNICODE)


def problem(text: str, extras: Extras | None) -> str:
    """Why the SMS would be refused as it stands; empty: nothing is known that speaks against it."""
    match None if extras is None or not text.strip() else extras.sms_type:
        case SmsType.TEXT if not segments.is_gsm7(text):
            return "type text carries GSM-7 only: choose auto or unicode, or plain characters"
        case SmsType.VCARD if not _begins(text, "VCARD"):
            return "a vCard begins with BEGIN:VCARD: paste the card into the composer"
        case SmsType.VCAL if not _begins(text, "VCALENDAR"):
            return "a calendar entry begins with BEGIN:VCALENDAR: paste it into the composer"
        case SmsType.BINARY | SmsType.WAPPUSH:
            return "the text is not part of this SMS: it stays for the next one"
        case _:
            return ""


def _begins(text: str, name: str) -> bool:
    return text.lstrip().upper().startswith(f"BEGIN:{name}")


def _faults(form: Form) -> Iterator[Wrong]:
    yield from _within("ttl", form.ttl, _TTL)
    if form.sms_type == SmsType.BINARY:
        yield from _binary(form)
    if form.sms_type == SmsType.WAPPUSH:
        yield from _push(form)


def _binary(form: Form) -> Iterator[Wrong]:
    data, udh = _hex(form.data), _hex(form.udh)
    for name, digits in (("data", data), ("udh", udh)):
        if not _HEX.fullmatch(digits):
            yield Wrong(name, "hex only: two digits an octet, 0 to 9 and A to F")
    if not data:
        yield Wrong("data", "there are no octets to send")
    octets = (len(data) + len(udh)) // 2
    if octets > _MOST_OCTETS:
        yield Wrong("data", f"{octets} octets with the header, {_MOST_OCTETS} at most")
    if udh and _HEX.fullmatch(udh) and int(udh[:2], 16) + 1 != len(udh) // 2:
        yield Wrong("udh", "its first octet is the number of those behind it")
    if form.protocol_id and not udh:
        yield Wrong("protocol_id", "goes with a header only")
    if form.protocol_id and not (_DIGITS.fullmatch(form.protocol_id) and int(form.protocol_id) in _OCTET):
        yield Wrong("protocol_id", f"{_OCTET[0]} to {_OCTET[-1]}")


def _push(form: Form) -> Iterator[Wrong]:
    if not form.title:
        yield Wrong("title", "fill this in")
    if not _URL.fullmatch(form.url):
        yield Wrong("url", "an address that begins with https:// or http://")
    yield from _within("validity", form.validity, _VALIDITY)


def _within(name: str, typed: str, allowed: range) -> Iterator[Wrong]:
    if typed and seconds_of(typed) not in allowed:
        words = f"{allowed[0]:,} to {allowed[-1]:,} seconds".replace(",", " ")
        yield Wrong(name, f"{words}, or with a unit: 90s, 30m, 2h, 3d")


def _hex(typed: str) -> str:
    return "".join(typed.split())


def _seconds(milliseconds: int | None) -> str:
    return "" if milliseconds is None else f"{milliseconds / _MILLI:g}"


def _milliseconds(typed: str) -> int | None:
    seconds = seconds_of(typed)
    return None if seconds is None else seconds * _MILLI
