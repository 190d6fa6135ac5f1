"""Told to end while a secret is still being fetched, a command ends, and what fetches the secret ends with it."""

from __future__ import annotations

import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.program import PATIENCE_S, Program, until
from tests.terminal import Terminal, smschat

if TYPE_CHECKING:
    from pathlib import Path

    from tests.standin import Standin

COMMANDS = (("listen",), ("wait",), ("doctor",), ("send", "31611111111", "hello"))


@pytest.fixture
def program(standin: Standin, tmp_path: Path) -> Program:
    """A user whose password manager takes its time."""
    command = f"touch '{tmp_path}/begun'; sleep 5; touch '{tmp_path}/done'; echo a-secret"
    more = {"SMSCHAT_CLIENT_SECRET": "", "SMSCHAT_CLIENT_SECRET_COMMAND": command}
    return Program(home=tmp_path / "home", api_url=standin.url, more=more)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_command_ends_before_the_secret_has_come(
    program: Program, tmp_path: Path, command: tuple[str, ...], number: int
) -> None:
    argv = smschat(*command)
    with subprocess.Popen(argv, env=program.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run:
        assert run.stderr is not None
        until((tmp_path / "begun").exists)
        run.send_signal(number)
        said = run.stderr.read()
        code = run.wait(PATIENCE_S)
    assert code == (0 if (command[0], number) == ("listen", signal.SIGTERM) else 130)
    assert "Traceback" not in said
    assert not (tmp_path / "done").exists()


def test_the_chat_ends_before_the_secret_has_come(program: Program, tmp_path: Path) -> None:
    with Terminal(smschat(), env=program.env) as terminal:
        until((tmp_path / "begun").exists)
        terminal.wait_for("smschat")
        terminal.type("ctrl+q")
        assert terminal.wait_exit() == 0
    assert not (tmp_path / "done").exists()
