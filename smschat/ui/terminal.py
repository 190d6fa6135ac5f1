"""The terminal: Textual's driver, taught four things about its input, its output and its end.

* An Enter with more input behind it in the same read is marked, so that a paste without brackets never sends.
* The end of the input (a terminal that is gone, with no signal sent) counts as hanging up.
* The window's title is ours while we run, and given back.
* While another program has the terminal, nothing of ours is written: it would spoil that program's screen, and what is
  written then waits in a short queue that nobody empties.

The rule: nothing foreign is written here; a title is made of our own words and a number.
"""

from __future__ import annotations

import contextlib
import os
import queue
import selectors
import signal
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, Final

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from codecs import IncrementalDecoder
    from collections.abc import Iterable

    from textual.message import Message

FOLLOWED: Final = "\n"
"""The character of an Enter key that more input stood behind; an Enter pressed by itself carries `\\r` or none."""

_CHUNK: Final = 4096
_ESCAPE_S: Final = 0.05
_PUSH_TITLE: Final = "\x1b[22;2t"
_ALTERNATE_SCREEN: Final = "\x1b[?1049h"
_POP_TITLE: Final = "\x1b[23;2t"


def mark_followed(batch: Iterable[Message], *, more_waits: bool = False) -> list[Message]:
    """The events of one read, every Enter that a key or a paste follows marked with `FOLLOWED`.

    Args:
        more_waits: the read was full and the rest of the input is not in it.
    """
    marked: list[Message] = []
    is_followed = more_waits
    for event in reversed(list(batch)):
        if is_followed and isinstance(event, events.Key) and event.key == "enter":
            marked.append(events.Key("enter", FOLLOWED))
        else:
            marked.append(event)
        is_followed = is_followed or isinstance(event, events.Key | events.Paste)
    marked.reverse()
    return marked


class Terminal(LinuxDriver):
    """A POSIX terminal. Its input thread sleeps until there is something to read."""

    _title = ""
    _is_entered = False
    _is_lent = False
    _end: int | None = None

    def set_title(self, title: str) -> None:
        """Name the window, if that is not its name yet; our own words only."""
        if title != self._title:
            self._title = title
            self._write_title()

    def _write_title(self) -> None:
        self.write(f"\x1b]2;{self._title}\x07")

    def start_application_mode(self) -> None:
        """Keep the window's title before anything else is written."""
        self._ending, self._end = os.pipe()
        first, self._app.first_frame = getattr(self._app, "first_frame", None), None  # type: ignore[attr-defined]
        self._is_entered = first is not None
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's
        if first is not None:
            self.attrs_before = first.attributes
        self.write(_PUSH_TITLE)
        if self._title:
            self._write_title()

    def suspend_application_mode(self) -> None:
        """Lend the terminal to another program."""
        super().suspend_application_mode()
        self._is_lent = True

    def resume_application_mode(self) -> None:
        """Have it back."""
        self._is_lent = False
        super().resume_application_mode()

    def write(self, data: str) -> None:
        """Write; but a screen that the first frame is on already is not entered again, which would clear it."""
        if self._is_lent:
            return
        if self._is_entered and data == _ALTERNATE_SCREEN:
            self._is_entered = False
            return
        super().write(data)

    def stop_application_mode(self) -> None:
        """Give the window's title back."""
        self.write(_POP_TITLE)
        super().stop_application_mode()

    def disable_input(self) -> None:
        """Wake the input thread, which Textual then waits for."""
        end, self._end = self._end, None
        if end is not None:  # the app may end while the terminal is lent
            os.close(end)
        super().disable_input()

    def give_up_writing(self, number: signal.Signals) -> None:
        """Forget what was not written yet: the terminal does not read, and smschat must end. From any thread.

        Args:
            number: a signal with a handler of ours: it gets the writer out of a write that the kernel lets wait.
        """
        writer = self._writer_thread
        if writer is None:
            return
        with contextlib.suppress(queue.Empty):
            while True:
                writer._queue.get_nowait()  # noqa: SLF001 - Textual has no other way to drop a frame
        if writer.ident is not None and writer.is_alive():
            os.set_blocking(writer.fileno(), False)  # it must not wait again; `write_again` undoes it
            signal.pthread_kill(writer.ident, number)

    def write_again(self) -> None:
        """Let writes wait as before: whoever has the terminal after us shares the flag."""
        with contextlib.suppress(OSError):
            if self._writer_thread is not None:
                os.set_blocking(self._writer_thread.fileno(), True)

    def run_input_thread(self) -> None:
        """Read until told to end, or until the terminal is gone."""
        parser = XTermParser(self._debug)
        decoder = getincrementaldecoder("utf-8")(errors="replace")
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._ending, selectors.EVENT_READ)
            while True:
                # An escape by itself is a key only when nothing follows it for a moment: the parser's own deadline.
                waits = parser._timeout_time is not None  # noqa: SLF001
                ready = [key.fd for key, _ in selector.select(_ESCAPE_S if waits else None)]
                if self._ending in ready:
                    break
                if self.fileno in ready and not self._read(parser, decoder):
                    os.kill(os.getpid(), signal.SIGHUP)
                    break
                for event in parser.tick():
                    self.process_message(event)
        os.close(self._ending)

    def _read(self, parser: XTermParser, decoder: IncrementalDecoder) -> bool:
        """One read; False when there will never be another."""
        try:
            octets = os.read(self.fileno, _CHUNK)
        except OSError:
            return False
        text = decoder.decode(octets)
        batch = mark_followed(parser.feed(text), more_waits=len(octets) == _CHUNK) if text else []
        for event in batch:
            self.process_message(event)
        return bool(octets)
