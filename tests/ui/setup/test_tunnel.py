"""The third step with an agent: opened for real, its faults said, and one fetched only when asked for."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

import pytest

from smschat.domain.checks import Finding
from smschat.runtime.setup import Setup
from smschat.settings import TunnelKind
from smschat.ui.setup.agent import Agent as AgentPart
from smschat.ui.setup.fields import Press
from smschat.ui.setup.tunnel import TunnelPage
from tests.agent import Agent
from tests.ui.setup.rig import account, make_setup, number, setting_up, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from smschat.domain.checks import Check
    from tests.standin import Standin
    from tests.ui.setup.rig import Rig

TOKEN = "zq7-authtoken"


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    with Agent(tmp_path / "agent") as agent:
        yield agent


async def at_tunnel(rig: Rig) -> TunnelPage:
    """The page, with the agent looked for."""
    await account(rig)
    await number(rig)
    page = rig.of(TunnelPage)
    await until(rig.pilot, lambda: page.agent.found is not None)
    await rig.pilot.pause()
    return page


def environment(standin: Standin, agent: Agent) -> dict[str, str]:
    return {"SMSCHAT_API_URL": standin.url, "SMSCHAT_NGROK_PATH": str(agent.path)}


async def test_ngrok_is_opened_for_real_and_its_address_shown(tmp_path: Path, standin: Standin, agent: Agent) -> None:
    async with setting_up(make_setup(tmp_path, environment(standin, agent))) as rig:
        page = await at_tunnel(rig)
        assert "version 3.37.2" in rig.said
        await rig.type("enter", TOKEN)
        assert TOKEN not in rig.text() + rig.app.export_screenshot()
        page.query_one("#tunnel-check", Press).focus()
        await rig.type("enter")
        await rig.until_said(f"{agent.public_url} leads to this machine")
        assert agent.running == []
        assert rig.page is page
        await rig.type("ctrl+n")
        await rig.until_page("trip")
        assert agent.public_url.partition("://")[2] in rig.text()
        settings = rig.app.bench.setup.settings
        assert settings.tunnel is TunnelKind.NGROK
        assert (await rig.app.bench.engine.block(settings.authtoken)) is not None
        assert page.authtoken.line.value == ""
        assert len(agent.endpoints) == 1


async def test_a_refused_tunnel_says_what_to_do(tmp_path: Path, standin: Standin, agent: Agent) -> None:
    agent.change(refuses_endpoint="ERR_NGROK_334")
    async with setting_up(make_setup(tmp_path, environment(standin, agent))) as rig:
        await at_tunnel(rig)
        await rig.type("enter", TOKEN, "enter")
        await rig.until_said("nother agent")
        assert rig.page.name_of == "tunnel"
        assert "✗ 3 Tunnel" in rig.text()


async def test_whoever_goes_back_stops_the_opening(tmp_path: Path, standin: Standin, agent: Agent) -> None:
    agent.change(hangs="offline")
    async with setting_up(make_setup(tmp_path, environment(standin, agent))) as rig:
        await at_tunnel(rig)
        await rig.type("enter", TOKEN, "enter")
        await rig.until_said("Opening the tunnel")
        await until(rig.pilot, lambda: bool(agent.running))
        await rig.type("escape")
        await rig.until_page("number")
        await until(rig.pilot, lambda: not agent.running)


async def test_quitting_in_the_midst_of_it_leaves_no_agent(tmp_path: Path, standin: Standin, agent: Agent) -> None:
    agent.change(hangs="offline")
    async with setting_up(make_setup(tmp_path, environment(standin, agent))) as rig:
        await at_tunnel(rig)
        await rig.type("enter", TOKEN, "enter")
        await until(rig.pilot, lambda: bool(agent.running))
        await rig.type("ctrl+q")
    assert agent.running == []


class Fetching(Setup):
    """The engine with a source of agents that is not the network: it waits where the bytes would come."""

    def __init__(self, of: Setup, agent: Agent, to: Path) -> None:
        super().__init__(of._load, of._make_plan)
        self.agent, self.to = agent, to
        self.may_end = threading.Event()
        self.asked = 0

    async def install_agent(self, progress: Callable[[int | None], None]) -> Check:
        """As ngrok's download is, in steps."""
        import asyncio  # noqa: PLC0415 - only here

        self.asked += 1
        progress(None)
        progress(42)
        await asyncio.to_thread(self.may_end.wait, 30)
        shutil.copy(self.agent.path, self.to)
        return await self.find_agent()


async def test_an_agent_is_fetched_only_when_asked_for_and_how_far_it_is_is_shown(
    tmp_path: Path, standin: Standin, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "bin" / "ngrok"
    to.parent.mkdir()
    monkeypatch.setenv("PYNGROK_NGROK_PATH", str(to))
    monkeypatch.setenv("PATH", "/nowhere")
    setup = Fetching(make_setup(tmp_path, {"SMSCHAT_API_URL": standin.url}), agent, to)
    async with setting_up(setup) as rig:
        page = await at_tunnel(rig)
        assert "no ngrok agent" in rig.said
        assert "bin.ngrok.com" in rig.said
        button = page.query_one("#agent-install", Press)
        assert button.display
        await rig.type("tab")
        assert rig.app.focused is button
        assert setup.asked == 0
        await rig.type("enter")
        await until(rig.pilot, lambda: "42 %" in rig.text())
        assert not button.display
        page.authtoken.line.focus()
        await rig.type("a")
        assert page.authtoken.text == "a"
        setup.may_end.set()
        part = rig.app.query_one(AgentPart)
        await until(rig.pilot, lambda: part.found is not None and part.found.finding is not Finding.FAULT)
        assert "42 %" not in rig.text()
