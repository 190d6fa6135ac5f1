"""SMS that wait for their time: due, moved to another, and too late to be sent unasked.

The rule: one becomes `queued` at its time, once, by whoever owns the outbox; where nobody was there for more than an
hour, or the peer said STOP since it was written, it waits for the user: what was right then may be wrong now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.domain.delivery import Status
from smschat.store import conversations, rows, sms_rows
from smschat.store.times import SECOND_US, from_us

if TYPE_CHECKING:
    import sqlite3

    from smschat.domain.sms import Sms
    from smschat.store.work import Work

LATE_US: Final = 3600 * SECOND_US
"""So much later than its time an SMS is not sent unasked."""

_DUE: Final = (
    "SELECT seq, send_at, conversation, text FROM sms WHERE status = 'scheduled' AND send_at <= ? ORDER BY send_at, seq"
)
_SAID_SINCE: Final = (
    "SELECT text FROM sms INDEXED BY sms_inbound WHERE conversation = ? AND direction = 'inbound' AND seq > ?"
)

ASKED_TO_STOP: Final = "they asked for no more SMS after this was written; nothing was sent"


def every(db: sqlite3.Connection) -> list[Sms]:
    """Those that wait, the next one first."""
    return rows.all_sms(db, "WHERE s.status = 'scheduled' ORDER BY s.send_at, s.seq", ())


def first(db: sqlite3.Connection) -> int | None:
    """When the next one is due; None: none waits."""
    (send_at,) = db.execute("SELECT min(send_at) FROM sms WHERE status = 'scheduled'").fetchone()
    return None if send_at is None else int(send_at)


def release(work: Work) -> int:
    """What is due becomes queued, or held where it is late; how many."""
    due = work.db.execute(_DUE, (work.now,)).fetchall()
    for row in due:
        reason = _why_held(work, row)
        work.db.execute(
            "UPDATE sms SET held = ?, due_at = send_at, created_at = ? WHERE seq = ?",
            (reason is not None, work.now, row["seq"]),
        )
        sms_rows.move(work, _as_newest(work, row), Status.QUEUED, reason)
        conversations.look_again(work, row["conversation"])
        conversations.bring_up(work, row["conversation"])
    return len(due)


def _why_held(work: Work, row: sqlite3.Row) -> str | None:
    """Why one that is due waits for the user; None: it is sent."""
    from smschat.domain.opt_out import Wish, wish_of  # noqa: PLC0415 - a list of conversations is read without it

    if work.now - row["send_at"] > LATE_US:
        return _late(row["send_at"])
    (opted_out,) = work.db.execute("SELECT opted_out FROM conversation WHERE id = ?", (row["conversation"],)).fetchone()
    said = work.db.execute(_SAID_SINCE, (row["conversation"], row["seq"])) if opted_out else ()
    return ASKED_TO_STOP if any(wish_of(text) is Wish.STOP for (text,) in said) else None


def reschedule(work: Work, sms_id: str, send_at: int) -> Sms | None:
    """Another time; None: it waits no more."""
    row = work.db.execute("SELECT seq FROM sms WHERE id = ? AND status = 'scheduled'", (sms_id,)).fetchone()
    if row is None:
        return None
    work.db.execute(
        "UPDATE sms SET send_at = ?, due_at = ?, updated_at = ?, revision = ? WHERE seq = ?",
        (send_at, send_at, work.now, work.revision, row["seq"]),
    )
    return rows.sms_by_seq(work.db, row["seq"])


def _as_newest(work: Work, row: sqlite3.Row) -> int:
    """It stands behind what came while it waited; nothing refers to its place, because nothing was tried."""
    seq = int(row["seq"])
    newer = work.db.execute(
        "SELECT 1 FROM sms WHERE conversation = ? AND seq > ? LIMIT 1", (row["conversation"], seq)
    ).fetchone()
    if newer is None:
        return seq
    (last,) = work.db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'sms'").fetchone()
    work.db.execute("INSERT INTO sms_text(sms_text, rowid, text) VALUES('delete', ?, ?)", (seq, row["text"]))
    work.db.execute("UPDATE sms SET seq = ? WHERE seq = ?", (last + 1, seq))
    work.db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'sms'", (last + 1,))
    sms_rows.index_text(work, last + 1, last + 1)
    return int(last) + 1


def _late(send_at: int) -> str:
    when = from_us(send_at).astimezone()
    return f"it was due on {when:%Y-%m-%d} at {when:%H:%M}, and no smschat was running; nothing was sent"
