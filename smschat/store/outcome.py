"""What became of a callback, as the log keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What was done with a callback."""

    TAKEN = "taken"
    WAITING = "waiting"
    """A part of a long SMS whose other parts have not come."""
    REPEAT = "repeat"
    QUARANTINED = "quarantined"
    """An id that is known, with another content: the first one wins."""
    PENDING = "pending"
    """A receipt for an id that no SMS has (yet)."""
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Result:
    """What was done.

    Attributes:
        seq: the SMS that it belongs to; None where there is none.
        has_moved: whether that SMS was made or changed by it.
        reason: why nothing could be made of it.
        original: the callback that it repeats, or brings another content for; None where that is not one callback.
    """

    outcome: Outcome
    seq: int | None = None
    has_moved: bool = False
    reason: str | None = None
    original: int | None = None
