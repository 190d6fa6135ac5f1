"""One SMS as lines of the transcript; pure: the same SMS and look give the same lines.

Inbound stands at the left behind its time; outbound is indented, with time and mark at the right end of its last
line. What went wrong, and the key that helps, stands in words beneath. No state is told by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from rich.cells import cell_len

from smschat.domain.delivery import Status
from smschat.domain.sms import SmsType
from smschat.ui import render
from smschat.ui.gist import gist
from smschat.ui.linked import lines_in, wrapped
from smschat.ui.mask import mask_if
from smschat.ui.render import Ink, Piece

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from smschat.domain.sms import Sms
    from smschat.ui.mask import Mask
    from smschat.ui.render import Line, Marks

MAX_CHARACTERS = 2_000
MAX_LINES = 40
"""More of one SMS is told as a number of lines: a stranger cannot fill the screen (or the processor) with one text."""

COLUMN = 90
"""Cells: the reading column is never wider."""

_TIME_AT = 1
_TIME_CELLS = 5
_TEXT_AT = _TIME_AT + _TIME_CELLS + 2
_MARGIN = 1
_TAKES_WORDS = 64
_TAKES_AIR = 80
_NARROW = 44
_WORD_CELLS = 9
_SOON = timedelta(minutes=2)
"""What waits no longer than this was sent now, and can be taken back; there is nothing to say of its time."""

_WORDS = {
    Status.ACCEPTED: "sent",
    Status.RECEIVED: "",
    Status.PARTIAL: "",
    Status.DELIVERED: "",
}
_TEXTS = frozenset({SmsType.TEXT, SmsType.UNICODE})
_BLANK = "\ufeff \t\r\n"
_FAILURES = frozenset({Status.FAILED, Status.EXPIRED, Status.REJECTED, Status.REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All that decides how an SMS is drawn, beside the SMS itself.

    Attributes:
        width: cells of the view; the first one is left to the cursor's bar.
        zone: where the reader's clock is; None: the system's.
        retry_key, take_back_key, whole_key: the keys that repeat or resend, take back, and show all of a long one, as
            the screen names them.
        whole: ids of the SMS that are shown whole, however long.
        is_masked: the presenter's mask is on.
    """

    width: int
    marks: Marks
    zone: tzinfo | None = None
    retry_key: str = "r"
    take_back_key: str = "z"
    whole_key: str = "x"
    whole: frozenset[str] = frozenset()
    is_masked: bool = False

    @property
    def column(self) -> int:
        """Cells of the reading column beside the bar."""
        return max(min(self.width, COLUMN) - 1, 24)

    @property
    def has_words(self) -> bool:
        """Whether the state stands in words behind its mark."""
        return self.column >= _TAKES_WORDS

    @property
    def indent(self) -> int:
        """Where outbound text begins."""
        if self.column >= _TAKES_AIR:
            return 14
        return 8 if self.column >= _NARROW else 4

    @property
    def inbound_room(self) -> int:
        """Cells for inbound text; where there is air, it ends as far from the right as outbound begins at the left."""
        return self.column - _TEXT_AT - (self.indent if self.column >= _TAKES_AIR else _MARGIN)

    @property
    def outbound_room(self) -> int:
        """Cells for outbound text, left of its time and mark."""
        tail = 2 + _TIME_CELLS + (2 + 2 + 1 + _WORD_CELLS if self.has_words else 1 + 2) + _MARGIN
        return max(self.column - self.indent - tail - 2, render.MIN_WRAP)


def lines_of(sms: Sms, look: Look) -> tuple[Line, ...]:
    """The SMS as lines that begin in the second cell of the view; one line at least."""
    return _outbound(sms, look) if sms.is_outbound else _inbound(sms, look)


def _inbound(sms: Sms, look: Look) -> tuple[Line, ...]:
    texts, more = _text_lines(sms, look.inbound_room, look, (Ink.LINK, Ink.HINT))
    first = Piece(" " * _TIME_AT + render.clock(render.local(sms.created_at, look.zone)) + "  ", Ink.TIME)
    rest = Piece(" " * _TEXT_AT)
    lines = [(rest if number else first, *text) for number, text in enumerate(texts)]
    notes = [more] if more else []
    if sms.status is Status.PARTIAL:
        notes.append(Piece(f"{look.marks.of(sms.status)} parts of it have not arrived", Ink.PENDING))
    return (*lines, *((rest, note) for note in notes))


def _outbound(sms: Sms, look: Look) -> tuple[Line, ...]:
    room = look.outbound_room
    texts, more = _text_lines(sms, room, look, (Ink.LINK_OUT, Ink.OUTBOUND))
    width = max(_cells(text) for text in texts)
    indent = Piece(" " * look.indent)
    lines: list[Line] = [(indent, *_filled(text, width)) for text in texts]
    gap = Piece(" " * (room - width + 2))
    lines[-1] = (*lines[-1], gap, *_tail(sms, look))
    if more:
        lines.append((Piece(" " * (look.indent + 1)), more))
    return (*lines, *_notes(sms, look))


def _tail(sms: Sms, look: Look) -> Line:
    mark = look.marks.of(sms.status)
    word = f" {_word(sms, look.marks)}" if look.has_words else ""
    time = render.clock(render.local(sms.created_at, look.zone)) + ("  " if look.has_words else " ")
    return (Piece(time, Ink.TIME), Piece(mark + word, render.ink_of(sms.status)))


