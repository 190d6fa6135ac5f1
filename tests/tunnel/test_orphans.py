"""No agent outlives us for long, and no other process is ever ended: with smschat ended from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smschat.tunnel import launch
from smschat.tunnel.files import AgentFiles
from smschat.tunnel.orphans import end_orphans, forget, make_way
from tests.agent import is_running
from tests.program import PATIENCE_S, until
from tests.tunnel.opening import TOKEN, left_in, ngrok, opened, refused
from tests.tunnel.watching import needs_proc, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.agent import Agent

ROOT = Path(__file__).parents[2]


@contextmanager
def holding(folder: Path, agent: Agent, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Another process with the tunnel open."""
    argv = [sys.executable, "-m", "tests.tunnel.parent", str(folder), str(agent.path), *options]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        try:
            assert parent.stdout is not None
            assert parent.stdout.readline().strip() == agent.public_url
            yield parent
        finally:
            parent.kill()


@contextmanager
def bystander(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of somebody else, in a group of its own, with words in its command line."""
    argv = [sys.executable, "-c", "import signal; signal.pause()", *words]
    with subprocess.Popen(argv, start_new_session=True) as process:
        try:
            until(lambda: is_running(process.pid, argv[-1]))
            yield process
            assert process.poll() is None, "it was ended"
        finally:
            process.kill()


def record(files: AgentFiles, **fields: object) -> None:
    """A pid file as a former run may have left it."""
    files.folder.mkdir(exist_ok=True)
    files.pid.write_text(json.dumps({"parent": 1, **fields}), encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_we_leave_no_agent_and_no_file(folder: Path, agent: Agent, number: int) -> None:
    with holding(folder, agent) as parent:
        parent.send_signal(number)
        assert parent.wait(PATIENCE_S) == 0
        until(lambda: (agent.running, left_in(folder)) == ([], []))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_killed_we_take_the_agent_along(folder: Path, agent: Agent) -> None:
    with holding(folder, agent) as parent:
        parent.kill()
        agent.wait_ended()


async def test_an_agent_that_outlived_us_is_ended_at_the_next_start(folder: Path, agent: Agent) -> None:
    with holding(folder, agent, "alone") as parent:
        parent.kill()
        parent.wait(PATIENCE_S)
        [orphan] = agent.running
        async with opened(ngrok(folder, agent)) as address:
            assert address == agent.public_url
            assert orphan not in agent.running
            assert len(agent.running) == 1


async def test_an_agent_that_outlived_us_and_ignores_the_request_is_ended_too(folder: Path, agent: Agent) -> None:
    agent.change(ignores_sigterm=True)
    with holding(folder, agent, "alone") as parent:
        parent.kill()
        parent.wait(PATIENCE_S)
        agent.change(ignores_sigterm=False)
        async with opened(ngrok(folder, agent)):
            assert len(agent.running) == 1


async def test_an_agent_that_another_profile_left_is_ended_too(folder: Path, agent: Agent) -> None:
    """It has one of the places of the account; the agent of a profile that runs is left alone."""
    with holding(folder, agent, "alone") as parent:
        parent.kill()
        parent.wait(PATIENCE_S)
        [orphan] = agent.running
        async with opened(ngrok(folder, agent, profile="work")):
            assert orphan not in agent.running
            agent.move()
            async with opened(ngrok(folder, agent, profile="third")):
                assert len(agent.running) == 2


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"pid": "12"}', '{"pid": true}', '{"pid": -1}'])
async def test_without_a_pid_file_that_can_be_read_nothing_is_ended(
    folder: Path, agent: Agent, text: str | None
) -> None:
    """The address is taken then, and the sentence says by what."""
    with holding(folder, agent, "alone") as parent:
        parent.kill()
        parent.wait(PATIENCE_S)
        pid_file = folder / "default.ngrok.pid"
        pid_file.unlink() if text is None else pid_file.write_text(text, encoding="utf-8")
        orphans = agent.running
        assert (await refused(ngrok(folder, agent))).code == "ngrok_334"
        assert agent.running == orphans
        os.kill(orphans[0], signal.SIGKILL)
        agent.wait_ended()


def test_the_agent_of_another_smschat_that_runs_is_left_alone(folder: Path, agent: Agent) -> None:
    with holding(folder, agent, "alone"):
        with pytest.raises(Exception, match="another smschat has this profile's tunnel open"):
            make_way(AgentFiles(folder=folder, name="default.ngrok"))
        os.kill(agent.running[0], signal.SIGKILL)
        agent.wait_ended()


def test_a_process_that_has_the_number_now_is_left_alone(folder: Path) -> None:
    """Its id is used again: the birth does not fit."""
    files = AgentFiles(folder=folder, name="default.ngrok")
    with bystander(str(files.config)) as process:
        record(files, pid=process.pid, birth="another boot 4711")
        make_way(files)


def test_a_process_without_our_configuration_is_left_alone(folder: Path) -> None:
    files = AgentFiles(folder=folder, name="default.ngrok")
    with bystander("start", "--config", "/home/other/ngrok.yml") as process:
        record(files, pid=process.pid, birth=launch.birth(process.pid))
        make_way(files)


def test_what_fits_in_all_three_is_ended(folder: Path) -> None:
    """So that the two tests above do not hold by accident."""
    files = AgentFiles(folder=folder, name="default.ngrok")
    argv = [sys.executable, "-c", "import signal; signal.pause()", str(files.config)]
    with subprocess.Popen(argv, start_new_session=True) as process:
        try:
            until(lambda: is_running(process.pid, str(files.config)))  # a moment after it began, it has no words yet
            record(files, pid=process.pid, birth=launch.birth(process.pid))
            make_way(files)
            assert process.wait(PATIENCE_S) == -signal.SIGTERM
        finally:
            process.kill()


def test_what_a_killed_sign_in_left_goes_at_the_next_start(folder: Path) -> None:
    with bystander() as gone:
        pid = gone.pid
        stale = AgentFiles(folder=folder, name=f"work.ngrok-check-{pid}-1")
        own = AgentFiles(folder=folder, name=f"work.ngrok-check-{os.getpid()}-1")
        for files in (stale, own):
            record(files, pid=2**22, birth="never")
            files.config.touch()
        (folder / "notes.yml").touch()
        end_orphans(folder)
        assert len(left_in(folder)) == 5
    end_orphans(folder)
    assert left_in(folder) == ["notes.yml", own.pid.name, own.config.name]


def test_a_process_that_does_not_exist_has_no_birth() -> None:
    assert launch.birth(2**22) is None
    assert launch.birth(os.getpid()) == launch.birth(os.getpid()) != launch.birth(1)


@needs_proc
def test_the_authtoken_is_in_no_command_line_and_no_environment_at_any_time(folder: Path, agent: Agent) -> None:
    """From before the start of an agent until after its end."""
    with watching(TOKEN) as seen, holding(folder, agent) as parent:
        [running] = agent.running
        until(lambda: running in seen.looked_at)
        parent.terminate()
        parent.wait(PATIENCE_S)
    assert {parent.pid, running} <= seen.looked_at
    assert seen.telling == set()


def test_what_a_killed_smschat_left_of_a_profile_is_forgotten_and_no_more(folder: Path, agent: Agent) -> None:
    with holding(folder, agent) as parent:
        parent.kill()
        parent.wait(PATIENCE_S)
        agent.wait_ended()
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    pid, config = int(ended.stdout), folder / "default.ngrok.yml"
    left = [
        config,
        folder / f"default.ngrok-check-{pid}-1.yml",
        folder / "default.setup.ngrok.yml",
        folder / f".default.ngrok.yml.{pid}",
    ]
    used = folder / f"default.ngrok-check-{os.getpid()}-1.yml"
    others = ["default.2.ngrok.yml", "default.yml", "defaults.ngrok.yml", "work.ngrok.yml", "default.ngrok.yml.mine"]
    for file in (*left[1:], used, *(folder / name for name in others)):
        file.write_text(TOKEN, encoding="utf-8")
    assert forget(folder, "default") == (sorted(left[:3]) + left[3:], [used])
    assert left_in(folder) == sorted([used.name, *others])
    assert forget(folder / "nowhere", "default") == ([], [])


def test_what_a_running_smschat_uses_is_not_forgotten(folder: Path, agent: Agent) -> None:
    with holding(folder, agent):
        before = left_in(folder)
        assert forget(folder, "default") == ([], [folder / "default.ngrok.yml"])
        assert (left_in(folder), len(agent.running)) == (before, 1)
    agent.wait_ended()
