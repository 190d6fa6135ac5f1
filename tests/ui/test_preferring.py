"""Settings, profiles and themes from the chat."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

from smschat import settings as settings_module
from smschat.runtime.preferences import Preferences
from smschat.ui.actions import SWITCH
from smschat.ui.screens.choosing import Asking, Choosing
from smschat.ui.screens.confirm import Confirm
from smschat.ui.themes import DEFAULT
from smschat.ui.widgets.form import Line
from tests.ui.rig import NARROW, PATIENCE_S, WIDE, World, chatting, people, runtime_thread, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from textual.pilot import Pilot

    from smschat.ui.app import ChatApp

FILE = """# mine
theme = "smschat-light"  # bright

[profiles.work]
number = "31612345678"
"""


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[World]:
    """A chat with a config.toml of its own."""
    file = tmp_path / "config.toml"
    file.write_text(FILE)
    env = {"SMSCHAT_DATA_DIR": str(tmp_path), "SMSCHAT_RATE": "5", "SMSCHAT_CLIENT_SECRET": "zq7"}
    settings = settings_module.load({}, env, file)
    thread = runtime_thread(tmp_path, Preferences.of(settings))
    world = World(thread)
    await people(world)
    yield world
    thread.stop(PATIENCE_S)


async def to_row(pilot: Pilot[int], app: ChatApp, name: str) -> None:
    await until(pilot, lambda: isinstance(app.screen, Choosing))
    screen = app.screen
    assert isinstance(screen, Choosing)
    place = next(place for place, option in enumerate(screen.list.options) if option.value == name)
    await pilot.press("pageup", "pageup", "pageup", "pageup", *["down"] * place)
    assert screen.list.options[screen.list.index].value == name
    await pilot.press("enter")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_setting_is_changed_in_the_file_and_its_comments_stay(
    own: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with chatting(own, size) as (app, pilot):
        await pilot.press("comma")
        await to_row(pilot, app, "undo_send_s")
        await until(pilot, lambda: isinstance(app.screen, Asking))
        app.screen.query_one(Line).value = "ninety"
        await pilot.press("enter")
        assert isinstance(app.screen, Asking)
        app.screen.query_one(Line).value = "5"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Choosing))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)
    text = (tmp_path / "config.toml").read_text()
    assert "undo_send_s = 5" in text
    assert "# mine" in text
    assert settings_module.load({}, {}, tmp_path / "config.toml").undo_send_s == 5


async def set_to(pilot: Pilot[int], app: ChatApp, name: str, text: str) -> str:
    """Change a setting; what the screen said of it before."""
    await to_row(pilot, app, name)
    await until(pilot, lambda: isinstance(app.screen, Asking))
    said = " ".join(str(static.render()) for static in app.screen.query(Static))
    app.screen.query_one(Line).value = text
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, Choosing))
    return said


async def test_how_one_is_told_and_what_can_be_taken_back_change_at_once(own: World) -> None:
    async with chatting(own) as (app, pilot):
        await pilot.press("comma")
        for name, text in (("undo_send_s", "5"), ("notify", "bell"), ("notify_text", "hide"), ("notify", "")):
            assert "at once" in await set_to(pilot, app, name, text)
        preferences = app.desk.options.preferences
        assert (preferences.undo_send_s, preferences.hides_text) == (5, True)
        assert preferences.notify == {"bell", "desktop"}


async def test_a_theme_that_is_not_there_is_told_and_an_empty_one_is_ours(own: World) -> None:
    async with chatting(own, notifications=True) as (app, pilot):
        await pilot.press("comma")
        await set_to(pilot, app, "theme", "no-such")
        await until(pilot, lambda: any("no-such" in notice.message for notice in app._notifications))
        await set_to(pilot, app, "theme", "")
        await until(pilot, lambda: app.theme == DEFAULT)


async def test_a_setting_that_waits_for_the_next_start_says_so_before_and_after(own: World) -> None:
    async with chatting(own) as (app, pilot):
        await pilot.press("comma")
        assert "when smschat starts again" in await set_to(pilot, app, "daily_budget", "100")
        screen = app.screen
        assert isinstance(screen, Choosing)
        assert "from the next start on" in next(o.beside for o in screen.list.options if o.value == "daily_budget")


@pytest.mark.parametrize("name", ["client_secret", "rate", "keys", "profile"])
async def test_what_the_file_does_not_decide_is_not_asked_for(own: World, name: str) -> None:
    async with chatting(own) as (app, pilot):
        await pilot.press("comma")
        await to_row(pilot, app, name)
        await until(pilot, lambda: isinstance(app.screen, Choosing))
        assert "zq7" not in str(list(app.screen.list.options))  # type: ignore[attr-defined]


async def test_another_profile_is_one_key_away(own: World) -> None:
    async with chatting(own) as (app, pilot):
        await pilot.press("P")
        await to_row(pilot, app, "work")
        await until(pilot, lambda: app.return_code == SWITCH)
        assert own.thread.next_profile == "work"


async def test_a_new_profile_is_named_first(own: World) -> None:
    async with chatting(own) as (app, pilot):
        await pilot.press("P")
        await until(pilot, lambda: isinstance(app.screen, Choosing))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, Asking))
        await pilot.press("/", "enter")
        assert isinstance(app.screen, Asking)
        app.screen.query_one(Line).value = "shop"
        await pilot.press("enter")
        await until(pilot, lambda: app.return_code == SWITCH)
        assert own.thread.next_profile == "shop"


async def test_a_theme_of_ones_own_is_worn_and_a_broken_one_is_told(own: World, tmp_path: Path) -> None:
    folder = tmp_path / "themes"
    folder.mkdir()
    (folder / "sea.toml").write_text('primary = "#0055aa"\nbackground = "#001020"\nforeground = "#ddeeff"\n')
    (folder / "bad.toml").write_text('primary = "no colour"\n')
    own.thread.preferences = replace(own.thread.preferences, theme="sea")
    async with chatting(own, notifications=True) as (app, pilot):
        assert app.theme == "sea"
        assert any("bad.toml" in notice.message for notice in app._notifications)
        await app.run_action("screen.theme", app.chat)
        await to_row(pilot, app, "nord")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert app.theme == "nord"
        await pilot.press("y")
        await until(pilot, lambda: 'theme = "nord"' in (tmp_path / "config.toml").read_text())
        assert "# bright" in (tmp_path / "config.toml").read_text()
