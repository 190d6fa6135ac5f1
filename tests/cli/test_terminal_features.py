"""What the terminal can do: read from its answers, asked without an echo, and never waited for for long."""

from __future__ import annotations

import io
import os
import pty
import termios
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from smschat.cli import terminal_features as features
from smschat.domain.checks import Check, Finding
from tests.program import Program
from tests.terminal import Terminal, smschat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.standin import Standin

KITTY = b"\x1b[?0u\x1b[?1004;2$y\x1b[?2004;1$y\x1b[?62;52c"
XTERM = b"\x1b[?1004;2$y\x1b[?2004;2$y\x1b[?64;1;2c"
CONSOLE = b"\x1b[?6c"
NOT_KNOWN = b"\x1b[?1004;0$y\x1b[?2004;4$y\x1b[?1;2c"


def findings(heard: bytes, **env: str) -> dict[str, Finding]:
    return {check.name: check.finding for check in features.of_answers(features.answers_in(heard), env)}


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        (KITTY, [Finding.OK, Finding.OK, Finding.OK, Finding.OK]),
        (XTERM, [Finding.NOTE, Finding.OK, Finding.OK, Finding.UNKNOWN]),
        (CONSOLE, [Finding.NOTE, Finding.UNKNOWN, Finding.UNKNOWN, Finding.UNKNOWN]),
        (NOT_KNOWN, [Finding.NOTE, Finding.NOTE, Finding.NOTE, Finding.UNKNOWN]),
        (b"", [Finding.UNKNOWN] * 4),
        (b"typed \x1b[A", [Finding.UNKNOWN] * 4),
    ],
)
def test_the_answers_say_what_the_terminal_can_do(heard: bytes, expected: list[Finding]) -> None:
    found = findings(heard)
    assert list(found) == ["keys", "focus", "paste", "clipboard"]
    assert list(found.values()) == expected


@pytest.mark.parametrize("env", [{"TERM": "alacritty"}, {"TERM_PROGRAM": "WezTerm"}, {"TERM": "foot-extra"}])
def test_a_terminal_that_copies_without_saying_so_is_known_by_name(env: dict[str, str]) -> None:
    assert findings(XTERM, **env)["clipboard"] is Finding.OK


def test_tmux_has_its_own_words() -> None:
    env = {"TMUX": "/tmp/tmux-0/default,1,0"}
    fixes = {check.name: check.fix for check in features.of_answers(features.answers_in(NOT_KNOWN), env)}
    assert "focus-events" in fixes["focus"]
    assert "set-clipboard" in fixes["clipboard"]


def test_a_terminal_that_could_not_be_asked_leaves_everything_unknown() -> None:
    assert {check.finding for check in features.of_answers(None, {})} == {Finding.UNKNOWN}


@pytest.mark.parametrize(
    ("env", "finding", "words"),
    [
        ({}, Finding.FAULT, "TERM is not set"),
        ({"TERM": "dumb"}, Finding.FAULT, "TERM is dumb"),
        ({"TERM": "xterm", "NO_COLOR": "1"}, Finding.NOTE, "NO_COLOR"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, Finding.OK, "16 million"),
        ({"TERM": "screen-256color"}, Finding.OK, "256"),
        ({"TERM": "linux"}, Finding.NOTE, "16"),
    ],
)
def test_colours_are_those_of_the_environment(env: Mapping[str, str], finding: Finding, words: str) -> None:
    check = features.of_colours(env)
    assert (check.finding, bool(check.fix)) == (finding, finding is Finding.FAULT)
    assert words in check.text


@pytest.mark.parametrize(
    ("columns", "rows", "words"),
    [(120, 36, "side by side"), (99, 30, "narrow list"), (59, 30, "one pane"), (120, 11, "little room")],
)
def test_the_size_says_what_fits(columns: int, rows: int, words: str) -> None:
    assert words in features.of_size(columns, rows).text


@pytest.mark.parametrize(
    ("encoding", "finding"), [("utf-8", Finding.OK), ("UTF8", Finding.OK), ("ascii", Finding.NOTE)]
)
def test_characters_are_those_of_the_encoding(encoding: str, finding: Finding) -> None:
    assert features.of_characters(encoding).finding is finding


def test_without_a_terminal_nothing_is_asked() -> None:
    (check,) = features.checks(io.StringIO(), io.StringIO(), {"TERM": "xterm"})
    assert check == Check(name="terminal", finding=Finding.NOTE, text=check.text)


def test_what_was_typed_meanwhile_is_told_from_the_answers() -> None:
    assert features.typed_in(b"ls" + KITTY + b" -l\n" + b"\x1b[A\x1bP1$r0m\x1b\\") == b"ls -l\n"


@contextmanager
def a_terminal() -> Iterator[tuple[int, int]]:
    master, slave = pty.openpty()
    try:
        yield master, slave
    finally:
        os.close(master)
        os.close(slave)


def test_the_line_discipline_is_as_it_was_whatever_happens() -> None:
    with a_terminal() as (_, slave):
        before = termios.tcgetattr(slave)

        def fail() -> None:
            with features._unechoed(slave):
                assert not termios.tcgetattr(slave)[3] & (termios.ECHO | termios.ICANON)
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            fail()
        assert termios.tcgetattr(slave) == before


def test_the_last_answer_ends_the_wait_and_silence_ends_it_too() -> None:
    with a_terminal() as (master, slave), features._unechoed(slave):
        os.write(master, XTERM)
        assert features._hear(slave, 60.0, lambda: 0.0) == XTERM
        assert features._hear(slave, 1.0, lambda: 2.0) == b""


def test_doctor_asks_the_terminal_and_leaves_it_as_it_was(tmp_path: Path, standin: Standin) -> None:
    """The answers are there before it asks, as from the fastest of terminals, and so is something that was typed."""
    env = Program(home=tmp_path, api_url=standin.url).env
    with Terminal(smschat("doctor"), env=env, columns=100) as terminal:
        terminal.send(KITTY + b"echo typed")
        assert terminal.wait_exit() == 0
        screen = terminal.text()
        assert termios.tcgetattr(terminal._slave) == terminal.before
    raw = bytes(terminal.raw)
    assert features.QUESTIONS in raw
    assert b"\x1b[32m\xe2\x9c\x93\x1b[0m gateway" in raw
    assert "shift+Enter is told from Enter" in screen
    assert "all is well" in screen


def test_no_color_means_no_colour_on_a_terminal_too(tmp_path: Path, standin: Standin) -> None:
    env = Program(home=tmp_path, api_url=standin.url).env
    with Terminal(smschat("doctor", "--no-color"), env=env) as terminal:
        terminal.send(CONSOLE)
        assert terminal.wait_exit() == 0
    assert b"\x1b[32m" not in terminal.raw
