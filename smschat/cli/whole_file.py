"""A file that is whole or not there: written beside its place, for the user alone, and moved there at the end."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from smschat.cli import session
from smschat.domain.text import shown
from smschat.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

_PRIVATE = 0o600


def may_be_written(path: Path, store: Path, flags: argparse.Namespace) -> None:
    """Ask before a file is replaced.

    Raises:
        UsageError: it is the store itself, or no file.
        NotConfirmedError: it is there, and nobody said yes.
    """
    name = shown(str(path), multiline=False)
    if path.resolve() in {store.with_name(store.name + end).resolve() for end in ("", "-wal", "-shm")}:
        raise UsageError(f"{name} is the store itself", hint="choose another file")
    if path.exists() and not path.is_file():
        raise UsageError(f"{name} is no file that can be replaced", hint="choose another file")
    if path.exists() or path.is_symlink():
        session.confirm(f"{name} exists, and is replaced", flags)


@contextlib.contextmanager
def whole(path: Path) -> Iterator[TextIO]:
    """A text file to write to; it takes its place when the block ends well.

    Raises:
        ArchiveError: it cannot be written; what was there is as it was.
    """
    beside = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    try:
        number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, _PRIVATE)
        with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise ArchiveError(
            f"{shown(str(path), multiline=False)} cannot be written: {error.strerror or 'no reason given'}",
            hint="choose another place",
        ) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
