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

ROWS = Path(__file__).with_name("version_1.sql")
TABLES = ("profile", "conversation", "sms", "attempt", "part", "callback", "receipt", "inbound_set", "inbound_part")


def write_first_version(db: sqlite3.Connection) -> None:
    schema.migrate(db, schema.MIGRATIONS[:1])
    db.executescript(f"BEGIN; {ROWS.read_text('utf-8')} INSERT INTO sms_text(sms_text) VALUES('rebuild'); COMMIT;")


@pytest.fixture
def old() -> Iterator[sqlite3.Connection]:
    """A store of version 1, full of rows."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA trusted_schema = OFF")
    write_first_version(db)
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


@pytest.fixture
def old_file(path: Path) -> Path:
    """The same on a disk."""
    path.parent.mkdir(mode=0o700)
    db = sqlite3.connect(path, isolation_level=None)
    write_first_version(db)
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
