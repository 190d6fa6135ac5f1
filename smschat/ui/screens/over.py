"""What stands over the reading column with a head, a foot and something between, while the chat goes on.

The rule: it says at its foot what its keys do, and Esc leads back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from smschat.ui.rows import TWO_PANES_FROM
from smschat.ui.screens.aside import Aside
from smschat.ui.widgets.bar import Bar, hints_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widget import Widget

    from smschat.ui.desk import Desk


class Over(Aside[None]):
    """A screen over the reading column; over the whole of a narrow one.

    Args:
        is_whole: the list is hidden, so that there is no column beside it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Back", show=False, priority=True),
    ]
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's declaration is not a class variable to mypy
        (0, "-whole"),
        (TWO_PANES_FROM, "-beside"),
    ]
    HINTS: ClassVar[tuple[str, ...]] = ()
    """What its keys do, besides Esc; the last ones stay longest."""

    def __init__(self, desk: Desk, *, is_whole: bool = False) -> None:
        super().__init__()
        self.desk = desk
        self._head = Bar(keeps_left=True, id="over-head")
        self._foot = Bar(keeps_left=True, id="over-foot")
        self.set_class(desk.marks.ascii, "-ascii")
        self.set_class(is_whole, "-no-list")

    def compose(self) -> ComposeResult:
        """Head, what is between, foot."""
        with Vertical(id="over"):
            yield self._head
            yield Bar(fill=self.desk.marks.rule)
            yield from self.compose_body()
            yield self._foot

    def compose_body(self) -> Iterable[Widget]:
        """What is between head and foot."""
        raise NotImplementedError

    def say_head(self, *parts: Content | str) -> None:
        """Say what this is."""
        self._head.show(Content.assemble(" ", *parts))

    def say(self, words: str = "", *, hints: tuple[str, ...] | None = None) -> None:
        """Say something at the foot, beside what the keys do; `hints`: what they do now, if it is not as always."""
        first, *fewer = hints_of(("Esc back", *(self.HINTS if hints is None else hints)))
        self._foot.show(Content(f" {words}" if words else ""), first, shorter_rights=fewer)

    @property
    def foot(self) -> str:
        """What is said at the foot."""
        return self._foot.said[0].strip()
