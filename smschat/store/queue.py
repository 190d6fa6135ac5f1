"""The queue of outbound SMS: whose turn it is, who waits for what, and what dead processes left behind.

The rule: an SMS with a claim belongs to the process of that name, one without to the owner of the outbox; the clock
decides when, never in which order.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from smschat.domain.delivery import Status
from smschat.store import deleting, rows, schedule, sms_rows, standing
from smschat.store.times import SECOND_US, from_us

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from datetime import datetime

    from smschat.domain.sms import Sms
    from smschat.store.work import Work

CLOCK_SLACK_US: Final = 60 * SECOND_US
"""A row written later than this from now means that the clock was set back: its wait is over."""

NEVER_TRIED: Final = "its sender ended before it was tried; nothing was sent"
NO_ANSWER: Final = "smschat ended before the gateway had answered; it may have been sent"

_DUE: Final = (
    "SELECT seq FROM sms INDEXED BY sms_due WHERE status = 'queued' AND held = 0"
    " AND (claim = ? OR (claim IS NULL AND ?)) AND (due_at <= ? OR updated_at > ?) ORDER BY seq LIMIT ?"
)
_NEXT_DUE: Final = (
    "SELECT due_at FROM sms INDEXED BY sms_next_due WHERE status = 'queued' AND held = 0"
    " AND (claim = ? OR (claim IS NULL AND ?)) ORDER BY due_at LIMIT 1"
)


def due(db: sqlite3.Connection, *, now: int, holder: str, owns_outbox: bool, limit: int) -> list[Sms]:
    """What may be sent now, in the order it was written."""
    if _paused_until(db, now) > now:
        return []
    found = db.execute(_DUE, (holder, owns_outbox, now, now + CLOCK_SLACK_US, limit)).fetchall()
    numbers = json.dumps([row[0] for row in found])
    return rows.all_sms(db, "WHERE s.seq IN (SELECT value FROM json_each(?)) ORDER BY s.seq", (numbers,))


def next_due_at(db: sqlite3.Connection, *, now: int, holder: str, owns_outbox: bool) -> datetime | None:
    """When the first of ours is due; in the past when it is due already."""
    row = db.execute(_NEXT_DUE, (holder, owns_outbox)).fetchone()
    times = [] if row is None else [max(row[0], _paused_until(db, now))]
    scheduled = schedule.first(db) if owns_outbox else None
    if scheduled is not None:
        times.append(scheduled)
    return from_us(min(times)) if times else None


def _paused_until(db: sqlite3.Connection, now: int) -> int:
    """Until when nothing may be sent at all; 0 when that is over, or was set by a clock that is set back since."""
    paused_at, paused_until = db.execute("SELECT paused_at, paused_until FROM pace").fetchone()
    return int(paused_until) if paused_at <= now < paused_until else 0


def pause(work: Work, until: int) -> None:
    """Nothing is sent until then, in no process."""
    work.db.execute("UPDATE pace SET paused_at = ?, paused_until = ?", (work.now, until))


def withdraw(work: Work, sms_id: str, reason: str) -> Sms | None:
    """`queued` becomes `refused`; a repeat of what may have been sent becomes `unknown` again."""

    def do(seq: int) -> None:
        may_be_sent = standing.has_unknown_attempt(work.db, seq, but="")
        sms_rows.move(work, seq, Status.UNKNOWN if may_be_sent else Status.REFUSED, reason)

    return _if_queued(work, sms_id, do)


def hold(work: Work, sms_id: str, reason: str) -> Sms | None:
    """A queued SMS waits for the user."""

    def do(seq: int) -> None:
        work.db.execute("UPDATE sms SET held = 1 WHERE seq = ?", (seq,))
        sms_rows.move(work, seq, Status.QUEUED, reason)

    return _if_queued(work, sms_id, do)


def release(work: Work, sms_id: str) -> Sms | None:
    """A queued SMS, held or waiting for its next try, is due at once."""

    def do(seq: int) -> None:
        work.db.execute("UPDATE sms SET held = 0, due_at = ? WHERE seq = ?", (work.now, seq))
        sms_rows.move(work, seq, Status.QUEUED, None)

    return _if_queued(work, sms_id, do)


def repeat(work: Work, sms_id: str) -> Sms | None:
    """An `unknown` SMS is queued again with the user's consent; whoever owns the outbox sends it."""
    row = _with_status(work.db, sms_id, Status.UNKNOWN)
    if row is None:
        return None
    work.db.execute(
        "UPDATE sms SET consent = 1, claim = NULL, held = 0, due_at = ? WHERE seq = ?", (work.now, row["seq"])
    )
    sms_rows.move(work, row["seq"], Status.QUEUED, None)
    return rows.sms_by_seq(work.db, row["seq"])


