"""Writing: to whom a text belongs, undo, sending later, taking back, templates, emoji."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from textual.command import CommandPalette

from smschat.domain.conversation import Flags
from smschat.domain.delivery import Status
from smschat.domain.sms import SmsOptions
from smschat.messaging.compose import Extras
from smschat.runtime.preferences import Preferences
from smschat.ui.app import ChatApp
from smschat.ui.render import Marks
from smschat.ui.screens.later import Later, span_words, words_of
from smschat.ui.screens.templates import Templates
from tests.ui.reading import NOW
from tests.ui.rig import (
    ANNA,
    BAKKER,
    MIDDLE,
    NARROW,
    PATIENCE_S,
    WIDE,
    World,
    chat_options,
    chatting,
    is_loaded,
    people,
    runtime_thread,
    until,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from textual.pilot import Pilot

    from smschat.domain.sms import Sms


async def sent_by_us(world: World, peer: str = ANNA) -> list[Sms]:
    return [sms for sms in await world.call(lambda messenger: messenger.transcript(peer)) if sms.is_outbound]


async def draft_of(world: World, peer: str) -> str:
    kept = await world.call(lambda messenger: messenger.conversation(peer))
    assert kept is not None
    return kept.draft


@asynccontextmanager
async def writing(
    folder: Path, preferences: Preferences, size: tuple[int, int] = WIDE, *, notifications: bool = False
) -> AsyncIterator[tuple[World, ChatApp, Pilot[int]]]:
    """The chat of somebody with preferences, Anna's conversation open."""
    thread = runtime_thread(folder, preferences)
    world = World(thread)
    await people(world)
    app = ChatApp(thread, replace(chat_options(thread), preferences=preferences))
    async with app.run_test(size=size, notifications=notifications) as pilot:
        await until(pilot, lambda: is_loaded(app))
        await pilot.press("enter")
        await pilot.pause()
        yield world, app, pilot
    thread.stop(PATIENCE_S)


async def by_palette(app: ChatApp, pilot: Pilot[int], words: str) -> None:
    """Carry out a command of the palette."""
    await pilot.press("ctrl+p")
    await until(pilot, lambda: isinstance(app.screen, CommandPalette))
    await pilot.press(*words)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(app.screen, CommandPalette))


async def test_a_switch_between_the_last_key_and_enter_sends_to_whom_it_was_typed(world: World) -> None:
    """Whatever is on the screen by the time that Enter is dealt with."""
    await world.call(lambda messenger: messenger.save_draft(BAKKER, "bakker's own draft"))
    before = len(await sent_by_us(world))
    bakker = await world.call(lambda messenger: messenger.conversation(BAKKER))
    assert bakker is not None
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"for anna")
        app.chat.talk.composer.action_send()
        app.chat.open(bakker)
        assert app.chat.talk.composer.text == "bakker's own draft"
        while len(await sent_by_us(world)) == before:
            await pilot.pause()
        assert [sms.text for sms in await sent_by_us(world)][before:] == ["for anna"]
        assert await sent_by_us(world, BAKKER) == []
        assert app.chat.talk.composer.text == "bakker's own draft"
        await pilot.press("ctrl+q")
    assert await draft_of(world, ANNA) == ""
    assert await draft_of(world, BAKKER) == "bakker's own draft"


async def test_news_and_a_list_in_another_order_leave_the_text_and_its_recipient_alone(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"for anna")
        await world.hear(BAKKER, "first in the list now")
        await world.call(lambda messenger: messenger.keeping.change(BAKKER, Flags(pinned=True)))
        await until(pilot, lambda: (app.chat.chats.conversation(BAKKER) or app.chat.talk.conversation).pinned)  # type: ignore[union-attr]
        await pilot.press("enter")
        await until(pilot, lambda: not app.chat.talk.composer.text)
    assert [sms.text for sms in await sent_by_us(world)][-1] == "for anna"
    assert await sent_by_us(world, BAKKER) == []


