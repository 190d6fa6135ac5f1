"""What is looked for among SMS, and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smschat.domain.sms import Sms


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One SMS that was found.

    Attributes:
        name: the contact's name; empty when there is none.
        spans: where in the SMS's text it was found, as (start, end) in characters, in order and not overlapping.
    """

    sms: Sms
    name: str = field(default="", repr=False)
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody one can switch to: a conversation, or a contact without one.

    Attributes:
        activity: that of the conversation; 0: there is none yet.
    """

    peer: str = field(repr=False)
    name: str = field(default="", repr=False)
    activity: int = 0
    unread: int = 0
    is_archived: bool = False
