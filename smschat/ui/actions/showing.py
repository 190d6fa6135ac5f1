"""What stands beside or over the chat: listener, callbacks, simulator, the mask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from smschat.ui.actions.action import Action

ACTIONS: Final[tuple[Action, ...]] = ()
