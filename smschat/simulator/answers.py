"""What the imitated gateway answers: an HTTP status and a document.

The rule: values only; what a document says is `wire`'s, when it is said is `exchange`'s and `numbers`'.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smschat.simulator import wire

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer; without a body it is a bare status."""

    http: int
    body: bytes = field(default=b"", repr=False)
    content_type: str = "application/json;charset=UTF-8"


def answered(http: int, document: Mapping[str, Any]) -> Answer:
    """A JSON answer."""
    return Answer(http=http, body=wire.to_json(document))


def failed(http: int, message: str) -> Answer:
    """An error in the flat envelope of the OpenAPI document."""
    return answered(http, wire.error(http, message, transaction_id=str(uuid.uuid4())))
