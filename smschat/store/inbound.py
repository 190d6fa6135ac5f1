"""Inbound SMS: one for each message id, long ones joined from their parts in whatever order they come.

How parts are joined: by sender, recipient, reference and total within 24 hours of the first one, in the newest set
that still misses the part; a part that no set misses begins another, because phones use references again, unless it
waits there already with the very same content. So parts whose totals differ are never joined, and what no long SMS can
be (domain/concatenation.py) stands alone. A set that waits too long is shown as a `partial` SMS with `[…]` for each
gap, and keeps its place when the rest comes.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from smschat.domain import segments
from smschat.domain.concatenation import without_place
from smschat.domain.delivery import Status
from smschat.domain.opt_out import Wish, wish_of
from smschat.domain.sms import Direction, Encoding, SmsType
from smschat.store import conversations, forgotten, sms_rows
from smschat.store.outcome import Outcome, Result
from smschat.store.times import DAY_US, from_us

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from smschat.domain.callbacks import Concat, Inbound
    from smschat.store.work import Work

GAP: Final = "[…]"
"""Stands in a `partial` SMS for one or more missing parts in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What an SMS says, single or joined."""

    sender: str
    recipient: str
    type: SmsType
    text: str
    keyword: str | None
    data: str | None
    udh: str | None
    segments: int | None = None

    @property
    def encoding(self) -> Encoding:
        if self.type is SmsType.BINARY:
            return Encoding.BINARY
        return segments.count(self.text, force_ucs2=self.type is SmsType.UNICODE).encoding

    @property
    def billed(self) -> int:
        """How many segments it came in."""
        if self.segments is not None:
            return self.segments
        if self.type is SmsType.BINARY:
            return segments.count_octets(len((self.udh or "") + (self.data or "")) // 2).segments
        return segments.count(self.text, force_ucs2=self.type is SmsType.UNICODE).segments


def take(work: Work, callback: int, sms: Inbound) -> Result:
    """Keep an inbound SMS, or a part of one, unless its message id is known."""
    digest = _digest(sms)
    known = work.db.execute(
        "SELECT sms, digest, callback FROM inbound_part WHERE message_id = ?", (sms.message_id,)
    ).fetchone()
    if known is not None:
        if known["digest"] == digest:
            return Result(Outcome.REPEAT, known["sms"], original=known["callback"])
        reason = "the message id is known with another content"
        return Result(Outcome.QUARANTINED, known["sms"], reason=reason, original=known["callback"])
    if forgotten.knows(work.db, sms.message_id):
        work.db.execute("UPDATE callback SET query = x'', body = x'' WHERE id = ?", (callback,))
        return Result(Outcome.REPEAT, reason=forgotten.REASON)
    if sms.concat is None:
        return _take_single(work, callback, sms, digest)
    return _take_part(work, callback, sms, sms.concat, digest)


def _type(sms: Inbound) -> SmsType:
    """The gateway's word where it is one of its three; anything else is what it looks like."""
    if sms.type in {SmsType.TEXT, SmsType.UNICODE, SmsType.BINARY}:
        return SmsType(sms.type)
    return SmsType.BINARY if sms.data is not None else SmsType.TEXT


def _digest(sms: Inbound) -> bytes:
    """What tells a repeat from another SMS under the same id; the time stamp changes in repeats."""
    said = "\0".join((sms.sender, sms.text, sms.data or "", sms.udh or ""))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()[:16]


def _take_single(work: Work, callback: int, sms: Inbound, digest: bytes) -> Result:
    content = _Content(
        sender=sms.sender,
        recipient=sms.recipient,
        type=_type(sms),
        text=sms.text,
        keyword=sms.keyword,
        data=sms.data,
        udh=sms.udh,
    )
    seq = _add(work, content, Status.RECEIVED)
    _obey(work, content)
    work.db.execute(
        "INSERT INTO inbound_part(callback, message_id, digest, sms) VALUES(?, ?, ?, ?)",
        (callback, sms.message_id, digest, seq),
    )
    return Result(Outcome.TAKEN, seq, has_moved=True)


def _take_part(work: Work, callback: int, sms: Inbound, concat: Concat, digest: bytes) -> Result:
    original = _waits_already(work, sms, concat, digest)
    if original is not None:
        return Result(Outcome.REPEAT, reason="the part waits already, under another message id", original=original)
    joined = _joined_by(work, sms, concat) or _begun_by(work, sms, concat)
    work.db.execute(
        "INSERT INTO inbound_part(callback, message_id, digest, inbound_set, place, type, text, keyword, data, udh)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            callback,
            sms.message_id,
            digest,
            joined["id"],
            concat.part,
            _type(sms),
            sms.text,
            sms.keyword,
            sms.data,
            sms.udh,
        ),
    )
    if joined["missing"] and joined["sms"] is None:
        return Result(Outcome.WAITING)
    return Result(Outcome.TAKEN, _show(work, joined["id"]), has_moved=True)


def _waits_already(work: Work, sms: Inbound, concat: Concat, digest: bytes) -> int | None:
    """The callback that brought this part with this content to a set not shown yet; carriers deliver twice, too."""
    row = work.db.execute(
        "SELECT p.callback FROM inbound_set AS s JOIN inbound_part AS p ON p.inbound_set = s.id"
        " WHERE s.sender = ? AND s.recipient = ? AND s.ref = ? AND s.total = ? AND s.missing > 0 AND s.sms IS NULL"
        " AND p.place = ? AND p.digest = ?",
        (sms.sender, sms.recipient, concat.ref, concat.total, concat.part, digest),
    ).fetchone()
    return None if row is None else int(row["callback"])


