"""What the app does that is no verb of one screen: the account's numbers and the callback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from smschat.ui.shell import Shell

if TYPE_CHECKING:
    from smschat.ui.callback_errands import CallbackErrands
    from smschat.ui.desk import Desk


class Errands(Shell[int]):
    """An app with a desk, and its errands."""

    desk: Desk
    _errands: CallbackErrands

    def action_numbers(self) -> None:
        """The account's virtual numbers; once, however often it is asked for."""
        from smschat.ui.screens.numbers import NumbersScreen  # noqa: PLC0415 - after the first frame

        if not any(isinstance(screen, NumbersScreen) for screen in self.screen_stack):
            self.push_screen(NumbersScreen(self.desk, country=self.desk.options.country))

    @work(group="callback")
    async def action_register_callback(self) -> None:
        """Tell the gateway our address again."""
        await self._errands.register_again()

    @work(group="callback")
    async def action_restore_callback(self) -> None:
        """Let the number's SMS go where they went before."""
        await self._errands.restore()

    @work(group="callback")
    async def _ask_about(self, foreign_url: str) -> None:
        await self._errands.hear(foreign_url)
