"""The callback log, read: each callback as it came, what it was taken for, and the SMS that it made or moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smschat.domain.callbacks import KeptCallback, Kind, RawCallback, Signature
from smschat.store.times import from_us

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_KEPT: Final = (
    "SELECT k.*, s.id AS sms_id, c.peer FROM callback AS k LEFT JOIN sms AS s ON s.seq = k.sms"
    " LEFT JOIN conversation AS c ON c.id = s.conversation "
)
_LARGEST_ID: Final = 2**63 - 1


def page(db: sqlite3.Connection, *, before: int | None, limit: int) -> list[KeptCallback]:
    """The newest ones, or those just before an id, newest first."""
    upto = _LARGEST_ID if before is None else before
    return _all(db, "WHERE k.id < ? ORDER BY k.id DESC LIMIT ?", (upto, limit))


def get(db: sqlite3.Connection, callback_id: str) -> KeptCallback | None:
    """One callback; None if there is none, or the text is no id."""
    if not (callback_id.isascii() and callback_id.isdigit()) or int(callback_id) > _LARGEST_ID:
        return None
    found = _all(db, "WHERE k.id = ?", (int(callback_id),))
    return found[0] if found else None


def of_sms(db: sqlite3.Connection, seq: int) -> list[KeptCallback]:
    """Those of one SMS, the oldest first."""
    return _all(db, "WHERE k.sms = ? ORDER BY k.id", (seq,))


def _all(db: sqlite3.Connection, where: str, values: Sequence[Any]) -> list[KeptCallback]:
    return [_kept(row) for row in db.execute(_KEPT + where, values)]


def _kept(row: sqlite3.Row) -> KeptCallback:
    signature = Signature(row["signature"])
    return KeptCallback(
        id=str(row["id"]),
        raw=_raw(row, signature),
        kind=Kind.REFUSED if signature.is_refused else Kind(row["kind"]),
        outcome=row["outcome"],
        reason=row["reason"],
        sms_id=row["sms_id"],
        peer=row["peer"],
    )


def _raw(row: sqlite3.Row, signature: Signature) -> RawCallback:
    return RawCallback(
        received_at=from_us(row["received_at"]),
        method=row["method"],
        ref=row["ref"],
        query=row["query"],
        body=row["body"],
        content_type=row["content_type"],
        user_agent=row["user_agent"],
        signature=signature,
    )
