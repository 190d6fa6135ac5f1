"""The options of the next SMS: what is taken, what reaches the wire, and for how long it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smschat.domain.sms import SmsOptions
from smschat.messaging.compose import Advice, Extras
from smschat.ui import options_form
from smschat.ui.options_form import Form, extras_of, form_of
from smschat.ui.render import Marks
from smschat.ui.screens.sms_options import SmsOptionsPanel
from smschat.ui.widgets.form import Field
from smschat.ui.widgets.note_line import note_line, sentences
from tests.ui.online import DELIVERED, session
from tests.ui.rig import ANNA, BAKKER, MIDDLE, NARROW, NUMBER, WIDE, chatting, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from smschat.ui.app import ChatApp
    from tests.ui.online import Session
    from tests.ui.rig import World

SIZES = [WIDE, MIDDLE, NARROW]
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Anna\nEND:VCARD"
ENTRY = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Dinner\nEND:VEVENT\nEND:VCALENDAR"


def panel(app: ChatApp) -> SmsOptionsPanel:
    assert isinstance(app.screen, SmsOptionsPanel)
    return app.screen


async def chosen(pilot: Pilot[int], app: ChatApp, *keys: str) -> None:
    """Open the panel, press these, take what stands there."""
    await pilot.press("f12", *keys, "enter")
    await until(pilot, lambda: app.screen is app.chat)


def to_type(name: str) -> list[str]:
    """The keys from the first type to this one, the shorter way around."""
    types = ["auto", "text", "unicode", "vcard", "vcal", "binary", "wappush"]
    right = types.index(name)
    return min(["right"] * right, ["left"] * (len(types) - right), key=len)


def fill(app: ChatApp, **texts: str) -> None:
    """Put texts into the fields, as a paste does: that they are reached by key is a rule of its own."""
    for name, text in texts.items():
        panel(app).query_one(f"#field-{name}", Field).line.value = text


@pytest.mark.parametrize(
    ("form", "extras"),
    [
        (Form(), None),
        (Form(sms_type="unicode"), Extras(sms_type="unicode")),
        (Form(message_class=0, ttl="1800"), Extras(options=SmsOptions(message_class=0, ttl_ms=1_800_000))),
        (
            Form(sms_type="binary", data="0A 0b", udh="06 05 04 15 8A 00 00", protocol_id="127"),
            Extras(sms_type="binary", data="0A0b", udh="060504158A0000", options=SmsOptions(protocol_id=127)),
        ),
        (
            Form(sms_type="wappush", title="News", url="https://example.com/a", validity="3600"),
            Extras(
                sms_type="wappush",
                options=SmsOptions(title="News", url="https://example.com/a", validity_ms=3_600_000),
            ),
        ),
        (Form(sms_type="vcard", data="0a"), Extras(sms_type="vcard")),
        (Form(ttl="30m"), Extras(options=SmsOptions(ttl_ms=1_800_000))),
        (Form(ttl="2 H"), Extras(options=SmsOptions(ttl_ms=7_200_000))),
        (Form(ttl="7d"), Extras(options=SmsOptions(ttl_ms=604_800_000))),
    ],
)
def test_a_form_becomes_what_the_messenger_takes(form: Form, extras: Extras | None) -> None:
    assert options_form.wrong(form) is None
    assert extras_of(form) == extras
    assert extras_of(form_of(extras)) == extras


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (Form(ttl="19"), "ttl"),
        (Form(ttl="604801"), "ttl"),
        (Form(ttl="9" * 5000), "ttl"),
        (Form(ttl="٣٠"), "ttl"),
        (Form(ttl="8d"), "ttl"),
        (Form(ttl="19s"), "ttl"),
        (Form(ttl="30x"), "ttl"),
        (Form(ttl="h"), "ttl"),
        (Form(sms_type="binary"), "data"),
        (Form(sms_type="binary", data="0"), "data"),
        (Form(sms_type="binary", data="zz"), "data"),
        (Form(sms_type="binary", data="00" * 141), "data"),
        (Form(sms_type="binary", data="00" * 138, udh="020000"), "data"),
        (Form(sms_type="binary", data="00", udh="0500"), "udh"),
        (Form(sms_type="binary", data="00", udh="020000", protocol_id="256"), "protocol_id"),
        (Form(sms_type="binary", data="00", protocol_id="1"), "protocol_id"),
        (Form(sms_type="wappush", url="https://example.com"), "title"),
        (Form(sms_type="wappush", title="a", url="javascript:alert(1)"), "url"),
        (Form(sms_type="wappush", title="a", url="https://example.com", validity="0"), "validity"),
    ],
)
def test_what_the_gateway_would_refuse_names_its_field(form: Form, field: str) -> None:
    fault = options_form.wrong(form)
    assert fault is not None
    assert fault.field == field


@pytest.mark.parametrize(
    ("typed", "beside"), [("", "seconds"), ("1800", "seconds"), ("30m", "= 1800 seconds"), ("30x", "seconds")]
)
def test_a_span_has_its_unit_beside_it(typed: str, beside: str) -> None:
    assert options_form.unit_of(typed) == beside


def test_what_belongs_to_another_type_hinders_nothing() -> None:
    assert options_form.wrong(Form(sms_type="text", data="zz", url="nowhere", protocol_id="999")) is None


@pytest.mark.parametrize(
    ("size", "kind"), [(NARROW, "auto"), (NARROW, "binary"), (NARROW, "wappush"), (MIDDLE, "binary"), (WIDE, "wappush")]
)
async def test_every_field_is_reached_by_key_and_seen(world: World, size: tuple[int, int], kind: str) -> None:
    async with chatting(world, size) as (app, pilot):
        await pilot.press("enter", "f12", *to_type(kind))
        wanted = {"sms-type", "sms-class", "ttl", "sms-sender", *options_form.FIELDS.get(kind, ())}
        seen = []
        for _ in wanted:
            await pilot.pause()
            focused = app.focused
            assert focused is not None
            assert focused.region.height == 1
            assert focused.is_on_screen
            seen.append(focused.id or focused.name)
            await pilot.press("down")
        assert sorted(map(str, seen)) == sorted(wanted)
        assert app.focused is panel(app).query_one("#sms-type")


@pytest.mark.parametrize("size", SIZES)
async def test_its_keys_are_in_sight_and_act(world: World, size: tuple[int, int]) -> None:
    async with chatting(world, size) as (app, pilot):
        await pilot.press("enter", "h", "i")
        for key in ("enter", "f12", "escape"):
            await pilot.press("f12")
            await pilot.pause()
            keys = panel(app).query_one("#option-keys")
            assert keys.is_on_screen
            assert keys.region.height == 1
            await pilot.press(key)
            await until(pilot, lambda: app.screen is app.chat)
            assert app.focused is app.chat.talk.composer
        assert app.chat.talk.composer.text == "hi"


async def test_a_wrong_field_is_named_and_has_the_focus(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "f12", "down", "down", *"19", "down")
        await pilot.pause()
        wrong = panel(app).query_one("#option-wrong")
        assert "Tried for" in str(wrong.render())
        await pilot.press("enter")
        await pilot.pause()
        assert app.focused is panel(app).query_one("#field-ttl", Field).line


async def test_the_line_above_the_composer_says_what_was_chosen_until_it_is_as_usual(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        usual = app.chat.talk.to.said[0]
        await chosen(pilot, app, "down", "right", "down", *"30m")
        assert app.chat.talk.to.said[0] == f" to Anna de Vries · {ANNA} · from {NUMBER} · flash · ttl 30 min "
        await pilot.press("f12", "f12")
        await until(pilot, lambda: app.screen is app.chat)
        assert app.chat.talk.to.said[0] == usual


async def test_what_was_chosen_is_of_one_conversation(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        await chosen(pilot, app, "down", "right")
        await pilot.press("alt+down")
        await until(pilot, lambda: app.chat.talk.peer == BAKKER)
        assert "flash" not in app.chat.talk.to.said[0]
        await pilot.press("alt+up")
        await until(pilot, lambda: app.chat.talk.peer == ANNA)
        assert "flash" in app.chat.talk.to.said[0]


async def test_the_count_follows_the_type(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"hello")
        await chosen(pilot, app, *to_type("unicode"))
        assert app.chat.talk.foot.said[0] == " UCS-2  5/70 · 1 segment"
        await pilot.press("f12", *["right"] * 3)
        fill(app, data="0a0b0c")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.chat)
        assert app.chat.talk.foot.said[0] == " binary  3/140 · 1 segment"


async def test_an_sms_without_text_leaves_the_draft_alone(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"later")
        await pilot.press("f12", *to_type("binary"))
        fill(app, data="0a0b")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.chat)
        await pilot.press("enter")
        await until(pilot, lambda: app.chat.talk.extras is None)
        assert app.chat.talk.composer.text == "later"
        app.drafts.flush(5)
    conversation = await world.call(lambda messenger: messenger.conversation(ANNA))
    assert conversation is not None
    assert conversation.draft == "later"


async def test_a_refusal_keeps_what_was_chosen(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", *"no card")
        await chosen(pilot, app, *to_type("vcard"))
        assert "BEGIN:VCARD" in app.chat.talk.note.said[0]
        await pilot.press("enter")
        await until(pilot, lambda: ANNA not in app.chat.talk._sending)
        assert app.chat.talk.composer.text == "no card"
        assert app.chat.talk.extras is not None


async def test_the_sender_id_stays_with_the_conversation(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter")
        await chosen(pilot, app, "up", "left", "down", *"AcmeInc")
        await until(pilot, lambda: "from AcmeInc" in app.chat.talk.to.said[0])
        await until(pilot, lambda: "cannot answer AcmeInc" in app.chat.talk.note.said[0])
        assert app.chat.talk.note.display
        await pilot.press(*"hi", "enter")
        await until(pilot, lambda: not app.chat.talk.composer.text)
        assert "from AcmeInc" in app.chat.talk.to.said[0]
    conversation = await world.call(lambda messenger: messenger.conversation(ANNA))
    assert conversation is not None
    assert conversation.sender == "AcmeInc"


async def test_an_impossible_sender_id_is_said_beside_its_field(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "f12", "up", "left", "down", *"no spaces!", "enter")
        await until(pilot, lambda: "Sender ID" in str(panel(app).query_one("#option-wrong").render()))
        assert app.focused is panel(app).query_one("#field-sender", Field).line


async def test_own_numbers_are_offered(world: World) -> None:
    await world.run(lambda store: store.save_own_numbers(["31970000001"]))
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "f12")
        await until(pilot, lambda: len(panel(app)._sender._choices) == 3)
        await pilot.press("up", "right", "enter")
        await until(pilot, lambda: "from 31970000001" in app.chat.talk.to.said[0])


async def _sent(talk: Session, kind: str, *keys: str, text: str = "", **fields: str) -> dict[str, str]:
    await talk.pilot.press("f12", *to_type(kind), *keys)
    fill(talk.app, **fields)
    await talk.pilot.press("enter")
    await until(talk.pilot, lambda: talk.app.screen is talk.app.chat)
    if text:
        talk.app.chat.talk.composer.insert(text)
    return await talk.send("enter")


async def test_each_option_reaches_the_wire_once(tmp_path: Path) -> None:
    async with session(tmp_path) as talk:
        flash = await _sent(talk, "unicode", "down", "right", ttl="1800", text="hi")
        assert (flash["type"], flash["message-class"], flash["ttl"], flash["text"]) == ("unicode", "0", "1800000", "hi")
        plain = await talk.send(*"hi", "enter")
        assert plain["type"] == "text"
        assert not {"message-class", "ttl"} & set(plain)
        binary = await _sent(talk, "binary", data="0a0b", udh="03000001", protocol_id="127")
        assert (binary["type"], binary["body"], binary["udh"], binary["protocol-id"], binary["to"]) == (
            "binary", "0a0b", "03000001", "127", DELIVERED,
        )  # fmt: skip
        push = await _sent(talk, "wappush", title="News", url="https://a.nl", validity="1h")
        assert (push["type"], push["title"], push["url"], push["validity"]) == (
            "wappush", "News", "https://a.nl", "3600000",
        )  # fmt: skip


async def test_a_card_and_an_entry_are_what_stands_in_the_composer(tmp_path: Path) -> None:
    async with session(tmp_path) as talk:
        for kind, text in (("vcard", CARD), ("vcal", ENTRY)):
            sent = await _sent(talk, kind, text=text)
            assert (sent["type"], sent[kind]) == (kind, text)
            assert "text" not in sent


@pytest.mark.parametrize("width", [40, 60, 100])
def test_what_would_be_refused_comes_before_what_is_good_to_know(width: int) -> None:
    advice = Advice(sender="AcmeInc", is_one_way=True)
    line = note_line("a vCard begins with BEGIN:VCARD", advice, Marks(), width)
    assert line.plain.startswith(" ! a vCard")
    assert line.plain.rstrip().endswith("1 more: F12")
    assert line.cell_length <= width
    assert sentences(advice, Marks()) == ["· the recipient cannot answer AcmeInc"]
