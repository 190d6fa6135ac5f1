"""In one line what an SMS is that is no plain text: a card, an event, an address, or octets; pure.

The rule: what was not asked for is not worked out: times stand as the sender wrote them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from smschat.domain import contents
from smschat.ui.render import MONTHS

if TYPE_CHECKING:
    from smschat.domain.contents import Octets
    from smschat.domain.sms import Sms
    from smschat.ui.render import Marks

_SHOWN: Final = 8
_NUMBERS: Final = 3
_LONGEST: Final = 400
_WHEN: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: (\d\d:\d\d)(?::\d\d)?)?( .+)?", re.ASCII)


def gist(sms: Sms, marks: Marks) -> str:
    """`vCard · Anna de Vries · 31611111111`; the text itself where there is nothing but text. Foreign, not yet safe."""
    match contents.content_of(sms):
        case None:
            return sms.text or f"({sms.type.value})"
        case contents.Card() as card:
            pieces = ["vCard", card.name or "no name", *card.numbers[:_NUMBERS]]
        case contents.Event() as event:
            pieces = ["event", event.title or "no title", when(event.starts), event.place]
        case contents.Push() as push:
            pieces = ["WAP push", push.title, push.url]
        case contents.Octets() as octets:
            pieces = _octets(octets, marks)
    return f" {marks.dot} ".join(" ".join(piece.split()) for piece in pieces if piece)[:_LONGEST]


def when(written: str) -> str:
    """`2026-05-12 19:00 UTC` as people read it: `12 May 19:00 UTC`; what is no such time, as it came."""
    match = _WHEN.fullmatch(written)
    if match is None or not 1 <= int(match[2]) <= len(MONTHS):
        return written
    month = MONTHS[int(match[2]) - 1][:3]
    clock = f" {match[4]}" if match[4] else f" {match[1]}"
    return f"{int(match[3])} {month}{clock}{match[5] or ''}"


def _octets(octets: Octets, marks: Marks) -> list[str]:
    count = len(octets.data)
    shown = octets.data[:_SHOWN].hex(" ") + (f" {marks.ellipsis}" if count > _SHOWN else "")
    return ["binary", f"{count} {'octet' if count == 1 else 'octets'}", shown, octets.text]
