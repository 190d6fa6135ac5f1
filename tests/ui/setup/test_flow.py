"""The way through all steps: with the simulator to an answered SMS, passing over, going back, and what is kept."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING

import pytest

from smschat.domain.changes import Subsystem
from smschat.domain.delivery import Status
from smschat.runtime import RuntimeThread
from smschat.simulator import Simulator
from smschat.ui.render import Marks
from smschat.ui.setup.number import NumberPage
from smschat.ui.setup.progress import State, Step
from smschat.ui.setup.trip import TripPage
from smschat.ui.setup.tunnel import TunnelPage
from tests.program import free_port
from tests.standin import REGISTER, Reply, flat, inbound, receipt
from tests.ui.setup.rig import OWN, SECRET, account, make_setup, number, setting_up, until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.keyrings import Kept
    from tests.standin import Standin
    from tests.ui.setup.rig import Rig

SIZES = [(120, 36), (80, 24), (50, 20)]


def environment(api_url: str) -> dict[str, str]:
    """A gateway, and a listener whose port is known before."""
    return {"SMSCHAT_API_URL": api_url, "SMSCHAT_LISTEN": f"127.0.0.1:{free_port()}"}


async def tunnel(rig: Rig, address: str) -> None:
    """Choose an address that is there already, and go on."""
    await rig.type("down", "enter", address, "enter")
    await rig.until_page("trip")


async def off(rig: Rig) -> None:
    """Choose to send only, and go on."""
    await rig.type("down", "down", "enter")
    await rig.until_page("trip")


async def text_my_phone(rig: Rig) -> TripPage:
    """Press the button, when it is not taken for a key typed ahead."""
    page = rig.of(TripPage)
    await until(rig.pilot, lambda: page.is_armed)
    await rig.type("enter")
    return page


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_from_fresh_credentials_to_an_answered_sms_by_keys_alone(tmp_path: Path, size: tuple[int, int]) -> None:
    async with Simulator(pace=math.inf) as simulator:
        env = environment(simulator.url)
        async with setting_up(make_setup(tmp_path, env), size) as rig:
            await account(rig)
            await number(rig)
            await tunnel(rig, f"http://{env['SMSCHAT_LISTEN']}")
            assert rig.of(TripPage).trip.sms is None
            page = await text_my_phone(rig)
            await until(rig.pilot, lambda: page.trip.answer is not None)
            await rig.pilot.pause()
            assert "smschat: answer this SMS" in rig.words()
            assert "It works." in rig.text()
            assert "Not done" not in rig.text()
            assert [rig.app.progress.state(step) for step in Step] == [State.OK] * 4
            await rig.type("enter")
            thread = rig.app.return_value
            assert isinstance(thread, RuntimeThread)
            assert await _peers(thread) == [OWN]
            assert SECRET not in "".join(path.read_text() for path in (tmp_path / "config").iterdir())


async def _peers(thread: RuntimeThread) -> list[str]:
    found = await asyncio.wrap_future(thread.submit(lambda messenger: messenger.conversations(limit=5, after=None)))
    return [conversation.peer for conversation in found]


async def test_each_part_is_shown_as_it_comes(tmp_path: Path, standin: Standin) -> None:
    env = environment(standin.url)
    async with setting_up(make_setup(tmp_path, env)) as rig:
        await account(rig)
        await number(rig)
        await tunnel(rig, f"http://{env['SMSCHAT_LISTEN']}")
        page = await text_my_phone(rig)
        await until(rig.pilot, lambda: page.trip.sms is not None and page.trip.sms.status is Status.ACCEPTED)
        await rig.pilot.pause()
        assert "Answer it now, on your phone: anything will do." in rig.text()
        assert "Not done" not in rig.text()
        assert [r.form["to"] for r in standin.sends if "to" in r.form] == [OWN]
        sent = next(request for request in standin.sends if "to" in request.form)
        call = rig.app.bench.engine.block
        assert page.trip.sms is not None
        own = receipt(sent, message_id=page.trip.sms.parts[0].message_id or "")
        assert await call(lambda: standin.callback(sent.form["callback"], own, as_="form")) == 200
        await until(rig.pilot, lambda: page.trip.sms is not None and page.trip.sms.status is Status.DELIVERED)
        url = standin.registrations[-1].form["callback_url"]
        hostile = inbound("yes \x1b[2J[b]\u202eno", message_id="0D1", msisdn=OWN)
        assert await call(lambda: standin.callback(url, hostile)) == 200
        await until(rig.pilot, lambda: page.trip.answer is not None)
        await rig.pilot.pause()
        assert "[b]" in rig.text()
        assert not any(sign in rig.text() for sign in "\x1b\u202e")


async def test_a_part_that_fails_is_said_and_can_be_tried_again(tmp_path: Path, standin: Standin) -> None:
    standin.always(REGISTER, Reply(status=400, body=flat(400, "Bad Request", "number not usable")))
    env = environment(standin.url)
    async with setting_up(make_setup(tmp_path, env)) as rig:
        await account(rig)
        await number(rig)
        await tunnel(rig, f"http://{env['SMSCHAT_LISTEN']}")
        page = await text_my_phone(rig)
        await rig.until_said("number not usable")
        assert page.trip.failed is Subsystem.CALLBACK
        assert rig.app.progress.state(Step.TRIP) is State.FAULT
        assert not any("to" in request.form for request in standin.sends)
        standin.always(REGISTER, None)
        await until(rig.pilot, lambda: page.is_armed and rig.app.focused is page.query_one("#trip-again"))
        await rig.type("enter")
        await until(rig.pilot, lambda: page.trip.asks)


async def test_nothing_is_sent_by_a_key_that_was_meant_for_the_page_before(tmp_path: Path, standin: Standin) -> None:
    async with setting_up(make_setup(tmp_path, environment(standin.url))) as rig:
        await account(rig)
        await number(rig)
        await off(rig)
        page = rig.of(TripPage)
        await until(rig.pilot, lambda: page.is_armed)
        page.is_armed = False  # as it is in the first moment
        await rig.type("enter", "ctrl+n")
        assert rig.app.bench.thread is None
        page.came()
        await text_my_phone(rig)
        await until(rig.pilot, lambda: rig.app.bench.thread is not None)


async def test_an_enter_too_many_neither_leaves_the_trip_nor_pays_for_another(tmp_path: Path, standin: Standin) -> None:
    env = environment(standin.url)
    async with setting_up(make_setup(tmp_path, env)) as rig:
        await account(rig)
        await number(rig)
        await tunnel(rig, f"http://{env['SMSCHAT_LISTEN']}")
        page = await text_my_phone(rig)
        await until(rig.pilot, lambda: page.trip.asks)
        await rig.type("enter", "enter")
        assert rig.page is page
        assert rig.app.return_value is None
        assert len(standin.sends) == 1


async def test_a_line_end_from_before_the_terminal_was_ours_is_an_enter(tmp_path: Path, standin: Standin) -> None:
    async with setting_up(make_setup(tmp_path, environment(standin.url))) as rig:
        await rig.pilot.press(*"an-id", "ctrl+j", *"a-secret", "ctrl+j")
        await rig.until_page("number")


async def test_without_a_tunnel_it_is_said_that_no_answer_can_be_seen(tmp_path: Path, standin: Standin) -> None:
    async with setting_up(make_setup(tmp_path, environment(standin.url))) as rig:
        await account(rig)
        await number(rig)
        await off(rig)
        assert "its answer stays on your phone" in rig.words()
        await text_my_phone(rig)
        await rig.until_said("look at your phone")
        assert "Answer it now" not in rig.text()
        await until(rig.pilot, lambda: rig.app.progress.state(Step.TRIP) is State.OK)


async def test_every_step_can_be_passed_over_and_is_named_at_the_end(tmp_path: Path) -> None:
    async with setting_up(make_setup(tmp_path, {})) as rig:
        for name in ("account", "number", "tunnel", "trip"):
            await rig.until_page(name)
            rig.page.query_one(f"#{name}-skip").focus()
            await rig.type("enter")
        await rig.until_page("ready")
        await rig.pilot.pause()
        assert "Not done: account, number, tunnel and round trip." in rig.words()
        assert "smschat login" in rig.words()
        await rig.type("escape")
        await rig.until_page("trip")
        await rig.type("right", "left")
        rig.page.query_one("#trip-skip").focus()
        await rig.type("enter")
        await rig.until_page("ready")
        await rig.type("enter")
        assert isinstance(rig.app.return_value, RuntimeThread)
        assert not (tmp_path / "config").exists()


@pytest.mark.parametrize("has_chat", [False, True])
async def test_from_the_first_step_one_goes_back_to_the_chat_where_there_is_one(tmp_path: Path, has_chat: bool) -> None:  # noqa: FBT001 - a case
    async with setting_up(make_setup(tmp_path, {}), has_chat=has_chat) as rig:
        assert ("Esc" in rig.text()) is has_chat
        await rig.type("escape")
        assert isinstance(rig.app.return_value, RuntimeThread) is has_chat


async def test_one_can_go_back_and_what_was_kept_holds(tmp_path: Path, standin: Standin) -> None:
    async with setting_up(make_setup(tmp_path, environment(standin.url))) as rig:
        await account(rig)
        await rig.type("escape")
        await rig.until_page("account")
        await rig.type("ctrl+n")
        await rig.until_page("number")
        await number(rig)
        await rig.type("escape")
        await rig.until_page("number")
        assert rig.of(NumberPage).number.text == OWN
        rig.page.query_one("#number-skip").focus()
        await rig.type("enter")
        await rig.until_page("tunnel")
        assert rig.app.progress.state(Step.NUMBER) is State.OK
        assert rig.app.bench.setup.settings.number == OWN


async def test_other_settings_end_the_runtime_of_the_trip(tmp_path: Path, standin: Standin) -> None:
    env = environment(standin.url)
    async with setting_up(make_setup(tmp_path, env)) as rig:
        await account(rig)
        await number(rig)
        await tunnel(rig, f"http://{env['SMSCHAT_LISTEN']}")
        page = await text_my_phone(rig)
        await until(rig.pilot, lambda: page.trip.asks)
        first = rig.app.bench.thread
        assert first is not None
        await rig.type("escape")
        await rig.until_page("tunnel")
        await rig.type("ctrl+n")
        await rig.until_page("trip")
        assert rig.app.bench.thread is None
        await until(rig.pilot, first._ended.is_set)
        assert page.trip.sms is None


async def test_the_secret_goes_into_a_file_only_after_a_yes(tmp_path: Path, standin: Standin) -> None:
    file = tmp_path / "config" / "credentials.toml"
    async with setting_up(make_setup(tmp_path, environment(standin.url))) as rig:
        await account(rig)
        await rig.type(OWN)
        await until(rig.pilot, lambda: rig.of(NumberPage).keeping.is_open)
        assert "no OS keyring" in rig.text()
        await rig.type("ctrl+n")
        await rig.until_said("Choose where the client secret is kept")
        assert rig.page.name_of == "number"
        assert not file.exists()
        await rig.type("enter")
        await rig.until_page("tunnel")
        assert SECRET in file.read_text(encoding="utf-8")
        assert file.stat().st_mode & 0o777 == 0o600


async def test_a_keyring_is_used_by_itself_and_said(tmp_path: Path, standin: Standin, ring: Kept) -> None:
    async with setting_up(make_setup(tmp_path, environment(standin.url))) as rig:
        await account(rig)
        await until(rig.pilot, lambda: "goes into the OS keyring" in rig.text())
        await rig.type(OWN, "enter")
        await rig.until_page("tunnel")
        assert list(ring.entries.values()) == [SECRET]
        assert SECRET not in "".join(path.read_text() for path in (tmp_path / "config").iterdir())


async def test_the_number_is_shown_as_it_will_be_used_while_it_is_typed(tmp_path: Path, standin: Standin) -> None:
    async with setting_up(make_setup(tmp_path, environment(standin.url))) as rig:
        await account(rig)
        await rig.type("06 12")
        assert rig.said == ""
        await rig.type("345678")
        await rig.until_said("+31 6 12345678 (NL), your own phone.")
        await rig.type("shift+tab", "down")
        await rig.until_said("a virtual number of yours")
        await rig.type("tab", "ctrl+u", "12", "enter")
        rig.of(NumberPage).keeping.choices.focus()
        await rig.type("down", "space", "enter")
        await rig.until_said("Write it as +31 6 12345678")
        assert rig.page.name_of == "number"


async def test_what_the_tunnel_needs_is_said(tmp_path: Path, standin: Standin) -> None:
    async with setting_up(make_setup(tmp_path, {"SMSCHAT_API_URL": standin.url})) as rig:
        await account(rig)
        await number(rig)
        page = rig.of(TunnelPage)
        await rig.type("ctrl+n")
        await rig.until_said("The authtoken is needed")
        page.kind.focus()
        await rig.type("down")
        assert "to a port of this machine that stays the same" in rig.text()
        await rig.type("enter", "https://sms.example.org", "enter")
        await rig.until_said("another port")
        assert rig.page.name_of == "tunnel"
        await rig.type("enter")
        await rig.until_page("trip")
        assert "sms.example.org" in rig.text()


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_an_ascii_terminal_gets_ascii_only(tmp_path: Path, standin: Standin, size: tuple[int, int]) -> None:
    async with setting_up(make_setup(tmp_path, environment(standin.url)), size, marks=Marks(ascii=True)) as rig:
        await rig.type("an-id", "enter", SECRET)
        assert "*" * len(SECRET) in rig.text()
        assert rig.text().isascii()
        await rig.type("enter")
        await rig.until_page("number")
        await rig.type(OWN)
        assert rig.text().isascii()
        await rig.type("enter", "down", "space", "enter")
        await rig.until_page("tunnel")
        assert rig.text().isascii()
        await rig.type("down")
        assert rig.text().isascii()
        await off_from_second(rig)
        assert rig.text().isascii()


async def off_from_second(rig: Rig) -> None:
    await rig.type("down", "enter")
    await rig.until_page("trip")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_page_on_the_screen_can_be_reached_to_its_last_button(
    tmp_path: Path, standin: Standin, size: tuple[int, int]
) -> None:
    """By Tab alone, each in turn, and each is on the screen when it has the focus."""
    async with setting_up(make_setup(tmp_path, environment(standin.url)), size) as rig:
        await account(rig)
        await number(rig)
        seen = []
        for _ in range(12):
            await rig.type("tab")
            focused = rig.app.focused
            assert focused is not None
            seen.append(focused)
            assert focused.region.height > 0
            assert rig.page.region.contains_region(focused.region)
        assert {widget.id for widget in seen} >= {"tunnel-next", "tunnel-check", "tunnel-skip", "tunnel-kind"}
