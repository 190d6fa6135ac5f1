"""One of several, chosen from a list; and a line that is asked for.

The rule: what is wrong with an answer is said beside it, and the answer stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from smschat.ui import render
from smschat.ui.mask import mask_of
from smschat.ui.render import Ink, Piece, content
from smschat.ui.widgets.form import Line as Input
from smschat.ui.widgets.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from smschat.ui.desk import Desk
    from smschat.ui.render import Line

_GAP = "  "
_AROUND = 13
"""Lines of the screen that are not the list: what is around the dialog, its frame, title and keys."""


class Option(NamedTuple):
    """One of several.

    Attributes:
        value: what choosing it gives.
        beside: what stands at the right, muted.
    """

    value: str
    label: str
    beside: str = ""


class Options(Picker):
    """The list."""

    def __init__(self, desk: Desk, options: Sequence[Option]) -> None:
        super().__init__(marks=desk.marks)
        self.options = tuple(options)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.options)

    def lines_of(self, index: int) -> tuple[Line, ...]:
        """Label, and what stands beside it, cut to the width."""
        option, room = self.options[index], max(self.size.width - 2, 8)
        label = render.clip(render.safe(option.label), room, self.marks.ellipsis)
        left = room - cell_len(label) - len(_GAP)
        words = render.safe(mask_of(self.app).words(option.beside))
        beside = render.clip(words, left, self.marks.ellipsis) if left > 0 else ""
        return ((Piece(label, Ink.NAME), Piece(_GAP), Piece(beside, Ink.HINT)),)


class Choosing(ModalScreen[str | None]):
    """Asks for one of several; None: never mind.

    Args:
        keys: what else a key does here: key, label, and the value that the screen is dismissed with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "cancel", "Back", show=False, priority=True),
        Binding("enter", "take", "Choose", show=False, priority=True),
        Binding("down,j", "move(1)", "Down", show=False, priority=True),
        Binding("up,k", "move(-1)", "Up", show=False, priority=True),
        Binding("pagedown", "turn(1)", "Page down", show=False, priority=True),
        Binding("pageup", "turn(-1)", "Page up", show=False, priority=True),
        Binding("n", "other", "Another", show=False, priority=True),
    ]

    def __init__(
        self, desk: Desk, title: str, options: Sequence[Option], *, chosen: str | None = None, other: str = ""
    ) -> None:
        super().__init__()
        self._title_text = title
        self._other = other
        self.list = Options(desk, options)
        self.list.index = next((place for place, one in enumerate(options) if one.value == chosen), 0)

    def compose(self) -> ComposeResult:
        """Title, list, keys."""
        keys = Content.assemble(("Enter", "bold"), " choose  ", ("Esc", "bold"), " back")
        more = Content.assemble("  ", ("n", "bold"), f" {self._other}") if self._other else Content("")
        with Vertical(classes="dialog -wide -list"):
            yield Static(Content.styled(self._title_text, "bold"), classes="dialog-text")
            yield self.list
            yield Static(Content.assemble(keys, more), classes="dialog-keys")

    def on_mount(self) -> None:
        """As high as it has rows."""
        self.list.styles.height = min(max(self.list.count, 1), max(self.app.size.height - _AROUND, 3))
        self.list.styles.width = "1fr"

    def action_cancel(self) -> None:
        """Never mind."""
        self.dismiss(None)

    def action_take(self) -> None:
        """The one under the cursor."""
        self.dismiss(self.list.options[self.list.index].value if self.list.count else None)

    def action_other(self) -> None:
        """Something that is not in the list."""
        if self._other:
            self.dismiss("")

    def action_move(self, by: int) -> None:
        """Up or down."""
        self.list.move(by)

    def action_turn(self, by: int) -> None:
        """A screen up or down."""
        self.list.turn(by)

    def on_picker_picked(self) -> None:
        """A click."""
        self.action_take()


class Asking(ModalScreen[str | None]):
    """Asks for a line; None: never mind.

    Args:
        check: what is wrong with an answer; empty: nothing.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Back", show=False, priority=True)]

    def __init__(self, title: str, about: str, text: str, check: Callable[[str], str]) -> None:
        super().__init__()
        self._title_text = title
        self._about = about
        self._text = text
        self._check = check

    def compose(self) -> ComposeResult:
        """What is asked, the line, what is wrong, keys."""
        keys = Content.assemble(("Enter", "bold"), " keep  ", ("Esc", "bold"), " back")
        with Vertical(classes="dialog"):
            yield Static(content(self._title_text).stylize("bold"), classes="dialog-text")
            yield Static(content(self._about).stylize("$foreground 70%"), classes="dialog-text")
            yield Input(self._text, compact=True, id="answer")
            yield Static("", id="asking-wrong")
            yield Static(keys, classes="dialog-keys")

    def on_input_changed(self) -> None:
        """What was wrong may not be wrong any more."""
        self.query_one("#asking-wrong", Static).update("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take it, if nothing is wrong with it."""
        wrong = self._check(event.value)
        if wrong:
            self.query_one("#asking-wrong", Static).update(content(wrong).stylize("$text-error"))
        else:
            self.dismiss(event.value)

    def action_cancel(self) -> None:
        """Never mind."""
        self.dismiss(None)
