"""Finding: an SMS, a conversation, a day, what is unread, and the way back."""

from __future__ import annotations

from typing import Final

from smschat.ui.actions.action import ALL, PANES, Action, Where

ACTIONS: Final[tuple[Action, ...]] = (
    Action(
        id="search.everywhere",
        keys=("ctrl+f",),
        label="Search everywhere",
        help="Find an SMS of any conversation by its words.",
        where=ALL,
        method="screen.search",
        in_palette=True,
    ),
    Action(
        id="search.here",
        keys=("slash",),
        label="Search here",
        help="Find an SMS of this conversation by its words.",
        where=(Where.MESSAGES,),
        method="screen.search_here",
        in_palette=True,
    ),
    Action(
        id="search.older",
        keys=("n",),
        label="Next hit",
        help="Go to the next older SMS that has the words.",
        where=(Where.MESSAGES,),
        method="screen.older_hit",
        in_palette=True,
    ),
    Action(
        id="search.newer",
        keys=("N",),
        label="Previous hit",
        help="Go back to the next newer SMS that has the words.",
        where=(Where.MESSAGES,),
        method="screen.newer_hit",
        in_palette=True,
    ),
    Action(
        id="day",
        keys=("t",),
        label="Go to a day",
        help="Go to the first SMS of a day.",
        where=(Where.MESSAGES,),
        method="screen.go_to_day",
        in_palette=True,
    ),
    Action(
        id="switch",
        keys=("ctrl+g",),
        label="Switch conversation",
        help="Go to a conversation by a few letters of the name or digits of the number.",
        where=ALL,
        method="screen.switch",
        in_palette=True,
    ),
    Action(
        id="unread.next",
        keys=("alt+a",),
        label="Next unread",
        help="Go to the next unread conversation; after the last one back to where it began.",
        where=ALL,
        method="screen.next_unread",
        in_palette=True,
    ),
    Action(
        id="return",
        keys=("b",),
        label="Back to before",
        help="Go back to the conversation, and the place in it, where one was before.",
        where=PANES,
        method="screen.go_back",
        in_palette=True,
    ),
    Action(
        id="list.filter",
        keys=("slash",),
        label="Filter the list",
        help="Show only the conversations with this in their name or number, as one types.",
        where=(Where.LIST,),
        method="screen.filter",
        in_palette=True,
    ),
    Action(
        id="list.shelf",
        keys=("f",),
        label="Next shelf",
        help="Show the unread conversations, the failed, the archived, and all again.",
        where=(Where.LIST,),
        method="screen.next_shelf",
        in_palette=True,
    ),
)