async def test_a_cursor_of_the_list_that_came_to_rest_takes_nothing_from_who_writes(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("j")
        app.chat.talk.composer.focus()
        await pilot.press(*"for anna")
        app.chat._rested()
        assert app.chat.talk.peer == ANNA
        assert app.chat.talk.composer.text == "for anna"


async def test_a_conversation_that_is_deleted_takes_its_text_along_and_enter_sends_nothing(world: World) -> None:
    async with chatting(world) as (app, pilot):
        before = len(await sent_by_us(world))
        await pilot.press("enter", "alt+down", *"for bakker")
        await world.call(lambda messenger: messenger.keeping.delete_conversation(BAKKER))
        await until(pilot, lambda: app.chat.talk.peer != BAKKER)
        app.chat.talk.composer.action_send()
        await pilot.pause()
        assert app.chat.talk.composer.text == ""
    assert len(await sent_by_us(world)) == before


@pytest.mark.parametrize("key", ["ctrl+u", "ctrl+w"])
async def test_a_composer_that_was_cleared_can_be_undone(world: World, key: str) -> None:
    await world.call(lambda messenger: messenger.save_draft(ANNA, "precious"))
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", key)
        assert app.chat.talk.composer.text == ""
        await pilot.press("ctrl+z")
        assert app.chat.talk.composer.text == "precious"
        await pilot.press("ctrl+y")
        assert app.chat.talk.composer.text == ""


async def test_what_was_cleared_can_be_undone_after_another_conversation_was_looked_at(world: World) -> None:
    async with chatting(world) as (app, pilot):
        composer = app.chat.talk.composer
        await pilot.press("enter", *"precious", "ctrl+u", "alt+down")
        await until(pilot, lambda: composer.owner != ANNA)
        await pilot.press("ctrl+z")
        assert composer.text == ""
        await pilot.press("alt+up")
        await until(pilot, lambda: composer.owner == ANNA)
        await pilot.press("ctrl+z")
        assert composer.text == "precious"


async def test_what_was_sent_is_not_undone_after_another_conversation_was_looked_at(world: World) -> None:
    async with chatting(world) as (app, pilot):
        composer = app.chat.talk.composer
        await pilot.press("enter", *"once", "enter", "alt+down")
        await until(pilot, lambda: composer.owner != ANNA)
        await pilot.press("alt+up")
        await until(pilot, lambda: composer.owner == ANNA and not composer.text)
        await pilot.press("ctrl+z", "ctrl+y", "ctrl+z")
        assert composer.text == ""


async def test_undo_and_redo_are_in_the_palette(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"word", "ctrl+u")
        await by_palette(app, pilot, "undo")
        assert app.chat.talk.composer.text == "word"
        await by_palette(app, pilot, "redo")
        assert app.chat.talk.composer.text == ""
        await by_palette(app, pilot, "undo")
        await by_palette(app, pilot, "select all")
        assert app.chat.talk.composer.selected_text == "word"


async def test_what_was_sent_is_not_undone_into_the_composer(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"once", "enter")
        await until(pilot, lambda: not app.chat.talk.composer.text)
        await pilot.press("ctrl+z", "ctrl+y", "ctrl+z")
        assert app.chat.talk.composer.text == ""


async def test_who_said_stop_is_asked_about(world: World) -> None:
    await world.hear(ANNA, "STOP")
    before = len(await sent_by_us(world))
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"one more", "enter")
        await until(pilot, lambda: app.screen is not app.chat)
        await pilot.press("n")
        await until(pilot, lambda: app.screen is app.chat and not app.chat.talk._sending)
        assert app.chat.talk.composer.text == "one more"
        assert len(await sent_by_us(world)) == before
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is not app.chat)
        await pilot.press("y")
        await until(pilot, lambda: app.screen is app.chat and not app.chat.talk.composer.text)
        assert len(await sent_by_us(world)) == before + 1


