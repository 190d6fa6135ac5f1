"""The details of an SMS: every attempt, every receipt with its callback, and all that came for it, oldest first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from smschat.domain.callbacks import Concat, Kind
from smschat.domain.delivery import Answer, Status
from smschat.domain.sms import Encoding, SmsOptions, SmsType
from tests.store.samples import NOON, UNKNOWN, accepted, inbound, new_sms, not_sent, part, raw, receipt, refused
from tests.store.test_attempts import attempt_of, sending
from tests.store.test_history import past_sms

if TYPE_CHECKING:
    from smschat.domain.details import SmsDetails
    from smschat.store import SqliteStore
    from tests.store.samples import Clock

QUOTA = {"quota-limit": "1000", "quota-used": "7"}
OPTIONS = SmsOptions(ttl_ms=20_000, message_class=0, protocol_id=127)


async def details(store: SqliteStore, sms_id: str) -> SmsDetails:
    found = await store.details(sms_id)
    assert found is not None
    return found


async def test_there_are_none_of_what_does_not_exist(store: SqliteStore) -> None:
    assert await store.details("0" * 32) is None


async def test_every_attempt_is_told_in_its_order_also_when_the_clock_goes_back(
    store: SqliteStore, clock: Clock
) -> None:
    sms_id, first = await sending(store)
    await store.finish_attempt(first, replace(not_sent(), answer=Answer(http=429), quota=QUOTA))
    clock.advance(-3600)
    second = await attempt_of(store, sms_id)
    await store.finish_attempt(second, UNKNOWN)
    await store.repeat(sms_id)
    third = await attempt_of(store, sms_id)
    attempts = (await details(store, sms_id)).attempts
    assert [(each.ref, each.state, each.reason) for each in attempts] == [
        (first, "unsent", "no network"),
        (second, "unknown", "no answer"),
        (third, "sending", None),
    ]
    assert [each.answer for each in attempts] == [Answer(http=429), None, None]
    assert [dict(each.quota) for each in attempts] == [QUOTA, {}, {}]
    assert [each.ended_at for each in attempts] == [NOON, clock.now, None]


async def test_the_newest_quota_is_kept_for_the_profile(store: SqliteStore) -> None:
    assert await store.last_quota() == {}
    for used in ("7", "8"):
        _, ref = await sending(store)
        await store.finish_attempt(ref, replace(refused(), quota=QUOTA | {"quota-used": used}))
    _, ref = await sending(store)
    await store.finish_attempt(ref, accepted())
    assert await store.last_quota() == {"quota-limit": "1000", "quota-used": "8"}


async def test_what_was_asked_for_is_told(store: SqliteStore) -> None:
    new = new_sms(client_ref="mine", wants_receipt=False, wants_inbound=False, options=OPTIONS)
    await store.add_outbound(new)
    found = await details(store, new.id)
    assert (found.client_ref, found.wants_receipt, found.wants_inbound) == ("mine", False, False)
    assert found.sms.options == OPTIONS


async def test_receipts_name_their_part_and_their_callback(store: SqliteStore, clock: Clock) -> None:
    sms_id, ref = await sending(store, segments=2)
    await store.finish_attempt(ref, accepted(part("a"), part("b")))
    clock.advance(5)
    ids = [
        (await store.take_callback(raw(ref=ref), told)).callback_id
        for told in (
            receipt("b", "buffered", error_code=None, scts="2601311200", network="20408", price="0.07"),
            receipt("a", "failed", error_code="6", client_ref=ref),
            receipt("a", "failed", error_code="6", client_ref=ref),
            receipt(None, "unknown"),
        )
    ]
    found = await details(store, sms_id)
    assert [each.callback_id for each in found.receipts] == ids
    assert [(each.message_id, each.place, each.status, each.error_code) for each in found.receipts] == [
        ("b", 2, "buffered", None),
        ("a", 1, "failed", "6"),
        ("a", 1, "failed", "6"),
        (None, None, "unknown", None),
    ]
    told = found.receipts[0]
    assert (told.scts, told.network, told.price, told.received_at) == ("2601311200", "20408", "0.07", clock.now)
    assert [each.outcome for each in found.callbacks] == ["taken", "taken", "repeat", "taken"]
    assert {each.sms_id for each in found.callbacks} == {sms_id}


async def test_a_receipt_that_came_before_the_answer_is_in_them(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    ids = [(await store.take_callback(raw(), receipt("early"))).callback_id for _ in range(2)]
    assert (await details(store, sms_id)).callbacks == ()
    await store.finish_attempt(ref, accepted(part("early")))
    found = await details(store, sms_id)
    assert [each.callback_id for each in found.receipts] == ids
    assert [(each.id, each.outcome) for each in found.callbacks] == [(ids[0], "taken"), (ids[1], "repeat")]


async def test_a_receipt_for_an_sms_of_the_past_is_in_them(store: SqliteStore) -> None:
    past = past_sms(options=OPTIONS)
    await store.import_history([], [past])
    found = await details(store, past.id)
    assert (found.attempts, found.receipts, found.sms.options) == ((), (), OPTIONS)


async def test_another_sms_has_no_part_in_them(store: SqliteStore) -> None:
    sms_id, ref = await sending(store)
    other_id, _ = await sending(store)
    await store.take_callback(raw(ref=ref), receipt())
    assert len((await details(store, sms_id)).receipts) == 1
    other = await details(store, other_id)
    assert (other.receipts, other.callbacks, len(other.attempts)) == ((), (), 1)


async def test_an_inbound_sms_has_all_callbacks_of_its_parts_and_repeats(store: SqliteStore) -> None:
    def piece(place: int) -> object:
        return inbound(f"{place}", message_id=f"id-{place}", concat=Concat(ref="1", total=3, part=place))

    taken = [await store.take_callback(raw(), piece(place)) for place in (3, 3, 1, 2, 1)]  # type: ignore[arg-type]
    sms_id = taken[3].sms_id
    assert sms_id is not None
    found = await details(store, sms_id)
    assert [each.id for each in found.callbacks] == [each.callback_id for each in taken]
    assert [each.outcome for each in found.callbacks] == ["taken", "repeat", "taken", "taken", "repeat"]
    assert {each.kind for each in found.callbacks} == {Kind.INBOUND}


async def test_a_part_that_completes_a_shown_sms_is_in_them(store: SqliteStore, clock: Clock) -> None:
    for place in (1, 1):
        await store.take_callback(raw(), inbound(message_id=f"id-{place}", concat=Concat(ref="1", total=2, part=place)))
    await store.show_partials(older_than=clock.now)
    await store.take_callback(raw(), inbound(message_id="id-1", concat=Concat(ref="1", total=2, part=1)))
    taken = await store.take_callback(raw(), inbound(message_id="id-2", concat=Concat(ref="1", total=2, part=2)))
    assert taken.sms_id is not None
    found = await details(store, taken.sms_id)
    assert [each.outcome for each in found.callbacks] == ["taken", "repeat", "repeat", "taken"]


async def test_a_part_that_a_carrier_delivered_twice_is_in_them(store: SqliteStore) -> None:
    """Under another message id, while the first one waits."""
    concat = Concat(ref="1", total=2, part=1)
    for message_id in ("once", "twice"):
        await store.take_callback(raw(), inbound("a", message_id=message_id, concat=concat))
    taken = await store.take_callback(raw(), inbound("b", concat=replace(concat, part=2)))
    assert taken.sms_id is not None
    found = await details(store, taken.sms_id)
    assert [each.outcome for each in found.callbacks] == ["taken", "repeat", "taken"]


@pytest.mark.parametrize(
    "changed",
    [
        {"type": SmsType.BINARY, "text": "", "data": "00ff", "udh": "0605041f900000", "encoding": Encoding.BINARY},
        {"type": SmsType.WAPPUSH, "options": SmsOptions(title="T", url="https://e.example/", validity_ms=60_000)},
        {"type": SmsType.VCARD, "text": "BEGIN:VCARD\nFN:Anna\nEND:VCARD"},
        {"options": SmsOptions(ttl_ms=604_800_000, message_class=3, protocol_id=255)},
    ],
)
async def test_every_kind_of_sms_is_kept_as_it_was_written(store: SqliteStore, changed: dict[str, object]) -> None:
    new = new_sms(**changed)
    written = await store.add_outbound(new)
    begun = await store.begin_attempt(new.id)
    assert begun is not None
    for sms in (written, begun.sms):
        assert (sms.type, sms.text, sms.data, sms.udh, sms.options) == (
            new.type,
            new.text,
            new.data,
            new.udh,
            new.options,
        )
    assert begun.sms.status is Status.SENDING
