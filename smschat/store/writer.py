"""The one writer: whatever waits goes into one transaction, and nobody is answered before it is committed.

No waiting window: a single job commits at once, and jobs that arrive meanwhile make up the next transaction. A job
that fails is undone alone (its SAVEPOINT); a commit that fails, fails all its jobs.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from smschat.store import trouble

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence

    from smschat.store.database import Database
    from smschat.store.work import Work

T = TypeVar("T")

LARGEST_BATCH: Final = 1000
"""Jobs in one transaction at most, so that the last one of a flood need not wait for all before it twice."""


@dataclass(frozen=True, slots=True)
class _Job:
    do: Callable[[Work], Any]
    answer: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Done:
    value: Any


_Outcome = _Done | Exception


class Writer:
    """Carries out jobs on the writing connection, in the order they came.

    Args:
        start: makes what a job works with, at the time it runs; called in the connection's thread.
        committed: called on the event loop after each commit.
    """

    def __init__(
        self, database: Database, start: Callable[[sqlite3.Connection], Work], *, committed: Callable[[], None]
    ) -> None:
        self._database = database
        self._start = start
        self._committed = committed
        self._waiting: deque[_Job] = deque()
        self._woken = asyncio.Event()
        self._is_closing = False
        self._task = asyncio.create_task(self._run(), name="store writer")

    async def do(self, job: Callable[[Work], T]) -> T:
        """Carry a job out and commit it; a caller that is cancelled does not take its job back.

        Raises:
            StoreError: it is not committed, or the store is closed; and whatever the job itself raises.
        """
        if self._is_closing:
            raise trouble.closed()
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Job(job, answer))
        self._woken.set()
        return await answer

    async def close(self) -> None:
        """Carry out what waits, then end."""
        self._is_closing = True
        self._woken.set()
        await self._task

    async def _run(self) -> None:
        while self._waiting or not self._is_closing:
            if not self._waiting:
                self._woken.clear()
                await self._woken.wait()
                continue
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), LARGEST_BATCH))]
            self._answer(batch, await self._carry_out(batch))

    async def _carry_out(self, batch: Sequence[_Job]) -> Sequence[_Outcome]:
        jobs = [job.do for job in batch]
        try:
            outcomes = await self._database.run(lambda db: carry_out(db, jobs, self._start))
        except Exception as error:  # noqa: BLE001 - told to every caller; the writer itself must outlive it
            return [error] * len(batch)
        self._committed()
        return outcomes

    @staticmethod
    def _answer(batch: Sequence[_Job], outcomes: Sequence[_Outcome]) -> None:
        for job, outcome in zip(batch, outcomes, strict=True):
            if job.answer.done():
                continue
            if isinstance(outcome, _Done):
                job.answer.set_result(outcome.value)
            else:
                job.answer.set_exception(outcome)


def carry_out(
    db: sqlite3.Connection, jobs: Sequence[Callable[[Work], Any]], start: Callable[[sqlite3.Connection], Work]
) -> list[_Outcome]:
    """All jobs in one transaction, each with a value or its own error. Raises sqlite3.Error: none is committed."""
    db.execute("BEGIN IMMEDIATE")
    try:
        outcomes = list(_each(db, jobs, start))
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return outcomes


def _each(
    db: sqlite3.Connection, jobs: Sequence[Callable[[Work], Any]], start: Callable[[sqlite3.Connection], Work]
) -> Iterator[_Outcome]:
    for job in jobs:
        db.execute("SAVEPOINT job")
        try:
            outcome: _Outcome = _Done(job(start(db)))
        except Exception as error:
            if not db.in_transaction:
                raise  # SQLite has given up the whole transaction: disk full, I/O error
            db.execute("ROLLBACK TO job")
            outcome = trouble.as_told(error)  # it belongs to the caller of this job; the others go on
        db.execute("RELEASE job")
        yield outcome
