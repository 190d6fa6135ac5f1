"""What the owner keeps up: the listener, a tunnel that fails, falls and moves, the callback at the address of now."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from smschat.domain.changes import Condition, HealthChanged, Subsystem
from smschat.errors import ListenerError, SettingsError, StoreError, TunnelError
from smschat.runtime import Runtime
from smschat.runtime.receiving import MENDED_BY_HAND_S, _wait_s
from smschat.runtime.tasks import SPREAD, Backoff, Tasks
from smschat.tunnel import NgrokTunnel, NoTunnel, faults
from tests.runtime.test_runtime import plan, running
from tests.standin import REGISTER, Reply, flat

if TYPE_CHECKING:
    from pathlib import Path

    from smschat.domain.changes import Change
    from tests.runtime.test_runtime import Ears
    from tests.standin import Standin


class Gate:
    """A tunnel whose addresses, failures and falls are told by the test.

    Attributes:
        answers: what the next calls of `open` come to: an address, an error, or None: it hangs.
        opened: how often it was asked to open.
        at_once: the most calls of `open` that were under way together.
    """

    name = "gate"
    public_url: str | None = None

    def __init__(self, *answers: str | TunnelError | None) -> None:
        self.answers = list(answers)
        self.opened = 0
        self.at_once = 0
        self.is_closed = False
        self.asked = asyncio.Event()
        self._under_way = 0
        self._lost: asyncio.Future[TunnelError] = asyncio.get_running_loop().create_future()

    async def open(self, local_url: str) -> str | None:
        self.opened += 1
        self._under_way += 1
        self.at_once = max(self.at_once, self._under_way)
        self._lost = asyncio.get_running_loop().create_future()
        self.asked.set()
        try:
            answer = self.answers.pop(0)
            if answer is None:
                await asyncio.Event().wait()
            elif isinstance(answer, TunnelError):
                raise answer
            return answer
        finally:
            self._under_way -= 1

    async def lost(self) -> TunnelError:
        return await self._lost

    async def close(self) -> None:
        self.is_closed = True

    def fall(self) -> None:
        """What was opened is gone."""
        self._lost.set_result(TunnelError("the agent ended"))


FIRST, SECOND = "https://first.example", "https://second.example"


async def until_registered(ears: Ears, runtime: Runtime, address: str) -> None:
    await ears.until(lambda: (runtime.online.callback_url() or "").startswith(address))
    await ears.until_health(Subsystem.CALLBACK, Condition.UP)


def told(standin: Standin) -> list[str]:
    """The origins that the gateway was told, in order."""
    return [request.form["callback_url"].rpartition("/")[0] for request in standin.registrations]


async def test_a_lost_tunnel_is_opened_again_and_its_new_address_registered(tmp_path: Path, standin: Standin) -> None:
    gate = Gate(FIRST, SECOND)
    async with running(plan(tmp_path, standin, tunnel=gate)) as (runtime, ears):
        await until_registered(ears, runtime, FIRST)
        gate.fall()
        lost = await ears.until_health(Subsystem.TUNNEL, Condition.DOWN)
        assert lost.text == "the agent ended, opening it again"
        assert ears.health[Subsystem.CALLBACK].state is Condition.STARTING
        assert runtime.online.callback_url() is None
        await until_registered(ears, runtime, SECOND)
        assert told(standin) == [FIRST, SECOND]
        assert gate.at_once == 1
        owner = await runtime.store.owner()
        assert owner is not None
        assert owner.public_url == SECOND


async def test_the_same_address_is_not_registered_twice(tmp_path: Path, standin: Standin) -> None:
    gate = Gate(FIRST, FIRST)
    async with running(plan(tmp_path, standin, tunnel=gate)) as (runtime, ears):
        await until_registered(ears, runtime, FIRST)
        gate.fall()
        await ears.until_health(Subsystem.CALLBACK, Condition.STARTING)
        await until_registered(ears, runtime, FIRST)
        assert told(standin) == [FIRST]


async def test_a_refused_tunnel_is_said_with_what_to_do_and_tried_again(tmp_path: Path, standin: Standin) -> None:
    gate = Gate(TunnelError("the address is taken", hint="stop the other agent", code="ngrok_334"), FIRST)
    async with running(plan(tmp_path, standin, tunnel=gate)) as (runtime, ears):
        down = await ears.until_health(Subsystem.TUNNEL, Condition.DOWN)
        assert down.text == "the address is taken; stop the other agent"
        await ears.until_health(Subsystem.CALLBACK, Condition.OFF)
        assert isinstance(runtime.online.fault, TunnelError)
        await until_registered(ears, runtime, FIRST)
        assert runtime.online.fault is None
        assert gate.opened == 2


async def test_only_the_address_of_now_counts_as_registered(tmp_path: Path, standin: Standin) -> None:
    """The gateway is slow to take the first address, and the tunnel has another one when it answers."""
    held = threading.Event()
    standin.script(REGISTER, Reply(body={"message": "registered"}, until=held))
    gate = Gate(FIRST, SECOND)
    async with running(plan(tmp_path, standin, tunnel=gate)) as (runtime, ears):
        await asyncio.to_thread(standin.wait_for, REGISTER)
        gate.fall()
        await ears.until(lambda: (runtime.online.callback_url() or "").startswith(SECOND))
        assert ears.health[Subsystem.CALLBACK].state is Condition.STARTING
        held.set()
        await ears.until_health(Subsystem.CALLBACK, Condition.UP)
        assert told(standin) == [FIRST, SECOND]


async def test_what_the_gateway_said_of_a_former_address_is_not_told(tmp_path: Path, standin: Standin) -> None:
    held = threading.Event()
    standin.script(REGISTER, Reply(status=403, body=flat(403, "Forbidden", "no"), until=held))
    gate = Gate(FIRST, SECOND)
    async with running(plan(tmp_path, standin, tunnel=gate)) as (runtime, ears):
        heard: list[Change] = []
        runtime.subscribe(heard.extend)
        await asyncio.to_thread(standin.wait_for, REGISTER)
        gate.fall()
        await ears.until(lambda: (runtime.online.callback_url() or "").startswith(SECOND))
        held.set()
        await ears.until_health(Subsystem.CALLBACK, Condition.UP)
        said = [change.state for change in heard if isinstance(change, HealthChanged)]
        assert said.count(Condition.DOWN) == 1  # the tunnel's


async def test_a_port_that_is_taken_is_tried_until_it_is_free(tmp_path: Path, standin: Standin) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        made = plan(tmp_path, standin, listen=("127.0.0.1", taken.getsockname()[1]))
        async with running(made) as (runtime, ears):
            await ears.until_health(Subsystem.CALLBACK, Condition.OFF)
            assert isinstance(runtime.online.fault, ListenerError)
            taken.close()
            await ears.until_health(Subsystem.LISTENER, Condition.UP)
            await ears.until_health(Subsystem.CALLBACK, Condition.UP)
            assert len(standin.registrations) == 1


async def test_no_tunnel_is_meant_so_and_still_nothing_can_be_received(tmp_path: Path, standin: Standin) -> None:
    async with running(plan(tmp_path, standin, tunnel=NoTunnel())) as (runtime, ears):
        await ears.until_health(Subsystem.CALLBACK, Condition.OFF)
        assert ears.health[Subsystem.TUNNEL].state is Condition.OFF
        assert isinstance(runtime.online.fault, SettingsError)


async def test_without_an_account_that_is_said_and_receiving_goes_on(tmp_path: Path, standin: Standin) -> None:
    made = plan(tmp_path, standin, tunnel=Gate(FIRST), missing=SettingsError("not set: client_id"))
    async with running(made) as (runtime, ears):
        off = await ears.until_health(Subsystem.CALLBACK, Condition.OFF)
        assert "no account" in off.text
        assert isinstance(runtime.online.fault, SettingsError)
    assert standin.requests == []


async def test_a_tunnel_that_hangs_is_closed_at_the_end(tmp_path: Path, standin: Standin) -> None:
    gate = Gate(None)
    async with running(plan(tmp_path, standin, tunnel=gate)) as (runtime, _):
        await gate.asked.wait()
        await runtime.close()
        assert gate.is_closed
        assert await asyncio.to_thread(lambda: standin.registrations) == []


async def test_an_end_that_comes_with_a_refusal_is_not_missed(
    tmp_path: Path, standin: Standin, caplog: pytest.LogCaptureFixture
) -> None:
    """Cancelling a wait that is over in the same moment must end the task all the same."""
    tunnel = NgrokTunnel(
        folder=tmp_path / "data", profile="default", authtoken=lambda: None, agent=tmp_path / "nowhere"
    )
    async with running(plan(tmp_path, standin, tunnel=tunnel)) as (_, ears):
        await ears.until_health(Subsystem.CALLBACK, Condition.OFF)
    assert "did not end within a second" not in caplog.text


async def test_those_that_follow_name_the_owner_and_learn_its_new_address(tmp_path: Path, standin: Standin) -> None:
    gate = Gate(FIRST, SECOND)
    async with running(plan(tmp_path, standin, tunnel=gate)) as (owner, ears):
        await until_registered(ears, owner, FIRST)
        async with running(plan(tmp_path, standin, tunnel=Gate())) as (follower, later):
            said = await later.until_health(Subsystem.LISTENER, Condition.OFF)
            assert said.text.startswith("another smschat is receiving (process ")
            shell = Runtime(plan(tmp_path, standin, tunnel=Gate()))
            await shell.open()
            await shell.go_online(receiving=False)
            both = (follower, shell)
            assert {each.online.callback_url() for each in both} == {owner.online.callback_url()}
            assert follower.online.fault is None
            gate.fall()
            await until_registered(ears, owner, SECOND)
            async with asyncio.timeout(30):
                while {each.online.callback_url() for each in both} != {owner.online.callback_url()}:
                    await follower.store.owner()
            await shell.close()


async def test_a_task_goes_on_after_an_error() -> None:
    tries: list[int] = []
    went_on = asyncio.Event()

    async def twice_wrong() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError
        if len(tries) == 2:
            raise StoreError("the disk is full")
        went_on.set()

    troubles: list[StoreError] = []
    tasks = Tasks(troubles.append)
    tasks.start("twice wrong", twice_wrong)
    async with asyncio.timeout(30):
        await went_on.wait()
    await tasks.stop()
    assert (len(tries), [error.message for error in troubles]) == (3, ["the disk is full"])


def test_waits_grow_stay_and_begin_again() -> None:
    waits = Backoff(1.0, 10.0, 100.0)
    for wanted in (1.0, 10.0, 100.0, 100.0):
        assert waits.next_s() == pytest.approx(wanted, rel=SPREAD)
    waits.begin_again()
    assert waits.next_s() == pytest.approx(1.0, rel=SPREAD)


def test_what_only_the_user_can_mend_is_tried_slowly() -> None:
    by_hand = [
        faults.no_agent(None),
        faults.too_old("3.1.0"),
        faults.of_code("4018", ""),
        SettingsError("others can read credentials.toml"),
    ]
    for error in by_hand:
        assert _wait_s(error, Backoff(1.0)) == pytest.approx(MENDED_BY_HAND_S, rel=SPREAD)
    assert _wait_s(faults.of_code("334", ""), Backoff(1.0)) == pytest.approx(1.0, rel=SPREAD)
