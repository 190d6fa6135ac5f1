"""The end of an app of ours when it comes from outside.

The rule: SIGTERM, SIGHUP and a terminal that is gone end it within two seconds, with drafts on disk, the runtime
closed and the terminal as it was, even while the terminal does not read and the screen's loop waits for it.

How it works
------------
Textual ends by itself on none of these. A signal asks its loop to exit, which is enough while the terminal reads. A
second thread waits for that; if the loop is stuck in a write it does what the loop would have done, throws away what
the terminal never took, and ends the process.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import termios
import threading
import time
from typing import TYPE_CHECKING, Final

from smschat.ui.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType
    from typing import Any, Self

    from smschat.ui.shell import Shell

PATIENCE_S: Final = 0.9
"""Seconds after a signal in which the screen may end by itself."""

_SETTLE_S: Final = 0.01
_TRIES: Final = 30
"""Times that it is tried: the screen's own writer may be in the middle of a frame."""


RESTORE: Final = (
    b"\x18\x1b\\"  # end whatever sequence was cut off
    b"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # mouse
    b"\x1b[?2004l\x1b[?1004l\x1b[?2048l\x1b[?2026l"  # paste, focus, resize reports, synchronised output
    b"\x1b[?7h\x1b[<u\x1b[23;2t\x1b[?1049l\x1b[?25h\x1b[0m"  # wrap, keyboard, title, screen, cursor, colours
)
"""What brings any terminal back from an app of ours."""

log = logging.getLogger(__name__)


class Leaving:
    """Ends an app on SIGTERM and SIGHUP; a context around its run, on the main thread.

    Args:
        save: begins to save what must not be lost, and returns at once; called on another thread.
        close: closes everything that is not the screen, within a second, when the screen hangs; on another thread.
    """

    def __init__(self, app: Shell[Any], *, save: Callable[[], object], close: Callable[[], object]) -> None:
        self._app = app
        self._save = save
        self._close = close
        self._is_over = threading.Event()
        self._last = threading.Lock()
        self._is_leaving = False
        self._before: dict[signal.Signals, signal._HANDLER] = {}
        self._fd = sys.__stdin__.fileno() if sys.__stdin__ is not None else -1
        self._attributes = app.first_frame.attributes if app.first_frame else _attributes(self._fd)

    def __enter__(self) -> Self:
        """Hear the signals, except one that whoever started us wants ignored (`nohup`)."""
        self._before[signal.SIGURG] = signal.signal(signal.SIGURG, _wake)
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._leave)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """All is closed; unless the second thread has begun to end the process, which nothing may overtake."""
        with self._last:
            self._is_over.set()
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _leave(self, _number: int, _frame: FrameType | None) -> None:
        if self._is_leaving:
            return
        self._is_leaving = True
        threading.Thread(target=self._make_sure, name="leaving", daemon=True).start()
        loop = self._app._loop  # noqa: SLF001 - Textual has no other way to be told from a signal handler
        if loop is None:
            sys.exit(0)
        loop.call_soon_threadsafe(self._app.exit, 0)

    def _make_sure(self) -> None:
        """Wait for the screen to end by itself, else end without it."""
        self._save()
        if self._is_over.wait(PATIENCE_S):
            return
        with self._last:
            if self._is_over.is_set():
                return
            log.warning("the terminal does not read; leaving without it")
            self._restore()
            self._close()
            self._restore()
            os._exit(0)

    def _restore(self) -> None:
        """The terminal as it was; what it has not read is thrown away, because nothing gets past it."""
        driver = self._app._driver  # noqa: SLF001 - as above
        if isinstance(driver, Terminal):
            driver.give_up_writing(signal.SIGURG)
        with contextlib.suppress(OSError, termios.error):
            # A descriptor of our own: the flag that keeps us from waiting must not stay on the shell's.
            own = os.open(os.ttyname(self._fd), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
            try:
                _push_through(own)
                if self._attributes is not None:
                    termios.tcsetattr(own, termios.TCSANOW, self._attributes)
            finally:
                os.close(own)
        if isinstance(driver, Terminal):
            driver.write_again()


def _wake(_number: int, _frame: FrameType | None) -> None:
    """Nothing: that a signal came is enough to end a write that waits."""


def _push_through(fd: int) -> None:
    """Write `RESTORE` past a write that is stuck: it holds the terminal until the last of it was thrown away."""
    for _ in range(_TRIES):
        termios.tcflush(fd, termios.TCOFLUSH)
        time.sleep(_SETTLE_S)
        with contextlib.suppress(BlockingIOError):
            os.write(fd, RESTORE)
            return


def _attributes(fd: int) -> list[int | list[bytes | int]] | None:
    """How the terminal is before the app; None where there is none."""
    try:
        return termios.tcgetattr(fd)
    except termios.error:
        return None
