"""The first step: right and wrong credentials, checks that are out of date, and a secret that is never seen."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from smschat.ui.setup.account import AccountPage
from smschat.ui.setup.app import Instead
from smschat.ui.setup.progress import State, Step
from tests.program import free_port
from tests.standin import SEND, TOKEN, Reply, fault
from tests.ui.setup.rig import SECRET, account, make_setup, setting_up, until

if TYPE_CHECKING:
    from pathlib import Path

    from smschat.runtime.setup import Setup
    from tests.standin import Standin

WRONG = Reply(status=401, body={"ErrorCode": "invalid_client", "Error": "ClientId is Invalid"})
NO_PRODUCT = fault(
    "keymanagement.service.InvalidAPICallAsNoApiProductMatchFound", "Invalid API call as no apiproduct match found"
)


@pytest.fixture
def setup(tmp_path: Path, standin: Standin) -> Setup:
    return make_setup(tmp_path, {"SMSCHAT_API_URL": standin.url})


async def test_it_is_checked_as_soon_as_both_fields_are_left(setup: Setup, standin: Standin) -> None:
    async with setting_up(setup) as rig:
        await rig.type("an-id", "enter", SECRET)
        assert standin.tokens == []
        await rig.type("tab")
        said = await rig.until_said("The gateway takes them")
        assert "level demo" in said
        assert rig.page.name_of == "account"
        assert [request.form["client_id"] for request in standin.tokens] == ["an-id"]
        assert all("to" not in request.form for request in standin.sends)


async def test_enter_goes_on_when_they_are_right(setup: Setup) -> None:
    async with setting_up(setup) as rig:
        await account(rig)
        assert rig.app.progress.state(Step.ACCOUNT) is State.OK
        assert "level demo" in rig.text()


@pytest.mark.parametrize(
    ("path", "reply", "said", "fix"),
    [
        (TOKEN, WRONG, "refuses the credentials", "client_secret"),
        (SEND, Reply(status=401, body=NO_PRODUCT), "lacks SMS - Vonage", "Add the product SMS - Vonage"),
    ],
    ids=["wrong secret", "product missing"],
)
async def test_a_fault_is_said_with_its_fix_and_may_be_mended(
    setup: Setup, standin: Standin, path: str, reply: Reply, said: str, fix: str
) -> None:
    standin.always(path, reply)
    async with setting_up(setup) as rig:
        await rig.type("an-id", "enter", SECRET, "enter")
        assert fix in await rig.until_said(said)
        assert rig.page.name_of == "account"
        await until(rig.pilot, lambda: rig.app.progress.state(Step.ACCOUNT) is State.FAULT)
        assert "✗ 1 Account" in rig.text()
        standin.always(path, None)
        await rig.type("x")
        assert rig.said == ""
        await until(rig.pilot, lambda: rig.app.progress.state(Step.ACCOUNT) is State.NOW)
        await rig.type("enter")
        await rig.until_page("number")


async def test_a_gateway_out_of_reach_is_said_and_another_can_be_named(tmp_path: Path, standin: Standin) -> None:
    setup = make_setup(tmp_path, {"SMSCHAT_API_URL": f"http://127.0.0.1:{free_port()}"})
    async with setting_up(setup) as rig:
        await rig.type("an-id", "enter", SECRET, "enter")
        await rig.until_said("refuses the connection")
        page = rig.of(AccountPage)
        await rig.type("tab", "enter")
        await until(rig.pilot, lambda: rig.app.focused is page.api_url.line)
        page.api_url.line.clear()
        await rig.type(standin.url, "enter")
        await rig.until_page("number")
        assert len(standin.tokens) == 1


async def test_typing_goes_on_during_a_check_and_drops_its_answer(setup: Setup, standin: Standin) -> None:
    """The gateway is slow with the first answer; the second credentials are answered, and the first answer never is."""
    held = threading.Event()
    standin.script(TOKEN, Reply(status=401, body=WRONG.body, until=held))
    async with setting_up(setup) as rig:
        await rig.type("an-id", "enter", "first", "enter")
        await rig.until_said("Asking the gateway")
        await until(rig.pilot, lambda: len(standin.tokens) == 1)
        await rig.type("-and-second")
        assert rig.of(AccountPage).client_secret.text == "first-and-second"
        assert rig.said == ""
        await rig.type("tab")
        await rig.until_said("takes them")
        held.set()
        await rig.pilot.pause()
        assert "refuses" not in rig.said
        assert standin.tokens[-1].form["client_secret"] == "first-and-second"


async def test_keys_typed_fast_land_where_they_were_meant(setup: Setup) -> None:
    """As a password manager types: name, Tab, secret, all at once."""
    async with setting_up(setup) as rig:
        page = rig.of(AccountPage)
        await rig.pilot.press(*"an-id", "backspace", "d", "tab", *SECRET)
        await rig.pilot.pause()
        assert (page.client_id.text, page.client_secret.text) == ("an-id", SECRET)


async def test_what_is_missing_is_said_and_focused(setup: Setup, standin: Standin) -> None:
    async with setting_up(setup) as rig:
        await rig.type("an-id", "ctrl+n")
        await rig.until_said("Both the client ID and the client secret are needed")
        assert rig.app.focused is rig.of(AccountPage).client_secret.line
        assert standin.requests == []


async def test_a_secret_that_is_kept_need_not_be_typed(tmp_path: Path, standin: Standin) -> None:
    more = {"SMSCHAT_API_URL": standin.url, "SMSCHAT_CLIENT_ID": "an-id", "SMSCHAT_CLIENT_SECRET": SECRET}
    async with setting_up(make_setup(tmp_path, more)) as rig:
        page = rig.of(AccountPage)
        await until(rig.pilot, lambda: page.client_secret.is_optional)
        assert "kept already; leave empty to keep it" in rig.text()
        await rig.type("ctrl+n")
        await rig.until_page("number")
        assert standin.tokens[0].form["client_secret"] == SECRET


async def test_the_secret_is_on_no_screen_in_no_picture_and_in_no_clipboard(setup: Setup, standin: Standin) -> None:
    standin.script(TOKEN, WRONG)
    async with setting_up(setup) as rig:
        copied: list[str] = []
        rig.app.copy_to_clipboard = copied.append  # type: ignore[method-assign, assignment]  # the terminal
        await rig.type("an-id", "enter", SECRET, "enter")
        await rig.until_said("refuses the credentials")
        assert "•" * len(SECRET) in rig.text()
        assert SECRET not in rig.text() + rig.app.export_screenshot() + repr(rig.app.bench)
        line = rig.of(AccountPage).client_secret.line
        line.focus()
        line.select_all()
        await rig.pilot.press("super+c", "ctrl+x")
        await rig.pilot.pause()
        assert copied == []
        await rig.type(SECRET, "enter")
        await rig.until_page("number")
        assert line.value == ""
        assert SECRET not in repr(rig.app.bench) + rig.app.export_screenshot()


async def test_the_demo_is_one_button_away(setup: Setup) -> None:
    async with setting_up(setup) as rig:
        assert "smschat demo shows everything" in rig.text()
        rig.page.query_one("#account-demo").focus()
        await rig.type("enter")
        assert rig.app.return_value is Instead.DEMO


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c"])
async def test_it_can_be_left_at_any_time(setup: Setup, key: str) -> None:
    async with setting_up(setup) as rig:
        await rig.type("an-id", key)
        assert rig.app.return_value == 0
