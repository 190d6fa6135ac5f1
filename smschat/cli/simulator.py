"""`smschat simulator`: KPN's gateway imitated, as a server of its own on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.cli import output, session
from smschat.errors import SettingsError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping


def simulator(flags: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    return session.run(_serve(flags))


async def _serve(flags: argparse.Namespace) -> int:
    from smschat.simulator import Simulator  # noqa: PLC0415 - imports the HTTP server
    from smschat.simulator.wire import Transport  # noqa: PLC0415 - as above

    ended = session.until_told_to_end()
    server = Simulator(
        style=Transport(flags.callbacks),
        sign=_signer(flags) if flags.sign else None,
        log=output.line if flags.log else None,
    )
    await server.start(port=flags.port)
    try:
        if getattr(flags, "json", False):
            output.document({"event": "listening", "url": server.url})
        else:
            output.line(f"simulator of KPN's gateway at {server.url}")
            output.note(f"  use it: SMSCHAT_API_URL={server.url} SMSCHAT_CLIENT_ID=any SMSCHAT_CLIENT_SECRET=any")
            output.note(f"  look on: {server.url}/ in a browser lists every request and callback")
        await ended.wait()
    finally:
        await server.stop()
    return 0


def _signer(flags: argparse.Namespace) -> Callable[[Mapping[str, str]], str]:
    """What signs callbacks, by `signature_secret` and `signature_method`.

    Raises:
        SettingsError: there is no secret to sign with.
    """
    from smschat.domain.signing import Method, signature  # noqa: PLC0415 - only where callbacks are signed

    settings = session.settings_of(flags)
    if settings.signature_secret is None:
        raise SettingsError(
            "--sign needs a secret to sign with, and there is none",
            hint="set SMSCHAT_SIGNATURE_SECRET here and where callbacks are checked, or leave --sign out",
        )
    secret, method = settings.signature_secret, Method(settings.signature_method)
    return lambda fields: signature(fields, secret.reveal(), method)
