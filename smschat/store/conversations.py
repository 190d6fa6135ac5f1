"""Conversations: the list, the transcript, and the columns of a conversation that follow its SMS.

The rule: whoever adds an SMS calls `added`, whoever changes one calls `follow`, in the same job.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from smschat.domain.conversation import Contact, Shelf, Totals
from smschat.domain.sms import Direction
from smschat.store import contact_rows, previews, rows

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


_SHELVES: Final = {Shelf.UNREAD: "AND (unread > 0 OR marked_unread = 1) ", Shelf.FAILED: "AND failed = 1 "}
"""What a shelf asks beside `archived`; each has its index."""

_FAILED: Final = "('refused', 'failed', 'expired', 'rejected', 'unknown')"
"""States of an SMS that did not arrive, or may not have."""


def page(db: sqlite3.Connection, *, limit: int, after: Conversation | None, wanted: Filter) -> list[Conversation]:
    """Pinned first, then newest activity first."""
    where = f"WHERE archived = ? {_SHELVES.get(wanted.shelf, '')}"
    values: list[Any] = [int(wanted.shelf is Shelf.ARCHIVED)]
    if wanted.text.strip():
        where += "AND fits(name, peer, ?) "
        values.append(wanted.text)
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
        "INSERT INTO conversation(peer, name, notes, activity, revision) VALUES(?1, coalesce((SELECT name FROM contact"
        " WHERE peer = ?1), ''), coalesce((SELECT notes FROM contact WHERE peer = ?1), ''), ?2, ?3)",
        (peer, work.next_activity(), work.revision),
    )
    return int(made.lastrowid or 0)


def open_conversation(work: Work, peer: str, name: str | None) -> Conversation:
    """The conversation, made if there is none; a name is set if given."""
    row_id = ensure(work, peer)
    if name is not None:
        held = contact_rows.get(work.db, peer) or Contact(peer=peer, name="")
        contact_rows.save(work, [replace(held, name=name)])
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
    if row is None:
        return
    upto = min(upto, row["last_seq"] or 0)
    if upto <= row["read_upto"]:
        work.db.execute(
            "UPDATE conversation SET marked_unread = 0, revision = ? WHERE id = ? AND marked_unread = 1",
            (work.revision, row["id"]),
        )
        return
    (unread,) = work.db.execute(
        "SELECT count(*) FROM sms WHERE conversation = ? AND direction = 'inbound' AND seq > ?", (row["id"], upto)
    ).fetchone()
    work.db.execute(
        "UPDATE conversation SET read_upto = ?, unread = ?, marked_unread = 0, revision = ? WHERE id = ?",
        (upto, unread, work.revision, row["id"]),
    )


def added(work: Work, seq: int) -> None:
    """An SMS was added: it is the last one, an archived conversation returns, an inbound one is unread.

    What is blocked stays where it is, and nothing in it is new.
    """
    new = work.db.execute(_SHOWN, (seq,)).fetchone()
    work.db.execute(
        "UPDATE conversation SET last_seq = ?, last_id = ?, last_direction = ?, last_status = ?, last_text = ?,"
        " last_at = ?, activity = ?, revision = ?, archived = blocked,"
        " unread = CASE blocked WHEN 1 THEN 0 ELSE unread + ? END,"
        " read_upto = CASE blocked WHEN 1 THEN ? ELSE read_upto END WHERE id = ?",
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
            seq,
            new["conversation"],
        ),
    )
    if new["direction"] == Direction.OUTBOUND:
        look_failed(work, new["conversation"])


def follow(work: Work, seq: int) -> None:
    """An SMS has changed: its conversation shows so if it is the last one, or the last that was sent."""
    row = work.db.execute(_SHOWN, (seq,)).fetchone()
    work.db.execute(
        "UPDATE conversation SET last_status = ?, last_text = ?, revision = ? WHERE id = ? AND last_seq = ?",
        (row["status"], previews.of_row(row), work.revision, row["conversation"], seq),
    )
    if row["direction"] == Direction.OUTBOUND:
        look_failed(work, row["conversation"])


def bring_up(work: Work, conversation: int) -> None:
    """Something goes on in it now: it stands first in the list, and an archived one returns unless it is blocked."""
    work.db.execute(
        "UPDATE conversation SET activity = ?, archived = blocked, revision = ? WHERE id = ?",
        (work.next_activity(), work.revision, conversation),
    )


def look_failed(work: Work, conversation: int) -> None:
    """Whether its newest outbound SMS did not arrive."""
    newest = work.db.execute(
        f"SELECT status IN {_FAILED} FROM sms INDEXED BY sms_outbound"  # noqa: S608 - constants
        " WHERE conversation = ? AND direction = 'outbound' ORDER BY seq DESC LIMIT 1",
        (conversation,),
    ).fetchone()
    has_failed = int(newest is not None and newest[0])
    work.db.execute(
        "UPDATE conversation SET failed = ?1, revision = ?2 WHERE id = ?3 AND failed <> ?1",
        (has_failed, work.revision, conversation),
    )


def look_again(work: Work, conversation: int) -> None:
    """SMS of a conversation are gone or have moved: it shows what is the last one now, and counts what is new."""
    (newest,) = work.db.execute("SELECT max(seq) FROM sms WHERE conversation = ?", (conversation,)).fetchone()
    row = None if newest is None else work.db.execute(_SHOWN, (newest,)).fetchone()
    shown = ("id", "direction", "status", "created_at")
    number, direction, status, at = (None,) * 4 if row is None else (row[name] for name in shown)
    (unread,) = work.db.execute(
        "SELECT count(*) FROM sms WHERE conversation = ?1 AND direction = 'inbound'"
        " AND seq > (SELECT read_upto FROM conversation WHERE id = ?1)",
        (conversation,),
    ).fetchone()
    work.db.execute(
        "UPDATE conversation SET last_seq = ?, last_id = ?, last_direction = ?, last_status = ?, last_text = ?,"
        " last_at = ?, revision = ?, unread = ? WHERE id = ?",
        (
            newest,
            number,
            direction,
            status,
            None if row is None else previews.of_row(row),
            at,
            work.revision,
            unread,
            conversation,
        ),
    )
    look_failed(work, conversation)
