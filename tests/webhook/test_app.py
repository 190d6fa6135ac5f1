"""The webhook over real HTTP: who may call, how much, and what is answered when."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest

from smschat.domain.addresses import proof
from smschat.domain.callbacks import Inbound, Receipt
from smschat.errors import ListenerError, StoreError
from smschat.webhook.listener import Listener
from smschat.webhook.parse import meaning

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from smschat.domain.callbacks import RawCallback

TOKEN = "AbCdEfGhIjKlMnOpQrStUv"
REF = "abc-EFG_123"
NONCE = "0123456789-abcdef_ABCD"
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
SMS = {"msisdn": "31611111111", "to": "31970000000", "messageId": "0A01", "text": "canary", "type": "text"}


class Keeper:
    """Takes callbacks, fails when told to, and waits while it is held."""

    def __init__(self) -> None:
        self.taken: list[RawCallback] = []
        self.error: Exception | None = None
        self.asked = asyncio.Event()
        self.is_free = asyncio.Event()
        self.is_free.set()

    async def take(self, raw: RawCallback) -> None:
        self.asked.set()
        await self.is_free.wait()
        if self.error:
            raise self.error
        self.taken.append(raw)


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[httpx.AsyncClient, Keeper]]:
    keeper = Keeper()
    listener = Listener(TOKEN, keeper.take, clock=lambda: NOW)
    url = await listener.start("127.0.0.1", 0)
    try:
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
            yield client, keeper
    finally:
        await listener.stop()


async def test_a_json_body_a_form_and_a_query_arrive_as_they_were_sent() -> None:
    async with listening() as (client, keeper):
        answers = [
            await client.post(f"/{TOKEN}", json=SMS),
            await client.post(f"/{TOKEN}/", data=SMS),
            await client.get(f"/{TOKEN}", params=SMS),
            await client.post(f"/{TOKEN}", content=json.dumps(SMS).encode()),
        ]
    assert [(each.status_code, each.content) for each in answers] == [(200, b"")] * 4
    assert [each.content_type for each in keeper.taken] == [
        "application/json",
        "application/x-www-form-urlencoded",
        "",
        "",
    ]
    for raw in keeper.taken:
        assert (raw.received_at, raw.ref) == (NOW, None)
        assert raw.user_agent.startswith("python-httpx/")
        found = meaning(raw, "NL")
        assert isinstance(found, Inbound)
        assert (found.message_id, found.text) == ("0A01", "canary")


async def test_whoever_knows_the_token_gets_the_proof_that_this_listener_does_too() -> None:
    async with listening() as (client, keeper):
        answer = await client.get(f"/{TOKEN}/p/{NONCE}")
        other = await client.get(f"/{TOKEN}/p/{NONCE[::-1]}")
    assert (answer.status_code, answer.text) == (200, proof(TOKEN, NONCE))
    assert other.text != answer.text
    assert keeper.taken == []


async def test_nothing_is_posted_where_the_proof_is_asked_for() -> None:
    async with listening() as (client, keeper):
        answer = await client.post(f"/{TOKEN}/p/{NONCE}", json=SMS)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert keeper.taken == []


@pytest.mark.parametrize("slash", ["", "/"])
async def test_a_receipt_arrives_with_the_ref_of_its_address(slash: str) -> None:
    async with listening() as (client, keeper):
        answer = await client.post(f"/{TOKEN}/r/{REF}{slash}", json={"messageId": "0A01", "status": "delivered"})
    assert answer.status_code == 200
    assert keeper.taken[0].ref == REF
    assert meaning(keeper.taken[0], "NL") == Receipt(message_id="0A01", status="delivered")


@pytest.mark.parametrize("ref", ["", "short", "much-too-long", "abc.EFG_123", "%61bc-EFG_12", "a" * 5000])
async def test_a_receipt_at_a_ref_that_cannot_be_ours_is_kept_without_it(ref: str) -> None:
    async with listening() as (client, keeper):
        assert (await client.post(f"/{TOKEN}/r/{ref}", json={"status": "delivered"})).status_code == 200
    assert [raw.ref for raw in keeper.taken] == [None]


async def test_what_cannot_be_understood_is_kept_and_answered_200() -> None:
    async with listening() as (client, keeper):
        for body in (b"\xff\x00", b"{" * 60_000, b""):
            assert (await client.post(f"/{TOKEN}", content=body)).status_code == 200
    assert [raw.body for raw in keeper.taken] == [b"\xff\x00", b"{" * 60_000, b""]


async def test_an_empty_get_and_a_head_are_answered_200_and_kept_nowhere() -> None:
    async with listening() as (client, keeper):
        for method in ("GET", "HEAD"):
            for path in (f"/{TOKEN}", f"/{TOKEN}/", f"/{TOKEN}/r/{REF}"):
                answer = await client.request(method, path)
                assert (answer.status_code, answer.content) == (200, b"")
    assert keeper.taken == []


STRANGE_PATHS = [
    "/",
    "//",
    "/" + TOKEN[:-1],
    "/" + TOKEN[:-1] + "w",
    "/" + TOKEN + "x",
    "/" + TOKEN.lower(),
    "//" + TOKEN,
    "/" + TOKEN + "//",
    "/x/" + TOKEN,
    "/./" + TOKEN,
    "/%41" + TOKEN[1:],
    "/" + TOKEN + "%00",
    "/" + TOKEN + ";a=b",
    "/" + TOKEN + "/x",
    "/" + TOKEN + "/p/" + NONCE[1:],
    "/" + TOKEN + "/p/" + NONCE + "x",
    "/" + TOKEN + "/p/" + NONCE[:-1] + ".",
    "/" + TOKEN[:-1] + "w/p/" + NONCE,
    "/" + TOKEN + "/R/" + REF,
    "/" + TOKEN + "/r/" + REF + "/x",
    "/" + TOKEN + "/r/" + REF + "//",
    "/" + "x" * 22,
    "/favicon.ico",
    "/?" + TOKEN,
]


async def raw_exchange(port: int, data: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        return await reader.read()
    finally:
        writer.close()
        await writer.wait_closed()


async def test_every_path_and_method_without_the_token_gets_the_same_404_byte_for_byte() -> None:
    async with listening() as (client, keeper):
        port = client.base_url.port or 0
        heads = [
            f"{method} {path} HTTP/1.1\r\nHost: a\r\n{more}\r\n".encode()
            for path in STRANGE_PATHS
            for method, more in [
                ("GET", ""),
                ("POST", "Content-Length: 0\r\n"),
                ("POST", "Content-Length: 999999999\r\n"),
                ("DELETE", ""),
                ("HEAD", ""),
                ("PROPFIND", ""),
            ]
        ]
        answers = {await raw_exchange(port, head) for head in [*heads, b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"]}
    assert answers == {b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"}
    assert keeper.taken == []


async def test_a_token_that_is_not_ascii_is_a_404_too() -> None:
    async with listening() as (client, _):
        assert (await client.get("/é" + TOKEN)).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_with_the_token_are_refused(method: str) -> None:
    async with listening() as (client, keeper):
        answer = await client.request(method, f"/{TOKEN}")
    assert (answer.status_code, answer.content, answer.headers["allow"]) == (405, b"", "GET, HEAD, POST")
    assert keeper.taken == []


async def chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(0, size, 1024):
        yield b"x" * 1024


async def test_a_body_of_64_kib_passes_and_a_larger_one_is_refused() -> None:
    async with listening() as (client, keeper):
        assert (await client.post(f"/{TOKEN}", content=b"x" * 65_536)).status_code == 200
        assert (await client.post(f"/{TOKEN}", content=chunks(65_536))).status_code == 200
        assert (await client.post(f"/{TOKEN}", content=b"x" * 65_537)).status_code == 413
        assert (await client.post(f"/{TOKEN}", content=chunks(200_000))).status_code == 413
    assert [len(raw.body) for raw in keeper.taken] == [65_536, 65_536]


async def test_the_answer_comes_only_after_the_callback_was_kept() -> None:
    async with listening() as (client, keeper):
        keeper.is_free.clear()
        posting = asyncio.create_task(client.post(f"/{TOKEN}", json=SMS))
        await keeper.asked.wait()
        assert not posting.done()
        keeper.is_free.set()
        assert (await posting).status_code == 200


@pytest.mark.parametrize(
    "error", [StoreError("the disk is full"), OSError("canary"), UnicodeEncodeError("utf-8", "canary", 0, 1, "canary")]
)
async def test_a_callback_that_cannot_be_kept_is_asked_for_again(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with listening() as (client, keeper):
            keeper.error = error
            answer = await client.post(f"/{TOKEN}", json=SMS)
            assert (answer.status_code, answer.content, answer.headers["retry-after"]) == (503, b"", "5")
            keeper.error = None
            assert (await client.post(f"/{TOKEN}", json=SMS)).status_code == 200
    assert "could not be kept" in caplog.text
    assert "canary" not in caplog.text
    assert "316" not in caplog.text
    assert not [
        record for record in caplog.records if record.name.startswith("smschat") and TOKEN in record.getMessage()
    ]


async def test_a_client_that_goes_away_in_its_body_leaves_nothing() -> None:
    async with listening() as (client, keeper):
        head = f"POST /{TOKEN} HTTP/1.1\r\nContent-Length: 200\r\n\r\n".encode()
        _, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
        writer.write(head + json.dumps(SMS).encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert (await client.post(f"/{TOKEN}", content=b"after")).status_code == 200
    assert [raw.body for raw in keeper.taken] == [b"after"]


async def test_fifty_at_once_are_all_kept() -> None:
    async with listening() as (client, keeper):
        answers = await asyncio.gather(*(client.post(f"/{TOKEN}", json=SMS | {"messageId": str(n)}) for n in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(keeper.taken) == 50


async def test_the_notes_of_a_callback_are_short() -> None:
    async with listening() as (client, keeper):
        await client.post(f"/{TOKEN}", content=b"x", headers={"user-agent": "u" * 5000, "content-type": "c" * 5000})
    assert (len(keeper.taken[0].user_agent), len(keeper.taken[0].content_type)) == (200, 200)


async def test_the_listener_tells_its_origin_while_it_is_up() -> None:
    keeper = Keeper()
    listener = Listener(TOKEN, keeper.take)
    down = listener.local_url
    url = await listener.start("127.0.0.1", 0)
    assert (down, listener.local_url) == (None, url)
    assert TOKEN not in url
    await listener.stop()
    assert listener.local_url is None
    await listener.stop()


async def test_a_listener_that_cannot_listen_says_so_and_is_down() -> None:
    async with listening() as (client, keeper):
        second = Listener(TOKEN, keeper.take)
        with pytest.raises(ListenerError):
            await second.start("127.0.0.1", client.base_url.port or 0)
        assert second.local_url is None


async def test_the_clock_of_the_listener_is_utc() -> None:
    keeper = Keeper()
    listener = Listener(TOKEN, keeper.take)
    url = await listener.start("127.0.0.1", 0)
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        await client.post(f"{url}/{TOKEN}", json=SMS)
    await listener.stop()
    assert keeper.taken[0].received_at.tzinfo is UTC
