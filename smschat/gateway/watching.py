"""What goes over the line as somebody who watches is shown it: requests and answers without their secrets.

The rule: secrets are covered here, before an exchange exists; what is not a form or a JSON object shows its size alone.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from smschat.domain.exchanges import Exchange, Step
from smschat.gateway import wire

if TYPE_CHECKING:
    import httpx

    from smschat.gateway.faults import Reply

_MASK: Final = "*****"
_SECRET: Final = frozenset({"client_secret", "access_token", "refresh_token", "token"})
_PATH_TOKEN: Final = re.compile(r"(?<=/)[A-Za-z0-9_-]{22}(?=/|$)")
_LONGEST: Final = 1_000
_TOKEN_PATH: Final = wire.TOKEN_PATH.partition("?")[0]


def asked(request: httpx.Request, sms_id: str | None) -> Exchange:
    """A request on its way."""
    return Exchange(
        at=datetime.now(UTC),
        step=Step.TOKEN if request.url.path == _TOKEN_PATH else Step.SEND,
        sms_id=sms_id,
        line=f"{request.method} /{request.url.path.rpartition('/')[2]}",
        fields=tuple(_covered(name, value) for name, value in _form(request)),
    )


def answered(request: httpx.Request, reply: Reply, sms_id: str | None, took_ms: float) -> Exchange:
    """Its answer."""
    is_token = request.url.path == _TOKEN_PATH
    return Exchange(
        at=datetime.now(UTC),
        step=Step.TOKEN if is_token else Step.ANSWER,
        sms_id=sms_id,
        line=f"HTTP {reply.http}",
        fields=tuple(_covered(name, value) for name, value in _flat(reply.body)),
        took_ms=took_ms,
    )


def _form(request: httpx.Request) -> list[tuple[str, str]]:
    try:
        return parse_qsl(request.content.decode(), keep_blank_values=True)
    except (UnicodeDecodeError, ValueError):
        return [("body", f"{len(request.content)} octets")]


def _flat(body: bytes) -> list[tuple[str, str]]:
    """The members of an answer, those of a list by their place unless it is alone in it."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return [("body", f"{len(body)} octets that are no JSON")] if body else []
    return list(_members("", found))[:40] if isinstance(found, dict) else [("body", f"{len(body)} octets")]


def _members(prefix: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for name, inner in value.items() for pair in _members(f"{prefix}{name} ", inner)]
    if isinstance(value, list):
        is_alone = len(value) == 1 and isinstance(value[0], dict)
        names = [""] if is_alone else [f"{prefix}{place} " for place in range(1, len(value) + 1)]
        return [pair for name, inner in zip(names, value, strict=True) for pair in _members(name, inner)]
    return [(prefix.strip(), str(value))]


def _covered(name: str, value: str) -> tuple[str, str]:
    if name.rpartition(" ")[2] in _SECRET:
        return name, _MASK
    if "callback" in name:
        value = _PATH_TOKEN.sub(_MASK, value)
    return name, value[:_LONGEST]
