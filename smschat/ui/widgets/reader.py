"""What the views read through; the bridge to the runtime implements it, and so does a list in a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from smschat.domain.conversation import Conversation, Filter
    from smschat.domain.sms import Sms


class Reader(Protocol):
    """Pages of what is stored; raises `SmschatError` when they cannot be read."""

    async def conversations(
        self, *, limit: int, after: Conversation | None, wanted: Filter | None = None
    ) -> list[Conversation]:
        """Pinned first, then newest activity first; `after` is the last one of the page before. None: the active."""
        ...

    async def transcript(
        self, peer: str, *, before: int | None = None, after: int | None = None, limit: int = 200
    ) -> list[Sms]:
        """At most `limit` SMS, oldest first: the newest, those just before a `seq`, or those just after one."""
        ...
