"""A copy of a store while others write to it: one look at all of it, checked, and complete or not there.

The rule: nothing in a copy is sent by itself, because the store that it was taken from may have sent it since.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING, Final

from smschat.errors import ArchiveError
from smschat.store import inspection
from smschat.store.archive_out import NOT_KNOWN, WAITED

if TYPE_CHECKING:
    from pathlib import Path

CHECK_LIMIT_S: Final = 600.0
_PRIVATE: Final = 0o600

_HOLD: Final = f"""
UPDATE attempt SET state = 'unknown', reason = '{NOT_KNOWN}', ended_at = begun_at WHERE state = 'sending';
UPDATE sms SET status = 'unknown', reason = '{NOT_KNOWN}', consent = 0 WHERE status = 'sending'
  OR (status = 'queued' AND EXISTS(SELECT 1 FROM attempt WHERE attempt.sms = sms.seq AND state = 'unknown'));
UPDATE sms SET held = 1, claim = NULL, reason = '{WAITED}', status = 'queued'
  WHERE status = 'scheduled' OR (status = 'queued' AND held = 0);
UPDATE sms SET claim = NULL WHERE claim IS NOT NULL;
UPDATE conversation SET last_status = (SELECT status FROM sms WHERE seq = last_seq) WHERE last_seq IS NOT NULL;
UPDATE conversation SET failed = 1 WHERE 'unknown' = (
  SELECT status FROM sms WHERE sms.conversation = conversation.id AND direction = 'outbound' ORDER BY seq DESC LIMIT 1);
DELETE FROM profile WHERE key = 'owner';
"""  # noqa: S608 - constants


def copy(db: sqlite3.Connection, path: Path) -> None:
    """Write a copy to `path`, whatever is there; beside it first, and in its place once it is whole.

    Raises:
        ArchiveError: it cannot be written, or SQLite finds fault with it; what was at `path` is as it was.
    """
    beside = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    try:
        os.close(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, _PRIVATE))
        db.execute("PRAGMA query_only = OFF")  # which takes the copy for a change of the store
        db.execute("VACUUM INTO ?", (str(beside),))
        _settle(beside)
        _sync(beside)
        beside.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise ArchiveError(
            f"{path} cannot be written: {error.strerror or 'no reason given'}", hint="choose another place"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def _settle(path: Path) -> None:
    """Hold what waits, and let SQLite look at the whole file."""
    copied = sqlite3.connect(path, isolation_level=None)
    try:
        copied.executescript(f"BEGIN; {_HOLD} COMMIT;")
        complaints = inspection.inspect(copied, CHECK_LIMIT_S)
    finally:
        copied.close()
    if complaints is None or complaints:
        raise ArchiveError(
            "the copy is damaged, as the store may be", hint="run `smschat doctor`", code="archive_damaged"
        )


def _sync(path: Path) -> None:
    """Let the disk have it before it is called done."""
    number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(number)
    finally:
        os.close(number)
