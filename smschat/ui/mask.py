"""The presenter's mask: numbers, names and texts of people are covered wherever they would show.

The rule: what is covered keeps its length and its spaces, so that nothing on the screen moves; of a number the last two
digits stay, so that rows can be told apart. Nothing is uncovered by copying, scrolling, or a notification.
"""

from __future__ import annotations

import re
from typing import Final

_COVER: Final = "*"
_COVERED: Final = re.compile(r"\S")
_LONG_DIGITS: Final = re.compile(r"\+?\d(?:[ ()./-]?\d){5,}")
_LAST: Final = 2


class Mask:
    """One for each chat; off at first.

    Attributes:
        is_on: whether it covers.
    """

    def __init__(self) -> None:
        self.is_on = False

    def number(self, number: str) -> str:
        """A number or sender ID, but for its last two characters."""
        return self._cover(number[:-_LAST]) + number[-_LAST:] if self.is_on else number

    def name(self, name: str) -> str:
        """A name or a number, as a list has it: a name is covered whole."""
        return self.number(name) if name.isdigit() else self.text(name)

    def text(self, text: str) -> str:
        """What somebody wrote."""
        return self._cover(text) if self.is_on else text

    def words(self, sentence: str) -> str:
        """A sentence of ours in which numbers may stand."""
        if not self.is_on:
            return sentence
        return _LONG_DIGITS.sub(lambda found: self.number(found.group()), sentence)

    @staticmethod
    def _cover(text: str) -> str:
        return _COVERED.sub(_COVER, text)
