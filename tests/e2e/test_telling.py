"""Being told on a real pseudo-terminal: the bell, the desktop, tmux, and the user's own program."""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import sys
from typing import TYPE_CHECKING

from tests.program import Program, free_port, until
from tests.standin import inbound
from tests.terminal import Terminal, smschat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.standin import Standin

ANNA = "31611111111"
FOCUS_OUT = b"\x1b[O"
NINE = re.compile(rb"\x1b\]9;([^\x00-\x1f]*)\x1b\\")
URXVT = re.compile(rb"\x1b\]777;notify;([^\x00-\x1f;]*);([^\x00-\x1f;]*)\x1b\\")

KEEPS = """
import json, os, pathlib, sys
document = json.load(sys.stdin)
canary = [name for name, value in os.environ.items() if "zq7-canary" in value]
line = json.dumps({"text": document["text"], "name": document["name"], "secrets": canary})
with open(sys.argv[1], "a") as told:
    told.write(line + "\\n")
"""


class Desk:
    """A chat that receives, and who writes to it."""

    def __init__(self, terminal: Terminal, standin: Standin) -> None:
        self.terminal = terminal
        self._standin = standin
        self._url = standin.wait_for("/communication/nexmo/sms/register")[-1].form["callback_url"]
        self._count = 0

    def hear(self, text: str, peer: str = ANNA) -> None:
        self._count += 1
        fields = inbound(text, message_id=f"0C{self._count}", msisdn=peer)
        assert self._standin.callback(self._url, fields) == 200

    def wait_raw(self, wanted: bytes) -> bytes:
        until(lambda: wanted in bytes(self.terminal.raw))
        return bytes(self.terminal.raw)


@contextlib.contextmanager
def _chatting(standin: Standin, tmp_path: Path, more: dict[str, str]) -> Iterator[Desk]:
    port = free_port()
    settings = {
        "SMSCHAT_TUNNEL": "fixed",
        "SMSCHAT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SMSCHAT_LISTEN": f"127.0.0.1:{port}",
    }
    program = Program(home=tmp_path / "home", api_url=standin.url, more=settings | more)
    assert program.run("send", ANNA, "hello", "--queue").code == 0
    with Terminal(smschat(), env=program.env) as terminal:
        terminal.wait_for("● listening")
        terminal.type("enter")
        terminal.wait_for("> Write an SMS")
        yield Desk(terminal, standin)


def chatting(standin: Standin, tmp_path: Path, **more: str) -> AbstractContextManager[Desk]:
    return _chatting(standin, tmp_path, more)


def test_an_sms_in_an_unfocused_terminal_rings_and_shows_on_the_desktop(standin: Standin, tmp_path: Path) -> None:
    with chatting(standin, tmp_path) as desk:
        desk.terminal.send(FOCUS_OUT)
        desk.hear("see you at 8")
        raw = desk.wait_raw(b"\x1b]777;")
        assert NINE.findall(raw) == [b"smschat: 31611111111: see you at 8"]
        assert URXVT.findall(raw) == [(b"31611111111", b"see you at 8")]
        assert raw.split(b"see you at 8\x1b\\")[-1].startswith(b"\x07")


def test_what_is_read_as_it_comes_is_not_told_and_what_is_elsewhere_is(standin: Standin, tmp_path: Path) -> None:
    with chatting(standin, tmp_path) as desk:
        desk.hear("under the eye")
        desk.terminal.wait_for("under the eye")
        desk.hear("from somebody else", peer="31622222222")
        raw = desk.wait_raw(b"\x1b]777;")
        assert URXVT.findall(raw) == [(b"31622222222", b"from somebody else")]


def test_in_tmux_it_is_passed_on(standin: Standin, tmp_path: Path) -> None:
    with chatting(standin, tmp_path, TMUX="/tmp/tmux-0/default,1,0", TERM_PROGRAM="tmux") as desk:
        desk.terminal.send(FOCUS_OUT)
        desk.hear("see you at 8")
        raw = desk.wait_raw(b"\x1bPtmux;\x1b\x1b]777;")
        assert b"\x1bPtmux;\x1b\x1b]9;smschat: 31611111111: see you at 8\x1b\x1b\\\x1b\\" in raw


def test_a_hostile_text_cannot_leave_its_sequence(standin: Standin, tmp_path: Path) -> None:
    with chatting(standin, tmp_path) as desk:
        desk.terminal.send(FOCUS_OUT)
        desk.hear("a\x07b\x1b\\\x1b]0;pwned\x07c\x9cd;e")
        raw = desk.wait_raw(b"\x1b]777;")
        ((who, said),) = URXVT.findall(raw)
        assert who == b"31611111111"
        assert said.endswith(b",e")
        assert b"\x1b]0;pwned" not in raw


def test_hidden_text_stays_off_the_desktop(standin: Standin, tmp_path: Path) -> None:
    with chatting(standin, tmp_path, SMSCHAT_NOTIFY_TEXT="hide") as desk:
        desk.terminal.send(FOCUS_OUT)
        desk.hear("see you at 8")
        raw = desk.wait_raw(b"\x1b]777;")
        assert URXVT.findall(raw) == [(b"31611111111", b"")]


def test_the_users_program_is_run_once_for_each_sms_also_with_two_of_us(standin: Standin, tmp_path: Path) -> None:
    told = tmp_path / "told"
    keeps = tmp_path / "keeps.py"
    keeps.write_text(KEEPS)
    command = shlex.join([sys.executable, str(keeps), str(told)])
    with chatting(standin, tmp_path, SMSCHAT_NOTIFY_COMMAND=command) as desk:
        env = Program(home=tmp_path / "home", api_url=standin.url, more={"SMSCHAT_NOTIFY_COMMAND": command}).env
        with Terminal(smschat(), env=env) as second:
            second.wait_for("another smschat")
            for text in ("one", "two", "three"):
                desk.hear(text)
            until(lambda: told.exists() and len(told.read_text().splitlines()) == 3)
            second.wait_for("three")
    documents = [json.loads(line) for line in told.read_text().splitlines()]
    assert sorted(document["text"] for document in documents) == ["one", "three", "two"]
    assert [document["secrets"] for document in documents] == [[], [], []]
