"""What the user deleted is gone: from every process, from the callback log, and from what the gateway says later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smschat.domain.callbacks import Concat
from smschat.domain.changes import ConversationChanged, ConversationDeleted, SmsChanged
from smschat.store import deleting, sms_rows, watcher
from smschat.store.times import DAY_US
from tests.store.samples import OTHER_PEER, PEER, accepted, inbound, new_sms, part, raw, receipt

if TYPE_CHECKING:
    from smschat.store import SqliteStore
    from tests.store.samples import Clock, Desk

SECRET = b"secret words"


async def come(store: SqliteStore, text: str, message_id: str, **changed: object) -> None:
    await store.take_callback(raw(body=SECRET), inbound(text, message_id=message_id, **changed))


async def test_no_copy_of_the_text_is_left(store: SqliteStore) -> None:
    """Parts that waited, one that came twice, and a redelivery before and after."""
    for message_id, number in (("1", 1), ("1", 1), ("again", 1), ("2", 2)):
        await come(store, "secret ", message_id, concat=Concat(ref="7", total=2, part=number))
    (sms,) = await store.transcript(PEER)
    assert await store.delete_sms(sms.id)
    await come(store, "secret ", "2", concat=Concat(ref="7", total=2, part=2))
    assert await store.transcript(PEER) == []
    log = await store.callbacks()
    assert (len(log), [each.raw.body for each in log if each.raw.body]) == (5, [])
    assert await store._read(lambda db: db.execute("SELECT count(*) FROM inbound_part").fetchone()[0]) == 0


async def test_a_receipt_of_a_deleted_sms_is_taken_and_never_waits_for_another(store: SqliteStore) -> None:
    sms = await store.add_outbound(new_sms())
    attempt = await store.begin_attempt(sms.id)
    assert attempt is not None
    await store.finish_attempt(attempt.ref, accepted(part("part-1")))
    await store.take_callback(raw(), receipt("part-1", "buffered"))
    assert await store.delete_sms(sms.id)
    for late in (receipt("part-1"), receipt("part-2", client_ref=attempt.ref), receipt("part-3")):
        await store.take_callback(raw(), late)
    assert [(each.outcome, each.reason is not None) for each in await store.callbacks()] == [
        ("pending", False),
        ("taken", True),
        ("taken", True),
        ("taken", False),
    ]
    assert await store.transcript(PEER) == []


async def test_a_held_sms_can_be_deleted_and_is_never_sent(store: SqliteStore) -> None:
    sms = await store.add_outbound(new_sms())
    await store.hold(sms.id, "no receiver")
    assert await store.delete_sms(sms.id)
    assert await store.release(sms.id) is None
    assert await store.due() == []


async def test_what_is_left_says_what_is_new_and_whether_the_last_one_arrived(store: SqliteStore) -> None:
    refused = await store.add_outbound(new_sms())
    await store.withdraw(refused.id, "no")
    await come(store, "new", "1")
    new = (await store.transcript(PEER))[-1]
    await store.delete_sms(refused.id)
    row = await store.conversation(PEER)
    assert row is not None
    assert (row.failed, row.unread) == (False, 1)
    await store.delete_sms(new.id)
    row = await store.conversation(PEER)
    assert row is not None
    assert (row.last, row.unread, (await store.totals()).unread) == (None, 0, 0)


async def test_a_place_that_was_free_is_never_given_again(store: SqliteStore) -> None:
    await come(store, "one", "1")
    (one,) = await store.transcript(PEER)
    await store.delete_sms(one.id)
    await come(store, "two", "2")
    (two,) = await store.transcript(PEER)
    assert two.seq > one.seq


async def test_what_is_not_there_is_not_deleted(store: SqliteStore) -> None:
    assert not await store.delete_sms("0" * 32)
    assert await store.delete_conversation(PEER) == 0


async def test_an_empty_conversation_goes_too_with_its_draft(store: SqliteStore) -> None:
    await store.save_draft(PEER, "hel")
    await store.save_draft(OTHER_PEER, "lo")
    assert await store.delete_conversation(PEER) == 0
    assert [each.peer for each in await store.conversations()] == [OTHER_PEER]


def test_one_that_comes_back_is_told_after_it_is_told_gone(desk: Desk) -> None:
    sms_rows.add_outbound(desk.work(), new_sms(), clear_draft=False)
    desk.db.execute("UPDATE sms SET held = 1")
    seen = watcher.Seen.all_upto(1)
    deleting.conversation(desk.work(), PEER)
    sms_rows.add_outbound(desk.work(), new_sms(), clear_draft=False)
    changes, seen = watcher.changes_since(desk.db, seen)
    assert [type(change) for change in changes] == [ConversationDeleted, SmsChanged, ConversationChanged]
    assert watcher.changes_since(desk.db, seen)[0] == ()


@pytest.mark.parametrize(("days", "left"), [(1, 1), (3, 0)])
def test_a_tombstone_is_kept_until_everybody_has_heard(desk: Desk, days: int, left: int) -> None:
    deleting._bury(desk.work(), PEER, None)
    clock: Clock = desk.clock
    clock.advance(days * DAY_US / 1e6)
    deleting.sweep(desk.work())
    assert desk.db.execute("SELECT count(*) FROM gone").fetchone()[0] == left
