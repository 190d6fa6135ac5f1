"""The list of conversations, wide or as a rail: what `ShelvedRows` shows, with a cursor that is on a peer.

Rule: the cursor is a peer and not a place, so that Enter never opens another conversation than was pointed at.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from smschat.ui.render import Ink
from smschat.ui.widgets.shelved_rows import ShelvedRows

if TYPE_CHECKING:
    from textual import events


class ConversationList(ShelvedRows):
    """The conversations, pinned ones first, then those with the newest SMS.

    Its actions: cursor_up, cursor_down, page_up, page_down, home, end, open.
    """

    @dataclass
    class Opened(Message):
        """A conversation was chosen, by key or by mouse."""

        peer: str

    ALLOW_SELECT = False
    PREFIX = "conversations"
    INKS = (
        Ink.TEXT, Ink.NAME, Ink.UNREAD, Ink.TIME, Ink.HINT, Ink.DRAFT, Ink.PENDING, Ink.DOUBT, Ink.SENT,
        Ink.DELIVERED, Ink.FAILED, Ink.CURSOR, Ink.SELECTED,
    )  # fmt: skip
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"conversations--{ink}" for ink in INKS}
    DEFAULT_CSS = """
    ConversationList {
        background: $background;
        & > .conversations--text { color: $foreground; }
        & > .conversations--name { color: $foreground; }
        & > .conversations--unread { color: $text-accent; text-style: bold; }
        & > .conversations--time { color: $text-muted; }
        & > .conversations--hint { color: $text-muted; }
        & > .conversations--draft { color: $text-accent; }
        & > .conversations--pending { color: $text-muted; }
        & > .conversations--doubt { color: $text-warning; text-style: bold; }
        & > .conversations--sent { color: $text-muted; }
        & > .conversations--delivered { color: $text-success; }
        & > .conversations--failed { color: $text-error; }
        & > .conversations--cursor { color: $text-muted; }
        & > .conversations--selected { background: $foreground 6%; }
        &:focus > .conversations--cursor { color: $text-accent; }
        &:focus > .conversations--selected { background: $foreground 12%; }
    }
    """

    def select(self, peer: str) -> None:
        """Put the cursor on a conversation; on one that is not there yet as soon as it is."""
        index = self._ordering.index(peer)
        self._wanted = peer if index is None else None
        if index is not None:
            self._go(index)

    def action_cursor_up(self) -> None:
        """To the conversation above."""
        self._step(-1)

    def action_cursor_down(self) -> None:
        """To the conversation below."""
        self._step(1)

    def action_page_up(self) -> None:
        """A screen up."""
        self._step(-max(self.size.height // self._look.height - 1, 1))

    def action_page_down(self) -> None:
        """A screen down."""
        self._step(max(self.size.height // self._look.height - 1, 1))

    def action_home(self) -> None:
        """To the first conversation."""
        self._step(-len(self._ordering))

    def action_end(self) -> None:
        """To the last conversation of all."""
        if self._ordering.is_whole:
            self._step(len(self._ordering))
        else:
            self._touch()
            self.read_aside(self._to_last, "conversations-end")

    def action_open(self) -> None:
        """Open the conversation under the cursor."""
        if self._cursor is not None:
            self.post_message(self.Opened(self._cursor))

    def _step(self, by: int) -> None:
        index = None if self._cursor is None else self._ordering.index(self._cursor)
        if len(self._ordering):
            self._go(0 if index is None else min(max(index + by, 0), len(self._ordering) - 1))

    def _go(self, index: int) -> None:
        self._touch()
        self._wanted = None
        self._point(self._ordering[index].peer)
        self._show_cursor()
        self._read_on()

    def _touch(self) -> None:
        self._moved_at = monotonic()

    def on_mouse_move(self) -> None:
        """A pointer over the list is a hand on it."""
        self._touch()

    def on_mouse_down(self) -> None:
        """A click that has begun ends on the row that it began on."""
        self._touch()

    def on_mouse_scroll_down(self) -> None:
        """So is the wheel."""
        self._touch()

    def on_mouse_scroll_up(self) -> None:
        """So is the wheel."""
        self._touch()

    def on_click(self, event: events.Click) -> None:
        """Open what was clicked."""
        index = (self.top + event.y) // self._look.height
        if index < len(self._ordering):
            self._go(index)
            self.action_open()
