"""Everything that is known of one SMS, for its details: the attempts, what was answered, and every receipt.

The rule: as it was kept, in the order in which it came; nothing is worked out here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from smschat.domain.callbacks import KeptCallback
    from smschat.domain.delivery import Answer
    from smschat.domain.sms import Sms


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAttempt:
    """One POST at most, and what it came to.

    Attributes:
        ref: its id, which stands in its callback address and is its `client-ref` unless the user gave one.
        state: `sending`, `unsent` (certain not to have left), `unknown`, `refused` or `accepted`.
        ended_at: when its outcome was known; None while it is under way.
        reason: one sentence; None when all went well.
        quota: the quota headers of the answer, as KPN names them; empty when there were none.
    """

    ref: str
    state: str
    begun_at: datetime
    ended_at: datetime | None = None
    reason: str | None = None
    answer: Answer | None = None
    quota: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReceipt:
    """A receipt that came for an SMS.

    Attributes:
        callback_id: the callback that brought it.
        place: the part it is about, counted from 1; None where only the SMS is known.
        status: as the gateway wrote it, lower case.
        error_code: err-code; None for `0` or none.
        scts: as it came: local to the network or UTC, so never used for order.
    """

    callback_id: str
    received_at: datetime
    message_id: str | None = None
    place: int | None = None
    status: str
    error_code: str | None = None
    network: str | None = None
    price: str | None = None
    scts: str | None = None
    client_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsDetails:
    """An SMS with its whole history.

    Attributes:
        client_ref: the user's own reference; None: each attempt's own id was used.
        attempts, receipts, callbacks: oldest first; an inbound SMS has callbacks only, one for each part and repeat.
    """

    sms: Sms
    client_ref: str | None = None
    wants_receipt: bool = True
    wants_inbound: bool = True
    attempts: tuple[PastAttempt, ...] = ()
    receipts: tuple[PastReceipt, ...] = ()
    callbacks: tuple[KeptCallback, ...] = ()
