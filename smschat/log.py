"""The log: a file that only its owner can read, never the screen, and nothing in it that gives anybody away.

Every record passes the redaction on its way out, tracebacks and those of libraries included: secrets of this process,
bearer tokens, path tokens of the callback and runs of seven digits or more are blanked out, controls are made visible.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
from typing import IO, TYPE_CHECKING, Protocol

from smschat import paths
from smschat.domain.secret import masked
from smschat.domain.text import shown

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 4 * 1024 * 1024
"""Octets of the log at which it becomes `smschat.log.1` and a new one begins."""

_LOUD = ("httpx", "httpcore", "asyncio", "uvicorn", "pyngrok", "markdown_it", "aiosqlite")
_LOUD_KEYRINGS = ("keyring", "secretstorage", "jeepney", "dbus")
_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"

_NAMED = re.compile(
    r"(?i)\b(client[_-]?secret|access[_-]?token|auth[_-]?token|signature[_-]?secret|sig|password)"
    r"(\W{1,4})[^\s&\"',;}]+"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+")
_PATH_TOKEN = re.compile(r"/[A-Za-z0-9_-]{22}(?![A-Za-z0-9_.-])")
_DIGITS = re.compile(r"\b[0-9a-f]{32}\b|(?P<run>\d{7,})", re.ASCII)  # an SMS id is no number


class HasLevel(Protocol):
    """The part of the settings that the log needs."""

    @property
    def log_level(self) -> str:
        """`debug`, `info`, `warning` or `error`."""
        ...


def begin(settings: HasLevel, file: Path | None = None) -> None:
    """Send every log record to the file from now on, and none to the screen; may be called again.

    The file is made by the first record. Where it cannot be, the records are dropped.

    Args:
        settings: whose `log_level` is the least that is taken.
        file: another file than the usual one.
    """
    end()
    handler = _OwnFile(file or paths.log_file())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(settings.log_level.upper())
    # An address holds the path token; a secret on its way from the keyring is not known to the redaction yet.
    for name in (*_LOUD, *_LOUD_KEYRINGS):
        logging.getLogger(name).setLevel(logging.WARNING)


def end() -> None:
    """Close the log; records go where Python sends them by itself, and as many as it does."""
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    for name in (*_LOUD, *_LOUD_KEYRINGS):
        logging.getLogger(name).setLevel(logging.NOTSET)
    for handler in root.handlers[:]:
        if isinstance(handler, _OwnFile):
            root.removeHandler(handler)
            handler.close()


def redacted(text: str) -> str:
    """The text without what gives anybody away, and safe to show."""
    text = _NAMED.sub(r"\1\2***", masked(text))
    text = _PATH_TOKEN.sub("/***", _BEARER.sub(r"\1 ***", text))
    return shown(_DIGITS.sub(lambda match: "#######" if match["run"] else match[0], text))


class _Redacting(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """One record is one line; only a traceback has more."""
        record.message = shown(record.message, multiline=False)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


class _OwnFile(logging.FileHandler):
    """A file 0600 in a folder 0700, opened by the first record."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, encoding="utf-8", delay=True)
        self._file = file
        self.setFormatter(_Redacting(_FORMAT))

    def _open(self) -> IO[str]:  # type: ignore[override]  # typeshed says TextIOWrapper, logging needs a stream
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            if self._file.stat().st_size >= LARGEST:
                self._file.replace(self._file.with_name(self._file.name + ".1"))
        handle = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.fchmod(handle, 0o600)
        return open(handle, "a", encoding="utf-8", errors="backslashreplace")  # noqa: PTH123 - closed by close()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)
        except OSError:  # the folder cannot be written: nothing may reach the screen instead
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Drop it: logging would print to the terminal that the chat is drawn on."""
