"""A line to type in and what is found for it, over the reading column; what search and switcher have in common.

The rule: the focus stays in the line, so that one types and moves at the same time; what was found stays until what is
found next is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import work
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content

from smschat.errors import SmschatError
from smschat.ui.rows import TWO_PANES_FROM
from smschat.ui.screens.aside import Aside
from smschat.ui.widgets.bar import Bar, hints_of
from smschat.ui.widgets.form import Line

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widgets import Input

    from smschat.ui.desk import Desk
    from smschat.ui.widgets.picker import Picker

R = TypeVar("R")


class Picking(Aside[R]):
    """Asks what is looked for, and is dismissed with what was picked; None: nothing was.

    Args:
        desk: what the screens share.
        label: what stands before the line.
        ghost: what stands in the empty line.
        typed: what stands in it at first, selected, so that typing takes its place.
        is_whole: the list is hidden, so that there is no column beside it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", show=False, priority=True),
        Binding("enter", "pick", "Open", show=False, priority=True),
        Binding("down,tab,ctrl+n", "move(1)", "Down", show=False, priority=True),
        Binding("up,shift+tab,ctrl+p", "move(-1)", "Up", show=False, priority=True),
        Binding("pagedown", "turn(1)", "Page down", show=False, priority=True),
        Binding("pageup", "turn(-1)", "Page up", show=False, priority=True),
    ]
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's declaration is not a class variable to mypy
        (0, "-whole"),
        (TWO_PANES_FROM, "-beside"),
    ]

    def __init__(
        self, desk: Desk, picker: Picker, *, label: Content, ghost: str, typed: str = "", is_whole: bool = False
    ) -> None:
        super().__init__()
        self.desk = desk
        self.picker = picker
        self._label = Bar(id="picking-label")
        self.say_label(label)
        self.line = Line(typed, placeholder=ghost, compact=True, select_on_focus=True, id="looked-for")
        self._foot = Bar(keeps_left=True, id="picking-foot")
        self._answered: str | None = None
        self._is_picking = False
        self.set_class(desk.marks.ascii, "-ascii")
        self.set_class(is_whole, "-no-list")

    def compose(self) -> ComposeResult:
        """What is looked for, what was found, the keys."""
        with Vertical(id="picking"):
            with Horizontal(id="picking-line"):
                yield self._label
                yield self.line
            yield Bar(fill=self.desk.marks.rule)
            yield self.picker
            yield self._foot

    def on_mount(self) -> None:
        """One types at once."""
        self.line.focus()
        self.say("")
        self._look(self.line.value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for it."""
        event.stop()
        self._look(event.value)

    @work(group="picking", exclusive=True)
    async def _look(self, text: str) -> None:
        try:
            await self.look(text)
        except SmschatError as error:
            self.say(error.message)
            return
        self._answered = text
        if self._is_picking:
            self.action_pick()

    def look(self, text: str) -> Coroutine[Any, Any, None]:
        """Show what is found for a text; raises what the store raises."""
        raise NotImplementedError

    def pick(self) -> None:
        """Go with what the cursor is on; do nothing where there is nothing."""
        raise NotImplementedError

    def action_pick(self) -> None:
        """Go with what the cursor is on, as soon as that was found for what was typed."""
        self._is_picking = self._answered != self.line.value
        if not self._is_picking:
            self.pick()

    def on_picker_picked(self) -> None:
        """A click."""
        self.pick()

    def action_move(self, by: int) -> None:
        """So many rows on."""
        self.picker.move(by)

    def action_turn(self, by: int) -> None:
        """So many screens on."""
        self.picker.turn(by)

    def action_leave(self) -> None:
        """Never mind."""
        self.dismiss(None)

    def say_label(self, label: Content) -> None:
        """Say what is looked through."""
        self._label.styles.width = label.cell_length
        self._label.show(label)

    def say(self, words: str, *hints: str, shorter: str = "") -> None:
        """Say how much was found, and what the keys do."""
        first, *fewer = hints_of(("Enter open", *hints, "Esc back"))
        less = [Content(f" {shorter}")] if shorter else []
        self._foot.show(Content(f" {words}" if words else ""), first, shorter_lefts=less, shorter_rights=fewer)
