"""A tunnel by ngrok: an agent of ours gives the listener a public address for as long as it runs.

The rule: a start is bounded in time and can be cancelled, and when `open` has raised or `close` has returned, no
process and no file of it is left. Nothing is fetched; a missing agent is said.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
from typing import TYPE_CHECKING, Final

from smschat.tunnel import faults
from smschat.tunnel.agent import MINIMUM_AGENT, agent_version, find_agent, version_of
from smschat.tunnel.files import AgentFiles
from smschat.tunnel.fixed import never
from smschat.tunnel.run import AgentRun, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from smschat.domain.secret import Secret
    from smschat.errors import TunnelError

CLOSE_S: Final = 0.95
"""Seconds that `close` waits; an agent that takes longer is ended behind it."""

_checks = itertools.count(1)


class NgrokTunnel:
    """A public address by an agent of ours.

    Attributes:
        public_url: the public origin, without a slash at its end; None while none is open, because only the agent's
            answer counts.

    Args:
        folder: the profile's data folder; made, for the owner alone, where there is none.
        profile: part of the names of the files in it: one agent a profile, opened only by who owns the duty to receive.
        authtoken: asked at each start, in a thread; None: there is none, and ngrok says what it thinks of that.
        domain: the account's own domain, with or without `https://`; None: the one that ngrok gives.
        agent: the agent's program; None: the one that `find_agent` finds.
        proxy: address of the proxy that the agent goes by; None: as its environment has it.
        start_limit_s: seconds that a start may take.
    """

    name = "ngrok"
    public_url: str | None = None

    def __init__(
        self,
        *,
        folder: Path,
        profile: str,
        authtoken: Callable[[], Secret | None],
        domain: str | None = None,
        agent: Path | None = None,
        proxy: str | None = None,
        start_limit_s: float = 20.0,
    ) -> None:
        self._folder = folder
        self._profile = profile
        self._authtoken = authtoken
        self._url = _origin(domain) if domain else None
        self._agent = agent
        self._proxy = proxy
        self._start_limit_s = start_limit_s
        self._run: AgentRun | None = None

    async def open(self, local_url: str) -> str:
        """Start an agent and open the address; one that is open already is closed first.

        Raises:
            TunnelError: there is no address; message and hint say why and what to do, the code is `no_agent`,
                `agent_old`, `agent_start`, `ngrok_unreachable`, `ngrok_334` and so on by ngrok's own codes, ….
        """
        await self.close()
        run = self._run = AgentRun(self._wanted(f"{self._profile}.ngrok", local_url))
        self.public_url = await self._begun(run)
        return self.public_url

    async def lost(self) -> TunnelError:
        """Wait until the agent has ended by itself, or will not be let in again, and tell why; then nothing is left."""
        if self._run is None:
            return await never()
        error = await asyncio.wrap_future(self._run.lost)
        self.public_url = None
        return error

    async def close(self) -> None:
        """End the agent; may be called at any time, also while `open` runs, which then raises."""
        run, self._run = self._run, None
        self.public_url = None
        if run is not None:
            await _end(run)

    async def sign_in(self) -> None:
        """Start an agent beside the one that may be open, without an address, and end it.

        That proves the agent, its version and the authtoken.

        Raises:
            TunnelError: as `open`.
        """
        run = AgentRun(self._wanted(f"{self._profile}.ngrok-check-{os.getpid()}-{next(_checks)}", None))
        await self._begun(run)
        await _end(run)

    def _wanted(self, name: str, local_url: str | None) -> Wanted:
        return Wanted(
            files=AgentFiles(folder=self._folder.absolute(), name=name),
            agent=self._agent,
            authtoken=self._authtoken,
            local_url=local_url,
            url=self._url if local_url else None,
            proxy=self._proxy,
            start_limit_s=self._start_limit_s,
        )

    async def _begun(self, run: AgentRun) -> str:
        """Start it, and wait for its address; whatever comes instead, it is ended."""
        run.begin()
        try:
            async with asyncio.timeout(self._start_limit_s):
                return await asyncio.wrap_future(run.opened)
        except TimeoutError:
            await _end(run)
            raise await self._why_late(run) from None
        except BaseException:
            await _end(run)
            raise

    async def _why_late(self, run: AgentRun) -> TunnelError:
        """Why there was no address in time: as the agent says, or it is too old, or nobody knows."""
        named = faults.told(run.heard)
        agent = await asyncio.to_thread(find_agent, self._agent)
        if named is not None or agent is None:
            return named or faults.no_agent(self._agent)
        version = await agent_version(agent)
        if version is not None and version_of(version) < MINIMUM_AGENT:
            return faults.too_old(version)
        return faults.not_in_time(self._start_limit_s)


def _origin(domain: str) -> str:
    address = domain.rstrip("/")
    return address if "://" in address else f"https://{address}"


async def _end(run: AgentRun) -> None:
    """End it, and wait for that, a second at most; cancelled or not, it goes on behind us."""
    run.end()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_S):
            await asyncio.wrap_future(run.gone)
