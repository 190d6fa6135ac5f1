"""One callback whole: what became of it, its fields, and what came, octet for octet.

The rule: while the mask is on, what somebody wrote and every field's value is covered.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from smschat.messaging.callback_words import lines_of, whole_document_of
from smschat.ui.render import content
from smschat.ui.screens.over import Over

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from smschat.domain.callbacks import KeptCallback
    from smschat.ui.bridge import Taken
    from smschat.ui.desk import Desk


class CallbackScreen(Over):
    """One of the log."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,q", "dismiss", "Back", show=False, priority=True),
        Binding("y,ctrl+c", "yank", "Copy as JSON", show=False, priority=True),
        Binding("down,j", "scroll(1)", "Down", show=False, priority=True),
        Binding("up,k", "scroll(-1)", "Up", show=False, priority=True),
        Binding("pagedown,space", "scroll(10)", "Page down", show=False, priority=True),
        Binding("pageup", "scroll(-10)", "Page up", show=False, priority=True),
        Binding("g,home", "scroll(-1000000)", "Top", show=False, priority=True),
        Binding("G,end", "scroll(1000000)", "Bottom", show=False, priority=True),
    ]
    HINTS = ("y copy its JSON",)

    def __init__(self, desk: Desk, kept: KeptCallback, *, is_whole: bool = False) -> None:
        super().__init__(desk, is_whole=is_whole)
        self._kept = kept
        self._lines = Static(id="callback-lines")
        self._body = VerticalScroll(self._lines, can_focus=False, id="callback-scroll")

    def compose_body(self) -> Iterable[Widget]:
        """Its lines."""
        yield self._body

    def on_mount(self) -> None:
        """Show it."""
        self.say_head(Content.styled(f"Callback {self._kept.id}", "bold"))
        self.say()
        self.remask()

    def remask(self) -> None:
        """Say it, covered or not."""
        lines = (content(self._covered(line)) for line in lines_of(self._kept))
        self._lines.update(Content("\n").join(list(lines)))

    def hear(self, taken: Taken) -> None:
        """A callback stays what it is."""

    def action_scroll(self, by: int) -> None:
        """So many lines on."""
        self._body.scroll_relative(y=by, animate=False)

    def action_yank(self) -> None:
        """Copy the document that scripts get."""
        self.app.copy_to_clipboard(json_of(self._kept))
        self.say("copied as JSON")

    def _covered(self, line: str) -> str:
        mask = self.desk.mask
        if not mask.is_on or not line.startswith("  "):
            return line
        name, gap, value = line[2:].partition("  ")
        return f"  {name}{gap}{mask.text(value)}" if gap else f"  {mask.text(name)}"


def json_of(kept: KeptCallback) -> str:
    """The callback as scripts get it, indented; in ASCII, so that nothing in it deceives where it is pasted."""
    return json.dumps(whole_document_of(kept), indent=2)
