"""The set-up's way to its engine: checks run on an event loop and a thread of their own.

The rule: a check may import, resolve names and wait for a keyring, and typing never waits for it. Whoever stops waiting
cancels the check, which gives back what it has opened.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

T = TypeVar("T")


class Engine:
    """A loop in a thread; started when it is made."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._ending = asyncio.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="set-up", daemon=True)
        self._thread.start()

    async def call(self, do: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Carry out `do()` there; cancelled with whoever waits for it."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(do(), self._loop))

    async def block(self, do: Callable[[], T]) -> T:
        """Carry out what blocks, such as asking the OS keyring."""
        return await self.call(lambda: asyncio.to_thread(do))

    def stop(self, timeout_s: float) -> bool:
        """Cancel what is under way and wait for its end; may be called twice, and from any other thread.

        Returns:
            Whether it has ended within so many seconds.
        """
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._ending.set)
        return self._ended.wait(timeout_s)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._main())
        finally:
            self._ended.set()
            self._loop.close()

    async def _main(self) -> None:
        await self._ending.wait()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
