"""What callbacks mean, in all their forms, and that no bytes are too odd to be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.domain.callbacks import Concat, Inbound, RawCallback, Receipt, Unreadable
from smschat.webhook.parse import meaning

if TYPE_CHECKING:
    from smschat.domain.callbacks import Meaning

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
REF = "abcdefghijk"

INBOUND = {
    "msisdn": "31611111111",
    "to": "31970000000",
    "messageId": "0A0000000123ABCD1",
    "text": "Été à 8 h? 😀 & = +",
    "type": "unicode",
    "keyword": "ÉTÉ",
    "message-timestamp": "2026-01-31 11:59:58",
}
RECEIPT = {
    "msisdn": "31611111111",
    "to": "31970000000",
    "messageId": "0A0000000123ABCD1",
    "status": "delivered",
    "err-code": "0",
    "network-code": "20408",
    "price": "0.07250000",
    "scts": "2601311259",
    "message-timestamp": "2026-01-31 11:59:59",
}


def callback(
    body: bytes = b"", *, query: bytes = b"", content_type: str = "", method: str = "POST", ref: str | None = None
) -> RawCallback:
    return RawCallback(
        received_at=NOW, method=method, ref=ref, query=query, body=body, content_type=content_type, user_agent=""
    )


def means(body: bytes = b"", *, query: bytes = b"", content_type: str = "", ref: str | None = None) -> Meaning:
    return meaning(callback(body, query=query, content_type=content_type, ref=ref), "NL")


def from_json(fields: Any, *, ref: str | None = None) -> Meaning:
    return means(json.dumps(fields).encode(), content_type="application/json", ref=ref)


def inbound(**changes: Any) -> Inbound:
    """What the inbound sample means with these fields changed; None takes one out, `_` stands for `-`."""
    fields = INBOUND | {name.replace("_", "-"): value for name, value in changes.items()}
    found = from_json({name: value for name, value in fields.items() if value is not None})
    assert isinstance(found, Inbound)
    return found


def receipt(**changes: Any) -> Receipt:
    found = from_json(RECEIPT | {name.replace("_", "-"): value for name, value in changes.items()})
    assert isinstance(found, Receipt)
    return found


FORMS = {
    "json": {"body": json.dumps(INBOUND).encode()},
    "json in UTF-8": {"body": json.dumps(INBOUND, ensure_ascii=False).encode()},
    "json with a mark and spaces": {"body": b"\xef\xbb\xbf\r\n " + json.dumps(INBOUND, indent=1).encode() + b"\n"},
    "form": {"body": urlencode(INBOUND).encode()},
    "query": {"query": urlencode(INBOUND).encode()},
    "query and a blank body": {"query": urlencode(INBOUND).encode(), "body": b" \r\n"},
}
CONTENT_TYPES = [
    "",
    "application/json",
    "application/json; charset=utf-8",
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=UTF-8",
    "text/plain",
    "multipart/form-data; boundary=x",
    "\x00;=/",
]


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_an_inbound_sms_is_read_in_every_form_whatever_its_content_type_says(
    form: dict[str, Any], content_type: str
) -> None:
    assert means(**form, content_type=content_type) == Inbound(
        message_id="0A0000000123ABCD1",
        sender="31611111111",
        recipient="31970000000",
        text="Été à 8 h? 😀 & = +",
        type="unicode",
        keyword="ÉTÉ",
        sent_at=datetime(2026, 1, 31, 11, 59, 58, tzinfo=UTC),
    )


@pytest.mark.parametrize("ref", [None, REF])
@pytest.mark.parametrize(
    "form",
    [
        {"body": json.dumps(RECEIPT).encode()},
        {"body": urlencode(RECEIPT).encode()},
        {"query": urlencode(RECEIPT).encode()},
    ],
    ids=["json", "form", "query"],
)
def test_a_receipt_is_read_in_every_form_at_both_addresses(form: dict[str, Any], ref: str | None) -> None:
    assert means(**form, ref=ref) == Receipt(
        message_id="0A0000000123ABCD1",
        status="delivered",
        network="20408",
        price="0.07250000",
        scts="2601311259",
    )


def test_at_the_address_of_an_sms_a_status_makes_a_receipt_and_elsewhere_a_text_makes_an_inbound_sms() -> None:
    both = INBOUND | {"status": "delivered"}
    assert isinstance(from_json(both, ref=REF), Receipt)
    assert isinstance(from_json(both), Inbound)
    assert isinstance(from_json(INBOUND, ref=REF), Inbound)
    assert isinstance(from_json(RECEIPT | {"text": ""}), Receipt)


def test_a_form_in_the_western_encoding_is_read_if_it_says_so() -> None:
    found = means(
        b"msisdn=31611111111&text=caf%E9+\xe9", content_type="application/x-www-form-urlencoded; charset=ISO-8859-1"
    )
    assert isinstance(found, Inbound)
    assert found.text == "café é"


def test_bytes_that_are_not_utf_8_become_replacement_characters() -> None:
    for body in (b"msisdn=31611111111&text=caf%E9", b"msisdn=31611111111&text=caf\xe9"):
        found = means(body)
        assert isinstance(found, Inbound)
        assert found.text == "caf\ufffd"


def test_only_a_sender_and_a_text_are_needed() -> None:
    found = from_json({"msisdn": "31611111111", "text": "hi"})
    assert isinstance(found, Inbound)
    assert (found.sender, found.recipient, found.text, found.type) == ("31611111111", "", "hi", "text")
    assert (found.keyword, found.concat, found.sent_at, found.data, found.udh) == (None, None, None, None, None)


def test_an_empty_text_is_an_sms() -> None:
    assert inbound(text="").text == ""
    assert means(b"msisdn=31611111111&text=") == inbound_without_id("")


def inbound_without_id(text: str) -> Inbound:
    found = from_json({"msisdn": "31611111111", "text": text})
    assert isinstance(found, Inbound)
    return found


def test_numbers_and_truth_values_are_read_as_the_text_that_they_came_as() -> None:
    body = b'{"msisdn": 31611111111, "to": 31970000000, "messageId": 12345678901234567890123, "text": 1.50,'
    body += b'"concat": true, "concat-ref": 222, "concat-total": 3, "concat-part": 2, "timestamp": 1769860798}'
    assert means(body) == Inbound(
        message_id="12345678901234567890123",
        sender="31611111111",
        recipient="31970000000",
        text="1.50",
        concat=Concat(ref="222", total=3, part=2),
        sent_at=datetime(2026, 1, 31, 11, 59, 58, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("msisdn", "sender"),
    [("+31611111111", "31611111111"), (" 31611111111", "31611111111"), ("MTN", "MTN"), ("1008", "1008")],
)
def test_senders_are_digits_or_a_name_as_it_came(msisdn: str, sender: str) -> None:
    assert inbound(msisdn=msisdn).sender == sender


@pytest.mark.parametrize("msisdn", ["", "  ", "\x00", "9" * 41, "x" * 60_000, [], {}, None])
def test_without_a_possible_sender_nothing_is_made_of_it(msisdn: Any) -> None:
    assert from_json(INBOUND | {"msisdn": msisdn}) == Unreadable(reason="no possible sender")


def test_an_inbound_sms_without_an_id_gets_a_digest_of_what_it_says() -> None:
    first = inbound(messageId=None)
    assert first.message_id.startswith("sha256:")
    assert first.message_id == inbound(messageId=None).message_id == inbound(messageId="").message_id
    others = [
        inbound(messageId=None, **{name: value})
        for name, value in [
            ("text", "b"),
            ("msisdn", "316"),
            ("to", "3"),
            ("message-timestamp", ""),
            ("concat-part", "2"),
        ]
    ]
    assert len({first.message_id, *(other.message_id for other in others)}) == 6


def test_an_id_of_any_length_stays_unique() -> None:
    one, two = (inbound(messageId="x" * 5000 + end).message_id for end in "12")
    assert one != two
    assert max(len(one), len(two)) < 100


@pytest.mark.parametrize(("total", "part"), [("2", "1"), ("3", "3"), ("255", "255"), (3, 2), (" 3 ", "02")])
def test_a_possible_part_belongs_to_a_long_sms(total: Any, part: Any) -> None:
    found = inbound(concat="true", concat_ref="222", concat_total=total, concat_part=part)
    assert found.concat == Concat(ref="222", total=int(total), part=int(part))


@pytest.mark.parametrize(
    ("ref", "total", "part"),
    [
        ("222", "3", "0"),
        ("222", "3", "4"),
        ("222", "0", "0"),
        ("222", "1", "1"),
        ("222", "256", "1"),
        ("222", "300", "300"),
        ("222", "three", "one"),
        ("222", "3", "-1"),
        ("222", "3.0", "1"),
        ("222", "\u0663", "\u0661"),
        ("222", "9" * 5000, "1"),
        ("222", "3", None),
        ("222", None, "1"),
        (None, "3", "1"),
        ("", "3", "1"),
        ("x" * 1000, "3", "1"),
        ([], {}, []),
    ],
)
def test_an_impossible_part_stands_alone(ref: Any, total: Any, part: Any) -> None:
    assert inbound(concat="true", concat_ref=ref, concat_total=total, concat_part=part).concat is None


def test_what_says_that_it_is_no_part_is_none() -> None:
    assert inbound(concat="false", concat_ref="222", concat_total="3", concat_part="1").concat is None


@pytest.mark.parametrize(("udh", "ref"), [("050003CC0302", "8 bit 204"), ("06080401000302", "16 bit 256")])
def test_without_fields_the_header_tells_where_a_part_belongs(udh: str, ref: str) -> None:
    assert inbound(type="binary", text=None, data="00", udh=udh).concat == Concat(ref=ref, total=3, part=2)
    impossible = inbound(type="binary", data="00", udh=udh, concat="true", concat_ref="1", concat_total="0")
    assert impossible.concat == Concat(ref=ref, total=3, part=2)


def test_the_fields_go_before_the_header() -> None:
    found = inbound(data="00", udh="050003CC0302", concat_ref="222", concat_total="2", concat_part="1")
    assert found.concat == Concat(ref="222", total=2, part=1)


def test_octets_that_are_none_are_shown_as_they_came() -> None:
    assert inbound(type="binary", text=None, data="no hex").text == "no hex"
    assert inbound(type="binary", text="said", data="no hex").text == "said"


def test_a_text_keeps_its_spaces_and_its_length() -> None:
    assert inbound(text=" part one ").text == " part one "
    assert inbound(text="x" * 60_000).text == "x" * 60_000


def test_a_text_passes_the_first_door() -> None:
    assert inbound(text="a\x00\x1b]52;c;eA==\x07\x9b\x7f\ud83d\ufdd0b\r\nc\td").text == "a]52;c;eA==b\nc\td"


def test_short_fields_are_one_line_of_possible_characters() -> None:
    assert inbound(keyword=" a\nb\x1b\ud83d ").keyword == "a b"
    assert inbound(keyword="x" * 201).keyword is None
    assert inbound(messageId="a\x00b").message_id == "ab"


def test_a_binary_sms_keeps_its_octets_in_hex() -> None:
    found = inbound(type="binary", text=None, data="0041fF", udh="050003CC0301")
    assert (found.type, found.text, found.data, found.udh) == ("binary", "", "0041fF", "050003CC0301")
    assert inbound(type=None, text=None, data="00").type == "binary"
    assert inbound(type="BINARY", text="with a text", data="00").text == "with a text"


@pytest.mark.parametrize("data", ["", "0", "0g", "0x00", "00 11", "é0"])
def test_what_is_not_hex_is_no_octets(data: str) -> None:
    found = inbound(type="binary", data=data, udh=data)
    assert (found.type, found.data, found.udh) == ("binary", None, None)


@pytest.mark.parametrize("named", ["", "flash", "Text", 7, None])
def test_a_type_that_is_not_known_is_text(named: Any) -> None:
    assert inbound(type=named).type == "text"


@pytest.mark.parametrize(
    "written",
    [
        "2020-01-01 12:00:00",
        " 2020-01-01 12:00:00 ",
        "2020-01-01T12:00:00Z",
        "2020-01-01T12:00:00.000+00:00",
        "2020-01-01T12:00:00.000 +0000",
        "2020-01-01 12:00:00 +0000",
        "2020-01-01T12:00:00.000 00:00",
        "2020-01-01T14:00:00,000000000+02:00",
        "2020-01-01 07:00:00 -0500",
        "1577880000",
        "1577880000000",
        1577880000,
    ],
)
def test_every_form_of_a_time_stamp_is_the_same_moment_in_utc(written: Any) -> None:
    assert inbound(message_timestamp=written).sent_at == datetime(2020, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "2020-02-30 12:00:00",
        "2020-01-01 24:61:00",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2020-01-01T12:00:00+99:99",
        "\uff12\uff10\uff12\uff10-01-01 12:00:00",
        "1" * 5000,
        2**64,
        float("nan"),
        None,
        [],
    ],
)
def test_a_time_stamp_that_cannot_be_read_is_none(written: Any) -> None:
    assert inbound(message_timestamp=written).sent_at is None


def test_the_signed_time_stamp_stands_in_for_a_missing_one() -> None:
    assert inbound(message_timestamp=None, timestamp="1577880000").sent_at == datetime(2020, 1, 1, 12, tzinfo=UTC)


def test_a_receipt_may_lack_everything_but_its_status() -> None:
    assert from_json({"status": " DELIVERED "}) == Receipt(message_id=None, status="delivered")


def test_a_receipt_tells_its_error_and_no_error_is_none() -> None:
    assert receipt(status="failed", err_code="6").error_code == "6"
    assert receipt(err_code=6).error_code == "6"
    assert receipt(err_code="0").error_code is None
    assert receipt(err_code="").error_code is None


@pytest.mark.parametrize("price", ["*****", "", "free", "0,07", "NaN", "1e5", "9" * 5000, None])
def test_a_masked_or_missing_price_is_none(price: Any) -> None:
    assert receipt(price=price).price is None


def test_a_receipt_brings_the_reference_back() -> None:
    assert receipt(client_ref="order 7").client_ref == "order 7"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"hello", "neither a JSON object nor a form"),
        (b"[]", "neither a JSON object nor a form"),
        (b'"text"', "neither a JSON object nor a form"),
        (b"null", "neither a JSON object nor a form"),
        (b"{", "neither a JSON object nor a form"),
        (b"[" * 65_536, "neither a JSON object nor a form"),
        (b'{"a":' * 13_000, "neither a JSON object nor a form"),
        (b"\xff" * 65_536, "neither a JSON object nor a form"),
        (b"\x00" * 65_536, "neither a JSON object nor a form"),
        (b"{}", "neither text, data nor status"),
        (b"a=b", "neither text, data nor status"),
        (b"&" * 65_535 + b"=", "neither text, data nor status"),
        (b'[{"msisdn": "31611111111", "text": "a=b"}]', "neither text, data nor status"),
        (b'{"text": null, "status": ""}', "neither text, data nor status"),
        (b'{"status": []}', "neither text, data nor status"),
    ],
)
def test_what_cannot_be_read_says_why_without_quoting_it(body: bytes, reason: str) -> None:
    assert means(body) == Unreadable(reason=reason)


@pytest.mark.parametrize(
    "mine",
    [
        '"mine": ' + "9" * 5000,
        '"mine": -' + "9" * 5000 + "e99999",
        '"mine": 18446744073709551616',
        '"mine": NaN, "other": -Infinity',
        '"mine": ' + "[" * 500 + "]" * 500,
        '"mine": "\\ud83d \\u0000"',
        '"\\ud83d": 1',
        '"mine": "a\nb\x00"',
        '"msisdn": "1", "msisdn": "31611111111"',
    ],
)
def test_mines_beside_the_text_do_not_hide_it(mine: str) -> None:
    found = means(f'{{{mine}, "msisdn": "31611111111", "text": "hi"}}'.encode())
    assert isinstance(found, Inbound)
    assert (found.sender, found.text) == ("31611111111", "hi")


def test_of_two_fields_with_one_name_the_last_counts() -> None:
    for body in (b'{"msisdn": "1", "text": "a", "text": "b"}', b"msisdn=1&text=a&text=b"):
        found = means(body)
        assert isinstance(found, Inbound)
        assert found.text == "b"


NAMES = st.sampled_from([*INBOUND, *RECEIPT, "concat", "concat-ref", "concat-total", "concat-part", "data", "udh", "x"])
ODD_TEXT = st.text(st.characters(exclude_categories=())) | st.sampled_from(
    ["0", "1", "300", "0A", "binary", "\x00", "+"]
)
VALUES = st.recursive(
    ODD_TEXT | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD_TEXT, inner, max_size=3),
    max_leaves=5,
)


def check(raw: RawCallback) -> None:
    """The meaning is one of the three, can be stored, and is the same when it is read again."""
    found = meaning(raw, "NL")
    assert found == meaning(raw, "NL")
    texts = [getattr(found, name) for name in found.__slots__]
    for text in (text for text in texts if isinstance(text, str)):
        text.encode()
        assert "\x00" not in text
    if isinstance(found, Inbound):
        assert found.sender
        assert found.message_id
        assert found.sent_at is None or found.sent_at.tzinfo is UTC
        bytes.fromhex((found.data or "") + (found.udh or ""))


@given(body=st.binary(max_size=400), query=st.binary(max_size=200), content_type=st.text(max_size=40))
def test_no_bytes_are_too_odd(body: bytes, query: bytes, content_type: str) -> None:
    check(callback(body, query=query, content_type=content_type))


@given(fields=st.dictionaries(NAMES, VALUES, max_size=12), ref=st.sampled_from([None, REF]), is_ascii=st.booleans())
def test_no_json_is_too_odd(fields: dict[str, Any], ref: str | None, *, is_ascii: bool) -> None:
    body = json.dumps(fields, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    check(callback(body, content_type="application/json", ref=ref))


@given(
    pairs=st.lists(
        st.tuples(NAMES, st.binary(max_size=40) | ODD_TEXT.map(lambda text: text.encode("utf-8", "replace")))
    )
)
def test_no_form_is_too_odd(pairs: list[tuple[str, bytes]]) -> None:
    check(callback(urlencode(pairs).encode()))
    check(callback(query=b"&".join(name.encode() + b"=" + value for name, value in pairs), method="GET"))
