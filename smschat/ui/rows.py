"""One conversation as lines of the list, or as one line of the rail; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from smschat.domain.sms import Direction
from smschat.ui import render
from smschat.ui.mask import mask_if
from smschat.ui.render import Ink, Piece

if TYPE_CHECKING:
    from datetime import datetime

    from smschat.domain.conversation import Conversation, Preview
    from smschat.ui.render import Line, Marks

PAGE = 100
"""Conversations in one read of the list."""

RAIL_FROM = 60
"""Columns of the screen from which the list is a rail beside a conversation; below them it is alone."""

TWO_PANES_FROM = 100
"""Columns from which it is whole beside a conversation."""

TALL_FROM = 24
"""Lines from which there is room for lines that can be done without."""

_MAX_COUNT = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLook:
    """All that decides how a conversation is drawn, beside itself.

    Attributes:
        width: cells of the view; the first one is left to the cursor's bar.
        rail: one line with name, unread count and mark only.
        own: our own number, whose conversation says so; empty: none is set.
        is_masked: the presenter's mask is on.
    """

    width: int
    marks: Marks
    rail: bool = False
    own: str = ""
    is_masked: bool = False

    @property
    def height(self) -> int:
        """Lines of a row."""
        return 1 if self.rail else 2

    @property
    def room(self) -> int:
        """Cells between the bar with its space and the right margin."""
        return max(self.width - 3, 4)


def lines_of(conversation: Conversation, look: RowLook, now: datetime) -> tuple[Line, ...]:
    """The lines of a row, from the second cell of the view on; as many as `look.height`."""
    if look.rail:
        return (_rail(conversation, look),)
    return (_head(conversation, look, now), _below(conversation, look))


def _rail(conversation: Conversation, look: RowLook) -> Line:
    pieces = (
        _standing(conversation, look.marks),
        _count(conversation, look.marks),
        _mark(conversation.last, look.marks),
    )
    return _spread(conversation, [piece for piece in pieces if piece.text], look)


def _head(conversation: Conversation, look: RowLook, now: datetime) -> Line:
    right = [_standing(conversation, look.marks), _count(conversation, look.marks)]
    if conversation.last is not None:
        if conversation.draft:
            right.append(_mark(conversation.last, look.marks))
        zone = render.zone_of(now)
        when = render.short_time(render.local(conversation.last.created_at, zone), render.local(now, zone))
        right.append(Piece(when, Ink.TIME))
    return _spread(conversation, [piece for piece in right if piece.text], look)


def _spread(conversation: Conversation, right: list[Piece], look: RowLook) -> Line:
    """The name at the left, cut as far as it must be, and the rest at the right."""
    taken = sum(cell_len(piece.text) + 1 for piece in right)
    room = max(look.room - taken, 1)
    title = render.safe(mask_if(look.is_masked).name(conversation.title)) + you(conversation, look.own)
    cut = render.clip_left if look.rail and not conversation.name and conversation.peer.isdigit() else render.clip
    name = cut(title, room, look.marks.ellipsis)
    ink = Ink.UNREAD if conversation.is_unread else Ink.NAME
    pieces = [Piece(" "), Piece(name, ink), Piece(" " * (room - cell_len(name)))]
    for piece in right:
        pieces += [Piece(" "), piece]
    return tuple(pieces)


def you(conversation: Conversation, own: str) -> str:
    """What stands behind our own number or its name: on a test account one texts oneself."""
    return " (you)" if own and conversation.peer == own else ""


def _standing(conversation: Conversation, marks: Marks) -> Piece:
    """Its marks, a cell each."""
    signs = (
        (conversation.pinned, marks.pinned),
        (conversation.muted, marks.muted),
        (conversation.opted_out or conversation.blocked, marks.stop),
    )
    return Piece("".join(sign for is_there, sign in signs if is_there), Ink.HINT)


def _count(conversation: Conversation, marks: Marks) -> Piece:
    if not conversation.unread:
        return Piece(marks.unread if conversation.marked_unread else "", Ink.UNREAD)
    over = conversation.unread > _MAX_COUNT
    return Piece(f"{_MAX_COUNT}+" if over else str(conversation.unread), Ink.UNREAD)


def _mark(last: Preview | None, marks: Marks) -> Piece:
    if last is None or last.direction is Direction.INBOUND:
        return Piece("")
    return Piece(marks.of(last.status), render.ink_of(last.status))


def _below(conversation: Conversation, look: RowLook) -> Line:
    """The draft where there is one, else the last SMS behind its mark."""
    if conversation.draft:
        draft = render.safe(f"{look.marks.draft} {mask_if(look.is_masked).text(_one_line(conversation.draft))}")
        return (Piece(" "), Piece(render.clip(draft, look.room, look.marks.ellipsis), Ink.DRAFT))
    last = conversation.last
    if last is None:
        return (Piece(" "), Piece(render.clip("no messages yet", look.room, look.marks.ellipsis), Ink.HINT))
    mark = _mark(last, look.marks)
    lead = Piece(f"{mark.text} ", mark.ink) if mark.text else Piece("")
    room = look.room - cell_len(lead.text)
    text = render.clip(render.safe(mask_if(look.is_masked).text(_one_line(last.text))), room, look.marks.ellipsis)
    return (Piece(" "), lead, Piece(text, Ink.HINT))


def _one_line(text: str) -> str:
    """As much of a text as one line can show, its line feeds as spaces."""
    return " ".join(text[:200].split())
