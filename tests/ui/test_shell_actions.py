"""The action table, and all that is made of it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from textual.binding import Binding
from textual.command import CommandPalette
from textual.widgets import OptionList, Static, TextArea

from smschat.domain.delivery import Status
from smschat.ui import keys as key_words
from smschat.ui.actions import ACTIONS, BY_ID, Where
from smschat.ui.keys import NEWLINE_ON_ENTER
from smschat.ui.palette import Commands
from smschat.ui.screens.help import Help, grouped
from smschat.ui.screens.new_conversation import NewConversation
from smschat.ui.screens.numbers import NumbersScreen
from smschat.ui.widgets.number_list import NumberList
from smschat.ui.widgets.wire_pane import WireLines
from tests.ui.rig import ANNA, BAKKER, NARROW, WIDE, chatting, until

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.pilot import Pilot

    from smschat.ui.actions import Action
    from smschat.ui.app import ChatApp
    from tests.ui.rig import World

TAKEN = {
    "ctrl+f": "searches; ctrl+delete deletes the next word as well",
    "f6": "sends later; Home and shift+End select a line",
    "f7": "takes back; the palette selects all",
}
"""Keys of the text area that are ours all the same, and what does what they did."""

NEVER = {"ctrl+i", "ctrl+m", "ctrl+left_square_bracket", "ctrl+["}


async def reached(app: ChatApp, pilot: Pilot[int], where: Where) -> DOMNode:
    """The pane in which keys act; the numbers stand on a screen of their own, which stays."""
    if where is Where.NUMBERS:
        app.action_numbers()
        await until(pilot, lambda: isinstance(app.screen, NumbersScreen) and bool(app.screen.query(NumberList)))
        return app.screen.query_one(NumberList)
    if where is Where.WIRE:
        await app.chat.action_wire()
        await until(pilot, lambda: app.chat.wire is not None and app.chat.wire.is_mounted)
        return app.chat.query_one(WireLines)
    talk = app.chat.talk
    panes: dict[Where, DOMNode] = {
        Where.EVERYWHERE: app.chat,
        Where.LIST: app.chat.chats,
        Where.MESSAGES: talk.messages,
        Where.COMPOSER: talk.composer,
    }
    return panes[where]


async def test_every_action_of_the_table_can_be_carried_out(world: World) -> None:
    async with chatting(world) as (app, pilot):
        for where in Where:
            place = await reached(app, pilot, where)
            for action in (action for action in ACTIONS if where in action.where):
                target, name, _args = app._parse_action(action.method, place)
                assert callable(getattr(target, f"action_{name}", None)), action.id


async def test_every_key_of_the_table_is_bound_where_it_says(world: World) -> None:
    async with chatting(world) as (app, pilot):
        for where in Where:
            bound = (await reached(app, pilot, where))._bindings.key_to_bindings
            for action in (action for action in ACTIONS if where in action.where):
                assert all(action.id in {b.id for b in bound.get(key, [])} for key in action.keys), action.id


@pytest.mark.parametrize("where", list(Where))
def test_no_key_means_two_things_in_one_place(where: Where) -> None:
    keys = [key for action in ACTIONS if {where, Where.EVERYWHERE} & set(action.where) for key in action.keys]
    assert len(keys) == len(set(keys))


def test_no_key_is_bound_that_terminals_cannot_tell_from_another() -> None:
    assert not NEVER & {key for action in ACTIONS for key in action.keys}


def test_the_text_area_keeps_its_own_keys() -> None:
    own = {key for b in TextArea.BINDINGS if isinstance(b, Binding) for key in b.key.split(",")}
    ours = {key for a in ACTIONS if {Where.EVERYWHERE, Where.COMPOSER} & set(a.where) for key in a.keys}
    assert own & ours <= set(TAKEN)


def test_what_a_terminal_may_keep_to_itself_has_a_second_way() -> None:
    at_risk = [a for a in ACTIONS if any(key.startswith("alt+") or key in {"ctrl+b", "f1"} for key in a.keys)]
    assert at_risk
    assert all(action.in_palette for action in at_risk)


def test_single_letters_act_in_panes_only() -> None:
    letters = [a for a in ACTIONS if any(len(key) == 1 for key in a.keys)]
    assert all(set(a.where) <= {Where.LIST, Where.MESSAGES, Where.WIRE, Where.NUMBERS} for a in letters)


@pytest.mark.parametrize(
    ("key", "name"),
    [("alt+down", "alt+↓"), ("f1", "F1"), ("f", "f"), ("escape", "Esc"), ("question_mark", "?"), ("G", "G")],
)
def test_a_key_is_written_as_people_write_it(key: str, name: str) -> None:
    assert key_words.key_name(key) == name


def test_the_rows_are_the_table() -> None:
    rows = key_words.rows()
    assert len(rows) == len(ACTIONS)
    assert ("composer", "Enter", BY_ID["composer.send"].help) in rows
    assert ("everywhere", "ctrl+p theme", BY_ID["theme"].help) in rows
    assert ("composer", "ctrl+j", BY_ID["composer.send"].help) in key_words.rows(NEWLINE_ON_ENTER)


def test_listing_the_keys_loads_no_textual() -> None:
    code = "import sys, smschat.ui.keys; print(sorted(m for m in sys.modules if m in ('textual', 'rich')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_the_help_lists_the_table_and_nothing_else(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("f1")
        assert isinstance(app.screen, Help)
        shown = [" ".join(str(cell.render()) for cell in row.query(Static)) for row in app.screen.query(".key")]
        expected = [(keys, text) for _, group in grouped(key_words.rows(), "list") for keys, text in group]
        assert len(shown) == len(ACTIONS)
        assert all(keys in line and text in line for line, (keys, text) in zip(shown, expected, strict=True))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)


@pytest.mark.parametrize(("place_keys", "opens"), [([], True), (["tab"], True), (["enter"], False)])
async def test_a_question_mark_is_help_outside_text_only(world: World, place_keys: list[str], opens: bool) -> None:  # noqa: FBT001 - a case
    async with chatting(world) as (app, pilot):
        await pilot.press(*place_keys, "question_mark")
        assert isinstance(app.screen, Help) is opens
        assert app.chat.talk.composer.text == ("" if opens else "?")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_hints_name_keys_that_act_where_the_focus_is(world: World, size: tuple[int, int]) -> None:
    async with chatting(world, size) as (app, pilot):
        for keys in ([], ["enter"], ["escape"]):
            await pilot.press(*keys)
            await pilot.pause()
            focused = app.focused
            assert focused is not None
            bar = app.chat.totals if focused is app.chat.chats and size == NARROW else app.chat.talk.foot
            bound = {
                key_words.key_name(key)
                for _, bindings in app.screen._binding_chain
                for key in bindings.key_to_bindings
            }  # fmt: skip
            hinted = [hint.split(" ")[0] for hint in bar.said[1].strip().split("  ")]
            assert hinted[-1] == "F1"
            assert set(hinted) <= bound


async def commands(app: ChatApp, query: str) -> list[str]:
    provider = Commands(app.chat)
    provider._post_init()
    return [str(hit.text or hit.prompt) async for hit in provider._search(query)]


async def test_the_palette_offers_every_command_of_the_table(world: World) -> None:
    async with chatting(world) as (app, _):
        assert await commands(app, "") == [action.label for action in ACTIONS if action.in_palette]
        assert await commands(app, "nxt cnv") == ["Next conversation"]


async def choose(pilot: Pilot[int], app: ChatApp, label: str) -> None:
    await pilot.press("ctrl+p")
    await until(pilot, lambda: isinstance(app.screen, CommandPalette))
    await pilot.press(*label.replace(" ", ""))
    await until(pilot, lambda: app.screen.query_one(OptionList).option_count == 1)
    await pilot.press("enter")


async def test_a_command_of_the_palette_acts_on_the_chat(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await choose(pilot, app, "Next conversation")
        await until(pilot, lambda: app.chat.talk.peer == BAKKER and app.chat.talk.is_open)


async def test_the_palette_can_replace_what_forces_ucs2(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "ë")
        await choose(pilot, app, "Plain text")
        await until(pilot, lambda: app.chat.talk.composer.text == "e")


async def test_every_command_of_the_palette_can_be_carried_out(world: World) -> None:
    def works(action: Action) -> bool:
        return action.in_palette and action.id not in {"quit", "theme"}

    for action in filter(works, ACTIONS):
        async with chatting(world) as (app, pilot):
            await pilot.press("enter")
            await app.chat.perform(action)
            await pilot.pause()


async def test_ctrl_q_leaves_from_a_dialog_as_well(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("ctrl+n", "ctrl+q")
        await until(pilot, lambda: app._exit)


async def test_a_new_conversation_begins_with_a_number_in_any_usual_form(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("ctrl+n", *"06 44444444", "enter")
        await until(pilot, lambda: app.chat.talk.peer == "31644444444")
        assert app.focused is app.chat.talk.composer
        await until(pilot, lambda: app.chat.chats.cursor_peer == "31644444444")


@pytest.mark.parametrize("text", ["Anna", "anna de vries", "de vr"])
async def test_a_new_conversation_may_be_one_that_is_there(world: World, text: str) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("j", "ctrl+n", *text, "enter")
        await until(pilot, lambda: app.screen is app.chat)
        assert (app.chat.talk.peer, app.focused) == (ANNA, app.chat.talk.composer)


@pytest.mark.parametrize(
    ("text", "wrong"), [("12", "number"), ("nobody", "no conversation has this name"), ("a", "conversations have this")]
)
async def test_what_is_wrong_is_said_beside_the_input(world: World, text: str, wrong: str) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("ctrl+n", *text, "enter")
        await until(pilot, lambda: wrong in str(app.screen.query_one("#wrong").render()))
        assert isinstance(app.screen, NewConversation)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)


async def test_a_message_is_copied(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("tab", "k", "y")
        assert app.clipboard == "hi, is the demo still on?"


async def test_ctrl_c_copies_what_is_selected_and_leaves_nothing_unsaid(world: World) -> None:
    async with chatting(world, notifications=True) as (app, pilot):
        await pilot.press("ctrl+c")
        await until(pilot, lambda: len(app._notifications) == 1)
        assert (app.clipboard, app.is_running) == ("", True)

        await pilot.press("tab", "k", "ctrl+c")
        assert app.clipboard == "hi, is the demo still on?"
        assert app.chat.talk.foot.said[1].strip() == "copied"

        await pilot.press("tab", *"word", "ctrl+c")
        await until(pilot, lambda: len(app._notifications) == 2)
        await pilot.press("shift+home", "ctrl+c")
        await until(pilot, lambda: app.clipboard == "word")


async def test_ctrl_c_copies_what_the_mouse_selected(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        messages = app.chat.talk.messages
        bottom = messages.size.height - 2
        assert "hi, is" in messages.render_line(bottom).text
        await pilot.mouse_down(messages, offset=(9, bottom))
        await pilot.hover(messages, offset=(11, bottom))
        await pilot.mouse_up(messages, offset=(11, bottom))
        await pilot.press("ctrl+c")
        await until(pilot, lambda: bool(app.clipboard))
        assert app.clipboard.startswith("hi")


async def test_a_refused_sms_is_sent_anew_and_a_queued_one_is_left_alone(world: World) -> None:
    async def of_anna() -> list[Status]:
        sms = await world.call(lambda messenger: messenger.transcript(ANNA))
        return [one.status for one in sms if one.is_outbound]

    async with chatting(world) as (app, pilot):
        await pilot.press("tab")
        await until(pilot, lambda: app.chat.talk.messages.selected is not None)
        assert "resend" not in app.chat.talk.foot.said[1]
        await pilot.press("r")
        assert await of_anna() == [Status.QUEUED]
        selected = app.chat.talk.messages.selected
        assert selected is not None
        await world.run(lambda store: store.withdraw(selected.id, "out of reach"))
        await until(pilot, lambda: "r resend" in app.chat.talk.foot.said[1])
        await pilot.press("r")
        await until(pilot, lambda: not app.chat.talk._sending)
        assert await of_anna() == [Status.REFUSED, Status.QUEUED]


async def test_the_help_begins_with_the_keys_of_where_one_is(world: World) -> None:
    async with chatting(world) as (app, pilot):
        for keys, first in (((), "List"), (("enter",), "Composer"), (("escape",), "List, messages")):
            await pilot.press(*keys, "f1")
            await until(pilot, lambda: isinstance(app.screen, Help))
            texts = [str(static.render()) for static in app.screen.query("#keys Static").results(Static)]
            assert texts[0].strip().split(",")[0] in first
            await pilot.press("f1")
            await until(pilot, lambda: app.screen is app.chat)


async def test_a_dialog_has_help_of_its_own(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("ctrl+n")
        await until(pilot, lambda: isinstance(app.screen, NewConversation))
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, Help))
        said = " ".join(str(static.render()) for static in app.screen.query(Static))
        assert "Esc" in said
        assert "Cancel" in said
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, NewConversation))


KEPT_BY_TERMINALS = {"ctrl+b", "f1", "f10", "f11"}
"""What tmux or a terminal's own menu may take before us."""


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_has_a_way_without_alt_and_without_a_mouse(action: Action) -> None:
    plain = [key for key in action.keys if not key.startswith("alt+") and key not in KEPT_BY_TERMINALS]
    assert plain or action.in_palette or action.id == "composer.newline"


