"""The tasks of a runtime: named, started again after an error, and ended together within a second.

The rule: a receiver never dies in silence; what ends a task is logged, and its work goes on a second later.
"""

from __future__ import annotations

import asyncio
import logging
import random
from typing import TYPE_CHECKING, Final

from smschat.errors import StoreError
from smschat.runtime.closing import CLOSING_S

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

AGAIN_S: Final = 1.0
"""Seconds until a task that ended in an error is started again."""

SPREAD: Final = 0.2
"""By how much of itself a wait is longer or shorter, so that several processes do not keep step."""

log = logging.getLogger(__name__)


class Tasks:
    """What runs in the background of one runtime.

    Args:
        store_trouble: told of the StoreError that ended a task.
    """

    def __init__(self, store_trouble: Callable[[StoreError], None]) -> None:
        self._store_trouble = store_trouble
        self._running: list[asyncio.Task[None]] = []

    def start(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run it until it returns, or until `stop`."""
        self._running.append(asyncio.create_task(self._supervised(name, run), name=name))

    async def stop(self) -> None:
        """Cancel all of them, the last one first, and wait a second at most."""
        running, self._running = self._running, []
        for task in reversed(running):
            task.cancel()
        if running:
            _, left = await asyncio.wait(running, timeout=CLOSING_S)
            for task in left:
                log.warning("%s did not end within a second", task.get_name())

    async def _supervised(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await run()
            except StoreError as error:
                log.warning("%s: %s", name, error.code)
                self._store_trouble(error)
            except Exception:
                log.exception("%s ended in an error and is started again", name)
            else:
                return
            await asyncio.sleep(AGAIN_S)


class Backoff:
    """Ever longer waits; the last one for ever.

    Args:
        waits_s: seconds, one after the other; at least one.
    """

    def __init__(self, *waits_s: float) -> None:
        self._waits_s = waits_s
        self._next = 0

    def next_s(self) -> float:
        """Seconds to wait this time."""
        wait_s = self._waits_s[min(self._next, len(self._waits_s) - 1)]
        self._next += 1
        return spread(wait_s)

    def begin_again(self) -> None:
        """The next wait is the first one."""
        self._next = 0


def spread(wait_s: float) -> float:
    """About so many seconds."""
    return wait_s * random.uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311 - a spread is no secret
