"""Rows of contacts; a conversation carries a copy of its contact's name and notes.

The rule: a contact is written here only, so that the copy is never another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.domain.conversation import Contact, folded

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from smschat.store.work import Work


def every(db: sqlite3.Connection) -> list[Contact]:
    """Everybody with a name, by name, accents and case aside."""
    named = map(_contact, db.execute("SELECT peer, name, notes FROM contact WHERE name <> ''"))
    return sorted(named, key=lambda each: (folded(each.name), each.peer))


def get(db: sqlite3.Connection, peer: str) -> Contact | None:
    """One contact."""
    row = db.execute("SELECT peer, name, notes FROM contact WHERE peer = ?", (peer,)).fetchone()
    return None if row is None else _contact(row)


def save(work: Work, contacts: Iterable[Contact]) -> int:
    """Keep them; one without name and notes is removed. How many changed."""
    return sum(_save(work, each) for each in contacts)


def _save(work: Work, contact: Contact) -> bool:
    if not contact.name and not contact.notes:
        return remove(work, contact.peer)
    written = work.db.execute(
        "INSERT INTO contact(peer, name, notes) VALUES(?, ?, ?) ON CONFLICT(peer) DO UPDATE"
        " SET name = excluded.name, notes = excluded.notes WHERE name <> excluded.name OR notes <> excluded.notes",
        (contact.peer, contact.name, contact.notes),
    )
    if written.rowcount:
        _copy(work, contact)
    return bool(written.rowcount)


def remove(work: Work, peer: str) -> bool:
    """Forget name and notes; False: there were none."""
    removed = work.db.execute("DELETE FROM contact WHERE peer = ?", (peer,)).rowcount
    if removed:
        _copy(work, Contact(peer=peer, name=""))
    return bool(removed)


def _copy(work: Work, contact: Contact) -> None:
    if work.db.execute("SELECT 1 FROM conversation WHERE peer = ?", (contact.peer,)).fetchone() is not None:
        work.db.execute(
            "UPDATE conversation SET name = ?, notes = ?, revision = ? WHERE peer = ?",
            (contact.name, contact.notes, work.revision, contact.peer),
        )


def _contact(row: sqlite3.Row) -> Contact:
    return Contact(peer=row["peer"], name=row["name"], notes=row["notes"])
