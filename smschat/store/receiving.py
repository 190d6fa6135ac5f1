"""The verbs of the listener: a callback taken, and long SMS shown that have waited long enough for their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.store.desk import Desk
from smschat.store.times import to_us

if TYPE_CHECKING:
    from datetime import datetime

    from smschat.domain.callbacks import Meaning, RawCallback, Taken


class Receiving(Desk):
    """What the listener asks for."""

    async def take_callback(self, raw: RawCallback, meaning: Meaning) -> Taken:
        """The raw callback and what it means, in one transaction."""
        from smschat.store import callbacks  # noqa: PLC0415 - a list of conversations is read without it

        return await self._write(lambda work: callbacks.take(work, raw, meaning))

    async def show_partials(self, *, older_than: datetime) -> datetime | None:
        """Long inbound SMS that wait since before then are shown with their gaps; when to look again, or None."""
        from smschat.store import inbound  # noqa: PLC0415 - as above

        return await self._write(lambda work: inbound.show_partials(work, to_us(older_than)))
