"""The owner's part of receiving: the listener, the tunnel over it, and the callback that the gateway is told.

The rule: each is tried again for as long as this process owns the duty, `Health` says what is wrong and what to do, and
an address counts as registered only when the gateway took the very address that leads here now.

listener up → tunnel open → address published → callback registered; a lost tunnel goes back to the second step.
"""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING, Final

from smschat.domain.account import Owner
from smschat.domain.addresses import inbound_address
from smschat.domain.changes import Condition, Subsystem
from smschat.errors import ForeignCallbackError, SettingsError, SmschatError
from smschat.messaging import verdicts
from smschat.runtime.closing import closing
from smschat.runtime.tasks import Backoff, spread

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from smschat.domain.callbacks import RawCallback
    from smschat.errors import TunnelError
    from smschat.messaging.health import Health
    from smschat.messaging.ports import Owns
    from smschat.runtime.plan import Plan
    from smschat.webhook.listener import Listener

LISTEN_AGAIN_S: Final = (0.5, 1.0, 2.0, 5.0)
"""Seconds between tries to bind: the port of a process that was killed is free at once, another program's is not."""

OPEN_AGAIN_S: Final = (2.0, 5.0, 15.0, 60.0)
"""Seconds between tries to open a tunnel that could not be opened."""

LOST_AGAIN_S: Final = (0.5, 2.0, 5.0, 15.0, 60.0)
"""Seconds until a tunnel is opened again that was lost soon after it was opened, each time it happens."""

REGISTER_AGAIN_S: Final = (5.0, 15.0, 60.0, 300.0)

MENDED_BY_HAND_S: Final = 60.0
"""Seconds between two tries after a fault that only the user can mend, and may while smschat runs."""

MENDED_BY_HAND: Final = frozenset(
    {"no_agent", "agent_old"}
    | {f"ngrok_{code}" for code in (102, 103, 105, 106, 107, 120, 121, 319, 320, 4018, 8013, 9040)}
)
"""The codes of such faults: no agent or one too old, an authtoken, account or domain that ngrok does not take."""

STEADY_S: Final = 60.0
"""A tunnel that stood as long is opened again at once; one that keeps falling waits, so that it does no harm."""

log = logging.getLogger(__name__)


