"""A way in, tried: an address, or a tunnel that is opened, over a listener that keeps nothing and is closed again.

The rule: what a running smschat uses is left alone. Where one has the tunnel open, only the agent, its version and the
authtoken are proven, by signing in beside it. That this machine cannot reach the address is no fault: the gateway may.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from smschat.domain.checks import Check, Finding
from smschat.errors import SettingsError, StoreError
from smschat.runtime.closing import closing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from smschat.domain.account import Owner
    from smschat.domain.callbacks import RawCallback
    from smschat.settings import Secret, Settings
    from smschat.tunnel import NgrokTunnel

_NAME: Final = "tunnel"


async def try_fixed(settings: Settings, address: str | None) -> Check:
    """An address that is there already: whether it leads to where the listener will be.

    Raises:
        SettingsError: there is none.
        ListenerError: another program has the listener's port.
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
    owner = await _owner(settings)
    if owner is not None:
        return Check(name=_NAME, finding=Finding.NOTE, text=f"{address}; {_named(owner)} listens, so it was not tried")
    async with _listening(host, port) as (_, token):
        return await _proven(address, token, settings, f"it has to lead to {host}:{port}")


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
    tunnel = _tunnel(settings, authtoken, domain)
    owner = await _owner(settings)
    if owner is not None and owner.public_url is not None:
        await tunnel.sign_in()
        text = f"ngrok takes the authtoken; {_named(owner)} has {owner.public_url} open"
        return Check(name=_NAME, finding=Finding.OK, text=text)
    async with _listening("127.0.0.1", 0) as (local_url, token):
        try:
            address = await tunnel.open(local_url)
            return await _proven(address, token, settings, "ngrok gives it")
        finally:
            await closing("the tunnel that was tried", tunnel.close())


@asynccontextmanager
async def _listening(host: str, port: int) -> AsyncIterator[tuple[str, str]]:
    """A listener that keeps nothing: its origin, and a path token of its own."""
    from smschat.webhook.listener import Listener  # noqa: PLC0415 - imports the HTTP server

    token = secrets.token_urlsafe(16)
    listener = Listener(token=token, take=_keep_nothing)
    local_url = await listener.start(host, port)
    try:
        yield local_url, token
    finally:
        await closing("the listener that was tried", listener.stop())


async def _keep_nothing(raw: RawCallback) -> None:  # noqa: ARG001 - nothing is kept of it
    """Answered 503, so that the gateway repeats it to whoever receives."""
    raise StoreError("the set-up's check keeps no callbacks")


async def _proven(address: str, token: str, settings: Settings, otherwise: str) -> Check:
    """Whether the address leads to the listener that knows the token, as far as that can be seen from here."""
    from smschat.runtime.checkup.probe import probe  # noqa: PLC0415 - imports the HTTP client

    seen = await probe(address, token, proxy=settings.proxy)
    if seen.finding is Finding.OK:
        return Check(name=_NAME, finding=Finding.OK, text=f"{address} leads to this machine")
    return Check(name=_NAME, finding=Finding.NOTE, text=f"{otherwise}, and {seen.text}", fix=seen.fix)


async def _owner(settings: Settings) -> Owner | None:
    """Who receives for the profile; None when nobody does, or when there is no store to ask."""
    if not await asyncio.to_thread(settings.store_path.exists):
        return None
    from smschat.store import SqliteStore  # noqa: PLC0415 - only to ask who is there

    with contextlib.suppress(StoreError):
        store = await SqliteStore.open(settings.store_path)
        try:
            return await store.owner()
        finally:
            await store.close()
    return None


def _named(owner: Owner) -> str:
    return f"a running smschat (process {owner.pid})"


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
