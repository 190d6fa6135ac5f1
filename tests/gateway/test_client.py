"""The gateway client against a stand-in, over real HTTP: what it sends, and what it makes of the answers."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest

from smschat.errors import (
    GatewayRefusedError,
    NotAuthorisedError,
    OutcomeUnknownError,
    SettingsError,
    ThrottledError,
    TokenRefusedError,
    UnreachableError,
)
from smschat.gateway import KpnGateway, Timeouts
from tests.gateway.client_parts import CALLBACK, CANARY, Clocks, Secret, an_attempt, gateway_at
from tests.standin import REGISTER, SEND, TOKEN, Reply, fault, flat

if TYPE_CHECKING:
    from smschat.errors import GatewayError
    from tests.standin import Standin

BAD_TOKEN = Reply(status=401, body=fault("oauth.v2.InvalidAccessToken", "Invalid access token"))
BAD_TOKEN_500 = Reply(status=500, body=fault("oauth.v2.InvalidAccessToken", "Invalid access token"))
HERE = {"to": "31612345678", "callback_url": "https://name.example/AAAAAAAAAAAAAAAAAAAAAA"}


async def test_a_send_is_one_request_as_the_document_has_it(standin: Standin) -> None:
    async with gateway_at(standin.url) as gateway:
        answer = await gateway.send(an_attempt("prijs € [1]"), callback=CALLBACK)
    (send,) = standin.sends
    assert list(send.form.items()) == [
        ("from", "31970000000"),
        ("to", "31611111111"),
        ("text", "prijs € [1]"),
        ("status-report-req", "true"),
        ("callback", CALLBACK),
        ("type", "text"),
        ("client-ref", "abcdefghijk"),
    ]
    assert (send.method, send.headers["authorization"], send.headers["inbound"]) == ("POST", "Bearer token-1", "yes")
    assert [(part.status, part.price, part.remaining_balance) for part in answer.parts] == [
        ("0", "0.07250000", "12.50000000")
    ]
    assert answer.http == 200


async def test_a_token_request_has_its_grant_type_in_the_query_and_the_credentials_in_the_form(
    standin: Standin,
) -> None:
    async with gateway_at(standin.url) as gateway:
        await gateway.ensure_token()
    (request,) = standin.requests
    assert request.path == TOKEN
    assert request.query == (("grant_type", "client_credentials"),)
    assert request.form == {"client_id": "demo", "client_secret": CANARY}
    assert "authorization" not in request.headers


async def test_an_attempt_that_wants_no_replies_has_no_inbound_header(standin: Standin) -> None:
    async with gateway_at(standin.url) as gateway:
        await gateway.send(an_attempt(wants_inbound=False), callback=None)
    assert "inbound" not in standin.sends[0].headers


async def test_many_sends_at_once_share_one_token(standin: Standin) -> None:
    async with gateway_at(standin.url) as gateway:
        await asyncio.gather(*(gateway.send(an_attempt(), callback=None) for _ in range(12)))
    assert len(standin.tokens) == 1
    assert len(standin.sends) == 12


async def test_a_token_lives_as_long_as_the_answer_says(standin: Standin) -> None:
    clocks = Clocks()
    standin.usual.expires_in = "300"
    async with gateway_at(standin.url, wall=clocks.wall, monotonic=clocks.monotonic) as gateway:
        await gateway.ensure_token()
        clocks.advance(239)
        await gateway.ensure_token()
        assert len(standin.tokens) == 1
        clocks.advance(1)
        await gateway.ensure_token()
    assert len(standin.tokens) == 2


@pytest.mark.parametrize("reply", [BAD_TOKEN, BAD_TOKEN_500, Reply(status=401, body="Invalid API token")])
async def test_a_refused_token_is_one_request_and_the_next_send_has_a_new_token(standin: Standin, reply: Reply) -> None:
    standin.script(SEND, reply)
    async with gateway_at(standin.url) as gateway:
        with pytest.raises(TokenRefusedError):
            await gateway.send(an_attempt(), callback=None)
        assert len(standin.sends) == 1
        await gateway.send(an_attempt(), callback=None)
    assert [send.headers["authorization"] for send in standin.sends] == ["Bearer token-1", "Bearer token-2"]
    assert len(standin.tokens) == 2


async def test_20_sends_with_one_refused_token_get_one_new_token(standin: Standin) -> None:
    async with gateway_at(standin.url) as gateway:
        await gateway.ensure_token()
        standin.revoke()
        sends = (gateway.send(an_attempt(), callback=None) for _ in range(20))
        outcomes = await asyncio.gather(*sends, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [TokenRefusedError] * 20
        await asyncio.gather(*(gateway.send(an_attempt(), callback=None) for _ in range(20)))
    assert len(standin.tokens) == 2
    assert len(standin.sends) == 40


async def test_a_missing_product_keeps_the_token(standin: Standin) -> None:
    code = "keymanagement.service.InvalidAPICallAsNoApiProductMatchFound"
    standin.script(SEND, Reply(status=401, body=fault(code, "Invalid API call as no apiproduct match found")))
    async with gateway_at(standin.url) as gateway:
        with pytest.raises(NotAuthorisedError) as caught:
            await gateway.send(an_attempt(), callback=None)
        await gateway.send(an_attempt(), callback=None)
    assert type(caught.value) is NotAuthorisedError
    assert len(standin.tokens) == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(status=403, body=flat(403, "Forbidden", "Access denied")), GatewayRefusedError),
        (Reply(status=400, body="Error"), GatewayRefusedError),
        (Reply(status=302, headers={"Location": "/elsewhere"}), GatewayRefusedError),
        (Reply(status=429, headers={"Retry-After": "12"}), ThrottledError),
        (Reply(status=500), OutcomeUnknownError),
        (Reply(status=503, body="<html>busy</html>"), OutcomeUnknownError),
        (Reply(body="<html>log in to the hotel</html>"), OutcomeUnknownError),
        (Reply(body=""), OutcomeUnknownError),
        (Reply(body={"messages": []}), OutcomeUnknownError),
        (Reply(body=" " * 1_000_000 + '{"messages":[{"status":"0"}]}'), OutcomeUnknownError),
        (Reply(body=b"\x1f\x8b rubbish", headers={"Content-Encoding": "gzip"}), OutcomeUnknownError),
    ],
)
async def test_an_answer_is_one_request_whatever_it_says(
    standin: Standin, reply: Reply, kind: type[GatewayError]
) -> None:
    standin.script(SEND, reply)
    async with gateway_at(standin.url) as gateway:
        with pytest.raises(kind) as caught:
            await gateway.send(an_attempt(), callback=None)
    assert type(caught.value) is kind
    assert caught.value.hint
    assert len(standin.sends) == 1
    assert len(standin.requests) == 2


async def test_an_error_carries_what_the_gateway_said(standin: Standin) -> None:
    standin.script(SEND, Reply(status=403, body=flat(403, "Forbidden", "Access denied")))
    async with gateway_at(standin.url) as gateway:
        with pytest.raises(GatewayRefusedError, match=r"Access denied \(HTTP 403\)") as caught:
            await gateway.send(an_attempt(), callback=None)
    assert (caught.value.code, caught.value.http, caught.value.transaction_id) == ("Forbidden", 403, "tx-1")


async def test_a_wait_counts_from_now(standin: Standin) -> None:
    clocks = Clocks()
    standin.script(SEND, Reply(status=429, headers={"quota-reset-UTC": "2026-01-31T13:00:00Z"}))
    async with gateway_at(standin.url, wall=clocks.wall, monotonic=clocks.monotonic) as gateway:
        with pytest.raises(ThrottledError) as caught:
            await gateway.send(an_attempt(), callback=None)
    assert caught.value.retry_after_s == 3600


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(status=401, body={"ErrorCode": "invalid_client", "Error": "ClientId is Invalid"}), NotAuthorisedError),
        (Reply(status=500, body={"error": {"message": "invalid_client-invalid_client_id"}}), NotAuthorisedError),
        (Reply(status=404), GatewayRefusedError),
        (Reply(status=429), ThrottledError),
        (Reply(status=500), UnreachableError),
        (Reply(body={"access_token": ""}), UnreachableError),
        (Reply(body={"access_token": "t", "expires_in": "0"}), UnreachableError),
        (Reply(body="x" * 1_000_000), UnreachableError),
    ],
)
async def test_a_send_without_a_token_sends_nothing_and_asks_once(
    standin: Standin, reply: Reply, kind: type[GatewayError]
) -> None:
    standin.script(TOKEN, reply)
    async with gateway_at(standin.url) as gateway:
        with pytest.raises(kind) as caught:
            await gateway.send(an_attempt(), callback=None)
        assert type(caught.value) is kind
        assert len(standin.requests) == 1
        await gateway.send(an_attempt(), callback=None)
    assert len(standin.tokens) == 2


async def test_registering_gives_the_gateways_own_words(standin: Standin) -> None:
    async with gateway_at(standin.url) as gateway:
        assert await gateway.register(**HERE) == "Your callback url is registered."
    (request,) = standin.registrations
    assert request.form == HERE
    assert "inbound" not in request.headers


@pytest.mark.parametrize("reply", [BAD_TOKEN, BAD_TOKEN_500])
async def test_registering_repeats_itself_once_with_a_new_token(standin: Standin, reply: Reply) -> None:
    standin.script(REGISTER, reply)
    async with gateway_at(standin.url) as gateway:
        await gateway.register(**HERE)
    assert [r.headers["authorization"] for r in standin.registrations] == ["Bearer token-1", "Bearer token-2"]


async def test_registering_gives_up_at_the_second_refusal(standin: Standin) -> None:
    standin.always(REGISTER, BAD_TOKEN)
    async with gateway_at(standin.url) as gateway:
        with pytest.raises(NotAuthorisedError):
            await gateway.register(**HERE)
    assert len(standin.registrations) == 2
    assert len(standin.tokens) == 2


async def test_registering_where_it_is_not_allowed_says_whom_it_is_for(standin: Standin) -> None:
    standin.script(REGISTER, Reply(status=403))
    async with gateway_at(standin.url) as gateway:
        with pytest.raises(GatewayRefusedError) as caught:
            await gateway.register(**HERE)
    assert "test accounts" in caught.value.hint


@pytest.mark.parametrize("reply", [Reply(body="<html>hi</html>"), Reply(status=500)])
async def test_registering_without_a_readable_answer_is_not_done(standin: Standin, reply: Reply) -> None:
    standin.script(REGISTER, reply)
    async with gateway_at(standin.url) as gateway:
        with pytest.raises(OutcomeUnknownError) as caught:
            await gateway.register(**HERE)
    assert "register again" in caught.value.hint
    assert len(standin.registrations) == 1


async def test_an_answer_leaves_no_cookie_behind(standin: Standin) -> None:
    standin.script(SEND, Reply(status=500, headers={"Set-Cookie": "sticky=1; Path=/"}))
    async with gateway_at(standin.url) as gateway:
        with pytest.raises(OutcomeUnknownError):
            await gateway.send(an_attempt(), callback=None)
        await gateway.send(an_attempt(), callback=None)
    assert "cookie" not in standin.sends[1].headers


async def test_a_gateway_on_loopback_is_reached_past_the_environments_proxy(
    standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    async with gateway_at(standin.url) as gateway:
        await gateway.ensure_token()
    assert len(standin.tokens) == 1


async def test_the_proxy_setting_is_followed(standin: Standin) -> None:
    async with gateway_at("http://gateway.example", proxy=standin.url) as gateway:
        await gateway.send(an_attempt(), callback=None)
    assert standin.sends[0].headers["host"] == "gateway.example"


async def test_the_environments_proxy_is_followed_to_a_gateway_elsewhere(
    standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", standin.url)
    async with gateway_at("http://gateway.example") as gateway:
        await gateway.ensure_token()
    assert len(standin.tokens) == 1


@pytest.mark.parametrize("proxy", ["socks5://user:pw@127.0.0.1:9", "ftp://user:pw@host", "http://user:pw@host:port"])
def test_a_proxy_that_cannot_be_used_is_a_setting_to_correct(proxy: str) -> None:
    with pytest.raises(SettingsError) as caught:
        KpnGateway(api_url="https://gateway.example", client_id="demo", client_secret=Secret(), proxy=proxy)
    assert "pw" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    "api_url", ["", "gateway.example", "ftp://gateway.example", "https://u:p@gateway.example", "http://host:port"]
)
def test_an_api_url_that_is_no_address_is_a_setting_to_correct(api_url: str) -> None:
    with pytest.raises(SettingsError):
        KpnGateway(api_url=api_url, client_id="demo", client_secret=Secret())


def test_a_whole_send_ends_within_30_s_and_an_answer_may_take_10() -> None:
    assert Timeouts().whole_s <= 30
    assert Timeouts().read_s > 10


async def test_a_client_that_is_closed_sends_nothing(standin: Standin) -> None:
    async with gateway_at(standin.url) as gateway, aclosing(gateway):
        await gateway.ensure_token()
        await gateway.aclose()
        with pytest.raises(UnreachableError):
            await gateway.send(an_attempt(), callback=None)
    assert standin.sends == []
