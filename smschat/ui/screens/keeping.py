"""What the keys do that keep conversations in order: pin, mute, archive, unread, block, delete, contact."""

from __future__ import annotations

from smschat.ui.screens.shown import Shown


class Keeping(Shown):
    """Keeping order."""
