"""The set-up over its real engine, in a folder of the test's own; the gateway is the stand-in or the simulator."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from textual import events

from smschat import settings as settings_module
from smschat.cli import session
from smschat.runtime import RuntimeThread
from smschat.runtime.setup import Setup
from smschat.ui.setup.app import SetupApp
from smschat.ui.setup.findings import Findings
from tests.ui.rig import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from textual.pilot import Pilot

    from smschat.settings import Settings
    from smschat.ui.render import Marks
    from smschat.ui.setup.page import Page

__all__ = ["SECRET", "Rig", "account", "make_setup", "number", "setting_up", "until"]

SECRET = "zq7-canary"
OWN = "31612345678"
PATIENCE_S = 30.0

P = TypeVar("P", bound="Page")


def make_setup(folder: Path, more: Mapping[str, str]) -> Setup:
    """The engine for a user whose home is this folder.

    Args:
        more: what stands in the environment beside that.
    """

    def load(typed: Mapping[str, str]) -> Settings:
        env = {
            "SMSCHAT_CONFIG_DIR": str(folder / "config"),
            "SMSCHAT_DATA_DIR": str(folder / "data"),
            "XDG_CONFIG_HOME": str(folder / "nothing"),
            "HOME": str(folder),
        }
        return settings_module.load({}, {**env, **more, **typed})

    return Setup(load, session.plan_of)


class Rig:
    """The set-up on a screen."""

    def __init__(self, app: SetupApp, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def page(self) -> Page:
        """The one that is shown."""
        return self.app.page

    def of(self, kind: type[P]) -> P:
        """A page, shown or not."""
        return self.app.query_one(kind)

    async def type(self, *words: str) -> None:
        """Keys by their names; what is no name of one is pasted, and a character typed."""
        for word in words:
            if word in KEYS or len(word) == 1:
                await self.pilot.press(word)
            else:
                self.app.post_message(events.Paste(word))
                await self.pilot.pause()
        await self.pilot.pause()

    async def until_page(self, name: str) -> None:
        """Wait until a page is shown and has the focus."""
        async with asyncio.timeout(PATIENCE_S):
            await until(self.pilot, lambda: self.page.name_of == name and self._has_focus())

    def _has_focus(self) -> bool:
        focused = self.app.focused
        return focused is not None and self.page in focused.ancestors

    async def until_said(self, words: str) -> str:
        """Wait until the page's findings say this; all that they say."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await until(self.pilot, lambda: words in self.said)
        except TimeoutError:
            raise AssertionError(f"{words!r} was never said; the screen is\n{self.text()}") from None
        return self.said

    @property
    def said(self) -> str:
        """What the findings of the page say."""
        return "\n".join(found.said for found in self.page.query(Findings) if found.display)

    def rows(self) -> list[str]:
        """The screen, row by row."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]

    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.rows())

    def words(self) -> str:
        """The words of the page, without the lines' ends and frames between them."""
        region = self.page.region
        rows = [row[region.x : region.right] for row in self.rows()[region.y : region.bottom]]
        return " ".join(word for row in rows for word in row.split() if word not in {"│", "|"})


KEYS = {"enter", "tab", "shift+tab", "escape", "up", "down", "left", "right", "space", "ctrl+n", "ctrl+q", "ctrl+c",
        "ctrl+x", "ctrl+u", "backspace", "pagedown", "pageup", "home"}  # fmt: skip


@asynccontextmanager
async def setting_up(
    setup: Setup, size: tuple[int, int] = (120, 36), *, marks: Marks | None = None, has_chat: bool = False
) -> AsyncIterator[Rig]:
    """The set-up on a screen of this size; every thread of it ends with it."""
    app = SetupApp(setup, marks=marks, has_chat=has_chat)
    try:
        async with app.run_test(size=size) as pilot:
            rig = Rig(app, pilot)
            await rig.until_page("account")
            yield rig
    finally:
        ended = app.return_value
        if isinstance(ended, RuntimeThread):
            ended.stop(30)
        assert await asyncio.to_thread(app.close, 30)


async def account(rig: Rig, secret: str = SECRET) -> None:
    """Fill in the first step, and go on."""
    await rig.type("an-id", "enter", secret, "enter")
    await rig.until_page("number")


async def number(rig: Rig, own: str = OWN) -> None:
    """Fill in the second step, the secret for this run only, and go on."""
    await rig.type(own, "enter")
    await rig.type("down", "space", "enter")
    await rig.until_page("tunnel")
