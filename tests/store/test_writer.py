"""Group commit: who waits together commits together, who fails fails alone, and no answer precedes its commit."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from smschat.domain.delivery import Status
from smschat.errors import StoreError
from smschat.store import conversations
from tests.store.samples import PEER, accepted, inbound, new_sms, raw
from tests.store.test_attempts import sending

if TYPE_CHECKING:
    from smschat.store import SqliteStore
    from smschat.store.work import Work
    from tests.store.conftest import OpenStore


class Busy:
    """Keeps the writer busy until it is let go, so that jobs gather behind it."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._go = threading.Event()
        self._started = threading.Event()

    def _job(self, _work: Work) -> None:
        self._started.set()
        self._go.wait(60)

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._store._write(self._job))
        await asyncio.to_thread(self._started.wait, 60)

    async def __aexit__(self, *_: object) -> None:
        self._go.set()
        await self._task


async def commits_of(store: SqliteStore) -> list[str]:
    """What the writing connection commits from now on, one entry each."""
    commits: list[str] = []

    def trace(statement: str) -> None:
        if statement == "COMMIT":
            commits.append(statement)

    await store._opened.writer_db.run(lambda db: db.set_trace_callback(trace))
    return commits


async def behind_a_busy_writer(store: SqliteStore, *jobs: object) -> list[object]:
    async with Busy(store):
        waiting = [asyncio.ensure_future(job) for job in jobs]  # type: ignore[call-overload]
        await asyncio.sleep(0)
    results: list[object] = await asyncio.gather(*waiting, return_exceptions=True)
    return results


async def test_all_that_wait_are_one_commit(store: SqliteStore) -> None:
    commits = await commits_of(store)
    sms = await behind_a_busy_writer(store, *(store.add_outbound(new_sms()) for _ in range(50)))
    assert len(sms) == 50
    assert len(commits) == 2
    assert len(await store.transcript(PEER)) == 50


async def test_jobs_are_carried_out_in_the_order_they_came(store: SqliteStore) -> None:
    await behind_a_busy_writer(store, *(store.add_outbound(new_sms(text=str(n))) for n in range(20)))
    assert [sms.text for sms in await store.transcript(PEER)] == [str(n) for n in range(20)]


async def test_a_job_that_fails_fails_alone(store: SqliteStore) -> None:
    twice = new_sms(text="twice")
    results = await behind_a_busy_writer(
        store,
        store.add_outbound(new_sms(text="first")),
        store.add_outbound(twice),
        store.add_outbound(twice),
        store.finish_attempt("no-such-ref", accepted()),
        store.add_outbound(new_sms(text="last")),
    )
    assert [type(result).__name__ for result in results] == ["Sms", "Sms", "StoreError", "NotFoundError", "Sms"]
    assert [sms.text for sms in await store.transcript(PEER)] == ["first", "twice", "last"]


async def test_a_job_that_fails_leaves_nothing_of_itself(store: SqliteStore) -> None:
    def half(work: Work) -> None:
        conversations.ensure(work, PEER)
        raise KeyError

    with pytest.raises(KeyError):
        await store._write(half)
    assert await store.conversation(PEER) is None


async def test_a_caller_that_gives_up_breaks_nobody_elses_commit(store: SqliteStore) -> None:
    async with Busy(store):
        given_up = asyncio.ensure_future(store.add_outbound(new_sms(text="given up")))
        other = asyncio.ensure_future(store.add_outbound(new_sms(text="other")))
        await asyncio.sleep(0)
        given_up.cancel()
    assert (await other).text == "other"
    assert [sms.text for sms in await store.transcript(PEER)] == ["given up", "other"]


async def test_closing_carries_out_what_waits(store: SqliteStore, open_store: OpenStore) -> None:
    waiting = [asyncio.ensure_future(store.add_outbound(new_sms())) for _ in range(10)]
    await asyncio.sleep(0)
    await store.close()
    assert len(await asyncio.gather(*waiting)) == 10
    other = await open_store()
    assert len(await other.transcript(PEER)) == 10


async def test_closing_leaves_no_task(store: SqliteStore) -> None:
    await store.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_closed_store_says_so(store: SqliteStore) -> None:
    await store.close()
    await store.close()
    with pytest.raises(StoreError, match="closed"):
        await store.add_outbound(new_sms())
    with pytest.raises(StoreError, match="closed"):
        await store.transcript(PEER)


async def limit_disk(store: SqliteStore, pages: int) -> None:
    """As many pages as the database has, and `pages` more: the disk is full then."""
    (now,) = await store._opened.writer_db.run(lambda db: db.execute("PRAGMA page_count").fetchone())
    await store._opened.writer_db.run(lambda db: db.execute(f"PRAGMA max_page_count = {now + pages}").fetchall())


async def test_nothing_is_acknowledged_that_a_full_disk_did_not_take(store: SqliteStore) -> None:
    _, ref = await sending(store)
    await limit_disk(store, 40)
    told = await asyncio.gather(
        *(store.take_callback(raw(body=b"x" * 5000), inbound()) for _ in range(100)), return_exceptions=True
    )
    kept = [taken for taken in told if not isinstance(taken, BaseException)]
    refused = [error for error in told if isinstance(error, BaseException)]
    assert refused
    assert all(isinstance(error, StoreError) and error.code == "store_full" for error in refused)
    assert len(await store.transcript(PEER)) == 1 + len(kept)
    with pytest.raises(StoreError):
        await store.add_outbound(new_sms(text="x" * 500_000))
    await limit_disk(store, 1000)
    assert (await store.take_callback(raw(), inbound("after"))).sms_id
    assert (await store.finish_attempt(ref, accepted())).status is Status.ACCEPTED


async def test_a_full_disk_keeps_the_store_whole(store: SqliteStore) -> None:
    await limit_disk(store, 5)
    for _ in range(20):
        await asyncio.gather(*(store.add_outbound(new_sms()) for _ in range(20)), return_exceptions=True)
    check = await store._read(lambda db: db.execute("PRAGMA integrity_check").fetchone()[0])
    assert check == "ok"
    assert await store._read(lambda db: db.execute("PRAGMA foreign_key_check").fetchall()) == []


async def test_half_a_character_is_refused_and_breaks_nothing(store: SqliteStore) -> None:
    with pytest.raises(StoreError, match="half a character"):
        await store.save_draft(PEER, "\ud83d")
    await store.save_draft(PEER, "whole")


async def test_another_program_that_keeps_the_lock_is_named(store: SqliteStore, open_store: OpenStore) -> None:
    other = await open_store()
    await store._opened.writer_db.run(lambda db: db.execute("PRAGMA busy_timeout = 1").fetchall())
    await other._opened.writer_db.run(lambda db: db.execute("BEGIN IMMEDIATE"))
    with pytest.raises(StoreError) as locked:
        await store.add_outbound(new_sms())
    assert locked.value.code == "store_busy"
    await other._opened.writer_db.run(lambda db: db.execute("ROLLBACK"))
    assert (await store.add_outbound(new_sms())).status is Status.QUEUED
