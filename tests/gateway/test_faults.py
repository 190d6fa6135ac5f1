"""Every error envelope, what it becomes, and the waits that it names."""

from __future__ import annotations

import json
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.errors import (
    GatewayRefusedError,
    NotAuthorisedError,
    OutcomeUnknownError,
    ThrottledError,
    TokenRefusedError,
    UnreachableError,
)
from smschat.gateway.faults import Fault, Reply, call_error, read_fault, retry_after_s, token_error, wait_s
from tests.document import fault, flat
from tests.gateway.client_parts import NOON

if TYPE_CHECKING:
    from smschat.errors import GatewayError

NO_PRODUCT = "keymanagement.service.InvalidAPICallAsNoApiProductMatchFound"
QUOTA = fault(
    "policies.ratelimit.QuotaViolation", "Rate limit quota violation. Quota limit  exceeded. Identifier : _default"
)
SPIKE = fault("policies.ratelimit.SpikeArrestViolation", "Spike arrest violation. Allowed rate : 5pm")
CAPTURED_500_ID = "00000000-0000-4000-8000-000000000001"
CAPTURED_500 = {
    "error": {
        "transactionId": CAPTURED_500_ID,
        "status": "500 - Internal Server Error",
        "name": "Internal Server Error",
        "message": "invalid_client-invalid_client_id",
        "info": "https://developer.kpn.com/support",
    }
}


def reply(http: int, body: object = b"", **headers: str) -> Reply:
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(http=http, body=octets, headers={name.replace("_", "-"): value for name, value in headers.items()})


def call(http: int, body: object = b"", **headers: str) -> GatewayError:
    return call_error(reply(http, body, **headers), now=NOON)


def grant(http: int, body: object = b"", **headers: str) -> GatewayError:
    return token_error(reply(http, body, **headers), now=NOON)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (fault("steps.x.Failed", "Bad thing"), ("steps.x.Failed", "Bad thing", None)),
        ({"fault": {"faultstring": "Bad thing"}}, (None, "Bad thing", None)),
        ({"fault": {"detail": "text"}}, (None, None, None)),
        ({"error": {"transactionId": "tx-1", "status": 404, "name": "NotFound"}}, ("NotFound", None, "tx-1")),
        (CAPTURED_500, ("Internal Server Error", "invalid_client-invalid_client_id", CAPTURED_500_ID)),
        (flat(403, "Forbidden", "Access denied"), ("Forbidden", "Access denied", "tx-1")),
        ({"transactionId": "tx-2", "info": "see the portal"}, (None, "see the portal", "tx-2")),
        ({"status": 404, "code": "SIM_SWAP.UNKNOWN", "message": "Unknown"}, ("SIM_SWAP.UNKNOWN", "Unknown", None)),
        (
            {"ErrorCode": "invalid_client", "Error": "ClientId is Invalid"},
            ("invalid_client", "ClientId is Invalid", None),
        ),
        ({"error-code": "420", "error-code-label": "method failed"}, ("420", "method failed", None)),
        ({"error-code": 499, "error-code-label": "generic"}, ("499", "generic", None)),
        ({"type": "https://x.example/e", "title": "Balance", "detail": "Top up"}, (None, "Balance: Top up", None)),
        ({"errorResponse": {"code": "E1", "message": "no", "info": "i"}}, ("E1", "no", None)),
        ({"error": "invalid_client", "error_description": "who?"}, ("invalid_client", "who?", None)),
    ],
)
def test_each_envelope_gives_code_sentence_and_transaction(
    body: object, said: tuple[str | None, str | None, str | None]
) -> None:
    read = read_fault(json.dumps(body).encode())
    assert (read.code, read.message, read.transaction_id) == said
    assert read.is_structured


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", None),
        (b"Invalid API token", "Invalid API token"),
        (b"<html>bad gateway</html>", "bad gateway"),
        (b"<html><head><TITLE>502 Bad Gateway</TITLE></head><body><h1>x</h1></body></html>", "502 Bad Gateway"),
        (b"<p>" + b"x" * 100_000, "x" * 299 + "…"),
        (b"{}", None),
        (b"[]", "[]"),
        (b'{"fault": "text"}', None),
    ],
)
def test_an_answer_in_no_envelope_gives_its_text_and_is_not_believed(body: bytes, message: str | None) -> None:
    assert read_fault(body) == Fault(message=message)


