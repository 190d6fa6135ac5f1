"""What changes on the screen by itself, what counts as read, and what hostile text cannot do."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from textual import events
from textual.app import App
from textual.message_pump import MessagePump

from smschat.domain.changes import BalanceChanged, Condition, ConversationChanged, HealthChanged, SmsChanged, Subsystem
from smschat.domain.conversation import Flags
from smschat.errors import StoreError
from smschat.runtime.preferences import Preferences
from smschat.ui.bridge import MOST_WAITING, Bridge, News
from smschat.ui.drafts import Drafts
from smschat.ui.shell import Shell
from tests.ui.reading import anna, changed, conversation, inbound
from tests.ui.rig import ANNA, BAKKER, CARLA, NARROW, PATIENCE_S, World, chatting, people, runtime_thread, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.message import Message

    from smschat.domain.changes import Change
    from smschat.ui.app import ChatApp

HOSTILE = (
    "[/foo]",
    "[@click=app.quit]x[/]",
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x1b]2;ING Bank - OK\x07",
    "\x1b[?1049l\x1b[?1003l",
    "\x1b[1;1HFAKE BANNER",
    "\x1b[c",
    "\x1b]0;unterminated",
    "\x9d0;c1\x9c\x0e\u202eevil",
)


async def unread(world: World, peer: str) -> int:
    row = await world.call(lambda messenger: messenger.conversation(peer))
    return row.unread if row else 0


async def test_an_sms_comes_in_while_one_watches_and_is_read(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        await world.hear(ANNA, "on my way")
        await until(pilot, lambda: "on my way" in app.export_screenshot(simplify=True).replace("&#160;", " "))
        while await unread(world, ANNA):
            await pilot.pause()


async def test_a_conversation_that_was_only_looked_at_is_not_read(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await until(pilot, lambda: app.chat.talk.messages.newest_seq_on_screen is not None)
        await pilot.press("j")
        await until(pilot, lambda: app.chat.talk.peer == BAKKER)
        await until(pilot, lambda: not app.chat.talk.is_reading)
        await pilot.pause()
        assert (await unread(world, ANNA), await unread(world, BAKKER)) == (1, 1)


@pytest.mark.parametrize("keys", [["enter"], ["tab"], ["l"]])
async def test_opening_reads(world: World, keys: list[str]) -> None:
    async with chatting(world) as (_, pilot):
        await pilot.press(*keys)
        while await unread(world, ANNA):
            await pilot.pause()
        assert await unread(world, BAKKER) == 1


async def test_nothing_is_read_while_another_window_has_the_focus(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        while await unread(world, ANNA):
            await pilot.pause()
        app.post_message(events.AppBlur())
        await pilot.pause()
        await world.hear(ANNA, "are you there?")
        await until(pilot, lambda: bool(app.chat.talk.conversation and app.chat.talk.conversation.unread))
        await pilot.pause()
        assert await unread(world, ANNA) == 1
        app.post_message(events.AppFocus())
        while await unread(world, ANNA):
            await pilot.pause()


async def test_nothing_becomes_read_while_one_only_looks_around(tmp_path: Path) -> None:
    thread = runtime_thread(tmp_path, Preferences(is_explore=True))
    try:
        world = World(thread)
        await people(world)
        async with chatting(world) as (app, pilot):
            await pilot.press("j", "enter")
            await until(pilot, lambda: app.chat.talk.peer == BAKKER and app.chat.talk.messages.peer == BAKKER)
            await pilot.press("escape", "u", "U")
            await world.hear(BAKKER, "and now?")
            await until(pilot, lambda: app.chat.talk.messages.newest_seq_on_screen == 5)
            await pilot.pause()
            assert "exploring" in app.chat.header.said[0]
        assert (await unread(world, BAKKER), await unread(world, ANNA)) == (2, 1)
    finally:
        thread.stop(PATIENCE_S)


async def test_opening_ends_a_mark_of_unread(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "escape")
        while await unread(world, ANNA):
            await pilot.pause()
        await world.call(lambda messenger: messenger.keeping.change(ANNA, Flags(marked_unread=True)))
        await pilot.press("escape", "j", "k", "enter")
        await until(pilot, lambda: not app.chat.chats.conversation(ANNA).is_unread)  # type: ignore[union-attr]


async def test_nothing_is_read_under_a_dialog_or_off_the_screen(world: World) -> None:
    async with chatting(world, NARROW) as (app, pilot):
        await pilot.press("enter")
        while await unread(world, ANNA):
            await pilot.pause()
        await pilot.press("escape", "escape")
        await world.hear(ANNA, "are you there?")
        await until(pilot, lambda: bool(app.chat.talk.conversation and app.chat.talk.conversation.unread))
        await pilot.pause()
        assert await unread(world, ANNA) == 1
        await pilot.press("f1", "escape")
        await pilot.pause()
        assert await unread(world, ANNA) == 1


async def test_what_came_while_older_sms_are_read_is_counted_beside_the_destination(world: World) -> None:
    for number in range(60):
        await world.hear(ANNA, f"line {number}")
    async with chatting(world) as (app, pilot):
        await pilot.press("tab", "pageup")
        for number in range(3):
            await world.hear(ANNA, f"newer {number}")
        await until(pilot, lambda: app.chat.talk.to.said[1] == " ↓ 3 new ")
        await pilot.press("end")
        await until(pilot, lambda: app.chat.talk.to.said[1] == "")


async def test_the_totals_follow(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await until(pilot, lambda: app.chat.totals.said[0] == " 3 chats · 3 unread")
        await world.hear("31677777777", "hello")
        await until(pilot, lambda: app.chat.totals.said[0] == " 4 chats · 4 unread")


async def test_the_header_follows_the_runtime(world: World) -> None:
    async with chatting(world) as (app, pilot):
        runtime = world.thread.runtime
        await world.run(lambda _: said(lambda: runtime.health.report(Subsystem.LISTENER, Condition.UP, "listening")))
        await until(pilot, lambda: "● listening" in app.chat.header.said[1])


async def test_trouble_is_said_in_full_and_the_same_once_until_it_works(world: World) -> None:
    """The header has no room for what to do about it."""
    told = (
        (Condition.DOWN, "no agent; get one"),
        (Condition.STARTING, "ngrok is opening"),
        (Condition.DOWN, "no agent; get one"),
        (Condition.DOWN, "no authtoken; copy it"),
        (Condition.UP, "ngrok ok"),
        (Condition.DOWN, "no authtoken; copy it"),
    )
    async with chatting(world, notifications=True) as (app, pilot):
        for state, text in told:
            await world.run(partial(report, world, state, text))
            await until(pilot, partial(shows, app, text))
        said_so = ["No agent; get one.", "No authtoken; copy it.", "No authtoken; copy it."]
        await until(pilot, lambda: [note.message for note in app._notifications] == said_so)


async def test_a_notification_stays_as_long_as_it_takes_to_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Shell, "NOTIFICATION_TIMEOUT", App.NOTIFICATION_TIMEOUT)
    async with chatting(world, notifications=True) as (app, pilot):
        for text in ("copied", "x" * 240):
            app.tell(text)
        await until(pilot, lambda: [note.timeout for note in app._notifications] == [5, 20])


async def report(world: World, state: Condition, text: str, _: object) -> None:
    world.thread.runtime.health.report(Subsystem.TUNNEL, state, text)


def shows(app: ChatApp, text: str) -> bool:
    return any(health.text == text for health in app.chat.header._health.values())


async def said(do: object) -> None:
    assert callable(do)
    do()


async def test_it_goes_online_once_and_after_the_first_frame(world: World) -> None:
    async with chatting(world) as (_, pilot):
        await until(pilot, lambda: world.thread.went_online == 1)


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_text_on_every_surface(world: World, text: str) -> None:
    """In the transcript, the list, the peer's name, the destination and a notification."""
    await world.hear(ANNA, text)
    await world.name(ANNA, f"N{text}")
    async with chatting(world, notifications=True) as (app, pilot):
        await pilot.press("enter")
        app.tell(text)
        app.complain(StoreError(text, hint=text))
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        painted = "".join(segment.text for strip in strips for segment in strip)
        actions = [s.style.meta for strip in strips for s in strip if s.style and "@click" in s.style.meta]
        assert not {character for character in painted if ord(character) < 32 or 0x7F <= ord(character) < 0xA0}
        assert "\u202e" not in painted
        assert actions == []
        assert app.is_running


