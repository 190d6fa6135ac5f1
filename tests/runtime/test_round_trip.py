"""The round trip over all real parts: it tells each step once, and of what fails the exact part and what to do."""

from __future__ import annotations

import asyncio
import math
import socket
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smschat.domain import segments
from smschat.domain.changes import Subsystem
from smschat.domain.delivery import Status
from smschat.domain.identity import Identity
from smschat.domain.secret import Secret
from smschat.domain.sms import Encoding
from smschat.errors import NotConfirmedError, SettingsError, SmschatError, TunnelError
from smschat.gateway import KpnGateway
from smschat.runtime import Plan, Runtime
from smschat.runtime.round_trip import ONLINE, TEXT, RoundTrip, Stage
from smschat.simulator import Simulator
from smschat.tunnel import LocalTunnel, NoTunnel
from tests.standin import REGISTER, SEND, TOKEN, Reply, fault, flat, inbound, receipt

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from smschat.runtime.round_trip import TripNews
    from tests.standin import Standin

ME = Identity(number="31612345678", sender="31612345678", country="NL")


def plan(tmp_path: Path, url: str) -> Plan:
    return Plan(
        profile="default",
        store_path=tmp_path / "data" / "default.db",
        identity=ME,
        make_gateway=lambda: KpnGateway(api_url=url, client_id="an-id", client_secret=Secret("a-secret")),
        tunnel=LocalTunnel(),
        rate=1000,
    )


class Told:
    """The news of a trip, and a way to wait for more."""

    def __init__(self) -> None:
        self.news: list[TripNews] = []
        self._moved = asyncio.Event()

    def hear(self, news: TripNews) -> None:
        self.news.append(news)
        self._moved.set()

    @property
    def stages(self) -> list[Stage]:
        """Each stage once, in the order in which they came."""
        return list(dict.fromkeys(news.stage for news in self.news))

    @property
    def last(self) -> TripNews:
        return self.news[-1]

    async def until(self, fits: Callable[[TripNews], bool]) -> TripNews:
        async with asyncio.timeout(30):
            while not any(fits(news) for news in self.news):
                self._moved.clear()
                await self._moved.wait()
        return next(news for news in self.news if fits(news))

    async def until_stage(self, stage: Stage) -> TripNews:
        return await self.until(lambda news: news.stage is stage)

    async def until_status(self, status: Status) -> TripNews:
        return await self.until(lambda news: news.sms is not None and news.sms.status is status)


@asynccontextmanager
async def travelling(made: Plan) -> AsyncIterator[tuple[RoundTrip, Told]]:
    runtime = Runtime(made)
    told = Told()
    await runtime.open()
    trip = RoundTrip(runtime, told.hear)
    try:
        yield trip, told
    finally:
        trip.end()
        await runtime.close()


def test_its_text_is_one_segment_of_gsm7() -> None:
    counted = segments.count(TEXT)
    assert (counted.segments, counted.encoding) == (1, Encoding.GSM7)


async def test_the_simulator_s_own_phone_answers(tmp_path: Path) -> None:
    async with Simulator(pace=math.inf) as simulator, travelling(plan(tmp_path, simulator.url)) as (trip, told):
        assert await trip.get_ready()
        sent = await trip.text()
        async with asyncio.timeout(30):
            answer = await trip.answered()
        assert not answer.is_outbound
        assert answer.peer == sent.peer == ME.number
        assert told.stages[:3] == [Stage.CONNECTING, Stage.READY, Stage.TEXTED]
        assert told.last.stage is Stage.ANSWERED
        assert told.last.sms == answer


async def test_it_tells_each_part_that_comes_up_and_each_state_once(tmp_path: Path, standin: Standin) -> None:
    async with travelling(plan(tmp_path, standin.url)) as (trip, told):
        assert await trip.get_ready()
        assert {Subsystem.LISTENER, Subsystem.TUNNEL, Subsystem.CALLBACK} <= {news.part for news in told.news}
        await trip.text()
        await told.until_status(Status.ACCEPTED)
        (sent,) = standin.sends
        assert (sent.form["to"], sent.form["text"]) == (ME.number, TEXT)
        fields = receipt(sent, message_id="0A00000000000001")
        await asyncio.to_thread(standin.callback, sent.form["callback"], fields)
        await told.until_stage(Stage.DELIVERED)
        url = standin.registrations[0].form["callback_url"]
        hello = inbound("hello", message_id="0B1", msisdn=ME.number)
        assert await asyncio.to_thread(standin.callback, url, hello) == 200
        assert (await trip.answered()).text == "hello"
        assert told.stages == [Stage.CONNECTING, Stage.READY, Stage.TEXTED, Stage.DELIVERED, Stage.ANSWERED]
        gists = [(news.stage, news.text, news.sms.status if news.sms else None) for news in told.news]
        assert len(gists) == len(set(gists))


