"""Rows of an export's SMS, its attempts, parts and callbacks, as they are written into another store.

The rule: a row is as the entry has it; what no entry has (claims, holders, consent to what was asked elsewhere) is not
made up.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from smschat.domain.callbacks import Kind, Signature
from smschat.domain.delivery import Answer, Status
from smschat.domain.sms import Direction, Encoding, SmsOptions, SmsType
from smschat.store import archive_out, sms_rows
from smschat.store.outcome import Outcome

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from smschat.store.archive_fields import Fields

HOLDER: Final = "import"
"""Who made the attempts of another store: no process that could be alive."""

_ATTEMPT_STATES: Final = ("unsent", "unknown", "refused", "accepted")
_UNDER_WAY: Final = frozenset({Status.SCHEDULED, Status.SENDING})


def written(fields: Fields, conversation: int) -> sms_rows.Written:
    """An SMS as it is written down."""
    is_outbound = fields.member("direction", Direction) is Direction.OUTBOUND
    status = fields.member("status", Status)
    if status in _UNDER_WAY:
        raise fields.wrong("status", "is none that an export has")
    answer = fields.inner("answer")
    return sms_rows.Written(
        id=fields.text("id"),
        conversation=conversation,
        direction=fields.member("direction", Direction),
        sender=fields.text("from"),
        recipient=fields.text("to"),
        type=fields.member("type", SmsType),
        text=fields.text("text"),
        encoding=fields.member("encoding", Encoding),
        segments=fields.whole("segments", least=1),
        status=status,
        reason=fields.maybe_text("reason"),
        created_at=fields.moment("created_at"),
        updated_at=fields.moment("updated_at"),
        price=fields.maybe_text("price"),
        remaining_balance=fields.maybe_text("remaining_balance"),
        answer=None if answer is None else _answer(answer),
        keyword=None if is_outbound else fields.maybe_text("keyword"),
        data=fields.maybe_text("data"),
        udh=fields.maybe_text("udh"),
        client_ref=fields.maybe_text("client_ref") if is_outbound else None,
        wants_receipt=fields.flag("wants_receipt") if is_outbound else True,
        wants_inbound=fields.flag("wants_inbound") if is_outbound else True,
        tries=fields.whole("tries") if is_outbound else 0,
        send_at=fields.maybe_moment("send_at") if is_outbound else None,
        options=_options(fields.inner("options")),
    )


def _answer(fields: Fields) -> Answer:
    return Answer(
        http=fields.maybe_whole("http"),
        status=fields.maybe_text("status"),
        error_text=fields.maybe_text("error_text"),
        transaction_id=fields.maybe_text("transaction_id"),
    )


def _options(fields: Fields | None) -> SmsOptions:
    if fields is None:
        return SmsOptions()
    has = fields.optional
    return SmsOptions(
        ttl_ms=fields.milliseconds("ttl_s"),
        message_class=None if has("class") is None else fields.whole("class"),
        protocol_id=None if has("protocol_id") is None else fields.whole("protocol_id"),
        title=None if has("title") is None else fields.text("title"),
        url=None if has("url") is None else fields.text("url"),
        validity_ms=fields.milliseconds("validity_s"),
    )


def write_attempts(db: sqlite3.Connection, seq: int, fields: Fields) -> None:
    """Written with a consent that is taken back: what was right when they were made cannot be asked for again."""
    for each in fields.all("attempts"):
        ref = each.text("ref")
        db.execute(
            "INSERT INTO attempt(ref, sms, number, state, posts, consent, holder, reason, http, answer_status,"
            " answer_error, answer_transaction, begun_at, ended_at, quota)"
            " VALUES(?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                ref,
                seq,
                each.whole("number"),
                each.text("state", one_of=_ATTEMPT_STATES),
                each.whole("posts"),
                HOLDER,
                each.maybe_text("reason"),
                each.maybe_whole("http"),
                each.maybe_text("answer_status"),
                each.maybe_text("answer_error"),
                each.maybe_text("answer_transaction"),
                each.moment("begun_at"),
                each.maybe_moment("ended_at"),
                json.dumps(each.optional("quota")) if each.optional("quota") else None,
            ),
        )
        db.execute("UPDATE attempt SET consent = ? WHERE ref = ?", (each.flag("consent"), ref))


def write_parts(db: sqlite3.Connection, seq: int, fields: Fields) -> list[int]:
    """The parts of an outbound SMS; their row ids in the order of the entry."""
    return [
        int(
            db.execute(
                "INSERT INTO part(sms, attempt, place, message_id, status, network, price, error_code)"
                " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    seq,
                    each.maybe_text("attempt"),
                    each.maybe_whole("place"),
                    each.maybe_text("message_id"),
                    each.member("status", Status),
                    each.maybe_text("network"),
                    each.maybe_text("price"),
                    each.maybe_text("error_code"),
                ),
            ).lastrowid
            or 0
        )
        for each in fields.all("parts")
    ]


def write_set(db: sqlite3.Connection, fields: Fields, seq: int | None) -> int | None:
    """What joins the parts of a long inbound SMS; None where it came in one."""
    said = fields.inner("set")
    if said is None:
        return None
    made = db.execute(
        "INSERT INTO inbound_set(sender, recipient, ref, total, begun_at, missing, sms) VALUES(?, ?, ?, ?, ?, ?, ?)",
        (
            said.text("sender"),
            said.text("recipient"),
            said.text("ref"),
            said.whole("total", least=2),
            said.moment("begun_at"),
            said.whole("missing"),
            seq,
        ),
    )
    return int(made.lastrowid or 0)


def write_callback(db: sqlite3.Connection, number: int, seq: int | None, fields: Fields) -> None:
    """A callback under a row id of its own."""
    db.execute(
        "INSERT INTO callback(id, received_at, method, ref, query, body, content_type, user_agent, signature, kind,"
        " outcome, reason, sms) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            fields.moment("received_at"),
            fields.text("method"),
            fields.maybe_text("ref"),
            fields.octets("query"),
            fields.octets("body"),
            fields.text("content_type"),
            fields.text("user_agent"),
            fields.member("signature", Signature),
            fields.member("kind", Kind),
            fields.member("outcome", Outcome),
            fields.maybe_text("reason"),
            seq,
        ),
    )


def write_receipt(db: sqlite3.Connection, callback: int, fields: Fields, parts: Sequence[int]) -> None:
    """A receipt; `parts` are the row ids of its SMS's parts."""
    place = fields.maybe_whole("part")
    if place is not None and place >= len(parts):
        raise fields.wrong("part", "is not among the parts")
    db.execute(
        "INSERT INTO receipt(callback, attempt, part, received_at, message_id, status, error_code, network, price,"
        " scts, client_ref) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            callback,
            fields.maybe_text("attempt"),
            None if place is None else parts[place],
            fields.moment("received_at"),
            *(fields.text(name) if name == "status" else fields.maybe_text(name) for name in archive_out.RECEIPT),
        ),
    )


def write_inbound_part(
    db: sqlite3.Connection, callback: int, fields: Fields, seq: int | None, inbound_set: int | None
) -> None:
    """A part of an inbound SMS, by whose message id a redelivery is known."""
    place, *others = archive_out.PART
    db.execute(
        "INSERT INTO inbound_part(callback, message_id, digest, sms, inbound_set, place, type, text, keyword, data,"
        " udh) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            callback,
            fields.text("message_id"),
            fields.digits("digest"),
            seq,
            inbound_set,
            fields.maybe_whole(place),
            *(fields.maybe_text(name) for name in others),
        ),
    )
