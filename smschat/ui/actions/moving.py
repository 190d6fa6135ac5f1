"""Moving about: in a list, from pane to pane, and a step back."""

from __future__ import annotations

from typing import Final

from smschat.ui.actions.action import ALL, LISTS, PANES, Action, Where

ACTIONS: Final[tuple[Action, ...]] = (
    Action(id="move.down", keys=("j", "down"), label="Down", help="Move down.", where=LISTS, method="cursor_down"),
    Action(id="move.up", keys=("k", "up"), label="Up", help="Move up.", where=LISTS, method="cursor_up"),
    Action(id="move.top", keys=("g", "home"), label="Top", help="Go to the first one.", where=LISTS, method="home"),
    Action(id="move.bottom", keys=("G", "end"), label="Bottom", help="Go to the last.", where=LISTS, method="end"),
    Action(
        id="page.down",
        keys=("pagedown",),
        label="Page down",
        help="Move a page down.",
        where=LISTS,
        method="page_down",
    ),
    Action(id="page.up", keys=("pageup",), label="Page up", help="Move a page up.", where=LISTS, method="page_up"),
    Action(
        id="pane.right",
        keys=("l", "right"),
        label="Pane to the right",
        help="Go one pane to the right: list, messages, composer, wire.",
        where=PANES,
        method="screen.pane_right",
    ),
    Action(
        id="pane.left",
        keys=("h", "left"),
        label="Pane to the left",
        help="Go one pane to the left.",
        where=(*PANES, Where.WIRE),
        method="screen.pane_left",
    ),
    Action(
        id="pane.next",
        keys=("tab",),
        label="Next pane",
        help="Go to the next pane: list, messages, composer, wire.",
        where=ALL,
        method="screen.pane_next",
    ),
    Action(
        id="pane.previous",
        keys=("shift+tab",),
        label="Previous pane",
        help="Go to the previous pane.",
        where=ALL,
        method="screen.pane_previous",
    ),
    Action(
        id="back",
        keys=("escape",),
        label="Step back",
        help="Step back: from the composer to the messages, from there to the list.",
        where=ALL,
        method="screen.back",
    ),
    Action(
        id="list.hide",
        keys=("ctrl+b",),
        label="Hide or show the list",
        help="Hide the list of conversations, or show it again.",
        where=ALL,
        method="screen.toggle_list",
        in_palette=True,
    ),
)
