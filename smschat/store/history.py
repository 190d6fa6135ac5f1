"""SMS of the past, written in bulk: an import, or the world of a demo. Nothing of the past is ever sent.

The rule: a chunk is one transaction and leaves everything as if its SMS had been added one by one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from smschat.domain.conversation import Contact
from smschat.domain.delivery import Status
from smschat.domain.sms import Direction
from smschat.store import contact_rows, conversations, previews, sms_rows
from smschat.store.times import to_us

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from smschat.domain.sms import Part
    from smschat.store.past import PastConversation, PastSms
    from smschat.store.work import Work

CHUNK: Final = 5000
"""SMS in one transaction."""

NEVER_SENT: Final = "it was waiting when it was exported; nothing was sent"
NOT_KNOWN: Final = "it was on its way when it was exported; it may have been sent"


def chunks(sms: Iterable[PastSms]) -> Iterator[list[PastSms]]:
    """What goes into one transaction each."""
    rest = iter(sms)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def write_conversations(work: Work, past: Sequence[PastConversation]) -> Mapping[str, int]:
    """Make conversations; one that is there keeps its name, draft and flags. Row ids by peer."""
    ids = {}
    known = {row["peer"] for row in work.db.execute("SELECT peer FROM contact")}
    contact_rows.save(
        work, [Contact(peer=each.peer, name=each.name) for each in past if each.name and each.peer not in known]
    )
    for each in past:
        work.db.execute(
            "INSERT INTO conversation(peer, name, notes, draft, pinned, muted, archived, opted_out, blocked, activity,"
            " revision) VALUES(?1, coalesce((SELECT name FROM contact WHERE peer = ?1), ''),"
            " coalesce((SELECT notes FROM contact WHERE peer = ?1), ''), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
            " ON CONFLICT(peer) DO NOTHING",
            (
                each.peer,
                each.draft,
                each.pinned,
                each.muted,
                each.archived or each.blocked,
                each.opted_out,
                each.blocked,
                work.next_activity(),
                work.revision,
            ),
        )
        ids[each.peer] = conversations.ensure(work, each.peer)
    return ids


@dataclass(slots=True)
class _Tail:
    """The end of a conversation within a chunk."""

    seq: int
    sms: PastSms
    status: Status
    inbound: int


def write_chunk(work: Work, past: Sequence[PastSms]) -> int:
    """Write SMS down in their order; those whose id is there already are left out. How many were written."""
    ids = json.dumps([sms.id for sms in past])
    known = {
        row[0] for row in work.db.execute("SELECT id FROM sms WHERE id IN (SELECT value FROM json_each(?))", (ids,))
    }
    tails: dict[int, _Tail] = {}
    peers: dict[str, int] = {}
    numbers = [_write(work, sms, peers, tails) for sms in past if sms.id not in known]
    for conversation, tail in sorted(tails.items(), key=lambda item: item[1].seq):
        _end_with(work, conversation, tail)
    if numbers:
        sms_rows.index_text(work, numbers[0], numbers[-1])
    return len(numbers)


def _write(work: Work, sms: PastSms, peers: dict[str, int], tails: dict[int, _Tail]) -> int:
    conversation = peers.get(sms.peer)
    if conversation is None:
        conversation = peers[sms.peer] = conversations.ensure(work, sms.peer)
    status, reason = _settled(sms)
    seq = sms_rows.insert(work, _written(sms, conversation, status, reason))
    if sms.direction is Direction.OUTBOUND:
        _write_parts(work, seq, sms.parts)
    tail = tails.get(conversation)
    inbound = (tail.inbound if tail else 0) + (sms.direction is Direction.INBOUND)
    tails[conversation] = _Tail(seq, sms, status, inbound)
    return seq


def _settled(sms: PastSms) -> tuple[Status, str | None]:
    """What was waiting is not sent now, and what was on its way is not known."""
    if sms.status in {Status.SCHEDULED, Status.QUEUED}:
        return Status.REFUSED, NEVER_SENT
    if sms.status is Status.SENDING:
        return Status.UNKNOWN, NOT_KNOWN
    return sms.status, sms.reason


def _written(sms: PastSms, conversation: int, status: Status, reason: str | None) -> sms_rows.Written:
    created_at = to_us(sms.created_at)
    return sms_rows.Written(
        id=sms.id,
        conversation=conversation,
        direction=sms.direction,
        sender=sms.sender,
        recipient=sms.recipient,
        type=sms.type,
        text=sms.text,
        encoding=sms.encoding,
        segments=sms.segments,
        status=status,
        reason=reason,
        created_at=created_at,
        updated_at=created_at if sms.updated_at is None else to_us(sms.updated_at),
        price=sms.price,
        remaining_balance=sms.remaining_balance,
        answer=sms.answer,
        keyword=sms.keyword,
        data=sms.data,
        udh=sms.udh,
        options=sms.options,
        tries=int(sms.direction is Direction.OUTBOUND and status is not Status.REFUSED),
    )


def _write_parts(work: Work, seq: int, parts: Sequence[Part]) -> None:
    for place, part in enumerate(parts, start=1):
        work.db.execute(
            "INSERT INTO part(sms, place, message_id, status, network, price, error_code) VALUES(?, ?, ?, ?, ?, ?, ?)",
            (seq, place, part.message_id, part.status, part.network, part.price, part.error_code),
        )


def _end_with(work: Work, conversation: int, tail: _Tail) -> None:
    """The conversation's own columns; what was read before stays read, and so does the past."""
    work.db.execute(
        "UPDATE conversation SET last_seq = ?, last_id = ?, last_direction = ?, last_status = ?, last_text = ?,"
        " last_at = ?, activity = ?, revision = ?, read_upto = CASE unread WHEN 0 THEN ? ELSE read_upto END,"
        " unread = CASE unread WHEN 0 THEN 0 ELSE unread + ? END WHERE id = ?",
        (
            tail.seq,
            tail.sms.id,
            tail.sms.direction,
            tail.status,
            previews.of_past(tail.sms),
            to_us(tail.sms.created_at),
            work.next_activity(),
            work.revision,
            tail.seq,
            tail.inbound,
            conversation,
        ),
    )
    conversations.look_failed(work, conversation)


def mark_unread(work: Work, past: Sequence[PastConversation]) -> None:
    """The newest inbound SMS of each conversation are new again, as many as it says."""
    for each in past:
        if each.unread:
            _mark_unread(work, conversations.ensure(work, each.peer), each.unread)


def _mark_unread(work: Work, conversation: int, unread: int) -> None:
    newest = work.db.execute(
        "SELECT seq FROM sms WHERE conversation = ? AND direction = 'inbound' ORDER BY seq DESC LIMIT ?",
        (conversation, unread),
    ).fetchall()
    if newest:
        work.db.execute(
            "UPDATE conversation SET unread = ?, read_upto = ?, revision = ? WHERE id = ?",
            (len(newest), newest[-1][0] - 1, work.revision, conversation),
        )
