"""Receipts: each is kept with its callback; the SMS it belongs to moves as `domain/delivery.py` has it.

How an SMS is found: by the attempt whose own address the receipt came to (or whose id it echoes as `client-ref`),
else by the newest part with its message id, because a gateway may use an id again. A receipt that finds nothing waits
for a day for an answer that brings its id. Any receipt at an attempt's own address proves that the gateway took it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smschat.domain.codes import receipt_error, receipt_status
from smschat.domain.delivery import Status, after_receipt, may_become
from smschat.store import forgotten, sms_rows, standing
from smschat.store.outcome import Outcome, Result
from smschat.store.times import DAY_US

if TYPE_CHECKING:
    import sqlite3

    from smschat.domain.callbacks import Receipt
    from smschat.store.work import Work

_NOT_DELIVERED: Final = frozenset({Status.FAILED, Status.EXPIRED, Status.REJECTED})

NO_CODE: Final = "0"
"""err-code of a receipt that names no error; `expired` can come with it."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a receipt belongs; `part` is None as long as only the attempt is known."""

    seq: int
    attempt: str | None
    part: int | None


def take(work: Work, callback: int, ref: str | None, receipt: Receipt) -> Result:
    """Keep a receipt, and apply it if its SMS is known."""
    found = _find(work.db, ref, receipt)
    if found is None and forgotten.knows(work.db, ref, receipt.client_ref, receipt.message_id):
        return Result(Outcome.TAKEN, reason=forgotten.REASON)
    is_repeat = _is_known(work.db, found, receipt)
    row_id = _write(work, callback, found, receipt)
    if found is None:
        return Result(Outcome.REPEAT if is_repeat else Outcome.PENDING)
    if is_repeat:
        return Result(Outcome.REPEAT, found.seq)
    return Result(Outcome.TAKEN, found.seq, has_moved=_apply(work, row_id, found, receipt))


def apply_waiting(work: Work, ref: str, message_id: str) -> None:
    """Apply the receipts that came before the answer that told of their part; the caller moves the SMS."""
    (part,) = work.db.execute("SELECT id FROM part WHERE attempt = ? AND message_id = ?", (ref, message_id)).fetchone()
    waiting = work.db.execute(
        "UPDATE receipt SET attempt = ?, part = ? WHERE message_id = ? AND attempt IS NULL AND part IS NULL"
        " AND received_at >= ? RETURNING id, callback, status, error_code, network, price",
        (ref, part, message_id, work.now - DAY_US),
    ).fetchall()
    for row in sorted(waiting, key=lambda row: row["id"]):
        _belongs(work, row["callback"], part)
        _advance(work, part, row["status"], row["error_code"], row["network"], row["price"])


def _belongs(work: Work, callback: int, part: int) -> None:
    """A callback whose receipt has waited is that of an SMS now; a repeat stays one."""
    work.db.execute(
        "UPDATE callback SET outcome = CASE outcome WHEN 'pending' THEN 'taken' ELSE outcome END,"
        " sms = (SELECT sms FROM part WHERE id = ?) WHERE id = ?",
        (part, callback),
    )


def reason_of(db: sqlite3.Connection, seq: int, status: Status) -> str | None:
    """Why an SMS was not delivered and what to do, as the code of its receipt says; None for the other states."""
    if status not in _NOT_DELIVERED:
        return None
    row = db.execute(
        "SELECT error_code FROM part WHERE sms = ? AND status = ? AND error_code IS NOT NULL AND error_code <> ?"
        " ORDER BY id DESC LIMIT 1",
        (seq, status, NO_CODE),
    ).fetchone()
    if row is not None:
        return receipt_error(row[0]).line
    if status is Status.EXPIRED:
        return receipt_status(status).line
    return f"{status} by the network, which gave no reason"


def _find(db: sqlite3.Connection, ref: str | None, receipt: Receipt) -> _Found | None:
    for name in (ref, receipt.client_ref):
        attempt = name and db.execute("SELECT sms FROM attempt WHERE ref = ?", (name,)).fetchone()
        if attempt:
            return _Found(attempt["sms"], name, _part_of(db, str(name), attempt["sms"], receipt.message_id))
    if receipt.message_id is None:
        return None
    part = db.execute(
        "SELECT id, sms, attempt FROM part WHERE message_id = ? ORDER BY id DESC LIMIT 1", (receipt.message_id,)
    ).fetchone()
    return None if part is None else _Found(part["sms"], part["attempt"], part["id"])


def _part_of(db: sqlite3.Connection, ref: str, seq: int, message_id: str | None) -> int | None:
    """The part of an attempt that a receipt speaks of; one without an id can only mean the only part."""
    parts = db.execute("SELECT id, message_id FROM part WHERE attempt = ? ORDER BY id", (ref,)).fetchall()
    if message_id is not None:
        return next((part["id"] for part in parts if part["message_id"] == message_id), None)
    (segments,) = db.execute("SELECT segments FROM sms WHERE seq = ?", (seq,)).fetchone()
    return parts[0]["id"] if len(parts) == 1 and segments == 1 else None


