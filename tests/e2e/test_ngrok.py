"""The installed program and its tunnel, from outside: the real pyngrok, a stand-in for the agent and for the gateway.

What must hold: whatever keeps the tunnel from opening is a sentence that says what to do, in `listen` and in the chat;
no authtoken is handed on; and however smschat ends, no agent stays.
"""

from __future__ import annotations

import re
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.agent import Agent, Script
from tests.program import Program, until
from tests.standin import REGISTER, Standin, inbound
from tests.terminal import Terminal, smschat
from tests.watch import Watch, left_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from tests.program import Stream

AUTHTOKEN = "2canaryAuthtokenOfATest_5xQ"
WELL = "● listening  ngrok ok"
HANGS = "the ngrok agent did not come up within 20 seconds; run `ngrok diagnose`"

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes by proc(5)")


@pytest.fixture(scope="module", autouse=True)
def hanging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stream, Terminal, Future[None]]]:
    """A `listen` and a chat with an agent that hangs, watched in a thread: other tests run during its 20 seconds."""
    folder = tmp_path_factory.mktemp("hanging")
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(1))
        standin = stack.enter_context(Standin())
        agent = stack.enter_context(Agent(folder / "agent", Script(hangs="online")))
        stack.callback(agent.wait_ended)
        listen = stack.enter_context(user(folder / "home", standin, agent).start("listen", "--json"))
        terminal = stack.enter_context(chat(user(folder / "another", standin, agent)))
        yield listen, terminal, pool.submit(is_said_by, listen, terminal, HANGS)


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    with Agent(tmp_path / "agent") as agent:
        yield agent


@pytest.fixture
def program(standin: Standin, tmp_path: Path, agent: Agent) -> Program:
    return user(tmp_path / "home", standin, agent)


@pytest.fixture
def another(standin: Standin, tmp_path: Path, agent: Agent) -> Program:
    """A second user with the same agent."""
    return user(tmp_path / "another", standin, agent)


@pytest.fixture(autouse=True)
def watch(program: Program, another: Program) -> Iterator[Watch]:
    """No authtoken is on the way from process to process at any time, and in the end there is no process."""
    with Watch(AUTHTOKEN.encode(), given=("-m smschat",)) as watch:
        yield watch
        until(lambda: not left_of(program.home) + left_of(another.home))
    assert watch.found == set()


def user(home: Path, standin: Standin, agent: Agent) -> Program:
    more = {"SMSCHAT_TUNNEL": "ngrok", "SMSCHAT_NGROK_PATH": str(agent.path), "NGROK_AUTHTOKEN": AUTHTOKEN}
    return Program(home=home, api_url=standin.url, more=more)


def chat(program: Program, columns: int = 140) -> Terminal:
    return Terminal(smschat(), env=program.env, columns=columns)


def owned_files(program: Program) -> set[str]:
    """What an agent has in the data folder."""
    return {file.name for file in (program.home / "data").glob("*ngrok*")}


def test_what_the_public_address_is_sent_is_on_the_screen(
    program: Program, standin: Standin, agent: Agent, watch: Watch
) -> None:
    with chat(program) as terminal:
        terminal.wait_for(WELL)
        [registered] = standin.wait_for(REGISTER)
        assert registered.form["callback_url"].rpartition("/")[0] == agent.public_url
        assert standin.callback(registered.form["callback_url"], inbound("all the way", message_id="0F1")) == 200
        terminal.wait_for("all the way")
        until(lambda: watch.has_seen("--config"))
        terminal.type("ctrl+q")
        assert terminal.wait_exit() == 0
        assert terminal.wait_restored()
        assert AUTHTOKEN.encode() not in terminal.raw
    assert (agent.running, owned_files(program)) == ([], set())


FAULTS = {
    "refused address": (
        {"refuses_endpoint": "ERR_NGROK_334"},
        {},
        "another agent has this ngrok address online; stop it, or set public_url to another domain",
    ),
    "no authtoken": (
        {},
        {"NGROK_AUTHTOKEN": ""},
        "ngrok asks for an authtoken, and there is none or its account is not verified; copy the authtoken from https",
    ),
    "revoked authtoken": (
        {"authtokens": ["2another"]},
        {},
        "the ngrok authtoken is not valid: it was revoked, or belongs to an account that is no longer yours; copy the",
    ),
    "agent too old for the account": (
        {"refuses": "ERR_NGROK_121"},
        {},
        "the ngrok agent is older than this account may use; run `ngrok update`, or `smschat doctor --install-ngrok`",
    ),
    "agent too old for us": (
        {"version": "3.9.0"},
        {},
        "the ngrok agent is too old, 3.30.0 is needed; run `ngrok update`, or `smschat doctor --install-ngrok`",
    ),
    "no agent": (
        {},
        {"SMSCHAT_NGROK_PATH": "/nowhere/ngrok"},
        "there is no ngrok agent at /nowhere/ngrok; run `smschat doctor --install-ngrok`; or get it from https://ngrok",
    ),
}


@pytest.mark.parametrize(("script", "env", "sentence"), FAULTS.values(), ids=FAULTS.keys())
def test_what_keeps_the_tunnel_shut_is_said_with_what_to_do(
    program: Program, another: Program, agent: Agent, script: dict[str, Any], env: dict[str, str], sentence: str
) -> None:
    agent.change(**script)
    program.more.update(env)
    another.more.update(env)
    with program.start("listen", "--json") as listen, chat(another) as terminal:
        is_said_by(listen, terminal, sentence)
        terminal.type("ctrl+q")
        assert (terminal.wait_exit(), listen.end()) == (0, 0)
    assert agent.endpoints == [] or "334" in str(script)


