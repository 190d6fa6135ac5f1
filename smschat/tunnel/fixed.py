"""Tunnels that need no program: an address that already reaches the listener, loopback itself, and none at all.

The rule: `open` tells the public origin for a local one, or None; `close` may be called at any time.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smschat.errors import TunnelError


class FixedTunnel:
    """An address that the user has set up to reach the listener: a reverse proxy, a port forward."""

    name = "fixed"

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url.rstrip("/")

    @property
    def public_url(self) -> str | None:
        """The public origin, without a slash at its end."""
        return self._public_url

    async def open(self, local_url: str) -> str | None:  # noqa: ARG002 - other tunnels lead there
        """The public origin; whether it leads to `local_url` is the user's affair."""
        return self._public_url

    async def lost(self) -> TunnelError:
        """For ever: nothing was opened that could be lost."""
        return await never()

    async def close(self) -> None:
        """Nothing was opened."""


class LocalTunnel:
    """Loopback is public enough: the counterpart runs on this machine."""

    name = "loopback"
    public_url: str | None = None

    async def open(self, local_url: str) -> str | None:
        """The listener's own origin."""
        return local_url

    async def lost(self) -> TunnelError:
        """For ever: nothing was opened that could be lost."""
        return await never()

    async def close(self) -> None:
        """Nothing was opened."""


class NoTunnel:
    """The gateway cannot reach this machine: SMS can be sent, and none are received."""

    name = "off"
    public_url: str | None = None

    async def open(self, local_url: str) -> str | None:  # noqa: ARG002 - other tunnels lead there
        """None."""
        return None

    async def lost(self) -> TunnelError:
        """For ever: nothing was opened that could be lost."""
        return await never()

    async def close(self) -> None:
        """Nothing was opened."""


async def never() -> TunnelError:
    """Wait for ever, as for the loss of what cannot be lost."""
    forever: asyncio.Future[TunnelError] = asyncio.get_running_loop().create_future()
    return await forever
