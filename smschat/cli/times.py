"""Moments as people type them on a command line."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_AGO = re.compile(r"(\d{1,6})\s*([smhdw])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(text: str) -> datetime:
    """A point in time, aware: RFC 3339 (local time where it names no offset), or so long ago: 30s, 5m, 2h, 3d, 1w.

    Raises:
        ValueError: neither; the message says what is taken.
    """
    found = _AGO.fullmatch(text.strip().lower())
    if found:
        return datetime.now(UTC) - timedelta(**{_UNITS[found[2]]: int(found[1])})
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text!r} is not a time: write 2026-01-31T12:00, 2026-01-31, 5m, 2h or 3d") from None
    return when.astimezone(UTC)
