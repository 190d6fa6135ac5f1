"""The order of the conversations on the screen: pinned first, then newest activity first; pure.

Rule: a row keeps its place until somebody says `settle`, so that the order is changed when no hand is on it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smschat.domain.conversation import Conversation

_Key: TypeAlias = tuple[bool, int, str]


def _key(conversation: Conversation) -> _Key:
    return (not conversation.pinned, -conversation.activity, conversation.peer)


class Ordering:
    """Conversations by peer and by place; each operation costs the logarithm of how many there are.

    Attributes:
        is_whole: the store has no more; else what belongs below `edge` is left to the next page.
        edge: the last conversation of the last page as it was read: where the next page begins.
    """

    def __init__(self) -> None:
        self.is_whole = False
        self.edge: Conversation | None = None
        self._rows: dict[str, Conversation] = {}
        self._placed: dict[str, _Key] = {}
        self._order: list[_Key] = []
        self._unsettled: set[str] = set()
        self._beyond: dict[str, Conversation] = {}

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, index: int) -> Conversation:
        return self._rows[self._order[index][2]]

    @property
    def is_settled(self) -> bool:
        """Whether every row stands where it belongs."""
        return not self._unsettled

    def index(self, peer: str) -> int | None:
        """Where a conversation stands; None if it is not in the list."""
        key = self._placed.get(peer)
        return None if key is None else bisect_left(self._order, key)

    def extend(self, page: Iterable[Conversation], *, is_last: bool) -> None:
        """Add the next page; a change that was heard while it was read counts if it is the later revision."""
        for read in page:
            self.edge = read
            heard = self._beyond.pop(read.peer, read)
            conversation = max(read, heard, key=lambda either: either.revision)
            if conversation.peer not in self._rows and not conversation.archived:
                self._rows[conversation.peer] = conversation
                self._place(conversation)
        self.is_whole = is_last
        beyond = [*self._beyond.values()]
        self._beyond.clear()
        for conversation in beyond:
            self.put(conversation)

    def put(self, conversation: Conversation) -> bool:
        """Take a change; False: nothing to show, because it is stale or stands below what was read."""
        known = self._rows.get(conversation.peer)
        if known is None and (conversation.archived or not self._is_within(conversation)):
            self._beyond[conversation.peer] = conversation
            return False
        if known is not None and conversation.revision <= known.revision:
            return False
        self._rows[conversation.peer] = conversation
        if conversation.archived or self._placed.get(conversation.peer) != _key(conversation):
            self._unsettled.add(conversation.peer)
        else:
            self._unsettled.discard(conversation.peer)
        return True

    def settle(self) -> None:
        """Put every row where it belongs."""
        for peer in self._unsettled:
            placed = self._placed.pop(peer, None)
            if placed is not None:
                del self._order[bisect_left(self._order, placed)]
            if self._rows[peer].archived:
                del self._rows[peer]
            else:
                self._place(self._rows[peer])
        self._unsettled.clear()

    def _place(self, conversation: Conversation) -> None:
        key = _key(conversation)
        insort(self._order, key)
        self._placed[conversation.peer] = key

    def _is_within(self, conversation: Conversation) -> bool:
        return self.is_whole or (self.edge is not None and _key(conversation) < _key(self.edge))
