"""What every app of ours is to its terminal: driver, themes, the order of keys, notifications, and the end by an error.

The rule: keys act in the order in which they were typed, wherever the focus goes in between; and when an app fails,
nothing that somebody wrote is printed.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, TypeVar

from rich.text import Text
from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from smschat.ui import crash, themes
from smschat.ui.render import safe
from smschat.ui.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from textual.driver import Driver
    from textual.notifications import SeverityLevel
    from textual.widget import Widget

    from smschat.errors import SmschatError
    from smschat.ui.first_frame import FirstFrame

T = TypeVar("T")

_PATIENCE_S: Final = 0.5
"""Seconds that a key waits for the one before it; more means that a handler hangs, and keys must not hang with it."""

_LONGEST_TOLD: Final = 400
_READ_PER_S: Final = 12.0
"""Characters that one reads in a second, when there is an address to copy among them."""

_TITLES: Final[Mapping[str, str]] = {"information": "", "warning": "Note", "error": "Problem"}
"""How grave it is, for those who see no colours."""


class Shell(App[T], inherit_bindings=False):
    """An app of ours.

    Args:
        theme: the name of a theme; None, or one that there is not: the dark one of ours.
        report_folder: where the report of a crash goes; None: nowhere.
    """

    TITLE = "smschat"
    ENABLE_COMMAND_PALETTE = False

    first_frame: FirstFrame | None = None
    """What stands on the screen before the app does; None: nothing."""

    def __init__(self, *, theme: str | None, report_folder: Path | None) -> None:
        super().__init__()
        self._report_folder = report_folder
        self._typed_into: Widget | None = None
        self._wear(theme)

    def get_driver_class(self) -> type[Driver]:
        """Ours in a terminal; Textual's own elsewhere."""
        driver = super().get_driver_class()
        return Terminal if driver is LinuxDriver else driver

    def holds_back(self, event: events.Key) -> bool:  # noqa: ARG002 - for those who do
        """Whether the app keeps this key for later."""
        return False

    def takes_as_it_is(self, target: Widget | None, event: events.Key) -> bool:  # noqa: ARG002 - for those who do
        """Whether the key goes to the widget past every binding."""
        return False

    async def on_event(self, event: events.Event) -> None:
        """Every event; a key waits until the one before it has been dealt with."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
        elif not self.holds_back(event):
            await self._typed()
            self.app_focus = True  # whoever types is there, also where the terminal tells nothing of it
            await self._take(event)

    async def _take(self, event: events.Key) -> None:
        target = self.focused
        is_text = target is not None and target.check_consume_key("a", "a")
        if target is not None and self.takes_as_it_is(target, event):
            target._forward_event(event)  # noqa: SLF001 - Textual has no other way past the bindings
        elif not (is_text and await self._edited(event)):
            await super().on_event(event)
        self._typed_into = target if is_text else None

    async def _edited(self, event: events.Key) -> bool:
        """Carry out a key that edits where one writes, at once: bubbling up, it would act after the keys behind it."""
        if event.is_printable or await self._check_bindings(event.key, priority=True):
            return not event.is_printable
        return await self._check_bindings(event.key)

    async def _typed(self) -> None:
        """Wait until the widget that the last key was typed into has taken it."""
        widget, self._typed_into = self._typed_into, None
        if widget is None or not widget.is_attached:
            return
        taken = asyncio.Event()
        if widget.call_later(taken.set):
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    await taken.wait()
            except TimeoutError:
                self.log.warning("a key was not taken in time")

    def complain(self, error: SmschatError) -> None:
        """Say what went wrong, and what helps."""
        hint = f"\n{error.hint[:1].upper()}{error.hint[1:]}." if error.hint else ""
        self.tell(f"{error.message[:1].upper()}{error.message[1:]}.{hint}", severity="error")

    def tell(self, text: str, *, severity: SeverityLevel = "information") -> None:
        """A notification, for as long as it takes to read: made safe, and never markup."""
        self.notify(
            safe(text[:_LONGEST_TOLD], multiline=True),
            title=_TITLES[severity],
            severity=severity,
            timeout=max(self.NOTIFICATION_TIMEOUT, len(text[:_LONGEST_TOLD]) / _READ_PER_S),
            markup=False,
        )

    def _wear(self, theme: str | None) -> None:
        """Put on the theme before the stylesheet is read, so that colours are computed once."""
        for ours in themes.THEMES:
            self.register_theme(ours)
        wanted = theme if theme in self.available_themes else themes.DEFAULT
        self.theme = wanted or themes.DEFAULT

    def _handle_exception(self, error: Exception) -> None:
        """End with a sentence and a report that quote nothing; Textual would print local variables."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
            self._exit_renderables[:] = [Text(crash.last_words(error, self._report_folder))]
        self._close_messages_no_wait()
