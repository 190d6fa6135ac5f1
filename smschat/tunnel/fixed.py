"""Tunnels that need no program: an address that already reaches the listener, and none at all.

The rule: `open` tells the public origin for a local one, or None; `close` may be called at any time.
"""

from __future__ import annotations


class FixedTunnel:
    """An address that the user has set up to reach the listener: a reverse proxy, a port forward, loopback."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url.rstrip("/")

    async def open(self, local_url: str) -> str | None:  # noqa: ARG002  # other tunnels lead there
        """The public origin, without a slash at its end; whether it leads to `local_url` is the user's affair."""
        return self._public_url

    async def close(self) -> None:
        """Nothing was opened."""


class NoTunnel:
    """The gateway cannot reach this machine: SMS can be sent, and none are received."""

    async def open(self, local_url: str) -> str | None:  # noqa: ARG002  # other tunnels lead there
        """None."""
        return None

    async def close(self) -> None:
        """Nothing was opened."""
