"""The composition root: opens the store, lets the network follow, and closes all of it backwards.

The rule: everything here runs in one event loop of its own (`RuntimeThread` beside the screen, the main thread for
commands), so that a terminal that stops reading cannot stop the receiver. What needs the network is imported with
`online`, after the first frame.

Start: store → (first frame) → gateway → duty → listener → tunnel → callback → outbox. Stop: the same backwards.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from smschat.domain.changes import BalanceChanged, ExchangeSeen, SmsChanged
from smschat.errors import UnreachableError
from smschat.messaging.health import Health
from smschat.messaging.messenger import Messenger
from smschat.runtime.closing import closing

if TYPE_CHECKING:
    from collections.abc import Callable

    from smschat.domain.changes import Change
    from smschat.domain.exchanges import Exchange
    from smschat.errors import SettingsError
    from smschat.runtime.online import Online
    from smschat.runtime.plan import Plan
    from smschat.store import SqliteStore


class Runtime:
    """The parts of one profile, alive."""

    def __init__(self, plan: Plan, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.plan = plan
        self.clock = clock
        self.health = Health(lambda news: self._tell((news,)))
        self.store: SqliteStore
        self.messenger: Messenger
        self._hearers: list[Callable[[tuple[Change, ...]], None]] = []
        self._online: Online | None = None
        self._balance: str | None = None
        self.hear_exchange: Callable[[Exchange], None] | None = None

    def subscribe(self, hear: Callable[[tuple[Change, ...]], None]) -> Callable[[], None]:
        """Hear of every change, on the runtime's loop; returns the way to stop."""
        self._hearers.append(hear)
        return lambda: self.unsubscribe(hear)

    def unsubscribe(self, hear: Callable[[tuple[Change, ...]], None]) -> None:
        """Hear no more."""
        if hear in self._hearers:
            self._hearers.remove(hear)

    async def watch(self, *, is_on: bool) -> None:
        """Tell of what goes to the gateway and comes from it too, or no more; while nobody looks it costs nothing."""
        self.hear_exchange = self._tell_exchange if is_on else None
        if self._online is not None:
            self._online.watch(self.hear_exchange)

    def known(self) -> tuple[Change, ...]:
        """What was told last of each part's health, and of the balance."""
        balance = (BalanceChanged(balance=self._balance),) if self._balance is not None else ()
        return (*self.health.snapshot(), *balance)

    async def open(self) -> None:
        """Open the store, so that reading and writing work; `settle` and the network come after.

        Raises:
            StoreError: the database cannot be opened.
        """
        from smschat.store import SqliteStore  # noqa: PLC0415 - kept off the import path of every other command

        self.store = await SqliteStore.open(self.plan.store_path, clock=self.clock)
        self.store.subscribe(self._hear_rows)
        self.messenger = Messenger(
            self.store, self.plan.identity, missing=self._missing, wake=self._wake, clock=self.clock
        )
        if self.plan.companion is not None:
            await self.plan.companion.prepare(self.store)

    async def settle(self) -> None:
        """Find what dead processes left under way, and the balance that was told last."""
        await self.store.settle_orphans()
        self._balance = await self.store.last_balance()
        if self._balance is not None:
            self._tell((BalanceChanged(balance=self._balance),))

    async def go_online(self, *, receiving: bool = True) -> None:
        """Make the gateway, and with `receiving` try to own the listener, in the background from here on.

        Does nothing the second time.
        """
        if self._online is not None:
            return
        from smschat.runtime.online import Ground, Online  # noqa: PLC0415 - after the first frame

        ground = Ground(
            plan=self.plan,
            store=self.store,
            messenger=self.messenger,
            health=self.health,
            clock=self.clock,
            subscribe=self.subscribe,
            hear_exchange=self.hear_exchange,
        )
        self._online = Online(ground)
        await self._online.start(receiving=receiving)

    @property
    def online(self) -> Online:
        """What needs the network.

        Raises:
            UnreachableError: `go_online` was not called yet.
        """
        if self._online is None:
            raise UnreachableError("smschat is not online yet", hint="wait a moment")
        return self._online

    async def close(self) -> None:
        """Stop everything in reverse order; never raises, and gives no part more than a second.

        Giving a borrowed callback back may take `closing_takes_s` more; `last_words` has how that went.
        """
        if self._online is not None:
            await self._online.stop()
        if hasattr(self, "store"):
            await closing("store", self.store.close())

    @property
    def closing_takes_s(self) -> float:
        """Seconds that `close` may take beyond what its parts have."""
        return 0.0 if self._online is None else self._online.callback.settles_for_s

    @property
    def last_words(self) -> tuple[str, ...]:
        """What the user should know after `close`: what was given back, and what could not be."""
        return () if self._online is None else tuple(self._online.callback.last_words)

    async def _missing(self) -> SettingsError | None:
        return await asyncio.to_thread(lambda: self.plan.missing)

    def _wake(self) -> None:
        if self._online is not None:
            self._online.wake()

    def _hear_rows(self, changes: tuple[Change, ...]) -> None:
        self._wake()
        self._tell(changes)
        told = [c.sms.remaining_balance for c in changes if isinstance(c, SmsChanged) and c.sms.remaining_balance]
        if told and told[-1] != self._balance:
            self._balance = told[-1]
            self._tell((BalanceChanged(balance=told[-1]),))

    def _tell_exchange(self, exchange: Exchange) -> None:
        """By the runtime's clock, as everything that is kept of an SMS."""
        self._tell((ExchangeSeen(exchange=replace(exchange, at=self.clock())),))

    def _tell(self, changes: tuple[Change, ...]) -> None:
        for hear in tuple(self._hearers):
            hear(changes)
