"""The user's editor on a real pseudo-terminal: the text goes there and comes back, and SMS arrive meanwhile."""

from __future__ import annotations

import os
import signal
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from tests.program import Program, free_port, until
from tests.standin import SEND, inbound
from tests.terminal import Terminal, smschat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.standin import Standin

EDITOR = """
import os, pathlib, sys
folder, path = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
(folder / "found").write_text(path.read_text())
(folder / "modes").write_text(f"{path.stat().st_mode:o} {path.parent.stat().st_mode:o} {path}")
print("THE EDITOR HAS IT", flush=True)
with (folder / "begun").open("w") as begun:
    begun.write("x")
os.mkfifo(folder / "go")
wanted = (folder / "go").read_text()
if wanted != "leave":
    path.write_text(wanted)
"""


class Desk:
    """An editor that does as it is told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "editor.py").write_text(EDITOR)

    @property
    def command(self) -> str:
        return f"'{sys.executable}' '{self.folder / 'editor.py'}' '{self.folder}'"

    def begun(self) -> str:
        until((self.folder / "go").exists)
        return (self.folder / "found").read_text()

    def write(self, text: str) -> None:
        (self.folder / "go").write_text(text)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk")


@pytest.fixture
def chat(standin: Standin, tmp_path: Path, desk: Desk) -> Iterator[Terminal]:
    """The chat with one conversation open, receiving."""
    port = free_port()
    more = {
        "SMSCHAT_TUNNEL": "fixed",
        "SMSCHAT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SMSCHAT_LISTEN": f"127.0.0.1:{port}",
        "EDITOR": desk.command,
        "TMPDIR": str(tmp_path),
    }
    program = Program(home=tmp_path / "home", api_url=standin.url, more=more)
    assert program.run("send", "31611111111", "hello", "--queue").code == 0
    with Terminal(smschat(), env=program.env) as terminal:
        terminal.wait_for("● listening")
        terminal.type("enter")
        terminal.wait_for("> Write an SMS")
        yield terminal


def lent_out(chat: Terminal) -> Callable[[], bool]:
    """Whether the terminal was left to somebody else."""
    return lambda: chat.raw.rfind(b"\x1b[?1049l") > chat.raw.rfind(b"\x1b[?1049h")


def test_the_draft_goes_to_the_editor_and_what_it_wrote_comes_back_unsent(
    chat: Terminal, desk: Desk, standin: Standin
) -> None:
    chat.type("half a thought")
    chat.wait_for("> half a thought")
    chat.type("ctrl+o")
    assert desk.begun() == "half a thought"
    file_mode, folder_mode, path = (desk.folder / "modes").read_text().split(" ", 2)
    assert stat.S_IMODE(int(file_mode, 8)) == 0o600
    assert stat.S_IMODE(int(folder_mode, 8)) == 0o700
    desk.write("a whole thought\n")
    chat.wait_for("> a whole thought")
    assert not os.path.exists(path)  # noqa: PTH110 - a name that was read from a file
    assert [sent.form["text"] for sent in standin.wait_for(SEND)] == ["hello"]
    chat.type("ctrl+z")
    chat.wait_for("> half a thought")


def test_an_sms_that_comes_during_the_edit_is_taken_at_once_and_shown_afterwards(
    chat: Terminal, desk: Desk, standin: Standin
) -> None:
    url = standin.wait_for("/communication/nexmo/sms/register")[-1].form["callback_url"]
    chat.send(b"\x1bOS")  # F4
    desk.begun()
    until(lent_out(chat))
    mark = len(chat.raw)
    for i in range(60):
        assert standin.callback(url, inbound(f"meanwhile {i}", message_id=f"0D{i}", msisdn="31611111111")) == 200
    assert b"meanwhile" not in chat.raw[mark:]
    desk.write("an answer")
    chat.wait_for("> an answer")
    chat.wait_for("meanwhile 59")


def test_ctrl_c_in_the_editor_is_the_editors_alone(chat: Terminal, desk: Desk) -> None:
    chat.type("kept", "ctrl+o")
    desk.begun()
    chat.type("ctrl+c")
    chat.wait_for("ended with")
    chat.wait_for("> kept")
    assert chat.process.poll() is None


def test_smschat_ends_while_the_editor_has_the_terminal(chat: Terminal, desk: Desk) -> None:
    chat.type("kept", "ctrl+o")
    desk.begun()
    chat.process.send_signal(signal.SIGTERM)
    assert chat.wait_exit() == 0
    assert chat.wait_restored()
