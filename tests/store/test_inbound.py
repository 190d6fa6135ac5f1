"""Inbound SMS: one for each message id, and long ones whole, whatever the order and however often parts come."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from smschat.domain.callbacks import Concat, Unreadable
from smschat.domain.delivery import Status
from smschat.domain.sms import Direction, Encoding, SmsType
from smschat.store import callbacks
from smschat.store import inbound as joining
from tests.store.samples import NOON, OTHER_PEER, OWN_NUMBER, PEER, inbound, new_sms, raw

if TYPE_CHECKING:
    from smschat.domain.callbacks import Inbound
    from smschat.domain.sms import Sms
    from smschat.store import SqliteStore
    from tests.store.samples import Clock, Desk

TEXTS = ("one ", "two ", "three ", "four")


def piece(place: int, total: int, *, ref: str = "7", text: str | None = None, **changed: object) -> Inbound:
    return inbound(text or TEXTS[place - 1], concat=Concat(ref=ref, total=total, part=place), **changed)


async def texts(store: SqliteStore, peer: str = PEER) -> list[str]:
    return [sms.text for sms in await store.transcript(peer)]


async def only(store: SqliteStore) -> Sms:
    (sms,) = await store.transcript(PEER)
    return sms


async def test_a_single_sms_is_received_and_unread(store: SqliteStore) -> None:
    taken = await store.take_callback(raw(), inbound("hi", message_id="id-1", keyword="HI"))
    sms = await only(store)
    assert (taken.sms_id, taken.is_repeat) == (sms.id, False)
    assert (sms.direction, sms.status, sms.keyword) == (Direction.INBOUND, Status.RECEIVED, "HI")
    assert (sms.sender, sms.recipient, sms.segments, sms.encoding) == (PEER, OWN_NUMBER, 1, Encoding.GSM7)
    assert [part.message_id for part in sms.parts] == ["id-1"]
    assert (await store.totals()).unread == 1


async def test_a_redelivery_is_a_repeat(store: SqliteStore) -> None:
    sms = inbound()
    first = await store.take_callback(raw(), sms)
    second = await store.take_callback(raw(), sms)
    assert (second.sms_id, second.is_repeat) == (None, True)
    assert second.callback_id != first.callback_id
    assert (len(await store.transcript(PEER)), (await store.totals()).unread) == (1, 1)


def test_the_same_id_with_another_text_is_quarantined(desk: Desk) -> None:
    for text in ("first", "forged"):
        taken = callbacks.take(desk.work(), raw(body=text.encode()), inbound(text, message_id="id-1"))
    assert (taken.sms_id, taken.is_repeat) == (None, False)
    assert [row[0] for row in desk.db.execute("SELECT text FROM sms")] == ["first"]
    logged = desk.db.execute("SELECT body, outcome FROM callback ORDER BY id").fetchall()
    assert [tuple(row) for row in logged] == [(b"first", "taken"), (b"forged", "quarantined")]


def test_what_cannot_be_read_is_kept_byte_for_byte(desk: Desk) -> None:
    taken = callbacks.take(desk.work(), raw(body=b"\xff\x00{"), Unreadable(reason="not UTF-8"))
    assert (taken.sms_id, taken.is_repeat) == (None, False)
    logged = desk.db.execute("SELECT body, method, content_type, outcome, reason FROM callback").fetchone()
    assert tuple(logged) == (b"\xff\x00{", "POST", "application/json", "unreadable", "not UTF-8")


async def test_binary_is_counted_in_octets(store: SqliteStore) -> None:
    await store.take_callback(raw(), inbound("", type="binary", data="00" * 141, udh="050003"))
    sms = await only(store)
    assert (sms.type, sms.encoding, sms.data, sms.segments) == (SmsType.BINARY, Encoding.BINARY, "00" * 141, 2)


async def test_a_type_of_no_name_is_taken_for_what_it_looks_like(store: SqliteStore) -> None:
    await store.take_callback(raw(), inbound("hi", type="flash"))
    assert (await only(store)).type is SmsType.TEXT


@pytest.mark.parametrize("order", [order for n in (2, 3, 4) for order in itertools.permutations(range(1, n + 1))])
def test_parts_are_joined_in_any_order(desk: Desk, order: tuple[int, ...]) -> None:
    total = len(order)
    pieces = [piece(place, total) for place in order]
    made = [callbacks.take(desk.work(), raw(), each).sms_id for each in pieces]
    assert made[:-1] == [None] * (total - 1)
    assert all(callbacks.take(desk.work(), raw(), each).is_repeat for each in pieces)
    (row,) = desk.db.execute("SELECT id, text, status, segments FROM sms").fetchall()
    assert tuple(row) == (made[-1], "".join(TEXTS[:total]), "received", total)


async def test_a_joined_sms_names_all_its_parts(store: SqliteStore) -> None:
    for place in (2, 1):
        await store.take_callback(raw(), piece(place, 2, message_id=f"id-{place}", type="unicode"))
    sms = await only(store)
    assert [part.message_id for part in sms.parts] == ["id-1", "id-2"]
    assert (sms.type, sms.encoding) == (SmsType.UNICODE, Encoding.UCS2)


@pytest.mark.parametrize("changed", [{"sender": OTHER_PEER}, {"recipient": OTHER_PEER}, {"ref": "8"}])
async def test_parts_of_different_sms_are_not_joined(store: SqliteStore, changed: dict[str, str]) -> None:
    await store.take_callback(raw(), piece(1, 2))
    taken = await store.take_callback(raw(), piece(2, 2, **changed))
    assert taken.sms_id is None


async def test_the_longest_sms_that_can_be_is_joined_too(store: SqliteStore) -> None:
    for place in range(1, 256):
        await store.take_callback(raw(), piece(place, 255, text=f"{place} "))
    assert await texts(store) == ["".join(f"{place} " for place in range(1, 256))]


async def test_sets_of_different_lengths_are_not_joined(store: SqliteStore) -> None:
    await store.take_callback(raw(), piece(1, 2))
    assert (await store.take_callback(raw(), piece(2, 3))).sms_id is None


async def test_a_reference_used_again_begins_another_sms(store: SqliteStore, clock: Clock) -> None:
    for text in ("first", "second"):
        for place in (1, 2):
            await store.take_callback(raw(), piece(place, 2, text=f"{text} {place} "))
        clock.advance(3600)
    assert await texts(store) == ["first 1 first 2 ", "second 1 second 2 "]


async def test_a_filled_slot_begins_another_set(store: SqliteStore) -> None:
    for place, text in ((1, "lost "), (1, "new "), (2, "end")):
        await store.take_callback(raw(), piece(place, 2, text=text))
    assert await texts(store) == ["new end"]


async def test_a_part_that_waits_and_comes_again_under_another_id_is_a_repeat(store: SqliteStore) -> None:
    first = [await store.take_callback(raw(), piece(1, 2, message_id=name)) for name in ("a", "b")]
    assert [taken.is_repeat for taken in first] == [False, True]
    await store.take_callback(raw(), piece(2, 2))
    assert await texts(store) == ["one two "]
    assert await store.show_partials(older_than=NOON + timedelta(days=1)) is None
    assert await texts(store) == ["one two "]


async def test_the_same_long_sms_twice_is_two(store: SqliteStore) -> None:
    for _ in range(2):
        for place in (1, 2):
            await store.take_callback(raw(), piece(place, 2))
    assert await texts(store) == ["one two "] * 2


async def test_a_part_of_a_shown_sms_with_a_gap_begins_another_one(store: SqliteStore, clock: Clock) -> None:
    """What was shown with a gap may never be whole, and the next long SMS may begin with the same words."""
    for place in (1, 3):
        await store.take_callback(raw(), piece(place, 3))
    await store.show_partials(older_than=clock.now)
    clock.advance(3600)
    for place, text in ((1, None), (2, "new "), (3, "end")):
        await store.take_callback(raw(), piece(place, 3, text=text))
    assert await texts(store) == [f"one {joining.GAP}three ", "one new end"]


async def test_binary_parts_join_their_octets_and_keep_the_header_that_is_left(store: SqliteStore) -> None:
    for place, data in ((2, "cc"), (1, "aabb")):
        udh = f"0b0504232400000003070{2}0{place}"
        await store.take_callback(raw(), piece(place, 2, text=" ", type="binary", data=data, udh=udh))
    sms = await only(store)
    assert (sms.type, sms.encoding, sms.data, sms.udh) == (SmsType.BINARY, Encoding.BINARY, "aabbcc", "06050423240000")


async def test_parts_a_day_apart_are_not_joined(store: SqliteStore, clock: Clock) -> None:
    await store.take_callback(raw(), piece(1, 2))
    clock.advance(24 * 3600)
    assert (await store.take_callback(raw(), piece(2, 2))).sms_id is None


async def test_what_waits_too_long_is_shown_with_its_gaps(store: SqliteStore, clock: Clock) -> None:
    for place in (2, 4):
        await store.take_callback(raw(), piece(place, 4))
    minute = timedelta(seconds=60)
    assert await store.show_partials(older_than=clock.now - minute) == clock.now + minute
    assert await texts(store) == []
    clock.advance(60)
    assert await store.show_partials(older_than=clock.now - minute) is None
    sms = await only(store)
    gap = joining.GAP
    assert (sms.text, sms.status, sms.segments) == (f"{gap}two {gap}four", Status.PARTIAL, 4)
    assert (await store.totals()).unread == 1


async def test_a_partial_sms_completes_itself_in_its_place(store: SqliteStore, clock: Clock) -> None:
    await store.take_callback(raw(), piece(3, 3))
    await store.show_partials(older_than=clock.now)
    shown = await only(store)
    taken = await store.take_callback(raw(), piece(1, 3))
    halfway = await only(store)
    assert (taken.sms_id, halfway.text, halfway.status) == (shown.id, f"one {joining.GAP}three ", Status.PARTIAL)
    await store.add_outbound(new_sms(text="later"))
    await store.take_callback(raw(), piece(2, 3))
    whole = (await store.transcript(PEER))[0]
    assert (whole.id, whole.seq, whole.status, whole.text) == (shown.id, shown.seq, Status.RECEIVED, "one two three ")
    assert whole.revision > halfway.revision
    assert [part.status for part in whole.parts] == [Status.RECEIVED] * 3
    assert (await store.totals()).unread == 1


async def test_missing_parts_in_a_row_are_one_gap(store: SqliteStore, clock: Clock) -> None:
    await store.take_callback(raw(), piece(1, 4))
    await store.show_partials(older_than=clock.now)
    assert await texts(store) == [f"one {joining.GAP}"]


async def test_one_that_waits_less_long_is_looked_at_later(store: SqliteStore, clock: Clock) -> None:
    await store.take_callback(raw(), piece(1, 2, ref="1"))
    clock.advance(20)
    await store.take_callback(raw(), piece(1, 2, ref="2"))
    clock.advance(40)
    again = await store.show_partials(older_than=clock.now - timedelta(seconds=60))
    assert again == NOON + timedelta(seconds=80)
    assert len(await store.transcript(PEER)) == 1


def test_a_text_is_found_in_the_index_as_it_is_now(desk: Desk) -> None:
    callbacks.take(desk.work(), raw(), piece(2, 2))
    joining.show_partials(desk.work(), desk.work().now)
    callbacks.take(desk.work(), raw(), piece(1, 2))

    def hits(word: str) -> list[int]:
        return [row[0] for row in desk.db.execute("SELECT rowid FROM sms_text WHERE sms_text MATCH ?", (word,))]

    assert (hits("one"), hits("two")) == ([1], [1])
    desk.db.execute("INSERT INTO sms_text(sms_text, rank) VALUES('integrity-check', 1)")
