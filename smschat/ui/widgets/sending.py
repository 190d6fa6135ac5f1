"""Sending from a conversation: what was typed, now or later, and what is sent once more or taken back.

The rule: an SMS is on disk before the composer lets go of its text, and goes to whom the text was typed, whatever is on
the screen by then; what was not sent stays where it was typed, and what is taken back goes there again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from textual import work
from textual.message import Message

from smschat.domain.delivery import FINAL, Status
from smschat.errors import NotConfirmedError, SmschatError
from smschat.ui import options_form
from smschat.ui.options_form import WITHOUT_TEXT, extras_of_sms
from smschat.ui.take_back import TakeBacks
from smschat.ui.widgets.advised import Advised

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from textual.timer import Timer

    from smschat.domain.sms import Sms
    from smschat.messaging.compose import Extras
    from smschat.ui.desk import Desk
    from smschat.ui.widgets.composer import Composer

_TICK_S: Final = 1.0


@dataclass(slots=True)
class _UnderWay:
    """A text that is being written down.

    Attributes:
        rest: what was typed behind it before the conversation was left; None: it is still on the screen.
    """

    text: str = field(repr=False)
    rest: str | None = field(default=None, repr=False)


class Sending(Advised):
    """A conversation from which one sends."""

    class Complained(Message):
        """Something did not work."""

        def __init__(self, error: SmschatError) -> None:
            super().__init__()
            self.error = error

    class Written(Message):
        """An SMS was written down, and goes out."""

        def __init__(self, sms: Sms) -> None:
            super().__init__()
            self.sms = sms

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(desk, id=id)
        self._sending: dict[str, _UnderWay] = {}
        self._resending: set[str] = set()
        self._countdown: Timer | None = None
        self.take_backs = TakeBacks(desk.now)

    def apply_sms(self, sms: Sms) -> None:
        """An SMS is new or has moved."""
        raise NotImplementedError

    def on_composer_submitted(self, event: Composer.Submitted) -> None:
        """Send; a second Enter while the first is being written down does nothing."""
        event.stop()
        self.send(event.owner, event.text)

    def has_something_to_send(self, peer: str | None, text: str) -> bool:
        """Whether there is an SMS in this, with what was chosen for the next one."""
        extras = self._extras.get(peer or "")
        return peer is not None and (_is_without_text(extras) or bool(text.strip()))

    @property
    def segments(self) -> int | None:
        """As how many what stands in the composer is billed; None: not known."""
        counted = options_form.counted(self.composer.text, self.extras)
        return None if counted is None else counted.segments

    def send(self, peer: str | None, text: str, *, send_at: datetime | None = None) -> None:
        """Send a text that was typed for this peer; at that time, or now."""
        if peer is None or peer in self._sending or not self.has_something_to_send(peer, text):
            return
        extras = self._extras.get(peer)
        text = "" if _is_without_text(extras) else text
        self._sending[peer] = _UnderWay(text)
        if text:
            self.desk.drafts.forget(peer)
        self._send(peer, text, extras, send_at)

    @work(group="send")
    async def _send(self, peer: str, text: str, extras: Extras | None, send_at: datetime | None) -> None:
        """Line ends at the very end say nothing: they are those of an Enter that was pressed more than once.

        An SMS without a text leaves alone what stands in the composer.
        """
        written = text.rstrip("\n")
        try:
            sms = await self._asking(
                lambda confirmed: self.desk.bridge.call(
                    lambda messenger: messenger.send(
                        peer,
                        written,
                        extras=extras,
                        send_at=send_at or self._undo_until(),
                        clear_draft=bool(text),
                        confirmed=confirmed,
                    )
                ),
                yes="Send it",
            )
        except SmschatError as error:
            self.post_message(self.Complained(error))
            sms = None
        finally:
            under_way = self._sending.pop(peer)
        if sms is not None:
            if send_at is None and sms.status is Status.SCHEDULED:
                self._count_down(sms, extras)
            self.apply_sms(sms)
            self.post_message(self.Written(sms))
            self.use_up(peer, extras)
            if under_way.rest is not None:  # the draft was cleared with the sending, perhaps after the rest was noted
                self.desk.drafts.note(peer, self.composer.text if peer == self.peer else under_way.rest)
            elif text and peer == self.peer:
                self.composer.keep_rest(text)
        elif text:
            self._keep(peer, under_way)

    def leave_rest(self) -> None:
        """The conversation is left, perhaps for good: what was typed behind a text under way is its draft."""
        under_way = self._sending.get(self.peer or "")
        if under_way is None:
            return
        sent, typed = under_way.text if under_way.rest is None else "", self.composer.text
        under_way.rest = typed.removeprefix(sent)
        self.desk.drafts.note(self.peer or "", under_way.rest)

    def _keep(self, peer: str, under_way: _UnderWay) -> None:
        """It was not sent: the text stays, also when another conversation is on the screen by now."""
        text = under_way.text
        if peer != self.peer:
            self.desk.drafts.note(peer, text + (under_way.rest or ""))
            return
        if under_way.rest is not None:
            self.composer.load(text + self.composer.text)
        elif not self.composer.text:
            self.composer.load(text)
        self.desk.drafts.note(peer, self.composer.text)

    def _undo_until(self) -> datetime | None:
        """When an SMS goes out that is sent now and can be taken back; None: at once."""
        seconds = self.desk.options.preferences.undo_send_s
        return self.desk.now() + timedelta(seconds=seconds) if seconds > 0 else None

    def _count_down(self, sms: Sms, extras: Extras | None) -> None:
        self.take_backs.add(sms, extras)
        if self._countdown is None:
            self._countdown = self.set_interval(_TICK_S, self.say_countdown)
        self.say_countdown()

    def say_countdown(self) -> None:
        """Say how long what was sent last can be taken back; nothing ticks when nothing can."""
        left_s = self.take_backs.left_s()
        if not left_s and self._countdown is not None:
            self._countdown.stop()
            self._countdown = None
        self.say_first("composer.take_back" if left_s else "", f" ({left_s} s)")

    def hear_of_waiting(self, sms: Sms) -> None:
        """An SMS has moved: it may not be taken back any more."""
        self.take_backs.hear(sms)
        if self._countdown is not None:
            self.say_countdown()

    async def take_back(self, sms: Sms) -> None:
        """Take an SMS back that waits; what it was made of goes where it was typed, before what stands there by now.

        Raises:
            SmschatError: it waits no more, or the store cannot be used.
        """
        taken = await self.desk.bridge.call(lambda messenger: messenger.take_back(sms.id))
        waited = self.take_backs.pop(sms.id)
        self.say_countdown()
        await self._put_back(taken, extras_of_sms(taken) if waited is None else waited.extras)

    async def _put_back(self, taken: Sms, extras: Extras | None) -> None:
        if extras is not None:
            self._extras[taken.peer] = extras
        text = "" if _is_without_text(extras) else taken.text
        if taken.peer == self.composer.owner:
            self.composer.put_before(text)
            self.say()
        else:
            await self._put_into_draft(taken.peer, text)

    def forget_waiting(self, sms_id: str) -> None:
        """An SMS was deleted."""
        if self.take_backs.pop(sms_id) is not None:
            self.say_countdown()

    async def _put_into_draft(self, peer: str, text: str) -> None:
        conversation = await self.desk.bridge.call(lambda messenger: messenger.conversation(peer))
        before = "" if conversation is None else self.desk.drafts.text_of(conversation)
        self.desk.drafts.note(peer, f"{text}\n{before}" if before else text)

    def resend(self) -> bool:
        """Send the SMS under the cursor again; False: it is none that can be."""
        sms = self.messages.selected
        if sms is None or not can_resend(sms):
            return False
        if sms.id not in self._resending:
            self._resending.add(sms.id)
            self._resend(sms)
        return True

    @work(group="send")
    async def _resend(self, sms: Sms) -> None:
        try:
            again = await self._asking(
                lambda confirmed: self.desk.bridge.call(
                    lambda messenger: messenger.resend(sms.id, confirmed=confirmed)
                ),
                yes="Send it again",
            )
        except SmschatError as error:
            self.post_message(self.Complained(error))
        else:
            if again is not None:
                self.apply_sms(again)
        finally:
            self._resending.discard(sms.id)

    async def _asking(self, do: Callable[[bool], Awaitable[Sms]], *, yes: str) -> Sms | None:
        """Do it, asking first where it asks; None: the answer was no."""
        try:
            return await do(False)  # noqa: FBT003 - one flag, named by the caller
        except NotConfirmedError as error:
            return await do(True) if await self.desk.ask(error.message, yes) else None  # noqa: FBT003


def _is_without_text(extras: Extras | None) -> bool:
    return extras is not None and extras.sms_type in WITHOUT_TEXT


def can_resend(sms: Sms) -> bool:
    """Whether resending this SMS does something: not what is under way, delivered, or somebody else's."""
    may = sms.status in FINAL - {Status.DELIVERED} or sms.status is Status.UNKNOWN
    return sms.is_outbound and (may or (sms.status is Status.QUEUED and sms.held))
