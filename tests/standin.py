"""A strict stand-in for KPN's gateway: real HTTP on loopback, written from the document and not from smschat.

The rule: it obeys its script, and it remembers everything. Every request is kept and judged by the document
(`tests.document`); the `standin` fixture fails a test whose requests break it.

    def test_it(standin: Standin) -> None:
        standin.script(SEND, Reply(status=401), Reply(manner=Manner.CLOSE))   # the next two sends; then as usual
        ...  # give smschat standin.url as api_url
        assert [r.form["to"] for r in standin.sends] == ["31611111111"]
        sent = standin.sends[0]
        standin.callback(sent.form["callback"], receipt(sent, message_id="0A…"), as_="form")

The Phone Numbers API is `standin.numbers` (`tests.standin_numbers` says how), scripted with the paths OWN, SEARCH, BUY,
CANCEL and UPDATE like any other.

As usual means: the token endpoint gives token-1, token-2, …; a call without a token that is valid gets Apigee's 401; a
send is accepted in `usual.parts` parts; a registration is accepted. Every method may be called from any thread; in a
coroutine the two that wait go to a thread, as in `await asyncio.to_thread(standin.wait_for, SEND, 2)`: `callback` too.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import sys
import threading
from collections import defaultdict, deque
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qsl, urlsplit

from tests import document, numbers_document
from tests.document import REGISTER, SEND, TOKEN, accepted, fault, flat, granted, inbound, receipt
from tests.numbers_document import BUY, CANCEL, OWN, SEARCH, UPDATE, said
from tests.standin_numbers import StandinNumbers
from tests.webhooks import WAIT_S, call_webhook

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "BUY", "CANCEL", "OWN", "REGISTER", "SEARCH", "SEND", "TOKEN", "UPDATE", "Manner", "Reply", "Request", "Standin",
    "Usual", "call_webhook", "fault", "flat", "inbound", "receipt", "said",
]  # fmt: skip


class Manner(Enum):
    """How a reply is given."""

    ANSWER = auto()
    CLOSE_UNREAD = auto()
    """The connection is closed when the headers have come; the form is never read."""
    CLOSE = auto()
    """The request is read, then the connection is closed."""
    RESET = auto()
    """The request is read, then the connection is reset."""
    SILENT = auto()
    """The request is read, and nothing happens until the stand-in stops."""
    HALF = auto()
    """Half of the body that was announced, then the connection is closed."""
    RUBBISH = auto()
    """What comes is no HTTP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One scripted answer.

    Attributes:
        body: JSON unless it is text or octets.
        until: the answer is held back until this event is set.
    """

    status: int = 200
    body: object = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: Manner = Manner.ANSWER
    until: threading.Event | None = None

    def octets(self) -> bytes:
        """The answer as it travels."""
        body = self.body.encode() if isinstance(self.body, str) else self.body
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(payload)), **self.headers}
        lines = [f"HTTP/1.1 {self.status} As Scripted", *(f"{name}: {value}" for name, value in headers.items())]
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        return head + (payload[: len(payload) // 2] if self.manner is Manner.HALF else payload)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it came; header names in lower case.

    Attributes:
        connection: number of the connection that it came on, from 1.
        violations: what the document does not allow about it.
    """

    connection: int
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    form: Mapping[str, str]
    violations: tuple[str, ...]


