"""Looking at every process below this one, for as long as something runs: at its command line and its environment."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

needs_proc = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes by proc(5)")


@dataclass(slots=True)
class Seen:
    """What was seen: the processes, and those with the secret in their command line or environment."""

    looked_at: set[int] = field(default_factory=set)
    telling: set[tuple[int, str]] = field(default_factory=set)


@contextmanager
def watching(secret: str) -> Iterator[Seen]:
    """Look again and again for a secret in what everybody on this machine may see."""
    seen, ended = Seen(), threading.Event()

    def look() -> None:
        while not ended.is_set():
            for pid in descendants(os.getpid()):
                seen.looked_at.add(pid)
                texts = {name: _read(pid, name) for name in ("cmdline", "environ")}
                seen.telling.update((pid, name) for name, text in texts.items() if secret.encode() in text)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


def descendants(pid: int) -> list[int]:
    """The processes below one, of all its threads."""
    try:
        tasks = [task.name for task in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return []
    children = [int(word) for task in tasks for word in _read(pid, f"task/{task}/children").split()]
    return [*children, *(below for child in children for below in descendants(child))]


def _read(pid: int, name: str) -> bytes:
    """A file of proc(5); empty when the process has just ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
