"""What needs the network: the gateway client, and for the process that owns the duty receiving and the outbox.

The rule: a step that fails never ends the program; it leaves less working, and `Health` says which. One process of a
profile receives; the others look twice a second at who it is and where it is reached, and one of them takes over when
it ends or dies.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smschat.domain.addresses import inbound_address, receipt_address
from smschat.domain.changes import Condition, Subsystem
from smschat.domain.sms import Attempt
from smschat.errors import (
    GatewayError,
    NotFoundError,
    SmschatError,
    StoreError,
    TunnelError,
    UnreachableError,
)
from smschat.messaging import verdicts
from smschat.messaging.account import Ending
from smschat.messaging.outbox import Outbox
from smschat.runtime.callback import Callback
from smschat.runtime.closing import closing
from smschat.runtime.intake import Intake
from smschat.runtime.line import Line
from smschat.runtime.notify_command import NotifyCommand
from smschat.runtime.receiving import Receiving
from smschat.runtime.tasks import Tasks
from smschat.runtime.troubles import Troubles

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from smschat.domain.account import Loan, Owner
    from smschat.domain.changes import Change
    from smschat.domain.exchanges import Exchange
    from smschat.gateway import KpnGateway
    from smschat.messaging.health import Health
    from smschat.messaging.messenger import Messenger
    from smschat.messaging.numbers import Numbers
    from smschat.runtime.plan import Plan
    from smschat.store import SqliteStore

ORPHANS_S: Final = 5.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the networked half stands on: the half that needs no network.

    Attributes:
        subscribe: hear of every change; returns the way to stop.
        hear_exchange: hears what goes to the gateway and comes from it; None: nobody looks.
    """

    plan: Plan
    store: SqliteStore
    messenger: Messenger
    health: Health
    clock: Callable[[], datetime]
    subscribe: Callable[[Callable[[tuple[Change, ...]], None]], Callable[[], None]]
    hear_exchange: Callable[[Exchange], None] | None


