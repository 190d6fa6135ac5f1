"""Whatever an answer is made of, a call comes to a value or to one of the gateway's errors, and never to another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.domain.numbers import NumberChange, NumberType
from smschat.errors import GatewayError, OutcomeUnknownError
from tests.gateway.client_parts import an_attempt, gateway_at
from tests.numbers_document import said
from tests.standin import TOKEN

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from smschat.gateway import KpnGateway

pytestmark = pytest.mark.usefixtures("few_certificates")

CALLS: dict[str, Callable[[KpnGateway], Awaitable[object]]] = {
    "send": lambda gateway: gateway.send(an_attempt(), callback=None),
    "register": lambda gateway: gateway.register(to="31612345678", callback_url="https://name.example/x"),
    "look": lambda gateway: gateway.look(),
    "own": lambda gateway: gateway.numbers.own(),
    "search": lambda gateway: gateway.numbers.search("NL", number_type=NumberType.MOBILE),
    "buy": lambda gateway: gateway.numbers.buy(country="NL", msisdn="3197000000001"),
    "cancel": lambda gateway: gateway.numbers.cancel(country="NL", msisdn="3197000000001"),
    "update": lambda gateway: gateway.numbers.update(
        country="NL", msisdn="3197000000001", change=NumberChange(mo_http_url="")
    ),
}

NAMES = st.sampled_from([
    "messages", "message-count", "status", "message-id", "error-text", "count", "numbers", "msisdn", "features",
    "error-code", "error-code-label", "fault", "faultstring", "detail", "errorcode", "error", "message", "name",
    "transactionId", "info", "errorResponse", "access_token", "expires_in", "ErrorCode", "title",
])  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["0", "1", "200", "420"])
ANSWERS = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=10
).map(lambda value: json.dumps(value).encode())
HEADERS = st.dictionaries(
    st.sampled_from(["retry-after", "quota-limit", "quota-used", "quota-reset-UTC", "sunset", "date", "location"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30).map(lambda text: text.encode("latin-1")),
)


class Saying(httpx.AsyncBaseTransport):
    """A line that gives tokens, and one and the same answer to everything else."""

    def __init__(self, http: int, body: bytes, headers: dict[str, bytes], *, even_for_tokens: bool) -> None:
        self.answer = (http, body, {name.encode(): value for name, value in headers.items()})
        self.even_for_tokens = even_for_tokens
        self.calls = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == TOKEN and not self.even_for_tokens:
            return httpx.Response(200, json={"access_token": "token-1", "expires_in": "3599"})
        self.calls += request.url.path != TOKEN
        http, body, headers = self.answer
        return httpx.Response(http, content=body, headers=headers)


@pytest.mark.parametrize("call", CALLS)
@given(
    http=st.sampled_from([200, 200, 201, 204, 302, 400, 401, 403, 404, 420, 429, 500, 503, 599]),
    body=st.binary(max_size=100) | ANSWERS,
    headers=HEADERS,
    even_for_tokens=st.booleans(),
)
async def test_no_answer_makes_a_call_raise_anything_but_the_gateways_errors(
    call: str, http: int, body: bytes, headers: dict[str, bytes], *, even_for_tokens: bool
) -> None:
    line = Saying(http, body, headers, even_for_tokens=even_for_tokens)
    async with gateway_at("https://gateway.example", transport=line) as gateway:
        try:
            await CALLS[call](gateway)
        except GatewayError as error:
            assert error.message.isprintable()  # noqa: PT017 - most answers are errors, but not all
            assert error.hint  # noqa: PT017
    assert line.calls <= (1 if call in {"send", "look"} else 2)


@pytest.mark.parametrize("call", ["buy", "cancel", "update"])
@given(body=ANSWERS)
async def test_only_a_code_200_in_the_body_is_done(call: str, body: bytes) -> None:
    line = Saying(200, body, {}, even_for_tokens=False)
    answer: Any = json.loads(body)
    is_done = isinstance(answer, dict) and str(answer.get("error-code")).strip() == said("200", "")["error-code"]
    async with gateway_at("https://gateway.example", transport=line) as gateway:
        if is_done:
            await CALLS[call](gateway)
        else:
            with pytest.raises(GatewayError):
                await CALLS[call](gateway)


async def test_an_answer_that_is_not_json_leaves_a_purchase_open() -> None:
    line = Saying(200, b"\xff\xfe\x00", {}, even_for_tokens=False)
    async with gateway_at("https://gateway.example", transport=line) as gateway:
        with pytest.raises(OutcomeUnknownError, match="no readable answer"):
            await CALLS["buy"](gateway)
    assert line.calls == 1
