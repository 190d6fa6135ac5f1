"""`smschat simulator`: KPN's gateway imitated, as a server of its own on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.cli import output, session

if TYPE_CHECKING:
    import argparse


def simulator(flags: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    return session.run(_serve(flags))


async def _serve(flags: argparse.Namespace) -> int:
    from smschat.simulator import Simulator  # noqa: PLC0415 - imports the HTTP server

    ended = session.until_told_to_end()
    server = Simulator(log=output.line if flags.log else None)
    await server.start(port=flags.port)
    try:
        if getattr(flags, "json", False):
            output.document({"event": "listening", "url": server.url})
        else:
            output.line(f"simulator of KPN's gateway at {server.url}")
            output.note(f"  use it: SMSCHAT_API_URL={server.url} SMSCHAT_CLIENT_ID=any SMSCHAT_CLIENT_SECRET=any")
        await ended.wait()
    finally:
        await server.stop()
    return 0
