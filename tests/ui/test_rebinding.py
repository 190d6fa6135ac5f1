"""Keys of the user's own: taken where they can be, and told where they cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import Binding
from textual.widgets import TextArea

from smschat.runtime.preferences import Preferences
from smschat.ui.rebinding import _WRITING, rebinding_of
from smschat.ui.screens.help import Help
from tests.ui.rig import ANNA, PATIENCE_S, World, chatting, people, runtime_thread, until

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("action", "text", "keys"),
    [
        ("quit", "ctrl+z", None),
        ("quit", "f10", ("f10",)),
        ("help", "F1, Alt+H", ("f1", "alt+H")),
        ("conversation.pin", "m", None),
        ("conversation.pin", "space", ("space",)),
        ("message.link", "!", ("exclamation_mark",)),
        ("message.link", "enter", None),
        ("composer.send", "ctrl+j", None),
        ("theme", "f11", ("f11",)),
        ("numbers.search", "f", ("f",)),
        ("search.all", "ctrl+i", None),
        ("quit", "q", None),
        ("no.such", "f10", None),
        ("quit", "hyper+x", None),
        ("quit", "", None),
    ],
)
def test_a_key_is_taken_or_refused_with_a_reason(action: str, text: str, keys: tuple[str, ...] | None) -> None:
    rebinding = rebinding_of({action: text})
    assert rebinding.keys.get(action) == keys
    assert (len(rebinding.problems) == 0) is (keys is not None)
    assert all(action in problem for problem in rebinding.problems)


def test_two_actions_can_swap_their_keys() -> None:
    rebinding = rebinding_of({"conversation.pin": "m", "conversation.mute": "p"})
    assert rebinding.problems == ()


def test_the_same_key_twice_is_a_clash() -> None:
    rebinding = rebinding_of({"conversation.pin": "f11", "conversation.mute": "f11"})
    assert len(rebinding.problems) == 2 - len(rebinding.keys)
    assert rebinding.problems


def test_what_the_text_area_needs_is_known() -> None:
    own = {key for b in TextArea.BINDINGS if isinstance(b, Binding) for key in b.key.split(",")}
    assert own & {"up", "ctrl+z", "ctrl+u", "ctrl+k"} <= _WRITING


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_wish_is_too_strange(action: str, text: str) -> None:
    rebinding_of({action: text, "quit": text})


async def test_rebound_keys_act_and_stand_in_hints_help_and_palette(tmp_path: Path) -> None:
    wishes = {"conversation.pin": "f11", "help": "f10", "theme": "alt+t", "no.such": "x"}
    thread = runtime_thread(tmp_path, Preferences(keys=wishes))
    try:
        world = World(thread)
        await people(world)
        async with chatting(world, notifications=True) as (app, pilot):
            assert any("no.such" in notice.message for notice in app._notifications)
            await pilot.press("p")
            await pilot.press("f11")
            await until(pilot, lambda: app.chat.chats.conversation(ANNA).pinned)  # type: ignore[union-attr]
            assert "F10 help" in app.chat.talk.foot.said[1]
            await pilot.press("f1")
            assert app.screen is app.chat
            await pilot.press("f10")
            await until(pilot, lambda: isinstance(app.screen, Help))
    finally:
        thread.stop(PATIENCE_S)
