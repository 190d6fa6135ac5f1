"""The agent's program: found, and asked for its version."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from smschat.tunnel import MINIMUM_AGENT, agent_version, find_agent, version_of
from tests.agent import Agent, Script, is_running
from tests.program import until

if TYPE_CHECKING:
    from pathlib import Path


def program(file: Path) -> Path:
    """Something that can be run."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("#!/bin/sh\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def test_the_given_agent_goes_before_all_others_and_is_never_replaced(home: Path, tmp_path: Path) -> None:
    program(home / "ngrok")
    given = program(tmp_path / "my ngrok")
    assert find_agent(given) == given
    given.chmod(0o644)
    assert find_agent(given) is None
    assert find_agent(tmp_path / "nowhere") is None


def test_without_a_setting_the_agent_is_found_where_one_is(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_agent(None) is None
    installed = program(home / "ngrok")
    assert find_agent(None) == installed
    named = program(tmp_path / "named")
    monkeypatch.setenv("PYNGROK_NGROK_PATH", str(named))
    assert find_agent(None) == named
    on_path = program(tmp_path / "bin" / "ngrok")
    monkeypatch.setenv("PATH", str(on_path.parent))
    assert find_agent(None) == on_path


def test_a_home_may_be_written_with_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path as RealPath  # noqa: PLC0415 - the name is for the type checker alone elsewhere

    monkeypatch.setenv("HOME", str(tmp_path))
    mine = program(tmp_path / "bin" / "ngrok")
    assert find_agent(RealPath("~/bin/ngrok")) == mine


async def test_the_version_is_what_the_agent_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NGROK_AUTHTOKEN", "2secret")
    with Agent(tmp_path, Script(version="3.9.10")) as agent:
        assert await agent_version(agent.path) == "3.9.10"
        [asked] = agent.noted("version")
        assert "NGROK_AUTHTOKEN" not in asked["environ"]


@pytest.mark.parametrize("text", ["#!/bin/sh\necho nothing", "#!/bin/sh\necho 3.1.1; exit 1", "no program"])
async def test_what_tells_no_version_has_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ngrok"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)
    assert await agent_version(file) is None
    assert await agent_version(tmp_path / "nowhere") is None


def test_versions_compare_by_number() -> None:
    assert version_of("3.9.1") < version_of("3.29.99") < MINIMUM_AGENT == version_of("3.30.0") < version_of("3.100.0")
    assert version_of("no version") < MINIMUM_AGENT


async def test_an_agent_that_hangs_is_ended_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smschat.tunnel.agent.VERSION_S", 2.0)
    file = tmp_path / "ngrok"
    file.write_text(f"#!/bin/sh\nsh -c 'echo $$ > {tmp_path}/pid; sleep 300; true'\ntrue\n", encoding="utf-8")
    file.chmod(0o755)
    assert await agent_version(file) is None
    pid = int((tmp_path / "pid").read_text(encoding="utf-8"))
    await asyncio.to_thread(until, lambda: not is_running(pid, "sleep"))
