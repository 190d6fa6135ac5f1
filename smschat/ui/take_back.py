"""What was sent a moment ago and can be taken back: SMS that wait out their time for it.

The rule: what waits is on disk as `scheduled`, and goes out by itself; this only remembers which, newest last.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

from smschat.domain.delivery import Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from smschat.domain.sms import Sms
    from smschat.messaging.compose import Extras


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One of them.

    Attributes:
        extras: what was chosen for it; None: as usual.
    """

    sms: Sms = field(repr=False)
    extras: Extras | None = None


class TakeBacks:
    """Those that wait.

    Args:
        now: the time, aware.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._waiting: dict[str, Waiting] = {}

    def add(self, sms: Sms, extras: Extras | None) -> None:
        """One more."""
        self._waiting[sms.id] = Waiting(sms=sms, extras=extras)

    def hear(self, sms: Sms) -> None:
        """An SMS has moved: it may wait no more."""
        if sms.status is not Status.SCHEDULED:
            self._waiting.pop(sms.id, None)

    def pop(self, sms_id: str) -> Waiting | None:
        """It was taken back or deleted; None: it was none of these."""
        return self._waiting.pop(sms_id, None)

    @property
    def newest(self) -> Sms | None:
        """The one that is taken back first; None: none waits."""
        return next((one.sms for one in reversed(self._waiting.values())), None)

    def left_s(self) -> int:
        """Seconds that the newest one waits, rounded up; 0: none waits, or its time has come."""
        sms = self.newest
        if sms is None or sms.send_at is None:
            return 0
        return max(ceil((sms.send_at - self._now()).total_seconds()), 0)