def is_said_by(listen: Stream, terminal: Terminal, sentence: str) -> None:
    """By the chat, in its header what is wrong and in a notification what to do as well, and by `listen`."""
    shown = terminal.wait_for(re.compile("tunnel: " + re.escape(sentence[:30])))
    assert "● listening" in shown
    terminal.wait_for("Note")
    until(lambda: letters(sentence) in letters(notified(terminal.text())))
    told = listen.wait_for("health")
    assert (told["part"], told["state"]) == ("tunnel", "down")
    assert told["text"].startswith(sentence)
    assert not listen.wait_for("listening")["registered"]


def notified(screen: str) -> str:
    """The lower right of the screen, where notifications stand."""
    return "\n".join(line[75:] for line in screen.splitlines()[1:])


def letters(text: str) -> str:
    """However it is wrapped and framed."""
    return re.sub(r"[\W_]+", "", text).casefold()


def test_a_fallen_tunnel_is_said_and_stands_again_at_its_new_address(
    program: Program, standin: Standin, agent: Agent
) -> None:
    with chat(program) as terminal:
        terminal.wait_for(WELL)
        first = agent.public_url
        agent.move()
        agent.crash()
        terminal.wait_for("The ngrok agent has ended (exit status 3)")
        (*_, registered) = standin.wait_for(REGISTER, 2)
        assert registered.form["callback_url"].startswith(agent.public_url)
        assert agent.public_url != first
        assert standin.callback(registered.form["callback_url"], inbound("after the fall", message_id="0F1")) == 200
        terminal.wait_for("after the fall")
        terminal.wait_for(WELL)
        terminal.type("ctrl+q")
        assert terminal.wait_exit() == 0


def test_an_authtoken_that_is_revoked_while_it_runs_is_said(program: Program, agent: Agent) -> None:
    with program.start("listen", "--json") as listen:
        listen.wait_for("listening")
        agent.change(authtokens=["2another"])
        agent.revoke()
        told = [listen.wait_for("health")["text"] for _ in range(2)]
        assert told[0].endswith(", opening it again")
        assert "copy the one that holds now from https://dashboard.ngrok.com" in told[1]
        assert not listen.wait_for("listening")["registered"]
        status = program.run("webhook", "status").out
        assert f"gateway       was told {agent.public_url}/" in status
        assert "callback      none" in status
        assert listen.end() == 0


ENDS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@pytest.mark.parametrize("hangs", [None, "at once"])
@pytest.mark.parametrize("number", ENDS)
def test_a_signal_ends_the_agent_too(program: Program, agent: Agent, number: int, hangs: str | None) -> None:
    """Whether it is up or being opened; Ctrl-C is an interruption, the others are the way `listen` ends."""
    agent.change(hangs=hangs)
    with program.start("listen", "--json") as listen:
        until(lambda: agent.noted("endpoint") if hangs is None else agent.running)
        assert listen.end(number) == (130 if number == signal.SIGINT else 0)
        until(lambda: not agent.running)
    assert owned_files(program) == set()


@pytest.mark.parametrize("end", ["ctrl+q", signal.SIGTERM, signal.SIGHUP])
def test_the_chat_can_be_left_while_the_tunnel_is_being_opened(program: Program, agent: Agent, end: str | int) -> None:
    agent.change(hangs="at once", ignores_sigterm=True)
    with chat(program) as terminal:
        terminal.wait_for("ngrok is opening")
        until(lambda: agent.running)
        terminal.type(end) if isinstance(end, str) else terminal.process.send_signal(end)
        assert terminal.wait_exit() == 0
        assert terminal.wait_restored()
        agent.wait_ended()
    assert owned_files(program) == set()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_killed_it_leaves_no_process_and_the_next_start_clears_up(
    program: Program, standin: Standin, agent: Agent
) -> None:
    with program.start("listen", "--json") as listen:
        assert listen.wait_for("listening")["registered"]
        listen.end(signal.SIGKILL)
        agent.wait_ended()
    assert owned_files(program) != set()
    with program.start("listen", "--json") as listen:
        assert listen.wait_for("listening")["registered"]
        assert listen.end() == 0
    assert (agent.running, owned_files(program)) == ([], set())
    standin.forgive()  # a kill cuts a request off in its middle


def test_an_agent_that_outlives_a_kill_is_ended_by_the_next_start(
    program: Program, standin: Standin, agent: Agent
) -> None:
    agent.change(ignores_sigterm=True)  # so that the system's SIGTERM at the death of smschat does not end it
    with program.start("listen", "--json") as listen:
        listen.wait_for("listening")
        listen.end(signal.SIGKILL)
    [orphan] = agent.running
    agent.change(ignores_sigterm=False)
    with program.start("listen", "--json") as listen:
        assert listen.wait_for("listening")["registered"]
        assert orphan not in agent.running
        assert len(agent.running) == 1
        assert listen.end() == 0
    standin.forgive()  # as above


def test_an_agent_that_hangs_is_given_up_with_what_to_do(hanging: tuple[Stream, Terminal, Future[None]]) -> None:
    """The last one here: it waits for what began before the first."""
    listen, terminal, is_said = hanging
    is_said.result()
    terminal.type("ctrl+q")
    assert (terminal.wait_exit(), listen.end()) == (0, 0)
