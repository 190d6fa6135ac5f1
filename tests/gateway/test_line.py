"""What breaks on the line: what is certain not to have left, what is not, and what an error keeps."""

from __future__ import annotations

import asyncio
import logging
import ssl
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING

import httpx
import pytest

from smschat.errors import (
    GatewayError,
    GatewayRefusedError,
    NotAuthorisedError,
    OutcomeUnknownError,
    TokenRefusedError,
    UnreachableError,
)
from smschat.gateway import Timeouts
from tests.gateway.client_parts import CALLBACK, CANARY, Clocks, an_attempt, gateway_at, timeouts_for
from tests.standin import SEND, TOKEN, Manner, Reply, flat

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from smschat.gateway import KpnGateway
    from tests.standin import Standin

BROKEN = [manner for manner in Manner if manner is not Manner.ANSWER]
TEXT = "the text of zq7"


class Failing(httpx.AsyncBaseTransport):
    """A line that gives a token, and then fails in one way."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.posts = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == TOKEN:
            return httpx.Response(200, json={"access_token": "token-1", "expires_in": "3599"})
        self.posts += 1
        raise self.error


class Trickling(httpx.AsyncByteStream):
    """A body that keeps coming and never ends."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0)


@pytest.mark.parametrize("manner", BROKEN)
async def test_a_line_that_breaks_after_the_send_may_have_left_leaves_the_outcome_open(
    standin: Standin, manner: Manner
) -> None:
    standin.script(SEND, Reply(manner=manner, body={"messages": [{"status": "0"}]}))
    async with gateway_at(standin.url, timeouts=timeouts_for(manner)) as gateway:
        with pytest.raises(OutcomeUnknownError) as caught:
            await gateway.send(an_attempt(), callback=None)
    assert caught.value.hint
    assert len(standin.sends) == 1


@pytest.mark.parametrize("manner", BROKEN)
async def test_the_same_in_a_token_request_is_a_gateway_out_of_reach(standin: Standin, manner: Manner) -> None:
    standin.script(TOKEN, Reply(manner=manner, body={"access_token": "token-1"}))
    async with gateway_at(standin.url, timeouts=timeouts_for(manner)) as gateway:
        with pytest.raises(UnreachableError):
            await gateway.send(an_attempt(), callback=None)
    assert len(standin.tokens) == 1
    assert standin.sends == []


async def test_a_connection_that_is_closed_as_soon_as_it_is_made_leaves_the_outcome_open(standin: Standin) -> None:
    async with gateway_at(standin.url) as gateway:
        await gateway.ensure_token()
        standin.hang_up()
        standin.close_connections(1)
        with pytest.raises(OutcomeUnknownError):
            await gateway.send(an_attempt(), callback=None)
        await gateway.send(an_attempt(), callback=None)
    assert len(standin.sends) == 1


async def test_nothing_listens_there(standin: Standin) -> None:
    async with gateway_at(standin.url) as gateway:
        await gateway.ensure_token()
        standin.stop()
        with pytest.raises(UnreachableError, match="refuses the connection"):
            await gateway.send(an_attempt(), callback=None)


async def test_a_server_without_tls_is_out_of_reach(standin: Standin) -> None:
    async with gateway_at(standin.url.replace("http:", "https:")) as gateway:
        with pytest.raises(UnreachableError):
            await gateway.ensure_token()
    assert standin.requests == []
    standin.forgive()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectError("x"), UnreachableError),
        (httpx.ConnectTimeout("x"), UnreachableError),
        (httpx.PoolTimeout("x"), UnreachableError),
        (httpx.ProxyError("x"), UnreachableError),
        (httpx.UnsupportedProtocol("x"), UnreachableError),
        (httpx.ReadTimeout("x"), OutcomeUnknownError),
        (httpx.WriteTimeout("x"), OutcomeUnknownError),
        (httpx.ReadError("x"), OutcomeUnknownError),
        (httpx.WriteError("x"), OutcomeUnknownError),
        (httpx.CloseError("x"), OutcomeUnknownError),
        (httpx.RemoteProtocolError("x"), OutcomeUnknownError),
        (httpx.LocalProtocolError("x"), OutcomeUnknownError),
        (httpx.DecodingError("x"), OutcomeUnknownError),
        (httpx.TooManyRedirects("x"), OutcomeUnknownError),
        (httpx.StreamClosed(), OutcomeUnknownError),
        (ssl.SSLError("bad record mac"), OutcomeUnknownError),
        (ConnectionResetError("x"), OutcomeUnknownError),
        (TimeoutError("x"), OutcomeUnknownError),
    ],
)
async def test_only_what_is_certain_not_to_have_left_is_out_of_reach(
    error: Exception, kind: type[GatewayError]
) -> None:
    line = Failing(error)
    async with gateway_at("https://gateway.example", transport=line) as gateway:
        with pytest.raises(kind) as caught:
            await gateway.send(an_attempt(), callback=None)
    assert type(caught.value) is kind
    assert caught.value.__cause__ is error
    assert line.posts == 1


async def test_an_answer_that_trickles_is_given_up_when_the_four_times_are_over() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == TOKEN:
            return httpx.Response(200, json={"access_token": "token-1"})
        return httpx.Response(200, stream=Trickling())

    short = Timeouts(pool_s=0.1, connect_s=0.1, write_s=0.1, read_s=0.1)
    line = httpx.MockTransport(answer)
    async with gateway_at("https://gateway.example", transport=line, timeouts=short) as gateway:
        with pytest.raises(OutcomeUnknownError):
            await gateway.send(an_attempt(), callback=None)


