"""The shelves of the list in words: which is shown, which comes next, and what an empty one has none of; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.domain.conversation import Shelf
from smschat.ui import render
from smschat.ui.render import Ink, Piece

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smschat.domain.conversation import Filter
    from smschat.ui.render import Line

FILTER: Final = " / filter"
"""What stands above a list that is narrowed to nothing."""

NAMES: Final[Mapping[Shelf, str]] = {
    Shelf.ACTIVE: "all",
    Shelf.UNREAD: "unread",
    Shelf.FAILED: "failed",
    Shelf.ARCHIVED: "archived",
}
_NOTHING: Final[Mapping[Shelf, str]] = {
    Shelf.ACTIVE: "no conversation here",
    Shelf.UNREAD: "nothing is unread",
    Shelf.FAILED: "no SMS has failed",
    Shelf.ARCHIVED: "nothing is archived or blocked",
}


def after(shelf: Shelf) -> Shelf:
    """The next one on the way round."""
    shelves: list[Shelf] = [*Shelf]
    return shelves[(shelves.index(shelf) + 1) % len(shelves)]


def nothing(wanted: Filter) -> str:
    """What a list without a row says."""
    if not wanted.text.strip():
        return _NOTHING[wanted.shelf]
    where = "" if wanted.shelf is Shelf.ACTIVE else f" of the {NAMES[wanted.shelf]} ones"
    return f"no name or number{where} has this in it"


def nothing_lines(wanted: Filter, width: int) -> tuple[Line, ...]:
    """The same as lines of the list."""
    room = width - 3
    lines = render.wrap(nothing(wanted), room) if room >= render.MIN_WRAP else []
    return tuple((Piece(" "), Piece(line, Ink.HINT)) for line in lines)
