"""The chat: which conversation is shown, what changes on it, and the verbs that are not one pane's alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from smschat.domain.changes import (
    BalanceChanged,
    ConversationChanged,
    ConversationDeleted,
    ExchangeSeen,
    HealthChanged,
    SmsChanged,
    SmsDeleted,
)
from smschat.domain.delivery import Status
from smschat.ui.keys import key_name, keys_of
from smschat.ui.screens.finding import Finding
from smschat.ui.screens.keeping import Keeping
from smschat.ui.screens.preferring import Preferring
from smschat.ui.screens.showing import Showing
from smschat.ui.screens.writing import Writing
from smschat.ui.widgets.messages import NOTHING_TO_COPY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smschat.domain.changes import Change
    from smschat.domain.conversation import Conversation
    from smschat.domain.sms import Sms
    from smschat.ui.bridge import Taken

_NO_SMS: Final = "There is no SMS under the cursor: choose one first."
_DELIVERED: Final = "It was delivered: {yank} copies its text for a new one."
_SCHEDULED: Final = "It waits for its time: {take_back} takes it back, {later} chooses another time."
_QUEUED: Final = "It goes out by itself as soon as it can: nothing needs to be done."
_UNDER_WAY: Final = "It is under way: {details} shows what is known of it so far."


class ChatScreen(Finding, Keeping, Preferring, Showing, Writing):
    """The chat."""

    first_page: Sequence[Conversation] | None = None
    """What was read of the list before there was a screen; None: nothing."""

    _drafted: Conversation | None = None

    def on_mount(self) -> None:
        """The list stands in the first frame where it was read in time."""
        if self.first_page is not None:
            self.chats.adopt(self.first_page)

    def on_screen_resume(self) -> None:
        """What stood over the chat is gone, and what it covered is seen."""
        self.talk.look_read()

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
                self.wire_apply(change.sms)
            case SmsDeleted():
                self.talk.forget_sms(change)
            case ConversationDeleted():
                self._forget(change.peer)
            case ExchangeSeen():
                self.see_exchange(change.exchange)
            case ConversationChanged():
                self.desk.drafts.confirm(change.conversation)
                self._apply_conversation(change.conversation)
            case HealthChanged() | BalanceChanged():
                self.header.hear(change)

    def _forget(self, peer: str) -> None:
        """A conversation is gone for good; where it was open, the list has the focus again."""
        self.chats.forget(peer)
        self.totals.count_again()
        if self.talk.peer == peer:
            self.remove_class("-open", "-no-list")
            self.set_focus(self.chats)
            self.talk.clear()
            self.look()
        self._look_vacant()

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

    def action_resend(self) -> None:
        """Send the SMS under the cursor again; answer one that came in."""
        sms = self.talk.messages.selected
        if sms is not None and not sms.is_outbound:
            self.set_focus(self.talk.composer)
        elif not self.talk.resend():
            self.notify(self._why_not_again(sms), markup=False)

    def _why_not_again(self, sms: Sms | None) -> str:
        """Why an SMS is not sent again, and what can be done with it instead."""
        if sms is None:
            return _NO_SMS
        words = {Status.DELIVERED: _DELIVERED, Status.SCHEDULED: _SCHEDULED, Status.QUEUED: _QUEUED}
        return words.get(sms.status, _UNDER_WAY).format(
            yank=self._key("message.yank"),
            take_back=self._key("message.take_back"),
            later=self._key("composer.later"),
            details=self._key("message.details"),
        )

    def _key(self, action_id: str) -> str:
        return key_name(keys_of(action_id, self.desk.rebound)[0])

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