PRODUCT = {
    "j": "move.down", "k": "move.up", "down": "move.down", "up": "move.up", "g": "move.top", "G": "move.bottom",
    "enter": "composer.send", "ctrl+j": "composer.newline", "shift+enter": "composer.newline", "tab": "pane.next",
    "shift+tab": "pane.previous", "h": "pane.left", "l": "pane.right", "ctrl+r": "composer.plain", "y": "message.yank",
    "Y": "message.json", "r": "message.resend", "p": "conversation.pin", "m": "conversation.mute",
    "a": "conversation.archive", "u": "conversation.unread", "ctrl+n": "conversation.new", "ctrl+p": "palette",
    "f1": "help", "question_mark": "help.letter", "ctrl+b": "list.hide", "ctrl+q": "quit", "o": "message.link",
    "f2": "conversation.contact", "alt+down": "conversation.next", "alt+up": "conversation.previous",
}  # fmt: skip
"""Keys that are promised, and the action that each is."""

PROMISED = ("ctrl+o", "f4", "ctrl+t", "slash", "ctrl+f", "ctrl+g", "alt+a", "d", "f3", "f5", "f8", "f9", "ctrl+c")
"""And those that are promised, whatever their action is named."""


def test_the_keys_that_are_promised_are_there() -> None:
    keys = {(key, action.id) for action in ACTIONS for key in action.keys}
    assert set(PRODUCT.items()) <= keys
    assert set(PROMISED) <= {key for key, _ in keys}
