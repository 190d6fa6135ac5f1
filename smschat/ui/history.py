"""The history of an SMS as rows of its details: attempts, receipts, callbacks; pure.

What came stands in the order in which it came here. The gateway's own time stamp (`scts`) is shown as it came and
orders nothing: it is local to a network that nobody knows.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from smschat.domain import codes
from smschat.domain.callbacks import Signature
from smschat.domain.delivery import Status
from smschat.ui.render import Ink, ink_of, moment
from smschat.ui.row import Row, exact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import timedelta, tzinfo

    from smschat.domain.callbacks import KeptCallback
    from smschat.domain.codes import Meaning
    from smschat.domain.delivery import Answer
    from smschat.domain.details import PastAttempt, PastReceipt, SmsDetails
    from smschat.ui.render import Marks

_STATES = {
    "sending": "under way",
    "unsent": "did not leave this machine",
    "unknown": "outcome unknown: it may have been sent",
    "refused": "refused",
    "accepted": "accepted",
}
_INKS = {"refused": Ink.FAILED, "unknown": Ink.DOUBT}
_OUTCOMES = {
    "taken": "taken",
    "waiting": "waits for the other parts",
    "repeat": "a repeat, changed nothing",
    "quarantined": "kept only: its id is known with another content",
    "pending": "waits: its SMS is not known yet",
    "unreadable": "kept only: could not be read",
}
_SIGNATURES = {
    Signature.GOOD: "signature good",
    Signature.LATE: "signature good, late",
    Signature.MISSING: "signature missing",
    Signature.WRONG: "signature wrong",
}
_ACCEPTED = "0"
_WHOLE = re.compile(r"\d{1,15}", re.ASCII)
_MINUTE_S = 60


def what_to_do(details: SmsDetails, retry_key: str) -> str:
    """What the reader can do about its state; empty where there is nothing, and where its reason says so already."""
    sms = details.sms
    if sms.status is Status.UNKNOWN:
        return f"{retry_key} among the messages repeats it; it may arrive twice"
    if sms.status is Status.QUEUED and sms.held:
        return f"{retry_key} among the messages tries it now"
    hint = next((meaning.hint for meaning in _meanings(details) if meaning.hint), "")
    return "" if hint in (sms.reason or "") else hint


def _meanings(details: SmsDetails) -> Iterator[Meaning]:
    """What is known of why it did not arrive: the parts' own codes first."""
    sms = details.sms
    if sms.status not in {Status.FAILED, Status.REFUSED, Status.REJECTED, Status.EXPIRED}:
        return
    for part in sms.parts:
        if part.error_code:
            is_refused = part.status is Status.REFUSED
            yield codes.send_status(part.error_code) if is_refused else codes.receipt_error(part.error_code)
    if sms.answer is not None and sms.answer.status not in {None, _ACCEPTED}:
        yield codes.send_status(sms.answer.status or "", sms.answer.error_text)


def code_rows(code: str, *, is_refused: bool, words: str | None = None) -> Iterator[Row]:
    """A code with its meaning, and what to do about it.

    Args:
        is_refused: the `status` of an answer; else the `err-code` of a receipt.
    """
    meaning = codes.send_status(code, words) if is_refused else codes.receipt_error(code)
    name = "status" if is_refused else "err-code"
    yield Row("", f"{name} {code}: {meaning.name}: {meaning.sentence}")
    if meaning.hint:
        yield Row("", meaning.hint, Ink.HINT)


def attempts(past: Iterable[PastAttempt], marks: Marks, zone: tzinfo | None) -> Iterator[Row]:
    """Each attempt: when, what it came to, and what the gateway answered."""
    for number, attempt in enumerate(past, 1):
        took = "" if attempt.ended_at is None else f", after {_took(attempt.ended_at - attempt.begun_at)}"
        yield Row(
            f"attempt {number}",
            f"{moment(attempt.begun_at, zone)} {marks.dot} {_STATES.get(attempt.state, attempt.state)}{took}",
            _INKS.get(attempt.state, Ink.TEXT),
        )
        if attempt.reason:
            yield Row("", attempt.reason)
        if attempt.answer is not None:
            yield from _answer(attempt.answer, marks)
        yield Row("", f"own id {attempt.ref}", Ink.HINT)
        if attempt.quota:
            yield Row("quota", quota_words(attempt.quota, zone))


