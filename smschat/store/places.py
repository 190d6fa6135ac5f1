"""Places to go to: a day in a conversation, the next unread one, and everybody there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smschat.domain.conversation import folded
from smschat.domain.finding import Person
from smschat.store import rows

if TYPE_CHECKING:
    import sqlite3

    from smschat.domain.conversation import Conversation

_UNREAD: Final = "WHERE archived = 0 AND (unread > 0 OR marked_unread = 1) AND muted = ? AND peer IS NOT ? "
_ORDER: Final = "ORDER BY pinned DESC, activity DESC LIMIT 1"

_PEOPLE: Final = (
    "SELECT peer, name, activity, unread, archived FROM conversation WHERE blocked = 0 ORDER BY activity DESC"
)
_OTHERS: Final = "SELECT peer, name FROM contact WHERE name <> '' AND peer NOT IN (SELECT peer FROM conversation)"


def place_at(db: sqlite3.Connection, peer: str, moment: int) -> int | None:
    """The `seq` of the first SMS at that moment or later."""
    row = db.execute(
        "SELECT seq FROM sms INDEXED BY sms_created WHERE conversation = (SELECT id FROM conversation WHERE peer = ?)"
        " AND created_at >= ? ORDER BY created_at LIMIT 1",
        (peer, moment),
    ).fetchone()
    return None if row is None else int(row["seq"])


def next_unread(db: sqlite3.Connection, after: str | None) -> Conversation | None:
    """Below this one, else from the top; muted ones last."""
    here = db.execute("SELECT pinned, activity FROM conversation WHERE peer = ?", (after,)).fetchone()
    for is_muted in (0, 1):
        values: list[Any] = [is_muted, after]
        if here is not None:
            below = "AND (pinned, activity) < (?, ?) "
            found = rows.all_conversations(db, _UNREAD + below + _ORDER, [*values, here["pinned"], here["activity"]])
            if found:
                return found[0]
        found = rows.all_conversations(db, _UNREAD + _ORDER, values)
        if found:
            return found[0]
    return None


def people(db: sqlite3.Connection) -> list[Person]:
    """Conversations, newest activity first, then contacts without one."""
    talks = [
        Person(
            peer=row["peer"],
            name=row["name"],
            activity=row["activity"],
            unread=row["unread"],
            is_archived=bool(row["archived"]),
        )
        for row in db.execute(_PEOPLE)
    ]
    others = [Person(peer=row["peer"], name=row["name"]) for row in db.execute(_OTHERS)]
    return [*talks, *sorted(others, key=lambda each: (folded(each.name), each.peer))]
