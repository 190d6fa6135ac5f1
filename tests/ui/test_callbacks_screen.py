"""The log of callbacks on the screen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

from smschat.domain.callbacks import RawCallback, Unreadable
from smschat.ui.actions import BY_ID
from smschat.ui.screens import callbacks
from smschat.ui.screens.callback import CallbackScreen
from smschat.ui.screens.callbacks import CallbacksScreen
from smschat.ui.widgets.bar import Bar
from tests.ui.rig import ANNA, MIDDLE, NARROW, WIDE, chatting, until

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from smschat.ui.app import ChatApp
    from tests.ui.rig import World

HOSTILE = b'{"msisdn":"31611111111","text":"\\u001b]0;pwned\\u0007 [/b] hi"}'


async def opened(app: ChatApp, pilot: Pilot[int]) -> CallbacksScreen:
    await pilot.press("f5")
    await until(pilot, lambda: isinstance(app.screen, CallbacksScreen) and bool(app.screen.foot))
    assert isinstance(app.screen, CallbacksScreen)
    return app.screen


def shown(screen: CallbacksScreen, index: int = 0) -> str:
    return "".join(piece.text for piece in screen.log_list.lines_of(index)[0])


async def came(world: World, body: bytes) -> None:
    raw = RawCallback(received_at=datetime.now(UTC), method="POST", body=body)
    await world.call(lambda messenger: messenger.take_callback(raw, Unreadable(reason="no form")))


@pytest.mark.parametrize("size", [WIDE, MIDDLE, NARROW])
async def test_f5_lists_what_came_newest_first_at_every_size(world: World, size: tuple[int, int]) -> None:
    async with chatting(world, size) as (app, pilot):
        screen = await opened(app, pilot)
        ids = [int(kept.id) for kept in screen.log_list.kept]
        assert len(ids) == 3
        assert ids == sorted(ids, reverse=True)
        assert "inbound, taken" in shown(screen)
        assert len(shown(screen)) < screen.log_list.size.width


async def test_a_callback_that_changes_no_sms_comes_live_and_the_cursor_stays_on_its_own(world: World) -> None:
    async with chatting(world) as (app, pilot):
        screen = await opened(app, pilot)
        await pilot.press("j")
        before = screen.log_list.chosen
        await came(world, b"\xff")
        await until(pilot, lambda: screen.log_list.count == 4)
        assert screen.log_list.chosen == before
        assert "unreadable" in shown(screen)


async def test_enter_shows_one_whole_and_esc_leads_back_to_the_list(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await came(world, HOSTILE)
        screen = await opened(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, CallbackScreen))
        said = str(app.screen.query_one("#callback-lines", Static).visual)
        assert "because" in said
        assert "no form" in said
        assert "31611111111" in said
        assert "\x1b" not in said
        assert "[/b] hi" in said
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)


async def test_y_copies_the_document(world: World) -> None:
    async with chatting(world) as (app, pilot):
        screen = await opened(app, pilot)
        await pilot.press("y")
        assert screen.foot == "copied as JSON"
        assert '"kind": "inbound"' in app.clipboard


async def test_older_ones_are_read_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks, "PAGE", 40)
    for number in range(100):
        await came(world, str(number).encode())
    async with chatting(world, NARROW) as (app, pilot):
        screen = await opened(app, pilot)
        assert screen.log_list.count < 103
        for _ in range(4):
            await pilot.press("G")
            await pilot.pause()
        await until(pilot, lambda: screen.foot == "103 callbacks")
        assert len({kept.id for kept in screen.log_list.kept}) == 103


async def test_the_mask_covers_numbers_and_texts(world: World) -> None:
    async with chatting(world) as (app, pilot):
        app.desk.mask.is_on = True
        screen = await opened(app, pilot)
        lines = "".join(shown(screen, index) for index in range(screen.log_list.count))
        assert ANNA not in lines
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, CallbackScreen))
        assert ANNA not in str(app.screen.query_one("#callback-lines", Static).visual)


async def test_from_the_palette_it_is_the_same(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await app.chat.perform(BY_ID["callbacks"])
        await until(pilot, lambda: isinstance(app.screen, CallbacksScreen))


async def test_an_empty_list_names_no_dead_key_and_is_whole_on_a_narrow_screen(empty_world: World) -> None:
    async with chatting(empty_world, NARROW) as (app, pilot):
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, CallbacksScreen) and "nothing yet" in app.screen.foot)
        foot = app.screen.query_one("#over-foot", Bar)
        await pilot.pause()
        said = str(foot.render())
        assert "where it listens" in said
        assert said.rstrip().endswith("Esc back")
