"""Rows of SMS: written down once, then moved from state to state; the search index goes with the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

from smschat.domain.delivery import Status
from smschat.domain.sms import Direction, SmsOptions
from smschat.errors import NotFoundError
from smschat.store import conversations, rows
from smschat.store.times import to_us

if TYPE_CHECKING:
    import sqlite3

    from smschat.domain.delivery import Answer
    from smschat.domain.sms import Encoding, NewSms, Sms, SmsType
    from smschat.store.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An SMS as it is written down first; times in microseconds since 1970."""

    id: str
    conversation: int
    direction: Direction
    sender: str
    recipient: str
    type: SmsType
    text: str
    encoding: Encoding
    segments: int
    status: Status
    reason: str | None = None
    created_at: int
    updated_at: int
    price: str | None = None
    remaining_balance: str | None = None
    answer: Answer | None = None
    keyword: str | None = None
    data: str | None = None
    udh: str | None = None
    client_ref: str | None = None
    wants_receipt: bool = True
    wants_inbound: bool = True
    tries: int = 0
    due_at: int = 0
    claim: str | None = None
    send_at: int | None = None
    options: SmsOptions = field(default_factory=SmsOptions)


_OPTIONS = attrgetter(*rows.OPTIONS)

_INSERT = (
    "INSERT INTO sms(id, conversation, revision, direction, sender, recipient, type, text, encoding, segments, status,"
    " reason, created_at, updated_at, price, remaining_balance, answer_http, answer_status, answer_error,"
    " answer_transaction, keyword, data, udh, client_ref, wants_receipt, wants_inbound, tries, due_at, claim,"
    " send_at, ttl_ms, message_class, protocol_id, title, url, validity_ms)"
    f" VALUES({', '.join('?' * 36)})"
)


def insert(work: Work, new: Written) -> int:
    """Write an SMS down; its `seq`. The search index and the conversation's own columns are the caller's."""
    answer = new.answer
    made = work.db.execute(
        _INSERT,
        (
            new.id,
            new.conversation,
            work.revision,
            new.direction,
            new.sender,
            new.recipient,
            new.type,
            new.text,
            new.encoding,
            new.segments,
            new.status,
            new.reason,
            new.created_at,
            new.updated_at,
            new.price,
            new.remaining_balance,
            answer and answer.http,
            answer and answer.status,
            answer and answer.error_text,
            answer and answer.transaction_id,
            new.keyword,
            new.data,
            new.udh,
            new.client_ref,
            new.wants_receipt,
            new.wants_inbound,
            new.tries,
            new.due_at,
            new.claim,
            new.send_at,
            *_OPTIONS(new.options),
        ),
    )
    return int(made.lastrowid or 0)


def add(work: Work, new: Written) -> int:
    """Write an SMS down as the newest of its conversation, searchable; its `seq`."""
    seq = insert(work, new)
    conversations.added(work, seq)
    index_text(work, seq, seq)
    return seq


def index_text(work: Work, first: int, last: int) -> None:
    """Make the texts of new SMS searchable, from one `seq` to another."""
    work.db.execute(
        "INSERT INTO sms_text(rowid, text) SELECT seq, text FROM sms WHERE seq BETWEEN ? AND ?", (first, last)
    )


def replace_text(work: Work, seq: int, text: str) -> None:
    """Another text for an SMS, in the search index too; the caller revises the row and its conversation."""
    (old,) = work.db.execute("SELECT text FROM sms WHERE seq = ?", (seq,)).fetchone()
    work.db.execute("INSERT INTO sms_text(sms_text, rowid, text) VALUES('delete', ?, ?)", (seq, old))
    work.db.execute("UPDATE sms SET text = ? WHERE seq = ?", (text, seq))
    index_text(work, seq, seq)


def add_outbound(work: Work, new: NewSms, *, clear_draft: bool) -> Sms:
    """Write an outbound SMS down as `queued`, due at once; or as `scheduled`, where it has a time."""
    send_at = None if new.send_at is None else to_us(new.send_at)
    conversation = conversations.ensure(work, new.peer)
    seq = add(
        work,
        Written(
            id=new.id,
            conversation=conversation,
            direction=Direction.OUTBOUND,
            sender=new.sender,
            recipient=new.recipient,
            type=new.type,
            text=new.text,
            encoding=new.encoding,
            segments=new.segments,
            status=Status.QUEUED if send_at is None else Status.SCHEDULED,
            created_at=work.now,
            updated_at=work.now,
            client_ref=new.client_ref,
            wants_receipt=new.wants_receipt,
            wants_inbound=new.wants_inbound,
            due_at=work.now if send_at is None else send_at,
            claim=new.claim if send_at is None else None,
            send_at=send_at,
            data=new.data,
            udh=new.udh,
            options=new.options,
        ),
    )
    if clear_draft:
        work.db.execute("UPDATE conversation SET draft = '' WHERE id = ?", (conversation,))
    return rows.sms_by_seq(work.db, seq)


def move(work: Work, seq: int, status: Status, reason: str | None) -> None:
    """A new state, and why; the schema refuses a step that is not allowed."""
    work.db.execute(
        "UPDATE sms SET status = ?, reason = ?, updated_at = ?, revision = ? WHERE seq = ?",
        (status, reason, work.now, work.revision, seq),
    )
    conversations.follow(work, seq)


def row_by_id(db: sqlite3.Connection, sms_id: str) -> sqlite3.Row:
    """The whole row of an SMS. Raises NotFoundError."""
    row: sqlite3.Row | None = db.execute("SELECT * FROM sms WHERE id = ?", (sms_id,)).fetchone()
    if row is None:
        raise NotFoundError("there is no such SMS")
    return row
