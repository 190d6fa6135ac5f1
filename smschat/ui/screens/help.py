"""Every key, from the table, and a line to look for one; nothing is written by hand, so it cannot be wrong.

The rule: what is looked for may be a key, what it does, or where; every word of it must be there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from smschat.ui.actions import ACTIONS
from smschat.ui.keys import key_name
from smschat.ui.render import content
from smschat.ui.widgets.form import Line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.screen import Screen
    from textual.widgets import Input

_DIM: Final = "$foreground 70%"
_LABELS: Final = {action.help: action.label for action in ACTIONS}
"""What the foot and the palette call them: that may be looked for too."""
_NOTHING: Final = "No key has these words, neither in its name nor in what it does."


class Help(ModalScreen[None]):
    """The keys, by where they act.

    Args:
        table: as `keys.rows` makes it.
        first: where its reader is: those keys stand first; empty: in the order of the table.
        last_words: what stands at the end.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Close", show=False, priority=True),
        Binding("f1", "dismiss", "Close", show=False, priority=True),
        Binding("q,question_mark", "dismiss", "Close", show=False),
        Binding("slash", "look_for", "Look for a key", show=False),
        Binding("down", "down", show=False, priority=True),
        Binding("up", "up", show=False, priority=True),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
    ]

    def __init__(self, table: Sequence[tuple[str, str, str]], *, first: str = "", last_words: str = "") -> None:
        super().__init__()
        self._table = table
        self._first = first
        self._last_words = last_words

    def compose(self) -> ComposeResult:
        """A scrolling list under a title, and where one looks for a key."""
        keys = Content.assemble(("/", "bold"), (" look for one  ", _DIM), ("Esc", "bold"), (" close", _DIM))
        with Vertical(classes="dialog -wide"):
            yield Static(Content.assemble(("Keys", "bold"), "    ", keys), classes="dialog-text")
            yield Line(placeholder="a key, or what it does", compact=True, id="keys-typed")
            with VerticalScroll(id="keys"):
                for where, group in grouped(self._table, self._first):
                    yield Group(where, group)
                yield Static(Content.styled(_NOTHING, _DIM), id="keys-none")
                if self._last_words:
                    yield Static(content(f"\n{self._last_words}").stylize(_DIM), id="keys-last")

    def on_mount(self) -> None:
        """So that the arrows scroll."""
        self.query_one("#keys-typed").display = False
        self.query_one("#keys-none").display = False
        self.query_one("#keys").focus()

    def action_look_for(self) -> None:
        """Type what to look for; the dialog stays as large as it is."""
        dialog, line = self.query_one(".dialog"), self.query_one("#keys-typed", Line)
        dialog.styles.min_height = dialog.outer_size.height
        line.display = True
        line.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show those that have every word."""
        event.stop()
        words = event.value.casefold().split()
        found = [group.narrow(words) for group in self.query(Group)]
        self.query_one("#keys-none").display = not any(found)
        for last in self.query("#keys-last"):
            last.display = not words
        self.query_one("#keys").scroll_home(animate=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Read what was found."""
        event.stop()
        self.query_one("#keys").focus()

    def action_back(self) -> None:
        """Every key again; from there close."""
        line = self.query_one("#keys-typed", Line)
        if not line.display:
            self.dismiss()
            return
        line.value = ""
        self.query_one("#keys").focus()
        line.display = False

    def action_down(self) -> None:
        """One line on."""
        self.query_one("#keys").scroll_down(animate=False)

    def action_up(self) -> None:
        """One line back."""
        self.query_one("#keys").scroll_up(animate=False)


class Group(Vertical):
    """The keys of one place under its heading.

    Args:
        where: as the table names it.
        keys: the keys, and what they do.
    """

    def __init__(self, where: str, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__(classes="key-group")
        self._where = where
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Heading and rows."""
        yield Static(Content.styled(self._where.capitalize(), "bold $primary"))
        for keys, text in self._keys:
            with Horizontal(classes="key"):
                yield Static(Content.styled(keys, "bold"), classes="key-names")
                yield Static(Content(text))

    def narrow(self, words: Sequence[str]) -> bool:
        """Show the rows with all of these words (case folded); whether there are any."""
        rows = list(zip(self.query(".key"), self._keys, strict=True))
        for row, (keys, text) in rows:
            told = f"{keys} {text} {_LABELS.get(text, '')} {self._where}".casefold()
            row.display = all(word in told for word in words)
        self.display = any(row.display for row, _ in rows)
        return self.display


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
