"""Everything a key can do, in one table: bindings, command palette, footer, help and `smschat keys` are made of it.

The rule: what is not in the table has no key, and what is in it works. The table needs no Textual, so that listing the
keys costs nothing; each family of actions is a file. How the keys are written is in `keys`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.ui.actions import app, composer, conversations, finding, messages, moving, numbers, showing
from smschat.ui.actions.action import Action, Where

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ACTIONS", "BY_ID", "SET_UP", "SWITCH", "Action", "Where", "acting_in"]

SET_UP: Final = 1000
"""What the chat ends with when the set-up is wanted next; no exit code of a process is that large."""

SWITCH: Final = 1001
"""The same for another profile."""

ACTIONS: Final[tuple[Action, ...]] = (
    *moving.ACTIONS,
    *finding.ACTIONS,
    *conversations.ACTIONS,
    *messages.ACTIONS,
    *composer.ACTIONS,
    *showing.ACTIONS,
    *app.ACTIONS,
    *numbers.ACTIONS,
)

BY_ID: Final[Mapping[str, Action]] = {action.id: action for action in ACTIONS}


def acting_in(where: Where) -> tuple[Action, ...]:
    """The actions whose keys act there and not everywhere."""
    return tuple(action for action in ACTIONS if where in action.where)
