"""A store read from end to end, as the entries of an export: one look at it, page by page.

How an export stays the same wherever it is made: SMS have their ids, attempts theirs, and a callback has its place `n`
among the callbacks that are exported; row ids, revisions and the processes that held something stay here.

Nothing that an export brings elsewhere is sent by itself, and the export says so: what waited is `queued` and held,
what was on its way, or waited to be repeated, is `unknown`.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from smschat.domain import documents
from smschat.domain.archive import Entry, Section
from smschat.domain.delivery import Status
from smschat.store import rows
from smschat.store.times import from_us

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

    from smschat.domain.documents import Document
    from smschat.domain.sms import Sms

PAGE: Final = 500

WAITED: Final = "it was waiting when it was exported; nothing was sent"
NOT_KNOWN: Final = "it was on its way when it was exported; it may have been sent"

FLAGS: Final = ("pinned", "muted", "archived", "blocked", "opted_out", "marked_unread")
"""Columns of a conversation that are yes or no."""

PART: Final = ("place", "type", "text", "keyword", "data", "udh")
"""Columns of a part of an inbound SMS that are exported as they are."""

RECEIPT: Final = ("message_id", "status", "error_code", "network", "price", "scts", "client_ref")
"""Columns of a receipt that are exported as they are."""

_NUMBERED: Final = "CREATE TEMP TABLE numbered AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM callback "
_OF_ONE_PEER: Final = (
    "WHERE sms IN (SELECT seq FROM sms WHERE conversation = (SELECT id FROM conversation WHERE peer = ?1))"
    " OR id IN (SELECT p.callback FROM inbound_part AS p JOIN inbound_set AS s ON s.id = p.inbound_set"
    " WHERE s.sms IS NULL AND s.sender = ?1)"
)
_CALLBACK: Final = (
    "SELECT k.*, number.n, original.n AS original_n FROM callback AS k"
    " JOIN temp.numbered AS number ON number.id = k.id"
    " LEFT JOIN temp.numbered AS original ON original.id = k.original "
)
_IN: Final = "IN (SELECT value FROM json_each(?))"
_READ_UPTO: Final = "SELECT id FROM sms WHERE conversation = ? AND seq <= ? ORDER BY seq DESC LIMIT 1"


def entries(db: sqlite3.Connection, peer: str | None) -> Generator[Entry, None, None]:
    """All entries, section after section; of one peer, or of all. `db` is nobody else's meanwhile."""
    db.execute("BEGIN")
    try:
        db.execute("PRAGMA query_only = OFF")  # for the numbers, which are in memory
        db.execute(_NUMBERED + ("" if peer is None else _OF_ONE_PEER), () if peer is None else (peer,))
        db.execute("CREATE UNIQUE INDEX temp.numbered_id ON numbered(id)")
        db.execute("PRAGMA query_only = ON")
        for section, read in _SECTIONS.items():
            for number, document in enumerate(read(db, peer), start=1):
                yield Entry(section=section, document=document, number=number)
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


def _contacts(db: sqlite3.Connection, peer: str | None) -> Iterator[Document]:
    where, values = _only("peer", peer)
    for row in db.execute(f"SELECT peer, name, notes FROM contact {where} ORDER BY peer", values):  # noqa: S608 - constants
        yield dict(row)


def _only(column: str, peer: str | None) -> tuple[str, Sequence[str]]:
    return ("", ()) if peer is None else (f"WHERE {column} = ?", (peer,))


def _conversations(db: sqlite3.Connection, peer: str | None) -> Iterator[Document]:
    where, values = _only("peer", peer)
    for row in db.execute(f"SELECT * FROM conversation {where} ORDER BY activity, id", values):  # noqa: S608 - constants
        read = db.execute(_READ_UPTO, (row["id"], row["read_upto"])).fetchone()
        yield {
            "peer": row["peer"],
            "draft": row["draft"],
            "sender": row["sender"],
            "unread": row["unread"],
            "read_upto": None if read is None else read["id"],
        } | {name: bool(row[name]) for name in FLAGS}


def _all_sms(db: sqlite3.Connection, peer: str | None) -> Iterator[Document]:
    where = "" if peer is None else "AND s.conversation = (SELECT id FROM conversation WHERE peer = ?) "
    values: tuple[Any, ...] = () if peer is None else (peer,)
    last = -(2**63)
    while page := rows.all_sms(db, f"WHERE s.seq > ? {where}ORDER BY s.seq LIMIT {PAGE}", (last, *values)):
        yield from _page(db, page)
        last = page[-1].seq


