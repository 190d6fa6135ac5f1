"""Signatures of callbacks: what is signed, by an arithmetic of the test's own, and what never passes."""

from __future__ import annotations

import hashlib
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.domain.signing import Method, as_signed, is_signed, signature

SECRET: Final = "a secret"
FIELDS: Final = {
    "msisdn": "31611111111",
    "to": "31970000000",
    "messageId": "0A01",
    "message-timestamp": "2026-01-31 12:00:00",
    "text": "fish & chips = €5",
    "timestamp": "1769860800",
}
CANONICAL: Final = (
    "&message-timestamp=2026-01-31 12:00:00&messageId=0A01&msisdn=31611111111"
    "&text=fish _ chips _ €5&timestamp=1769860800&to=31970000000"
)
"""The same fields as a person would write them down by the rules."""

BLOCK: Final = {"md5": 64, "sha1": 64, "sha256": 64, "sha512": 128}
"""Octets of a block of each digest, as RFC 2104 needs them."""


def by_hand(text: str, secret: str, method: str) -> str:
    """The signature by RFC 1321 and RFC 2104, without `hmac`."""
    octets, key = text.encode(), secret.encode()
    if method == "md5hash":
        return hashlib.md5(octets + key, usedforsecurity=False).hexdigest()

    def digest(of: bytes) -> bytes:
        return hashlib.new(method, of, usedforsecurity=False).digest()

    key = (digest(key) if len(key) > BLOCK[method] else key).ljust(BLOCK[method], b"\0")
    inner, outer = (bytes(octet ^ pad for octet in key) for pad in (0x36, 0x5C))
    return digest(outer + digest(inner + octets)).hex()


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("secret", [SECRET, "é", "long " * 60])
def test_each_method_signs_the_canonical_form(method: Method, secret: str) -> None:
    assert signature(FIELDS, secret, method) == by_hand(CANONICAL, secret, method)


def test_known_arithmetic_holds() -> None:
    """RFC 2202, test case 2, is what becomes of a key and a text; here with the text in canonical form."""
    assert by_hand("what do ya want for nothing?", "Jefe", "md5") == "750c783e6ab0b503eaa86e310a5db738"
    assert by_hand("what do ya want for nothing?", "Jefe", "sha1") == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
    assert by_hand("ab", "c", "md5hash") == "900150983cd24fb0d6963f7d28e17f72"
    assert signature({"a": "1"}, "s", Method.MD5HASH) == hashlib.md5(b"&a=1s", usedforsecurity=False).hexdigest()


def test_the_signature_itself_is_not_signed() -> None:
    assert signature({**FIELDS, "sig": "whatever"}, SECRET, Method.SHA256) == signature(FIELDS, SECRET, Method.SHA256)


def test_names_are_sorted_by_their_octets() -> None:
    names = {"b": "1", "A": "2", "a-b": "3", "aB": "4", "é": "5", "z": "6"}
    assert signature(names, SECRET, Method.SHA1) == by_hand("&A=2&a-b=3&aB=4&b=1&z=6&é=5", SECRET, "sha1")


@pytest.mark.parametrize("method", Method)
def test_a_good_signature_passes_in_any_case(method: Method) -> None:
    good = signature(FIELDS, SECRET, method)
    assert is_signed({**FIELDS, "sig": good}, SECRET, method)
    assert is_signed({**FIELDS, "sig": good.upper()}, SECRET, method)


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("sig", ["", "0", "é", "\ud800", "0" * 10_000])
def test_another_signature_does_not_pass(method: Method, sig: str) -> None:
    assert not is_signed({**FIELDS, "sig": sig}, SECRET, method)


def test_a_signature_that_is_cut_or_by_another_method_does_not_pass() -> None:
    good = signature(FIELDS, SECRET, Method.SHA256)
    assert not is_signed({**FIELDS, "sig": good[:-1]}, SECRET, Method.SHA256)
    assert not is_signed({**FIELDS, "sig": good}, SECRET, Method.SHA512)


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_that_was_changed_or_taken_away_does_not_pass(name: str) -> None:
    good = {**FIELDS, "sig": signature(FIELDS, SECRET, Method.MD5HASH)}
    assert not is_signed({**good, name: good[name] + "x"}, SECRET, Method.MD5HASH)
    assert not is_signed({other: value for other, value in good.items() if other != name}, SECRET, Method.MD5HASH)


@pytest.mark.parametrize("method", Method)
def test_an_empty_secret_passes_nothing(method: Method) -> None:
    assert not is_signed({**FIELDS, "sig": signature(FIELDS, "", method)}, "", method)


def test_a_field_cannot_hide_in_the_name_of_another() -> None:
    """`&messageId=0A01&msisdn=…` could be a field named `messageId=0A01&msisdn`: the id would be gone."""
    swallowed = {name: value for name, value in FIELDS.items() if name not in {"messageId", "msisdn"}}
    swallowed["messageId=0A01&msisdn"] = FIELDS["msisdn"]
    sig = signature(FIELDS, SECRET, Method.SHA256)
    assert signature(swallowed, SECRET, Method.SHA256) == sig
    assert not is_signed({**swallowed, "sig": sig}, SECRET, Method.SHA256)


def test_what_signs_alike_reads_alike() -> None:
    assert as_signed("a&b=c") == as_signed("a_b_c") == "a_b_c"


@given(st.dictionaries(st.text(), st.text()), st.text(min_size=1), st.sampled_from(Method))
def test_nothing_is_raised_whatever_the_fields(fields: dict[str, str], secret: str, method: Method) -> None:
    signed = {**fields, "sig": signature(fields, secret, method)}
    has_separator = any("&" in name or "=" in name for name in fields)
    assert is_signed(signed, secret, method) is not has_separator
