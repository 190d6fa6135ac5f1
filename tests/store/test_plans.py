"""A million SMS: what is read while somebody waits goes by an index, without a scan and without sorting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from smschat.domain.conversation import Conversation, Filter, Shelf
from smschat.store import (
    callback_rows,
    conversations,
    deleting,
    details,
    inbound,
    places,
    prices,
    queue,
    receipts,
    rows,
    schedule,
    search,
    sms_rows,
    watcher,
)
from tests.store.samples import NOON, OTHER_PEER, PEER, new_sms, receipt

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from tests.store.samples import Desk

ID = "1" * 32
HELD = "2" * 32
LAST = Conversation(peer=PEER, activity=5, revision=1)


def page(desk: Desk, *, after: Conversation | None = None, shelf: Shelf = Shelf.ACTIVE) -> object:
    return conversations.page(desk.db, limit=50, after=after, wanted=Filter(shelf=shelf))


READS: dict[str, Callable[[Desk], object]] = {
    "list": page,
    "list, next page": lambda desk: page(desk, after=LAST),
    "list of unread": lambda desk: page(desk, after=LAST, shelf=Shelf.UNREAD),
    "list of what did not arrive": lambda desk: page(desk, after=LAST, shelf=Shelf.FAILED),
    "list of archived": lambda desk: page(desk, after=LAST, shelf=Shelf.ARCHIVED),
    "next unread": lambda desk: places.next_unread(desk.db, PEER),
    "a day": lambda desk: places.place_at(desk.db, PEER, 9),
    "scheduled": lambda desk: schedule.every(desk.db),
    "next scheduled": lambda desk: schedule.first(desk.db),
    "scheduled becomes queued": lambda desk: schedule.release(desk.work()),
    "delete": lambda desk: deleting.sms(desk.work(), HELD),
    "totals": lambda desk: conversations.totals(desk.db),
    "transcript": lambda desk: conversations.transcript(desk.db, PEER, before=None, after=None, limit=50),
    "transcript before": lambda desk: conversations.transcript(desk.db, PEER, before=9, after=None, limit=50),
    "transcript after": lambda desk: conversations.transcript(desk.db, PEER, before=None, after=9, limit=50),
    "inbound": lambda desk: conversations.inbound(desk.db, peer=None, before=9, limit=50),
    "inbound of one peer": lambda desk: conversations.inbound(desk.db, peer=PEER, before=9, limit=50),
    "one sms": lambda desk: conversations.sms(desk.db, "0" * 32),
    "due": lambda desk: queue.due(desk.db, now=9, holder="us", owns_outbox=True, limit=20),
    "next due": lambda desk: queue.next_due_at(desk.db, now=9, holder="us", owns_outbox=True),
    "segments": lambda desk: queue.segments_since(desk.db, 9),
    "changes": lambda desk: watcher.changes_since(desk.db, watcher.Seen.all_upto(0)),
    "mark read": lambda desk: conversations.mark_read(desk.work(), PEER, 1),
    "orphans": lambda desk: queue.settle_orphans(desk.work(), lambda _holder: True),
    "partials": lambda desk: inbound.show_partials(desk.work(), 9),
    "receipt": lambda desk: receipts.take(desk.work(), 1, None, receipt()),
    "details": lambda desk: details.get(desk.db, ID),
    "callback log": lambda desk: callback_rows.page(desk.db, before=9, limit=50),
    "one callback": lambda desk: callback_rows.get(desk.db, "1"),
    "price in a network": lambda desk: prices.part_price(desk.db, PEER),
    "price for a peer": lambda desk: prices.part_price(desk.db, OTHER_PEER),
    "written to": lambda desk: prices.written_to(desk.db, "31"),
    "search": lambda desk: search.search(desk.db, "see", peer=None, before=9, limit=50),
    "search of one peer": lambda desk: search.search(desk.db, "see", peer=PEER, before=9, limit=50),
    "one sms with parts": lambda desk: rows.sms_by_seq(desk.db, 1),
}

_MATCHED = re.compile(r"SCAN sms_text VIRTUAL TABLE INDEX \d+:[^ ]*M")
"""By its own index of words."""

_SMALL = re.compile(r"SCAN (pace|counter|json_each|attempt USING INDEX attempt_holder)\b")
_QUEUED = re.compile(r"SCAN (sms|s) USING (COVERING )?INDEX sms_(due|next_due|scheduled)\b")
"""These indexes hold only what is queued, or waits for its time."""

_OF_ONE_SMS = re.compile(r"SELECT (\* FROM attempt|r\.\*, p\.place|sms, message_id, status)\b")
"""A handful of rows that are sorted."""

CALLBACK = (
    "INSERT INTO callback(id, received_at, method, query, body, content_type, user_agent, kind, outcome)"
    " VALUES(1, 0, '', x'', x'', '', '', 'receipt', 'taken')"
)


def statements(db: sqlite3.Connection, act: Callable[[], object]) -> list[str]:
    """What is carried out, values in place."""
    seen: list[str] = []
    db.set_trace_callback(seen.append)
    act()
    db.set_trace_callback(None)
    return [statement for statement in seen if statement.startswith(("SELECT", "UPDATE", "DELETE"))]


def is_slow(statement: str, step: str) -> bool:
    if "TEMP B-TREE" in step:
        return not _OF_ONE_SMS.match(statement)
    return "SCAN" in step and not any(index.match(step) for index in (_SMALL, _QUEUED, _MATCHED))


@pytest.mark.parametrize("name", READS)
def test_it_goes_by_an_index(desk: Desk, name: str) -> None:
    sms_rows.add_outbound(desk.work(), new_sms(id=ID), clear_draft=False)
    sms_rows.add_outbound(desk.work(), new_sms(id=HELD), clear_draft=False)
    queue.hold(desk.work(), HELD, "no")
    sms_rows.add_outbound(desk.work(), new_sms(send_at=NOON), clear_draft=False)
    desk.db.execute("UPDATE conversation SET unread = 1")
    desk.db.execute(CALLBACK)
    desk.db.execute("INSERT INTO part(sms, status, network) VALUES(1, 'accepted', '20408')")
    found = statements(desk.db, lambda: READS[name](desk))
    assert found
    for statement in found:
        plan = [row["detail"] for row in desk.db.execute("EXPLAIN QUERY PLAN " + statement)]
        assert [step for step in plan if is_slow(statement, step)] == [], statement
