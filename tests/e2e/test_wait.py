"""`smschat wait` from outside: the code in the next SMS for a script, and an end at once where none can come."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

import pytest

from smschat.simulator.people import ECHO
from tests.program import Program, free_port
from tests.standin import REGISTER, TOKEN, Reply, inbound
from tests.terminal import smschat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.standin import Standin

BANK = "31633333333"
_ids = count(1)

SCRIPT = """
smschat() { "$PYTHON" -m smschat "$@"; }
set -eu
smschat send "$ECHO" 'your code is 483920, tell nobody' --queue > sent.txt
code=$(smschat wait --from "$ECHO" --extract '\\d{6}' --timeout 60)
echo "code $code"
smschat wait --from "$ECHO" --since 1h --match 'your' --timeout 0
smschat wait --from "$ECHO" --timeout 0.2 || echo "exit $?"
"""


@pytest.fixture
def program(standin: Standin, tmp_path: Path) -> Program:
    """A program whose listener the stand-in can reach."""
    return reachable(tmp_path, standin.url)


def reachable(tmp_path: Path, api_url: str) -> Program:
    port = free_port()
    more = {
        "SMSCHAT_TUNNEL": "fixed",
        "SMSCHAT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SMSCHAT_LISTEN": f"127.0.0.1:{port}",
    }
    return Program(home=tmp_path / "home", api_url=api_url, more=more)


def comes(standin: Standin, text: str, *, sender: str = BANK) -> None:
    """An SMS comes in, and is on disk."""
    (*_, registered) = standin.wait_for(REGISTER)
    fields = inbound(text, msisdn=sender, message_id=f"0F{next(_ids)}")
    assert standin.callback(registered.form["callback_url"], fields) == 200


@contextmanager
def waiting(program: Program, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A `wait` that is under way."""
    argv = smschat("wait", *arguments)
    with subprocess.Popen(argv, env=program.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """How it ended, and what it printed."""
    out, _ = process.communicate(timeout=60)
    return process.returncode, out


def test_a_shell_script_gets_the_code_from_the_simulator(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    with Program(home=tmp_path / "home", api_url="").start("simulator", "--json") as simulator:
        program = reachable(tmp_path, simulator.document()["url"])
        script = subprocess.run(
            ["sh", "-c", SCRIPT],
            env=program.env | {"PYTHON": sys.executable, "ECHO": ECHO.number},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (script.returncode, script.stdout.splitlines()) == (
            0,
            ["code 483920", "your code is 483920, tell nobody", "exit 124"],
        ), script.stderr


def test_it_passes_over_what_does_not_fit(program: Program, standin: Standin) -> None:
    with waiting(program, "--from", "06 3333 3333", "--match", "(?i)login", "--extract", r"\b(\d{6})\b") as process:
        comes(standin, "login 111111", sender="31655555555")
        comes(standin, "transfer 222222")
        comes(standin, "Login soon")
        comes(standin, "your login: 333333.")
        assert ended(process) == (0, "333333\n")


def test_without_a_pattern_it_prints_the_text_of_the_next(program: Program, standin: Standin) -> None:
    with program.start("listen", "--json") as listen:
        listen.wait_for("listening")
        comes(standin, "before")
        listen.wait_for("inbound")
    with waiting(program) as process:
        standin.wait_for(REGISTER, 2)
        comes(standin, "after\nand more")
        assert ended(process) == (0, "after\nand more\n")


def test_with_since_the_newest_that_is_there_counts_and_stays_unread(program: Program, standin: Standin) -> None:
    with program.start("listen", "--json") as listen:
        listen.wait_for("listening")
        for text in ("code 111111", "code 222222", "no code"):
            comes(standin, text)
            listen.wait_for("inbound")
    told = program.run("wait", "--since", "1h", "--extract", r"code (\d+)", "--timeout", "0", "--json").document()
    assert (told["text"], told["extracted"], told["status"]) == ("code 222222", "222222", "received")
    assert program.run("threads", "--json").document()[0]["unread"] == 3
    assert len(standin.registrations) == 1


def test_a_long_sms_counts_when_it_is_whole(program: Program, standin: Standin) -> None:
    with waiting(program, "--match", "first") as process:
        (registered,) = standin.wait_for(REGISTER)
        for part, text in ((2, "and last"), (1, "first ")):
            concat = {"concat": "true", "concat_ref": "7", "concat_total": "2", "concat_part": str(part)}
            fields = inbound(text, message_id=f"0F{next(_ids)}", **concat)
            assert standin.callback(registered.form["callback_url"], fields) == 200
        assert ended(process) == (0, "first and last\n")


def test_it_follows_another_that_receives_whatever_its_own_settings(program: Program, standin: Standin) -> None:
    with program.start("listen", "--json") as listen:
        listen.wait_for("listening")
        with waiting(Program(home=program.home, api_url=standin.url), "--extract", r"\d{6}") as process:
            while process.poll() is None:
                comes(standin, f"code 12345{next(_ids) % 10}")
                listen.wait_for("inbound")
            code, out = ended(process)
    assert code == 0
    assert out.startswith("12345")
    assert len(standin.registrations) == 1


@pytest.mark.parametrize("as_json", [False, True])
def test_a_time_out_is_124(program: Program, as_json: bool) -> None:  # noqa: FBT001 - a case
    ended = program.run("wait", "--timeout", "0", *(["--json"] if as_json else []))
    assert ended.code == 124
    if as_json:
        assert ended.document()["error"]["code"] == "timed_out"
    else:
        assert (ended.out, ended.err) == ("", "smschat: no SMS that fits came in time\n")


def test_ctrl_c_is_130(program: Program, standin: Standin) -> None:
    with waiting(program) as process:
        standin.wait_for(REGISTER)
        process.send_signal(signal.SIGINT)
        assert ended(process) == (130, "")


@pytest.mark.parametrize("flag", ["--match", "--extract"])
def test_a_pattern_that_is_none_is_said_with_its_place(program: Program, flag: str) -> None:
    ended = program.run("wait", flag, "a(b")
    assert ended.code == 2
    assert f"argument {flag}: no regular expression" in ended.err
    assert "at position 1" in ended.err


def no_account(program: Program, standin: Standin) -> dict[str, str]:
    return {"SMSCHAT_CLIENT_ID": "", "SMSCHAT_CLIENT_SECRET": ""}


def no_tunnel(program: Program, standin: Standin) -> dict[str, str]:
    return {"SMSCHAT_TUNNEL": "off"}


def wrong_secret(program: Program, standin: Standin) -> dict[str, str]:
    standin.always(TOKEN, Reply(status=401, body={"ErrorCode": "invalid_client", "Error": "ClientId is Invalid"}))
    return {}


def no_gateway(program: Program, standin: Standin) -> dict[str, str]:
    return {"SMSCHAT_API_URL": f"http://127.0.0.1:{free_port()}"}


@pytest.mark.parametrize(
    ("breaks", "code", "words"),
    [
        (no_account, 2, "not set: client_id and client_secret"),
        (no_tunnel, 2, "tunnel is off, so nothing can be received"),
        (wrong_secret, 5, "ClientId is Invalid"),
        (no_gateway, 69, "out of reach"),
    ],
)
def test_it_does_not_wait_for_what_cannot_come(
    program: Program, standin: Standin, breaks: Callable[[Program, Standin], dict[str, str]], code: int, words: str
) -> None:
    broken = Program(home=program.home, api_url=program.api_url, more=program.more | breaks(program, standin))
    ended = broken.run("wait")
    assert ended.code == code
    assert words in ended.err
    assert ended.out == ""


def test_a_port_in_use_is_the_fault_it_ends_with(program: Program) -> None:
    port = int(program.more["SMSCHAT_LISTEN"].rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)):
        ended = program.run("wait", "--json")
    assert ended.code == 1
    assert ended.document()["error"]["code"] == "listener"
