"""Finding in the chat: by words, by name, by day, what is unread; and the way back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

from smschat.runtime import Preferences
from smschat.store import times
from smschat.ui.actions import BY_ID
from smschat.ui.screens.go_to_day import GoToDay
from smschat.ui.screens.search import Search
from smschat.ui.screens.switcher import Switcher
from tests.ui.reading import NOW
from tests.ui.rig import (
    ANNA,
    BAKKER,
    CARLA,
    MIDDLE,
    NARROW,
    PATIENCE_S,
    WIDE,
    World,
    chatting,
    people,
    runtime_thread,
    until,
)

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from smschat.ui.app import ChatApp

SIZES = [WIDE, MIDDLE, NARROW]
DIRK = "31644444444"


def search(app: ChatApp) -> Search:
    assert isinstance(app.screen, Search)
    return app.screen


def texts(app: ChatApp) -> list[str]:
    return [hit.sms.text for hit in search(app)._hits.hits]


def focus_of(app: ChatApp) -> str:
    assert app.focused is not None
    return app.focused.id or ""


async def told(app: ChatApp, pilot: Pilot[int], words: str) -> None:
    await until(pilot, lambda: any(words in note.message for note in app._notifications))


async def on_the_messages(app: ChatApp, pilot: Pilot[int]) -> None:
    await pilot.press("enter", "escape")
    await until(pilot, lambda: app.chat.talk.messages.selected is not None)


async def long_ago(world: World, peer: str, count: int, *, every: int = 10) -> None:
    """So many SMS, of which each tenth one is about the harbour."""
    for number in range(count):
        await world.hear(peer, f"the harbour, {number}" if number % every == 0 else f"something else, {number}")


async def find(app: ChatApp, pilot: Pilot[int], words: str) -> None:
    await pilot.press(*("space" if letter == " " else letter for letter in words))
    await until(pilot, lambda: search(app)._answered == words)


@pytest.mark.parametrize("size", SIZES)
async def test_ctrl_f_finds_everywhere_as_one_types_newest_first(world: World, size: tuple[int, int]) -> None:
    await world.hear(CARLA, "Is the café open?")
    await world.hear(BAKKER, "the CAFE is closed")
    async with chatting(world, size) as (app, pilot):
        await pilot.press("ctrl+f")
        await find(app, pilot, "caf")
        assert texts(app) == ["the CAFE is closed", "Is the café open?"]
        await find_more(app, pilot, "é o")
        assert texts(app) == ["Is the café open?"]
        assert focus_of(app) == "looked-for"


async def find_more(app: ChatApp, pilot: Pilot[int], more: str) -> None:
    wanted = search(app).line.value + more
    await pilot.press(*("space" if letter == " " else letter for letter in more))
    await until(pilot, lambda: search(app)._answered == wanted)


@pytest.mark.parametrize("size", SIZES)
async def test_enter_opens_a_hit_at_its_place_with_the_words_marked(world: World, size: tuple[int, int]) -> None:
    await long_ago(world, BAKKER, 3)
    await world.hear(CARLA, "new")
    async with chatting(world, size) as (app, pilot):
        await pilot.press("ctrl+f")
        await find(app, pilot, "harb")
        await pilot.press("enter")
        messages = app.chat.talk.messages
        await until(pilot, lambda: messages.selected is not None and messages.selected.text == "the harbour, 0")
        assert (app.chat.talk.peer, focus_of(app)) == (BAKKER, "messages")
        marked = [
            piece.text
            for y in range(messages.size.height)
            for piece in messages.line_at(messages.top + y)[0]
            if piece.ink == "found"
        ]
        assert marked == ["harbour"]


async def test_a_place_far_back_is_shown_and_read_on_from_in_both_directions(world: World) -> None:
    await long_ago(world, BAKKER, 700, every=350)
    async with chatting(world) as (app, pilot):
        await pilot.press("ctrl+f")
        await find(app, pilot, "harbour")
        assert texts(app) == ["the harbour, 350", "the harbour, 0"]
        await pilot.press("enter")
        messages = app.chat.talk.messages
        await until(pilot, lambda: messages.selected is not None and messages.selected.text == "the harbour, 350")
        y = next(y for y in range(messages.size.height) if messages.line_at(messages.top + y)[1])
        assert 0 < y < messages.size.height // 2
        assert messages._window.has_newer
        seen = set()
        for _ in range(40):
            await pilot.press("pagedown")
            await pilot.pause()
            assert messages.selected is not None
            seen.add(messages.selected.text)
        assert "something else, 699" in seen
        assert not messages._window.has_newer
        await world.hear(BAKKER, "the newest")
        await until(pilot, lambda: messages._window[-1].text == "the newest")
        await until(pilot, lambda: messages.newest_seq_on_screen == messages._window[-1].seq)


async def test_while_a_place_far_back_is_read_what_comes_is_counted_and_moves_nothing(world: World) -> None:
    await long_ago(world, BAKKER, 700, every=350)
    async with chatting(world) as (app, pilot):
        await pilot.press("ctrl+f")
        await find(app, pilot, "harbour")
        await pilot.press("enter")
        messages = app.chat.talk.messages
        await until(pilot, lambda: messages.selected is not None and messages._window.has_newer)
        top = messages.top
        await world.hear(BAKKER, "and now?")
        await until(pilot, lambda: "1 new" in app.chat.talk.to.said[1])
        assert messages.top == top


async def test_n_and_shift_n_walk_through_the_hits_of_the_conversation(world: World) -> None:
    await long_ago(world, BAKKER, 31)
    async with chatting(world) as (app, pilot):
        await on_the_messages(app, pilot)
        await pilot.press("slash")
        assert search(app)._within is not None
        await find(app, pilot, "harbour")
        await pilot.press("down", "enter")
        messages = app.chat.talk.messages

        def at() -> str:
            return messages.selected.text if messages.selected is not None else ""

        await until(pilot, lambda: at() == "the harbour, 20")
        visited = []
        for key in ("n", "n", "n", "N", "N", "N", "N"):
            await pilot.press(key)
            visited.append(at().rpartition(" ")[2])
        assert visited == ["10", "0", "0", "10", "20", "30", "30"]
        assert "no newer" in app.chat.talk.foot.said[1]


async def test_esc_ends_the_marking_and_then_steps_back(world: World) -> None:
    await long_ago(world, BAKKER, 1)
    async with chatting(world) as (app, pilot):
        await pilot.press("ctrl+f")
        await find(app, pilot, "harbour")
        await pilot.press("enter")
        messages = app.chat.talk.messages
        await until(pilot, lambda: messages.has_marks and messages.selected is not None)
        await pilot.pause()
        assert "n next hit" in app.chat.talk.foot.said[1]
        await pilot.press("escape")
        assert (messages.has_marks, focus_of(app)) == (False, "messages")
        await pilot.press("escape")
        assert focus_of(app) == "chats"


async def test_searching_here_finds_nothing_of_others_and_ctrl_f_widens_it(world: World) -> None:
    await world.hear(CARLA, "the demo")
    async with chatting(world) as (app, pilot):
        await pilot.press("down", "enter", "escape")
        await until(pilot, lambda: app.chat.talk.peer == ANNA)
        await pilot.press("slash")
        await find(app, pilot, "demo")
        assert texts(app) == ["hi, is the demo still on?"]
        await pilot.press("ctrl+f")
        await until(pilot, lambda: len(texts(app)) == 2)


async def test_more_pages_come_while_one_moves_down(world: World) -> None:
    await long_ago(world, BAKKER, 130, every=1)
    async with chatting(world) as (app, pilot):
        await pilot.press("ctrl+f")
        await find(app, pilot, "harbour")
        first = len(texts(app))
        for _ in range(20):
            await pilot.press("pagedown")
            await pilot.pause()
        await until(pilot, lambda: len(texts(app)) == 130)
        assert first < 130
        assert texts(app)[-1] == "the harbour, 0"
        assert search(app)._hits.chosen is not None


async def test_leaving_the_search_comes_back_to_where_one_was_and_keeps_the_words(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "h", "o")
        await pilot.press("ctrl+f")
        await find(app, pilot, "ready")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)
        assert (focus_of(app), app.chat.talk.composer.text, app.chat.talk.peer) == ("composer", "ho", ANNA)
        await pilot.press("ctrl+f")
        await until(pilot, lambda: isinstance(app.screen, Search) and texts(app) == ["is it ready?"])


async def test_what_comes_while_one_looks_is_found_and_the_cursor_stays(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("ctrl+f")
        await find(app, pilot, "ready")
        await world.hear(CARLA, "ready when you are")
        await until(pilot, lambda: len(texts(app)) == 2)
        chosen = search(app)._hits.chosen
        assert chosen is not None
        assert chosen.sms.text == "is it ready?"


async def test_enter_waits_for_what_was_typed_before_it(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("ctrl+f", *"ready", "enter")
        messages = app.chat.talk.messages
        await until(pilot, lambda: messages.selected is not None and messages.selected.text == "is it ready?")


async def test_enter_on_nothing_does_nothing(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("ctrl+f")
        await find(app, pilot, "zzz")
        await pilot.press("enter")
        await pilot.pause()
        assert "nothing has these words" in search(app)._foot.said[0]


@pytest.mark.parametrize("size", SIZES)
async def test_ctrl_g_goes_to_somebody_by_a_few_letters(world: World, size: tuple[int, int]) -> None:
    async with chatting(world, size) as (app, pilot):
        await pilot.press("ctrl+g", *"bv")
        await until(pilot, lambda: isinstance(app.screen, Switcher) and app.screen._answered == "bv")
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.talk.peer == BAKKER)
        assert focus_of(app) == "composer"


async def test_ctrl_g_takes_digits_in_a_national_form(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("ctrl+g", *"063333", "enter")
        await until(pilot, lambda: app.chat.talk.peer == CARLA)


async def test_ctrl_g_has_everybody_the_newest_first_and_archived_ones_and_contacts(world: World) -> None:
    await world.call(lambda messenger: messenger.contacts.save(DIRK, name="Dirk"))
    async with chatting(world) as (app, pilot):
        await pilot.press("ctrl+g")
        await until(pilot, lambda: isinstance(app.screen, Switcher) and bool(app.screen._people.people))
        assert isinstance(app.screen, Switcher)
        assert [person.peer for person in app.screen._people.people] == [ANNA, BAKKER, CARLA, DIRK]
        await pilot.press(*"dirk", "enter")
        await until(pilot, lambda: app.chat.talk.peer == DIRK)
        assert app.chat.talk.conversation is not None
        assert app.chat.talk.conversation.name == "Dirk"


async def test_alt_a_goes_from_unread_to_unread_and_back_to_where_it_began(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.talk.conversation is not None and not app.chat.talk.conversation.unread)
        shown = []
        for _ in range(3):
            await pilot.press("alt+a")
            shown.append(app.chat.talk.peer)
        assert shown == [BAKKER, CARLA, ANNA]
        await told(app, pilot, "this is where you were")
        assert focus_of(app) == "composer"


async def test_alt_a_goes_round_once_where_nothing_becomes_read(tmp_path: Path) -> None:
    thread = runtime_thread(tmp_path, Preferences(is_explore=True))
    world = World(thread)
    await people(world)
    async with chatting(world) as (app, pilot):
        shown = []
        for _ in range(4):
            await pilot.press("alt+a")
            shown.append(app.chat.talk.peer)
        assert shown == [BAKKER, CARLA, ANNA, BAKKER]
    thread.stop(PATIENCE_S)


async def test_alt_a_says_so_where_nothing_is_unread(world: World) -> None:
    await world.call(lambda messenger: messenger.keeping.mark_all_read())
    async with chatting(world) as (app, pilot):
        await pilot.press("alt+a")
        await told(app, pilot, "Nothing else is unread")
        assert app.chat.talk.peer == ANNA


async def test_b_goes_back_to_the_conversation_before_and_then_says_that_there_is_none(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "alt+down", "alt+down", "escape")
        shown = []
        for _ in range(2):
            await pilot.press("b")
            shown.append(app.chat.talk.peer)
        assert shown == [BAKKER, ANNA]
        await pilot.press("b")
        await told(app, pilot, "nowhere to go back to")


async def test_b_goes_back_to_what_stood_beside_the_list(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("ctrl+g", *"carla", "backspace", *"333", "escape")
        await pilot.press("ctrl+g", *"3333", "enter")
        await until(pilot, lambda: app.chat.talk.peer == CARLA)
        await pilot.press("escape", "b")
        assert app.chat.talk.peer == ANNA


async def test_b_goes_back_to_the_place_that_was_looked_at(world: World) -> None:
    await long_ago(world, BAKKER, 100)
    async with chatting(world) as (app, pilot):
        await on_the_messages(app, pilot)
        messages = app.chat.talk.messages
        await pilot.press("pageup", "pageup")
        place = messages.selected
        await pilot.press("ctrl+f")
        await find(app, pilot, "call me")
        await pilot.press("enter")
        await until(pilot, lambda: messages.peer == CARLA and messages.selected is not None)
        await pilot.press("b")
        await until(pilot, lambda: messages.peer == BAKKER and messages.selected is not None)
        assert messages.selected == place


async def test_b_comes_back_from_a_jump_within_a_conversation(world: World) -> None:
    await long_ago(world, BAKKER, 100, every=99)
    async with chatting(world) as (app, pilot):
        await on_the_messages(app, pilot)
        messages = app.chat.talk.messages
        newest = messages.selected
        await pilot.press("slash")
        await find(app, pilot, "harbour")
        await pilot.press("down", "enter")
        await until(pilot, lambda: messages.selected is not None and messages.selected.text == "the harbour, 0")
        await pilot.press("b")
        await until(pilot, lambda: messages.selected == newest)


async def on_a_day(world: World, folder: Path, days_ago: int, text: str) -> None:
    """Dirk wrote, so many days before the clock of the chat."""
    await world.hear(DIRK, text)
    moment = times.to_us(NOW - timedelta(days=days_ago))
    with closing(sqlite3.connect(folder / "test.db")) as db, db:
        db.execute("UPDATE sms SET created_at = ? WHERE text = ?", (moment, text))


async def go_to_day(app: ChatApp, pilot: Pilot[int], words: str) -> str:
    messages = app.chat.talk.messages
    await pilot.press("t", *("space" if letter == " " else letter for letter in words), "enter")
    await until(pilot, lambda: app.screen is app.chat and not app.chat.workers._workers)
    await pilot.pause()
    return messages.selected.text if messages.selected is not None else ""


async def test_t_goes_to_the_first_sms_of_a_day_and_says_when_it_is_another(empty_world: World, tmp_path: Path) -> None:
    for number, days in enumerate((400, 40, 40, 3, 1)):
        await on_a_day(empty_world, tmp_path, days, f"{number}")
    async with chatting(empty_world) as (app, pilot):
        await on_the_messages(app, pilot)
        visited = [await go_to_day(app, pilot, words) for words in ("2 apr", "yesterday", "last year", "2025-04-07")]
        assert visited == ["1", "4", "0", "0"]
        words = [note.message for note in app._notifications]
        assert words == ["There is no SMS of Wednesday 1 January 2025; the next is of Monday 7 April 2025."]


async def test_t_says_where_nothing_is_as_late_as_the_day(empty_world: World, tmp_path: Path) -> None:
    await on_a_day(empty_world, tmp_path, 3, "old")
    async with chatting(empty_world) as (app, pilot):
        await on_the_messages(app, pilot)
        await go_to_day(app, pilot, "yesterday")
        await told(app, pilot, "There is no SMS of Monday 11 May or later")


async def test_t_says_what_can_be_written_and_keeps_what_was_typed(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await on_the_messages(app, pilot)
        await pilot.press("t", *"soonish", "enter")
        assert isinstance(app.screen, GoToDay)
        assert "yesterday" in str(app.screen.query_one("#wrong", Static).visual)
        assert app.screen._line.value == "soonish"
        await pilot.press("escape")
        assert focus_of(app) == "messages"


@pytest.mark.parametrize(
    ("action", "screen"),
    [("search.everywhere", Search), ("search.here", Search), ("switch", Switcher), ("day", GoToDay)],
)
async def test_the_palette_opens_what_the_keys_open(world: World, action: str, screen: type) -> None:
    async with chatting(world) as (app, pilot):
        await app.chat.perform(BY_ID[action])
        await until(pilot, lambda: isinstance(app.screen, screen))
