"""What the list shows: a filter as one types, and shelf after shelf."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smschat.domain.conversation import Filter, Flags, Shelf
from smschat.ui import shelves
from smschat.ui.actions import BY_ID
from tests.ui.rig import ANNA, BAKKER, CARLA, MIDDLE, NARROW, WIDE, chatting, until

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from smschat.ui.app import ChatApp
    from tests.ui.rig import World

SIZES = [WIDE, MIDDLE, NARROW]


def peers(app: ChatApp) -> list[str]:
    ordering = app.chat.chats._ordering
    return [ordering[index].peer for index in range(len(ordering))]


def line(app: ChatApp) -> str:
    left, right = app.chat.filter_line._bar.said
    return f"{left} {right}".strip()


def drawn(app: ChatApp) -> str:
    chats = app.chat.chats
    return " ".join(chats.render_line(y).text.strip() for y in range(chats.size.height)).strip()


async def shows(app: ChatApp, pilot: Pilot[int], *wanted: str) -> None:
    await until(pilot, lambda: peers(app) == [*wanted] and not app.chat.chats.is_turning)


@pytest.mark.parametrize("size", SIZES)
async def test_slash_narrows_the_list_as_one_types_and_enter_opens_the_first(
    world: World, size: tuple[int, int]
) -> None:
    async with chatting(world, size) as (app, pilot):
        await pilot.press("slash", "b", "a", "k")
        await shows(app, pilot, BAKKER)
        assert app.chat.chats.is_on_screen
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.talk.peer == BAKKER and app.chat.talk.is_open)
        assert app.focused is app.chat.talk.composer


async def test_enter_waits_for_what_was_typed_before_it(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("slash", *"carl", *["backspace", "backspace", "backspace", "backspace"], *"3163333", "enter")
        await until(pilot, lambda: app.chat.talk.peer == CARLA and app.chat.talk.is_open)


@pytest.mark.parametrize("size", SIZES)
async def test_esc_shows_all_again_with_the_cursor_where_it_was(world: World, size: tuple[int, int]) -> None:
    async with chatting(world, size) as (app, pilot):
        await pilot.press("down", "slash", "c")
        await pilot.press("backspace", *"anna")
        await shows(app, pilot, ANNA)
        await pilot.press("escape")
        await shows(app, pilot, ANNA, BAKKER, CARLA)
        assert app.focused is app.chat.chats
        assert app.chat.chats.cursor_peer == BAKKER
        assert not app.chat.chats.is_narrowed


async def test_a_filter_stays_when_one_goes_into_the_list_and_esc_ends_it_there(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("slash", "a", "n", "n", "a", "tab")
        await shows(app, pilot, ANNA)
        assert app.focused is app.chat.chats
        await until(pilot, lambda: "anna" in line(app))
        assert "Esc all" in line(app)
        await pilot.press("escape")
        await shows(app, pilot, ANNA, BAKKER, CARLA)
        assert line(app) == "/ filter"


async def test_what_comes_meanwhile_respects_the_filter(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("slash", *"bak", "tab")
        await shows(app, pilot, BAKKER)
        await world.hear(CARLA, "again")
        await world.hear(BAKKER, "ready?")
        bakker = app.chat.chats.conversation
        await until(pilot, lambda: (held := bakker(BAKKER)) is not None and held.unread == 2)
        assert peers(app) == [BAKKER]


async def test_a_filter_that_nobody_fits_says_so(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("slash", *"zzz")
        await shows(app, pilot)
        await pilot.pause()
        assert "no name or number has" in drawn(app)
        assert not app.chat.has_class("-vacant")


@pytest.mark.parametrize("size", SIZES)
async def test_f_walks_through_the_shelves_and_the_list_says_which_it_is(world: World, size: tuple[int, int]) -> None:
    await world.call(lambda messenger: messenger.keeping.change(CARLA, Flags(archived=True)))
    async with chatting(world, size) as (app, pilot):
        said = []
        for wanted in ([ANNA, BAKKER], [], [CARLA], [ANNA, BAKKER]):
            await pilot.press("f")
            await shows(app, pilot, *wanted)
            await pilot.pause()
            said.append((line(app).split()[0], drawn(app) if not wanted else ""))
        assert said == [("unread", ""), ("failed", "no SMS has failed"), ("archived", ""), ("/", "")]


async def test_esc_comes_back_from_a_shelf(world: World) -> None:
    async with chatting(world, NARROW) as (app, pilot):
        await pilot.press("f", "f")
        await shows(app, pilot)
        assert "Esc all" in line(app)
        await pilot.press("escape")
        await shows(app, pilot, ANNA, BAKKER, CARLA)


async def test_a_conversation_that_becomes_read_stays_on_its_shelf_while_it_is_open(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("f")
        await shows(app, pilot, ANNA, BAKKER, CARLA)
        await pilot.press("down", "enter")
        held = app.chat.chats.conversation
        await until(pilot, lambda: (bakker := held(BAKKER)) is not None and not bakker.unread)
        assert app.chat.talk.peer == BAKKER
        assert peers(app) == [ANNA, BAKKER, CARLA]
        await pilot.press("alt+down")
        await until(pilot, lambda: app.chat.talk.peer == CARLA)
        await until(pilot, lambda: BAKKER not in peers(app))


async def test_a_row_that_leaves_takes_nothing_off_the_screen(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "h", "i")
        await world.call(lambda messenger: messenger.keeping.change(ANNA, Flags(archived=True)))
        await until(pilot, lambda: app.chat.chats.cursor_peer == BAKKER)
        await pilot.pause(0.3)
        assert (app.chat.talk.peer, app.chat.talk.composer.text) == (ANNA, "hi")


async def test_a_click_on_the_line_begins_a_filter(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.click("#filter")
        await until(pilot, lambda: app.chat.filter_line.is_typing)


@pytest.mark.parametrize(("action", "shelf"), [("list.filter", Shelf.ACTIVE), ("list.shelf", Shelf.UNREAD)])
async def test_the_palette_does_what_the_keys_do(world: World, action: str, shelf: Shelf) -> None:
    async with chatting(world, NARROW) as (app, pilot):
        await pilot.press("enter")
        await app.chat.perform(BY_ID[action])
        await until(pilot, lambda: app.chat.chats.is_on_screen)
        assert app.chat.chats.wanted == Filter(shelf=shelf)
        assert app.chat.filter_line.is_typing is (action == "list.filter")


async def test_what_is_deleted_leaves_the_list(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await world.call(lambda messenger: messenger.keeping.delete_conversation(BAKKER))
        await shows(app, pilot, ANNA, CARLA)


def test_the_shelves_go_round() -> None:
    shelf, visited = Shelf.ACTIVE, []
    for _ in Shelf:
        shelf = shelves.after(shelf)
        visited.append(shelf)
    assert visited == [Shelf.UNREAD, Shelf.FAILED, Shelf.ARCHIVED, Shelf.ACTIVE]
