"""However a command over a tunnel ends, no agent stays, and its authtoken is nowhere but where the user put it."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.agent import Agent
from tests.program import Program, until
from tests.tunnel.watching import needs_proc, watching

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.standin import Standin

TOKEN = "2canaryAuthtokenOfTheUser_9Kd"


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    with Agent(tmp_path / "agent") as agent:
        yield agent


@pytest.fixture
def program(standin: Standin, tmp_path: Path, agent: Agent) -> Program:
    """A user who has the authtoken where ngrok puts it."""
    home = tmp_path / "home"
    kept = home / ".config" / "ngrok" / "ngrok.yml"
    kept.parent.mkdir(parents=True)
    kept.write_text(f'version: "3"\nagent:\n  authtoken: {TOKEN}\n', encoding="utf-8")
    kept.chmod(0o600)
    more = {"SMSCHAT_TUNNEL": "ngrok", "SMSCHAT_NGROK_PATH": str(agent.path)}
    return Program(home=home, api_url=standin.url, more=more)


def telling(home: Path) -> list[str]:
    """The files under a home that have the authtoken in them."""
    files = [file for file in home.rglob("*") if file.is_file()]
    return sorted(str(file.relative_to(home)) for file in files if TOKEN.encode() in file.read_bytes())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_ended_from_outside_it_leaves_no_agent_and_no_authtoken(program: Program, agent: Agent, number: int) -> None:
    with program.start("listen", "--json") as listen:
        listen.wait_for("listening")
        assert telling(program.home) == [".config/ngrok/ngrok.yml", "data/default.ngrok.yml"]
        listen.end(number)
        agent.wait_ended()
    assert telling(program.home) == [".config/ngrok/ngrok.yml"]


def test_killed_it_leaves_no_agent_after_the_next_start(program: Program, standin: Standin, agent: Agent) -> None:
    with program.start("listen", "--json") as listen:
        first = listen.wait_for("listening")["callback_url"]
        listen.end(signal.SIGKILL)
    with program.start("listen", "--json") as listen:
        assert listen.wait_for("listening")["callback_url"] == first
        assert len(agent.running) == 1
        assert listen.end() == 0
    assert (agent.running, telling(program.home)) == ([], [".config/ngrok/ngrok.yml"])


def test_after_a_kill_logout_takes_the_authtoken_away(program: Program, agent: Agent) -> None:
    with program.start("listen", "--json") as listen:
        listen.wait_for("listening")
        told = program.run("logout", "--json").document()
        assert any("until the smschat ends that uses it" in text for text in told["left"])
        assert len(agent.running) == 1
        listen.end(signal.SIGKILL)
    agent.wait_ended()
    told = program.run("logout", "--json").document()
    assert any("which a killed smschat left" in text for text in told["erased"])
    assert telling(program.home) == [".config/ngrok/ngrok.yml"]


@needs_proc
def test_the_authtoken_is_in_no_command_line_and_no_environment(program: Program, agent: Agent) -> None:
    with watching(TOKEN) as seen:
        with program.start("listen", "--json") as listen:
            listen.wait_for("listening")
            [pid] = agent.running
            until(lambda: pid in seen.looked_at)
            assert listen.end() == 0
        assert {listen.process.pid, pid} <= seen.looked_at
    assert seen.telling == set()