async def test_only_the_own_number_after_the_text_is_an_answer(tmp_path: Path, standin: Standin) -> None:
    async with travelling(plan(tmp_path, standin.url)) as (trip, _told):
        assert await trip.get_ready()
        url = standin.registrations[0].form["callback_url"]

        async def say(text: str, number: str) -> None:
            fields = inbound(text, message_id=f"0B{text}", msisdn=number)
            assert await asyncio.to_thread(standin.callback, url, fields) == 200

        await say("before", ME.number)
        await trip.text()
        await say("other", "31611111111")
        await say("answer", ME.number)
        assert (await trip.answered()).text == "answer"


async def test_it_can_be_made_again(tmp_path: Path, standin: Standin) -> None:
    async with travelling(plan(tmp_path, standin.url)) as (trip, told):
        standin.script(SEND, Reply(body={"message-count": "1", "messages": [{"status": "29", "error-text": "no"}]}))
        assert await trip.get_ready()
        await trip.text()
        failed = await told.until_stage(Stage.FAILED)
        assert "test account" in failed.text
        assert "test numbers" in failed.fix
        with pytest.raises(SmschatError):
            await trip.answered()
        told.news.clear()
        assert await trip.get_ready()
        again = await trip.text()
        assert (await told.until_status(Status.ACCEPTED)).stage is Stage.TEXTED
        assert told.last.sms is not None
        assert told.last.sms.id == again.id


@pytest.mark.parametrize(
    ("path", "reply", "said"),
    [
        (REGISTER, Reply(status=400, body=flat(400, "Bad Request", "to is not usable")), "to is not usable"),
        (REGISTER, Reply(status=403), "HTTP 403"),
        (TOKEN, Reply(status=401, body={"ErrorCode": "invalid_client", "Error": "ClientId is Invalid"}), "credentials"),
        (
            REGISTER,
            Reply(status=401, body=fault("oauth.v2.InvalidAPICallAsNoApiProductMatchFound", "no apiproduct match")),
            "SMS - Vonage",
        ),
    ],
    ids=["number not usable", "not entitled", "wrong secret", "product missing"],
)
async def test_a_callback_that_is_not_taken_ends_it_before_anything_is_sent(
    tmp_path: Path, standin: Standin, path: str, reply: Reply, said: str
) -> None:
    standin.always(path, reply)
    async with travelling(plan(tmp_path, standin.url)) as (trip, told):
        assert not await trip.get_ready()
        assert told.last.stage is Stage.FAILED
        assert told.last.part is Subsystem.CALLBACK
        assert said in told.last.text
        assert told.last.fix
    assert standin.sends == []


async def test_a_port_in_use_is_the_listener_s_fault(tmp_path: Path, standin: Standin) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        made = replace(plan(tmp_path, standin.url), listen=("127.0.0.1", taken.getsockname()[1]))
        async with travelling(made) as (trip, told):
            assert not await trip.get_ready()
            assert told.last.part is Subsystem.LISTENER
            assert "in use" in told.last.text


async def test_a_tunnel_that_fails_is_said(tmp_path: Path, standin: Standin) -> None:
    class Failing(LocalTunnel):
        name = "failing"

        async def open(self, local_url: str) -> str | None:
            raise TunnelError("no session", hint="set the authtoken")

    async with travelling(replace(plan(tmp_path, standin.url), tunnel=Failing())) as (trip, told):
        assert not await trip.get_ready()
        assert (told.last.part, told.last.text, told.last.fix) == (
            Subsystem.TUNNEL, "no session", "set the authtoken"
        )  # fmt: skip


async def test_without_a_tunnel_it_sends_and_says_what_cannot_be_seen(tmp_path: Path, standin: Standin) -> None:
    async with travelling(replace(plan(tmp_path, standin.url), tunnel=NoTunnel())) as (trip, told):
        assert await trip.get_ready()
        assert not trip.is_two_way
        await trip.text()
        last = await told.until(lambda news: news.is_over and news.stage is Stage.TEXTED)
        assert "look at your phone" in last.text
        with pytest.raises(TunnelError):
            await trip.answered()


