"""HTTP served in a loop of ours: one socket, a plain ASGI callable, and a guard on every connection (`guard.py`).

The rule: nothing here installs a signal handler, prints, or wakes up while nobody calls. uvicorn's httptools protocol
parses and answers; its `Server` (signals, ten ticks a second, `sys.exit` when it cannot bind) is not used.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from uvicorn.config import Config

from smschat.errors import ListenerError
from smschat.serving.guard import HANG_UP, Connections, Guard, Limits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, MutableMapping

    Scope: TypeAlias = MutableMapping[str, Any]
    Message: TypeAlias = MutableMapping[str, Any]
    Receive: TypeAlias = Callable[[], Awaitable[Message]]
    Send: TypeAlias = Callable[[Message], Awaitable[None]]
    App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
    Headers: TypeAlias = Iterable[tuple[bytes, bytes]]

__all__ = [
    "BodyTooLargeError",
    "ClientGoneError",
    "Limits",
    "Served",
    "answer",
    "bind",
    "hang_up",
    "read_body",
    "serve",
]

_log = logging.getLogger(__name__)
# Without a handler anywhere, Python prints warnings over the screen.
_log.addHandler(logging.NullHandler())

ACCEPT_AT_ONCE: Final = 16
"""Connections taken from the kernel in one turn of the loop, so that each is read before many newer ones exist."""

KERNEL_QUEUE: Final = 1024
"""Connections that the kernel keeps for us meanwhile."""


class ClientGoneError(Exception):
    """The client went away before its request was complete; nobody hears an answer."""


class BodyTooLargeError(Exception):
    """The body is larger than the limit; what was read of it is dropped."""


async def read_body(receive: Receive, *, limit: int) -> bytes:
    """The whole body of a request, at most `limit` bytes.

    Raises:
        BodyTooLargeError: as soon as more than `limit` bytes have come.
        ClientGoneError: the client disconnected first.
    """
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        body += message.get("body", b"")
        if len(body) > limit:
            raise BodyTooLargeError
        if not message.get("more_body", False):
            return bytes(body)


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Drop the connection without an answer, as a server that breaks does; what is under way on it ends."""
    scope["extensions"][HANG_UP]["now"]()
    while (await receive())["type"] != "http.disconnect":
        pass


async def answer(send: Send, status: int, *, headers: Headers = (), body: bytes = b"") -> None:
    """Answer a request in full; Content-Length is added. A `connection: close` header ends the connection."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [length, *headers]})
    await send({"type": "http.response.body", "body": body})


def bind(host: str, port: int) -> socket.socket:
    """A listening TCP socket; port 0 takes a free one.

    Raises:
        ListenerError: the address is taken, not ours, not allowed or does not exist; the hint says which.
    """
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        # A port that was in use a moment ago can be taken again at once.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(KERNEL_QUEUE)
    except (OSError, OverflowError) as error:
        sock.close()
        raise ListenerError(f"cannot listen on {host}:{port}: {_reason(error)}", hint=_hint(error)) from error
    return sock


def _reason(error: OSError | OverflowError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _hint(error: OSError | OverflowError) -> str:
    match error:
        case PermissionError():
            return "ports below 1024 are reserved for root: choose a higher one in `listen`, or 0 for any"
        case socket.gaierror() | OverflowError():
            return "`listen` is HOST:PORT, such as 127.0.0.1:0"
        case _:
            return (
                "another program may use this port, or the address is not this machine's: set `listen` to 127.0.0.1:0"
            )


async def serve(app: App, sock: socket.socket, *, limits: Limits | None = None) -> Served:
    """Serve an ASGI application on a bound socket, in the running loop, until `stop()`.

    The socket belongs to the server from here on. Usable as `async with await serve(app, sock) as served:`.
    """
    state = Connections(limits or Limits())
    # The `http` class here is never built by uvicorn: there is no uvicorn server.
    config = Config(
        app, http=Guard, ws="none", lifespan="off", interface="asgi3", log_config=None, access_log=False,
        proxy_headers=False, server_header=False, date_header=False,
    )  # fmt: skip
    config.load()
    host, port = sock.getsockname()[:2]
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Guard(config, state), sock=sock, backlog=ACCEPT_AT_ONCE)
    # asyncio takes one number for the kernel's queue and for how many it accepts in one turn; only the latter is small.
    sock.listen(KERNEL_QUEUE)
    return Served(host, port, server, state)


class Served:
    """A running server.

    Attributes:
        port: the TCP port that it listens on.
        url: its origin as seen from this machine, such as `http://127.0.0.1:40123`.
    """

    def __init__(self, host: str, port: int, server: asyncio.Server, state: Connections) -> None:
        self.port = port
        local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not bound
        self.url = f"http://[{local}]:{port}" if ":" in local else f"http://{local}:{port}"
        self._server = server
        self._state = state

    async def stop(self) -> None:
        """Take no more requests, answer those under way for at most `stop_s`, and close everything. Idempotent."""
        self._server.close()
        self._state.begin_stop()
        try:
            async with asyncio.timeout(self._state.limits.stop_s):
                await self._state.done()
        except TimeoutError:
            _log.warning("requests under way were cut off by the stop")
            self._state.cut_off()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._state.limits.stop_s):
                    await self._state.done()
        await self._server.wait_closed()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
