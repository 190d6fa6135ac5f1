"""Every key, from the table; nothing here is written by hand, so it cannot be wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from smschat.ui.keys import key_name
from smschat.ui.render import content

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.screen import Screen


class Help(ModalScreen[None]):
    """The keys, by where they act.

    Args:
        table: as `keys.rows` makes it.
        first: where its reader is: those keys stand first; empty: in the order of the table.
        last_words: what stands at the end.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,q,question_mark", "dismiss", "Close", show=False, priority=True),
        Binding("j", "down", show=False, priority=True),
        Binding("k", "up", show=False, priority=True),
    ]

    def __init__(self, table: Sequence[tuple[str, str, str]], *, first: str = "", last_words: str = "") -> None:
        super().__init__()
        self._table = table
        self._first = first
        self._last_words = last_words

    def compose(self) -> ComposeResult:
        """A scrolling list under a title."""
        title = Content.assemble(("Keys", "bold"), ("    Esc closes this", "$foreground 70%"))
        with Vertical(classes="dialog -wide"):
            yield Static(title, classes="dialog-text")
            with VerticalScroll(id="keys"):
                for number, (where, group) in enumerate(grouped(self._table, self._first)):
                    heading = Content.assemble("\n" if number else "", (where.capitalize(), "bold $primary"))
                    yield Static(heading)
                    for keys, text in group:
                        with Horizontal(classes="key"):
                            yield Static(Content.styled(keys, "bold"), classes="key-names")
                            yield Static(Content(text))
                if self._last_words:
                    yield Static(content(f"\n{self._last_words}").stylize("$foreground 70%"))

    def on_mount(self) -> None:
        """So that the arrows scroll."""
        self.query_one("#keys").focus()

    def action_down(self) -> None:
        """One line on."""
        self.query_one("#keys").scroll_down(animate=False)

    def action_up(self) -> None:
        """One line back."""
        self.query_one("#keys").scroll_up(animate=False)


def grouped(table: Sequence[tuple[str, str, str]], first: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """The rows of the table by where they act, in the order of the table; those of one place before all others."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for where, keys, text in table:
        groups.setdefault(where, []).append((keys, text))
    return sorted(groups.items(), key=lambda group: first not in group[0].split(", ") if first else False)


def rows_of(screen: Screen[Any]) -> list[tuple[str, str, str]]:
    """The keys of a dialog, from its own bindings."""
    keys: dict[str, list[str]] = {}
    for key, bindings in screen._bindings.key_to_bindings.items():  # noqa: SLF001 - Textual tells of them nowhere else
        for binding in bindings:
            if binding.description:
                keys.setdefault(binding.description, []).append(key_name(key))
    return [("here", "  ".join(names), f"{description}.") for description, names in keys.items()]
