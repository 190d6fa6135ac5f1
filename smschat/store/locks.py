"""Files and folders of a store: private from the first moment, and OS locks that end with the process that holds them.

The rule: a lock is the kernel's (`flock`), so that no kill leaves one behind; a name in the database is believed only
as long as the lock of that name is held.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from smschat.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def make_private_folder(folder: Path) -> None:
    """Make a folder, and the missing ones above it, for this user alone, whatever the umask.

    Raises:
        StoreError: it cannot be made, is no folder, or others may write in it.
    """
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        for place in reversed(missing):
            with contextlib.suppress(FileExistsError):
                place.mkdir(mode=_PRIVATE_FOLDER)
        mode = folder.stat().st_mode
    except OSError as error:
        raise _unusable(folder, error) from error
    if not stat.S_ISDIR(mode):
        raise StoreError(f"{folder} is not a folder", hint="choose another data folder", code="store_folder")
    if mode & _WRITABLE_BY_OTHERS:
        raise StoreError(
            f"others may write in {folder}",
            hint=f"run `chmod go-w '{folder}'`, or choose another data folder",
            code="store_folder",
        )


def make_private_file(path: Path) -> None:
    """Make an empty file of mode 0600, or take the rights of others from the one that is there.

    An existing file is not opened: closing it would drop the locks that SQLite holds on it in this process.

    Raises:
        StoreError: it cannot be made, or is no regular file.
    """
    try:
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PRIVATE_FILE))
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode):
            raise StoreError(f"{path} is not a regular file", hint="move it away", code="store_folder")
        if stat.S_IMODE(mode) != _PRIVATE_FILE:
            path.chmod(_PRIVATE_FILE)
    except OSError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{path} cannot be used: {error.strerror or 'unknown error'}",
        hint="check that the data folder belongs to you and can be written to",
        code="store_folder",
    )


class Lock:
    """An exclusive lock on a file of its own, held until `release` or the end of the process."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """The lock, None while another holds it. Raises StoreError when the file cannot be used."""
        return cls._flock(path, fcntl.LOCK_EX | fcntl.LOCK_NB)

    @classmethod
    def wait_for(cls, path: Path) -> Self:
        """The lock, however long another holds it: for what takes a moment, and not on an event loop."""
        lock = cls._flock(path, fcntl.LOCK_EX)
        if lock is None:
            raise StoreError(f"{path} cannot be locked", code="store_folder")
        return lock

    @classmethod
    def _flock(cls, path: Path, how: int) -> Self | None:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE_FILE)
        except OSError as error:
            raise _unusable(path, error) from error
        try:
            fcntl.flock(descriptor, how)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except OSError as error:
            os.close(descriptor)
            raise _unusable(path, error) from error
        return cls(path, descriptor)

    def rename(self, path: Path) -> None:
        """Give the locked file another name."""
        self._path.rename(path)
        self._path = path

    def release(self, *, remove: bool = False) -> None:
        """Let go; `remove` takes the file away first, for names that are never used again."""
        if remove:
            self._path.unlink(missing_ok=True)
        os.close(self._descriptor)


@dataclass(frozen=True, slots=True)
class LockFiles:
    """Where the locks of a profile are: one for each duty, and a folder with one for each living process."""

    database: Path

    @property
    def folder(self) -> Path:
        """The folder of the holders' locks."""
        return self.database.with_suffix(".locks")

    def duty(self, name: str) -> Path:
        """The lock file of a duty."""
        return self.database.with_suffix(f".{name}.lock")

    def take_holder(self) -> tuple[str, Lock]:
        """A new holder's name and its lock; the file has its final name only once it is locked."""
        make_private_folder(self.folder)
        name = os.urandom(8).hex()
        lock = Lock.wait_for(self.folder / f".{name}")
        lock.rename(self.folder / name)
        return name, lock

    def is_alive(self, holder: str) -> bool:
        """Whether the process of that name still runs; in doubt StoreError, because the dead lose their SMS."""
        path = self.folder / holder
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _unusable(path, error) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def sweep(self) -> None:
        """Remove the lock files of processes that ended without doing so."""
        for path in self.folder.iterdir():
            if not path.name.startswith(".") and not self.is_alive(path.name):
                path.unlink(missing_ok=True)
