"""What stands beside or over the chat: listener, callbacks, simulator, the mask."""

from __future__ import annotations

from typing import Final

from smschat.ui.actions.action import ALL, Action

ACTIONS: Final[tuple[Action, ...]] = (
    Action(
        id="listener",
        keys=("f9",),
        label="Listener",
        help="Show who receives and where, what the gateway was told, and a QR code of our number to scan.",
        where=ALL,
        method="screen.listener",
        in_palette=True,
    ),
    Action(
        id="mask",
        keys=("f3",),
        label="Presenter mask",
        help="Cover numbers, names and texts everywhere on the screen, for an audience; once more uncovers them.",
        where=ALL,
        method="app.mask",
        in_palette=True,
    ),
)
