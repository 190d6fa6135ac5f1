"""Every answer that the gateway can give to a send, over HTTP: what becomes of the SMS, what it says, what is repeated.

The client, the outbox and the store are the product's own; the gateway is the stand-in on loopback. Each row of the
tables of status codes, envelopes and fault codes is a test that is named after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smschat.domain.delivery import Status
from tests.document import accepted, fault, flat
from tests.e2e.wired import wired
from tests.standin import TOKEN, Manner, Reply, Standin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from tests.e2e.wired import Wired

pytestmark = pytest.mark.usefixtures("few_certificates")

QUOTA = {"quota-limit": "1000", "quota-used": "12", "quota-reset-UTC": "2026-02-01T00:00:00Z", "sunset": "n/a"}
NOT_BELIEVED = "it may have been carried out"
LONG = "a" * 400
"""Three parts."""


@pytest.fixture(scope="module")
def server() -> Iterator[Standin]:
    with Standin() as made:
        yield made


@pytest.fixture
async def world(server: Standin, tmp_path: Path) -> AsyncIterator[Wired]:
    async with wired(server, tmp_path) as made:
        yield made
    assert server.violations == []


def told(*statuses: str, text: str | None = None, count: object = None) -> dict[str, object]:
    """An answer with one element for each status; a refused one has often no more than that."""
    words = {"error-text": text} if text else {}
    parts = [
        accepted(f"0A{nth:014X}", to="31611111111") if status == "0" else {"status": status, **words}
        for nth, status in enumerate(statuses)
    ]
    return {"messages": parts} | ({} if count is None else {"message-count": count})


REFUSALS = {
    "2": ("missing", "fill it in"),
    "3": ("cannot use", "check sender"),
    "4": ("gateway's own account", "your own keys are not the cause"),
    "5": ("internal error", "by hand"),
    "6": ("cannot process", "country code"),
    "7": ("block list", "another one"),
    "8": ("suspended", "KPN"),
    "9": ("no credit", "top up"),
    "11": ("may not send", "KPN"),
    "12": ("too long", "140 octets"),
    "14": ("signature", "KPN"),
    "15": ("not allowed for this destination", "number of your own"),
    "16": ("time to live", "7 days"),
    "17": ("cannot be reached", "number"),
    "18": ("too many recipients", "fewer"),
    "19": ("may not use this feature", "enabled"),
    "20": ("message class", "0, 1, 2 or 3"),
    "21": ("status code 21", "documentation"),
    "22": ("network is not known", "number"),
    "23": ("callback address", "HTTPS"),
    "24": ("status code 24", "documentation"),
    "25": ("status code 25", "documentation"),
    "26": ("status code 26", "documentation"),
    "27": ("status code 27", "documentation"),
    "28": ("status code 28", "documentation"),
    "29": ("test account", "test numbers"),
    "30": ("status code 30", "documentation"),
    "31": ("status code 31", "documentation"),
    "32": ("signed", "KPN"),
    "33": ("no longer in use", "new number"),
    "34": ("missing or not valid", "country code"),
    "101": ("campaign", "KPN"),
    "102": ("campaign", "number of yours"),
    "103": ("campaign", "number of yours"),
    "4711": ("status code 4711", "support"),
}
"""Status, words that say what happened, and words that say what to do."""


@pytest.mark.parametrize("code", REFUSALS)
async def test_a_status_that_refuses_is_told_with_what_to_do_and_is_not_repeated(world: Wired, code: str) -> None:
    world.gateway_says(Reply(body=told(code, text="own words", count="1")))
    sms, error = await world.send()
    assert (sms.status, error, world.sends) == (Status.REFUSED, 4, 1)
    assert all(words in (sms.reason or "") for words in REFUSALS[code]), sms.reason
    assert sms.answer is not None
    assert (sms.answer.http, sms.answer.status, sms.answer.error_text) == (200, code, "own words")


@pytest.mark.parametrize("count", ["1", 1, None, "one", 0])
async def test_status_0_is_accepted_whatever_the_count_looks_like(world: Wired, count: object) -> None:
    world.gateway_says(Reply(body=told("0", count=count)))
    sms, error = await world.send()
    assert (sms.status, sms.reason, error, world.sends) == (Status.ACCEPTED, None, 0, 1)


@pytest.mark.parametrize("masked", [True, False])
async def test_an_answer_without_price_and_balance_is_accepted_all_the_same(world: Wired, *, masked: bool) -> None:
    body: Any = told("0", count=1)
    for name in ("message-price", "remaining-balance"):
        body["messages"][0].pop(name)
        body["messages"][0] |= {name: "*****"} if masked else {}
    world.gateway_says(Reply(body=body))
    sms, _ = await world.send()
    assert (sms.status, sms.price, sms.remaining_balance) == (Status.ACCEPTED, None, None)


THROTTLING = {
    "Throttled": 1.0,
    "Throughput Rate Exceeded - please wait [ 2702 ] and retry": 2.702,
    "Throughput Rate Exceeded - please wait 1500 and retry": 1.5,
    "Exceeded maximum MT throughput[ MAX [ 30 ] INTERVAL [ 1000 ] COUNT [ 30 ] ]": 1.0,
    "": 1.0,
}


@pytest.mark.parametrize("text", THROTTLING)
@pytest.mark.parametrize("code", ["1", "10"])
async def test_a_status_that_throttles_waits_as_it_says_and_goes_out_again(world: Wired, code: str, text: str) -> None:
    world.gateway_says(Reply(body=told(code, text=text)))
    sms, error = await world.send()
    assert (sms.status, error, world.sends) == (Status.ACCEPTED, 0, 2)
    assert world.waited_s == pytest.approx(THROTTLING[text], abs=0.01)
    first = (await world.attempts(sms))[0]
    assert (first.state, "; " in (first.reason or "")) == ("unsent", True)


async def test_status_13_goes_out_twice_more_and_then_is_refused(world: Wired) -> None:
    world.gateway_says(*[Reply(body=told("13", text="Communication failed"))] * 3)
    sms, error = await world.send()
    assert (sms.status, error, world.sends) == (Status.REFUSED, 4, 3)
    assert "could not pass it on" in (sms.reason or "")


@pytest.mark.parametrize("count", ["3", 3])
@pytest.mark.parametrize("code", [*REFUSALS, "1", "10", "13"])
async def test_one_part_refused_beside_others_taken_is_failed_and_nothing_is_sent_again(
    world: Wired, code: str, count: object
) -> None:
    world.gateway_says(Reply(body=told("0", code, "0", count=count)))
    sms, error = await world.send(LONG)
    assert (sms.status, error, world.sends) == (Status.FAILED, 4, 1)
    assert (sms.reason or "").startswith("part 2 of 3 refused: ")
    assert [(part.status, part.error_code) for part in sms.parts] == [
        (Status.ACCEPTED, None),
        (Status.REFUSED, code),
        (Status.ACCEPTED, None),
    ]


def _nested(code: str, text: str) -> dict[str, object]:
    return {"error": {"transactionId": "tx-1", "status": "x", "name": code, "message": text, "info": "y"}}


ENVELOPES: dict[str, Callable[[str, str], object]] = {
    "apigee": fault,
    "kpn nested": _nested,
    "kpn flat": lambda code, text: flat(0, code, text),
    "token endpoint": lambda code, text: {"ErrorCode": code, "Error": text},
    "vonage": lambda code, text: {"error-code": code, "error-code-label": text},
    "problem": lambda code, text: {"type": "https://x.example", "title": code, "detail": text},
    "kpn sms": lambda code, text: {"errorResponse": {"code": code, "message": text, "info": "y"}},
    "oauth": lambda code, text: {"error": code, "error_description": text},
}
WITHOUT: dict[str, object] = {"html": "<html><title>Oops</title></html>", "text": "Oops", "empty": "", "odd": ["Oops"]}
NEUTRAL = {name: envelope("some.code", "Oops") for name, envelope in ENVELOPES.items()} | WITHOUT

HTTP = {
    400: (Status.REFUSED, 4, 1, "has to change"),
    401: (Status.REFUSED, 5, 2, "client_secret"),
    403: (Status.REFUSED, 4, 1, "entitled"),
    404: (Status.REFUSED, 4, 1, "api_url"),
    500: (Status.UNKNOWN, 6, 1, NOT_BELIEVED),
    502: (Status.UNKNOWN, 6, 1, NOT_BELIEVED),
    503: (Status.UNKNOWN, 6, 1, NOT_BELIEVED),
    504: (Status.UNKNOWN, 6, 1, NOT_BELIEVED),
}
"""What becomes of the SMS, the exit code, the requests in all, and words that say what to do."""


@pytest.mark.parametrize("http", HTTP)
@pytest.mark.parametrize("envelope", NEUTRAL)
async def test_an_envelope_that_blames_nobody_is_read_by_its_http_status(
    world: Wired, envelope: str, http: int
) -> None:
    status, code, sends, hint = HTTP[http]
    world.gateway_says(*[Reply(status=http, body=NEUTRAL[envelope], headers=QUOTA)] * sends)
    sms, error = await world.send()
    assert (sms.status, error, world.sends) == (status, code, sends)
    assert hint in (sms.reason or "")
    assert f"(HTTP {http})" in (sms.reason or "")
    assert ("Oops" in (sms.reason or "")) is (envelope != "empty")
    assert sms.answer is not None
    assert sms.answer.http == http
    assert sms.answer.transaction_id == ("tx-1" if envelope.startswith("kpn ") and envelope != "kpn sms" else None)
    assert [dict(attempt.quota) for attempt in await world.attempts(sms)] == [QUOTA] * sends


@pytest.mark.parametrize("envelope", NEUTRAL)
async def test_http_429_was_not_carried_out_and_goes_out_again(world: Wired, envelope: str) -> None:
    world.gateway_says(Reply(status=429, body=NEUTRAL[envelope], headers={"Retry-After": "7"}))
    sms, error = await world.send()
    assert (sms.status, error, world.sends) == (Status.ACCEPTED, 0, 2)
    assert world.waited_s == pytest.approx(7, abs=0.01)


TOKEN_FAULTS = [
    ("keymanagement.service.invalid_access_token", "Invalid Access Token"),
    ("keymanagement.service.access_token_expired", "Access Token expired"),
    ("oauth.v2.InvalidAccessToken", "Invalid access token"),
    ("oauth.v2.AccessTokenExpired", ""),
]


@pytest.mark.parametrize("http", [401, 500])
@pytest.mark.parametrize(("code", "text"), TOKEN_FAULTS, ids=[code for code, _ in TOKEN_FAULTS])
@pytest.mark.parametrize("envelope", ENVELOPES)
async def test_a_fault_of_the_token_is_renewed_once(
    world: Wired, envelope: str, code: str, text: str, http: int
) -> None:
    world.gateway_says(Reply(status=http, body=ENVELOPES[envelope](code, text)))
    sms, error = await world.send()
    assert (sms.status, error, world.sends, world.tokens) == (Status.ACCEPTED, 0, 2, 2)


@pytest.mark.parametrize("http", [401, 500])
@pytest.mark.parametrize(("code", "text"), TOKEN_FAULTS, ids=[code for code, _ in TOKEN_FAULTS])
async def test_a_fault_of_the_token_is_final_the_second_time(world: Wired, code: str, text: str, http: int) -> None:
    world.gateway_says(*[Reply(status=http, body=fault(code, text))] * 2)
    sms, error = await world.send()
    assert (sms.status, error, world.sends, world.tokens) == (Status.REFUSED, 5, 2, 2)
    assert "client_secret" in (sms.reason or "")


PRODUCT_FAULTS = [
    "keymanagement.service.InvalidAPICallAsNoApiProductMatchFound",
    "oauth.v2.InvalidAPICallAsNoApiProductMatchFound",
    "keymanagement.service.apiresource_doesnot_exist",
]


@pytest.mark.parametrize("http", [401, 500])
@pytest.mark.parametrize("code", PRODUCT_FAULTS)
@pytest.mark.parametrize("envelope", ENVELOPES)
async def test_a_product_that_is_not_in_the_project_is_final_at_once(
    world: Wired, envelope: str, code: str, http: int
) -> None:
    world.gateway_says(Reply(status=http, body=ENVELOPES[envelope](code, "")))
    sms, error = await world.send()
    assert (sms.status, error, world.sends, world.tokens) == (Status.REFUSED, 5, 1, 1)
    assert "add the product SMS - Vonage to your project" in (sms.reason or "")


PACE_FAULTS = {
    "policies.ratelimit.QuotaViolation": ("Rate limit quota violation. Quota limit  exceeded. Identifier : _x", 60.0),
    "policies.ratelimit.SpikeArrestViolation": ("Spike arrest violation. Allowed rate : 5pm", 12.0),
}
"""Text, and the seconds to wait: until the quota's reset, or as the allowed rate has it."""


