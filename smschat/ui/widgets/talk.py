"""One conversation: whose it is, its transcript, and the composer that answers it.

The rule: an SMS is on disk before the composer lets go of its text; what was typed in one conversation stays with it;
and a conversation counts as read only when somebody can have read it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from smschat.domain.delivery import Status
from smschat.errors import SmschatError
from smschat.ui.widgets.count_line import part_price_of
from smschat.ui.widgets.sending import Sending

if TYPE_CHECKING:
    from smschat.domain.changes import SmsDeleted
    from smschat.domain.conversation import Conversation
    from smschat.domain.sms import Sms
    from smschat.ui.desk import Desk
    from smschat.ui.widgets.composer import Composer
    from smschat.ui.widgets.messages import Messages
    from smschat.ui.widgets.transcript import Transcript


class Talk(Sending):
    """The right pane."""

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(desk, id=id)
        self.is_open = False
        self._read_upto: dict[str, int] = {}
        self._being_read: str | None = None
        self._ends_mark = False

    @property
    def is_reading(self) -> bool:
        """Whether the transcript of another conversation is on its way."""
        return self._being_read is not None

    def show(self, conversation: Conversation, *, is_open: bool) -> None:
        """Show a conversation; the transcript follows as soon as it is read.

        Args:
            is_open: somebody opened it; else it is only looked at from the list, and does not become read.
        """
        is_other = conversation.peer != self.peer
        if is_other:
            self.leave_rest()
            self.leave()
            self.is_open = False
        self.conversation = conversation
        if is_other:
            self._newer = 0
            self._advice = None
            self.composer.turn_to(conversation.peer, self.desk.drafts.text_of(conversation))
            self._being_read = conversation.peer
            self._read(conversation)
        if is_open:
            self._ends_mark = True
            self.set_open()
        self.say()
        self.look_read()

    def set_open(self) -> None:
        """Somebody looks at the conversation, not only at its place in the list."""
        if self.conversation is not None and not self.is_open:
            self.is_open = True
            self.ask_advice()
            self.look_read()

    def leave(self) -> None:
        """What was typed goes to the disk now, the last key included."""
        self._keep_draft()
        self.desk.drafts.save()

    def _keep_draft(self) -> None:
        """Keep what stands in the composer, unless it is just being sent or kept already."""
        conversation, text = self.conversation, self.composer.text
        if conversation is None or conversation.peer in self._sending:
            return
        if text != self.desk.drafts.text_of(conversation):
            self.desk.drafts.note(conversation.peer, text)

    def reload(self) -> None:
        """Read the transcript anew: changes were missed."""
        if self.conversation is not None:
            self._read(self.conversation)

    def apply_sms(self, sms: Sms) -> None:
        """An SMS is new or has moved."""
        self.messages.apply(sms)
        self.hear_of_waiting(sms)
        if sms.is_outbound and (price := part_price_of(sms)) is not None:
            self._prices[sms.peer] = price
        if sms.peer == self.peer and self.is_open and (not sms.is_outbound or sms.status is Status.ACCEPTED):
            self.ask_advice()

    def forget_sms(self, gone: SmsDeleted) -> None:
        """An SMS was deleted, or taken back."""
        self.forget_waiting(gone.sms_id)
        if gone.peer == self.peer:
            self.messages.forget_sms(gone.sms_id)

    def clear(self) -> None:
        """The conversation is gone for good."""
        self.conversation = None
        self.is_open = False
        self.composer.turn_to(None, "")
        self.messages.clear()

    def apply_conversation(self, conversation: Conversation) -> None:
        """A conversation has changed."""
        if self.conversation is None or conversation.peer != self.peer:
            return
        has_other_sender = conversation.sender != self.conversation.sender
        self.conversation = conversation
        self.say()
        if has_other_sender and self.is_open:
            self.ask_advice()

    def on_transcript_at_end(self, event: Transcript.AtEnd) -> None:
        """Something newer came while older SMS are read, or was reached."""
        event.stop()
        self._newer = event.newer
        self.say()
        self.look_read()

    def on_messages_said(self, event: Messages.Said) -> None:
        """Something was done with an SMS."""
        event.stop()
        self.say_aside(event.words)

    def on_composer_edited(self, event: Composer.Edited) -> None:
        """Count, keep the draft, and see whether a shortcode is being typed."""
        event.stop()
        self._keep_draft()
        self.say_count()
        self.look_for_shortcode()

    def look_read(self) -> None:
        """After the next frame, see whether the newest SMS has been seen."""
        is_explore = self.desk.options.preferences.is_explore
        if self.conversation is not None and self.conversation.is_unread and not is_explore:
            self.call_after_refresh(self._mark_read)

    def _mark_read(self) -> None:
        conversation, newest = self.conversation, self.messages.newest_seq_on_screen
        if conversation is None or conversation.last is None or newest is None or not self._is_watched():
            return
        peer = conversation.peer
        has_new = bool(conversation.unread) and newest > self._read_upto.get(peer, 0)
        ends_mark = conversation.marked_unread and self._ends_mark  # one set while it is open stays until it is opened
        if newest >= conversation.last.seq and (has_new or ends_mark):
            self._read_upto[peer] = newest
            self._ends_mark = False
            self.desk.bridge.submit(lambda messenger: messenger.mark_read(peer, newest))

    def _is_watched(self) -> bool:
        return self.is_open and self.app.app_focus and self.screen.is_active and self.messages.peer == self.peer

    @work(group="transcript", exclusive=True)
    async def _read(self, conversation: Conversation) -> None:
        try:
            await self.messages.show(conversation)
        except SmschatError as error:
            self.post_message(self.Complained(error))
        finally:
            if self._being_read == conversation.peer:
                self._being_read = None
        self.look_read()
