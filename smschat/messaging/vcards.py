"""Contacts out of vCard files: versions 2.1, 3.0 and 4.0, as telephones and address books write them.

The rule: a card that cannot be read, or whose numbers are none, is left out and named; it never spoils the others.
"""

from __future__ import annotations

import contextlib
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from smschat.domain import phone
from smschat.domain.conversation import Contact
from smschat.domain.text import shown
from smschat.errors import NumberError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CARD: Final = re.compile(
    rb"^[ \t]*BEGIN:VCARD[ \t]*\r?$.*?^[ \t]*END:VCARD[ \t]*\r?$", re.IGNORECASE | re.MULTILINE | re.DOTALL
)
_BYTE_MARKS: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_VERSION: Final = re.compile(r"^VERSION:4\.0", re.IGNORECASE | re.MULTILINE)
_LONGEST_NAME: Final = 100
_LONGEST_CARD: Final = 1_000_000
"""Octets; a card with a photo in it has some ten thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A card that gave no contact.

    Attributes:
        place: which card of the file, from 1.
        name: as far as it could be read; empty otherwise.
        reason: half a sentence.
    """

    place: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """What a file held."""

    contacts: tuple[Contact, ...]
    skipped: tuple[Skipped, ...]


def read(data: bytes, country: str) -> Cards:
    """Every contact of a vCard file; of two with the same number the later one.

    Args:
        country: for numbers in national form, ISO 3166 alpha-2.
    """
    contacts: dict[str, Contact] = {}
    skipped: list[Skipped] = []
    for place, card in enumerate(_cards(data), start=1):
        found = _contacts_of(place, card, country)
        if isinstance(found, Skipped):
            skipped.append(found)
        else:
            contacts.update({contact.peer: contact for contact in found})
    return Cards(contacts=tuple(contacts.values()), skipped=tuple(skipped))


def _cards(data: bytes) -> Iterator[str]:
    for mark, encoding in _BYTE_MARKS:
        if data.startswith(mark):
            data = data.decode(encoding, "replace").encode()
    for found in _CARD.finditer(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")):
        yield _text(found.group())


def _text(card: bytes) -> str:
    """UTF-8 where it is that; else what old telephones wrote."""
    try:
        return card.decode()
    except UnicodeDecodeError:
        return card.decode("cp1252", "replace")


def _contacts_of(place: int, card: str, country: str) -> list[Contact] | Skipped:
    if len(card) > _LONGEST_CARD:
        return Skipped(place=place, name="", reason="it is too large")
    parsed = _parsed(card)
    if parsed is None:
        return Skipped(place=place, name="", reason="it cannot be read as a vCard")
    name = _name(parsed)
    numbers = [str(line.value).removeprefix("tel:") for line in parsed.contents.get("tel", [])]
    if not name:
        return Skipped(place=place, name="", reason="it has no name")
    if not numbers:
        return Skipped(place=place, name=name, reason="it has no telephone number")
    peers = list(dict.fromkeys(peer for number in numbers if (peer := _peer(number, country))))
    if not peers:
        return Skipped(place=place, name=name, reason="none of its numbers is a possible one")
    return [Contact(peer=peer, name=name, notes=_notes(parsed)) for peer in peers]


def _parsed(card: str) -> Any | None:
    import vobject  # noqa: PLC0415 - loads a calendar and its time zones, which nothing else needs

    logging.getLogger("vobject").setLevel(logging.CRITICAL)  # it would quote the card
    text = _VERSION.sub("VERSION:3.0", card)  # what it is read for is the same in both
    with contextlib.suppress(Exception):  # whatever a stranger's file makes the reader raise, it is that card's matter
        return vobject.readOne(text)
    return None


def _name(card: Any) -> str:
    for field in ("fn", "org", "nickname"):
        for line in card.contents.get(field, []):
            value = " ".join(line.value) if isinstance(line.value, list) else str(line.value)
            if clean := _clean(value):
                return clean[:_LONGEST_NAME]
    for line in card.contents.get("n", []):
        return _clean(str(line.value))[:_LONGEST_NAME]
    return ""


def _notes(card: Any) -> str:
    notes = (str(line.value).strip() for line in card.contents.get("note", []))
    return "\n".join(shown(note, multiline=True) for note in notes if note)


def _clean(text: str) -> str:
    return " ".join(shown(text).split())


def _peer(number: str, country: str) -> str | None:
    try:
        return phone.parse_peer(number.partition(";")[0], country)
    except NumberError:
        return None
