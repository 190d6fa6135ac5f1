"""All that is kept of one SMS: its attempts, its receipts, and the callbacks that made or moved it.

The rule: read as it was written, the oldest first.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from smschat.domain.details import PastAttempt, PastReceipt, SmsDetails
from smschat.store import callback_rows, rows
from smschat.store.receipts import NO_CODE
from smschat.store.times import from_us

if TYPE_CHECKING:
    import sqlite3

_RECEIPTS: Final = (
    "SELECT r.*, p.place, s.segments FROM receipt AS r LEFT JOIN part AS p ON p.id = r.part"
    " CROSS JOIN sms AS s ON s.seq = :seq WHERE r.id IN ("
    "SELECT id FROM receipt WHERE part IN (SELECT id FROM part WHERE sms = :seq)"
    " UNION SELECT id FROM receipt WHERE attempt IN (SELECT ref FROM attempt WHERE sms = :seq)) ORDER BY r.id"
)


def get(db: sqlite3.Connection, sms_id: str) -> SmsDetails | None:
    """One SMS with its whole history; None if there is none. One look at the store, so that all of it fits."""
    db.execute("BEGIN")
    try:
        return _get(db, sms_id)
    finally:
        db.execute("COMMIT")


def _get(db: sqlite3.Connection, sms_id: str) -> SmsDetails | None:
    row = db.execute("SELECT seq, client_ref, wants_receipt, wants_inbound FROM sms WHERE id = ?", (sms_id,)).fetchone()
    if row is None:
        return None
    return SmsDetails(
        sms=rows.sms_by_seq(db, row["seq"]),
        client_ref=row["client_ref"],
        wants_receipt=bool(row["wants_receipt"]),
        wants_inbound=bool(row["wants_inbound"]),
        attempts=tuple(_attempts(db, row["seq"])),
        receipts=tuple(_receipt(each) for each in db.execute(_RECEIPTS, {"seq": row["seq"]})),
        callbacks=tuple(callback_rows.of_sms(db, row["seq"])),
    )


def _attempts(db: sqlite3.Connection, seq: int) -> list[PastAttempt]:
    found = db.execute("SELECT * FROM attempt WHERE sms = ? ORDER BY number, begun_at", (seq,))
    return [_attempt(row) for row in found]


def _attempt(row: sqlite3.Row) -> PastAttempt:
    return PastAttempt(
        ref=row["ref"],
        state=row["state"],
        begun_at=from_us(row["begun_at"]),
        ended_at=None if row["ended_at"] is None else from_us(row["ended_at"]),
        reason=row["reason"],
        answer=rows.answer(row["http"], row["answer_status"], row["answer_error"], row["answer_transaction"]),
        quota=json.loads(row["quota"]) if row["quota"] else {},
    )


def _receipt(row: sqlite3.Row) -> PastReceipt:
    return PastReceipt(
        callback_id=str(row["callback"]),
        received_at=from_us(row["received_at"]),
        message_id=row["message_id"],
        place=1 if row["segments"] == 1 else row["place"],
        status=row["status"],
        error_code=None if row["error_code"] == NO_CODE else row["error_code"],
        network=row["network"],
        price=row["price"],
        scts=row["scts"],
        client_ref=row["client_ref"],
    )
