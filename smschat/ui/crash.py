"""The end of a chat that met an error of its own: a report on disk without texts, numbers or secrets.

The rule: names of types, files and functions only. An exception's own words may quote what somebody wrote, and local
variables certainly do, so neither is printed nor kept.
"""

from __future__ import annotations

import contextlib
import os
import platform
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import smschat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def last_words(error: BaseException, folder: Path | None) -> str:
    """Write the report and return the sentence that names it, for the plain terminal.

    Args:
        folder: made 0700 where it is missing, the file in it 0600; None: nothing is written.
    """
    sentence = f"smschat ended because of an error of its own ({type(error).__name__})."
    with contextlib.suppress(OSError):
        if folder is not None:
            path = _write(report(error), folder)
            return f"{sentence} A report without texts or numbers is in {path}"
    return sentence


def report(error: BaseException) -> str:
    """The report: versions, then for each error of the chain its type and where it passed."""
    system = f"smschat {smschat.__version__}, Python {platform.python_version()}, {platform.system()}"
    return "\n".join([system, *_chain(error), ""])


def _chain(error: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield ""
        yield f"{type(current).__module__}.{type(current).__qualname__}"
        for frame in traceback.extract_tb(current.__traceback__, limit=-60):
            yield f"  {frame.filename}:{frame.lineno} {frame.name}"
        current = current.__cause__ or current.__context__


def _write(text: str, folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"crash-{datetime.now(UTC):%Y%m%d-%H%M%S}.txt"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return path
