"""The templates, a line each: the name, and the beginning of the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from smschat.ui import render
from smschat.ui.mask import mask_of
from smschat.ui.render import Ink, Piece
from smschat.ui.widgets.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smschat.ui.render import Line, Marks

_NAME_CELLS = 16


class TemplateList(Picker):
    """Templates to pick from."""

    def __init__(self, marks: Marks) -> None:
        super().__init__(marks=marks)
        self._rows: Sequence[tuple[str, str]] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._rows)

    @property
    def picked(self) -> tuple[str, str] | None:
        """Name and text under the cursor; None: there are none."""
        return self._rows[self.index] if self._rows else None

    def show(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show these, the cursor on the first."""
        self._rows = rows
        self.recount(0)

    def lines_of(self, index: int) -> tuple[Line, ...]:
        """The one line."""
        name, text = self._rows[index]
        width = min(_NAME_CELLS, max(self.laid_out_width // 3, 6))
        named = render.clip(render.safe(name), width, self.marks.ellipsis)
        room = max(self.laid_out_width - width - 4, 1)
        shown = render.clip(render.safe(mask_of(self.app).text(text.replace("\n", " "))), room, self.marks.ellipsis)
        gap = " " * (width - cell_len(named) + 2)
        return ((Piece(" " + named, Ink.NAME), Piece(gap), Piece(shown, Ink.TEXT)),)
