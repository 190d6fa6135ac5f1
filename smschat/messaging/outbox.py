"""The outbox drains queued SMS to the gateway: token first, then `sending` on disk, then one POST, then the verdict.

The rule: no SMS goes out without a row that says so, none goes out twice unasked, and what is not known stays
`unknown`. There is one layer of retry, here, and only for what is certain not to have left.

Retry: full jitter, `random(0, min(60 s, 1 s · 2^n))`; after 8 tries or 10 minutes an SMS waits for the user (`r`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from smschat.domain.delivery import Status, Verdict
from smschat.errors import (
    GatewayError,
    NotAuthorisedError,
    StoreError,
    ThrottledError,
    TokenRefusedError,
    UnreachableError,
)
from smschat.messaging import verdicts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from smschat.domain.sms import Attempt, Sms
    from smschat.errors import (
        SmschatError,
    )
    from smschat.messaging.gateway_port import Gateway
    from smschat.messaging.ports import Store

CONCURRENT: Final = 8
"""SMS under way at once, at most one for each peer, so that the order within a conversation is kept."""

TRIES: Final = 8
PATIENCE: Final = timedelta(minutes=10)
LONGEST_BACKOFF_S: Final = 60.0
BETWEEN_COMMIT_TRIES_S: Final = 1.0
BETWEEN_LOOKS_S: Final = 1.0
"""Seconds until the next look when something is due that could not be begun."""

HELD: Final = "waiting: press r to try again"
WITHDRAWN: Final = "withdrawn, not sent: "

log = logging.getLogger(__name__)


class Outbox:
    """Sends what is due, for whoever owns the duty, and single SMS for `smschat send`.

    Args:
        receipt_address: the callback address for an attempt's id; None: leave the callback out.
        rate: segments a second at most, kept across processes.
        trouble: told the error whenever the gateway could not be used, and None when it could.
        random_unit: a number in [0, 1), for the jitter.
    """

    def __init__(
        self,
        store: Store,
        gateway: Gateway,
        *,
        receipt_address: Callable[[str], str | None],
        rate: float,
        trouble: Callable[[SmschatError | None], None] = lambda _: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random_unit: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._receipt_address = receipt_address
        self._rate = rate
        self._trouble = trouble
        self._clock = clock
        self._sleep = sleep
        self._random_unit = random_unit
        self._woken = asyncio.Event()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._open_refs: set[str] = set()
        self._with_new_token: set[str] = set()
        self._delivered_singly: set[str] = set()
        self._all_wait_until: datetime | None = None
        self._failures = 0

    def wake(self) -> None:
        """Something may be due: look now."""
        self._woken.set()

    async def run(self) -> None:
        """Drain for as long as this process owns the outbox; end it by cancelling."""
        try:
            while True:
                self._woken.clear()
                await self._start_what_is_due()
                pause_s = await self._pause_s()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause_s):
                        await self._woken.wait()
        finally:
            await self.stop()

    def reserve(self, sms_id: str) -> None:
        """This SMS is `deliver`ed singly: draining leaves it alone. Say so before it is written down."""
        self._delivered_singly.add(sms_id)

    async def deliver(self, sms: Sms, *, give_up_s: float) -> tuple[Sms, SmschatError | None]:
        """Try one SMS of our own until the gateway has answered, the outcome is unknown, or time is up.

        When time is up, or the caller is cancelled, the SMS is withdrawn and nobody tries it again; what was under way
        when the caller was cancelled is `unknown`.

        Args:
            give_up_s: seconds after which no further try is begun.

        Returns:
            The SMS as it is then, and the error that it ended with; None when it was accepted.
        """
        self.reserve(sms.id)
        try:
            return await self._deliver(sms, self._clock() + timedelta(seconds=give_up_s))
        except asyncio.CancelledError:
            await self.stop()
            await self._store.withdraw(sms.id, WITHDRAWN + "interrupted")
            raise
        finally:
            self._delivered_singly.discard(sms.id)

    async def _deliver(self, sms: Sms, until: datetime) -> tuple[Sms, SmschatError | None]:
        while True:
            error = await self._attempt(sms)
            sms = await self._reread(sms)
            if sms.status is not Status.QUEUED:
                return sms, error
            due = max(filter(None, (self._all_wait_until, await self._store.next_due_at())), default=self._clock())
            if due >= until:
                reason = verdicts.why(error) if error else "time was up"
                withdrawn = await self._store.withdraw(sms.id, WITHDRAWN + reason)
                return withdrawn or await self._reread(sms), error
            await self._sleep(max(0.0, (due - self._clock()).total_seconds()))

    async def _start_what_is_due(self) -> None:
        if self._all_wait_until is not None and self._all_wait_until > self._clock():
            return
        self._all_wait_until = None
        if len(self._under_way) >= CONCURRENT:
            return
        try:
            due = await self._store.due(limit=4 * CONCURRENT)
        except StoreError:
            log.exception("the outbox cannot read the store")
            return
        for sms in due:
            if sms.id in self._delivered_singly:
                continue
            if sms.peer not in self._under_way and len(self._under_way) < CONCURRENT:
                self._under_way[sms.peer] = asyncio.create_task(self._guarded(sms), name="attempt")

    async def _pause_s(self) -> float | None:
        """Seconds until there is something to do by the clock; None: only when woken."""
        now = self._clock()
        due = await self._store.next_due_at()
        if due is None:
            return None
        if self._all_wait_until is not None:
            due = max(due, self._all_wait_until)
        if due > now:
            return (due - now).total_seconds()
        return None if self._under_way else BETWEEN_LOOKS_S

    async def _guarded(self, sms: Sms) -> None:
        try:
            await self._attempt(sms)
        except Exception:
            log.exception("an attempt ended in an error of smschat's own")
            self._wait_all(self._backoff_s())
        finally:
            self._under_way.pop(sms.peer, None)
            self.wake()

    async def _attempt(self, sms: Sms) -> SmschatError | None:
        """One POST at most; the error it came to, None when accepted (or no longer ours to send)."""
        refused = await self._without_token(sms)
        if refused is not None:
            return refused
        await self._sleep(await self._store.reserve_pace(sms.segments, self._rate))
        attempt = await self._store.begin_attempt(sms.id)
        if attempt is None:
            return None
        verdict, error = await self._post(attempt)
        await self._settle(attempt, verdict)
        return error

    async def _without_token(self, sms: Sms) -> SmschatError | None:
        """Make sure of a token while the SMS is still certain not to have left; what stands in the way, or None."""
        try:
            await self._gateway.ensure_token()
        except NotAuthorisedError as error:
            self._trouble(error)
            await self._store.withdraw(sms.id, verdicts.why(error))
            return error
        except (ThrottledError, UnreachableError, GatewayError) as error:
            self._trouble(error)
            self._failures += 1
            named = error.retry_after_s if isinstance(error, ThrottledError) else None
            self._wait_all(self._backoff_s() if named is None else named)
            await self._hold_if_tried_enough(sms, self._failures)
            return error
        return None

    async def _post(self, attempt: Attempt) -> tuple[Verdict, SmschatError | None]:
        sms = attempt.sms
        self._open_refs.add(attempt.ref)
        try:
            answer = await self._gateway.send(attempt, callback=self._receipt_address(attempt.ref))
        except GatewayError as error:
            if isinstance(error, UnreachableError | ThrottledError):
                self._failures += 1
            self._trouble(error)
            verdict = verdicts.of_error(
                error, backoff_s=self._backoff_s(), token_was_new=sms.id in self._with_new_token
            )
            self._remember_token_refusal(sms.id, error, verdict)
            return verdict, error
        self._failures = 0
        self._trouble(None)
        self._with_new_token.discard(sms.id)
        verdict = verdicts.of_answer(answer, tries=sms.tries, recipient=sms.recipient, sender=sms.sender)
        return verdict, verdicts.error_of(verdict)

    def _remember_token_refusal(self, sms_id: str, error: GatewayError, verdict: Verdict) -> None:
        if isinstance(error, TokenRefusedError) and verdict.status is Status.QUEUED:
            self._with_new_token.add(sms_id)
        else:
            self._with_new_token.discard(sms_id)

    async def _settle(self, attempt: Attempt, verdict: Verdict) -> None:
        """Write the verdict down, for as long as it takes; until then the row says `sending`."""
        while True:
            try:
                sms = await self._store.finish_attempt(attempt.ref, verdict)
            except StoreError:
                log.exception("the outcome of an attempt cannot be written yet")
                await self._sleep(BETWEEN_COMMIT_TRIES_S)
                continue
            self._open_refs.discard(attempt.ref)
            if verdict.holds_all and verdict.wait_s is not None:
                self._wait_all(verdict.wait_s)
            if sms.status is Status.QUEUED:
                await self._hold_if_tried_enough(sms, sms.tries)
            return

    async def _hold_if_tried_enough(self, sms: Sms, tries: int) -> None:
        if sms.id in self._delivered_singly:
            return
        if tries >= TRIES or self._clock() - (sms.send_at or sms.created_at) > PATIENCE:
            await self._store.hold(sms.id, HELD)

    async def stop(self) -> None:
        """End what is under way: an attempt without an answer is `unknown` from here on."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        stopped = Verdict(status=Status.UNKNOWN, reason="smschat was stopped before the gateway had answered")
        for ref in tuple(self._open_refs):
            with contextlib.suppress(StoreError):
                await self._store.finish_attempt(ref, stopped)
        self._open_refs.clear()

    async def _reread(self, sms: Sms) -> Sms:
        return await self._store.sms(sms.id) or sms

    def _wait_all(self, wait_s: float) -> None:
        self._all_wait_until = self._clock() + timedelta(seconds=wait_s)

    def _backoff_s(self) -> float:
        return self._random_unit() * min(LONGEST_BACKOFF_S, 2.0**self._failures)