def _if_queued(work: Work, sms_id: str, do: Callable[[int], None]) -> Sms | None:
    row = _with_status(work.db, sms_id, Status.QUEUED)
    if row is None:
        return None
    do(row["seq"])
    return rows.sms_by_seq(work.db, row["seq"])


def _with_status(db: sqlite3.Connection, sms_id: str, status: Status) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute("SELECT seq FROM sms WHERE id = ? AND status = ?", (sms_id, status)).fetchone()
    return row


def reserve_pace(work: Work, segments: int, per_second: float) -> float:
    """Take the next place in the sending rate; seconds to wait for it.

    A clock that was set back does not stall: nobody waits longer than was left when the last place was taken.
    """
    taken_at: int
    next_at: int
    taken_at, next_at = work.db.execute("SELECT taken_at, next_at FROM pace").fetchone()
    start: int = max(work.now, min(next_at, work.now + next_at - taken_at))
    end = start + round(segments * SECOND_US / per_second)
    work.db.execute("UPDATE pace SET taken_at = ?, next_at = ?", (work.now, end))
    return (start - work.now) / SECOND_US


def segments_since(db: sqlite3.Connection, since: int) -> int:
    """Segments of outbound SMS written since then that were not refused; one with a time counts at its time."""
    (segments,) = db.execute(
        "SELECT sum(segments) FROM sms INDEXED BY sms_sent_at"
        " WHERE direction = 'outbound' AND send_at IS NULL AND created_at >= ? AND status <> 'refused'",
        (since,),
    ).fetchone()
    (later,) = db.execute(
        "SELECT sum(segments) FROM sms INDEXED BY sms_sent_later"
        " WHERE send_at IS NOT NULL AND send_at >= ? AND status NOT IN ('refused', 'scheduled')",
        (since,),
    ).fetchone()
    return (segments or 0) + (later or 0)


def settle_orphans(work: Work, is_alive: Callable[[str], bool]) -> int:
    """What dead processes left: how many SMS have changed."""
    sending = work.db.execute("SELECT DISTINCT holder FROM attempt WHERE state = 'sending'").fetchall()
    claimed = work.db.execute("SELECT DISTINCT claim FROM sms WHERE status = 'queued' AND claim IS NOT NULL").fetchall()
    holders = {row[0] for row in (*sending, *claimed)}
    deleting.sweep(work)
    dead = [holder for holder in sorted(holders) if not is_alive(holder)]
    return sum(_settle_sending(work, holder) + _settle_claimed(work, holder) for holder in dead)


def _settle_sending(work: Work, holder: str) -> int:
    left = work.db.execute(
        "UPDATE attempt SET state = 'unknown', reason = ?, ended_at = ? WHERE holder = ? AND state = 'sending'"
        " RETURNING sms",
        (NO_ANSWER, work.now, holder),
    ).fetchall()
    changed = 0
    for (seq,) in left:
        (status,) = work.db.execute("SELECT status FROM sms WHERE seq = ?", (seq,)).fetchone()
        if status == Status.SENDING:
            work.db.execute("UPDATE sms SET consent = 0 WHERE seq = ?", (seq,))
            sms_rows.move(work, seq, Status.UNKNOWN, NO_ANSWER)
            changed += 1
    return changed


def _settle_claimed(work: Work, holder: str) -> int:
    left = work.db.execute("SELECT seq FROM sms WHERE status = 'queued' AND claim = ?", (holder,)).fetchall()
    for (seq,) in left:
        sms_rows.move(work, seq, Status.REFUSED, NEVER_TRIED)
    return len(left)
