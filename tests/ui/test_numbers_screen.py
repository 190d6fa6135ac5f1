"""The numbers screen and the question about a foreign callback: over the real runtime and a strict stand-in."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from smschat.domain.numbers import VirtualNumber
from smschat.ui import number_rows
from smschat.ui.callback_errands import shortened
from smschat.ui.number_rows import NumberLook
from smschat.ui.render import Marks
from smschat.ui.screens.confirm import Confirm
from smschat.ui.screens.number_dialogs import NewAddress, TypeNumber
from smschat.ui.screens.numbers import NumbersScreen
from smschat.ui.screens.unasked import Unasked
from tests.numbers_document import BUY, CANCEL, OWN, SEARCH, UPDATE
from tests.standin import Manner, Reply
from tests.ui.numbers_rig import FREE, MINE, OTHER, THEIRS, numbers_screen, online
from tests.ui.online import session
from tests.ui.rig import MIDDLE, NARROW, NUMBER, WIDE, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.standin import Standin


def text_of(screen: NumbersScreen) -> str:
    """What a person reads."""
    strips = screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


async def to_offers(screen: NumbersScreen, pilot: Pilot[int]) -> None:
    """What can be rented in NL."""
    await pilot.press("slash", "enter")
    await until(pilot, lambda: screen.is_searching and screen.number is not None)


@pytest.mark.parametrize("size", [WIDE, MIDDLE, NARROW])
async def test_the_own_numbers_tell_where_their_sms_go(tmp_path: Path, standin: Standin, size: tuple[int, int]) -> None:
    standin.numbers.owns(MINE)
    standin.numbers.owns(OTHER, mo_http_url=THEIRS)
    standin.numbers.owns("442079460018", country="GB", type="landline", features=["VOICE"])
    standin.numbers.owns("3197000000003", app_id="aaaa-bbbb")
    async with numbers_screen(tmp_path, standin, size) as (screen, pilot):
        await until(pilot, lambda: "application aaaa-bbbb" in text_of(screen))
        shown = text_of(screen)
        assert "4 numbers" in shown
        assert all(word in shown for word in (MINE, "other.example", "no address", "landline"))
        assert "secret-token" not in shown


async def test_a_number_whose_sms_come_here_says_so(tmp_path: Path, standin: Standin) -> None:
    """The runtime registers the own number when it has come online."""
    standin.numbers.owns(MINE)
    async with numbers_screen(tmp_path, standin) as (screen, pilot):
        await asyncio.to_thread(standin.wait_for, UPDATE)
        await until(pilot, lambda: bool(standin.numbers.number(MINE).get("moHttpUrl")))
        await pilot.press("r")
        await until(pilot, lambda: "here" in text_of(screen))


async def test_a_test_accounts_number_is_here_by_the_registered_callback(tmp_path: Path) -> None:
    async with session(tmp_path) as talk:
        await until(talk.pilot, lambda: "loopback ok" in str(talk.app.chat.header.said))
        await talk.pilot.press("alt+n")
        await until(
            talk.pilot, lambda: isinstance(talk.app.screen, NumbersScreen) and talk.app.screen.number is not None
        )
        screen = talk.app.screen
        assert isinstance(screen, NumbersScreen)
        (line,) = [line for line in text_of(screen).splitlines() if NUMBER in line]
        assert "here, by the registered callback" in line
        assert text_of(screen).count("by the registered callback") == 1


def test_features_are_in_one_order_whichever_the_gateway_has() -> None:
    number = VirtualNumber(country="NL", msisdn=MINE, type="mobile-lvn", features=("VOICE", "FAX", "MMS", "SMS"))
    (line,) = number_rows.lines_of(number, NumberLook(width=120, marks=Marks()))
    assert "SMS,MMS,VOI" in "".join(piece.text for piece in line)
    assert number.can == ("SMS", "MMS", "VOICE", "FAX")


async def test_a_number_is_rented_after_a_question_that_has_its_cost(tmp_path: Path, standin: Standin) -> None:
    standin.numbers.owns(MINE)
    standin.numbers.lets(FREE, cost="1.25")
    async with numbers_screen(tmp_path, standin) as (screen, pilot):
        await to_offers(screen, pilot)
        assert "€ 1.25 a month" in text_of(screen)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        assert standin.of(BUY) == []
        await pilot.press("y")
        await until(pilot, lambda: f"{FREE} is yours now" in screen.said and not screen.is_searching)
        await until(pilot, lambda: screen.number is not None and screen.number.msisdn == FREE)
    assert [request.form for request in standin.of(BUY)] == [{"country": "NL", "msisdn": FREE}]


async def test_enter_twice_rents_nothing(tmp_path: Path, standin: Standin) -> None:
    """Enter is a no to every question."""
    standin.numbers.lets(FREE)
    async with numbers_screen(tmp_path, standin) as (screen, pilot):
        await to_offers(screen, pilot)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: "nothing was rented" in screen.said)
    assert standin.of(BUY) == []


async def test_nothing_else_begins_while_a_number_is_being_rented(tmp_path: Path, standin: Standin) -> None:
    standin.numbers.lets(FREE)
    gate = threading.Event()
    standin.script(BUY, Reply(body={"error-code": "200", "error-code-label": "success"}, until=gate))
    async with numbers_screen(tmp_path, standin) as (screen, pilot):
        await to_offers(screen, pilot)
        await pilot.press("enter", "y")
        await asyncio.to_thread(standin.wait_for, BUY)
        await pilot.press("enter")
        await until(pilot, lambda: f"still renting {FREE}" in screen.said)
        assert pilot.app.screen is screen
        gate.set()
        await until(pilot, lambda: "is yours now" in screen.said)
    assert len(standin.of(BUY)) == 1


async def test_a_doubtful_outcome_is_said_and_the_own_numbers_are_read_again(tmp_path: Path, standin: Standin) -> None:
    standin.numbers.owns(MINE)
    standin.numbers.lets(FREE)
    standin.script(BUY, Reply(manner=Manner.CLOSE))
    async with numbers_screen(tmp_path, standin) as (screen, pilot):
        await to_offers(screen, pilot)
        read = len(standin.of(OWN))
        await pilot.press("enter", "y")
        await asyncio.to_thread(standin.wait_for, OWN, read + 1)
        await until(pilot, lambda: not screen.is_searching and screen.number is not None)
        assert "may have been rented" in screen.said
    assert len(standin.of(BUY)) == 1


async def test_a_refusal_is_said_in_place(tmp_path: Path, standin: Standin) -> None:
    standin.numbers.lets(FREE)
    standin.script(BUY, Reply(status=420, body={"error-code": "420", "error-code-label": "method failed"}))
    async with numbers_screen(tmp_path, standin) as (screen, pilot):
        await to_offers(screen, pilot)
        await pilot.press("enter", "y")
        await until(pilot, lambda: "420" in screen.said)
        assert screen.is_searching
        await pilot.press("r")
        await until(pilot, lambda: "420" not in screen.said)


async def test_a_project_that_is_not_in_production_is_told_so_in_place(tmp_path: Path, standin: Standin) -> None:
    standin.numbers.is_in_production = False
    async with numbers_screen(tmp_path, standin) as (screen, pilot):
        await until(pilot, lambda: "production" in screen.said)


async def test_a_number_is_given_up_only_when_it_is_typed_in_full(tmp_path: Path, standin: Standin) -> None:
    standin.numbers.owns(OTHER)
    async with numbers_screen(tmp_path, standin) as (screen, pilot):
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, TypeNumber))
        await pilot.press("enter", *OTHER[:-1], "enter")
        assert isinstance(pilot.app.screen, TypeNumber)
        assert standin.of(CANCEL) == []
        await pilot.press(OTHER[-1], "enter")
        await until(pilot, lambda: f"{OTHER} is not yours any more" in screen.said)
    assert [request.form for request in standin.of(CANCEL)] == [{"country": "NL", "msisdn": OTHER}]


async def test_another_address_is_typed_and_set(tmp_path: Path, standin: Standin) -> None:
    standin.numbers.owns(OTHER, mo_http_url=THEIRS)
    standin.numbers.answers["https://new.example/"] = 200
    async with numbers_screen(tmp_path, standin) as (screen, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, NewAddress))
        await pilot.press("home", "shift+end", "delete", *"new", "enter")
        assert isinstance(pilot.app.screen, NewAddress)
        await pilot.press("home", *"https://", "end", *".example/", "enter")
        await until(pilot, lambda: "go to new.example now" in screen.said)
    assert standin.numbers.number(OTHER)["moHttpUrl"] == "https://new.example/"


async def test_somebody_elses_address_is_replaced_only_after_a_yes(tmp_path: Path, standin: Standin) -> None:
    standin.numbers.owns(OTHER, mo_http_url=THEIRS)
    async with numbers_screen(tmp_path, standin) as (screen, pilot):
        runtime = pilot.app.desk.bridge  # type: ignore[attr-defined]  # the chat's
        await pilot.press("t")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await pilot.press("n")
        await until(pilot, lambda: "go on to other.example" in screen.said)
        assert standin.numbers.number(OTHER)["moHttpUrl"] == THEIRS
        await pilot.press("t")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: "come here now" in screen.said)
        assert standin.numbers.number(OTHER)["moHttpUrl"] != THEIRS
        (loan,) = await runtime.run(lambda runtime: runtime.store.loans())
        assert (loan.number, loan.url) == (OTHER, THEIRS)


async def test_a_search_that_cannot_be_asked_for_is_refused_beside_its_field(tmp_path: Path, standin: Standin) -> None:
    async with numbers_screen(tmp_path, standin) as (screen, pilot):
        await pilot.press("slash", "backspace", "enter")
        await until(pilot, lambda: "two letters" in screen.said)
        await pilot.press(*"NL", "down", "down", "down", *"31x", "enter")
        await until(pilot, lambda: "only digits" in screen.said)
    assert standin.of(SEARCH) == []


async def test_a_search_asks_for_what_was_chosen(tmp_path: Path, standin: Standin) -> None:
    async with numbers_screen(tmp_path, standin) as (screen, pilot):
        await pilot.press("slash", "down", "right", "down", "right", "down", *"31 20", "down", "left", "enter")
        await until(pilot, lambda: "nothing to rent in NL" in screen.said)
    assert dict(standin.of(SEARCH)[0].query) == {
        "country": "NL", "type": "landline", "features": "SMS,VOICE", "pattern": "3120", "search_pattern": "2",
        "index": "1", "size": "50",
    }  # fmt: skip


async def test_pages_are_turned_as_far_as_there_are_any(tmp_path: Path, standin: Standin) -> None:
    for last in range(60):
        standin.numbers.lets(f"31970123456{last:02}")
    async with numbers_screen(tmp_path, standin) as (screen, pilot):
        await to_offers(screen, pilot)
        await pilot.press("left", "right")
        await until(pilot, lambda: "page 2 of 2" in text_of(screen))
        await pilot.press("right", "G")
        number = screen.number
        assert number is not None
        assert number.msisdn == "3197012345659"
    assert [dict(request.query)["index"] for request in standin.of(SEARCH)] == ["1", "2"]


async def test_escape_leads_from_the_search_to_the_own_numbers_and_to_the_chat(
    tmp_path: Path, standin: Standin
) -> None:
    standin.numbers.owns(OTHER)
    async with numbers_screen(tmp_path, standin) as (screen, pilot):
        await pilot.press("slash", "escape")
        await until(pilot, lambda: not screen.is_searching and screen.number is not None)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, NumbersScreen))


async def test_a_foreign_address_is_asked_about_once_and_no_typing_answers(tmp_path: Path, standin: Standin) -> None:
    standin.numbers.owns(MINE, mo_http_url=THEIRS)
    standin.numbers.answers[THEIRS] = 200
    async with online(tmp_path, standin) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, Unasked))
        await pilot.press(*"yes", "enter")
        assert isinstance(app.screen, Unasked)
        assert standin.of(UPDATE) == []
        await pilot.press("ctrl+y")
        await until(pilot, lambda: standin.numbers.number(MINE).get("moHttpUrl") != THEIRS)
        assert app.screen_stack == [app.chat]
    assert standin.numbers.number(MINE)["moHttpUrl"] == THEIRS, "it is given back at the end"


async def test_a_foreign_address_that_is_left_stays(tmp_path: Path, standin: Standin) -> None:
    standin.numbers.owns(MINE, mo_http_url=THEIRS)
    async with online(tmp_path, standin, notifications=True) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, Unasked))
        await pilot.press("escape")
        await until(pilot, lambda: any("asks again" in note.message for note in app._notifications))
        app.action_register_callback()
        await until(pilot, lambda: isinstance(app.screen, Unasked))
    assert standin.of(UPDATE) == []


async def test_what_was_borrowed_is_given_back_on_command(tmp_path: Path, standin: Standin) -> None:
    standin.numbers.owns(MINE, mo_http_url=THEIRS)
    standin.numbers.answers[THEIRS] = 200
    async with online(tmp_path, standin, notifications=True) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, Unasked))
        await pilot.press("ctrl+y")
        await until(pilot, lambda: standin.numbers.number(MINE).get("moHttpUrl") != THEIRS)
        app.action_restore_callback()
        await until(pilot, lambda: any("Nothing is owed" in note.message for note in app._notifications))
        assert standin.numbers.number(MINE)["moHttpUrl"] == THEIRS


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://other.example/sms/secret-token", "other.example/sms/sec…"),
        ("https://user:pass@other.example:8443/?key=1", "other.example/?key=1…"),
        ("https://other.example/", "other.example/"),
        ("https://[", "an address that cannot be read"),
    ],
)
def test_a_foreign_address_is_shown_without_what_may_be_a_secret(url: str, shown: str) -> None:
    assert shortened(url) == shown


def test_no_column_of_a_number_is_wider_than_the_screen() -> None:
    number = VirtualNumber(
        country="NL",
        msisdn="3" * 20,
        type="x" * 40,
        features=("SMS",) * 20,
        cost="1.25",
        mo_http_url=f"https://{'a' * 99}",
    )
    for width in (20, 50, 71, 72, 80, 120):
        for is_offer in (True, False):
            look = NumberLook(width=width, marks=Marks(), is_offer=is_offer)
            for line in number_rows.lines_of(number, look):
                assert 1 + sum(len(piece.text) for piece in line) <= max(width, 22)
