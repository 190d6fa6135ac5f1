"""The chat of a production account, online, over the strict stand-in; and its numbers screen."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from smschat.domain.identity import Identity
from smschat.gateway import KpnGateway
from smschat.runtime import Plan, Runtime
from smschat.settings import Secret
from smschat.tunnel import LocalTunnel
from smschat.ui.app import ChatApp
from smschat.ui.desk import ChatOptions
from smschat.ui.screens.numbers import NumbersScreen
from tests.idle import Awaited
from tests.ui.reading import NOW
from tests.ui.rig import PATIENCE_S, WIDE, is_loaded, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.standin import Standin

MINE, OTHER, FREE = "3197000000001", "3197000000002", "3197000000009"
THEIRS = "https://other.example/sms/secret-token"


def production_thread(folder: Path, standin: Standin) -> Awaited:
    """The runtime of an account whose number is `MINE`, started."""

    def make_gateway() -> KpnGateway:
        return KpnGateway(api_url=standin.url, client_id="demo", client_secret=Secret("zq7-secret"))

    plan = Plan(
        profile="test",
        store_path=folder / "test.db",
        identity=Identity(number=MINE, sender=MINE, country="NL", is_test=False),
        make_gateway=make_gateway,
        tunnel=LocalTunnel(),
    )
    thread = Awaited(Runtime(plan))
    thread.start()
    return thread


@asynccontextmanager
async def online(
    folder: Path, standin: Standin, size: tuple[int, int] = WIDE, *, notifications: bool = False
) -> AsyncIterator[tuple[ChatApp, Pilot[int]]]:
    """The chat, on a screen of this size."""
    thread = production_thread(folder, standin)
    options = ChatOptions(profile="test", number=MINE, sender=MINE, now=lambda: NOW)
    app = ChatApp(thread, options)
    try:
        async with app.run_test(size=size, notifications=notifications) as pilot:
            await until(pilot, lambda: is_loaded(app))
            yield app, pilot
    finally:
        thread.stop(PATIENCE_S)


@asynccontextmanager
async def numbers_screen(
    folder: Path, standin: Standin, size: tuple[int, int] = WIDE
) -> AsyncIterator[tuple[NumbersScreen, Pilot[int]]]:
    """The numbers screen, the own numbers read."""
    async with online(folder, standin, size) as (app, pilot):
        await pilot.press("alt+n")
        await until(pilot, lambda: isinstance(app.screen, NumbersScreen))
        screen = app.screen
        assert isinstance(screen, NumbersScreen)
        await until(pilot, lambda: (screen.is_mounted and screen.said != "") or screen.number is not None)
        if "not online yet" in screen.said:
            await pilot.press("r")
        await until(pilot, lambda: "reading" not in screen.said)
        yield screen, pilot
