"""The commands over a tunnel that an agent opens: what they print, and that nothing of it stays behind."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.agent import Agent, Script
from tests.program import Program, until
from tests.standin import REGISTER, call_webhook, inbound
from tests.terminal import smschat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.standin import Standin


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    with Agent(tmp_path / "agent") as agent:
        yield agent


@pytest.fixture
def program(standin: Standin, tmp_path: Path, agent: Agent) -> Program:
    more = {"SMSCHAT_TUNNEL": "ngrok", "SMSCHAT_NGROK_PATH": str(agent.path), "NGROK_AUTHTOKEN": "an-authtoken"}
    return Program(home=tmp_path / "home", api_url=standin.url, more=more)


def test_the_upstream_is_the_listener_and_the_registered_address_the_public_one(
    program: Program, standin: Standin, agent: Agent
) -> None:
    with program.start("listen", "--json") as listen:
        told = listen.wait_for("listening")
        assert told["registered"]
        assert told["callback_url"].startswith(f"{agent.public_url}/")
        assert [request.form["callback_url"] for request in standin.registrations] == [told["callback_url"]]
        assert agent.endpoints[0]["upstream"]["url"] == told["local_url"]
        assert standin.callback(told["callback_url"], inbound("all the way", message_id="0F1")) == 200
        assert listen.wait_for("inbound")["sms"]["text"] == "all the way"
        status = program.run("webhook", "status", "--json").document()
        assert (status["registered"], status["public_url"]) == (True, agent.public_url)
        assert listen.end() == 0
        agent.wait_ended()


def call(url: str, fields: dict[str, str]) -> None:
    """Call a webhook whose answer may not come through, for what waits for the call ends, and the tunnel with it."""
    with suppress(ConnectionError):
        assert call_webhook(url, fields) in {200, 502}


@pytest.mark.parametrize("hangs", ["at once", "online", "offline"])
def test_an_agent_that_hangs_ends_with_the_program(program: Program, agent: Agent, hangs: str) -> None:
    agent.script = Script(hangs=hangs, public_port=agent.script.public_port)  # type: ignore[arg-type]
    with program.start("listen", "--json") as listen:
        until(lambda: agent.running)
        assert listen.end() == 0
        agent.wait_ended()


def test_a_refused_tunnel_is_said_and_leaves_sending_at_work(program: Program, standin: Standin, agent: Agent) -> None:
    agent.change(authtokens=["another"])
    with program.start("listen", "--json") as listen:
        said = listen.wait_for("health")
        assert (said["part"], said["state"]) == ("tunnel", "down")
        assert "authtoken" in said["text"]
        told = listen.wait_for("listening")
        assert (told["registered"], told["callback_url"]) == (False, None)
        assert program.run("send", "31611111111", "hello").code == 0
        assert "callback" not in standin.sends[0].form
        assert listen.end() == 0


def test_wait_ends_at_once_where_there_is_no_agent(program: Program, tmp_path: Path) -> None:
    more = program.more | {"SMSCHAT_NGROK_PATH": str(tmp_path / "nowhere")}
    ended = Program(home=program.home, api_url=program.api_url, more=more).run("wait", "--json")
    assert ended.code == 69
    assert ended.document()["error"]["code"] == "no_agent"


def test_wait_gives_an_address_that_was_ours_a_moment_ago_the_time_to_be_let_go(
    program: Program, standin: Standin, agent: Agent
) -> None:
    agent.change(refuses_endpoint="ERR_NGROK_334")
    argv = smschat("wait", "--extract", r"\d{6}")
    with subprocess.Popen(argv, env=program.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            until(lambda: agent.endpoints)
            agent.change(refuses_endpoint=None)
            (registered,) = standin.wait_for(REGISTER)
            call(registered.form["callback_url"], inbound("code 654321", message_id="0F3"))
            out, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, out) == (0, "654321\n")
    agent.wait_ended()


def test_wait_goes_on_over_a_tunnel_that_falls(program: Program, standin: Standin, agent: Agent) -> None:
    argv = smschat("wait", "--extract", r"\d{6}")
    with subprocess.Popen(argv, env=program.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            standin.wait_for(REGISTER)
            agent.move()
            agent.crash()
            (_, again) = standin.wait_for(REGISTER, 2)
            call(again.form["callback_url"], inbound("code 123456", message_id="0F2"))
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, out) == (0, "123456\n")
    assert "; waiting on" in err
    agent.wait_ended()
