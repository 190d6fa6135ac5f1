"""The Phone Numbers answers that come in, as literals of the wire: what is certain is read, and hides nothing."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.gateway import numbers_wire as wire
from smschat.gateway.wire import UnreadableError

A_NUMBER = {"country": "NL", "msisdn": "3197000000001", "type": "mobile-lvn", "features": ["SMS"]}


def page(answer: Any, *, at: int = 1, size: int = 100) -> Any:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return wire.read_page(body, page=at, size=size)


def one(**fields: Any) -> Any:
    (number,) = page({"count": 1, "numbers": [A_NUMBER | fields]}).numbers
    return number


@pytest.mark.parametrize(
    "answer", [{}, {"count": 0}, {"count": 0, "numbers": []}, {"numbers": []}, {"count": "0", "numbers": None}]
)
def test_no_number_at_all_is_an_empty_page(answer: object) -> None:
    found = page(answer)
    assert (found.count, found.numbers, found.has_next) == (0, (), False)


@pytest.mark.parametrize(
    ("count", "told", "has_next"),
    [(7, 7, True), ("7", 7, True), (None, 4, False), ("many", 4, False), (1, 4, False), (-3, 4, False), (4, 4, False)],
)
def test_the_count_may_be_text_missing_or_too_low(count: object, told: int, has_next: bool) -> None:  # noqa: FBT001
    found = page({"count": count, "numbers": [A_NUMBER, A_NUMBER]}, at=2, size=2)
    assert (found.count, found.page, found.size, found.has_next) == (told, 2, 2, has_next)


def test_a_page_beyond_the_last_has_no_numbers_and_no_next() -> None:
    assert page({"count": 3}, at=5, size=2).has_next is False


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b"[]",
        b"<html>",
        {"numbers": {}},
        {"numbers": "none"},
        {"other": 1},
        {"error-code": "401", "error-code-label": "authentication failed"},
        {"error-code": "200", "numbers": []},
        {"fault": {"faultstring": "x", "detail": {"errorcode": "y"}}},
        {"fault": {"faultstring": "x"}, "numbers": []},
        {"transactionId": "1", "status": "500", "name": "x", "message": "y", "info": "z", "count": 0},
    ],
)
def test_what_is_no_page_is_none(answer: object) -> None:
    with pytest.raises(UnreadableError):
        page(answer)


def test_every_field_of_a_number_is_read() -> None:
    number = one(
        cost="1.25",
        moHttpUrl="https://a.example/x?y=1",
        moSmppSysType="inbound",
        voiceCallbackType="app",
        voiceCallbackValue="an-id",
        voiceStatusCallback="https://a.example/s",
        messagesCallbackType="app",
        messagesCallbackValue="an-id",
        app_id="an-id",
        something={"new": True},
    )
    assert (number.cost, number.mo_http_url, number.mo_smpp_sys_type) == ("1.25", "https://a.example/x?y=1", "inbound")
    assert (number.voice_callback_type, number.voice_callback_value) == ("app", "an-id")
    assert number.voice_status_callback == "https://a.example/s"
    assert (number.messages_callback_type, number.messages_callback_value, number.app_id) == ("app", "an-id", "an-id")


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({"msisdn": 3197000000001}, "msisdn", "3197000000001"),
        ({"msisdn": "+3197000000001"}, "msisdn", "3197000000001"),
        ({"country": "nl"}, "country", "NL"),
        ({"country": None}, "country", ""),
        ({"country": "the Netherlands"}, "country", ""),
        ({"type": 7}, "type", "7"),
        ({"type": None}, "type", ""),
        ({"features": None}, "features", ()),
        ({"features": "SMS,VOICE"}, "features", ("SMS", "VOICE")),
        ({"features": [["SMS", "VOICE"]]}, "features", ("SMS", "VOICE")),
        ({"features": ["SMS", "SMS", None, "", {"a": 1}]}, "features", ("SMS",)),
        ({"features": {"SMS": True}}, "features", ()),
        ({"cost": 1.250}, "cost", "1.25"),
        ({"cost": 2}, "cost", "2"),
        ({"cost": "*****"}, "cost", None),
        ({"moHttpUrl": ""}, "mo_http_url", None),
        ({"moHttpUrl": "https://a.example/" + "x" * 5000}, "mo_http_url", "https://a.example/" + "x" * 5000),
        ({"moHttpUrl": "https://a.example/\x1b[2J\nx"}, "mo_http_url", "https://a.example/ [2J x"),
        ({"moHttpUrl": ["https://a.example"]}, "mo_http_url", None),
    ],
)
def test_odd_values_are_read_for_what_is_certain_in_them(fields: dict[str, Any], name: str, value: object) -> None:
    assert getattr(one(**fields), name) == value


@pytest.mark.parametrize("odd", [None, 7, "x", [], {}, {"msisdn": "AcmeInc"}, {"msisdn": "1" * 40}, {"msisdn": True}])
def test_a_number_that_cannot_be_read_hides_none_beside_it(odd: object) -> None:
    found = page({"count": 2, "numbers": [odd, A_NUMBER]})
    assert [number.msisdn for number in found.numbers] == ["3197000000001"]
    assert found.count == 2


def test_an_address_of_a_number_stays_out_of_repr() -> None:
    assert "a.example" not in repr(one(moHttpUrl="https://a.example/secret"))


@pytest.mark.parametrize(
    ("answer", "code", "is_done"),
    [
        ({"error-code": "200", "error-code-label": "success"}, "200", True),
        ({"error-code": 200}, "200", True),
        ({"error-code": " 420 ", "error-code-label": "method failed"}, "420", False),
    ],
)
def test_an_outcome_is_the_bodys_code(answer: object, code: str, is_done: bool) -> None:  # noqa: FBT001
    outcome = wire.read_outcome(json.dumps(answer).encode())
    assert (outcome.code, outcome.is_done) == (code, is_done)


@pytest.mark.parametrize("code", [None, "", "ok", "2e2", 200.0, -200, True, ["200"], "9" * 30])
def test_a_code_that_is_none_says_nothing(code: object) -> None:
    with pytest.raises(UnreadableError):
        wire.read_outcome(json.dumps({"error-code": code}).encode())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NAMES = ["country", "msisdn", "type", "features", "cost", "moHttpUrl", "voiceCallbackType", "app_id"]
NUMBERS = st.dictionaries(st.sampled_from(NAMES), JSON)


@given(st.lists(NUMBERS | JSON, max_size=5), JSON)
def test_whatever_a_page_has_its_numbers_are_printable(numbers: list[Any], count: object) -> None:
    found = page({"count": count, "numbers": numbers})
    assert found.count >= len(found.numbers)
    for number in found.numbers:
        assert number.msisdn.isdigit()
        texts = (number.country, number.type, number.mo_http_url or "", *number.features)
        assert all(text.isprintable() for text in texts)


@given(st.binary(max_size=200))
def test_whatever_comes_is_read_or_unreadable(body: bytes) -> None:
    for read in (lambda: page(body), lambda: wire.read_outcome(body)):
        with suppress(UnreadableError):
            read()
