"""Sending from a conversation: what was typed, and what is sent once more.

The rule: an SMS is on disk before the composer lets go of its text; what was not sent stays where it was typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work
from textual.message import Message

from smschat.domain.delivery import FINAL, Status
from smschat.errors import NotConfirmedError, SmschatError
from smschat.ui.options_form import WITHOUT_TEXT
from smschat.ui.widgets.advised import Advised

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from smschat.domain.sms import Sms
    from smschat.messaging.compose import Extras
    from smschat.ui.desk import Desk
    from smschat.ui.widgets.composer import Composer


class Sending(Advised):
    """A conversation from which one sends."""

    class Complained(Message):
        """Something did not work."""

        def __init__(self, error: SmschatError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(desk, id=id)
        self._sending: set[str] = set()

    def apply_sms(self, sms: Sms) -> None:
        """An SMS is new or has moved."""
        raise NotImplementedError

    def on_composer_submitted(self, event: Composer.Submitted) -> None:
        """Send; a second Enter while the first is being written down does nothing."""
        event.stop()
        peer, text, extras = self.peer, self.composer.text, self.extras
        if extras is not None and extras.sms_type in WITHOUT_TEXT:
            text = ""
        elif not text.strip():
            return
        if peer is None or peer in self._sending:
            return
        self._sending.add(peer)
        if text:
            self.desk.drafts.forget(peer)
        self._send(peer, text, extras)

    @work(group="send")
    async def _send(self, peer: str, text: str, extras: Extras | None) -> None:
        """Line ends at the very end say nothing: they are those of an Enter that was pressed more than once.

        An SMS without a text leaves alone what stands in the composer.
        """
        written = text.rstrip("\n")
        try:
            sms = await self._asking(
                lambda confirmed: self.desk.bridge.call(
                    lambda messenger: messenger.send(
                        peer, written, extras=extras, clear_draft=bool(text), confirmed=confirmed
                    )
                ),
                yes="Send it",
            )
        except SmschatError as error:
            self.post_message(self.Complained(error))
            sms = None
        finally:
            self._sending.discard(peer)
        if sms is not None:
            self.apply_sms(sms)
            self.use_up(peer, extras)
            if text and peer == self.peer:
                self.composer.keep_rest(text)
        elif text:
            self._keep(peer, text)

    def _keep(self, peer: str, text: str) -> None:
        """It was not sent: the text stays, also when another conversation is on the screen by now."""
        if peer != self.peer:
            self.desk.drafts.note(peer, text)
            return
        if not self.composer.text:
            self.composer.load(text)
        self.desk.drafts.note(peer, self.composer.text)

    def resend(self) -> bool:
        """Send the SMS under the cursor again; False: it is none that can be."""
        sms = self.messages.selected
        if sms is None or not can_resend(sms):
            return False
        if sms.id not in self._sending:
            self._sending.add(sms.id)
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
            self._sending.discard(sms.id)

    async def _asking(self, do: Callable[[bool], Awaitable[Sms]], *, yes: str) -> Sms | None:
        """Do it, asking first where it asks; None: the answer was no."""
        try:
            return await do(False)  # noqa: FBT003 - one flag, named by the caller
        except NotConfirmedError as error:
            return await do(True) if await self.desk.ask(error.message, yes) else None  # noqa: FBT003


def can_resend(sms: Sms) -> bool:
    """Whether resending this SMS does something: not what is under way, delivered, or somebody else's."""
    may = sms.status in FINAL - {Status.DELIVERED} or sms.status is Status.UNKNOWN
    return sms.is_outbound and (may or (sms.status is Status.QUEUED and sms.held))
