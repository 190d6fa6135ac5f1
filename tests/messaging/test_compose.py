"""Every kind of SMS is checked before it is written down, and a refusal names the field."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.domain.identity import Identity
from smschat.domain.sms import Encoding, SmsOptions, SmsType
from smschat.errors import RefusedHereError, SenderError
from smschat.messaging.compose import Wish, compose

if TYPE_CHECKING:
    from smschat.domain.sms import NewSms

IDENTITY = Identity(number="31612345678", sender="31612345678", country="NL")
WISH = Wish(to="0611111111", text="hello")
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna\r\nEND:VCARD\r\n"
CALENDAR = "BEGIN:VCALENDAR\nVERSION:1.0\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR"


def made(text: str = "", **more: Any) -> NewSms:
    return compose(replace(WISH, text=text, **more), IDENTITY)


def refused(text: str = "", **more: Any) -> str:
    with pytest.raises(RefusedHereError) as caught:
        made(text, **more)
    assert caught.value.exit_code == 3
    return f"{caught.value.message} / {caught.value.hint}"


def options(**given: Any) -> dict[str, Any]:
    return {"options": SmsOptions(**given)}


@pytest.mark.parametrize(
    ("text", "sms_type", "wanted", "encoding", "segments"),
    [
        ("hello", "auto", SmsType.TEXT, Encoding.GSM7, 1),
        ("ideeën", "auto", SmsType.UNICODE, Encoding.UCS2, 1),
        ("x" * 71, "unicode", SmsType.UNICODE, Encoding.UCS2, 2),
        ("x" * 161, "text", SmsType.TEXT, Encoding.GSM7, 2),
        (CARD, "vcard", SmsType.VCARD, Encoding.BINARY, 1),
        (CALENDAR, "vcal", SmsType.VCAL, Encoding.BINARY, 1),
        (CARD.replace("Anna", "A" * 200), "vcard", SmsType.VCARD, Encoding.BINARY, 2),
    ],
)
def test_a_text_is_kept_as_typed_and_counted(
    text: str, sms_type: str, wanted: SmsType, encoding: Encoding, segments: int
) -> None:
    sms = made(text, sms_type=sms_type)
    assert (sms.type, sms.text, sms.encoding, sms.segments) == (wanted, text, encoding, segments)
    assert (sms.data, sms.udh, sms.options) == (None, None, SmsOptions())


@given(st.text(min_size=1, max_size=200))
def test_a_text_is_never_altered(text: str) -> None:
    try:
        sms = made(text)
    except RefusedHereError:
        return
    assert sms.text == text


def test_octets_alone_make_a_binary_sms() -> None:
    sms = made(data="00:ff AB\n", udh="06 05 04 15 81 15 81", **options(protocol_id=127, message_class=0))
    assert (sms.type, sms.text, sms.encoding, sms.segments) == (SmsType.BINARY, "", Encoding.BINARY, 1)
    assert (sms.data, sms.udh) == ("00ffAB", "06050415811581")
    assert sms.options == SmsOptions(protocol_id=127, message_class=0)


@pytest.mark.parametrize(("body", "header"), [(140, ""), (133, "06050423f40000")])
def test_a_binary_sms_has_140_octets_at_most(body: int, header: str) -> None:
    assert made(data="00" * body, udh=header).segments == 1
    said = refused(data="00" * (body + 1), udh=header)
    assert "body and udh have 141 octets" in said


def test_an_address_alone_makes_a_wap_push_whose_text_is_its_two_lines() -> None:
    given = SmsOptions(title="Welcome", url="https://example.com/x", validity_ms=600_000)
    sms = made(options=given)
    assert (sms.type, sms.encoding, sms.options) == (SmsType.WAPPUSH, Encoding.BINARY, given)
    assert sms.text == "Welcome\nhttps://example.com/x"
    assert made(sms.text, sms_type="wappush", options=given).text == sms.text


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("body", {"data": "0"}),
        ("body", {"data": "0g"}),
        ("body", {"data": "\u0660\u0660"}),
        ("body", {"data": ""}),
        ("body", {"sms_type": "binary"}),
        ("body", {"udh": "00"}),
        ("udh", {"data": "00", "udh": "123"}),
        ("udh", {"data": "00", "udh": "0605"}),
        ("udh", {"data": "00", "udh": "zz"}),
        ("text", {"data": "00", "text": "x"}),
        ("body", {"data": "00", "text": "x", "sms_type": "text"}),
        ("udh", {"udh": "00", "text": CARD, "sms_type": "vcard"}),
        ("body", {"data": "00", **options(title="x")}),
        ("title", options(url="https://example.com")),
        ("title", options(title=" ", url="https://example.com")),
        ("title", options(title="a\nb", url="https://example.com")),
        ("title", options(title="a\x1b", url="https://example.com")),
        ("url", options(title="x")),
        ("url", options(title="x", url="example.com")),
        ("url", options(title="x", url="https://example.com/a b")),
        ("url", options(title="x", url="javascript://x")),
        ("text", {"text": "other", **options(title="x", url="https://example.com")}),
        ("title", {"text": "x", "sms_type": "text", **options(title="x")}),
        ("validity", {"text": "x", **options(validity_ms=1000)}),
        ("validity", options(title="x", url="https://example.com", validity_ms=0)),
        ("vcard", {"text": "Anna", "sms_type": "vcard"}),
        ("vcard", {"text": "", "sms_type": "vcard"}),
        ("vcard", {"text": "BEGIN:VCARD\nFN:x", "sms_type": "vcard"}),
        ("vcal", {"text": CARD, "sms_type": "vcal"}),
        ("vcard", {"text": CARD.replace("Anna", "A" * 3200), "sms_type": "vcard"}),
        ("vcard", {"text": CARD.replace("Anna", "A\0"), "sms_type": "vcard"}),
        ("ttl", {"text": "x", **options(ttl_ms=19_999)}),
        ("ttl", {"text": "x", **options(ttl_ms=604_800_001)}),
        ("message-class", {"text": "x", **options(message_class=4)}),
        ("message-class", {"text": "x", **options(message_class=-1)}),
        ("protocol-id", {"data": "00", **options(protocol_id=256)}),
        ("protocol-id", {"text": "x", **options(protocol_id=1)}),
        ("client-ref", {"text": "x", "client_ref": "r" * 41}),
        ("client-ref", {"text": "x", "client_ref": ""}),
        ("client-ref", {"text": "x", "client_ref": "a\nb"}),
        ("type", {"text": "x", "sms_type": "mms"}),
        ("type text", {"text": "ë", "sms_type": "text"}),
    ],
)
def test_what_cannot_be_sent_is_refused_and_the_field_is_named(field: str, given: dict[str, Any]) -> None:
    assert refused(**given).removeprefix("the ").startswith(field)


@pytest.mark.parametrize(
    "given",
    [
        {"text": "x", **options(ttl_ms=20_000, message_class=0)},
        {"text": "x", **options(ttl_ms=604_800_000, message_class=3)},
        {"data": "00", **options(protocol_id=0)},
        {"data": "00", **options(protocol_id=255)},
        {"text": "x", "client_ref": "r" * 40},
        options(title="x", url="HTTPS://EXAMPLE.COM:8443?q=%20#top"),
    ],
)
def test_the_ends_of_each_range_are_in_it(given: dict[str, Any]) -> None:
    assert made(**given).options == given.get("options", SmsOptions())


@pytest.mark.parametrize("text", ["", "a\0b", "a\x1bb", "x" * 3201, "\ud800"])
def test_a_text_that_no_sms_can_carry_is_refused(text: str) -> None:
    assert "text" in refused(text)


def test_a_refusal_quotes_no_text() -> None:
    assert "secret" not in refused("secret" * 1000) + refused(data="secret") + refused("secret", sms_type="vcard")


def test_a_sender_that_cannot_be_is_refused() -> None:
    with pytest.raises(SenderError):
        made("x", sender="Far Too Long A Name")
