"""The outbox over a real store and the real gateway client; only the transport and the clock are the test's."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import httpx
import pytest

from smschat.domain.delivery import Status
from smschat.domain.identity import Identity
from smschat.errors import NotConfirmedError, RefusedHereError, StoreError
from smschat.gateway import KpnGateway
from smschat.messaging.compose import Wish, compose
from smschat.messaging.messenger import Messenger
from smschat.messaging.outbox import HELD, TRIES, Outbox
from smschat.settings import Secret
from smschat.store import SqliteStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from smschat.domain.sms import Sms

ME = Identity(number="31612345678", sender="31612345678", country="NL")


class Clock:
    """Time that passes only when somebody waits for it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 31, 12, tzinfo=UTC)
        self.waits: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)


class Far:
    """The far end of the transport: what it was asked, and what it says."""

    def __init__(self) -> None:
        self.says: Callable[[int], httpx.Response] = taken
        self.token_says: Callable[[int], httpx.Response] = token
        self.sends: list[dict[str, str]] = []
        self.tokens = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/accesstoken"):
            self.tokens += 1
            return self.token_says(self.tokens)
        form = parse_qs(request.content.decode())
        self.sends.append({name: values[0] for name, values in form.items()})
        return self.says(len(self.sends))


def token(number: int) -> httpx.Response:
    return httpx.Response(200, json={"access_token": f"t{number}", "expires_in": "3599"})


def taken(number: int, *statuses: str) -> httpx.Response:
    parts = [
        {"status": status, "message-id": f"0A{number}-{i}", "message-price": "0.07", "remaining-balance": "9.5"}
        for i, status in enumerate(statuses or ("0",))
    ]
    return httpx.Response(200, json={"message-count": str(len(parts)), "messages": parts})


def cut(_: int) -> httpx.Response:
    raise httpx.RemoteProtocolError("the connection was closed")


def refused_connection(_: int) -> httpx.Response:
    raise httpx.ConnectError("refused")


class World:
    def __init__(self, store: SqliteStore, clock: Clock, far: Far) -> None:
        self.store, self.clock, self.far = store, clock, far
        self.gateway = KpnGateway(
            api_url="https://gateway.example",
            client_id="an-id",
            client_secret=Secret("a-secret"),
            transport=httpx.MockTransport(far),
        )
        self.outbox = Outbox(
            store,
            self.gateway,
            receipt_address=lambda ref: f"https://hook.example/token/r/{ref}",
            rate=1000,
            clock=clock,
            sleep=clock.sleep,
            random_unit=lambda: 1.0,
        )
        self.messenger = Messenger(store, ME, wake=self.outbox.wake, clock=clock)

    async def deliver(self, text: str = "hello", *, give_up_s: float = 30.0) -> tuple[Sms, int]:
        """Send one as the shell does; the SMS, and the exit code it amounts to."""
        made = compose(Wish(to="31611111111", text=text), ME, claim=self.store.holder)
        sms = await self.messenger.post(made, confirmed=True)
        sms, error = await self.outbox.deliver(sms, give_up_s=give_up_s)
        return sms, error.exit_code if error else 0

    async def drain_until(self, fits: Callable[[Sms], bool], sms_id: str) -> Sms:
        """Let the outbox run until an SMS is as wanted."""
        assert await self.store.own("receiving")
        task = asyncio.create_task(self.outbox.run())
        try:
            async with asyncio.timeout(60):
                while True:
                    sms = await self.store.sms(sms_id)
                    if sms is not None and fits(sms):
                        return sms
                    self.clock.now += timedelta(seconds=1)
                    self.outbox.wake()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    clock = Clock()
    store = await SqliteStore.open(tmp_path / "data" / "default.db", clock=clock)
    made = World(store, clock, Far())
    yield made
    await made.gateway.aclose()
    await store.close()


async def test_taken_is_accepted_with_its_price_and_balance(world: World) -> None:
    sms, code = await world.deliver()
    assert (sms.status, sms.price, sms.remaining_balance, code) == (Status.ACCEPTED, "0.07", "9.5", 0)