def _word(sms: Sms, marks: Marks) -> str:
    if sms.held:
        return "waits"
    if marks.ascii and sms.status is Status.DELIVERED:
        return "delivered"
    return _WORDS.get(sms.status, sms.status.value)


def _notes(sms: Sms, look: Look) -> tuple[Line, ...]:
    """What stands in words beneath an outbound SMS; nothing where the mark says it all."""
    text, action = _note(sms, look)
    margin, ink = Piece(" " * (look.indent + 1)), render.ink_of(sms.status)
    room = look.column - look.indent - 1 - _MARGIN
    lines: list[Line] = [(margin, Piece("flash", Ink.HINT))] if sms.options.message_class == 0 else []
    lines += [(margin, Piece(line, ink)) for line in render.wrap(text, room) if line]
    dot = f" {look.marks.dot} " if lines else ""
    if action and lines and sum(cell_len(piece.text) for piece in lines[-1][1:]) + cell_len(dot + action) <= room:
        lines[-1] = (*lines[-1], Piece(dot + action, Ink.HINT))
    elif action:
        lines += [(margin, Piece(line, Ink.HINT)) for line in render.wrap(action, room)]
    return tuple(lines)


def _note(sms: Sms, look: Look) -> tuple[str, str]:
    """What happened, and what a key can do about it; either may be empty.

    The state stands in words behind its mark already, where there is room for them; it is not said twice.
    """
    key, reason = look.retry_key, render.safe(mask_if(look.is_masked).words(sms.reason or "")).strip().rstrip(".")
    if sms.status is Status.SCHEDULED and sms.send_at is not None and sms.send_at - sms.created_at > _SOON:
        return f"goes out {_when(sms.send_at, look)}", f"{look.take_back_key} take back"
    if sms.status is Status.UNKNOWN:
        return "not known whether it was sent", f"{key} repeat (may arrive twice)"
    if sms.status is Status.QUEUED and (sms.held or reason):
        return _because("waits", reason, look), f"{key} try again" if sms.held else ""
    if sms.status in _FAILURES:
        return _because(sms.status.value, reason, look), f"{key} resend"
    return "", ""


def _when(send_at: datetime, look: Look) -> str:
    on = render.local(send_at, look.zone)
    return (
        f"{render.WEEKDAYS[on.weekday()][:3]} {on.day} {render.MONTHS[on.month - 1][:3]} {on.year} {render.clock(on)}"
    )


def _because(word: str, reason: str, look: Look) -> str:
    return reason if look.has_words else f"{word}: {reason}" if reason else word


def _text_lines(sms: Sms, room: int, look: Look, inks: tuple[Ink, Ink]) -> tuple[list[Line], Piece | None]:
    """The text wrapped and cut, at least one line, and the line that tells what was cut; links in inks of their own."""
    text, marks, mask = body_of(sms, look.marks), look.marks, mask_if(look.is_masked)
    room = max(room, render.MIN_WRAP)
    if sms.id in look.whole:
        return _covered(wrapped(render.safe(text, multiline=True), room, *inks), mask), None
    lines = _covered(wrapped(render.safe(text[:MAX_CHARACTERS], multiline=True), room, *inks), mask)
    unseen = text[MAX_CHARACTERS:]
    more = max(0, len(lines) - MAX_LINES) + (_estimate(unseen, room) if unseen else 0)
    if not more:
        return lines, None
    about = "about " if unseen else ""
    noun = "line" if more == 1 else "lines"
    return lines[:MAX_LINES], Piece(
        f"{marks.ellipsis} {about}{more} more {noun}, {look.whole_key} shows them", Ink.HINT
    )


def _covered(lines: list[Line], mask: Mask) -> list[Line]:
    """Covered where they stand: what is covered before it is wrapped would break elsewhere, and have no links."""
    if not mask.is_on:
        return lines
    return [tuple(piece._replace(text=mask.text(piece.text)) for piece in line) for line in lines]


def is_long(sms: Sms, look: Look) -> bool:
    """Whether more than a part of it is hidden, or would be if it were not shown whole."""
    text = body_of(sms, look.marks)
    room = max(look.outbound_room if sms.is_outbound else look.inbound_room, render.MIN_WRAP)
    return len(text) > MAX_CHARACTERS or lines_in(render.safe(text, multiline=True), room) > MAX_LINES


def _estimate(text: str, room: int) -> int:
    """How many lines a text takes, without wrapping it: the limit is there to save that work."""
    return sum(max(1, ceil(len(paragraph) / room)) for paragraph in text.split("\n"))


def body_of(sms: Sms, marks: Marks) -> str:
    """The text of an SMS, or in a line what it is where it is no text; foreign, not yet made safe."""
    if sms.type in _TEXTS and not sms.text.lstrip(_BLANK)[:6].upper().startswith("BEGIN"):
        return sms.text or "(no text)"
    return gist(sms, marks)


def _cells(line: Line) -> int:
    return sum(cell_len(piece.text) for piece in line)


def _filled(line: Line, width: int) -> Line:
    """A line of outbound text with its ground: a cell at either side, and as wide as the widest."""
    first, *rest = (Piece(text, Ink.OUTBOUND if ink is Ink.TEXT else ink) for text, ink in line)
    end = " " * (width - _cells(line) + 1)
    if not rest and first.ink is Ink.OUTBOUND:
        return (Piece(f" {first.text}{end}", Ink.OUTBOUND),)
    return (Piece(" ", Ink.OUTBOUND), first, *rest, Piece(end, Ink.OUTBOUND))
