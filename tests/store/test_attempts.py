"""Attempts and verdicts: what an SMS shows after each, and what is never done twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smschat.domain.delivery import Answer, Status, Verdict
from smschat.errors import NotFoundError, StoreError
from smschat.store import attempts, sms_rows, standing
from tests.store.samples import PEER, UNKNOWN, accepted, new_sms, not_sent, part, raw, receipt, refused

if TYPE_CHECKING:
    from smschat.store import SqliteStore
    from tests.store.conftest import OpenStore
    from tests.store.samples import Clock, Desk


async def attempt_of(store: SqliteStore, sms_id: str) -> str:
    begun = await store.begin_attempt(sms_id)
    assert begun is not None
    return begun.ref


async def sending(store: SqliteStore, *, segments: int = 1) -> tuple[str, str]:
    """An SMS that is under way: its id, and its attempt's."""
    sms = await store.add_outbound(new_sms(segments=segments))
    return sms.id, await attempt_of(store, sms.id)


async def test_an_attempt_is_opened_and_the_sms_is_sending_in_one_step(store: SqliteStore) -> None:
    sms = await store.add_outbound(new_sms(client_ref="mine", wants_receipt=False, wants_inbound=False))
    begun = await store.begin_attempt(sms.id)
    assert begun is not None
    assert (begun.sms.status, begun.sms.tries) == (Status.SENDING, 1)
    assert (begun.client_ref, begun.wants_receipt, begun.wants_inbound) == ("mine", False, False)
    assert len(begun.ref) == 11
    assert await store.begin_attempt(sms.id) is None


async def test_an_sms_that_is_held_is_not_begun(store: SqliteStore) -> None:
    sms = await store.add_outbound(new_sms())
    await store.hold(sms.id, "waits")
    assert await store.begin_attempt(sms.id) is None


async def test_an_sms_that_does_not_exist_is_not_begun(store: SqliteStore) -> None:
    assert await store.begin_attempt("0" * 32) is None


async def test_accepted_brings_parts_price_balance_and_answer(store: SqliteStore) -> None:
    _, ref = await sending(store, segments=3)
    parts = [
        part(f"id-{n}", price="0.07250000", remaining_balance=f"{12 - n}.50000000", network="20408") for n in (1, 2)
    ]
    sms = await store.finish_attempt(ref, accepted(*parts))
    assert (sms.status, sms.reason, sms.segments) == (Status.ACCEPTED, None, 2)
    assert (sms.price, sms.remaining_balance) == ("0.14500000", "10.50000000")
    assert [(each.message_id, each.status, each.network) for each in sms.parts] == [
        ("id-1", Status.ACCEPTED, "20408"),
        ("id-2", Status.ACCEPTED, "20408"),
    ]
    assert sms.answer == Answer(http=200, status="0")
    assert await store.last_balance() == "10.50000000"


async def test_masked_prices_are_no_price(store: SqliteStore) -> None:
    _, ref = await sending(store)
    sms = await store.finish_attempt(ref, accepted(part(price=None, remaining_balance=None)))
    assert (sms.price, sms.remaining_balance, await store.last_balance()) == (None, None, None)


@pytest.mark.parametrize(
    ("prices", "total"),
    [
        ([], None),
        (["*****"], None),
        (["0.07250000", "0.07250000"], "0.14500000"),
        (["0.1", "0.02"], "0.12"),
        (["0.00000000"], "0.00000000"),
        (["1e9999999", "NaN", "0.5"], "0.5"),
        (["123456789012.123456789012", "0.1"], "123456789012.223456789012"),
    ],
)
def test_prices_add_up_with_all_their_digits(prices: list[str], total: str | None) -> None:
    assert standing.summed(prices) == total


async def test_refused_keeps_the_count_of_segments_and_the_codes(store: SqliteStore) -> None:
    _, ref = await sending(store, segments=3)
    sms = await store.finish_attempt(ref, refused("not allowed", part(None, "15")))
    assert (sms.status, sms.reason, sms.segments) == (Status.REFUSED, "not allowed", 3)
    assert [(each.message_id, each.status, each.error_code) for each in sms.parts] == [(None, Status.REFUSED, "15")]


