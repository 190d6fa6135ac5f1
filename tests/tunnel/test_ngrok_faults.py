"""What keeps an agent from coming up, each as a sentence that says what to do."""

from __future__ import annotations

import asyncio
import io
import logging
from typing import TYPE_CHECKING

import pytest

from smschat.errors import SettingsError
from tests.agent import Script
from tests.tunnel.opening import TOKEN, left_in, ngrok, nothing_left, refused

if TYPE_CHECKING:
    from pathlib import Path

    from smschat.domain.secret import Secret
    from tests.agent import Agent

TRIES = 20

pytestmark = pytest.mark.usefixtures("alone")


@pytest.mark.parametrize(
    ("script", "code", "words"),
    [
        (Script(refuses_endpoint="ERR_NGROK_334"), "ngrok_334", "another agent has this ngrok address online"),
        (Script(refuses_endpoint="ERR_NGROK_319"), "ngrok_319", "not reserved by this ngrok account"),
        (Script(refuses="ERR_NGROK_4018"), "ngrok_4018", "asks for an authtoken"),
        (Script(refuses="ERR_NGROK_105"), "ngrok_105", "malformed"),
        (Script(authtokens=("2another",)), "ngrok_107", "revoked"),
        (Script(refuses="ERR_NGROK_108"), "ngrok_108", "as many agents online as it may have"),
        (Script(refuses="ERR_NGROK_120"), "ngrok_120", "no longer serves agents of this version"),
        (Script(refuses="ERR_NGROK_121"), "ngrok_121", "older than this account may use"),
        (Script(refuses="ERR_NGROK_9009"), "ngrok_9009", "may not use a proxy"),
        (Script(refuses="ERR_NGROK_4711"), "ngrok_4711", "(ERR_NGROK_4711): authentication failed: Something is wrong"),
        (Script(version="3.9.0"), "agent_old", "too old"),
        (Script(says="panic: assignment to entry in nil map\n\ngoroutine 1:"), "agent_start", "entry in nil map"),
    ],
    ids=lambda value: value if isinstance(value, str) and "_" in value else "",
)
async def test_what_the_agent_refuses_is_a_sentence(
    folder: Path, agent: Agent, script: Script, code: str, words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    agent.script = script
    error = await refused(ngrok(folder, agent))
    assert error.code == code
    assert words in error.message
    await nothing_left(folder, agent)
    assert capfd.readouterr() == ("", "")


async def test_an_agent_that_would_try_again_for_ever_is_not_waited_for(folder: Path, agent: Agent) -> None:
    agent.change(refuses="ERR_NGROK_108", retries=True)
    error = await refused(ngrok(folder, agent, start_limit_s=600.0))
    assert error.code == "ngrok_108"
    await nothing_left(folder, agent)


async def test_what_pyngrok_repeats_of_the_agent_goes_to_no_log(
    folder: Path, agent: Agent, caplog: pytest.LogCaptureFixture
) -> None:
    """The agent's words have the authtoken in them. As our log does, the handler hangs on the root logger."""
    agent.change(authtokens=())
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    with caplog.at_level("DEBUG"):
        await refused(ngrok(folder, agent))
    logging.getLogger().removeHandler(handler)
    assert "pyngrok" not in written.getvalue()
    assert TOKEN not in written.getvalue()


async def test_without_an_authtoken_ngrok_asks_for_one(folder: Path, agent: Agent) -> None:
    assert (await refused(ngrok(folder, agent, authtoken=lambda: None))).code == "ngrok_4018"


async def test_a_secret_that_cannot_be_had_is_the_reason(folder: Path, agent: Agent) -> None:
    def broken() -> Secret | None:
        raise SettingsError("the keyring is locked", hint="unlock it", code="keyring")

    assert (await refused(ngrok(folder, agent, authtoken=broken))).code == "keyring"
    assert agent.starts == []


@pytest.mark.parametrize("given", ["nowhere/ngrok", "data", "text"])
async def test_a_missing_agent_is_said_and_nothing_is_fetched(folder: Path, tmp_path: Path, given: str) -> None:
    (tmp_path / "text").write_text("no program", encoding="utf-8")
    error = await refused(ngrok(folder, tmp_path / given))
    assert error.code == "no_agent"
    assert str(tmp_path / given) in error.message
    assert "install-ngrok" in error.hint
    assert left_in(folder) == []


async def test_an_agent_that_is_no_program_is_said(folder: Path, tmp_path: Path) -> None:
    program = tmp_path / "ngrok"
    program.write_bytes(b"\x7fELF but not really")
    program.chmod(0o755)
    error = await refused(ngrok(folder, program))
    assert error.code == "agent_start"
    assert "Exec format error" in error.message


async def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, agent: Agent) -> None:
    (tmp_path / "file").touch()
    error = await refused(ngrok(tmp_path / "file" / "data", agent))
    assert error.code == "agent_start"


@pytest.mark.parametrize("hangs", ["at once", "online"])
async def test_a_start_that_hangs_is_given_up_and_ended(folder: Path, agent: Agent, hangs: str) -> None:
    agent.change(hangs=hangs)
    error = await refused(ngrok(folder, agent, start_limit_s=0.8))
    assert error.code == "agent_start"
    assert "did not come up within 0.8 seconds" in error.message
    await nothing_left(folder, agent)


@pytest.mark.parametrize("limit_s", [0.8, 1.9])
async def test_without_a_network_that_is_said(folder: Path, agent: Agent, limit_s: float) -> None:
    """By our own limit, and by pyngrok's, which comes first where the agent talks."""
    agent.change(hangs="offline")
    codes = [(await refused(ngrok(folder, agent, start_limit_s=limit_s))).code]
    while codes[-1] == "agent_start" and len(codes) < TRIES:  # the machine did not let it say anything in time
        codes.append((await refused(ngrok(folder, agent, start_limit_s=limit_s))).code)
    assert codes[-1] == "ngrok_unreachable"
    await asyncio.to_thread(agent.wait_ended)


async def test_an_agent_without_endpoints_is_too_old(folder: Path, agent: Agent) -> None:
    agent.change(version="3.29.4")
    error = await refused(ngrok(folder, agent, start_limit_s=0.8))
    assert error.code == "agent_old"
    assert "3.29.4" in error.message
    await asyncio.to_thread(agent.wait_ended)
