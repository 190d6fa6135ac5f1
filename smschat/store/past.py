"""What is written in bulk: conversations and SMS of the past, as plain values.

The rule: values only; what is done with them is in `history`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smschat.domain.sms import SmsOptions

if TYPE_CHECKING:
    from datetime import datetime

    from smschat.domain.delivery import Answer, Status
    from smschat.domain.sms import Direction, Encoding, Part, SmsType


@dataclass(frozen=True, slots=True, kw_only=True)
class PastConversation:
    """A conversation of the past.

    Attributes:
        unread: how many of its newest inbound SMS are new.
    """

    peer: str = field(repr=False)
    name: str = field(default="", repr=False)
    draft: str = field(default="", repr=False)
    pinned: bool = False
    muted: bool = False
    archived: bool = False
    opted_out: bool = False
    blocked: bool = False
    unread: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSms:
    """An SMS of the past; the fields are those of `Sms`.

    Attributes:
        updated_at: None: never changed since it was made.
    """

    id: str
    peer: str = field(repr=False)
    direction: Direction
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    type: SmsType
    text: str = field(repr=False)
    encoding: Encoding
    segments: int
    status: Status
    reason: str | None = None
    created_at: datetime
    updated_at: datetime | None = None
    price: str | None = None
    remaining_balance: str | None = None
    parts: tuple[Part, ...] = ()
    answer: Answer | None = None
    keyword: str | None = field(default=None, repr=False)
    data: str | None = field(default=None, repr=False)
    udh: str | None = field(default=None, repr=False)
    options: SmsOptions = field(default_factory=SmsOptions)
