"""Files that people and smschat both write: TOML changed without touching the rest, replaced whole or not at all.

Comments, order and other keys stay, and a change that would alter anything else is refused before anything is written.
A new file is 0600 from its first octet, in a folder 0700.
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import os
import stat
from typing import TYPE_CHECKING, Final, TypeAlias

from smschat.errors import SettingsError
from smschat.settings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from smschat.settings.wording import Value, Where

Changes: TypeAlias = "Mapping[Where, Value | None]"
"""Texts by where they are to stand; None: nothing is to stand there."""

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_OWN: Final = 0o600
_FOLDER: Final = 0o700
_MARK: Final = "\ufeff"


def refuse_if_open(file: Path) -> None:
    """Refuse a file of secrets that others can get at.

    Raises:
        SettingsError: group or others may read or write it.
    """
    if is_open(file):
        raise SettingsError(f"{file} holds secrets and is open to others", hint=f"run: chmod 600 '{file}'")


def is_open(file: Path) -> bool:
    """Whether group or others may read or write it."""
    return bool(file.stat().st_mode & _OTHERS)


def read_text(file: Path) -> str:
    """The text of a file, line ends as they are; empty where there is none.

    Raises:
        SettingsError: it cannot be read, is not UTF-8, or begins with a byte order mark, which is no TOML.
    """
    try:
        text = file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file} cannot be read: it is not UTF-8", hint="save it as UTF-8") from error
    except OSError as error:
        why = error.strerror or "no reason given"
        raise SettingsError(f"{file} cannot be read: {why}", hint="check the path and its permissions") from error
    if text.startswith(_MARK):
        raise SettingsError(f"{file} begins with a byte order mark", hint="save it as UTF-8 without one")
    return text


def parsed(text: str, file: Path, *, is_secret: bool = False) -> dict[str, object]:
    """What a TOML file says.

    Raises:
        SettingsError: it is not TOML; nothing of a file of secrets is repeated.
    """
    import tomllib  # noqa: PLC0415 - only where there is a file

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        if is_secret:  # from Python 3.14 on the error carries the whole document
            raise SettingsError(f"{file} cannot be read", hint='it holds lines such as client_secret = "…"') from None
        raise SettingsError(f"{file} is not TOML: {error}", hint='a line is name = "value"') from error


def rewrite(file: Path, changes: Changes, *, is_secret: bool = False) -> None:
    """Change some texts of a TOML file; nothing is written where nothing changes.

    A table that the change empties is taken out, and so is a file of secrets that holds nothing any more.

    Raises:
        SettingsError: it is not TOML, cannot be written, or cannot be changed without changing more than was asked.
    """
    with _held(file.parent):
        _sweep(file.resolve())
        before = read_text(file)
        after = before
        for where, value in changes.items():
            attempt = wording.changed(after, parsed(after, file, is_secret=is_secret), where, value)
            if attempt is None:
                raise _unchangeable(file, where)
            after = attempt
        if is_secret and before and not parsed(after, file, is_secret=True):
            file.resolve().unlink()
        elif after != before:
            _replace(file, after, is_secret=is_secret)


def _unchangeable(file: Path, where: Where) -> SettingsError:
    return SettingsError(
        f"{file}: `{where[-1]}` cannot be changed without changing more than that", hint="change it in an editor"
    )


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """The folder, made if need be, locked against another smschat that writes there; nobody holds it for long."""
    try:
        folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sweep(target: Path) -> None:
    """Take away what a write that was killed left; call it with the folder held."""
    for stray in target.parent.glob(f".{glob.escape(target.name)}.????????"):
        with contextlib.suppress(OSError):
            stray.unlink()


def _replace(file: Path, text: str, *, is_secret: bool) -> None:
    """The file with another text, whole or not at all; a link goes on pointing at it."""
    import tempfile  # noqa: PLC0415 - only where something is written

    target = file.resolve()
    try:
        mode = _OWN if is_secret or not target.exists() else stat.S_IMODE(target.stat().st_mode)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")  # O_EXCL, 0600
        try:
            with open(handle, "w", encoding="utf-8", newline="") as stream:  # noqa: PTH123 - an open handle
                stream.write(text)
                stream.flush()
                os.fchmod(handle, mode)
                os.fsync(handle)
            os.replace(name, target)  # noqa: PTH105 - a name, as mkstemp gives it
        except BaseException:
            os.unlink(name)  # noqa: PTH108 - the same
            raise
        _sync_folder(target.parent)
    except OSError as error:
        raise _unwritable(file, error) from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(file: Path, error: OSError) -> SettingsError:
    return SettingsError(
        f"{file} cannot be written: {error.strerror or 'no reason given'}", hint="check the path and its permissions"
    )
