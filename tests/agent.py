"""The stand-in for the ngrok agent as a test handles it: a program to name in `ngrok_path`, its script, its journal.

    def test_it(tmp_path: Path) -> None:
        with Agent(tmp_path / "agent") as agent:
            tunnel = NgrokTunnel(..., agent=agent.path)       # or ngrok_path / SMSCHAT_NGROK_PATH = str(agent.path)
            ...                                               # what opens it gets agent.public_url
            assert agent.endpoints[0]["upstream"]["url"] == listener.local_url
        # here every process of it has ended, or the test fails and they are ended

The rule: what is asked of it holds from its next start on; `crash` and `revoke` act on the one that runs. The public
address is a port of loopback that forwards to the upstream, the same at each start until `move`. A second agent on an
address that is online gets ERR_NGROK_334, and one without an authtoken ERR_NGROK_4018, without being told to.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from tests.program import free_port, until

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM = Path(__file__).with_name("standin_agent.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """How the agent behaves.

    Attributes:
        version: as `ngrok version` tells it; before 3.30.0 there is no /api/endpoints, before 3.16 no version 3 of the
            configuration.
        public_port: where its edge listens on loopback.
        public_url: the address that it tells instead; then nothing is forwarded.
        authtokens: those that the account knows; another one gets ERR_NGROK_107, and its text has the authtoken in it,
            as ngrok's own has. None: every one is good.
        refuses: the code by which the service refuses the session, such as `ERR_NGROK_121`.
        refuses_endpoint: the code by which it refuses the address, such as `ERR_NGROK_334`.
        retries: it tries again and again where the service refuses the session, instead of ending.
        says: words on standard error, after which it ends with 1.
        hangs: `at once` without a word; `online` after the first line; `offline` in tries to reach the service.
        crashes_after_s: seconds after the session began in which it ends with 3.
        ignores_sigterm: only SIGKILL ends it.
    """

    version: str = "3.37.2"
    public_port: int = 0
    public_url: str | None = None
    authtokens: Sequence[str] | None = None
    refuses: str | None = None
    refuses_endpoint: str | None = None
    retries: bool = False
    says: str | None = None
    hangs: Literal["at once", "online", "offline"] | None = None
    crashes_after_s: float | None = None
    ignores_sigterm: bool = False


class Agent:
    """A stand-in in a folder of its own; use it as a context manager.

    Attributes:
        path: the program.
        folder: where its script and its journal are.
        script: how it behaves; assign another to change it, from the next start on.
    """

    def __init__(self, folder: Path, script: Script | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.path = folder / "ngrok"
        words = shlex.join([sys.executable, "-I", str(PROGRAM), str(folder)])
        self.path.write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
        self.path.chmod(0o755)
        self.script = replace(script or Script(), public_port=free_port())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            with contextlib.suppress(AssertionError):
                self.wait_ended()
        left = self.running
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert kind is not None or not left, f"agents were left: {left}"

    @property
    def script(self) -> Script:
        """How it behaves from its next start on."""
        return self._script

    @script.setter
    def script(self, script: Script) -> None:
        self._script = script
        written = self.folder / "script.json.new"
        written.write_text(json.dumps(asdict(script)), encoding="utf-8")
        written.replace(self.folder / "script.json")  # whole, for an agent that starts meanwhile

    def change(self, **fields: Any) -> None:
        """Change fields of the script."""
        self.script = replace(self.script, **fields)

    def move(self) -> None:
        """Have another address from the next start on."""
        self.change(public_port=free_port())

    @property
    def public_url(self) -> str:
        """The address that it opens next, unless a domain is asked for."""
        return self.script.public_url or f"http://127.0.0.1:{self.script.public_port}"

    @property
    def journal(self) -> list[dict[str, Any]]:
        """Everything that it noted, oldest first."""
        try:
            lines = (self.folder / "journal.jsonl").read_text(encoding="utf-8").split("\n")
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in lines[:-1]]  # the last has no end yet, or is empty

    def noted(self, event: str) -> list[dict[str, Any]]:
        """What it noted of one kind: `start`, `session` (with `api`, its local API), `endpoint`, `version`."""
        return [entry for entry in self.journal if entry["event"] == event]

    @property
    def starts(self) -> list[dict[str, Any]]:
        """Its starts: `pid`, `argv`, `environ`, `config` (the text of the file), `config_mode`, `session`."""
        return self.noted("start")

    @property
    def endpoints(self) -> list[dict[str, Any]]:
        """The bodies by which addresses were asked for."""
        return [entry["asked"] for entry in self.noted("endpoint")]

    @property
    def running(self) -> list[int]:
        """The process ids of those that run, zombies not counted."""
        return [entry["pid"] for entry in self.starts if is_running(entry["pid"], str(self.folder))]

    def crash(self) -> None:
        """Let the one that runs end with 3, after a last line of its log."""
        os.kill(self.running[-1], signal.SIGUSR1)

    def revoke(self) -> None:
        """Let the service end the session of the one that runs: its authtoken was revoked."""
        os.kill(self.running[-1], signal.SIGUSR2)

    def wait_ended(self) -> None:
        """Wait until none runs; in a coroutine: `await asyncio.to_thread(agent.wait_ended)`."""
        until(lambda: not self.running)


def is_running(pid: int, named: str) -> bool:
    """Whether the process runs, is no zombie, and has `named` in its command line."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()  # empty for a zombie
    except OSError:
        return False
    return named.encode() in line
