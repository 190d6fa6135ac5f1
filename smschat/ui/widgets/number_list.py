"""A page of virtual numbers with a cursor.

The rule: the cursor is a number and not a place, so that nothing is done to another number than was pointed at.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from smschat.ui.actions import Where
from smschat.ui.bindings import bindings_of
from smschat.ui.mask import mask_of
from smschat.ui.number_rows import NumberLook, lines_of
from smschat.ui.render import Ink
from smschat.ui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.binding import BindingType

    from smschat.domain.numbers import VirtualNumber
    from smschat.ui.render import Line, Marks


class NumberList(LineView):
    """The numbers of one page."""

    class Laid(Message):
        """The lines were made for another width."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Where.NUMBERS)
    ALLOW_SELECT = False
    PREFIX = "numbers"
    INKS = (Ink.TEXT, Ink.NAME, Ink.UNREAD, Ink.HINT, Ink.DELIVERED, Ink.CURSOR, Ink.SELECTED)
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"numbers--{ink}" for ink in INKS}
    DEFAULT_CSS = """
    NumberList {
        background: $background;
        height: 1fr;
        & > .numbers--text { color: $foreground; }
        & > .numbers--name { color: $foreground; }
        & > .numbers--unread { color: $text-accent; text-style: bold; }
        & > .numbers--hint { color: $text-muted; }
        & > .numbers--delivered { color: $text-success; }
        & > .numbers--cursor { color: $text-muted; }
        & > .numbers--selected { background: $foreground 6%; }
        &:focus > .numbers--cursor { color: $text-accent; }
        &:focus > .numbers--selected { background: $foreground 12%; }
    }
    """

    def __init__(self, marks: Marks, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(marks=marks, id=id)
        self.look = NumberLook(width=0, marks=marks)
        self._numbers: Sequence[VirtualNumber] = ()
        self._lines: list[Line] = []
        self._index = 0

    @property
    def selected(self) -> VirtualNumber | None:
        """The number that the cursor is on; None: there is none."""
        return self._numbers[self._index] if self._index < len(self._numbers) else None

    def show(self, numbers: Sequence[VirtualNumber], look: NumberLook, *, cursor: str | None = None) -> None:
        """Show these, with the cursor on the one of these digits; where it is not there, on the first."""
        self._numbers = numbers
        places = {number.msisdn: index for index, number in enumerate(numbers)}
        self._index = places.get(cursor or "", 0)
        self.look = look
        self.lay_out()

    @property
    def laid_out_width(self) -> int:
        """The width, in cells, that the lines were made for."""
        return self.look.width

    def lay_out(self) -> None:
        """Make the lines for the width that there is."""
        self.look = replace(self.look, width=self.size.width, is_masked=mask_of(self.app).is_on)
        self._lines = [line for number in self._numbers for line in lines_of(number, self.look)]
        self.set_line_count(len(self._lines), top=self.top)
        self._show_cursor()
        self.post_message(self.Laid())

    @property
    def is_blank(self) -> bool:
        """Whether there is no number to see."""
        return not self._numbers

    def line_at(self, y: int) -> tuple[Line, bool]:
        """A line, and whether the cursor is on its number; an empty one past the last."""
        if y >= len(self._lines):
            return (), False
        return self._lines[y], y // self.look.height == self._index

    def action_cursor_up(self) -> None:
        """To the number above."""
        self._step(-1)

    def action_cursor_down(self) -> None:
        """To the number below."""
        self._step(1)

    def action_page_up(self) -> None:
        """A screen up."""
        self._step(-max(self.size.height // self.look.height - 1, 1))

    def action_page_down(self) -> None:
        """A screen down."""
        self._step(max(self.size.height // self.look.height - 1, 1))

    def action_home(self) -> None:
        """To the first number."""
        self._step(-len(self._numbers))

    def action_end(self) -> None:
        """To the last number of the page."""
        self._step(len(self._numbers))

    def on_click(self, event: events.Click) -> None:
        """The number that was clicked."""
        index = (self.top + event.y) // self.look.height
        if index < len(self._numbers):
            self._step(index - self._index)

    def _step(self, by: int) -> None:
        if self._numbers:
            self._index = min(max(self._index + by, 0), len(self._numbers) - 1)
            self._show_cursor()

    def _show_cursor(self) -> None:
        self.show_lines(self._index * self.look.height, self.look.height)
        self.refresh()
