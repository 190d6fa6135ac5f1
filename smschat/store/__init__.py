"""The store: conversations, SMS and callbacks in SQLite; every SQL statement of the program is in this room."""

from smschat.store.history import PastConversation, PastSms
from smschat.store.sqlite import SqliteStore

__all__ = ["PastConversation", "PastSms", "SqliteStore"]