class Online:
    """The networked half of a runtime.

    Attributes:
        callback: what the account knows of our address, and how it is told and taken back.
    """

    def __init__(self, ground: Ground) -> None:
        self.plan = ground.plan
        self.store = ground.store
        self.health = ground.health
        self._hear_exchange = ground.hear_exchange
        self._troubles = Troubles(self.health)
        self.callback = Callback(self.plan, self.store, self._client, clock=ground.clock)
        self._clock = ground.clock
        self._command = NotifyCommand(
            self.plan.notify_command,
            self.store,
            self.health,
            subscribe=ground.subscribe,
            clock=ground.clock,
            hides_text=self.plan.hides_text,
        )
        self._intake = Intake(
            self.store,
            ground.messenger,
            self.plan.identity,
            store_trouble=self._troubles.with_store,
            tell=self._command.tell,
            clock=ground.clock,
        )
        self._line = Line(self.store, has_next=not self.plan.identity.is_test)
        self._is_in_line = False
        self._gateway: KpnGateway | None = None
        self._making = asyncio.Lock()
        self._has_stopped = False
        self._outbox: Outbox | None = None
        self._receiving: Receiving | None = None
        self._followed_url: str | None = None
        self._token = ""
        self._no_gateway: SmschatError | None = None
        self._tasks = Tasks(self._troubles.with_store)
        self._is_prepared = asyncio.Event()

    async def start(self, *, receiving: bool) -> None:
        """Make the gateway, and with `receiving` try to own the listener from here on.

        Who receives is told, and listener and tunnel come up, while the client secret is still being asked for.
        """
        self._token = await self.store.path_token()
        owner = await self.store.owner()
        self._followed_url = owner.public_url if owner else None
        self._is_in_line = receiving
        if receiving:
            self._tasks.start("keeper", self._keep)
        else:
            self._tasks.start("follower", lambda: self._line.follow(self._hear_owner))
        await self._prepare_gateway()
        self._is_prepared.set()

    def watch(self, hear: Callable[[Exchange], None] | None) -> None:
        """Tell of every request to the gateway and its answer, secrets covered; None: of none any more."""
        self._hear_exchange = hear
        if self._gateway is not None:
            self._gateway.watch(hear)

    async def _prepare_gateway(self) -> None:
        if self.plan.companion is not None:
            await self._step(self.plan.companion.start)
        missing = await asyncio.to_thread(lambda: self.plan.missing)
        if missing is None:
            await self._step(self._made)
        else:
            self._no_gateway = missing
            self.health.report(Subsystem.GATEWAY, Condition.OFF, verdicts.why(missing))

    async def stop(self) -> None:
        """Stop everything in reverse order, and give no part more than a second, but `Callback.settle` its own time.

        What is borrowed is given back before the listener stops, unless another process takes over from this one.
        """
        await self._tasks.stop()
        is_settled = not self._is_in_line
        if self._receiving is not None:
            is_settled = await self.callback.settle_if(self._line.is_nobody_next)
        if self._outbox is not None:
            await closing("outbox", self._outbox.stop())
        if self._receiving is not None:
            await self._receiving.stop()
            await closing("owner", self.store.publish_owner(None))
        await closing("duty", self._line.leave())
        if not is_settled:
            await self.callback.settle_if(self._line.is_empty)
            await closing("duty", self._line.leave())
        self._has_stopped = True
        if self._gateway is not None:
            await closing("gateway", self._gateway.aclose())
        if self.plan.companion is not None:
            await closing("simulator", self.plan.companion.stop())

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

    async def numbers(self) -> Numbers:
        """The account's virtual numbers.

        Raises:
            SmschatError: what is missing for asking the gateway.
        """
        return await self.callback.numbers()

    async def take_over(self) -> None:
        """Somebody said yes to the address that `HealthChanged.foreign_url` told of: ours takes its place now."""
        if self._receiving is not None and self._receiving.foreign_url is not None:
            self.callback.agree(self._receiving.foreign_url)
            self._receiving.register_again()

    async def register_again(self) -> None:
        """Tell the gateway the address of now once more; `Health` says how that goes where this process receives.

        Raises:
            TunnelError: another process receives, or would, and there is no address.
            SmschatError: the address of that process was not taken.
        """
        if self._receiving is not None:
            self._receiving.register_again()
            return
        url = self.callback_url()
        if url is None:
            raise TunnelError("nobody receives, so there is no address to register", hint="start `smschat listen`")
        await self.callback.register(number=self.plan.identity.number, url=url)

    async def restore(self) -> tuple[Loan, ...]:
        """Give every borrowed address back; what is still owed, each with the reason. Nothing is received then.

        Raises:
            SmschatError: the gateway cannot be asked at all.
        """
        returned = await self.callback.give_back()
        is_ours_gone = any(
            one.loan.number == self.plan.identity.number and one.ending is not Ending.OWED for one in returned
        )
        if self._receiving is not None and is_ours_gone:
            self._receiving.rest()
        return tuple(one.loan for one in returned if one.ending is Ending.OWED)

    def _public_url(self) -> str | None:
        """The origin of now: one that needs no opening, else what is open here, else the receiving process's."""
        if self.plan.tunnel.public_url is not None:
            return self.plan.tunnel.public_url
        return self._followed_url if self._receiving is None else self._receiving.public_url

    async def curl(self, sms_id: str) -> str:
        """The request of an outbound SMS as a curl command, token and path token masked.

        Raises:
            NotFoundError: there is no such outbound SMS.
        """
        details = await self.store.details(sms_id)
        if details is None or not details.sms.is_outbound:
            raise NotFoundError("there is no request: it was not sent from here", hint="only what was sent has one")
        ref = details.attempts[-1].ref if details.attempts else "x" * 11
        attempt = Attempt(
            ref=ref,
            sms=details.sms,
            client_ref=details.client_ref,
            wants_receipt=details.wants_receipt,
            wants_inbound=details.wants_inbound,
        )
        public = self._public_url()
        callback = None if public is None else receipt_address(public, "*" * 22, ref)
        return (await self._client()).curl(attempt, callback=callback)

    def _hear_owner(self, owner: Owner | None) -> None:
        self._followed_url = owner.public_url if owner else None
        self._troubles.with_store(None)

    async def _client(self) -> KpnGateway:
        """The gateway client, made if need be. Raises what is missing for it."""
        if self._gateway is not None:
            return self._gateway
        missing = await asyncio.to_thread(lambda: self.plan.missing)
        if missing is not None:
            raise missing
        return await self._made()

    async def _made(self) -> KpnGateway:
        """The client and its outbox, made once however many ask: a second one would be closed by nobody."""
        async with self._making:
            if self._gateway is None:
                self._gateway = await self._make_gateway()
                self._outbox = Outbox(
                    self.store,
                    self._gateway,
                    receipt_address=self._receipt_address_now,
                    rate=self.plan.rate,
                    trouble=self._troubles.with_gateway,
                    clock=self._clock,
                )
            return self._gateway

    async def _make_gateway(self) -> KpnGateway:
        """Make the client, in a thread because the secret may come from a slow command."""
        gateway = await asyncio.to_thread(self.plan.make_gateway)
        if self._has_stopped:
            await gateway.aclose()
            raise UnreachableError("smschat is ending", hint="start it again")
        gateway.watch(self._hear_exchange)
        return gateway

    def _receipt_address_now(self, ref: str) -> str | None:
        public_url = self._public_url()
        return receipt_address(public_url, self._token, ref) if public_url else None

    async def _keep(self) -> None:
        """Own the duty to receive as soon as nobody else does, and start what goes with it."""

        def wait_in_line(owner: Owner | None) -> None:
            self._hear_owner(owner)
            named = f" (process {owner.pid})" if owner else ""
            self.health.report(Subsystem.LISTENER, Condition.OFF, f"another smschat is receiving{named}")

        await self._line.come_first(wait_in_line)
        await self.store.settle_orphans()
        self._receiving = receiving = Receiving(
            self.plan,
            self.store,
            self.health,
            token=self._token,
            take=self._intake.take,
            clock=self._clock,
        )
        duties = {
            "owner": receiving.keep_published,
            "reachable": receiving.keep_reachable,
            "parts": self._intake.show_partials,
            "notify command": self._command.run,
            "orphans": self._settle_orphans,
            "gateway": lambda: self._use_gateway(receiving),
        }
        for name, duty in duties.items():
            self._tasks.start(name, duty)

    async def _use_gateway(self, receiving: Receiving) -> None:
        """Once it is known whether there is a gateway, start what needs one."""
        await self._is_prepared.wait()
        register = None if self._gateway is None else self._register_own
        self._tasks.start("callback", lambda: receiving.keep_registered(register))
        if self._outbox is not None:
            self._tasks.start("outbox", self._outbox.run)
            self._tasks.start("numbers", self.callback.learn_numbers)

    async def _register_own(self, url: str) -> None:
        """Tell the gateway the own number's address, and `Health` how the gateway is."""
        try:
            await self.callback.register(number=self.plan.identity.number, url=url)
        except GatewayError as error:
            self._troubles.with_gateway(error)
            raise
        except StoreError as error:
            self._troubles.with_store(error)
            raise
        except SmschatError:
            self._troubles.with_gateway(None)  # it was asked, and has answered
            raise
        self._troubles.with_gateway(None)

    async def _settle_orphans(self) -> None:
        while True:
            await asyncio.sleep(ORPHANS_S)
            if await self.store.settle_orphans():
                self.wake()
            if self._troubles.is_store_down and self._receiving is not None:
                await self.store.publish_owner(self._receiving.owner())  # a full disk can still be read
                self._troubles.with_store(None)

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
