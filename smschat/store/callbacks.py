"""The callback log: every callback byte for byte, and in the same transaction what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from smschat.domain.callbacks import Inbound, Receipt, Signature, Taken, Unreadable
from smschat.store import inbound, receipts
from smschat.store.outcome import Outcome, Result
from smschat.store.times import to_us

if TYPE_CHECKING:
    from smschat.domain.callbacks import Meaning, RawCallback
    from smschat.store.work import Work

_KINDS: Final = {Inbound: "inbound", Receipt: "receipt", Unreadable: "unreadable"}
_REFUSED: Final = {Signature.MISSING: "it has no signature", Signature.WRONG: "its signature is wrong"}


def take(work: Work, raw: RawCallback, meaning: Meaning) -> Taken:
    """Keep the callback and carry out what it means."""
    if raw.signature.is_refused and not isinstance(meaning, Unreadable):
        meaning = Unreadable(reason=_REFUSED[raw.signature])
    callback = _write(work, raw, meaning)
    match meaning:
        case Inbound():
            result = inbound.take(work, callback, meaning)
        case Receipt():
            result = receipts.take(work, callback, raw.ref, meaning)
        case Unreadable():
            result = Result(Outcome.UNREADABLE, reason=meaning.reason)
        case _:
            assert_never(meaning)
    work.db.execute(
        "UPDATE callback SET outcome = ?, reason = ?, sms = ?, original = ? WHERE id = ?",
        (result.outcome, result.reason, result.seq, result.original, callback),
    )
    return Taken(
        callback_id=str(callback),
        sms_id=_sms_id(work, result) if result.has_moved else None,
        is_repeat=result.outcome is Outcome.REPEAT,
    )


def _write(work: Work, raw: RawCallback, meaning: Meaning) -> int:
    made = work.db.execute(
        "INSERT INTO callback(received_at, method, ref, query, body, content_type, user_agent, signature, kind,"
        " outcome) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, 'unreadable')",
        (
            to_us(raw.received_at),
            raw.method,
            raw.ref,
            raw.query,
            raw.body,
            raw.content_type,
            raw.user_agent,
            raw.signature,
            _KINDS[type(meaning)],
        ),
    )
    return int(made.lastrowid or 0)


def _sms_id(work: Work, result: Result) -> str | None:
    row = work.db.execute("SELECT id FROM sms WHERE seq = ?", (result.seq,)).fetchone()
    return None if row is None else str(row[0])
