"""How an agent ends: cancelled, closed, crashed, killed, sent away; and nothing is left."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from smschat.errors import TunnelError
from tests.program import until
from tests.tunnel.opening import TOKEN, UPSTREAM, left_in, ngrok, nothing_left, opened

if TYPE_CHECKING:
    from pathlib import Path

    from tests.agent import Agent

pytestmark = pytest.mark.usefixtures("alone")


async def test_an_agent_that_ignores_the_request_to_end_is_ended(folder: Path, agent: Agent) -> None:
    agent.change(ignores_sigterm=True)
    tunnel = ngrok(folder, agent)
    await tunnel.open(UPSTREAM)
    await tunnel.close()
    await asyncio.to_thread(agent.wait_ended)


@pytest.mark.parametrize("hangs", ["at once", "online", None])
async def test_a_cancelled_start_leaves_nothing(folder: Path, agent: Agent, hangs: str | None) -> None:
    agent.change(hangs=hangs)
    tunnel = ngrok(folder, agent)
    task = asyncio.create_task(tunnel.open(UPSTREAM))
    await asyncio.to_thread(until, lambda: agent.starts)
    if task.cancel():
        with pytest.raises(asyncio.CancelledError):
            await task
    else:  # without a hang, and the machine let us look only when it was open
        assert hangs is None
        await tunnel.close()
    await nothing_left(folder, agent)


async def test_a_start_cancelled_at_once_starts_nothing(folder: Path, agent: Agent) -> None:
    task = asyncio.create_task(ngrok(folder, agent).open(UPSTREAM))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.to_thread(agent.wait_ended)


async def test_closing_ends_a_start_that_is_under_way(folder: Path, agent: Agent) -> None:
    agent.change(hangs="online")
    tunnel = ngrok(folder, agent)
    opening = asyncio.create_task(tunnel.open(UPSTREAM))
    await asyncio.to_thread(until, lambda: agent.starts)
    await tunnel.close()
    with pytest.raises(TunnelError, match="closed while it was being opened"):
        await opening
    await nothing_left(folder, agent)


async def test_a_crash_is_the_loss_of_the_tunnel(folder: Path, agent: Agent) -> None:
    tunnel = ngrok(folder, agent)
    async with opened(tunnel):
        losing = asyncio.create_task(tunnel.lost())
        agent.crash()
        error = await losing
        assert error.code == "agent_ended"
        assert "(exit status 3): the service closed the session for good" in error.message
        assert tunnel.public_url is None
        assert left_in(folder) == []


async def test_an_agent_that_was_killed_is_lost(folder: Path, agent: Agent) -> None:
    tunnel = ngrok(folder, agent)
    async with opened(tunnel):
        os.kill(agent.running[0], 9)
        assert "ended by SIGKILL" in (await tunnel.lost()).message


async def test_a_session_that_is_revoked_is_lost_and_the_agent_ended(folder: Path, agent: Agent) -> None:
    tunnel = ngrok(folder, agent)
    async with opened(tunnel):
        agent.revoke()
        error = await tunnel.lost()
        assert error.code == "ngrok_107"
        assert TOKEN not in error.message
        await asyncio.to_thread(agent.wait_ended)


async def test_after_a_loss_another_address_may_be_given(folder: Path, agent: Agent) -> None:
    tunnel = ngrok(folder, agent)
    async with opened(tunnel) as first:
        agent.crash()
        await tunnel.lost()
        agent.move()
        async with opened(tunnel) as second:
            assert second == agent.public_url != first


async def test_what_was_closed_is_not_lost(folder: Path, agent: Agent) -> None:
    tunnel = ngrok(folder, agent)
    await tunnel.open(UPSTREAM)
    losing = asyncio.create_task(tunnel.lost())
    await asyncio.sleep(0)
    await tunnel.close()
    assert not losing.done()
    losing.cancel()
