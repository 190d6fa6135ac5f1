"""What the keys that find something do: a number to write to, an SMS, a conversation, a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.ui.screens.shown import Shown

if TYPE_CHECKING:
    from smschat.domain.conversation import Conversation


class Finding(Shown):
    """Finding."""

    def action_new_conversation(self) -> None:
        """Ask for whom, then open it."""
        from smschat.ui.screens.new_conversation import NewConversation  # noqa: PLC0415 - after the first frame

        self.app.push_screen(NewConversation(self.desk.bridge), self._open_new)

    def _open_new(self, conversation: Conversation | None) -> None:
        if conversation is not None:
            self.chats.apply(conversation)
            self.chats.select(conversation.peer)
            self.open(conversation)
