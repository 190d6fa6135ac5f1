"""The engine of the set-up: each part is checked for real, says its exact fault, and is stored only when asked for."""

from __future__ import annotations

import asyncio
import math
import socket
from typing import TYPE_CHECKING

import pytest

from smschat import settings as settings_module
from smschat.cli import session
from smschat.cli.parser import parse
from smschat.domain.checks import Finding
from smschat.domain.secret import Secret
from smschat.errors import NotAuthorisedError, SettingsError
from smschat.runtime import Runtime
from smschat.runtime.setup import Setup
from smschat.settings import Account, Place, TunnelKind
from smschat.simulator import Simulator
from tests.agent import Agent
from tests.program import free_port
from tests.standin import SEND, TOKEN, Manner, Reply, fault, flat

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from smschat.settings import Settings
    from tests.standin import Standin

SECRET = Secret("zq7-canary")
NUMBER = "31612345678"
NO_PRODUCT = fault(
    "keymanagement.service.InvalidAPICallAsNoApiProductMatchFound", "Invalid API call as no apiproduct match found"
)


@pytest.fixture
def more() -> dict[str, str]:
    """What stands in the environment."""
    return {}


@pytest.fixture
def setup(tmp_path: Path, more: dict[str, str]) -> Setup:
    def load(typed: Mapping[str, str]) -> Settings:
        env = {
            "SMSCHAT_CONFIG_DIR": str(tmp_path / "config"),
            "SMSCHAT_DATA_DIR": str(tmp_path / "data"),
            "XDG_CONFIG_HOME": str(tmp_path / "nothing"),
            "HOME": str(tmp_path),
        }
        return settings_module.load({}, {**env, **more, **typed})

    return Setup(load, session.plan_of)


async def test_right_credentials_tell_the_level(setup: Setup, standin: Standin) -> None:
    check = await setup.check_credentials(client_id="an-id", client_secret=SECRET, api_url=standin.url)
    assert check.finding is Finding.OK
    assert setup.level == "demo"
    assert "level demo" in check.text
    assert all("to" not in request.form for request in standin.sends)


async def test_the_simulator_takes_any_but_the_wrong_ones(setup: Setup) -> None:
    async with Simulator(pace=math.inf) as simulator:
        right = await setup.check_credentials(client_id="me", client_secret=SECRET, api_url=simulator.url)
        wrong = await setup.check_credentials(client_id="me", client_secret=Secret("wrong"), api_url=simulator.url)
    assert right.finding is Finding.OK
    assert wrong.is_fault


@pytest.mark.parametrize(
    ("path", "reply", "said", "fix"),
    [
        (TOKEN, Reply(status=401, body={"ErrorCode": "invalid_client", "Error": "ClientId is Invalid"}),
         "refuses the credentials", "client_secret"),
        (TOKEN, Reply(status=500, body=flat(500, "Internal Server Error", "invalid_client-invalid_client_id")),
         "refuses the credentials", "client_secret"),
        (SEND, Reply(status=401, body=NO_PRODUCT), "lacks SMS - Vonage", "add the product SMS - Vonage"),
        (SEND, Reply(status=403, body=flat(403, "Forbidden", "not entitled")), "not entitled", "entitled"),
        (TOKEN, Reply(status=429, body=fault("policies.ratelimit.QuotaViolation", "Rate limit quota violation.")),
         "quota", "wait"),
        (TOKEN, Reply(status=404, body="<html><title>Not here</title></html>"), "Not here", "api_url"),
        (TOKEN, Reply(body="<html><title>Welcome to nginx!</title></html>"), "not KPN's gateway", "api_url"),
        (SEND, Reply(body="<html><title>Welcome to nginx!</title></html>"), "not KPN's gateway", "api_url"),
        (TOKEN, Reply(status=302, headers={"Location": "https://example.org/"}), "refuses the token", "api_url"),
        (TOKEN, Reply(manner=Manner.RUBBISH), "127.0.0.1", "try again"),
        (SEND, Reply(status=503), "no readable answer", "nothing was sent"),
    ],
    ids=["wrong secret", "wrong id as 500", "product missing", "not entitled", "quota", "404", "HTML", "HTML later",
         "redirect", "no HTTP", "503"],
)  # fmt: skip
async def test_each_fault_of_the_credentials_says_what_to_do(
    setup: Setup, standin: Standin, path: str, reply: Reply, said: str, fix: str
) -> None:
    standin.always(path, reply)
    check = await setup.check_credentials(client_id="an-id", client_secret=SECRET, api_url=standin.url)
    assert check.is_fault
    assert said in check.text
    assert fix in check.fix
    assert SECRET.reveal() not in check.text + check.fix
    assert setup.level is None


