"""Receiving, tried: what comes while the listener is up for the look is kept, and the duty is given back."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from smschat import settings
from smschat.domain.account import Owner
from smschat.domain.addresses import inbound_address
from smschat.domain.checks import Finding
from smschat.domain.identity import Identity
from smschat.runtime import Plan
from smschat.runtime.checkup.course import checkup
from smschat.runtime.checkup.reach import RECEIVING, Receiver
from smschat.store import SqliteStore
from smschat.tunnel import FixedTunnel, NoTunnel
from tests.document import inbound
from tests.gateway.client_parts import NOON
from tests.program import NUMBER, free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from smschat.domain.checks import Check
    from smschat.settings import Settings


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def loaded(tmp_path: Path, port: int) -> Settings:
    """An address that leads to the port at which the listener will be."""
    return settings.load(
        {},
        {
            "SMSCHAT_CONFIG_DIR": str(tmp_path),
            "SMSCHAT_DATA_DIR": str(tmp_path / "data"),
            "SMSCHAT_NUMBER": NUMBER,
            "SMSCHAT_TUNNEL": "fixed",
            "SMSCHAT_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "SMSCHAT_LISTEN": f"127.0.0.1:{port}",
        },
    )


@pytest.fixture
def plan(loaded: Settings) -> Plan:
    def make_gateway() -> None:
        raise AssertionError("nothing is asked of the gateway")

    return Plan(
        profile="default",
        store_path=loaded.data_dir / "default.db",
        identity=Identity(number=NUMBER, sender=NUMBER, country="NL"),
        make_gateway=make_gateway,  # type: ignore[arg-type]  # it is never called
        tunnel=FixedTunnel(loaded.public_url or ""),
        listen=loaded.listen,
    )


@asynccontextmanager
async def receiving(loaded: Settings, plan: Plan, store: SqliteStore | None) -> AsyncIterator[tuple[str, list[Check]]]:
    """The receiver while it is up: its inbound address, and what it found."""
    receiver = Receiver(loaded, plan, store)
    try:
        await receiver.begin()
        found = [check async for check in receiver.checks()]
        yield inbound_address(loaded.public_url or "", receiver.token), found
    finally:
        await receiver.end()


async def post(url: str) -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.post(url, json=inbound("hello", message_id="0A01"))).status_code


async def test_a_callback_that_comes_meanwhile_is_kept(loaded: Settings, plan: Plan) -> None:
    async with await SqliteStore.open(plan.store_path) as store:
        async with receiving(loaded, plan, store) as (url, found):
            assert {check.name: check.finding for check in found} == {
                "listener": Finding.OK,
                "tunnel": Finding.OK,
                "reachability": Finding.OK,
            }
            assert await post(url) == 200
        (sms,) = await store.transcript("31611111111")
        assert sms.text == "hello"


async def test_the_duty_is_given_back_and_the_port_is_free_again(loaded: Settings, plan: Plan) -> None:
    async with await SqliteStore.open(plan.store_path) as store, await SqliteStore.open(plan.store_path) as other:
        async with receiving(loaded, plan, store):
            assert not await other.own(RECEIVING)
        assert await other.own(RECEIVING)
        assert await other.owner() is None
        assert await other.registration() is None


async def test_without_a_store_nothing_is_kept_so_the_gateway_repeats_it(loaded: Settings, plan: Plan) -> None:
    async with receiving(loaded, plan, None) as (url, found):
        assert [check.finding for check in found] == [Finding.OK] * 3
        assert await post(url) == 503
    assert not plan.store_path.parent.exists()


async def test_whoever_receives_is_looked_at_and_left_alone(loaded: Settings, plan: Plan, port: int) -> None:
    async with await SqliteStore.open(plan.store_path) as owner, await SqliteStore.open(plan.store_path) as store:
        assert await owner.own(RECEIVING)
        async with receiving(loaded, plan, store) as (_, found):
            assert [check.finding for check in found] == [Finding.UNKNOWN, Finding.OK, Finding.FAULT]
        url = f"http://127.0.0.1:{port}"
        await owner.publish_owner(Owner(pid=1234, since=NOON, local_url=None, public_url=None))
        async with receiving(loaded, plan, store) as (_, found):
            assert found[0].is_fault
            assert "process 1234" in found[0].text
        await owner.publish_owner(Owner(pid=1234, since=NOON, local_url=url, public_url=url))
        async with receiving(loaded, plan, store) as (_, found):
            assert found[0].finding is Finding.OK
            assert "refuses the connection" in found[2].text
        said = await owner.owner()
        assert said is not None
        assert said.pid == 1234


async def test_a_listener_without_a_port_of_its_own_has_no_fixed_address(loaded: Settings, plan: Plan) -> None:
    env = {"SMSCHAT_TUNNEL": "fixed", "SMSCHAT_PUBLIC_URL": "https://sms.example.org"}
    moving = settings.load({}, {"SMSCHAT_CONFIG_DIR": str(loaded.data_dir), **env})
    async with receiving(moving, Plan(**{**vars(plan), "listen": moving.listen}), None) as (_, found):
        assert found[1].is_fault
        assert "listen" in found[1].fix


async def test_a_look_that_is_given_up_leaves_nothing_up(loaded: Settings, plan: Plan, port: int) -> None:
    async with await SqliteStore.open(plan.store_path) as other:
        course = checkup(loaded, plan)
        async for check in course:
            if check.name == "listener":
                break
        assert not await other.own(RECEIVING)
        await course.aclose()
        assert await other.own(RECEIVING)


async def test_with_the_tunnel_off_nothing_is_probed(loaded: Settings, plan: Plan) -> None:
    off = settings.load({}, {"SMSCHAT_CONFIG_DIR": str(loaded.data_dir), "SMSCHAT_TUNNEL": "off"})
    async with receiving(off, Plan(**{**vars(plan), "tunnel": NoTunnel(), "listen": off.listen}), None) as (_, found):
        assert [check.finding for check in found] == [Finding.OK, Finding.NOTE, Finding.UNKNOWN]
