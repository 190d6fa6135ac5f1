"""What can be done while writing."""

from __future__ import annotations

from typing import Final

from smschat.ui.actions.action import Action, Where

ACTIONS: Final[tuple[Action, ...]] = (
    Action(
        id="composer.send",
        keys=("enter",),
        label="Send",
        help="Send the SMS. In the midst of pasted text it is a new line.",
        where=(Where.COMPOSER,),
        method="send",
    ),
    Action(
        id="composer.newline",
        keys=("ctrl+j", "shift+enter"),
        label="New line",
        help="Begin a new line; shift+Enter does it where the terminal tells it from Enter.",
        where=(Where.COMPOSER,),
        method="newline",
    ),
    Action(
        id="composer.plain",
        keys=("ctrl+r",),
        label="Plain text",
        help="Replace the characters that force UCS-2 by plain ones (GSM-7), so that more fit into a segment.",
        where=(Where.COMPOSER,),
        method="plain",
        in_palette=True,
    ),
    Action(
        id="composer.options",
        keys=("f12",),
        label="SMS options",
        help="Choose type, class, life time and sender ID of the next SMS: flash, vCard, binary and more.",
        where=(Where.COMPOSER,),
        method="screen.options",
        in_palette=True,
    ),
)
