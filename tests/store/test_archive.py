"""An export loses nothing, an import brings nothing twice and sends nothing, and what is damaged changes nothing."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from smschat.domain.archive import Pruned, Restored, Section
from smschat.domain.conversation import Contact, Flags
from smschat.domain.delivery import Status
from smschat.errors import ArchiveError
from smschat.store import SqliteStore, schema
from tests.store import rich
from tests.store.samples import NOON, OTHER_PEER, PEER, UNKNOWN, inbound, new_sms, raw, receipt

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from smschat.domain.archive import Entry
    from tests.store.samples import Clock

WAITING = {"1" * 32, "2" * 32, "3" * 32}
ON_ITS_WAY = {"4" * 32, "5" * 32}


async def exported(store: SqliteStore, peer: str | None = None) -> list[Entry]:
    return [entry async for page in store.archive(peer=peer) for entry in page]


def sms_of(entries: list[Entry]) -> dict[str, dict[str, Any]]:
    return {entry.document["id"]: entry.document for entry in entries if entry.section is Section.SMS}


@pytest.fixture
async def other(tmp_path: Path, clock: Clock) -> AsyncIterator[SqliteStore]:
    """An empty store that owns its outbox."""
    async with await SqliteStore.open(tmp_path / "other" / "default.db", clock=clock) as store:
        assert await store.own("receiving")
        yield store


@pytest.fixture
async def full(store: SqliteStore, clock: Clock) -> SqliteStore:
    await rich.fill(store, clock)
    return store


async def test_export_import_export_is_the_same(full: SqliteStore, other: SqliteStore) -> None:
    first = await exported(full)
    assert {entry.section for entry in first} == set(Section)
    done = await other.restore(first)
    assert await exported(other) == first
    assert done.sms == len(sms_of(first)) > 15
    assert done.known == 0


async def test_every_conversation_looks_as_it_did(full: SqliteStore, other: SqliteStore) -> None:
    await other.restore(await exported(full))
    for entry in await exported(full):
        if entry.section is Section.CONVERSATIONS:
            old = await full.conversation(entry.document["peer"])
            new = await other.conversation(entry.document["peer"])
            assert old is not None
            assert new is not None
            assert (old.name, old.notes, old.unread) == (new.name, new.notes, new.unread)
            assert (old.last and old.last.text) == (new.last and new.last.text)
            assert (old.blocked, old.is_unread) == (new.blocked, new.is_unread)
    assert [each.peer for each in await full.conversations()] == [each.peer for each in await other.conversations()]


async def test_the_details_of_each_sms_come_too(full: SqliteStore, other: SqliteStore) -> None:
    await other.restore(await exported(full))
    for sms_id in sms_of(await exported(full)):
        old, new = await full.details(sms_id), await other.details(sms_id)
        assert old is not None
        assert new is not None
        assert [each.ref for each in old.attempts] == [each.ref for each in new.attempts]
        assert [each.raw for each in old.callbacks] == [each.raw for each in new.callbacks]
        assert [replace(each, callback_id="") for each in old.receipts] == [
            replace(each, callback_id="") for each in new.receipts
        ]


async def test_nothing_that_was_imported_is_ever_sent_by_itself(
    full: SqliteStore, other: SqliteStore, clock: Clock
) -> None:
    await other.restore(await exported(full))
    await other.settle_orphans()
    clock.advance(90 * 24 * 3600)
    assert await other.due() == []
    assert await other.next_due_at() is None
    assert await other.scheduled() == []
    for sms_id in WAITING:
        held = await other.sms(sms_id)
        assert held is not None
        assert (held.status, held.held) == (Status.QUEUED, True)
        assert await other.begin_attempt(sms_id) is None
    for sms_id in ON_ITS_WAY:
        sms = await other.sms(sms_id)
        assert sms is not None
        assert sms.status is Status.UNKNOWN


async def test_the_user_can_send_what_was_waiting(full: SqliteStore, other: SqliteStore) -> None:
    await other.restore(await exported(full))
    await other.release("1" * 32)
    assert [sms.id for sms in await other.due()] == ["1" * 32]
    await other.repeat("5" * 32)
    assert await other.begin_attempt("5" * 32) is not None


async def test_an_import_can_be_repeated_and_changes_nothing(full: SqliteStore, other: SqliteStore) -> None:
    first = await exported(full)
    done = await other.restore(first)
    assert await other.restore(first) == Restored(known=done.sms)
    assert await full.restore(first) == Restored(known=done.sms)
    assert await exported(other) == first


async def test_what_is_there_keeps_name_flags_and_draft(full: SqliteStore, other: SqliteStore) -> None:
    await other.save_contacts([Contact(peer=PEER, name="Mum", notes="mine")])
    await other.open_conversation(PEER)
    await other.save_draft(PEER, "my draft")
    await other.set_flags(PEER, Flags(pinned=True))
    await other.add_outbound(new_sms(id="e" * 32, text="from here"))
    await other.restore(await exported(full))
    found = await other.conversation(PEER)
    assert found is not None
    assert (found.name, found.notes, found.draft, found.pinned) == ("Mum", "mine", "my draft", True)
    assert found.unread == 0
    assert "e" * 32 in {sms.id for sms in await other.transcript(PEER)}


async def test_what_is_older_stands_above_what_was_there(store: SqliteStore, other: SqliteStore, clock: Clock) -> None:
    async def say(where: SqliteStore, text: str) -> None:
        clock.advance(60)
        await where.take_callback(raw(ref=None, body=text.encode()), inbound(text))

    await say(store, "one")
    await say(other, "two")
    await say(store, "three")
    seq = (await other.transcript(PEER))[-1].seq
    await other.mark_read(PEER, seq)
    await say(other, "four")
    await say(store, "five")
    clock.advance(60)
    await other.add_outbound(new_sms(text="six"))
    await other.restore(await exported(store))
    transcript = await other.transcript(PEER)
    assert [sms.text for sms in transcript] == ["one", "two", "three", "four", "five", "six"]
    assert [sms.seq for sms in transcript] == sorted(sms.seq for sms in transcript)
    found = await other.conversation(PEER)
    assert found is not None
    assert (found.unread, found.last and found.last.text) == (2, "six")
    assert [sms.text for sms in transcript if sms.seq > found.read_upto] == ["four", "five", "six"]
    assert [hit.sms.text for hit in await other.search("f")] == ["five", "four"]
    assert [hit.sms.text for hit in await other.search("two")] == ["two"]
    details = await other.details(transcript[3].id)
    assert details is not None
    assert [each.raw.body for each in details.callbacks] == [b"four"]
    assert await other.inspect(60) == ()
    again = await other.restore(await exported(store))
    assert (again.sms, [sms.text for sms in await other.transcript(PEER)]) == (0, [sms.text for sms in transcript])
    await other.add_outbound(new_sms(text="seven"))
    assert (await other.transcript(PEER))[-1].text == "seven"


async def test_a_redelivery_brings_nothing_twice(full: SqliteStore, other: SqliteStore) -> None:
    await other.restore(await exported(full))
    for message_id, text in (("m3", "your parcel"), ("d1", "forget me")):
        sender = rich.SENDER if message_id == "m3" else PEER
        taken = await other.take_callback(raw(), inbound(text, message_id=message_id, sender=sender))
        assert taken.is_repeat


async def test_the_same_sms_received_by_two_stores_is_one(store: SqliteStore, other: SqliteStore) -> None:
    for each in (store, other):
        await each.take_callback(raw(), inbound("hi", message_id="m1"))
    assert (await other.restore(await exported(store))).known == 1
    assert len(await other.transcript(PEER)) == 1


async def test_a_late_part_and_a_late_receipt_still_find_theirs(full: SqliteStore, other: SqliteStore) -> None:
    await other.restore(await exported(full))
    details = await other.details("2".rjust(32, "0"))
    assert details is not None
    ref = details.attempts[-1].ref
    taken = await other.take_callback(replace(raw(), ref=ref), receipt("late", "delivered"))
    assert taken.sms_id == "2".rjust(32, "0")


async def test_what_was_imported_is_found_by_its_words(full: SqliteStore, other: SqliteStore) -> None:
    await other.restore(await exported(full))
    assert [hit.sms.text for hit in await other.search("parc")] == ["your parcel"]


async def test_one_conversation_is_exported_alone(full: SqliteStore, other: SqliteStore) -> None:
    entries = await exported(full, rich.SENDER)
    assert {entry.document["peer"] for entry in entries} == {rich.SENDER}
    await other.restore(entries)
    assert await exported(other) == entries
    assert await exported(full, "31600000000") == []


async def test_no_secret_is_in_an_export(full: SqliteStore) -> None:
    token = await full.path_token()
    assert token not in repr([entry.document for entry in await exported(full)])


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        (Section.SMS, "status", "sending"),
        (Section.SMS, "status", "scheduled"),
        (Section.SMS, "status", "received"),
        (Section.SMS, "text", None),
        (Section.SMS, "text", "\ud83d"),
        (Section.SMS, "id", "short"),
        (Section.SMS, "segments", 0),
        (Section.SMS, "segments", True),
        (Section.SMS, "created_at", "yesterday"),
        (Section.SMS, "created_at", "2026-01-01T00:00:00"),
        (Section.SMS, "attempts", 7),
        (Section.CALLBACKS, "body", "not base64!"),
        (Section.CALLBACKS, "n", -1),
        (Section.CONVERSATIONS, "pinned", 1),
        (Section.CONTACTS, "name", 7),
    ],
)
async def test_a_damaged_entry_changes_nothing_and_names_its_place(
    full: SqliteStore, other: SqliteStore, section: Section, name: str, value: object
) -> None:
    entries = await exported(full)
    place = next(
        number
        for number, entry in enumerate(entries)
        if entry.section is section and entry.document.get("direction") != "inbound"
    )
    entries[place] = replace(entries[place], document=entries[place].document | {name: value})
    with pytest.raises(ArchiveError, match=rf"`{section}`"):
        await other.restore(entries)
    assert await exported(other) == []
    assert await other.conversations() == []


async def test_others_write_while_an_export_is_read(full: SqliteStore) -> None:
    whole = await exported(full)
    pages = full.archive()
    first = await anext(pages)
    await full.add_outbound(new_sms(text="meanwhile"))
    rest = [entry async for page in pages for entry in page]
    assert [*first, *rest] == whole


async def test_a_backup_is_a_whole_store_and_sends_nothing(full: SqliteStore, tmp_path: Path, clock: Clock) -> None:
    place = tmp_path / "backup.db"
    await asyncio.gather(full.copy_to(place), *(full.add_outbound(new_sms(text=f"n{n}")) for n in range(20)))
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    async with await SqliteStore.open(place, clock=clock) as copied:
        assert await copied.own("receiving")
        assert await copied.inspect(60) == ()
        assert [each.peer for each in await copied.conversations()] == [
            each.peer for each in await full.conversations()
        ]
        clock.advance(90 * 24 * 3600)
        assert await copied.due() == []
        assert await copied.scheduled() == []
        assert await copied.settle_orphans() == 0
        assert sms_of(await exported(copied))["4" * 32]["status"] == "unknown"
        await copied.release("1" * 32)
        await copied.repeat("5" * 32)
        assert {sms.id for sms in await copied.due()} == {"1" * 32, "5" * 32}


async def test_a_backup_that_fails_leaves_what_was_there(full: SqliteStore, tmp_path: Path) -> None:
    place = tmp_path / "missing" / "backup.db"
    with pytest.raises(ArchiveError, match="cannot be written"):
        await full.copy_to(place)
    assert not place.parent.exists()


async def test_a_prune_takes_what_is_old_and_done_and_leaves_the_rest(full: SqliteStore, clock: Clock) -> None:
    before = clock.now + timedelta(hours=1)
    old = await full.older(before)
    assert old.sms > 10
    assert await full.prune(before) == old
    left = sms_of(await exported(full))
    assert {document["status"] for document in left.values()} == {"queued", "unknown"}
    assert set(left) == WAITING | ON_ITS_WAY | {"2".rjust(32, "0")}
    assert await full.older(before) == Pruned()
    found = await full.conversation(OTHER_PEER)
    assert found is not None
    assert found.last is None
    assert await full.search("parcel") == []


async def test_what_was_pruned_does_not_come_back(full: SqliteStore, clock: Clock) -> None:
    await full.prune(clock.now + timedelta(hours=1))
    count = len(sms_of(await exported(full)))
    taken = await full.take_callback(raw(), inbound("your parcel", message_id="m3", sender=rich.SENDER))
    assert taken.is_repeat
    assert len(sms_of(await exported(full))) == count


async def test_what_is_newer_stays(full: SqliteStore) -> None:
    assert (await full.prune(NOON - timedelta(days=1))).sms == 1
    assert "f" * 32 not in sms_of(await exported(full))
    assert len(sms_of(await exported(full))) > 10


async def test_an_unknown_sms_is_never_pruned(store: SqliteStore) -> None:
    sms = await store.add_outbound(new_sms())
    attempt = await store.begin_attempt(sms.id)
    assert attempt is not None
    await store.finish_attempt(attempt.ref, UNKNOWN)
    assert await store.prune(NOON + timedelta(days=1)) == Pruned()


def size_of(path: Path) -> int:
    return path.stat().st_size


async def test_the_space_of_what_was_pruned_is_given_back(full: SqliteStore, path: Path) -> None:
    for _ in range(300):
        await full.take_callback(raw(body=b"x" * 4000), inbound("x" * 400))
    await full.compact()
    size = size_of(path)
    await full.prune(NOON + timedelta(days=1))
    assert await full.compact()
    assert size_of(path) < size / 2


async def test_space_is_left_alone_where_another_process_owns_it(full: SqliteStore, path: Path) -> None:
    async with await SqliteStore.open(path) as second:
        assert not await second.compact()


def test_a_backup_is_marked_as_a_store(tmp_path: Path) -> None:
    """VACUUM INTO keeps the marks in the header by which a store is known."""
    old = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(old)
    old.execute("VACUUM INTO ?", (str(tmp_path / "new.db"),))
    old.close()
    new = sqlite3.connect(tmp_path / "new.db")
    assert new.execute("PRAGMA application_id").fetchone() == (schema.APPLICATION_ID,)
    new.close()
