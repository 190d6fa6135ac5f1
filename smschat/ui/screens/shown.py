"""Which conversation is shown: the one under the cursor of the list, or the one that was opened.

The rule: the cursor of the list shows a conversation beside it and does not open it; only what is open becomes read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.errors import SmschatError
from smschat.ui.screens.panes import Panes
from smschat.ui.widgets.sending import Sending

if TYPE_CHECKING:
    from textual.timer import Timer

    from smschat.domain.conversation import Conversation
    from smschat.ui.widgets.conversations import ConversationList

REST_S: Final = 0.15
"""Seconds that the cursor of the list rests on a conversation before it is shown beside it."""


class Shown(Panes):
    """The panes, and the conversation in them."""

    _resting: Timer | None = None

    def open(self, conversation: Conversation, *, focus: bool = True) -> None:
        """Open a conversation, and write in it."""
        if self._resting is not None:
            self._resting.stop()
        self.add_class("-open")
        self.remove_class("-vacant")
        self.talk.show(conversation, is_open=True)
        if focus:
            self.set_focus(self.talk.composer)

    async def action_open(self) -> None:
        """Open what the cursor of the list is on."""
        conversation = await self._under_cursor()
        if conversation is not None:
            self.open(conversation)

    async def action_next_conversation(self) -> None:
        """Show the one below."""
        self.chats.action_cursor_down()
        await self._switch()

    async def action_previous_conversation(self) -> None:
        """Show the one above."""
        self.chats.action_cursor_up()
        await self._switch()

    def _look_vacant(self) -> None:
        is_empty = self.chats.cursor_peer is None and not self.chats.is_narrowed
        self.set_class(is_empty and self.talk.conversation is None, "-vacant")

    async def _switch(self) -> None:
        conversation = await self._under_cursor()
        if conversation is not None:
            is_in_list = self.focused is self.chats
            self.open(conversation, focus=is_in_list and not self.shows_both)

    async def _under_cursor(self) -> Conversation | None:
        peer = self.chats.cursor_peer
        return None if peer is None else await self._conversation(peer)

    async def _conversation(self, peer: str) -> Conversation | None:
        """As the list holds it, which costs nothing; else as the store does."""
        held = self.chats.conversation(peer)
        if held is not None:
            return held
        try:
            return await self.desk.bridge.call(lambda messenger: messenger.conversation(peer))
        except SmschatError as error:
            self.post_message(Sending.Complained(error))
            return None

    def on_conversation_list_highlighted(self, event: ConversationList.Highlighted) -> None:
        """Show it beside the list without opening it: the first one at once, others when the cursor rests on them.

        A row that moves under the cursor while one is elsewhere takes nothing off the screen.
        """
        event.stop()
        self._look_vacant()
        if self._resting is not None:
            self._resting.stop()
        if self.talk.conversation is None:
            self.look()
        elif self.focused is self.chats or self.filter_line.is_typing:
            self._resting = self.set_timer(REST_S, self._rested)

    def _rested(self) -> None:
        """The cursor has rested; but nothing is taken from under the hands of somebody who writes."""
        if self.focused is not self.talk.composer:
            self.look()

    def look(self) -> None:
        """Show what the cursor of the list is on, if that can be seen beside it."""
        peer = self.chats.cursor_peer
        conversation = None if peer is None else self.chats.conversation(peer)
        if conversation is not None and conversation.peer != self.talk.peer and self.shows_both:
            self.talk.show(conversation, is_open=False)

    async def on_conversation_list_opened(self, event: ConversationList.Opened) -> None:
        """A click in the list."""
        event.stop()
        conversation = await self._conversation(event.peer)
        if conversation is not None:
            self.open(conversation)
