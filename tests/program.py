"""The installed program as scripts see it: its streams and its exit code, in an environment of its own."""

from __future__ import annotations

import itertools
import json
import os
import queue
import random
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from tests.terminal import smschat

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATIENCE_S = 60.0
"""Seconds that a wait takes at most before it fails; only a broken program needs them."""

PAUSE_S = 0.005
"""Seconds between two questions whether something holds."""

NUMBER = "31612345678"

_BELOW_THE_EPHEMERAL = range(20_000, 32_000)
_ports = itertools.cycle(random.SystemRandom().sample(_BELOW_THE_EPHEMERAL, len(_BELOW_THE_EPHEMERAL)))
"""In another order in each run, so that two that run at once hardly meet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)

    def documents(self) -> list[Any]:
        """One JSON document a line."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """smschat for one user: a home, settings by environment, and a gateway."""

    home: Path
    api_url: str
    more: dict[str, str] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        """The whole environment."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "SMSCHAT_DATA_DIR": str(self.home / "data"),
            "SMSCHAT_API_URL": self.api_url,
            "SMSCHAT_CLIENT_ID": "an-id",
            "SMSCHAT_CLIENT_SECRET": "zq7-canary",
            "SMSCHAT_NUMBER": NUMBER,
            "SMSCHAT_TUNNEL": "off",
            **self.more,
        }

    def run(self, *arguments: str, stdin: str = "") -> Ended:
        """Run a command to its end; a traceback or the secret on its streams is a failure."""
        ended = subprocess.run(
            smschat(*arguments),
            env=self.env,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert "Traceback" not in ended.stderr, ended.stderr
        assert "zq7-canary" not in ended.stdout + ended.stderr
        return Ended(code=ended.returncode, out=ended.stdout, err=ended.stderr)

    def start(self, *arguments: str) -> Stream:
        """Start a command that streams JSON lines."""
        return Stream(smschat(*arguments), self.env)


class Stream:
    """A command that prints one JSON object a line until it is told to end."""

    def __init__(self, argv: list[str], env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            argv, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.events: list[dict[str, Any]] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def wait_for(self, event: str) -> dict[str, Any]:
        """The next event of a kind; what comes before it is kept in `events`."""
        while True:
            try:
                told: dict[str, Any] = json.loads(self._lines.get(timeout=PATIENCE_S))
            except queue.Empty:
                raise AssertionError(f"no {event!r} came; there were {self.events}") from None
            self.events.append(told)
            if told["event"] == event:
                return told

    def document(self) -> dict[str, Any]:
        """The next document, whatever it tells."""
        told: dict[str, Any] = json.loads(self._lines.get(timeout=PATIENCE_S))
        return told

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE_S)
        self._thread.join()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


def until(holds: Callable[[], object]) -> None:
    """Ask again and again until it holds; between two questions the machine is left to what is waited for."""
    deadline = time.monotonic() + PATIENCE_S
    between = threading.Event()
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        between.wait(PAUSE_S)


def free_port() -> int:
    """A port of loopback that nobody has, and that no connection out of this machine is given meanwhile."""
    while True:
        port = next(_ports)
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
