"""SQLite's errors in smschat's words: what happened and what the reader can do; never a value of a row."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from smschat.errors import SmschatError, StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORDS: Final[Mapping[int, tuple[str, str, str]]] = {
    sqlite3.SQLITE_FULL: (
        "store_full",
        "the disk is full: nothing can be written to the store",
        "make room; smschat goes on by itself",
    ),
    sqlite3.SQLITE_BUSY: (
        "store_busy",
        "another program keeps the store locked",
        "end the program that copies or edits it, or wait until it is done",
    ),
    sqlite3.SQLITE_READONLY: (
        "store_read_only",
        "the store cannot be written to",
        "check that the data folder and the files in it belong to you and are not on a read-only disk",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "store_unreachable",
        "the store cannot be opened",
        "check the data folder: that it exists, belongs to you, and is not on a read-only disk",
    ),
    sqlite3.SQLITE_IOERR: (
        "store_io",
        "the disk reported an error while the store was read or written",
        "check the disk and the room that is left on it",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "store_damaged",
        "the store is damaged",
        "keep its files as they are and bring back a backup",
    ),
    sqlite3.SQLITE_NOTADB: (
        "store_not_ours",
        "the file is not a store of smschat",
        "choose another profile or data folder, or move the file away",
    ),
}

_PRIMARY_CODE = 0xFF


def closed() -> StoreError:
    """What every call gets once the store is closed."""
    return StoreError("the store is closed", code="store_closed")


def in_words(error: sqlite3.Error) -> StoreError:
    """The error for the reader; raise or keep it with `error` as its cause."""
    number = getattr(error, "sqlite_errorcode", None)
    words = _WORDS.get(number & _PRIMARY_CODE) if number is not None else None
    if words is None:
        return StoreError(f"the store refused: {error}", hint="this is a fault of smschat; please report it")
    code, message, hint = words
    return StoreError(message, hint=hint, code=code)


def as_told(error: Exception) -> Exception:
    """What a waiting caller gets for an error in its job: SQLite's in our words, anything else as it is."""
    if isinstance(error, SmschatError):
        return error
    told: Exception
    if isinstance(error, sqlite3.Error):
        told = in_words(error)
    elif isinstance(error, UnicodeEncodeError | OverflowError):
        told = StoreError("a value cannot be stored: half a character, or a number too large", code="store_value")
    else:
        return error
    told.__cause__ = error
    return told
