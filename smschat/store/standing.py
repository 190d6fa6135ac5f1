"""What an SMS has come to, from all that is known of its attempts and their parts; and what it has cost."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Final

from smschat.domain.delivery import RANK, Status, of_parts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

_PRICE: Final = re.compile(r"\d{1,12}(\.\d{1,12})?", re.ASCII)
_DIGITS: Final = 60


def of_attempt(parts: Iterable[Status], segments: int) -> Status | None:
    """The state that the parts of one attempt come to; None when nothing is known.

    More parts than segments are known when a receipt names another id than the answer did: the most advanced count.
    """
    known = list(parts)
    refused = [status for status in known if status is Status.REFUSED]
    told = sorted((status for status in known if status in RANK), key=RANK.__getitem__, reverse=True)
    return of_parts([*refused, *told[: max(segments - len(refused), 1)]], segments)


def of_sms(db: sqlite3.Connection, seq: int) -> Status | None:
    """The most advanced of an SMS's attempts; None when neither an answer nor a receipt told of any."""
    (segments,) = db.execute("SELECT segments FROM sms WHERE seq = ?", (seq,)).fetchone()
    parts: defaultdict[str | None, list[Status]] = defaultdict(list)
    for row in db.execute("SELECT attempt, status FROM part WHERE sms = ?", (seq,)):
        parts[row["attempt"]].append(Status(row["status"]))
    states = [of_attempt(statuses, segments) for statuses in parts.values()]
    if db.execute("SELECT 1 FROM attempt WHERE sms = ? AND state = 'accepted'", (seq,)).fetchone():
        states.append(Status.ACCEPTED)
    told = [state for state in states if state is not None]
    return max(told, key=lambda state: RANK.get(state, 0), default=None)


def has_unknown_attempt(db: sqlite3.Connection, seq: int, *, but: str) -> bool:
    """Whether another attempt of the SMS may have been sent."""
    row = db.execute("SELECT 1 FROM attempt WHERE sms = ? AND ref <> ? AND state = 'unknown'", (seq, but)).fetchone()
    return row is not None


def total_price(db: sqlite3.Connection, seq: int) -> str | None:
    """The sum of the parts' prices with all their digits; None when none is known."""
    found = db.execute("SELECT price FROM part WHERE sms = ? AND price IS NOT NULL", (seq,)).fetchall()
    return summed([row[0] for row in found])


def summed(prices: Sequence[str]) -> str | None:
    """Decimals as text added up; what is no plain decimal is left out; None when nothing is left."""
    known = [Decimal(price) for price in prices if _PRICE.fullmatch(price)]
    if not known:
        return None
    with localcontext() as context:
        context.prec = _DIGITS
        return format(sum(known, Decimal()), "f")
