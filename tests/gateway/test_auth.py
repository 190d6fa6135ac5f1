"""When a token is kept, when it is renewed, and that all who wait share one request."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from smschat.errors import UnreachableError
from smschat.gateway.auth import TokenSource
from smschat.gateway.wire import Grant
from tests.gateway.client_parts import Clocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from smschat.gateway.auth import Token


class Endpoint:
    """A token endpoint that counts, and that answers when it is let."""

    def __init__(self, life_s: float = 3599) -> None:
        self.life_s = life_s
        self.asked = 0
        self.was_asked = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()
        self.trouble: UnreachableError | None = None
        self.meanwhile: Callable[[], None] = lambda: None

    async def __call__(self) -> Grant:
        self.asked += 1
        number = self.asked
        self.was_asked.set()
        await self.open.wait()
        self.meanwhile()
        if self.trouble is not None:
            raise self.trouble
        return Grant(token=f"token-{number}", life_s=self.life_s)


def a_source(life_s: float = 3599) -> tuple[TokenSource, Endpoint, Clocks]:
    endpoint, clocks = Endpoint(life_s), Clocks()
    return TokenSource(endpoint, wall=clocks.wall, monotonic=clocks.monotonic), endpoint, clocks


async def waiting(source: TokenSource, endpoint: Endpoint, number: int) -> list[asyncio.Task[Token]]:
    """So many who wait for a token while the endpoint thinks."""
    endpoint.open.clear()
    tasks = [asyncio.create_task(source.get()) for _ in range(number)]
    await endpoint.was_asked.wait()
    return tasks


@pytest.mark.parametrize(("life_s", "kept_s"), [(3599, 3539), (3600, 3540), (299, 239), (90, 30), (61, 1)])
async def test_a_token_is_renewed_60_s_before_its_end(life_s: float, kept_s: float) -> None:
    source, endpoint, clocks = a_source(life_s)
    await source.get()
    clocks.advance(kept_s - 0.5)
    assert (await source.get()).value == "token-1"
    clocks.advance(0.5)
    assert (await source.get()).value == "token-2"
    assert endpoint.asked == 2


@pytest.mark.parametrize("life_s", [60, 30, 5, 1])
async def test_a_life_of_less_than_the_margin_is_used_almost_to_its_end(life_s: float) -> None:
    source, endpoint, clocks = a_source(life_s)
    await source.get()
    clocks.advance(life_s * 0.85)
    assert (await source.get()).value == "token-1"
    clocks.advance(life_s * 0.1)
    assert (await source.get()).value == "token-2"
    assert endpoint.asked == 2


async def test_a_token_that_is_over_when_it_arrives_is_used_once_and_makes_no_loop() -> None:
    source, endpoint, clocks = a_source(1)
    endpoint.meanwhile = lambda: clocks.advance(10)
    assert (await source.get()).value == "token-1"
    assert endpoint.asked == 1


async def test_a_life_counts_from_the_moment_it_was_asked_for() -> None:
    source, endpoint, clocks = a_source(100)
    endpoint.meanwhile = lambda: clocks.advance(30)
    await source.get()
    endpoint.meanwhile = lambda: None
    clocks.advance(10)
    assert (await source.get()).value == "token-2"


async def test_after_a_sleep_of_the_machine_the_wall_clock_ends_the_token() -> None:
    source, _, clocks = a_source()
    await source.get()
    clocks.wall_s += 8 * 3600
    assert (await source.get()).value == "token-2"


async def test_a_wall_clock_set_back_does_not_prolong_a_token() -> None:
    source, _, clocks = a_source()
    await source.get()
    clocks.wall_s -= 365 * 86_400
    clocks.monotonic_s += 3540
    assert (await source.get()).value == "token-2"


async def test_all_who_wait_share_one_request() -> None:
    source, endpoint, _ = a_source()
    tasks = await waiting(source, endpoint, 20)
    endpoint.open.set()
    assert {token.value for token in await asyncio.gather(*tasks)} == {"token-1"}
    assert endpoint.asked == 1


async def test_a_failure_fails_all_who_wait_and_is_not_kept() -> None:
    source, endpoint, _ = a_source()
    endpoint.trouble = UnreachableError("no route")
    tasks = await waiting(source, endpoint, 5)
    endpoint.open.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [UnreachableError] * 5
    assert endpoint.asked == 1
    endpoint.trouble = None
    assert (await source.get()).value == "token-2"


async def test_who_stops_waiting_stops_nobody_else() -> None:
    source, endpoint, _ = a_source()
    first, second = await waiting(source, endpoint, 2)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    endpoint.open.set()
    assert (await second).value == "token-1"
    assert endpoint.asked == 1


async def test_a_request_that_nobody_waits_for_any_more_still_gives_the_token() -> None:
    source, endpoint, _ = a_source()
    (only,) = await waiting(source, endpoint, 1)
    only.cancel()
    with pytest.raises(asyncio.CancelledError):
        await only
    endpoint.open.set()
    assert (await source.get()).value == "token-1"
    assert endpoint.asked == 1


async def test_20_refusals_of_one_token_make_one_new_token() -> None:
    source, endpoint, _ = a_source()
    refused = await source.get()

    async def renew() -> Token:
        source.drop(refused)
        return await source.get()

    tokens = await asyncio.gather(*(renew() for _ in range(20)))
    assert {token.value for token in tokens} == {"token-2"}
    assert endpoint.asked == 2


async def test_a_late_refusal_of_an_old_token_keeps_the_new_one() -> None:
    source, endpoint, _ = a_source()
    old = await source.get()
    source.drop(old)
    new = await source.get()
    source.drop(old)
    assert await source.get() is new
    assert endpoint.asked == 2


async def test_a_token_hides_its_value() -> None:
    source, _, _ = a_source()
    assert "token-1" not in repr(await source.get())


async def test_closing_ends_the_wait_with_an_error_and_not_as_a_cancellation() -> None:
    source, endpoint, _ = a_source()
    tasks = await waiting(source, endpoint, 2)
    await source.aclose()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [UnreachableError] * 2
    with pytest.raises(UnreachableError):
        await source.get()
