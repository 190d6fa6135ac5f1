"""A line of the chat's frame: something at the left, something at the right, a rule or blanks between.

The rule: foreign text comes in as `Content` that `render.content` made, never as a string, and changing what a line
says repaints that line and lays nothing out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        self._shorter: tuple[Sequence[Content], Sequence[Content]] = (), ()

    def show(
        self,
        left: Content,
        right: Content = _BLANK,
        *,
        shorter_lefts: Sequence[Content] = (),
        shorter_rights: Sequence[Content] = (),
    ) -> None:
        """Say this; the same as before costs nothing.

        Args:
            shorter_lefts: what to say at the left instead where there is less room, ever shorter; so at the right.
        """
        is_same = _same(left, self._left) and _same(right, self._right)
        self._left, self._right, self._shorter = left, right, (shorter_lefts, shorter_rights)
        if not is_same:
            self.refresh()

    @property
    def said(self) -> tuple[str, str]:
        """Left and right as plain text."""
        return self._left.plain, self._right.plain

    def render(self) -> RenderResult:
        """The line in the width that there is."""
        width, left, right = self.size.width, self._left, self._right
        if self._keeps_left:
            left, right = self._fitting(width - 2 * len(self._fill.strip()))
        return spread(left, right, width, fill=self._fill, fill_style=self._fill_style)

    def _fitting(self, room: int) -> tuple[Content, Content]:
        """The longest left and right that fit together; else the longest left that fits alone, or the shortest."""
        lefts, rights = (self._left, *self._shorter[0]), (self._right, *self._shorter[1])
        for left in lefts:
            for right in rights:
                if left.cell_length + 2 + right.cell_length <= room:
                    return left, right
        return next((left for left in lefts if left.cell_length <= room), lefts[-1]), _BLANK


def hints_of(words: Sequence[str]) -> tuple[Content, ...]:
    """Hints of keys, then fewer and fewer of them; the first and the last, which is the help, stay longest."""
    forms = []
    left = list(words)
    while left:
        forms.append(Content.styled("  ".join(left) + " ", "$foreground 70%"))
        left = [*left[:-2], left[-1]] if len(left) > 1 else []
    return tuple(forms)


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
