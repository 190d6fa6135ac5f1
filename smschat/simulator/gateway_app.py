"""The imitated gateway as an ASGI callable: paths, bearer tokens, forms, and the answers that never come.

The rule: it reads requests and writes answers; what they mean is `exchange`'s, when things happen is `timeline`'s.
"""

from __future__ import annotations

from datetime import UTC
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from smschat import serving
from smschat.simulator import exchange as minds
from smschat.simulator.exchange import Handled
from smschat.simulator.journal import Entry, Kind
from smschat.simulator.outcomes import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from smschat.serving import Receive, Scope, Send
    from smschat.simulator.callbacks import CallbackSender
    from smschat.simulator.exchange import Answer, Exchange
    from smschat.simulator.journal import Journal
    from smschat.simulator.timeline import Timeline

TOKEN_PATH: Final = "/oauth/client_credential/accesstoken"  # noqa: S105 - a path
SEND_PATH: Final = "/communication/nexmo/sms/send"
REGISTER_PATH: Final = "/communication/nexmo/sms/register"

_KINDS: Final[Mapping[str, Kind]] = {TOKEN_PATH: Kind.TOKEN, SEND_PATH: Kind.SEND, REGISTER_PATH: Kind.REGISTER}

FORM: Final = "application/x-www-form-urlencoded"
BODY_BYTES: Final = 64 * 1024
FIELDS: Final = 100
HANGS_S: Final = 120.0
"""Real seconds after which a connection that is left without an answer is dropped."""


class _Request:
    """A request as it came: path, query, headers and form, all as text."""

    def __init__(self, scope: Scope, body: bytes) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.kind = _KINDS.get(self.path, Kind.OTHER)
        self.query = _fields(scope["query_string"])
        self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        self.content_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        self.form = _fields(body) if self.content_type == FORM else {}


def _fields(encoded: bytes) -> dict[str, str]:
    """The first value of each field; what is not UTF-8 is replaced, what cannot be a form is empty."""
    try:
        pairs = parse_qsl(encoded.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError:
        return {}
    return dict(reversed(pairs))


class GatewayApp:
    """Answers a client as KPN's gateway does."""

    def __init__(
        self,
        exchange: Exchange,
        sender: CallbackSender,
        timeline: Timeline,
        journal: Journal,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._exchange = exchange
        self._sender = sender
        self._timeline = timeline
        self._journal = journal
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        try:
            body = await serving.read_body(receive, limit=BODY_BYTES)
        except serving.ClientGoneError:
            return
        except serving.BodyTooLargeError:
            await self._write(send, minds.failed(400, "The request is too large"))
            return
        request = _Request(scope, body)
        handled = self._handle(request)
        self._note(request, handled)
        await self._carry_out(handled, scope, receive, send)

    def _handle(self, request: _Request) -> Handled:
        refused = self._refused(request)
        if refused is not None:
            return Handled(answer=refused, reply=Reply.HTTP_ERROR)
        match request.kind:
            case Kind.TOKEN:
                return Handled(answer=self._exchange.token(request.query, request.form))
            case Kind.REGISTER:
                return Handled(answer=self._exchange.register(request.form))
            case _:
                inbound = request.headers.get("inbound", "").strip().lower() == "yes"
                return self._exchange.submit(request.form, wants_inbound=inbound)

    def _refused(self, request: _Request) -> Answer | None:
        """What is wrong with a request before its form is looked at; None: nothing."""
        if request.kind is Kind.OTHER:
            return minds.failed(404, "Not Found")
        if request.method != "POST":
            return minds.failed(405, "Method Not Allowed")
        if request.kind is not Kind.TOKEN:
            refused = self._exchange.refusal_of_bearer(request.headers.get("authorization", ""))
            if refused is not None:
                return refused
        return None if request.content_type == FORM else minds.failed(400, f"Content-Type must be {FORM}")

    async def _carry_out(self, handled: Handled, scope: Scope, receive: Receive, send: Send) -> None:
        for callback in handled.before:
            await self._sender.push(callback)
        if handled.answer_after_s:
            await self._timeline.pause(handled.answer_after_s)
        if handled.reply is Reply.NOTHING:
            await self._timeline.while_open(receive(), most_s=HANGS_S)
        if handled.answer is None:
            await serving.hang_up(scope, receive)
        else:
            await self._write(send, handled.answer)
        self._sender.schedule(handled.after)

    def _note(self, request: _Request, handled: Handled) -> None:
        fields = {name: value for name, value in {**request.query, **request.form}.items() if name != "client_secret"}
        notes = {Reply.NOTHING: "left hanging", Reply.DROPPED: "the connection is dropped"}
        self._journal.add(
            Entry(
                at=self._now(), kind=request.kind, method=request.method, address=request.path,
                http=handled.answer.http if handled.answer else None, fields=fields,
                inbound=request.headers.get("inbound", ""), note=notes.get(handled.reply, ""),
            )
        )  # fmt: skip

    async def _write(self, send: Send, answer: Answer) -> None:
        date = format_datetime(self._now().astimezone(UTC), usegmt=True)
        headers = [(b"date", date.encode()), (b"content-type", answer.content_type.encode())]
        await serving.answer(send, answer.http, headers=headers, body=answer.body)
