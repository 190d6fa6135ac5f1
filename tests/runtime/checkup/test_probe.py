"""Whether a public address leads to our listener: every way it may not is told apart."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from socket import gaierror
from typing import TYPE_CHECKING

import httpx
import pytest

from smschat.domain.addresses import proof
from smschat.domain.checks import Finding
from smschat.runtime.checkup.probe import probe
from smschat.webhook.listener import Listener
from tests.program import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from smschat.domain.callbacks import RawCallback

TOKEN = "AbCdEfGhIjKlMnOpQrStUv"
PUBLIC = "https://sms.example.org"


async def keep_nothing(raw: RawCallback) -> None:
    raise AssertionError("a probe is no callback")


@asynccontextmanager
async def listening(token: str) -> AsyncIterator[str]:
    listener = Listener(token, keep_nothing)
    try:
        yield await listener.start("127.0.0.1", 0)
    finally:
        await listener.stop()


async def test_an_address_that_leads_to_the_listener_is_proven() -> None:
    async with listening(TOKEN) as url:
        check = await probe(url, TOKEN)
    assert (check.finding, check.fix) == (Finding.OK, "")
    assert url in check.text


async def test_the_listener_of_another_profile_is_not_ours() -> None:
    async with listening(TOKEN[::-1]) as url:
        check = await probe(url, TOKEN)
    assert check.is_fault
    assert "does not know our path" in check.text


def answering(status: int, **more: object) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _: httpx.Response(status, **more))  # type: ignore[arg-type]  # as httpx names them


@pytest.mark.parametrize(
    ("transport", "words"),
    [
        (answering(200, text="hello"), "another server answers"),
        (answering(200), "another server answers"),
        (answering(404), "does not know our path"),
        (answering(401), "asks for a login"),
        (answering(403), "asks for a login"),
        (answering(502), "cannot reach the listener"),
        (answering(301, headers={"Location": "https://elsewhere.example"}), "sends elsewhere"),
        (answering(418), "HTTP 418"),
        (answering(404, headers={"ngrok-error-code": "ERR_NGROK_3200"}), "offline (ERR_NGROK_3200)"),
        (answering(502, headers={"ngrok-error-code": "ERR_NGROK_8012"}), "cannot reach the port"),
        (answering(200, headers={"ngrok-error-code": "ERR_NGROK_6024"}), "page for browsers"),
        (answering(429, headers={"ngrok-error-code": "ERR_NGROK_9999"}), "ERR_NGROK_9999"),
    ],
)
async def test_what_answers_without_the_proof_is_said(transport: httpx.MockTransport, words: str) -> None:
    check = await probe(PUBLIC, TOKEN, transport=transport)
    assert check.is_fault
    assert words in check.text
    assert PUBLIC in check.text
    assert check.fix


def failing(error: Exception, cause: Exception | None = None) -> httpx.MockTransport:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error from cause

    return httpx.MockTransport(fail)


@pytest.mark.parametrize(
    ("transport", "words"),
    [
        (failing(httpx.ConnectError("x"), gaierror(-2, "x")), "name is not known"),
        (failing(httpx.ConnectError("x"), ssl.SSLCertVerificationError("x")), "certificate"),
        (failing(httpx.ConnectError("x"), ssl.SSLError("x")), "TLS fails"),
        (failing(httpx.ConnectError("x"), ConnectionRefusedError()), "refuses the connection"),
        (failing(httpx.ConnectTimeout("x")), "takes no connection in time"),
        (failing(httpx.ReadTimeout("x")), "does not answer in time"),
        (failing(httpx.ProxyError("x")), "proxy"),
        (failing(httpx.RemoteProtocolError("x")), "breaks"),
    ],
)
async def test_an_address_that_cannot_be_reached_says_why(transport: httpx.MockTransport, words: str) -> None:
    check = await probe(PUBLIC, TOKEN, transport=transport)
    assert check.is_fault
    assert words in check.text
    assert check.fix


async def test_a_port_at_which_nothing_listens_refuses() -> None:
    check = await probe(f"http://127.0.0.1:{free_port()}", TOKEN)
    assert "refuses the connection" in check.text


async def test_a_proxy_that_cannot_be_used_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "gopher://proxy.example:70")
    check = await probe(PUBLIC, TOKEN)
    assert check.is_fault
    assert "proxy" in check.text


async def test_an_answer_that_never_ends_is_given_up() -> None:
    async def dawdle(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    check = await probe(PUBLIC, TOKEN, transport=httpx.MockTransport(dawdle), limit_s=0.01)
    assert "does not answer in time" in check.text


async def test_a_proof_is_good_once_and_the_way_past_ngroks_page_is_asked_for() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        first = asked[0].url.path.rpartition("/")[2]
        return httpx.Response(200, text=proof(TOKEN, first))

    transport = httpx.MockTransport(answer)
    findings = [(await probe(PUBLIC, TOKEN, transport=transport)).finding for _ in range(2)]
    assert findings == [Finding.OK, Finding.FAULT]
    assert asked[0].headers["ngrok-skip-browser-warning"] == "1"
    assert asked[0].headers["user-agent"].startswith("smschat/")


@pytest.mark.parametrize("make", [answering, lambda _: failing(httpx.ConnectError("x"))])
async def test_the_token_stands_in_no_line(make: Callable[[int], httpx.MockTransport]) -> None:
    check = await probe(PUBLIC, TOKEN, transport=make(404))
    assert TOKEN not in check.text + check.fix