async def test_a_gateway_that_is_out_of_reach_is_said(setup: Setup) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    check = await setup.check_credentials(client_id="an-id", client_secret=SECRET, api_url=nobody)
    assert check.is_fault
    assert "refuses the connection" in check.text
    with socket.create_server(("127.0.0.1", 0)) as plain:
        tls = f"https://127.0.0.1:{plain.getsockname()[1]}"
        asking = asyncio.create_task(setup.check_credentials(client_id="an-id", client_secret=SECRET, api_url=tls))
        plain.settimeout(0)
        connection, _ = await asyncio.get_running_loop().sock_accept(plain)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        assert "TLS fails" in (await asking).text
        connection.close()


@pytest.mark.parametrize("api_url", ["http://api-prd.kpn.com", "https://api-prd.kpn.com/somewhere", "kpn"])
async def test_an_address_that_cannot_be_the_gateway_s_is_refused_unasked(setup: Setup, api_url: str) -> None:
    check = await setup.check_credentials(client_id="an-id", client_secret=SECRET, api_url=api_url)
    assert check.is_fault
    assert "api_url" in check.text


async def test_a_check_can_be_given_up(setup: Setup, standin: Standin) -> None:
    standin.script(TOKEN, Reply(manner=Manner.SILENT))
    asking = asyncio.create_task(setup.check_credentials(client_id="an-id", client_secret=SECRET, api_url=standin.url))
    await asyncio.to_thread(standin.wait_for, TOKEN)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_those_who_need_the_exit_code_get_the_error(setup: Setup, standin: Standin) -> None:
    standin.always(SEND, Reply(status=401, body=NO_PRODUCT))
    with pytest.raises(NotAuthorisedError):
        await setup.try_credentials(client_id="an-id", client_secret=SECRET, api_url=standin.url)


@pytest.mark.parametrize(
    ("text", "account", "finding", "digits"),
    [
        ("06 12345678", Account.TEST, Finding.OK, NUMBER),
        ("+31 (0)6-12345678", Account.TEST, Finding.OK, NUMBER),
        ("31612345678", Account.TEST, Finding.OK, NUMBER),
        ("+1 202 555 0123", Account.TEST, Finding.OK, "12025550123"),
        ("31970000000", Account.PRODUCTION, Finding.OK, "31970000000"),
        ("020 1234567", Account.TEST, Finding.NOTE, "31201234567"),
        ("020 1234567", Account.PRODUCTION, Finding.OK, "31201234567"),
        ("12", Account.TEST, Finding.FAULT, None),
        ("Anna", Account.TEST, Finding.FAULT, None),
    ],
)
def test_a_number_in_any_usual_form(
    setup: Setup, text: str, account: Account, finding: Finding, digits: str | None
) -> None:
    check, read = setup.check_number(text, account=account)
    assert (check.finding, read) == (finding, digits)
    assert bool(check.fix) is (finding is not Finding.OK)


async def save(setup: Setup, place: Place | None, *, secret: Secret | None = SECRET) -> str:
    checks = await setup.save_account(
        client_id="an-id", client_secret=secret, number=NUMBER, account=Account.TEST, place=place
    )
    return "\n".join(check.text for check in checks)


async def test_what_is_not_given_is_left_as_it_is(setup: Setup) -> None:
    await save(setup, Place.FILE)
    await setup.save_account(client_id="another", client_secret=None, number=None, account=None, place=Place.FILE)
    assert (setup.settings.client_id, setup.settings.number) == ("another", NUMBER)


async def test_without_a_keyring_there_is_the_file(setup: Setup, tmp_path: Path) -> None:
    assert await setup.places() == (Place.FILE,)
    assert "credentials.toml" in await save(setup, Place.FILE)
    settings = setup.settings
    assert (settings.client_id, settings.number, settings.client_secret()) == ("an-id", NUMBER, SECRET)
    file = tmp_path / "config" / "credentials.toml"
    assert SECRET.reveal() in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o777 == 0o600


async def test_for_this_run_only_the_secret_is_written_nowhere(setup: Setup, tmp_path: Path) -> None:
    said = await save(setup, None)
    assert setup.settings.client_secret() == SECRET
    written = texts_under(tmp_path)
    assert written
    assert all(SECRET.reveal() not in text for text in [*written, said])


def texts_under(folder: Path) -> list[str]:
    return [file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.is_file()]


async def test_a_secret_can_be_left_where_it_is(setup: Setup) -> None:
    await save(setup, Place.FILE)
    await save(setup, None, secret=None)
    assert setup.settings.client_secret() == SECRET


async def test_what_was_typed_holds_for_this_run_and_what_overrides_it_later_is_said(
    setup: Setup, more: dict[str, str]
) -> None:
    more["SMSCHAT_NUMBER"] = "31687654321"
    said = await save(setup, Place.FILE)
    assert setup.settings.number == NUMBER
    assert "SMSCHAT_NUMBER" in said


