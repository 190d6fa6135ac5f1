"""What the terminal can do: by its environment, and by asking it, as far as it answers within a moment.

The rule: whatever happens the line discipline is as it was, nothing of the answers is echoed, and what is typed
meanwhile goes back into the queue where the system lets us.

How it works: the questions go out in one write, the last of them one that every terminal answers (DA1, primary device
attributes); when that answer is there, the others are there or will never be.

Sources: ECMA-48 and DEC STD 070 (DA1), xterm's ctlseqs (DECRQM, modes 1004 and 2004, DA1's 52 for OSC 52), the kitty
keyboard protocol (`CSI ? u`).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import termios
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smschat.domain.checks import Check, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TextIO

ANSWER_S: Final = 0.3
"""Seconds that the terminal has to answer."""

FOCUS_MODE: Final = 1004
PASTE_MODE: Final = 2004
QUESTIONS: Final = b"\x1b[?u" + b"\x1b[?1004$p" + b"\x1b[?2004$p" + b"\x1b[c"

TWO_PANES: Final = 100
RAIL: Final = 60
FEWEST_ROWS: Final = 12

_KEYBOARD: Final = re.compile(rb"\x1b\[\?\d+u")
_MODE: Final = re.compile(rb"\x1b\[\?(\d+);(\d)\$y")
_ATTRIBUTES: Final = re.compile(rb"\x1b\[\?([\d;]*)c")
_SEQUENCE: Final = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[P\]_^][^\x1b\x07]*(?:\x1b\\|\x07)?")
_CLIPBOARD: Final = "52"
_CLIPBOARD_TERMS: Final = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "contour", "wezterm", "rio")
_CLIPBOARD_PROGRAMS: Final = frozenset({"WezTerm", "ghostty", "rio", "vscode"})
_NOT_KNOWN_MODE: Final = 0
_PERMANENTLY_OFF: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the terminal said of itself.

    Attributes:
        modes: by number of the mode whether it can be set; one that it did not speak of is missing.
        attributes: the numbers of DA1; None: it did not answer at all.
    """

    has_keyboard_protocol: bool
    modes: Mapping[int, bool]
    attributes: frozenset[str] | None


def checks(stdin: TextIO, stdout: TextIO, env: Mapping[str, str]) -> list[Check]:
    """What the terminal of these streams can do; one line where they are none."""
    if not (stdin.isatty() and stdout.isatty()):
        text = "not looked at: standard input and output are no terminal"
        return [Check(name="terminal", finding=Finding.NOTE, text=text)]
    columns, rows = os.get_terminal_size(stdout.fileno())
    found = [of_colours(env), of_size(columns, rows), of_characters(stdout.encoding or "")]
    answers = ask(stdin.fileno(), stdout.fileno())
    return [*found, *of_answers(answers, env)]


def of_colours(env: Mapping[str, str]) -> Check:
    """How many colours there are, as the environment says."""
    term = env.get("TERM", "")
    if term in {"", "dumb", "unknown"}:
        text = f"TERM is {term or 'not set'}, which no screen can be drawn with"
        fix = "use another terminal, or set TERM to what it is, such as xterm-256color"
        return Check(name="colours", finding=Finding.FAULT, text=text, fix=fix)
    if env.get("NO_COLOR"):
        return Check(name="colours", finding=Finding.NOTE, text="none, because NO_COLOR is set")
    if env.get("COLORTERM", "").lower() in {"truecolor", "24bit"}:
        return Check(name="colours", finding=Finding.OK, text=f"16 million (TERM {term})")
    if "256" in term or "direct" in term or "kitty" in term:
        return Check(name="colours", finding=Finding.OK, text=f"256 (TERM {term})")
    return Check(name="colours", finding=Finding.NOTE, text=f"16, as far as TERM {term} says; themes are coarser")


def of_size(columns: int, rows: int) -> Check:
    """What fits, at this size in characters."""
    name, size = "size", f"{columns} by {rows}"
    if rows < FEWEST_ROWS:
        return Check(name=name, finding=Finding.NOTE, text=f"{size}: little room", fix="make the window higher")
    if columns >= TWO_PANES:
        return Check(name=name, finding=Finding.OK, text=f"{size}: list and conversation side by side")
    shows = "a narrow list beside the conversation" if columns >= RAIL else "one pane at a time"
    return Check(name=name, finding=Finding.OK, text=f"{size}: {shows}; both from {TWO_PANES} columns")


def of_characters(encoding: str) -> Check:
    """Whether every character can be shown."""
    if encoding.lower().replace("-", "").replace("_", "") == "utf8":
        return Check(name="characters", finding=Finding.OK, text="UTF-8")
    text = f"{encoding or 'not known'}: what it lacks is shown as an escape"
    return Check(name="characters", finding=Finding.NOTE, text=text, fix="set LANG to a UTF-8 locale, such as C.UTF-8")


