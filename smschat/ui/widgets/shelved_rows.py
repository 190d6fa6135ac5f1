"""The part of the list that chooses: one shelf of the conversations, or those of a name, and what leaves them.

Rule: what is shown stays on the screen until what was asked for is read, and a change that comes meanwhile is not lost.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from smschat.domain.conversation import Filter
from smschat.errors import SmschatError
from smschat.ui import shelves
from smschat.ui.rows import PAGE
from smschat.ui.widgets.ordered_rows import OrderedRows

if TYPE_CHECKING:
    from smschat.domain.conversation import Conversation
    from smschat.ui.render import Line
    from smschat.ui.widgets.ordering import Ordering


class ShelvedRows(OrderedRows):
    """Some of the conversations, pinned first, then those with the newest SMS."""

    _coming: Ordering | None = None

    class Turned(Message, namespace="conversation_list"):
        """Other conversations are shown than before, as was asked for."""

    @property
    def wanted(self) -> Filter:
        """Which conversations are shown, or will be as soon as they are read."""
        return (self._coming or self._ordering).wanted

    @property
    def is_narrowed(self) -> bool:
        """Whether it shows others than the active ones, or not all of them."""
        return self.wanted != Filter()

    @property
    def is_turning(self) -> bool:
        """Whether others are being read than those that are shown."""
        return self._coming is not None

    def narrow(self, wanted: Filter, *, cursor: str | None = None) -> None:
        """Show other conversations.

        Args:
            cursor: the peer that the cursor goes to, as soon as it is there; None: the first one.
        """
        self._is_adopted = False
        coming = self._coming = self._ordering.emptied(wanted)
        self.read_aside(partial(self._turn_to, coming, cursor), "conversations-shelf")

    async def _turn_to(self, coming: Ordering, cursor: str | None) -> None:
        try:
            page = await self._reader.conversations(limit=PAGE, after=None, wanted=coming.wanted)
        except SmschatError as error:
            self.post_message(self.ReadFailed(error))
            return
        if coming is self._coming:
            coming.extend(page, is_last=len(page) < PAGE)
            coming.settle()
            self._turn(coming, cursor)

    def _turn(self, coming: Ordering, cursor: str | None) -> None:
        self._ordering, self._coming = coming, None
        first = coming[0].peer if len(coming) else None
        is_there = cursor is not None and coming.index(cursor) is not None
        self._wanted = None if is_there else cursor
        self._point(cursor if is_there else first)
        self._recount(0)
        self._show_cursor()
        self.post_message(self.Turned())

    async def load(self) -> None:
        """Read the first page, anew if need be; raises what the reader raises."""
        if self._coming is not None:
            self._ordering, self._coming = self._coming.emptied(), None
        await super().load()

    def apply(self, conversation: Conversation) -> None:
        """Show a new or changed conversation; its row moves when the hand rests."""
        if self._coming is not None:
            self._coming.put(conversation)
        super().apply(conversation)

    def keep(self, peer: str | None) -> None:
        """This conversation is open: it stays on its shelf until another one is."""
        for ordering in (self._ordering, self._coming):
            if ordering is not None:
                ordering.keep(peer)
        if not self._ordering.is_settled:
            self._settle_when_still()

    def forget(self, peer: str) -> None:
        """A conversation is gone for good; the cursor takes the one that has its place now."""
        if self._coming is not None:
            self._coming.remove(peer)
        index = self._ordering.index(peer)
        if index is not None and self._ordering.remove(peer):
            self._recount(self.top)
            self._keep_cursor(index)

    def line_at(self, y: int) -> tuple[Line, bool]:
        """A line of the list; one that is empty says what it has none of."""
        if len(self._ordering) or not self._ordering.is_whole or not self.is_narrowed or y < 1:
            return super().line_at(y)
        said = shelves.nothing_lines(self._ordering.wanted, self.size.width)
        return (said[y - 1] if y <= len(said) else ()), False
