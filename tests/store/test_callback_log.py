"""The callback log: everything that came, newest first, with what became of it; nothing is made of what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smschat.domain.callbacks import Concat, Kind, Signature, Unreadable
from tests.store.samples import PEER, accepted, inbound, part, raw, receipt
from tests.store.test_attempts import sending

if TYPE_CHECKING:
    from smschat.domain.callbacks import KeptCallback, Meaning
    from smschat.store import SqliteStore
    from tests.store.samples import Clock

REFUSED = [Signature.MISSING, Signature.WRONG]


async def kept(store: SqliteStore, callback_id: str) -> KeptCallback:
    found = await store.callback(callback_id)
    assert found is not None
    return found


async def test_a_callback_is_kept_byte_for_byte(store: SqliteStore) -> None:
    came = replace(
        raw(ref="somebody", body=b"\xff\x00{"),
        method="GET",
        query=b"a=%00&b=\xc3",
        content_type="text/plain",
        user_agent="Nexmo/1.0",
        signature=Signature.LATE,
    )
    taken = await store.take_callback(came, inbound())
    assert (await kept(store, taken.callback_id)).raw == came


async def test_it_tells_the_sms_that_was_made_or_moved_and_with_whom(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    await store.finish_attempt(ref, accepted())
    taken = [
        await store.take_callback(raw(), inbound("hi")),
        await store.take_callback(raw(ref=ref), receipt()),
        await store.take_callback(raw(), Unreadable(reason="not UTF-8")),
    ]
    log = [await kept(store, each.callback_id) for each in taken]
    assert [(each.kind, each.outcome, each.reason) for each in log] == [
        (Kind.INBOUND, "taken", None),
        (Kind.RECEIPT, "taken", None),
        (Kind.UNREADABLE, "unreadable", "not UTF-8"),
    ]
    assert [(each.sms_id, each.peer) for each in log] == [(taken[0].sms_id, PEER), (sms_id, PEER), (None, None)]


async def test_the_log_is_read_page_by_page_newest_first(store: SqliteStore) -> None:
    ids = [(await store.take_callback(raw(), inbound())).callback_id for _ in range(5)]
    first = await store.callbacks(limit=2)
    second = await store.callbacks(before=int(first[-1].id), limit=2)
    rest = await store.callbacks(before=int(second[-1].id))
    assert [each.id for each in (*first, *second, *rest)] == ids[::-1]
    assert await store.callbacks(before=int(ids[0])) == []


@pytest.mark.parametrize("text", ["", "0", "99", "-1", "1.0", "x", " 1", "\u0661", "²", "9" * 40])
async def test_what_is_no_id_of_the_log_is_none(store: SqliteStore, text: str) -> None:
    await store.take_callback(raw(), inbound())
    assert await store.callback(text) is None


@pytest.mark.parametrize("signature", REFUSED)
@pytest.mark.parametrize("meaning", [inbound("pay me"), receipt(), Unreadable(reason="the signature is no good")])
async def test_nothing_is_made_of_what_is_refused_whatever_it_says(
    store: SqliteStore, signature: Signature, meaning: Meaning
) -> None:
    sms_id, ref = await sending(store)
    await store.finish_attempt(ref, accepted())
    before = await store.details(sms_id)
    taken = await store.take_callback(replace(raw(ref=ref, body=b"kept"), signature=signature), meaning)
    assert (taken.sms_id, taken.is_repeat) == (None, False)
    assert (await store.details(sms_id), len(await store.transcript(PEER))) == (before, 1)
    log = await kept(store, taken.callback_id)
    assert (log.kind, log.outcome, log.raw.body, log.raw.signature) == (
        Kind.REFUSED,
        "unreadable",
        b"kept",
        signature,
    )
    assert log.reason


async def test_a_refused_callback_does_not_use_up_its_message_id(store: SqliteStore) -> None:
    sms = inbound("hi", message_id="forged")
    await store.take_callback(replace(raw(), signature=Signature.WRONG), replace(sms, text="forged"))
    taken = await store.take_callback(replace(raw(), signature=Signature.GOOD), sms)
    assert taken.sms_id is not None
    assert [each.text for each in await store.transcript(PEER)] == ["hi"]


@pytest.mark.parametrize("signature", [Signature.GOOD, Signature.LATE, Signature.UNCHECKED])
async def test_what_is_not_refused_is_taken_and_marked(store: SqliteStore, signature: Signature) -> None:
    taken = await store.take_callback(replace(raw(), signature=signature), inbound())
    assert taken.sms_id is not None
    assert (await kept(store, taken.callback_id)).raw.signature is signature


async def test_a_part_that_waits_is_taken_once_its_sms_is_shown(store: SqliteStore, clock: Clock) -> None:
    concat = Concat(ref="1", total=2, part=1)
    waits = await store.take_callback(raw(), inbound(message_id="one", concat=concat))
    again = await store.take_callback(raw(), inbound(message_id="one", concat=concat))
    assert [(each.outcome, each.sms_id) for each in await store.callbacks()] == [("repeat", None), ("waiting", None)]
    await store.show_partials(older_than=clock.now)
    (sms,) = await store.transcript(PEER)
    for taken, outcome in ((waits, "taken"), (again, "repeat")):
        log = await kept(store, taken.callback_id)
        assert (log.outcome, log.sms_id, log.peer) == (outcome, sms.id, PEER)


async def test_a_known_id_with_another_content_is_kept_beside_the_first(store: SqliteStore) -> None:
    first = await store.take_callback(raw(), inbound("one", message_id="same"))
    other = await store.take_callback(raw(), inbound("two", message_id="same"))
    log = await kept(store, other.callback_id)
    assert (other.sms_id, log.outcome, log.sms_id) == (None, "quarantined", first.sms_id)


async def test_a_receipt_that_waits_is_taken_once_its_sms_is_answered(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    waits = await store.take_callback(raw(), receipt("early"))
    assert (await kept(store, waits.callback_id)).outcome == "pending"
    await store.finish_attempt(ref, accepted(part("early")))
    log = await kept(store, waits.callback_id)
    assert (log.outcome, log.sms_id, log.peer) == ("taken", sms_id, PEER)
