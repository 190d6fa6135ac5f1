"""The composer: what is typed, pasted, counted and kept."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from textual import events

from smschat.domain.segments import count
from smschat.runtime.preferences import Preferences
from smschat.ui.render import Marks
from smschat.ui.terminal import FOLLOWED, mark_followed
from smschat.ui.widgets.composer import LONGEST_PASTE
from smschat.ui.widgets.count_line import count_line, decimal_of, money, name_of
from tests.ui.rig import ANNA, BAKKER, NARROW, NUMBER, PATIENCE_S, World, chatting, runtime_thread, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.message import Message
    from textual.pilot import Pilot

    from smschat.domain.sms import Sms
    from smschat.ui.app import ChatApp

MARKS = Marks()


async def sent_by_us(world: World, peer: str = ANNA) -> list[Sms]:
    return [sms for sms in await world.call(lambda messenger: messenger.transcript(peer)) if sms.is_outbound]


async def paste(app: ChatApp, pilot: Pilot[int], text: str) -> None:
    app.post_message(events.Paste(text))
    await pilot.pause()


async def test_enter_sends_and_lets_go_of_the_text(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"good", "enter")
        await until(pilot, lambda: not app.chat.talk.composer.text)
        assert (await sent_by_us(world))[-1].text == "good"
        await until(pilot, lambda: app.chat.talk.messages.newest_seq_on_screen is not None)


async def test_two_enters_send_once(world: World) -> None:
    before = len(await sent_by_us(world))
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"once")
        for _ in range(2):
            app.post_message(events.Key("enter", "\r"))
        await until(pilot, lambda: not app.chat.talk.composer.text)
        await pilot.pause()
        assert len(await sent_by_us(world)) == before + 1


async def test_nothing_to_say_sends_nothing(world: World) -> None:
    before = len(await sent_by_us(world))
    async with chatting(world) as (_, pilot):
        await pilot.press("enter", "enter", "space", "enter")
        assert len(await sent_by_us(world)) == before


async def test_what_is_typed_behind_an_enter_stays(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"first")
        for key, character in [("enter", "\r"), ("n", "n"), ("o", "o")]:
            app.post_message(events.Key(key, character))
        await until(pilot, lambda: app.chat.talk.composer.text == "no")
        assert (await sent_by_us(world))[-1].text == "first"


async def test_what_is_typed_behind_an_enter_stays_when_the_conversation_is_left_at_once(world: World) -> None:
    path = world.thread.runtime.plan.store_path
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"first")
        writer = sqlite3.connect(path, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")  # nothing is written down meanwhile
        peer = app.chat.talk.peer
        app.chat.talk.send(peer, "first")
        app.chat.talk.composer.insert(" and no")
        await app.chat.action_next_conversation()
        await until(pilot, lambda: app.chat.talk.peer != peer)
        writer.close()
        await until(pilot, lambda: not app.chat.talk._sending)
        await app.chat.action_previous_conversation()
        await until(pilot, lambda: app.chat.talk.peer == peer)
        assert app.chat.talk.composer.text == " and no"
        assert (await sent_by_us(world))[-1].text == "first"


@pytest.mark.parametrize("key", ["ctrl+j", "shift+enter"])
async def test_a_new_line_has_keys_of_its_own(world: World, key: str) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "a", key, "b")
        assert app.chat.talk.composer.text == "a\nb"


async def test_enter_may_begin_a_new_line_instead(tmp_path: Path) -> None:
    thread = runtime_thread(tmp_path, Preferences(enter="newline"))
    other = World(thread)
    await other.hear(ANNA, "hello")
    async with chatting(other) as (app, pilot):
        await pilot.press("enter", "a", "enter", "b")
        assert app.chat.talk.composer.text == "a\nb"
        assert app.chat.talk.foot.said[1].startswith("ctrl+j send")
        await pilot.press("ctrl+j")
        await until(pilot, lambda: not app.chat.talk.composer.text)
    thread.stop(PATIENCE_S)


async def test_a_paste_never_sends(world: World) -> None:
    before = len(await sent_by_us(world))
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        await paste(app, pilot, "one\rtwo\r\nthree\n")
        assert app.chat.talk.composer.text == "one\ntwo\nthree\n"
        assert len(await sent_by_us(world)) == before


async def test_an_enter_with_more_behind_it_in_the_same_read_is_a_new_line(world: World) -> None:
    before = len(await sent_by_us(world))
    read: list[Message] = [events.Key("a", "a"), events.Key("enter", "\r"), events.Key("b", "b")]
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        for event in mark_followed(read):
            app.post_message(event)
        await until(pilot, lambda: app.chat.talk.composer.text == "a\nb")
        assert len(await sent_by_us(world)) == before


@pytest.mark.parametrize(
    ("names", "more_waits", "followed"),
    [
        (["enter"], False, []),
        (["a", "enter"], False, []),
        (["enter", "a"], False, [0]),
        (["enter", "enter"], False, [0]),
        (["enter", "paste"], False, [0]),
        (["enter", "mouse"], False, []),
        (["a", "enter"], True, [1]),
    ],
)
def test_an_enter_is_marked_where_input_follows_it(names: list[str], more_waits: bool, followed: list[int]) -> None:  # noqa: FBT001 - a case
    def event(name: str) -> Message:
        if name == "paste":
            return events.Paste("x")
        return events.AppFocus() if name == "mouse" else events.Key(name, "\r" if name == "enter" else name)

    marked = mark_followed(map(event, names), more_waits=more_waits)
    assert [i for i, e in enumerate(marked) if isinstance(e, events.Key) and e.character == FOLLOWED] == followed


async def test_a_paste_that_no_sms_can_carry_is_said_to_be_cut(world: World) -> None:
    async with chatting(world, notifications=True) as (app, pilot):
        await pilot.press("enter")
        await paste(app, pilot, "a\x1b[2Jb\x00")
        assert app.chat.talk.composer.text == "a[2Jb"
        await until(pilot, lambda: len(app._notifications) == 1)
        assert next(iter(app._notifications)).message.startswith("2 control characters left out")


async def test_a_paste_of_a_whole_book_is_refused(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        await paste(app, pilot, "x" * (LONGEST_PASTE + 1))
        assert not app.chat.talk.composer.text


async def test_what_could_command_the_terminal_shows_as_signs_and_is_kept_as_it_is(world: World) -> None:
    draft = "a\x1b[31mb\u202ec\x07"
    await world.call(lambda messenger: messenger.save_draft(ANNA, draft))
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        composer = app.chat.talk.composer
        assert composer.text == draft
        assert composer.get_line(0).plain == "a␛[31mb\ufffdc␇"
        assert "\x1b[31mb" not in app.export_screenshot()


async def test_a_draft_stays_with_its_conversation(world: World) -> None:
    async with chatting(world) as (app, pilot):
        composer = app.chat.talk.composer
        await pilot.press("enter", *"for anna", "alt+down")
        assert composer.text == ""
        await pilot.press(*"for bakker", "alt+up")
        assert composer.text == "for anna"
        await pilot.press("alt+down")
        assert composer.text == "for bakker"


async def test_drafts_are_on_disk_when_the_chat_ends(world: World) -> None:
    async with chatting(world) as (_, pilot):
        await pilot.press("enter", *"to be", "alt+down", *"or not", "ctrl+q")
    drafts = {row.peer: row.draft for row in await world.call(lambda messenger: messenger.conversations())}
    assert (drafts[ANNA], drafts[BAKKER]) == ("to be", "or not")


async def test_a_draft_is_there_again_at_the_next_start_and_gone_once_it_is_sent(world: World) -> None:
    await world.call(lambda messenger: messenger.save_draft(ANNA, "still here"))
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        assert app.chat.talk.composer.text == "still here"
        await pilot.press("enter")
        await until(pilot, lambda: not app.chat.talk.composer.text)
    kept = await world.call(lambda messenger: messenger.conversation(ANNA))
    assert kept is not None
    assert kept.draft == ""


async def test_undo_does_not_reach_into_another_conversation(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"secret", "alt+down", "ctrl+z", "ctrl+z")
        assert app.chat.talk.composer.text == ""


async def test_the_composer_grows_with_the_text_up_to_six_lines(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        heights = []
        for _ in range(8):
            await pilot.pause()
            heights.append(app.chat.talk.composer.size.height)
            await pilot.press("a", "ctrl+j")
        assert heights == [1, 2, 3, 4, 5, 6, 6, 6]


async def test_the_line_below_counts_while_one_types(world: World) -> None:
    async with chatting(world) as (app, pilot):
        foot = app.chat.talk.foot
        await pilot.press("enter", *"hello")
        assert foot.said == (" GSM-7  5/160 · 1 segment", "Enter send  F12 SMS options  F1 help ")
        await pilot.press("ctrl+u")
        assert foot.said[0] == " "


async def test_it_names_the_character_that_forces_ucs2_and_one_key_replaces_it(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"idee", "ë", "n")
        assert app.chat.talk.foot.said[0] == " UCS-2  6/70 · 1 segment · “ë” forces UCS-2 · ctrl+r plain"
        await pilot.press("ctrl+r")
        assert app.chat.talk.composer.text == "ideeen"
        assert app.chat.talk.foot.said[0].startswith(" GSM-7  6/160")
        await pilot.press("ctrl+z")
        assert app.chat.talk.composer.text == "ideeën"


@pytest.mark.parametrize(
    ("text", "price", "line"),
    [
        ("", None, ""),
        ("x" * 161, None, "GSM-7  161/306 · 2 segments"),
        ("hello", "0.0725", "GSM-7  5/160 · 1 segment · ≈ € 0.07"),
        ("x" * 161, "0.0725", "GSM-7  161/306 · 2 segments · ≈ € 0.14"),
        ("🎉", None, "UCS-2  2/70 · 1 segment · “🎉” forces UCS-2"),
        ("“", None, "UCS-2  1/70 · 1 segment · “ U+201C forces UCS-2"),
        ("a\u202eb", None, "UCS-2  3/70 · 1 segment · “U+202E” forces UCS-2"),
    ],
)
def test_the_count_line(text: str, price: str | None, line: str) -> None:
    made = count_line(text, count(text), MARKS, part_price=decimal_of(price))
    assert made.plain.removesuffix(" · ctrl+r plain") == line


def test_the_count_line_in_ascii() -> None:
    line = count_line("ë", count("ë"), Marks(ascii=True), part_price=Decimal("0.07")).plain
    assert line.isascii()
    assert '"U+00EB" forces UCS-2' in line
    assert "about EUR 0.07" in line


@pytest.mark.parametrize(("amount", "number"), [("*****", None), (None, None), ("NaN", None), ("12.50000000", "12.5")])
def test_masked_and_missing_amounts_are_no_amounts(amount: str | None, number: str | None) -> None:
    assert decimal_of(amount) == (None if number is None else Decimal(number))


def test_an_amount_has_cents() -> None:
    assert money(Decimal("1234.5"), MARKS) == "€ 1,234.50"


@pytest.mark.parametrize(("character", "name"), [("ë", "ë"), ("\u200b", "U+200B"), ("\u00a0", "U+00A0")])
def test_a_character_that_shows_nothing_is_named_by_its_code_point(character: str, name: str) -> None:
    assert name_of(character, MARKS) == name


async def test_the_composer_names_its_destination(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        assert app.chat.talk.to.said[0] == " to Anna de Vries · 31611111111 · from 31970000000 "
        await pilot.resize_terminal(*NARROW)
        await pilot.pause()
        assert app.chat.talk.to.said[0] == " to Anna de Vries · from 31970000000 "


async def test_a_name_cannot_be_answered_and_the_text_stays(empty_world: World) -> None:
    await empty_world.hear("KPN", "your bill is ready")
    async with chatting(empty_world, notifications=True) as (app, pilot):
        await pilot.press("enter", *"why", "enter")
        await until(pilot, lambda: len(app._notifications) == 1)
        assert "cannot be answered" in app.chat.talk.to.said[0]
        assert app.chat.talk.composer.text == "why"
        assert not await sent_by_us(empty_world, "KPN")


async def test_more_than_six_segments_ask_first(world: World) -> None:
    before = len(await sent_by_us(world))
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        for key, expected in (("enter", before), ("n", before), ("escape", before), ("y", before + 1)):
            app.chat.talk.composer.load("x" * 1000)
            await pilot.press("enter")
            await until(pilot, lambda: app.screen is not app.chat)
            await pilot.press(key)
            await until(pilot, lambda: app.screen is app.chat)
            await until(pilot, lambda: not app.chat.talk._sending)
            assert len(await sent_by_us(world)) == expected
            assert bool(app.chat.talk.composer.text) is (expected == before)


async def test_the_line_of_the_peer_says_what_is_pinned_and_who_is_oneself(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        talk = app.chat.talk
        assert talk.conversation is not None
        assert talk.head.said == (" Anna de Vries  31611111111", "")
        talk.apply_conversation(replace(talk.conversation, pinned=True))
        assert talk.head.said == (" Anna de Vries  31611111111", "pinned ")

        app.chat.open(await world.call(lambda messenger: messenger.open_conversation(NUMBER)))
        assert talk.head.said == (" 31970000000 (you)", "")
        assert talk.to.said[0] == " to 31970000000 (you) · from 31970000000 "
