"""What the chat writes to the terminal when SMS come that nobody looks at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smschat.domain.changes import SmsChanged
from smschat.domain.conversation import Flags
from smschat.domain.delivery import Status
from smschat.ui.bridge import Taken
from smschat.ui.telling import Telling, is_watched
from tests.ui.reading import NOW
from tests.ui.rig import ANNA, BAKKER, chatting, until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from smschat.domain.sms import Sms
    from smschat.ui.app import ChatApp
    from tests.ui.rig import World


@pytest.fixture
def modern(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that takes notifications, of which no more is known."""
    monkeypatch.setenv("TERM", "xterm-256color")


class Told:
    """A teller whose time passes when the test says so."""

    def __init__(self, app: ChatApp, *, is_seen: bool = False) -> None:
        self.written: list[str] = []
        self._due: list[Callable[[], Awaitable[None]]] = []
        self._telling = Telling(
            app.desk,
            later=lambda _, call: self._due.append(call),
            is_seen=lambda _: is_seen,
            write=self.written.append,
        )

    def hear(self, *news: Sms) -> None:
        self._telling.hear(Taken(changes=tuple(SmsChanged(sms) for sms in news)))

    async def rest(self) -> None:
        """Let time pass until nothing is due."""
        while self._due:
            await self._due.pop(0)()


async def newest(app: ChatApp, peer: str = ANNA) -> Sms:
    (sms,) = await app.bridge.call(lambda messenger: messenger.inbound(peer=peer, limit=1))
    return replace(sms, created_at=NOW, updated_at=NOW)


def several(sms: Sms, count: int) -> list[Sms]:
    return [replace(sms, id=f"{number:032x}", seq=sms.seq + number) for number in range(count)]


async def test_twenty_sms_that_come_one_after_the_other_are_one_notice(world: World, modern: None) -> None:
    async with chatting(world) as (app, _):
        told = Told(app)
        for sms in several(await newest(app), 20):
            told.hear(sms)
        await told.rest()
        assert len(told.written) == 1
        assert "Anna de Vries: 20 SMS" in told.written[0]


async def test_the_same_sms_is_told_once_however_often_it_changes(world: World, modern: None) -> None:
    async with chatting(world) as (app, _):
        told, sms = Told(app), await newest(app)
        for status in (Status.PARTIAL, Status.RECEIVED, Status.RECEIVED):
            told.hear(replace(sms, status=status))
            await told.rest()
        assert len(told.written) == 1


async def test_a_stream_that_never_rests_is_told_all_the_same(world: World, modern: None) -> None:
    async with chatting(world) as (app, _):
        told = Told(app)
        for sms in several(await newest(app), 40):
            told.hear(sms)
            if told._due:
                await told._due.pop(0)()
        assert told.written


async def test_muted_and_watched_ones_are_quiet(world: World, modern: None) -> None:
    async with chatting(world) as (app, _):
        await world.call(lambda messenger: messenger.keeping.change(BAKKER, Flags(muted=True)))
        told = Told(app)
        told.hear(await newest(app, BAKKER))
        await told.rest()
        assert told.written == []
        watched = Told(app, is_seen=True)
        watched.hear(await newest(app))
        await watched.rest()
        assert watched.written == []


async def test_the_mask_covers_who_and_what(world: World, modern: None) -> None:
    async with chatting(world) as (app, _):
        app.desk.mask.is_on = True
        told = Told(app)
        told.hear(await newest(app))
        await told.rest()
        (written,) = told.written
        assert "Anna" not in written
        assert "demo" not in written
        assert "*" in written


async def test_old_sms_that_an_import_brings_are_not_told(world: World, modern: None) -> None:
    async with chatting(world) as (app, _):
        told, sms = Told(app), await newest(app)
        told.hear(replace(sms, created_at=NOW.replace(year=2020)))
        await told.rest()
        assert told.written == []


async def test_a_conversation_is_watched_when_it_is_open_in_a_focused_terminal_and_not_covered(world: World) -> None:
    async with chatting(world) as (app, pilot):
        talk, sms = app.chat.talk, await newest(app)
        seen = []

        async def look(*keys: str) -> None:
            await pilot.press(*keys)
            await pilot.pause()
            seen.append(is_watched(talk, sms))

        await look()
        await look("enter")
        await look("f1")
        await look("escape")
        app.app_focus = False
        seen.append(is_watched(talk, sms))
        assert seen == [False, True, False, True, False]


@pytest.mark.parametrize("key", ["f1", "f5", "f9"])
async def test_what_comes_under_another_screen_is_read_when_that_is_gone(world: World, key: str) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: (held := app.chat.chats.conversation(ANNA)) is not None and not held.is_unread)
        await pilot.press(key)
        await until(pilot, lambda: app.screen is not app.chat)
        await world.hear(ANNA, "under it")
        await until(pilot, lambda: (held := app.chat.chats.conversation(ANNA)) is not None and held.unread == 1)
        for _ in range(10):
            await pilot.pause()
        held = app.chat.chats.conversation(ANNA)
        assert held is not None
        assert held.unread == 1
        await pilot.press("escape")
        await until(pilot, lambda: (held := app.chat.chats.conversation(ANNA)) is not None and not held.is_unread)