def _is_known(db: sqlite3.Connection, found: _Found | None, receipt: Receipt) -> bool:
    """Whether the same receipt for the same part is kept already."""
    same = "SELECT 1 FROM receipt WHERE status = ? AND error_code IS ? AND scts IS ? AND "
    values = (receipt.status, receipt.error_code, receipt.scts)
    if found is not None and found.part is not None:
        row = db.execute(same + "part = ?", (*values, found.part)).fetchone()
    elif found is not None:
        row = db.execute(
            same + "attempt = ? AND part IS NULL AND message_id IS ?", (*values, found.attempt, receipt.message_id)
        ).fetchone()
    else:
        row = db.execute(
            same + "message_id = ? AND attempt IS NULL AND part IS NULL", (*values, receipt.message_id)
        ).fetchone()
    return row is not None


def _write(work: Work, callback: int, found: _Found | None, receipt: Receipt) -> int:
    made = work.db.execute(
        "INSERT INTO receipt(callback, attempt, part, message_id, status, error_code, network, price, scts,"
        " client_ref, received_at) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            callback,
            found and found.attempt,
            found and found.part,
            receipt.message_id,
            receipt.status,
            receipt.error_code,
            receipt.network,
            receipt.price,
            receipt.scts,
            receipt.client_ref,
            work.now,
        ),
    )
    return int(made.lastrowid or 0)


def _apply(work: Work, row_id: int, found: _Found, receipt: Receipt) -> bool:
    """Move part, attempt and SMS; whether anything of the SMS has changed."""
    sms = work.db.execute("SELECT status, segments FROM sms WHERE seq = ?", (found.seq,)).fetchone()
    if sms["status"] == Status.REFUSED:
        return False
    part, has_moved = found.part, False
    if part is None and (receipt.message_id is not None or sms["segments"] == 1):
        part, has_moved = _make_part(work, found, receipt.message_id), True
        work.db.execute("UPDATE receipt SET part = ? WHERE id = ?", (part, row_id))
    if part is not None:
        has_moved |= _advance(work, part, receipt.status, receipt.error_code, receipt.network, receipt.price)
    proven = work.db.execute(
        "UPDATE attempt SET state = 'accepted' WHERE ref = ? AND state IN ('sending', 'unsent', 'unknown')",
        (found.attempt,),
    )
    if has_moved or proven.rowcount:
        _take_price(work, found.seq, receipt.price)
        _move_sms(work, found.seq, Status(sms["status"]))
        return True
    return False


def _make_part(work: Work, found: _Found, message_id: str | None) -> int:
    made = work.db.execute(
        "INSERT INTO part(sms, attempt, message_id, status) VALUES(?, ?, ?, ?)",
        (found.seq, found.attempt, message_id, Status.ACCEPTED),
    )
    return int(made.lastrowid or 0)


def _advance(
    work: Work, part: int, status: str, error_code: str | None, network: str | None, price: str | None
) -> bool:
    """Move a part up; what it did not know yet is filled in. Whether anything has changed."""
    row = work.db.execute("SELECT status, error_code, network, price FROM part WHERE id = ?", (part,)).fetchone()
    old = Status(row["status"])
    new = after_receipt(old, status) or old
    if not may_become(old, new):
        return False
    told = (
        new,
        error_code if new is not old else row["error_code"],
        row["network"] or network,
        row["price"] or price,
    )
    if told == tuple(row):
        return False
    work.db.execute("UPDATE part SET status = ?, error_code = ?, network = ?, price = ? WHERE id = ?", (*told, part))
    return True


def _take_price(work: Work, seq: int, price: str | None) -> None:
    """The price where no answer told one; with several parts a receipt may name that of all, so it is not added up."""
    if price is not None:
        work.db.execute(
            "UPDATE sms SET price = ? WHERE seq = ? AND price IS NULL AND segments = 1",
            (standing.summed([price]), seq),
        )


def _move_sms(work: Work, seq: int, old: Status) -> None:
    """The SMS shows what its attempts have come to; its row is revised in any case, its parts are new."""
    new = standing.of_sms(work.db, seq)
    if new is None or new is old or not may_become(old, new):
        work.db.execute("UPDATE sms SET updated_at = ?, revision = ? WHERE seq = ?", (work.now, work.revision, seq))
        return
    work.db.execute("UPDATE sms SET consent = 0, held = 0 WHERE seq = ?", (seq,))
    sms_rows.move(work, seq, new, reason_of(work.db, seq, new))
