"""What comes in on the owner's side: each callback kept before it is answered, and long SMS shown with gaps in the end.

The rule: a callback that is not on disk is not acknowledged, so that the gateway delivers it again.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from smschat.domain.callbacks import Inbound
from smschat.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from smschat.domain.callbacks import RawCallback
    from smschat.domain.identity import Identity
    from smschat.messaging.messenger import Messenger
    from smschat.messaging.ports import Store

PARTIAL_AFTER: Final = timedelta(seconds=60)
"""A long inbound SMS is shown with its gaps after this long."""


class Intake:
    """Takes callbacks for one profile.

    Args:
        store_trouble: told of the StoreError that kept a callback from being kept.
        tell: told the id of each SMS that has come in; must not wait.
    """

    def __init__(
        self,
        store: Store,
        messenger: Messenger,
        identity: Identity,
        *,
        store_trouble: Callable[[StoreError], None],
        tell: Callable[[str], None] = lambda _: None,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._messenger = messenger
        self._country = identity.country
        self._store_trouble = store_trouble
        self._tell = tell
        self._clock = clock
        self._parts_waiting = asyncio.Event()

    async def take(self, raw: RawCallback) -> None:
        """Keep a callback, and what it means.

        Raises:
            StoreError: it is not on disk.
        """
        from smschat.webhook.parse import meaning  # noqa: PLC0415 - loaded with the listener already

        means = meaning(raw, self._country)
        try:
            taken = await self._messenger.take_callback(raw, means)
        except StoreError as error:
            self._store_trouble(error)
            raise
        if taken.sms_id is None and not taken.is_repeat:
            self._parts_waiting.set()
        elif taken.sms_id is not None and not taken.is_repeat and isinstance(means, Inbound):
            self._tell(taken.sms_id)

    async def show_partials(self) -> None:
        """Show long SMS of which parts are missing for a minute, until cancelled."""
        while True:
            self._parts_waiting.clear()
            again = await self._store.show_partials(older_than=self._clock() - PARTIAL_AFTER)
            wait_s = None if again is None else max(0.5, (again - self._clock()).total_seconds())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._parts_waiting.wait()