@pytest.mark.parametrize("size", [WIDE, MIDDLE, NARROW])
async def test_an_sms_is_sent_later_and_stands_there_with_its_time(world: World, size: tuple[int, int]) -> None:
    async with chatting(world, size) as (app, pilot):
        await pilot.press("enter", *"see you", "f6")
        await until(pilot, lambda: isinstance(app.screen, Later))
        await pilot.press(*"in 2h")
        assert "in 2 h" in said(app)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.chat and not app.chat.talk.composer.text)
        sms = (await sent_by_us(world))[-1]
        assert (sms.status, sms.text) == (Status.SCHEDULED, "see you")
        assert sms.send_at == NOW + timedelta(hours=2)
        await until(pilot, lambda: "goes out" in screen_text(app))


def said(app: ChatApp) -> str:
    """The line of the dialog."""
    return str(app.screen.query_one("#understood").visual)  # type: ignore[attr-defined]


def screen_text(app: ChatApp) -> str:
    """All that the transcript shows."""
    messages = app.chat.talk.messages
    return "\n".join("".join(segment.text for segment in messages.render_line(y)) for y in range(messages.size.height))


@pytest.mark.parametrize(("typed", "told"), [("soon", "a time is written"), ("2020-01-01 9:00", "passed")])
async def test_a_time_that_cannot_be_is_told_and_nothing_is_sent(world: World, typed: str, told: str) -> None:
    before = len(await sent_by_us(world))
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"see you", "f6")
        await until(pilot, lambda: isinstance(app.screen, Later))
        await pilot.press(*typed, "enter")
        assert isinstance(app.screen, Later)
        assert told in said(app).lower()
        await pilot.press("escape")
        assert app.chat.talk.composer.text == "see you"
    assert len(await sent_by_us(world)) == before


async def test_what_is_wrong_with_a_time_stays_when_enter_came_with_its_last_key(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"see you", "f6")
        await until(pilot, lambda: isinstance(app.screen, Later))
        later = app.screen
        assert isinstance(later, Later)
        later._line.value = "25:00"
        later.action_take()
        await pilot.pause()
        assert "a time is written" in said(app).lower()
        await pilot.press("x")
        assert "a time is written" not in said(app).lower()


async def test_there_is_nothing_to_send_later_while_nothing_is_written(world: World) -> None:
    async with chatting(world, notifications=True) as (app, pilot):
        await pilot.press("enter", "f6")
        await until(pilot, lambda: len(app._notifications) == 1)
        assert app.screen is app.chat


async def scheduled(world: World, text: str = "see you") -> Sms:
    when = NOW + timedelta(hours=2)
    return await world.call(lambda messenger: messenger.send(ANNA, text, send_at=when))


@pytest.mark.parametrize("key", ["z", "f7", "d"])
async def test_what_waits_for_its_time_is_taken_back_and_can_be_written_on(world: World, key: str) -> None:
    waiting = await scheduled(world)
    async with chatting(world) as (app, pilot):
        talk = app.chat.talk
        await pilot.press("enter", "escape", "G")
        await until(pilot, lambda: talk.messages.selected is not None and talk.messages.selected.id == waiting.id)
        assert talk.foot.said[1].startswith("z take back")
        await pilot.press(key)
        await until(pilot, lambda: talk.composer.text == "see you")
        assert app.focused is talk.composer
        await until(pilot, lambda: talk.messages.selected is None or talk.messages.selected.id != waiting.id)
    assert waiting.id not in {sms.id for sms in await sent_by_us(world)}


async def test_what_waits_for_its_time_is_not_resent_and_it_is_said_which_keys_move_it(world: World) -> None:
    waiting = await scheduled(world)
    async with chatting(world) as (app, pilot):
        talk = app.chat.talk
        await pilot.press("enter", "escape", "G")
        await until(pilot, lambda: talk.messages.selected is not None and talk.messages.selected.id == waiting.id)
        await pilot.press("r")
        told = "It waits for its time: z takes it back, F6 chooses another time."
        await until(pilot, lambda: told in [notice.message for notice in app._notifications])
    assert [sms.status for sms in await sent_by_us(world) if sms.id == waiting.id] == [Status.SCHEDULED]


