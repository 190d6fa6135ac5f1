"""SMS with a time: kept through the death of their process, sent once, and not sent where that may be wrong by now."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from smschat.domain.conversation import Flags
from smschat.domain.delivery import Status
from smschat.store.schedule import ASKED_TO_STOP
from tests.store.samples import NOON, OTHER_PEER, PEER, inbound, new_sms, raw

if TYPE_CHECKING:
    from smschat.domain.sms import Sms
    from smschat.store import SqliteStore
    from tests.store.conftest import OpenStore
    from tests.store.samples import Clock

HOUR_S = 3600
IN_AN_HOUR = NOON + timedelta(seconds=HOUR_S)


async def now(store: SqliteStore, sms: Sms) -> Sms:
    found = await store.sms(sms.id)
    assert found is not None
    return found


async def test_it_waits_for_nobody_in_particular_when_its_process_has_died(open_store: OpenStore, clock: Clock) -> None:
    writer = await open_store()
    sms = await writer.add_outbound(new_sms(send_at=IN_AN_HOUR, claim=writer.holder))
    await writer.close()
    store = await open_store()
    assert await store.own("receiving")
    assert await store.settle_orphans() == 0
    assert (await now(store, sms)).status is Status.SCHEDULED
    clock.advance(HOUR_S)
    assert [each.id for each in await store.due()] == [sms.id]


async def test_of_two_that_look_at_once_one_sends_it(store: SqliteStore, open_store: OpenStore, clock: Clock) -> None:
    """The duty goes from one to the other in the middle."""
    other = await open_store()
    sent = [await store.add_outbound(new_sms(send_at=IN_AN_HOUR)) for _ in range(10)]
    clock.advance(HOUR_S)
    await store.disown("receiving")
    await other.own("receiving")
    await asyncio.gather(store.due(), other.due())
    begun = await asyncio.gather(*(each.begin_attempt(sms.id) for sms in sent for each in (store, other)))
    assert sorted(each.sms.id for each in begun if each is not None) == sorted(sms.id for sms in sent)


async def test_an_hour_late_is_not_too_late(store: SqliteStore, clock: Clock) -> None:
    sms = await store.add_outbound(new_sms(send_at=IN_AN_HOUR))
    clock.advance(2 * HOUR_S)
    assert [each.id for each in await store.due()] == [sms.id]


async def test_it_is_not_sent_to_who_said_stop_since(store: SqliteStore, clock: Clock) -> None:
    sms = await store.add_outbound(new_sms(send_at=IN_AN_HOUR))
    await store.take_callback(raw(), inbound("STOP"))
    clock.advance(HOUR_S)
    assert await store.due() == []
    held = await now(store, sms)
    assert (held.status, held.held, held.reason) == (Status.QUEUED, True, ASKED_TO_STOP)
    await store.release(sms.id)
    assert [each.id for each in await store.due()] == [sms.id]


async def test_it_is_sent_to_who_said_stop_before_it_was_written_or_start_again(
    store: SqliteStore, clock: Clock
) -> None:
    await store.take_callback(raw(), inbound("STOP"))
    asked = await store.add_outbound(new_sms(send_at=IN_AN_HOUR))
    again = await store.add_outbound(new_sms(peer=OTHER_PEER, recipient=OTHER_PEER, send_at=IN_AN_HOUR))
    for text in ("STOP", "START"):
        await store.take_callback(raw(), inbound(text, sender=OTHER_PEER))
    clock.advance(HOUR_S)
    assert {each.id for each in await store.due()} == {asked.id, again.id}


async def test_its_day_is_the_one_on_which_it_is_sent(store: SqliteStore, clock: Clock) -> None:
    sms = await store.add_outbound(new_sms(send_at=NOON + timedelta(days=2)))
    clock.advance(24 * HOUR_S)
    await store.take_callback(raw(), inbound("meanwhile"))
    clock.advance(24 * HOUR_S)
    (due,) = await store.due()
    assert (due.id, due.created_at) == (sms.id, NOON + timedelta(days=2))
    times = [each.created_at for each in await store.transcript(PEER)]
    assert times == sorted(times)
    assert await store.place_at(PEER, NOON + timedelta(days=1, hours=1)) == due.seq


async def test_a_conversation_stands_first_and_returns_when_its_sms_is_sent(store: SqliteStore, clock: Clock) -> None:
    await store.add_outbound(new_sms(send_at=IN_AN_HOUR))
    await store.set_flags(PEER, Flags(archived=True))
    await store.take_callback(raw(), inbound(sender=OTHER_PEER))
    assert [each.peer for each in await store.conversations()] == [OTHER_PEER]
    clock.advance(HOUR_S)
    await store.due()
    assert [each.peer for each in await store.conversations()] == [PEER, OTHER_PEER]


async def test_the_next_one_counts_whatever_it_waits_for(store: SqliteStore) -> None:
    await store.add_outbound(new_sms(send_at=IN_AN_HOUR))
    assert await store.next_due_at() == IN_AN_HOUR
    await store.add_outbound(new_sms(send_at=NOON + timedelta(minutes=5)))
    assert await store.next_due_at() == NOON + timedelta(minutes=5)
    await store.add_outbound(new_sms())
    assert await store.next_due_at() == NOON


async def test_what_was_taken_back_shows_the_one_before_and_leaves_the_order(store: SqliteStore) -> None:
    await store.take_callback(raw(), inbound("first"))
    sms = await store.add_outbound(new_sms(text="later", send_at=IN_AN_HOUR))
    before = await store.conversation(PEER)
    await store.cancel(sms.id)
    after = await store.conversation(PEER)
    assert before is not None
    assert after is not None
    assert after.last is not None
    assert (after.last.text, after.activity, after.unread) == ("first", before.activity, before.unread)


async def test_what_is_queued_is_neither_taken_back_nor_moved(store: SqliteStore) -> None:
    sms = await store.add_outbound(new_sms())
    assert await store.cancel(sms.id) is None
    assert await store.reschedule(sms.id, IN_AN_HOUR) is None
    assert (await now(store, sms)).status is Status.QUEUED
