"""KPN's OpenAPI document SMS-Vonage v1.1.1, restated as a judge of requests and as samples; nothing of smschat is used.

The rule: what the document does not list is a violation, and so is what it demands and is not there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

TOKEN = "/oauth/client_credential/accesstoken"
SEND = "/communication/nexmo/sms/send"
REGISTER = "/communication/nexmo/sms/register"


class Sent(Protocol):
    """A send as it came."""

    @property
    def form(self) -> Mapping[str, str]:
        """Its fields."""
        ...


Pairs = tuple[tuple[str, str], ...]


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: compiled.fullmatch(value) is not None


def _within(low: int, high: int) -> Callable[[str], bool]:
    return lambda value: value.isascii() and value.isdigit() and low <= int(value) <= high


def _anything(value: str) -> bool:
    return bool(value)


_URL = _matches(r"https?://[^\s/]+(/\S*)?")
_HEX = _matches(r"([0-9A-Fa-f]{2})+")

FIELDS: Mapping[str, Mapping[str, Callable[[str], bool]]] = {
    TOKEN: {"client_id": _anything, "client_secret": _anything},
    SEND: {
        "from": _matches(r"[A-Za-z0-9]{1,11}|\d{1,15}"),
        "to": _matches(r"\d{7,15}"),
        "text": _anything,
        "ttl": _within(20_000, 604_800_000),
        "status-report-req": _matches("true|false"),
        "callback": _URL,
        "message-class": _within(0, 3),
        "type": _matches("text|binary|wappush|unicode|vcal|vcard"),
        "vcard": _anything,
        "vcal": _anything,
        "body": _HEX,
        "udh": _HEX,
        "protocol-id": _within(0, 255),
        "title": _anything,
        "url": _URL,
        "validity": _within(0, 10**12),
        "client-ref": _matches(r".{1,40}"),
    },
    REGISTER: {"to": _matches(r"\d{7,15}"), "callback_url": _URL},
}
"""The form fields of each call in the document's order, and what each value has to be."""

REQUIRED: Mapping[str, frozenset[str]] = {
    TOKEN: frozenset({"client_id", "client_secret"}),
    SEND: frozenset({"from", "to"}),
    REGISTER: frozenset({"to", "callback_url"}),
}

QUERIES: Mapping[str, Pairs] = {TOKEN: (("grant_type", "client_credentials"),)}

CONTENT: Mapping[str, frozenset[str]] = {
    "text": frozenset({"text"}),
    "unicode": frozenset({"text"}),
    "binary": frozenset({"body", "udh"}),
    "vcard": frozenset({"vcard"}),
    "vcal": frozenset({"vcal"}),
    "wappush": frozenset({"title", "url", "validity"}),
}
"""The fields that each type of SMS has its content in."""

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
"""GSM 03.38, default table and extension."""


def violations(*, method: str, path: str, query: Pairs, headers: Mapping[str, str], form: Pairs) -> tuple[str, ...]:
    """Everything in a request that the document does not allow; header names in lower case."""
    if path not in FIELDS:
        return (f"unknown path {path}",)
    return tuple(_of_request(method, path, query, headers)) + tuple(_of_form(path, form))


def _of_request(method: str, path: str, query: Pairs, headers: Mapping[str, str]) -> Iterable[str]:
    if method != "POST":
        yield f"method {method}"
    if query != QUERIES.get(path, ()):
        yield f"query {query}"
    if headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        yield f"content type {headers.get('content-type')}"
    if path == TOKEN and "authorization" in headers:
        yield "authorization on a token request"
    if path != TOKEN and not re.fullmatch(r"Bearer \S+", headers.get("authorization", "")):
        yield "no bearer token"
    if headers.get("inbound", "yes") != "yes" or (path != SEND and "inbound" in headers):
        yield "header inbound"
    if "cookie" in headers:
        yield "header cookie"


def is_look(form: Pairs | Mapping[str, str]) -> bool:
    """Whether a form for SEND is a look at the gateway, the one break of the document that is allowed: a sender alone.

    The gateway refuses it, because what the document demands is not there, and so nothing can come of it.
    """
    return [name for name, _ in (form.items() if isinstance(form, Mapping) else form)] == ["from"]


