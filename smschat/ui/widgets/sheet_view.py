"""The details of an SMS as a scrolling column of lines.

Rule: what is new is laid out under the reader's eye without moving it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.message import Message

from smschat.ui import sheet
from smschat.ui.mask import OPEN
from smschat.ui.render import Ink
from smschat.ui.widgets.line_view import LineView

if TYPE_CHECKING:
    from datetime import tzinfo

    from textual.binding import BindingType

    from smschat.domain.details import SmsDetails
    from smschat.ui.mask import Mask
    from smschat.ui.render import Line, Marks

_OVERLAP = 2
"""Lines that stay on the screen when a page is turned."""


class SheetView(LineView):
    """Everything of one SMS.

    Args:
        zone: where the reader's clock is; None: the system's.
        retry_key: the key that repeats or resends in the messages pane.
        mask: the presenter's.
    """

    class Moved(Message):
        """Other lines are on the screen, or there are more or fewer of them."""

    PREFIX = "sheet"
    INKS = (
        Ink.TEXT, Ink.TIME, Ink.DAY, Ink.HINT, Ink.PENDING, Ink.DOUBT, Ink.SENT, Ink.DELIVERED, Ink.FAILED, Ink.CURSOR,
        Ink.SELECTED,
    )  # fmt: skip
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"sheet--{ink}" for ink in INKS}
    DEFAULT_CSS = """
    SheetView {
        background: $background;
        & > .sheet--text { color: $foreground; }
        & > .sheet--time { color: $text-muted; }
        & > .sheet--day { color: $primary; text-style: bold; }
        & > .sheet--hint { color: $text-muted; }
        & > .sheet--pending { color: $text-muted; }
        & > .sheet--doubt { color: $text-warning; text-style: bold; }
        & > .sheet--sent { color: $text-muted; }
        & > .sheet--delivered { color: $text-success; }
        & > .sheet--failed { color: $text-error; text-style: bold; }
        & > .sheet--cursor { color: $text-accent; }
        & > .sheet--selected { background: $foreground 9%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "lines(1)", "Down", show=False, priority=True),
        Binding("k,up", "lines(-1)", "Up", show=False, priority=True),
        Binding("pagedown,space", "pages(1)", "Page down", show=False, priority=True),
        Binding("pageup", "pages(-1)", "Page up", show=False, priority=True),
        Binding("g,home", "top", "Top", show=False, priority=True),
        Binding("G,end", "bottom", "Bottom", show=False, priority=True),
    ]

    def __init__(
        self,
        details: SmsDetails,
        *,
        marks: Marks,
        zone: tzinfo | None,
        retry_key: str,
        mask: Mask = OPEN,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(marks=marks, id=id)
        self._details = details
        self._zone = zone
        self._retry_key = retry_key
        self._mask = mask
        self._lines: tuple[Line, ...] = ()
        self._width = 0

    def show(self, details: SmsDetails) -> None:
        """Show these."""
        self._details = details
        self.lay_out()

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return "\n".join("".join(piece.text for piece in line) for line in self._lines)

    @property
    def below(self) -> int:
        """Lines beneath the screen."""
        return max(0, len(self._lines) - self.top - self.size.height)

    @property
    def laid_out_width(self) -> int:
        """The width, in cells, that the lines were made for."""
        return self._width

    def lay_out(self) -> None:
        """Make the lines for the size that there is."""
        self._width = self.size.width
        look = sheet.SheetLook(
            width=self._width,
            marks=self.marks,
            zone=self._zone,
            retry_key=self._retry_key,
            is_masked=self._mask.is_on,
        )
        self._lines = sheet.lines_of(self._details, look)
        self.set_line_count(len(self._lines), top=self.top)
        self.refresh()
        self.post_message(self.Moved())

    def line_at(self, y: int) -> tuple[Line, bool]:
        """A line of the whole; there is no cursor in it."""
        return (self._lines[y] if y < len(self._lines) else ()), False

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Moved())

    def action_lines(self, by: int) -> None:
        """So many lines on."""
        self.jump(self.top + by)

    def action_pages(self, by: int) -> None:
        """So many screens on."""
        self.jump(self.top + by * max(self.size.height - _OVERLAP, 1))

    def action_top(self) -> None:
        """To the first line."""
        self.jump(0)

    def action_bottom(self) -> None:
        """To the last."""
        self.jump(len(self._lines))
