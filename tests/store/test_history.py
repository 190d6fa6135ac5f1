"""The past, in bulk: it looks as if it had been added one by one, and nothing of it is ever sent."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from smschat.domain.conversation import Contact, Filter, Shelf
from smschat.domain.delivery import Answer, Status
from smschat.domain.sms import Direction, Encoding, Part, SmsType
from smschat.store import PastConversation, PastSms, history
from tests.store.samples import NOON, OTHER_PEER, OWN_NUMBER, PEER, inbound, new_sms, raw, receipt

if TYPE_CHECKING:
    from smschat.store import SqliteStore


def past_sms(**changed: Any) -> PastSms:
    values: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "peer": PEER,
        "direction": Direction.OUTBOUND,
        "sender": OWN_NUMBER,
        "recipient": PEER,
        "type": SmsType.TEXT,
        "text": "long ago",
        "encoding": Encoding.GSM7,
        "segments": 1,
        "status": Status.DELIVERED,
        "created_at": NOON - timedelta(days=30),
    }
    return PastSms(**(values | changed))


def received(**changed: Any) -> PastSms:
    return past_sms(**({"direction": Direction.INBOUND, "status": Status.RECEIVED} | changed))


async def test_an_sms_of_the_past_is_as_it_was(store: SqliteStore) -> None:
    part = Part(message_id="old", status=Status.DELIVERED, network="20408", price="0.07", error_code="0")
    past = past_sms(
        reason="why", price="0.07", remaining_balance="9.5", parts=(part,), answer=Answer(http=200, status="0")
    )
    assert await store.import_history([], [past]) == 1
    (sms,) = await store.transcript(PEER)
    fields = ("id", "text", "status", "reason", "created_at", "price", "remaining_balance", "parts", "answer")
    assert {name: getattr(sms, name) for name in fields} == {name: getattr(past, name) for name in fields}
    assert sms.updated_at == past.created_at


async def test_conversations_come_with_name_draft_flags_and_unread(store: SqliteStore) -> None:
    past = PastConversation(peer=PEER, name="Anna", draft="hel", pinned=True, muted=True, opted_out=True, unread=2)
    await store.import_history([past], [received(), past_sms(), received(), received()])
    found = await store.conversation(PEER)
    assert found is not None
    assert (found.name, found.draft, found.pinned, found.muted, found.opted_out) == ("Anna", "hel", True, True, True)
    seqs = [sms.seq for sms in await store.transcript(PEER)]
    assert (found.unread, found.read_upto) == (2, seqs[2] - 1)


async def test_the_list_is_ordered_by_the_last_sms_of_each(store: SqliteStore) -> None:
    peers = ["1", "2", "3", "1"]
    await store.import_history([PastConversation(peer="3")], [past_sms(peer=peer) for peer in peers])
    found = await store.conversations()
    assert [conversation.peer for conversation in found] == ["1", "3", "2"]
    assert all(conversation.last is not None for conversation in found)


async def test_an_import_can_be_repeated(store: SqliteStore) -> None:
    past = [past_sms() for _ in range(3)]
    assert await store.import_history([], past) == 3
    assert await store.import_history([], [*past, past_sms()]) == 1
    assert len(await store.transcript(PEER)) == 4


async def test_what_is_there_keeps_its_name_and_what_is_new_stays_new(store: SqliteStore) -> None:
    await store.open_conversation(PEER, name="Anna")
    await store.take_callback(raw(), inbound())
    await store.import_history([PastConversation(peer=PEER, name="Other")], [received()])
    found = await store.conversation(PEER)
    assert found is not None
    assert (found.name, found.unread) == ("Anna", 2)
    await store.mark_read(PEER, 10**9)
    await store.import_history([], [received()])
    found = await store.conversation(PEER)
    assert found is not None
    assert found.unread == 0


@pytest.mark.parametrize("status", [Status.SCHEDULED, Status.QUEUED, Status.SENDING, Status.UNKNOWN])
async def test_nothing_of_the_past_is_sent(store: SqliteStore, status: Status) -> None:
    past = past_sms(status=status)
    await store.import_history([], [past])
    assert (await store.due(), await store.begin_attempt(past.id)) == ([], None)
    (sms,) = await store.transcript(PEER)
    on_its_way = status in {Status.SENDING, Status.UNKNOWN}
    assert sms.status is (Status.UNKNOWN if on_its_way else Status.REFUSED)


async def test_a_late_receipt_settles_an_sms_of_the_past(store: SqliteStore) -> None:
    past = past_sms(status=Status.ACCEPTED, parts=(Part(message_id="old", status=Status.ACCEPTED),))
    await store.import_history([], [past])
    taken = await store.take_callback(raw(), receipt("old"))
    assert taken.sms_id == past.id
    (sms,) = await store.transcript(PEER)
    assert sms.status is Status.DELIVERED


async def test_an_unknown_one_of_the_past_may_be_repeated_by_its_user(store: SqliteStore) -> None:
    past = past_sms(status=Status.UNKNOWN)
    await store.import_history([], [past])
    assert await store.repeat(past.id) is not None
    assert await store.begin_attempt(past.id) is not None


async def test_every_text_is_found(store: SqliteStore) -> None:
    await store.import_history([], [past_sms(text="Café"), past_sms(text="elsewhere", peer=OTHER_PEER)])
    await store.add_outbound(new_sms(text="a new café"))

    def hits(work: Any) -> list[int]:
        work.db.execute("INSERT INTO sms_text(sms_text, rank) VALUES('integrity-check', 1)")
        return [row[0] for row in work.db.execute("SELECT rowid FROM sms_text WHERE sms_text MATCH 'cafe'")]

    assert len(await store._write(hits)) == 2


async def test_an_import_of_several_chunks_is_whole(store: SqliteStore) -> None:
    count = history.CHUNK + 10
    assert await store.import_history([], (past_sms(text=str(n)) for n in range(count))) == count
    assert [sms.text for sms in await store.transcript(PEER, limit=2)] == [str(count - 2), str(count - 1)]


async def test_a_contact_that_is_there_names_a_conversation_of_the_past(store: SqliteStore) -> None:
    await store.save_contacts([Contact(peer=PEER, name="Anna", notes="two\nlines")])
    past = [PastConversation(peer=PEER, name="A. de Vries"), PastConversation(peer=OTHER_PEER, name="Bob")]
    await store.import_history(past, [past_sms()])
    found = await store.conversation(PEER)
    assert found is not None
    assert (found.name, found.notes) == ("Anna", "two\nlines")
    assert [(each.peer, each.name) for each in await store.contacts()] == [(PEER, "Anna"), (OTHER_PEER, "Bob")]


async def test_a_blocked_conversation_of_the_past_is_archived(store: SqliteStore) -> None:
    await store.import_history([PastConversation(peer=PEER, blocked=True)], [received()])
    assert await store.conversations() == []
    (found,) = await store.conversations(wanted=Filter(shelf=Shelf.ARCHIVED))
    assert (found.blocked, found.archived) == (True, True)