class Standin:
    """The stand-in as a server; use it as a context manager.

    Attributes:
        url: its origin, for `api_url`.
        usual: how it answers what is not scripted.
        numbers: the account's numbers, and those to rent.
    """

    def __init__(self, port: int = 0) -> None:
        self.usual = Usual()
        self.numbers = StandinNumbers()
        self.stopping = threading.Event()
        self._changed = threading.Condition()
        self._requests: list[Request] = []
        self._broken: list[str] = []
        self._connections: list[socket.socket] = []
        self._closing_next = 0
        self._scripts: defaultdict[str, deque[Reply]] = defaultdict(deque)
        self._always: dict[str, Reply] = {}
        self._gates: set[threading.Event] = set()
        self._server = _Server(("127.0.0.1", port), self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="stand-in")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    callback = staticmethod(call_webhook)

    def stop(self) -> None:
        """Close every connection, whatever is under way, and free the port."""
        self.stopping.set()
        with self._changed:
            for gate in self._gates:
                gate.set()
        self.hang_up()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def hang_up(self) -> None:
        """Close every connection that is open, as a server does with those that are idle."""
        with self._changed:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    @property
    def requests(self) -> list[Request]:
        """Everything that came so far, oldest first."""
        with self._changed:
            return list(self._requests)

    @property
    def tokens(self) -> list[Request]:
        """The token requests so far."""
        return self.of(TOKEN)

    @property
    def sends(self) -> list[Request]:
        """The sends so far, however they were answered; a look at the gateway is none."""
        return self.of(SEND)

    @property
    def looks(self) -> list[Request]:
        """The looks at the gateway so far: a send without a recipient, which is answered from the script of SEND."""
        return [request for request in self.requests if request.path == SEND and document.is_look(request.form)]

    @property
    def registrations(self) -> list[Request]:
        """The registrations so far, however they were answered."""
        return self.of(REGISTER)

    @property
    def connections(self) -> int:
        """How many connections were made so far."""
        with self._changed:
            return len(self._connections)

    @property
    def violations(self) -> list[str]:
        """What the document does not allow in any request so far, or what failed in the stand-in itself."""
        with self._changed:
            return list(self._broken)

    def forgive(self) -> None:
        """Leave the violations so far out of account, in a test that means them."""
        with self._changed:
            self._broken.clear()

    def of(self, path: str) -> list[Request]:
        """The requests for one path so far; looks at the gateway left out."""
        return [r for r in self.requests if r.path == path and not document.is_look(r.form)]

    def script(self, path: str, *replies: Reply) -> None:
        """Answer the next requests for a path so, one after the other; then as usual."""
        with self._changed:
            self._scripts[path].extend(replies)

    def always(self, path: str, reply: Reply | None) -> None:
        """Answer so whenever the script is empty; None: as usual."""
        with self._changed:
            self._always.pop(path, None)
            self._always |= {path: reply} if reply else {}

    def revoke(self) -> None:
        """Let none of the tokens given so far be valid any more."""
        with self._changed:
            self.usual.valid.clear()

    def close_connections(self, number: int) -> None:
        """Close the next connections as soon as they are made."""
        with self._changed:
            self._closing_next += number

    def wait_for(self, path: str, number: int = 1) -> list[Request]:
        """Wait until so many requests for a path have come."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._of(path)) >= number, WAIT_S)
            assert len(self._of(path)) >= number, f"{len(self._of(path))} of {number} requests for {path} came"
            return self._of(path)

    def _of(self, path: str) -> list[Request]:
        return [r for r in self._requests if r.path == path and not document.is_look(r.form)]

    def opened(self, connection: socket.socket) -> int:
        """Note a connection; its number, or 0 when it is to be closed at once."""
        with self._changed:
            self._connections.append(connection)
            is_closing = self._closing_next > 0
            self._closing_next -= is_closing
            return 0 if is_closing or self.stopping.is_set() else len(self._connections)

    def came(self, request: Request) -> None:
        """Note a request."""
        with self._changed:
            self._requests.append(request)
            self._broken += [f"{request.method} {request.path}: {text}" for text in request.violations]
            self._changed.notify_all()

    def failed(self, error: BaseException | None) -> None:
        """Note a failure of the stand-in itself, so that no test passes over it."""
        with self._changed:
            self._broken.append(f"the stand-in failed: {error!r}")

    def next_reply(self, path: str) -> Reply | None:
        """The scripted reply to the next request for a path; None: as usual."""
        with self._changed:
            script = self._scripts[path]
            reply = script.popleft() if script else self._always.get(path)
            if reply is not None and reply.until is not None:
                self._gates.add(reply.until)
            return reply

    def usual_reply(self, request: Request) -> Reply:
        """What the gateway says when nothing else was scripted."""
        with self._changed:
            reply = self.usual.reply(request)
        if reply is not None:
            return reply
        status, body = self.numbers.reply(request)  # may ask an address that a test's own loop has to answer
        return Reply(status=status, body=body)


class Usual:
    """The gateway on a good day.

    Attributes:
        expires_in: the life of the tokens that it gives, in seconds, as the text on the wire.
        parts: how many parts a send is answered with.
    """

    def __init__(self) -> None:
        self.expires_in = "3599"
        self.parts = 1
        self.valid: set[str] = set()
        self._issued = 0
        self._messages = 0

    def reply(self, request: Request) -> Reply | None:
        """The answer to a request: a token, 401 without one, or what the call is for; None: the numbers answer."""
        if request.path == TOKEN:
            return Reply(body=self._token(request.form.get("client_id", "")))
        if request.path not in {SEND, REGISTER, *numbers_document.METHODS}:
            return Reply(status=404, body=flat(404, "Not Found", "no such path"))
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.valid:
            return Reply(status=401, body=fault("keymanagement.service.invalid_access_token", "Invalid Access Token"))
        if request.path not in {SEND, REGISTER}:
            return None
        return self._sms_reply(request)

    def _sms_reply(self, request: Request) -> Reply:
        if request.path == REGISTER:
            return Reply(body={"message": "Your callback url is registered."})
        if document.is_look(request.form):
            return Reply(body=document.refused("2", "Missing to param"))
        messages = [self._message(request.form.get("to", "")) for _ in range(self.parts)]
        return Reply(body={"message-count": str(self.parts), "messages": messages})

    def _token(self, client_id: str) -> dict[str, str]:
        self._issued += 1
        self.valid.add(f"token-{self._issued}")
        return granted(f"token-{self._issued}", client_id=client_id, expires_in=self.expires_in)

    def _message(self, to: str) -> dict[str, str]:
        self._messages += 1
        return accepted(f"0A{self._messages:014X}", to=to)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], standin: Standin) -> None:
        self.standin = standin
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        self.standin.failed(sys.exception())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def handle(self) -> None:
        self.number = self.server.standin.opened(self.connection)
        if self.number:
            with contextlib.suppress(ConnectionError):
                super().handle()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Say nothing: the requests are kept instead."""

    def do_POST(self) -> None:
        standin = self.server.standin
        reply = standin.next_reply(urlsplit(self.path).path)
        unread = reply is not None and reply.manner is Manner.CLOSE_UNREAD
        body = None if unread else self.rfile.read(length := int(self.headers.get("Content-Length", "0")))
        if body is not None and len(body) < length:
            return  # a client that was killed in the midst of it has made no request, and broken no rule
        request = self._request(body)
        standin.came(request)
        self._give(reply or standin.usual_reply(request))

    do_GET = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_POST  # noqa: N815 - the names are the library's

    def _request(self, body: bytes | None) -> Request:
        parts = urlsplit(self.path)
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        form = tuple(parse_qsl((body or b"").decode("utf-8", "replace"), keep_blank_values=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        judge = numbers_document if parts.path in numbers_document.METHODS else document
        judged = judge.violations(method=self.command, path=parts.path, query=query, headers=headers, form=form)
        return Request(
            connection=self.number,
            method=self.command,
            path=parts.path,
            query=query,
            headers=headers,
            body=body or b"",
            form=dict(form),
            violations=() if body is None else judged,
        )

    def _give(self, reply: Reply) -> None:
        if reply.until is not None:
            reply.until.wait()
        match reply.manner:
            case Manner.ANSWER | Manner.HALF:
                self.wfile.write(reply.octets())
            case Manner.RUBBISH:
                self.wfile.write(b"\x00\x01 this is no HTTP\r\n\r\n")
            case Manner.SILENT:
                self.server.standin.stopping.wait()
            case Manner.RESET:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                os.close(self.connection.detach())
        if reply.headers.get("Connection", "").lower() == "close" or reply.manner is not Manner.ANSWER:
            self.close_connection = True
