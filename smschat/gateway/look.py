"""A look at the gateway: one call that can never be an SMS, and what its answer shows.

The rule: the form names a sender and no recipient, so that whatever the gateway makes of it, nobody gets an SMS; that
it refuses this for the missing recipient proves the token and the product.

Sources: KPN's OpenAPI document SMS-Vonage v1.1.1 (`to` is required).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from smschat.domain.codes import send_status
from smschat.errors import GatewayRefusedError
from smschat.gateway import wire
from smschat.gateway.quota import quota_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from smschat.gateway.faults import Reply

FIELDS: Final[Mapping[str, str]] = MappingProxyType({"from": "smschat"})
"""The whole form: no recipient, no text."""

INVALID_REQUEST: Final = 400

ACCOUNT_STATUSES: Final = frozenset({"4", "8", "9", "11", "32"})
"""The statuses of a send that are about the account and would meet every SMS: credentials behind KPN, barred, no
credit, not enabled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a look at the gateway showed; that there is one means that it takes the token, and knows the product.

    Attributes:
        level: the project's tier as the token's answer has it, `demo` or `prod`; None when not said.
        date: the gateway's clock, to the second, from the `Date` header; None when it does not tell.
        asked_at: our own clock when its answer had come, aware, in UTC.
        quota: the quota headers that came, named as KPN writes them, with their text; empty when there are none.
    """

    level: str | None
    date: datetime | None
    asked_at: datetime
    quota: Mapping[str, str] = field(default_factory=dict)


def read(reply: Reply, *, level: str | None, now: datetime) -> Look:
    """What a look's answer shows.

    Raises:
        GatewayRefusedError: it refuses the account rather than the missing recipient.
        UnreadableError: the answer is an error of another kind, or none at all; it is to be read as an error.
    """
    if reply.http != INVALID_REQUEST:
        _read_refusal(reply)
    return Look(level=level, date=_date(reply.headers), asked_at=now, quota=quota_of(reply.headers))


def _read_refusal(reply: Reply) -> None:
    if not 200 <= reply.http < 300:  # noqa: PLR2004 - HTTP statuses
        raise wire.UnreadableError("the HTTP status is neither a success nor 400")
    for part in wire.read_send(reply.http, reply.body).parts:
        if part.status in ACCOUNT_STATUSES:
            meaning = send_status(part.status, part.error_text)
            error = GatewayRefusedError(meaning.sentence, hint=meaning.hint, code=f"status_{part.status}")
            error.http, error.said, error.quota = reply.http, part.error_text, quota_of(reply.headers)
            raise error


def _date(headers: Mapping[str, str]) -> datetime | None:
    try:
        at = parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, OverflowError):
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
