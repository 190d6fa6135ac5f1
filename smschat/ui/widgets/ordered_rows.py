"""The part of the list that reads, orders and paints: rows that stay put while a hand is on them.

Rules: the order does not change within `SETTLE_S` seconds after the cursor, the wheel or the mouse moved over the
list: rows change where they stand, and are put in order once the hand rests or the focus leaves. Then the list stays
at its top if it was there, else the row under the cursor stays at its height on the screen.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual.cache import LRUCache
from textual.message import Message
from textual.reactive import reactive

from smschat.errors import SmschatError
from smschat.ui import rows
from smschat.ui.mask import OPEN
from smschat.ui.rows import PAGE, RowLook
from smschat.ui.widgets.line_view import LineView
from smschat.ui.widgets.ordering import Ordering

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from smschat.domain.conversation import Conversation
    from smschat.ui.mask import Mask
    from smschat.ui.render import Line, Marks
    from smschat.ui.widgets.reader import Reader

LONG_PAGE = 1_000
"""Conversations in one read on the way to the last one."""

SETTLE_S = 2.0
"""Seconds of rest after which the order is brought up to date."""

_ROWS = 256


class OrderedRows(LineView):
    """The conversations, pinned ones first, then those with the newest SMS; and which of them is pointed at."""

    @dataclass
    class Highlighted(Message, namespace="conversation_list"):
        """The cursor is on another conversation, or the list was loaded; None: it is empty."""

        peer: str | None

    rail = reactive(default=False, repaint=False)
    """One line a conversation: name, unread count, and the last state's mark."""

    def __init__(
        self,
        reader: Reader,
        *,
        now: Callable[[], datetime],
        marks: Marks | None = None,
        own: str = "",
        mask: Mask = OPEN,
        settle_s: float = SETTLE_S,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(marks=marks, id=id)
        self._reader = reader
        self._now = now
        self._mask = mask
        self._settle_s = settle_s
        self._look = RowLook(width=0, marks=self.marks, own=own)
        self._ordering = Ordering()
        self._reading = asyncio.Lock()
        self._is_adopted = False
        self._cursor: str | None = None
        self._wanted: str | None = None
        self._moved_at = float("-inf")
        self._is_waiting = False
        self._painted: LRUCache[tuple[str, int, date], tuple[Line, ...]] = LRUCache(_ROWS)

    @property
    def cursor_peer(self) -> str | None:
        """Whose conversation the cursor is on; None where there is none."""
        return self._cursor

    def adopt(self, page: Sequence[Conversation]) -> None:
        """Show a first page that was read ahead, in the very first frame; `load` then only looks what has changed."""
        self._ordering.extend(page, is_last=len(page) < PAGE)
        self._recount(0)
        self._keep_cursor(0)
        self._is_adopted = True

    async def load(self) -> None:
        """Read the first page, anew if need be; raises what the reader raises."""
        if self._is_adopted:
            self._is_adopted = False
            for conversation in await self._reader.conversations(limit=PAGE, after=None, wanted=self._ordering.wanted):
                self.apply(conversation)
            return
        before = self._cursor
        self._ordering = self._ordering.emptied()
        await self._extend(PAGE)
        self._show_cursor()
        if self._cursor == before:
            self.post_message(self.Highlighted(before))

    def apply(self, conversation: Conversation) -> None:
        """Show a new or changed conversation; its row moves when the hand rests."""
        if not self._ordering.put(conversation):
            return
        self._refresh_row(conversation.peer)
        if not self._ordering.is_settled:
            self._settle_when_still()

    def _point(self, peer: str | None) -> None:
        if peer != self._cursor:
            before, self._cursor = self._cursor, peer
            self._refresh_row(before)
            self._refresh_row(peer)
            self.post_message(self.Highlighted(peer))

    def _show_cursor(self) -> None:
        index = None if self._cursor is None else self._ordering.index(self._cursor)
        if index is not None and self.size:
            self.show_lines(index * self._look.height, self._look.height)

    def _refresh_row(self, peer: str | None) -> None:
        index = None if peer is None else self._ordering.index(peer)
        if index is not None:
            self.refresh_lines(index * self._look.height, self._look.height)

    def _settle_when_still(self) -> None:
        """Bring the order up to date, now or when the hand has rested long enough."""
        rest = self._moved_at + self._settle_s - monotonic()
        if rest <= 0:
            self._settle()
        elif not self._is_waiting:
            self._is_waiting = True
            self.set_timer(rest, self._rested)

    def _rested(self) -> None:
        self._is_waiting = False
        self._settle_when_still()

    def _settle(self) -> None:
        height, top = self._look.height, self.top
        place = 0 if self._cursor is None else self._ordering.index(self._cursor) or 0
        is_in_sight = top <= place * height < top + max(self.size.height, 1)
        held = place if is_in_sight else -(-top // height)
        eye = self._ordering[held].peer if held < len(self._ordering) else None
        self._ordering.settle()
        index = None if eye is None else self._ordering.index(eye)
        moved = top if top == 0 or index is None else top + (index - held) * height
        self._recount(moved)
        self._keep_cursor(place)
        if is_in_sight:
            self._show_cursor()

    def _keep_cursor(self, place: int) -> None:
        """The cursor stays on its peer; where that is gone it takes the one that has its place now."""
        if self._wanted is not None and self._ordering.index(self._wanted) is not None:
            self._point(self._wanted)
            self._wanted = None
            self._show_cursor()
        elif self._cursor is None or self._ordering.index(self._cursor) is None:
            last = len(self._ordering) - 1
            self._point(self._ordering[min(place, last)].peer if last >= 0 else None)

    def _recount(self, top: int) -> None:
        self.set_line_count(len(self._ordering) * self._look.height, top=top)
        self.refresh()
        self._read_on()

    def _read_on(self) -> None:
        """Read the next page where the end of what is held is near."""
        left = len(self._ordering) * self._look.height - self.top - self.size.height
        if self._ordering.is_whole or self._ordering.edge is None or self._reading.locked() or not self.size:
            return
        if left < self.size.height:
            self.read_aside(partial(self._more, PAGE), "conversations-pages")

    async def _extend(self, limit: int) -> None:
        async with self._reading:
            ordering = self._ordering
            page = await self._reader.conversations(limit=limit, after=ordering.edge, wanted=ordering.wanted)
            ordering.extend(page, is_last=len(page) < limit)
        if ordering is self._ordering:
            self._recount(self.top)
            if not ordering.is_settled:
                self._settle_when_still()
            self._keep_cursor(0)

    async def _more(self, limit: int) -> bool:
        try:
            await self._extend(limit)
        except SmschatError as error:
            self.post_message(self.ReadFailed(error))
            return False
        return True

    async def _to_last(self) -> None:
        while not self._ordering.is_whole:
            if not await self._more(LONG_PAGE):
                return
        if len(self._ordering):
            self._point(self._ordering[len(self._ordering) - 1].peer)
            self._show_cursor()

    def line_at(self, y: int) -> tuple[Line, bool]:
        """A line of the list, with the bar where the cursor is."""
        index, line = divmod(y, self._look.height)
        if index >= len(self._ordering):
            return (), False
        conversation = self._ordering[index]
        now = self._now()
        key = (conversation.peer, conversation.revision, now.date())
        lines = self._painted.get(key)
        if lines is None:
            lines = self._painted[key] = rows.lines_of(conversation, self._look, now)
        return lines[line], conversation.peer == self._cursor

    def watch_rail(self) -> None:
        """Draw rows of another height; the first row on the screen stays the first."""
        self._relook()

    @property
    def laid_out_width(self) -> int:
        """The width that the rows were drawn for."""
        return self._look.width

    def lay_out(self) -> None:
        """Draw for another width."""
        self._relook()
        self._show_cursor()

    def _relook(self) -> None:
        first = self.top // self._look.height
        self._look = replace(self._look, width=self.size.width, rail=self.rail, is_masked=self._mask.is_on)
        self._painted.clear()
        self._recount(first * self._look.height)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Whatever moved it: read on where the end is near."""
        super().watch_scroll_y(old_value, new_value)
        self._read_on()

    def on_blur(self) -> None:
        """The hand has left the list: put it in order."""
        self._moved_at = float("-inf")
        if not self._ordering.is_settled:
            self._settle()
