"""The first frame stands where the chat will draw the same, and the terminal is given back whatever happens."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING

import pyte
import pytest

from tests.program import Program
from tests.terminal import Terminal, smschat

if TYPE_CHECKING:
    from pathlib import Path

    from tests.standin import Standin

CHAT_BEGINS = b"\x1b[22;2t"
"""What the chat's driver writes first of all: it keeps the window's title."""


def drawn(raw: bytes, columns: int, lines: int) -> list[str]:
    screen = pyte.Screen(columns, lines)
    pyte.ByteStream(screen).feed(re.sub(rb"\x1b\[[<=>][0-9;]*[a-z]|\x1b\[\?[0-9;]*\$p", b"", raw))
    return list(screen.display)


@pytest.fixture
def program(standin: Standin, tmp_path: Path) -> Program:
    program = Program(home=tmp_path / "home", api_url=standin.url)
    for number in range(5):
        program.run("send", f"3161111111{number}", f"text number {number}, “quoted” [/foo]", "--queue")
    return program


@pytest.mark.parametrize(("columns", "lines", "width"), [(120, 36, 30), (80, 24, 18), (50, 20, 50)])
def test_it_stands_where_the_chat_draws_the_same(
    program: Program, standin: Standin, columns: int, lines: int, width: int
) -> None:
    standin.forgive()
    env = program.env | {"SMSCHAT_CLIENT_ID": ""}  # nothing is sent, so nothing changes between the two
    with Terminal(smschat(), env=env, columns=columns, rows=lines) as terminal:
        terminal.wait_for("5 chats")
        raw = bytes(terminal.raw)
        first = drawn(raw[: raw.index(CHAT_BEGINS)], columns, lines)
        assert any("11111114 " in line for line in first)
        terminal.wait_for(re.compile("\n".join(re.escape(line[:width]) + "[^\n]*" for line in first[1:-1])))
    assert raw.count(b"\x1b[?1049h") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_at_once_gives_the_terminal_back(program: Program, number: int) -> None:
    with Terminal(smschat(), env=program.env) as terminal:
        terminal.wait_for("text number 4")
        terminal.process.send_signal(number)
        assert terminal.wait_exit() == 0
        assert terminal.wait_restored()


def test_what_is_typed_before_the_chat_is_there_is_not_lost(program: Program) -> None:
    with Terminal(smschat(), env=program.env | {"SMSCHAT_CLIENT_ID": ""}) as terminal:
        terminal.wait_for("text number 4")
        terminal.type("enter", "typed early")
        terminal.wait_for("> typed early")
