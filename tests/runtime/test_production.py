"""A production account in the runtime: a yes is waited for, what is given back rests, what moves is parked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from smschat.domain.account import Loan
from smschat.domain.changes import Condition, Subsystem
from smschat.errors import ForeignCallbackError, SettingsError
from smschat.messaging.account import Ending, Returned
from smschat.runtime import Runtime
from smschat.runtime.callback import sentence
from smschat.runtime.line import NEXT, RECEIVING, Line
from smschat.store import SqliteStore
from tests.runtime.test_receiving import Gate
from tests.runtime.test_runtime import ME, plan, running
from tests.standin import REGISTER, UPDATE

if TYPE_CHECKING:
    from pathlib import Path

    from smschat.runtime import Plan
    from tests.standin import Standin

NUMBER = "3197010000001"
FOREIGN = "https://crm.example/inbound?key=theirs"
FIRST, SECOND = "https://first.example", "https://second.example"


def production(tmp_path: Path, standin: Standin, *, address: str | None = None, keeps_address: bool = True) -> Plan:
    """A plan whose listener is loopback, which the stand-in tests for real."""
    standin.numbers.owns(NUMBER, mo_http_url=address)
    standin.numbers.owns("3197010000002")
    standin.numbers.owns("31201234567", features=["VOICE"])
    standin.numbers.answers[FOREIGN] = 200
    me = replace(ME, number=NUMBER, is_test=False)
    return replace(plan(tmp_path, standin), identity=me, keeps_address=keeps_address)


def present(standin: Standin) -> str | None:
    address: str | None = standin.numbers.number(NUMBER).get("moHttpUrl")
    return address


async def test_the_number_is_set_and_the_other_numbers_are_known(tmp_path: Path, standin: Standin) -> None:
    async with running(production(tmp_path, standin)) as (runtime, ears):
        await ears.until_health(Subsystem.CALLBACK, Condition.UP)
        assert present(standin) == runtime.online.callback_url()
        async with asyncio.timeout(30):
            while not (known := await runtime.store.own_numbers()):
                pass
        assert known == [NUMBER, "3197010000002"]
    assert present(standin) is not None
    assert runtime.last_words == ()
    assert standin.of(REGISTER) == []


async def test_somebody_elses_address_waits_for_a_yes(tmp_path: Path, standin: Standin) -> None:
    async with running(production(tmp_path, standin, address=FOREIGN)) as (runtime, ears):
        off = await ears.until_health(Subsystem.CALLBACK, Condition.OFF)
        assert off.foreign_url == FOREIGN
        assert "https://crm.example/" in off.text
        assert "theirs" not in off.text
        assert isinstance(runtime.online.fault, ForeignCallbackError)
        await runtime.online.take_over()
        await ears.until_health(Subsystem.CALLBACK, Condition.UP)
        assert runtime.online.fault is None
        assert present(standin) == runtime.online.callback_url()
    assert present(standin) == FOREIGN
    assert runtime.last_words == (f"{NUMBER} has its callback address https://crm.example/… back",)
    assert len(standin.of(UPDATE)) == 2


async def test_a_yes_that_was_not_given_changes_nothing_at_the_end(tmp_path: Path, standin: Standin) -> None:
    async with running(production(tmp_path, standin, address=FOREIGN, keeps_address=False)) as (runtime, ears):
        await ears.until_health(Subsystem.CALLBACK, Condition.OFF)
    assert standin.of(UPDATE) == []
    assert runtime.last_words == ()


async def test_restored_it_rests_until_it_is_registered_again(tmp_path: Path, standin: Standin) -> None:
    made = replace(production(tmp_path, standin, address=FOREIGN), may_take_over=True)
    async with running(made) as (runtime, ears):
        await ears.until_health(Subsystem.CALLBACK, Condition.UP)
        assert await runtime.online.restore() == ()
        off = await ears.until_health(Subsystem.CALLBACK, Condition.OFF)
        assert "given back" in off.text
        assert present(standin) == FOREIGN
        await runtime.online.register_again()
        await ears.until_health(Subsystem.CALLBACK, Condition.UP)
        assert present(standin) == runtime.online.callback_url()
        standin.numbers.answers[FOREIGN] = 503
        (owed,) = await runtime.online.restore()
        assert (owed.url, bool(owed.error)) == (FOREIGN, True)
        assert ears.health[Subsystem.CALLBACK].state is Condition.UP
        standin.numbers.answers[FOREIGN] = 200


async def test_an_address_that_does_not_stay_is_parked(tmp_path: Path, standin: Standin) -> None:
    """Whoever is given our host name next gets none of the number's SMS."""
    async with running(production(tmp_path, standin, keeps_address=False)) as (runtime, ears):
        await ears.until_health(Subsystem.CALLBACK, Condition.UP)
    assert present(standin) is None
    assert "has no callback address" in runtime.last_words[0]


