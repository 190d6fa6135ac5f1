"""Business cards: the name, the numbers, and everything else worth showing of a vCard 2.1, 3.0 or 4.0.

The rule: what the card says, in its order and its words; only what programs tell one another is left out.
Source: RFC 6350; vCard 2.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from smschat.domain import content_lines

if TYPE_CHECKING:
    from smschat.domain.content_lines import ContentLine

_LABELS: Final = {
    "FN": "Name",
    "NICKNAME": "Nickname",
    "TEL": "Phone",
    "EMAIL": "E-mail",
    "ORG": "Organisation",
    "TITLE": "Title",
    "ROLE": "Role",
    "ADR": "Address",
    "LABEL": "Address",
    "URL": "Web",
    "BDAY": "Birthday",
    "ANNIVERSARY": "Anniversary",
    "NOTE": "Note",
    "PHOTO": "Photo",
    "LOGO": "Logo",
    "SOUND": "Sound",
    "KEY": "Key",
    "IMPP": "Chat",
    "GEO": "Place",
    "TZ": "Time zone",
    "CATEGORIES": "Categories",
}
_NOT_SHOWN: Final = frozenset(
    {"BEGIN", "END", "VERSION", "PRODID", "REV", "UID", "N", "SORT-STRING", "CLASS", "MAILER", "PROFILE", "SOURCE"}
)
_STRUCTURED: Final = frozenset({"ADR", "ORG"})
_IDLE_KINDS: Final = frozenset({"internet", "pref", "voice", "uri", "text"})
_SCHEME: Final = re.compile(r"(?:tel|sms|mailto):", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A business card.

    Attributes:
        name: as it is written; empty where the card has none.
        numbers: telephone numbers as they are written, each once.
        lines: label and text of everything worth showing, name and numbers included.
    """

    name: str = field(repr=False)
    numbers: tuple[str, ...] = field(default=(), repr=False)
    lines: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def read_card(text: str) -> Card | None:
    """The card that a text is; None where nothing in it is worth showing. Of several cards the first gives the name."""
    found = content_lines.read(text)
    name = _name(found)
    lines = [(_label(line), said) for line in found if line.name not in _NOT_SHOWN and (said := _said(line))]
    if name and not any(label == "Name" for label, _ in lines):
        lines.insert(0, ("Name", name))
    if not lines:
        return None
    numbers = dict.fromkeys(_said(line) for line in found if line.name == "TEL")
    return Card(name=name, numbers=tuple(filter(None, numbers)), lines=tuple(lines))


def _name(found: tuple[ContentLine, ...]) -> str:
    said = {"FN": "", "N": "", "ORG": ""}
    for line in found:
        if line.name in said and not said[line.name]:
            said[line.name] = _name_of_fields(line.fields()) if line.name == "N" else _said(line)
    return said["FN"] or said["N"] or said["ORG"]


def _name_of_fields(fields: tuple[str, ...]) -> str:
    """Family, given, additional, prefixes, suffixes, as people write them (RFC 6350 §6.2.2)."""
    family, given, additional, prefixes, suffixes = (*fields, "", "", "", "", "")[:5]
    return " ".join(filter(None, (piece.strip() for piece in (prefixes, given, additional, family, suffixes))))


def _label(line: ContentLine) -> str:
    label = _LABELS.get(line.name, line.name.removeprefix("X-").capitalize())
    kinds = [kind for kind in line.kinds() if kind not in _IDLE_KINDS]
    return f"{label} ({', '.join(kinds)})" if kinds else label


def _said(line: ContentLine) -> str:
    if line.octets is not None:
        return f"{line.octets} octets"
    if line.name in _STRUCTURED:
        return ", ".join(filter(None, (piece.strip() for piece in line.fields())))
    return _SCHEME.sub("", line.text().strip(), count=1) if line.name in {"TEL", "EMAIL"} else line.text().strip()