async def test_a_connection_is_used_again_within_2_s_of_its_last_use_and_not_later(
    standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    clocks = Clocks()
    monkeypatch.setattr("httpcore._async.http11.time", SimpleNamespace(monotonic=clocks.monotonic))
    async with gateway_at(standin.url) as gateway:
        for pause_s in (0.0, 1.9, 1.9, 2.1):
            clocks.advance(pause_s)
            await gateway.send(an_attempt(), callback=None)
    assert [send.connection for send in standin.sends] == [1, 1, 1, 2]


async def test_a_connection_that_the_gateway_closed_while_idle_makes_no_doubtful_send(standin: Standin) -> None:
    async with gateway_at(standin.url) as gateway:
        for _ in range(20):
            await gateway.send(an_attempt(), callback=None)
            standin.hang_up()
    assert len(standin.sends) == 20


async def test_a_send_that_is_cancelled_does_not_leave_its_answer_to_the_next(standin: Standin) -> None:
    held = threading.Event()
    late = Reply(body={"messages": [{"status": "9", "message-id": "late"}]}, until=held)
    standin.script(SEND, late)
    async with gateway_at(standin.url) as gateway:
        first = asyncio.create_task(gateway.send(an_attempt(), callback=None))
        await asyncio.to_thread(standin.wait_for, SEND, 1)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        held.set()
        answer = await gateway.send(an_attempt(), callback=None)
    assert [part.status for part in answer.parts] == ["0"]


async def test_closing_ends_what_is_under_way_with_an_open_outcome(standin: Standin) -> None:
    standin.script(SEND, Reply(manner=Manner.SILENT))
    async with gateway_at(standin.url) as gateway:
        send = asyncio.create_task(gateway.send(an_attempt(), callback=None))
        await asyncio.to_thread(standin.wait_for, SEND, 1)
        await gateway.aclose()
        with pytest.raises(OutcomeUnknownError):
            await send


async def trouble(gateway: KpnGateway) -> GatewayError:
    """The error that a send with a text and a callback address comes to."""
    with pytest.raises(GatewayError) as caught:
        await gateway.send(an_attempt(TEXT), callback=CALLBACK)
    return caught.value


def kept_by(error: BaseException) -> Iterator[str]:
    """All that a crash report could print of an error: words, causes, and the locals of every frame but the tests'."""
    link: BaseException | None = error
    while link is not None:
        yield repr(link)
        yield repr(vars(link))
        frame = link.__traceback__
        while frame is not None:
            if "/tests/" not in frame.tb_frame.f_code.co_filename:
                yield repr({name: value for name, value in frame.tb_frame.f_locals.items() if name != "callback"})
            frame = frame.tb_next
        link = link.__cause__ or link.__context__


@pytest.mark.parametrize("manner", BROKEN)
@pytest.mark.parametrize("path", [TOKEN, SEND])
async def test_an_error_of_the_line_keeps_neither_token_secret_nor_text(
    standin: Standin, path: str, manner: Manner
) -> None:
    standin.script(path, Reply(manner=manner, body={"access_token": "token-1"}))
    async with gateway_at(standin.url, timeouts=timeouts_for(manner)) as gateway:
        kept = "\n".join(kept_by(await trouble(gateway)))
    assert [word for word in (CANARY, "token-1", TEXT, "Bearer") if word in kept] == []


@pytest.mark.parametrize(
    ("path", "reply", "kind"),
    [
        (SEND, Reply(status=401, body=flat(401, "Unauthorized", "not token-1")), TokenRefusedError),
        (SEND, Reply(status=400, body="Bearer token-1 is wrong"), GatewayRefusedError),
        (SEND, Reply(body="no token-1"), OutcomeUnknownError),
        (TOKEN, Reply(status=401, body={"ErrorCode": "invalid_client", "Error": CANARY}), NotAuthorisedError),
        (TOKEN, Reply(status=400, body=f"client_secret={CANARY}"), GatewayRefusedError),
        (TOKEN, Reply(body={"access_token": "token-1", "expires_in": "0"}), UnreachableError),
    ],
)
async def test_an_answer_that_echoes_a_secret_does_not_get_it_into_the_error(
    standin: Standin, path: str, reply: Reply, kind: type[GatewayError]
) -> None:
    standin.script(path, reply)
    async with gateway_at(standin.url) as gateway:
        error = await trouble(gateway)
    assert type(error) is kind
    kept = "\n".join(kept_by(error))
    assert [word for word in (CANARY, "token-1", TEXT) if word in kept] == []


async def test_nothing_secret_is_logged_even_when_everything_is(
    standin: Standin, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    standin.script(SEND, Reply(status=500))
    async with gateway_at(standin.url) as gateway:
        await trouble(gateway)
        await gateway.send(an_attempt(TEXT), callback=CALLBACK)
    logged = "\n".join(f"{record.getMessage()} {record.args}" for record in caplog.records)
    assert "POST" in logged
    assert [word for word in (CANARY, "token-1", TEXT, "Bearer", "31611111111", CALLBACK) if word in logged] == []
