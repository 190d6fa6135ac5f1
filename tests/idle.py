"""When a screen under test is idle: its loop has nothing to do, and nothing that it asked for is under way.

The rule: this only adds to the waiting of Textual's pilot, which goes by processor time, and takes a program that the
machine does not let run, or that waits for the disk, for one that is done.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pytest
from textual import app, pilot
from textual._context import active_app
from textual._wait import wait_for_idle

from smschat.runtime import RuntimeThread

if TYPE_CHECKING:
    import concurrent.futures
    from collections.abc import Callable, Coroutine, Iterator

    from textual.app import App

    from smschat.messaging.messenger import Messenger
    from smschat.runtime import Preferences, Runtime

T = TypeVar("T")

MOST_S: Final = 1.0
"""Seconds for what a test holds back on purpose; as long as Textual waits at most."""

_TURNS: Final = 3
"""Looks in succession that find nothing to do."""

_TURN_S: Final = 0.001


class Awaited(RuntimeThread):
    """A runtime that knows what the screen has asked of it, and has not got yet."""

    def __init__(self, runtime: Runtime, preferences: Preferences | None = None) -> None:
        super().__init__(runtime, preferences)
        self.under_way: set[concurrent.futures.Future[Any]] = set()

    def submit(self, do: Callable[[Messenger], Coroutine[Any, Any, T]]) -> concurrent.futures.Future[T]:
        """The same, remembered until it is over."""
        return self._remembered(super().submit(do))

    def run(self, do: Callable[[Runtime], Coroutine[Any, Any, T]]) -> concurrent.futures.Future[T]:
        """The same, remembered until it is over."""
        return self._remembered(super().run(do))

    def _remembered(self, call: concurrent.futures.Future[T]) -> concurrent.futures.Future[T]:
        self.under_way.add(call)
        call.add_done_callback(self.under_way.discard)
        return call


@contextmanager
def unhurried() -> Iterator[None]:
    """Pilots wait until the screen is idle."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (app, pilot):
            patch.setattr(module, "wait_for_idle", _wait_for_idle)
        yield


async def _wait_for_idle(*seconds: float) -> None:
    await wait_for_idle(*seconds)
    until = time.monotonic() + MOST_S
    quiet = 0
    while quiet < _TURNS and time.monotonic() < until:
        await asyncio.sleep(_TURN_S)
        quiet = 0 if _is_asking(active_app.get(None)) or _has_to_run() else quiet + 1


def _has_to_run() -> bool:
    """Whether anything but the caller can run at once."""
    return bool(asyncio.get_running_loop()._ready)  # type: ignore[attr-defined]


def _is_asking(of: App[Any] | None) -> bool:
    """Whether an answer of the runtime, or the next repaint, is waited for."""
    if of is None or not of.screen_stack:
        return False
    thread = getattr(of, "_runtime", None)
    screen = of.screen
    return (
        (isinstance(thread, Awaited) and bool(thread.under_way))
        or bool(screen._callbacks or screen._dirty_widgets)
        or screen._layout_required
    )