async def test_partly_refused_is_failed_and_stays_so(store: SqliteStore) -> None:
    sms_id, ref = await sending(store, segments=2)
    parts = (part("good"), part(None, "9"))
    sms = await store.finish_attempt(ref, Verdict(status=Status.FAILED, reason="part 2 of 2 refused", parts=parts))
    assert (sms.status, sms.reason) == (Status.FAILED, "part 2 of 2 refused")
    await store.take_callback(raw(ref=ref), receipt("good"))
    after = await store.sms(sms_id)
    assert after is not None
    assert (after.status, after.parts[0].status) == (Status.FAILED, Status.DELIVERED)


async def test_parts_that_are_counted_and_not_told_of_are_waited_for(store: SqliteStore) -> None:
    sms_id, ref = await sending(store, segments=3)
    sms = await store.finish_attempt(ref, replace(accepted(part("a"), part("b")), count=3))
    assert (sms.status, sms.segments, len(sms.parts)) == (Status.ACCEPTED, 3, 2)
    shown = []
    for message_id in ("a", "b", "c"):
        await store.take_callback(raw(ref=ref), receipt(message_id))
        after = await store.sms(sms_id)
        assert after is not None
        shown.append(after.status)
    assert shown == [Status.ACCEPTED, Status.ACCEPTED, Status.DELIVERED]


@pytest.mark.parametrize(("count", "segments"), [(0, 1), (1, 1), (2, 2), (999_999_999, 2)])
async def test_a_count_is_believed_no_further_than_our_own(store: SqliteStore, count: int, segments: int) -> None:
    _, ref = await sending(store, segments=2)
    assert (await store.finish_attempt(ref, replace(accepted(), count=count))).segments == segments


