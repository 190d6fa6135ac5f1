"""What is old and done, taken out of a store: SMS, and callbacks; conversations stay.

The rule: what is under way, waits, or may have been sent is never old, and what was pruned does not come back.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from smschat.domain.archive import Pruned
from smschat.store import deleting

if TYPE_CHECKING:
    import sqlite3

    from smschat.store.work import Work

CHUNK: Final = 500
"""SMS, or callbacks, in one transaction."""

_OLD_SMS: Final = (
    " FROM sms WHERE coalesce(send_at, created_at) < ? AND status NOT IN ('scheduled', 'queued', 'sending', 'unknown')"
)
_OLD_LOOSE: Final = (
    " FROM callback WHERE received_at < ? AND sms IS NULL"
    " AND NOT EXISTS(SELECT 1 FROM inbound_part WHERE inbound_part.callback = callback.id)"
)
_IN: Final = "IN (SELECT value FROM json_each(?))"


def count(db: sqlite3.Connection, before: int) -> Pruned:
    """What a prune would remove."""
    (sms,) = db.execute("SELECT count(*)" + _OLD_SMS, (before,)).fetchone()
    (theirs,) = db.execute(
        f"SELECT count(*) FROM callback WHERE sms IN (SELECT seq{_OLD_SMS})",  # noqa: S608 - constants
        (before,),
    ).fetchone()
    (loose,) = db.execute("SELECT count(*)" + _OLD_LOOSE, (before,)).fetchone()
    return Pruned(sms=sms, callbacks=theirs + loose)


def prune(work: Work, before: int) -> Pruned:
    """Remove a part of it; nothing is left when nothing was removed."""
    seqs = [row[0] for row in work.db.execute("SELECT seq" + _OLD_SMS + " ORDER BY seq LIMIT ?", (before, CHUNK))]
    if not seqs:
        loose = work.db.execute(
            f"DELETE FROM callback WHERE id IN (SELECT id{_OLD_LOOSE} ORDER BY id LIMIT ?)",  # noqa: S608 - constants
            (before, CHUNK),
        )
        return Pruned(callbacks=loose.rowcount)
    theirs = [row[0] for row in work.db.execute(f"SELECT id FROM callback WHERE sms {_IN}", (json.dumps(seqs),))]  # noqa: S608 - constants
    deleting.older(work, seqs)
    work.db.execute(f"DELETE FROM callback WHERE id {_IN}", (json.dumps(theirs),))  # noqa: S608 - constants
    return Pruned(sms=len(seqs), callbacks=len(theirs))


def compact(db: sqlite3.Connection) -> None:
    """Give the space back that is free in the file; only for whoever may move the WAL into it."""
    db.execute("INSERT INTO sms_text(sms_text) VALUES('optimize')")
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
