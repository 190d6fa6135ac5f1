"""The demo world: believable, consistent, and the same for the same moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from smschat.domain import segments
from smschat.domain.delivery import Status, of_parts
from smschat.domain.sms import Encoding
from smschat.simulator.history import THREADS
from smschat.simulator.world import NUMBER, demo_world

if TYPE_CHECKING:
    from smschat.simulator.world import World

NOON = datetime(2026, 5, 12, 14, 32, tzinfo=timezone(timedelta(hours=2)))


@pytest.fixture
def world() -> World:
    return demo_world(NOON)


def test_it_is_the_same_for_the_same_moment(world: World) -> None:
    assert demo_world(NOON) == world


def test_every_state_that_lasts_is_there(world: World) -> None:
    assert {sms.status for sms in world.in_order()} == {
        Status.RECEIVED, Status.DELIVERED, Status.ACCEPTED, Status.BUFFERED, Status.FAILED, Status.UNKNOWN,
        Status.REFUSED,
    }  # fmt: skip


def test_what_did_not_arrive_says_why(world: World) -> None:
    troubled = (Status.FAILED, Status.REFUSED, Status.UNKNOWN)
    assert all(bool(sms.reason) == (sms.status in troubled) for sms in world.in_order())


def test_there_are_drafts_unread_a_pin_and_somebody_who_opted_out(world: World) -> None:
    conversations = world.conversations
    assert 7 <= len(conversations) <= 9
    assert [conversation.title for conversation in conversations][:2] == ["Anna de Vries", "Bakker BV"]
    assert [conversation.unread for conversation in conversations if conversation.unread] == [2]
    assert sum(bool(conversation.draft) for conversation in conversations) == 1
    assert sum(conversation.pinned for conversation in conversations) == 1
    assert sum(conversation.opted_out for conversation in conversations) == 1
    assert any(not conversation.name for conversation in conversations)


def test_there_are_links_long_ones_emoji_dutch_and_arabic(world: World) -> None:
    texts = [sms.text for sms in world.in_order()]
    assert any("https://" in text for text in texts)
    assert any(sms.segments > 2 for sms in world.in_order())
    assert any("🍦" in text for text in texts)
    assert any("Bel je me even" in text for text in texts)
    assert any("\u0600" <= character <= "\u06ff" for text in texts for character in text)


@pytest.mark.parametrize("hour", range(24))
def test_the_order_of_times_holds_at_any_hour(hour: int) -> None:
    now = NOON.replace(hour=hour, minute=3)
    world = demo_world(now)
    ordered = world.in_order()
    assert [sms.created_at for sms in ordered] == sorted(sms.created_at for sms in ordered)
    assert all(sms.created_at <= now for sms in ordered)
    for thread in THREADS:
        assert [sms.text for sms in world.sms[thread.peer]] == [line.text for line in thread.lines]
    assert world.conversations[0].title == "Anna de Vries"


def test_each_sms_is_what_the_wire_would_have_made_of_it(world: World) -> None:
    for sms in world.in_order():
        counted = segments.count(sms.text)
        assert (sms.encoding, sms.segments) == (counted.encoding, counted.segments)
        assert (sms.type.value == "text") == (sms.encoding is Encoding.GSM7)
        assert {sms.sender, sms.recipient} == {NUMBER, sms.peer}
        assert sms.created_at.tzinfo is UTC
        states = [part.status for part in sms.parts]
        if sms.is_outbound and states:
            assert of_parts(states, sms.segments) is sms.status


def test_ids_are_unique_and_sequence_numbers_count_from_one(world: World) -> None:
    ordered = world.in_order()
    assert [sms.seq for sms in ordered] == list(range(1, len(ordered) + 1))
    assert len({sms.id for sms in ordered}) == len(ordered)
    assert all(len(sms.id) == 32 for sms in ordered)
    part_ids = [part.message_id for sms in ordered for part in sms.parts if part.message_id]
    assert len(set(part_ids)) == len(part_ids)


def test_the_balance_falls_to_where_the_simulator_begins(world: World) -> None:
    balances = [Decimal(sms.remaining_balance) for sms in world.in_order() if sms.remaining_balance]
    assert balances == sorted(balances, reverse=True)
    assert balances[-1] == Decimal("12.5")


def test_unread_is_what_is_inbound_above_what_was_read(world: World) -> None:
    for conversation in world.conversations:
        of_one = world.sms[conversation.peer]
        assert conversation.unread == sum(not sms.is_outbound and sms.seq > conversation.read_upto for sms in of_one)
        assert conversation.last is not None
        assert (conversation.last.id, conversation.activity) == (of_one[-1].id, of_one[-1].seq)


def test_texts_and_numbers_stay_out_of_repr(world: World) -> None:
    told = repr(world) + repr(THREADS)
    assert "see you at 8" not in told
    assert "31655555555" not in told
