"""Everybody one can switch to, a line each: name, number, what is unread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from smschat.ui import render
from smschat.ui.render import Ink, Piece
from smschat.ui.widgets.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smschat.domain.finding import Person
    from smschat.ui.desk import Desk
    from smschat.ui.mask import Mask
    from smschat.ui.render import Line, Marks


class PersonList(Picker):
    """Who was found.

    Args:
        desk: what the screens share.
    """

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(marks=desk.marks, id=id)
        self._mask = desk.mask
        self.people: Sequence[Person] = ()

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.people)

    @property
    def chosen(self) -> Person | None:
        """Whom the cursor is on; None: there is nobody."""
        return self.people[self.index] if self.index < len(self.people) else None

    def show(self, people: Sequence[Person]) -> None:
        """Show these, with the cursor on the first."""
        self.people = people
        self.jump(0)
        self.recount(0)

    def lines_of(self, index: int) -> tuple[Line, ...]:
        """The line of somebody, from the second cell of the view on."""
        return (line_of(self.people[index], self.size.width, self.marks, self._mask),)


def line_of(person: Person, width: int, marks: Marks, mask: Mask) -> Line:
    """Name at the left, number behind it, and at the right what is unread, or where they are to be found."""
    count = f"{person.unread} unread" if person.unread else ""
    place = "" if person.activity else "no SMS yet"
    right = count or ("archived" if person.is_archived else place)
    room = max(width - 3 - len(right) - bool(right), 1)
    name = render.clip(render.safe(mask.name(person.name or person.peer)), room, marks.ellipsis)
    rest = room - cell_len(name)
    number = f"  {render.safe(mask.number(person.peer))}" if person.name else ""
    number = number if cell_len(number) <= rest else ""
    gap = " " * (rest - cell_len(number) + bool(right))
    ink = Ink.UNREAD if person.unread else Ink.TEXT
    return (
        Piece(" "),
        Piece(name, ink),
        Piece(number, Ink.HINT),
        Piece(gap),
        Piece(right, Ink.UNREAD if count else Ink.HINT),
    )
