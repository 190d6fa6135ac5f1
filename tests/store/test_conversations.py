"""The list and the transcript: their order, their pages, and what a conversation's row says of its SMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.domain.conversation import Filter, Shelf
from smschat.domain.delivery import Status
from tests.store.samples import OTHER_PEER, PEER, inbound, new_sms, raw

if TYPE_CHECKING:
    from smschat.domain.conversation import Conversation
    from smschat.store import SqliteStore


async def get(store: SqliteStore, peer: str = PEER) -> Conversation:
    conversation = await store.conversation(peer)
    assert conversation is not None
    return conversation


async def write_to(store: SqliteStore, *peers: str) -> None:
    for peer in peers:
        await store.add_outbound(new_sms(peer=peer, recipient=peer))


async def peers(store: SqliteStore) -> list[str]:
    return [conversation.peer for conversation in await store.conversations()]


async def flag(store: SqliteStore, column: str, peer: str) -> None:
    """Until there is a verb for it."""
    await store._write(lambda work: work.db.execute(f"UPDATE conversation SET {column} = 1 WHERE peer = ?", (peer,)))


async def test_the_newest_activity_comes_first(store: SqliteStore) -> None:
    await write_to(store, "1", "2", "3", "1")
    assert await peers(store) == ["1", "3", "2"]


async def test_an_answer_brings_a_conversation_up(store: SqliteStore) -> None:
    await write_to(store, "1", "2")
    await store.take_callback(raw(), inbound(sender="1"))
    assert await peers(store) == ["1", "2"]


async def test_pinned_comes_before_all(store: SqliteStore) -> None:
    await write_to(store, "1", "2", "3")
    await flag(store, "pinned", "2")
    assert await peers(store) == ["2", "3", "1"]


async def test_pages_tell_each_conversation_once(store: SqliteStore) -> None:
    await write_to(store, *map(str, range(1, 10)))
    await flag(store, "pinned", "4")
    pages: list[str] = []
    last = None
    while page := await store.conversations(limit=2, after=last):
        pages += [conversation.peer for conversation in page]
        last = page[-1]
    assert pages == ["4", "9", "8", "7", "6", "5", "3", "2", "1"]


async def test_archived_ones_are_a_list_of_their_own_and_return_on_a_new_sms(store: SqliteStore) -> None:
    await write_to(store, "1", "2")
    await flag(store, "archived", "1")
    assert await peers(store) == ["2"]
    assert [each.peer for each in await store.conversations(wanted=Filter(shelf=Shelf.ARCHIVED))] == ["1"]
    assert (await store.totals()).chats == 1
    await store.take_callback(raw(), inbound(sender="1"))
    assert await peers(store) == ["1", "2"]


async def test_unread_only(store: SqliteStore) -> None:
    await write_to(store, "1", "2")
    await store.take_callback(raw(), inbound(sender="1"))
    assert [each.peer for each in await store.conversations(wanted=Filter(shelf=Shelf.UNREAD))] == ["1"]


async def test_there_is_no_conversation_with_a_stranger(store: SqliteStore) -> None:
    assert await store.conversation("stranger") is None
    assert await store.transcript("stranger") == []
    assert await store.sms("0" * 32) is None


async def test_opening_makes_a_conversation_once(store: SqliteStore) -> None:
    first = await store.open_conversation(PEER)
    assert (first.name, first.last, first.unread) == ("", None, 0)
    assert (await store.open_conversation(PEER, name="Anna")).name == "Anna"
    assert (await store.open_conversation(PEER)).name == "Anna"
    assert (await store.totals()).chats == 1


async def test_a_draft_is_kept_and_reorders_nothing(store: SqliteStore) -> None:
    await write_to(store, PEER, OTHER_PEER)
    await store.save_draft(PEER, "hel")
    assert (await get(store)).draft == "hel"
    assert await peers(store) == [OTHER_PEER, PEER]
    await store.save_draft(PEER, "")
    assert (await get(store)).draft == ""


async def test_the_same_draft_is_no_news(store: SqliteStore) -> None:
    await store.save_draft(PEER, "hello")
    before = await get(store)
    await store.save_draft(PEER, "hello")
    assert await get(store) == before


async def test_no_draft_makes_no_conversation(store: SqliteStore) -> None:
    await store.save_draft(PEER, "")
    assert await store.conversation(PEER) is None


async def test_the_draft_goes_when_it_is_sent(store: SqliteStore) -> None:
    await store.save_draft(PEER, "hello")
    await store.add_outbound(new_sms())
    assert (await get(store)).draft == "hello"
    await store.add_outbound(new_sms(), clear_draft=True)
    assert (await get(store)).draft == ""


async def test_a_sender_is_kept_and_reorders_nothing(store: SqliteStore) -> None:
    await write_to(store, PEER, OTHER_PEER)
    assert (await get(store)).sender is None
    await store.save_sender(PEER, "smschat")
    assert (await get(store)).sender == "smschat"
    assert await peers(store) == [OTHER_PEER, PEER]
    await store.save_sender(PEER, None)
    assert (await get(store)).sender is None


async def test_a_sender_is_news_and_the_same_one_is_none(store: SqliteStore) -> None:
    await store.save_sender(PEER, "smschat")
    before = await get(store)
    await store.save_sender(PEER, "smschat")
    assert await get(store) == before
    await store.save_sender(PEER, "31970000000")
    assert (await get(store)).revision > before.revision


async def test_no_sender_makes_no_conversation(store: SqliteStore) -> None:
    await store.save_sender(PEER, None)
    assert await store.conversation(PEER) is None


async def test_read_is_what_was_on_the_screen(store: SqliteStore) -> None:
    for _ in range(3):
        await store.take_callback(raw(), inbound())
    seqs = [sms.seq for sms in await store.transcript(PEER)]
    counts = []
    for upto in (seqs[1], seqs[0], 2**62):
        await store.mark_read(PEER, upto)
        conversation = await get(store)
        counts.append((conversation.unread, conversation.read_upto))
    assert counts == [(1, seqs[1]), (1, seqs[1]), (0, seqs[2])]
    await store.take_callback(raw(), inbound())
    assert (await get(store)).unread == 1


async def test_what_we_wrote_is_never_unread(store: SqliteStore) -> None:
    await store.take_callback(raw(), inbound())
    await write_to(store, PEER)
    assert (await get(store)).unread == 1


async def test_reading_nothing_new_is_no_news(store: SqliteStore) -> None:
    await store.take_callback(raw(), inbound())
    await store.mark_read(PEER, 99)
    before = await get(store)
    await store.mark_read(PEER, 99)
    await store.mark_read("stranger", 99)
    assert await get(store) == before


async def test_a_conversation_previews_its_last_sms(store: SqliteStore) -> None:
    sms = await store.add_outbound(new_sms(text="x" * 500))
    last = (await get(store)).last
    assert last is not None
    assert (last.id, last.seq, last.status, last.text) == (sms.id, sms.seq, Status.QUEUED, "x" * 160)


async def test_an_older_sms_does_not_show_in_the_preview(store: SqliteStore) -> None:
    first = await store.add_outbound(new_sms())
    second = await store.add_outbound(new_sms())
    await store.withdraw(first.id, "taken back")
    last = (await get(store)).last
    assert last is not None
    assert (last.id, last.status) == (second.id, Status.QUEUED)


async def test_a_transcript_comes_in_windows(store: SqliteStore) -> None:
    for _ in range(10):
        await write_to(store, PEER, OTHER_PEER)
    seqs = [sms.seq for sms in await store.transcript(PEER)]
    assert seqs == sorted(seqs)
    assert len(seqs) == 10

    async def window(**where: int) -> list[int]:
        return [seqs.index(sms.seq) for sms in await store.transcript(PEER, **where)]

    assert await window(limit=3) == [7, 8, 9]
    assert await window(before=seqs[7], limit=3) == [4, 5, 6]
    assert await window(after=seqs[2], limit=3) == [3, 4, 5]
    assert await window(after=seqs[2], before=seqs[5]) == [3, 4]
    assert await window(before=seqs[0]) == []


async def test_many_come_in_the_order_asked_for(store: SqliteStore) -> None:
    first, second = [(await store.add_outbound(new_sms())).id for _ in range(2)]
    assert [sms.id for sms in await store.sms_many([second, "0" * 32, first, second])] == [second, first, second]


async def test_the_own_number_is_a_peer_like_any_other(store: SqliteStore) -> None:
    sms = await store.add_outbound(new_sms(sender=PEER))
    await store.take_callback(raw(), inbound(sender=PEER, recipient="447700900000"))
    assert [each.id == sms.id for each in await store.transcript(PEER)] == [True, False]
