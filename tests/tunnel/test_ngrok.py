"""The tunnel by ngrok, open: the real pyngrok, and a stand-in for the agent."""

from __future__ import annotations

import asyncio
import json
import os
import urllib.request
from typing import TYPE_CHECKING

import pytest
import yaml

from smschat.domain.secret import Secret
from smschat.errors import TunnelError
from tests.agent import Agent
from tests.program import until
from tests.standin import SEND, Standin
from tests.tunnel.opening import TOKEN, UPSTREAM, left_in, modes_in, ngrok, nothing_left, opened, refused

if TYPE_CHECKING:
    from pathlib import Path


async def test_the_public_address_leads_to_the_listener(folder: Path, agent: Agent) -> None:
    with Standin() as listener:
        async with opened(ngrok(folder, agent), listener.url) as address:
            assert address == agent.public_url
            await asyncio.to_thread(_post, f"{address}{SEND}")
            assert [request.path for request in listener.requests] == [SEND]
        listener.forgive()
    assert agent.endpoints == [{"name": "smschat", "upstream": {"url": listener.url}}]


def _post(url: str) -> None:
    with pytest.raises(urllib.request.HTTPError) as caught:
        urllib.request.urlopen(url, b"{}")
    caught.value.close()


async def test_nothing_is_left_of_it_after_close(folder: Path, agent: Agent) -> None:
    tunnel = ngrok(folder, agent)
    await tunnel.open(UPSTREAM)
    told = [tunnel.public_url]
    await tunnel.close()
    told.append(tunnel.public_url)
    assert told == [agent.public_url, None]
    await nothing_left(folder, agent)


async def test_it_can_be_opened_again_and_closed_twice(folder: Path, agent: Agent) -> None:
    tunnel = ngrok(folder, agent)
    async with opened(tunnel) as first:
        async with opened(tunnel) as second:
            assert (first, second) == (agent.public_url, agent.public_url)
        await tunnel.close()
    assert len(agent.starts) == 2


async def test_the_authtoken_is_in_a_file_of_its_own_that_nobody_else_reads(folder: Path, agent: Agent) -> None:
    async with opened(ngrok(folder, agent, proxy="socks5://127.0.0.1:1080")):
        [start] = agent.starts
        assert start["config_mode"] == "600"
        assert modes_in(folder) == {
            "data": "700",
            "default.ngrok": "700",
            "default.ngrok.pid": "600",
            "default.ngrok.yml": "600",
        }
    assert yaml.safe_load(start["config"]) == {
        "version": "3",
        "agent": {
            "authtoken": TOKEN,
            "inspect_db_size": -1,
            "console_ui": False,
            "update_check": False,
            "remote_management": False,
            "proxy_url": "socks5://127.0.0.1:1080",
        },
    }


async def test_the_agent_gets_no_secret_by_its_command_line_or_environment(
    folder: Path, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NGROK_AUTHTOKEN", "NGROK_API_KEY", "SMSCHAT_CLIENT_SECRET", "PYNGROK_NGROK_PATH"):
        monkeypatch.setenv(name, TOKEN)
    monkeypatch.setenv("SPARED", "yes")
    async with opened(ngrok(folder, agent)):
        [start] = agent.starts
    assert TOKEN not in str(start["argv"])
    assert TOKEN not in str(start["environ"])
    assert start["environ"]["SPARED"] == "yes"
    assert start["argv"][-5:-1] == ["--none", "--log", "stdout", "--config"]


async def test_the_agent_has_a_session_of_its_own(folder: Path, agent: Agent) -> None:
    async with opened(ngrok(folder, agent)):
        assert agent.starts[0]["session"] == agent.starts[0]["pid"] != os.getsid(0)


async def test_a_domain_is_asked_for_and_the_answer_counts(folder: Path, agent: Agent) -> None:
    agent.change(public_url="https://other.ngrok-free.dev")
    async with opened(ngrok(folder, agent, domain="mine.ngrok-free.dev")) as address:
        assert address == "https://other.ngrok-free.dev"
    assert agent.endpoints[0]["url"] == "https://mine.ngrok-free.dev"


async def test_no_request_is_kept_for_inspection(folder: Path, agent: Agent) -> None:
    """Whoever is on this machine could read it there, and call it up again."""
    async with opened(ngrok(folder, agent)) as address:
        await asyncio.to_thread(_post, address)
        [session] = agent.noted("session")
        assert await asyncio.to_thread(_get, f"{session['api']}/requests/http") == {
            "uri": "/api/requests/http",
            "requests": [],
        }


def _get(url: str) -> object:
    with urllib.request.urlopen(url) as answer:
        return json.loads(answer.read())


async def test_a_proxy_in_the_environment_is_not_asked_for_the_agents_own_api(
    folder: Path, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "example.org")
    monkeypatch.setenv("NO_PROXY", "")
    async with opened(ngrok(folder, agent)) as address:
        assert address == agent.public_url
    assert os.environ["no_proxy"] == "example.org,127.0.0.1,localhost"


async def test_signing_in_proves_the_authtoken_beside_an_open_tunnel(folder: Path, agent: Agent) -> None:
    tunnel = ngrok(folder, agent)
    async with opened(tunnel):
        await ngrok(folder, agent).sign_in()
        await asyncio.to_thread(until, lambda: len(agent.running) == 1)
    assert len(agent.endpoints) == 1
    agent.change(authtokens=())
    with pytest.raises(TunnelError) as caught:
        await tunnel.sign_in()
    assert caught.value.code == "ngrok_107"
    assert left_in(folder) == []


async def test_two_profiles_have_an_agent_each(folder: Path, agent: Agent, tmp_path: Path) -> None:
    with Agent(tmp_path / "other") as other:
        work = ngrok(folder, other, profile="work")
        async with opened(ngrok(folder, agent)) as first, opened(work) as second:
            assert (first, second) == (agent.public_url, other.public_url)


async def test_a_second_tunnel_of_the_profile_leaves_the_first_alone(folder: Path, agent: Agent) -> None:
    async with opened(ngrok(folder, agent)):
        assert (await refused(ngrok(folder, agent))).code == "tunnel_open"
        await asyncio.to_thread(until, lambda: len(agent.running) == 1)
        assert "default.ngrok.yml" in left_in(folder)


async def test_strange_characters_in_folder_and_authtoken_do_no_harm(tmp_path: Path) -> None:
    token = "a\"b\\c: {#}'é"
    with Agent(tmp_path / "the agent's $HOME") as agent:
        tunnel = ngrok(tmp_path / 'my "data" & $(more)', agent, authtoken=lambda: Secret(token))
        async with opened(tunnel):
            assert yaml.safe_load(agent.starts[0]["config"])["agent"]["authtoken"] == token
