"""Looking for a key in the help."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

from smschat.ui.actions import ACTIONS
from smschat.ui.screens.help import Help
from smschat.ui.widgets.form import Line
from tests.ui.rig import MIDDLE, NARROW, WIDE, chatting, until

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from smschat.ui.app import ChatApp
    from tests.ui.rig import World


def shown(app: ChatApp) -> list[str]:
    """The rows that can be read."""
    rows = [row for row in app.screen.query(".key") if all(widget.display for widget in row.ancestors_with_self)]
    return [" ".join(str(cell.render()) for cell in row.query(Static)) for row in rows]


async def helped(app: ChatApp, pilot: Pilot[int]) -> None:
    await pilot.press("f1")
    await until(pilot, lambda: isinstance(app.screen, Help) and len(shown(app)) == len(ACTIONS))


@pytest.mark.parametrize("size", [WIDE, MIDDLE, NARROW])
async def test_a_slash_looks_for_a_key_and_esc_shows_all_again(world: World, size: tuple[int, int]) -> None:
    async with chatting(world, size) as (app, pilot):
        await helped(app, pilot)
        await pilot.press("slash", *"QR")
        await until(pilot, lambda: 0 < len(shown(app)) < len(ACTIONS))
        assert all("qr" in row.casefold() for row in shown(app))
        await pilot.press("escape")
        await until(pilot, lambda: len(shown(app)) == len(ACTIONS))
        assert isinstance(app.screen, Help)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)


async def test_letters_that_close_and_scroll_the_help_can_be_looked_for(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await helped(app, pilot)
        await pilot.press("slash", *"jkq?")
        assert app.screen.query_one(Line).value == "jkq?"
        await until(pilot, lambda: not shown(app) and bool(app.screen.query_one("#keys-none").display))


async def test_every_word_looked_for_must_be_there_in_any_order(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await helped(app, pilot)
        await pilot.press("slash", *"pin", "space", *"list")
        await until(pilot, lambda: len(shown(app)) < len(ACTIONS))
        there = shown(app)
        app.screen.query_one(Line).value = "LIST pin"
        await pilot.pause()
        assert shown(app) == there
        assert any(row.split()[0] == "p" for row in there)


async def test_the_help_keeps_its_size_while_one_looks(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await helped(app, pilot)
        before = app.screen.query_one(".dialog").region
        await pilot.press("slash", *"zzzz")
        await until(pilot, lambda: not shown(app))
        assert app.screen.query_one(".dialog").region == before
