"""The listener on the screen: who receives and where, and a code that a telephone can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

from smschat.runtime import Runtime
from smschat.runtime.demo import demo_plan
from smschat.ui import qr
from smschat.ui.actions import BY_ID
from smschat.ui.app import ChatApp
from smschat.ui.desk import ChatOptions
from smschat.ui.render import Marks
from smschat.ui.screens.listener import SCAN, ListenerScreen
from tests.idle import Awaited
from tests.ui.rig import MIDDLE, NARROW, NUMBER, PATIENCE_S, WIDE, chat_options, chatting, is_loaded, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.ui.rig import World


def facts(app: ChatApp) -> str:
    return str(app.screen.query_one("#listener-facts", Static).visual)


def code(app: ChatApp) -> str:
    return str(app.screen.query_one("#qr", Static).visual)


async def opened(app: ChatApp, pilot: Pilot[int], *keys: str) -> ListenerScreen:
    await pilot.press(*(keys or ("f9",)))
    await until(pilot, lambda: isinstance(app.screen, ListenerScreen) and "number" in facts(app))
    assert isinstance(app.screen, ListenerScreen)
    return app.screen


@pytest.mark.parametrize("size", [WIDE, MIDDLE, NARROW])
async def test_f9_shows_a_code_of_our_number_whole_at_every_size(world: World, size: tuple[int, int]) -> None:
    async with chatting(world, size) as (app, pilot):
        screen = await opened(app, pilot)
        await until(pilot, lambda: SCAN in code(app))
        view = screen.query_one("#qr", Static)
        lines = qr.lines_of(f"sms:+{NUMBER}", is_ascii=False)
        assert code(app).splitlines()[:-1] == list(lines)
        assert view.size.width == len(lines[0])
        assert view.region.intersection(screen.query_one("#listener-body").region).height >= len(lines)


@pytest.mark.parametrize("key", ["escape", "f9", "q"])
async def test_esc_leads_back_to_where_one_was(world: World, key: str) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        await opened(app, pilot)
        await pilot.press(key)
        await until(pilot, lambda: app.screen is app.chat)
        assert app.focused is app.chat.talk.composer


async def test_from_the_palette_it_is_the_same(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await app.chat.perform(BY_ID["listener"])
        await until(pilot, lambda: isinstance(app.screen, ListenerScreen))


async def test_it_tells_the_number_and_that_nobody_receives(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await opened(app, pilot)
        assert f"+{NUMBER}" in facts(app)
        assert "nobody" in facts(app)
        assert "was told no address yet" in facts(app)


async def test_where_sms_come_in_at_another_number_that_is_said(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await world.hear("31611111111", "hi", to="447418340000")
        await opened(app, pilot)
        await until(pilot, lambda: "SMS come in at 447418340000" in facts(app))


async def test_a_window_that_is_too_small_for_the_code_gets_the_address(world: World) -> None:
    async with chatting(world, (40, 12)) as (app, pilot):
        await opened(app, pilot)
        await until(pilot, lambda: f"sms:+{NUMBER}" in code(app))
        assert "too small" in code(app)


async def test_without_an_address_there_is_nothing_to_copy_and_that_is_said(world: World) -> None:
    async with chatting(world) as (app, pilot):
        screen = await opened(app, pilot)
        await pilot.press("c")
        assert screen.foot == "there is no address to copy"


@pytest.mark.parametrize(("size", "said"), [(WIDE, SCAN), (MIDDLE, "too small"), (NARROW, "too small")])
async def test_an_ascii_terminal_gets_two_characters_a_module_or_the_address(
    world: World, size: tuple[int, int], said: str
) -> None:
    app = ChatApp(world.thread, chat_options(world.thread), marks=Marks(ascii=True))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: is_loaded(app))
        await opened(app, pilot)
        await until(pilot, lambda: said in code(app))
        assert code(app).isascii()
        assert facts(app).isascii()


async def test_in_the_demo_it_tells_all_parts_and_c_copies_the_address(tmp_path: Path) -> None:
    thread = Awaited(Runtime(demo_plan(tmp_path)))
    thread.start()
    try:
        app = ChatApp(thread, ChatOptions.of(thread))
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: is_loaded(app))
            await opened(app, pilot)
            await until(pilot, lambda: "registered" in facts(app) and "this smschat" in facts(app))
            assert "was told http://127.0.0.1" in facts(app)
            await pilot.press("c")
            address = await app.bridge.run(callback_url)
            assert app.clipboard == address
            assert address not in facts(app)
    finally:
        thread.stop(PATIENCE_S)


async def callback_url(runtime: Runtime) -> str:
    url = runtime.online.callback_url()
    assert url is not None
    return url


def test_the_code_has_its_quiet_zone_and_is_square() -> None:
    lines = qr.lines_of("sms:+31970000000", is_ascii=True)
    assert {len(line) for line in lines} == {2 * len(lines)}
    assert all(not line.strip() for line in (*lines[:4], *lines[-4:]))
    assert all(line[:8].strip() == line[-8:].strip() == "" for line in lines)


def test_the_ascii_code_says_the_same_as_the_other() -> None:
    address = "sms:+31970000000"
    rows = [[pair == "##" for pair in _pairs(line)] for line in qr.lines_of(address, is_ascii=True)]
    halves = []
    for line in qr.lines_of(address, is_ascii=False):
        halves += [[sign in "▀█" for sign in line], [sign in "▄█" for sign in line]]
    assert halves[: len(rows)] == rows


def _pairs(line: str) -> list[str]:
    return [line[start : start + 2] for start in range(0, len(line), 2)]