async def test_what_is_taken_back_stands_before_what_was_typed_meanwhile(world: World) -> None:
    await scheduled(world)
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"and this", "escape", "G", "z")
        await until(pilot, lambda: app.chat.talk.composer.text == "see you\nand this")
        await pilot.press("ctrl+z")
        assert app.chat.talk.composer.text == "and this"


async def test_what_waits_is_moved_to_another_time(world: World) -> None:
    waiting = await scheduled(world)
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "escape", "G", "f6")
        await until(pilot, lambda: isinstance(app.screen, Later))
        assert words_of(NOW + timedelta(hours=2), NOW) in said(app)
        await pilot.press(*"in 3h", "enter")
        await until(pilot, lambda: app.screen is app.chat)
        await pilot.app.workers.wait_for_complete()
    moved = {sms.id: sms for sms in await sent_by_us(world)}[waiting.id]
    assert moved.send_at == NOW + timedelta(hours=3)


async def test_an_sms_whose_time_has_come_stands_there_once_behind_what_came_meanwhile(world: World) -> None:
    soon = NOW - timedelta(seconds=1)
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        await world.call(lambda messenger: messenger.send(ANNA, "on its way", send_at=soon))
        await world.hear(ANNA, "meanwhile")
        await until(pilot, lambda: "meanwhile" in screen_text(app) and "on its way" in screen_text(app))
        await world.run(lambda store: store.own("receiving"))
        await world.run(lambda store: store.due(limit=9))
        await until(pilot, lambda: screen_text(app).find("on its way") > screen_text(app).find("meanwhile"))
        assert screen_text(app).count("on its way") == 1


async def test_nothing_to_take_back_is_said(world: World) -> None:
    async with chatting(world, notifications=True) as (app, pilot):
        await pilot.press("enter", "f7")
        await until(pilot, lambda: len(app._notifications) == 1)
        assert next(iter(app._notifications)).message == "No SMS waits that could be taken back."


async def test_what_was_sent_can_be_taken_back_for_so_many_seconds(tmp_path: Path) -> None:
    async with writing(tmp_path, Preferences(undo_send_s=5.0)) as (world, app, pilot):
        talk = app.chat.talk
        before = len(await sent_by_us(world))
        await pilot.press(*"oops", "enter")
        await until(pilot, lambda: not talk.composer.text)
        waiting = (await sent_by_us(world))[-1]
        assert (waiting.status, waiting.send_at) == (Status.SCHEDULED, NOW + timedelta(seconds=5))
        assert talk.foot.said[1].startswith("F7 take back (5 s)")
        assert "goes out" not in screen_text(app)
        await pilot.press("f7")
        await until(pilot, lambda: talk.composer.text == "oops")
        assert "F7" not in talk.foot.said[1]
        assert len(await sent_by_us(world)) == before


async def test_what_is_taken_back_from_another_conversation_is_that_ones_draft(tmp_path: Path) -> None:
    async with writing(tmp_path, Preferences(undo_send_s=5.0)) as (world, app, pilot):
        await pilot.press(*"oops", "enter")
        await until(pilot, lambda: not app.chat.talk.composer.text)
        await pilot.press("alt+down", *"for bakker", "f7")
        await pilot.app.workers.wait_for_complete()
        assert app.chat.talk.composer.text == "for bakker"
        await pilot.press("alt+up")
        await until(pilot, lambda: app.chat.talk.composer.text == "oops")
        assert await sent_by_us(world, BAKKER) == []


async def test_what_was_chosen_for_an_sms_comes_back_with_it(tmp_path: Path) -> None:
    async with writing(tmp_path, Preferences(undo_send_s=5.0)) as (_, app, pilot):
        talk = app.chat.talk
        flash = Extras(options=SmsOptions(message_class=0))
        talk._extras[ANNA] = flash
        await pilot.press(*"oops", "enter")
        await until(pilot, lambda: not talk.composer.text)
        assert talk.extras is None
        await pilot.press("f7")
        await until(pilot, lambda: talk.composer.text == "oops")
        assert talk.extras == flash


