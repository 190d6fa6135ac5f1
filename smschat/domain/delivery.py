"""The life of an SMS: its states, the steps between them, and what answers and receipts do to it.

How it works
------------
An **SMS** is what the user wrote. An **attempt** is one POST at most. A **part** is one gateway message id.

* `queued` is on disk and not tried, or certain not to have left. `sending` is committed before the first byte.
* From `sending` a *verdict* leads on: `accepted`, `refused`, back to `queued` (only what is certain not to have
  left), or `unknown`. `unknown` is never resent by itself; only a receipt, or the user, leads out of it.
* A **receipt** moves one part, and only up in rank: accepted < buffered < failed = expired = rejected < delivered.
  Status `unknown` in a receipt moves nothing. Receipts come late, twice, out of order, and before the answer.
* The SMS shows its least advanced part; a part that is not known yet counts as `accepted`, because one receipt
  proves that the gateway took the SMS. Some parts refused and others accepted: `failed`, and nothing is resent
  unasked.

Sources: KPN's OpenAPI document "SMS - Vonage" and Vonage's SMS API (send status, receipt status); the ranks are
smschat's own rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Status(StrEnum):
    """The state of an SMS, or of one of its parts, as scripts and the screen name it."""

    SCHEDULED = "scheduled"
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    BUFFERED = "buffered"
    FAILED = "failed"
    EXPIRED = "expired"
    REJECTED = "rejected"
    DELIVERED = "delivered"
    REFUSED = "refused"
    RECEIVED = "received"
    PARTIAL = "partial"


S = Status

_TOLD = frozenset({S.ACCEPTED, S.BUFFERED, S.FAILED, S.EXPIRED, S.REJECTED, S.DELIVERED})

STEPS: Mapping[Status, frozenset[Status]] = {
    S.SCHEDULED: frozenset({S.QUEUED}),
    S.QUEUED: frozenset({S.SENDING, S.REFUSED, S.UNKNOWN}) | _TOLD,
    S.SENDING: frozenset({S.QUEUED, S.UNKNOWN, S.REFUSED}) | _TOLD,
    S.UNKNOWN: frozenset({S.QUEUED}) | _TOLD,
    S.ACCEPTED: frozenset({S.BUFFERED, S.FAILED, S.EXPIRED, S.REJECTED, S.DELIVERED}),
    S.BUFFERED: frozenset({S.FAILED, S.EXPIRED, S.REJECTED, S.DELIVERED}),
    S.FAILED: frozenset({S.DELIVERED}),
    S.EXPIRED: frozenset({S.DELIVERED}),
    S.REJECTED: frozenset({S.DELIVERED}),
    S.DELIVERED: frozenset(),
    S.REFUSED: frozenset(),
    S.PARTIAL: frozenset({S.RECEIVED}),
    S.RECEIVED: frozenset(),
}
"""The allowed steps. `unknown → queued` is the user's own repeat: a new attempt with the user's consent in its row.
Out of `queued` by a receipt: an earlier attempt proves itself while the next one waits, which is then not made.
`queued → unknown`: a repeat is withdrawn, and the first attempt is as unknown as before."""

RANK: Mapping[Status, int] = {
    S.ACCEPTED: 3,
    S.BUFFERED: 4,
    S.FAILED: 5,
    S.EXPIRED: 5,
    S.REJECTED: 5,
    S.DELIVERED: 6,
}
"""The ranks of what a receipt can say; anything else is below all of them."""

FINAL = frozenset({S.DELIVERED, S.FAILED, S.EXPIRED, S.REJECTED, S.REFUSED})
"""States that end `send --wait`."""

NOT_SENT = frozenset({S.SCHEDULED, S.QUEUED, S.REFUSED})
"""States in which it is certain that nothing left this machine, or that nothing was taken."""


def may_become(old: Status, new: Status) -> bool:
    """Whether the step is one of `STEPS`; staying is always allowed."""
    return old == new or new in STEPS[old]


def after_receipt(part: Status | None, receipt: str) -> Status | None:
    """The state of a part after a receipt with this `status` text; None: still nothing known.

    Args:
        part: what is known of the part so far; None before any answer or receipt.
        receipt: the receipt's status as the gateway wrote it; unknown words move nothing.
    """
    try:
        told = Status(receipt.strip().lower())
    except ValueError:
        return part
    if told not in RANK:
        return part
    return told if part is None or RANK[told] > RANK.get(part, 0) else part


def of_parts(parts: Iterable[Status], segments: int) -> Status | None:
    """The state of an SMS from the states of its parts; None when no part has any.

    Args:
        parts: one state for each known part; `refused` for a part that the gateway refused.
        segments: how many parts are expected, 1 or more.
    """
    known = list(parts)
    if not known:
        return None
    refused = known.count(S.REFUSED)
    if refused == len(known):
        return S.REFUSED
    if refused:
        return S.FAILED
    if len(known) < segments:
        known.append(S.ACCEPTED)
    return min(known, key=lambda status: RANK[status])


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAnswer:
    """What the gateway said of one part in its answer to a send.

    Attributes:
        status: its status code as text, `"0"` is accepted; empty when missing, which is never a success.
        price, remaining_balance: decimals as text, as the gateway wrote them; None when missing or masked.
    """

    status: str
    message_id: str | None = None
    error_text: str | None = None
    network: str | None = None
    price: str | None = None
    remaining_balance: str | None = None
    client_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAnswer:
    """A readable answer to one POST of a send: HTTP 200 and at least one part.

    Attributes:
        count: its `message-count`, which may be more than the parts that it tells of; 0 where it names none.
        quota: the quota headers that came with it, as KPN names them.
    """

    http: int
    parts: tuple[PartAnswer, ...]
    count: int = 0
    transaction_id: str | None = None
    quota: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the gateway said last of an SMS, for the details and for scripts."""

    http: int | None = None
    status: str | None = None
    error_text: str | None = None
    transaction_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one attempt came to; the outbox makes it, the store carries it out.

    Attributes:
        status: `accepted`, `failed` (some parts refused), `refused`, `queued` (certain not to have left), `unknown`.
        reason: one sentence for the reader; None when all went well.
        parts: the parts of the answer; empty when there was no readable one.
        count: how many parts the answer counts; 0 where it names no number.
        wait_s: for `queued`: seconds until the next try; None: at once.
        holds_all: for `queued`: every other SMS waits as long (throttled), not only this one.
        quota: the quota headers of the answer, as KPN names them; empty when there were none.
    """

    status: Status
    reason: str | None = None
    parts: tuple[PartAnswer, ...] = ()
    count: int = 0
    answer: Answer | None = None
    wait_s: float | None = None
    holds_all: bool = False
    quota: Mapping[str, str] = field(default_factory=dict)