def of_answers(answers: Answers | None, env: Mapping[str, str]) -> Iterator[Check]:
    """Keys, focus, paste and clipboard; None: the terminal could not be asked."""
    if answers is None or answers.attributes is None:
        why = "not asked: this process is in the background"
        text = why if answers is None else f"the terminal does not answer within {ANSWER_S:g} s"
        for name in ("keys", "focus", "paste", "clipboard"):
            yield Check(name=name, finding=Finding.UNKNOWN, text=text)
        return
    if answers.has_keyboard_protocol:
        yield Check(name="keys", finding=Finding.OK, text="shift+Enter is told from Enter")
    else:
        text = "shift+Enter arrives as Enter; a new line is ctrl+j"
        yield Check(name="keys", finding=Finding.NOTE, text=text)
    in_tmux = "in tmux: `set -g focus-events on`" if env.get("TMUX") else ""
    yield _of_mode("focus", answers.modes.get(FOCUS_MODE), "the window's focus", in_tmux)
    yield _of_mode("paste", answers.modes.get(PASTE_MODE), "what is pasted from what is typed", "")
    yield _of_clipboard(answers.attributes, env)


def _of_mode(name: str, can: bool | None, what: str, fix: str) -> Check:  # noqa: FBT001 - it is the answer itself
    if can is None:
        text = f"the terminal does not say whether it tells {what}"
        return Check(name=name, finding=Finding.UNKNOWN, text=text, fix=fix)
    if can:
        return Check(name=name, finding=Finding.OK, text=f"the terminal tells {what}")
    return Check(name=name, finding=Finding.NOTE, text=f"the terminal does not tell {what}", fix=fix)


def _of_clipboard(attributes: frozenset[str], env: Mapping[str, str]) -> Check:
    by_name = env.get("TERM", "").startswith(_CLIPBOARD_TERMS) or env.get("TERM_PROGRAM", "") in _CLIPBOARD_PROGRAMS
    if _CLIPBOARD in attributes or by_name:
        return Check(name="clipboard", finding=Finding.OK, text="programs may copy, by OSC 52")
    fix = "in tmux: `set -g set-clipboard on`" if env.get("TMUX") else ""
    text = "the terminal does not say whether programs may copy; many do it without saying so"
    return Check(name="clipboard", finding=Finding.UNKNOWN, text=text, fix=fix)


def ask(
    reading: int, writing: int, *, limit_s: float = ANSWER_S, monotonic: Callable[[], float] = time.monotonic
) -> Answers | None:
    """Ask the terminal; None when it is not ours to ask, because this process is in the background.

    Args:
        reading, writing: descriptors of one terminal.
    """
    if os.tcgetpgrp(reading) != os.getpgrp():
        return None
    with _unechoed(reading):
        os.write(writing, QUESTIONS)
        heard = _hear(reading, monotonic() + limit_s, monotonic)
        _give_back(reading, typed_in(heard))
    return answers_in(heard)


def answers_in(heard: bytes) -> Answers:
    """What the octets from the terminal say; others among them are what somebody typed."""
    attributes = _ATTRIBUTES.search(heard)
    modes = {int(mode): int(state) not in {_NOT_KNOWN_MODE, _PERMANENTLY_OFF} for mode, state in _MODE.findall(heard)}
    return Answers(
        has_keyboard_protocol=_KEYBOARD.search(heard) is not None,
        modes=modes,
        attributes=frozenset(attributes[1].decode().split(";")) if attributes else None,
    )


def typed_in(heard: bytes) -> bytes:
    """What somebody typed meanwhile: all but control sequences, those of keys too, which no shell should get late."""
    return _SEQUENCE.sub(b"", heard).replace(b"\x1b", b"")


@contextlib.contextmanager
def _unechoed(descriptor: int) -> Iterator[None]:
    """No echo and no waiting for whole lines; signals by key still come. Nothing that was typed is thrown away."""
    before = termios.tcgetattr(descriptor)
    during = termios.tcgetattr(descriptor)
    during[3] &= ~(termios.ECHO | termios.ICANON)
    try:
        termios.tcsetattr(descriptor, termios.TCSANOW, during)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSANOW, before)


def _hear(descriptor: int, until: float, monotonic: Callable[[], float]) -> bytes:
    heard = b""
    while _ATTRIBUTES.search(heard) is None:
        left_s = until - monotonic()
        if left_s <= 0 or not select.select([descriptor], [], [], left_s)[0]:
            break
        came = os.read(descriptor, 4096)
        if not came:
            break
        heard += came
    return heard


def _give_back(descriptor: int, typed: bytes) -> None:
    """Queue the octets again, as if they were typed now; newer systems may forbid it, and then they are lost."""
    with contextlib.suppress(OSError):
        for octet in typed:
            fcntl.ioctl(descriptor, termios.TIOCSTI, bytes([octet]))
