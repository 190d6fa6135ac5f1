"""The end of the set-up where the round trip was passed over: what was left out, and the way into the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from smschat.ui.setup.fields import Press
from smschat.ui.setup.page import Page
from smschat.ui.setup.trip import TripPage
from smschat.ui.setup.words import inked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

    from smschat.ui.setup.bench import Bench


class ReadyPage(Page):
    """One button."""

    name_of = "ready"

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._later = Static("", id="ready-later", markup=False)

    def compose_body(self) -> ComposeResult:
        """What was left out."""
        yield self._later

    def keys(self) -> Sequence[Press]:
        """Only on."""
        return (Press("Open the chat", is_first=True, id="ready-open"),)

    def presses(self) -> dict[str, Callable[[], object]]:
        """Only on."""
        return {"open": lambda: self.post_message(TripPage.ChatWanted())}

    def first(self) -> Widget | None:
        """The button."""
        return self.query_one("#ready-open", Press)

    def enter(self, at: Widget | None) -> None:
        """Nothing here is written in."""

    def tell_later(self, text: str) -> None:
        """What was left out, in one line."""
        self._later.update(inked([text], "$foreground 80%")[0])
        self._later.display = bool(text)
