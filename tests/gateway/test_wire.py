"""The forms that go out and the answers that come in, as literals of the wire."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.domain.sms import SmsOptions, SmsType
from smschat.errors import GatewayRefusedError
from smschat.gateway import wire
from tests.document import FIELDS, REGISTER, SEND, TOKEN, violations
from tests.gateway.client_parts import CALLBACK, an_attempt, an_sms

MASKED_SAMPLE = (
    b'{"message-count": "1", "messages": [{"to": "31612345678", "message-id": "0A0000000123ABCD1", "status": "0",'
    b' "remaining-balance": "*****", "message-price": "*****", "network": "20408"}]}'
)


def answer(*messages: object, **more: object) -> bytes:
    return json.dumps({"messages": list(messages), **more}).encode()


def test_a_send_has_the_fields_that_apply_in_the_order_of_the_document() -> None:
    fields = wire.send_fields(an_attempt(), callback=CALLBACK)
    assert list(fields.items()) == [
        ("from", "31970000000"),
        ("to", "31611111111"),
        ("text", "hello"),
        ("status-report-req", "true"),
        ("callback", CALLBACK),
        ("type", "text"),
        ("client-ref", "abcdefghijk"),
    ]


def test_a_send_that_wants_no_receipt_names_no_callback() -> None:
    fields = wire.send_fields(an_attempt(wants_receipt=False), callback=CALLBACK)
    assert not fields.keys() & {"status-report-req", "callback"}


def test_a_send_without_a_callback_address_still_wants_its_receipt() -> None:
    fields = wire.send_fields(an_attempt(), callback=None)
    assert "callback" not in fields
    assert fields["status-report-req"] == "true"


def test_the_users_own_reference_takes_the_place_of_the_attempts() -> None:
    assert wire.send_fields(an_attempt(client_ref="order 7"), callback=None)["client-ref"] == "order 7"


def test_inbound_is_a_header_and_only_where_it_is_wanted() -> None:
    assert wire.send_headers(an_attempt()) == {"inbound": "yes"}
    assert wire.send_headers(an_attempt(wants_inbound=False)) == {}


EVERYTHING = SmsOptions(
    ttl_ms=1_800_000, message_class=0, protocol_id=127, title="A title", url="https://a.example/x", validity_ms=60_000
)
"""Every option at once; a class of 0 is one, and not none."""

CONTENT = {
    SmsType.TEXT: ["text"],
    SmsType.UNICODE: ["text"],
    SmsType.BINARY: ["body", "udh"],
    SmsType.VCARD: ["vcard"],
    SmsType.VCAL: ["vcal"],
    SmsType.WAPPUSH: ["title", "url", "validity"],
}


@pytest.mark.parametrize("options", [SmsOptions(title="A title", url="https://a.example/x"), EVERYTHING])
@pytest.mark.parametrize("type_", SmsType)
def test_every_type_has_its_content_and_no_others_where_the_document_puts_it(
    type_: SmsType, options: SmsOptions
) -> None:
    sms = an_sms("BEGIN:VCARD", type_, data="0011", udh="06050415811581", options=options)
    form = wire.send_fields(replace(an_attempt(), sms=sms), callback=CALLBACK)
    headers = {"content-type": "application/x-www-form-urlencoded", "authorization": "Bearer x"}
    assert violations(method="POST", path=SEND, query=(), headers=headers, form=tuple(form.items())) == ()
    contents = {name for names in CONTENT.values() for name in names}
    wanted = [name for name in CONTENT[type_] if name != "validity" or options.validity_ms]
    assert [name for name in form if name in contents] == wanted


def test_every_option_goes_out_as_the_document_writes_it_in_milliseconds() -> None:
    form = wire.send_fields(replace(an_attempt(), sms=an_sms(options=EVERYTHING)), callback=None)
    told = {"ttl": "1800000", "message-class": "0", "protocol-id": "127"}
    assert told.items() <= form.items()
    push = an_sms(type_=SmsType.WAPPUSH, options=EVERYTHING)
    form = wire.send_fields(replace(an_attempt(), sms=push), callback=None)
    assert (form["title"], form["url"], form["validity"]) == ("A title", "https://a.example/x", "60000")


def test_every_field_of_the_document_is_known_in_its_order() -> None:
    assert tuple(FIELDS[SEND]) == wire.SEND_FIELDS


@pytest.mark.parametrize("options", [SmsOptions(), SmsOptions(title="A title"), SmsOptions(url="https://a.example")])
def test_a_push_that_lacks_its_title_or_address_is_refused_before_it_leaves(options: SmsOptions) -> None:
    attempt = replace(an_attempt(), sms=an_sms(type_=SmsType.WAPPUSH, options=options))
    with pytest.raises(GatewayRefusedError, match="WAP push"):
        wire.send_fields(attempt, callback=None)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_form_carries_any_text_unaltered(text: str) -> None:
    form = wire.encode(wire.send_fields(an_attempt(text, SmsType.UNICODE), callback=CALLBACK))
    assert dict(parse_qsl(form.decode("ascii"), strict_parsing=True))["text"] == text


def test_a_form_is_utf_8_in_percent_notation() -> None:
    assert wire.encode({"text": "é ☺&=+"}) == b"text=%C3%A9+%E2%98%BA%26%3D%2B"


def test_the_token_and_register_forms_are_those_of_the_document() -> None:
    assert list(wire.token_fields("id", "s")) == list(FIELDS[TOKEN])
    assert list(wire.register_fields(to="31612345678", callback_url="https://a.example/x")) == list(FIELDS[REGISTER])
    assert f"{TOKEN}?grant_type=client_credentials" == wire.TOKEN_PATH


def test_a_token_answer_of_strings_is_read() -> None:
    grant = wire.read_grant(
        b'{"refresh_token_expires_in":"0","api_product_list":"[xxxxxx]","organization_name":"kpn",'
        b'"developer_email":"demo@example.com","token_type":"Bearer","issued_at":"1587458037687","client_id":"ID",'
        b'"access_token":"FAKEfakeFAKEfakeFAKEfakeFAKE","application_name":"app","level":"demo","scope":"",'
        b'"expires_in":"3599","refresh_token":"","refresh_count":"0","status":"approved"}'
    )
    assert grant == wire.Grant(token="FAKEfakeFAKEfakeFAKEfakeFAKE", life_s=3599, level="demo")
    assert "FAKE" not in repr(grant)


@pytest.mark.parametrize(
    ("expires_in", "life_s"),
    [('"3599"', 3599), ("3599", 3599), ('"299"', 299), ("12.5", 12.5), ('""', 3599), ("null", 3599), ("1e300", 86_400)],
)
def test_a_tokens_life_is_text_or_a_number_and_has_a_limit(expires_in: str, life_s: float) -> None:
    body = f'{{"access_token":"t","expires_in":{expires_in}}}'
    assert wire.read_grant(body.encode()).life_s == life_s


def test_a_token_without_a_named_life_lasts_as_long_as_usual() -> None:
    assert wire.read_grant(b'{"access_token":"t"}').life_s == wire.USUAL_LIFE_S


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"<html>ok</html>",
        b'{"expires_in":"3599"}',
        b'{"access_token":"","expires_in":"3599"}',
        b'{"access_token":null,"expires_in":"3599"}',
        b'{"access_token":["t"],"expires_in":"3599"}',
        b'{"access_token":"a b","expires_in":"3599"}',
        b'{"access_token":"a\\r\\nX-Evil: 1","expires_in":"3599"}',
        '{"access_token":"é","expires_in":"3599"}'.encode(),
        b'{"access_token":"t","expires_in":"0"}',
        b'{"access_token":"t","expires_in":"-1"}',
        b'{"access_token":"t","expires_in":"soon"}',
        b'{"access_token":"t","expires_in":"nan"}',
        b'{"access_token":"t","expires_in":NaN}',
        b'{"access_token":"t","expires_in":true}',
        b'{"access_token":"t","expires_in":["3599"]}',
        b'{"access_token":"' + b"t" * 1_000_000 + b'"}',
    ],
)
def test_a_token_answer_without_a_usable_token_is_no_token(body: bytes) -> None:
    with pytest.raises(wire.UnreadableError):
        wire.read_grant(body)


def test_kpns_masked_sample_has_no_price_and_no_balance() -> None:
    (part,) = wire.read_send(200, MASKED_SAMPLE).parts
    assert (part.status, part.message_id, part.network) == ("0", "0A0000000123ABCD1", "20408")
    assert part.price is None
    assert part.remaining_balance is None


def test_prices_and_balances_stay_the_text_they_are() -> None:
    accepted = {"status": "0", "message-id": "1", "message-price": "0.07250000", "remaining-balance": 38.07243628}
    (part,) = wire.read_send(200, answer(accepted)).parts
    assert (part.price, part.remaining_balance) == ("0.07250000", "38.07243628")
    raw = b'{"messages":[{"status":"0","message-price":0.07250000}]}'
    assert wire.read_send(200, raw).parts[0].price == "0.07250000"


@pytest.mark.parametrize("count", [1, "1", " 1 ", None, "many", True, 10**30])
def test_the_message_count_may_be_text_a_number_or_nonsense(count: object) -> None:
    assert len(wire.read_send(200, answer({"status": "0"}, **{"message-count": count})).parts) == 1


def test_kpns_smallest_answer_is_read() -> None:
    messages = {"to": "447700900000", "message-id": "0A0000000123ABCD1", "status": "0", "network": "12345"}
    read = wire.read_send(200, answer(messages, **{"message-count": 1}))
    assert read.http == 200
    assert [(part.status, part.message_id) for part in read.parts] == [("0", "0A0000000123ABCD1")]


def test_every_part_of_a_long_sms_keeps_its_id_and_its_place() -> None:
    read = wire.read_send(200, answer(*({"status": "0", "message-id": f"0000012{n}"} for n in (4, 5, 6))))
    assert [part.message_id for part in read.parts] == ["00000124", "00000125", "00000126"]


def test_an_element_may_have_no_more_than_a_status() -> None:
    (part,) = wire.read_send(200, b'{"messages":[{"status":"10"}]}').parts
    assert part.status == "10"
    assert part.error_text is None


def test_a_status_may_be_a_number() -> None:
    assert [part.status for part in wire.read_send(200, answer({"status": 0}, {"status": 29})).parts] == ["0", "29"]


def test_some_parts_may_be_refused_and_others_taken() -> None:
    read = wire.read_send(200, answer({"status": "0", "message-id": "1"}, {"status": "1", "error-text": "Throttled"}))
    assert [(part.status, part.message_id, part.error_text) for part in read.parts] == [
        ("0", "1", None),
        ("1", None, "Throttled"),
    ]


@pytest.mark.parametrize("status", [None, "", True, [], {}])
def test_a_missing_status_is_empty_and_never_a_success(status: object) -> None:
    (part,) = wire.read_send(200, answer({"status": status, "message-id": "1"})).parts
    assert part.status == ""


def test_a_part_that_is_told_twice_is_one_part() -> None:
    twice = wire.read_send(200, answer({"status": "0", "message-id": "1"}, {"status": "0", "message-id": "1"}))
    assert [part.message_id for part in twice.parts] == ["1"]


@pytest.mark.parametrize("statuses", [("0", "1"), ("1", "0")])
def test_a_part_that_is_told_taken_and_refused_counts_as_taken(statuses: tuple[str, str]) -> None:
    read = wire.read_send(200, answer(*({"status": status, "message-id": "1"} for status in statuses)))
    assert [part.status for part in read.parts] == ["0"]


def test_refused_parts_without_an_id_are_not_one() -> None:
    assert len(wire.read_send(200, answer({"status": "7"}, {"status": "7"})).parts) == 2


def test_a_count_above_the_refused_parts_that_are_told_leaves_the_outcome_open() -> None:
    with pytest.raises(wire.UnreadableError):
        wire.read_send(200, answer({"status": "1"}, **{"message-count": "2"}))
    taken = wire.read_send(200, answer({"status": "0"}, **{"message-count": "2"}))
    assert (taken.parts[0].status, taken.count) == ("0", 2)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"0",
        b'"ok"',
        b"[]",
        b'[{"status":"0"}]',
        b"{}",
        b'{"messages":null}',
        b'{"messages":[]}',
        b'{"message-count":0,"messages":[]}',
        b'{"messages":{"status":"0"}}',
        b'{"messages":["0"]}',
        b'{"messages":[{"status":"0"},7]}',
        b'{"messages":[{"status":"0"}',
        b'{"messages":[{"status":"0"}]} trailing',
        b'{"error-code":499,"error-code-label":"This is a generic error being thrown"}',
        b"<html><body>Welcome to the hotel</body></html>",
        b"OK",
        b"\x00\xff\xfe",
        b"[" * 100_000,
        b'{"messages":' * 50_000,
    ],
)
def test_an_answer_that_says_nothing_certain_is_unreadable(body: bytes) -> None:
    with pytest.raises(wire.UnreadableError):
        wire.read_send(200, body)


@given(st.binary(max_size=200))
def test_no_answer_breaks_the_reading(body: bytes) -> None:
    for read in (wire.read_grant, wire.read_registered, lambda octets: wire.read_send(200, octets)):
        try:
            read(body)
        except wire.UnreadableError:
            continue


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)
)
_ELEMENT = st.dictionaries(
    st.sampled_from(["status", "message-id", "error-text", "network", "message-price", "remaining-balance", "to"]),
    _JSON,
)


@given(st.lists(_ELEMENT | _JSON, max_size=4), _JSON)
def test_whatever_stands_in_an_answer_a_part_is_taken_only_by_status_0(messages: list[object], count: object) -> None:
    try:
        read = wire.read_send(200, answer(*messages, **{"message-count": count}))
    except wire.UnreadableError:
        return
    zeros = [m for m in messages if isinstance(m, dict) and str(m.get("status")).strip() in {"0", "-0"}]
    assert sum(part.status == "0" for part in read.parts) <= len(zeros)
    assert all(value is None or value.isprintable() for part in read.parts for value in (part.error_text, part.price))


def test_text_of_the_gateway_is_one_printable_line_of_a_sane_length() -> None:
    assert wire.text_of("a\x1b[31m\r\nb\u202e \ud800c") == "a [31m b c"
    assert wire.text_of("x" * 5000) == "x" * 299 + "…"
    assert wire.text_of("  ") is None
    assert wire.text_of(None) is None


def test_text_in_another_encoding_does_not_make_an_outcome_unreadable() -> None:
    body = '{"messages":[{"status":"7","error-text":"geblokkeerd é"}]}'.encode("latin-1")
    assert wire.read_send(200, body).parts[0].status == "7"
    assert wire.read_send(200, b"\xef\xbb\xbf" + answer({"status": "0"})).parts[0].status == "0"


def test_the_gateways_words_about_a_registration_are_kept() -> None:
    words = "Your callback url is registered."
    assert wire.read_registered(json.dumps({"message": words}).encode()) == words
    assert wire.read_registered(b"{}")
    with pytest.raises(wire.UnreadableError):
        wire.read_registered(b"<html>log in</html>")
