"""SMS and conversations as the JSON documents that scripts rely on: snake_case keys, times RFC 3339 in UTC."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, TypeAlias

from smschat.domain.sms import SmsType

if TYPE_CHECKING:
    from datetime import datetime

    from smschat.domain.changes import HealthChanged
    from smschat.domain.conversation import Conversation
    from smschat.domain.countries import CountryNote
    from smschat.domain.delivery import Answer
    from smschat.domain.segments import SegmentCount
    from smschat.domain.sms import Part, Sms, SmsOptions
    from smschat.errors import SmschatError

Document: TypeAlias = dict[str, Any]


def moment(when: datetime) -> str:
    """RFC 3339 in UTC with microseconds: `2026-01-31T12:00:00.000000Z`."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def of_sms(sms: Sms) -> Document:
    """An SMS, the same everywhere.

    Inbound adds `keyword`, binary adds `data` and `udh`, outbound with options adds `options`, with those that are set,
    and outbound that was given a time adds `send_at`.
    """
    document: Document = {
        "id": sms.id,
        "direction": sms.direction.value,
        "peer": sms.peer,
        "from": sms.sender,
        "to": sms.recipient,
        "type": sms.type.value,
        "text": sms.text,
        "encoding": sms.encoding.value,
        "segments": sms.segments,
        "status": sms.status.value,
        "reason": sms.reason,
        "created_at": moment(sms.created_at),
        "updated_at": moment(sms.updated_at),
        "price": sms.price,
        "remaining_balance": sms.remaining_balance,
        "parts": [_part(part) for part in sms.parts],
        "answer": _answer(sms.answer) if sms.answer is not None else None,
    }
    return document | _more(sms)


def _part(part: Part) -> Document:
    return {
        "message_id": part.message_id,
        "status": part.status.value,
        "network": part.network,
        "price": part.price,
        "error_code": part.error_code,
    }


def _answer(answer: Answer) -> Document:
    return {
        "http": answer.http,
        "status": answer.status,
        "error_text": answer.error_text,
        "transaction_id": answer.transaction_id,
    }


def _more(sms: Sms) -> Document:
    document: Document = {} if sms.is_outbound else {"keyword": sms.keyword}
    if sms.type is SmsType.BINARY:
        document |= {"data": sms.data, "udh": sms.udh}
    if sms.send_at is not None:
        document |= {"send_at": moment(sms.send_at)}
    options = of_options(sms.options)
    return document | ({"options": options} if options else {})


def of_options(options: SmsOptions) -> Document:
    """What was asked for beside the text, only what is set; seconds are whole where they can be."""
    given = {
        "ttl_s": _seconds(options.ttl_ms),
        "class": options.message_class,
        "protocol_id": options.protocol_id,
        "title": options.title,
        "url": options.url,
        "validity_s": _seconds(options.validity_ms),
    }
    return {name: value for name, value in given.items() if value is not None}


def _seconds(milliseconds: int | None) -> float | None:
    if milliseconds is None:
        return None
    return milliseconds // 1000 if milliseconds % 1000 == 0 else milliseconds / 1000


def of_note(note: CountryNote) -> Document:
    """One thing that is known of sending to a country."""
    return {"country": note.country, "sentence": note.sentence, "hint": note.hint, "source": note.source}


def of_conversation(conversation: Conversation, last: Sms | None) -> Document:
    """A conversation; `last` is its last SMS whole, None when there is none."""
    return {
        "peer": conversation.peer,
        "name": conversation.name or None,
        "last": of_sms(last) if last is not None else None,
        "unread": conversation.unread,
        "pinned": conversation.pinned,
        "muted": conversation.muted,
        "archived": conversation.archived,
        "draft": conversation.draft,
    }


def of_count(counted: SegmentCount) -> Document:
    """What `smschat count --json` prints."""
    return {
        "encoding": counted.encoding.value,
        "segments": counted.segments,
        "units": counted.units,
        "units_left": counted.units_left,
        "culprits": [
            {"character": culprit.character, "index": culprit.index, "suggestion": culprit.suggestion}
            for culprit in counted.culprits
        ],
    }


def of_health(news: HealthChanged) -> Document:
    """One line of `smschat listen --json` on the state of a part."""
    return {"event": "health", "part": news.part.value, "state": news.state.value, "text": news.text}


def of_error(error: SmschatError) -> Document:
    """What `--json` prints where there is no other document."""
    return {"error": {"code": error.code, "message": error.message, "hint": error.hint}}
