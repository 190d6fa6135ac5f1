"""The stage: the real chat and the real set-up over the real runtime, with a clock that stands still.

The rule: what it waits for is what a person would see; never a time.
"""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

from smschat.runtime import Preferences, Runtime
from smschat.runtime.demo import demo_plan
from smschat.ui.app import ChatApp
from smschat.ui.desk import ChatOptions
from smschat.ui.render import Marks
from smschat.ui.setup.app import SetupApp
from smschat.ui.setup.trip import TripPage
from tests.idle import Awaited, unhurried
from tests.pictures.newcomer import newcomer
from tests.pictures.past import Clock, live_through, steadied
from tests.pictures.scenes import Seen
from tests.pictures.shot import shot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from textual.app import App
    from textual.pilot import Pilot

    from tests.pictures.scenes import Scene
    from tests.pictures.shot import Shot

NOW: Final = datetime(2026, 5, 12, 14, 32, tzinfo=timezone(timedelta(hours=2)))
PATIENCE_S: Final = 45.0
"""Seconds that only a broken program needs."""

_ZONE: Final = "CEST-2"
"""The zone of NOW as every machine understands it, with or without a time zone database."""

_FORGOTTEN: Final = ("SMSCHAT_", "TEXTUAL", "NO_COLOR", "FORCE_COLOR", "COLORTERM", "UNICODE_VERSION")


async def play(scene: Scene, folder: Path) -> Shot:
    """Play a scene in an empty folder; what the screen shows at its end."""
    with _nowhere(is_colourless=scene.is_colourless), unhurried():
        if scene.is_setup:
            return await _set_up(scene, folder)
        clock = Clock(NOW)
        thread = Awaited(Runtime(demo_plan(folder, now=NOW), clock=clock))
        thread.start()
        try:
            if scene.has_past:
                await asyncio.wrap_future(thread.run(lambda runtime: live_through(runtime.store, clock)))
            return steadied(await _played(scene, thread))
        finally:
            thread.stop(PATIENCE_S)


async def _played(scene: Scene, thread: Awaited) -> Shot:
    options = ChatOptions(
        profile=thread.profile,
        number=thread.number,
        sender=thread.sender,
        now=lambda: NOW,
        preferences=Preferences(theme=scene.theme),
    )
    app = ChatApp(thread, options, marks=Marks(ascii=False))
    app.animation_level = "none"
    async with app.run_test(size=(scene.columns, scene.rows)) as pilot:
        return await _typed_and_shown(scene, app, pilot)


async def _set_up(scene: Scene, folder: Path) -> Shot:
    async with newcomer(folder) as setup:
        app = SetupApp(setup, theme=scene.theme, marks=Marks(ascii=False))
        app.animation_level = "none"
        try:
            async with app.run_test(size=(scene.columns, scene.rows)) as pilot:
                return await _typed_and_shown(scene, app, pilot)
        finally:
            await asyncio.to_thread(app.close, PATIENCE_S)


async def _typed_and_shown(scene: Scene, app: App[Any], pilot: Pilot[Any]) -> Shot:
    for key in scene.keys:
        if isinstance(key, Seen):
            await _until(scene, app, pilot, lambda text, wanted=key: wanted in text)  # type: ignore[misc]  # bound now
        else:
            while isinstance(app, SetupApp) and isinstance(app.page, TripPage) and not app.page.is_armed:
                await pilot.pause()
            await pilot.press(key)
    return await _until(scene, app, pilot, lambda text: _is_there(scene, text))


async def _until(scene: Scene, app: App[Any], pilot: Pilot[Any], is_there: Callable[[str], bool]) -> Shot:
    """The screen as soon as it shows what is waited for, twice in succession."""
    seen = before = None
    try:
        async with asyncio.timeout(PATIENCE_S):
            while seen is None or seen != before or not is_there(seen.text()):
                await pilot.pause()
                seen, before = shot(app.export_screenshot(), columns=scene.columns, rows=scene.rows), seen
    except TimeoutError:
        shown = "nothing" if seen is None else seen.text()
        raise AssertionError(f"{scene.name}: {scene.shows} did not come; the screen is\n{shown}") from None
    return seen


def _is_there(scene: Scene, text: str) -> bool:
    return all(wanted in text for wanted in scene.shows) and not any(gone in text for gone in scene.hides)


@contextmanager
def _nowhere(*, is_colourless: bool) -> Iterator[None]:
    """Nothing of this machine's environment, and the time zone of the scene."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(_FORGOTTEN):
            del os.environ[name]
    os.environ |= {"TZ": _ZONE, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    os.environ |= {"NO_COLOR": "1"} if is_colourless else {}
    time.tzset()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        time.tzset()
