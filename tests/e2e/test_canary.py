"""The secrets of a full run, from login to logout, are found nowhere but in their own place.

Looked at: every process below this one (command line and environment), every stream and every byte for the terminal,
every file under HOME (log, crash report, store and its WAL among them), and every request but that for a token. Plain,
and as base64, percent-encoded and hexadecimal.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest

from smschat.domain.signing import Method, signature
from tests.agent import Agent
from tests.program import NUMBER, PATIENCE_S, until
from tests.standin import REGISTER, SEND, TOKEN, Reply, inbound
from tests.terminal import Terminal, smschat
from tests.watch import Watch, left_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.standin import Standin

SECRET = "zq7Canary+Client/Secret=4%?"
WRONG = "zq8Canary+Wrong/Secret=5%?"
AUTHTOKEN = "2zq9Canary_Authtoken+OfATest/5xQ"
SIGNATURE = "zq6Canary+Signature/Secret=6%?"

FAILING = """
import logging, sys
from pathlib import Path
from smschat.cli import main
from smschat.ui.app import ChatApp

async def fail(app):
    kept = Path(sys.argv[0]).read_text()
    logging.getLogger("smschat.test").error("kept: %s", kept)
    raise ValueError(kept)

ChatApp.action_quit = fail
sys.argv[0] = sys.argv.pop()
sys.exit(main(sys.argv[1:]))
"""
"""The chat, whose way out has an error of its own that quotes both secrets."""

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes by proc(5)")


def forms(secret: str) -> set[bytes]:
    """The secret in every form in which it could slip through; base64 at each of the three places it may begin at."""
    octets = secret.encode()
    inner = {base64.b64encode(b"\0" * begin + octets)[-(-begin * 4 // 3) : -4] for begin in range(3)}
    safe = {form.replace(b"+", b"-").replace(b"/", b"_") for form in inner}
    quoted = {quote(secret, safe="").encode(), quote_plus(secret).encode(), quote(secret).encode()}
    return {octets, octets.hex().encode(), *inner, *safe, *quoted}


NEEDLES = tuple(forms(SECRET) | forms(WRONG) | forms(AUTHTOKEN) | forms(SIGNATURE))


def holds(octets: bytes) -> bool:
    return any(needle in octets for needle in NEEDLES)


class User:
    """Somebody with a home, nothing in the environment but the way to the agent's program, and what was printed."""

    def __init__(self, home: Path, agent: Agent) -> None:
        self.home = home
        self.printed: dict[str, bytes] = {}
        (home / "tmp").mkdir(parents=True)
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "TMPDIR": str(home / "tmp"),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "SMSCHAT_NGROK_PATH": str(agent.path),
        }

    def run(self, *arguments: str, stdin: str = "") -> int:
        """A command to its end; its exit code."""
        ended = subprocess.run(
            smschat(*arguments, "-v"),
            env=self.env,
            input=stdin.encode(),
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
        self.printed[f"{arguments} {len(self.printed)}"] = ended.stdout + ended.stderr
        return ended.returncode

    @contextmanager
    def listening(self) -> Iterator[subprocess.Popen[bytes]]:
        """`listen`, whose streams go to a file of the user's."""
        argv = smschat("listen", "--json", "-v")
        with (
            (self.home / "listen.txt").open("ab") as file,
            subprocess.Popen(argv, env=self.env, stdout=file, stderr=file) as process,
        ):
            try:
                yield process
            finally:
                process.kill()

    def holding(self) -> set[str]:
        """The files under HOME that hold a secret."""
        return {str(file.relative_to(self.home)) for file in self.files() if holds(_read(file))}

    def files(self) -> Iterator[Path]:
        return (file for file in self.home.rglob("*") if file.is_file())


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:  # gone meanwhile
        return b""


CREDENTIALS = ".config/smschat/credentials.toml"
CONFIG = ".config/smschat/config.toml"
AGENTS_OWN = ".local/share/smschat/default.ngrok.yml"


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    with Agent(tmp_path / "agent") as agent:
        yield agent


@pytest.fixture
def user(tmp_path: Path, agent: Agent) -> User:
    return User(tmp_path / "home", agent)


def test_the_forms_are_found_wherever_they_stand() -> None:
    for before in ("", "a", "an", "an-id:"):
        pair = f"{before}{SECRET}".encode()
        for octets in (pair, base64.b64encode(pair), base64.urlsafe_b64encode(pair), quote(pair, safe="").encode()):
            assert holds(octets), (before, octets)


def test_no_secret_is_found_after_a_full_run(user: User, agent: Agent, standin: Standin) -> None:
    with Watch(*NEEDLES) as watch:
        logs_in(user, standin)
        receives_and_is_asked(user, agent, standin)
        is_refused(user, agent, standin)
        chats_and_crashes(user, agent, standin)
        assert user.holding() == {CREDENTIALS, CONFIG}
        assert user.run("logout", "--json") == 0
        until(lambda: not left_of(user.home))
    assert user.holding() == {CONFIG}
    assert watch.has_seen("launch.py")
    assert watch.has_seen("--config")
    assert watch.found == set()
    assert [name for name, octets in user.printed.items() if holds(octets)] == []
    assert not holds(
        b"".join(f"{start['argv']} {start['environ']}".encode() for start in agent.journal if "argv" in start)
    )
    asked = [request for request in standin.requests if request.path != TOKEN]
    assert not holds(b"".join(repr(request).encode() for request in asked))
    assert {"listen.txt", "smschat.log", "default.db"} <= {file.name for file in user.files()}


def signed(text: str, message_id: str) -> dict[str, str]:
    """An inbound SMS as a gateway sends it that signs."""
    fields = inbound(text, message_id=message_id)
    return {**fields, "sig": signature(fields, SIGNATURE, Method.MD5HASH)}


def logs_in(user: User, standin: Standin) -> None:
    """First with a secret that the gateway does not know, then with both secrets; the third is written by hand."""
    account = ("login", "--yes", "--client-id", "an-id", "--number", NUMBER, "--api-url", standin.url)
    standin.script(TOKEN, Reply(status=401, body={"ErrorCode": "invalid_client", "Error": f"no {WRONG} here"}))
    assert user.run(*account, stdin=f"{WRONG}\n") == 5
    assert user.holding() == set()
    assert user.run(*account, "--tunnel", "ngrok", stdin=f"{SECRET}\n{AUTHTOKEN}\n") == 0
    assert user.holding() == {CREDENTIALS}
    with (user.home / CONFIG).open("a") as config:
        config.write(f'signature_secret = "{SIGNATURE}"\n')


def receives_and_is_asked(user: User, agent: Agent, standin: Standin) -> None:
    """While `listen` runs every other command does, the tunnel falls, and an SMS comes in."""
    with user.listening() as listen:
        [registered] = standin.wait_for(REGISTER)
        assert standin.callback(registered.form["callback_url"], signed("hello", "0F1")) == 200
        assert standin.callback(registered.form["callback_url"], inbound("forged", message_id="0F9")) == 401
        commands = (
            "send 31611111111 hi",
            "webhook status",
            "config show",
            "threads --json",
            "doctor --json",
            "webhook list",
        )
        codes = [user.run(*command.split()) for command in commands]
        assert codes == [0] * len(commands), user.printed
        agent.move()
        agent.crash()
        standin.wait_for(REGISTER, 2)
        until(lambda: user.holding() == {CREDENTIALS, CONFIG, AGENTS_OWN})
        assert (user.home / ".local/share/smschat/default.db-wal").stat().st_size > 0
        listen.terminate()
        assert listen.wait(PATIENCE_S) == 0
    assert user.holding() == {CREDENTIALS, CONFIG}


def is_refused(user: User, agent: Agent, standin: Standin) -> None:
    """By ngrok, whose words quote the authtoken, and by the gateway."""
    agent.change(authtokens=["2another"])
    assert user.run("wait", "--timeout", "50") == 69
    assert user.run("doctor") == 1
    agent.change(authtokens=None)
    standin.always(TOKEN, Reply(status=401, body={"ErrorCode": "invalid_client", "Error": f"no {SECRET} here"}))
    assert user.run("send", "31611111111", "refused") == 5
    assert user.run("wait", "--timeout", "50") == 5
    standin.always(TOKEN, None)


def chats_and_crashes(user: User, agent: Agent, standin: Standin) -> None:
    """The chat receives, sends, and ends in an error that quotes the secrets."""
    registered = len(standin.registrations)
    sent = len(standin.sends)
    argv = [sys.executable, "-c", FAILING, "-v", str(user.home / CREDENTIALS)]
    with Terminal(argv, env=user.env, columns=140) as terminal:
        terminal.wait_for("● listening  ngrok ok")
        address = standin.wait_for(REGISTER, registered + 1)[-1].form["callback_url"]
        assert standin.callback(address, signed("hello again", "0F2")) == 200
        terminal.wait_for("hello again")
        terminal.type("enter")
        terminal.wait_for("Enter send")
        terminal.type("and an answer", "enter")
        standin.wait_for(SEND, sent + 1)
        terminal.type("ctrl+q")
        assert terminal.wait_exit() == 1
        assert terminal.wait_restored()
        user.printed["the chat"] = bytes(terminal.raw)
    assert b"an error of its own (ValueError)" in user.printed["the chat"]
    assert any(file.name.startswith("crash-") for file in user.files())
    agent.wait_ended()