async def test_an_address_that_cannot_be_parked_is_said(tmp_path: Path, standin: Standin) -> None:
    async with running(production(tmp_path, standin, keeps_address=False)) as (runtime, ears):
        await ears.until_health(Subsystem.CALLBACK, Condition.UP)
        standin.numbers.is_in_production = False
    assert "could not be cleared" in runtime.last_words[0]


async def test_what_a_test_account_leaves_behind_is_said(tmp_path: Path, standin: Standin) -> None:
    for keeps_address, words in ((True, 0), (False, 1)):
        made = replace(plan(tmp_path / str(words), standin), keeps_address=keeps_address)
        async with running(made) as (runtime, ears):
            await ears.until_health(Subsystem.CALLBACK, Condition.UP)
        assert len(runtime.last_words) == words
    assert "not be taken back" in runtime.last_words[0]


async def test_a_new_address_of_ours_is_set_without_a_yes(tmp_path: Path, standin: Standin) -> None:
    made = replace(production(tmp_path, standin, address=FOREIGN), may_take_over=True)
    gate = Gate(FIRST, SECOND)
    async with running(replace(made, tunnel=gate)) as (runtime, ears):
        token = await runtime.store.path_token()
        standin.numbers.answers |= {f"{FIRST}/{token}": 200, f"{SECOND}/{token}": 200}
        await runtime.online.register_again()
        await ears.until(lambda: present(standin) == f"{FIRST}/{token}")
        await ears.until_health(Subsystem.CALLBACK, Condition.UP)
        gate.fall()
        await ears.until_health(Subsystem.CALLBACK, Condition.STARTING)
        await ears.until_health(Subsystem.CALLBACK, Condition.UP)
        assert present(standin) == f"{SECOND}/{token}"
        assert [loan.url for loan in await runtime.store.loans()] == [FOREIGN]
    assert present(standin) == FOREIGN


async def test_numbers_need_an_account(tmp_path: Path, standin: Standin) -> None:
    runtime = Runtime(plan(tmp_path, standin, missing=SettingsError("not set: client_id")))
    await runtime.open()
    await runtime.go_online(receiving=False)
    with pytest.raises(SettingsError):
        await runtime.online.numbers()
    await runtime.close()


async def test_only_the_last_in_line_settles(tmp_path: Path) -> None:
    """Whoever leaves first is not the last, in whichever order the two look."""
    stores = [await SqliteStore.open(tmp_path / "default.db") for _ in range(2)]
    first, second = (Line(store, has_next=True) for store in stores)
    await first.come_first(lambda _: None)
    assert not await stores[1].own(RECEIVING)
    assert await stores[1].own(NEXT)
    assert not await first.is_nobody_next()
    await first.leave()
    assert not await first.is_empty()
    await second.leave()
    assert await second.is_empty()
    await second.leave()
    assert await first.is_empty()
    for store in stores:
        await store.close()


def test_an_address_that_is_owed_to_nobody_any_more_is_told_whole() -> None:
    """It is written down nowhere else from then on."""
    loan = Loan(number=NUMBER, country="NL", url=FOREIGN, since=datetime(2026, 5, 12, tzinfo=UTC))
    assert FOREIGN in sentence(Returned(loan=loan, ending=Ending.CHANGED))
    assert FOREIGN not in sentence(Returned(loan=loan, ending=Ending.OWED))
