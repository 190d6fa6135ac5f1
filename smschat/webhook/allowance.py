"""How often something may be done: so many at once, and another one after each while.

The rule: it holds whatever the clock does; one that is set back gives nothing, and takes nothing away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta


class Allowance:
    """A stock that each use takes one of.

    Args:
        most: how many there are at first, and at most.
        again_after: how long it takes until there is another one.
    """

    def __init__(self, *, most: int, again_after: timedelta) -> None:
        self._most = most
        self._again_after = again_after
        self._left = most
        self._filled_at: datetime | None = None

    def is_left(self, now: datetime) -> bool:
        """Take one; whether there was one."""
        self._fill(now)
        if not self._left:
            return False
        self._left -= 1
        return True

    def _fill(self, now: datetime) -> None:
        if self._filled_at is None or now < self._filled_at or self._left == self._most:
            self._filled_at = now
            return
        gained = (now - self._filled_at) // self._again_after
        self._left = min(self._most, self._left + gained)
        self._filled_at += gained * self._again_after
