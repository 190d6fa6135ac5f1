"""Speaking as the simulator's people, in the demo over its real wire."""

from __future__ import annotations

import math
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from smschat.domain.changes import Condition, HealthChanged, Subsystem
from smschat.runtime import Runtime
from smschat.runtime.demo import demo_plan
from smschat.simulator.outcomes import DESCRIBED, outcome_of
from smschat.ui.actions import BY_ID
from smschat.ui.app import ChatApp
from smschat.ui.desk import ChatOptions
from smschat.ui.screens.simulator import SimulatorScreen
from tests.idle import Awaited
from tests.ui.rig import MIDDLE, NARROW, PATIENCE_S, WIDE, chatting, is_loaded, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.ui.rig import World


@asynccontextmanager
async def demo(folder: Path, size: tuple[int, int] = WIDE) -> AsyncIterator[tuple[ChatApp, Pilot[int]]]:
    thread = Awaited(Runtime(demo_plan(folder, pace=math.inf)))
    thread.start()
    try:
        app = ChatApp(thread, ChatOptions.of(thread))
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: is_loaded(app) and is_registered(thread))
            yield app, pilot
    finally:
        thread.stop(PATIENCE_S)


def is_registered(thread: Awaited) -> bool:
    news = [change for change in thread.runtime.known() if isinstance(change, HealthChanged)]
    return any(one.part is Subsystem.CALLBACK and one.state is Condition.UP for one in news)


async def opened(app: ChatApp, pilot: Pilot[int]) -> SimulatorScreen:
    await pilot.press("f8")
    await until(pilot, lambda: isinstance(app.screen, SimulatorScreen) and app.screen.focused is not None)
    assert isinstance(app.screen, SimulatorScreen)
    return app.screen


@pytest.mark.parametrize("size", [WIDE, MIDDLE, NARROW])
async def test_what_is_spoken_comes_in_from_whom_it_is_spoken_as(tmp_path: Path, size: tuple[int, int]) -> None:
    async with demo(tmp_path, size) as (app, pilot):
        screen = await opened(app, pilot)
        await pilot.press("down")
        player = screen.players.chosen
        assert player == screen.players.players[1]
        for text in ("one", "two"):
            await pilot.press(*text, "enter")
            await until(pilot, lambda: not screen.line.value and "has written" in screen.foot)
        assert app.screen is screen

        async def texts() -> list[str]:
            came = await app.bridge.call(lambda messenger: messenger.inbound(peer=player.number, limit=2))
            return [sms.text for sms in came]

        while await texts() != ["two", "one"]:
            await pilot.pause()
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)


async def test_nothing_is_sent_where_nothing_was_typed(tmp_path: Path) -> None:
    async with demo(tmp_path) as (app, pilot):
        screen = await opened(app, pilot)
        await pilot.press("space", "enter")
        await until(pilot, lambda: "type what they write" in screen.foot)


async def test_from_the_palette_it_is_the_same(tmp_path: Path) -> None:
    async with demo(tmp_path) as (app, pilot):
        await app.chat.perform(BY_ID["simulator"])
        await until(pilot, lambda: isinstance(app.screen, SimulatorScreen))


async def test_outside_the_demo_it_says_what_it_is_for(world: World) -> None:
    async with chatting(world, notifications=True) as (app, pilot):
        await pilot.press("f8")
        await until(pilot, lambda: any("smschat demo" in toast.message for toast in app._notifications))
        assert app.screen is app.chat


def test_the_numbers_that_are_told_are_those_that_decide() -> None:
    plain = [number for number, _ in DESCRIBED if number.isdigit()]
    usual = outcome_of("31600000999")
    assert [number for number in plain if outcome_of(number) == usual] == []
