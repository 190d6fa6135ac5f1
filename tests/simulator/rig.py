"""A client of the simulator and a receiver of its callbacks, both over real HTTP on loopback."""

from __future__ import annotations

import asyncio
import json
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl

import httpx

from smschat import serving
from smschat.simulator.gateway_app import REGISTER_PATH, SEND_PATH, TOKEN_PATH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smschat.serving import Receive, Scope, Send, Served
    from smschat.simulator import Simulator
    from smschat.simulator.journal import Entry

OWN = "31612345678"
STRANGER = "31699999999"


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """A callback as it arrived."""

    method: str
    path: str
    query: bytes
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self) -> dict[str, Any]:
        if self.method == "GET":
            return dict(parse_qsl(self.query.decode(), keep_blank_values=True))
        if self.headers["content-type"].startswith("application/json"):
            document = json.loads(self.body)
            assert isinstance(document, dict)
            return document
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


class Hook:
    """A receiver: keeps what comes, and answers 200, or the statuses in `refuse` first; `came` is set by the first."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.came = asyncio.Event()
        self.refuse: list[int] = []
        self._served: Served | None = None

    async def start(self) -> None:
        self._served = await serving.serve(self, serving.bind("127.0.0.1", 0))

    async def stop(self) -> None:
        if self._served is not None:
            await self._served.stop()
            self._served = None

    @property
    def url(self) -> str:
        assert self._served is not None
        return self._served.url

    def at(self, path: str) -> list[dict[str, Any]]:
        return [got.fields for got in self.got if got.path == path]

    @property
    def receipts(self) -> list[dict[str, Any]]:
        return self.at("/token/r/ref")

    @property
    def inbound(self) -> list[dict[str, Any]]:
        return self.at("/token")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        body = await serving.read_body(receive, limit=65536)
        got = Got(method=scope["method"], path=scope["path"], query=scope["query_string"], headers=headers, body=body)
        self.got.append(got)
        self.came.set()
        await serving.answer(send, self.refuse.pop(0) if self.refuse else 200)


class Rig:
    """The simulator, a hook and a client with a token."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.hook = Hook()
        self.http = httpx.AsyncClient(trust_env=False, timeout=60, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        self.bearer = ""

    async def __aenter__(self) -> Self:
        await self.simulator.start()
        await self.hook.start()
        self.bearer = (await self.token()).json()["access_token"]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()
        await self.simulator.stop()
        await self.hook.stop()

    async def token(self, **form: str) -> httpx.Response:
        data = {"client_id": "demo", "client_secret": "zq7-secret"} | form
        url = f"{self.simulator.url}{TOKEN_PATH}?grant_type=client_credentials"
        return await self.http.post(url, data=data)

    async def post(
        self, path: str, data: dict[str, str] | None = None, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        given = {"Authorization": f"Bearer {self.bearer}"} | (headers or {})
        return await self.http.post(self.simulator.url + path, data=data, headers=given)

    async def register(self, *, to: str = OWN, url: str | None = None) -> httpx.Response:
        return await self.post(REGISTER_PATH, {"to": to, "callback_url": url or f"{self.hook.url}/token"})

    async def send(
        self,
        to: str,
        text: str = "hoi",
        form: Mapping[str, str] | None = None,
        *,
        sender: str = OWN,
        wants_inbound: bool = True,
    ) -> httpx.Response:
        """An SMS that asks for receipts; `form` adds fields or replaces them, an empty one is left out."""
        receipts = {"status-report-req": "true", "callback": f"{self.hook.url}/token/r/ref"}
        data = {"from": sender, "to": to, "text": text} | receipts | dict(form or {})
        given = {name: value for name, value in data.items() if value}
        return await self.post(SEND_PATH, given, headers={"inbound": "yes"} if wants_inbound else {})

    async def talk(
        self, to: str, text: str = "hoi", form: Mapping[str, str] | None = None, *, sender: str = OWN
    ) -> list[dict[str, Any]]:
        """Register, send, and wait for all that follows; what was answered."""
        await self.register()
        await self.send(to, text, form, sender=sender)
        await self.simulator.settled()
        return self.hook.inbound

    async def noted(self, matches: Callable[[Entry], bool]) -> Entry:
        """Wait until the journal has an entry like this."""
        found: asyncio.Future[Entry] = asyncio.get_running_loop().create_future()

        def hear(entry: Entry) -> None:
            if matches(entry) and not found.done():
                found.set_result(entry)

        self.simulator.journal.subscribe(hear)
        for entry in self.simulator.journal:
            hear(entry)
        return await found