async def test_the_callback_address_and_the_reference_are_the_attempts_own(world: World) -> None:
    await world.deliver()
    (sent,) = world.far.sends
    assert sent["callback"] == f"https://hook.example/token/r/{sent['client-ref']}"


async def test_one_refused_token_means_two_tokens_and_two_requests(world: World) -> None:
    world.far.says = lambda number: httpx.Response(401) if number == 1 else taken(number)
    sms, code = await world.deliver()
    assert (sms.status, code, world.far.tokens, len(world.far.sends)) == (Status.ACCEPTED, 0, 2, 2)


async def test_a_token_refused_twice_is_final(world: World) -> None:
    world.far.says = lambda _: httpx.Response(401)
    sms, code = await world.deliver()
    assert (sms.status, code, len(world.far.sends)) == (Status.REFUSED, 5, 2)


async def test_a_cut_connection_is_unknown_and_posted_once(world: World) -> None:
    world.far.says = cut
    sms, code = await world.deliver()
    assert (sms.status, code, len(world.far.sends)) == (Status.UNKNOWN, 6, 1)


async def test_a_refused_connection_is_tried_until_time_is_up_and_then_withdrawn(world: World) -> None:
    world.far.says = refused_connection
    sms, code = await world.deliver()
    assert (sms.status, code) == (Status.REFUSED, 69)
    assert len(world.far.sends) > 1
    assert world.clock.now - sms.created_at <= timedelta(seconds=30)


async def test_a_token_that_cannot_be_had_leaves_the_sms_queued_and_nothing_posted(world: World) -> None:
    world.far.token_says = cut
    sms, code = await world.deliver()
    assert (sms.status, code, world.far.sends) == (Status.REFUSED, 69, [])


async def test_wrong_credentials_refuse_the_sms_without_a_post(world: World) -> None:
    world.far.token_says = lambda _: httpx.Response(401, json={"ErrorCode": "invalid_client", "Error": "no"})
    sms, code = await world.deliver()
    assert (sms.status, code, world.far.sends, world.far.tokens) == (Status.REFUSED, 5, [], 1)


async def test_throttled_waits_as_named_and_goes_out_then(world: World) -> None:
    throttled = httpx.Response(
        200, json={"messages": [{"status": "1", "error-text": "please wait [ 5000 ] and retry"}]}
    )
    world.far.says = lambda number: throttled if number == 1 else taken(number)
    sms, code = await world.deliver()
    assert (sms.status, code) == (Status.ACCEPTED, 0)
    assert world.clock.now - sms.created_at >= timedelta(seconds=5)


async def test_throttled_for_longer_than_patience_is_withdrawn(world: World) -> None:
    world.far.says = lambda _: httpx.Response(429, headers={"Retry-After": "600"})
    sms, code = await world.deliver()
    assert (sms.status, code, len(world.far.sends)) == (Status.REFUSED, 75, 1)


async def test_some_parts_refused_is_failed_and_not_repeated(world: World) -> None:
    world.far.says = lambda number: taken(number, "0", "7")
    sms, _ = await world.deliver("x" * 200)
    assert (sms.status, len(world.far.sends)) == (Status.FAILED, 1)
    assert [part.status for part in sms.parts] == [Status.ACCEPTED, Status.REFUSED]


async def test_status_13_is_posted_three_times_at_most(world: World) -> None:
    world.far.says = lambda number: taken(number, "13")
    sms, code = await world.deliver()
    assert (sms.status, code, len(world.far.sends)) == (Status.REFUSED, 4, 3)


async def test_draining_sends_each_sms_once_and_in_order_for_a_peer(world: World) -> None:
    sent = [await world.messenger.send("31611111111", f"number {i}") for i in range(12)]
    await world.drain_until(lambda sms: sms.status is Status.ACCEPTED, sent[-1].id)
    assert [form["text"] for form in world.far.sends] == [f"number {i}" for i in range(12)]


