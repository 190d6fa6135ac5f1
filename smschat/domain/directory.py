"""Everybody one can switch to, found by a few letters of a name or a few digits of a number.

How it ranks
------------
What begins with the text comes first, then what has it at the beginning of a word, then what has it anywhere, then
what has each of its words, and last what has its letters in this order. Among equals the newest activity comes first,
as it does where nothing is looked for. Case and accents do not matter, and digits match in any national form. Only the
last step needs more than one search of a string, and it is taken only for those whom no earlier one has found.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from smschat.domain.conversation import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smschat.domain.finding import Person

_NUMBER: Final = re.compile(r"[\d\s+()./-]+")
_NO_DIGITS: Final = re.compile(r"\D+")
_COUNTRY_CODE: Final = 3
"""Digits of a country code at most, which stand before a national number."""

_BEGINS, _WORD_BEGINS, _HAS, _HAS_WORDS, _HAS_LETTERS = range(5)


class Directory:
    """People to look for.

    Args:
        people: in the order in which they are shown where nothing is looked for.
    """

    def __init__(self, people: Sequence[Person]) -> None:
        self._people = people
        self._names = [folded(person.name) for person in people]

    def find(self, text: str) -> Sequence[Person]:
        """Those who match, the best first; everybody for a text of nothing but spaces."""
        wanted = " ".join(folded(text).split())
        if not wanted:
            return self._people
        ranked = self._by_number(wanted) if _NUMBER.fullmatch(wanted) else self._by_name(wanted)
        return [self._people[index] for _, index in sorted(ranked)]

    def _by_number(self, wanted: str) -> list[tuple[int, int]]:
        """Digits of a number, in whichever form they are written; or of a name, such as `room 101`."""
        digits = _NO_DIGITS.sub("", wanted)
        bare = digits.lstrip("0") or digits
        if not bare:
            return []
        most = _COUNTRY_CODE if digits.startswith("0") else 0
        ranked = []
        for index, person in enumerate(self._people):
            place = person.peer.find(bare)
            if place >= 0:
                ranked.append((_BEGINS if place <= most else _HAS, index))
            elif wanted in self._names[index]:
                ranked.append((_HAS_WORDS, index))
        return ranked

    def _by_name(self, wanted: str) -> list[tuple[int, int]]:
        words = [_bare(word) for word in wanted.split()]
        letters = wanted.replace(" ", "")
        ranked = []
        for index, name in enumerate(self._names):
            where = name or self._people[index].peer.casefold()
            rank = _rank(where, wanted)
            if rank is None and all(word in where or word in self._people[index].peer for word in words):
                rank = _HAS_WORDS
            if rank is None and _has_letters(where, letters):
                rank = _HAS_LETTERS
            if rank is not None:
                ranked.append((rank, index))
        return ranked


def _rank(where: str, wanted: str) -> int | None:
    place = where.find(wanted)
    if place <= 0:
        return _BEGINS if place == 0 else None
    return _WORD_BEGINS if f" {wanted}" in where else _HAS


def _has_letters(where: str, letters: str) -> bool:
    """Whether the letters are there in this order, with others between them."""
    at = 0
    for letter in letters:
        at = where.find(letter, at) + 1
        if not at:
            return False
    return True


def _bare(word: str) -> str:
    """A word of digits without the zeros of a national form; another as it is."""
    digits = word.strip("+-()./")
    return digits.lstrip("0") or digits if digits.isdecimal() else word
