"""What stands over the chat and hears of changes as the chat does.

The rule: the app tells every screen of this kind what it has told the chat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from textual.screen import ModalScreen

if TYPE_CHECKING:
    from smschat.ui.bridge import Taken

R = TypeVar("R")


class Aside(ModalScreen[R]):
    """A screen that lives while the chat goes on beneath it."""

    def hear(self, taken: Taken) -> None:
        """Something has changed; called after the chat has shown it."""
        raise NotImplementedError