async def test_after_enough_tries_an_sms_waits_for_the_user(world: World) -> None:
    world.far.says = refused_connection
    sms = await world.messenger.send("31611111111", "hello")
    held = await world.drain_until(lambda seen: seen.held, sms.id)
    assert (held.status, held.reason) == (Status.QUEUED, HELD)
    assert len(world.far.sends) <= TRIES
    world.far.says = taken
    await world.messenger.resend(sms.id)
    await world.drain_until(lambda seen: seen.status is Status.ACCEPTED, sms.id)


async def test_stopping_leaves_an_attempt_without_an_answer_unknown(tmp_path: Path) -> None:
    clock, asked, never = Clock(), asyncio.Event(), asyncio.Event()

    async def silent(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/accesstoken"):
            return token(1)
        asked.set()
        await never.wait()
        return taken(1)

    store = await SqliteStore.open(tmp_path / "data" / "default.db", clock=clock)
    world = World(store, clock, Far())
    await world.gateway.aclose()
    gateway = KpnGateway(
        api_url="https://gateway.example",
        client_id="an-id",
        client_secret=Secret("a-secret"),
        transport=httpx.MockTransport(silent),
    )
    outbox = Outbox(store, gateway, receipt_address=lambda _: None, rate=1000, clock=clock, sleep=clock.sleep)
    assert await store.own("receiving")
    sms = await world.messenger.send("31611111111", "hello")
    task = asyncio.create_task(outbox.run())
    await asyncio.wait_for(asked.wait(), 60)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    left = await store.sms(sms.id)
    assert left is not None
    assert left.status is Status.UNKNOWN
    await gateway.aclose()
    await store.close()


async def test_an_unknown_sms_is_repeated_only_with_a_yes(world: World) -> None:
    world.far.says = cut
    sms, _ = await world.deliver()
    with pytest.raises(NotConfirmedError, match="arrive twice"):
        await world.messenger.resend(sms.id)
    world.far.says = taken
    again = await world.messenger.resend(sms.id, confirmed=True)
    assert again.id == sms.id
    await world.drain_until(lambda seen: seen.status is Status.ACCEPTED, sms.id)
    assert Counter(form["text"] for form in world.far.sends) == {"hello": 2}


async def test_a_failed_sms_is_sent_anew_as_another_one(world: World) -> None:
    world.far.says = lambda number: taken(number, "7")
    sms, _ = await world.deliver()
    again = await world.messenger.resend(sms.id)
    assert again.id != sms.id
    assert again.text == sms.text
    with pytest.raises(RefusedHereError):
        await world.messenger.resend(again.id)


async def test_long_sms_and_a_spent_budget_ask_first(world: World) -> None:
    with pytest.raises(NotConfirmedError, match="segments"):
        await world.messenger.send("31611111111", "x" * 1000)
    thrifty = Identity(number=ME.number, sender=ME.sender, country="NL", daily_budget=1)
    messenger = Messenger(world.store, thrifty, clock=world.clock)
    await messenger.send("31611111111", "one")
    with pytest.raises(NotConfirmedError, match="budget"):
        await messenger.send("31611111111", "two")


async def test_what_no_sms_can_carry_is_refused_and_not_altered(world: World) -> None:
    for text in ("", "bell \x07", "x" * 3201):
        with pytest.raises(RefusedHereError):
            await world.messenger.send("31611111111", text)


async def test_a_name_cannot_be_answered(world: World) -> None:
    with pytest.raises(RefusedHereError, match="name"):
        await world.messenger.send("MTN", "hello")


async def test_a_store_that_cannot_write_means_no_post(world: World) -> None:
    await world.store.close()
    with pytest.raises(StoreError):
        await world.messenger.send("31611111111", "hello")
    assert world.far.sends == []


async def test_a_repeat_that_is_withdrawn_leaves_the_sms_as_unknown_as_before(world: World) -> None:
    world.far.says = cut
    sms, _ = await world.deliver()
    await world.messenger.resend(sms.id, confirmed=True)
    await world.store.withdraw(sms.id, "the user thought better of it")
    again = await world.store.sms(sms.id)
    assert again is not None
    assert again.status is Status.UNKNOWN