@pytest.mark.parametrize("http", [429, 500])
@pytest.mark.parametrize("code", PACE_FAULTS)
@pytest.mark.parametrize("envelope", ENVELOPES)
async def test_a_quota_or_a_spike_waits_and_goes_out_again(world: Wired, envelope: str, code: str, http: int) -> None:
    text, wait_s = PACE_FAULTS[code]
    headers = {"quota-limit": "10", "quota-used": "10", "quota-reset-UTC": world.in_s(60)}
    world.gateway_says(Reply(status=http, body=ENVELOPES[envelope](code, text), headers=headers))
    sms, error = await world.send(give_up_s=100)
    assert (sms.status, error, world.sends, world.tokens) == (Status.ACCEPTED, 0, 2, 1)
    assert world.waited_s == pytest.approx(wait_s, abs=0.01)


async def test_a_quota_that_is_not_reset_in_time_is_given_up_and_not_tried_again(world: Wired) -> None:
    code = "policies.ratelimit.QuotaViolation"
    reset = {"quota-reset-UTC": world.in_s(3600)}
    world.gateway_says(Reply(status=429, body=fault(code, PACE_FAULTS[code][0]), headers=reset))
    sms, error = await world.send()
    assert (sms.status, error, world.sends) == (Status.REFUSED, 75, 1)
    assert "larger quota" in (sms.reason or "")


