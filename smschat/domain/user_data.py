"""The user data header of a binary SMS, element by element, each with a sentence that says what it is for.

The rule: whatever the octets, something is told and nothing is raised; what does not fit the form is shown as it is.

Sources: 3GPP TS 23.040 §9.2.3.24 (elements), IANA and the WAP Forum's WDP (ports), Nokia Smart Messaging 3.0 (5505 to
5514).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

MALFORMED: Final = -1
"""Stands for the identifier of what is no element."""

VCARD_PORT: Final = 9204
VCAL_PORT: Final = 9205
PUSH_PORT: Final = 2948

PORTS: Final = {
    PUSH_PORT: "WAP push",
    2949: "WAP push, secure",
    5505: "ring tone",
    5506: "operator logo",
    5507: "group logo",
    5514: "picture message",
    9200: "WAP session, connectionless",
    9201: "WAP session",
    9202: "WAP session, secure and connectionless",
    9203: "WAP session, secure",
    VCARD_PORT: "vCard",
    VCAL_PORT: "vCalendar",
    9206: "vCard, secure",
    9207: "vCalendar, secure",
    49999: "settings of a handset",
}
"""What listens on a well-known port of a handset."""

_NAMES: Final = {
    0x06: "SMSC control parameters",
    0x07: "source of a user data header",
    0x09: "wireless control message protocol",
    0x0B: "predefined sound",
    0x0C: "sound",
    0x0D: "predefined animation",
    0x0E: "large animation",
    0x0F: "small animation",
    0x10: "large picture",
    0x11: "small picture",
    0x12: "picture",
    0x13: "user prompt",
    0x14: "extended object",
    0x15: "extended object, used again",
    0x16: "compression",
    0x17: "who may pass an object on",
    0x18: "vector graphic",
    0x19: "vector graphic of a character's size",
    0x1A: "request for an extended object",
    0x20: "length of an e-mail header",
    0x21: "hyperlink",
    0x22: "reply address",
    0x23: "voice mail",
}

_LANGUAGES: Final = (
    "reserved", "Turkish", "Spanish", "Portuguese", "Bengali", "Gujarati", "Hindi", "Kannada", "Malayalam", "Oriya",
    "Punjabi", "Tamil", "Telugu", "Urdu",
)  # fmt: skip

_INDICATIONS: Final = ("voice mail", "fax", "e-mail", "other")
_VIDEO: Final = 0x1F
_SIZES: Final = ("", "large", "small", "")
_ALIGNMENTS: Final = ("left", "centred", "right", "")
_STYLES: Final = ((0x10, "bold"), (0x20, "italic"), (0x40, "underlined"), (0x80, "struck through"))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderElement:
    """One information element of a user data header.

    Attributes:
        identifier: 0 to 255; `MALFORMED` for octets that are no element.
        data: its octets, without identifier and length.
        sentence: what it is for, lower case, without a full stop.
    """

    identifier: int
    data: bytes = field(repr=False)
    sentence: str


def read_header(octets: bytes) -> tuple[HeaderElement, ...]:
    """The elements of a user data header that begins with its own length octet; empty octets have none."""
    if not octets:
        return ()
    length, body = octets[0], octets[1:]
    if length == len(body):
        return _elements(body)
    wrong = f"malformed header: its first octet says {length} more, and there are {len(body)}"
    if length < len(body):
        return (*_elements(body[:length]), _malformed(body[length:], wrong))
    return (_malformed(octets, wrong),)


def ports_of(header: tuple[HeaderElement, ...]) -> tuple[int, int] | None:
    """Destination and source port; None where the header has none. Of several the last counts (TS 23.040)."""
    found = None
    for element in header:
        if element.identifier in _PORT_SIZES and len(element.data) == 2 * _PORT_SIZES[element.identifier]:
            half = _PORT_SIZES[element.identifier]
            found = int.from_bytes(element.data[:half]), int.from_bytes(element.data[half:])
    return found


_PORT_SIZES: Final = {0x04: 1, 0x05: 2}


def _elements(body: bytes) -> tuple[HeaderElement, ...]:
    found = []
    while body:
        data = body[2 : 2 + body[1]] if len(body) > 1 else b""
        if len(body) < 2 or len(data) < body[1]:  # noqa: PLR2004 - identifier and length
            found.append(_malformed(body, "malformed header: an element is cut off"))
            break
        found.append(HeaderElement(identifier=body[0], data=data, sentence=_sentence(body[0], data)))
        body = body[2 + len(data) :]
    return tuple(found)


def _malformed(octets: bytes, sentence: str) -> HeaderElement:
    return HeaderElement(identifier=MALFORMED, data=octets, sentence=sentence)


def _sentence(identifier: int, data: bytes) -> str:
    match identifier, len(data):
        case (0x00, 3) | (0x08, 4):
            return _concatenation(data)
        case (0x01, 2):
            return _indication(data[0], data[1])
        case (0x04, 2) | (0x05, 4):
            half = len(data) // 2
            return _ports(int.from_bytes(data[:half]), int.from_bytes(data[half:]))
        case (0x0A, 3 | 4):
            return _formatting(data)
        case (0x24 | 0x25, 1):
            return f"{'single' if identifier == 0x24 else 'locking'} shift table: {_language(data[0])}"  # noqa: PLR2004
    name = _NAMES.get(identifier, "unknown element")
    return f"{name} {identifier:02X}" + (f": {data.hex(' ').upper()}" if data else "")


def _concatenation(data: bytes) -> str:
    total, part = data[-2:]
    said = f"part {part} of {total}, reference {int.from_bytes(data[:-2])}"
    return said if 1 <= part <= total else f"{said}, which cannot be"


def _ports(destination: int, source: int) -> str:
    known = PORTS.get(destination)
    return f"to port {destination}{f' ({known})' if known else ''}, from port {source}"


def _indication(kind: int, count: int) -> str:
    name = "video message" if kind & 0x7F == _VIDEO else _INDICATIONS[kind & 0x03]
    kept = ", to be kept" if kind & 0x80 else ", not to be kept"
    return f"messages waiting: {count} ({name}){kept}"


def _formatting(data: bytes) -> str:
    start, length, mode = data[:3]
    said = [_ALIGNMENTS[mode & 0x03], _SIZES[mode >> 2 & 0x03], *(name for bit, name in _STYLES if mode & bit)]
    if len(data) > 3:  # noqa: PLR2004 - the colour is the fourth octet
        said.append(f"colour {data[3]:02X}")
    words = ", ".join(filter(None, said)) or "as usual"
    return f"text formatting from character {start}, {length} long: {words}"


def _language(number: int) -> str:
    return _LANGUAGES[number] if number < len(_LANGUAGES) else f"language {number}"
