"""What goes over the wire, as somebody who watches is shown it.

The rule: secrets are masked before an exchange is made; it lives in memory only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Step(StrEnum):
    """What went, in the order of an SMS's life."""

    TOKEN = "token"  # noqa: S105 - no secret
    SEND = "send"
    ANSWER = "answer"
    RECEIPT = "receipt"
    INBOUND = "inbound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request or answer, ours or the gateway's.

    Attributes:
        at: when, aware, in UTC.
        sms_id: whose it is; None: nobody's in particular (a token), or not known.
        line: the method and the last part of the path, or the HTTP status of an answer.
        fields: names and values as they stood, secrets masked.
        took_ms: an answer's delay in milliseconds; None: not measured.
    """

    at: datetime
    step: Step
    sms_id: str | None = None
    line: str = field(repr=False)
    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    took_ms: float | None = None
