"""A way in, tried: the form of an address, or a tunnel that is opened over a listener that keeps nothing, and closed.

The rule: what a running smschat uses is left alone; where one has the tunnel open, only the agent, its version and the
authtoken are proven, by signing in beside it.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from typing import TYPE_CHECKING, Final

from smschat.domain.checks import Check, Finding
from smschat.errors import SettingsError, StoreError
from smschat.runtime.closing import closing

if TYPE_CHECKING:
    from pathlib import Path

    from smschat.domain.account import Owner
    from smschat.domain.callbacks import RawCallback
    from smschat.settings import Secret, Settings
    from smschat.tunnel import NgrokTunnel

_NAME: Final = "tunnel"


def of_fixed(address: str | None, settings: Settings) -> Check:
    """An address that is there already, as far as its form tells; `webhook register` and the round trip show the rest.

    Raises:
        SettingsError: there is none.
    """
    if address is None:
        raise SettingsError("there is no address", hint="give the https:// address that reaches the listener")
    host, port = settings.listen
    if port == 0:
        return Check(
            name=_NAME,
            finding=Finding.NOTE,
            text=f"{address}; the listener takes another port at each start, so that nothing can lead to it",
            fix=f"set listen to a port that stays, such as {host}:8765, and let the address lead there",
        )
    return Check(name=_NAME, finding=Finding.OK, text=f"{address}, which has to lead to {host}:{port}")


async def try_ngrok(settings: Settings, *, authtoken: Secret | None, domain: str | None) -> Check:
    """Open a tunnel by ngrok for real, and close it.

    Args:
        authtoken: None: that of the settings.
        domain: the account's own, None: whatever ngrok gives.

    Raises:
        TunnelError: ngrok gives no address.
        StoreError: the data folder cannot be used.
        ListenerError: nothing can listen.
    """
    from smschat.store.locks import make_private_folder  # noqa: PLC0415 - only where a tunnel is opened

    make_private_folder(settings.data_dir)
    tunnel = _tunnel(settings, authtoken, domain)
    owner = await _owner(settings.data_dir / f"{settings.profile}.db")
    if owner is not None and owner.public_url is not None:
        await tunnel.sign_in()
        text = f"ngrok takes the authtoken; a running smschat (process {owner.pid}) has {owner.public_url} open"
        return Check(name=_NAME, finding=Finding.OK, text=text)
    address = await _opened(tunnel)
    return Check(name=_NAME, finding=Finding.OK, text=f"ngrok gives {address}")


async def _opened(tunnel: NgrokTunnel) -> str:
    """The public address of a tunnel that was open for a moment."""
    from smschat.webhook.listener import Listener  # noqa: PLC0415 - imports the HTTP server

    listener = Listener(token=secrets.token_urlsafe(16), take=_keep_nothing)
    local_url = await listener.start("127.0.0.1", 0)
    try:
        return await tunnel.open(local_url)
    finally:
        await closing("the tunnel that was tried", tunnel.close())
        await closing("the listener that was tried", listener.stop())


async def _keep_nothing(raw: RawCallback) -> None:  # noqa: ARG001 - nothing is kept of it
    """Answered 503, so that the gateway repeats it to whoever receives."""
    raise StoreError("the set-up's check keeps no callbacks")


async def _owner(store_path: Path) -> Owner | None:
    """Who receives for the profile; None when nobody does, or when there is no store to ask."""
    if not await asyncio.to_thread(store_path.exists):
        return None
    from smschat.store import SqliteStore  # noqa: PLC0415 - only to ask who is there

    with contextlib.suppress(StoreError):
        store = await SqliteStore.open(store_path)
        try:
            return await store.owner()
        finally:
            await store.close()
    return None


def _tunnel(settings: Settings, authtoken: Secret | None, domain: str | None) -> NgrokTunnel:
    """One whose files are not those of the profile's own tunnel."""
    from smschat.tunnel import NgrokTunnel  # noqa: PLC0415 - only where a tunnel is opened

    return NgrokTunnel(
        folder=settings.data_dir,
        profile=f"{settings.profile}.setup",
        authtoken=lambda: authtoken or settings.authtoken(),
        domain=domain,
        agent=settings.ngrok_path,
        proxy=settings.proxy,
    )
