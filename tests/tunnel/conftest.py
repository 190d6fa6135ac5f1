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


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that ends no child with its parent, so that it is we who end an agent."""
    monkeypatch.setattr("smschat.tunnel.files.parent", lambda: 0)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without an agent; the folder in which pyngrok would have one."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("platform.system", lambda: "Linux")
    return tmp_path / "config" / "ngrok"


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    until(lambda: not [thread for thread in set(threading.enumerate()) - before if thread.daemon])
