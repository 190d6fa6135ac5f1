"""When the set-up comes, on a real pseudo-terminal: with nothing there, and from the chat; never by itself else."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.program import Program
from tests.terminal import Terminal, smschat

if TYPE_CHECKING:
    from pathlib import Path

    from tests.standin import Standin

NOTHING = dict.fromkeys(("SMSCHAT_CLIENT_ID", "SMSCHAT_CLIENT_SECRET", "SMSCHAT_NUMBER", "SMSCHAT_TUNNEL"), "")
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
        terminal.wait_for("the chat comes back")
        terminal.type("enter")
        terminal.wait_for(SET_UP)
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
