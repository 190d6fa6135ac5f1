"""The entries of an export, written into a store: all of them, or none.

How it merges: an SMS is known by its id, or by the id that the gateway gave to what came in, and what is known is left
alone; so are the name, the draft and the flags of a conversation that is there. What is new stands where its time has
it, in the order of the export, and is read where the conversation was. Nothing of it is ever sent by itself: what
waited when it was exported is held until the user releases it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from typing import TYPE_CHECKING, Any, assert_never

from smschat.domain.archive import Restored, Section
from smschat.domain.conversation import Contact
from smschat.domain.delivery import Status
from smschat.domain.sms import Direction
from smschat.errors import ArchiveError
from smschat.store import archive_order, archive_out, archive_rows, contact_rows, conversations, sms_rows
from smschat.store.archive_fields import HINT, Fields, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smschat.domain.archive import Entry
    from smschat.store.work import Work


def restore(work: Work, entries: Iterable[Entry]) -> Restored:
    """Write them down.

    Raises:
        ArchiveError: one is damaged; nothing was written.
    """
    restoring = _Restoring(work)
    for entry in entries:
        try:
            restoring.take(entry)
        except sqlite3.IntegrityError as error:
            raise ArchiveError(
                f"{place_of(entry)} does not fit with the others", hint=HINT, code="archive_damaged"
            ) from error
    return restoring.finish()


class _Restoring:
    """One import: what it has made, and where its numbers begin."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._db = work.db
        self._first_callback = self._sequence("callback")
        self._first_sms = self._sequence("sms") + 1
        self._loose = self._known_loose()
        self._repeats: list[tuple[int, int]] = []
        self._new: set[int] = set()
        self._made: dict[str, Fields] = {}
        self._touched: set[int] = set()
        self._contacts = self._sms = self._callbacks = self._known = 0

    def take(self, entry: Entry) -> None:
        """Write one entry down, or leave it alone because it is known."""
        fields = Fields.of(entry)
        match entry.section:
            case Section.CONTACTS:
                self._contact(fields)
            case Section.CONVERSATIONS:
                self._conversation(fields)
            case Section.SMS:
                self._one_sms(fields)
            case Section.WAITING:
                self._one_waiting(fields)
            case Section.CALLBACKS:
                self._one_loose(fields)
            case Section.FORGOTTEN:
                self._forget(fields)
            case _:
                assert_never(entry.section)

    def finish(self) -> Restored:
        """Bring to an end what needs all of it."""
        for repeat, original in self._repeats:
            self._db.execute(
                "UPDATE callback SET original = (SELECT id FROM callback WHERE id = ?) WHERE id = ?", (original, repeat)
            )
        last = self._sequence("sms")
        if last >= self._first_sms:
            sms_rows.index_text(self._work, self._first_sms, last)
        for conversation in sorted(self._touched):
            if conversation not in self._new:
                archive_order.by_time(self._work, conversation, self._first_sms)
            self._look_again(conversation)
        for fields in self._made.values():
            self._as_it_was(fields)
        return Restored(
            contacts=self._contacts,
            conversations=len(self._new),
            sms=self._sms,
            callbacks=self._callbacks,
            known=self._known,
        )

    def _sequence(self, table: str) -> int:
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return 0 if row is None else int(row[0])

    def _known_loose(self) -> set[bytes]:
        """What tells the callbacks that are here and belong to no SMS from others."""
        return {
            _print_of(row["received_at"], row["query"], row["body"])
            for row in self._db.execute("SELECT received_at, query, body FROM callback WHERE sms IS NULL")
        }

    def _contact(self, fields: Fields) -> None:
        contact = Contact(peer=fields.text("peer"), name=fields.text("name"), notes=fields.text("notes"))
        if contact_rows.get(self._db, contact.peer) is None:
            self._contacts += contact_rows.save(self._work, [contact])

    def _conversation(self, fields: Fields) -> None:
        peer = fields.text("peer")
        if self._ensure(peer)[1]:
            self._made[peer] = fields

    def _ensure(self, peer: str) -> tuple[int, bool]:
        """The row id of a conversation, and whether this import has made it."""
        is_here = self._has("SELECT 1 FROM conversation WHERE peer = ?", peer)
        number = conversations.ensure(self._work, peer)
        if not is_here:
            self._new.add(number)
        return number, number in self._new

    def _has(self, query: str, *values: Any) -> bool:
        return self._db.execute(query, values).fetchone() is not None

    def _one_sms(self, fields: Fields) -> None:
        if self._is_known(fields):
            self._known += 1
            return
        number, _ = self._ensure(fields.text("peer"))
        self._touched.add(number)
        seq = sms_rows.insert(self._work, archive_rows.written(fields, number))
        self._sms += 1
        parts: list[int] = []
        if fields.text("direction") == Direction.OUTBOUND:
            self._db.execute("UPDATE sms SET held = ? WHERE seq = ?", (fields.text("status") == Status.QUEUED, seq))
            archive_rows.write_attempts(self._db, seq, fields)
            parts = archive_rows.write_parts(self._db, seq, fields)
        inbound_set = archive_rows.write_set(self._db, fields, seq)
        for each in fields.all("callbacks"):
            self._callback(each, seq=seq, inbound_set=inbound_set, parts=parts)

    def _is_known(self, fields: Fields) -> bool:
        """By its own id, or by the gateway's of what came in."""
        if self._has("SELECT 1 FROM sms WHERE id = ?", fields.text("id")):
            return True
        return any(self._is_part_known(callback) for callback in fields.all("callbacks"))

    def _is_part_known(self, callback: Fields) -> bool:
        part = callback.inner("part")
        known = "SELECT 1 FROM inbound_part WHERE message_id = ?"
        return part is not None and self._has(known, part.text("message_id"))

    def _one_waiting(self, fields: Fields) -> None:
        callbacks = list(fields.all("callbacks"))
        if any(self._is_part_known(each) for each in callbacks):
            return
        inbound_set = archive_rows.write_set(self._db, fields, None)
        for each in callbacks:
            self._callback(each, inbound_set=inbound_set)

    def _one_loose(self, fields: Fields) -> None:
        here = _print_of(fields.moment("received_at"), fields.octets("query"), fields.octets("body"))
        if here not in self._loose:
            self._callback(fields)

    def _callback(
        self, fields: Fields, *, seq: int | None = None, inbound_set: int | None = None, parts: list[int] | None = None
    ) -> None:
        number = self._first_callback + fields.whole("n", least=1)
        archive_rows.write_callback(self._db, number, seq, fields)
        self._callbacks += 1
        original = fields.maybe_whole("original")
        if original is not None:
            self._repeats.append((number, self._first_callback + original))
        if (receipt := fields.inner("receipt")) is not None:
            archive_rows.write_receipt(self._db, number, receipt, parts or [])
        if (part := fields.inner("part")) is not None:
            archive_rows.write_inbound_part(self._db, number, part, seq, inbound_set)

    def _forget(self, fields: Fields) -> None:
        self._db.execute("INSERT OR IGNORE INTO forgotten(message_id) VALUES(?)", (fields.text("message_id"),))

    def _look_again(self, conversation: int) -> None:
        """What came in is read where nothing was new; of a conversation made here its own entry tells later."""
        self._db.execute(
            "UPDATE conversation SET read_upto = (SELECT max(seq) FROM sms WHERE conversation = ?1)"
            " WHERE id = ?1 AND unread = 0",
            (conversation,),
        )
        conversations.look_again(self._work, conversation)

    def _as_it_was(self, fields: Fields) -> None:
        """What the export says of a conversation that was made here."""
        flags = [fields.flag(name) for name in archive_out.FLAGS]
        columns = ", ".join(f"{name} = ?" for name in archive_out.FLAGS)
        self._db.execute(
            f"UPDATE conversation SET draft = ?, sender = ?, unread = ?,"  # noqa: S608 - constants
            f" read_upto = coalesce((SELECT seq FROM sms WHERE id = ?), 0), revision = ?, {columns} WHERE peer = ?",
            (
                fields.text("draft"),
                fields.maybe_text("sender"),
                fields.whole("unread"),
                fields.maybe_text("read_upto"),
                self._work.revision,
                *flags,
                fields.text("peer"),
            ),
        )


def _print_of(received_at: int, query: bytes, body: bytes) -> bytes:
    """What tells a callback from another that belongs to no SMS."""
    return hashlib.sha256(b"%d\0%d\0" % (received_at, len(query)) + query + body).digest()[:16]
