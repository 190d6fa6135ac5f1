"""The links of a text numbered and told apart in its wrapped lines; pure.

How it works
------------
The number stands behind its link in the text that is wrapped. The lines are that text's own stretches, with nothing but
blanks left out between them, so each is found where the one before ended, and is cut where a link begins and ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from smschat.ui.render import Ink, Piece, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Span(NamedTuple):
    """A stretch of a text in an ink of its own."""

    start: int
    end: int
    ink: Ink


def wrapped(text: str, width: int, link: Ink, number: Ink) -> list[tuple[Piece, ...]]:
    """A text that is safe already, in lines of pieces; those without an ink of their own are `Ink.TEXT`.

    Args:
        width: cells of the longest line.
        link: the ink of a link.
        number: that of the number behind it.
    """
    text, spans = _numbered(text, link, number)
    lines = wrap(text, width)
    return list(_cut(text, lines, spans)) if spans else [(Piece(line),) for line in lines]


def lines_in(text: str, width: int) -> int:
    """How many lines `wrapped` makes of it."""
    return len(wrap(_numbered(text, Ink.TEXT, Ink.TEXT)[0], width))


def _numbered(text: str, link: Ink, number: Ink) -> tuple[str, list[Span]]:
    if "://" not in text and "www." not in text.lower():
        return text, []
    from smschat.domain.links import links_of  # noqa: PLC0415 - for the few texts that have one

    done, spans, at = "", [], 0
    for count, found in enumerate(links_of(text), 1):
        done += text[at : found.start]
        spans.append(Span(len(done), len(done) + found.end - found.start, link))
        done += text[found.start : found.end]
        sign = f" [{count}]"
        spans.append(Span(len(done) + 1, len(done) + len(sign), number))
        done, at = done + sign, found.end
    return done + text[at:], spans


def _cut(text: str, lines: Sequence[str], spans: Sequence[Span]) -> Iterator[tuple[Piece, ...]]:
    at = 0
    for line in lines:
        start = text.index(line, at)
        at = start + len(line)
        yield tuple(_pieces(text, start, at, spans))


def _pieces(text: str, start: int, end: int, spans: Sequence[Span]) -> Iterator[Piece]:
    at = start
    for span in spans:
        first, last = max(span.start, at), min(span.end, end)
        if first >= last:
            continue
        if at < first:
            yield Piece(text[at:first])
        yield Piece(text[first:last], span.ink)
        at = last
    if at < end or start == end:
        yield Piece(text[at:end])
