"""A conversation is a peer within a profile; its row carries its last SMS, unread count and draft."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from smschat.domain.delivery import Status
    from smschat.domain.sms import Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """As much of a conversation's last SMS as a list shows; `text` is cut to 160 characters."""

    id: str
    seq: int
    direction: Direction
    status: Status
    text: str = field(repr=False)
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One conversation.

    Attributes:
        peer: the other number, or an alphanumeric sender as it came.
        name: the contact's name; empty when there is none.
        activity: grows when an SMS is added; the list is ordered by it, newest first, pinned before all.
        revision: grows with every change of the row.
        read_upto: `seq` of the newest SMS that was read; 0 for none. What is inbound and above it is new.
        last: None while nothing was sent or received.
        sender: the sender ID that was chosen for it; None: none was.
    """

    peer: str = field(repr=False)
    name: str = field(default="", repr=False)
    activity: int
    revision: int
    unread: int = 0
    read_upto: int = 0
    draft: str = field(default="", repr=False)
    pinned: bool = False
    muted: bool = False
    archived: bool = False
    opted_out: bool = False
    blocked: bool = False
    last: Preview | None = None
    sender: str | None = field(default=None, repr=False)

    @property
    def title(self) -> str:
        """The name where there is one, else the number."""
        return self.name or self.peer


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What stands under the list of conversations."""

    chats: int
    unread: int
