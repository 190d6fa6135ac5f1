"""What the tests of the whole chat begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smschat.ui.shell import Shell
from tests.idle import unhurried
from tests.ui.rig import PATIENCE_S, World, people, runtime_thread

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _pilots_wait_until_the_screen_is_idle() -> Iterator[None]:
    with unhurried():
        yield


@pytest.fixture(autouse=True)
def _notifications_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """None goes before a busy machine has come to look at it."""
    monkeypatch.setattr(Shell, "NOTIFICATION_TIMEOUT", PATIENCE_S)


@pytest.fixture
async def empty_world(tmp_path: Path) -> AsyncIterator[World]:
    """A store with nothing in it."""
    thread = runtime_thread(tmp_path)
    yield World(thread)
    thread.stop(PATIENCE_S)


@pytest.fixture
async def world(empty_world: World) -> World:
    """Anna, Bakker and Carla."""
    await people(empty_world)
    return empty_world
