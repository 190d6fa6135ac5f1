"""The people behind the simulator's numbers, and what each answers.

The rule: pure and without chance: who they are, what they heard and how often decides what they say and when.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from smschat.simulator import attachments, phrases
from smschat.simulator.octets import VCAL_PORT, Octets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An SMS that reached somebody.

    Attributes:
        text: empty for a binary SMS.
        nth: the how manieth from this sender, from 1.
        octets: of a binary SMS; None: it is none.
    """

    text: str = field(repr=False)
    nth: int
    octets: Octets | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """An SMS that somebody writes.

    Attributes:
        after_s: seconds after the one before it, or after the SMS that it answers was delivered.
        octets: it is a binary SMS, and has no text; None: it is none.
        is_muddled: its parts come out of order, and each of them twice.
    """

    after_s: float
    text: str = field(default="", repr=False)
    octets: Octets | None = None
    is_muddled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can be written to.

    Attributes:
        number: digits with country code.
        habit: one sentence on how they answer.
    """

    number: str
    name: str
    habit: str
    answer: Callable[[Heard], tuple[Say, ...]] = field(repr=False)


def _haste(heard: Heard, least_s: float, most_s: float) -> float:
    """Seconds before somebody answers: between the two, the same for the same words."""
    share = zlib.crc32(f"{heard.nth} {heard.text}".encode("utf-8", "replace")) % 1000 / 1000
    return round(least_s + share * (most_s - least_s), 2)


def _echo(heard: Heard) -> tuple[Say, ...]:
    return (Say(after_s=1.0, text=heard.text, octets=heard.octets),)


def _slow_typist(heard: Heard) -> tuple[Say, ...]:
    if attachments.asks_for_card(heard.text):
        return (Say(after_s=_haste(heard, 1.5, 3.0), text=attachments.ANNAS_CARD),)
    lines = phrases.small_talk(heard.text, heard.nth)
    first = Say(after_s=_haste(heard, 1.5, 3.0), text=lines[0])
    return (first, *(Say(after_s=1.5 + len(line) / 25, text=line) for line in lines[1:]))


def _office(heard: Heard) -> tuple[Say, ...]:
    if attachments.asks_for_entry(heard.text):
        entry = Octets(data=attachments.BAKKERS_ENTRY.encode(), port=VCAL_PORT)
        return (Say(after_s=_haste(heard, 2.0, 4.0), octets=entry),)
    return (Say(after_s=_haste(heard, 2.0, 4.0), text=phrases.office(heard.text, heard.nth)),)


def _long_and_in_emoji(heard: Heard) -> tuple[Say, ...]:
    return (Say(after_s=_haste(heard, 2.0, 4.0), text=phrases.emoji(heard.text, heard.nth)),)


def _muddled(heard: Heard) -> tuple[Say, ...]:
    if attachments.asks_for_picture(heard.text):
        picture = Octets(data=attachments.PICTURE, has_wide_reference=True)
        return (Say(after_s=_haste(heard, 2.0, 3.5), octets=picture, is_muddled=True),)
    return (Say(after_s=_haste(heard, 2.0, 3.5), text=phrases.story(heard.text, heard.nth), is_muddled=True),)


def _arabic(heard: Heard) -> tuple[Say, ...]:
    return (Say(after_s=_haste(heard, 1.5, 3.5), text=phrases.arabic(heard.nth)),)


def _says_stop(heard: Heard) -> tuple[Say, ...]:
    """Once, and nothing ever after."""
    return (Say(after_s=_haste(heard, 1.5, 3.0), text=phrases.STOP),) if heard.nth == 1 else ()


def own_phone(heard: Heard) -> tuple[Say, ...]:
    """What the account's own number answers: on a test account one texts oneself."""
    return (Say(after_s=_haste(heard, 1.0, 2.5), text=phrases.own_phone(heard.text, heard.nth)),)


ANNA: Final = Person(
    number="31611111111",
    name="Anna de Vries",
    habit="types slowly, in several SMS, and sends her card when asked for it",
    answer=_slow_typist,
)
ECHO: Final = Person(number="31622222222", name="Echo", habit="says what it hears", answer=_echo)
BAKKER: Final = Person(
    number="31633333333",
    name="Bakker BV",
    habit="is brief and polite, and sends an appointment when asked for one",
    answer=_office,
)
NOOR: Final = Person(
    number="31644444444", name="Noor el Idrissi", habit="writes long and in emoji", answer=_long_and_in_emoji
)
JOOST: Final = Person(
    number="31666666666",
    name="Joost van Dijk",
    habit="tells stories whose parts come out of order and twice, and sends a picture when asked for one",
    answer=_muddled,
)
HENK: Final = Person(number="31677777777", name="Henk Visser", habit="says STOP, and keeps quiet", answer=_says_stop)
LAYLA: Final = Person(number="31688888888", name="Layla Haddad", habit="answers in Arabic", answer=_arabic)

PEOPLE: Final = (ANNA, ECHO, BAKKER, NOOR, JOOST, HENK, LAYLA)

_BY_NUMBER: Final[Mapping[str, Person]] = {person.number: person for person in PEOPLE}


def person_at(number: str) -> Person | None:
    """Whoever answers there; None: nobody."""
    return _BY_NUMBER.get(number)
