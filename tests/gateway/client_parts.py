"""What the tests of the gateway client share: a secret, an SMS to send, and a client that closes itself."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from smschat.domain.delivery import Status
from smschat.domain.sms import Attempt, Direction, Encoding, Sms, SmsType
from smschat.gateway import KpnGateway, Timeouts
from tests.standin import Manner

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
CANARY = "zq7-canary-secret"
CALLBACK = "https://name.example/AAAAAAAAAAAAAAAAAAAAAA/r/abcdefghijk"


@dataclass(frozen=True)
class Secret:
    """A secret that hides itself as the settings' own does."""

    value: str = CANARY

    def __repr__(self) -> str:
        return "Secret(*****)"

    def reveal(self) -> str:
        return self.value


class Clocks:
    """Two clocks that move when told to."""

    def __init__(self) -> None:
        self.wall_s = NOON.timestamp()
        self.monotonic_s = 1000.0

    def wall(self) -> float:
        return self.wall_s

    def monotonic(self) -> float:
        return self.monotonic_s

    def advance(self, seconds: float) -> None:
        self.wall_s += seconds
        self.monotonic_s += seconds


def timeouts_for(manner: Manner) -> Timeouts:
    """Short where nothing ever comes; where something does, a busy machine has all the time it needs."""
    return Timeouts(read_s=1) if manner is Manner.SILENT else Timeouts()


def an_sms(text: str = "hello", type_: SmsType = SmsType.TEXT, **more: Any) -> Sms:
    """An SMS about to be sent."""
    return Sms(
        id="8c1f" * 8,
        seq=1,
        revision=1,
        direction=Direction.OUTBOUND,
        peer="31611111111",
        sender="31970000000",
        recipient="31611111111",
        type=type_,
        text=text,
        encoding=Encoding.GSM7 if type_ is SmsType.TEXT else Encoding.UCS2,
        segments=1,
        status=Status.SENDING,
        created_at=NOON,
        updated_at=NOON,
        **more,
    )


def an_attempt(text: str = "hello", type_: SmsType = SmsType.TEXT, **more: Any) -> Attempt:
    """One POST at most."""
    return Attempt(ref="abcdefghijk", sms=an_sms(text, type_), **more)


@asynccontextmanager
async def gateway_at(api_url: str, **more: Any) -> AsyncIterator[KpnGateway]:
    """A client of the gateway at this address."""
    gateway = KpnGateway(api_url=api_url, client_id="demo", client_secret=Secret(), **more)
    try:
        yield gateway
    finally:
        await gateway.aclose()
