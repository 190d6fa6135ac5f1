"""The program itself: help, palette, callback, set-up, settings, the end."""

from __future__ import annotations

from typing import Final

from smschat.ui.actions.action import ALL, PANES, Action, Where

ACTIONS: Final[tuple[Action, ...]] = (
    Action(
        id="palette",
        keys=("ctrl+p",),
        label="Command palette",
        help="Find a command by a few letters of its name.",
        where=ALL,
        method="screen.palette",
    ),
    Action(
        id="help",
        keys=("f1",),
        label="Help",
        help="Show every key.",
        where=ALL,
        method="screen.help",
        in_palette=True,
    ),
    Action(
        id="help.letter",
        keys=("question_mark",),
        label="Help",
        help="Show every key.",
        where=(*PANES, Where.WIRE),
        method="screen.help",
    ),
    Action(
        id="callback.register",
        keys=(),
        label="Register the callback",
        help="Tell the gateway our address again; asks before somebody else's is replaced.",
        where=ALL,
        method="app.register_callback",
        in_palette=True,
    ),
    Action(
        id="callback.restore",
        keys=(),
        label="Give the callback back",
        help="Let the number's SMS go where they went before smschat took them.",
        where=ALL,
        method="app.restore_callback",
        in_palette=True,
    ),
    Action(
        id="setup",
        keys=(),
        label="Set up the account",
        help="Set up the account, its number and the tunnel; the chat comes back.",
        where=ALL,
        method="app.set_up",
        in_palette=True,
    ),
    Action(
        id="theme",
        keys=(),
        label="Theme",
        help="Choose the colours, and keep them.",
        where=ALL,
        method="screen.theme",
        in_palette=True,
    ),
    Action(
        id="settings",
        keys=("comma",),
        label="Settings",
        help="Show and change what stands in config.toml.",
        where=PANES,
        method="screen.settings",
        in_palette=True,
    ),
    Action(
        id="profiles",
        keys=("P",),
        label="Switch profile",
        help="Leave for another profile, with a store, a number and an account of its own.",
        where=(Where.LIST,),
        method="screen.profiles",
        in_palette=True,
    ),
    Action(
        id="quit",
        keys=("ctrl+q",),
        label="Quit",
        help="Leave smschat; drafts are kept.",
        where=ALL,
        method="app.quit",
        in_palette=True,
    ),
)
