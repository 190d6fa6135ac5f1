"""Keys that keep conversations in order, each from its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import TextArea

from smschat.domain.conversation import Filter, Shelf
from smschat.ui.screens.confirm import Confirm
from smschat.ui.screens.contact import ContactScreen
from smschat.ui.widgets.form import Field
from tests.ui.rig import ANNA, BAKKER, NARROW, WIDE, chatting, until

if TYPE_CHECKING:
    from smschat.domain.conversation import Conversation
    from tests.ui.rig import World


async def kept(world: World, peer: str = ANNA) -> Conversation:
    row = await world.call(lambda messenger: messenger.conversation(peer))
    assert row is not None
    return row


async def peers(world: World, shelf: Shelf = Shelf.ACTIVE) -> list[str]:
    return [row.peer for row in await world.call(lambda messenger: messenger.conversations(wanted=Filter(shelf=shelf)))]


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize(("key", "mark"), [("p", "pinned"), ("m", "muted")])
async def test_a_mark_is_turned_on_and_off_in_the_list(
    world: World, key: str, mark: str, size: tuple[int, int]
) -> None:
    async with chatting(world, size) as (app, pilot):
        await pilot.press(key)
        await until(pilot, lambda: getattr(app.chat.chats.conversation(ANNA), mark))
        assert getattr(await kept(world), mark)
        await pilot.press(key)
        await until(pilot, lambda: not getattr(app.chat.chats.conversation(ANNA), mark))
        assert not getattr(await kept(world), mark)


async def test_the_marks_are_those_of_the_open_conversation_in_the_messages(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("j", "enter", "escape", "m")
        await until(pilot, lambda: app.chat.chats.conversation(BAKKER).muted)  # type: ignore[union-attr]
        assert (await kept(world, BAKKER)).muted
        assert not (await kept(world, ANNA)).muted


async def test_an_archived_conversation_leaves_the_list_and_the_cursor_takes_the_next(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("a")
        await until(pilot, lambda: app.chat.chats.cursor_peer == BAKKER)
        assert await peers(world, Shelf.ARCHIVED) == [ANNA]
        await world.hear(ANNA, "still there?")
        await until(pilot, lambda: app.chat.chats.conversation(ANNA) is not None)
        assert await peers(world, Shelf.ARCHIVED) == []


async def test_a_conversation_is_marked_unread_and_read_again(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "escape")
        await until(pilot, lambda: app.chat.chats.conversation(ANNA).unread == 0)  # type: ignore[union-attr]
        await pilot.press("u")
        await until(pilot, lambda: app.chat.chats.conversation(ANNA).marked_unread)  # type: ignore[union-attr]
        assert (await kept(world)).is_unread
        await pilot.press("u")
        await until(pilot, lambda: not app.chat.chats.conversation(ANNA).is_unread)  # type: ignore[union-attr]
        assert not (await kept(world)).is_unread


async def test_everything_is_read_at_once(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("U")
        await until(pilot, lambda: app.chat.chats.conversation(BAKKER).unread == 0)  # type: ignore[union-attr]
        assert (await world.call(lambda messenger: messenger.totals())).unread == 0


async def test_blocking_asks_and_puts_away_what_comes(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("B")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.chat)
        assert not (await kept(world)).blocked
        await pilot.press("B")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: app.chat.chats.conversation(ANNA) is None)
        await world.hear(ANNA, "hello?")
        assert (await kept(world)).unread == 0
        assert ANNA not in await peers(world)


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_deleting_a_conversation_asks_and_is_for_good(world: World, size: tuple[int, int]) -> None:
    async with chatting(world, size) as (app, pilot):
        await pilot.press("j", "d")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        await until(pilot, lambda: app.screen is app.chat)
        assert BAKKER in await peers(world)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: app.chat.chats.conversation(BAKKER) is None)
        assert BAKKER not in await peers(world)
        assert app.chat.talk.peer != BAKKER


async def test_a_conversation_that_is_open_and_deleted_elsewhere_closes(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("j", "enter")
        await until(pilot, lambda: app.chat.talk.peer == BAKKER)
        await world.call(lambda messenger: messenger.keeping.delete_conversation(BAKKER))
        await until(pilot, lambda: app.focused is app.chat.chats)
        await until(pilot, lambda: app.chat.talk.peer not in {BAKKER, None})


async def test_one_sms_is_deleted_and_the_cursor_takes_the_next(world: World) -> None:
    await world.hear(BAKKER, "or not?")
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "escape", "k", "d")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        messages = app.chat.talk.messages
        await until(pilot, lambda: messages.selected is not None and messages.selected.text == "or not?")
        texts = [sms.text for sms in await world.call(lambda messenger: messenger.transcript(BAKKER))]
        assert texts == ["or not?"]


async def test_r_answers_what_came_in(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("j", "enter", "escape", "r")
        assert app.focused is app.chat.talk.composer


async def test_a_contact_is_renamed_and_noted_from_the_chat(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, ContactScreen))
        screen = app.screen
        screen.query_one(Field).line.value = "Anna  Visser"
        screen.query_one(TextArea).text = "two\nlines"
        await pilot.press("f2")
        await until(pilot, lambda: app.screen is app.chat)
        await until(pilot, lambda: app.chat.chats.conversation(ANNA).name == "Anna Visser")  # type: ignore[union-attr]
        await until(pilot, lambda: "Anna Visser" in app.chat.talk.head.said[0])
        contact = await world.call(lambda messenger: messenger.contacts.of(ANNA))
        assert contact is not None
        assert (contact.name, contact.notes) == ("Anna Visser", "two\nlines")


async def test_leaving_a_changed_contact_asks(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, ContactScreen))
        await pilot.press("x", "escape")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ContactScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: app.screen is app.chat)
        assert (await kept(world)).name == "Anna de Vries"


async def test_the_marks_of_a_contact_are_turned_by_the_arrows(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, ContactScreen))
        await pilot.press("tab", "tab", "right", "f2")
        await until(pilot, lambda: app.screen is app.chat)
        assert (await kept(world)).pinned