async def test_off_and_fixed_ways_in(setup: Setup, more: dict[str, str]) -> None:
    off = await setup.check_tunnel(kind=TunnelKind.OFF, authtoken=None, public_url=None)
    assert off.finding is Finding.NOTE
    nothing = await setup.check_tunnel(kind=TunnelKind.FIXED, authtoken=None, public_url=None)
    assert nothing.is_fault
    plain = await setup.check_tunnel(kind=TunnelKind.FIXED, authtoken=None, public_url="http://example.org")
    assert plain.is_fault
    drifting = await setup.check_tunnel(kind=TunnelKind.FIXED, authtoken=None, public_url="https://example.org")
    assert "another port" in drifting.text
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    await setup.save_tunnel(kind=TunnelKind.FIXED, authtoken=None, public_url=address, place=None)
    more["SMSCHAT_LISTEN"] = f"127.0.0.1:{port}"
    await setup.save_tunnel(kind=TunnelKind.FIXED, authtoken=None, public_url=address, place=None)
    here = await setup.check_tunnel(kind=TunnelKind.FIXED, authtoken=None, public_url=address)
    assert here.finding is Finding.OK
    elsewhere = await setup.check_tunnel(
        kind=TunnelKind.FIXED, authtoken=None, public_url=f"http://127.0.0.1:{free_port()}"
    )
    assert elsewhere.finding is Finding.NOTE
    assert elsewhere.fix
    with socket.create_server(("127.0.0.1", port)):
        taken = await setup.check_tunnel(kind=TunnelKind.FIXED, authtoken=None, public_url=address)
    assert taken.is_fault


async def test_a_fixed_way_in_needs_its_address(setup: Setup) -> None:
    with pytest.raises(SettingsError):
        await setup.save_tunnel(kind=TunnelKind.FIXED, authtoken=None, public_url=None, place=None)


async def test_ngrok_is_opened_for_real_and_closed(setup: Setup, more: dict[str, str], tmp_path: Path) -> None:
    with Agent(tmp_path / "agent") as agent:
        more["SMSCHAT_NGROK_PATH"] = str(agent.path)
        await setup.save_tunnel(kind=TunnelKind.NGROK, authtoken=SECRET, public_url=None, place=Place.FILE)
        assert (await setup.find_agent()).finding is Finding.OK
        check = await setup.check_tunnel(kind=TunnelKind.NGROK, authtoken=None, public_url=None)
        assert check.finding is Finding.OK
        assert agent.public_url in check.text
        assert len(agent.endpoints) == 1
        agent.change(refuses_endpoint="ERR_NGROK_334")
        refused = await setup.check_tunnel(kind=TunnelKind.NGROK, authtoken=None, public_url=None)
        assert refused.is_fault
        assert "another agent" in refused.text
        assert refused.fix
        agent.change(refuses_endpoint=None, authtokens=["another"])
        revoked = await setup.check_tunnel(kind=TunnelKind.NGROK, authtoken=SECRET, public_url=None)
        assert revoked.is_fault
        assert SECRET.reveal() not in revoked.text + revoked.fix


async def test_an_open_tunnel_is_left_alone(
    setup: Setup, more: dict[str, str], tmp_path: Path, standin: Standin
) -> None:
    with Agent(tmp_path / "agent") as agent:
        more |= {"SMSCHAT_NGROK_PATH": str(agent.path), "SMSCHAT_API_URL": standin.url, "NGROK_AUTHTOKEN": "a-token"}
        await save(setup, None)
        runtime = Runtime(setup.plan())
        await runtime.open()
        await runtime.go_online()
        await asyncio.to_thread(standin.wait_for, "/communication/nexmo/sms/register")
        check = await setup.check_tunnel(kind=TunnelKind.NGROK, authtoken=None, public_url=None)
        assert "has" in check.text
        assert check.finding is Finding.OK
        assert len(agent.endpoints) == 1
        await runtime.close()


async def test_a_missing_agent_says_how_to_get_one(setup: Setup, more: dict[str, str], tmp_path: Path) -> None:
    more["SMSCHAT_NGROK_PATH"] = str(tmp_path / "nowhere")
    await setup.save_tunnel(kind=TunnelKind.NGROK, authtoken=None, public_url=None, place=None)
    missing = await setup.find_agent()
    assert missing.is_fault
    assert "--install-ngrok" in missing.fix
    check = await setup.check_tunnel(kind=TunnelKind.NGROK, authtoken=None, public_url=None)
    assert check.is_fault


async def test_its_thread_is_of_the_settings_as_they_are_now(setup: Setup) -> None:
    await save(setup, None)
    thread = setup.thread()
    assert thread.number == NUMBER
    assert thread.stop(0) is False  # not started, so there is nothing that could end
    thread.start()
    assert thread.run(_profile_of).result(30) == "default"
    thread.go_online()
    thread.go_online()
    assert thread.stop(30)


async def _profile_of(runtime: Runtime) -> str:
    return runtime.plan.profile


def test_login_makes_it_of_its_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    from smschat.cli.session import setup_of  # noqa: PLC0415 - as the command does

    monkeypatch.setenv("SMSCHAT_PROFILE", "work")
    assert setup_of(parse(["login"])).settings.profile == "work"
    assert setup_of(parse(["login", "--profile", "home"])).settings.profile == "home"
