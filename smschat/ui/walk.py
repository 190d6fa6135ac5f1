"""A walk through what was found in one conversation: the next older one, the next newer one.

Rule: what was read stays known, so that a step costs at most one page; what came since is read when the newest is left.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from smschat.domain.finding import Hit
    from smschat.ui.bridge import Bridge
    from smschat.ui.marking import Spans

_PAGE: Final = 100


class Walk:
    """What one looks for in one conversation.

    Attributes:
        query: as it was typed.
        peer: whose conversation it is.

    Args:
        upto: the `seq` of the newest one that is wanted at first; None: of all.
    """

    def __init__(self, bridge: Bridge, query: str, peer: str, *, upto: int | None = None) -> None:
        self._bridge = bridge
        self.query = query
        self.peer = peer
        self._newest_first: list[Hit] = []
        self._seqs: list[int] = []
        self._is_whole = False
        self._before = None if upto is None else upto + 1
        self._reading = asyncio.Lock()

    @property
    def found(self) -> dict[str, Spans]:
        """Where the words are, by the ids of the SMS that are known so far."""
        return {hit.sms.id: hit.spans for hit in self._newest_first}

    async def reach(self, seq: int) -> None:
        """Read on as far down as this place; raises what the store raises."""
        async with self._reading:
            while not self._is_whole and (not self._seqs or -self._seqs[-1] >= seq):
                await self._read_on()

    async def older(self, seq: int) -> Hit | None:
        """The newest one before a place; None: there is none."""
        await self.reach(seq)
        index = bisect_right(self._seqs, -seq)
        return self._newest_first[index] if index < len(self._seqs) else None

    async def newer(self, seq: int) -> Hit | None:
        """The oldest one after a place; None: there is none."""
        await self.reach(seq)
        index = bisect_left(self._seqs, -seq)
        if index == 0:
            await self._begin_again(seq)
            index = bisect_left(self._seqs, -seq)
        return self._newest_first[index - 1] if index else None

    async def _begin_again(self, seq: int) -> None:
        self._newest_first, self._seqs, self._is_whole, self._before = [], [], False, None
        await self.reach(seq)

    async def _read_on(self) -> None:
        before = -self._seqs[-1] if self._seqs else self._before
        page = await self._bridge.call(
            lambda messenger: messenger.finding.search(self.query, peer=self.peer, before=before, limit=_PAGE)
        )
        self._newest_first += page
        self._seqs += [-hit.sms.seq for hit in page]
        self._is_whole = len(page) < _PAGE
