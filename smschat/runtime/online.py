"""What needs the network: the gateway client, and for the process that owns the duty receiving and the outbox.

The rule: a step that fails never ends the program; it leaves less working, and `Health` says which. One process of a
profile receives; the others look twice a second at who it is and where it is reached, and one of them takes over when
it ends or dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from smschat.domain.addresses import inbound_address, receipt_address
from smschat.domain.changes import Condition, Subsystem
from smschat.errors import (
    GatewayError,
    NotAuthorisedError,
    SmschatError,
    StoreError,
    TokenRefusedError,
    UnreachableError,
)
from smschat.messaging import account, verdicts
from smschat.messaging.outbox import Outbox
from smschat.runtime.closing import closing
from smschat.runtime.receiving import Receiving
from smschat.runtime.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from smschat.domain.account import Registration
    from smschat.domain.callbacks import RawCallback
    from smschat.gateway import KpnGateway
    from smschat.runtime.root import Runtime

RECEIVING: Final = "receiving"
FOLLOW_S: Final = 0.4
"""Seconds between two looks at the process that receives, each of them a try to take over from it."""

ORPHANS_S: Final = 5.0
PARTIAL_AFTER: Final = timedelta(seconds=60)
"""A long inbound SMS is shown with its gaps after this long."""

log = logging.getLogger(__name__)


class Online:
    """The networked half of a runtime."""

    def __init__(self, runtime: Runtime) -> None:
        self.plan = runtime.plan
        self.store = runtime.store
        self.health = runtime.health
        self._messenger = runtime.messenger
        self._clock = runtime.clock
        self._gateway: KpnGateway | None = None
        self._outbox: Outbox | None = None
        self._receiving: Receiving | None = None
        self._followed_url: str | None = None
        self._token = ""
        self._no_gateway: SmschatError | None = None
        self._is_store_down = False
        self._tasks = Tasks(self._store_trouble)
        self._is_prepared = asyncio.Event()
        self._parts_waiting = asyncio.Event()

    async def start(self, *, receiving: bool) -> None:
        """Make the gateway, and with `receiving` try to own the listener from here on.

        Who receives is told, and listener and tunnel come up, while the client secret is still being asked for.
        """
        self._token = await self.store.path_token()
        self._followed_url = await self._owner_url()
        if receiving:
            self._tasks.start("keeper", self._keep)
        else:
            self._tasks.start("follower", self._follow)
        await self._prepare_gateway()
        self._is_prepared.set()

    async def _prepare_gateway(self) -> None:
        if self.plan.companion is not None:
            await self._step(self.plan.companion.start)
        missing = await asyncio.to_thread(lambda: self.plan.missing)
        if missing is None:
            await self._step(self._make_gateway)
        else:
            self._no_gateway = missing
            self.health.report(Subsystem.GATEWAY, Condition.OFF, verdicts.why(missing))

    async def stop(self) -> None:
        """Stop everything in reverse order, and give no part more than a second."""
        await self._tasks.stop()
        if self._outbox is not None:
            await closing("outbox", self._outbox.stop())
        if self._receiving is not None:
            await self._receiving.stop()
        if self._gateway is not None:
            await closing("gateway", self._gateway.aclose())
        if self.plan.companion is not None:
            await closing("simulator", self.plan.companion.stop())
        if self._receiving is not None:
            await closing("owner", self.store.publish_owner(None))
        await closing("duty", self.store.disown(RECEIVING))

    def wake(self) -> None:
        """Something may be due for the outbox."""
        if self._outbox is not None:
            self._outbox.wake()

    @property
    def outbox(self) -> Outbox:
        """The outbox; there is one after `go_online`."""
        if self._outbox is None:
            raise self.plan.missing or UnreachableError("smschat is not online yet", hint="wait a moment")
        return self._outbox

    @property
    def fault(self) -> SmschatError | None:
        """What keeps this process from receiving; None while nothing does, or another process receives."""
        if self._receiving is None:
            return None
        return self._no_gateway or next(iter(self._receiving.faults.values()), None)

    def callback_url(self) -> str | None:
        """The inbound address of now, path token included; None while there is none."""
        public_url = self._public_url()
        return inbound_address(public_url, self._token) if public_url else None

    async def register(self, *, number: str, url: str) -> Registration:
        """Tell the gateway a callback address.

        Raises:
            GatewayError: it was not taken.
        """
        gateway = self._gateway or await self._make_gateway()
        return await account.register(self.store, gateway, number=number, url=url, clock=self._clock)

    def _public_url(self) -> str | None:
        """The origin of now: one that needs no opening, else what is open here, else the receiving process's."""
        if self.plan.tunnel.public_url is not None:
            return self.plan.tunnel.public_url
        return self._followed_url if self._receiving is None else self._receiving.public_url

    async def _owner_url(self) -> str | None:
        owner = await self.store.owner()
        return owner.public_url if owner else None

    async def _make_gateway(self) -> KpnGateway:
        """Make the client, in a thread because the secret may come from a slow command, and the outbox."""
        self._gateway = await asyncio.to_thread(self.plan.make_gateway)
        self._outbox = Outbox(
            self.store,
            self._gateway,
            receipt_address=self._receipt_address_now,
            rate=self.plan.rate,
            trouble=self._gateway_trouble,
            clock=self._clock,
        )
        return self._gateway

    def _receipt_address_now(self, ref: str) -> str | None:
        public_url = self._public_url()
        return receipt_address(public_url, self._token, ref) if public_url else None

    async def _follow(self) -> None:
        """Know the address of the process that receives, until cancelled."""
        while True:
            await asyncio.sleep(FOLLOW_S)
            self._followed_url = await self._owner_url()
            self._store_trouble(None)

    async def _keep(self) -> None:
        """Own the duty to receive as soon as nobody else does, and start what goes with it."""
        while not await self.store.own(RECEIVING):
            owner = await self.store.owner()
            named = f" (process {owner.pid})" if owner else ""
            self._followed_url = owner.public_url if owner else None
            self._store_trouble(None)
            self.health.report(Subsystem.LISTENER, Condition.OFF, f"another smschat is receiving{named}")
            await asyncio.sleep(FOLLOW_S)
        await self.store.settle_orphans()
        self._receiving = Receiving(
            self.plan,
            self.store,
            self.health,
            token=self._token,
            take=self._take,
            clock=self._clock,
        )
        duties = {
            "owner": self._receiving.keep_published,
            "reachable": self._receiving.keep_reachable,
            "callback": self._keep_registered,
            "parts": self._show_partials,
            "orphans": self._settle_orphans,
            "outbox": self._drain,
        }
        for name, duty in duties.items():
            self._tasks.start(name, duty)

    async def _keep_registered(self) -> None:
        await self._is_prepared.wait()
        if self._receiving is not None:
            await self._receiving.keep_registered(None if self._gateway is None else self._register_own)

    async def _drain(self) -> None:
        await self._is_prepared.wait()
        if self._outbox is not None:
            await self._outbox.run()

    async def _register_own(self, url: str) -> None:
        """Tell the gateway the own number's address, and `Health` how the gateway is."""
        try:
            await self.register(number=self.plan.identity.number, url=url)
        except GatewayError as error:
            self._gateway_trouble(error)
            raise
        except StoreError as error:
            self._store_trouble(error)
            raise
        self._gateway_trouble(None)

    async def _take(self, raw: RawCallback) -> None:
        from smschat.webhook.parse import meaning  # noqa: PLC0415 - loaded with the listener already

        try:
            taken = await self._messenger.take_callback(raw, meaning(raw, self.plan.identity.country))
        except StoreError as error:
            self._store_trouble(error)
            raise
        if taken.sms_id is None and not taken.is_repeat:
            self._parts_waiting.set()

    async def _show_partials(self) -> None:
        while True:
            self._parts_waiting.clear()
            again = await self.store.show_partials(older_than=self._clock() - PARTIAL_AFTER)
            wait_s = None if again is None else max(0.5, (again - self._clock()).total_seconds())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._parts_waiting.wait()

    async def _settle_orphans(self) -> None:
        while True:
            await asyncio.sleep(ORPHANS_S)
            if await self.store.settle_orphans():
                self.wake()
            if self._is_store_down and self._receiving is not None:
                await self.store.publish_owner(self._receiving.owner())  # a full disk can still be read
                self._store_trouble(None)

    async def _step(self, step: Callable[[], Awaitable[object]]) -> None:
        """One step towards the gateway: what goes wrong is said, and the rest goes on without it."""
        try:
            await step()
        except SmschatError as error:
            self._no_gateway = error
        except Exception:
            log.exception("the gateway client could not be made")
            self._no_gateway = SmschatError("an error of smschat's own", hint="the log has it")
        else:
            return
        self.health.report(Subsystem.GATEWAY, Condition.DOWN, verdicts.why(self._no_gateway))

    def _gateway_trouble(self, error: SmschatError | None) -> None:
        if error is None:
            self.health.report(Subsystem.GATEWAY, Condition.UP)
        elif isinstance(error, UnreachableError | NotAuthorisedError) and not isinstance(error, TokenRefusedError):
            self.health.report(Subsystem.GATEWAY, Condition.DOWN, error.message)

    def _store_trouble(self, error: StoreError | None) -> None:
        """Say how the store is; None: it works."""
        if error is not None:
            self.health.report(Subsystem.STORE, Condition.DOWN, verdicts.why(error))
        elif self._is_store_down:
            self.health.report(Subsystem.STORE, Condition.UP)
        self._is_store_down = error is not None
