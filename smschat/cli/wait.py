"""`smschat wait`: the text of the next SMS that fits, or the code in it, for scripts that need one to go on.

The rule: nothing that counts is missed between two looks (hear first, then look at the store once, then go online),
and what can never come is not waited for. Nothing is marked read.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from smschat.cli import output, session
from smschat.cli.reading import peer_of
from smschat.domain import documents
from smschat.domain.changes import Condition, HealthChanged, SmsChanged, Subsystem
from smschat.domain.delivery import Status
from smschat.domain.text import shown
from smschat.errors import SmschatError, TunnelError

if TYPE_CHECKING:
    import argparse
    import re

    from smschat.domain.changes import Change
    from smschat.domain.sms import Sms
    from smschat.runtime import Runtime

TIMED_OUT: Final = 124
PAGE: Final = 200
LOOK_AGAIN_S: Final = 1.0
SETTLES_S: Final = 20.0
"""Seconds for which an address that is online already is taken for our own of a moment ago, which ngrok lets go of."""

STILL_ONLINE: Final = "ngrok_334"
JOINED_WITHIN: Final = timedelta(hours=24)
"""A long SMS that was shown with its gaps becomes whole at most this much later, in its old place."""


def wait(flags: argparse.Namespace) -> int:
    """Print the first SMS that fits; 124 when the time is up, and the fault's own code when none can come."""
    return session.run(_wait(flags))


async def _wait(flags: argparse.Namespace) -> int:
    began = datetime.now(UTC)
    settings = session.settings_of(flags)
    wish = _Wish(
        peer=peer_of(flags.peer, settings.country) if flags.peer else None,
        since=flags.since or began,
        match=flags.match,
        extract=flags.extract,
    )
    until = None if flags.timeout is None else asyncio.get_running_loop().time() + flags.timeout
    plan = session.plan_of(settings, may_take_over=session.says_yes(flags))
    async with session.opened(plan) as runtime:
        watch = _Watch(runtime, wish)
        found = await watch.there()
        try:
            async with asyncio.timeout_at(until):
                found = found or await watch.next()
        except TimeoutError:
            late = SmschatError("no SMS that fits came in time", code="timed_out")
            output.failure(late, as_json=getattr(flags, "json", False))
            return TIMED_OUT
        _print(found, flags)
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """An SMS that fits; `extracted` is None where nothing was to be extracted."""

    sms: Sms
    extracted: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What is waited for: an inbound SMS, whole after `since`, and each thing that is not None."""

    peer: str | None
    since: datetime
    match: re.Pattern[str] | None
    extract: re.Pattern[str] | None

    def found_in(self, sms: Sms) -> _Found | None:
        """The SMS, if it fits."""
        if sms.status is not Status.RECEIVED or sms.updated_at < self.since:
            return None
        if self.peer is not None and sms.peer != self.peer:
            return None
        if self.match is not None and self.match.search(sms.text) is None:
            return None
        if self.extract is None:
            return _Found(sms=sms)
        extracted = _first_group(self.extract, sms.text)
        return None if extracted is None else _Found(sms=sms, extracted=extracted)


def _first_group(pattern: re.Pattern[str], text: str) -> str | None:
    """The first group, the whole match where the pattern has none; None: it does not fit, or without that group."""
    match = pattern.search(text)
    return match[1 if pattern.groups else 0] if match else None


class _Watch:
    """Hears of SMS and of how receiving is, from before it looks at the store."""

    def __init__(self, runtime: Runtime, wish: _Wish) -> None:
        self._runtime = runtime
        self._wish = wish
        self._found: _Found | None = None
        self._health: dict[Subsystem, Condition] = {}
        self._was_well = False
        self._had_tunnel = False
        self._settles_at = 0.0
        self._told: SmschatError | None = None
        self._moved = asyncio.Event()
        runtime.subscribe(self._hear)

    async def next(self) -> _Found:
        """The first that fits of those that have come since this watch was made.

        Raises:
            SmschatError: none can come: this process would have to receive, and cannot.
        """
        await self._runtime.go_online()
        self._settles_at = asyncio.get_running_loop().time() + SETTLES_S
        while self._found is None:
            self._moved.clear()
            self._judge(self._runtime.online.fault)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_S):
                    await self._moved.wait()
        return self._found

    async def there(self) -> _Found | None:
        """The newest that fits of those that are in the store."""
        page = await self._page(None)
        while page:
            for sms in page:
                found = self._wish.found_in(sms)
                if found is not None:
                    return found
            if page[-1].created_at < self._wish.since - JOINED_WITHIN:
                return None
            page = await self._page(page[-1].seq)
        return None

    async def _page(self, before: int | None) -> list[Sms]:
        return await self._runtime.messenger.inbound(peer=self._wish.peer, before=before, limit=PAGE)

    def _judge(self, fault: SmschatError | None) -> None:
        """Give up on a fault that was there from the start; one that came later is mended while we wait."""
        if fault is None:
            self._was_well = self._was_well or self._is_settled()
        elif not (self._was_well or self._passes(fault)):
            raise fault
        elif fault is not self._told:
            self._told = fault
            output.note(f"smschat: {shown(fault.message, multiline=False)}; waiting on")

    def _passes(self, fault: SmschatError) -> bool:
        """Whether it is no surprise and mends itself: a tunnel that fell, an address that was ours a moment ago."""
        if fault.code == STILL_ONLINE:
            return asyncio.get_running_loop().time() < self._settles_at
        return self._had_tunnel and isinstance(fault, TunnelError)

    def _is_settled(self) -> bool:
        """Whether another process receives, or this one has tried all that it takes."""
        follows = self._health.get(Subsystem.LISTENER) is Condition.OFF
        return follows or self._health.get(Subsystem.CALLBACK) in {Condition.UP, Condition.OFF}

    def _hear(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            if isinstance(change, HealthChanged):
                self._health[change.part] = change.state
                self._had_tunnel |= change.part is Subsystem.TUNNEL and change.state is Condition.UP
            elif isinstance(change, SmsChanged) and self._found is None:
                self._found = self._wish.found_in(change.sms)
        self._moved.set()


def _print(found: _Found, flags: argparse.Namespace) -> None:
    if getattr(flags, "json", False):
        extracted = {} if found.extracted is None else {"extracted": found.extracted}
        output.document(documents.of_sms(found.sms) | extracted)
    elif found.extracted is not None:
        output.line(shown(found.extracted, multiline=False))
    else:
        output.line(shown(found.sms.text))
