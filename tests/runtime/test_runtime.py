"""The runtime with all its real parts: it degrades and says so, one process receives, and another takes over."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smschat.domain.changes import Condition, HealthChanged, SmsChanged, Subsystem
from smschat.domain.delivery import Status
from smschat.domain.identity import Identity
from smschat.domain.secret import Secret
from smschat.errors import SettingsError, StoreError, UnreachableError
from smschat.gateway import KpnGateway
from smschat.runtime import Plan, Runtime, RuntimeThread
from smschat.tunnel import FixedTunnel, LocalTunnel, NgrokTunnel, NoTunnel
from tests.standin import REGISTER, SEND, Reply, inbound, receipt

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from smschat.domain.changes import Change
    from smschat.runtime import Tunnel
    from tests.standin import Standin

ME = Identity(number="31612345678", sender="31612345678", country="NL")


def plan(
    tmp_path: Path,
    standin: Standin,
    *,
    tunnel: Tunnel | None = None,
    listen: tuple[str, int] = ("127.0.0.1", 0),
    missing: SettingsError | None = None,
) -> Plan:
    return Plan(
        profile="default",
        store_path=tmp_path / "data" / "default.db",
        identity=ME,
        make_gateway=lambda: KpnGateway(api_url=standin.url, client_id="an-id", client_secret=Secret("a-secret")),
        find_missing=lambda: missing,
        tunnel=tunnel or LocalTunnel(),
        listen=listen,
        rate=1000,
    )


class Ears:
    """What a runtime told, and a way to wait for more."""

    def __init__(self, runtime: Runtime) -> None:
        self.health: dict[Subsystem, HealthChanged] = {}
        self.statuses: dict[str, list[Status]] = {}
        self._moved = asyncio.Event()
        runtime.subscribe(self.hear)

    def hear(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            if isinstance(change, HealthChanged):
                self.health[change.part] = change
            elif isinstance(change, SmsChanged):
                self.statuses.setdefault(change.sms.text, []).append(change.sms.status)
        self._moved.set()

    async def until(self, fits: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not fits():
                self._moved.clear()
                await self._moved.wait()

    async def until_health(self, part: Subsystem, state: Condition) -> HealthChanged:
        await self.until(lambda: part in self.health and self.health[part].state is state)
        return self.health[part]


@asynccontextmanager
async def running(made: Plan) -> AsyncIterator[tuple[Runtime, Ears]]:
    runtime = Runtime(made)
    ears = Ears(runtime)
    await runtime.open()
    try:
        await runtime.settle()
        await runtime.go_online()
        yield runtime, ears
    finally:
        await runtime.close()


async def test_it_registers_sends_and_receives(tmp_path: Path, standin: Standin) -> None:
    async with running(plan(tmp_path, standin)) as (runtime, ears):
        await ears.until_health(Subsystem.CALLBACK, Condition.UP)
        url = runtime.online.callback_url()
        assert standin.registrations[0].form == {"to": ME.number, "callback_url": url}
        await runtime.messenger.send("31611111111", "hello")
        await ears.until(lambda: Status.ACCEPTED in ears.statuses.get("hello", []))
        (sent,) = standin.sends
        fields = receipt(sent, message_id="0A00000000000001")
        assert await asyncio.to_thread(standin.callback, sent.form["callback"], fields) == 200
        await ears.until(lambda: Status.DELIVERED in ears.statuses["hello"])
        assert url is not None
        assert await asyncio.to_thread(standin.callback, url, inbound("hi", message_id="0B1")) == 200
        await ears.until(lambda: ears.statuses.get("hi") == [Status.RECEIVED])


class Slow:
    """A gateway client that takes its time to be made, as one whose secret comes from a command."""

    def __init__(self, standin: Standin) -> None:
        self.is_asked = threading.Event()
        self.goes_on = threading.Event()
        self.made: list[KpnGateway] = []
        self._url = standin.url

    def make(self) -> KpnGateway:
        self.is_asked.set()
        assert self.goes_on.wait(10)
        self.made.append(KpnGateway(api_url=self._url, client_id="an-id", client_secret=Secret("a-secret")))
        return self.made[-1]


async def test_one_client_is_made_however_many_ask_for_it(tmp_path: Path, standin: Standin) -> None:
    """A second one would be closed by nobody."""
    slow = Slow(standin)
    runtime = Runtime(replace(plan(tmp_path, standin, tunnel=NoTunnel()), make_gateway=slow.make))
    await runtime.open()
    start = asyncio.create_task(runtime.go_online())
    assert await asyncio.to_thread(slow.is_asked.wait, 10)
    numbers = [asyncio.create_task(runtime.online.numbers()) for _ in range(2)]
    await asyncio.sleep(0)  # until they have seen that there is none yet
    slow.goes_on.set()
    await asyncio.gather(start, *numbers)
    assert len(slow.made) == 1
    await runtime.close()


async def test_a_client_that_is_made_too_late_is_closed(tmp_path: Path, standin: Standin) -> None:
    slow = Slow(standin)
    runtime = Runtime(replace(plan(tmp_path, standin, tunnel=NoTunnel()), make_gateway=slow.make))
    await runtime.open()
    start = asyncio.create_task(runtime.go_online())
    assert await asyncio.to_thread(slow.is_asked.wait, 10)
    await runtime.close()
    slow.goes_on.set()
    await start
    (client,) = slow.made
    with pytest.raises(UnreachableError, match="closed"):
        await client.register(to=ME.number, callback_url="https://example.com/")


async def test_a_port_in_use_leaves_sending_at_work(tmp_path: Path, standin: Standin) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        made = plan(tmp_path, standin, listen=("127.0.0.1", taken.getsockname()[1]))
        async with running(made) as (runtime, ears):
            told = await ears.until_health(Subsystem.LISTENER, Condition.DOWN)
            assert "in use" in told.text
            await runtime.messenger.send("31611111111", "hello")
            await ears.until(lambda: Status.ACCEPTED in ears.statuses.get("hello", []))


async def test_a_tunnel_that_is_not_there_leaves_sending_at_work(tmp_path: Path, standin: Standin) -> None:
    missing = tmp_path / "nowhere" / "ngrok"
    ngrok = NgrokTunnel(folder=tmp_path, profile="default", authtoken=lambda: None, agent=missing)
    async with running(plan(tmp_path, standin, tunnel=ngrok)) as (runtime, ears):
        told = await ears.until_health(Subsystem.TUNNEL, Condition.DOWN)
        assert f"there is no ngrok agent at {missing}" in told.text
        await runtime.messenger.send("31611111111", "hello")
        await ears.until(lambda: Status.ACCEPTED in ears.statuses.get("hello", []))
        assert "callback" not in standin.sends[0].form


async def test_a_refused_registration_is_said_and_leaves_sending_at_work(tmp_path: Path, standin: Standin) -> None:
    standin.always(REGISTER, Reply(status=403))
    async with running(plan(tmp_path, standin)) as (runtime, ears):
        await ears.until_health(Subsystem.CALLBACK, Condition.DOWN)
        await runtime.messenger.send("31611111111", "hello")
        await ears.until(lambda: Status.ACCEPTED in ears.statuses.get("hello", []))
        registration = await runtime.store.registration()
        assert registration is not None
        assert registration.error


async def test_without_an_account_it_reads_and_says_what_is_missing(tmp_path: Path, standin: Standin) -> None:
    made = plan(tmp_path, standin, tunnel=NoTunnel(), missing=SettingsError("not set: client_id", hint="set it"))
    async with running(made) as (runtime, ears):
        told = await ears.until_health(Subsystem.GATEWAY, Condition.OFF)
        assert "client_id" in told.text
        with pytest.raises(SettingsError):
            await runtime.messenger.send("31611111111", "hello")
        with pytest.raises(SettingsError):
            _ = runtime.online.outbox
        assert await runtime.messenger.conversations() == []
    assert standin.requests == []


async def test_one_receives_the_other_follows_and_takes_over(tmp_path: Path, standin: Standin) -> None:
    async with running(plan(tmp_path, standin)) as (second, ears):
        await ears.until_health(Subsystem.CALLBACK, Condition.UP)
        async with running(plan(tmp_path, standin)) as (third, later):
            told = await later.until_health(Subsystem.LISTENER, Condition.OFF)
            assert "another smschat is receiving" in told.text
            sms = await third.messenger.send("31611111111", "by the one that follows")
            await later.until(lambda: Status.ACCEPTED in later.statuses.get(sms.text, []))
            assert len(standin.sends) == 1
            await second.close()
            await later.until_health(Subsystem.LISTENER, Condition.UP)
            await later.until_health(Subsystem.CALLBACK, Condition.UP)
            assert len(standin.registrations) == 2
            assert standin.registrations[0].form != standin.registrations[1].form


async def test_a_send_beside_it_uses_its_address_and_takes_nothing_from_it(tmp_path: Path, standin: Standin) -> None:
    async with running(plan(tmp_path, standin)) as (receiver, ears):
        await ears.until_health(Subsystem.CALLBACK, Condition.UP)
        shell = Runtime(plan(tmp_path, standin, tunnel=NoTunnel()))
        await shell.open()
        await shell.go_online(receiving=False)
        owner = await shell.store.owner()
        assert owner is not None
        assert shell.online.callback_url() == receiver.online.callback_url()
        await shell.close()
        assert await receiver.store.owner() == owner


async def test_a_fixed_address_is_known_without_receiving(tmp_path: Path, standin: Standin) -> None:
    shell = Runtime(plan(tmp_path, standin, tunnel=FixedTunnel("https://hook.example")))
    await shell.open()
    with pytest.raises(UnreachableError):
        _ = shell.online
    await shell.go_online(receiving=False)
    assert (shell.online.callback_url() or "").startswith("https://hook.example/")
    await shell.close()


async def test_the_balance_is_told_again_after_a_restart(tmp_path: Path, standin: Standin) -> None:
    async with running(plan(tmp_path, standin)) as (runtime, ears):
        await runtime.messenger.send("31611111111", "hello")
        await ears.until(lambda: Status.ACCEPTED in ears.statuses.get("hello", []))
    again = Runtime(plan(tmp_path, standin))
    await again.open()
    await again.settle()
    assert [type(change).__name__ for change in again.known()] == ["BalanceChanged"]
    await again.close()


def test_a_thread_answers_what_was_asked_before_the_store_was_open(tmp_path: Path, standin: Standin) -> None:
    thread = RuntimeThread(Runtime(plan(tmp_path, standin)))
    asked = thread.submit(lambda messenger: messenger.conversations())
    thread.start()
    assert asked.result(30) == []
    thread.go_online()
    sent = thread.submit(lambda messenger: messenger.send("31611111111", "hello")).result(30)
    assert sent.status is Status.QUEUED
    standin.wait_for(SEND)
    thread.stop(30)
    thread.stop(30)


def test_a_store_that_cannot_be_opened_is_said_to_whoever_asks(tmp_path: Path, standin: Standin) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "default.db").write_bytes(b"this is no database" * 100)
    thread = RuntimeThread(Runtime(plan(tmp_path, standin)))
    thread.start()
    with pytest.raises(StoreError):
        thread.submit(lambda messenger: messenger.conversations()).result(30)
    thread.stop(30)
