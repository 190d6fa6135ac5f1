"""The stand-in's Phone Numbers are as strict as they say, so that a test which passes against them means something."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.numbers_document import BUY, CANCEL, OWN, SEARCH, UPDATE, violations
from tests.standin import TOKEN, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.standin import Standin

NUMBER = {"country": "NL", "msisdn": "3197000000001"}
ADDRESS = "https://other.example/sms"


@pytest.fixture
def token(standin: Standin) -> str:
    asked = f"{TOKEN}?grant_type=client_credentials"
    return str(call(standin, "POST", asked, {"client_id": "a", "client_secret": "b"}, token="")[1]["access_token"])


def call(
    standin: Standin, method: str, path: str, fields: Mapping[str, str], *, token: str
) -> tuple[int, dict[str, Any]]:
    with closing(http.client.HTTPConnection(urlsplit(standin.url).netloc)) as connection:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if method == "GET":
            connection.request("GET", f"{path}?{urlencode(fields)}", headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("POST", path, urlencode(fields), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())


def judged(path: str, fields: Mapping[str, str], method: str | None = None) -> tuple[str, ...]:
    is_get = path in {OWN, SEARCH}
    headers = {"authorization": "Bearer x"} | ({} if is_get else {"content-type": "application/x-www-form-urlencoded"})
    given = tuple(fields.items())
    query, form = (given, ()) if is_get else ((), given)
    usual = "GET" if is_get else "POST"
    return violations(method=method or usual, path=path, query=query, headers=headers, form=form)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (OWN, {}),
        (OWN, {"size": "100", "index": "2", "search_pattern": "2", "pattern": "97"}),
        (SEARCH, {"country": "NL"}),
        (SEARCH, {"features": "SMS,VOICE", "country": "NL", "type": "mobile-lvn"}),
        (BUY, NUMBER),
        (CANCEL, {"msisdn": "3197000000001", "country": "NL"}),
        (UPDATE, NUMBER),
        (UPDATE, {**NUMBER, "moHttpUrl": ""}),
        (UPDATE, {**NUMBER, "voiceCallbackType": "tel", "voiceCallbackValue": "31201234567", "moHttpUrl": ADDRESS}),
    ],
)
def test_what_the_document_has_is_no_violation(path: str, fields: dict[str, str]) -> None:
    assert judged(path, fields) == ()


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (OWN, {"index": "0"}),
        (OWN, {"size": "101"}),
        (OWN, {"search_pattern": "3"}),
        (OWN, {"country": "NL"}),
        (SEARCH, {"type": "mobile-lvn"}),
        (SEARCH, {"country": "nl"}),
        (SEARCH, {"country": "NL", "type": "mobile"}),
        (SEARCH, {"country": "NL", "features": "SMS, VOICE"}),
        (BUY, {"msisdn": "3197000000001"}),
        (BUY, {**NUMBER, "cost": "1.25"}),
        (CANCEL, {**NUMBER, "msisdn": "+3197000000001"}),
        (UPDATE, {**NUMBER, "app_id": "a"}),
        (UPDATE, {**NUMBER, "moHttpUrl": "other.example"}),
        (UPDATE, {**NUMBER, "voiceCallbackType": "vxml", "voiceCallbackValue": "x"}),
        (UPDATE, {**NUMBER, "voiceCallbackValue": "31201234567"}),
    ],
)
def test_what_the_document_does_not_have_is_a_violation(path: str, fields: dict[str, str]) -> None:
    assert judged(path, fields)


def test_the_wrong_method_is_a_violation() -> None:
    assert judged(OWN, {}, "POST") == ("method POST",)
    assert judged(BUY, NUMBER, "GET") == ("method GET",)


def test_a_number_is_found_bought_and_given_up(standin: Standin, token: str) -> None:
    standin.numbers.lets("3197000000001")
    assert call(standin, "GET", SEARCH, {"country": "NL"}, token=token) == (200, {})
    found = call(standin, "GET", SEARCH, {"country": "NL", "type": "mobile-lvn"}, token=token)[1]
    assert (found["count"], found["numbers"][0]["cost"]) == (1, "1.25")
    assert call(standin, "POST", BUY, NUMBER, token=token)[0] == 200
    assert call(standin, "POST", BUY, NUMBER, token=token)[0] == 420
    assert "cost" not in call(standin, "GET", OWN, {}, token=token)[1]["numbers"][0]
    assert call(standin, "POST", CANCEL, NUMBER, token=token)[1]["error-code"] == "200"
    assert standin.numbers.owned() == []


def test_a_field_that_an_update_leaves_out_is_cleared(standin: Standin, token: str) -> None:
    standin.numbers.owns(NUMBER["msisdn"], mo_http_url=ADDRESS, voiceCallbackType="app", voiceCallbackValue="a")
    assert call(standin, "POST", UPDATE, {**NUMBER, "moSmppSysType": "inbound"}, token=token)[0] == 200
    number = standin.numbers.number(NUMBER["msisdn"])
    assert (number["moSmppSysType"], "moHttpUrl" in number, "voiceCallbackType" in number) == ("inbound", False, False)


@pytest.mark.parametrize("http_status", [200, 420])
def test_an_address_that_does_not_answer_200_is_refused(standin: Standin, token: str, http_status: int) -> None:
    standin.numbers.owns(NUMBER["msisdn"], mo_http_url=ADDRESS)
    standin.numbers.refuses_with = http_status
    nowhere = f"{standin.url}/nowhere"
    status, body = call(standin, "POST", UPDATE, {**NUMBER, "moHttpUrl": nowhere}, token=token)
    assert (status, body["error-code"]) == (http_status, "420")
    assert standin.numbers.tested == [(nowhere, 404)]
    assert standin.numbers.number(NUMBER["msisdn"])["moHttpUrl"] == ADDRESS
    standin.forgive()


def test_an_address_elsewhere_answers_as_it_is_told_and_is_not_asked(standin: Standin, token: str) -> None:
    standin.numbers.owns(NUMBER["msisdn"])
    update = {**NUMBER, "moHttpUrl": ADDRESS}
    assert call(standin, "POST", UPDATE, update, token=token)[0] == 420
    standin.numbers.answers[ADDRESS] = 200
    assert call(standin, "POST", UPDATE, update, token=token)[0] == 200
    assert standin.numbers.tested == [(ADDRESS, 0), (ADDRESS, 200)]


def test_pages_and_patterns_are_those_of_the_query(standin: Standin, token: str) -> None:
    for last in range(5):
        standin.numbers.owns(f"319700000000{last}")
    page = call(standin, "GET", OWN, {"size": "2", "index": "3"}, token=token)[1]
    assert (page["count"], [number["msisdn"] for number in page["numbers"]]) == (5, ["3197000000004"])
    for where, count in (("0", 0), ("1", 1), ("2", 1)):
        found = call(standin, "GET", OWN, {"pattern": "0003", "search_pattern": where}, token=token)[1]
        assert found.get("count", 0) == count


def test_without_a_token_or_the_product_nothing_is_told(standin: Standin, token: str) -> None:
    assert call(standin, "GET", OWN, {}, token="other")[0] == 401
    standin.numbers.is_in_production = False
    status, body = call(standin, "GET", OWN, {}, token=token)
    assert (status, "NoApiProductMatchFound" in body["fault"]["detail"]["errorcode"]) == (401, True)


def test_an_answer_can_be_scripted(standin: Standin, token: str) -> None:
    standin.script(BUY, Reply(body={}))
    standin.numbers.lets("3197000000001")
    assert call(standin, "POST", BUY, NUMBER, token=token) == (200, {})
    assert call(standin, "POST", BUY, NUMBER, token=token)[0] == 200