class _Around:
    """What belongs to the SMS of a page, by their `seq`."""

    def __init__(self, db: sqlite3.Connection, page: Sequence[Sms]) -> None:
        seqs = (json.dumps([sms.seq for sms in page]),)
        self.sms = {row["seq"]: row for row in db.execute(f"SELECT * FROM sms WHERE seq {_IN}", seqs)}  # noqa: S608 - constants
        self.attempts = _grouped(db, f"SELECT * FROM attempt WHERE sms {_IN} ORDER BY number, begun_at, ref", seqs)  # noqa: S608 - constants
        self.parts = _grouped(db, f"SELECT * FROM part WHERE sms {_IN} ORDER BY place IS NULL, place, id", seqs)  # noqa: S608 - constants
        self.sets = _grouped(db, f"SELECT * FROM inbound_set WHERE sms {_IN} ORDER BY id", seqs)  # noqa: S608 - constants
        places = {part["id"]: place for parts in self.parts.values() for place, part in enumerate(parts)}
        self.callbacks = _callbacks(db, f"WHERE k.sms {_IN} ORDER BY k.id", seqs, places)


def _grouped(db: sqlite3.Connection, query: str, values: Sequence[str]) -> Mapping[int, list[sqlite3.Row]]:
    found: defaultdict[int, list[sqlite3.Row]] = defaultdict(list)
    for row in db.execute(query, values):
        found[row["sms"]].append(row)
    return found


def _page(db: sqlite3.Connection, page: Sequence[Sms]) -> Iterator[Document]:
    around = _Around(db, page)
    for sms in page:
        document = documents.of_sms(sms) | {"data": sms.data, "udh": sms.udh}
        if sms.is_outbound:
            document |= _outbound(sms, around)
        elif sms.seq in around.sets:
            document["set"] = _set(around.sets[sms.seq][0])
        yield document | {"callbacks": around.callbacks.get(sms.seq, [])}


def _outbound(sms: Sms, around: _Around) -> Document:
    row, attempts = around.sms[sms.seq], around.attempts.get(sms.seq, [])
    status, reason = _settled(row, attempts)
    return {
        "status": status.value,
        "reason": reason,
        "client_ref": row["client_ref"],
        "wants_receipt": bool(row["wants_receipt"]),
        "wants_inbound": bool(row["wants_inbound"]),
        "send_at": _moment(row["send_at"]),
        "tries": row["tries"],
        "held": status is Status.QUEUED,
        "attempts": [_attempt(each) for each in attempts],
        "parts": [_part(each) for each in around.parts.get(sms.seq, [])],
    }


def _settled(row: sqlite3.Row, attempts: Iterable[sqlite3.Row]) -> tuple[Status, str | None]:
    """The state that is true elsewhere too, where nobody sends it unasked."""
    status = Status(row["status"])
    if status is Status.SENDING:
        return Status.UNKNOWN, NOT_KNOWN
    if status not in {Status.SCHEDULED, Status.QUEUED}:
        return status, row["reason"]
    if any(attempt["state"] in {"sending", "unknown"} for attempt in attempts):
        return Status.UNKNOWN, NOT_KNOWN
    return Status.QUEUED, row["reason"] if row["held"] else WAITED


def _attempt(row: sqlite3.Row) -> Document:
    is_live = row["state"] == "sending"
    return {
        "ref": row["ref"],
        "number": row["number"],
        "state": "unknown" if is_live else row["state"],
        "posts": row["posts"],
        "consent": bool(row["consent"]),
        "reason": NOT_KNOWN if is_live else row["reason"],
        "http": row["http"],
        "answer_status": row["answer_status"],
        "answer_error": row["answer_error"],
        "answer_transaction": row["answer_transaction"],
        "quota": json.loads(row["quota"]) if row["quota"] else None,
        "begun_at": _moment(row["begun_at"]),
        "ended_at": _moment(row["begun_at"] if is_live else row["ended_at"]),
    }


def _part(row: sqlite3.Row) -> Document:
    names = ("message_id", "status", "network", "price", "error_code", "attempt", "place")
    return {name: row[name] for name in names}


