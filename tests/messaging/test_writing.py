"""Who an SMS is from, what the writer is told before, and what is sent again as it was; over a real store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smschat.domain.identity import Identity
from smschat.domain.sms import SmsOptions, SmsType
from smschat.errors import NotConfirmedError, NumberError, RefusedHereError, SenderError
from smschat.messaging.compose import Extras, Wish, compose
from smschat.messaging.messenger import Messenger
from smschat.store import SqliteStore
from tests.store.samples import NOON, accepted, inbound, part, raw, refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PEER, OTHER = "31611111111", "31622222222"
AMERICAN, CANADIAN = "12025550123", "14165550123"
NUMBER, SECOND, FOREIGN = "31970000000", "31970000001", "31970000009"
ME = Identity(number=NUMBER, sender="Acme", country="NL", is_test=False)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = await SqliteStore.open(tmp_path / "default.db", clock=lambda: NOON)
    assert await store.own("receiving")
    yield store
    await store.close()


@pytest.fixture
def messenger(store: SqliteStore) -> Messenger:
    return Messenger(store, ME)


async def sender_to(messenger: Messenger, peer: str = PEER) -> str:
    sent = await messenger.send(peer, "hello")
    assert (await messenger.advice(peer)).sender == sent.sender
    return sent.sender


async def test_the_usual_sender_is_that_of_the_settings(messenger: Messenger) -> None:
    assert await sender_to(messenger) == "Acme"


@pytest.mark.parametrize(("wrote_to", "sender"), [(NUMBER, NUMBER), (SECOND, SECOND), (FOREIGN, "Acme")])
async def test_an_answer_goes_from_the_number_that_the_peer_wrote_to_if_it_is_ours(
    store: SqliteStore, messenger: Messenger, wrote_to: str, sender: str
) -> None:
    await store.save_own_numbers([NUMBER, SECOND])
    await store.take_callback(raw(), inbound(sender=PEER, recipient=wrote_to))
    assert await sender_to(messenger) == sender
    assert await sender_to(messenger, OTHER) == "Acme"


async def test_the_sender_chosen_for_a_conversation_goes_before_and_can_be_taken_back(
    store: SqliteStore, messenger: Messenger
) -> None:
    await store.take_callback(raw(), inbound(sender=PEER, recipient=NUMBER))
    await messenger.choose_sender(PEER, "+31 97 0000 00011")
    assert await sender_to(messenger) == "3197000000011"
    assert await sender_to(messenger, OTHER) == "Acme"
    await messenger.choose_sender(PEER, None)
    assert await sender_to(messenger) == NUMBER


async def test_the_sender_asked_for_goes_before_all_and_is_for_once(messenger: Messenger) -> None:
    await messenger.open_conversation(PEER)
    await messenger.choose_sender(PEER, SECOND)
    assert (await messenger.send(PEER, "hello", extras=Extras(sender="Bakker"))).sender == "Bakker"
    assert (await messenger.advice(PEER, Extras(sender="Bakker"))).sender == "Bakker"
    assert await sender_to(messenger) == SECOND


async def test_a_sender_that_cannot_be_is_not_chosen(messenger: Messenger) -> None:
    with pytest.raises(SenderError):
        await messenger.choose_sender(PEER, "no such name")


@pytest.mark.parametrize(("sender", "is_one_way"), [("Bakker", True), (NUMBER, False)])
async def test_advice_says_whether_the_recipient_can_answer(
    messenger: Messenger, sender: str, *, is_one_way: bool
) -> None:
    assert (await messenger.advice(PEER, Extras(sender=sender))).is_one_way is is_one_way


async def test_a_country_is_told_of_until_something_was_sent_there(store: SqliteStore, messenger: Messenger) -> None:
    first = await messenger.advice(AMERICAN)
    assert first.country == "US"
    assert "the United States" in first.country_notes[0].sentence
    await messenger.send(AMERICAN, "hello")
    assert (await messenger.advice("12025550199")).country_notes == ()


async def test_each_country_of_a_calling_code_counts_by_itself(messenger: Messenger) -> None:
    await messenger.send(AMERICAN, "hello")
    advice = await messenger.advice(CANADIAN)
    assert (advice.country, [note.country for note in advice.country_notes]) == ("CA", ["CA"])


async def test_what_was_refused_was_not_sent_there(store: SqliteStore, messenger: Messenger) -> None:
    sms = await messenger.send(AMERICAN, "hello")
    attempt = await store.begin_attempt(sms.id)
    assert attempt is not None
    await store.finish_attempt(attempt.ref, refused("no", part(None, "15")))
    assert (await messenger.advice(AMERICAN)).country_notes


async def test_advice_knows_what_a_part_cost_last(store: SqliteStore, messenger: Messenger) -> None:
    assert (await messenger.advice(PEER)).part_price is None
    sms = await messenger.send(PEER, "hello")
    attempt = await store.begin_attempt(sms.id)
    assert attempt is not None
    await store.finish_attempt(attempt.ref, accepted(part(network="20408", price="0.07250000")))
    assert (await messenger.advice(PEER)).part_price == "0.07250000"


@pytest.mark.parametrize("peer", ["Bakker", "1008", ""])
async def test_of_a_name_or_a_short_code_no_country_is_known(messenger: Messenger, peer: str) -> None:
    advice = await messenger.advice(peer)
    assert (advice.country, advice.country_notes, advice.part_price) == (None, (), None)


async def test_a_name_cannot_be_written_to(messenger: Messenger) -> None:
    with pytest.raises(NumberError):
        await messenger.send("Bakker", "hello")


async def test_extras_make_the_kind_of_sms(messenger: Messenger) -> None:
    options = SmsOptions(ttl_ms=60_000, message_class=0, protocol_id=127)
    extras = Extras(data="00ff", udh="06050415811581", options=options)
    sms = await messenger.send(PEER, "", extras=extras)
    kept = await messenger.sms(sms.id)
    assert kept is not None
    assert (kept.type, kept.text, kept.data, kept.udh) == (SmsType.BINARY, "", "00ff", "06050415811581")
    assert kept.options == options


async def test_what_cannot_be_sent_is_not_written_down(messenger: Messenger) -> None:
    with pytest.raises(RefusedHereError):
        await messenger.send(PEER, "", extras=Extras(data="0"))
    assert await messenger.transcript(PEER) == []


@pytest.mark.parametrize(
    "wish",
    [
        Wish(to=PEER, text="x", sms_type="unicode", client_ref="order 7", options=SmsOptions(ttl_ms=20_000)),
        Wish(to=PEER, text="x", wants_receipt=False, sender="Bakker"),
        Wish(to=PEER, text="", data="00ff", udh="06050415811581", options=SmsOptions(protocol_id=1)),
        Wish(to=PEER, text="BEGIN:VCARD\r\nFN:Anna\r\nEND:VCARD\r\n", sms_type="vcard"),
        Wish(to=PEER, text="", options=SmsOptions(title="t", url="https://example.com", validity_ms=1000)),
    ],
    ids=["unicode", "text", "binary", "vcard", "wappush"],
)
async def test_what_is_sent_again_is_the_same_but_new(store: SqliteStore, messenger: Messenger, wish: Wish) -> None:
    first = await messenger.post(compose(wish, ME))
    attempt = await store.begin_attempt(first.id)
    assert attempt is not None
    await store.finish_attempt(attempt.ref, refused())
    again = await messenger.resend(first.id)
    assert again.id != first.id
    for name in ("sender", "recipient", "type", "text", "data", "udh", "options", "segments", "encoding"):
        assert getattr(again, name) == getattr(first, name)
    repeated = await store.begin_attempt(again.id)
    assert repeated is not None
    assert (repeated.client_ref, repeated.wants_receipt) == (wish.client_ref, wish.wants_receipt)


async def test_another_sender_brings_the_notes_that_are_its_own(messenger: Messenger) -> None:
    await messenger.send(AMERICAN, "hello")
    assert (await messenger.advice(AMERICAN)).country_notes == ()
    await messenger.choose_sender(AMERICAN, NUMBER)
    (note,) = (await messenger.advice(AMERICAN)).country_notes
    assert "a number that is not registered" in note.sentence
    await messenger.choose_sender(AMERICAN, None)
    assert (await messenger.advice(AMERICAN)).country_notes == ()


async def test_everything_that_is_asked_about_is_asked_at_once(store: SqliteStore, messenger: Messenger) -> None:
    await store.take_callback(raw(), inbound(text="STOP", sender=PEER))
    with pytest.raises(NotConfirmedError, match=r"they sent STOP.*; and this SMS has 7 segments") as asked:
        await messenger.send(PEER, "x" * 1000)
    assert asked.value.code == "opted_out"
    assert (await messenger.send(PEER, "x" * 1000, confirmed=True)).segments == 7
    wish = Wish(to="+" + PEER, text="x" * 1000, sender=NUMBER)
    with pytest.raises(NotConfirmedError, match=r"^this SMS has 7 segments"):
        await messenger.post(compose(wish, ME), peer_confirmed=True)
