"""When the set-up comes, on a real pseudo-terminal: with nothing there, and from the chat; never by itself else."""

from __future__ import annotations

import signal
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.agent import Agent
from tests.program import NUMBER, Program, until
from tests.standin import inbound
from tests.terminal import Terminal, smschat

if TYPE_CHECKING:
    from pathlib import Path

    from tests.standin import Standin

NOTHING = dict.fromkeys(("SMSCHAT_CLIENT_ID", "SMSCHAT_CLIENT_SECRET", "SMSCHAT_NUMBER", "SMSCHAT_TUNNEL"), "")
SECRET = "zq7-canary"
SET_UP = "Try the demo instead"


@pytest.fixture
def stranger(standin: Standin, tmp_path: Path) -> Program:
    return Program(home=tmp_path / "home", api_url=standin.url, more=NOTHING)


def test_a_first_start_is_the_set_up_and_leaving_it_leaves_nothing(stranger: Program, standin: Standin) -> None:
    with Terminal(smschat(), env=stranger.env) as terminal:
        terminal.wait_for(SET_UP)
        terminal.type("ctrl+q")
        assert terminal.wait_exit() == 0
        assert terminal.wait_restored()
    assert not (stranger.home / "data" / "default.db").exists()
    assert standin.requests == []


def test_a_stranger_gets_to_an_answered_sms_and_into_the_chat(
    stranger: Program, standin: Standin, tmp_path: Path
) -> None:
    """Typed without looking up: what comes before the first field is there is not lost, and lands in no other."""
    with Agent(tmp_path / "agent") as agent:
        at_ngrok = replace(stranger, more={**NOTHING, "SMSCHAT_NGROK_PATH": str(agent.path)})
        with Terminal(smschat(), env=at_ngrok.env) as terminal:
            terminal.wait_for(SET_UP)
            terminal.type("an-id", "enter", SECRET, "enter")
            terminal.wait_for("Your number")
            terminal.wait_for("May the client secret be kept")
            terminal.type("06 12345678", "enter")
            terminal.wait_for("+31 6 12345678 (NL)")
            terminal.type("enter")
            terminal.wait_for("▌● ngrok")
            terminal.type("enter")
            until(lambda: "▌● ngrok" not in terminal.text())
            terminal.type("a-token")
            terminal.wait_for("•••••••")
            enter_until(terminal, "✓ 3 Tunnel")
            enter_until(terminal, "waiting")
            [sent] = [request for request in standin.sends if "to" in request.form]
            hello = inbound("hello", message_id="0B1", msisdn=NUMBER)
            assert standin.callback(standin.registrations[-1].form["callback_url"], hello) == 200
            terminal.wait_for("It works")
            terminal.type("enter")
            terminal.wait_for("● listening")
            terminal.wait_for("hello")
            terminal.type("ctrl+q")
            assert terminal.wait_exit() == 0
            assert terminal.wait_restored()
            assert SECRET not in terminal.raw.decode()
        assert sent.form["to"] == NUMBER
        assert len(standin.registrations) == 1
        assert len(agent.endpoints) == 2  # one to check, one for good


def enter_until(terminal: Terminal, wanted: str) -> None:
    """Press Enter, as often as it takes somebody who sees that nothing has happened yet."""
    for _ in range(20):
        terminal.type("enter")
        with suppress(AssertionError):
            terminal.wait_for(wanted, patience_s=2)
            return
    raise AssertionError(f"{wanted!r} never came; the screen is\n{terminal.text()}")


def test_a_signal_ends_the_set_up_with_the_terminal_as_it_was(stranger: Program) -> None:
    with Terminal(smschat(), env=stranger.env) as terminal:
        terminal.wait_for(SET_UP)
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.wait_exit() == 0
        assert terminal.wait_restored()


def test_the_palette_of_the_chat_leads_to_the_set_up(standin: Standin, tmp_path: Path) -> None:
    program = Program(home=tmp_path / "home", api_url=standin.url)
    with Terminal(smschat(), env=program.env) as terminal:
        terminal.wait_for("● listening")
        terminal.type("ctrl+p")
        terminal.wait_for("Find a command")
        terminal.type("set up")
        until(lambda: "the chat comes back" in terminal.text() and "Show every key" not in terminal.text())
        enter_until(terminal, SET_UP)
        terminal.type("ctrl+q")
        assert terminal.wait_exit() == 0
        assert terminal.wait_restored()


def test_where_there_is_a_store_the_chat_opens_without_settings(stranger: Program, standin: Standin) -> None:
    known = Program(home=stranger.home, api_url=standin.url)
    assert known.run("send", "31611111111", "hello", "--queue").code == 0
    with Terminal(smschat(), env=stranger.env) as terminal:
        terminal.wait_for("31611111111")
        terminal.wait_for("gateway: not set")
        terminal.type("ctrl+q")
        assert terminal.wait_exit() == 0
