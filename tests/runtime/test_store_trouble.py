"""A store that fails for a while: the owner says so and those that follow too, and the gateway is left in peace."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from smschat.domain.changes import Condition, Subsystem
from smschat.runtime import online, tasks
from smschat.tunnel import LocalTunnel, NoTunnel
from tests.runtime.test_receiving import FIRST, SECOND, Gate, told, until_registered
from tests.runtime.test_runtime import plan, running
from tests.standin import REGISTER, Manner, Reply, inbound

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.standin import Standin


@pytest.fixture(autouse=True)
def _soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(online, "ORPHANS_S", 0.2)
    monkeypatch.setattr(tasks, "AGAIN_S", 0.01)


@contextmanager
def changed(store: Path, *, to: str, back: str) -> Iterator[None]:
    """The store's schema with something in the way."""
    with closing(sqlite3.connect(store)) as db:
        db.executescript(to)
        yield
        db.executescript(back)


def without_room(store: Path, table: str, key: str | None = None) -> AbstractContextManager[None]:
    """A table that takes no row, or none of this key."""
    only = f"WHEN new.key = '{key}'" if key else ""
    to = f"CREATE TRIGGER no_{table} BEFORE INSERT ON {table} {only} BEGIN SELECT RAISE(ABORT, 'no room'); END"
    return changed(store, to=to, back=f"DROP TRIGGER no_{table}")


async def test_a_registration_that_cannot_be_written_down_is_no_storm(tmp_path: Path, standin: Standin) -> None:
    made = plan(tmp_path, standin, tunnel=NoTunnel())
    async with running(made):
        pass
    with without_room(made.store_path, "profile", "registration"):
        async with running(plan(tmp_path, standin, tunnel=Gate(FIRST))) as (_, ears):
            await ears.until_health(Subsystem.CALLBACK, Condition.DOWN)
            await ears.until_health(Subsystem.STORE, Condition.DOWN)
            await ears.until_health(Subsystem.STORE, Condition.UP)  # whatever else can be written
            assert told(standin) == [FIRST]


async def test_callbacks_that_cannot_be_kept_are_said_until_the_store_can_be_written_to(
    tmp_path: Path, standin: Standin
) -> None:
    async with running(plan(tmp_path, standin, tunnel=LocalTunnel())) as (runtime, ears):
        await ears.until_health(Subsystem.CALLBACK, Condition.UP)
        url, store = runtime.online.callback_url(), runtime.plan.store_path
        assert url is not None
        sms = inbound("do not lose me", message_id="0E1")
        with without_room(store, "profile"):
            with without_room(store, "callback"):
                assert await asyncio.to_thread(standin.callback, url, sms) == 503
                await ears.until_health(Subsystem.STORE, Condition.DOWN)
            assert await runtime.store.settle_orphans() == 0
            assert ears.health[Subsystem.STORE].state is Condition.DOWN
        await ears.until_health(Subsystem.STORE, Condition.UP)
        assert await asyncio.to_thread(standin.callback, url, sms) == 200


async def test_those_that_follow_say_when_the_store_works_again(tmp_path: Path, standin: Standin) -> None:
    async with (
        running(plan(tmp_path, standin, tunnel=LocalTunnel())) as (owner, ears),
        running(plan(tmp_path, standin, tunnel=LocalTunnel())) as (_, later),
    ):
        await ears.until_health(Subsystem.CALLBACK, Condition.UP)
        await later.until_health(Subsystem.LISTENER, Condition.OFF)
        away, back = "ALTER TABLE profile RENAME TO away", "ALTER TABLE away RENAME TO profile"
        with changed(owner.plan.store_path, to=away, back=back):
            await later.until_health(Subsystem.STORE, Condition.DOWN)
        await later.until_health(Subsystem.STORE, Condition.UP)


async def test_an_address_is_registered_again_after_a_try_with_another_whose_outcome_is_unknown(
    tmp_path: Path, standin: Standin
) -> None:
    gate = Gate(FIRST, SECOND, FIRST)
    async with running(plan(tmp_path, standin, tunnel=gate)) as (runtime, ears):
        await until_registered(ears, runtime, FIRST)
        standin.script(REGISTER, Reply(manner=Manner.CLOSE))
        gate.fall()
        await ears.until_health(Subsystem.CALLBACK, Condition.DOWN)
        gate.fall()
        await ears.until_health(Subsystem.CALLBACK, Condition.STARTING)
        await until_registered(ears, runtime, FIRST)
        assert told(standin) == [FIRST, SECOND, FIRST]