async def test_the_countdown_ends_when_it_is_sent(tmp_path: Path) -> None:
    async with writing(tmp_path, Preferences(undo_send_s=5.0)) as (world, app, pilot):
        talk = app.chat.talk
        await pilot.press(*"gone", "enter")
        await until(pilot, lambda: talk._countdown is not None)
        waiting = (await sent_by_us(world))[-1]
        talk.apply_sms(replace(waiting, status=Status.QUEUED, revision=waiting.revision + 1))
        assert talk._countdown is None
        assert "F7" not in talk.foot.said[1]


@pytest.mark.parametrize("size", [WIDE, MIDDLE, NARROW])
async def test_a_template_goes_in_at_the_cursor_with_the_name(tmp_path: Path, size: tuple[int, int]) -> None:
    config = tmp_path / "config" / "config.toml"
    config.parent.mkdir()
    config.with_name("templates.toml").write_text('late = "late, {name}"\nroom = "room 4.12"\n')
    async with writing(tmp_path, Preferences(config_file=config), size) as (_, app, pilot):
        await pilot.press(*"hm ", "ctrl+t")
        await until(pilot, lambda: isinstance(app.screen, Templates))
        await pilot.press(*"lte")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.chat)
        assert app.chat.talk.composer.text == "hm late, Anna de Vries"
        await pilot.press("ctrl+z")
        assert app.chat.talk.composer.text == "hm "


async def test_a_name_that_is_not_known_stays_as_it_is_and_is_said(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.with_name("templates.toml").write_text('late = "late, {name} {number} {other}"\n')
    preferences = Preferences(config_file=config)
    async with writing(tmp_path, preferences, notifications=True) as (_, app, pilot):
        await pilot.press("alt+down", "alt+down", "ctrl+t", "enter")
        await until(pilot, lambda: app.screen is app.chat)
        assert app.chat.talk.composer.text == "late, {name} 31633333333 {other}"
        await until(pilot, lambda: any("{name} stays" in note.message for note in app._notifications))


async def test_templates_that_cannot_be_read_are_said_where_they_would_stand(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.with_name("templates.toml").write_text("late = \n")
    async with writing(tmp_path, Preferences(config_file=config)) as (_, app, pilot):
        await by_palette(app, pilot, "templates")
        await until(pilot, lambda: isinstance(app.screen, Templates))
        await until(pilot, lambda: "is no TOML" in app.screen._foot.said[0])  # type: ignore[attr-defined]
        await pilot.press("enter", "escape")
        await until(pilot, lambda: app.screen is app.chat)


async def test_an_editor_is_not_called_where_the_terminal_cannot_be_lent(tmp_path: Path) -> None:
    async with writing(tmp_path, Preferences(), notifications=True) as (_, app, pilot):
        for key in ("ctrl+o", "f4"):
            await pilot.press("x", key)
            await until(pilot, lambda: any("lent" in note.message for note in app._notifications))
            app.clear_notifications()
        assert app.chat.talk.composer.text == "xx"


@pytest.mark.parametrize("size", [WIDE, MIDDLE, NARROW])
async def test_a_shortcode_that_is_begun_offers_emoji_with_their_cost_and_tab_takes_the_first(
    world: World, size: tuple[int, int]
) -> None:
    async with chatting(world, size) as (app, pilot):
        talk = app.chat.talk
        await pilot.press("enter", *"hi :smi")
        await until(pilot, lambda: talk.offers.has_class("-told"))
        await pilot.pause()
        assert talk.offers.size.height == 1
        assert talk.offers.said[0].startswith("   Tab 😄 smile")
        assert talk.offers.said[1] == "UCS-2: 1 segment "
        await pilot.press("tab")
        assert talk.composer.text == "hi 😄"
        assert app.focused is talk.composer
        await until(pilot, lambda: not talk.offers.has_class("-told"))
        await pilot.press("tab")
        assert app.focused is not talk.composer


async def test_an_emoji_that_makes_a_segment_more_says_so(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        app.chat.talk.composer.load("x" * 100)
        await pilot.press("space", *":smi")
        await until(pilot, lambda: "UCS-2: 1 → 2 segments" in app.chat.talk.offers.said[1])


async def test_a_shortcode_that_is_typed_out_is_replaced_and_undone_by_one_key(world: World) -> None:
    async with chatting(world) as (app, pilot):
        talk = app.chat.talk
        await pilot.press("enter", *":smile")
        await until(pilot, lambda: talk.composer.shortcodes is not None)
        await pilot.press(":")
        assert talk.composer.text == "😄"
        await until(pilot, lambda: "ctrl+z undoes it" in talk.foot.said[1])
        await pilot.press("ctrl+z")
        assert talk.composer.text == ":smile:"
        await pilot.press(*" x")
        assert talk.composer.text == ":smile: x"


async def test_what_is_offered_goes_away_when_the_cursor_does(world: World) -> None:
    async with chatting(world) as (app, pilot):
        talk = app.chat.talk
        await pilot.press("enter", *":smi")
        await until(pilot, lambda: talk.offers.has_class("-told"))
        await pilot.press("home")
        await until(pilot, lambda: not talk.offers.has_class("-told"))
        await pilot.press("alt+down")
        assert app.chat.talk.composer.text == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (59, "59 s"),
        (61, "2 min"),
        (7_200, "2 h"),
        (7_260, "2 h 1 min"),
        (86_400, "1 day"),
        (2e5, "2 days"),
    ],
)
def test_a_span_is_told_as_people_tell_it(seconds: float, words: str) -> None:
    assert span_words(timedelta(seconds=seconds)) == words


def test_a_day_is_told_by_what_people_call_it() -> None:
    names = [words_of(NOW + timedelta(days=days), NOW).rsplit(" ", 1)[0] for days in (0, 1, 2, 400)]
    assert names[:2] == ["today", "tomorrow"]
    assert re.fullmatch(r"[A-Z][a-z]+day \d{1,2} [A-Z][a-z]+", names[2])
    assert names[3].endswith(str((NOW + timedelta(days=400)).year))


async def test_leaving_asks_while_what_was_sent_last_still_waits(tmp_path: Path) -> None:
    async with writing(tmp_path, Preferences(undo_send_s=5.0)) as (_, app, pilot):
        await pilot.press(*"oops", "enter")
        await until(pilot, lambda: app.chat.talk.take_backs.left_s() == 5)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app.screen is not app.chat)
        await pilot.press("n")
        await until(pilot, lambda: app.screen is app.chat)
        assert app.return_code is None
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app.screen is not app.chat)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app.return_code == 0)


