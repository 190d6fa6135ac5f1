"""What the simulator's people send beside words: a business card, a calendar entry, a picture.

The rule: pure, and the same for the same words; whoever is asked in a word or two sends it, nobody else does.
"""

from __future__ import annotations

import re
from typing import Final

_CARD: Final = re.compile(r"\b(?:v?card|visitekaartje|contact(?:gegevens)?)\b", re.IGNORECASE)
_ENTRY: Final = re.compile(r"\b(?:appointment|calendar|invite|afspraak|agenda|uitnodiging)\b", re.IGNORECASE)
_PICTURE: Final = re.compile(r"\b(?:picture|photo|binary|foto|plaatje|binair)\b", re.IGNORECASE)

ANNAS_CARD: Final = """BEGIN:VCARD
VERSION:3.0
N:de Vries;Anna;;;
FN:Anna de Vries
ORG:Demo Events
TITLE:Stage manager
TEL;TYPE=CELL:+31611111111
TEL;TYPE=WORK:+31200000111
EMAIL:anna@example.com
END:VCARD
""".replace("\n", "\r\n")
"""A business card as text, in two parts (RFC 2426)."""

BAKKERS_ENTRY: Final = """BEGIN:VCALENDAR
VERSION:1.0
BEGIN:VEVENT
SUMMARY:Delivery by Bakker BV
DTSTART:20270312T090000Z
DTEND:20270312T120000Z
LOCATION:Wilhelminakade 123
DESCRIPTION:Somebody has to sign for it.
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
"""A calendar entry, which goes to the calendar's port in two parts (vCalendar 1.0)."""

PICTURE: Final = bytes(number * number % 251 for number in range(300))
"""Octets that stand for a picture; three parts of an SMS."""


def asks_for_card(text: str) -> bool:
    """Whether somebody is asked for a business card."""
    return _CARD.search(text) is not None


def asks_for_entry(text: str) -> bool:
    """Whether somebody is asked for a calendar entry."""
    return _ENTRY.search(text) is not None


def asks_for_picture(text: str) -> bool:
    """Whether somebody is asked for a picture."""
    return _PICTURE.search(text) is not None
