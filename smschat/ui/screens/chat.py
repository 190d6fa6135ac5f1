"""The chat: which conversation is shown, what changes on it, and the verbs that are not one pane's alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from smschat.domain.changes import BalanceChanged, ConversationChanged, HealthChanged, SmsChanged
from smschat.errors import SmschatError
from smschat.ui.actions import Where
from smschat.ui.keys import rows
from smschat.ui.screens.panes import Panes
from smschat.ui.widgets.messages import NOTHING_TO_COPY
from smschat.ui.widgets.talk import Talk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.screen import Screen
    from textual.timer import Timer
    from textual.widget import Widget

    from smschat.domain.changes import Change
    from smschat.domain.conversation import Conversation
    from smschat.ui.actions import Action
    from smschat.ui.bridge import Taken
    from smschat.ui.widgets.conversations import ConversationList


REST_S: Final = 0.15
"""Seconds that the cursor of the list rests on a conversation before it is shown beside it."""

_NOTHING_TO_RESEND: Final = "The SMS under the cursor is none that failed, waits, or may not have been sent."


class ChatScreen(Panes):
    """The chat."""

    first_page: Sequence[Conversation] | None = None
    """What was read of the list before there was a screen; None: nothing."""

    _resting: Timer | None = None
    _drafted: Conversation | None = None

    def on_mount(self) -> None:
        """The list stands in the first frame where it was read in time."""
        if self.first_page is not None:
            self.chats.adopt(self.first_page)

    async def load(self) -> None:
        """Read the list, and show the newest conversation beside it; raises what the store raises."""
        await self.chats.load()
        self._look_vacant()
        self.totals.count_again()

    async def take(self, taken: Taken) -> None:
        """Show what has changed."""
        for change in taken.changes:
            self._apply(change)
        if taken.lost:
            await self.load()
            self.talk.reload()
        self.refresh_hints()
        self.talk.look_read()

    def _apply(self, change: Change) -> None:
        match change:
            case SmsChanged():
                self.talk.apply_sms(change.sms)
            case ConversationChanged():
                self.desk.drafts.confirm(change.conversation)
                self._apply_conversation(change.conversation)
            case HealthChanged() | BalanceChanged():
                self.header.hear(change)

    def _apply_conversation(self, conversation: Conversation) -> None:
        """A conversation has changed; a draft that is being typed shows in the list when the typing is over."""
        self.talk.apply_conversation(conversation)
        if self._is_draft_alone(conversation):
            self._drafted = conversation
            return
        self._drafted = None
        self.chats.apply(conversation)
        self.totals.count_again()

    def _is_draft_alone(self, conversation: Conversation) -> bool:
        held = self.chats.conversation(conversation.peer)
        if held is None or conversation.peer != self.talk.peer or not self.talk.composer.has_focus:
            return False
        return replace(held, draft=conversation.draft, revision=conversation.revision) == conversation

    def on_descendant_blur(self) -> None:
        """The typing is over, or goes on elsewhere."""
        if self._drafted is not None:
            self.chats.apply(self._drafted)
            self._drafted = None

    async def perform(self, action: Action) -> None:
        """Do what a key of the table does, wherever the focus is; for the command palette."""
        panes: dict[Where, Widget] = {Where.COMPOSER: self.talk.composer, Where.MESSAGES: self.talk.messages}
        is_ours = action.method.startswith(("screen.", "app."))
        target: Widget | Screen[None] = self if is_ours else panes.get(action.where[0], self)
        await self.app.run_action(action.method.removeprefix("screen."), target)

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
        self.set_class(self.chats.cursor_peer is None and self.talk.conversation is None, "-vacant")

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
            self.post_message(Talk.Complained(error))
            return None

    def on_conversation_list_highlighted(self, event: ConversationList.Highlighted) -> None:
        """Show it beside the list without opening it: the first one at once, others when the cursor rests on them."""
        event.stop()
        self._look_vacant()
        if self._resting is not None:
            self._resting.stop()
        if self.talk.conversation is None:
            self.look()
        else:
            self._resting = self.set_timer(REST_S, self.look)

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

    def action_resend(self) -> None:
        """Send the SMS under the cursor again."""
        if not self.talk.resend():
            self.notify(_NOTHING_TO_RESEND, markup=False)

    def action_copy(self) -> None:
        """Copy what is selected, else the SMS under the cursor; say so when there is neither."""
        selected = self.get_selected_text()
        if selected:
            self.app.copy_to_clipboard(selected)
            self.talk.say_aside("copied")
        elif self.focused is self.talk.messages and self.talk.messages.selected is not None:
            self.talk.messages.action_yank()
        else:
            self.notify(NOTHING_TO_COPY, markup=False)

    def action_new_conversation(self) -> None:
        """Ask for whom, then open it."""
        from smschat.ui.screens.new_conversation import NewConversation  # noqa: PLC0415 - after the first frame

        self.app.push_screen(NewConversation(self.desk.bridge), self._open_new)

    def _open_new(self, conversation: Conversation | None) -> None:
        if conversation is not None:
            self.chats.apply(conversation)
            self.chats.select(conversation.peer)
            self.open(conversation)

    def action_help(self) -> None:
        """Show every key."""
        from smschat.ui.screens.help import Help  # noqa: PLC0415 - after the first frame

        self.app.push_screen(Help(rows(self.desk.rebound)))

    def action_palette(self) -> None:
        """Find a command."""
        from textual.command import CommandPalette  # noqa: PLC0415 - after the first frame

        from smschat.ui.palette import Commands  # noqa: PLC0415 - after the first frame

        self.app.push_screen(CommandPalette([Commands], placeholder="Find a command"))
