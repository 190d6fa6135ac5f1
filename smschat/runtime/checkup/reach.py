"""Receiving, tried: the listener's port, the tunnel, and the way from the public address back to the listener.

The rule: what a running smschat has up is looked at and left alone. Where none receives, this process owns the duty for
these seconds: its listener keeps what comes as any other does, and nothing is registered and nothing sent.
"""

from __future__ import annotations

import contextlib
import secrets
from typing import TYPE_CHECKING, Final

from smschat.domain.checks import Check, Finding, fault_of
from smschat.errors import ListenerError, StoreError, TunnelError
from smschat.runtime.checkup.agent import of_agent
from smschat.runtime.checkup.probe import REACH, probe
from smschat.runtime.closing import closing
from smschat.settings import TunnelKind

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from smschat.domain.account import Owner
    from smschat.domain.callbacks import RawCallback
    from smschat.runtime.plan import Plan
    from smschat.settings import Settings
    from smschat.store import SqliteStore
    from smschat.tunnel import NgrokTunnel
    from smschat.webhook.listener import Listener

LISTENER: Final = "listener"
TUNNEL: Final = "tunnel"
RECEIVING: Final = "receiving"

_OTHER_PORT: Final = "end the program that has it, or set listen to another port; 127.0.0.1:0 takes any free one"


