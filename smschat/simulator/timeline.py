"""Things that happen later, in the order of their times, at a pace of choice.

The rule: at most one timer is armed, and none while nothing is due; closing ends everything that was started.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

log = logging.getLogger(__name__)


class Timeline:
    """Starts coroutines later, on the running event loop.

    Args:
        pace: how many times as fast as life, above 0; `math.inf`: nothing waits, only the order stays.
    """

    def __init__(self, *, pace: float = 1.0) -> None:
        if not pace > 0:
            raise ValueError("pace must be above 0")
        self._pace = pace
        self._order = itertools.count()
        self._due: list[tuple[float, float, int, Callable[[], Coroutine[Any, Any, None]]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._closing = asyncio.Event()

    def after(self, delay_s: float, start: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Start it after so many seconds of simulated time; what is due earlier starts earlier, ties as they came."""
        if self._closing.is_set():
            return
        self._quiet.clear()
        now = asyncio.get_running_loop().time()
        heapq.heappush(self._due, (now + delay_s / self._pace, delay_s, next(self._order), start))
        self._arm()

    async def pause(self, delay_s: float) -> None:
        """Wait so many seconds of simulated time; returns at once when closing."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), delay_s / self._pace)

    async def while_open(self, waiting: Awaitable[object], *, most_s: float) -> None:
        """Wait for something, but not after closing, and at most so many seconds of real time."""
        tasks = {asyncio.ensure_future(waiting), asyncio.ensure_future(self._closing.wait())}
        try:
            await asyncio.wait(tasks, timeout=most_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def settled(self) -> None:
        """Wait until nothing is due and nothing runs; what runs may add more, which is waited for too."""
        await self._quiet.wait()

    async def close(self) -> None:
        """Drop what is due and cancel what runs."""
        self._closing.set()
        self._due.clear()
        self._arm()
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._quiet.set()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_at(self._due[0][0], self._start_due) if self._due else None

    def _start_due(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._due and self._due[0][0] <= now:
            start = heapq.heappop(self._due)[-1]
            task = asyncio.create_task(start(), name="simulator")
            self._tasks.add(task)
            task.add_done_callback(self._ended)
        self._arm()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("the simulator stumbled", exc_info=task.exception())
        if not self._tasks and not self._due:
            self._quiet.set()
