"""The imitated gateway as an ASGI callable: paths, bearer tokens, forms, and the answers that never come.

The rule: it reads requests and writes answers; what they mean is `exchange`'s, when things happen is `timeline`'s.
"""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from smschat import serving
from smschat.simulator import page, quota
from smschat.simulator.answers import failed
from smschat.simulator.exchange import Handled
from smschat.simulator.journal import Entry, Kind
from smschat.simulator.outcomes import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from smschat.serving import Headers, Receive, Scope, Send
    from smschat.simulator.answers import Answer
    from smschat.simulator.callbacks import CallbackSender
    from smschat.simulator.exchange import Exchange
    from smschat.simulator.journal import Journal
    from smschat.simulator.timeline import Timeline

TOKEN_PATH: Final = "/oauth/client_credential/accesstoken"  # noqa: S105 - a path
SEND_PATH: Final = "/communication/nexmo/sms/send"
REGISTER_PATH: Final = "/communication/nexmo/sms/register"

OWN_PATH: Final = "/communication/nexmo/phone-numbers/account/numbers"
SEARCH_PATH: Final = "/communication/nexmo/phone-numbers/number/search"
BUY_PATH: Final = "/communication/nexmo/phone-numbers/number/buy"
CANCEL_PATH: Final = "/communication/nexmo/phone-numbers/number/cancel"
UPDATE_PATH: Final = "/communication/nexmo/phone-numbers/number/update"

_READ: Final = frozenset({OWN_PATH, SEARCH_PATH})
"""The paths that are read with GET; everything else is a POST with a form."""

_NUMBERS: Final = _READ | {BUY_PATH, CANCEL_PATH, UPDATE_PATH}

_KINDS: Final[Mapping[str, Kind]] = {
    TOKEN_PATH: Kind.TOKEN,
    SEND_PATH: Kind.SEND,
    REGISTER_PATH: Kind.REGISTER,
    **dict.fromkeys(_NUMBERS, Kind.NUMBERS),
}

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
        self.pairs = _pairs(scope["query_string"])
        self.query = _firsts(self.pairs)
        self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        self.content_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        self.form = _firsts(_pairs(body)) if self.content_type == FORM else {}

    @property
    def lists(self) -> dict[str, list[str]]:
        """Every value of each field of the query."""
        return {name: [value for known, value in self.pairs if known == name] for name in self.query}


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    """Names and values as they came; what is not UTF-8 is replaced, what cannot be a form is empty."""
    try:
        return parse_qsl(encoded.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError:
        return []


def _firsts(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """The first value of each field, in the order in which they came."""
    firsts: dict[str, str] = {}
    for name, value in pairs:
        firsts.setdefault(name, value)
    return firsts


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
        self._calls = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        try:
            body = await serving.read_body(receive, limit=BODY_BYTES)
        except serving.ClientGoneError:
            return
        except serving.BodyTooLargeError:
            await self._write(send, failed(400, "The request is too large"))
            return
        request = _Request(scope, body)
        looked = self._look(request)
        if looked is not None:
            await self._write(send, looked, headers=page.HEADERS)
            return
        handled = await self._handle(request)
        self._note(request, handled)
        await self._carry_out(handled, self._quota(request), scope, receive, send)

    def _quota(self, request: _Request) -> Headers:
        """What a call of the API tells of the quota; empty for a token and for a call that was not let in."""
        bearer = request.headers.get("authorization", "")
        if request.kind in {Kind.TOKEN, Kind.OTHER} or self._exchange.refusal_of_bearer(bearer) is not None:
            return ()
        self._calls += 1
        return quota.headers(self._calls, self._now())

    def _look(self, request: _Request) -> Answer | None:
        """The simulator's own page; None: it is the gateway that is asked."""
        if request.method != "GET" or request.path not in {page.PAGE_PATH, page.JOURNAL_PATH}:
            return None
        if not page.is_here(request.headers.get("host", "")):
            return page.refusal()
        if request.path == page.JOURNAL_PATH:
            return page.journal(self._journal)
        every = request.query.get("every", "")
        every_s = int(every) if re.fullmatch(r"[1-9]\d{0,2}", every, re.ASCII) else None
        return page.page(self._journal, self._exchange.numbers.rented, every_s=every_s)

    async def _handle(self, request: _Request) -> Handled:
        refused = self._refused(request)
        if refused is not None:
            return Handled(answer=refused, reply=Reply.HTTP_ERROR)
        match request.kind:
            case Kind.TOKEN:
                return Handled(answer=self._exchange.token(request.query, request.form))
            case Kind.REGISTER:
                return Handled(answer=self._exchange.register(request.form))
            case Kind.NUMBERS:
                return Handled(answer=await self._numbers(request))
            case _:
                inbound = request.headers.get("inbound", "").strip().lower() == "yes"
                return self._exchange.submit(request.form, wants_inbound=inbound)

    async def _numbers(self, request: _Request) -> Answer:
        desk = self._exchange.numbers
        if request.path in _READ:
            return (desk.own if request.path == OWN_PATH else desk.search)(request.lists)
        if request.path != UPDATE_PATH:
            return (desk.buy if request.path == BUY_PATH else desk.cancel)(request.form)
        address = desk.address_to_test(request.form)
        is_reached = address is None or await self._sender.test(address)
        return desk.update(request.form, is_reached=is_reached)

    def _refused(self, request: _Request) -> Answer | None:
        """What is wrong with a request before its form is looked at; None: nothing."""
        if request.kind is Kind.OTHER:
            return failed(404, "Not Found")
        is_read = request.path in _READ
        if request.method != ("GET" if is_read else "POST"):
            return failed(405, "Method Not Allowed")
        if request.kind is not Kind.TOKEN:
            refused = self._exchange.refusal_of_bearer(request.headers.get("authorization", ""))
            if refused is not None:
                return refused
        return None if is_read or request.content_type == FORM else failed(400, f"Content-Type must be {FORM}")

    async def _carry_out(self, handled: Handled, headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
        for callback in handled.before:
            await self._sender.push(callback)
        if handled.answer_after_s:
            await self._timeline.pause(handled.answer_after_s)
        if handled.reply is Reply.NOTHING:
            await self._timeline.while_open(receive(), most_s=HANGS_S)
        if handled.answer is None:
            await serving.hang_up(scope, receive)
        else:
            await self._write(send, handled.answer, headers=headers)
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

    async def _write(self, send: Send, answer: Answer, *, headers: Headers = ()) -> None:
        date = format_datetime(self._now().astimezone(UTC), usegmt=True)
        own = [(b"date", date.encode()), (b"content-type", answer.content_type.encode())]
        await serving.answer(send, answer.http, headers=[*own, *headers], body=answer.body)