def quota_words(said: Mapping[str, str], zone: tzinfo | None) -> str:
    """`12 of 5,000 this month, reset 1 Jun 2026 02:00:00`; as they came where the headers do not have both numbers.

    Args:
        said: the headers that came with an answer, under KPN's names.
    """
    used, limit = said.get("quota-used", ""), said.get("quota-limit", "")
    if not (_WHOLE.fullmatch(used) and _WHOLE.fullmatch(limit)):
        return ", ".join(f"{name} {value}" for name, value in said.items())
    unit, count = said.get("quota-time-unit", ""), said.get("quota-interval", "1")
    period = "" if not unit else f" this {unit}" if count == "1" else f" in {count} {unit}s"
    reset = f", reset {_reset(said['quota-reset-UTC'], zone)}" if "quota-reset-UTC" in said else ""
    return f"{int(used):,} of {int(limit):,}{period}{reset}"


def _reset(said: str, zone: tzinfo | None) -> str:
    """A moment, in UTC where it names no zone, as its header's name says; what is none, as it came."""
    try:
        at = datetime.fromisoformat(said)
        return moment(at if at.tzinfo else at.replace(tzinfo=UTC), zone)
    except (ValueError, OverflowError):
        return said


def _answer(answer: Answer, marks: Marks) -> Iterator[Row]:
    words = [] if answer.http is None else [f"HTTP {answer.http}"]
    if answer.transaction_id:
        words.append(f"transaction {answer.transaction_id}")
    if words:
        yield Row("", f" {marks.dot} ".join(words))
    if answer.status is not None:
        yield from code_rows(answer.status, is_refused=True, words=answer.error_text)
    if answer.error_text:
        yield Row("", f"the gateway's words: {answer.error_text}")


def receipts(details: SmsDetails, marks: Marks, zone: tzinfo | None) -> Iterator[Row]:
    """Each receipt: when it came, for which part, and what it says."""
    for receipt in details.receipts:
        yield from _receipt(receipt, details.sms.created_at, marks, zone)


def _receipt(receipt: PastReceipt, written_at: datetime, marks: Marks, zone: tzinfo | None) -> Iterator[Row]:
    dot = f" {marks.dot} "
    part = "the SMS" if receipt.place is None else f"part {receipt.place}"
    when = f"{moment(receipt.received_at, zone)}{dot}{_took(receipt.received_at - written_at)} after it was written"
    yield Row(part, f"{receipt.status or '(no status)'}{dot}{when}", _receipt_ink(receipt.status))
    words = [f"callback {receipt.callback_id}"]
    if receipt.network:
        words.append(f"network {receipt.network}")
    if receipt.price is not None:
        words.append(exact(receipt.price, marks))
    if receipt.scts:
        words.append(f"scts {receipt.scts} as it came")
    yield Row("", dot.join(words), Ink.HINT)
    if receipt.message_id:
        yield Row("", f"message id {receipt.message_id}", Ink.HINT)
    if receipt.client_ref:
        yield Row("", f"client-ref {receipt.client_ref}", Ink.HINT)
    if receipt.error_code:
        yield from code_rows(receipt.error_code, is_refused=False)


def _receipt_ink(status: str) -> Ink:
    try:
        return ink_of(Status(status.strip().lower()))
    except ValueError:
        return Ink.TEXT


def callbacks(kept: Iterable[KeptCallback], marks: Marks, zone: tzinfo | None) -> Iterator[Row]:
    """Each callback that made or moved it."""
    dot = f" {marks.dot} "
    for callback in kept:
        words = [moment(callback.raw.received_at, zone), f"{callback.raw.method} {callback.kind.value}"]
        words.append(_OUTCOMES.get(callback.outcome, callback.outcome))
        signature = _SIGNATURES.get(callback.raw.signature)
        yield Row(f"no. {callback.id}", dot.join([*words, signature] if signature else words))
        if callback.reason:
            yield Row("", callback.reason)


def _took(took: timedelta) -> str:
    """`0.21 s`, `3 min 5 s`, `2 h 10 min`; never less than nothing: clocks are set while one waits."""
    seconds = max(took.total_seconds(), 0.0)
    if seconds < _MINUTE_S:
        return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"  # noqa: PLR2004 - two digits are enough
    minutes, rest = divmod(round(seconds), _MINUTE_S)
    if minutes < _MINUTE_S:
        return f"{minutes} min {rest} s"
    return f"{minutes // _MINUTE_S} h {minutes % _MINUTE_S} min"
