"""Finding: an SMS, a conversation, a day, what is unread, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from smschat.ui.actions.action import Action

ACTIONS: Final[tuple[Action, ...]] = ()
