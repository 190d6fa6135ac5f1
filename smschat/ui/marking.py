"""Found words marked in the lines of an SMS; pure.

How it works
------------
The lines of a text are its own pieces, one behind the other, with nothing but spaces and line ends left out between
them. So each piece is looked for where the one before ended, and what a find covers of it becomes a piece of its own.
A line that is none of the text (a time, a note) is passed over.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from smschat.ui.render import Ink, Piece, safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from smschat.ui.render import Line

Spans: TypeAlias = "Sequence[tuple[int, int]]"
"""Where something is in a text, as (start, end) in characters, in order and not overlapping."""

_NO_TEXT: Final = frozenset({Ink.TIME, Ink.HINT, Ink.PENDING, Ink.DOUBT, Ink.SENT, Ink.DELIVERED, Ink.FAILED})


def marked(lines: Iterable[Line], text: str, spans: Spans) -> tuple[Line, ...]:
    """The lines with what was found in ink of its own.

    Args:
        lines: the body of an SMS, as it was laid out.
        text: its text, as it is stored.
        spans: where the finds are in that text.
    """
    shown = safe(text, multiline=True)
    places = spans if shown == text else [_moved(text, span) for span in spans]
    done: list[Line] = []
    at = 0
    for line in lines:
        pieces: list[Piece] = []
        for piece in line:
            start = -1 if piece.ink in _NO_TEXT else _find(shown, piece.text.strip(), at)
            if start < 0:
                pieces.append(piece)
                continue
            origin = start - (len(piece.text) - len(piece.text.lstrip()))
            at = start + len(piece.text.strip())
            inside = [(max(begin, start), min(end, at)) for begin, end in places if begin < at and end > start]
            pieces += cut(piece, [(begin - origin, end - origin) for begin, end in inside])
        done.append(tuple(pieces))
    return tuple(done)


def cut(piece: Piece, spans: Spans) -> Iterator[Piece]:
    """A piece in pieces, with what was found in ink of its own; what lies outside of it is left out."""
    size = len(piece.text)
    inside = [(max(start, 0), min(end, size)) for start, end in spans if start < size and end > 0]
    ends = [0, *(end for span in inside for end in span), size]
    for number, (start, end) in enumerate(pairwise(ends)):
        if start < end:
            yield Piece(piece.text[start:end], Ink.FOUND if number % 2 else piece.ink)


def _find(text: str, words: str, at: int) -> int:
    """Where the words go on, with nothing but blanks before them; -1: they do not."""
    start = text.find(words, at) if words else -1
    return start if start >= 0 and not text[at:start].strip() else -1


def _moved(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The same place where some characters are shown as others."""
    start, end = (len(safe(text[:place], multiline=True)) for place in span)
    return start, end