PARTLY = (part("good"), part(None, "9"))


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("status", ["accepted", "buffered", "failed", "expired", "rejected", "delivered"])
async def test_partly_refused_is_failed_whatever_becomes_of_the_rest(
    store: SqliteStore,
    status: str,
    is_first: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Also when the receipt of the part that was taken comes before the answer; nothing is sent again."""
    sms_id, ref = await sending(store, segments=2)
    if is_first:
        await store.take_callback(raw(ref=ref), receipt("good", status))
    await store.finish_attempt(ref, Verdict(status=Status.FAILED, reason="part 2 of 2 refused", parts=PARTLY))
    if not is_first:
        await store.take_callback(raw(ref=ref), receipt("good", status))
    sms = await store.sms(sms_id)
    assert sms is not None
    assert (sms.status, sms.reason) == (Status.FAILED, "part 2 of 2 refused")
    assert [(each.status, each.error_code) for each in sms.parts][1] == (Status.REFUSED, "9")
    assert sms.parts[0].status == status
    assert (await store.due(), await store.begin_attempt(sms_id), await store.repeat(sms_id)) == ([], None, None)


async def test_a_part_without_a_status_may_still_prove_itself(store: SqliteStore) -> None:
    sms_id, ref = await sending(store, segments=2)
    parts = (part("good"), part("silent", ""))
    await store.finish_attempt(ref, Verdict(status=Status.FAILED, reason="part 2 of 2", parts=parts))
    shown = []
    for message_id in ("good", "silent"):
        await store.take_callback(raw(ref=ref), receipt(message_id))
        sms = await store.sms(sms_id)
        assert sms is not None
        shown.append(sms.status)
    assert shown == [Status.FAILED, Status.DELIVERED]


async def test_certainly_not_sent_is_queued_and_due_when_the_verdict_says(store: SqliteStore, clock: Clock) -> None:
    sms_id, ref = await sending(store)
    sms = await store.finish_attempt(ref, not_sent(5))
    assert (sms.status, sms.reason, sms.tries, sms.parts) == (Status.QUEUED, "no network", 1, ())
    assert await store.due() == []
    clock.advance(5)
    assert [each.id for each in await store.due()] == [sms_id]
    assert (await attempt_of(store, sms_id)) != ref


async def test_a_throttled_answer_is_no_part(store: SqliteStore) -> None:
    _, ref = await sending(store, segments=3)
    sms = await store.finish_attempt(ref, not_sent(1, parts=(part(None, "1"),), holds_all=True))
    assert (sms.segments, sms.parts) == (3, ())


async def test_unknown_is_not_begun_again(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    sms = await store.finish_attempt(ref, UNKNOWN)
    assert (sms.status, sms.reason) == (Status.UNKNOWN, "no answer")
    assert await store.begin_attempt(sms_id) is None
    assert await store.due() == []


async def test_a_verdict_told_twice_changes_nothing(store: SqliteStore) -> None:
    _, ref = await sending(store)
    first = await store.finish_attempt(ref, accepted())
    assert await store.finish_attempt(ref, not_sent()) == first


async def test_an_answer_after_all_settles_unknown(store: SqliteStore) -> None:
    _, ref = await sending(store)
    await store.finish_attempt(ref, UNKNOWN)
    sms = await store.finish_attempt(ref, accepted())
    assert (sms.status, len(sms.parts)) == (Status.ACCEPTED, 1)


async def test_a_late_not_sent_does_not_lead_out_of_unknown(store: SqliteStore) -> None:
    _, ref = await sending(store)
    await store.finish_attempt(ref, UNKNOWN)
    for late in (not_sent(), not_sent(parts=(part(None, "1"),))):
        assert (await store.finish_attempt(ref, late)).status is Status.UNKNOWN


async def test_a_verdict_on_no_attempt_is_an_error(store: SqliteStore) -> None:
    with pytest.raises(NotFoundError):
        await store.finish_attempt("no-such-ref", accepted())


async def test_a_repeat_is_a_new_attempt_by_the_users_wish(store: SqliteStore) -> None:
    sms_id, first = await sending(store)
    await store.finish_attempt(first, UNKNOWN)
    repeated = await store.repeat(sms_id)
    assert repeated is not None
    assert (repeated.status, repeated.reason) == (Status.QUEUED, None)
    second = await attempt_of(store, sms_id)
    assert second != first
    assert (await store.finish_attempt(second, accepted())).tries == 2


async def test_consent_lasts_until_the_repeat_was_made(store: SqliteStore) -> None:
    sms_id, first = await sending(store)
    await store.finish_attempt(first, UNKNOWN)
    await store.repeat(sms_id)
    await store.finish_attempt(await attempt_of(store, sms_id), not_sent())
    await store.finish_attempt(await attempt_of(store, sms_id), UNKNOWN)
    with pytest.raises(StoreError, match="repeat without consent"):
        await store._write(lambda work: work.db.execute("UPDATE sms SET status = 'queued'"))
    assert await store.begin_attempt(sms_id) is None
    assert await store.repeat(sms_id) is not None


def test_only_what_may_have_left_counts_as_a_post(desk: Desk) -> None:
    posts = []
    for verdict in (not_sent(), accepted()):
        sms = sms_rows.add_outbound(desk.work(), new_sms(), clear_draft=False)
        attempts.begin(desk.work(), sms.id, f"attempt-{sms.seq}")
        attempts.finish(desk.work(), f"attempt-{sms.seq}", verdict)
        posts.append(desk.db.execute("SELECT posts FROM attempt WHERE sms = ?", (sms.seq,)).fetchone()[0])
    assert posts == [0, 1]


async def test_a_refused_repeat_leaves_open_whether_the_first_try_arrived(store: SqliteStore) -> None:
    sms_id, first = await sending(store)
    await store.finish_attempt(first, UNKNOWN)
    await store.repeat(sms_id)
    sms = await store.finish_attempt(await attempt_of(store, sms_id), refused())
    assert (sms.status, sms.reason) == (Status.UNKNOWN, attempts.FIRST_TRY_MAY_HAVE_ARRIVED)
    await store.take_callback(raw(ref=first), receipt())
    after = await store.sms(sms_id)
    assert after is not None
    assert after.status is Status.DELIVERED


async def test_only_unknown_is_repeated(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    assert await store.repeat(sms_id) is None
    await store.finish_attempt(ref, accepted())
    assert await store.repeat(sms_id) is None


async def test_an_sms_of_two_processes_is_begun_by_one(store: SqliteStore, open_store: OpenStore) -> None:
    other = await open_store()
    ids = [(await store.add_outbound(new_sms(claim=store.holder))).id for _ in range(20)]
    begun = [(await each.begin_attempt(sms_id)) is not None for sms_id in ids for each in (other, store)]
    assert begun == [False, True] * 20


async def test_the_conversation_shows_each_state_of_its_last_sms(store: SqliteStore) -> None:
    sms = await store.add_outbound(new_sms())
    shown = []
    for act in (lambda: store.begin_attempt(sms.id), None):
        if act is not None:
            begun = await act()
        else:
            assert begun is not None
            await store.finish_attempt(begun.ref, accepted())
        conversation = await store.conversation(PEER)
        assert conversation is not None
        assert conversation.last is not None
        shown.append(conversation.last.status)
    assert shown == [Status.SENDING, Status.ACCEPTED]
