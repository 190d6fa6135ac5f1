"""SMS of an import among those that were there: a conversation is in the order of time again.

The rule: what was there keeps its own order, and so does what came; an SMS moves only behind the others, to a new
`seq`, because no two conversations share one.
"""

from __future__ import annotations

import itertools
from heapq import merge
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from smschat.store import sms_rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from smschat.store.work import Work

_CHILDREN: Final = ("attempt", "part", "callback", "inbound_set", "inbound_part")
"""Tables whose column `sms` is the `seq` of an SMS."""


def by_time(work: Work, conversation: int, first_new: int) -> None:
    """Put SMS from `first_new` on among the others of their conversation; those that were new to the user stay new."""
    moved = _out_of_order(work.db, conversation, first_new)
    if not moved:
        return
    unread = _first_unread(work.db, conversation, first_new)
    work.db.execute("PRAGMA defer_foreign_keys = ON")
    (last,) = work.db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'sms'").fetchone()
    for seq in sorted(moved):  # the index of words writes to the disk whenever a number is lower than the one before
        work.db.execute(
            "INSERT INTO sms_text(sms_text, rowid, text) SELECT 'delete', seq, text FROM sms WHERE seq = ?", (seq,)
        )
    places = dict(zip(moved, itertools.count(last + 1), strict=False))
    for seq, place in places.items():
        _move(work, seq, place)
    sms_rows.index_text(work, last + 1, last + len(moved))
    work.db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'sms'", (last + len(moved),))
    if unread is not None:
        work.db.execute(
            "UPDATE conversation SET read_upto = ? WHERE id = ?", (places.get(unread, unread) - 1, conversation)
        )


def _out_of_order(db: sqlite3.Connection, conversation: int, first_new: int) -> Sequence[int]:
    """What has to go behind the others, in the order of time."""
    found = db.execute(
        "SELECT seq, created_at FROM sms WHERE conversation = ? ORDER BY seq", (conversation,)
    ).fetchall()
    old = [row for row in found if row["seq"] < first_new]
    new = [row for row in found if row["seq"] >= first_new]
    merged = [row["seq"] for row in merge(old, new, key=itemgetter("created_at"))]
    right = next((place for place in range(1, len(merged)) if merged[place] < merged[place - 1]), len(merged))
    return merged[right:]


def _first_unread(db: sqlite3.Connection, conversation: int, first_new: int) -> int | None:
    """Of what was there, the first that is new to the user; None where nothing is."""
    row = db.execute(
        "SELECT s.seq FROM sms AS s JOIN conversation AS c ON c.id = s.conversation WHERE c.id = ? AND c.unread > 0"
        " AND s.direction = 'inbound' AND s.seq > c.read_upto AND s.seq < ? ORDER BY s.seq LIMIT 1",
        (conversation, first_new),
    ).fetchone()
    return None if row is None else int(row[0])


def _move(work: Work, seq: int, place: int) -> None:
    work.db.execute("UPDATE sms SET seq = ?, revision = ? WHERE seq = ?", (place, work.revision, seq))
    for table in _CHILDREN:
        work.db.execute(f"UPDATE {table} SET sms = ? WHERE sms = ?", (place, seq))  # noqa: S608 - constants
