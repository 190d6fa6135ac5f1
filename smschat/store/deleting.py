"""Deleting for good: the SMS, its attempts, parts and place in the index; the texts of its callbacks.

The rule: every process hears of it by a tombstone, what the gateway delivers again does not bring it back, and what is
under way stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.domain.delivery import Status
from smschat.errors import RefusedHereError
from smschat.store import conversations, forgotten, rows
from smschat.store.times import DAY_US

if TYPE_CHECKING:
    import sqlite3

    from smschat.domain.sms import Sms
    from smschat.store.work import Work

UNDER_WAY: Final = frozenset({Status.QUEUED, Status.SENDING})

_SHOWN_DAYS: Final = 2
"""Days that a tombstone stays for processes that are slow to hear of it."""


def sms(work: Work, sms_id: str) -> bool:
    """Delete one; False: there is none, or it is under way."""
    row = work.db.execute("SELECT seq, status, held FROM sms WHERE id = ?", (sms_id,)).fetchone()
    if row is None or _is_under_way(row):
        return False
    conversation = _delete(work, row["seq"])
    conversations.look_again(work, conversation)
    return True


def scheduled(work: Work, sms_id: str) -> Sms | None:
    """Delete one that waits for its time; as it was, or None."""
    found = rows.all_sms(work.db, "WHERE s.id = ? AND s.status = 'scheduled'", (sms_id,))
    if not found:
        return None
    conversations.look_again(work, _delete(work, found[0].seq))
    return found[0]


def conversation(work: Work, peer: str) -> int:
    """Delete a conversation with everything in it; how many SMS.

    Raises:
        RefusedHereError: an SMS in it is under way.
    """
    row = work.db.execute("SELECT id FROM conversation WHERE peer = ?", (peer,)).fetchone()
    if row is None:
        return 0
    inside = work.db.execute("SELECT seq, status, held FROM sms WHERE conversation = ?", (row["id"],)).fetchall()
    if any(_is_under_way(each) for each in inside):
        raise RefusedHereError(
            "an SMS of this conversation is being sent", hint="wait until it is sent, then delete", code="under_way"
        )
    for each in inside:
        _empty(work, each["seq"])
    work.db.execute("DELETE FROM sms WHERE conversation = ?", (row["id"],))
    work.db.execute("DELETE FROM conversation WHERE id = ?", (row["id"],))
    _bury(work, peer, None)
    return len(inside)


def older(work: Work, seqs: list[int]) -> None:
    """Delete these SMS, and let their conversations show what is left."""
    for number in {_delete(work, seq) for seq in seqs}:
        conversations.look_again(work, number)


def sweep(work: Work) -> None:
    """Tombstones that everybody has seen, who is not asleep for days, are not kept."""
    work.db.execute("DELETE FROM gone WHERE at < ?", (work.now - _SHOWN_DAYS * DAY_US,))


def _is_under_way(row: sqlite3.Row) -> bool:
    return row["status"] in UNDER_WAY and not (row["status"] == Status.QUEUED and row["held"])


def _delete(work: Work, seq: int) -> int:
    row = work.db.execute(
        "SELECT s.id, s.conversation, c.peer FROM sms AS s JOIN conversation AS c ON c.id = s.conversation"
        " WHERE s.seq = ?",
        (seq,),
    ).fetchone()
    _empty(work, seq)
    work.db.execute("DELETE FROM sms WHERE seq = ?", (seq,))
    _bury(work, row["peer"], row["id"])
    return int(row["conversation"])


def _empty(work: Work, seq: int) -> None:
    """What lies outside the row: callbacks, message ids, the index."""
    (text,) = work.db.execute("SELECT text FROM sms WHERE seq = ?", (seq,)).fetchone()
    work.db.execute("INSERT INTO sms_text(sms_text, rowid, text) VALUES('delete', ?, ?)", (seq, text))
    forgotten.add(work.db, seq)
    work.db.execute(
        "DELETE FROM receipt WHERE part IN (SELECT id FROM part WHERE sms = ?1)"
        " OR attempt IN (SELECT ref FROM attempt WHERE sms = ?1)",
        (seq,),
    )
    work.db.execute("UPDATE callback SET query = x'', body = x'' WHERE sms = ?", (seq,))


def _bury(work: Work, peer: str, sms_id: str | None) -> None:
    work.db.execute(
        "INSERT INTO gone(revision, peer, sms, at) VALUES(?, ?, ?, ?)", (work.revision, peer, sms_id, work.now)
    )
