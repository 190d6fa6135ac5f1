"""The action table as Textual's bindings.

The rule: every binding has priority, because a binding without it is looked up only after the key has bubbled through
three queues, by which time the focus may be elsewhere: keys typed fast would act in the wrong pane.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding

from smschat.ui.actions import acting_in

if TYPE_CHECKING:
    from textual.binding import BindingType

    from smschat.ui.actions import Where


NO_KEY = "no-key-"
"""Begins the name that no key has: an action without a key of its own can be given one all the same."""


def bindings_of(where: Where) -> list[BindingType]:
    """The bindings of a pane, or of the screen for what acts everywhere."""
    return [
        Binding(
            ",".join(action.keys) or f"{NO_KEY}{action.id}",
            action.method,
            action.label,
            show=False,
            priority=True,
            id=action.id,
        )
        for action in acting_in(where)
    ]
