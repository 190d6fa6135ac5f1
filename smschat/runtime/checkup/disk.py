"""The data folder and the store in it: there, private, writable, whole, and with room left.

The rule: a store that is not there is not made, and neither is its folder.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
import tempfile
from typing import TYPE_CHECKING, Final

from smschat.domain.checks import Check, Finding, fault_of
from smschat.errors import SmschatError, StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from smschat.store import SqliteStore

FOLDER: Final = "data folder"
STORE: Final = "store"
DISK: Final = "disk"

INSPECTION_S: Final = 8.0
"""Seconds that SQLite may look through the store."""

TOO_LITTLE: Final = 20 * 1024 * 1024
LITTLE: Final = 200 * 1024 * 1024
"""Octets of room at which a fault, or a note, is made of it."""

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_WRITABLE_BY_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH
_ELSEWHERE: Final = "or set data_dir to a folder of your own"


def of_folder(folder: Path) -> Check:
    """Whether the folder is there or can be made, is this user's alone, and can be written in."""
    place = next(place for place in (folder, *folder.parents) if os.path.lexists(place))
    try:
        return _of_folder(folder, place)
    except OSError as error:
        text = f"{folder} cannot be used: in {place} nothing can be written ({error.strerror or 'no reason given'})"
        fix = f"make it a folder that you can write in, {_ELSEWHERE}"
        return Check(name=FOLDER, finding=Finding.FAULT, text=text, fix=fix)


def _of_folder(folder: Path, place: Path) -> Check:
    if not place.is_dir():
        text = f"{place} is not a folder, so that no data can be kept in {folder}"
        return Check(name=FOLDER, finding=Finding.FAULT, text=text, fix=f"move it away, {_ELSEWHERE}")
    _write_in(place)
    if place != folder:
        return Check(name=FOLDER, finding=Finding.OK, text=f"{folder} is not there yet, and can be made")
    mode = folder.stat().st_mode
    if mode & _OTHERS:
        finding, may = (Finding.FAULT, "write") if mode & _WRITABLE_BY_OTHERS else (Finding.NOTE, "look")
        fix = f"run `chmod 700 '{folder}'`"
        return Check(name=FOLDER, finding=finding, text=f"others may {may} in {folder}", fix=fix)
    return Check(name=FOLDER, finding=Finding.OK, text=f"{folder}, yours alone")


def of_room(folder: Path) -> Check:
    """How much room is left on the disk of the folder, or of where it would be."""
    place = next(place for place in (folder, *folder.parents) if place.exists())
    total, _, free = shutil.disk_usage(place)
    if not total:
        return Check(name=DISK, finding=Finding.UNKNOWN, text=f"what {place} is on does not tell how much room it has")
    text = f"{_size(free)} left where {folder} is"
    if free >= LITTLE:
        return Check(name=DISK, finding=Finding.OK, text=text)
    finding = Finding.FAULT if free < TOO_LITTLE else Finding.NOTE
    return Check(name=DISK, finding=finding, text=text, fix="make room: what cannot be kept is not acknowledged")


def of_no_store() -> Check:
    """What is said of the store where the folder is a fault."""
    text = "not looked at, because the data folder cannot be used"
    return Check(name=STORE, finding=Finding.UNKNOWN, text=text)


async def of_store(path: Path, store: SqliteStore | StoreError | None) -> Check:
    """Whether SQLite finds the store whole.

    Args:
        store: as it was opened; the error that kept it from that; None: there is none.
    """
    if store is None:
        return Check(name=STORE, finding=Finding.OK, text=f"none yet; the first start makes {path}")
    if isinstance(store, StoreError):
        return _of_error(path, store)
    try:
        wrong = await store.inspect(INSPECTION_S)
    except StoreError as error:
        return _of_error(path, error)
    if wrong is None:
        text = f"{path} opens; it is too large to be looked through in {INSPECTION_S:.0f} s"
        return Check(name=STORE, finding=Finding.UNKNOWN, text=text)
    if wrong:
        return Check(name=STORE, finding=Finding.FAULT, text=f"{path} is damaged: {wrong[0]}", fix=_bring_back(path))
    return Check(name=STORE, finding=Finding.OK, text=f"{path} is whole")


def _of_error(path: Path, error: StoreError) -> Check:
    fault = fault_of(STORE, error)
    fix = _bring_back(path) if error.code in {"store_damaged", "store_not_ours"} else fault.fix
    return Check(name=STORE, finding=Finding.FAULT, text=f"{path}: {fault.text}", fix=fix)


def _bring_back(path: Path) -> str:
    return f"end every smschat, move {path} and its -wal and -shm away, and bring back a backup, or begin a new store"


def _write_in(folder: Path) -> None:
    """Make a file and take it away again: rights alone do not tell of a disk that is read-only."""
    with tempfile.TemporaryFile(dir=folder, prefix=".smschat-"):
        pass


def _size(octets: int) -> str:
    gib = octets / 1024**3
    return f"{gib:.1f} GiB" if gib >= 1 else f"{octets // 1024**2} MiB"


async def opened(path: Path) -> SqliteStore | StoreError | None:
    """The store, opened; the error where it cannot be; None where there is none, and none is made."""
    from smschat.store import SqliteStore  # noqa: PLC0415 - imports the database

    try:
        if not await asyncio.to_thread(path.exists):
            return None
        return await SqliteStore.open(path)
    except StoreError as error:
        return error
    except (SmschatError, OSError) as error:
        return StoreError(str(error), code="store_folder")
