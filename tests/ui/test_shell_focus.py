"""Where the focus is, and what is on the screen, in the three layouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smschat.ui.app import ChatApp
from tests.ui.rig import ANNA, BAKKER, CARLA, MIDDLE, NARROW, WIDE, chat_options, chatting, is_loaded, until

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.pilot import Pilot
    from textual.screen import Screen

    from tests.ui.rig import World

SIZES = [WIDE, MIDDLE, NARROW]


def where(app: ChatApp) -> str:
    assert app.focused is not None
    return app.focused.id or ""


def on_screen(app: ChatApp) -> set[str]:
    return {name for name in ("chats", "messages", "composer") if app.screen.query_one(f"#{name}").is_on_screen}


@pytest.mark.parametrize("size", SIZES)
async def test_at_the_start_the_list_has_the_focus_on_the_newest(world: World, size: tuple[int, int]) -> None:
    async with chatting(world, size) as (app, _):
        assert where(app) == "chats"
        assert app.chat.chats.cursor_peer == ANNA


@pytest.mark.parametrize("size", SIZES)
async def test_enter_opens_and_writes_and_esc_steps_back(world: World, size: tuple[int, int]) -> None:
    async with chatting(world, size) as (app, pilot):
        visited = []
        for key in ("enter", "escape", "escape", "escape"):
            await pilot.press(key)
            visited.append(where(app))
        assert visited == ["composer", "messages", "chats", "chats"]


@pytest.mark.parametrize(
    ("size", "before", "after"),
    [
        (WIDE, {"chats", "messages", "composer"}, {"chats", "messages", "composer"}),
        (MIDDLE, {"chats", "messages", "composer"}, {"chats", "messages", "composer"}),
        (NARROW, {"chats"}, {"messages", "composer"}),
    ],
)
async def test_below_60_columns_one_pane_has_the_screen(
    world: World, size: tuple[int, int], before: set[str], after: set[str]
) -> None:
    async with chatting(world, size) as (app, pilot):
        assert on_screen(app) == before
        await pilot.press("enter")
        await pilot.pause()
        assert on_screen(app) == after
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert on_screen(app) == before


@pytest.mark.parametrize(("size", "is_rail"), [(WIDE, False), (MIDDLE, True), ((99, 30), True), ((100, 30), False)])
async def test_the_list_is_a_rail_from_60_to_99_columns(world: World, size: tuple[int, int], is_rail: bool) -> None:  # noqa: FBT001 - a case
    async with chatting(world, size) as (app, _):
        assert app.chat.chats.rail is is_rail


async def test_what_has_the_focus_stays_on_a_screen_that_becomes_narrow(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        await pilot.resize_terminal(*NARROW)
        await pilot.pause()
        assert (where(app), on_screen(app)) == ("composer", {"messages", "composer"})
        await pilot.resize_terminal(*WIDE)
        await pilot.press("escape", "escape")
        await pilot.resize_terminal(*NARROW)
        await pilot.pause()
        assert (where(app), on_screen(app)) == ("chats", {"chats"})


async def test_tab_goes_round_the_panes_and_letters_from_pane_to_pane(world: World) -> None:
    async with chatting(world) as (app, pilot):
        visited = []
        for key in ("tab", "tab", "tab", "shift+tab", "escape", "h", "h", "l", "l"):
            await pilot.press(key)
            visited.append(where(app))
        assert visited == [
            "messages", "composer", "chats", "composer", "messages", "chats", "chats", "messages", "composer",
        ]  # fmt: skip


async def test_the_list_can_be_hidden_and_comes_back_with_esc(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("ctrl+b")
        await pilot.pause()
        assert (where(app), on_screen(app)) == ("messages", {"messages", "composer"})
        await pilot.press("escape")
        await pilot.pause()
        assert (where(app), "chats" in on_screen(app)) == ("chats", True)


async def test_a_list_that_is_alone_on_the_screen_is_not_hidden(world: World) -> None:
    async with chatting(world, NARROW) as (app, pilot):
        await pilot.press("ctrl+b")
        await pilot.pause()
        assert on_screen(app) == {"chats"}


async def test_the_next_and_the_previous_conversation_are_a_key_away_while_writing(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        shown = []
        for key in ("alt+down", "alt+down", "alt+up"):
            await pilot.press(key)
            shown.append((app.chat.talk.peer, where(app)))
        assert shown == [(BAKKER, "composer"), (CARLA, "composer"), (BAKKER, "composer")]


async def test_the_cursor_of_the_list_shows_a_conversation_when_it_rests(world: World) -> None:
    async with chatting(world) as (app, pilot):
        assert app.chat.talk.peer == ANNA
        await pilot.press("j")
        await until(pilot, lambda: app.chat.talk.peer == BAKKER)
        assert where(app) == "chats"


async def test_going_to_the_messages_does_not_wait_for_the_cursor_to_rest(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("j", "tab")
        assert (app.chat.talk.peer, where(app)) == (BAKKER, "messages")


async def test_keys_typed_fast_act_in_the_pane_that_they_lead_to(world: World) -> None:
    """As they come out of one read of the terminal: no key waits for the screen."""
    from textual import events  # noqa: PLC0415 - only here

    async with chatting(world) as (app, pilot):
        for key, character in [("j", "j"), ("enter", "\r"), *zip("hello", "hello", strict=True)]:
            app.post_message(events.Key(key, character))
        await until(pilot, lambda: app.chat.talk.composer.text == "hello")
        assert app.chat.talk.peer == BAKKER


class Painted(ChatApp):
    """The chat, and how often it painted something."""

    paints = 0

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        self.paints += renderable is not None
        super()._display(screen, renderable)


async def settled(app: ChatApp, pilot: Pilot[int]) -> None:
    """Nothing waits to be painted, and nothing is about to ask for it."""
    chat = app.chat
    for _ in range(3):
        await pilot.pause()
        await until(pilot, lambda: not (chat._dirty_widgets or chat._layout_required or chat.talk.is_reading))


async def test_a_key_costs_one_repaint_with_all_that_follows_from_it(world: World) -> None:
    """Count line, hints, totals and another conversation's transcript are part of the same frame."""
    app = Painted(world.thread, chat_options(world.thread))
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: is_loaded(app))
        for key, left in (("enter", 2), ("alt+down", 1), ("alt+down", 0)):  # what becomes read is painted as well
            await pilot.press(key)
            await until(pilot, lambda left=left: app.chat.totals.said[0] == f" 3 chats · {left} unread")  # type: ignore[misc]
        await pilot.press("alt+up", "alt+up")
        await settled(app, pilot)
        for key in ("alt+down", "alt+up", "escape", "k", "tab", "a", "b"):
            before = app.paints
            await pilot.press(key)
            await settled(app, pilot)
            assert (key, app.paints - before) == (key, 1)


async def test_what_is_typed_before_the_list_is_there_is_not_lost(world: World) -> None:
    from textual import events  # noqa: PLC0415 - only here

    from tests.ui.rig import chat_app  # noqa: PLC0415 - only here

    app = chat_app(world.thread)
    async with app.run_test() as pilot:
        for key, character in [("enter", "\r"), *zip("typed early", "typed early", strict=True)]:
            app.post_message(events.Key({" ": "space"}.get(key, key), character))
        await until(pilot, lambda: app.chat.talk.composer.text == "typed early")
        assert app.chat.talk.peer == ANNA


async def test_a_chat_without_conversations_says_how_to_begin(empty_world: World) -> None:
    async with chatting(empty_world) as (app, pilot):
        welcome = app.screen.query_one("#welcome")
        assert welcome.is_on_screen
        assert "ctrl+n" in str(welcome.render())
        await empty_world.hear(ANNA, "hello")
        await until(pilot, lambda: app.chat.talk.peer == ANNA)
        await until(pilot, lambda: not welcome.is_on_screen)
