"""Streams that were closed before the start: a command does without them, and no file takes their place."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.program import PATIENCE_S, Program
from tests.terminal import smschat

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = {"doctor": 1, "doctor --json": 1, "login --yes": 69, "wait --timeout 1": 2, "threads --json": 0, "": 2}


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(home=tmp_path / "home", api_url="http://127.0.0.1:9")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_ends_as_with_streams_that_lead_nowhere(program: Program, command: str) -> None:
    ended = subprocess.run(
        smschat(*command.split()),
        env=program.env,
        stderr=subprocess.PIPE,
        text=True,
        timeout=PATIENCE_S,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: os.closerange(0, 2),
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    assert ended.returncode == COMMANDS[command]


def test_without_any_stream_an_error_is_an_exit_code(program: Program) -> None:
    ended = subprocess.run(
        smschat("wait"),
        env=program.env,
        timeout=PATIENCE_S,
        check=False,
        preexec_fn=lambda: os.closerange(0, 3),
    )
    assert ended.returncode == 2
