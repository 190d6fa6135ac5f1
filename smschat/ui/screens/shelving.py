"""What the keys do that choose which conversations the list shows: a filter as one types, and shelf after shelf.

The rule: the line above the list says what it shows, and one key shows all again, with the cursor where it was before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from smschat.domain.conversation import Filter
from smschat.ui import shelves
from smschat.ui.keys import hint, key_name, keys_of
from smschat.ui.screens.shown import Shown

if TYPE_CHECKING:
    from smschat.domain.conversation import Conversation
    from smschat.ui.widgets.filter_line import FilterLine


class Shelving(Shown):
    """Choosing what the list shows."""

    _pointed: str | None = None
    """Whom the cursor was on before the list was narrowed."""

    _opens_first = False

    async def action_filter(self) -> None:
        """Type what the conversations are to have in their name or number."""
        self.remove_class("-open", "-no-list", "-vacant")
        self._remember()
        await self.filter_line.begin(self.chats.wanted)

    def action_next_shelf(self) -> None:
        """All, unread, failed, archived, and round again."""
        self.remove_class("-open", "-no-list", "-vacant")
        self.set_focus(self.chats)
        self._remember()
        wanted = self.chats.wanted
        self._narrow(replace(wanted, shelf=shelves.after(wanted.shelf)))

    def action_back(self) -> None:
        """Where one types a filter, or in a narrowed list: show all again; elsewhere a step back."""
        is_in_list = self.focused is self.chats
        if self.filter_line.is_typing or (is_in_list and self.chats.is_narrowed):
            self.set_focus(self.chats)
            self._narrow(Filter())
        else:
            super().action_back()

    def open(self, conversation: Conversation, *, focus: bool = True) -> None:
        """Open a conversation, which stays in the list as long as it is open."""
        self.chats.keep(conversation.peer)
        super().open(conversation, focus=focus)

    def refresh_hints(self) -> None:
        """Say at the foot which keys act now."""
        super().refresh_hints()
        if self.filter_line.is_typing:
            hints = (
                hint("conversation.open", self.desk.rebound),
                f"{key_name(keys_of('back', self.desk.rebound)[0])} all",
            )
            self.talk.say_hints(*hints)
            self.totals.say_hints(*([] if self.shows_both else hints))

    def _remember(self) -> None:
        if not self.chats.is_narrowed:
            self._pointed = self.chats.cursor_peer

    def _narrow(self, wanted: Filter) -> None:
        self.chats.narrow(wanted, cursor=self._pointed if wanted == Filter() else None)
        self.filter_line.say(wanted)

    def on_filter_line_clicked(self, event: FilterLine.Clicked) -> None:
        """A click above the list."""
        event.stop()
        self.call_later(self.action_filter)

    def on_filter_line_typed(self, event: FilterLine.Typed) -> None:
        """Narrow the list to it."""
        event.stop()
        self._opens_first = False
        self._narrow(replace(self.chats.wanted, text=event.text))

    async def on_filter_line_entered(self, event: FilterLine.Entered) -> None:
        """Open the first one, as soon as it is there."""
        event.stop()
        if self.chats.is_turning:
            self._opens_first = True
        else:
            await self._open_first()

    async def on_conversation_list_turned(self) -> None:
        """Other conversations are shown."""
        self._look_vacant()
        self.refresh_hints()
        if self._opens_first:
            self._opens_first = False
            await self._open_first()

    async def _open_first(self) -> None:
        if self.chats.cursor_peer is not None:
            await self.action_open()
