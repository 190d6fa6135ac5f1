"""What the tables refuse, whatever the code does; and how they come to be."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from smschat.domain.callbacks import Signature
from smschat.domain.delivery import STEPS, Status
from smschat.domain.sms import SmsOptions
from smschat.errors import StoreError, StoreNewerError
from smschat.store import attempts, callbacks, queue, schema, sms_rows
from tests.store.samples import REF, UNKNOWN, accepted, inbound, new_sms, raw

if TYPE_CHECKING:
    from smschat.domain.sms import Sms
    from tests.store.samples import Desk

SECOND_REF = "attempt-002"


def queued(desk: Desk) -> Sms:
    return sms_rows.add_outbound(desk.work(), new_sms(), clear_draft=False)


def sending(desk: Desk) -> Sms:
    begun = attempts.begin(desk.work(), queued(desk).id, REF)
    assert begun is not None
    return begun.sms


def insert_attempt(
    db: sqlite3.Connection, seq: int, *, state: str = "sending", posts: int = 1, consent: int = 0
) -> None:
    db.execute(
        "INSERT INTO attempt(ref, sms, state, posts, consent, holder, begun_at) VALUES(?, ?, ?, ?, ?, 'us', 0)",
        (SECOND_REF, seq, state, posts, consent),
    )


def test_the_steps_are_those_of_the_domain(db: sqlite3.Connection) -> None:
    steps = {(row["old"], row["new"]) for row in db.execute("SELECT old, new FROM step")}
    assert steps == {(str(old), str(new)) for old, found in STEPS.items() for new in found}


def test_every_state_of_the_domain_has_a_direction(db: sqlite3.Connection) -> None:
    (table,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'sms'").fetchone()
    assert all(f"'{status}'" in table for status in Status)


@pytest.mark.parametrize("new", [status for status in Status if status not in STEPS[Status.DELIVERED]])
def test_nothing_leads_out_of_delivered(desk: Desk, new: Status) -> None:
    sms = sending(desk)
    attempts.finish(desk.work(), REF, accepted())
    desk.db.execute("UPDATE sms SET status = 'delivered' WHERE seq = ?", (sms.seq,))
    if new is Status.DELIVERED:
        desk.db.execute("UPDATE sms SET status = ? WHERE seq = ?", (new, sms.seq))
        return
    with pytest.raises(sqlite3.IntegrityError):
        desk.db.execute("UPDATE sms SET status = ? WHERE seq = ?", (new, sms.seq))


def test_an_sms_has_one_live_attempt(desk: Desk) -> None:
    sms = sending(desk)
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE constraint failed: attempt\.sms"):
        insert_attempt(desk.db, sms.seq, consent=1)


def test_an_attempt_has_one_post(desk: Desk) -> None:
    sms = queued(desk)
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        insert_attempt(desk.db, sms.seq, posts=2)


def test_a_post_that_was_not_made_is_not_made_later(desk: Desk) -> None:
    sms = queued(desk)
    insert_attempt(desk.db, sms.seq, state="unsent", posts=0)
    with pytest.raises(sqlite3.IntegrityError, match="second post"):
        desk.db.execute("UPDATE attempt SET posts = 1")


@pytest.mark.parametrize("state", ["unknown", "accepted", "refused"])
def test_a_repeat_needs_consent(desk: Desk, state: str) -> None:
    sms = sending(desk)
    desk.db.execute("UPDATE attempt SET state = ?", (state,))
    with pytest.raises(sqlite3.IntegrityError, match="repeat without consent"):
        insert_attempt(desk.db, sms.seq)
    insert_attempt(desk.db, sms.seq, consent=1)


def test_what_certainly_was_not_sent_is_tried_again_without_consent(desk: Desk) -> None:
    sms = sending(desk)
    desk.db.execute("UPDATE attempt SET state = 'unsent', posts = 0")
    insert_attempt(desk.db, sms.seq)


def test_unknown_is_queued_again_only_with_consent(desk: Desk) -> None:
    sms = sending(desk)
    attempts.finish(desk.work(), REF, UNKNOWN)
    with pytest.raises(sqlite3.IntegrityError, match="repeat without consent"):
        desk.db.execute("UPDATE sms SET status = 'queued' WHERE seq = ?", (sms.seq,))
    assert queue.repeat(desk.work(), sms.id) is not None


@pytest.mark.parametrize(
    ("old", "new"), [("accepted", "unsent"), ("unknown", "unsent"), ("unknown", "sending"), ("refused", "accepted")]
)
def test_an_attempt_takes_known_steps(desk: Desk, old: str, new: str) -> None:
    sending(desk)
    desk.db.execute("UPDATE attempt SET state = ?", (old,))
    with pytest.raises(sqlite3.IntegrityError, match="illegal step"):
        desk.db.execute("UPDATE attempt SET state = ?", (new,))


def test_a_part_only_rises(desk: Desk) -> None:
    sending(desk)
    attempts.finish(desk.work(), REF, accepted())
    desk.db.execute("UPDATE part SET status = 'delivered'")
    with pytest.raises(sqlite3.IntegrityError, match="illegal step"):
        desk.db.execute("UPDATE part SET status = 'failed'")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("ttl_ms", 19_999),
        ("ttl_ms", 604_800_001),
        ("message_class", -1),
        ("message_class", 4),
        ("protocol_id", 256),
        ("validity_ms", 0),
    ],
)
def test_an_option_is_in_its_range(desk: Desk, option: str, value: int) -> None:
    asked: dict[str, Any] = {option: value}
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        sms_rows.add_outbound(desk.work(), new_sms(options=SmsOptions(**asked)), clear_draft=False)


@pytest.mark.parametrize("option", ["ttl_ms", "message_class", "protocol_id", "validity_ms"])
def test_the_options_are_checked_apart(desk: Desk, option: str) -> None:
    sms = sms_rows.add_outbound(desk.work(), new_sms(options=SmsOptions(ttl_ms=20_000)), clear_draft=False)
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        desk.db.execute(f"UPDATE sms SET {option} = -1 WHERE seq = ?", (sms.seq,))


def test_every_signature_of_the_domain_is_kept_and_no_other(desk: Desk) -> None:
    for signature in Signature:
        callbacks.take(desk.work(), replace(raw(), signature=signature), inbound())
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        desk.db.execute("UPDATE callback SET signature = 'fine'")


def test_an_attempt_needs_an_sms(desk: Desk) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        insert_attempt(desk.db, 99)


def test_a_seq_is_never_used_again(desk: Desk) -> None:
    first = queued(desk)
    desk.db.execute("DELETE FROM sms WHERE seq = ?", (first.seq,))
    assert queued(desk).seq > first.seq


def test_a_new_store_has_the_newest_version_and_our_mark(db: sqlite3.Connection) -> None:
    assert db.execute("PRAGMA user_version").fetchone()[0] == len(schema.MIGRATIONS)
    assert db.execute("PRAGMA application_id").fetchone()[0] == schema.APPLICATION_ID


def test_a_newest_store_is_left_alone(db: sqlite3.Connection) -> None:
    before = db.total_changes
    schema.migrate(db)
    assert db.total_changes == before


def test_a_newer_store_is_refused(db: sqlite3.Connection) -> None:
    db.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}")
    with pytest.raises(StoreNewerError) as refused:
        schema.migrate(db)
    assert refused.value.hint


def test_another_programs_database_is_refused() -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("CREATE TABLE theirs(x)")
    with pytest.raises(StoreError, match="another program"):
        schema.migrate(db)
    db.close()


def test_a_migration_that_fails_leaves_the_version_before(db: sqlite3.Connection) -> None:
    second = "CREATE TABLE half(x); SELECT no_such_function();"
    with pytest.raises(sqlite3.OperationalError):
        schema.migrate(db, (*schema.MIGRATIONS, second))
    assert not db.in_transaction
    assert db.execute("PRAGMA user_version").fetchone()[0] == len(schema.MIGRATIONS)
    assert db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'half'").fetchone() is None


def test_only_what_is_missing_is_carried_out(db: sqlite3.Connection) -> None:
    schema.migrate(db, (*schema.MIGRATIONS, "CREATE TABLE second(x);"))
    assert db.execute("PRAGMA user_version").fetchone()[0] == len(schema.MIGRATIONS) + 1
    assert db.execute("SELECT count(*) FROM second").fetchone()[0] == 0
