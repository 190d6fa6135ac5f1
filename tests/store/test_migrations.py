"""A store of an older version becomes one of the newest, in one transaction and without losing a row."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from smschat.domain.callbacks import Concat
from smschat.domain.delivery import Status
from smschat.store import schema
from tests.store.samples import OTHER_PEER, OWN_NUMBER, PEER, inbound, raw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.store.conftest import OpenStore
    from tests.store.samples import Clock

TABLES = ("profile", "conversation", "sms", "attempt", "part", "callback", "receipt", "inbound_set", "inbound_part")


def write_version(db: sqlite3.Connection, version: int) -> None:
    schema.migrate(db, schema.MIGRATIONS[:version])
    rows = Path(__file__).with_name(f"version_{version}.sql").read_text("utf-8")
    db.executescript(f"BEGIN; {rows} INSERT INTO sms_text(sms_text) VALUES('rebuild'); COMMIT;")


def connected() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA trusted_schema = OFF")
    return db


@pytest.fixture
def old() -> Iterator[sqlite3.Connection]:
    """A store of version 1, full of rows."""
    db = connected()
    write_version(db, 1)
    yield db
    db.close()


@pytest.fixture
def second() -> Iterator[sqlite3.Connection]:
    """A store of version 2, with what the third one moves."""
    db = connected()
    write_version(db, 2)
    yield db
    db.close()


def everything(db: sqlite3.Connection) -> dict[str, list[dict[str, Any]]]:
    return {table: [dict(row) for row in db.execute(f"SELECT * FROM {table}")] for table in TABLES}


def test_no_row_is_lost_and_none_is_changed_but_where_a_callback_belongs(old: sqlite3.Connection) -> None:
    before = everything(old)
    schema.migrate(old)
    after = everything(old)
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0]} for row in after[table]]
        if table == "callback":
            for row in (*kept, *rows):
                del row["sms"], row["outcome"]
        assert kept == rows, table


def test_a_migrated_store_is_whole(old: sqlite3.Connection) -> None:
    schema.migrate(old)
    assert old.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert old.execute("PRAGMA foreign_key_check").fetchall() == []
    assert old.execute("PRAGMA user_version").fetchone()[0] == len(schema.MIGRATIONS)


def test_callbacks_that_waited_belong_to_what_became_of_them(old: sqlite3.Connection) -> None:
    """4 and 5 are receipts before the answer, 6 is nobody's; 8 and 11 are parts shown later, 13 still waits."""
    schema.migrate(old)
    rows = old.execute("SELECT id, outcome, sms FROM callback WHERE id IN (4, 5, 6, 8, 11, 13)").fetchall()
    assert [tuple(row) for row in rows] == [
        (4, "taken", 3),
        (5, "repeat", 3),
        (6, "pending", None),
        (8, "taken", 6),
        (11, "taken", 7),
        (13, "waiting", None),
    ]


def test_a_migration_that_fails_half_way_leaves_the_old_store(old: sqlite3.Connection) -> None:
    first, second, *_ = schema.MIGRATIONS
    tables = old.execute("SELECT name, sql FROM sqlite_schema").fetchall()
    before = everything(old)
    with pytest.raises(sqlite3.OperationalError):
        schema.migrate(old, (first, second + "SELECT no_such_function();"))
    assert old.execute("PRAGMA user_version").fetchone()[0] == 1
    assert old.execute("SELECT name, sql FROM sqlite_schema").fetchall() == tables
    assert everything(old) == before


def test_the_second_version_loses_nothing_and_changes_only_that_blocked_ones_are_archived(
    second: sqlite3.Connection,
) -> None:
    before = everything(second)
    schema.migrate(second)
    for table, rows in everything(second).items():
        kept = [{name: row[name] for name in before[table][0]} for row in rows] if before[table] else []
        for row in before[table]:
            if table == "conversation" and row["blocked"]:
                row["archived"] = 1
        assert kept == before[table], table
    assert second.execute("SELECT number, url FROM loan").fetchall()[0][1] == "https://theirs.example/in"
    assert second.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert second.execute("PRAGMA foreign_key_check").fetchall() == []


def test_names_become_contacts_and_what_did_not_arrive_is_known(second: sqlite3.Connection) -> None:
    schema.migrate(second)
    contacts = second.execute("SELECT peer, name, notes FROM contact ORDER BY peer").fetchall()
    assert [tuple(row) for row in contacts] == [("31611111111", "Anna", ""), ("31622222222", "Nuisance", "")]
    marks = second.execute("SELECT id, failed, marked_unread, archived FROM conversation ORDER BY id").fetchall()
    assert [tuple(row) for row in marks] == [(1, 1, 0, 0), (2, 0, 0, 1), (3, 0, 0, 1)]


async def test_a_store_of_the_second_version_is_opened_and_goes_on(open_store: OpenStore, path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    db = sqlite3.connect(path, isolation_level=None)
    write_version(db, 2)
    db.close()
    store = await open_store()
    (anna,) = await store.conversations()
    assert (anna.name, anna.draft, anna.sender, anna.failed, anna.unread) == ("Anna", "dra", "MyShop", True, 1)
    assert [hit.sms.seq for hit in await store.search("fin")] == [2]
    assert await store.delete_sms("0" * 31 + "3")
    assert (await store.take_callback(raw(), inbound("and you?", message_id="in-3"))).is_repeat
    assert [sms.seq for sms in await store.transcript(PEER)] == [1, 2]


@pytest.fixture
def old_file(path: Path) -> Path:
    """The same on a disk."""
    path.parent.mkdir(mode=0o700)
    db = sqlite3.connect(path, isolation_level=None)
    write_version(db, 1)
    db.close()
    return path


@pytest.mark.usefixtures("old_file")
async def test_an_old_store_is_opened_and_goes_on(open_store: OpenStore) -> None:
    store = await open_store()
    sms = {each.seq: each for peer in (PEER, OTHER_PEER) for each in await store.transcript(peer)}
    assert sorted(sms) == list(range(1, 9))
    repeated = await store.details(sms[2].id)
    assert repeated is not None
    assert [attempt.state for attempt in repeated.attempts] == ["unknown", "refused"]
    missing = inbound("part 2 ", message_id="shown-2", concat=Concat(ref="shown", total=3, part=2))
    assert (await store.take_callback(raw(), missing)).sms_id == sms[7].id
    assert (await store.last_balance(), await store.last_quota(), await store.loans()) == ("9.50000000", {}, [])
    registration = await store.registration()
    assert registration is not None
    assert registration.number == OWN_NUMBER


@pytest.mark.usefixtures("old_file")
async def test_an_sms_that_waited_in_an_old_store_is_sent(open_store: OpenStore, clock: Clock) -> None:
    clock.advance(60)
    store = await open_store()
    assert await store.own("receiving")
    (sms,) = await store.due()
    begun = await store.begin_attempt(sms.id)
    assert begun is not None
    assert begun.sms.status is Status.SENDING
