"""Rows become values here, and nowhere else; parts are fetched for all SMS of a page at once."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from smschat.domain.conversation import Conversation, Preview
from smschat.domain.delivery import Answer, Status
from smschat.domain.sms import Direction, Encoding, Part, Sms, SmsOptions, SmsType
from smschat.store.times import from_us

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

OPTIONS: Final = ("ttl_ms", "message_class", "protocol_id", "title", "url", "validity_ms")
"""The columns of `SmsOptions`, by the names that they have there."""

_NO_OPTIONS: Final = SmsOptions()
_NO_ANSWER: Final = Answer()

SMS: Final = (
    "SELECT s.seq, s.id, s.revision, s.direction, c.peer, s.sender, s.recipient, s.type, s.text, s.encoding,"
    " s.segments, s.status, s.reason, s.created_at, s.updated_at, s.price, s.remaining_balance, s.answer_http,"
    " s.answer_status, s.answer_error, s.answer_transaction, s.keyword, s.data, s.udh, s.tries, s.held, s.send_at,"
    " s.ttl_ms, s.message_class, s.protocol_id, s.title, s.url, s.validity_ms"
    " FROM sms AS s CROSS JOIN conversation AS c ON c.id = s.conversation "
)
"""What `sms` needs; CROSS JOIN keeps SQLite from starting at the conversations."""

CONVERSATION: Final = "SELECT * FROM conversation "

_PARTS: Final = (
    "SELECT sms, message_id, status, network, price, error_code FROM part"
    " WHERE sms IN (SELECT value FROM json_each(?)) ORDER BY sms, place IS NULL, place, id"
)
_INBOUND_PARTS: Final = (
    "SELECT sms, message_id FROM inbound_part WHERE sms IN (SELECT value FROM json_each(?)) ORDER BY sms, place, id"
)


def all_sms(db: sqlite3.Connection, where: str, values: Sequence[Any]) -> list[Sms]:
    """The SMS that `where` selects and orders, their parts with them."""
    rows = db.execute(SMS + where, values).fetchall()
    parts = _parts(db, rows)
    return [_sms(row, parts.get(row["seq"], ())) for row in rows]


def sms_by_seq(db: sqlite3.Connection, seq: int) -> Sms:
    """The SMS that is known to be there."""
    (found,) = all_sms(db, "WHERE s.seq = ?", (seq,))
    return found


def all_conversations(db: sqlite3.Connection, where: str, values: Sequence[Any]) -> list[Conversation]:
    """The conversations that `where` selects and orders."""
    return [_conversation(row) for row in db.execute(CONVERSATION + where, values)]


def numbered_conversations(db: sqlite3.Connection, where: str, values: Sequence[Any]) -> list[tuple[int, Conversation]]:
    """The same, each with its row id."""
    return [(row["id"], _conversation(row)) for row in db.execute(CONVERSATION + where, values)]


def _parts(db: sqlite3.Connection, rows: Iterable[sqlite3.Row]) -> Mapping[int, tuple[Part, ...]]:
    sent: list[int] = []
    came: list[int] = []
    for row in rows:
        (sent if row["direction"] == Direction.OUTBOUND else came).append(row["seq"])
    found: defaultdict[int, list[Part]] = defaultdict(list)
    if sent:
        for part in db.execute(_PARTS, (json.dumps(sent),)):
            found[part["sms"]].append(part_value(part))
    if came:
        for part in db.execute(_INBOUND_PARTS, (json.dumps(came),)):
            found[part["sms"]].append(Part(message_id=part["message_id"], status=Status.RECEIVED))
    return {seq: tuple(parts) for seq, parts in found.items()}


def part_value(row: sqlite3.Row) -> Part:
    """A part of an outbound SMS."""
    return Part(
        message_id=row["message_id"],
        status=Status(row["status"]),
        network=row["network"],
        price=row["price"],
        error_code=row["error_code"],
    )


def _sms(row: sqlite3.Row, parts: tuple[Part, ...]) -> Sms:
    return Sms(
        id=row["id"],
        seq=row["seq"],
        revision=row["revision"],
        direction=Direction(row["direction"]),
        peer=row["peer"],
        sender=row["sender"],
        recipient=row["recipient"],
        type=SmsType(row["type"]),
        text=row["text"],
        encoding=Encoding(row["encoding"]),
        segments=row["segments"],
        status=Status(row["status"]),
        reason=row["reason"],
        created_at=from_us(row["created_at"]),
        updated_at=from_us(row["updated_at"]),
        price=row["price"],
        remaining_balance=row["remaining_balance"],
        parts=parts,
        answer=answer(row["answer_http"], row["answer_status"], row["answer_error"], row["answer_transaction"]),
        keyword=row["keyword"],
        data=row["data"],
        udh=row["udh"],
        tries=row["tries"],
        held=bool(row["held"]),
        options=_options(row),
        send_at=None if row["send_at"] is None else from_us(row["send_at"]),
    )


def _options(row: sqlite3.Row) -> SmsOptions:
    values = row[-len(OPTIONS) :]
    if all(value is None for value in values):
        return _NO_OPTIONS
    return SmsOptions(**dict(zip(OPTIONS, values, strict=True)))


def answer(http: int | None, status: str | None, error_text: str | None, transaction_id: str | None) -> Answer | None:
    """What the gateway said; None where nothing is kept of it."""
    said = Answer(http=http, status=status, error_text=error_text, transaction_id=transaction_id)
    return None if said == _NO_ANSWER else said


def _conversation(row: sqlite3.Row) -> Conversation:
    return Conversation(
        peer=row["peer"],
        name=row["name"],
        activity=row["activity"],
        revision=row["revision"],
        unread=row["unread"],
        read_upto=row["read_upto"],
        draft=row["draft"],
        pinned=bool(row["pinned"]),
        muted=bool(row["muted"]),
        archived=bool(row["archived"]),
        opted_out=bool(row["opted_out"]),
        blocked=bool(row["blocked"]),
        last=_preview(row),
        sender=row["sender"],
        notes=row["notes"],
        marked_unread=bool(row["marked_unread"]),
        failed=bool(row["failed"]),
    )


def _preview(row: sqlite3.Row) -> Preview | None:
    if row["last_seq"] is None:
        return None
    return Preview(
        id=row["last_id"],
        seq=row["last_seq"],
        direction=Direction(row["last_direction"]),
        status=Status(row["last_status"]),
        text=row["last_text"],
        created_at=from_us(row["last_at"]),
    )
