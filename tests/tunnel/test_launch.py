"""What starts the agent in its own place, run as it is run: as a program, by sh."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from smschat.domain.secret import Secret
from smschat.tunnel import launch
from smschat.tunnel.files import AgentFiles
from smschat.tunnel.run import _lines as run_lines
from tests.tunnel.opening import TOKEN, left_in, modes_in

if TYPE_CHECKING:
    from pathlib import Path

TOLD = "lvl=info obj=smschat msg=launching pid="


def written(folder: Path, agent: Path) -> AgentFiles:
    """The files of an agent."""
    files = AgentFiles(folder=folder, name="default.ngrok")
    files.write(agent=agent, authtoken=Secret(TOKEN), proxy=None)
    return files


def run(files: AgentFiles, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """The launcher, to the end of what it starts; its standard input would never end."""
    reading, writing = os.pipe()
    try:
        return subprocess.run(
            [files.launcher, *arguments],
            stdin=reading,
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": os.environ["PATH"], **env},
        )
    finally:
        os.close(reading)
        os.close(writing)


def program(tmp_path: Path, code: str) -> Path:
    """A program in the place of the agent."""
    file = tmp_path / "agent"
    file.write_text(f"#!{sys.executable} -IS\n{code}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def test_the_agent_has_its_arguments_no_input_and_one_stream_of_output(folder: Path, tmp_path: Path) -> None:
    agent = program(tmp_path, "import sys; print(sys.argv[1:], flush=True); sys.exit(repr(sys.stdin.read()))")
    ended = run(written(folder, agent), "start", "a 'quoted' $word")
    assert ended.returncode == 1
    assert ended.stderr == ""
    first, *lines = ended.stdout.splitlines()
    assert first.startswith(TOLD)
    assert lines == [str(["start", "a 'quoted' $word"]), "''"]


def test_the_agent_gets_the_environment_without_what_is_ours_and_ngroks(folder: Path, tmp_path: Path) -> None:
    agent = program(tmp_path, "import json, os; print(json.dumps(dict(os.environ)))")
    ended = run(written(folder, agent), NGROK_AUTHTOKEN=TOKEN, SMSCHAT_CLIENT_SECRET=TOKEN, https_proxy="http://p:1")
    env = json.loads(ended.stdout.splitlines()[1])
    assert env["https_proxy"] == "http://p:1"
    assert TOKEN not in str(env)


def test_who_the_agent_is_stands_in_a_file_for_the_owner_alone(folder: Path, tmp_path: Path) -> None:
    """Its birth is that of the process that launched it: one process all along."""
    files = written(folder, program(tmp_path, "import os; print(os.getpid(), open('/proc/self/stat').read())"))
    ended = run(files)
    record = json.loads(files.pid.read_text(encoding="utf-8"))
    pid, stat = ended.stdout.splitlines()[1].split(maxsplit=1)
    assert record["pid"] == int(pid)
    assert record["parent"] == os.getpid()
    assert record["birth"].split()[-1] == stat.rpartition(")")[2].split()[19]
    assert modes_in(folder)["default.ngrok.pid"] == "600"


@pytest.mark.parametrize("name", ["nowhere", "data"])
def test_an_agent_that_cannot_be_run_is_a_line_of_the_log(folder: Path, tmp_path: Path, name: str) -> None:
    ended = run(written(folder, tmp_path / name))
    assert (ended.returncode, ended.stderr) == (127, "")
    assert ended.stdout.splitlines()[1].startswith("lvl=crit obj=smschat msg=launch err=")


def test_without_the_parent_there_is_no_agent(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ended between fork and launch: nobody would ever end the agent."""
    monkeypatch.setattr("smschat.tunnel.files.parent", lambda: 1)
    ended = run(written(folder, program(tmp_path, "print('started')")))
    assert ended.returncode == 1
    assert ended.stdout.splitlines()[1:] == ['lvl=crit obj=smschat msg=launch err="smschat has ended"']


def test_a_disk_that_takes_no_pid_file_is_a_line_of_the_log(folder: Path, tmp_path: Path) -> None:
    files = written(folder, program(tmp_path, "print('started')"))
    files.pid.mkdir()
    assert "err=" in run(files).stdout.splitlines()[1]


def test_files_are_replaced_whole_and_leave_nothing(folder: Path, tmp_path: Path) -> None:
    for _ in range(2):
        files = written(folder, tmp_path / "agent")
    assert left_in(folder) == ["default.ngrok", "default.ngrok.yml"]
    files.remove()
    assert left_in(folder) == []


def test_what_is_no_text_does_not_end_the_listening() -> None:
    code = r"import os; os.write(1, b'\xff\n' + b'x' * 20_000 + b'\nfine\n')"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, encoding="utf-8") as process:
        *_, last = run_lines(process)
    assert last == "fine\n"


def test_without_proc_a_process_is_known_by_ps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.path.isdir", lambda _: False)
    with subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()", "a word"]) as process:
        try:
            assert launch.birth(process.pid) == launch.birth(process.pid) is not None
            assert launch.parent_of(process.pid) == os.getpid()
            assert "a word" in launch.command_of(process.pid)
        finally:
            process.kill()
        process.wait()
        assert launch.birth(process.pid) is None
        assert launch.parent_of(process.pid) is None
        assert launch.command_of(process.pid) == ""
