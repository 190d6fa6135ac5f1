"""Receipts: late, twice, out of order, before the answer; the end is the same, and each one is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smschat.domain.codes import receipt_error
from smschat.domain.delivery import RANK, Status
from smschat.store import attempts, callbacks, rows, sms_rows
from tests.store.conftest import memory_db
from tests.store.samples import (
    REF,
    UNKNOWN,
    Desk,
    accepted,
    new_sms,
    not_sent,
    part,
    raw,
    receipt,
    refused,
)
from tests.store.test_attempts import attempt_of, sending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smschat.domain.callbacks import Receipt
    from smschat.domain.delivery import Verdict
    from smschat.domain.sms import Sms
    from smschat.store import SqliteStore
    from tests.store.samples import (
        Clock,
    )


async def get(store: SqliteStore, sms_id: str) -> Sms:
    sms = await store.sms(sms_id)
    assert sms is not None
    return sms


async def test_a_receipt_at_the_own_address_moves_the_part_and_the_sms(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    await store.finish_attempt(ref, accepted())
    taken = await store.take_callback(raw(ref=ref), receipt(status="buffered", network="20408"))
    assert (taken.sms_id, taken.is_repeat) == (sms_id, False)
    sms = await get(store, sms_id)
    assert (sms.status, sms.parts[0].status, sms.parts[0].network) == (Status.BUFFERED, Status.BUFFERED, "20408")


async def test_a_receipt_elsewhere_finds_the_newest_part_with_its_id(store: SqliteStore) -> None:
    ids = []
    for _ in range(2):
        sms_id, ref = await sending(store)
        await store.finish_attempt(ref, accepted(part("used-twice")))
        ids.append(sms_id)
    taken = await store.take_callback(raw(), receipt("used-twice"))
    assert taken.sms_id == ids[1]
    assert (await get(store, ids[0])).status is Status.ACCEPTED


async def test_a_receipt_at_an_address_of_nobody_is_found_by_its_id(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    await store.finish_attempt(ref, accepted())
    assert (await store.take_callback(raw(ref="somebody-else"), receipt())).sms_id == sms_id


async def test_a_receipt_that_echoes_the_attempt_is_its_own(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    assert (await store.take_callback(raw(), receipt("new", client_ref=ref))).sms_id == sms_id


@pytest.mark.parametrize("status", ["accepted", "unknown", "submitted", ""])
@pytest.mark.parametrize("verdict", [UNKNOWN, not_sent(60), None])
async def test_any_receipt_at_the_own_address_proves_accepted(
    store: SqliteStore, status: str, verdict: Verdict | None
) -> None:
    sms_id, ref = await sending(store)
    if verdict is not None:
        await store.finish_attempt(ref, verdict)
    assert (await store.take_callback(raw(ref=ref), receipt(status=status))).sms_id == sms_id
    assert (await get(store, sms_id)).status is Status.ACCEPTED
    assert await store.begin_attempt(sms_id) is None


async def test_a_proof_without_an_id_is_a_proof(store: SqliteStore) -> None:
    sms_id, ref = await sending(store, segments=2)
    await store.finish_attempt(ref, UNKNOWN)
    await store.take_callback(raw(ref=ref), receipt(None))
    assert (await get(store, sms_id)).status is Status.ACCEPTED


async def test_a_receipt_without_an_id_means_the_only_part(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    await store.finish_attempt(ref, accepted())
    await store.take_callback(raw(ref=ref), receipt(None))
    sms = await get(store, sms_id)
    assert (sms.status, len(sms.parts)) == (Status.DELIVERED, 1)


async def test_a_queued_sms_that_proves_itself_is_not_sent_again(store: SqliteStore, clock: Clock) -> None:
    sms_id, ref = await sending(store)
    await store.finish_attempt(ref, not_sent(1))
    await store.take_callback(raw(ref=ref), receipt())
    clock.advance(60)
    assert await store.due() == []
    assert (await get(store, sms_id)).status is Status.DELIVERED


async def test_a_receipt_before_the_answer_wins(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    await store.take_callback(raw(ref=ref), receipt())
    assert (await get(store, sms_id)).status is Status.DELIVERED
    sms = await store.finish_attempt(ref, accepted(part(price="0.07", network="20404")))
    assert (sms.status, sms.price) == (Status.DELIVERED, "0.07")
    assert [(each.status, each.network) for each in sms.parts] == [(Status.DELIVERED, "20404")]


@pytest.mark.parametrize("verdict", [UNKNOWN, refused(), not_sent(3)])
async def test_no_verdict_overrules_a_receipt_that_came_first(store: SqliteStore, verdict: Verdict) -> None:
    _, ref = await sending(store)
    await store.take_callback(raw(ref=ref), receipt())
    sms = await store.finish_attempt(ref, verdict)
    assert (sms.status, sms.reason) == (Status.DELIVERED, None)


async def test_a_receipt_elsewhere_before_the_answer_waits_for_it(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    taken = await store.take_callback(raw(), receipt())
    assert (taken.sms_id, taken.is_repeat) == (None, False)
    assert (await store.finish_attempt(ref, accepted())).status is Status.DELIVERED
    assert (await store.take_callback(raw(), receipt())).is_repeat
    assert (await get(store, sms_id)).status is Status.DELIVERED


async def test_a_receipt_waits_for_a_day_and_no_longer(store: SqliteStore, clock: Clock) -> None:
    await store.take_callback(raw(), receipt())
    clock.advance(25 * 3600)
    _, ref = await sending(store)
    assert (await store.finish_attempt(ref, accepted())).status is Status.ACCEPTED


async def test_a_repeated_receipt_is_known_and_changes_nothing(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    await store.finish_attempt(ref, accepted())
    await store.take_callback(raw(ref=ref), receipt())
    before = await get(store, sms_id)
    taken = await store.take_callback(raw(ref=ref), receipt())
    assert (taken.sms_id, taken.is_repeat) == (None, True)
    assert await get(store, sms_id) == before


async def test_a_receipt_for_a_refused_sms_changes_nothing_and_is_kept(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    await store.finish_attempt(ref, refused())
    before = await get(store, sms_id)
    taken = await store.take_callback(raw(ref=ref), receipt())
    assert (taken.sms_id, await get(store, sms_id)) == (None, before)
    assert taken.callback_id


async def test_a_failure_tells_why_and_what_to_do(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    await store.finish_attempt(ref, accepted())
    await store.take_callback(raw(ref=ref), receipt(status="failed", error_code="14"))
    failed = await get(store, sms_id)
    assert (failed.status, failed.parts[0].error_code) == (Status.FAILED, "14")
    assert failed.reason == receipt_error("14").line != receipt_error("14").sentence
    await store.take_callback(raw(ref=ref), receipt(status="delivered", error_code="0"))
    delivered = await get(store, sms_id)
    assert (delivered.status, delivered.reason) == (Status.DELIVERED, None)


@pytest.mark.parametrize("code", [None, "0"])
@pytest.mark.parametrize(
    ("status", "says"),
    [("expired", "not delivered in time"), ("failed", "gave no reason"), ("rejected", "gave no reason")],
)
async def test_a_failure_without_a_code_says_so(store: SqliteStore, status: str, says: str, code: str | None) -> None:
    sms_id, ref = await sending(store)
    await store.take_callback(raw(ref=ref), receipt(status=status, error_code=code))
    assert says in ((await get(store, sms_id)).reason or "")


async def test_a_long_sms_shows_its_least_advanced_part(store: SqliteStore) -> None:
    sms_id, ref = await sending(store, segments=3)
    await store.finish_attempt(ref, accepted(part("a"), part("b"), part("c")))
    shown = []
    for message_id, status in (("a", "delivered"), ("b", "buffered"), ("c", "delivered"), ("b", "delivered")):
        await store.take_callback(raw(ref=ref), receipt(message_id, status))
        shown.append((await get(store, sms_id)).status)
    assert shown == [Status.ACCEPTED, Status.ACCEPTED, Status.BUFFERED, Status.DELIVERED]


async def test_parts_stand_in_the_order_of_the_answer(store: SqliteStore) -> None:
    sms_id, ref = await sending(store, segments=3)
    for message_id in ("c", "b"):
        await store.take_callback(raw(ref=ref), receipt(message_id))
    await store.finish_attempt(ref, accepted(part("a"), part("b"), part("c")))
    assert [each.message_id for each in (await get(store, sms_id)).parts] == ["a", "b", "c"]


async def test_unknown_is_delivered_when_as_many_parts_are_as_it_has_segments(store: SqliteStore) -> None:
    sms_id, ref = await sending(store, segments=2)
    await store.finish_attempt(ref, UNKNOWN)
    await store.take_callback(raw(ref=ref), receipt("a"))
    assert (await get(store, sms_id)).status is Status.ACCEPTED
    await store.take_callback(raw(ref=ref), receipt("b"))
    assert (await get(store, sms_id)).status is Status.DELIVERED


async def test_a_receipt_under_another_id_than_the_answers_delivers_all_the_same(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    await store.finish_attempt(ref, accepted(part("answered")))
    await store.take_callback(raw(ref=ref), receipt("another"))
    assert (await get(store, sms_id)).status is Status.DELIVERED


async def test_a_receipt_tells_the_price_where_no_answer_did(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    await store.finish_attempt(ref, UNKNOWN)
    await store.take_callback(raw(ref=ref), receipt(status="accepted", price="0.07250000"))
    await store.take_callback(raw(ref=ref), receipt(status="delivered", price="0.07250000"))
    assert (await get(store, sms_id)).price == "0.07250000"


async def test_the_first_try_proves_itself_while_the_repeat_is_under_way(store: SqliteStore) -> None:
    sms_id, first = await sending(store)
    await store.finish_attempt(first, UNKNOWN)
    await store.repeat(sms_id)
    second = await attempt_of(store, sms_id)
    await store.take_callback(raw(ref=first), receipt())
    assert (await get(store, sms_id)).status is Status.DELIVERED
    assert (await store.finish_attempt(second, refused())).status is Status.DELIVERED


PARTS = ("a", "b")
STATUSES = ("accepted", "buffered", "failed", "expired", "delivered", "unknown")

receipts_of_two_parts = st.lists(
    st.builds(receipt, st.sampled_from(PARTS), st.sampled_from(STATUSES)), min_size=1, max_size=8
)


def play(events: Sequence[Receipt | None], *, at_own_address: bool) -> Sms:
    """One SMS of two parts; None is the moment at which the answer comes."""
    db = memory_db()
    try:
        desk = Desk(db)
        sms = sms_rows.add_outbound(desk.work(), new_sms(segments=2), clear_draft=False)
        attempts.begin(desk.work(), sms.id, REF)
        for event in events:
            if event is None:
                attempts.finish(desk.work(), REF, accepted(*(part(each) for each in PARTS)))
            else:
                callbacks.take(desk.work(), raw(ref=REF if at_own_address else None), event)
        return rows.sms_by_seq(db, sms.seq)
    finally:
        db.close()


def outcome(sms: Sms) -> tuple[object, ...]:
    return sms.status, sms.segments, sorted((str(each.message_id), rank(each.status)) for each in sms.parts)


def rank(status: Status) -> int:
    return RANK[status]


@settings(max_examples=60, deadline=None)
@given(receipts_of_two_parts, st.randoms(use_true_random=False), st.booleans())
def test_the_end_does_not_depend_on_the_order(told: list[Receipt], shuffle: object, at_own_address: bool) -> None:  # noqa: FBT001
    """Receipts and the answer in any order, some twice, lead to the same end; equal ranks count as equal."""
    import random  # noqa: PLC0415

    assert isinstance(shuffle, random.Random)
    events: list[Receipt | None] = [*told, None]
    shuffled = [*events, *told]
    shuffle.shuffle(shuffled)
    first, second = play(events, at_own_address=at_own_address), play(shuffled, at_own_address=at_own_address)
    assert outcome(first)[2] == outcome(second)[2]
    assert rank(first.status) == rank(second.status)


@settings(max_examples=40, deadline=None)
@given(receipts_of_two_parts)
def test_no_receipt_lowers_a_part(told: list[Receipt]) -> None:
    highest: dict[str | None, int] = {}
    for count in range(len(told) + 1):
        sms = play([None, *told[:count]], at_own_address=True)
        for each in sms.parts:
            assert rank(each.status) >= highest.get(each.message_id, 0)
            highest[each.message_id] = rank(each.status)


def test_every_receipt_is_kept_with_its_callback(desk: Desk) -> None:
    sms = sms_rows.add_outbound(desk.work(), new_sms(), clear_draft=False)
    attempts.begin(desk.work(), sms.id, REF)
    for told in (receipt(), receipt(), receipt("nobody's"), receipt(None, "unknown")):
        callbacks.take(desk.work(), raw(ref=REF), told)
    kept = desk.db.execute("SELECT callback, status FROM receipt ORDER BY id").fetchall()
    assert [tuple(row) for row in kept] == [(1, "delivered"), (2, "delivered"), (3, "delivered"), (4, "unknown")]
