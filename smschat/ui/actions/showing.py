"""What stands beside or over the chat: listener, callbacks, simulator, the mask."""

from __future__ import annotations

from typing import Final

from smschat.ui.actions.action import ALL, Action

ACTIONS: Final[tuple[Action, ...]] = (
    Action(
        id="callbacks",
        keys=("f5",),
        label="Callbacks",
        help="Show what has reached the webhook, live: inbound SMS, receipts, and what could not be read.",
        where=ALL,
        method="screen.callbacks",
        in_palette=True,
    ),
    Action(
        id="simulator",
        keys=("f8",),
        label="Simulator",
        help="In the demo: write as one of the simulator's people, and see which numbers decide what happens.",
        where=ALL,
        method="screen.simulator",
        in_palette=True,
    ),
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
