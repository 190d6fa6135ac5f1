"""A listener and a store on disk, as smschat has them, with a clock that is set: what is called comes to the store."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import httpx

from smschat.store import SqliteStore
from smschat.webhook.listener import Listener
from smschat.webhook.parse import meaning
from tests.store.samples import Clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from smschat.domain.callbacks import RawCallback, Signature
    from smschat.domain.sms import Sms

TOKEN: Final = "AbCdEfGhIjKlMnOpQrStUv"
OWN_NUMBER: Final = "31970000000"
FORMS: Final = ("json", "bare json", "numbers", "form", "get")
"""The forms that a callback comes in: `bare json` has no Content-Type, `numbers` has numbers where texts are usual."""


class Rig:
    """What the tests talk to.

    Attributes:
        url: the inbound address.
    """

    def __init__(self, store: SqliteStore, client: httpx.AsyncClient, url: str, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.url = url
        self._client = client

    async def call(self, fields: Mapping[str, str], form: str = "json") -> int:
        """Call the webhook as the gateway does; the HTTP status of the answer."""
        match form:
            case "get":
                answer = await self._client.get(self.url, params=fields)
            case "form":
                answer = await self._client.post(self.url, data=dict(fields))
            case "bare json":
                answer = await self._client.post(self.url, content=json.dumps(fields).encode())
            case _:
                answer = await self._client.post(self.url, json=_numbers(fields) if form == "numbers" else fields)
        return answer.status_code

    async def texts(self, peer: str) -> list[str]:
        """The texts of a conversation, oldest first."""
        return [sms.text for sms in await self.transcript(peer)]

    async def transcript(self, peer: str) -> list[Sms]:
        """A conversation, oldest first."""
        return await self.store.transcript(peer)

    async def show_waiting(self) -> None:
        """Show what waits for its parts, as the runtime does after a minute."""
        await self.store.show_partials(older_than=self.clock.now)


def _numbers(fields: Mapping[str, str]) -> dict[str, str | int | bool]:
    return {
        name: int(value) if value.isdigit() and name.startswith("concat-") else value for name, value in fields.items()
    }


@asynccontextmanager
async def rig(
    folder: Path, *, verify: Callable[[RawCallback, datetime], Signature] | None = None
) -> AsyncIterator[Rig]:
    """A listener over a store of its own, until the end of the block."""
    clock = Clock()
    store = await SqliteStore.open(folder / "default.db", clock=clock)

    async def take(raw: RawCallback) -> None:
        await store.take_callback(raw, meaning(raw, "NL"))

    listener = Listener(TOKEN, take, clock=clock, verify=verify)
    try:
        assert await store.own("receiving")
        origin = await listener.start("127.0.0.1", 0)
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            yield Rig(store, client, f"{origin}/{TOKEN}", clock)
    finally:
        await listener.stop()
        await store.close()
