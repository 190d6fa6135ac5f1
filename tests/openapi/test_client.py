"""The client against the documents: everything that it ever sends, over real HTTP to the simulator."""

from __future__ import annotations

import math
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import httpx
import pytest

from smschat.domain.numbers import NumberChange, NumberType, Where
from smschat.domain.sms import Attempt, SmsOptions, SmsType
from smschat.errors import GatewayRefusedError
from smschat.gateway import KpnGateway
from smschat.simulator import Simulator, catalogue
from tests.gateway.client_parts import CALLBACK, Secret, an_sms
from tests.openapi.facts import ADDED_HEADERS, FORM, OPERATIONS, SMS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from tests.openapi.facts import Facts

pytestmark = pytest.mark.usefixtures("few_certificates")

TOKEN_PATH = "/oauth/client_credential/accesstoken"
STANDARD_HEADERS = frozenset(
    {"accept", "accept-encoding", "authorization", "connection", "content-length", "content-type", "host", "user-agent"}
)
FREE = "3197000001101"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request as it left, and the status of its answer."""

    method: str
    path: str
    query: list[tuple[str, str]]
    form: list[tuple[str, str]]
    headers: dict[str, str]
    http: int

    def violations(self, facts: Facts) -> list[str]:
        """What the document does not allow about it."""
        operation = facts.operations.get(self.path)
        if operation is None:
            return [f"{self.path} is not in the document"]
        used, unused = (self.query, self.form) if operation.method == "GET" else (self.form, self.query)
        found = list(operation.violations(used))
        found += [f"{name} is in the wrong place" for name, _ in unused]
        found += [f"{self.method} is not the method"] if self.method != operation.method else []
        found += [f"header {name}" for name in self.headers if name not in STANDARD_HEADERS | ADDED_HEADERS]
        if operation.method == "POST" and self.headers.get("content-type") != FORM:
            found.append("the body is not announced as a form")
        return found


class Recorder(httpx.AsyncBaseTransport):
    """The network, and a note of everything that went over it; tokens are left out, they are in no document."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self._network = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._network.handle_async_request(request)
        if request.url.path != TOKEN_PATH:
            body = (await request.aread()).decode("ascii")
            self.sent.append(
                Sent(
                    method=request.method,
                    path=request.url.path,
                    query=parse_qsl(request.url.query.decode("ascii"), keep_blank_values=True, strict_parsing=True)
                    if request.url.query
                    else [],
                    form=parse_qsl(body, keep_blank_values=True, strict_parsing=True) if body else [],
                    headers={name.lower(): value for name, value in request.headers.items()},
                    http=answer.status_code,
                )
            )
        return answer

    async def aclose(self) -> None:
        await self._network.aclose()


@asynccontextmanager
async def recorded() -> AsyncIterator[tuple[KpnGateway, Recorder]]:
    recorder = Recorder()
    async with Simulator(pace=math.inf) as simulator:
        gateway = KpnGateway(
            api_url=simulator.url,
            client_id="demo",
            client_secret=Secret("demo"),
            transport=recorder,
        )
        try:
            yield gateway, recorder
        finally:
            await gateway.aclose()


def _of(type_: SmsType, text: str = "", **more: Any) -> Attempt:
    """One POST of an SMS of this type."""
    return Attempt(ref="abcdefghijk", sms=an_sms(text, type_, **more))


def _with(**options: Any) -> Attempt:
    return _of(SmsType.TEXT, "hello", options=SmsOptions(**options))


