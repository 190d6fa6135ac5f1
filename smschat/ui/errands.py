"""What the app does that is no verb of one screen: the account's numbers, the callback, the presenter's mask."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding

from smschat.ui.actions import BY_ID
from smschat.ui.mask import Masked
from smschat.ui.screens.chat import ChatScreen
from smschat.ui.shell import Shell

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.notifications import SeverityLevel

    from smschat.ui.callback_errands import CallbackErrands
    from smschat.ui.desk import Desk
    from smschat.ui.mask import Mask


class Errands(Shell[int]):
    """An app with a desk, and its errands.

    The mask's key is the app's, so that it acts over every screen: what must be covered cannot wait for Esc.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(BY_ID["mask"].keys), "mask", show=False, priority=True, id="mask")
    ]

    desk: Desk
    _errands: CallbackErrands

    @property
    def mask(self) -> Mask:
        """The presenter's."""
        return self.desk.mask

    def action_mask(self) -> None:
        """Cover numbers, names and texts on every screen that is open, or uncover them."""
        self.mask.is_on = not self.mask.is_on
        self.clear_notifications()
        for screen in self.screen_stack:
            for node in (screen, *screen.walk_children()):
                if isinstance(node, Masked):
                    node.remask()

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """A notification, with the numbers in it covered where the mask is on."""
        words = self.mask.words
        super().notify(words(message), title=words(title), severity=severity, timeout=timeout, markup=markup)

    def action_help_here(self) -> None:
        """The keys of what is on the screen; once more closes them."""
        from smschat.ui.screens.help import Help, rows_of  # noqa: PLC0415 - after the first frame

        screen = self.screen
        if isinstance(screen, Help):
            screen.dismiss()
        elif isinstance(screen, ChatScreen):
            screen.action_help()
        else:
            self.push_screen(Help(rows_of(screen)))

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
