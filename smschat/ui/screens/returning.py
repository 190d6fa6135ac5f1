"""Going to a place and coming back: to the conversation before, and from one unread conversation to the next.

The rule: whatever opens another conversation, or goes far in this one, leaves a place behind to come back to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from smschat.errors import SmschatError
from smschat.ui.screens.shelving import Shelving
from smschat.ui.trail import Place, Trail
from smschat.ui.widgets.sending import Sending

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.geometry import Size
    from textual.widget import Widget

    from smschat.domain.conversation import Conversation
    from smschat.ui.desk import Desk
    from smschat.ui.marking import Spans

_NO_WAY_BACK: Final = "There is nowhere to go back to."
_NOTHING_UNREAD: Final = "Nothing else is unread."
_ALL_READ: Final = "Nothing else is unread; this is where you were."


@dataclass(slots=True, kw_only=True)
class _Round:
    """From one unread conversation to the next.

    Attributes:
        origin: where it began; None: no conversation was shown.
        focus: what had the focus there.
        at: whose conversation it has come to.
        visited: those that it has been to, and the one where it began.
    """

    origin: Place | None
    focus: Widget | None
    at: str | None = field(repr=False)
    visited: set[str | None] = field(repr=False)


class Returning(Shelving):
    """Going, and coming back."""

    def __init__(self, desk: Desk, size: Size) -> None:
        super().__init__(desk, size)
        self._trail = Trail()
        self._was_open: Place | None = None
        self._round: _Round | None = None

    def open(self, conversation: Conversation, *, focus: bool = True) -> None:
        """Open a conversation; the one that was open before is a key away."""
        self._note_place()
        place = self._was_open or self._here()
        if place is not None and place.peer != conversation.peer:
            self._trail.leave(place)
        self._reopen(conversation, focus=focus)

    def _reopen(self, conversation: Conversation, *, focus: bool = False) -> None:
        """Open one without leaving a place behind."""
        self._was_open = Place(conversation.peer)
        super().open(conversation, focus=focus)

    def look(self) -> None:
        """Show what the cursor of the list is on; what was open before stays the place to come back to."""
        self._note_place()
        super().look()

    def go_to(self, conversation: Conversation, seq: int | None, *, found: Mapping[str, Spans] | None = None) -> None:
        """Open a conversation at a place, with the cursor on it.

        Args:
            seq: of the SMS; None: the newest.
            found: words to mark in it, by the ids of the SMS.
        """
        here = self._here()
        if here is not None and here.peer == conversation.peer and self.talk.is_open:
            self._trail.leave(here)
        self._arrive(conversation, seq, found=found)

    async def action_go_back(self) -> None:
        """To the conversation before, at the place where it was left."""
        while (place := self._trail.back()) is not None:
            conversation = await self._conversation(place.peer)
            if conversation is not None:
                self._reopen(conversation)
                self._arrive(conversation, place.seq)
                return
        self.notify(_NO_WAY_BACK, markup=False)

    async def action_next_unread(self) -> None:
        """To the next unread conversation; after the last one back to where it began."""
        peer = self.talk.peer
        going = self._round
        if going is None or going.at != peer:
            going = self._round = _Round(origin=self._here(), focus=self.focused, at=peer, visited={peer})
        try:
            unread = await self.desk.bridge.call(lambda messenger: messenger.finding.next_unread(peer))
        except SmschatError as error:
            self.post_message(Sending.Complained(error))
            return
        if unread is None or unread.peer in going.visited:
            await self._end_round(going)
            return
        going.visited.add(unread.peer)
        going.at = unread.peer
        self.chats.select(unread.peer)
        self.open(unread)

    async def _end_round(self, going: _Round) -> None:
        self._round = None
        conversation = None if going.origin is None else await self._conversation(going.origin.peer)
        if len(going.visited) == 1 or conversation is None or going.origin is None:
            self.notify(_NOTHING_UNREAD, markup=False)
            return
        self._reopen(conversation)
        self._arrive(conversation, going.origin.seq)
        if going.focus in self.panes:
            self.set_focus(going.focus)
        self.notify(_ALL_READ, markup=False)

    def _arrive(self, conversation: Conversation, seq: int | None, *, found: Mapping[str, Spans] | None = None) -> None:
        messages = self.talk.messages
        self.chats.select(conversation.peer)
        is_shown = messages.peer == conversation.peer
        self.open(conversation, focus=False)
        self.set_focus(messages)
        if seq is not None:
            messages.go_to(conversation.peer, seq, found=found)
        elif is_shown:
            messages.action_end()

    def _here(self) -> Place | None:
        peer = self.talk.peer
        return None if peer is None else Place(peer, self.talk.messages.whereabouts)

    def _note_place(self) -> None:
        """What is open now, before something else takes its place on the screen."""
        if self.talk.is_open and not self.talk.is_reading:
            self._was_open = self._here()
