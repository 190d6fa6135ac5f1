"""The stand-in is as strict as it says, so that a test which passes against it means something."""

from __future__ import annotations

import http.client
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.document import REGISTER, SEND, TOKEN, violations
from tests.standin import Reply, inbound, receipt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.standin import Standin

GRANT = f"{TOKEN}?grant_type=client_credentials"
CREDENTIALS = {"client_id": "a", "client_secret": "b"}
SMS = {"from": "31970000000", "to": "31611111111", "text": "hello"}


def post(standin: Standin, path: str, form: Mapping[str, str], **headers: str) -> int:
    with closing(http.client.HTTPConnection(urlsplit(standin.url).netloc)) as connection:
        labelled = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        connection.request("POST", path, urlencode(form), labelled)
        return connection.getresponse().status


def judged(form: Mapping[str, str], path: str = SEND) -> tuple[str, ...]:
    headers = {"content-type": "application/x-www-form-urlencoded", "authorization": "Bearer x"}
    return violations(method="POST", path=path, query=(), headers=headers, form=tuple(form.items()))


def a_send(**more: str) -> dict[str, str]:
    """The form of a send; `_` stands for `-`, and a field given again keeps its place."""
    form = {"from": "AcmeInc", "to": "31611111111", "text": "hello"}
    return form | {name.replace("_", "-"): value for name, value in more.items()}


def test_a_request_of_the_document_is_taken_and_no_violation(standin: Standin) -> None:
    assert post(standin, GRANT, CREDENTIALS) == 200
    assert post(standin, SEND, SMS, Authorization="Bearer token-1", inbound="yes") == 200
    assert standin.violations == []
    assert standin.sends[0].form == SMS


def test_a_call_without_a_valid_token_is_refused(standin: Standin) -> None:
    assert post(standin, SEND, SMS, Authorization="Bearer token-1") == 401
    post(standin, GRANT, CREDENTIALS)
    standin.revoke()
    assert post(standin, SEND, SMS, Authorization="Bearer token-1") == 401


def test_a_script_is_obeyed_once_and_always_for_good(standin: Standin) -> None:
    standin.script(TOKEN, Reply(status=503), Reply(status=429))
    standin.always(TOKEN, Reply(status=500))
    assert [post(standin, GRANT, CREDENTIALS) for _ in range(4)] == [503, 429, 500, 500]
    standin.always(TOKEN, None)
    assert post(standin, GRANT, CREDENTIALS) == 200


def test_what_breaks_the_document_is_remembered(standin: Standin) -> None:
    post(standin, "/elsewhere", {})
    post(standin, GRANT, CREDENTIALS, Authorization="Basic x")
    post(standin, TOKEN, CREDENTIALS)
    post(standin, SEND, SMS, **{"Content-Type": "application/json"})
    broken = " ".join(standin.violations)
    assert [
        word for word in ("unknown path", "authorization", "query", "content type", "bearer") if word not in broken
    ] == []
    standin.forgive()
    assert standin.violations == []


@pytest.mark.parametrize(
    "form",
    [
        {"to": "31611111111", "text": "x"},
        a_send(to="+31611111111"),
        a_send(**{"from": "Acme Inc."}),
        a_send(inbound="yes"),
        a_send(callback="https://a.example/x"),
        a_send(status_report_req="1", callback="https://a.example/x"),
        a_send(type="html"),
        a_send(text="☺", type="text"),
        a_send(type="unicode", body="00"),
        a_send(client_ref="x" * 41),
        a_send(ttl="900"),
        {"to": "31611111111", "from": "AcmeInc", "text": "x"},
    ],
)
def test_a_send_that_the_document_does_not_have_is_a_violation(form: dict[str, str]) -> None:
    assert judged(form)


@pytest.mark.parametrize(
    "form", [a_send(), a_send(status_report_req="true", callback="https://a.example/x", type="text", client_ref="r")]
)
def test_a_send_of_the_document_is_none(form: dict[str, str]) -> None:
    assert judged(form) == ()


def test_a_registration_has_exactly_two_fields() -> None:
    form = {"to": "31612345678", "callback_url": "https://a.example/x"}
    assert judged(form, REGISTER) == ()
    assert judged({"to": "31612345678"}, REGISTER) == ("missing field callback_url",)
    assert judged({**form, "type": "text"}, REGISTER) == ("unknown field type",)


def test_callbacks_have_the_fields_of_the_document(standin: Standin) -> None:
    post(standin, GRANT, CREDENTIALS)
    post(standin, SEND, SMS, Authorization="Bearer token-1")
    told = receipt(standin.sends[0], message_id="0A1")
    assert (told["msisdn"], told["to"], told["messageId"], told["status"]) == (
        SMS["to"],
        SMS["from"],
        "0A1",
        "delivered",
    )
    assert inbound("Hello there", message_id="0B1", concat_ref="7")["concat-ref"] == "7"


@pytest.mark.parametrize(("as_", "method"), [("json", "POST"), ("form", "POST"), ("get", "GET")])
def test_a_webhook_is_called_in_each_form(standin: Standin, as_: Any, method: str) -> None:
    assert standin.callback(f"{standin.url}/hook", {"text": "é ☺"}, as_=as_) == 404
    (request,) = standin.of("/hook")
    assert request.method == method
    assert request.headers.get("content-type", "").startswith(
        {"json": "application/json", "form": "application/x-www"}.get(as_, "")
    )
    assert ("text", "é ☺") in (*request.query, *request.form.items()) or request.body == b'{"text": "\\u00e9 \\u263a"}'
    standin.forgive()