async def test_a_store_that_cannot_be_read_is_said_and_the_chat_stays(world: World) -> None:
    async with chatting(world, notifications=True) as (app, pilot):
        app.chat.talk.post_message(app.chat.talk.Complained(StoreError("the disk is full", hint="make room")))
        await until(pilot, lambda: len(app._notifications) == 1)
        assert next(iter(app._notifications)).message == "The disk is full.\nMake room."


async def test_an_sms_that_cannot_be_written_down_stays_in_the_composer(world: World) -> None:
    async with chatting(world, notifications=True) as (app, pilot):
        await pilot.press("enter", *"hello")
        await world.run(lambda store: store.close())
        await pilot.press("enter")
        await until(pilot, lambda: len(app._notifications) >= 1)
        assert app.chat.talk.composer.text == "hello"


class Ear(MessagePump):
    """Somebody who hears."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Message] = []

    def post_message(self, message: Message) -> bool:
        self.heard.append(message)
        return True


async def told(world: World, *bursts: tuple[Change, ...]) -> tuple[Bridge, Ear]:
    """A bridge that has heard these, and whoever listens at its other end."""
    bridge, ear = Bridge(world.thread), Ear()
    bridge.attach(ear)
    await world.run(lambda _: said(lambda: None))
    for burst in bursts:
        await world.run(lambda _, burst=burst: said(lambda: world.thread.runtime._tell(burst)))  # type: ignore[misc]
    return bridge, ear


async def test_news_is_told_once_until_it_is_taken(empty_world: World) -> None:
    first, second = inbound(1), inbound(2)
    bridge, ear = await told(empty_world, (SmsChanged(first),), (SmsChanged(second),))
    assert [type(message) for message in ear.heard] == [News]
    assert bridge.take().changes == (SmsChanged(first), SmsChanged(second))
    assert bridge.take().changes == ()


async def test_only_the_newest_of_each_is_kept(empty_world: World) -> None:
    old, new = inbound(1), changed(inbound(1), text="later")
    row, moved = anna(), anna(unread=3)
    well = HealthChanged(part=Subsystem.LISTENER, state=Condition.UP)
    burst = (SmsChanged(old), ConversationChanged(row), well, SmsChanged(new), ConversationChanged(moved))
    bridge, _ = await told(empty_world, burst, (BalanceChanged(balance="2"), BalanceChanged(balance="1")))
    expected = (well, SmsChanged(new), ConversationChanged(moved), BalanceChanged(balance="1"))
    assert bridge.take().changes == expected


async def test_a_screen_that_cannot_follow_is_told_to_read_anew(empty_world: World) -> None:
    flood = tuple(ConversationChanged(conversation(number)) for number in range(MOST_WAITING + 1))
    well = HealthChanged(part=Subsystem.LISTENER, state=Condition.UP)
    bridge, _ = await told(empty_world, (well,), flood)
    taken = bridge.take()
    assert (taken.changes, taken.lost) == ((well,), True)
    assert not bridge.take().lost


async def test_reading_anew_shows_what_was_missed(world: World) -> None:
    async with chatting(world) as (app, pilot):
        app.bridge.detach()
        await world.hear(CARLA, "missed")
        app.bridge._lost = True
        app.post_message(News())
        await until(pilot, lambda: app.chat.chats.conversation(CARLA).last.text == "missed")  # type: ignore[union-attr]


async def test_nobody_hears_after_detaching(empty_world: World) -> None:
    bridge, ear = await told(empty_world)
    bridge.detach()
    await empty_world.hear(ANNA, "hello")
    assert ear.heard == []


async def test_whoever_stops_waiting_stops_nothing(empty_world: World) -> None:
    """An SMS that is being written down is written down, whatever becomes of the screen."""
    bridge, begun, done = Bridge(empty_world.thread), threading.Event(), threading.Event()

    async def long_work(_: object) -> None:
        begun.set()
        await asyncio.sleep(0.02)
        done.set()

    waiting = asyncio.ensure_future(bridge.call(long_work))
    await asyncio.to_thread(begun.wait, 5)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await asyncio.to_thread(done.wait, 5)


async def test_drafts_are_written_when_they_are_left_and_not_before(world: World) -> None:
    timers: list[float] = []
    drafts = Drafts(Bridge(world.thread), lambda seconds, _: timers.append(seconds))
    row = await world.call(lambda messenger: messenger.conversation(ANNA))
    assert row is not None
    drafts.note(ANNA, "on its w")
    drafts.note(ANNA, "on its way")
    assert (drafts.text_of(row), len(timers)) == ("on its way", 1)
    drafts.flush(5)
    kept = await world.call(lambda messenger: messenger.conversation(ANNA))
    assert kept is not None
    assert kept.draft == "on its way"
    drafts.confirm(kept)
    assert drafts.text_of(kept) == "on its way"
