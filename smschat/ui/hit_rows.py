"""An SMS that was found as two lines: who and when, and the text around what was found; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from smschat.ui import render
from smschat.ui.marking import cut
from smschat.ui.render import Ink, Piece

if TYPE_CHECKING:
    from datetime import datetime

    from smschat.domain.finding import Hit
    from smschat.ui.marking import Spans
    from smschat.ui.mask import Mask
    from smschat.ui.render import Line, Marks

_INDENT: Final = 1
_BEFORE: Final = 4
"""The part of the line, a quarter, that stands before the first find."""

_LEAST_NAME: Final = 8
"""Cells of a name that no time takes."""

_LONGEST: Final = 4
"""Characters looked at for each cell: some have no width."""


def lines_of(hit: Hit, width: int, now: datetime, marks: Marks, mask: Mask) -> tuple[Line, Line]:
    """The two lines, from the second cell of the view on.

    Args:
        width: cells of the view; the first one is the cursor's bar.
    """
    return _head(hit, width, now, marks, mask), _text(hit, width, marks, mask)


def _head(hit: Hit, width: int, now: datetime, marks: Marks, mask: Mask) -> Line:
    sms, zone = hit.sms, render.zone_of(now)
    at = render.local(sms.created_at, zone)
    when = f"{render.short_time(at, render.local(now, zone))} {render.clock(at)}"
    when = when if at.date() != render.local(now, zone).date() else render.clock(at)
    number = f"  {mask.number(sms.peer)}" if hit.name else ""
    direction = "to " if sms.is_outbound else "from "
    left = width - 3 - len(direction) - 1
    when = when if left - cell_len(when) >= _LEAST_NAME else ""
    room = max(left - cell_len(when), 1)
    name = render.clip(render.safe(mask.name(hit.name or sms.peer)), room, marks.ellipsis)
    rest = room - cell_len(name)
    number = render.safe(number) if cell_len(number) <= rest else ""
    gap = " " * (rest - cell_len(number) + 1)
    return (
        Piece(" " * _INDENT), Piece(direction, Ink.HINT), Piece(name, Ink.NAME), Piece(number, Ink.HINT),
        Piece(gap), Piece(when, Ink.TIME),
    )  # fmt: skip


def _text(hit: Hit, width: int, marks: Marks, mask: Mask) -> Line:
    """The text on one line, from a little before the first find on; what was cut at either end is told."""
    room = max(width - 3 - 2 * _INDENT, 1)
    text, spans = context(mask.text(hit.sms.text), hit.spans, room, marks)
    return (Piece(" " * (_INDENT + 2)), *cut(Piece(text, Ink.TEXT), spans))


def context(text: str, spans: Spans, room: int, marks: Marks) -> tuple[str, Spans]:
    """So many cells of a text, the first find among them, and where the finds are in that; safe to show.

    In ASCII brackets stand around a find, for a terminal that shows neither colour nor underlining.
    """
    first = spans[0][0] if spans else 0
    start = max(0, first - room // _BEFORE) if first + _BEFORE > room // 2 else 0
    while 0 < start < first and not text[start - 1].isspace():
        start += 1
    lead = marks.ellipsis if start else ""
    pieces, moved = [lead], []
    at, size = start, cell_len(lead)
    opening, closing = ("[", "]") if marks.ascii else ("", "")
    for begin, end in [*spans, (len(text), len(text))]:
        between = _line(text[at : min(begin, at + _LONGEST * room)])
        found = f"{opening}{_line(text[begin:end])}{closing}" if begin < end else ""
        place = sum(map(len, pieces)) + len(between)
        pieces += [between, found]
        moved.append((place, place + len(found)))
        size += cell_len(between) + cell_len(found)
        at = end
        if size > room:
            break
    return render.clip("".join(pieces), room, marks.ellipsis), [span for span in moved if span[0] < span[1]]


def _line(text: str) -> str:
    """As one line: line ends and tabs as spaces."""
    return render.safe("".join(" " if character.isspace() else character for character in text))
