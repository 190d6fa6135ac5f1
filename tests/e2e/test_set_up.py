"""The set-up on a real pseudo-terminal: from nothing to the chat, and every way to leave it."""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING

import pytest

from tests.program import free_port
from tests.standin import TOKEN, Manner, Reply, inbound
from tests.terminal import Terminal, smschat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.standin import Standin

SECRET = "zq7-canary"
NUMBER = "31612345678"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def env(tmp_path: Path, standin: Standin, port: int) -> dict[str, str]:
    """Somebody who has never used smschat; only the gateway is another, and the listener's port is known."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "SMSCHAT_API_URL": standin.url,
        "SMSCHAT_LISTEN": f"127.0.0.1:{port}",
    }


@pytest.fixture
def terminal(env: dict[str, str]) -> Iterator[Terminal]:
    with Terminal(smschat(), env=env) as terminal:
        terminal.wait_for("Your project at KPN")
        yield terminal


def test_a_stranger_gets_from_nothing_to_an_answered_sms_and_into_the_chat(
    terminal: Terminal, env: dict[str, str], standin: Standin, port: int, tmp_path: Path
) -> None:
    terminal.type("an-id", "tab", SECRET, "enter")
    terminal.wait_for("Your number")
    terminal.type("06 12345678")
    terminal.wait_for("+31 6 12345678 (NL)")
    terminal.type("enter")
    terminal.wait_for("▌○ In a file")
    terminal.type("enter")
    terminal.wait_for("How answers reach you")
    terminal.wait_for("▌● ngrok")
    terminal.type("down", "enter")
    terminal.type(f"http://127.0.0.1:{port}", "enter")
    terminal.wait_for("as soon as you press the button")
    assert not any("to" in request.form for request in standin.sends)
    terminal.wait_for("Text my phone")
    press_until(terminal, "Answer it now, on your phone")
    url = standin.registrations[-1].form["callback_url"]
    assert standin.callback(url, inbound("hello yourself", message_id="0D1", msisdn=NUMBER)) == 200
    terminal.wait_for("hello yourself")
    shown = terminal.wait_for("It works.")
    assert SECRET not in shown
    terminal.type("enter")
    terminal.wait_for("● listening")
    terminal.wait_for(re.compile(r"1 chat\b"))
    terminal.type("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.wait_restored()
    assert len(standin.registrations) == 1, "the chat goes on with the runtime of the set-up"
    assert SECRET.encode() not in terminal.raw
    with Terminal(smschat(), env=env) as again:
        again.wait_for("● listening")
        again.type("ctrl+q")
        assert again.wait_exit() == 0


def press_until(terminal: Terminal, wanted: str) -> None:
    """Enter is not taken in the first moment of the page; so once more where nothing came of it."""
    terminal.type("enter")
    try:
        terminal.wait_for("Listener", patience_s=1.0)
    except AssertionError:
        terminal.type("enter")
    terminal.wait_for(wanted)


@pytest.mark.parametrize("how", ["ctrl+q", "ctrl+c", signal.SIGTERM, signal.SIGHUP], ids=str)
def test_it_is_left_in_the_midst_of_a_check_and_nothing_stays(
    terminal: Terminal, standin: Standin, tmp_path: Path, how: str | int
) -> None:
    standin.script(TOKEN, Reply(manner=Manner.SILENT))
    terminal.type("an-id", "tab", SECRET, "enter")
    terminal.wait_for("Asking the gateway")
    standin.wait_for(TOKEN)
    if isinstance(how, str):
        terminal.type(how)
    else:
        terminal.process.send_signal(how)
    assert terminal.wait_exit() == 0
    assert terminal.wait_restored()
    assert SECRET.encode() not in terminal.raw
    assert not any(SECRET in file.read_text("utf-8", "replace") for file in tmp_path.rglob("*") if file.is_file())


def test_who_has_no_account_gets_the_demo(terminal: Terminal) -> None:
    terminal.wait_for("Try the demo instead")
    terminal.type("up", "enter")
    terminal.wait_for("Anna de Vries")
    terminal.type("ctrl+q")
    assert terminal.wait_exit() == 0
    assert terminal.wait_restored()


def test_a_terminal_that_does_not_read_is_left_all_the_same(terminal: Terminal) -> None:
    terminal.pause()
    for _ in range(400):
        terminal.type("an-id", "tab", "tab")
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.wait_exit() == 0
    terminal.resume()
    assert terminal.wait_restored()
