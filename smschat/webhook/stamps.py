"""The gateway's time stamps, in every form that was seen on the wire; never used for order.

The rule: what cannot be read is None, and nothing is raised.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_UNIX: Final = re.compile(r"([0-9]{10})([0-9]{3})?")
_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})"
    r"(?:[.,]([0-9]{1,9}))? ?(Z|[+-]?[0-9]{2}:?[0-9]{2})?"
)


def moment(text: str) -> datetime | None:
    """The moment that a stamp names, aware; without a zone it is UTC. Seconds or milliseconds since 1970 count too."""
    text = text.strip()
    if unix := _UNIX.fullmatch(text):
        return datetime.fromtimestamp(int(unix[1]), UTC) + timedelta(milliseconds=int(unix[2] or 0))
    if not (parts := _TIME.fullmatch(text)):
        return None
    day, clock, fraction, zone = parts.groups()
    # In a query that was not escaped, the plus sign of the zone has become a space.
    offset = f"+{zone}" if zone and zone[0].isdigit() else zone or "Z"
    try:
        return datetime.fromisoformat(f"{day}T{clock}.{(fraction or '0')[:6]:0<6}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
