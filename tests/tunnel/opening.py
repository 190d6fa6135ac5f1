"""Opening a tunnel in a test, and what must hold of every refusal."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from smschat.domain.secret import Secret
from smschat.errors import TunnelError
from smschat.tunnel import NgrokTunnel
from tests.agent import Agent
from tests.program import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

TOKEN = "2canaryAuthtokenOfATest_5xQ"
UPSTREAM = "http://127.0.0.1:9"


def ngrok(folder: Path, agent: Agent | Path, **more: Any) -> NgrokTunnel:
    """The tunnel of the profile `default`."""
    program = agent.path if isinstance(agent, Agent) else agent
    given: dict[str, Any] = {"profile": "default", "authtoken": lambda: Secret(TOKEN), **more}
    return NgrokTunnel(folder=folder, agent=program, **given)


@asynccontextmanager
async def opened(tunnel: NgrokTunnel, upstream: str = UPSTREAM) -> AsyncIterator[str]:
    """The tunnel, open."""
    try:
        yield await tunnel.open(upstream)
    finally:
        await tunnel.close()


async def refused(tunnel: NgrokTunnel) -> TunnelError:
    """Why it does not open; whatever it is, it can be shown and it says what to do."""
    with pytest.raises(TunnelError) as caught:
        await tunnel.open(UPSTREAM)
    error = caught.value
    assert TOKEN not in repr(error) + error.message + error.hint
    assert error.hint
    assert error.message == error.message.strip(". \n")
    assert tunnel.public_url is None
    return error


def left_in(folder: Path) -> list[str]:
    """The names of the files in a folder; none where there is no folder."""
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


async def nothing_left(folder: Path, agent: Agent) -> None:
    """Wait until no agent runs and no file is left: what takes longer than a close goes on behind it."""
    await asyncio.to_thread(until, lambda: (agent.running, left_in(folder)) == ([], []))


def modes_in(folder: Path) -> dict[str, str]:
    """Who may do what with a folder and the files in it."""
    return {file.name: f"{file.stat().st_mode & 0o777:o}" for file in (folder, *folder.iterdir())}
