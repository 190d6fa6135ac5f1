"""Waits for somebody's command or keyring, each of which can be given up at once when smschat is told to end.

The rule: whoever waits says how its wait is ended. After `give_up` no wait lasts, until `wait_again`.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from smschat.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_lock = threading.Lock()
_ends: list[Callable[[], object]] = []
_are_given_up = threading.Event()


@contextmanager
def ended_by(end: Callable[[], object]) -> Iterator[None]:
    """A wait that `end` ends, called on any thread, at most once, and only while the wait lasts."""
    with _lock:
        _ends.append(end)
        if _are_given_up.is_set():
            end()
    try:
        yield
    finally:
        with _lock:
            _ends.remove(end)


def give_up() -> None:
    """End every wait, and those that begin from now on."""
    with _lock:
        if not _are_given_up.is_set():
            _are_given_up.set()
            for end in _ends:
                end()


def wait_again() -> None:
    """Let those that begin from now on last."""
    _are_given_up.clear()


def given_up() -> SettingsError:
    """What is told of a wait that was ended."""
    return SettingsError("smschat ends, and waits no longer for the secret", code="given_up")
