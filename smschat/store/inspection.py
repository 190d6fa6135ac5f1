"""Whether SQLite finds a store whole: asked of SQLite itself, within a time limit."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

THOROUGH_UP_TO: Final = 64 * 1024 * 1024
"""Octets up to which the indexes are compared with their tables too; that takes as long as reading everything twice."""

COMPLAINTS: Final = 3
"""How many of SQLite's complaints are told; the first ones say it all."""

_STEPS_BETWEEN_LOOKS: Final = 100_000


def inspect(
    db: sqlite3.Connection, limit_s: float, *, monotonic: Callable[[], float] = time.monotonic
) -> tuple[str, ...] | None:
    """What SQLite finds wrong, empty when nothing is; None when it took longer than `limit_s` seconds.

    A store that is too damaged to be read raises sqlite3.DatabaseError.
    """
    until = monotonic() + limit_s
    db.set_progress_handler(lambda: monotonic() > until, _STEPS_BETWEEN_LOOKS)
    try:
        return _complaints(db)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            return None
        raise
    finally:
        db.set_progress_handler(None, 0)


def _complaints(db: sqlite3.Connection) -> tuple[str, ...]:
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    (page_size,) = db.execute("PRAGMA page_size").fetchone()
    how = "integrity_check" if pages * page_size <= THOROUGH_UP_TO else "quick_check"
    said = [str(row[0]) for row in db.execute(f"PRAGMA {how}({COMPLAINTS})")]
    return () if said == ["ok"] else tuple(" ".join(line.split()) for line in said)
