"""The store: conversations, SMS and callbacks in SQLite; every SQL statement of the program is in this room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.store.sqlite import SqliteStore

if TYPE_CHECKING:
    from smschat.store.past import PastConversation, PastSms

__all__ = ["PastConversation", "PastSms", "SqliteStore"]


def __getattr__(name: str) -> object:
    """What only an import needs is loaded when it is asked for."""
    if name in {"PastConversation", "PastSms"}:
        from smschat.store import past  # noqa: PLC0415

        return getattr(past, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