@pytest.mark.parametrize(
    "body", ["", "<html>log in</html>", "[]", "null", {}, {"messages": []}, {"messages": None}, {"messages": ["x"]}]
)
async def test_a_success_that_cannot_be_read_is_unknown_and_is_not_repeated(world: Wired, body: object) -> None:
    world.gateway_says(Reply(body=body))
    sms, error = await world.send()
    assert (sms.status, error, world.sends) == (Status.UNKNOWN, 6, 1)


@pytest.mark.parametrize("manner", [manner for manner in Manner if manner is not Manner.ANSWER])
async def test_a_line_that_breaks_is_unknown_and_is_not_repeated(world: Wired, manner: Manner) -> None:
    world.gateway_says(Reply(manner=manner, body=told("0")))
    sms, error = await world.send()
    assert (sms.status, error, world.sends) == (Status.UNKNOWN, 6, 1)
    assert NOT_BELIEVED in (sms.reason or "")


TOKEN_ENDPOINT: dict[str, tuple[int, object, int]] = {
    "wrong client": (401, {"ErrorCode": "invalid_client", "Error": "ClientId is Invalid"}, 5),
    "wrong client as 500": (500, _nested("Internal Server Error", "invalid_client-invalid_client_id"), 5),
    "wrong client, pass-through": (401, fault("oauth.v2.InvalidClientIdentifier", "Invalid client identifier {0}"), 5),
    "parameter missing": (400, {"ErrorCode": "invalid_request", "Error": "missing a required parameter"}, 4),
    "nothing but 500": (500, "", 69),
    "no token in it": (200, {"access_token": ""}, 69),
    "throttled": (429, fault("policies.ratelimit.SpikeArrestViolation", "Allowed rate : 1pm"), 75),
}


@pytest.mark.parametrize("row", TOKEN_ENDPOINT)
async def test_without_a_token_nothing_is_sent(world: Wired, row: str) -> None:
    http, body, code = TOKEN_ENDPOINT[row]
    world.server.always(TOKEN, Reply(status=http, body=body))
    sms, error = await world.send()
    assert (sms.status, error, world.sends) == (Status.REFUSED, code, 0)
    assert "; " in (sms.reason or "")


async def test_the_quota_of_the_newest_answer_is_kept(world: Wired) -> None:
    world.gateway_says(Reply(body=told("0"), headers=QUOTA))
    sms, _ = await world.send()
    assert [dict(attempt.quota) for attempt in await world.attempts(sms)] == [QUOTA]
    assert await world.store.last_quota() == QUOTA


def test_every_status_that_there_is_and_every_gap_between_has_its_row() -> None:
    assert {*REFUSALS, "0", "1", "10", "13"} == {*map(str, range(35)), "101", "102", "103", "4711"}
