"""What needs the network: the gateway client, and for the process that owns the duty listener, tunnel and outbox.

The rule: a step that fails never ends the program; it leaves less working, and `Health` says which.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from smschat.domain.account import Owner
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

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from smschat.domain.account import Registration
    from smschat.domain.callbacks import RawCallback
    from smschat.gateway import KpnGateway
    from smschat.runtime.root import Runtime
    from smschat.webhook.listener import Listener

RECEIVING: Final = "receiving"
FOLLOW_S: Final = 0.4
"""Seconds between two tries to take over from the process that receives."""

ORPHANS_S: Final = 5.0
PARTIAL_AFTER: Final = timedelta(seconds=60)
"""A long inbound SMS is shown with its gaps after this long."""

REGISTER_AGAIN_S: Final = (5.0, 15.0, 60.0, 300.0)

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
        self._listener: Listener | None = None
        self._public_url: str | None = None
        self._token = ""
        self._is_owner = False
        self._tasks: list[asyncio.Task[None]] = []
        self._parts_waiting = asyncio.Event()

    async def start(self, *, receiving: bool) -> None:
        """Make the gateway, and with `receiving` try to own the listener from here on."""
        self._token = await self.store.path_token()
        if self.plan.companion is not None:
            await self._step(Subsystem.GATEWAY, self.plan.companion.start)
        missing = await asyncio.to_thread(lambda: self.plan.missing)
        if missing is None:
            await self._step(Subsystem.GATEWAY, self._make_gateway)
        else:
            self.health.report(Subsystem.GATEWAY, Condition.OFF, verdicts.why(missing))
        self._public_url = await self._known_address()
        if receiving:
            self._tasks.append(asyncio.create_task(self._supervised("keeper", self._keep), name="keeper"))

    async def stop(self) -> None:
        """Stop everything in reverse order."""
        for task in reversed(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        if self._outbox is not None:
            await closing("outbox", self._outbox.stop())
        if self._listener is not None:
            await closing("tunnel", self.plan.tunnel.close())
            await closing("listener", self._listener.stop())
        if self._gateway is not None:
            await closing("gateway", self._gateway.aclose())
        if self.plan.companion is not None:
            await closing("simulator", self.plan.companion.stop())
        if self._is_owner:
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

    def callback_url(self) -> str | None:
        """The inbound address, path token included; None while there is none."""
        return inbound_address(self._public_url, self._token) if self._public_url else None

    async def register(self, *, number: str, url: str) -> Registration:
        """Tell the gateway a callback address.

        Raises:
            GatewayError: it was not taken.
        """
        gateway = self._gateway or await self._make_gateway()
        return await account.register(self.store, gateway, number=number, url=url, clock=self._clock)

    async def _known_address(self) -> str | None:
        """The public origin without opening anything: a fixed one, else that of the process that receives."""
        if self.plan.tunnel.public_url is not None:
            return self.plan.tunnel.public_url
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
        return receipt_address(self._public_url, self._token, ref) if self._public_url else None

    async def _keep(self) -> None:
        """Own the duty to receive as soon as nobody else does, and carry it out until cancelled."""
        while not await self.store.own(RECEIVING):
            owner = await self.store.owner()
            named = f" (process {owner.pid})" if owner else ""
            self._public_url = await self._known_address()
            self.health.report(Subsystem.LISTENER, Condition.OFF, f"another smschat is receiving{named}")
            await asyncio.sleep(FOLLOW_S)
        self._is_owner = True
        await self.store.settle_orphans()
        if self._listener is None:
            await self._step(Subsystem.LISTENER, self._start_listener)
        if self._listener is not None:
            await self._step(Subsystem.TUNNEL, self._open_tunnel)
        await self.store.publish_owner(self._owner())
        duties = {"parts": self._show_partials, "orphans": self._settle_orphans}
        if self._outbox is not None:
            duties |= {"callback": self._keep_registered, "outbox": self._outbox.run}
        for name, duty in duties.items():
            self._tasks.append(asyncio.create_task(self._supervised(name, duty), name=name))

    async def _start_listener(self) -> None:
        from smschat.webhook.listener import Listener  # noqa: PLC0415 - after the first frame

        self.health.report(Subsystem.LISTENER, Condition.STARTING)
        listener = Listener(token=self._token, take=self._take)
        host, port = self.plan.listen
        await listener.start(host, port)
        self._listener = listener
        self.health.report(Subsystem.LISTENER, Condition.UP, "listening", address=listener.local_url)

    async def _open_tunnel(self) -> None:
        tunnel = self.plan.tunnel
        local_url = self._listener.local_url if self._listener else None
        assert local_url is not None  # noqa: S101 - for the type checker: only opened over a listener
        self.health.report(Subsystem.TUNNEL, Condition.STARTING, tunnel.name)
        self._public_url = await tunnel.open(local_url)
        if self._public_url is None:
            self.health.report(Subsystem.TUNNEL, Condition.OFF, f"{tunnel.name}: no public address")
        else:
            self.health.report(Subsystem.TUNNEL, Condition.UP, f"{tunnel.name} ok", address=self._public_url)

    async def _keep_registered(self) -> None:
        """Register the callback, and again after a while for as long as the gateway does not take it."""
        if self._listener is None:
            self.health.report(Subsystem.CALLBACK, Condition.OFF, "nothing listens, so nothing is registered")
            return
        url = self.callback_url()
        if url is None:
            self.health.report(Subsystem.CALLBACK, Condition.OFF, "no public address to register")
            return
        if not self.plan.identity.is_test:
            self.health.report(Subsystem.CALLBACK, Condition.OFF, "a production number's callback is set at the number")
            return
        waits = iter(REGISTER_AGAIN_S)
        while True:
            try:
                await self.register(number=self.plan.identity.number, url=url)
            except GatewayError as error:
                self.health.report(Subsystem.CALLBACK, Condition.DOWN, verdicts.why(error))
                self._gateway_trouble(error)
                await asyncio.sleep(next(waits, REGISTER_AGAIN_S[-1]))
                continue
            self.health.report(Subsystem.CALLBACK, Condition.UP, "registered")
            self._gateway_trouble(None)
            return

    async def _take(self, raw: RawCallback) -> None:
        from smschat.webhook.parse import meaning  # noqa: PLC0415 - loaded with the listener already

        taken = await self._messenger.take_callback(raw, meaning(raw, self.plan.identity.country))
        if taken.sms_id is None and not taken.is_repeat:
            self._parts_waiting.set()

    async def _show_partials(self) -> None:
        while True:
            self._parts_waiting.clear()
            again = await self.store.show_partials(older_than=self._clock() - PARTIAL_AFTER)
            wait_s = None if again is None else max(0.5, (again - self._clock()).total_seconds())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._parts_waiting.wait(), wait_s)

    async def _settle_orphans(self) -> None:
        while True:
            await asyncio.sleep(ORPHANS_S)
            if await self.store.settle_orphans():
                self.wake()

    def _owner(self) -> Owner:
        local = self._listener.local_url if self._listener else None
        return Owner(pid=os.getpid(), since=self._clock(), local_url=local, public_url=self._public_url)

    async def _step(self, part: Subsystem, step: Callable[[], Awaitable[object]]) -> None:
        """One step of the start: what goes wrong is said, and the rest goes on without it."""
        try:
            await step()
        except SmschatError as error:
            self.health.report(part, Condition.DOWN, verdicts.why(error))
        except Exception:
            log.exception("%s could not be started", part)
            self.health.report(part, Condition.DOWN, "an error of smschat's own; the log has it")

    async def _supervised(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run a task of the runtime, and run it again after an error: never a silently dead receiver."""
        while True:
            try:
                await run()
            except StoreError as error:
                log.warning("%s: %s", name, error.code)
                self.health.report(Subsystem.STORE, Condition.DOWN, verdicts.why(error))
            except Exception:
                log.exception("%s ended in an error and is started again", name)
            else:
                return
            await asyncio.sleep(1.0)

    def _gateway_trouble(self, error: SmschatError | None) -> None:
        if error is None:
            self.health.report(Subsystem.GATEWAY, Condition.UP)
        elif isinstance(error, UnreachableError | NotAuthorisedError) and not isinstance(error, TokenRefusedError):
            self.health.report(Subsystem.GATEWAY, Condition.DOWN, error.message)
