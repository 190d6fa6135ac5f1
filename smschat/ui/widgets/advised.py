"""The composer's advice and options: what is to be known before sending, and what was chosen for the next SMS.

The rule: nobody waits for advice, and one question is under way at a time, however much happens meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from smschat.errors import SmschatError
from smschat.ui.widgets.count_line import decimal_of
from smschat.ui.widgets.suggesting import Suggesting

if TYPE_CHECKING:
    from smschat.messaging.compose import Advice, Extras
    from smschat.ui.desk import Desk
    from smschat.ui.screens.sms_options import Chosen


class Advised(Suggesting):
    """A conversation's frame that knows what the messenger says of writing there."""

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(desk, id=id)
        self._is_asking = self._is_stale = False

    def ask_advice(self) -> None:
        """Ask what the writer should know; at once, or when the question that is under way is answered."""
        self._is_stale = True
        if not self._is_asking:
            self._is_asking = True
            self._ask_advice()

    @work(group="advice")
    async def _ask_advice(self) -> None:
        try:
            while self._is_stale:
                self._is_stale = False
                await self._ask_once()
        finally:
            self._is_asking = False

    async def _ask_once(self) -> None:
        peer, extras = self.peer, self.extras
        if peer is None or not peer.isdigit():
            return
        try:
            advice = await self.desk.bridge.call(lambda messenger: messenger.advice(peer, extras))
        except SmschatError:
            return  # whatever keeps the account from sending is said when something is sent
        if peer == self.peer:
            self._take_advice(peer, advice)

    def _take_advice(self, peer: str, advice: Advice) -> None:
        self._advice = advice
        price = decimal_of(advice.part_price)
        if price is not None:
            self._prices[peer] = price
        self.say()

    def choose_options(self) -> None:
        """Ask what is to be said of the next SMS of this conversation."""
        from smschat.ui.screens.sms_options import SmsOptionsPanel  # noqa: PLC0415 - after the first frame

        conversation = self.conversation
        if conversation is None or not conversation.peer.isdigit():
            self.notify("There is no number here to write to.", markup=False)
            return
        peer = conversation.peer

        def take(chosen: Chosen | None) -> None:
            if chosen is not None:
                self._take_options(peer, chosen)

        self.app.push_screen(SmsOptionsPanel(self.desk, conversation, self.extras, self._advice), take)

    def _take_options(self, peer: str, chosen: Chosen) -> None:
        if chosen.extras is None:
            self._extras.pop(peer, None)
        else:
            self._extras[peer] = chosen.extras
        self.say()
        self.ask_advice()

    def use_up(self, peer: str, extras: Extras | None) -> None:
        """An SMS was written down with these: the next one is as usual again, unless others were chosen meanwhile."""
        if extras is not None and self._extras.get(peer) is extras:
            del self._extras[peer]
            self.say()
