"""A list to pick from while one types: rows of one height, of which those in sight are drawn.

Rule: the focus stays in the line where one types; whoever has that line moves the cursor here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from smschat.ui.render import Ink
from smschat.ui.widgets.line_view import LineView

if TYPE_CHECKING:
    from textual import events

    from smschat.ui.render import Line

_PAGES_AHEAD = 2
"""Screens from the end at which more is asked for."""


class Picker(LineView, can_focus=False):
    """Rows with a cursor."""

    @dataclass
    class Picked(Message):
        """The row under the cursor was clicked."""

    @dataclass
    class NearEnd(Message):
        """The last rows that there are come into sight."""

    ALLOW_SELECT = False
    PREFIX = "picker"
    INKS = (
        Ink.TEXT, Ink.NAME, Ink.UNREAD, Ink.TIME, Ink.HINT, Ink.SENT, Ink.DELIVERED, Ink.PENDING, Ink.DOUBT,
        Ink.FAILED, Ink.FOUND, Ink.CURSOR, Ink.SELECTED,
    )  # fmt: skip
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"picker--{ink}" for ink in INKS}
    DEFAULT_CSS = """
    Picker {
        background: $background;
        height: 1fr;
        & > .picker--text { color: $foreground; }
        & > .picker--name { color: $foreground; text-style: bold; }
        & > .picker--unread { color: $text-accent; text-style: bold; }
        & > .picker--time { color: $text-muted; }
        & > .picker--hint { color: $text-muted; }
        & > .picker--sent { color: $text-muted; }
        & > .picker--delivered { color: $text-success; }
        & > .picker--pending { color: $text-muted; }
        & > .picker--doubt { color: $text-warning; text-style: bold; }
        & > .picker--failed { color: $text-error; }
        & > .picker--found { color: $background; background: $warning; text-style: bold underline; }
        & > .picker--cursor { color: $text-accent; }
        & > .picker--selected { background: $foreground 12%; }
    }
    """
    HEIGHT: ClassVar[int] = 1
    """Lines of a row."""

    index = 0
    """The row that the cursor is on; of no meaning where there is none."""

    _width = 0

    @property
    def count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def lines_of(self, index: int) -> tuple[Line, ...]:
        """The lines of a row, from the second cell of the view on."""
        raise NotImplementedError

    def recount(self, index: int) -> None:
        """There are other rows, or more; the cursor is on this one."""
        self.index = min(max(index, 0), max(self.count - 1, 0))
        self.set_line_count(self.count * self.HEIGHT, top=self.top)
        self._show()

    def move(self, by: int) -> None:
        """So many rows on."""
        if self.count:
            self.index = min(max(self.index + by, 0), self.count - 1)
            self._show()

    def turn(self, by: int) -> None:
        """So many screens on."""
        self.move(by * max(self.size.height // self.HEIGHT - 1, 1))

    def _show(self) -> None:
        if self.size:
            self.show_lines(self.index * self.HEIGHT, self.HEIGHT)
        self.refresh()
        if self.index + _PAGES_AHEAD * self.size.height // self.HEIGHT >= self.count:
            self.post_message(self.NearEnd())

    @property
    def laid_out_width(self) -> int:
        """The width, in cells, that the rows are drawn for."""
        return self._width

    def lay_out(self) -> None:
        """Draw for the width that there is."""
        self._width = self.size.width
        self.recount(self.index)

    def line_at(self, y: int) -> tuple[Line, bool]:
        """A line, and whether the cursor is on its row; an empty one past the last."""
        index, line = divmod(y, self.HEIGHT)
        if index >= self.count:
            return (), False
        return self.lines_of(index)[line], index == self.index

    def on_click(self, event: events.Click) -> None:
        """Pick what was clicked."""
        index = (self.top + event.y) // self.HEIGHT
        if index < self.count:
            self.index = index
            self._show()
            self.post_message(self.Picked())
