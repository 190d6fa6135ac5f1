"""A small program that opens a tunnel and holds it, to be ended from outside as smschat may be.

    python -m tests.tunnel.parent FOLDER AGENT [alone]

It prints the address once it is open. SIGTERM and SIGHUP close the tunnel; `alone` has the agent start as on a system
that ends no child with its parent.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from smschat.domain.secret import Secret
from smschat.tunnel import NgrokTunnel, files
from tests.tunnel.opening import TOKEN, UPSTREAM


async def main(folder: str, agent: str, *options: str) -> None:
    """Hold a tunnel open until told to end."""
    if "alone" in options:
        files.parent = lambda: 0
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    tunnel = NgrokTunnel(folder=Path(folder), profile="default", authtoken=lambda: Secret(TOKEN), agent=Path(agent))
    print(await tunnel.open(UPSTREAM), flush=True)
    await ended.wait()
    await tunnel.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
