"""Conversations: the list, the transcript, and the columns of a conversation that follow its SMS.

The rule: whoever adds an SMS calls `added`, whoever changes one calls `follow`, in the same job.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from smschat.domain.conversation import Shelf, Totals
from smschat.domain.sms import Direction
from smschat.store import previews, rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from smschat.domain.conversation import Conversation, Filter
    from smschat.domain.sms import Sms
    from smschat.store.work import Work


_SHOWN: Final = (
    "SELECT id, conversation, direction, status, created_at, type, text, data, udh, title, url FROM sms WHERE seq = ?"
)
"""What a conversation shows of its last SMS."""


def page(db: sqlite3.Connection, *, limit: int, after: Conversation | None, wanted: Filter) -> list[Conversation]:
    """Pinned first, then newest activity first."""
    where = "WHERE archived = ? "
    values: list[Any] = [int(wanted.shelf is Shelf.ARCHIVED)]
    if wanted.shelf is Shelf.UNREAD:
        where += "AND unread > 0 "
    if after is not None:
        where += "AND (pinned, activity) < (?, ?) "
        values += [int(after.pinned), after.activity]
    return rows.all_conversations(db, where + "ORDER BY pinned DESC, activity DESC LIMIT ?", [*values, limit])


def get(db: sqlite3.Connection, peer: str) -> Conversation | None:
    """One conversation."""
    found = rows.all_conversations(db, "WHERE peer = ?", (peer,))
    return found[0] if found else None


def totals(db: sqlite3.Connection) -> Totals:
    """What is not archived."""
    (chats,) = db.execute("SELECT count(*) FROM conversation WHERE archived = 0").fetchone()
    (unread,) = db.execute("SELECT sum(unread) FROM conversation WHERE archived = 0 AND unread > 0").fetchone()
    return Totals(chats=chats, unread=unread or 0)


def transcript(db: sqlite3.Connection, peer: str, *, before: int | None, after: int | None, limit: int) -> list[Sms]:
    """A window of a conversation, oldest first."""
    where = "WHERE s.conversation = (SELECT id FROM conversation WHERE peer = ?) "
    values: list[Any] = [peer]
    if before is not None:
        where += "AND s.seq < ? "
        values.append(before)
    if after is not None:
        where += "AND s.seq > ? "
        return rows.all_sms(db, where + "ORDER BY s.seq LIMIT ?", [*values, after, limit])
    return rows.all_sms(db, where + "ORDER BY s.seq DESC LIMIT ?", [*values, limit])[::-1]


def inbound(db: sqlite3.Connection, *, peer: str | None, before: int | None, limit: int) -> list[Sms]:
    """What came in, from one peer or from all, newest first."""
    where = "WHERE s.direction = 'inbound' "
    values: list[Any] = []
    if peer is not None:
        where += "AND s.conversation = (SELECT id FROM conversation WHERE peer = ?) "
        values.append(peer)
    if before is not None:
        where += "AND s.seq < ? "
        values.append(before)
    return rows.all_sms(db, where + "ORDER BY s.seq DESC LIMIT ?", [*values, limit])


def sms(db: sqlite3.Connection, sms_id: str) -> Sms | None:
    """One SMS."""
    found = rows.all_sms(db, "WHERE s.id = ?", (sms_id,))
    return found[0] if found else None


def sms_many(db: sqlite3.Connection, ids: Sequence[str]) -> list[Sms]:
    """Those that exist, in the order asked for."""
    found = rows.all_sms(db, "WHERE s.id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),))
    by_id = {each.id: each for each in found}
    return [by_id[sms_id] for sms_id in ids if sms_id in by_id]


def ensure(work: Work, peer: str) -> int:
    """The row id of a conversation, made if there is none."""
    row = work.db.execute("SELECT id FROM conversation WHERE peer = ?", (peer,)).fetchone()
    if row is not None:
        return int(row[0])
    made = work.db.execute(
        "INSERT INTO conversation(peer, activity, revision) VALUES(?, ?, ?)",
        (peer, work.next_activity(), work.revision),
    )
    return int(made.lastrowid or 0)


def open_conversation(work: Work, peer: str, name: str | None) -> Conversation:
    """The conversation, made if there is none; a name is set if given."""
    row_id = ensure(work, peer)
    if name is not None:
        work.db.execute(
            "UPDATE conversation SET name = ?, revision = ? WHERE id = ? AND name <> ?",
            (name, work.revision, row_id, name),
        )
    return rows.all_conversations(work.db, "WHERE id = ?", (row_id,))[0]


def save_draft(work: Work, peer: str, draft: str) -> None:
    """Keep the draft; a conversation is made for one that is not empty."""
    row = work.db.execute("SELECT draft FROM conversation WHERE peer = ?", (peer,)).fetchone()
    if draft == (row["draft"] if row is not None else ""):
        return
    ensure(work, peer)
    work.db.execute("UPDATE conversation SET draft = ?, revision = ? WHERE peer = ?", (draft, work.revision, peer))


def save_sender(work: Work, peer: str, sender: str | None) -> None:
    """Keep the sender ID; a conversation is made for one that is chosen."""
    row = work.db.execute("SELECT sender FROM conversation WHERE peer = ?", (peer,)).fetchone()
    if sender == (row["sender"] if row is not None else None):
        return
    ensure(work, peer)
    work.db.execute("UPDATE conversation SET sender = ?, revision = ? WHERE peer = ?", (sender, work.revision, peer))


def mark_read(work: Work, peer: str, upto: int) -> None:
    """Everything up to a `seq` is read; what has not come yet is not."""
    row = work.db.execute("SELECT id, read_upto, last_seq FROM conversation WHERE peer = ?", (peer,)).fetchone()
    if row is None or row["last_seq"] is None:
        return
    upto = min(upto, row["last_seq"])
    if upto <= row["read_upto"]:
        return
    (unread,) = work.db.execute(
        "SELECT count(*) FROM sms WHERE conversation = ? AND direction = 'inbound' AND seq > ?", (row["id"], upto)
    ).fetchone()
    work.db.execute(
        "UPDATE conversation SET read_upto = ?, unread = ?, revision = ? WHERE id = ?",
        (upto, unread, work.revision, row["id"]),
    )


def added(work: Work, seq: int) -> None:
    """An SMS was added: it is the last one, an archived conversation returns, an inbound one is unread."""
    new = work.db.execute(_SHOWN, (seq,)).fetchone()
    work.db.execute(
        "UPDATE conversation SET last_seq = ?, last_id = ?, last_direction = ?, last_status = ?, last_text = ?,"
        " last_at = ?, activity = ?, revision = ?, archived = 0, unread = unread + ? WHERE id = ?",
        (
            seq,
            new["id"],
            new["direction"],
            new["status"],
            previews.of_row(new),
            new["created_at"],
            work.next_activity(),
            work.revision,
            int(new["direction"] == Direction.INBOUND),
            new["conversation"],
        ),
    )


def follow(work: Work, seq: int) -> None:
    """An SMS has changed: its conversation shows so if it is the last one."""
    row = work.db.execute(_SHOWN, (seq,)).fetchone()
    work.db.execute(
        "UPDATE conversation SET last_status = ?, last_text = ?, revision = ? WHERE id = ? AND last_seq = ?",
        (row["status"], previews.of_row(row), work.revision, row["conversation"], seq),
    )
