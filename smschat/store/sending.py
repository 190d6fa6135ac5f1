"""The verbs of the outbox: an SMS written down, taken up, and brought to what its attempt came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.store import attempts, queue, schedule, sms_rows
from smschat.store.desk import OUTBOX, Desk
from smschat.store.times import to_us

if TYPE_CHECKING:
    from datetime import datetime

    from smschat.domain.delivery import Verdict
    from smschat.domain.sms import Attempt, NewSms, Sms

_REF_BYTES: Final = 8
"""64 random bits: 11 characters of base64url."""


class Sending(Desk):
    """What the outbox asks for."""

    async def add_outbound(self, sms: NewSms, *, clear_draft: bool = False) -> Sms:
        """Write it down as `queued`, and clear the conversation's draft in the same transaction when asked."""
        return await self._write(lambda work: sms_rows.add_outbound(work, sms, clear_draft=clear_draft))

    async def due(self, *, limit: int = 20) -> list[Sms]:
        """Queued SMS that this process may send now, in the order they were written.

        Not those held, not those claimed by another process, not those whose next try lies ahead; and those that
        nobody has claimed only while we own `receiving`. What was scheduled becomes queued at its time, or held where
        it is late.
        """
        now, owns = self._now(), OUTBOX in self._duties
        if owns and await self._read(lambda db: (schedule.first(db) or now + 1) <= now):
            await self._write(schedule.release)
        return await self._read(lambda db: queue.due(db, now=now, holder=self.holder, owns_outbox=owns, limit=limit))

    async def next_due_at(self) -> datetime | None:
        """When the first of ours may be tried; lies in the past when it may be now; None if none waits."""
        now, owns = self._now(), OUTBOX in self._duties
        return await self._read(lambda db: queue.next_due_at(db, now=now, holder=self.holder, owns_outbox=owns))

    async def begin_attempt(self, sms_id: str) -> Attempt | None:
        """Mark a queued SMS `sending` and open an attempt for it; None if it is not ours to send (any more)."""
        import secrets  # noqa: PLC0415 - loads OpenSSL, which the gateway's client needs anyway

        ref = secrets.token_urlsafe(_REF_BYTES)
        return await self._write(lambda work: attempts.begin(work, sms_id, ref))

    async def finish_attempt(self, ref: str, verdict: Verdict) -> Sms:
        """Carry out the verdict; a receipt that came first wins over a lower rank. A second time changes nothing.

        Raises:
            NotFoundError: there is no such attempt.
        """
        return await self._write(lambda work: attempts.finish(work, ref, verdict))

    async def withdraw(self, sms_id: str, reason: str) -> Sms | None:
        """`queued` becomes `refused` for good; None if it was no longer queued."""
        return await self._write(lambda work: queue.withdraw(work, sms_id, reason))

    async def hold(self, sms_id: str, reason: str) -> Sms | None:
        """A queued SMS waits for the user and not for the clock; None if it was no longer queued."""
        return await self._write(lambda work: queue.hold(work, sms_id, reason))

    async def release(self, sms_id: str) -> Sms | None:
        """A queued SMS, held or waiting for its next try, is due at once; None if it was no longer queued."""
        return await self._write(lambda work: queue.release(work, sms_id))

    async def repeat(self, sms_id: str) -> Sms | None:
        """The user repeats an `unknown` SMS and knows that it may arrive twice; None if it is not `unknown`."""
        return await self._write(lambda work: queue.repeat(work, sms_id))

    async def reserve_pace(self, segments: int, per_second: float) -> float:
        """Take the next place in the profile's sending rate, across processes; seconds to wait for it."""
        return await self._write(lambda work: queue.reserve_pace(work, segments, per_second))

    async def segments_since(self, since: datetime) -> int:
        """Segments of outbound SMS that were not refused, since then."""
        return await self._read(lambda db: queue.segments_since(db, to_us(since)))

    async def settle_orphans(self) -> int:
        """What dead processes left: `sending` becomes `unknown`, claimed and never tried becomes `refused`."""
        changed = await self._write(lambda work: queue.settle_orphans(work, self._files.is_alive))
        self._files.sweep()
        return changed
