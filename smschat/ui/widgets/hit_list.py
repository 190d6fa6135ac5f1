"""SMS that were found, newest first.

Rule: the cursor stays on its SMS, whatever is added or taken away around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.ui import hit_rows
from smschat.ui.widgets.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smschat.domain.finding import Hit
    from smschat.ui.desk import Desk
    from smschat.ui.render import Line


class HitList(Picker):
    """What was found.

    Args:
        desk: what the screens share.
    """

    HEIGHT = 2

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(marks=desk.marks, id=id)
        self._desk = desk
        self.hits: list[Hit] = []

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.hits)

    @property
    def chosen(self) -> Hit | None:
        """What the cursor is on; None: there is nothing."""
        return self.hits[self.index] if self.index < len(self.hits) else None

    def show(self, hits: Sequence[Hit]) -> None:
        """Show these, with the cursor on the first."""
        self.hits = [*hits]
        self.jump(0)
        self.recount(0)

    def extend(self, hits: Sequence[Hit]) -> None:
        """Show these as well, below."""
        self.hits += hits
        self.recount(self.index)

    def replace(self, hits: Sequence[Hit]) -> None:
        """Show these instead, with the cursor where it was."""
        before = self.chosen
        self.hits = [*hits]
        places = (number for number, hit in enumerate(hits) if before is not None and hit.sms.id == before.sms.id)
        self.recount(next(places, self.index))

    def lines_of(self, index: int) -> tuple[Line, ...]:
        """The lines of a row, from the second cell of the view on."""
        desk = self._desk
        return hit_rows.lines_of(self.hits[index], self.size.width, desk.now(), self.marks, desk.mask)
