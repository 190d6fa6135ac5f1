"""The headers that tell of the quota, as KPN's documentation of response headers names them.

The rule: pure, and a quota that nobody uses up; `31600000429` is there for those who want to meet its end.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

MONTHLY: Final = 100_000
"""Calls a month."""


def headers(used: int, now: datetime) -> list[tuple[bytes, bytes]]:
    """What stands on the answer to a call that was let through.

    Args:
        used: calls so far, this one included.
        now: an aware time; the quota is reset when the next month begins, in UTC.
    """
    begun = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    reset = (begun + timedelta(days=32)).replace(day=1)
    said = {
        "quota-limit": MONTHLY,
        "quota-used": min(used, MONTHLY),
        "quota-interval": 1,
        "quota-time-unit": "month",
        "quota-reset-UTC": f"{reset:%Y-%m-%dT%H:%M:%SZ}",
        "sunset": "n/a",
    }
    return [(name.encode(), str(text).encode()) for name, text in said.items()]
