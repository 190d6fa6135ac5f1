"""Conversations: opening, beginning and keeping them in order."""

from __future__ import annotations

from typing import Final

from smschat.ui.actions.action import ALL, Action, Where

ACTIONS: Final[tuple[Action, ...]] = (
    Action(
        id="conversation.open",
        keys=("enter",),
        label="Open",
        help="Open the conversation and write in it.",
        where=(Where.LIST,),
        method="screen.open",
    ),
    Action(
        id="conversation.next",
        keys=("alt+down",),
        label="Next conversation",
        help="Show the conversation below in the list.",
        where=ALL,
        method="screen.next_conversation",
        in_palette=True,
    ),
    Action(
        id="conversation.previous",
        keys=("alt+up",),
        label="Previous conversation",
        help="Show the conversation above in the list.",
        where=ALL,
        method="screen.previous_conversation",
        in_palette=True,
    ),
    Action(
        id="conversation.new",
        keys=("ctrl+n",),
        label="New conversation",
        help="Write to a number that is not in the list.",
        where=ALL,
        method="screen.new_conversation",
        in_palette=True,
    ),
)
