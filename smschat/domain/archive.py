"""A store as a file: what an export holds, and what an import or a prune came to.

The rule: an entry is a document of JSON, complete in itself and without anything that is only true in one store, so
that what was exported, imported and exported again is the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smschat.domain.documents import Document

VERSION = 1
"""Of the export; a smschat reads its own and older ones."""


class Section(StrEnum):
    """The lists of an export, in their order."""

    CONTACTS = "contacts"
    CONVERSATIONS = "conversations"
    """The one with the oldest activity first."""
    SMS = "sms"
    """In the order of the store, each with its attempts, parts and callbacks."""
    WAITING = "waiting"
    """Long inbound SMS of which nothing is shown yet."""
    CALLBACKS = "callbacks"
    """Those that belong to no SMS."""
    FORGOTTEN = "forgotten"
    """Message ids of deleted inbound SMS, which must not come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of an export.

    Attributes:
        number: its place in its section, from 1; for messages about it.
    """

    section: Section
    document: Document = field(repr=False)
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What an import came to: what it added, and how many SMS were there already."""

    contacts: int = 0
    conversations: int = 0
    sms: int = 0
    callbacks: int = 0
    known: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What a prune removes, or has removed: SMS, and callbacks of these and of none."""

    sms: int = 0
    callbacks: int = 0
