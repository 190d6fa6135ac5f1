"""The simulator against the documents, over real HTTP: requests of every shape, and a verdict on each answer."""

from __future__ import annotations

import asyncio
import math
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from smschat.simulator import Simulator, catalogue
from tests.openapi import judging
from tests.openapi.facts import NUMBERS, OPERATIONS, SMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import BaseSchema, Case

CONFORMS = [status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 40
"""Requests for each call, each way of making them, and each source of the facts."""

GOOD: dict[str, list[str]] = {
    "from": ["31970000000", "AcmeInc"],
    "to": ["31611111111", "31600000103"],
    "text": ["hoi"],
    "type": ["mobile-lvn", "text", "unicode"],
    "ttl": ["20000"],
    "callback": ["https://hook.example/r"],
    "callback_url": ["https://hook.example/t"],
    "body": ["00FF"],
    "udh": ["0605040B8423F0"],
    "url": ["https://example.com"],
    "protocol-id": ["127"],
    "validity": ["86400000"],
    "country": ["NL", "GB", "DE"],
    "msisdn": [number.msisdn for number in catalogue.own_at_first()] + ["3197000001101", "491713920010"],
    "pattern": ["3197"],
    "size": ["3"],
    "moHttpUrl": ["https://crm.example/sms", ""],
    "voiceCallbackType": ["tel"],
    "voiceCallbackValue": ["31612345678"],
    "voiceStatusCallback": ["https://crm.example/ended"],
}
"""Values that the simulator takes; no generator finds them by itself."""

MAGIC = {"31600000401": 401, "31600000403": 403, "31600000429": 429, "31600000500": 500, "31600000503": 503}


class Served:
    """The simulator in a thread with a loop of its own: schemathesis waits for each answer."""

    def __init__(self) -> None:
        self._ready = threading.Event()
        self._ended: asyncio.Event
        self._loop: asyncio.AbstractEventLoop
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self.url = ""
        self.session = requests.Session()
        self.session.trust_env = False

    async def _serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        async with Simulator(pace=math.inf) as simulator:
            self.url = simulator.url
            self._ready.set()
            await self._ended.wait()

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(60)
        path = "/oauth/client_credential/accesstoken?grant_type=client_credentials"
        got = self.session.post(self.url + path, data={"client_id": "demo", "client_secret": "demo"}, timeout=30)
        self.session.headers["Authorization"] = f"Bearer {got.json()['access_token']}"

    def stop(self) -> None:
        self.session.close()
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    server = Served()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module", params=["tables", "documents"])
def schema(request: pytest.FixtureRequest) -> dict[str, BaseSchema]:
    made = judging.of_documents() if request.param == "documents" else judging.of_tables()
    return {base: schemathesis.openapi.from_dict(document) for base, document in made.items()}


def _operation(schema: dict[str, BaseSchema], path: str) -> tuple[str, Any]:
    base = SMS if path.startswith(SMS) else NUMBERS
    return base, schema[base][path.removeprefix(base)][OPERATIONS[path].method]


def _with_good_values(data: st.DataObject, case: Case[Any], path: str) -> None:
    """Put values that are taken into some of the fields."""
    known = [name for name in OPERATIONS[path].parameters if name in GOOD]
    fields = case.body if OPERATIONS[path].method == "POST" else case.query
    if not isinstance(fields, dict):
        return
    for name in data.draw(st.sets(st.sampled_from(known)) | st.just(set(known))):
        fields[name] = data.draw(st.sampled_from(GOOD[name]))


def _judge(served: Served, base: str, case: Case[Any], checks: list[Any]) -> int:
    response = case.call(base_url=served.url + base, session=served.session, timeout=30)
    case.validate_response(response, checks=checks)
    return response.status_code


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("path", list(OPERATIONS))
def test_no_answer_is_outside_the_document_and_none_is_a_server_error(
    served: Served, schema: dict[str, BaseSchema], path: str, mode: GenerationMode
) -> None:
    base, operation = _operation(schema, path)

    @hypothesis.settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data(), operation.as_strategy(generation_mode=mode))
    def hold(data: st.DataObject, case: Case[Any]) -> None:
        _with_good_values(data, case, path)
        _judge(served, base, case, [not_a_server_error, *CONFORMS])

    hold()


@pytest.mark.parametrize(("recipient", "http"), MAGIC.items())
@pytest.mark.parametrize("name", ["send", "register"])
def test_the_errors_that_are_asked_for_are_those_of_the_document(
    served: Served, schema: dict[str, BaseSchema], name: str, recipient: str, http: int
) -> None:
    _, operation = _operation(schema, f"{SMS}/{name}")
    form = {"from": "31970000000", "to": recipient, "text": "hoi"}
    form = form if name == "send" else {"to": recipient, "callback_url": "https://hook.example/t"}
    case = operation.Case(body=form, media_type="application/x-www-form-urlencoded")
    assert _judge(served, SMS, case, CONFORMS) == http


@pytest.mark.parametrize("status", range(1, 35))
def test_a_refusal_of_every_status_is_in_the_document(
    served: Served, schema: dict[str, BaseSchema], status: int
) -> None:
    _, operation = _operation(schema, f"{SMS}/send")
    form = {"from": "31970000000", "to": f"316000001{status:02}", "text": "hoi"}
    case = operation.Case(body=form, media_type="application/x-www-form-urlencoded")
    assert _judge(served, SMS, case, [not_a_server_error, *CONFORMS]) == 200


@pytest.mark.parametrize("path", list(OPERATIONS))
def test_a_call_without_a_token_is_answered_as_the_document_has_it(
    served: Served, schema: dict[str, BaseSchema], path: str
) -> None:
    base, operation = _operation(schema, path)
    known = {name: GOOD[name][0] for name, one in OPERATIONS[path].parameters.items() if one.is_required}
    is_form = OPERATIONS[path].method == "POST"
    case = operation.Case(
        **({"body": known, "media_type": "application/x-www-form-urlencoded"} if is_form else {"query": known})
    )
    response = case.call(
        base_url=served.url + base, headers={"Authorization": "Bearer nonsense"}, session=served.session
    )
    case.validate_response(response, checks=CONFORMS)
    assert response.status_code == 401


def test_a_judge_that_is_right_finds_what_is_wrong(schema: dict[str, BaseSchema]) -> None:
    """The checks fail on an answer with a field, a status or a type that the document does not have."""
    _, operation = _operation(schema, f"{SMS}/send")
    case = operation.Case(body={"from": "1", "to": "2"}, media_type="application/x-www-form-urlencoded")
    good = b'{"message-count": 1, "messages": [{"status": "0"}]}'
    wrong = {
        200: [good.replace(b"1,", b'"1",'), good.replace(b'"status"', b'"pet"'), good.replace(b'"0"', b"0")],
        418: [good],
    }
    case.validate_response(_answer(200, good), checks=CONFORMS)
    for http, bodies in wrong.items():
        for body in bodies:
            with pytest.raises(BaseExceptionGroup):
                case.validate_response(_answer(http, body), checks=CONFORMS)


def _answer(http: int, body: bytes) -> httpx.Response:
    request = httpx.Request("POST", "http://127.0.0.1/send")
    answer = httpx.Response(http, content=body, headers={"Content-Type": "application/json"}, request=request)
    answer.elapsed = timedelta(0)
    return answer
