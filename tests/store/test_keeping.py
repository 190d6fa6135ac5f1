"""Marks, contacts, places, times and deletion, as other processes see them too."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from smschat.domain.callbacks import Concat
from smschat.domain.changes import ConversationDeleted, SmsDeleted
from smschat.domain.conversation import Contact, Filter, Flags, Shelf, matches
from smschat.domain.delivery import Status, Verdict
from smschat.errors import RefusedHereError
from tests.store.samples import NOON, OTHER_PEER, PEER, inbound, new_sms, raw, receipt

if TYPE_CHECKING:
    from smschat.domain.callbacks import Meaning
    from smschat.domain.changes import Change
    from smschat.messaging.ports import Store
    from smschat.store import SqliteStore
    from tests.store.conftest import OpenStore
    from tests.store.samples import Clock

IN_AN_HOUR = NOON + timedelta(hours=1)


async def come(store: SqliteStore, text: str = "hi", *, peer: str = PEER, message_id: str = "m-1") -> None:
    meaning: Meaning = inbound(text, sender=peer, message_id=message_id)
    await store.take_callback(raw(body=text.encode()), meaning)


async def peers(store: SqliteStore, shelf: Shelf = Shelf.ACTIVE, text: str = "") -> list[str]:
    return [each.peer for each in await store.conversations(wanted=Filter(shelf=shelf, text=text))]


class Hearer:
    """Hears what a store tells of."""

    def __init__(self, store: SqliteStore) -> None:
        self._changes: list[Change] = []
        self._heard = asyncio.Event()
        store.subscribe(self._hear)

    def _hear(self, changes: tuple[Change, ...]) -> None:
        self._changes += changes
        self._heard.set()

    async def until(self, kind: type[Change]) -> None:
        async with asyncio.timeout(60):
            while not any(isinstance(change, kind) for change in self._changes):
                self._heard.clear()
                await self._heard.wait()


async def test_the_store_keeps_every_promise_of_the_port(store: SqliteStore) -> None:
    as_promised: Store = store
    assert await as_promised.contacts() == []


async def test_marks_are_kept_and_the_list_follows(store: SqliteStore) -> None:
    await come(store, peer=PEER, message_id="1")
    await come(store, peer=OTHER_PEER, message_id="2")
    assert await peers(store) == [OTHER_PEER, PEER]
    changed = await store.set_flags(PEER, Flags(pinned=True, muted=True, opted_out=True))
    assert changed is not None
    assert (changed.pinned, changed.muted, changed.opted_out, changed.archived) == (True, True, True, False)
    assert await peers(store) == [PEER, OTHER_PEER]
    assert await store.set_flags("31699999999", Flags(pinned=True)) is None


async def test_an_archived_conversation_returns_on_a_new_sms_and_a_blocked_one_does_not(store: SqliteStore) -> None:
    await come(store, message_id="1")
    await store.mark_read(PEER, 1)
    await store.set_flags(PEER, Flags(archived=True))
    assert (await peers(store), await peers(store, Shelf.ARCHIVED)) == ([], [PEER])
    await come(store, message_id="2")
    assert await peers(store) == [PEER]
    blocked = await store.set_flags(PEER, Flags(blocked=True))
    assert blocked is not None
    assert blocked.archived
    await come(store, "again", message_id="3")
    row = await store.conversation(PEER)
    assert row is not None
    assert row.archived
    assert row.last is not None
    assert (row.last.text, row.unread) == ("again", 0)
    assert (await store.totals()).unread == 0
    back = await store.set_flags(PEER, Flags(blocked=False))
    assert back is not None
    assert not back.archived


async def test_a_mark_of_unread_goes_when_it_is_read_and_all_can_be_read_at_once(store: SqliteStore) -> None:
    await come(store, message_id="1")
    await store.mark_read(PEER, 1)
    await store.set_flags(PEER, Flags(marked_unread=True))
    assert await peers(store, Shelf.UNREAD) == [PEER]
    await store.mark_read(PEER, 1)
    assert await peers(store, Shelf.UNREAD) == []
    await come(store, message_id="2")
    await come(store, peer=OTHER_PEER, message_id="3")
    assert await store.mark_all_read() == 2
    assert await store.mark_all_read() == 0
    assert await peers(store, Shelf.UNREAD) == []


async def test_what_did_not_arrive_stands_on_a_shelf_until_something_does(store: SqliteStore) -> None:
    await store.add_outbound(new_sms())
    sms = (await store.transcript(PEER))[0]
    assert await peers(store, Shelf.FAILED) == []
    await store.withdraw(sms.id, "no")
    assert await peers(store, Shelf.FAILED) == [PEER]
    await store.add_outbound(new_sms())
    assert await peers(store, Shelf.FAILED) == []


async def test_a_contact_names_its_conversation_now_and_later(store: SqliteStore) -> None:
    await store.save_contacts([Contact(peer=PEER, name="Ánna de Vries", notes="two\nlines")])
    assert await peers(store) == []
    await come(store)
    row = await store.conversation(PEER)
    assert row is not None
    assert (row.name, row.notes) == ("Ánna de Vries", "two\nlines")
    assert await store.save_contacts([Contact(peer=PEER, name="Anna", notes="")]) == 1
    assert await store.save_contacts([Contact(peer=PEER, name="Anna", notes="")]) == 0
    assert [each.name for each in await store.contacts()] == ["Anna"]
    assert await store.remove_contact(PEER)
    assert not await store.remove_contact(PEER)
    row = await store.conversation(PEER)
    assert row is not None
    assert row.name == ""


@pytest.mark.parametrize(("text", "is_there"), [("ann", True), ("VRIES an", True), ("anna x", False), ("061111", True)])
async def test_the_list_and_the_screen_filter_alike(store: SqliteStore, text: str, *, is_there: bool) -> None:
    await store.open_conversation(PEER, name="Ánna de Vries")
    row = await store.conversation(PEER)
    assert row is not None
    assert matches(row, Filter(text=text)) is is_there
    assert await peers(store, text=text) == ([PEER] if is_there else [])


async def test_the_next_unread_is_below_then_from_the_top_and_muted_ones_come_last(store: SqliteStore) -> None:
    for number in range(4):
        await come(store, peer=f"3160000000{number}", message_id=str(number))
    await store.set_flags("31600000003", Flags(muted=True))
    await store.mark_read("31600000001", 99)

    async def after(peer: str | None) -> str | None:
        found = await store.next_unread(peer)
        return None if found is None else found.peer

    assert await after(None) == "31600000002"
    assert await after("31600000002") == "31600000000"
    assert await after("31600000000") == "31600000002"
    for number in (0, 2):
        await store.mark_read(f"3160000000{number}", 99)
    assert await after("31600000000") == "31600000003"
    assert await after("31600000003") is None


async def test_a_day_is_a_place_in_a_conversation(store: SqliteStore, clock: Clock) -> None:
    for number in range(3):
        await come(store, message_id=str(number))
        clock.advance(86400)
    assert await store.place_at(PEER, NOON + timedelta(hours=1)) == 2
    assert await store.place_at(PEER, NOON) == 1
    assert await store.place_at(PEER, NOON + timedelta(days=9)) is None


async def test_everybody_can_be_found_but_the_blocked(store: SqliteStore) -> None:
    await come(store, peer=PEER, message_id="1")
    await come(store, peer=OTHER_PEER, message_id="2")
    await store.save_contacts([Contact(peer="31655555555", name="Zoe"), Contact(peer=PEER, name="Anna")])
    assert [(each.peer, each.name) for each in await store.people()] == [
        (OTHER_PEER, ""),
        (PEER, "Anna"),
        ("31655555555", "Zoe"),
    ]
    await store.set_flags(PEER, Flags(blocked=True))
    assert [each.peer for each in await store.people()] == [OTHER_PEER, "31655555555"]


async def test_an_sms_waits_for_its_time_and_is_sent_then_once(
    store: SqliteStore, open_store: OpenStore, clock: Clock
) -> None:
    other = await open_store()
    sms = await other.add_outbound(new_sms(send_at=IN_AN_HOUR))
    assert (sms.status, sms.send_at) == (Status.SCHEDULED, IN_AN_HOUR)
    assert await store.due() == []
    assert await store.next_due_at() == IN_AN_HOUR
    clock.advance(3600)
    assert await other.due() == []
    (due,) = await store.due()
    assert (due.id, due.status, due.held, due.send_at) == (sms.id, Status.QUEUED, False, IN_AN_HOUR)
    attempt = await store.begin_attempt(sms.id)
    assert attempt is not None
    assert await other.begin_attempt(sms.id) is None
    assert await store.due() == []


async def test_what_is_an_hour_late_waits_for_the_user(store: SqliteStore, clock: Clock) -> None:
    sms = await store.add_outbound(new_sms(send_at=IN_AN_HOUR))
    clock.advance(2 * 3600 + 1)
    assert await store.due() == []
    late = await store.sms(sms.id)
    assert late is not None
    assert (late.status, late.held) == (Status.QUEUED, True)
    assert late.reason is not None
    assert "no smschat was running" in late.reason
    assert await store.release(sms.id) is not None
    assert [each.id for each in await store.due()] == [sms.id]


async def test_what_is_sent_at_its_time_stands_behind_what_came_meanwhile(store: SqliteStore, clock: Clock) -> None:
    sms = await store.add_outbound(new_sms(text="later", send_at=IN_AN_HOUR))
    await come(store, "meanwhile")
    clock.advance(3600)
    await store.due()
    assert [each.text for each in await store.transcript(PEER)] == ["meanwhile", "later"]
    row = await store.conversation(PEER)
    assert row is not None
    assert row.last is not None
    assert (row.last.id, row.unread) == (sms.id, 1)
    assert [hit.sms.text for hit in await store.search("later")] == ["later"]
    await store.add_outbound(new_sms(text="after"))
    assert [each.text for each in await store.transcript(PEER)] == ["meanwhile", "later", "after"]


async def test_a_scheduled_sms_can_be_moved_and_taken_back_until_its_time(store: SqliteStore, clock: Clock) -> None:
    heard = Hearer(store)
    sms = await store.add_outbound(new_sms(send_at=IN_AN_HOUR))
    moved = await store.reschedule(sms.id, IN_AN_HOUR + timedelta(hours=1))
    assert moved is not None
    assert await store.next_due_at() == moved.send_at
    assert [each.id for each in await store.scheduled()] == [sms.id]
    taken = await store.cancel(sms.id)
    assert taken is not None
    assert taken.text == sms.text
    await heard.until(SmsDeleted)
    assert await store.cancel(sms.id) is None
    assert await store.reschedule(sms.id, IN_AN_HOUR) is None
    assert await store.transcript(PEER) == []
    clock.advance(7200)
    assert await store.due() == []


async def test_the_budget_counts_an_sms_at_its_time(store: SqliteStore, clock: Clock) -> None:
    await store.add_outbound(new_sms(send_at=IN_AN_HOUR, segments=3))
    assert await store.segments_since(NOON) == 0
    clock.advance(3600)
    await store.due()
    assert await store.segments_since(NOON + timedelta(minutes=30)) == 3


async def test_a_deleted_sms_is_gone_everywhere_and_does_not_come_back(
    store: SqliteStore, open_store: OpenStore
) -> None:
    other = await open_store()
    heard = Hearer(other)
    await come(store, "first", message_id="1")
    await come(store, "secret words", message_id="2")
    sms = (await store.transcript(PEER))[-1]
    assert await store.delete_sms(sms.id)
    assert not await store.delete_sms(sms.id)
    await heard.until(SmsDeleted)
    await come(store, "secret words", message_id="2")
    assert [each.text for each in await other.transcript(PEER)] == ["first"]
    assert await store.search("secret") == []
    row = await other.conversation(PEER)
    assert row is not None
    assert row.last is not None
    assert (row.last.text, row.unread) == ("first", 1)
    assert [b"secret" in each.raw.body for each in await store.callbacks()] == [False, False, False]


async def test_what_is_under_way_cannot_be_deleted_and_a_late_receipt_changes_nothing(store: SqliteStore) -> None:
    sms = await store.add_outbound(new_sms())
    assert not await store.delete_sms(sms.id)
    attempt = await store.begin_attempt(sms.id)
    assert attempt is not None
    assert not await store.delete_sms(sms.id)
    with pytest.raises(RefusedHereError):
        await store.delete_conversation(PEER)
    await store.finish_attempt(attempt.ref, Verdict(status=Status.UNKNOWN, reason="?"))
    assert await store.delete_sms(sms.id)
    await store.take_callback(raw(ref=attempt.ref), receipt())
    assert await store.transcript(PEER) == []


async def test_a_deleted_conversation_leaves_its_contact(store: SqliteStore, open_store: OpenStore) -> None:
    other = await open_store()
    heard = Hearer(other)
    await store.save_contacts([Contact(peer=PEER, name="Anna")])
    await come(store, message_id="1")
    await come(store, message_id="2")
    assert await store.delete_conversation(PEER) == 2
    await heard.until(ConversationDeleted)
    assert await store.conversation(PEER) is None
    assert [each.name for each in await store.contacts()] == ["Anna"]
    await come(store, "new", message_id="3")
    row = await store.conversation(PEER)
    assert row is not None
    assert (row.name, row.unread) == ("Anna", 1)


async def test_who_says_stop_has_opted_out_until_start(store: SqliteStore) -> None:
    for number, (text, is_out) in enumerate([("stop it", False), ("Stop.", True), ("hello", True), ("START", False)]):
        await come(store, text, message_id=str(number))
        row = await store.conversation(PEER)
        assert row is not None
        assert row.opted_out is is_out, text


async def test_an_empty_conversation_is_unmarked_by_opening_it(store: SqliteStore) -> None:
    await store.open_conversation(PEER)
    await store.set_flags(PEER, Flags(marked_unread=True))
    await store.mark_read(PEER, 0)
    assert await peers(store, Shelf.UNREAD) == []


async def test_contacts_stand_by_name_whatever_their_accents_and_notes_alone_make_none(store: SqliteStore) -> None:
    names = ["Zoe", "Édith", "anna", "Emma"]
    await store.save_contacts([Contact(peer=f"3160000000{n}", name=name) for n, name in enumerate(names)])
    await store.save_contacts([Contact(peer=PEER, name="", notes="owes me a book")])
    assert [each.name for each in await store.contacts()] == ["anna", "Édith", "Emma", "Zoe"]
    assert [each.name for each in await store.people()] == ["anna", "Édith", "Emma", "Zoe"]
    await store.open_conversation(PEER)
    row = await store.conversation(PEER)
    assert row is not None
    assert row.notes == "owes me a book"


async def test_a_name_given_to_a_conversation_is_a_contact_and_keeps_its_notes(store: SqliteStore) -> None:
    await store.save_contacts([Contact(peer=PEER, name="", notes="owes me a book")])
    await store.open_conversation(PEER, name="Anna")
    assert await store.contact(PEER) == Contact(peer=PEER, name="Anna", notes="owes me a book")
    await store.open_conversation(PEER, name="")
    assert await store.contact(PEER) == Contact(peer=PEER, name="", notes="owes me a book")


async def test_a_long_sms_that_says_stop_counts_when_it_is_whole(store: SqliteStore) -> None:
    for place, text in ((2, "OP"), (1, "ST")):
        await come_in_parts(store, text, place)
        row = await store.conversation(PEER)
        assert (row is not None and row.opted_out) is (place == 1)


async def come_in_parts(store: SqliteStore, text: str, place: int) -> None:
    await store.take_callback(raw(), inbound(text, concat=Concat(ref="7", total=2, part=place)))


async def test_a_filtered_list_goes_on_where_its_page_ended(store: SqliteStore) -> None:
    names = {f"3160000000{n}": "Anna" if n % 2 else "Bob" for n in range(8)}
    for peer, name in names.items():
        await store.open_conversation(peer, name=name)
    wanted = Filter(text="ann")
    first = await store.conversations(limit=3, wanted=wanted)
    rest = await store.conversations(limit=3, after=first[-1], wanted=wanted)
    assert [each.peer for each in (*first, *rest)] == [f"3160000000{n}" for n in (7, 5, 3, 1)]