class Receiving:
    """Listener, tunnel and callback of the process that owns the duty.

    Args:
        token: the profile's path token.
        take: keeps a callback; see `Listener`.

    Attributes:
        public_url: the origin that leads here now; None while there is none.
        faults: what keeps a part from working, by part; empty while everything works, or is tried for the first time.
    """

    def __init__(
        self,
        plan: Plan,
        store: Owns,
        health: Health,
        *,
        token: str,
        take: Callable[[RawCallback], Awaitable[None]],
        clock: Callable[[], datetime],
    ) -> None:
        self.public_url: str | None = None
        self.faults: dict[Subsystem, SmschatError] = {}
        self._plan = plan
        self._store = store
        self._health = health
        self._token = token
        self._take = take
        self._since = clock()
        self._listener: Listener | None = None
        self._registered: str | None = None
        self._is_given_back = False
        self._to_register = asyncio.Event()
        self._to_publish = asyncio.Event()

    async def keep_reachable(self) -> None:
        """Listen, and keep the tunnel open over the listener, until cancelled."""
        local_url = await self._listening()
        self._to_publish.set()
        failures, losses = Backoff(*OPEN_AGAIN_S), Backoff(*LOST_AGAIN_S)
        while True:
            wait_s = await self._stood(local_url, failures, losses)
            await asyncio.sleep(wait_s)

    async def keep_registered(self, register: Callable[[str], Awaitable[None]] | None) -> None:
        """Tell the gateway each new address, again and again where it does not take it, until cancelled.

        Args:
            register: tells it an address, or raises SmschatError where it did not come to that; None: there is no
                gateway to tell.
        """
        waits = Backoff(*REGISTER_AGAIN_S)
        while True:
            self._to_register.clear()
            wait_s = None if await self._is_settled(register) else waits.next_s()
            try:
                async with asyncio.timeout(wait_s):
                    await self._to_register.wait()
            except TimeoutError:
                continue
            waits.begin_again()

    def register_again(self) -> None:
        """Tell the gateway the address of now once more, whatever it was told."""
        self._registered = None
        self._is_given_back = False
        self._to_register.set()

    def rest(self) -> None:
        """The callback was given back: tell the gateway nothing until `register_again`."""
        self._registered = None
        self._is_given_back = True
        self.faults.pop(Subsystem.CALLBACK, None)
        self._to_register.set()

    @property
    def foreign_url(self) -> str | None:
        """Somebody else's address, which waits for a yes before ours takes its place; None: there is none."""
        fault = self.faults.get(Subsystem.CALLBACK)
        return fault.url if isinstance(fault, ForeignCallbackError) else None

    async def keep_published(self) -> None:
        """Say on disk who receives and at which address, again whenever that changes, until cancelled."""
        while True:
            self._to_publish.clear()
            await self._store.publish_owner(self.owner())
            await self._to_publish.wait()

    async def stop(self) -> None:
        """Close the tunnel, also one that is being opened, then the listener."""
        await closing("tunnel", self._plan.tunnel.close())
        if self._listener is not None:
            await closing("listener", self._listener.stop())

    def owner(self) -> Owner:
        """Who receives, this process, and where it is reached now."""
        local = self._listener.local_url if self._listener else None
        return Owner(pid=os.getpid(), since=self._since, local_url=local, public_url=self.public_url)

    async def _listening(self) -> str:
        """The listener's origin, as soon as it listens."""
        waits = Backoff(*LISTEN_AGAIN_S)
        while (local_url := self._listener.local_url if self._listener else None) is None:
            if not await self._tried(Subsystem.LISTENER, self._start_listener):
                self._no_callback("nothing listens, so nothing is registered")
                await asyncio.sleep(waits.next_s())
        return local_url

    async def _start_listener(self) -> None:
        from smschat.webhook.listener import Listener  # noqa: PLC0415 - after the first frame

        if Subsystem.LISTENER not in self.faults:
            self._health.report(Subsystem.LISTENER, Condition.STARTING)
        listener = Listener(token=self._token, take=self._take, verify=self._plan.verify)
        host, port = self._plan.listen
        await listener.start(host, port)
        self._listener = listener
        self._up(Subsystem.LISTENER, "listening", listener.local_url)

    async def _stood(self, local_url: str, failures: Backoff, losses: Backoff) -> float:
        """Open the tunnel and stay until it is lost; seconds to wait before it is opened again."""
        if not await self._tried(Subsystem.TUNNEL, lambda: self._open(local_url)):
            self._move(None)
            self._no_callback("no public address to register")
            await closing("tunnel", self._plan.tunnel.close())
            return _wait_s(self.faults[Subsystem.TUNNEL], failures)
        failures.begin_again()
        now = asyncio.get_running_loop().time
        opened_at = now()
        self._lose(await self._plan.tunnel.lost())
        await closing("tunnel", self._plan.tunnel.close())
        if now() - opened_at < STEADY_S:
            return losses.next_s()
        losses.begin_again()
        return 0.0

    async def _open(self, local_url: str) -> None:
        tunnel = self._plan.tunnel
        if Subsystem.TUNNEL not in self.faults:
            self._health.report(Subsystem.TUNNEL, Condition.STARTING, f"{tunnel.name} is opening")
        address = await tunnel.open(local_url)
        self._move(address)
        if address is None:
            self.faults[Subsystem.TUNNEL] = _nothing_to_receive_at()
            self._health.report(Subsystem.TUNNEL, Condition.OFF, f"{tunnel.name}: no public address")
            self._no_callback("no public address to register")
        else:
            self._up(Subsystem.TUNNEL, f"{tunnel.name} ok", address)

    def _lose(self, error: TunnelError) -> None:
        self.faults[Subsystem.TUNNEL] = error
        self._health.report(Subsystem.TUNNEL, Condition.DOWN, f"{error.message}, opening it again")
        self._health.report(Subsystem.CALLBACK, Condition.STARTING, "waiting for an address")
        self._move(None)

    def _move(self, address: str | None) -> None:
        if address != self.public_url:
            self.public_url = address
            self.faults.pop(Subsystem.CALLBACK, None)
            self._to_publish.set()
        self._to_register.set()

    def _no_callback(self, text: str) -> None:
        self._health.report(Subsystem.CALLBACK, Condition.OFF, text)

    async def _is_settled(self, register: Callable[[str], Awaitable[None]] | None) -> bool:
        """Register the address of now; whether there is nothing more to do until it changes."""
        url = self._callback_url()
        if url is None:
            return True  # whoever found no address has said so
        if register is None:
            self._no_callback("there is no account to register the address with")
        elif self._is_given_back:
            self._no_callback("given back; register it again to receive")
        elif url != self._registered and not await self._is_taken(url, register):
            return False
        elif url == self._callback_url():
            self._up(Subsystem.CALLBACK, "registered")
        return True

    async def _is_taken(self, url: str, register: Callable[[str], Awaitable[None]]) -> bool:
        """Whether the gateway took the address; what it said is told only while the address is still ours.

        A try that failed may have replaced what was registered before, so that this no longer counts.
        """
        self._registered = None
        try:
            await register(url)
        except SmschatError as error:
            if url == self._callback_url():
                self._report(Subsystem.CALLBACK, error)
            return False
        self._registered = url
        return True

    def _callback_url(self) -> str | None:
        return inbound_address(self.public_url, self._token) if self.public_url else None

    async def _tried(self, part: Subsystem, step: Callable[[], Awaitable[None]]) -> bool:
        """Whether a step went well; what went wrong is said, and the rest goes on without it."""
        try:
            await step()
        except SmschatError as error:
            self._report(part, error)
        except Exception:
            log.exception("%s could not be started", part)
            self._report(part, SmschatError("an error of smschat's own", hint="the log has it"))
        else:
            return True
        return False

    def _up(self, part: Subsystem, text: str, address: str | None = None) -> None:
        self.faults.pop(part, None)
        self._health.report(part, Condition.UP, text, address=address)

    def _report(self, part: Subsystem, error: SmschatError) -> None:
        self.faults[part] = error
        if isinstance(error, ForeignCallbackError):  # nothing is broken: it waits for an answer
            self._health.report(part, Condition.OFF, verdicts.why(error), foreign_url=error.url)
        else:
            self._health.report(part, Condition.DOWN, verdicts.why(error))


def _wait_s(error: SmschatError, failures: Backoff) -> float:
    """Seconds until a tunnel that could not be opened is tried again."""
    if isinstance(error, SettingsError) or error.code in MENDED_BY_HAND:
        return spread(MENDED_BY_HAND_S)
    return failures.next_s()


def _nothing_to_receive_at() -> SettingsError:
    return SettingsError(
        "tunnel is off, so nothing can be received",
        hint="set tunnel to ngrok, or to fixed with a public_url that reaches the listener",
    )
