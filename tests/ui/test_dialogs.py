"""Every dialog says on its own face how to leave it, however small the terminal is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui.rig import MIDDLE, NARROW, WIDE, chatting, until

if TYPE_CHECKING:
    from smschat.ui.app import ChatApp
    from tests.ui.rig import World

FROM_LIST = ("f1", "f2", "f5", "f9", "ctrl+n", "ctrl+g", "ctrl+f", "alt+n")
FROM_MESSAGES = ("enter", "t", "w", "d")
FROM_COMPOSER = ("f6", "f12")


def last_line_with_a_key(app: ChatApp) -> str:
    """What the screen over the chat says of Esc; empty: nothing."""
    lines = [strip.text for strip in app.screen._compositor.render_strips()]
    return next((line for line in reversed(lines) if "Esc" in line), "")


ALL = [
    *[(key,) for key in FROM_LIST],
    *[("enter", "escape", key) for key in FROM_MESSAGES],
    *[("enter", "h", "i", key) for key in FROM_COMPOSER],
]
BESIDE = {"w"}
"""What stands beside the conversation where there is room, and is no dialog there."""


@pytest.mark.parametrize(
    ("keys", "size"),
    [(keys, size) for keys in ALL for size in (WIDE, MIDDLE, NARROW) if size == NARROW or keys[-1] not in BESIDE],
    ids=lambda value: "+".join(value) if isinstance(value[0], str) else "x".join(map(str, value)),
)
async def test_a_dialog_says_how_to_leave_it(world: World, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    async with chatting(world, size) as (app, pilot):
        await pilot.press(*keys)
        await until(pilot, lambda: app.screen is not app.chat)
        await until(pilot, lambda: bool(last_line_with_a_key(app)))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)
