"""Somebody new, for the pictures of the set-up: a machine without settings, and a network between it and the simulator.

The rule: names are as everybody has them, and not those of a test: the gateway is KPN's, the agent is where packages
put it, and ngrok gives one address for good.
"""

from __future__ import annotations

import math
from contextlib import asynccontextmanager
from dataclasses import replace
from socket import gaierror
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import httpx

from smschat import settings as settings_module
from smschat.cli import session
from smschat.domain.checks import Check, Finding
from smschat.gateway import KpnGateway
from smschat.runtime.setup import Setup
from smschat.simulator import Simulator
from smschat.tunnel import LocalTunnel

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from smschat.domain.secret import Secret
    from smschat.runtime import Plan
    from smschat.settings import Settings, TunnelKind

_UNREACHABLE: Final = "client_secret=unreachable"
_PUBLIC: Final = "https://aurora-sms.ngrok-free.dev"


class _Tunnel(LocalTunnel):
    """Called as ngrok's is, at an address of ngrok's."""

    name = "ngrok"
    local_url = ""

    async def open(self, local_url: str) -> str | None:
        """The one address."""
        self.local_url = local_url
        return _PUBLIC


class _Network(httpx.AsyncBaseTransport):
    """KPN's gateway is the simulator, and what it is told to call at the public address it calls at the local one.

    Who has the client secret `unreachable` does not reach it.
    """

    def __init__(self, simulator: str, tunnel: _Tunnel) -> None:
        self._origin = httpx.URL(simulator)
        self._tunnel = tunnel
        self._wire = httpx.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass it on."""
        form = (await request.aread()).decode()
        if _UNREACHABLE in form:
            raise httpx.ConnectError("name not known") from gaierror()
        form = form.replace(quote(_PUBLIC, safe=""), quote(self._tunnel.local_url, safe=""))
        headers = [(name, value) for name, value in request.headers.items() if name not in {"host", "content-length"}]
        url = request.url.copy_with(scheme="http", host=self._origin.host, port=self._origin.port)
        return await self._wire.handle_async_request(
            httpx.Request(request.method, url, headers=headers, content=form.encode(), extensions=request.extensions)
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()


class _Newcomer(Setup):
    """The engine on a machine with an agent and this network."""

    def __init__(self, folder: Path, simulator: str) -> None:
        self._simulator = simulator
        self._tunnel = _Tunnel()

        def load(typed: Mapping[str, str]) -> Settings:
            env = {"HOME": str(folder), "SMSCHAT_CONFIG_DIR": str(folder), "SMSCHAT_DATA_DIR": str(folder / "data")}
            return settings_module.load({}, {**env, **typed})

        super().__init__(load, self._planned)

    async def find_agent(self) -> Check:
        """Where a package puts it."""
        return Check(name="ngrok agent", finding=Finding.OK, text="ngrok at /usr/local/bin/ngrok, version 3.37.2")

    async def try_tunnel(self, *, kind: TunnelKind, authtoken: Secret | None, public_url: str | None) -> Check:
        """It opens."""
        return Check(name="tunnel", finding=Finding.OK, text=f"{_PUBLIC} leads to this machine")

    def _planned(self, settings: Settings) -> Plan:
        def make_gateway() -> KpnGateway:
            secret = settings.client_secret()
            assert settings.client_id is not None
            assert secret is not None
            return self._gateway(settings.api_url, settings.client_id, secret)

        return replace(session.plan_of(settings), make_gateway=make_gateway, tunnel=self._tunnel)

    def _gateway(self, origin: str, client_id: str, client_secret: Secret) -> KpnGateway:
        network = _Network(self._simulator, self._tunnel)
        return KpnGateway(api_url=origin, client_id=client_id, client_secret=client_secret, transport=network)


@asynccontextmanager
async def newcomer(folder: Path) -> AsyncIterator[Setup]:
    """The engine of the set-up for somebody new; the people of the simulator answer at once."""
    async with Simulator(pace=math.inf) as simulator:
        yield _Newcomer(folder, simulator.url)
