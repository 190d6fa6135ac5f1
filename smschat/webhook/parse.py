"""What a callback means: an inbound SMS, a receipt, or nothing that can be read.

The rule: pure, and it never raises, whatever the bytes. Only `msisdn` and `text` are relied on; anything else that is
missing or impossible is None. The names cross over: in an inbound SMS `msisdn` wrote it and `to` is ours, in a receipt
`msisdn` received it and `to` is our sender ID. Texts keep their whole length, which the limit of a body bounds. What is
refused for its signature means nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Final, TypeAlias

from smschat.domain.callbacks import Inbound, Receipt, Signature, Unreadable
from smschat.domain.concatenation import place_in, possible
from smschat.domain.phone import peer_from_wire
from smschat.domain.signing import as_signed
from smschat.domain.text import from_wire
from smschat.webhook.fields import NoFieldsError, fields_of
from smschat.webhook.stamps import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smschat.domain.callbacks import Concat, Meaning, RawCallback

    Fields: TypeAlias = Mapping[str, str]

MAX_NUMBER_CHARACTERS: Final = 40
"""Longer than any number (E.164: 15 digits) or alphanumeric sender (11) in any way of writing it."""

MAX_NAME_CHARACTERS: Final = 200
"""Longer than any id, reference, keyword or code."""

_DECIMAL: Final = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?")
_SMALL: Final = re.compile(r"[0-9]{1,3}")
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_REFUSED: Final = {
    Signature.MISSING: "it has no signature, and signatures are checked",
    Signature.WRONG: "its signature is wrong",
}


def meaning(raw: RawCallback, country: str) -> Meaning:
    """What a callback means.

    Args:
        raw: the callback as it came.
        country: ISO 3166 code for numbers in national form.
    """
    if raw.signature.is_refused:
        return Unreadable(reason=_REFUSED[raw.signature])
    try:
        fields = fields_of(raw)
    except NoFieldsError as error:
        return Unreadable(reason=str(error))
    has_content = bool(fields.get("text") or fields.get("data"))
    if _name(fields, "status") and (raw.ref or not has_content):
        return _receipt(fields)
    if "text" in fields or "data" in fields:
        return _inbound(fields, country, is_signed=raw.signature.is_good)
    return Unreadable(reason="neither text, data nor status")


def _receipt(fields: Fields) -> Receipt:
    code = _name(fields, "err-code")
    return Receipt(
        message_id=_id(fields),
        status=(_name(fields, "status") or "").lower(),
        error_code=None if code == "0" else code,
        network=_name(fields, "network-code"),
        price=_matching(_DECIMAL, fields, "price"),
        scts=_name(fields, "scts"),
        client_ref=_name(fields, "client-ref"),
    )


def _inbound(fields: Fields, country: str, *, is_signed: bool) -> Inbound | Unreadable:
    sender = _peer(fields, "msisdn", country)
    if not sender:
        return Unreadable(reason="no possible sender")
    data, udh = _matching(_HEX, fields, "data"), _matching(_HEX, fields, "udh")
    return Inbound(
        message_id=_inbound_id(fields, is_signed=is_signed),
        sender=sender,
        recipient=_peer(fields, "to", country),
        text=from_wire(fields.get("text") or ("" if data else fields.get("data", ""))),
        type=_type(fields),
        keyword=_name(fields, "keyword"),
        data=data,
        udh=udh,
        concat=_concat(fields) or place_in(udh),
        sent_at=moment(fields.get("message-timestamp", "")) or moment(fields.get("timestamp", "")),
    )


def _name(fields: Fields, name: str) -> str | None:
    """A short text on one line, None if it is missing, empty or too long to be one."""
    value = " ".join(from_wire(fields.get(name, "")).split())
    return value if 0 < len(value) <= MAX_NAME_CHARACTERS else None


def _matching(pattern: re.Pattern[str], fields: Fields, name: str) -> str | None:
    value = fields.get(name, "").strip()
    return value if pattern.fullmatch(value) else None


def _peer(fields: Fields, name: str, country: str) -> str:
    value = _name(fields, name)
    return peer_from_wire(value, country) if value and len(value) <= MAX_NUMBER_CHARACTERS else ""


def _type(fields: Fields) -> str:
    named = fields.get("type", "").strip().lower()
    if named in {"text", "unicode", "binary"}:
        return named
    return "binary" if fields.get("data") and not fields.get("text") else "text"


def _id(fields: Fields) -> str | None:
    """The gateway's id; one that is too long to be kept as it is keeps being unique as a digest."""
    given = fields.get("messageId", "")
    return _digest(given) if len(given) > MAX_NAME_CHARACTERS else _name(fields, "messageId")


def _inbound_id(fields: Fields, *, is_signed: bool) -> str:
    """What a repeat is known by; under a signature, ids that sign alike are one, or each could be a replay."""
    said = {name: as_signed(value) for name, value in fields.items()} if is_signed else fields
    return _id(said) or _digest_of(said)


def _digest_of(fields: Fields) -> str:
    """An id for an inbound SMS without one; two parts of one long SMS may say the same."""
    names = ("msisdn", "to", "message-timestamp", "text", "data", "udh", "concat-ref", "concat-part")
    return _digest(*(fields.get(name, "") for name in names))


def _digest(*values: str) -> str:
    return f"sha256:{hashlib.sha256(json.dumps(values).encode()).hexdigest()}"


def _concat(fields: Fields) -> Concat | None:
    """Where a part belongs; None when it is no part, or says something impossible and so stands alone."""
    ref, total, part = (_name(fields, name) for name in ("concat-ref", "concat-total", "concat-part"))
    if _name(fields, "concat") in {"false", "0"} or not ref:
        return None
    if not (total and _SMALL.fullmatch(total) and part and _SMALL.fullmatch(part)):
        return None
    return possible(ref, int(total), int(part))
