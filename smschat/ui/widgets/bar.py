"""A line of the chat's frame: something at the left, something at the right, a rule or blanks between.

The rule: foreign text comes in as `Content` that `render.content` made, never as a string, and changing what a line
says repaints that line and lays nothing out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.app import RenderResult

_LEAST_LEFT = 8
_BLANK = Content("")


class Bar(Widget, can_focus=False):
    """One line.

    Args:
        fill: one character, drawn between left and right, and once at either end when it is not a blank.
        fill_style: a style of the stylesheet's variables.
        keeps_left: where both do not fit, the right is left out; else the left is cut as far as it must be.
    """

    DEFAULT_CSS = "Bar { height: 1; width: 1fr; }"
    ALLOW_SELECT = False

    def __init__(
        self,
        *,
        fill: str = " ",
        fill_style: str = "$border",
        keeps_left: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._keeps_left = keeps_left
        self._fill = fill
        self._fill_style = fill_style
        self._left = self._right = _BLANK

    def show(self, left: Content, right: Content = _BLANK) -> None:
        """Say this; the same as before costs nothing."""
        if not (_same(left, self._left) and _same(right, self._right)):
            self._left, self._right = left, right
            self.refresh()

    @property
    def said(self) -> tuple[str, str]:
        """Left and right as plain text."""
        return self._left.plain, self._right.plain

    def render(self) -> RenderResult:
        """The line in the width that there is."""
        width, right = self.size.width, self._right
        if self._keeps_left and self._left.cell_length + 2 + right.cell_length > width - 2 * len(self._fill.strip()):
            right = _BLANK
        return spread(self._left, right, width, fill=self._fill, fill_style=self._fill_style)


def _same(one: Content, other: Content) -> bool:
    return one.plain == other.plain and one.spans == other.spans


def spread(left: Content, right: Content, width: int, *, fill: str = " ", fill_style: str = "") -> Content:
    """Left and right in so many cells; where both do not fit, the left is cut, then the right left out.

    Args:
        fill: one cell wide; anything but a blank also stands at both ends.
    """
    edge = fill.strip()
    room = max(0, width - 2 * len(edge))
    if left.cell_length + bool(right.plain) + right.cell_length > room:
        least = min(left.cell_length, _LEAST_LEFT)
        right = right if right.cell_length + 1 + least <= room else _BLANK
        left = left.truncate(max(0, room - right.cell_length - bool(right.plain)), ellipsis=True)
    gap = fill * max(0, room - left.cell_length - right.cell_length)
    return Content.assemble((edge, fill_style), left, (gap, fill_style), right, (edge, fill_style))
