"""The presenter's mask: numbers, names and texts of people are covered wherever they would show.

The rule: what is covered keeps its width and its spaces, so that nothing on the screen moves; of a number the last two
digits stay, so that rows can be told apart. Nothing is uncovered by scrolling, by another screen, or by a notification.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from rich.cells import split_graphemes

if TYPE_CHECKING:
    from collections.abc import Iterator

_COVER: Final = "*"
_WIDE_COVER: Final = "\u2b1b"
_NO_WIDTH: Final = "\u200b"
_COVERED: Final = re.compile(r"\S")
_WORDS: Final = re.compile(r"\S+")
_DATE: Final = r"(?!\d{4}-\d\d-\d\d)"
_LONG_DIGITS: Final = re.compile(rf"(?<![\w.:-]){_DATE}\+?\(?\d(?:[ ()/-]{{0,2}}\d){{6,}}(?![\d:])|\d{{9,}}")
"""A number as people or the gateway write it: seven digits at least, and no time, amount or identifier."""

_LAST: Final = 2


class Mask:
    """One for each chat; off at first.

    Attributes:
        is_on: whether it covers.
    """

    def __init__(self, *, is_on: bool = False) -> None:
        self.is_on = is_on

    def number(self, number: str) -> str:
        """A number or sender ID, but for its last two characters."""
        return self._cover(number[:-_LAST]) + number[-_LAST:] if self.is_on else number

    def name(self, name: str) -> str:
        """A name or a number, as a list has it: a name is covered whole."""
        return self.number(name) if name.isdigit() else self.text(name)

    def text(self, text: str) -> str:
        """What somebody wrote."""
        return self._cover(text) if self.is_on else text

    def typed(self, line: str) -> str:
        """What is being typed: character for character, so that the cursor stands where it seems to."""
        return _WORDS.sub(lambda word: "".join(_covers(word.group())), line) if self.is_on else line

    def words(self, sentence: str) -> str:
        """A sentence of ours in which numbers may stand."""
        if not self.is_on:
            return sentence
        return _LONG_DIGITS.sub(lambda found: self.number(found.group()), sentence)

    def _cover(self, text: str) -> str:
        return _COVERED.sub(_COVER, text) if text.isascii() else self.typed(text).replace(_NO_WIDTH, "")


@runtime_checkable
class Masked(Protocol):
    """A screen or a widget that says something which the mask may cover."""

    def remask(self) -> None:
        """Say it anew: the mask was put on or taken off."""
        ...


OPEN: Final = Mask()
"""Covers nothing."""

COVERED: Final = Mask(is_on=True)
"""Covers all."""


def mask_if(is_masked: bool) -> Mask:  # noqa: FBT001 - a look's flag
    """The one of these two that a look asks for."""
    return COVERED if is_masked else OPEN


def mask_of(app: object) -> Mask:
    """That of an app; one that covers nothing where it has none."""
    mask = getattr(app, "mask", None)
    return mask if isinstance(mask, Mask) else OPEN


def _covers(word: str) -> Iterator[str]:
    """A cover for each character: as wide as what it covers, and nothing for what stands on the one before it."""
    at = 0
    for start, end, cells in split_graphemes(word)[0]:
        yield _NO_WIDTH * (start - at)
        yield _WIDE_COVER if cells > 1 else _COVER if cells else _NO_WIDTH
        yield _NO_WIDTH * (end - start - 1)
        at = end
    yield _NO_WIDTH * (len(word) - at)
