"""The presenter's mask: nothing of people stands on any screen, in a notification or in what the terminal gets."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from rich.cells import cell_len
from textual.widget import Widget

from smschat.domain.callbacks import Inbound, RawCallback
from smschat.domain.changes import SmsChanged
from smschat.domain.delivery import Status
from smschat.domain.details import SmsDetails
from smschat.domain.numbers import VirtualNumber
from smschat.domain.sms import Encoding, SmsOptions, SmsType
from smschat.runtime import Preferences
from smschat.ui import bubbles, number_rows, sheet
from smschat.ui.bridge import Taken
from smschat.ui.bubbles import Look
from smschat.ui.mask import COVERED, OPEN, Mask
from smschat.ui.number_rows import NumberLook
from smschat.ui.render import Marks
from smschat.ui.sheet import SheetLook
from smschat.ui.telling import Telling
from tests.ui.reading import NOW, inbound, outbound
from tests.ui.rig import MIDDLE, NARROW, NUMBER, PATIENCE_S, WIDE, World, chatting, runtime_thread, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from smschat.domain.sms import Sms
    from smschat.ui.app import ChatApp

NAMED, PLAIN, WORDED = "31688877766", "31699988877", "SNOWFLAKE"
LONG: Final = "otherwise nothing but fillers " * 4
CANARIES: Final = {
    "our number": NUMBER,
    "named number": NAMED,
    "number": PLAIN,
    "sender": WORDED,
    "first name": "Zebedee",
    "last name": "Quux",
    "text": "xylophone",
    "wrapped text": "marmalade",
    "sent text": "harpsichord",
    "draft": "kumquat",
    "note": "pumpernickel",
    "template": "persimmon",
    "link": "walrus.example",
    "code": "481516",
    "wide text": "日本語学校",
}
IN_TEXT: Final = re.compile(r"[^\w.]+")


class Step(NamedTuple):
    """Keys, and the screen that they lead to; empty: another one by the width. `shows`: what it is there to show."""

    keys: tuple[str, ...]
    screen: str = "ChatScreen"
    shows: frozenset[str] = frozenset()


BACK: Final = Step(("escape",))
BACK_TO_CALLBACKS: Final = Step(("escape",), "CallbacksScreen")
TO_MESSAGES: Final = Step(("enter", "escape"))
WALK: Final = (
    Step(("home",)),
    TO_MESSAGES,
    Step(("up",)),
    Step(("enter",), "Details"),
    Step(("end",), "Details"),
    BACK,
    Step(("slash", *"xyl"), "Search"),
    BACK,
    Step(("ctrl+f", *"marm"), "Search"),
    Step(("enter",)),
    Step(("end",)),
    Step(("v", "up")),
    Step(("y",)),
    Step(("w",), ""),
    Step(("w",)),
    Step(("c",)),
    Step(("Y",)),
    Step(("end", "o"), "LinkScreen"),
    BACK,
    Step(("ctrl+g",), "Switcher"),
    Step(tuple("zeb"), "Switcher"),
    BACK,
    Step(("f2",), "ContactScreen"),
    Step(("tab",), "ContactScreen"),
    BACK,
    Step(("ctrl+n", *PLAIN), "NewConversation"),
    BACK,
    Step(("B",), "Confirm"),
    Step(("n",)),
    Step(("tab", *"kumquat")),
    Step(("f12",), "SmsOptionsPanel"),
    BACK,
    Step(("ctrl+t",), "Templates"),
    BACK,
    Step(("f6",), "Later"),
    BACK,
    Step(("f1",), "Help"),
    BACK,
    Step(("ctrl+p",), "CommandPalette"),
    BACK,
    Step(("f5",), "CallbacksScreen"),
    Step(("enter",), "CallbackScreen"),
    BACK_TO_CALLBACKS,
    BACK,
    Step(("f9",), "ListenerScreen", frozenset({"our number"})),
    BACK,
    Step(("alt+n",), "NumbersScreen"),
    BACK,
    Step(("alt+down",)),
    Step(("alt+down",)),
    Step(("escape", "escape", "escape", "home")),
    Step(("d",), "Confirm"),
    Step(("n",)),
    Step(("slash", *"zeb")),
    Step(("tab",)),
)
"""Through every screen and pane, from the list on."""


async def lived(world: World) -> None:
    """Every kind of thing that says who or what, in every place that keeps it."""
    await world.hear(WORDED, "your code is 481516")
    await world.hear(PLAIN, f"call {NAMED} back")
    await world.call(lambda messenger: messenger.save_draft(PLAIN, "kumquat"))
    await world.hear(NAMED, f"{LONG}marmalade 日本語学校")
    await world.call(lambda messenger: messenger.send(NAMED, "harpsichord lessons"))
    text = "xylophone: https://walrus.example/tusk code 481516"
    fields = {"msisdn": NAMED, "to": NUMBER, "messageId": "0A", "text": text, "type": "text", "keyword": "XYLOPHONE"}
    raw = RawCallback(received_at=NOW, method="POST", content_type="application/json", body=json.dumps(fields).encode())
    meaning = Inbound(message_id="0A", sender=NAMED, recipient=NUMBER, text=text, keyword="XYLOPHONE")
    await world.call(lambda messenger: messenger.take_callback(raw, meaning))
    await world.call(lambda messenger: messenger.contacts.save(NAMED, name="Zebedee Quux", notes="pumpernickel"))


@asynccontextmanager
async def presenting(folder: Path, size: tuple[int, int]) -> AsyncIterator[tuple[ChatApp, Pilot[int]]]:
    """The chat over all of that."""
    config = folder / "config.toml"
    config.with_name("templates.toml").write_text('late = "persimmon, {name}"\n')
    thread = runtime_thread(folder, Preferences(config_file=config))
    try:
        world = World(thread)
        await lived(world)
        async with chatting(world, size) as (app, pilot):
            yield app, pilot
    finally:
        await asyncio.to_thread(thread.stop, PATIENCE_S)


def lines(app: ChatApp) -> list[str]:
    """The screen, line by line, with everything under what stands over it."""
    return [strip.text for strip in app.screen._compositor.render_strips()]


def told(app: ChatApp) -> str:
    """All that can be read: the lines of the screen, those of each pane by itself, the notifications, the titles."""
    panes = [
        "".join(strip.text for strip in widget.render_lines(widget.size.region))
        for screen in app.screen_stack
        for widget in screen.walk_children(Widget)
        if widget.is_on_screen and widget.size and not widget.children
    ]
    notes = [f"{note.title}{note.message}" for note in app._notifications]
    return "\n".join(["".join(lines(app)), *panes, *notes, app.title, app.sub_title])


def seen(app: ChatApp) -> set[str]:
    """The canaries that can be read, in any spelling."""
    text = IN_TEXT.sub("", told(app)).casefold()
    return {name for name, canary in CANARIES.items() if IN_TEXT.sub("", canary).casefold() in text}


async def settled(app: ChatApp, pilot: Pilot[int], screen: str) -> None:
    """Until this screen is shown, and shows the same twice: something, for a new one is empty at first."""
    chat = app.chat

    def is_there() -> bool:
        is_looked_at = chat.focused is not chat.chats or not chat.shows_both or chat.talk.peer == chat.chats.cursor_peer
        return screen in {"", type(app.screen).__name__} and is_looked_at

    await until(pilot, is_there)
    before: list[str] = []
    while before != (before := lines(app)) or not any(line.strip() for line in before):
        await pilot.pause()


async def walk(app: ChatApp, pilot: Pilot[int], look: Callable[[Step], Awaitable[None]]) -> None:
    """Take every step, and look after each."""
    for step in WALK:
        await pilot.press(*step.keys)
        await settled(app, pilot, step.screen)
        await look(step)


@pytest.mark.parametrize("size", [WIDE, MIDDLE, NARROW])
async def test_nothing_of_people_stands_on_any_screen_that_is_opened_under_the_mask(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with presenting(tmp_path, size) as (app, pilot):

        async def look(step: Step) -> None:
            assert seen(app) <= step.shows, (step, "\n".join(lines(app)))

        await pilot.press("f3")
        await walk(app, pilot, look)


async def test_the_key_covers_and_uncovers_whatever_screen_is_open(tmp_path: Path) -> None:
    ever: set[str] = set()
    async with presenting(tmp_path, WIDE) as (app, pilot):

        async def look(step: Step) -> None:
            before = lines(app)
            ever.update(seen(app))
            await pilot.press("f3")
            await settled(app, pilot, step.screen)
            assert seen(app) <= step.shows, (step, "\n".join(lines(app)))
            await pilot.press("f3")
            await settled(app, pilot, step.screen)
            assert lines(app)[:-1] == before[:-1], step  # the foot may have said something for a moment

        await walk(app, pilot, look)
    assert ever == set(CANARIES)


def spread(line: str) -> str:
    """A character for each cell."""
    return "".join(character * cell_len(character) for character in line)


async def test_what_is_covered_keeps_its_place(tmp_path: Path) -> None:
    async with presenting(tmp_path, WIDE) as (app, pilot):
        await pilot.press("enter", *"kumquat")
        await settled(app, pilot, "ChatScreen")
        before = lines(app)
        await pilot.press("f3")
        await settled(app, pilot, "ChatScreen")
        after = lines(app)
        for old, new in zip(before[1:-1], after[1:-1], strict=True):  # the header says "masked", the foot its hints
            assert cell_len(old) == cell_len(new)
            assert re.sub(r"\S", "x", spread(old)) == re.sub(r"\S", "x", spread(new))


async def test_what_is_typed_under_the_mask_is_sent_as_it_was_typed(tmp_path: Path) -> None:
    async with presenting(tmp_path, WIDE) as (app, pilot):
        await pilot.press("f3", "enter", *"kumquat 日本")
        await settled(app, pilot, "ChatScreen")
        assert not seen(app)
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.talk.composer.text == "")
        newest = app.chat.talk.messages._window[-1]
        assert newest.text == "kumquat 日本"


async def test_the_header_says_that_the_mask_is_on(tmp_path: Path) -> None:
    async with presenting(tmp_path, NARROW) as (app, pilot):
        await pilot.press("f3")
        await settled(app, pilot, "ChatScreen")
        assert "masked" in lines(app)[0]
        await pilot.press("f3")
        await settled(app, pilot, "ChatScreen")
        assert "masked" not in lines(app)[0]


async def test_a_notification_quotes_no_number_under_the_mask(tmp_path: Path) -> None:
    async with presenting(tmp_path, WIDE) as (app, pilot):
        app.tell(f"SMS to {NAMED} go elsewhere")
        await until(pilot, lambda: len(app._notifications) == 1)
        await pilot.press("f3")
        await until(pilot, lambda: not app._notifications)
        for spelling in (NAMED, f"+{NAMED}", "+31 6 88877766", "+31 (0)6-8887 7766"):
            app.tell(f"SMS to {spelling} go elsewhere")
        await until(pilot, lambda: len(app._notifications) == 4)
        assert not seen(app)


async def test_the_editor_is_not_opened_under_the_mask(tmp_path: Path) -> None:
    async with presenting(tmp_path, WIDE) as (app, pilot):
        await pilot.press("f3", "enter", "ctrl+o")
        await until(pilot, lambda: any("F3" in note.message for note in app._notifications))
        assert app.screen is app.chat


async def test_the_terminal_is_told_of_an_sms_without_name_and_text(tmp_path: Path) -> None:
    written: list[str] = []
    waiting: list[Callable[[], Awaitable[None]]] = []
    async with presenting(tmp_path, WIDE) as (app, pilot):
        await pilot.press("f3")
        telling = Telling(
            app.desk,
            later=lambda _, callback: waiting.append(callback),
            is_seen=lambda _: False,
            write=written.append,
        )
        page = await app.bridge.call(lambda messenger: messenger.transcript(NAMED, limit=1))
        sms = replace(page[-1], created_at=NOW, updated_at=NOW)
        telling.hear(Taken(changes=(SmsChanged(sms=sms),)))
        while waiting:
            await waiting.pop()()
    assert "\x1b]" in "".join(written)
    assert not any(canary in "".join(written) for canary in CANARIES.values())


def test_a_reason_that_quotes_a_number_is_covered_in_the_transcript() -> None:
    sms: Sms = outbound(1, "no", Status.REFUSED, reason=f"{NAMED} is not on the list of {NUMBER}")
    look = Look(width=110, marks=Marks(), is_masked=True)
    shown = "\n".join("".join(piece.text for piece in line) for line in bubbles.lines_of(sms, look))
    assert "is not on the list of" in shown
    assert NAMED not in shown
    assert NUMBER not in shown


@pytest.mark.parametrize(
    "sms",
    [
        inbound(1, "BEGIN:VCARD\nVERSION:3.0\nFN:Zebedee Quux\nTEL:31688877766\nEND:VCARD"),
        replace(inbound(2, ""), type=SmsType.BINARY, encoding=Encoding.BINARY, data=b"xylophone".hex()),
        replace(outbound(3, ""), type=SmsType.WAPPUSH, options=SmsOptions(title="xylophone", url="https://quux.nl/a")),
        replace(inbound(4, "Quux"), keyword="QUUX", reason=f"not from {NAMED}"),
    ],
)
def test_the_details_cover_cards_octets_and_addresses(sms: Sms) -> None:
    secrets = (NAMED, "Zebedee", "Quux", "QUUX", "quux", "xylophone", b"xylo".hex(" "))
    whole, covered = (
        "\n".join(
            "".join(piece.text for piece in line)
            for line in sheet.lines_of(SmsDetails(sms=sms), SheetLook(width=100, marks=Marks(), is_masked=is_masked))
        )
        for is_masked in (False, True)
    )
    assert any(secret in whole for secret in secrets)
    assert not any(secret in covered for secret in secrets)
    assert list(map(cell_len, covered.splitlines())) == list(map(cell_len, whole.splitlines()))


@pytest.mark.parametrize("width", [120, 50])
def test_the_numbers_of_the_account_are_covered(width: int) -> None:
    number = VirtualNumber(country="NL", msisdn=NUMBER, type="mobile-lvn", features=("SMS",))
    look = NumberLook(width=width, marks=Marks(), own=NUMBER, is_masked=True)
    shown = "".join(piece.text for line in number_rows.lines_of(number, look) for piece in line)
    assert NUMBER not in shown
    assert "*********00" in shown


@pytest.mark.parametrize("text", ["abc def", "日本 語", "👩‍👩‍👧 x", "e\u0301te\u0301", "a\tb\nc", "+31 6 88877766", ""])
def test_a_cover_is_as_wide_as_what_it_covers(text: str) -> None:
    for covered in (COVERED.text(text), COVERED.typed(text)):
        assert cell_len(covered) == cell_len(text)
        assert re.findall(r"\s", covered) == re.findall(r"\s", text)
        assert not any(character.isalnum() for character in covered)
    assert len(COVERED.typed(text)) == len(text)


@pytest.mark.parametrize(
    "sentence",
    [
        "12 May 2026 14:02:11",
        "2026-05-12 14:02",
        "€ 0.05650000 after it",
        "another smschat is receiving (process 4711)",
    ],
)
def test_times_and_amounts_are_no_numbers_of_people(sentence: str) -> None:
    assert COVERED.words(sentence) == sentence


def test_a_number_keeps_its_last_two_digits() -> None:
    assert COVERED.number(NAMED) == "*********66"
    assert COVERED.name(NAMED) == "*********66"
    assert COVERED.words(f"SMS to {NAMED} wait") == "SMS to *********66 wait"


def test_a_mask_that_is_off_covers_nothing() -> None:
    for mask in (OPEN, Mask()):
        assert mask.name("Anna") == mask.text("Anna") == mask.typed("Anna") == "Anna"
        assert mask.number(NAMED) == mask.words(NAMED) == NAMED
