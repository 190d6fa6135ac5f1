"""The details of an SMS: everything that is known of it, live, and nothing in it that can do harm."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from smschat.domain import documents
from smschat.domain.callbacks import Inbound, KeptCallback, Kind, RawCallback, Signature
from smschat.domain.codes import receipt_error
from smschat.domain.delivery import Answer, Status
from smschat.domain.details import PastAttempt, PastReceipt, SmsDetails
from smschat.domain.sms import Encoding, Part, SmsOptions, SmsType
from smschat.ui import bubbles, sheet
from smschat.ui.bubbles import Look
from smschat.ui.gist import gist
from smschat.ui.history import quota_words, what_to_do
from smschat.ui.render import Marks
from smschat.ui.row import exact, span
from smschat.ui.screens.details import Details
from smschat.ui.sheet import SheetLook
from tests.ui.reading import ZONE, inbound, outbound
from tests.ui.rig import ANNA, MIDDLE, NARROW, NUMBER, WIDE, chatting, until

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from smschat.domain.sms import Sms
    from smschat.ui.app import ChatApp
    from tests.ui.rig import World

SIZES = [WIDE, MIDDLE, NARROW]
AT = datetime(2026, 5, 12, 12, 0, 0, tzinfo=UTC)
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Anna de Vries\nTEL:31611111111\nORG:Bakker BV\nEND:VCARD"
EVENT = (
    "BEGIN:VCALENDAR\nVERSION:1.0\nBEGIN:VEVENT\nSUMMARY:Dinner\nDTSTART:20260512T190000\nDTEND:20260512T210000\n"
    "LOCATION:Café Noord\nEND:VEVENT\nEND:VCALENDAR"
)
HOSTILE = "\x1b]0;pwned\x07\x1b[2J[/foo][@click=app.quit]x[/]\u202egnp.exe\u009b31m"


def kinds() -> dict[str, Sms]:
    binary = replace(inbound(4, ""), type=SmsType.BINARY, encoding=Encoding.BINARY)
    push = replace(outbound(5, ""), type=SmsType.WAPPUSH)
    return {
        "card": inbound(1, CARD),
        "sent card": outbound(2, CARD, type=SmsType.VCARD),
        "event": inbound(3, EVENT),
        "binary": replace(binary, data="0605040302010099887766aa", udh="0605040b8423f0"),
        "push": replace(push, options=SmsOptions(title="News", url="https://example.com/a")),
        "text": inbound(6, "hello"),
    }


GISTS = {
    "card": "vCard · Anna de Vries · 31611111111",
    "sent card": "vCard · Anna de Vries · 31611111111",
    "event": "event · Dinner · 12 May 19:00 · Café Noord",
    "binary": "WAP push · 12 octets · 06 05 04 03 02 01 00 99 …",
    "push": "WAP push · News · https://example.com/a",
    "text": "hello",
}


@pytest.mark.parametrize("name", GISTS)
def test_an_sms_is_one_line_that_says_what_it_is(name: str) -> None:
    sms = kinds()[name]
    assert gist(sms, Marks()) == GISTS[name]
    first = "".join(piece.text for piece in bubbles.lines_of(sms, Look(width=110, marks=Marks(), zone=ZONE))[0])
    assert GISTS[name] in first


def test_a_flash_sms_says_so() -> None:
    sms = outbound(1, "now", options=SmsOptions(message_class=0))
    lines = ["".join(piece.text for piece in line) for line in bubbles.lines_of(sms, Look(width=90, marks=Marks()))]
    assert lines[-1].strip() == "flash"


@pytest.mark.parametrize(
    ("amount", "said"),
    [("0.07250000", "€ 0.0725"), ("12", "€ 12.00"), ("0.0333", "€ 0.0333"), ("*****", "*****"), ("NaN", "NaN")],
)
def test_amounts_keep_their_digits(amount: str, said: str) -> None:
    assert exact(amount, Marks()) == said


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [
        (1_800_000, "30 min"),
        (90_000, "90 s"),
        (259_200_000, "72 h"),
        (604_800_000, "7 days"),
        (20_500, "20.5 s"),
        (0, "0 s"),
    ],
)
def test_a_span_is_said_in_its_largest_whole_unit(milliseconds: int, said: str) -> None:
    assert span(milliseconds) == said


def delivered() -> SmsDetails:
    """Two parts, one of them slow, after an attempt that was throttled."""
    parts = (
        Part(message_id="0A1", status=Status.DELIVERED, network="20408", price="0.07250000"),
        Part(message_id="0A2", status=Status.FAILED, network="20408", price="0.07250000", error_code="6"),
    )
    options = SmsOptions(ttl_ms=1_800_000, message_class=0)
    sms = outbound(
        7, "a long one", Status.FAILED, parts=parts, segments=2, price="0.145", remaining_balance="12.50",
        options=options, created_at=AT, updated_at=AT,
    )  # fmt: skip
    attempt = PastAttempt(
        ref="abcdefghijk",
        state="accepted",
        begun_at=AT,
        ended_at=AT + timedelta(milliseconds=210),
        answer=Answer(http=200, status="0", transaction_id="t-1"),
        quota={"quota-limit": "100", "quota-used": "1"},
    )
    receipt = PastReceipt(
        callback_id="12", received_at=AT + timedelta(seconds=185), message_id="0A2", place=2, status="failed",
        error_code="6", network="20408", price="0.07250000", scts="2605121200",
    )  # fmt: skip
    callback = KeptCallback(
        id="12",
        raw=RawCallback(received_at=AT, method="POST", signature=Signature.GOOD),
        kind=Kind.RECEIPT,
        outcome="taken",
    )
    return SmsDetails(sms=sms, client_ref="order 4711", attempts=(attempt,), receipts=(receipt,), callbacks=(callback,))


def sheet_of(details: SmsDetails, *, width: int = 100, marks: Marks | None = None) -> str:
    look = SheetLook(width=width, marks=marks or Marks(), zone=ZONE)
    return "\n".join("".join(piece.text for piece in line) for line in sheet.lines_of(details, look))


@pytest.mark.parametrize(
    "said",
    [
        "✗ failed",
        "Outbound flash SMS",
        "30 min (ttl 1800000 ms)",
        "0, flash: shown at once",
        "reference    order 4711",
        "price        € 0.145",
        "balance      € 12.50 after it",
        "part 2       ✗ failed · network 20408 · € 0.0725",
        "message id 0A2",
        "err-code 6: ",
        "attempt 1    12 May 2026 14:00:00 · accepted, after 0.21 s",
        "HTTP 200 · transaction t-1",
        "status 0: Success",
        "quota        1 of 100",
        "failed · 12 May 2026 14:03:05 · 3 min 5 s after it was written",
        "callback 12 · network 20408 · € 0.0725 · scts 2605121200 as it came",
        "no. 12       12 May 2026 14:00:00 · POST receipt · taken · signature good",
    ],
)
def test_the_details_tell_the_whole_history(said: str) -> None:
    assert said in sheet_of(delivered())


@pytest.mark.parametrize("width", [32, 50, 88, 200])
def test_no_line_of_the_details_is_cut_off(width: int) -> None:
    for sms in [*kinds().values(), delivered().sms]:
        text = sheet_of(replace(delivered(), sms=sms), width=width)
        assert max(map(len, text.splitlines())) < width


def test_the_details_in_ascii() -> None:
    assert sheet_of(delivered(), marks=Marks(ascii=True)).isascii()


def test_what_to_do_is_said_once() -> None:
    details, meaning = delivered(), receipt_error("6")
    assert what_to_do(details, "r") == meaning.hint
    assert what_to_do(replace(details, sms=replace(details.sms, reason=meaning.line)), "r") == ""


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"used": "5000", "limit": "20000", "interval": "1", "time-unit": "month"}, "5,000 of 20,000 this month"),
        ({"used": "3", "limit": "10", "interval": "2", "time-unit": "day"}, "3 of 10 in 2 days"),
        ({"used": "3", "limit": "10", "reset-UTC": "2026-06-01T00:00:00Z"}, "3 of 10, reset 1 Jun 2026 02:00:00"),
        ({"used": "3", "limit": "10", "reset-UTC": "2026-06-01"}, "3 of 10, reset 1 Jun 2026 02:00:00"),
        ({"used": "3", "limit": "10", "reset-UTC": "soon"}, "3 of 10, reset soon"),
        ({"used": "3", "limit": "10", "reset-UTC": "0001-01-01T00:00+23:00"}, "3 of 10, reset 0001-01-01T00:00+23:00"),
        ({"limit": "10"}, "quota-limit 10"),
        ({"used": "many", "limit": "10"}, "quota-used many, quota-limit 10"),
    ],
)
def test_a_quota_is_told_as_people_read_it(headers: dict[str, str], said: str) -> None:
    assert quota_words({f"quota-{name}": value for name, value in headers.items()}, ZONE) == said


def test_a_binary_is_octets_with_their_header() -> None:
    text = sheet_of(SmsDetails(sms=kinds()["binary"]))
    assert "Inbound binary SMS" in text
    assert "0000  06 05 04 03 02 01 00 99 88 77 66 aa" in text
    assert "12 octets" in text
    assert "9200" in text or "2948" in text


def test_a_card_is_its_lines_and_its_own_text() -> None:
    text = sheet_of(SmsDetails(sms=kinds()["card"]))
    assert "Inbound vCard" in text
    assert "Anna de Vries" in text
    assert "organisation Bakker BV" in text
    assert "BEGIN:VCARD" in text


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (Status.UNKNOWN, "r among the messages repeats it; it may arrive twice"),
        (Status.QUEUED, "r among the messages tries it now"),
    ],
)
def test_what_to_do_names_the_key(status: Status, told: str) -> None:
    assert told in sheet_of(SmsDetails(sms=outbound(1, "hi", status, held=True)))


async def take(world: World, meaning: Inbound) -> None:
    raw = RawCallback(received_at=datetime.now(UTC), method="POST", body=meaning.message_id.encode())
    await world.call(lambda messenger: messenger.take_callback(raw, meaning))


def shown(app: ChatApp) -> str:
    assert isinstance(app.screen, Details)
    return app.screen.sheet.text


async def open_details(app: ChatApp, pilot: Pilot[int]) -> None:
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, Details) and "Callbacks" in app.screen.sheet.text)


@pytest.mark.parametrize("size", SIZES)
async def test_enter_opens_the_details_and_esc_leads_back(world: World, size: tuple[int, int]) -> None:
    await world.hear(ANNA, "and again")
    async with chatting(world, size) as (app, pilot):
        await pilot.press("enter", "escape")
        selected = app.chat.talk.messages.selected
        await open_details(app, pilot)
        assert "and again" in shown(app)
        assert app.screen.query_one("#sheet").region.width <= size[0]
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.chat)
        assert app.focused is app.chat.talk.messages
        assert app.chat.talk.messages.selected is selected


async def test_the_details_leave_the_list_in_sight_where_there_is_room(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "escape", "enter")
        await until(pilot, lambda: isinstance(app.screen, Details) and app.screen.query_one("#details").region.x > 0)
        assert app.screen.query_one("#details").region.x == app.chat.talk.region.x


@pytest.mark.parametrize("key", ["j", "down", "pagedown", "G"])
async def test_the_details_scroll_by_key_and_back(world: World, key: str) -> None:
    await world.hear(ANNA, "line\n" * 80)
    async with chatting(world, NARROW) as (app, pilot):
        await pilot.press("enter", "escape")
        await open_details(app, pilot)
        assert isinstance(app.screen, Details)
        view = app.screen.sheet
        await pilot.press(key)
        assert view.top > 0
        before = view.top
        await pilot.press({"j": "k", "down": "up", "pagedown": "pageup", "G": "g"}[key])
        assert view.top < before


async def test_the_details_change_with_the_sms(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "escape", "enter")
        await until(pilot, lambda: isinstance(app.screen, Details) and "queued" in app.screen.sheet.text)
        newest = (await world.call(lambda messenger: messenger.transcript(ANNA)))[-1]
        await world.run(lambda store: store.withdraw(newest.id, "nobody sends it"))
        await until(pilot, lambda: "nobody sends it" in shown(app))


@pytest.mark.parametrize("is_open", [False, True])
async def test_its_json_is_copied(world: World, is_open: bool) -> None:  # noqa: FBT001 - a case
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "escape", *(["enter"] if is_open else []), "Y")
        await until(pilot, lambda: bool(app.clipboard))
        newest = (await world.call(lambda messenger: messenger.transcript(ANNA)))[-1]
        assert json.loads(app.clipboard) == documents.of_sms(newest)
        assert app.clipboard.isascii()


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_contents_are_only_shown(world: World, size: tuple[int, int]) -> None:
    card = f"BEGIN:VCARD\nFN:{HOSTILE}\nTEL:{HOSTILE}\nNOTE:{HOSTILE}\nEND:VCARD"
    event = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:{HOSTILE}\nDTSTART:{HOSTILE}\nEND:VEVENT\nEND:VCALENDAR"
    inbounds = [
        Inbound(message_id="h1", sender=ANNA, recipient=NUMBER, text=card),
        Inbound(message_id="h2", sender=ANNA, recipient=NUMBER, text=event),
        Inbound(message_id=HOSTILE, sender=ANNA, recipient=NUMBER, text="", type="binary", data="zz", udh=HOSTILE),
        Inbound(
            message_id="h4", sender=ANNA, recipient=NUMBER, text="", type="binary", data=HOSTILE.encode().hex(),
            udh="060504" + HOSTILE[:2].encode().hex(),
        ),
    ]  # fmt: skip
    for meaning in inbounds:
        await take(world, meaning)
    async with chatting(world, size) as (app, pilot):
        await pilot.press("enter", "escape")
        for _ in inbounds:
            await open_details(app, pilot)
            picture = painted(app)
            assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(picture)
            await pilot.press("escape", "k")
            await until(pilot, lambda: app.screen is app.chat)
            assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(painted(app))


def painted(app: ChatApp) -> str:
    """The text of every cell on the screen."""
    return "".join(strip.text for strip in app.screen._compositor.render_strips())


async def test_the_palette_opens_the_details_of_the_newest(world: World) -> None:
    async with chatting(world) as (app, pilot):
        await pilot.press("enter", "ctrl+p")
        await pilot.press(*"Details")
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Details) and "room 4.12" in app.screen.sheet.text)
