"""What a part cost last, and to whom in a country was written: told before sending, from what was paid and sent."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from smschat.domain.delivery import Status
from smschat.store import prices
from tests.store.samples import OTHER_PEER, PEER, accepted, new_sms, part, raw, receipt, refused
from tests.store.test_attempts import attempt_of, sending
from tests.store.test_history import past_sms

if TYPE_CHECKING:
    from smschat.domain.delivery import Verdict
    from smschat.store import SqliteStore


async def sent(store: SqliteStore, verdict: Verdict, peer: str = PEER, *, segments: int = 1) -> str:
    sms = await store.add_outbound(new_sms(peer=peer, recipient=peer, segments=segments))
    ref = await attempt_of(store, sms.id)
    await store.finish_attempt(ref, verdict)
    return ref


def paid(price: str | None, network: str | None = "20408") -> Verdict:
    return accepted(part(uuid.uuid4().hex, price=price, network=network))


async def test_nothing_is_known_of_somebody_new(store: SqliteStore) -> None:
    assert await store.part_price(PEER) is None
    await store.open_conversation(PEER)
    assert await store.part_price(PEER) is None


async def test_it_is_the_newest_price_in_the_peers_network_whoever_was_written_to(store: SqliteStore) -> None:
    await sent(store, paid("0.07"))
    await sent(store, paid("0.08"), OTHER_PEER)
    await sent(store, paid("0.50", "26201"), "4915112345678")
    assert await store.part_price(PEER) == "0.08"


async def test_it_is_the_network_that_the_peer_was_seen_in_last(store: SqliteStore) -> None:
    await sent(store, paid("0.07"))
    await sent(store, paid("0.09", "20404"), OTHER_PEER)
    await sent(store, paid(None, "20404"))
    assert await store.part_price(PEER) == "0.09"


async def test_a_network_that_only_a_receipt_names_counts(store: SqliteStore) -> None:
    await sent(store, paid("0.09", "20404"), OTHER_PEER)
    ref = await sent(store, accepted(part("mine")))
    await store.take_callback(raw(ref=ref), receipt("mine", network="20404"))
    assert await store.part_price(PEER) == "0.09"


@pytest.mark.parametrize("network", [None, "20404"])
async def test_without_a_price_in_the_network_it_is_what_this_peer_cost(
    store: SqliteStore, network: str | None
) -> None:
    await sent(store, paid("0.10", None))
    await sent(store, paid("0.50", "26201"), OTHER_PEER)
    await sent(store, paid(None, network))
    assert await store.part_price(PEER) == "0.10"


async def test_a_receipt_for_one_of_several_parts_is_no_price_of_a_part(store: SqliteStore) -> None:
    """It may name the price of all of them."""
    ref = await sent(store, accepted(part("a"), part("b")), segments=2)
    await store.take_callback(raw(ref=ref), receipt("a", network="20408", price="0.14"))
    assert await store.part_price(PEER) is None
    await sent(store, accepted(part("c", price="0.07", network="20408"), part("d", price="0.07")), segments=2)
    assert await store.part_price(PEER) == "0.07"


async def test_what_was_paid_long_ago_is_looked_for_no_further_than_a_fixed_number(store: SqliteStore) -> None:
    await sent(store, paid("0.07", None))
    await store.import_history([], [past_sms() for _ in range(prices.NEWEST - 1)])
    assert await store.part_price(PEER) == "0.07"
    await store.import_history([], [past_sms()])
    assert await store.part_price(PEER) is None


async def test_written_to_are_those_with_the_prefix_whose_sms_was_not_refused(store: SqliteStore) -> None:
    await sent(store, paid("0.07"))
    await sent(store, refused(), OTHER_PEER)
    await sent(store, paid("0.50"), "4915112345678")
    await store.open_conversation("31633333333")
    await store.import_history([], [past_sms(peer="3199", status=Status.UNKNOWN)])
    assert await store.written_to("31") == [PEER, "3199"]
    assert await store.written_to("316") == [PEER]
    assert await store.written_to("") == [PEER, "3199", "4915112345678"]
    assert await store.written_to("32") == []


async def test_a_sender_of_letters_is_no_number_that_was_written_to(store: SqliteStore) -> None:
    await store.import_history([], [past_sms(peer="31BANK")])
    assert await store.written_to("31") == []


async def test_one_refused_and_one_taken_is_written_to(store: SqliteStore) -> None:
    await sent(store, refused())
    await sending(store)
    assert await store.written_to("31") == [PEER]