def _of_form(path: str, form: Pairs) -> Iterable[str]:
    names = [name for name, _ in form]
    fields = FIELDS[path]
    missing = set() if path == SEND and is_look(form) else REQUIRED[path] - set(names)
    yield from (f"unknown field {name}" for name in names if name not in fields)
    yield from (f"missing field {name}" for name in missing)
    yield from (f"field {name} {count} times" for name, count in Counter(names).items() if count > 1)
    yield from (f"field {name} has a wrong value" for name, value in form if name in fields and not fields[name](value))
    if path == SEND:
        yield from _of_content(dict(form), names)


def _of_content(fields: Mapping[str, str], names: Sequence[str]) -> Iterable[str]:
    order = [name for name in FIELDS[SEND] if name in names]
    if [name for name in names if name in FIELDS[SEND]] != order:
        yield "fields out of the document's order"
    kind = fields.get("type", "text")
    foreign = set().union(*CONTENT.values()) - CONTENT.get(kind, frozenset())
    yield from (f"field {name} with type {kind}" for name in sorted(foreign & fields.keys()))
    if kind == "text" and not set(fields.get("text", "")) <= GSM7:
        yield "type text with characters that GSM 03.38 lacks"
    if "callback" in fields and fields.get("status-report-req") != "true":
        yield "callback without status-report-req"


def granted(token: str, *, client_id: str, expires_in: str) -> dict[str, str]:
    """The answer to a token request: every value is text."""
    return {
        "refresh_token_expires_in": "0", "api_product_list": "[SMS - Vonage]", "organization_name": "kpn",
        "developer.email": "developer@example.com", "token_type": "Bearer", "issued_at": "1769860800000",
        "client_id": client_id, "access_token": token, "application_name": "stand-in", "scope": "",
        "expires_in": expires_in, "refresh_token": "", "refresh_count": "0", "status": "approved", "level": "demo",
    }  # fmt: skip


def accepted(message_id: str, *, to: str) -> dict[str, str]:
    """One part of the answer to a send that was taken."""
    return {
        "to": to, "message-id": message_id, "status": "0", "remaining-balance": "12.50000000",
        "message-price": "0.07250000", "network": "20408",
    }  # fmt: skip


def refused(status: str, text: str) -> dict[str, object]:
    """The answer to a send that was not taken: HTTP 200 all the same."""
    return {"message-count": "1", "messages": [{"status": status, "error-text": text}]}


def fault(code: str, text: str) -> dict[str, dict[str, object]]:
    """Apigee's error envelope."""
    return {"fault": {"faultstring": text, "detail": {"errorcode": code}}}


def flat(status: int, name: str, message: str) -> dict[str, str]:
    """KPN's error envelope, as the document has it."""
    info = "https://developer.kpn.com/support"
    return {"transactionId": "tx-1", "status": str(status), "name": name, "message": message, "info": info}


def receipt(send: Sent, *, status: str = "delivered", message_id: str, err_code: str = "0") -> dict[str, str]:
    """A delivery receipt for a send, with the fields of the document."""
    return {
        "msisdn": send.form["to"], "to": send.form["from"], "network-code": "20408", "messageId": message_id,
        "price": "0.07250000", "status": status, "scts": "2601311200", "err-code": err_code,
        "message-timestamp": "2026-01-31 12:00:00",
    }  # fmt: skip


def inbound(
    text: str, *, msisdn: str = "31611111111", to: str = "31612345678", message_id: str, **more: str
) -> dict[str, str]:
    """An inbound SMS with the fields of the document; further ones with `_` for `-`, such as `concat_ref="7"`."""
    fields = {
        "msisdn": msisdn, "to": to, "messageId": message_id, "text": text, "type": "text",
        "keyword": text.partition(" ")[0].upper(), "message-timestamp": "2026-01-31 12:00:00",
    }  # fmt: skip
    return fields | {name.replace("_", "-"): value for name, value in more.items()}
