"""Numbers decide what happens to an SMS, as test cards do.

The rule: one pure table from recipient and text to an outcome; no clock, no socket, no chance.

How it works
------------
| recipient                         | outcome                                                                 |
|-----------------------------------|-------------------------------------------------------------------------|
| 31600000001                       | delivered at once                                                       |
| 31600000002                       | buffered, delivered after 5 s                                           |
| 31600000003                       | expired (err-code 2)                                                    |
| 31600000004                       | failed, err-code 1, or N by `err=N` in the text                         |
| 31600000005                       | rejected (err-code 6)                                                   |
| 31600000006                       | delivered: the receipt before the answer, then twice                    |
| 31600000101 … 134                 | refused with gateway status 1 … 34                                      |
| 31600000401 / 403 / 429 / 500 / 503 | that HTTP status                                                      |
| 31600000900                       | no answer: the connection hangs                                         |
| 31600000901                       | the connection drops after the request is read; the SMS is delivered    |
| 31600000902                       | an answer that is not JSON                                              |
| 31600000903                       | answers after 10 s                                                      |
| anything else                     | delivered after a second                                                |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

DELIVERED_AFTER_S: Final = 1.0
BUFFERED_FOR_S: Final = 5.0
LATE_ANSWER_S: Final = 10.0

TESTED: Final = "31600000"
"""What all numbers of the table begin with; three digits follow."""

_ERR: Final = re.compile(r"\berr=(\d{1,3})\b")


class Reply(Enum):
    """What the request itself gets."""

    TAKEN = auto()
    REFUSED = auto()
    HTTP_ERROR = auto()
    NOTHING = auto()
    DROPPED = auto()
    NOT_JSON = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptDue:
    """A delivery receipt to come.

    Attributes:
        after_s: seconds after the answer, 0 or more.
        status: `delivered`, `buffered`, `expired`, `failed` or `rejected`.
        error_code: `"0"` is no error.
    """

    after_s: float
    status: str
    error_code: str = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of one `/send`.

    Attributes:
        gateway_status: for a refusal: the status code in the answer, as text.
        http: for an HTTP error: the status.
        answer_after_s: seconds from the request to its answer.
        before: receipts pushed before the answer.
        after: receipts pushed after it, in the order of their times.
    """

    reply: Reply = Reply.TAKEN
    gateway_status: str = "0"
    http: int = 200
    answer_after_s: float = 0.0
    before: tuple[ReceiptDue, ...] = ()
    after: tuple[ReceiptDue, ...] = ()


_AT_ONCE: Final = ReceiptDue(after_s=0.0, status="delivered")
_SOON: Final = ReceiptDue(after_s=DELIVERED_AFTER_S, status="delivered")

DELIVERED: Final = Outcome(after=(_SOON,))
"""What becomes of an SMS to a number that is not in the table."""

_TABLE: Final[Mapping[str, Outcome]] = {
    "001": Outcome(after=(_AT_ONCE,)),
    "002": Outcome(
        after=(ReceiptDue(after_s=0.0, status="buffered"), ReceiptDue(after_s=BUFFERED_FOR_S, status="delivered"))
    ),
    "003": Outcome(after=(ReceiptDue(after_s=DELIVERED_AFTER_S, status="expired", error_code="2"),)),
    "005": Outcome(after=(ReceiptDue(after_s=DELIVERED_AFTER_S, status="rejected", error_code="6"),)),
    "006": Outcome(before=(_AT_ONCE,), after=(_AT_ONCE, _AT_ONCE)),
    **{str(100 + code): Outcome(reply=Reply.REFUSED, gateway_status=str(code)) for code in range(1, 35)},
    **{str(http): Outcome(reply=Reply.HTTP_ERROR, http=http) for http in (401, 403, 429, 500, 503)},
    "900": Outcome(reply=Reply.NOTHING),
    "901": Outcome(reply=Reply.DROPPED, after=(_SOON,)),
    "902": Outcome(reply=Reply.NOT_JSON),
    "903": Outcome(answer_after_s=LATE_ANSWER_S, after=(_SOON,)),
}


DESCRIBED: Final = (
    ("31600000001", "delivered at once"),
    ("31600000002", "buffered, delivered after 5 s"),
    ("31600000003", "expired"),
    ("31600000004", "failed; `err=N` in the text chooses the error code"),
    ("31600000005", "rejected"),
    ("31600000006", "receipt before the answer, then twice"),
    ("31600000101 … 134", "refused with gateway status 1 … 34"),
    ("31600000401 … 503", "that HTTP status: 401, 403, 429, 500 or 503"),
    ("31600000900", "no answer: the connection hangs"),
    ("31600000901", "the connection drops; the SMS is delivered"),
    ("31600000902", "an answer that is not JSON"),
    ("31600000903", "answers after 10 s"),
    ("any other number", "delivered after a second"),
)
"""The table for those who look at it: numbers as they are written, and what becomes of an SMS to them."""


def outcome_of(recipient: str, text: str = "") -> Outcome:
    """What becomes of an SMS to this number (digits with country code)."""
    if not recipient.startswith(TESTED):
        return DELIVERED
    last = recipient.removeprefix(TESTED)
    return _failed(text) if last == "004" else _TABLE.get(last, DELIVERED)


def _failed(text: str) -> Outcome:
    named = _ERR.search(text)
    code = str(int(named[1])) if named else "1"
    return Outcome(after=(ReceiptDue(after_s=DELIVERED_AFTER_S, status="failed", error_code=code),))
