"""A callback as it is printed: nothing of what came is lost, and nothing commands the terminal."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from smschat.domain.callbacks import KeptCallback, Kind, RawCallback, Signature
from smschat.messaging.callback_words import document_of, line_of, lines_of, whole_document_of
from tests.store.samples import NOON

CAME: Final = RawCallback(received_at=NOON, method="POST", body=b'{"msisdn":"31611111111","text":"hi","type":"text"}')
KEPT: Final = KeptCallback(id="7", raw=CAME, kind=Kind.INBOUND, outcome="taken", sms_id="8c1f", peer="31611111111")


def shown(kept: KeptCallback) -> list[str]:
    return list(lines_of(kept))


def test_a_line_says_what_came_from_whom_and_what_it_became() -> None:
    assert line_of(KEPT).split("  ")[2:] == ["inbound, taken", "31611111111", "hi"]


def test_a_receipt_tells_its_status_and_its_error() -> None:
    raw = replace(CAME, body=b"msisdn=31622222222&status=failed&err-code=9&messageId=0A")
    pending = replace(KEPT, raw=raw, kind=Kind.RECEIPT, outcome="pending", peer=None)
    assert line_of(pending).split("  ")[2:] == ["receipt, pending", "31622222222", "failed, err-code 9"]


def test_what_cannot_be_read_is_listed_with_its_reason_and_shown_in_hex() -> None:
    raw = replace(CAME, body=b"\xff\x00")
    unreadable = replace(KEPT, raw=raw, kind=Kind.UNREADABLE, outcome="unreadable", reason="no form", peer=None)
    assert line_of(unreadable).split("  ")[2:] == ["unreadable", "nobody", "no form"]
    assert shown(unreadable)[-1] == "  0000  ff 00"
    whole = whole_document_of(unreadable)
    assert (whole["fields"], whole["raw"]["body"], whole["raw"]["body_hex"]) == ({}, None, "ff00")


def test_an_empty_field_is_a_field() -> None:
    assert "  text" in shown(replace(KEPT, raw=replace(CAME, body=b"text=&msisdn=31611111111")))


def test_a_signature_is_told_where_it_was_checked() -> None:
    refused = replace(KEPT, raw=replace(CAME, signature=Signature.WRONG), kind=Kind.REFUSED, outcome="unreadable")
    assert any(line.split() == ["signature", "wrong"] for line in shown(refused))
    assert not any("signature" in line for line in shown(KEPT))


NOTES: Final = st.text(max_size=20)


@given(
    body=st.binary(max_size=99) | NOTES.map(str.encode),
    query=st.binary(max_size=99),
    note=NOTES,
    kind=st.sampled_from(Kind),
)
def test_whatever_came_is_printed_harmlessly_and_whole(body: bytes, query: bytes, note: str, kind: Kind) -> None:
    raw = replace(CAME, body=body, query=query, user_agent=note, content_type=note)
    kept = replace(KEPT, raw=raw, kind=kind, reason=note)
    for line in (line_of(kept), *shown(kept)):
        assert not [character for character in line if unicodedata.category(character) in {"Cc", "Cs"}]
    whole = json.loads(json.dumps(whole_document_of(kept)))
    assert document_of(kept).items() <= whole.items()
    for name, octets in (("body", body), ("query", query)):
        text, digits = whole["raw"][name], whole["raw"][f"{name}_hex"]
        assert (text.encode() if digits is None else bytes.fromhex(digits)) == octets
