"""Completion scripts, in the shells that are there."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.program import Program

if TYPE_CHECKING:
    from pathlib import Path

CHECK = {"bash": ["bash", "-n"], "zsh": ["zsh", "-n"], "fish": ["fish", "--no-execute"]}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_command_stands_in_the_script_and_the_shell_can_read_it(tmp_path: Path, shell: str) -> None:
    program = Program(home=tmp_path, api_url="http://127.0.0.1:9")
    script = program.run("completion", shell).out
    for word in ("send", "contacts", "export", "webhook", "completion", "--dry-run" if shell != "fish" else "dry-run"):
        assert word in script, word
    if shutil.which(shell):
        file = tmp_path / "script"
        file.write_text(script)
        subprocess.run([*CHECK[shell], str(file)], check=True)


def test_bash_completes_commands_and_flags(tmp_path: Path) -> None:
    program = Program(home=tmp_path, api_url="http://127.0.0.1:9")
    file = tmp_path / "script"
    file.write_text(program.run("completion", "bash").out)
    ask = (
        f"source {file}; f=$(complete -p smschat | sed 's/.*-F \\([^ ]*\\).*/\\1/');"
        ' COMP_WORDS=(smschat th); COMP_CWORD=1; $f; echo "${COMPREPLY[@]}";'
        ' COMP_WORDS=(smschat send --dr); COMP_CWORD=2; COMPREPLY=(); $f; echo "${COMPREPLY[@]}"'
    )
    said = subprocess.run(["bash", "-c", ask], check=True, capture_output=True, text=True).stdout
    assert said.split() == ["threads", "--dry-run"]


def test_a_shell_that_is_not_known_is_a_wrong_command_line(tmp_path: Path) -> None:
    assert Program(home=tmp_path, api_url="http://127.0.0.1:9").run("completion", "ed").code == 2
