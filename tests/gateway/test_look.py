"""A look at the gateway: what it sends can never be an SMS, and what its answer shows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from smschat.errors import (
    GatewayRefusedError,
    NotAuthorisedError,
    ThrottledError,
    TokenRefusedError,
    UnreachableError,
)
from smschat.simulator import Simulator
from tests.document import refused
from tests.gateway.client_parts import NOON, Clocks, gateway_at
from tests.standin import SEND, TOKEN, Manner, Reply, fault, flat

if TYPE_CHECKING:
    from smschat.errors import GatewayError
    from tests.standin import Standin

NO_PRODUCT = "keymanagement.service.InvalidAPICallAsNoApiProductMatchFound"


async def test_a_look_names_a_sender_and_no_recipient(standin: Standin) -> None:
    async with gateway_at(standin.url) as gateway:
        await gateway.look()
    (look,) = standin.looks
    assert list(look.form.items()) == [("from", "smschat")]
    assert "inbound" not in look.headers
    assert standin.sends == []


async def test_a_look_shows_the_level_and_both_clocks_and_the_quota(standin: Standin) -> None:
    clocks = Clocks()
    headers = {"Date": "Sat, 31 Jan 2026 11:00:00 GMT", "quota-limit": "1000", "Quota-Reset-UTC": "2026-02-01 00:00"}
    standin.script(SEND, Reply(body=refused("2", "Missing to param"), headers=headers))
    async with gateway_at(standin.url, wall=clocks.wall, monotonic=clocks.monotonic) as gateway:
        look = await gateway.look()
    assert look.level == "demo"
    assert look.date == datetime(2026, 1, 31, 11, tzinfo=UTC)
    assert look.asked_at == NOON
    assert dict(look.quota) == {"quota-limit": "1000", "quota-reset-UTC": "2026-02-01 00:00"}


@pytest.mark.parametrize("date", ["", "yesterday", "Sat, 99 Foo 2026 11:00:00 GMT"])
async def test_a_date_that_is_none_is_not_told(standin: Standin, date: str) -> None:
    standin.script(SEND, Reply(body=refused("2", "Missing to param"), headers={"Date": date}))
    async with gateway_at(standin.url) as gateway:
        assert (await gateway.look()).date is None


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=400, body=flat(400, "Bad Request", "to is required")),
        Reply(status=400, body=""),
        Reply(body=refused("34", "Invalid or missing msisdn")),
        Reply(body=refused("15", "Illegal Sender Address - rejected")),
    ],
)
async def test_any_refusal_of_the_form_proves_token_and_product(standin: Standin, reply: Reply) -> None:
    standin.script(SEND, reply)
    async with gateway_at(standin.url) as gateway:
        assert (await gateway.look()).level == "demo"


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (Reply(status=401, body=fault(NO_PRODUCT, "no apiproduct match found")), NotAuthorisedError, "lacks SMS"),
        (Reply(status=401, body=fault("oauth.v2.InvalidAccessToken", "x")), TokenRefusedError, "access token"),
        (Reply(status=403, body=flat(403, "Forbidden", "no")), GatewayRefusedError, "no"),
        (Reply(status=404, body=flat(404, "Not Found", "no")), GatewayRefusedError, "no"),
        (Reply(status=429, body=fault("policies.ratelimit.QuotaViolation", "x")), ThrottledError, "used up"),
        (Reply(body=refused("8", "Partner account barred")), GatewayRefusedError, "account"),
        (Reply(status=503, body=""), UnreachableError, "no readable answer"),
        (Reply(body="<html>hello</html>"), UnreachableError, "not KPN's gateway"),
        (Reply(manner=Manner.CLOSE), UnreachableError, "broke"),
    ],
)
async def test_what_is_no_refusal_of_the_form_is_said_and_nothing_is_repeated(
    standin: Standin, reply: Reply, kind: type[GatewayError], words: str
) -> None:
    standin.script(SEND, reply)
    async with gateway_at(standin.url) as gateway:
        with pytest.raises(kind, match=words) as caught:
            await gateway.look()
    assert type(caught.value) is kind
    assert caught.value.hint
    assert len(standin.looks) == 1


async def test_refused_credentials_are_told_without_a_call(standin: Standin) -> None:
    standin.script(TOKEN, Reply(status=401, body={"ErrorCode": "invalid_client", "Error": "ClientId is Invalid"}))
    async with gateway_at(standin.url) as gateway:
        with pytest.raises(NotAuthorisedError, match="credentials"):
            await gateway.look()
    assert standin.looks == []


async def test_the_simulator_answers_a_look_as_the_gateway_does() -> None:
    simulator = Simulator()
    await simulator.start()
    try:
        async with gateway_at(simulator.url) as gateway:
            look = await gateway.look()
    finally:
        await simulator.stop()
    assert look.level is not None
    assert look.date is not None
    assert abs((look.date - look.asked_at).total_seconds()) < 60
