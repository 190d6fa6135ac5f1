"""What the keys do that put something over the chat: help, palette, listener, callbacks, simulator, mask."""

from __future__ import annotations

from smschat.ui.keys import rows
from smschat.ui.screens.shown import Shown


class Showing(Shown):
    """Showing."""

    def action_help(self) -> None:
        """Show every key."""
        from smschat.ui.screens.help import Help  # noqa: PLC0415 - after the first frame

        self.app.push_screen(Help(rows(self.desk.rebound)))

    def action_palette(self) -> None:
        """Find a command."""
        from textual.command import CommandPalette  # noqa: PLC0415 - after the first frame

        from smschat.ui.palette import Commands  # noqa: PLC0415 - after the first frame

        self.app.push_screen(CommandPalette([Commands], placeholder="Find a command"))