class Receiver:
    """Whoever receives: the smschat that runs, or this process for as long as it looks.

    Args:
        store: None: there is none yet, so that no smschat can have a token, an owner or a callback of it.
    """

    def __init__(self, settings: Settings, plan: Plan, store: SqliteStore | None) -> None:
        self._settings = settings
        self._plan = plan
        self._store = store
        self._closing = contextlib.AsyncExitStack()
        self._is_ours = True
        self._local_url: str | None = None
        self.owner: Owner | None = None
        self.token = ""
        self.public_url = settings.public_url if settings.tunnel is TunnelKind.FIXED else None

    async def begin(self) -> None:
        """Find out who receives, and own the duty if nobody does. Raises StoreError."""
        if self._store is None:
            self.token = secrets.token_urlsafe(16)
            folder = self._settings.data_dir.absolute()
            missing = [place for place in (folder, *folder.parents) if not place.exists()]
            self._closing.callback(_unmake, missing)  # an agent's files make it
            return
        self.token = await self._store.path_token()
        self._is_ours = await self._store.own(RECEIVING)
        if self._is_ours:
            self._closing.push_async_callback(_give_back, self._store)
            return
        self.owner = await self._store.owner()
        if self.owner is not None:
            self.public_url = self.owner.public_url or self.public_url

    async def end(self) -> None:
        """Close what this process has up, in reverse order, and give the duty back."""
        await self._closing.aclose()

    async def checks(self) -> AsyncGenerator[Check, None]:
        """The lines, each as soon as it is found: listener, agent, tunnel, reachability."""
        yield await self._listener()
        if self._settings.tunnel is TunnelKind.NGROK:
            agent = await of_agent(self._settings.ngrok_path)
            yield agent
            if agent.is_fault:
                text = "the tunnel cannot be opened without the agent"
                yield Check(name=TUNNEL, finding=Finding.UNKNOWN, text=text)
            else:
                yield await self._ngrok()
        else:
            yield self._fixed_or_off()
        yield await self._reach()

    async def _listener(self) -> Check:
        if not self._is_ours:
            return self._of_owner()
        from smschat.webhook.listener import Listener  # noqa: PLC0415 - imports the HTTP server

        host, port = self._plan.listen
        listener = Listener(token=self.token, take=self._take)
        try:
            self._local_url = await listener.start(host, port)
        except ListenerError as error:
            fault = fault_of(LISTENER, error)
            return Check(name=LISTENER, finding=Finding.FAULT, text=fault.text, fix=fault.fix or _OTHER_PORT)
        self._closing.push_async_callback(_stop, listener)
        text = f"it can listen, at {host}, on {f'port {port}' if port else 'any free port'}"
        return Check(name=LISTENER, finding=Finding.OK, text=text)

    def _of_owner(self) -> Check:
        if self.owner is None:
            text = "another smschat is about to receive for this profile"
            return Check(name=LISTENER, finding=Finding.UNKNOWN, text=text, fix="look again in a moment")
        if self.owner.local_url is None:
            text = f"a running smschat (process {self.owner.pid}) receives, and listens nowhere"
            fix = "look at what it says, end it, and look again"
            return Check(name=LISTENER, finding=Finding.FAULT, text=text, fix=fix)
        text = f"a running smschat (process {self.owner.pid}) listens at {self.owner.local_url}"
        return Check(name=LISTENER, finding=Finding.OK, text=text)

    def _fixed_or_off(self) -> Check:
        if self._settings.tunnel is TunnelKind.OFF:
            text = "off: SMS can be sent, and none are received"
            return Check(name=TUNNEL, finding=Finding.NOTE, text=text, fix="set tunnel = ngrok or fixed to receive")
        host, port = self._settings.listen
        if port:
            text = f"fixed: {self._settings.public_url} has to lead to {host}:{port}"
            return Check(name=TUNNEL, finding=Finding.OK, text=text)
        text = "fixed, and the listener takes another port at each start, so that nothing can lead to it"
        fix = f"set listen to a port that stays, such as {host}:8765, and let the address lead there"
        return Check(name=TUNNEL, finding=Finding.FAULT, text=text, fix=fix)

    async def _ngrok(self) -> Check:
        """The tunnel: looked at where one is open, else opened over our listener, else only signed in."""
        if self.owner is not None and self.owner.public_url is not None:
            text = f"open, at {self.owner.public_url}"
            return Check(name=TUNNEL, finding=Finding.OK, text=text)
        try:
            if self._local_url is None:
                await self._signing_in().sign_in()
                return Check(name=TUNNEL, finding=Finding.OK, text="ngrok takes the authtoken; no tunnel was opened")
            self._closing.push_async_callback(_close, self._plan)
            self.public_url = await self._plan.tunnel.open(self._local_url)
        except (TunnelError, StoreError) as error:
            return fault_of(TUNNEL, error)
        return Check(name=TUNNEL, finding=Finding.OK, text=f"ngrok gives {self.public_url}")

    def _signing_in(self) -> NgrokTunnel:
        from smschat.tunnel import NgrokTunnel  # noqa: PLC0415 - only where a tunnel is wanted

        tunnel = self._plan.tunnel
        assert isinstance(tunnel, NgrokTunnel)  # noqa: S101 - for the type checker: the settings say ngrok
        return tunnel

    async def _reach(self) -> Check:
        if self.public_url is None:
            why = "is off" if self._settings.tunnel is TunnelKind.OFF else "has no address"
            return Check(name=REACH, finding=Finding.UNKNOWN, text=f"not tried, because the tunnel {why}")
        if self._is_ours and self._local_url is None:
            return Check(name=REACH, finding=Finding.UNKNOWN, text="not tried, because nothing listens")
        return await probe(self.public_url, self.token, proxy=self._settings.proxy)

    async def _take(self, raw: RawCallback) -> None:
        """Keep a callback that comes meanwhile, as the runtime does."""
        if self._store is None:
            raise StoreError("there is no store yet, and a look makes none")
        from smschat.webhook.parse import meaning  # noqa: PLC0415 - loaded with the listener already

        await self._store.take_callback(raw, meaning(raw, self._plan.identity.country))


def _unmake(folders: list[Path]) -> None:
    """Take folders away again as far as nothing else has come into them."""
    with contextlib.suppress(OSError):
        for folder in folders:
            folder.rmdir()


async def _give_back(store: SqliteStore) -> None:
    await closing("duty", store.disown(RECEIVING))


async def _stop(listener: Listener) -> None:
    await closing("listener", listener.stop())


async def _close(plan: Plan) -> None:
    await closing("tunnel", plan.tunnel.close())
