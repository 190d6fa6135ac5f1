"""What is known of sending SMS to a country, each with its source; what is not known is not invented.

The rule: a country without facts has no notes, and a note that depends on the sender ID is told only where it applies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NO_SUCH_SENDER: Final = "15"
"""Status of a send whose sender ID is not allowed there."""

NOT_ALLOWED: Final = "29"
"""Status of a send to a number that a demo project may not write to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryNote:
    """One thing to know before writing to a country.

    Attributes:
        country: ISO 3166 alpha-2.
        sentence: what is known; without a full stop.
        hint: what to do about it; empty when there is nothing.
        source: where it is known from, in a few words.
    """

    country: str
    sentence: str
    hint: str = ""
    source: str


def notes_for(country: str | None, sender: str) -> tuple[CountryNote, ...]:
    """What to know before writing to a country.

    Args:
        country: ISO 3166 alpha-2 of the recipient; None where it cannot be told, of which nothing is known.
        sender: the sender ID: digits, or a name; empty where none is known yet.
    """
    match country:
        case "US" | "CA":
            return (_north_america(country, sender),)
        case "NL":
            return (*_dutch_name(sender), _DAYTIME)
        case "IN":
            return (_INDIA,)
        case _:
            return ()


def why_refused(code: str, country: str | None, sender: str) -> str | None:
    """What the recipient's country may have to do with a refusal; None where the code says nothing of the kind.

    Args:
        code: the status of a part; only 15 and 29 have to do with a country.
        country: ISO 3166 alpha-2 of the recipient; None where it cannot be told.
        sender: the sender ID that it was sent from.
    """
    if code.strip() not in {NO_SUCH_SENDER, NOT_ALLOWED}:
        return None
    known = [note for note in notes_for(country, sender) if note is not _DAYTIME]
    said = [f"{note.sentence}: {note.hint}" if note.hint else note.sentence for note in known]
    return "; ".join([*said, MORE_MAY_BE_NEEDED])


MORE_MAY_BE_NEEDED: Final = "KPN says that some countries need more information before they are written to"
"""Told beside a refusal 15 or 29, whatever the country; source: KPN's documentation of the SMS API."""

_OWN_NUMBER: Final = "send from a long number, toll-free number or short code of your own there"
_VONAGE_NORTH_AMERICA: Final = "Vonage: SMS error codes, and throughput and sender IDs in the United States and Canada"
_DUTCH_GUIDES: Final = "third-party guides for the Netherlands (suresms.com, sent.dm)"

_GENERAL_WORDS: Final = frozenset({"INFO", "SMS", "NOTICE"})
_PLACES: Final = {"US": "the United States", "CA": "Canada"}

_DAYTIME: Final = CountryNote(
    country="NL",
    sentence="the Netherlands expect SMS of businesses in the daytime",
    hint="keep to it unless the recipient waits for yours",
    source=_DUTCH_GUIDES,
)

_INDIA: Final = CountryNote(
    country="IN",
    sentence="India's carriers want an entity id and a content id with each SMS, and KPN's form has no field for them",
    hint="ask the support of KPN's API store before you write there",
    source="Vonage's SMS API beside KPN's OpenAPI document",
)


def _north_america(country: str, sender: str) -> CountryNote:
    what = "a name" if _is_name(sender) else "a number that is not registered there"
    return CountryNote(
        country=country,
        sentence=f"{what} is refused as sender ID in {_PLACES[country]}, with status 15",
        hint=_OWN_NUMBER,
        source=_VONAGE_NORTH_AMERICA,
    )


def _dutch_name(sender: str) -> tuple[CountryNote, ...]:
    if not _is_name(sender):
        return ()
    if sender.upper() in _GENERAL_WORDS:
        sentence = "general words such as INFO, SMS and NOTICE are refused as sender ID in the Netherlands"
        return (CountryNote(country="NL", sentence=sentence, hint="use a name of your own", source=_DUTCH_GUIDES),)
    sentence = "a name as sender ID needs no registration in the Netherlands, and cannot be answered"
    hint = "for answers send from a number; those for programs are in the 097 range, and there are no short codes"
    return (CountryNote(country="NL", sentence=sentence, hint=hint, source=_DUTCH_GUIDES),)


def _is_name(sender: str) -> bool:
    return bool(sender) and not (sender.isascii() and sender.isdigit())
