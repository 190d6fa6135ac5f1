"""The guard of a connection: deadlines, sizes, and one request at a time.

The rule: whoever sends slowly, too much or oddly costs nothing but their own connection.

How it works
------------
A connection is `IDLE`, receives a `HEAD` and a `BODY`, awaits its `ANSWER`, and may be `CLOSING`. Each state but
`ANSWER` has one deadline. An answer that is given before the whole request was read is followed by a half-close and
a short while of discarding: closing at once would reset the connection and destroy the answer on its way.
The parser (llhttp, strict) refuses what requests are smuggled with: Content-Length beside Transfer-Encoding or twice,
folded headers, a bare LF. What follows a request before its answer is not read at all.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

if TYPE_CHECKING:
    from uvicorn.config import Config

_log = logging.getLogger(__name__)

HANG_UP = "smschat.hang_up"
"""The ASGI extension by which an application drops the connection; ASGI itself has no word for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one caller, and all callers together, may cost.

    Attributes:
        header_s: seconds for a request line with its headers, from the connection or from its first byte.
        body_s: seconds for the body, from the end of the headers; also for a client to take a blocked answer.
        idle_s: seconds that a connection is kept between two requests.
        linger_s: seconds that input is discarded after an answer which came before the end of the request.
        stop_s: seconds that a stop waits for requests under way.
        grace_s: seconds that a new connection has before it may be closed in favour of a newer one.
        header_bytes: request line and headers; above it 431.
        request_bytes: one request with all its framing; above it 413. An application may stop far earlier.
        connections: above this many, the oldest one that is not awaiting its answer is closed for each new one,
            if it is older than `grace_s`.
        burst: above this many it is closed whatever its age; where all await their answers, the new one is.
    """

    header_s: float = 5.0
    body_s: float = 10.0
    idle_s: float = 60.0
    linger_s: float = 1.0
    stop_s: float = 1.0
    grace_s: float = 1.0
    header_bytes: int = 16 * 1024
    request_bytes: int = 1024 * 1024
    connections: int = 64
    burst: int = 128


class Connections(ServerState):
    """All connections of one server, in the order in which they came."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.limits = limits
        self.stopping = False
        self._arrivals: dict[Guard, float] = {}
        self._empty = asyncio.Event()
        self._empty.set()

    def admit(self, newcomer: Guard, now: float) -> bool:
        """Make room for a connection; False if there is none."""
        if self.stopping:
            return False
        if len(self._arrivals) >= self.limits.connections and not self._make_room(now):
            return False
        self._arrivals[newcomer] = now
        self._empty.clear()
        return True

    def _make_room(self, now: float) -> bool:
        full = len(self._arrivals) >= self.limits.burst
        oldest = next((guard for guard in self._arrivals if not guard.is_busy), None)
        if oldest is None:
            return not full
        if full or now - self._arrivals[oldest] >= self.limits.grace_s:
            oldest.transport.abort()
            del self._arrivals[oldest]
        return True

    def forget(self, guard: Guard) -> None:
        """A connection is gone."""
        self._arrivals.pop(guard, None)
        if not self.connections:
            self._empty.set()

    def begin_stop(self) -> None:
        """Close what waits for a request; what is under way is answered and closed then."""
        self.stopping = True
        for connection in list(self.connections):
            connection.shutdown()

    def cut_off(self) -> None:
        """End what is still under way."""
        for connection in list(self.connections):
            connection.transport.abort()
        for task in list(self.tasks):
            task.cancel()

    async def done(self) -> None:
        """Wait until every connection is closed and every request is carried out."""
        await self._empty.wait()
        if self.tasks:
            await asyncio.wait(self.tasks)


class _Phase(Enum):
    """Where a connection is."""

    IDLE = "waits for a request"
    HEAD = "request line and headers are coming"
    BODY = "the body is coming"
    ANSWER = "the request is complete and not answered yet"
    CLOSING = "answered for the last time; input is discarded"


class _RefusedError(Exception):
    """Raised in a callback of the parser to stop it."""


class _GentleTransport:
    """The transport as a request's cycle sees it: closing it lets the answer arrive first."""

    __slots__ = ("_guard", "is_closing", "write")

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self.write = guard.transport.write
        self.is_closing = guard.transport.is_closing

    def close(self) -> None:
        self._guard.close_gently()


