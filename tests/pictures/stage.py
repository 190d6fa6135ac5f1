"""The stage: the real chat over the real runtime and the demo's world, with a clock that stands still.

The rule: what it waits for is what a person would see; never a time.
"""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from smschat.runtime import Runtime, RuntimeThread
from smschat.runtime.demo import demo_plan
from smschat.ui.app import ChatApp
from smschat.ui.desk import ChatOptions
from smschat.ui.render import Marks
from tests.pictures.shot import shot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    with _nowhere(is_colourless=scene.is_colourless):
        thread = RuntimeThread(Runtime(demo_plan(folder, now=NOW), clock=lambda: NOW.astimezone(UTC)))
        thread.start()
        try:
            return await _played(scene, thread)
        finally:
            thread.stop(PATIENCE_S)


async def _played(scene: Scene, thread: RuntimeThread) -> Shot:
    options = ChatOptions(
        profile=thread.profile, number=thread.number, sender=thread.sender, theme=scene.theme, now=lambda: NOW
    )
    app = ChatApp(thread, options, marks=Marks(ascii=False))
    app.animation_level = "none"
    async with app.run_test(size=(scene.columns, scene.rows)) as pilot:
        await pilot.press(*scene.keys)
        return await _shown(scene, app, pilot)


async def _shown(scene: Scene, app: ChatApp, pilot: Pilot[int]) -> Shot:
    """The screen as soon as it shows what the scene waits for, twice in succession."""
    seen = before = None
    try:
        async with asyncio.timeout(PATIENCE_S):
            while seen is None or seen != before or not _is_there(scene, seen.text()):
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
    os.environ |= {"TZ": _ZONE} | ({"NO_COLOR": "1"} if is_colourless else {})
    time.tzset()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        time.tzset()