def test_an_error_tells_code_sentence_transaction_status_and_what_to_do() -> None:
    error = call(403, flat(403, "Forbidden", "Access denied"))
    assert type(error) is GatewayRefusedError
    assert (error.code, error.http, error.transaction_id) == ("Forbidden", 403, "tx-1")
    assert "Access denied" in error.message
    assert "entitled" in error.hint


@pytest.mark.parametrize(
    ("http", "kind"),
    [
        (301, GatewayRefusedError),
        (302, GatewayRefusedError),
        (400, GatewayRefusedError),
        (401, TokenRefusedError),
        (403, GatewayRefusedError),
        (404, GatewayRefusedError),
        (405, GatewayRefusedError),
        (409, GatewayRefusedError),
        (418, GatewayRefusedError),
        (429, ThrottledError),
        (500, OutcomeUnknownError),
        (502, OutcomeUnknownError),
        (503, OutcomeUnknownError),
        (504, OutcomeUnknownError),
        (200, OutcomeUnknownError),
        (202, OutcomeUnknownError),
        (101, OutcomeUnknownError),
        (600, OutcomeUnknownError),
    ],
)
@pytest.mark.parametrize("body", [b"", b"{}", b"<html>no</html>", b"Error"])
def test_without_words_to_go_by_the_status_decides(http: int, kind: type[GatewayError], body: bytes) -> None:
    error = call(http, body)
    assert type(error) is kind
    assert error.http == http
    assert error.hint


@pytest.mark.parametrize(
    "code",
    [
        "keymanagement.service.invalid_access_token",
        "keymanagement.service.access_token_expired",
        "oauth.v2.InvalidAccessToken",
        "oauth.v2.AccessTokenExpired",
    ],
)
@pytest.mark.parametrize("http", [200, 400, 401, 403, 500, 503])
def test_an_invalid_token_is_that_under_any_status(code: str, http: int) -> None:
    error = call(http, fault(code, "bad token"))
    assert type(error) is TokenRefusedError
    assert error.code == code


@pytest.mark.parametrize("http", [401, 403, 500])
@pytest.mark.parametrize(
    "code",
    [NO_PRODUCT, "oauth.v2.InvalidAPICallAsNoApiProductMatchFound", "keymanagement.service.apiresource_doesnot_exist"],
)
def test_a_product_that_is_missing_is_no_fault_of_the_token(http: int, code: str) -> None:
    error = call(http, fault(code, "Invalid API call as no apiproduct match found"))
    assert type(error) is NotAuthorisedError
    assert "add the product" in error.hint


@pytest.mark.parametrize("http", [429, 500, 503])
@pytest.mark.parametrize("body", [QUOTA, SPIKE])
def test_a_quota_that_is_used_up_is_throttling_under_any_status(http: int, body: object) -> None:
    assert type(call(http, body)) is ThrottledError
    assert type(grant(http, body)) is ThrottledError


def test_the_words_of_a_page_do_not_promise_that_nothing_was_sent() -> None:
    page = b"<html>invalid_access_token: rate limit quota violation</html>"
    assert type(call(500, page)) is OutcomeUnknownError


def test_an_sms_without_credit_is_not_throttled() -> None:
    body = {"error-code": "9", "error-code-label": "Partner quota violation"}
    assert type(call(400, body)) is GatewayRefusedError


@pytest.mark.parametrize(
    ("http", "body"),
    [
        (401, {"ErrorCode": "invalid_client", "Error": "ClientId is Invalid"}),
        (500, CAPTURED_500),
        (401, fault("oauth.v2.InvalidClientIdentifier", "Invalid client identifier {0}")),
        (400, {"error": "invalid_client", "error_description": "who?"}),
        (200, {"ErrorCode": "invalid_client", "Error": "ClientId is Invalid"}),
        (503, b"invalid_client"),
    ],
)
def test_refused_credentials_are_that_under_any_status(http: int, body: object) -> None:
    error = grant(http, body)
    assert type(error) is NotAuthorisedError
    assert error.code == "invalid_client"
    assert "client_secret" in error.hint