@pytest.mark.parametrize(
    ("marks", "offered", "told"), [(Marks(), "❤️ heart", "❤️"), (Marks(ascii=True), "Tab heart", "U+2764 U+FE0F")]
)
async def test_emoji_of_several_characters_are_offered_and_told_on_every_terminal(
    world: World, marks: Marks, offered: str, told: str
) -> None:
    app = ChatApp(world.thread, chat_options(world.thread), marks=marks)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: is_loaded(app))
        talk = app.chat.talk
        await pilot.press("enter", *":heart")
        await until(pilot, lambda: offered in talk.offers.said[0])
        await pilot.press(":")
        await until(pilot, lambda: f":heart: is {told} now" in talk.foot.said[1])
        assert talk.composer.text == "❤️"


async def test_sending_later_and_taking_back_are_in_the_palette(world: World) -> None:
    waiting = await scheduled(world)
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "escape", "G")
        await by_palette(app, pilot, "take back")
        await until(pilot, lambda: app.chat.talk.composer.text == waiting.text)
        await by_palette(app, pilot, "send later")
        await until(pilot, lambda: isinstance(app.screen, Later))


async def test_the_editor_is_in_the_palette(world: World) -> None:
    async with chatting(world, notifications=True) as (app, pilot):
        await pilot.press("enter")
        await by_palette(app, pilot, "editor")
        await until(pilot, lambda: any("lent" in note.message for note in app._notifications))
