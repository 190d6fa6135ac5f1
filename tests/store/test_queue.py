"""Whose turn it is: claims, holds, waits, the sending rate, and what dead processes leave behind."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from smschat.domain.delivery import Status
from smschat.store import queue
from tests.store.samples import NOON, OTHER_PEER, UNKNOWN, accepted, new_sms, not_sent, refused
from tests.store.test_attempts import attempt_of, sending

if TYPE_CHECKING:
    from smschat.store import SqliteStore
    from tests.store.conftest import OpenStore
    from tests.store.samples import Clock


async def due_ids(store: SqliteStore) -> list[str]:
    return [sms.id for sms in await store.due()]


async def test_what_is_due_comes_in_the_order_it_was_written(store: SqliteStore, clock: Clock) -> None:
    first = await store.add_outbound(new_sms())
    clock.advance(-3600)
    second = await store.add_outbound(new_sms(peer=OTHER_PEER))
    clock.advance(3600)
    assert await due_ids(store) == [first.id, second.id]
    assert [sms.id for sms in await store.due(limit=1)] == [first.id]


async def test_what_nobody_claimed_is_for_the_owner_alone(store: SqliteStore, open_store: OpenStore) -> None:
    other = await open_store()
    sms = await other.add_outbound(new_sms())
    assert (await due_ids(other), await other.next_due_at()) == ([], None)
    assert await other.begin_attempt(sms.id) is None
    assert await due_ids(store) == [sms.id]


async def test_a_claim_is_for_its_holder_alone(store: SqliteStore, open_store: OpenStore) -> None:
    other = await open_store()
    sms = await other.add_outbound(new_sms(claim=other.holder))
    assert (await due_ids(store), await store.next_due_at()) == ([], None)
    assert await due_ids(other) == [sms.id]
    assert await other.begin_attempt(sms.id) is not None


async def test_the_owner_gives_the_outbox_away_with_the_duty(store: SqliteStore, open_store: OpenStore) -> None:
    sms = await store.add_outbound(new_sms())
    await store.disown("receiving")
    other = await open_store()
    assert await other.own("receiving")
    assert (await due_ids(store), await due_ids(other)) == ([], [sms.id])


async def test_the_next_one_is_due_when_its_wait_is_over(store: SqliteStore, clock: Clock) -> None:
    assert await store.next_due_at() is None
    _, ref = await sending(store)
    assert await store.next_due_at() is None
    await store.finish_attempt(ref, not_sent(7))
    assert await store.next_due_at() == clock.now + timedelta(seconds=7)


async def test_what_waits_for_the_user_is_not_due(store: SqliteStore) -> None:
    sms = await store.add_outbound(new_sms())
    held = await store.hold(sms.id, "waiting")
    assert held is not None
    assert (held.status, held.held, held.reason) == (Status.QUEUED, True, "waiting")
    assert (await due_ids(store), await store.next_due_at()) == ([], None)
    released = await store.release(sms.id)
    assert released is not None
    assert (released.held, released.reason) == (False, None)
    assert await due_ids(store) == [sms.id]


async def test_release_ends_a_wait_for_the_clock_too(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    await store.finish_attempt(ref, not_sent(500))
    await store.release(sms_id)
    assert await due_ids(store) == [sms_id]


async def test_withdrawn_is_refused_for_good(store: SqliteStore) -> None:
    sms = await store.add_outbound(new_sms())
    withdrawn = await store.withdraw(sms.id, "taken back")
    assert withdrawn is not None
    assert (withdrawn.status, withdrawn.reason) == (Status.REFUSED, "taken back")
    assert await store.begin_attempt(sms.id) is None
    assert await store.withdraw(sms.id, "again") is None


async def test_what_is_under_way_is_neither_withdrawn_nor_held_nor_released(store: SqliteStore) -> None:
    sms_id, _ = await sending(store)
    assert await store.withdraw(sms_id, "no") is None
    assert await store.hold(sms_id, "no") is None
    assert await store.release(sms_id) is None


async def test_throttled_makes_everybody_wait(store: SqliteStore, open_store: OpenStore, clock: Clock) -> None:
    other = await open_store()
    _, ref = await sending(store)
    mine = await other.add_outbound(new_sms(claim=other.holder))
    await store.finish_attempt(ref, not_sent(30, holds_all=True))
    assert (await due_ids(store), await due_ids(other)) == ([], [])
    assert await other.next_due_at() == clock.now + timedelta(seconds=30)
    clock.advance(30)
    assert await due_ids(other) == [mine.id]


async def test_a_clock_that_is_set_back_does_not_stall(store: SqliteStore, clock: Clock) -> None:
    sms_id, ref = await sending(store)
    await store.finish_attempt(ref, not_sent(30, holds_all=True))
    clock.now -= timedelta(days=365)
    assert await due_ids(store) == [sms_id]


async def test_places_in_the_sending_rate_follow_each_other_across_processes(
    store: SqliteStore, open_store: OpenStore, clock: Clock
) -> None:
    other = await open_store()
    waits = [await each.reserve_pace(segments, 10) for each, segments in ((store, 1), (other, 3), (store, 1))]
    assert waits == pytest.approx([0, 0.1, 0.4])
    clock.advance(60)
    assert await store.reserve_pace(1, 10) == 0


async def test_the_rate_does_not_stall_when_the_clock_is_set_back(store: SqliteStore, clock: Clock) -> None:
    await store.reserve_pace(2, 1)
    clock.now -= timedelta(days=365)
    assert await store.reserve_pace(1, 1) == pytest.approx(2)


async def test_refused_segments_are_not_counted(store: SqliteStore, clock: Clock) -> None:
    await store.add_outbound(new_sms(segments=9))
    clock.advance(10)
    await store.add_outbound(new_sms(segments=2))
    _, ref = await sending(store, segments=3)
    await store.finish_attempt(ref, refused())
    assert await store.segments_since(NOON + timedelta(seconds=10)) == 2
    assert await store.segments_since(NOON) == 11
    assert await store.segments_since(NOON + timedelta(days=1)) == 0


async def test_what_the_living_have_under_way_is_no_orphan(store: SqliteStore, open_store: OpenStore) -> None:
    other = await open_store()
    claimed = await other.add_outbound(new_sms(claim=other.holder))
    begun = await other.add_outbound(new_sms(claim=other.holder))
    ref = await attempt_of(other, begun.id)
    await sending(store)
    assert await store.settle_orphans() == 0
    assert await other.begin_attempt(claimed.id) is not None
    assert (await other.finish_attempt(ref, accepted())).status is Status.ACCEPTED


async def test_what_the_dead_had_under_way_is_unknown_and_what_they_had_claimed_refused(
    store: SqliteStore, open_store: OpenStore
) -> None:
    """A process ends between taking an SMS up and writing its answer down; closing its store frees its lock too."""
    other = await open_store()
    claimed = await other.add_outbound(new_sms(claim=other.holder))
    begun = await other.add_outbound(new_sms(claim=other.holder))
    waiting = await other.add_outbound(new_sms())
    await attempt_of(other, begun.id)
    await other.close()
    assert await store.settle_orphans() == 2
    found = [(sms.status, sms.reason) for sms in await store.sms_many([claimed.id, begun.id, waiting.id])]
    assert found == [
        (Status.REFUSED, queue.NEVER_TRIED),
        (Status.UNKNOWN, queue.NO_ANSWER),
        (Status.QUEUED, None),
    ]
    assert await store.settle_orphans() == 0
    assert await store.repeat(begun.id) is not None


async def test_an_orphaned_repeat_needs_consent_anew(store: SqliteStore, open_store: OpenStore) -> None:
    sms_id, ref = await sending(store)
    await store.finish_attempt(ref, UNKNOWN)
    await store.repeat(sms_id)
    await attempt_of(store, sms_id)
    await store.close()
    other = await open_store()
    await other.own("receiving")
    assert await other.settle_orphans() == 1
    assert (await other.begin_attempt(sms_id), await due_ids(other)) == (None, [])
