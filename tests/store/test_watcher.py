"""News: rows of this process and of others, each once, in the order of their revisions, after their commit."""

from __future__ import annotations

import asyncio
import logging
from itertools import pairwise
from typing import TYPE_CHECKING

from smschat.domain.changes import ConversationChanged, SmsChanged
from smschat.domain.delivery import Status
from smschat.store import conversations, sms_rows, watcher
from tests.store.samples import PEER, inbound, new_sms, raw

if TYPE_CHECKING:
    from collections.abc import Callable

    from smschat.domain.changes import Change
    from smschat.store import SqliteStore
    from tests.store.conftest import OpenStore
    from tests.store.samples import Desk


class Ear:
    """Hears, and waits until it has heard enough."""

    def __init__(self, store: SqliteStore) -> None:
        self.pages: list[tuple[Change, ...]] = []
        self._heard = asyncio.Event()
        self.stop = store.subscribe(self._hear)

    def _hear(self, changes: tuple[Change, ...]) -> None:
        self.pages.append(changes)
        self._heard.set()

    async def until(self, enough: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not enough():
                self._heard.clear()
                await self._heard.wait()

    @property
    def changes(self) -> list[Change]:
        return [change for page in self.pages for change in page]

    @property
    def texts(self) -> list[str]:
        return [change.sms.text for change in self.changes if isinstance(change, SmsChanged)]


def revision(change: Change) -> int:
    assert isinstance(change, SmsChanged | ConversationChanged)
    return change.sms.revision if isinstance(change, SmsChanged) else change.conversation.revision


async def test_our_own_commits_are_news(store: SqliteStore) -> None:
    ear = Ear(store)
    sms = await store.add_outbound(new_sms())
    await ear.until(lambda: len(ear.changes) == 2)
    assert ear.changes[0] == SmsChanged(sms)
    conversation = await store.conversation(PEER)
    assert conversation is not None
    assert ear.changes[1] == ConversationChanged(conversation)


async def test_commits_of_others_are_news(store: SqliteStore, open_store: OpenStore) -> None:
    ear = Ear(store)
    other = await open_store()
    await other.add_outbound(new_sms(text="from a shell"))
    await ear.until(lambda: ear.texts == ["from a shell"])


async def test_news_begin_with_the_subscription(store: SqliteStore) -> None:
    await store.add_outbound(new_sms(text="before"))
    ear = Ear(store)
    await store.add_outbound(new_sms(text="after"))
    await ear.until(lambda: bool(ear.texts))
    assert ear.texts == ["after"]


async def test_a_row_that_moved_twice_is_told_as_it_is(store: SqliteStore) -> None:
    ear = Ear(store)
    sms = await store.add_outbound(new_sms())
    await store.begin_attempt(sms.id)
    await ear.until(lambda: any(isinstance(c, SmsChanged) and c.sms.status is Status.SENDING for c in ear.changes))


async def test_news_of_many_come_in_pages_and_in_order(store: SqliteStore) -> None:
    """More than two pages, of one revision each and of one for many."""
    ear = Ear(store)
    count = 2 * watcher.PAGE + 50
    await asyncio.gather(*(store.add_outbound(new_sms(peer=str(n % 700))) for n in range(count)))
    await ear.until(lambda: len(ear.texts) >= count)
    ids = [change.sms.id for change in ear.changes if isinstance(change, SmsChanged)]
    assert len(set(ids)) == count
    revisions = [revision(change) for change in ear.changes]
    assert all(before <= after for before, after in pairwise(revisions))


async def test_rows_of_one_revision_on_several_pages_are_all_told(store: SqliteStore) -> None:
    ear = Ear(store)
    await store._write(
        lambda work: [
            work.db.execute(
                "INSERT INTO conversation(peer, activity, revision) VALUES(?, ?, ?)",
                (str(n), work.next_activity(), work.revision),
            )
            for n in range(2 * watcher.PAGE + 1)
        ]
    )
    await ear.until(lambda: len(ear.changes) >= 2 * watcher.PAGE + 1)
    peers = [change.conversation.peer for change in ear.changes if isinstance(change, ConversationChanged)]
    assert len(peers) == len(set(peers)) == 2 * watcher.PAGE + 1


async def test_who_stopped_hears_nothing_more(store: SqliteStore) -> None:
    stopped, ear = Ear(store), Ear(store)
    stopped.stop()
    stopped.stop()
    await store.add_outbound(new_sms())
    await ear.until(lambda: bool(ear.texts))
    assert stopped.changes == []


async def test_who_stops_while_news_are_told_hears_nothing_more(store: SqliteStore) -> None:
    heard: list[tuple[Change, ...]] = []
    ear = Ear(store)
    store.subscribe(lambda _changes: stop())
    stop = store.subscribe(heard.append)
    await store.add_outbound(new_sms(text="first"))
    await ear.until(lambda: "first" in ear.texts)
    await store.add_outbound(new_sms(text="second"))
    await ear.until(lambda: "second" in ear.texts)
    assert heard == []


def test_a_change_waits_for_those_of_lower_revisions_on_the_next_page(desk: Desk) -> None:
    work = desk.work()
    for n in range(watcher.PAGE + 1):
        conversations.ensure(work, str(n))
    sms = sms_rows.add_outbound(desk.work(), new_sms(), clear_draft=False)
    page, seen = watcher.changes_since(desk.db, watcher.Seen.all_upto(0))
    assert {type(change) for change in page} == {ConversationChanged}
    rest, _ = watcher.changes_since(desk.db, seen)
    assert [revision(change) for change in rest] == [1, 2, 2]
    assert SmsChanged(sms) in rest


async def test_a_subscriber_that_raises_stops_nobody_elses_news(store: SqliteStore) -> None:
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context["exception"]))

    def raises(_changes: tuple[Change, ...]) -> None:
        raise KeyError

    store.subscribe(raises)
    ear = Ear(store)
    for text in ("first", "second"):
        await store.add_outbound(new_sms(text=text))
        await ear.until(lambda text=text: text in ear.texts)  # type: ignore[misc]
    assert len(told) >= 2


class Told(logging.Handler):
    """Waits for a line in the log."""

    def __init__(self) -> None:
        super().__init__()
        self.event = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.event.set()


async def test_news_go_on_after_the_store_could_not_be_read(store: SqliteStore) -> None:
    ear, told = Ear(store), Told()
    watcher.log.addHandler(told)
    await store._opened.reader_db.run(lambda db: db.execute("BEGIN"))  # a second BEGIN is an error
    await store.add_outbound(new_sms(text="first"))
    async with asyncio.timeout(60):
        await told.event.wait()
    watcher.log.removeHandler(told)
    await store._opened.reader_db.run(lambda db: db.execute("COMMIT"))
    await store.add_outbound(new_sms(text="second"))
    await ear.until(lambda: ear.texts == ["first", "second"])


async def test_what_changes_nothing_is_no_news(store: SqliteStore) -> None:
    await store.take_callback(raw(), inbound("hi", message_id="same"))
    ear = Ear(store)
    await store.take_callback(raw(), inbound("hi", message_id="same"))
    await store.withdraw("0" * 32, "nothing there")
    await store.add_outbound(new_sms(text="end"))
    await ear.until(lambda: "end" in ear.texts)
    assert ear.texts == ["end"]