PUSH = SmsOptions(title="Welcome", url="https://example.com/a?b=c", validity_ms=86_400_000)
UDH = "0605040b8423f0"
SENDS: dict[str, Attempt] = {
    "text": _of(SmsType.TEXT, "hello & goodbye = 100 % + €"),
    "unicode": _of(SmsType.UNICODE, "ideeën 😀"),
    "binary": _of(SmsType.BINARY, data="00ff10", udh=UDH),
    "binary without a header": _of(SmsType.BINARY, data="00ff10"),
    "vcard": _of(SmsType.VCARD, "BEGIN:VCARD\r\nEND:VCARD\r\n"),
    "vcal": _of(SmsType.VCAL, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
    "wappush": _of(SmsType.WAPPUSH, options=PUSH),
    "shortest life": _with(ttl_ms=20_000),
    "longest life": _with(ttl_ms=604_800_000),
    **{f"class {number}": _with(message_class=number) for number in range(4)},
    "protocol": _of(SmsType.BINARY, data="00", udh=UDH, options=SmsOptions(protocol_id=127)),
}


@pytest.mark.parametrize("kind", SENDS)
async def test_every_kind_of_sms_is_sent_as_the_document_has_it(facts: Facts, kind: str) -> None:
    async with recorded() as (gateway, recorder):
        answer = await gateway.send(SENDS[kind], callback=CALLBACK)
    (sent,) = recorder.sent
    assert sent.violations(facts) == []
    assert [part.status for part in answer.parts] == ["0"]


async def test_an_sms_with_everything_left_out_is_sent_as_the_document_has_it(facts: Facts) -> None:
    async with recorded() as (gateway, recorder):
        bare = replace(SENDS["text"], wants_receipt=False, wants_inbound=False)
        await gateway.send(bare, callback=None)
    (sent,) = recorder.sent
    assert sent.violations(facts) == []
    assert "inbound" not in sent.headers
    assert not {"callback", "status-report-req"} & {name for name, _ in sent.form}


async def test_the_fields_of_a_send_come_in_the_documents_order(facts: Facts) -> None:
    async with recorded() as (gateway, recorder):
        for attempt in SENDS.values():
            await gateway.send(attempt, callback=CALLBACK)
    order = list(facts.operations[f"{SMS}/send"].parameters)
    for sent in recorder.sent:
        names = [name for name, _ in sent.form]
        assert names == sorted(names, key=order.index)


async def test_a_registration_is_sent_as_the_document_has_it(facts: Facts) -> None:
    async with recorded() as (gateway, recorder):
        await gateway.register(to="31612345678", callback_url="https://hook.example/token")
    (sent,) = recorder.sent
    assert sent.violations(facts) == []


async def test_a_look_lacks_what_a_send_needs_and_nothing_else(facts: Facts) -> None:
    """It is a send that can never be one, on purpose: it tells of credentials and quota, and costs nothing."""
    async with recorded() as (gateway, recorder):
        await gateway.look()
    (sent,) = recorder.sent
    missing = {f"{name} is missing" for name, known in OPERATIONS[sent.path].parameters.items() if known.is_required}
    assert set(sent.violations(facts)) <= missing
    assert sent.violations(facts)


NUMBER_CALLS: dict[str, Callable[[KpnGateway], Awaitable[object]]] = {
    "own": lambda gateway: gateway.numbers.own(),
    "own by pattern": lambda gateway: gateway.numbers.own(page=2, size=1, pattern="31", where=Where.START),
    "own anywhere": lambda gateway: gateway.numbers.own(pattern="97", where=Where.ANYWHERE),
    "own at the end": lambda gateway: gateway.numbers.own(size=100, pattern="200", where=Where.END),
    **{
        f"search {kind}": lambda gateway, kind=kind: gateway.numbers.search("NL", number_type=kind.value)  # type: ignore[misc]
        for kind in NumberType
    },
    "search by features": lambda gateway: gateway.numbers.search(
        "nl", number_type="mobile-lvn", features=("SMS", "VOICE"), pattern="3197", where=Where.START, page=3, size=20
    ),
    "search for anything": lambda gateway: gateway.numbers.search("GB", number_type="landline", features=()),
    "buy": lambda gateway: gateway.numbers.buy(country="NL", msisdn=FREE),
    "cancel": lambda gateway: gateway.numbers.cancel(country="NL", msisdn=catalogue.OWN_TOO),
    "update": lambda gateway: gateway.numbers.update(
        country="NL", msisdn=catalogue.OWN, change=NumberChange(mo_http_url="https://hook.example/token")
    ),
    "clear": lambda gateway: gateway.numbers.update(
        country="NL", msisdn=catalogue.OWN, change=NumberChange(mo_http_url="")
    ),
    "update everything": lambda gateway: gateway.numbers.update(
        country="NL",
        msisdn=catalogue.OWN,
        change=NumberChange(
            mo_http_url="https://hook.example/token",
            mo_smpp_sys_type="inbound",
            voice_callback_type="tel",
            voice_callback_value="31612345678",
            voice_status_callback="https://hook.example/ended",
        ),
    ),
}


@pytest.mark.parametrize("call", NUMBER_CALLS)
async def test_every_call_about_numbers_is_made_as_the_document_has_it(facts: Facts, call: str) -> None:
    async with recorded() as (gateway, recorder):
        await NUMBER_CALLS[call](gateway)
    (sent,) = recorder.sent
    assert sent.violations(facts) == []
    assert sent.http == 200


async def test_every_call_of_the_documents_is_made(facts: Facts) -> None:
    async with recorded() as (gateway, recorder):
        await gateway.send(SENDS["text"], callback=CALLBACK)
        await gateway.register(to="31612345678", callback_url="https://hook.example/token")
        for call in NUMBER_CALLS.values():
            await call(gateway)
    assert {sent.path for sent in recorder.sent} == set(facts.operations)


async def test_every_field_of_the_documents_is_sent_by_some_call(facts: Facts) -> None:
    async with recorded() as (gateway, recorder):
        for attempt in SENDS.values():
            await gateway.send(attempt, callback=CALLBACK)
        await gateway.register(to="31612345678", callback_url="https://hook.example/token")
        for call in NUMBER_CALLS.values():
            await call(gateway)
    for path, operation in facts.operations.items():
        used = {name for sent in recorder.sent if sent.path == path for name, _ in [*sent.query, *sent.form]}
        assert set(operation.parameters) <= used, path


@pytest.mark.parametrize("msisdn", ["3197000009999", "3197000009200", "3197000009401"])
async def test_a_refusal_by_the_body_is_one_whatever_the_http_status(msisdn: str) -> None:
    async with recorded() as (gateway, recorder):
        with pytest.raises(Exception, match=r".+") as told:
            await gateway.numbers.cancel(country="NL", msisdn=msisdn)
    assert [sent.http for sent in recorder.sent][-1] == {"999": 420, "200": 200, "401": 401}[msisdn[-3:]]
    if not msisdn.endswith("401"):
        assert isinstance(told.value, GatewayRefusedError)
        assert told.value.code == "number_420"
