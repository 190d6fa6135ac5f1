"""SMS that wait for their time, on a real terminal and across processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.program import Program, free_port, until
from tests.standin import SEND
from tests.terminal import Terminal, smschat

if TYPE_CHECKING:
    from pathlib import Path

    from tests.standin import Standin


@pytest.fixture
def program(standin: Standin, tmp_path: Path) -> Program:
    port = free_port()
    more = {
        "SMSCHAT_TUNNEL": "fixed",
        "SMSCHAT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SMSCHAT_LISTEN": f"127.0.0.1:{port}",
    }
    return Program(home=tmp_path / "home", api_url=standin.url, more=more)


def test_what_a_script_gave_a_time_is_sent_then_by_whoever_owns_the_outbox(program: Program, standin: Standin) -> None:
    with program.start("listen", "--json") as owner:
        owner.wait_for("listening")
        ended = program.run("send", "31611111111", "in its time", "--at", "in 1s", "--json")
        assert ended.document()["status"] == "scheduled"
        assert standin.wait_for(SEND)[-1].form["text"] == "in its time"
        assert owner.end() == 0


def test_what_can_be_taken_back_is_sent_when_it_is_not(program: Program, standin: Standin) -> None:
    program.run("send", "31611111111", "first", "--queue")
    with Terminal(smschat(), env=program.env | {"SMSCHAT_UNDO_SEND_S": "5"}) as chat:
        chat.wait_for("● listening")
        standin.wait_for(SEND)
        chat.type("enter")
        chat.wait_for("> Write an SMS")
        chat.type("second", "enter")
        until(lambda: b"F7 take back (" in chat.raw)
        assert sorted(sent.form["text"] for sent in standin.wait_for(SEND, 2)) == ["first", "second"]
        until(lambda: "F7 take back" not in chat.text())  # before, it would be asked whether to leave all the same
        chat.type("ctrl+q")
        assert chat.wait_exit() == 0


def test_what_is_taken_back_is_never_sent(program: Program, standin: Standin) -> None:
    program.run("send", "31611111111", "first", "--queue")
    with Terminal(smschat(), env=program.env | {"SMSCHAT_UNDO_SEND_S": "30"}) as chat:
        chat.wait_for("● listening")
        standin.wait_for(SEND)
        chat.type("enter")
        chat.wait_for("> Write an SMS")
        chat.type("second", "enter")
        chat.wait_for("F7 take back")
        chat.send(b"\x1b[18~")
        chat.wait_for("> second")
        chat.type(" thought", "ctrl+q")
        assert chat.wait_exit() == 0
    assert [sent.form["text"] for sent in standin.wait_for(SEND)] == ["first"]
    assert program.run("read", "31611111111", "--json").document()[-1]["text"] == "first"
