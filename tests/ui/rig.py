"""The chat over the real runtime, messenger and store, in a folder of the test's own; only the network is missing."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from smschat.domain.callbacks import Inbound, RawCallback
from smschat.domain.identity import Identity
from smschat.errors import SettingsError
from smschat.runtime import Plan, Runtime
from smschat.tunnel import NoTunnel
from smschat.ui.app import ChatApp
from smschat.ui.desk import ChatOptions
from tests.idle import Awaited
from tests.ui.reading import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
    from pathlib import Path

    from textual.pilot import Pilot

    from smschat.gateway import KpnGateway
    from smschat.messaging.messenger import Messenger
    from smschat.runtime import Preferences
    from smschat.store import SqliteStore

T = TypeVar("T")

NUMBER = "31970000000"
ANNA = "31611111111"
BAKKER = "31622222222"
CARLA = "31633333333"
WIDE, MIDDLE, NARROW = (120, 36), (80, 24), (50, 20)

PATIENCE_S = 60.0
"""Seconds that only a broken program needs."""


class Offline(Awaited):
    """The runtime with its store, and without the network."""

    went_online = 0

    def go_online(self) -> None:
        """Remember that it was asked for."""
        self.went_online += 1


def no_gateway() -> KpnGateway:
    """Nobody may ask for it."""
    raise SettingsError("there is no gateway in this test")


def runtime_thread(folder: Path, preferences: Preferences | None = None) -> Offline:
    """A runtime over an empty store, started."""
    identity = Identity(number=NUMBER, sender=NUMBER, country="NL")
    plan = Plan(
        profile="test", store_path=folder / "test.db", identity=identity, make_gateway=no_gateway, tunnel=NoTunnel()
    )
    thread = Offline(Runtime(plan, clock=lambda: NOW.astimezone(UTC)), preferences)
    thread.start()
    return thread


class World:
    """What happened before, and happens during, a test."""

    def __init__(self, thread: Offline) -> None:
        self.thread = thread
        self._ids: Iterator[int] = iter(range(1, 1_000_000))

    async def hear(self, peer: str, text: str, *, to: str = NUMBER) -> None:
        """An SMS comes in."""
        number = next(self._ids)
        raw = RawCallback(received_at=datetime.now(UTC), method="POST", body=str(number).encode())
        meaning = Inbound(message_id=f"m{number}", sender=peer, recipient=to, text=text)
        await self.call(lambda messenger: messenger.take_callback(raw, meaning))

    async def name(self, peer: str, name: str) -> None:
        """Somebody has a name."""
        await self.run(lambda store: store.open_conversation(peer, name=name))

    async def run(self, do: Callable[[SqliteStore], Coroutine[Any, Any, T]]) -> T:
        """Do something to the store that the messenger does not."""
        return await asyncio.wrap_future(self.thread.submit(lambda _: do(self.thread.runtime.store)))

    async def call(self, do: Callable[[Messenger], Coroutine[Any, Any, T]]) -> T:
        """Ask the messenger."""
        return await asyncio.wrap_future(self.thread.submit(do))


async def people(world: World) -> None:
    """Three conversations; Anna's is the newest, and Bakker has written last."""
    await world.hear(CARLA, "call me")
    await world.hear(BAKKER, "is it ready?")
    await world.hear(ANNA, "hi, is the demo still on?")
    await world.call(lambda messenger: messenger.send(ANNA, "yes, room 4.12 at three"))
    await world.name(ANNA, "Anna de Vries")
    await world.name(BAKKER, "Bakker BV")


def chat_options(thread: Offline) -> ChatOptions:
    """What the runtime knows, and a clock that stands still."""
    return replace(ChatOptions.of(thread), report_folder=None, now=lambda: NOW)


def chat_app(thread: Offline) -> ChatApp:
    """The chat over it."""
    return ChatApp(thread, chat_options(thread))


@asynccontextmanager
async def chatting(
    world: World, size: tuple[int, int] = WIDE, *, notifications: bool = False
) -> AsyncIterator[tuple[ChatApp, Pilot[int]]]:
    """The chat on a screen of this size, its list loaded."""
    app = chat_app(world.thread)
    async with app.run_test(size=size, notifications=notifications) as pilot:
        await until(pilot, lambda: is_loaded(app))
        await pilot.pause()
        yield app, pilot


def is_loaded(app: ChatApp) -> bool:
    """Whether the list was read: on a busy machine keys do not wait for that longer than a person would."""
    return app.is_ready and not any(worker.group == "load" for worker in app.workers)


async def until(pilot: Pilot[int], holds: Callable[[], bool]) -> None:
    """Wait for a condition, and not for ever: pytest's own limit would end all the other tests as well."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            await pilot.pause()
