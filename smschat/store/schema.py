"""How the tables come to be: numbered migrations, each of which runs once, in one transaction.

The rule: a migration is never edited after a release. Times are microseconds since 1970 in UTC; prices are text as
the gateway wrote them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.errors import StoreError, StoreNewerError
from smschat.store.migrations import first, second, third

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

APPLICATION_ID: Final = 0x534D5343
"""`SMSC`, in the header of every store."""

MIGRATIONS: Final = (first.SCRIPT, second.SCRIPT, third.SCRIPT)
"""Migration n, counted from 1, makes a store of version n from one of version n - 1."""


def migrate(db: sqlite3.Connection, migrations: Sequence[str] = MIGRATIONS) -> None:
    """Bring a store to the newest version; an empty file becomes a store.

    Raises:
        StoreNewerError: a newer smschat wrote it.
        StoreError: it is another program's database.
    """
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if application != APPLICATION_ID and (application or version or tables):
        raise StoreError(
            "the file is another program's database",
            hint="choose another profile or data folder, or move the file away",
            code="store_not_ours",
        )
    if version > len(migrations):
        raise StoreNewerError(
            f"the store has version {version}, and this smschat knows {len(migrations)}",
            hint="update smschat, or choose another profile",
        )
    for number, script in enumerate(migrations[version:], start=version + 1):
        _carry_out(db, number, script)


def _carry_out(db: sqlite3.Connection, number: int, script: str) -> None:
    try:
        marks = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {number};"
        db.executescript(f"BEGIN IMMEDIATE; {script} {marks} COMMIT;")
    except BaseException:
        if db.in_transaction:
            db.rollback()
        raise
