"""The user's own editor on a text: `$VISUAL`, `$EDITOR`, else one that is there.

The rule: the text is in a file that nobody else can read, and only while the editor runs; whatever goes wrong is told,
and what the editor left is taken whole or not at all. Nothing here knows a screen, and nothing is raised while the
editor has the terminal, so that the terminal always comes back.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from smschat.domain.text import from_wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST: Final = 10_000
"""Characters that are taken back; as many as from a paste."""

_USUAL: Final = ("sensible-editor", "nano", "vim", "vi")
_NO_EDITOR: Final = "There is no editor: set VISUAL or EDITOR, such as EDITOR=nano."
_FROM_KEYS: Final = (signal.SIGINT, signal.SIGQUIT)
_LAST_S: Final = 0.3
"""Seconds that an editor has to end when smschat must."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What came of it.

    Attributes:
        text: what stands there now; None: leave it as it was.
        told: what to say; empty: nothing.
    """

    text: str | None = field(default=None, repr=False)
    told: str = ""


class Editor:
    """One run of the editor.

    Args:
        environment: where VISUAL, EDITOR and PATH are.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment
        self._process: subprocess.Popen[bytes] | None = None

    def edit(self, text: str) -> Edited:
        """Let the user edit a text; returns when the editor ends."""
        try:
            return self._edit(text)
        except OSError as error:
            return Edited(told=f"The text could not be put into a file: {error.strerror}.")

    def edit_file(self, path: Path) -> Edited:
        """Let the user edit a file of theirs."""
        return Edited(told=self._run(path))

    def stop(self) -> None:
        """End the editor: smschat has to end. From any thread."""
        process = self._process
        if process is None:
            return
        with contextlib.suppress(OSError):
            process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_LAST_S)
            return
        with contextlib.suppress(OSError):
            process.kill()

    def _edit(self, text: str) -> Edited:
        folder = Path(tempfile.mkdtemp(prefix="smschat-"))  # 0700
        path = folder / "sms.txt"
        is_kept = False
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(text.encode(errors="replace"))
            told = self._run(path)
            if told:
                return Edited(told=told)
            edited = _taken(path, text)
            is_kept = edited.text is None and bool(edited.told) and path.exists()
            return edited
        finally:
            if not is_kept:
                shutil.rmtree(folder, ignore_errors=True)

    def _run(self, path: Path) -> str:
        """Why it did not go well; empty where it did."""
        try:
            command = self._command()
        except ValueError:
            return "VISUAL or EDITOR is no command: a quote is not closed."
        if not command:
            return _NO_EDITOR
        try:
            with subprocess.Popen([*command, str(path)]) as process:  # noqa: S603 - the user's own editor
                self._process = process
                code = process.wait()
        except OSError as error:
            return f"The editor {command[0]} could not be started: {error.strerror}."
        finally:
            self._process = None
        return f"The editor ended with {_how(code)}; the text is as it was." if code else ""

    def _command(self) -> list[str]:
        named = self._environment.get("VISUAL", "").strip() or self._environment.get("EDITOR", "").strip()
        if named:
            return shlex.split(named)
        path = self._environment.get("PATH")
        return [found for name in _USUAL if (found := shutil.which(name, path=path))][:1]


def _how(code: int) -> str:
    return f"code {code}" if code > 0 else f"signal {-code}"


def _taken(path: Path, before: str) -> Edited:
    """What stands in the file; where it cannot be taken the file stays, and it is said where."""
    try:
        text = path.read_bytes().decode()
    except OSError:
        return Edited(told="The editor left no file behind; the text is as it was.")
    except UnicodeDecodeError:
        return Edited(told=f"What the editor wrote is not UTF-8; it is kept in {path}.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if lines.endswith("\n") and not before.endswith("\n"):
        lines = lines[:-1]  # editors end the last line, and nobody wrote that
    if len(lines) > LONGEST:
        return Edited(told=f"Not taken: more than {LONGEST:,} characters. It is kept in {path}.")
    clean = from_wire(lines)
    lost = len(lines) - len(clean)
    noun = "character" if lost == 1 else "characters"
    told = f"{lost} control {noun} left out: no SMS can carry them." if lost else ""
    return Edited(text=None if clean == before else clean, told=told)


@contextlib.contextmanager
def keys_are_the_editors() -> Iterator[None]:
    """What ctrl+c and ctrl+backslash send is the editor's alone while it has the terminal; on the main thread.

    They come as signals to everything that the terminal has in its foreground. A handler that does nothing is no
    matter of the editor's: a program begins with the signals' own meaning.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: dict[signal.Signals, Any] = {number: signal.signal(number, _ignore) for number in _FROM_KEYS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore(_number: int, _frame: object) -> None:
    """Nothing."""
