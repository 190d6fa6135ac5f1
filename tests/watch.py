"""A watch over processes: what stands in their command lines and environments, and which of them are left.

The rule: it sees every process below this one, again and again from before the first is started until it is over. What
a program was given is its own; what it hands on is not. Linux only: proc(5).
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

PAUSE_S = 0.003
"""Seconds between two looks; the shortest of our processes, a shell that becomes the agent, lives about as long."""


class Watch:
    """A thread that looks for needles; use it as a context manager.

    Attributes:
        found: where a needle was: `cmdline` or `environ`, and the command line of the process.
        seen: the command lines of all processes that were looked at.
    """

    def __init__(self, *needles: bytes, given: Collection[str] = ()) -> None:
        """Look for the needles; `given` are words by which a process is known that was started with them."""
        self._found: set[tuple[str, str]] = set()
        self._seen: set[str] = set()
        self._needles = needles
        self._given = given
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def found(self) -> set[tuple[str, str]]:
        """Where needles were found so far; a copy, for the watch goes on."""
        return self._found.copy()

    @property
    def seen(self) -> set[str]:
        """What was looked at so far; a copy, as above."""
        return self._seen.copy()

    def has_seen(self, word: str) -> bool:
        """Whether a process with the word in its command line was looked at."""
        return any(word in line for line in self.seen)

    def _look(self) -> None:
        while not self._over.wait(PAUSE_S):
            for pid in descendants(os.getpid()):
                self._look_at(pid)

    def _look_at(self, pid: int) -> None:
        command = of_process(pid, "cmdline")
        if not command or command == of_process(os.getpid(), "cmdline"):
            return  # ours, or a copy of ours that has yet to become something else
        line = command.replace(b"\0", b" ").decode(errors="replace").strip()
        self._seen.add(line)
        looked_at = {"cmdline": command}
        if not any(word in line for word in self._given):
            looked_at["environ"] = of_process(pid, "environ")  # after the command line: of what it has become
        for name, octets in looked_at.items():
            if any(needle in octets for needle in self._needles):
                self._found.add((name, line))


def descendants(pid: int) -> Iterator[int]:
    """The processes below one."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return
    for task in tasks:
        for word in of_process(pid, f"task/{task.name}/children").split():
            yield int(word)
            yield from descendants(int(word))


def left_of(home: Path) -> list[str]:
    """The command lines of all processes with this home folder, whoever has them now; zombies have none."""
    mark = b"HOME=" + os.fsencode(home)
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    lines = [of_process(pid, "cmdline") for pid in pids if mark in of_process(pid, "environ").split(b"\0")]
    return [line.replace(b"\0", b" ").decode(errors="replace") for line in lines if line]


def of_process(pid: int, name: str) -> bytes:
    """A file of proc(5); empty when the process has ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
