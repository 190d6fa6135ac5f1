"""What the numbers screen asks before it changes a number: the whole number, or another address.

The rule: what was typed stays until it is right or given up, and what is wrong with it is said beside it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import urlsplit

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from smschat.ui.render import content
from smschat.ui.widgets.form import Line
from smschat.ui.widgets.told import Told

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widgets import Input

    from smschat.domain.numbers import VirtualNumber

_SEPARATORS: Final = re.compile(r"[\s.()/+-]+")


class _Typed(ModalScreen[str | None]):
    """A sentence, a line to type in, and what is wrong with it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", show=False, priority=True)]
    DEFAULT_CSS = """
    _Typed .dialog Line { background: $panel; padding: 0 1; }
    _Typed .dialog-wrong { margin-top: 1; height: auto; min-height: 1; }
    """

    def __init__(self, title: str, text: str, *, typed: str = "", ghost: str = "", does: str) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._line = Line(typed, placeholder=ghost, compact=True)
        self._does = does

    def compose(self) -> ComposeResult:
        """Title, sentence, line, what is wrong, keys."""
        keys = Content.assemble(("Enter", "bold"), f" {self._does}   ", ("Esc", "bold"), " leave it")
        with Vertical(classes="dialog"):
            yield Static(content(self._title).stylize("bold"), classes="dialog-text")
            yield Told(self._text, classes="dialog-text")
            yield self._line
            yield Told("", style="$text-error", classes="dialog-wrong")
            yield Static(keys, classes="dialog-keys")

    def on_mount(self) -> None:
        """One types at once."""
        self._line.focus()

    def on_input_changed(self) -> None:
        """What was wrong may not be wrong any more."""
        self.query_one(".dialog-wrong", Told).tell("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take it, or say what is wrong."""
        event.stop()
        wrong = self.wrong(event.value.strip())
        if wrong:
            self.query_one(".dialog-wrong", Told).tell(wrong)
        else:
            self.dismiss(event.value.strip())

    def action_cancel(self) -> None:
        """Never mind."""
        self.dismiss(None)

    def wrong(self, typed: str) -> str:
        """Why it cannot be taken; empty: it can."""
        raise NotImplementedError


class TypeNumber(_Typed):
    """Asks to type a number in full before it is given up.

    Args:
        meaning: one sentence that says what giving it up means.
    """

    def __init__(self, number: VirtualNumber, meaning: str) -> None:
        text = f"{meaning[:1].upper()}{meaning[1:]}. Type the number in full to do it."
        super().__init__("Give a number up", text, ghost="all of its digits", does="give it up")
        self._msisdn = number.msisdn

    def wrong(self, typed: str) -> str:
        """Nothing but all of its digits."""
        return "" if _SEPARATORS.sub("", typed) == self._msisdn else f"that is not {self._msisdn}; nothing was done"


class NewAddress(_Typed):
    """Asks where a number's SMS shall go."""

    def __init__(self, number: VirtualNumber) -> None:
        text = f"Where SMS to {number.msisdn} go. The gateway tests the address first; empty: to none."
        super().__init__(
            "Change where its SMS go", text, typed=number.mo_http_url or "", ghost="https://…", does="change it"
        )

    def wrong(self, typed: str) -> str:
        """An address that begins with https:// or http://, or nothing at all."""
        return "" if not typed or _is_address(typed) else "an address begins with https:// and has no spaces"


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and text.isprintable() and " " not in text
    except ValueError:
        return False
