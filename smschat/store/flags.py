"""The marks of a conversation: pinned, muted, archived, blocked, opted out, unread.

The rule: what is blocked is archived; what is unblocked is archived no more.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from smschat.domain.conversation import Flags
from smschat.store import conversations

if TYPE_CHECKING:
    from smschat.domain.conversation import Conversation
    from smschat.store.work import Work


def change(work: Work, peer: str, flags: Flags) -> Conversation | None:
    """Change what is not None; None: there is no such conversation."""
    held = conversations.get(work.db, peer)
    if held is None:
        return None
    if flags.blocked is not None and flags.blocked != held.blocked:
        flags = replace(flags, archived=flags.blocked)
    elif held.blocked and flags.archived is False:
        flags = replace(flags, archived=None)
    wanted = {each.name: getattr(flags, each.name) for each in fields(Flags)}
    changed = {name: value for name, value in wanted.items() if value is not None and value != getattr(held, name)}
    if not changed:
        return held
    columns = ", ".join(f"{name} = ?" for name in changed)
    work.db.execute(
        f"UPDATE conversation SET {columns}, revision = ? WHERE peer = ?",  # noqa: S608 - names of fields
        (*(int(value) for value in changed.values()), work.revision, peer),
    )
    return conversations.get(work.db, peer)


def mark_all_read(work: Work) -> int:
    """Nothing is new, and nothing is marked; how many conversations that changed."""
    if work.db.execute("SELECT 1 FROM conversation WHERE unread > 0 OR marked_unread = 1").fetchone() is None:
        return 0
    return work.db.execute(
        "UPDATE conversation SET read_upto = coalesce(last_seq, read_upto), unread = 0, marked_unread = 0, revision = ?"
        " WHERE unread > 0 OR marked_unread = 1",
        (work.revision,),
    ).rowcount