@pytest.mark.parametrize(
    ("http", "kind"),
    [
        (200, UnreachableError),
        (302, GatewayRefusedError),
        (400, GatewayRefusedError),
        (401, NotAuthorisedError),
        (403, NotAuthorisedError),
        (404, GatewayRefusedError),
        (429, ThrottledError),
        (500, UnreachableError),
        (502, UnreachableError),
        (503, UnreachableError),
    ],
)
@pytest.mark.parametrize("body", [b"", b"{}", b"<html>no</html>"])
def test_no_answer_to_a_token_request_leaves_an_outcome_open(http: int, kind: type[GatewayError], body: bytes) -> None:
    assert type(grant(http, body)) is kind


def test_a_missing_parameter_is_a_refusal_with_the_gateways_words() -> None:
    text = "The request is missing a required parameter : client_id"
    error = grant(400, {"ErrorCode": "invalid_request", "Error": text})
    assert type(error) is GatewayRefusedError
    assert error.code == "invalid_request"
    assert text in error.message


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Throughput Rate Exceeded - please wait [ 702 ] and retry", 0.702),
        ("Please  wait[250]and retry", 0.25),
        ("Throughput Rate Exceeded - please wait and retry", None),
        ("Spike arrest violation. Allowed rate : 5pm", 12),
        ("Spike arrest violation. Allowed rate : 10ps", 0.1),
        ("Spike arrest violation. Allowed rate : 0ps", None),
        ("MAX [ 30 ] INTERVAL [ 1000 ] COUNT [ 30 ]", None),
        ("", None),
        (None, None),
    ],
)
def test_a_wait_in_a_sentence_is_read_in_its_unit(text: str | None, seconds: float | None) -> None:
    assert wait_s(text) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "12"}, 12),
        ({"retry_after": "1.5"}, 1.5),
        ({"retry_after": "0"}, 0),
        ({"retry_after": format_datetime(NOON + timedelta(seconds=90), usegmt=True)}, 90),
        ({"retry_after": format_datetime(NOON - timedelta(seconds=90), usegmt=True)}, 0),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "-5"}, None),
        ({"retry_after": "9" * 400}, 32 * 86_400),
        ({}, None),
        ({"quota_reset_utc": "2026-01-31T13:00:00Z"}, 3600),
        ({"quota_reset_utc": "2026-01-31 13:00:00"}, 3600),
        ({"quota_reset_utc": "1769864400"}, 3600),
        ({"quota_reset_utc": "1769864400000"}, 3600),
        ({"quota_reset_utc": "2026-01-31T11:00:00Z"}, 0),
        ({"quota_reset_utc": "2036-01-31T11:00:00Z"}, 32 * 86_400),
        ({"quota_reset_utc": "n/a"}, None),
        ({"quota_reset_utc": "9" * 30}, None),
        ({"retry_after": "12", "quota_reset_utc": "2026-01-31T13:00:00Z"}, 12),
        ({"quota_reset_utc": "2026-01-31T13:00:00Z", "quota_used": "1000", "quota_limit": "1000"}, 3600),
        ({"quota_reset_utc": "2026-01-31T13:00:00Z", "quota_used": "7", "quota_limit": "1000"}, None),
    ],
)
def test_the_headers_name_the_seconds_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    error = call(429, b"", **headers)
    assert isinstance(error, ThrottledError)
    assert error.retry_after_s == seconds


def test_too_many_calls_at_once_do_not_wait_for_the_end_of_the_month() -> None:
    month = {"quota_reset_utc": "2026-02-01T00:00:00Z"}
    assert retry_after_s(reply(429, SPIKE, **month), now=NOON) == 12
    bare = fault("policies.ratelimit.SpikeArrestViolation", "Spike arrest violation.")
    assert retry_after_s(reply(429, bare, **month), now=NOON) is None
    assert retry_after_s(reply(429, QUOTA, **month), now=NOON) == 12 * 3600


_HEADERS = st.fixed_dictionaries(
    {}, optional={name: st.text() for name in ("retry-after", "quota-reset-utc", "quota-used", "quota-limit")}
)


@given(st.integers(100, 999), _HEADERS, st.binary(max_size=100))
def test_no_answer_breaks_the_reading_of_an_error(http: int, headers: dict[str, str], body: bytes) -> None:
    answer = Reply(http=http, headers=headers, body=body)
    for error in (call_error(answer, now=NOON), token_error(answer, now=NOON)):
        assert error.hint
        assert error.message.isprintable()
        assert len(error.message) < 500
