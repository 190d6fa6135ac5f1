"""What one job works with: the connection inside its transaction, the time, and one revision for all it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


class Work:
    """One job at the writing connection.

    Attributes:
        now: microseconds since 1970; the same for everything the job writes.
        holder: this process's name in claims.
        owns_outbox: whether this process may send SMS that nobody has claimed.
    """

    __slots__ = ("_revision", "db", "holder", "now", "owns_outbox")

    def __init__(self, db: sqlite3.Connection, *, now: int, holder: str, owns_outbox: bool = False) -> None:
        self.db = db
        self.now = now
        self.holder = holder
        self.owns_outbox = owns_outbox
        self._revision: int | None = None

    @property
    def revision(self) -> int:
        """The revision of every row that this job changes; taken from the counter at the first one."""
        if self._revision is None:
            self.db.execute("UPDATE counter SET revision = revision + 1 WHERE only = 1")
            self._revision = int(self.db.execute("SELECT revision FROM counter").fetchone()[0])
        return self._revision

    def next_activity(self) -> int:
        """A place at the top of the list of conversations."""
        self.db.execute("UPDATE counter SET activity = activity + 1 WHERE only = 1")
        return int(self.db.execute("SELECT activity FROM counter").fetchone()[0])
