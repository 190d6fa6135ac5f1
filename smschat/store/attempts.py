"""Attempts: opened before the first byte leaves, ended by a verdict; a receipt that came first is not overruled.

How a verdict is carried out: the answer's parts are written down, receipts that waited for their ids are applied, and
the SMS shows the most advanced of what its attempts have come to. `unsent` is an attempt that is certain not to have
left; it alone may be followed by another without the user's consent.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from smschat.domain.delivery import RANK, Answer, Status, may_become
from smschat.domain.sms import Attempt
from smschat.errors import NotFoundError
from smschat.store import conversations, profile, queue, receipts, rows, sms_rows, standing
from smschat.store.times import SECOND_US

if TYPE_CHECKING:
    import sqlite3

    from smschat.domain.delivery import PartAnswer, Verdict
    from smschat.domain.sms import Sms
    from smschat.store.work import Work

_ENDS: Final = {Status.QUEUED: "unsent", Status.UNKNOWN: "unknown", Status.REFUSED: "refused"}
_ACCEPTED: Final = "accepted"

FIRST_TRY_MAY_HAVE_ARRIVED: Final = "the repeat was refused; the first try may have arrived"


def begin(work: Work, sms_id: str, ref: str) -> Attempt | None:
    """Mark a queued SMS `sending`, and open an attempt; None if it is not ours to send."""
    row = work.db.execute(
        "UPDATE sms SET status = 'sending', reason = NULL, tries = tries + 1, updated_at = ?, revision = ?"
        " WHERE id = ? AND status = 'queued' AND held = 0 AND (claim = ? OR (claim IS NULL AND ?))"
        " RETURNING seq, tries, consent, client_ref, wants_receipt, wants_inbound",
        (work.now, work.revision, sms_id, work.holder, work.owns_outbox),
    ).fetchone()
    if row is None:
        return None
    work.db.execute(
        "INSERT INTO attempt(ref, sms, number, state, posts, consent, holder, begun_at)"
        " VALUES(?, ?, ?, 'sending', 1, ?, ?, ?)",
        (ref, row["seq"], row["tries"], row["consent"], work.holder, work.now),
    )
    conversations.follow(work, row["seq"])
    return Attempt(
        ref=ref,
        sms=rows.sms_by_seq(work.db, row["seq"]),
        client_ref=row["client_ref"],
        wants_receipt=bool(row["wants_receipt"]),
        wants_inbound=bool(row["wants_inbound"]),
    )


def finish(work: Work, ref: str, verdict: Verdict) -> Sms:
    """Carry a verdict out. Raises NotFoundError for an attempt that was never begun."""
    attempt = work.db.execute("SELECT sms, state, ended_at FROM attempt WHERE ref = ?", (ref,)).fetchone()
    if attempt is None:
        raise NotFoundError("there is no such attempt")
    seq: int = attempt["sms"]
    if attempt["ended_at"] is not None and not (attempt["state"] == Status.UNKNOWN and verdict.parts):
        return rows.sms_by_seq(work.db, seq)  # told before; only a late answer says more than `unknown`
    if verdict.status is not Status.QUEUED:
        _write_parts(work, ref, seq, verdict)
    _end(work, ref, attempt["state"], verdict)
    _write_answer(work, seq, verdict)
    if verdict.quota:
        profile.save_quota(work, verdict.quota)
    if verdict.holds_all and verdict.wait_s is not None:
        queue.pause(work, work.now + round(verdict.wait_s * SECOND_US))
    _move(work, ref, seq, verdict)
    return rows.sms_by_seq(work.db, seq)


def _write_parts(work: Work, ref: str, seq: int, verdict: Verdict) -> None:
    for place, part in enumerate(verdict.parts, start=1):
        _write_part(work, ref, seq, place, part)
    if verdict.status in {Status.ACCEPTED, Status.FAILED} and verdict.parts:
        # parts that the answer counts and does not tell of are believed as far as our own count goes
        work.db.execute(
            "UPDATE sms SET segments = max(?, min(segments, ?)) WHERE seq = ?",
            (len(verdict.parts), verdict.count, seq),
        )
    for part in verdict.parts:
        if part.message_id is not None:
            receipts.apply_waiting(work, ref, part.message_id)


def _write_part(work: Work, ref: str, seq: int, place: int, part: PartAnswer) -> None:
    """A part of the answer; one that a receipt has made already keeps its state."""
    status = _part_status(part.status)
    work.db.execute(
        "INSERT INTO part(sms, attempt, place, message_id, status, network, price, error_code)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(attempt, message_id) WHERE attempt IS NOT NULL DO UPDATE SET"
        " place = coalesce(place, excluded.place), network = coalesce(excluded.network, network),"
        " price = coalesce(excluded.price, price)",
        (
            seq,
            ref,
            place,
            part.message_id,
            status,
            part.network,
            part.price,
            part.status if status is Status.REFUSED else None,
        ),
    )


def _part_status(status: str) -> Status:
    """`0` is accepted, another code refused, and no code at all says nothing (status codes: gateway's /send)."""
    if not status:
        return Status.UNKNOWN
    return Status.ACCEPTED if status == "0" else Status.REFUSED


def _end(work: Work, ref: str, old: str, verdict: Verdict) -> None:
    state = _ENDS.get(verdict.status, _ACCEPTED)
    if old == _ACCEPTED or (old == Status.UNKNOWN and state == "unsent"):
        state = old
    answer = verdict.answer or Answer()
    work.db.execute(
        "UPDATE attempt SET state = ?, posts = ?, reason = ?, http = ?, answer_status = ?, answer_error = ?,"
        " answer_transaction = ?, quota = ?, ended_at = ? WHERE ref = ?",
        (
            state,
            int(state != "unsent"),
            verdict.reason,
            answer.http,
            answer.status,
            answer.error_text,
            answer.transaction_id,
            json.dumps(dict(verdict.quota)) if verdict.quota else None,
            work.now,
            ref,
        ),
    )


def _write_answer(work: Work, seq: int, verdict: Verdict) -> None:
    if verdict.answer is not None:
        answer = verdict.answer
        work.db.execute(
            "UPDATE sms SET answer_http = ?, answer_status = ?, answer_error = ?, answer_transaction = ? WHERE seq = ?",
            (answer.http, answer.status, answer.error_text, answer.transaction_id, seq),
        )
    balances = [part.remaining_balance for part in verdict.parts if part.remaining_balance is not None]
    if balances:
        work.db.execute("UPDATE sms SET remaining_balance = ? WHERE seq = ?", (balances[-1], seq))
        profile.put(work.db, profile.BALANCE, balances[-1])
    work.db.execute("UPDATE sms SET price = ? WHERE seq = ?", (standing.total_price(work.db, seq), seq))


def _move(work: Work, ref: str, seq: int, verdict: Verdict) -> None:
    """Bring the SMS to where its attempts are; the row gets a revision in any case, its answer is new."""
    old = Status(work.db.execute("SELECT status FROM sms WHERE seq = ?", (seq,)).fetchone()[0])
    new, reason = _outcome(work.db, ref, seq, verdict)
    if not _may_move(old, new):
        work.db.execute("UPDATE sms SET updated_at = ?, revision = ? WHERE seq = ?", (work.now, work.revision, seq))
        return
    if new is Status.QUEUED:
        wait_us = round((verdict.wait_s or 0) * SECOND_US)
        work.db.execute("UPDATE sms SET due_at = ? WHERE seq = ?", (work.now + wait_us, seq))
    else:
        work.db.execute("UPDATE sms SET consent = 0 WHERE seq = ?", (seq,))
    sms_rows.move(work, seq, new, reason)


def _may_move(old: Status, new: Status) -> bool:
    """As the table of steps has it; but only the user leads from `unknown` back to `queued`."""
    return may_become(old, new) and not (old is Status.UNKNOWN and new is Status.QUEUED)


def _outcome(db: sqlite3.Connection, ref: str, seq: int, verdict: Verdict) -> tuple[Status, str | None]:
    told = standing.of_sms(db, seq)
    if told is not None and RANK.get(told, 0) > RANK.get(verdict.status, 0):
        return told, receipts.reason_of(db, seq, told)
    if verdict.status is Status.REFUSED and standing.has_unknown_attempt(db, seq, but=ref):
        return Status.UNKNOWN, FIRST_TRY_MAY_HAVE_ARRIVED
    return verdict.status, verdict.reason
