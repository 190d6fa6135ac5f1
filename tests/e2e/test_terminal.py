"""The chat on a real pseudo-terminal: the main job by hand, a terminal that is not read, signals, hostile texts."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING

import pytest

from tests.program import Program, free_port
from tests.standin import SEND, Reply, inbound
from tests.terminal import Terminal, smschat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.standin import Standin

SETTLED = "● listening"


@pytest.fixture
def program(standin: Standin, tmp_path: Path) -> Program:
    port = free_port()
    more = {
        "SMSCHAT_TUNNEL": "fixed",
        "SMSCHAT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SMSCHAT_LISTEN": f"127.0.0.1:{port}",
    }
    return Program(home=tmp_path / "home", api_url=standin.url, more=more)


@pytest.fixture
def chat(program: Program) -> Iterator[Terminal]:
    """The chat with one conversation in it, receiving."""
    assert program.run("send", "31611111111", "hello", "--queue").code == 0
    with Terminal(smschat(), env=program.env) as terminal:
        terminal.wait_for(SETTLED)
        yield terminal


def callback_url(standin: Standin) -> str:
    return standin.wait_for("/communication/nexmo/sms/register")[-1].form["callback_url"]


@pytest.mark.parametrize(("peer", "name"), [("31622222222", "Echo"), ("31970000000", "31970000000")])
def test_the_main_job_in_the_demo(program: Program, peer: str, name: str) -> None:
    """Write, see it delivered, get the answer, leave a draft; all of it is there again after a restart."""
    with Terminal(smschat("demo"), env=program.env) as terminal:
        terminal.wait_for(SETTLED)
        terminal.type("ctrl+n")
        terminal.wait_for("New conversation")
        terminal.type(peer, "enter")
        terminal.wait_for(f"to {name}")
        terminal.type("ahoy there", "enter")
        terminal.wait_for(re.compile(r"ahoy there .*✓✓"))
        terminal.wait_for(re.compile(r"\d\d:\d\d  .*ahoy there"))  # their answer
        terminal.type("a draft for later")
        terminal.wait_for("> a draft for later")
        terminal.type("ctrl+q")
        assert terminal.wait_exit() == 0
        assert terminal.wait_restored()
    with Terminal(smschat("demo"), env=program.env) as terminal:
        terminal.wait_for("✎ a draft for later")
        terminal.type("j", "enter")  # below the pinned one
        terminal.wait_for("> a draft for later")
        terminal.wait_for(re.compile(r"ahoy there .*✓✓"))


def test_a_terminal_that_is_not_read_does_not_stop_the_receiver(chat: Terminal, standin: Standin) -> None:
    url = callback_url(standin)
    chat.pause()
    answers = [
        standin.callback(url, inbound(f"number {i} " + "x" * 100, message_id=f"0D{i}", msisdn="31611111111"))
        for i in range(400)
    ]
    assert answers == [200] * 400
    chat.resume()
    chat.wait_for("number 399")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("is_read", [True, False])
def test_a_signal_ends_the_chat_and_restores_the_terminal(
    chat: Terminal, standin: Standin, number: int, *, is_read: bool
) -> None:
    if not is_read:
        url = callback_url(standin)
        chat.pause()
        for i in range(200):
            standin.callback(url, inbound(f"number {i} " + "x" * 100, message_id=f"0E{i}"))
    chat.process.send_signal(number)
    assert chat.wait_exit() == 0
    chat.resume()
    assert chat.wait_restored()
    standin.forgive()  # the end may cut a request off in its middle


PAYLOADS = (
    "[/foo]",
    "x[/]",
    "[@click=app.quit]x[/]",
    "[link=http://evil.example]x",
    "[b]bold",
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x1b]2;ING Bank - OK\x07",
    "\x1b[?1049l",
    "\x1b[?1003l\x1b[?1000l",
    "\x1b[1;1HFAKE BANNER",
    "\x1b[c",
    "\x1b]0;unterminated",
    "\x9d2;title\x9c",
    "\x9b2J",
    "\x0e\x0f\x00\x05\x7f\x13",
    "\u202egnp.exe\u2066",
    "a" + "\u0301" * 50,
)

_SEQUENCE = re.compile(
    rb"\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\"
    rb"|\x1b\[(?P<private>[<=>?]?)(?P<numbers>[0-9;:]*)(?P<inter>[ -/]*)(?P<final>[@-~])|\x1b."
)


def kinds(raw: bytes) -> set[bytes]:
    """Every kind of escape sequence and control byte: colours and places without their numbers, the rest whole."""
    found = set()
    for match in _SEQUENCE.finditer(raw):
        final = match["final"]
        if final in (b"m", b"H") and not match["private"]:
            found.add(b"CSI " + final)
        elif match["osc"] is not None and match["osc"].startswith(b"2;smschat"):
            found.add(b"our title")
        elif match["osc"] is not None and match["osc"].startswith((b"9;smschat: ", b"777;notify;")):
            found |= {b"our notification", *_odd(match["osc"].decode())}
            found |= {bytes([byte]) for byte in match["osc"] if byte < 0x20 or byte == 0x7F}
        else:
            found.add(match[0])
    rest = _SEQUENCE.sub(b"", raw)
    text = rest.decode()
    return found | {bytes([byte]) for byte in rest if byte < 0x20 or byte == 0x7F} | _odd(text)


def _odd(text: str) -> set[bytes]:
    return {char.encode() for char in text if "\x80" <= char <= "\x9f" or char in "\u202e\u2066"}


def _run(program: Program, standin: Standin, payloads: tuple[str, ...], number: str) -> bytes:
    """One chat that shows the payloads as names, texts, previews, reasons, notifications and in the header line."""
    registered = len(standin.registrations)
    with Terminal(smschat(), env=program.env) as terminal:
        terminal.wait_for(SETTLED)
        url = standin.wait_for("/communication/nexmo/sms/register", registered + 1)[-1].form["callback_url"]
        for i, payload in enumerate(payloads):
            sender = payload[:30] if i % 2 else "31611111111"
            fields = inbound(f"Q1{payload}Q2", message_id=f"{number}-{i}", msisdn=sender)
            assert standin.callback(url, fields) == 200
            part = {"to": "31633333333", "status": "7", "error-text": f"Q1{payload}Q2"}
            standin.script(SEND, Reply(body={"message-count": "1", "messages": [part]}))
        end = inbound(f"the end of {number}", message_id=f"{number}-end", msisdn="31611111111")
        assert standin.callback(url, end) == 200
        terminal.wait_for(f"the end of {number}")
        for _ in range(len(payloads)):
            terminal.type("enter", "esc", "esc", "j")
        terminal.type("ctrl+n")
        terminal.wait_for("New conversation")
        terminal.type("31633333333", "enter")
        terminal.wait_for("to 31633333333")
        for i in range(len(payloads)):
            terminal.type(f"refuse {i}")
            terminal.wait_for(f"> refuse {i}")
            terminal.type("enter")
            terminal.wait_for(re.compile(rf"refuse {i} .*✗"))
            terminal.wait_for("> Write an SMS")
        terminal.type("ctrl+q")
        assert terminal.wait_exit() == 0
        return bytes(terminal.raw)


def test_hostile_texts_reach_the_terminal_as_harmless_text(program: Program, standin: Standin, tmp_path: Path) -> None:
    """Raw bytes of a run with hostile texts hold no sequence that a run with plain ones does not."""
    plain = tuple(f"plain text {i}" for i in range(len(PAYLOADS)))
    other = Program(home=tmp_path / "other", api_url=standin.url, more=program.more)
    clean = kinds(_run(other, standin, plain, "clean"))
    hostile = _run(program, standin, PAYLOADS, "hostile")
    assert kinds(hostile) - clean == set()
    text = hostile.decode()
    assert "[/foo]" in text
    assert "[@click=app.quit]x[/]" in text
    assert "]52;c;cm0gLXJmIH4=" in text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (b"one\ntwo", "> one +\n.*  two"),  # ctrl+j
        (b"old\x15new", "> new "),  # ctrl+u
        (b"tail of x\x17QQ", "> tail of QQ"),  # ctrl+w
        (b"ab\x1b[DX", "> aXb"),  # left
        (b"\x1b[Otyped without focus", "> typed without focus"),
    ],
)
def test_keys_act_in_the_order_in_which_they_came_in_one_read(chat: Terminal, typed: bytes, shown: str) -> None:
    chat.type("enter")
    chat.wait_for("Enter send")
    chat.send(typed)
    chat.wait_for(re.compile(shown))


def test_an_enter_pressed_thrice_at_once_sends_one_sms_without_blank_lines(chat: Terminal, standin: Standin) -> None:
    chat.type("enter")
    chat.wait_for("Enter send")
    chat.send(b"double\r\r\r")
    assert sorted(sent.form["text"] for sent in standin.wait_for(SEND, 2)) == ["double", "hello"]


def test_a_theme_that_does_not_exist_is_said(program: Program, standin: Standin) -> None:
    program.run("send", "31611111111", "hello", "--queue")
    with Terminal(smschat(), env=program.env | {"SMSCHAT_THEME": "nonsense"}) as terminal:
        terminal.wait_for("There is no theme nonsense")
    standin.forgive()