def _send_at_once(transport: asyncio.Transport) -> None:
    """Turn Nagle's algorithm off: head and body of an answer are two writes, and the second would wait 40 ms.

    asyncio does so by itself only for a socket that names its protocol, and those of `create_server` name none.
    """
    sock = transport.get_extra_info("socket")
    if sock is not None and sock.family in {socket.AF_INET, socket.AF_INET6}:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class Guard(HttpToolsProtocol):
    """One connection: deadlines, sizes, one request at a time."""

    server_state: Connections

    def __init__(self, config: Config, state: Connections) -> None:
        super().__init__(config=config, server_state=state, app_state={}, _loop=asyncio.get_running_loop())
        self.logger = _log
        self.access_log = False
        self.limits = state.limits
        self.phase = _Phase.IDLE
        self._deadline: asyncio.TimerHandle | None = None
        self._received = 0  # bytes of the current request, or discarded ones
        self._is_deaf = False
        self._status = HTTPStatus.BAD_REQUEST

    @property
    def is_busy(self) -> bool:
        """Whether a complete request is being carried out, for a client that takes its answer."""
        return self.phase is _Phase.ANSWER and not self.flow.write_paused

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """A caller; there may be no room."""
        super().connection_made(transport)
        _send_at_once(transport)
        if self.server_state.admit(self, self.loop.time()):
            self._arm(self.limits.header_s)
        else:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The caller is gone, or was sent away."""
        self._disarm()
        super().connection_lost(exc)
        self.server_state.forget(self)

    def data_received(self, data: bytes) -> None:
        """Some bytes of a request, or what is only discarded."""
        self._received += len(data)
        if self.phase is _Phase.CLOSING or self._is_deaf:
            if self._received > self.limits.request_bytes:
                self.transport.abort()
            return
        before = self.phase
        self._feed(data)
        self._check_size()
        if self.phase is not before:
            self._watch()

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio takes a bool, uvicorn returns None
        """A client that has said all may still be listening: keep the way back open while it is owed an answer."""
        if self.phase is not _Phase.ANSWER:
            return False
        self.cycle.keep_alive = False
        return True

    def pause_writing(self) -> None:
        """The client does not take its answer: it has a deadline for that too."""
        super().pause_writing()
        self._arm(self.limits.body_s)

    def resume_writing(self) -> None:
        """The client takes its answer again."""
        super().resume_writing()
        if self.phase is _Phase.ANSWER:
            self._disarm()

    def shutdown(self) -> None:
        """The server stops: finish the request under way, or close at once."""
        if self.phase in {_Phase.BODY, _Phase.ANSWER}:
            self.cycle.keep_alive = False
        else:
            self.transport.close()

    def _feed(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._feed_without_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self._refuse(self._status)

    def _feed_without_upgrade(self, rest: bytes) -> None:
        """Go on as if no upgrade had been offered (RFC 9110 7.8): the parser stops before the body otherwise."""
        method = self.parser.get_method()
        if method == b"CONNECT":
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        headers = [b"%s: %s\r\n" % pair for pair in self.headers if pair[0] != b"upgrade"]
        self.parser = httptools.HttpRequestParser(self)
        self.phase = _Phase.IDLE
        self._feed(b"%s %s HTTP/1.1\r\n%s\r\n" % (method, self.url, b"".join(headers)) + rest)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        if self.phase is not _Phase.IDLE:
            # A second request behind the first (pipelining): it is answered on a connection of its own.
            raise _RefusedError
        self.phase = _Phase.HEAD
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The request may start, its body may still be on the way."""
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > self.limits.header_bytes:
            self._status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise _RefusedError
        if self.parser.should_upgrade():
            return
        super().on_headers_complete()
        self.scope["extensions"] = {HANG_UP: {"now": self.transport.abort}}
        self.cycle.transport = _GentleTransport(self)  # type: ignore[assignment]  # what a cycle uses of a transport
        self.cycle.keep_alive = self.cycle.keep_alive and not self.server_state.stopping
        self.phase = _Phase.BODY

    def on_message_complete(self) -> None:
        """The request is there as a whole."""
        if self.parser.should_upgrade():
            return
        super().on_message_complete()
        self.phase = _Phase.ANSWER

    def on_response_complete(self) -> None:
        """The answer is written: wait for the next request, or close."""
        self.server_state.total_requests += 1
        if self.phase is _Phase.BODY:
            self.close_gently()
        elif self.phase is _Phase.ANSWER and self.cycle.keep_alive:
            self.phase = _Phase.IDLE
            self._received = 0
            self.flow.resume_reading()
            self._watch()

    def _check_size(self) -> None:
        if self.phase is _Phase.HEAD and self._received > self.limits.header_bytes:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self.phase is _Phase.BODY and self._received > self.limits.request_bytes:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    def _watch(self) -> None:
        match self.phase:
            case _Phase.IDLE:
                self._arm(self.limits.idle_s)
            case _Phase.HEAD:
                self._arm(self.limits.header_s)
            case _Phase.BODY:
                self._arm(self.limits.body_s)
            case _Phase.ANSWER:
                self._disarm()
            case _Phase.CLOSING:
                self._arm(self.limits.linger_s)

    def _arm(self, seconds: float) -> None:
        self._disarm()
        self._deadline = self.loop.call_later(seconds, self._too_late)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._deadline = None
        if self.phase in {_Phase.HEAD, _Phase.BODY} and not self.flow.write_paused:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.abort()

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer for the application; a complete request that it works on already is answered first and last."""
        if self.phase is _Phase.ANSWER:
            self._is_deaf = True
            self.cycle.keep_alive = False
            return
        if self.phase is _Phase.BODY:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.phase is not _Phase.BODY or not self.cycle.response_started:
            self.transport.write(STATUS_LINE[status] + b"content-length: 0\r\nconnection: close\r\n\r\n")
        self.close_gently(is_whole=False)

    def close_gently(self, *, is_whole: bool | None = None) -> None:
        """Close after the answer; what is still being sent to us is discarded for a while first."""
        if self.transport.is_closing():
            return
        if is_whole is None:
            is_whole = self.phase is _Phase.ANSWER and not self._is_deaf
        self.phase = _Phase.CLOSING
        self._received = 0
        if is_whole:
            self.transport.close()
            self._arm(self.limits.body_s)
        else:
            self.transport.write_eof()
            self.flow.resume_reading()
            self._watch()
