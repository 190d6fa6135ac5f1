"""News for whoever shows something: small frozen values that carry the new row, announced after the commit."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from smschat.domain.conversation import Conversation
    from smschat.domain.exchanges import Exchange
    from smschat.domain.sms import Sms


@dataclass(frozen=True, slots=True)
class SmsChanged:
    """An SMS is new or has moved."""

    sms: Sms


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """A conversation is new, or its last SMS, unread count, draft or mark has changed."""

    conversation: Conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsDeleted:
    """The user deleted an SMS, or took back one that was scheduled."""

    sms_id: str
    peer: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationDeleted:
    """The user deleted a conversation with all that was in it."""

    peer: str = field(repr=False)


class Subsystem(StrEnum):
    """A part of the runtime that can be up or down by itself."""

    STORE = "store"
    LISTENER = "listener"
    TUNNEL = "tunnel"
    CALLBACK = "callback"
    GATEWAY = "gateway"
    OUTBOX = "outbox"
    NOTIFY = "notify_command"


class Condition(StrEnum):
    """How a part of the runtime is."""

    STARTING = "starting"
    UP = "up"
    DOWN = "down"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthChanged:
    """A part of the runtime is up, down or off.

    Attributes:
        text: a few words for the header or a sentence for the log; may name an address, never a secret.
        address: the listener's origin, or the tunnel's public one, without the path token; None where there is none.
        foreign_url: of the callback only: somebody else's address, which waits for a yes before ours takes its place.
    """

    part: Subsystem
    state: Condition
    text: str = ""
    address: str | None = field(default=None)
    foreign_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeSeen:
    """Something went over the wire in this process; shown while one looks, and kept nowhere."""

    exchange: Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceChanged:
    """The account's balance as the last answer told it: decimals as text, currency not given (EUR at Vonage)."""

    balance: str


Change: TypeAlias = (
    SmsChanged | ConversationChanged | SmsDeleted | ConversationDeleted | HealthChanged | BalanceChanged | ExchangeSeen
)
