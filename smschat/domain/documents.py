"""SMS and conversations as the JSON documents that scripts rely on: snake_case keys, times RFC 3339 in UTC."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, TypeAlias

from smschat.domain.sms import SmsType

if TYPE_CHECKING:
    from datetime import datetime

    from smschat.domain.changes import HealthChanged
    from smschat.domain.conversation import Conversation
    from smschat.domain.segments import SegmentCount
    from smschat.domain.sms import Sms
    from smschat.errors import SmschatError

Document: TypeAlias = dict[str, Any]


def moment(when: datetime) -> str:
    """RFC 3339 in UTC with microseconds: `2026-01-31T12:00:00.000000Z`."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def of_sms(sms: Sms) -> Document:
    """An SMS, the same everywhere; inbound adds `keyword`, binary adds `data` and `udh`."""
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
        "parts": [
            {
                "message_id": part.message_id,
                "status": part.status.value,
                "network": part.network,
                "price": part.price,
                "error_code": part.error_code,
            }
            for part in sms.parts
        ],
        "answer": None,
    }
    if sms.answer is not None:
        document["answer"] = {
            "http": sms.answer.http,
            "status": sms.answer.status,
            "error_text": sms.answer.error_text,
            "transaction_id": sms.answer.transaction_id,
        }
    if not sms.is_outbound:
        document["keyword"] = sms.keyword
    if sms.type is SmsType.BINARY:
        document |= {"data": sms.data, "udh": sms.udh}
    return document


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
