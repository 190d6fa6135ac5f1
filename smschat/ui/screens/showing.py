"""What the keys do that put something over the chat: help, palette, listener, callbacks, simulator, mask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.domain.delivery import Status
from smschat.errors import SmschatError
from smschat.ui.actions import Where
from smschat.ui.keys import hint, key_name, keys_of, rows
from smschat.ui.rows import RAIL_FROM
from smschat.ui.screens.shown import Shown
from smschat.ui.widgets.sending import Sending

if TYPE_CHECKING:
    from textual import events
    from textual.widget import Widget

    from smschat.domain.exchanges import Exchange
    from smschat.domain.sms import Sms
    from smschat.ui.widgets.transcript import Transcript
    from smschat.ui.widgets.wire_pane import WirePane

_NO_STAGE: Final = "F8 speaks as the people of the simulator, and this is not the demo: `smschat demo` has them."


class Showing(Shown):
    """Showing."""

    wire: WirePane | None = None
    """What goes over the wire, while somebody looks at it."""

    async def action_wire(self) -> None:
        """Show the wire beside the conversation, or hide it; where there is no room for both, over it."""
        if self.wire is not None:
            pane, self.wire = self.wire, None
            if pane.lines.has_focus:
                self.set_focus(self.talk.messages)
            self.remove_class("-wire")
            await pane.tap(is_on=False)
            await pane.remove()
        elif not self.shows_both:
            from smschat.ui.screens.wire import WireScreen  # noqa: PLC0415 - after the first frame

            self.app.push_screen(WireScreen(self.desk, self.talk.messages.meant))
        else:
            from smschat.ui.widgets.wire_pane import WirePane  # noqa: PLC0415 - after the first frame

            self.wire = WirePane(self.desk, self.talk.messages.meant, id="wire")
            self.add_class("-wire")
            await self.query_one("#panes").mount(self.wire)

    @property
    def panes(self) -> list[Widget]:
        """The wire is the last of them."""
        is_there = self.wire is not None and self.wire.is_mounted and self.shows_both
        return [*super().panes, self.wire.lines] if self.wire is not None and is_there else super().panes

    @property
    def _is_in_wire(self) -> bool:
        return self.wire is not None and self.wire.lines.has_focus

    def action_back(self) -> None:
        """From the wire to the messages that it stands beside."""
        if self._is_in_wire:
            self.set_focus(self.talk.messages)
        else:
            super().action_back()

    def refresh_hints(self) -> None:
        """In the wire its own keys act."""
        super().refresh_hints()
        if self._is_in_wire:
            scroll = "".join(f"{key_name(keys_of(name, self.desk.rebound)[0])} " for name in ("move.down", "move.up"))
            self.talk.say_hints(f"{scroll}scroll", hint("back", self.desk.rebound), hint("help", self.desk.rebound))

    def on_resize(self, event: events.Resize) -> None:
        """Where there is no room beside the conversation any more, the keys go back to it."""
        if self._is_in_wire and event.size.width < RAIL_FROM:
            self.set_focus(self.talk.messages)

    def see_exchange(self, exchange: Exchange) -> None:
        """Something went over the wire."""
        if self.wire is not None:
            self.wire.see(exchange)

    def wire_apply(self, sms: Sms) -> None:
        """An SMS is new or has moved; one that was just written is looked at."""
        if self.wire is None:
            return
        if sms.is_outbound and sms.peer == self.talk.peer and sms.status is Status.QUEUED:
            self.wire.show(sms)
        self.wire.apply(sms)

    def on_sending_written(self, event: Sending.Written) -> None:
        """What one has just sent is looked at; it may have left the queue before the screen heard of it."""
        event.stop()
        if self.wire is not None and event.sms.peer == self.talk.peer:
            self.wire.turn_to(event.sms)

    def on_transcript_selected(self, event: Transcript.Selected) -> None:
        """Another SMS has another wire."""
        super().on_transcript_selected(event)
        if self.wire is not None and event.sms is not None:
            self.wire.show(event.sms)

    def action_listener(self) -> None:
        """Show how this profile receives, and the code to scan."""
        from smschat.ui.screens.listener import ListenerScreen  # noqa: PLC0415 - after the first frame

        self.app.push_screen(ListenerScreen(self.desk, is_whole=self.has_class("-no-list")))

    def action_callbacks(self) -> None:
        """Show what has reached the webhook."""
        from smschat.ui.screens.callbacks import CallbacksScreen  # noqa: PLC0415 - after the first frame

        self.app.push_screen(CallbacksScreen(self.desk, is_whole=self.has_class("-no-list")))

    async def action_simulator(self) -> None:
        """Speak as one of the simulator's people; outside the demo say what that is."""
        from smschat.runtime.stage import playbill  # noqa: PLC0415 - only where somebody asks
        from smschat.ui.screens.simulator import SimulatorScreen  # noqa: PLC0415 - after the first frame

        try:
            bill = await self.desk.bridge.run(playbill)
        except SmschatError as error:
            self.post_message(Sending.Complained(error))
            return
        if bill is None:
            self.notify(_NO_STAGE, markup=False)
        else:
            self.app.push_screen(SimulatorScreen(self.desk, bill, is_whole=self.has_class("-no-list")))

    def action_help(self) -> None:
        """Show every key."""
        from smschat.ui.screens.help import Help  # noqa: PLC0415 - after the first frame

        self.app.push_screen(Help(rows(self.desk.rebound), first=self._where(), last_words=self._last_words()))

    def _where(self) -> str:
        """Where the focus is, as the table names it."""
        if self._is_in_wire:
            return Where.WIRE
        if self.focused is self.talk.composer:
            return Where.COMPOSER
        return Where.MESSAGES if self.focused is self.talk.messages else Where.LIST

    def _last_words(self) -> str:
        file = self.desk.options.preferences.config_file
        own = f"; yours stand under [keys] in {file}" if file is not None else ""
        return f"`smschat keys` prints all of this{own}."

    def action_palette(self) -> None:
        """Find a command."""
        from textual.command import CommandPalette  # noqa: PLC0415 - after the first frame

        from smschat.ui.palette import Commands  # noqa: PLC0415 - after the first frame

        self.app.push_screen(CommandPalette([Commands], placeholder="Find a command"))
