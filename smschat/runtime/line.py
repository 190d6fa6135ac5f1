"""The line of those that receive for a profile: one does, the others wait, and the last to leave settles what is left.

The rule: what was borrowed is given back by whoever ends with nobody behind them, and by nobody else; while another
waits the address is that one's, who need not ask for it again. Both places are locks of the kernel's, so that a kill
leaves none taken.

How it works
------------
Whoever receives has the place `receiving`, the first of those that wait has the place `next`. Whoever leaves gives up
both, and then tries to take both, `next` first: only the last one can. One that leaves while nobody is next may take
`next` at once, and settle while the listener is still up.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from smschat.domain.account import Owner
    from smschat.messaging.ports import Owns

RECEIVING: Final = "receiving"
NEXT: Final = "next"
FOLLOW_S: Final = 0.4
"""Seconds between two looks at the process that receives, each of them a try to take over from it."""


class Line:
    """One process's place in the line.

    Args:
        has_next: whether it matters who comes next; else nobody is.
    """

    def __init__(self, store: Owns, *, has_next: bool) -> None:
        self._store = store
        self._has_next = has_next

    async def come_first(self, waiting: Callable[[Owner | None], None]) -> None:
        """Wait until it is this process that receives.

        Args:
            waiting: told, at each look, who receives meanwhile; None: somebody who has not said so yet.
        """
        while not await self._store.own(RECEIVING):
            if self._has_next:
                await self._store.own(NEXT)
            waiting(await self._store.owner())
            await asyncio.sleep(FOLLOW_S)
        await self._store.disown(NEXT)

    async def follow(self, waiting: Callable[[Owner | None], None]) -> None:
        """Look who receives, without ever doing so, until cancelled."""
        while True:
            await asyncio.sleep(FOLLOW_S)
            waiting(await self._store.owner())

    async def is_nobody_next(self) -> bool:
        """Whether nobody waits behind the one that receives; nobody can from now on, until `leave`."""
        return not self._has_next or await self._store.own(NEXT)

    async def leave(self) -> None:
        """Give up the place."""
        await self._store.disown(RECEIVING)
        await self._store.disown(NEXT)

    async def is_empty(self) -> bool:
        """Whether nobody is left once this process has left; nobody can come first until it leaves again."""
        return self._has_next and await self._store.own(NEXT) and await self._store.own(RECEIVING)