async def test_a_production_account_is_told_that_it_cannot(tmp_path: Path, standin: Standin) -> None:
    made = replace(plan(tmp_path, standin.url), identity=replace(ME, is_test=False))
    async with travelling(made) as (trip, told):
        assert not await trip.get_ready()
        assert "test account" in told.last.text
    assert standin.requests == []


async def test_what_is_missing_is_said(tmp_path: Path, standin: Standin) -> None:
    missing = SettingsError("not set: client_id", hint="set it")
    async with travelling(replace(plan(tmp_path, standin.url), find_missing=lambda: missing)) as (trip, told):
        assert not await trip.get_ready()
        assert (told.last.text, told.last.fix) == ("not set: client_id", "set it")


async def test_over_the_budget_nothing_is_written(tmp_path: Path, standin: Standin) -> None:
    made = replace(plan(tmp_path, standin.url), identity=replace(ME, daily_budget=0))
    async with travelling(made) as (trip, told):
        assert await trip.get_ready()
        with pytest.raises(NotConfirmedError):
            await trip.text()
        assert told.last.stage is Stage.FAILED
        assert "budget" in told.last.text


async def test_where_another_receives_the_answer_comes_too(tmp_path: Path, standin: Standin) -> None:
    owner = Runtime(plan(tmp_path, standin.url))
    await owner.open()
    await owner.go_online()
    await asyncio.to_thread(standin.wait_for, REGISTER)
    async with travelling(plan(tmp_path, standin.url)) as (trip, told):
        assert await trip.get_ready()
        assert "another smschat is receiving" in told.last.text
        await trip.text()
        await told.until_status(Status.ACCEPTED)
        url = standin.registrations[0].form["callback_url"]
        hello = inbound("hello", message_id="0B1", msisdn=ME.number)
        assert await asyncio.to_thread(standin.callback, url, hello) == 200
        assert (await trip.answered()).text == "hello"
    assert len(standin.registrations) == 1
    await owner.close()


async def test_where_another_has_no_address_it_says_so(tmp_path: Path, standin: Standin) -> None:
    owner = Runtime(replace(plan(tmp_path, standin.url), tunnel=NoTunnel()))
    await owner.open()
    await owner.go_online()
    async with asyncio.timeout(30):
        while await owner.store.owner() is None:
            pass
    async with travelling(plan(tmp_path, standin.url)) as (trip, told):
        assert not await trip.get_ready()
        assert "no public address" in told.last.text
    await owner.close()


async def test_an_address_that_is_still_online_is_waited_for(tmp_path: Path, standin: Standin) -> None:
    class Settling(LocalTunnel):
        """Refused once, as ngrok does while it lets go of what was ours a moment ago."""

        name = "settling"
        tries = 0

        async def open(self, local_url: str) -> str | None:
            self.tries += 1
            if self.tries == 1:
                raise TunnelError("another agent has this ngrok address online", hint="stop it", code=ONLINE)
            return local_url

    async with travelling(replace(plan(tmp_path, standin.url), tunnel=Settling())) as (trip, told):
        assert await trip.get_ready(), told.last
        assert Stage.FAILED not in told.stages


async def test_a_tunnel_that_is_lost_meanwhile_is_said_and_the_answer_still_counts(
    tmp_path: Path, standin: Standin
) -> None:
    class Losing(LocalTunnel):
        name = "losing"

        def __init__(self) -> None:
            self.gone = asyncio.Event()

        async def lost(self) -> TunnelError:
            await self.gone.wait()
            self.gone.clear()
            return TunnelError("the agent has ended", hint="nothing to do")

    tunnel = Losing()
    async with travelling(replace(plan(tmp_path, standin.url), tunnel=tunnel)) as (trip, told):
        assert await trip.get_ready()
        await trip.text()
        await told.until_status(Status.ACCEPTED)
        tunnel.gone.set()
        news = await told.until(lambda news: news.part is Subsystem.TUNNEL and news.sms is not None)
        assert "the agent has ended" in news.text
        await asyncio.to_thread(standin.wait_for, REGISTER, 1)
        url = standin.registrations[-1].form["callback_url"]
        hello = inbound("hello", message_id="0B1", msisdn=ME.number)
        assert await asyncio.to_thread(standin.callback, url, hello) == 200
        assert (await trip.answered()).text == "hello"
