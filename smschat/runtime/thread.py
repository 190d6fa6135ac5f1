"""A runtime in a thread and an event loop of its own, beside the screen's.

The rule: a terminal that stops reading stops the screen's loop, and must not stop the receiver.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import gc
import logging
import threading
from typing import TYPE_CHECKING, Any, TypeVar

from smschat import settings
from smschat.domain.changes import Condition, Subsystem
from smschat.errors import SmschatError
from smschat.runtime.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from smschat.domain.changes import Change
    from smschat.messaging.messenger import Messenger
    from smschat.runtime.root import Runtime

T = TypeVar("T")

log = logging.getLogger(__name__)


class RuntimeThread:
    """A runtime in a thread and an event loop of its own, beside the screen's.

    Made and started before the screen's imports, so that the list is often read before the first frame.

    Args:
        preferences: how the user wants the chat; None: as it comes.

    Attributes:
        next_profile: the profile that the screen ended for; None: it did not end for another one.
    """

    def __init__(self, runtime: Runtime, preferences: Preferences | None = None) -> None:
        self.runtime = runtime
        self.preferences = preferences or Preferences()
        self.next_profile: str | None = None
        self._loop = asyncio.new_event_loop()
        self._opened: concurrent.futures.Future[None] = concurrent.futures.Future()
        self._ending = asyncio.Event()
        self._ended = threading.Event()
        self._online: concurrent.futures.Future[None] | None = None
        self._thread = threading.Thread(target=self._run, name="runtime", daemon=True)

    @property
    def profile(self) -> str:
        """The profile's name."""
        return self.runtime.plan.profile

    @property
    def number(self) -> str:
        """The own number; empty when none is set."""
        return self.runtime.plan.identity.number

    @property
    def sender(self) -> str:
        """The sender ID that recipients see; empty when none is set."""
        return self.runtime.plan.identity.sender

    @property
    def country(self) -> str:
        """The country of numbers in national form, ISO 3166 alpha-2."""
        return self.runtime.plan.identity.country

    def start(self) -> None:
        """Begin to open the store; returns at once."""
        self._thread.start()

    def submit(self, do: Callable[[Messenger], Coroutine[Any, Any, T]]) -> concurrent.futures.Future[T]:
        """Run `do(messenger)` on the runtime's loop, once the store is open.

        The future fails with what `do` raised, or with the StoreError that kept the store from opening.
        """
        return asyncio.run_coroutine_threadsafe(self._do(do), self._loop)

    def run(self, do: Callable[[Runtime], Coroutine[Any, Any, T]]) -> concurrent.futures.Future[T]:
        """Run `do(runtime)` on the runtime's loop, once the store is open; for what is no verb of the messenger.

        The future fails as that of `submit` does; to cancel it cancels `do`.
        """
        return asyncio.run_coroutine_threadsafe(self._run_with_runtime(do), self._loop)

    def subscribe(self, hear: Callable[[tuple[Change, ...]], None]) -> Callable[[], None]:
        """Hear of every change; `hear` is called on the runtime's thread, first with what is known of its health."""

        def begin() -> None:
            self.runtime.subscribe(hear)
            known = self.runtime.known()
            if known:
                hear(known)

        def end() -> None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self.runtime.unsubscribe, hear)

        self._loop.call_soon_threadsafe(begin)
        return end

    def go_online(self) -> None:
        """Start the network parts in the background; call it when the first frame is on the screen.

        Does nothing when they were started already, so that a runtime can be handed from one screen to the next.
        """
        if self._online is None:
            self._online = asyncio.run_coroutine_threadsafe(self._go_online(), self._loop)

    def stop(self, timeout_s: float = 1.5) -> bool:
        """Close everything, within so many seconds; may be called twice, and from any other thread.

        What is borrowed at the gateway is given back first, for which there are `Runtime.closing_takes_s` more.

        A secret's command or keyring that is waited for is given up.

        Returns:
            Whether all of it is closed; if not, threads of it keep the interpreter from ending.
        """
        settings.give_up()
        settings.wait_again()  # the set-up goes on without this runtime
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._ending.set)
        return self._ended.wait(timeout_s + self.runtime.closing_takes_s)

    async def _do(self, do: Callable[[Messenger], Coroutine[Any, Any, T]]) -> T:
        await asyncio.wrap_future(self._opened)
        return await do(self.runtime.messenger)

    async def _run_with_runtime(self, do: Callable[[Runtime], Coroutine[Any, Any, T]]) -> T:
        await asyncio.shield(asyncio.wrap_future(self._opened))  # who gives up waiting must not cancel the opening
        return await do(self.runtime)

    async def _go_online(self) -> None:
        await asyncio.wrap_future(self._opened)
        try:
            await self.runtime.go_online()
        except SmschatError as error:
            log.exception("the network parts cannot be started")
            self.runtime.health.report(Subsystem.STORE, Condition.DOWN, error.message)
        if not gc.isenabled():
            gc.freeze()
            gc.enable()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._main())
        finally:
            self._ended.set()
            with contextlib.suppress(RuntimeError):
                self._loop.close()

    async def _main(self) -> None:
        try:
            await self.runtime.open()
        except Exception as error:
            log.exception("the store cannot be opened")
            self._opened.set_exception(error)
        else:
            self._opened.set_result(None)
            await self._settle()
        await self._ending.wait()
        await self.runtime.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _settle(self) -> None:
        try:
            await self.runtime.settle()
        except Exception:
            log.exception("what was left under way could not be settled")
