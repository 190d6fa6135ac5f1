"""What an SMS is that is no plain text: a business card, an event, a WAP push, or octets with their header.

The rule: pure, and nothing is raised whatever came. Foreign text stays as it is: whoever shows it has the gate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

from smschat.domain.calendars import Event, read_event
from smschat.domain.cards import Card, read_card
from smschat.domain.content_lines import as_text
from smschat.domain.sms import SmsType
from smschat.domain.user_data import PORTS, VCAL_PORT, VCARD_PORT, HeaderElement, ports_of, read_header

if TYPE_CHECKING:
    from smschat.domain.sms import Sms, SmsOptions

__all__ = ["Card", "Content", "Event", "HeaderElement", "Octets", "Push", "content_of", "summary", "when"]

_BEGIN: Final = re.compile(r"[\ufeff\s]*BEGIN\s*:\s*(VCARD|VCALENDAR|VEVENT|VTODO)\b", re.IGNORECASE)
_WHEN: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: (\d\d:\d\d)(?::\d\d)?)?( .+)?", re.ASCII)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBERS: Final = 3
_SHOWN_OCTETS: Final = 8
_LONGEST: Final = 400
"""Characters of a summary of what is no plain text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A WAP push: an address that the handset offers to open.

    Attributes:
        title: empty where there is none.
        url: as it came; whether it is safe to open is for the reader to judge.
    """

    title: str = field(repr=False)
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Octets:
    """A binary SMS.

    Attributes:
        data: the body; empty where there was none, or where it was no hex.
        header: its user data header, decoded; empty where there was none.
        text: what the gateway, or else the octets, say in words; empty where that is nothing.
    """

    data: bytes = field(repr=False)
    header: tuple[HeaderElement, ...] = field(default=(), repr=False)
    text: str = field(default="", repr=False)


Content: TypeAlias = Card | Event | Push | Octets


def content_of(sms: Sms) -> Content | None:
    """What an SMS is that is no plain text; None: plain text."""
    return _content(sms.type, sms.text, sms.data, sms.udh, sms.options)


def summary(
    *,
    sms_type: SmsType,
    text: str,
    data: str | None,
    udh: str | None,
    options: SmsOptions,
    dot: str = "·",
    ellipsis: str = "…",
) -> str:
    """One line for lists, the transcript and notifications: `vCard · Anna de Vries · +31611111111`.

    A plain text is its own summary, as it is.

    Args:
        dot: what stands between the pieces.
        ellipsis: what stands where octets are left out.
    """
    content = _content(sms_type, text, data, udh, options)
    if content is None:
        return text
    pieces = (" ".join(piece.split()) for piece in _pieces(content, ellipsis))
    return f" {dot} ".join(piece for piece in pieces if piece)[:_LONGEST]


def _content(sms_type: SmsType, text: str, data: str | None, udh: str | None, options: SmsOptions) -> Content | None:
    match sms_type:
        case SmsType.TEXT | SmsType.UNICODE:
            return _structured(text)
        case SmsType.VCARD:
            return read_card(text) or _structured(text)
        case SmsType.VCAL:
            return read_event(text) or _structured(text)
        case SmsType.WAPPUSH:
            title, _, url = text.rpartition("\n")
            return Push(title=options.title or title, url=options.url or url)
        case SmsType.BINARY:
            return _binary(text, data, udh)
    assert_never(sms_type)


def _structured(text: str) -> Card | Event | None:
    begin = _BEGIN.match(text)
    if begin is None:
        return None
    return read_card(text) if begin[1].upper() == "VCARD" else read_event(text)


def _binary(text: str, data: str | None, udh: str | None) -> Content:
    body, header = _octets(data), read_header(_octets(udh) or b"")
    ports = ports_of(header)
    if body and ports is not None and ports[0] in {VCARD_PORT, VCAL_PORT}:
        said = as_text(body)
        found = read_card(said) if ports[0] == VCARD_PORT else read_event(said)
        if found is not None:
            return found
    return Octets(data=body or b"", header=header, text=text or _readable(body, data))


def _octets(digits: str | None) -> bytes | None:
    """None: it is no hex."""
    try:
        return bytes.fromhex(digits or "")
    except ValueError:
        return None


def _readable(body: bytes | None, data: str | None) -> str:
    """The octets as text where all of them are; what was meant as hex and is none, as it came."""
    if body is None:
        return data or ""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return ""
    return text if text.replace("\n", " ").replace("\r", " ").isprintable() else ""


def _pieces(content: Content, ellipsis: str) -> tuple[str, ...]:
    match content:
        case Card():
            return ("vCard", content.name or "no name", *content.numbers[:_NUMBERS])
        case Event():
            return ("event", content.title or "no title", when(content.starts), content.place)
        case Push():
            return ("WAP push", content.title, content.url)
        case Octets():
            return _pieces_of_octets(content, ellipsis)
    assert_never(content)


def _pieces_of_octets(content: Octets, ellipsis: str) -> tuple[str, ...]:
    ports = ports_of(content.header)
    name = PORTS.get(ports[0], "binary") if ports else "binary"
    if content.text:
        return (name, content.text)
    count = len(content.data)
    shown = content.data[:_SHOWN_OCTETS].hex(" ") + (f" {ellipsis}" if count > _SHOWN_OCTETS else "")
    return (name, f"{count} octet{'' if count == 1 else 's'}", shown)


def when(written: str) -> str:
    """`2026-05-12 19:00 UTC` as people read it: `12 May 19:00 UTC`; what is no such time, as it came."""
    match = _WHEN.fullmatch(written)
    if match is None or not 1 <= int(match[2]) <= len(_MONTHS):
        return written
    clock = f" {match[4]}" if match[4] else f" {match[1]}"
    return f"{int(match[3])} {_MONTHS[int(match[2]) - 1]}{clock}{match[5] or ''}"