def _set(row: sqlite3.Row) -> Document:
    names = ("sender", "recipient", "ref", "total", "missing")
    return {name: row[name] for name in names} | {"begun_at": _moment(row["begun_at"])}


def _waiting(db: sqlite3.Connection, peer: str | None) -> Iterator[Document]:
    where, values = ("", ()) if peer is None else ("AND sender = ? ", (peer,))
    for row in db.execute(f"SELECT * FROM inbound_set WHERE sms IS NULL {where}ORDER BY id", values):  # noqa: S608 - constants
        here = "WHERE k.id IN (SELECT callback FROM inbound_part WHERE inbound_set = ?) ORDER BY k.id"
        callbacks = _callbacks(db, here, (row["id"],), {})
        yield {"set": _set(row), "callbacks": [each for several in callbacks.values() for each in several]}


def _loose(db: sqlite3.Connection, peer: str | None) -> Iterator[Document]:
    if peer is not None:
        return
    last = 0
    where = (
        "WHERE k.sms IS NULL AND k.id > ? AND NOT EXISTS(SELECT 1 FROM inbound_part WHERE callback = k.id)"
        " ORDER BY k.id LIMIT ?"
    )
    while page := db.execute(_CALLBACK + where, (last, PAGE)).fetchall():
        for several in _said(db, page, {}).values():
            yield from several
        last = page[-1]["id"]


def _callbacks(
    db: sqlite3.Connection, where: str, values: Sequence[Any], places: Mapping[int, int]
) -> Mapping[int | None, list[Document]]:
    """Callbacks with what they brought, by the `seq` of their SMS; `places`: where each part stands in its SMS."""
    return _said(db, db.execute(_CALLBACK + where, values).fetchall(), places)


def _said(
    db: sqlite3.Connection, found: Sequence[sqlite3.Row], places: Mapping[int, int]
) -> Mapping[int | None, list[Document]]:
    ids = (json.dumps([row["id"] for row in found]),)
    receipts = {row["callback"]: row for row in db.execute(f"SELECT * FROM receipt WHERE callback {_IN}", ids)}  # noqa: S608 - constants
    parts = {row["callback"]: row for row in db.execute(f"SELECT * FROM inbound_part WHERE callback {_IN}", ids)}  # noqa: S608 - constants
    said: defaultdict[int | None, list[Document]] = defaultdict(list)
    for row in found:
        document = _callback(row)
        if row["id"] in receipts:
            document["receipt"] = _receipt(receipts[row["id"]], places)
        if row["id"] in parts:
            document["part"] = _inbound_part(parts[row["id"]])
        said[row["sms"]].append(document)
    return said


def _callback(row: sqlite3.Row) -> Document:
    names = ("method", "ref", "content_type", "user_agent", "signature", "kind", "outcome", "reason")
    return {
        "n": row["n"],
        "received_at": _moment(row["received_at"]),
        "query": b64encode(row["query"]).decode(),
        "body": b64encode(row["body"]).decode(),
        "original": row["original_n"],
    } | {name: row[name] for name in names}


def _receipt(row: sqlite3.Row, places: Mapping[int, int]) -> Document:
    return {
        "attempt": row["attempt"],
        "part": places.get(row["part"]),
        "received_at": _moment(row["received_at"]),
    } | {name: row[name] for name in RECEIPT}


def _inbound_part(row: sqlite3.Row) -> Document:
    names = ("message_id", *PART)
    return {name: row[name] for name in names} | {"digest": row["digest"].hex()}


def _forgotten(db: sqlite3.Connection, peer: str | None) -> Iterator[Document]:
    if peer is None:
        for row in db.execute("SELECT message_id FROM forgotten ORDER BY message_id"):
            yield dict(row)


def _moment(microseconds: int | None) -> str | None:
    return None if microseconds is None else documents.moment(from_us(microseconds))


_SECTIONS: Final[Mapping[Section, Callable[[sqlite3.Connection, str | None], Iterator[Document]]]] = {
    Section.CONTACTS: _contacts,
    Section.CONVERSATIONS: _conversations,
    Section.SMS: _all_sms,
    Section.WAITING: _waiting,
    Section.CALLBACKS: _loose,
    Section.FORGOTTEN: _forgotten,
}
