"""The installed program gets its secrets from the keyring, asks for no more than it needs, and passes none on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.program import Program

if TYPE_CHECKING:
    from tests.program import Ended
    from tests.standin import Standin

ROOT = Path(__file__).parents[2]


@pytest.fixture
def program(tmp_path: Path, standin: Standin) -> Program:
    """A user of smschat on a machine with a keyring, which holds the client secret of the profile."""
    ring = tmp_path / "ring.json"
    ring.write_text(json.dumps({"smschat/default": "zq7-canary"}))
    more = {
        "PYTHON_KEYRING_BACKEND": "tests.keyrings.Kept",
        "KEYRING_PROPERTY_FILE": str(ring),
        "PYTHONPATH": str(ROOT),
        "SMSCHAT_CLIENT_SECRET": "",
    }
    return Program(home=tmp_path, api_url=standin.url, more=more)


def imported(ended: Ended) -> set[str]:
    """The modules that a program with PYTHONPROFILEIMPORTTIME has imported."""
    return {line.rpartition("|")[2].strip() for line in ended.err.splitlines()}


def test_the_keyring_is_one_of_the_places(program: Program) -> None:
    told = program.run("config", "show", "--json").document()
    assert told["client_secret"] == {"value": "********", "origin": "OS keyring"}
    assert told["ngrok_authtoken"] == {"value": None, "origin": "default"}


def test_an_sms_is_sent_with_the_secret_of_the_keyring(program: Program, standin: Standin) -> None:
    ended = program.run("send", "31622222222", "hello", "--json")
    assert (ended.code, ended.err) == (0, "")
    assert standin.requests


def test_where_the_environment_has_the_secret_the_keyring_is_not_loaded(program: Program) -> None:
    env = {**program.more, "SMSCHAT_CLIENT_SECRET": "zq7-canary", "PYTHONPROFILEIMPORTTIME": "1"}
    asked = Program(home=program.home, api_url=program.api_url, more=env).run("send", "31622222222", "hello")
    assert asked.code == 0
    assert "smschat.settings.os_keyring" in imported(asked)
    assert "keyring" not in imported(asked)


def test_the_demo_asks_no_keyring(program: Program) -> None:
    env = {**program.more, "PYTHONPROFILEIMPORTTIME": "1"}
    ended = Program(home=program.home, api_url=program.api_url, more=env).run("demo", "--plain")
    assert ended.code == 0
    assert "smschat.settings.os_keyring" in imported(ended)
    assert "keyring" not in imported(ended)


def test_the_editor_inherits_no_secret(program: Program, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\nenv > '{seen}'\n")
    editor.chmod(0o700)
    secrets = {"SMSCHAT_CLIENT_SECRET": "zq7-canary", "NGROK_AUTHTOKEN": "ngrok-canary", "EDITOR": str(editor)}
    more = {**program.more, **secrets}
    assert Program(home=tmp_path, api_url=program.api_url, more=more).run("config", "edit").code == 0
    inherited = seen.read_text()
    assert "SMSCHAT_NUMBER=" in inherited
    assert "canary" not in inherited


def test_the_keyring_that_failed_is_named_where_the_secret_is_missed(program: Program) -> None:
    more = {**program.more, "PYTHON_KEYRING_BACKEND": "tests.keyrings.Locked"}
    ended = Program(home=program.home, api_url=program.api_url, more=more).run("send", "31622222222", "hello")
    assert ended.code == 2
    assert "not set: client_secret; the OS keyring is locked" in ended.err
    assert "unlock it" in ended.err
    told = Program(home=program.home, api_url=program.api_url, more=more).run("config", "show", "--json").document()
    assert told["client_secret"] == {"value": None, "origin": "unknown: the OS keyring is locked"}
