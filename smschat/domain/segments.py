"""How a text travels: its encoding, how many segments it is billed as, and the characters that make it dear.

Pure and quick enough for every key press; nothing here changes a text, `plain` only proposes.

How it works
------------
GSM 03.38 (3GPP TS 23.038 §6.2.1) knows 127 characters of one septet and ten more of two, an escape and a code. A
text of these alone travels in 7 bits; one character outside makes the whole text UCS-2, where the unit is 16 bits and
a character above U+FFFF takes two. A text that does not fit one SMS is cut into parts that each give up room for the
header that joins them again; neither an escape pair nor a surrogate pair is cut in two. The gateway does the cutting,
so the count is an estimate: with a 16-bit reference in that header a part holds one unit less.
"""

# ruff: noqa: RUF001 - characters that look like others are the matter of this file

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from smschat.domain.sms import Encoding

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_TABLE = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""GSM 03.38 default alphabet by septet; 0x1B is the escape and no character of its own."""

EXTENSION_TABLE = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
"""GSM 03.38 extension table: two septets each, the escape and this code."""

MAX_CHARACTERS = 3200
"""The longest text that the gateway takes, in characters (Vonage, concatenation and encoding)."""

_SIZES = {Encoding.GSM7: (160, 153), Encoding.UCS2: (70, 67), Encoding.BINARY: (140, 134)}

_WITH_PORTS = (133, 128)
"""Octets left beside a header of 16-bit ports (TS 23.040 §9.2.3.24.4), alone and in each of several parts."""

_PUSH_FRAME = 30
"""Octets about the title and the address of a WAP push: the frame of a service indication, with a date."""

_ESCAPE = "\x1b"
_GSM = frozenset(DEFAULT_TABLE) - {_ESCAPE} | EXTENSION_TABLE.keys()


@dataclass(frozen=True, slots=True, kw_only=True)
class Culprit:
    """A character that forces UCS-2.

    Attributes:
        index: where it stands first, in characters (code points) from 0.
        suggestion: GSM-7 text that says nearly the same; empty: it can be left out; None: nothing comes near.
    """

    character: str
    index: int
    suggestion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentCount:
    """What a text costs on the way.

    Attributes:
        segments: how many parts it is billed as; 1 or more, an empty SMS is billed as one.
        units: septets, UTF-16 code units or octets, headers not counted.
        units_left: how many more units fit before another segment is needed.
        culprits: each character that forces UCS-2, once, in the order of the text; empty otherwise.
    """

    encoding: Encoding
    segments: int
    units: int
    units_left: int
    culprits: tuple[Culprit, ...] = field(default=(), repr=False)


def count(text: str, *, force_ucs2: bool = False) -> SegmentCount:
    """Count a text as it would be sent; `force_ucs2` counts what `type=unicode` costs, without culprits."""
    foreign = [] if force_ucs2 else [character for character in dict.fromkeys(text) if character not in _GSM]
    if foreign or force_ucs2:
        culprits = tuple(_culprit(text, character) for character in foreign)
        return _counted(Encoding.UCS2, len(_utf16(text)) // 2, lambda: _ucs2_ends(_utf16(text)), culprits)
    units = len(text) + sum(map(text.count, EXTENSION_TABLE))
    return _counted(Encoding.GSM7, units, lambda: _gsm7_ends(_septets(text)))


def count_octets(octets: int) -> SegmentCount:
    """Count a binary SMS: `octets` of user data and user data header together."""
    return _counted(Encoding.BINARY, octets, lambda: _ends(octets, _SIZES[Encoding.BINARY][1], lambda _end: False))


def count_card(text: str) -> SegmentCount:
    """Estimate a business card or calendar entry: its UTF-8, and the ports that lead it to its program."""
    return _counted_with_ports(len(text.encode("utf-8", "surrogatepass")))


def count_push(title: str, url: str) -> SegmentCount:
    """Estimate a WAP push: title and address in UTF-8, the frame that the gateway puts around them, and its ports."""
    return _counted_with_ports(_PUSH_FRAME + len((title + url).encode("utf-8", "surrogatepass")))


def split(text: str, *, force_ucs2: bool = False) -> tuple[str, ...]:
    """Cut a text where the segments of `count` end; an empty text is one empty part."""
    if force_ucs2 or not is_gsm7(text):
        data = _utf16(text)
        if len(data) // 2 <= _SIZES[Encoding.UCS2][0]:
            return (text,)
        ends = [2 * end for end in _ucs2_ends(data)]
        return tuple(_from_utf16(data[start:end]) for start, end in zip([0, *ends], ends, strict=False))
    septets = _septets(text)
    if len(septets) <= _SIZES[Encoding.GSM7][0]:
        return (text,)
    ends = _gsm7_ends(septets)
    return tuple(septets[start:end].replace(_ESCAPE, "") for start, end in zip([0, *ends], ends, strict=False))


def is_gsm7(text: str) -> bool:
    """Whether GSM-7 can carry every character."""
    return _GSM.issuperset(text)


def plain(text: str) -> str:
    """Replace what forces UCS-2 by the nearest GSM-7 text; emoji, and what has no counterpart, stay.

    Typographic quotes, dashes, ellipses and spaces become their typewriter forms, letters lose the accents that the
    alphabet lacks ("ideeën" becomes "ideeen", "één" stays), look-alike Greek capitals become the Latin ones that GSM
    03.38 means by them. A GSM-7 text comes back as it is.
    """
    return text if is_gsm7(text) else _CLUSTER.sub(_plain_cluster, text)


def _culprit(text: str, character: str) -> Culprit:
    index = text.index(character)
    if not _MARK.match(character):
        return Culprit(character=character, index=index, suggestion=_nearest(character))
    base = _MARK.sub("", text[:index])[-1:]
    goes_with_base = bool(base) and _nearest(base) is not None
    return Culprit(character=character, index=index, suggestion="" if goes_with_base else None)


def _counted_with_ports(octets: int) -> SegmentCount:
    alone, each = _WITH_PORTS
    segments = 1 if octets <= alone else -(-octets // each)
    left = (alone if segments == 1 else segments * each) - octets
    return SegmentCount(encoding=Encoding.BINARY, segments=segments, units=octets, units_left=left)


def _counted(
    encoding: Encoding, units: int, ends: Callable[[], list[int]], culprits: tuple[Culprit, ...] = ()
) -> SegmentCount:
    alone, each = _SIZES[encoding]
    segments, left = 1, alone - units
    if left < 0:
        cuts = ends()
        segments, left = len(cuts), cuts[-2] + each - cuts[-1]
    return SegmentCount(encoding=encoding, segments=segments, units=units, units_left=left, culprits=culprits)


def _septets(text: str) -> str:
    for character in EXTENSION_TABLE:  # ten quick passes beat one pattern with a group
        text = text.replace(character, _ESCAPE + character)
    return text


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


def _from_utf16(data: bytes) -> str:
    return data.decode("utf-16-be", "surrogatepass")


def _gsm7_ends(septets: str) -> list[int]:
    return _ends(len(septets), _SIZES[Encoding.GSM7][1], lambda end: septets[end - 1] == _ESCAPE)


def _ucs2_ends(data: bytes) -> list[int]:
    def splits_a_pair(end: int) -> bool:
        return data[2 * end - 2] & 0xFC == 0xD8 and data[2 * end] & 0xFC == 0xDC  # noqa: PLR2004  # RFC 2781 §2.1

    return _ends(len(data) // 2, _SIZES[Encoding.UCS2][1], splits_a_pair)


def _ends(units: int, size: int, splits_a_pair: Callable[[int], bool]) -> list[int]:
    ends, end = [], 0
    while end < units:
        end = min(end + size, units)
        if end < units and splits_a_pair(end):
            end -= 1
        ends.append(end)
    return ends


_MARKS = "\u0300-\u036f"  # combining diacritical marks; those of other scripts belong to letters without counterpart
_MARK = re.compile(f"[{_MARKS}]")
_CLUSTER = re.compile(f"(?P<base>[^{_MARKS}])(?P<marks>[{_MARKS}]+)|[^{re.escape(''.join(sorted(_GSM)))}]\ufe0f?")

_COUNTERPARTS = {
    character: counterpart
    for counterpart, characters in {
        "": "\u00ad\u200b\u200e\u200f\u2060\ufeff",  # invisible: soft hyphen, zero width space, marks of direction
        " ": "\t\u1680\u180e",
        "\n": "\u0085\u2028\u2029",
        "'": "`´‘’‚‛‹›′‵ʹʻʼʽˈˊˋ❛❜",
        '"': "«»“”„‟″‶ʺˮ¨❝❞〝〞",
        "-": "‐‑‒–—―−⁃•‣◦▪●·∙⎯─",
        "...": "⋯",
        "/": "⁄∕⧸÷",
        "\\": "∖⧵⧹",
        "|": "¦∣│⎸⎹⏐",
        "*": "∗⁎✱✲✳✻✼★☆",
        "_": "‗",
        "^": "ˆ",
        "~": "˜∼≈",
        "!!": "‼",
        "+": "˖",
        ",": "¸、،",
        ".": "。",
        ";": "؛",
        "?": "؟",
        ":": "ː˸꞉∶",
        "(": "❨❪⟮⦅",
        ")": "❩❫⟯⦆",
        "<": "〈⟨",
        ">": "〉⟩",
        "x": "×✕✖",
        "+-": "±",
        "<=": "≤",
        ">=": "≥",
        "!=": "≠",
        "->": "→➔➜",
        "<-": "←",
        "=>": "⇒",
        "<=>": "⇔",
        "<->": "↔",
        "0/00": "‰",
        "c": "¢",
        "(c)": "©",
        "(r)": "®",
        "u": "µμ",
        "OE": "Œ",
        "oe": "œ",
        "SS": "ẞ",
        "Th": "Þ",
        "th": "þ",
        "D": "ÐĐ",
        "d": "ðđ",
        "H": "Ħ",
        "h": "ħ",
        "i": "ı",
        "L": "Ł",
        "l": "ł",
        "N": "Ŋ",
        "n": "ŋ",
        "T": "Ŧ",
        "t": "ŧ",
        "k": "ĸ",
        "f": "ƒ",
        # Greek capitals that the alphabet has under their Latin shape.
        "A": "Α",
        "B": "Β",
        "E": "Ε",
        "Z": "Ζ",
        "I": "Ι",
        "K": "Κ",
        "M": "Μ",
        "O": "Ο",
        "P": "Ρ",
        "Y": "Υ",
        "X": "Χ",
    }.items()
    for character in characters
} | {"Η": "H", "Ν": "N", "Τ": "T"}


def _plain_cluster(match: re.Match[str]) -> str:
    base = match["base"]
    if base is None:
        nearest = _nearest(match[0][0]) if not _MARK.match(match[0]) else None
        return match[0] if nearest is None else nearest
    if _nearest(base) is None:
        return match[0]
    return "".join(_nearest(character) or "" for character in unicodedata.normalize("NFC", match[0]))


@lru_cache(maxsize=4096)
def _nearest(character: str) -> str | None:
    """GSM-7 text for one character: itself, its counterpart, or what its compatibility decomposition comes to."""
    if character in _GSM:
        return character
    if character in _COUNTERPARTS:
        return _COUNTERPARTS[character]
    pieces = unicodedata.normalize("NFKD", character)
    if pieces == character:
        return None
    letters = [_nearest(piece) for piece in pieces if not unicodedata.combining(piece)]
    return None if not letters or None in letters else "".join(filter(None, letters))
