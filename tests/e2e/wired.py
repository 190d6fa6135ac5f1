"""The product's own client, outbox, store and listener against the stand-in, in one process; only the clock is ours."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from smschat.domain.identity import Identity
from smschat.domain.secret import Secret
from smschat.gateway import KpnGateway, Timeouts
from smschat.messaging.compose import Wish, compose
from smschat.messaging.messenger import Messenger
from smschat.messaging.outbox import Outbox
from smschat.store import SqliteStore
from smschat.webhook.listener import Listener
from smschat.webhook.parse import meaning
from tests.standin import SEND, TOKEN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from typing import Literal

    from smschat.domain.callbacks import RawCallback
    from smschat.domain.details import PastAttempt
    from smschat.domain.sms import Sms
    from tests.standin import Reply, Request, Standin

ME = Identity(number="31612345678", sender="31612345678", country="NL")


class Clock:
    """Time that passes only when somebody waits for it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 31, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    def wall(self) -> float:
        """Seconds since 1970."""
        return self.now.timestamp()


class Wired:
    """One profile that sends through the stand-in and is called back at a listener of its own."""

    def __init__(self, server: Standin, store: SqliteStore, gateway: KpnGateway, clock: Clock) -> None:
        self.server, self.store, self.gateway, self.clock = server, store, gateway, clock
        self.origin: str | None = None
        self._begun_at = clock.now
        self._seen = {path: len(server.of(path)) for path in (SEND, TOKEN)}

    def gateway_says(self, *replies: Reply) -> None:
        """Answer the next sends so; then as usual."""
        self.server.script(SEND, *replies)

    @property
    def sends(self) -> int:
        """Sends of this test."""
        return len(self.sent)

    @property
    def tokens(self) -> int:
        """Token requests of this test."""
        return len(self.server.of(TOKEN)) - self._seen[TOKEN]

    @property
    def sent(self) -> list[Request]:
        """What this test has sent."""
        return self.server.of(SEND)[self._seen[SEND] :]

    @property
    def waited_s(self) -> float:
        """Seconds that have passed on the clock."""
        return (self.clock.now - self._begun_at).total_seconds()

    def in_s(self, seconds: float) -> str:
        """A moment to come, as the gateway writes it."""
        return (self.clock.now + timedelta(seconds=seconds)).isoformat()

    async def send(self, text: str = "hello", *, give_up_s: float = 30.0) -> tuple[Sms, int]:
        """Send one as the shell does; the SMS, and the exit code that it amounts to."""
        address = None if self.origin is None else f"{self.origin}/r/"
        outbox = Outbox(
            self.store,
            self.gateway,
            receipt_address=lambda ref: address and address + ref,
            rate=1000,
            clock=self.clock,
            sleep=self.clock.sleep,
            random_unit=lambda: 1.0,
        )
        messenger = Messenger(self.store, ME, wake=outbox.wake, clock=self.clock)
        made = compose(Wish(to="31611111111", text=text), ME, claim=self.store.holder)
        sms = await messenger.post(made, confirmed=True)
        sms, error = await outbox.deliver(sms, give_up_s=give_up_s)
        return sms, error.exit_code if error else 0

    async def attempts(self, sms: Sms) -> tuple[PastAttempt, ...]:
        """What was tried."""
        details = await self.store.details(sms.id)
        assert details is not None
        return details.attempts

    async def call_back(self, address: str, fields: dict[str, str], as_: Literal["json", "form", "get"]) -> Sms:
        """Call a webhook as the gateway does; the newest outbound SMS as it is then."""
        assert await asyncio.to_thread(self.server.callback, address, fields, as_=as_) == 200
        return (await self.store.transcript("31611111111"))[-1]


@asynccontextmanager
async def wired(server: Standin, folder: Path) -> AsyncIterator[Wired]:
    """One profile, without a listener."""
    clock = Clock()
    store = await SqliteStore.open(folder / "data" / "default.db", clock=clock)
    gateway = KpnGateway(
        api_url=server.url,
        client_id="an-id",
        client_secret=Secret("a-secret"),
        timeouts=Timeouts(read_s=5),  # only a gateway that says nothing makes a test wait for it
        wall=clock.wall,
    )
    try:
        yield Wired(server, store, gateway, clock)
    finally:
        server.always(TOKEN, None)
        await gateway.aclose()
        await store.close()


@asynccontextmanager
async def listening(world: Wired) -> AsyncIterator[str]:
    """Listen for callbacks; the address of inbound SMS."""
    token = await world.store.path_token()

    async def take(raw: RawCallback) -> None:
        await world.store.take_callback(raw, meaning(raw, ME.country))

    listener = Listener(token, take, clock=world.clock)
    world.origin = f"{await listener.start('127.0.0.1', 0)}/{token}"
    try:
        yield world.origin
    finally:
        await listener.stop()
