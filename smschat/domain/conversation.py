"""A conversation is a peer within a profile; its row carries its last SMS, unread count and draft."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
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
        notes: what the user keeps beside the contact's name; may have several lines.
        marked_unread: the user marked it unread, whether or not something in it is new; opening it ends that.
        failed: its newest outbound SMS is refused, failed, expired, rejected, or its outcome is unknown.
        opted_out: the peer sent a STOP word, and no START since; sending asks.
        blocked: what it sends is kept, and neither counts as unread, nor tells of itself, nor brings it back.
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
    notes: str = field(default="", repr=False)
    marked_unread: bool = False
    failed: bool = False

    @property
    def is_unread(self) -> bool:
        """Whether there is something new in it, or the user marked it so."""
        return self.unread > 0 or self.marked_unread

    @property
    def title(self) -> str:
        """The name where there is one, else the number."""
        return self.name or self.peer


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What stands under the list of conversations."""

    chats: int
    unread: int


class Shelf(StrEnum):
    """Which conversations a list shows."""

    ACTIVE = "active"
    """Neither archived nor blocked."""
    UNREAD = "unread"
    """Of the active ones, those with something new, or marked unread."""
    FAILED = "failed"
    """Of the active ones, those whose newest outbound SMS did not arrive, or may not have."""
    ARCHIVED = "archived"
    """Archived and blocked ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list shows.

    Attributes:
        text: each word of it is in the name or in the number, case and accents aside; empty: no such condition.
    """

    shelf: Shelf = Shelf.ACTIVE
    text: str = field(default="", repr=False)


def fits(name: str, peer: str, text: str) -> bool:
    """Whether each word of a text is in a name or a number, case and accents aside.

    A word of digits may be the beginning of a national form (`06`), or written with a plus or zeros before it.
    """
    where = f"{folded(name)} {peer.casefold()}"
    return all(word in where or _digits(word) in peer for word in folded(text).split())


def _digits(word: str) -> str:
    """A word of digits as it stands in a number with country code; other words are in no number."""
    digits = word.strip("+-()./")
    return digits.lstrip("0") or digits if digits.isdecimal() else word


def folded(text: str) -> str:
    """A text without accents and case, as it is compared."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char)).casefold()


def matches(conversation: Conversation, wanted: Filter) -> bool:
    """Whether a list with this filter shows the conversation."""
    if conversation.archived != (wanted.shelf is Shelf.ARCHIVED):
        return False
    if wanted.shelf is Shelf.UNREAD and not conversation.is_unread:
        return False
    if wanted.shelf is Shelf.FAILED and not conversation.failed:
        return False
    return fits(conversation.name, conversation.peer, wanted.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """What changes of a conversation; None: stays as it is."""

    pinned: bool | None = None
    muted: bool | None = None
    archived: bool | None = None
    blocked: bool | None = None
    opted_out: bool | None = None
    marked_unread: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody with a name, whether or not there is a conversation.

    Attributes:
        notes: may have several lines; empty: none.
    """

    peer: str = field(repr=False)
    name: str = field(repr=False)
    notes: str = field(default="", repr=False)
