"""What the gateway calls the SMS that the user deleted, so that nothing it says of them later brings them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

REASON: Final = "the user deleted this SMS"

_ADD: Final = (
    "INSERT OR IGNORE INTO forgotten(message_id) SELECT message_id FROM inbound_part WHERE sms = ?1"
    " UNION SELECT message_id FROM part WHERE sms = ?1 AND message_id IS NOT NULL"
    " UNION SELECT ref FROM attempt WHERE sms = ?1"
)


def add(db: sqlite3.Connection, seq: int) -> None:
    """Remember the message ids of an SMS that is about to be deleted, and the refs of its attempts."""
    db.execute(_ADD, (seq,))


def knows(db: sqlite3.Connection, *names: str | None) -> bool:
    """Whether one of these, a message id or the ref of an attempt, was that of a deleted SMS."""
    return any(db.execute("SELECT 1 FROM forgotten WHERE message_id = ?", (name,)).fetchone() for name in names)