def _joined_by(work: Work, sms: Inbound, concat: Concat) -> sqlite3.Row | None:
    """The newest set that missed this part, and misses it no longer; None if there was none."""
    row: sqlite3.Row | None = work.db.execute(
        "UPDATE inbound_set SET missing = missing - 1 WHERE id = ("
        "SELECT id FROM inbound_set AS s WHERE sender = ? AND recipient = ? AND ref = ? AND total = ? AND missing > 0"
        " AND begun_at > ? AND NOT EXISTS(SELECT 1 FROM inbound_part WHERE inbound_set = s.id AND place = ?)"
        " ORDER BY id DESC LIMIT 1) RETURNING id, missing, sms",
        (sms.sender, sms.recipient, concat.ref, concat.total, work.now - DAY_US, concat.part),
    ).fetchone()
    return row


def _begun_by(work: Work, sms: Inbound, concat: Concat) -> sqlite3.Row:
    """A new set, which misses all but this part."""
    row: sqlite3.Row = work.db.execute(
        "INSERT INTO inbound_set(sender, recipient, ref, total, begun_at, missing) VALUES(?, ?, ?, ?, ?, ?)"
        " RETURNING id, missing, sms",
        (sms.sender, sms.recipient, concat.ref, concat.total, work.now, concat.total - 1),
    ).fetchone()
    return row


def _show(work: Work, set_id: int) -> int:
    """Make the SMS of a set, or bring it up to date; its `seq`."""
    row = work.db.execute("SELECT * FROM inbound_set WHERE id = ?", (set_id,)).fetchone()
    content = _joined(work.db, row)
    status = Status.PARTIAL if row["missing"] else Status.RECEIVED
    seq: int | None = row["sms"]
    if seq is None:
        seq = _add(work, content, status)
        work.db.execute("UPDATE inbound_set SET sms = ? WHERE id = ?", (seq, set_id))
    else:
        _complete(work, seq, content, status)
    if status is Status.RECEIVED:
        _obey(work, content)
    work.db.execute("UPDATE inbound_part SET sms = ? WHERE inbound_set = ?", (seq, set_id))
    return seq


def _obey(work: Work, content: _Content) -> None:
    """Who says STOP has opted out, until START comes or the user says otherwise."""
    wish = wish_of(content.text)
    if wish is not None:
        work.db.execute(
            "UPDATE conversation SET opted_out = ?1, revision = ?2 WHERE peer = ?3 AND opted_out <> ?1",
            (int(wish is Wish.STOP), work.revision, content.sender),
        )


def _joined(db: sqlite3.Connection, row: sqlite3.Row) -> _Content:
    parts = {
        part["place"]: part
        for part in db.execute("SELECT * FROM inbound_part WHERE inbound_set = ? ORDER BY place", (row["id"],))
    }
    first = parts[min(parts)]
    types = {SmsType(part["type"]) for part in parts.values()}
    present = [parts.get(place) for place in range(1, row["total"] + 1)]
    pieces = [
        GAP if is_gap else "".join(part["text"] for part in run if part is not None)
        for is_gap, run in groupby(present, key=lambda part: part is None)
    ]
    is_binary = SmsType.BINARY in types
    return _Content(
        sender=row["sender"],
        recipient=row["recipient"],
        type=SmsType.BINARY if is_binary else SmsType.UNICODE if SmsType.UNICODE in types else SmsType.TEXT,
        text="" if is_binary and not any(part["text"] for part in parts.values()) else "".join(pieces),
        keyword=first["keyword"],
        data="".join(part["data"] or "" for part in parts.values()) or None,
        udh=without_place(first["udh"]),
        segments=row["total"],
    )


def _add(work: Work, content: _Content, status: Status) -> int:
    return sms_rows.add(
        work,
        sms_rows.Written(
            id=uuid.uuid4().hex,
            conversation=conversations.ensure(work, content.sender),
            direction=Direction.INBOUND,
            sender=content.sender,
            recipient=content.recipient,
            type=content.type,
            text=content.text,
            encoding=content.encoding,
            segments=content.billed,
            status=status,
            created_at=work.now,
            updated_at=work.now,
            keyword=content.keyword,
            data=content.data,
            udh=content.udh,
        ),
    )


def _complete(work: Work, seq: int, content: _Content, status: Status) -> None:
    sms_rows.replace_text(work, seq, content.text)
    work.db.execute(
        "UPDATE sms SET type = ?, encoding = ?, keyword = ?, data = ?, udh = ? WHERE seq = ?",
        (content.type, content.encoding, content.keyword, content.data, content.udh, seq),
    )
    sms_rows.move(work, seq, status, None)


def show_partials(work: Work, older_than: int) -> datetime | None:
    """Show the sets that wait since before then; when the next one will have waited as long, None if none waits."""
    waiting = work.db.execute(
        "SELECT id FROM inbound_set INDEXED BY inbound_set_waiting"
        " WHERE missing > 0 AND sms IS NULL AND begun_at <= ? ORDER BY begun_at, id",
        (older_than,),
    ).fetchall()
    for (set_id,) in waiting:
        _show(work, set_id)
    (next_one,) = work.db.execute(
        "SELECT min(begun_at) FROM inbound_set INDEXED BY inbound_set_waiting WHERE missing > 0 AND sms IS NULL"
    ).fetchone()
    return None if next_one is None else from_us(next_one + max(0, work.now - older_than))
