"""A stand-in agent for every test of the tunnel, and a watch that no thread of it stays."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from tests.agent import Agent
from tests.program import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The profile's data folder; the tunnel makes it."""
    return tmp_path / "data"


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    """A stand-in agent, none of which may be left at the end."""
    with Agent(tmp_path / "agent") as agent:
        yield agent


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    until(lambda: not [thread for thread in set(threading.enumerate()) - before if thread.daemon])
