"""What one can do with an SMS that is read: links, codes, folding, selecting, and the wire beside it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from smschat.runtime import Preferences
from smschat.ui.actions import BY_ID
from smschat.ui.screens.details import Details
from smschat.ui.screens.help import Help
from smschat.ui.screens.links import LinkScreen
from smschat.ui.screens.wire import WireScreen
from tests.ui.online import session
from tests.ui.rig import BAKKER, MIDDLE, NARROW, PATIENCE_S, WIDE, World, chatting, runtime_thread, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from smschat.ui.app import ChatApp


async def reading(app: ChatApp, pilot: Pilot[int], *, at: int = 1) -> None:
    """Bakker's conversation, its messages with the focus."""
    await pilot.press(*["j"] * at, "enter", "escape")
    await until(pilot, lambda: app.focused is app.chat.talk.messages and app.chat.talk.messages.selected is not None)


def painted(app: ChatApp) -> str:
    """The screen as text."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def test_a_link_is_shown_whole_before_it_is_opened(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.hear(BAKKER, "look: https://xn--bcher-kva.example/" + "x" * 90 + " and http://b.example.")
    async with chatting(world) as (app, pilot):
        opened: list[str] = []
        monkeypatch.setattr(app._driver, "open_url", lambda url, new_tab=True: opened.append(url))
        await pilot.press("enter", "escape")
        await reading(app, pilot, at=0)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, LinkScreen))
        screen = app.screen
        assert isinstance(screen, LinkScreen)
        assert screen.link.url.endswith("x" * 90)
        assert opened == []
        await pilot.press("tab", "y")
        assert app.clipboard == "http://b.example"
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.chat)
        assert opened == ["http://b.example"]


async def test_an_sms_without_a_link_says_so(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await reading(app, pilot)
        await pilot.press("o")
        assert app.screen is app.chat


async def test_a_one_time_code_is_copied_by_one_key(world: World) -> None:
    await world.hear(BAKKER, "Your code is 481 516. Tell nobody.")
    await world.hear(BAKKER, "and https://x.example")
    async with chatting(world) as (app, pilot):
        await reading(app, pilot, at=0)
        await pilot.press("k", "c")
        assert app.clipboard == "481516"


async def test_a_long_sms_is_folded_until_it_is_asked_for(world: World) -> None:
    await world.hear(BAKKER, "\n".join(f"line {number}" for number in range(100)))
    async with chatting(world) as (app, pilot):
        await reading(app, pilot, at=0)
        messages = app.chat.talk.messages
        folded = messages._window.height
        await pilot.press("x")
        assert messages._window.height == folded + 59
        await pilot.press("x")
        assert messages._window.height == folded
        await pilot.press("home", "x")
        assert messages._window.height == folded


async def test_several_sms_are_selected_by_key_and_copied_together(world: World) -> None:
    for text in ("one", "two", "three"):
        await world.hear(BAKKER, text)
    async with chatting(world) as (app, pilot):
        await reading(app, pilot, at=0)
        await pilot.press("v", "k", "k")
        assert [sms.text for sms in app.chat.talk.messages.chosen] == ["one", "two", "three"]
        await pilot.press("escape")
        assert app.focused is app.chat.talk.messages
        assert app.chat.talk.messages.chosen == []
        await pilot.press("v", "j", "y")
        lines = app.clipboard.splitlines()
        assert [line.rpartition("  ")[2] for line in lines] == ["Bakker BV: one", "Bakker BV: two"]
        await pilot.press("v", "G", "enter")
        assert [line[-5:] for line in app.clipboard.splitlines()] == [": two", "three"]
        assert app.screen is app.chat


async def test_the_wire_shows_what_goes_and_comes_as_it_happens(tmp_path: Path) -> None:
    async with session(tmp_path, (130, 36)) as chat:
        app, pilot = chat.app, chat.pilot
        await pilot.press(*"first", "enter", "escape", "w")
        await until(pilot, lambda: app.chat.wire is not None and app.chat.wire.is_mounted)
        wire = app.chat.wire
        assert wire is not None
        await pilot.press("tab", *"hello", "enter")

        def said() -> str:
            return "\n".join("".join(piece.text for piece in line) for line in wire.lines._lines)

        await until(pilot, lambda: "receipt: delivered" in said())
        for words in ("POST /send", "HTTP 200", "text hello", "*****", "status 0"):
            assert words in said(), words
        assert app.chat.chats.display
        await pilot.press("escape", "w")
        await until(pilot, lambda: app.chat.wire is None)


@pytest.mark.parametrize(
    ("size", "has_list", "is_whole"), [(WIDE, True, False), (MIDDLE, False, False), (NARROW, True, True)]
)
async def test_the_wire_stands_beside_the_conversation_or_has_the_screen(
    world: World, size: tuple[int, int], *, has_list: bool, is_whole: bool
) -> None:
    async with chatting(world, size) as (app, pilot):
        await reading(app, pilot)
        await pilot.press("w")
        if is_whole:
            await until(pilot, lambda: isinstance(app.screen, WireScreen))
            await until(pilot, lambda: "callback" in painted(app))
            await pilot.press("k", "G", "w")
            await until(pilot, lambda: app.screen is app.chat)
        else:
            await until(pilot, lambda: "callback" in painted(app))
            assert app.chat.query_one("#left").display is has_list
            await pilot.press("w")
            await until(pilot, lambda: app.chat.wire is None)
        await until(pilot, lambda: bool(app.chat.query_one("#left").display) is not is_whole)
        assert app.chat.talk.peer == BAKKER


async def test_the_wire_beside_a_conversation_is_a_pane_that_keys_reach_and_scroll(tmp_path: Path) -> None:
    async with session(tmp_path, (130, 14)) as online:
        app, pilot, chat = online.app, online.pilot, online.app.chat
        await pilot.press("enter", "escape", "w")
        await until(pilot, lambda: chat.wire is not None and chat.wire.is_mounted)
        wire = chat.wire
        assert wire is not None
        await pilot.press("tab", *"hello", "enter")
        await until(pilot, lambda: "receipt: delivered" in painted(app))
        await pilot.press("tab")
        assert wire.lines.has_focus
        assert "j k scroll" in chat.talk.foot.said[1]
        await pilot.press("g")
        assert wire.lines.top == 0
        await pilot.press("j", "j", "k")
        assert wire.lines.top == 1
        await pilot.press("G")
        last = wire.lines.max_scroll_y
        assert wire.lines.top == last > 1
        await pilot.press("pageup")
        assert wire.lines.top < last
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help))
        await pilot.press("escape", "escape")
        assert chat.talk.messages.has_focus
        await pilot.press("tab", "tab", "w")
        await until(pilot, lambda: chat.wire is None)
        assert chat.talk.messages.has_focus


async def test_the_keys_go_back_to_the_conversation_when_the_screen_is_too_narrow_for_the_wire(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await reading(app, pilot)
        await pilot.press("w")
        await until(pilot, lambda: "callback" in painted(app))
        await pilot.press("tab", "tab")
        await pilot.resize_terminal(*NARROW)
        await until(pilot, lambda: app.focused is app.chat.talk.messages)


async def test_what_was_said_at_the_foot_stays_when_something_comes_in(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await reading(app, pilot)
        await pilot.press("y")
        assert app.chat.talk.foot.said[1].strip() == "copied"
        await world.hear(BAKKER, "and one more")
        await until(pilot, lambda: "and one more" in painted(app))
        assert app.chat.talk.foot.said[1].strip() == "copied"
        app.chat.talk.end_aside()
        assert "copy message" in app.chat.talk.foot.said[1]


async def test_the_wire_of_what_is_sent_is_shown_though_nobody_heard_of_it_in_the_queue(world: World) -> None:
    async with chatting(world, (130, 36)) as (app, pilot):
        await pilot.press("enter", "escape", "w")
        await until(pilot, lambda: app.chat.wire is not None and app.chat.wire.is_mounted)
        app.bridge.detach()  # as where one change is overtaken by the next
        await pilot.press("tab", *"hello", "enter")
        await until(pilot, lambda: (sms := app.chat.wire._sms) is not None and sms.text == "hello")  # type: ignore[union-attr]


async def test_nothing_is_told_of_the_wire_while_nobody_looks(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await reading(app, pilot)
        runtime = world.thread.runtime
        assert runtime.hear_exchange is None
        await pilot.press("w")
        await until(pilot, lambda: runtime.hear_exchange is not None)
        await pilot.press("w")
        await until(pilot, lambda: runtime.hear_exchange is None)


async def test_the_details_copy_the_request_as_curl_with_its_secrets_masked(tmp_path: Path) -> None:
    async with session(tmp_path) as chat:
        app, pilot = chat.app, chat.pilot
        await chat.send(*"it's me", "enter")
        await pilot.press("escape", "enter")
        await until(pilot, lambda: isinstance(app.screen, Details))
        await pilot.press("c")
        await until(pilot, lambda: app.clipboard.startswith("curl -X POST"))
        words = shlex.split(app.clipboard.replace("\\\n", " "))
        assert "text=it's me" in words
        assert "Authorization: Bearer *****" in words
        assert any(word.startswith("callback=") and "/" + "*" * 22 + "/" in word for word in words)


async def test_the_key_that_shows_all_is_named_as_it_was_rebound(tmp_path: Path) -> None:
    thread = runtime_thread(tmp_path, Preferences(keys={"message.whole": "f11"}))
    try:
        world = World(thread)
        await world.hear(BAKKER, "\n".join(f"line {number}" for number in range(100)))
        async with chatting(world) as (app, pilot):
            await reading(app, pilot, at=0)
            assert "60 more lines, F11 shows them" in painted(app)
            await pilot.press("f11", "end")
            await until(pilot, lambda: "line 99" in painted(app))
    finally:
        thread.stop(PATIENCE_S)


@pytest.mark.parametrize(
    ("action", "does"),
    [
        ("message.link", lambda app: "Open this link?" in painted(app)),
        ("message.code", lambda app: app.clipboard == "481516"),
        ("message.select", lambda app: len(app.chat.talk.messages.chosen) == 1),
        ("message.wire", lambda app: app.chat.wire is not None),
        ("message.whole", lambda app: app.chat.talk.messages._window.height > 100),
    ],
)
async def test_the_palette_does_what_the_keys_do(world: World, action: str, does: Callable[[ChatApp], bool]) -> None:
    await world.hear(BAKKER, "Your code is 481516\nhttps://a.example\n" + "\n".join("x" * 100))
    async with chatting(world) as (app, pilot):
        await reading(app, pilot, at=0)
        assert BY_ID[action].in_palette
        await app.chat.perform(BY_ID[action])
        await until(pilot, lambda: does(app))
