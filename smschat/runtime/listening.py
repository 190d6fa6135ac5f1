"""How this profile receives now: who does, at which address, what the gateway was told, and what came last.

The rule: the store and what is known are asked, never the gateway; so it can be looked at every second.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from smschat.domain.changes import HealthChanged
from smschat.errors import UnreachableError

if TYPE_CHECKING:
    from datetime import datetime

    from smschat.domain.account import Owner, Registration
    from smschat.runtime.root import Runtime

MOST_COUNTED: Final = 100
"""Callbacks of the last hour; more are told as so many and more."""

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """How a profile receives.

    Attributes:
        number: our own number; empty when none is set.
        is_test: it is a test account's; the demo's is none.
        comes_in_at: the number that SMS come in at, as the last one tells, where it is another than our own; None: it
            is none other, or nothing has come in yet.
        owner: who receives; None: nobody.
        is_ours: that is this process.
        health: what was said last of each part of this process.
        callback_url: the whole address, path token included, so a secret; None: there is none.
        callbacks: how many came within the last hour, at most `MOST_COUNTED`.
        last_at: when the last one came; None: none ever did.
    """

    number: str = field(repr=False)
    is_test: bool
    comes_in_at: str | None = field(default=None, repr=False)
    owner: Owner | None
    is_ours: bool
    registration: Registration | None
    health: tuple[HealthChanged, ...]
    callback_url: str | None = field(default=None, repr=False)
    callbacks: int
    last_at: datetime | None


async def listening(runtime: Runtime) -> Listening:
    """How it is now; raises StoreError."""
    identity, messenger = runtime.plan.identity, runtime.messenger
    owner = await runtime.store.owner()
    came = await messenger.callbacks(limit=MOST_COUNTED)
    inbound = await messenger.inbound(limit=1)
    last_to = inbound[0].recipient if inbound else None
    try:
        callback_url = runtime.online.callback_url()
    except UnreachableError:
        callback_url = None
    since = runtime.clock() - _HOUR
    return Listening(
        number=identity.number,
        is_test=identity.is_test and runtime.plan.companion is None,
        comes_in_at=last_to if last_to != identity.number else None,
        owner=owner,
        is_ours=owner is not None and owner.pid == os.getpid(),
        registration=await runtime.store.registration(),
        health=tuple(news for news in runtime.known() if isinstance(news, HealthChanged)),
        callback_url=callback_url,
        callbacks=sum(kept.raw.received_at >= since for kept in came),
        last_at=came[0].raw.received_at if came else None,
    )
