"""What an SMS says, as rows of its details: a text, a card, an event, an address, or octets; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from smschat.domain import contents
from smschat.ui.render import Ink
from smschat.ui.row import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smschat.domain.contents import Octets
    from smschat.domain.sms import Sms

_SIZES: Final = (16, 8, 4)
_AROUND: Final = 7
"""Cells of a hex dump's line beside three for each octet and one for its character."""

_PRINTABLE: Final = range(0x20, 0x7F)


def rows_of(sms: Sms, room: int) -> Iterator[Row]:
    """What it says.

    Args:
        room: cells for a line of a hex dump.
    """
    content = contents.content_of(sms)
    match content:
        case None:
            yield Row("", sms.text or "(no text)", is_whole=True)
        case contents.Card() | contents.Event():
            yield from _filled(*((label.lower(), text) for label, text in content.lines))
        case contents.Push():
            yield from _filled(("title", content.title), ("address", content.url))
        case contents.Octets():
            yield from _octets(content, room)
        case _:
            assert_never(content)


def _octets(octets: Octets, room: int) -> Iterator[Row]:
    for element in octets.header:
        yield Row("header", element.sentence)
    count = len(octets.data)
    yield Row("data", f"{count} {'octet' if count == 1 else 'octets'}")
    yield from hex_rows(octets.data, room)
    if octets.text:
        yield Row("as text", octets.text)


def hex_rows(data: bytes, room: int) -> Iterable[Row]:
    """A hex dump: where, sixteen octets or fewer, and what they are in ASCII."""
    size = next((size for size in _SIZES if room >= _AROUND + 4 * size), _SIZES[-1])
    for start in range(0, len(data), size):
        octets = data[start : start + size]
        drawn = "".join(chr(octet) if octet in _PRINTABLE else "." for octet in octets)
        yield Row("", f"{start:04x}  {octets.hex(' ').ljust(3 * size)} {drawn}", is_whole=True)


def _filled(*lines: tuple[str, str]) -> Iterator[Row]:
    """The lines that say something; a label that repeats stands once."""
    last = None
    for label, text in lines:
        if text:
            yield Row("" if label == last else label, text, Ink.TEXT)
            last = label
