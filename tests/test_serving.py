"""The embedded HTTP server over real sockets: what it answers, whom it sends away, and how it stops."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from smschat.errors import ListenerError
from smschat.serving import BodyTooLargeError, ClientGoneError, Limits, answer, bind, hang_up, read_body, serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from smschat.serving import Message, Receive, Scope, Send, Served

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\n"


class Echo:
    """Answers with method and body; what it saw and what it is told to wait for can be looked at."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bytes]] = []
        self.gone = 0
        self.started = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.started.set()
        if scope["path"] == "/early":
            await answer(send, 404, headers=[(b"connection", b"close")])
            return
        try:
            body = await read_body(receive, limit=100_000)
        except ClientGoneError:
            self.gone += 1
            return
        except BodyTooLargeError:
            await answer(send, 413, headers=[(b"connection", b"close")])
            return
        await self.may_answer.wait()
        self.seen.append((scope["method"], body))
        await answer(send, 200, body=body)


class Caller:
    """A client that sends exactly the bytes that it is told to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, size: int = 0) -> bytes:
        """One answer: its head and `size` bytes of body."""
        return await self.reader.readuntil(b"\r\n\r\n") + await self.reader.readexactly(size)

    async def rest(self) -> bytes:
        """All that comes until the server closes; a reset counts as a close."""
        got = b""
        with contextlib.suppress(ConnectionError):
            while data := await self.reader.read(65536):
                got += data
        return got


@asynccontextmanager
async def calling(served: Served) -> AsyncIterator[Caller]:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    try:
        yield Caller(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


@asynccontextmanager
async def serving(limits: Limits | None = None) -> AsyncIterator[tuple[Served, Echo]]:
    echo = Echo()
    async with asyncio.timeout(60), await serve(echo, bind("127.0.0.1", 0), limits=limits) as served:
        yield served, echo


async def exchange(served: Served, data: bytes) -> bytes:
    async with calling(served) as caller:
        await caller.send(data)
        return await caller.rest()


def armed() -> list[asyncio.TimerHandle]:
    """Timers that will wake the loop, but for the test's own limit of time."""
    scheduled: list[asyncio.TimerHandle] = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
    return [timer for timer in scheduled if not timer.cancelled() and "Timeout" not in repr(timer)]


def test_a_taken_port_is_a_listener_error_with_a_hint() -> None:
    with bind("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        with pytest.raises(ListenerError, match=str(port)) as caught:
            bind("127.0.0.1", port)
    assert "listen" in caught.value.hint
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70000), ("300.1.1.1", 0), ("192.0.2.1", 0)])
def test_an_impossible_address_is_a_listener_error_with_a_hint(host: str, port: int) -> None:
    with pytest.raises(ListenerError) as caught:
        bind(host, port)
    assert "127.0.0.1:0" in caught.value.hint


async def test_it_answers_and_tells_its_address() -> None:
    async with serving() as (served, echo):
        assert served.url == f"http://127.0.0.1:{served.port}"
        async with calling(served) as caller:
            for word in (b"one", b"two"):
                await caller.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n" + word)
                assert await caller.answer(3) == OK + b"content-length: 3\r\n\r\n" + word
    assert echo.seen == [("POST", b"one"), ("POST", b"two")]


async def test_an_address_of_all_interfaces_is_told_as_loopback() -> None:
    async with await serve(Echo(), bind("0.0.0.0", 0)) as served:
        assert served.url == f"http://127.0.0.1:{served.port}"


