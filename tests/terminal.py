"""A real pseudo-terminal with a program in it, and an emulated screen that shows what a person would see.

The reader runs in a thread of its own and may be paused: a terminal that is not read, as after Ctrl-S.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from typing import TYPE_CHECKING, Self

import pyte

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PATIENCE_S = 60.0
"""Seconds that a wait takes at most before it fails; only a broken program needs them."""

LAST_WORDS_S = 10.0
"""Seconds in which what a program wrote last has come through the pseudo-terminal; it may have ended long before."""

_NOT_EMULATED = re.compile(rb"\x1b\[[<>=][0-9;]*[A-Za-z]|\x1b\[\?[0-9;]*\$p|\x1bP[^\x1b]*\x1b\\|\x1b\[[0-9]* q")

KEYS = {"enter": b"\r", "esc": b"\x1b", "tab": b"\t", "up": b"\x1b[A", "down": b"\x1b[B", "f1": b"\x1bOP"}


class Terminal:
    """One program on a pseudo-terminal of its own.

    Args:
        argv: the program; `smschat …` is `[sys.executable, "-m", "smschat", …]`.
        env: its whole environment but for TERM.
    """

    def __init__(self, argv: Sequence[str], *, env: Mapping[str, str], columns: int = 120, rows: int = 36) -> None:
        self.raw = bytearray()
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._fed = 0
        self._heard = threading.Condition()
        self._reading = threading.Event()
        self._reading.set()
        self._closing = False
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.slave_name = os.ttyname(slave)
        self.process = subprocess.Popen(
            list(argv),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={"TERM": "xterm-256color", "COLORTERM": "truecolor", **env},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - one system call, no lock
        )
        self._slave = slave
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while not self._closing:
            if not self._reading.wait(0.1):
                continue
            ready, _, _ = select.select([self.master], [], [], 0.1)
            if not ready:
                continue
            try:
                data = os.read(self.master, 65536)
            except OSError:
                break
            with self._heard:
                self.raw += data
                self._heard.notify_all()

    def pause(self) -> None:
        """Stop reading what the program writes."""
        self._reading.clear()

    def resume(self) -> None:
        """Read again."""
        self._reading.set()

    def type(self, *keys: str) -> None:
        """Send keys by name, or text as it is."""
        for key in keys:
            if key.startswith("ctrl+") and len(key) == 6:
                data = bytes([ord(key[5].upper()) & 0x1F])
            else:
                data = KEYS.get(key) or key.encode()
            os.write(self.master, data)

    def send(self, octets: bytes) -> None:
        """Send octets as they are, in one write."""
        os.write(self.master, octets)

    def text(self) -> str:
        """What the screen shows now."""
        with self._heard:
            new = bytes(self.raw[self._fed :])
            self._fed = len(self.raw)
        self._stream.feed(_NOT_EMULATED.sub(b"", new))
        return "\n".join(self._screen.display)

    def wait_for(self, wanted: str | re.Pattern[str], *, patience_s: float = PATIENCE_S) -> str:
        """Wait until the screen shows a text or a pattern; the screen then."""
        pattern = re.compile(re.escape(wanted)) if isinstance(wanted, str) else wanted
        until, has_ended = time.monotonic() + patience_s, False
        while True:
            shown = self.text()
            if pattern.search(shown):
                return shown
            if self.process.poll() is not None and not has_ended:
                has_ended, until = True, min(until, time.monotonic() + LAST_WORDS_S)
            if time.monotonic() > until:
                end = f"; the program ended ({self.process.returncode})" if has_ended else ""
                raise AssertionError(f"{wanted!r} never came{end}; the screen is\n{shown}")
            with self._heard:
                if self._fed == len(self.raw):
                    self._heard.wait(0.25)

    def wait_exit(self, patience_s: float = PATIENCE_S) -> int:
        """Wait for the end of the program; its exit code."""
        return self.process.wait(patience_s)

    def wait_restored(self) -> bool:
        """Wait until what the program left behind has arrived; whether the terminal is as it was then."""
        until = time.monotonic() + PATIENCE_S
        while not self.is_restored() and time.monotonic() < until:
            with self._heard:
                self._heard.wait(0.1)
        return self.is_restored()

    def is_restored(self) -> bool:
        """Whether line discipline is as it was, and the last word on the alternate screen was to leave it."""
        same = termios.tcgetattr(self._slave)[:4] == self.before[:4]
        return same and self.raw.rfind(b"\x1b[?1049l") > self.raw.rfind(b"\x1b[?1049h")

    def close(self) -> None:
        """End the program, if it has not ended, and give everything back."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE_S)
        self._closing = True
        self._reading.set()
        self._thread.join()
        os.close(self.master)
        os.close(self._slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def smschat(*arguments: str) -> list[str]:
    """The command line of the program under test."""
    return [sys.executable, "-m", "smschat", *arguments]
