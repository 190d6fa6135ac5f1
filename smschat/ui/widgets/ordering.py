"""The order of the conversations on the screen: pinned first, then newest activity first; pure.

Rule: a row keeps its place until somebody says `settle`, so that the order is changed when no hand is on it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from smschat.domain.conversation import Filter, Shelf, matches

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
        wanted: which conversations it shows.
        kept: whose conversation stays on a shelf that it no longer belongs on, because it is open; None: nobody's.
        edge: the last conversation of the last page as it was read: where the next page begins.
    """

    def __init__(self, wanted: Filter | None = None) -> None:
        self.wanted = wanted or Filter()
        self.kept: str | None = None
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
            if conversation.peer not in self._rows and self._belongs(conversation):
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
        if known is None and not (self._belongs(conversation) and self._is_within(conversation)):
            self._beyond[conversation.peer] = conversation
            return False
        if known is not None and conversation.revision <= known.revision:
            return False
        self._rows[conversation.peer] = conversation
        self._look_again(conversation)
        return True

    def emptied(self, wanted: Filter | None = None) -> Ordering:
        """Nothing yet, of the same conversations or of others, with the same one kept."""
        ordering = Ordering(wanted or self.wanted)
        ordering.kept = self.kept
        return ordering

    def keep(self, peer: str | None) -> None:
        """Another conversation is open now; the one before leaves, when it is settled, a shelf that it is not of."""
        before, self.kept = self.kept, peer
        for each in (before, peer):
            if each is not None and each in self._rows:
                self._look_again(self._rows[each])

    def remove(self, peer: str) -> bool:
        """A conversation is gone for good; False: it is not in the list."""
        self._beyond.pop(peer, None)
        placed = self._placed.pop(peer, None)
        if self._rows.pop(peer, None) is None or placed is None:
            return False
        self._unsettled.discard(peer)
        del self._order[bisect_left(self._order, placed)]
        return True

    def settle(self) -> None:
        """Put every row where it belongs."""
        for peer in self._unsettled:
            placed = self._placed.pop(peer, None)
            if placed is not None:
                del self._order[bisect_left(self._order, placed)]
            if self._belongs(self._rows[peer]):
                self._place(self._rows[peer])
            else:
                del self._rows[peer]
        self._unsettled.clear()

    def _look_again(self, conversation: Conversation) -> None:
        if self._belongs(conversation) and self._placed.get(conversation.peer) == _key(conversation):
            self._unsettled.discard(conversation.peer)
        else:
            self._unsettled.add(conversation.peer)

    def _belongs(self, conversation: Conversation) -> bool:
        wanted = self.wanted
        if conversation.peer == self.kept and wanted.shelf in {Shelf.UNREAD, Shelf.FAILED}:
            wanted = replace(wanted, shelf=Shelf.ACTIVE)
        return matches(conversation, wanted)

    def _place(self, conversation: Conversation) -> None:
        key = _key(conversation)
        insort(self._order, key)
        self._placed[conversation.peer] = key

    def _is_within(self, conversation: Conversation) -> bool:
        return self.is_whole or (self.edge is not None and _key(conversation) < _key(self.edge))