async def test_it_leaves_the_signals_alone_and_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    async with serving() as (served, _):
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
        await exchange(served, b"\x16\x03\x01 not HTTP\r\n\r\n")
        await exchange(served, b"GET /early HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert capfd.readouterr() == ("", "")


async def test_an_application_that_fails_is_answered_500_and_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError

    async with await serve(broken, bind("127.0.0.1", 0)) as served:
        assert (await exchange(served, GET)).startswith(b"HTTP/1.1 500 ")
    assert capfd.readouterr() == ("", "")


async def test_nothing_wakes_the_loop_while_nobody_calls() -> None:
    async with serving() as (served, _):
        assert armed() == []
        await exchange(served, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert armed() == []
        waiting = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        assert waiting == []


ODD_FRAMINGS = {
    "length and chunked": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked and length": b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "two different lengths": b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "a list of lengths": b"Content-Length: 5, 5\r\n\r\nhello",
    "a negative length": b"Content-Length: -5\r\n\r\nhello",
    "a signed length": b"Content-Length: +5\r\n\r\nhello",
    "a length in hex": b"Content-Length: 0x5\r\n\r\nhello",
    "a length beyond 64 bits": b"Content-Length: 99999999999999999999\r\n\r\nhello",
    "a folded header": b"X-A: b\r\n c\r\nContent-Length: 5\r\n\r\nhello",
    "a folded length": b"Content-Length:\r\n 5\r\n\r\nhello",
    "a folded encoding": b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": b"Content-Length : 5\r\n\r\nhello",
    "no colon": b"Content-Length 5\r\n\r\nhello",
    "an unknown encoding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "no encoding by name": b"Transfer-Encoding: identity\r\n\r\nhello",
    "chunked twice": b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "chunked in two headers": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a tab in the encoding": b"Transfer-Encoding: chunked\x0b\r\n\r\n0\r\n\r\n",
    "a chunk size that is no number": b"Transfer-Encoding: chunked\r\n\r\n5x\r\nhello\r\n0\r\n\r\n",
    "a negative chunk size": b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
    "chunks with a bare line feed": b"Transfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n",
    "a chunk longer than it says": b"Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n",
    "a bare carriage return": b"X-A: b\rX-C: d\r\n\r\n",
    "NUL in a header": b"X-A: b\x00c\r\n\r\n",
}


@pytest.mark.parametrize("framing", ODD_FRAMINGS.values(), ids=ODD_FRAMINGS)
async def test_an_odd_framing_is_refused_and_never_seen(framing: bytes) -> None:
    async with serving() as (served, echo):
        got = await exchange(served, b"POST / HTTP/1.1\r\nHost: a\r\n" + framing + GET)
    assert got == b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    assert echo.seen == []


@pytest.mark.parametrize(
    "start",
    [
        b"FOO / HTTP/1.1",
        b"CONNECT a:80 HTTP/1.1",
        b"GET / HTTP/1.2",
        b"GET / HTTP/9",
        b"PRI * HTTP/2.0",
        b"GET /\xc3\xa9 HTTP/1.1",
        b"\x16\x03\x01\x02\x00\x01",
        b"GET http://a:b HTTP/1.1",
    ],
)
async def test_an_odd_request_line_is_refused(start: bytes) -> None:
    async with serving() as (served, echo):
        got = await exchange(served, start + b"\r\nHost: a\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 400 ")
    assert echo.seen == []


async def test_lines_that_end_with_a_bare_line_feed_are_refused() -> None:
    async with serving() as (served, echo):
        assert (await exchange(served, GET.replace(b"\r\n", b"\n"))).startswith(b"HTTP/1.1 400 ")
    assert echo.seen == []


@pytest.mark.parametrize("junk", [GET, b"\x00\x01 no HTTP \r\n\r\n"], ids=["a request", "junk"])
async def test_what_follows_a_request_before_its_answer_is_not_carried_out(junk: bytes) -> None:
    async with serving() as (served, echo):
        got = await exchange(served, GET + junk)
    assert got == OK + b"content-length: 0\r\nconnection: close\r\n\r\n"
    assert echo.seen == [("GET", b"")]


@pytest.mark.parametrize("pieces", [1, 2, 7])
async def test_an_offered_upgrade_is_passed_over_and_the_body_is_read(pieces: int) -> None:
    """Java's HTTP client offers HTTP/2 with every request; its body must not get lost."""
    head = (
        b"POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEA\r\n"
    )
    request = head + b"Content-Length: 11\r\n\r\nhello world"
    async with serving() as (served, echo), calling(served) as caller:
        size = -(-len(request) // pieces)
        for start in range(0, len(request), size):
            await caller.send(request[start : start + size])
            await asyncio.sleep(0)
        assert await caller.answer(11) == OK + b"content-length: 11\r\n\r\nhello world"
        await caller.send(GET)
        assert await caller.answer() == OK + b"content-length: 0\r\n\r\n"
    assert echo.seen == [("POST", b"hello world"), ("GET", b"")]


async def test_a_client_that_asks_first_is_told_to_go_on() -> None:
    async with serving() as (served, _), calling(served) as caller:
        await caller.send(b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert await caller.answer() == b"HTTP/1.1 100 Continue\r\n\r\n"
        await caller.send(b"hi")
        assert (await caller.answer(2)).endswith(b"hi")


async def test_a_client_that_says_all_and_shuts_its_side_still_gets_its_answer() -> None:
    async with serving() as (served, echo), calling(served) as caller:
        echo.may_answer.clear()
        caller.writer.write(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi")
        caller.writer.write_eof()
        await echo.started.wait()
        echo.may_answer.set()
        assert (await caller.rest()).endswith(b"hi")


async def test_a_client_that_goes_away_in_its_body_leaves_nothing() -> None:
    async with serving() as (served, echo), calling(served) as caller:
        await caller.send(b"POST / HTTP/1.1\r\nContent-Length: 20\r\n\r\nhalf")
        await echo.started.wait()
    assert (echo.gone, echo.seen) == (1, [])


@pytest.mark.parametrize(
    ("start", "limits", "last_words"),
    [
        (b"", Limits(header_s=0.05), b""),
        (b"\r\n", Limits(header_s=0.5), b""),
        (b"GET / HTTP/1.1\r\nHost", Limits(header_s=0.5), b"HTTP/1.1 408 "),
        (b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf", Limits(body_s=0.05), b"HTTP/1.1 408 "),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", Limits(body_s=0.05), b"HTTP/1.1 408 "),
        (GET, Limits(idle_s=0.05), b"HTTP/1.1 200 "),
    ],
    ids=["nothing", "only a line end", "half a head", "half a body", "half the chunks", "idle after a request"],
)
async def test_who_does_not_go_on_is_sent_away(start: bytes, limits: Limits, last_words: bytes) -> None:
    async with serving(limits) as (served, _):
        assert (await exchange(served, start))[:13] == last_words


@pytest.mark.parametrize("head", [b"GET / HTTP/1.1\r\nX: ", b"POST / HTTP/1.1\r\nContent-Length: 90000\r\n\r\n"])
async def test_dripping_does_not_move_a_deadline(head: bytes) -> None:
    async with serving(Limits(header_s=0.5, body_s=0.5)) as (served, echo), calling(served) as caller:
        await caller.send(head)
        closed = asyncio.create_task(caller.rest())
        while not closed.done():
            caller.writer.write(b"x")
            await asyncio.wait([closed], timeout=0.01)
        assert (await closed).startswith(b"HTTP/1.1 408 ")
    assert echo.seen == []


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000, b"431"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", b"431"),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 4_000 + b"\r\n", b"431"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + b"a" * 1_100_000, b"413"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 200_000, b"413"),
    ],
    ids=["half a header", "a header", "a path", "many headers", "a trailer", "tiny chunks"],
)
async def test_too_large_a_head_or_request_is_refused(data: bytes, status: bytes) -> None:
    async with serving() as (served, echo), calling(served) as caller:
        with contextlib.suppress(ConnectionError):
            await caller.send(data)
        assert (await caller.rest()).startswith(b"HTTP/1.1 " + status + b" ")
    assert echo.seen == []


async def test_a_head_of_16_kib_passes() -> None:
    async with serving() as (served, _):
        got = await exchange(served, b"GET / HTTP/1.1\r\nConnection: close\r\nX: " + b"a" * 16_000 + b"\r\n\r\n")
    assert got.startswith(OK)


async def test_an_early_answer_reaches_a_client_that_is_still_sending() -> None:
    body = b"x" * 500_000
    async with serving() as (served, _), calling(served) as caller:
        await caller.send(b"POST /early HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body))
        for start in range(0, len(body), 50_000):
            await caller.send(body[start : start + 50_000])
        assert await caller.rest() == b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


async def test_a_client_that_goes_on_after_its_answer_is_cut_off() -> None:
    async with serving(Limits(linger_s=0.05)) as (served, _), calling(served) as caller:
        await caller.send(b"POST /early HTTP/1.1\r\nContent-Length: 500\r\n\r\n")
        await caller.answer()
        while served._state.connections:
            caller.writer.write(b"x")
            await asyncio.sleep(0)


async def test_a_client_that_does_not_take_its_answer_is_cut_off() -> None:
    async def endless(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while served._state.connections:
            await send({"type": "http.response.body", "body": bytes(1_000_000), "more_body": True})
        cut_off.set()

    cut_off = asyncio.Event()
    async with await serve(endless, bind("127.0.0.1", 0), limits=Limits(body_s=0.05)) as served:
        with socket.create_connection(("127.0.0.1", served.port)) as client:
            client.sendall(GET)
            async with asyncio.timeout(60):
                await cut_off.wait()


async def test_a_real_request_is_answered_among_hundreds_that_say_nothing_or_half() -> None:
    starts = [b"", b"GET / HTTP/1.1\r\nX", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nh"]
    async with serving() as (served, echo), contextlib.AsyncExitStack() as crowd:
        idle = [await crowd.enter_async_context(calling(served)) for _ in range(250)]
        for number, caller in enumerate(idle):
            with contextlib.suppress(ConnectionError):
                await caller.send(starts[number % 3])
        for _ in range(20):
            assert (await exchange(served, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")).startswith(OK)
        assert not idle[-1].reader.at_eof()
    assert len(echo.seen) == 20


async def test_the_oldest_connection_that_is_not_being_answered_gives_way() -> None:
    limits = Limits(connections=2, burst=8, grace_s=0)
    async with serving(limits) as (served, echo), calling(served) as busy, calling(served) as oldest:
        echo.may_answer.clear()
        await busy.send(GET)
        await echo.started.wait()
        async with calling(served) as newcomer:
            assert await oldest.rest() == b""
            echo.may_answer.set()
            assert (await busy.answer()).startswith(OK)
            await newcomer.send(GET)
            assert (await newcomer.answer()).startswith(OK)


async def test_a_burst_of_young_connections_is_let_in() -> None:
    limits = Limits(connections=2, burst=50, grace_s=60)
    async with serving(limits) as (served, echo), contextlib.AsyncExitStack() as crowd:
        callers = [await crowd.enter_async_context(calling(served)) for _ in range(40)]
        for caller in callers:
            await caller.send(GET)
        for caller in callers:
            assert (await caller.answer()).startswith(OK)
    assert len(echo.seen) == 40


async def test_when_all_are_being_answered_a_newcomer_is_sent_away() -> None:
    async with serving(Limits(connections=1, burst=1)) as (served, echo), calling(served) as busy:
        echo.may_answer.clear()
        await busy.send(GET)
        await echo.started.wait()
        assert await exchange(served, b"") == b""
        echo.may_answer.set()
        assert (await busy.answer()).startswith(OK)


async def test_a_stop_answers_what_is_under_way_and_closes_the_rest() -> None:
    echo = Echo()
    echo.may_answer.clear()
    served = await serve(echo, bind("127.0.0.1", 0))
    async with calling(served) as busy, calling(served) as idle:
        await busy.send(GET)
        await echo.started.wait()
        stop = asyncio.create_task(served.stop())
        assert await idle.rest() == b""
        assert not stop.done()
        echo.may_answer.set()
        assert await busy.rest() == OK + b"content-length: 0\r\nconnection: close\r\n\r\n"
        await stop
        with pytest.raises(ConnectionError):
            await asyncio.open_connection("127.0.0.1", served.port)
    await served.stop()
    bind("127.0.0.1", served.port).close()


async def test_a_stop_lets_a_request_be_carried_out_whose_client_has_gone() -> None:
    echo = Echo()
    echo.may_answer.clear()
    served = await serve(echo, bind("127.0.0.1", 0))
    async with calling(served) as caller:
        await caller.send(GET)
        await echo.started.wait()
        caller.writer.transport.abort()
    stop = asyncio.create_task(served.stop())
    await asyncio.sleep(0)
    echo.may_answer.set()
    await stop
    assert echo.seen == [("GET", b"")]


async def test_a_stop_does_not_wait_for_ever() -> None:
    echo = Echo()
    echo.may_answer.clear()
    served = await serve(echo, bind("127.0.0.1", 0), limits=Limits(stop_s=0.05))
    async with calling(served) as hanging, calling(served) as half:
        await hanging.send(GET)
        await half.send(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf")
        await echo.started.wait()
        await served.stop()
        assert await half.rest() == b""
    assert echo.seen == []


async def test_a_body_is_read_up_to_its_limit() -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": b"ab", "more_body": True},
        {"type": "http.request", "body": b"cd", "more_body": False},
    ]

    def receiver() -> Receive:
        left = iter(messages)

        async def receive() -> Message:
            return next(left)

        return receive

    assert await read_body(receiver(), limit=4) == b"abcd"
    with pytest.raises(BodyTooLargeError):
        await read_body(receiver(), limit=3)


async def test_the_body_of_an_answer_does_not_wait_for_its_head_to_be_acknowledged() -> None:
    async with await serve(Echo(), bind("127.0.0.1", 0)) as served, calling(served) as caller:
        await caller.send(GET)
        await caller.answer()
        (guard,) = served._state.connections
        sock = guard.transport.get_extra_info("socket")
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_an_application_may_drop_a_connection_without_an_answer() -> None:
    ended: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        ended.append((await read_body(receive, limit=10)).decode())
        await hang_up(scope, receive)
        ended.append("over")

    async with await serve(app, bind("127.0.0.1", 0)) as served, calling(served) as caller:
        await caller.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
        assert await caller.rest() == b""
    assert ended == ["hi", "over"]
