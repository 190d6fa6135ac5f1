"""A callback in words and as a document: what came, what it became, and every octet of it.

The rule: nothing of what came is lost, and every line passes the gate, so that it commands no terminal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smschat.domain import documents
from smschat.domain.callbacks import Kind, Signature
from smschat.domain.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from smschat.domain.callbacks import KeptCallback, RawCallback

MOST_SHOWN: Final = 60
"""Characters of a text in a list."""

_HEX_WIDTH: Final = 32
"""Octets on a line."""


def fields_of(raw: RawCallback) -> dict[str, str]:
    """Every field as it came; empty where there is none that can be read."""
    from smschat.webhook import fields  # noqa: PLC0415 - only where there are callbacks

    try:
        return fields.fields_of(raw)
    except fields.NoFieldsError:
        return {}


def document_of(kept: KeptCallback) -> documents.Document:
    """A callback in a list, as JSON."""
    return {
        "id": kept.id,
        "received_at": documents.moment(kept.raw.received_at),
        "kind": kept.kind.value,
        "outcome": kept.outcome,
        "reason": kept.reason,
        "signature": kept.raw.signature.value,
        "method": kept.raw.method,
        "ref": kept.raw.ref,
        "sms_id": kept.sms_id,
        "peer": kept.peer,
    }


def whole_document_of(kept: KeptCallback) -> documents.Document:
    """A callback with its fields and its octets, as JSON; octets that are no UTF-8 stand in hex."""
    raw = kept.raw
    body, query = _as_text(raw.body), _as_text(raw.query)
    return document_of(kept) | {
        "fields": fields_of(raw),
        "raw": {
            "method": raw.method,
            "query": query,
            "query_hex": raw.query.hex() if query is None else None,
            "body": body,
            "body_hex": raw.body.hex() if body is None else None,
            "content_type": raw.content_type,
            "user_agent": raw.user_agent,
        },
    }


def _as_text(octets: bytes) -> str | None:
    """The octets as UTF-8; None where they are none."""
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return None


def line_of(kept: KeptCallback) -> str:
    """A callback on one line: id, time, what it was and became, from or to whom, and what it says."""
    fields = fields_of(kept.raw)
    words = [kept.id, _when(kept.raw), became(kept), who_of(kept, fields), gist_of(kept, fields)]
    return "  ".join(word for word in words if word)


def became(kept: KeptCallback) -> str:
    """What it was and became: `inbound, taken`."""
    means_nothing = kept.kind in {Kind.UNREADABLE, Kind.REFUSED}
    return kept.kind.value if means_nothing else f"{kept.kind}, {kept.outcome}"


def who_of(kept: KeptCallback, fields: Mapping[str, str]) -> str:
    """From or to whom; safe to show."""
    return shown(kept.peer or fields.get("msisdn") or "nobody", multiline=False, limit=MOST_SHOWN)


def gist_of(kept: KeptCallback, fields: Mapping[str, str]) -> str:
    """What it says, in a few words; safe to show."""
    match kept.kind:
        case Kind.INBOUND:
            said = fields.get("text") or fields.get("data") or ""
        case Kind.RECEIPT:
            code = fields.get("err-code")
            said = fields.get("status", "") + (f", err-code {code}" if code not in {None, "", "0"} else "")
        case _:
            said = kept.reason or ""
    return shown(said, multiline=False, limit=MOST_SHOWN)


def _when(raw: RawCallback) -> str:
    return raw.received_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def lines_of(kept: KeptCallback) -> Iterator[str]:
    """A callback for people: what became of it, its fields, and what came."""
    raw = kept.raw
    rows: dict[str, Any] = {
        "callback": kept.id,
        "received": _when(raw),
        "kind": kept.kind,
        "became": kept.outcome,
        "because": kept.reason,
        "SMS": kept.sms_id,
        "peer": kept.peer,
        "attempt": raw.ref,
        "signature": None if raw.signature is Signature.UNCHECKED else raw.signature,
    }
    yield from _table({name: value for name, value in rows.items() if value is not None})
    fields = fields_of(raw)
    yield from ("", "fields" if fields else "no fields")
    yield from _table(fields)
    yield from ("", f"as it came: {raw.method}, {len(raw.query)} octets of query, {len(raw.body)} of body")
    yield from _table({"content-type": raw.content_type, "user-agent": raw.user_agent})
    for octets in (raw.query, raw.body):
        yield from _octets(octets)


def _table(rows: Mapping[str, Any]) -> Iterator[str]:
    named = [(shown(name, multiline=False), shown(str(value), multiline=False)) for name, value in rows.items()]
    width = min(max((len(name) for name, _ in named), default=0), MOST_SHOWN)
    for name, value in named:
        yield f"  {name:<{width}}  {value}".rstrip()


def _octets(octets: bytes) -> Iterator[str]:
    """As text where all of it can be printed, else in hex."""
    text = _as_text(octets)
    if text is not None and text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        yield from (f"  {shown(line, multiline=False)}" for line in text.splitlines())
        return
    for begin in range(0, len(octets), _HEX_WIDTH):
        yield f"  {begin:04x}  {octets[begin : begin + _HEX_WIDTH].hex(' ')}"
