"""The stand-in agent: what every test of the tunnel relies on, seen without smschat."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

import pytest

from tests.agent import Agent, Script
from tests.standin import Standin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIG = 'version: "3"\nagent:\n  authtoken: "2abc"\n  inspect_db_size: -1\n'


@contextmanager
def started(agent: Agent, config: str = CONFIG) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The agent in a process of its own, and its API once it has a session."""
    file = agent.folder / "ngrok.yml"
    file.write_text(config, encoding="utf-8")
    argv = [str(agent.path), "start", "--none", "--log", "stdout", "--config", str(file)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        api = ""
        for line in process.stdout:
            api = line.rpartition("addr=")[2].strip() if "starting web service" in line else api
            if "client session established" in line or process.poll() is not None:
                break
        try:
            yield process, f"http://{api}/api"
        finally:
            process.kill()


def call(url: str, body: object = None) -> tuple[int, Any]:
    """Status and JSON of an answer; POST with a body."""
    octets = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(url, octets, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(asked) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def endpoint(url: str) -> dict[str, object]:
    """What opens an address to a local server."""
    return {"name": "one", "upstream": {"url": url}}


def test_its_public_address_leads_to_the_upstream_and_keeps_nothing(tmp_path: Path) -> None:
    with Standin() as upstream, Agent(tmp_path) as agent, started(agent) as (_, api):
        status, told = call(f"{api}/endpoints", endpoint(upstream.url))
        assert (status, told["url"]) == (201, agent.public_url)
        assert call(f"{agent.public_url}/some/where?a=b", {})[0] == 404
        assert [(request.method, request.path) for request in upstream.requests] == [("POST", "/some/where")]
        assert call(f"{api}/requests/http")[1]["requests"] == []
        assert call(f"{api}/endpoints")[1]["endpoints"] == [told]
        upstream.forgive()


def test_an_address_is_online_only_once(tmp_path: Path) -> None:
    with Agent(tmp_path) as agent, started(agent) as (_, first), started(agent) as (_, second):
        assert call(f"{first}/endpoints", endpoint("http://127.0.0.1:1"))[0] == 201
        status, told = call(f"{second}/endpoints", endpoint("http://127.0.0.1:1"))
        assert status == 502
        assert "ERR_NGROK_334" in told["details"]["err"]


def test_an_upstream_that_is_not_there_is_a_bad_gateway(tmp_path: Path) -> None:
    with Agent(tmp_path) as agent, started(agent) as (_, api):
        call(f"{api}/endpoints", endpoint("http://127.0.0.1:1"))
        assert call(agent.public_url)[0] == 502


@pytest.mark.parametrize(
    ("script", "config", "words"),
    [
        (Script(), 'version: "3"\nagent: {}\n', "ERR_NGROK_4018"),
        (Script(authtokens=("2other",)), CONFIG, "ERR_NGROK_107"),
        (Script(refuses="ERR_NGROK_121"), CONFIG, "too old"),
        (Script(), CONFIG + "  colour: red\n", "field colour not found"),
        (Script(version="3.9.0"), CONFIG, "unknown version '3'. valid versions are: [1 2]"),
        (Script(says="panic: nil map"), CONFIG, "panic: nil map"),
    ],
)
def test_what_it_refuses_ends_it_with_words(tmp_path: Path, script: Script, config: str, words: str) -> None:
    with Agent(tmp_path, script) as agent:
        file = tmp_path / "ngrok.yml"
        file.write_text(config, encoding="utf-8")
        argv = [str(agent.path), "start", "--none", "--log", "stdout", "--config", str(file)]
        ended = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert ended.returncode == 1
        assert words in ended.stdout + ended.stderr


def test_before_3_30_it_has_no_endpoints(tmp_path: Path) -> None:
    with Agent(tmp_path, Script(version="3.29.1")) as agent, started(agent) as (_, api):
        assert call(f"{api}/endpoints")[0] == 404
        assert call(f"{api}/tunnels")[0] == 200


def test_it_notes_what_it_was_given(tmp_path: Path) -> None:
    with Agent(tmp_path) as agent, started(agent) as (process, _):
        [start] = agent.starts
        assert (start["pid"], start["config"], agent.running) == (process.pid, CONFIG, [process.pid])
