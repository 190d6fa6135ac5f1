"""The imitated gateway against KPN's documents: fields, envelopes, validation, parts, prices and tokens."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from smschat.domain.sms import SmsType
from smschat.simulator import Simulator, quota, wire
from smschat.simulator.gateway_app import REGISTER_PATH, SEND_PATH, TOKEN_PATH
from tests.simulator.rig import OWN, STRANGER, Rig

# As the OpenAPI document "SMS-Vonage" v1.1.1 names them, and the samples published beside it.
SEND_ELEMENT = {"to", "message-id", "status", "network"}
SEND_ELEMENT_SAMPLE = {"remaining-balance", "message-price", "client-ref", "error-text"}
TOKEN = {
    "refresh_token_expires_in", "api_product_list", "organization_name", "developer_email", "token_type", "issued_at",
    "client_id", "access_token", "application_name", "level", "scope", "expires_in", "refresh_token", "refresh_count",
    "status",
}  # fmt: skip


async def test_a_token_answer_has_a_string_for_every_value(rig: Rig) -> None:
    answer = await rig.token()
    document = answer.json()
    assert set(document) == TOKEN
    assert all(isinstance(value, str) for value in document.values())
    assert (document["token_type"], document["expires_in"], document["level"]) == ("Bearer", "3599", "demo")
    assert len(document["access_token"]) == 28
    assert re.fullmatch(r"\d{13}", document["issued_at"])


@pytest.mark.parametrize(
    ("form", "http", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"client_id": ""}, 400, "invalid_request"),
        ({"client_secret": ""}, 400, "invalid_request"),
    ],
)
async def test_the_token_endpoint_refuses_in_its_own_envelope(
    rig: Rig, form: dict[str, str], http: int, code: str
) -> None:
    answer = await rig.token(**form)
    assert (answer.status_code, answer.json()["ErrorCode"]) == (http, code)
    assert set(answer.json()) == {"ErrorCode", "Error"}


async def test_the_grant_type_belongs_in_the_query(rig: Rig) -> None:
    form = {"client_id": "demo", "client_secret": "x", "grant_type": "client_credentials"}
    answer = await rig.http.post(rig.simulator.url + TOKEN_PATH, data=form)
    assert (answer.status_code, answer.json()["ErrorCode"]) == (400, "invalid_request")


@pytest.mark.parametrize("path", [SEND_PATH, REGISTER_PATH])
async def test_a_project_without_the_product_gets_a_token_that_opens_nothing(rig: Rig, path: str) -> None:
    granted = await rig.token(client_secret="no-product")
    bearer = {"Authorization": f"Bearer {granted.json()['access_token']}"}
    answer = await rig.post(path, {"from": OWN, "to": STRANGER, "text": "x"}, headers=bearer)
    assert (granted.status_code, answer.status_code) == (200, 401)
    assert "NoApiProductMatchFound" in answer.json()["fault"]["detail"]["errorcode"]


@pytest.mark.parametrize("http", [401, 403, 429, 500, 503])
async def test_the_numbers_of_an_http_status_get_it_from_a_registration_too(rig: Rig, http: int) -> None:
    answer = await rig.post(REGISTER_PATH, {"to": f"31600000{http}", "callback_url": "https://hook.example/t"})
    assert answer.status_code == http


@pytest.mark.parametrize("path", [SEND_PATH, REGISTER_PATH])
@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer nonsense", "Basic ZGVtbzpkZW1v"])
async def test_no_good_bearer_is_the_gateways_fault_401(rig: Rig, path: str, authorization: str) -> None:
    answer = await rig.post(path, {"from": OWN, "to": STRANGER, "text": "x"}, headers={"Authorization": authorization})
    fault = answer.json()["fault"]
    assert answer.status_code == 401
    assert "invalid" in fault["detail"]["errorcode"].lower()
    assert fault["faultstring"] == "Invalid Access Token"


async def test_a_token_expires_and_a_new_one_is_good() -> None:
    now = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
    clock = [now]
    async with Rig(Simulator(pace=math.inf, token_life_s=100, now=lambda: clock[0])) as rig:
        clock[0] = now + timedelta(seconds=99)
        assert (await rig.send(STRANGER)).status_code == 200
        clock[0] = now + timedelta(seconds=100)
        answer = await rig.send(STRANGER)
        assert answer.status_code == 401
        assert answer.json()["fault"]["detail"]["errorcode"] == "keymanagement.service.access_token_expired"
        rig.bearer = (await rig.token()).json()["access_token"]
        assert (await rig.send(STRANGER)).status_code == 200


async def test_revoked_tokens_are_refused(rig: Rig) -> None:
    rig.simulator.exchange.revoke_tokens()
    assert (await rig.send(STRANGER)).status_code == 401


async def test_an_accepted_element_has_the_documented_fields_as_strings(rig: Rig) -> None:
    document = (await rig.send(STRANGER, form={"client-ref": "ref-1"})).json()
    (element,) = document["messages"]
    assert document["message-count"] == 1
    assert set(element) >= SEND_ELEMENT
    assert set(element) - SEND_ELEMENT <= SEND_ELEMENT_SAMPLE
    assert all(isinstance(value, str) for value in element.values())
    assert (element["to"], element["status"], element["client-ref"]) == (STRANGER, "0", "ref-1")
    assert (element["network"], element["message-price"]) == ("20408", "0.07250000")


async def test_the_balance_falls_by_the_price_of_each_part(rig: Rig) -> None:
    one = (await rig.send(STRANGER)).json()["messages"]
    three = (await rig.send(STRANGER, "x" * 307)).json()["messages"]
    assert [element["remaining-balance"] for element in one] == ["12.42750000"]
    assert [element["remaining-balance"] for element in three] == ["12.21000000"] * 3


async def test_the_balance_is_topped_up_before_it_runs_out(rig: Rig) -> None:
    balances = []
    for _ in range(10):
        sent = (await rig.send(STRANGER, "x" * 3200, {"callback": ""})).json()
        balances.append(Decimal(sent["messages"][0]["remaining-balance"]))
    assert min(balances) >= 0
    assert balances != sorted(balances, reverse=True)


async def test_price_and_balance_can_be_masked() -> None:
    async with Rig(Simulator(pace=math.inf, is_masked=True)) as rig:
        (element,) = (await rig.send(STRANGER)).json()["messages"]
        assert (element["message-price"], element["remaining-balance"]) == ("*****", "*****")


@pytest.mark.parametrize(
    ("text", "sms_type", "parts"),
    [
        ("x" * 160, "text", 1),
        ("x" * 161, "text", 2),
        ("x" * 307, "text", 3),
        ("€" * 80, "text", 1),
        ("€" * 81, "text", 2),
        ("x" * 70, "unicode", 1),
        ("x" * 71, "unicode", 2),
        ("😀" * 35, "unicode", 1),
        ("😀" * 36, "unicode", 2),
        ("x" * 135, "unicode", 3),
    ],
)
async def test_a_long_text_has_a_message_id_and_a_receipt_for_each_part(
    rig: Rig, text: str, sms_type: str, parts: int
) -> None:
    document = (await rig.send(STRANGER, text, {"type": sms_type})).json()
    await rig.simulator.settled()
    ids = [element["message-id"] for element in document["messages"]]
    assert document["message-count"] == len(ids) == len(set(ids)) == parts
    assert [receipt["messageId"] for receipt in rig.hook.receipts] == ids


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"from": ""}, "2"),
        ({"to": ""}, "2"),
        ({"text": ""}, "2"),
        ({"type": "binary"}, "2"),
        ({"type": "vcard"}, "2"),
        ({"type": "vcal"}, "2"),
        ({"type": "wappush", "title": "x"}, "2"),
        ({"type": "carrier-pigeon"}, "3"),
        ({"type": "binary", "body": "zz"}, "3"),
        ({"type": "binary", "body": "abc"}, "3"),
        ({"type": "binary", "body": "00", "udh": "0"}, "3"),
        ({"type": "binary", "udh": "0605040b8423f0"}, "2"),
        ({"type": "wappush", "url": "https://example.com"}, "2"),
        ({"type": "wappush", "title": "x", "url": "example.com"}, "3"),
        ({"type": "wappush", "title": "x", "url": "https://example.com", "validity": "a day"}, "3"),
        ({"client-ref": "x" * 41}, "3"),
        ({"protocol-id": "256"}, "3"),
        ({"protocol-id": "-1"}, "3"),
        ({"status-report-req": "please"}, "3"),
        ({"to": "123456"}, "34"),
        ({"to": "1234567890123456"}, "34"),
        ({"to": "+31611111111"}, "34"),
        ({"to": "0x31611111"}, "34"),
        ({"from": "Far Too Long Name"}, "15"),
        ({"from": "with space"}, "15"),
        ({"from": "1234567890123456"}, "15"),
        ({"callback": "http://hook.example/r/1"}, "23"),
        ({"callback": "ftp://127.0.0.1/r/1"}, "23"),
        ({"callback": "https://"}, "23"),
        ({"callback": "https://hook.example/".ljust(101, "x")}, "23"),
        ({"callback": "https://[::1/r"}, "23"),
        ({"ttl": "19999"}, "16"),
        ({"ttl": "604800001"}, "16"),
        ({"ttl": "soon"}, "16"),
        ({"message-class": "4"}, "20"),
        ({"text": "x" * 3201}, "12"),
        ({"type": "binary", "body": "00" * 141}, "12"),
        ({"type": "binary", "body": "00" * 136, "udh": "0605040b8423f0"}, "12"),
    ],
)
async def test_what_is_not_in_order_is_refused_with_http_200(rig: Rig, form: dict[str, str], status: str) -> None:
    given = {"from": OWN, "to": STRANGER, "text": "hoi"} | form
    answer = await rig.post(SEND_PATH, {name: value for name, value in given.items() if value})
    await rig.simulator.settled()
    (element,) = answer.json()["messages"]
    assert (answer.status_code, element["status"]) == (200, status)
    assert element["error-text"]
    assert rig.hook.got == []


@pytest.mark.parametrize(
    "form",
    [
        {"type": "binary", "body": "0a" * 133, "udh": "06050415811581", "text": ""},
        {"type": "vcard", "vcard": "BEGIN:VCARD", "text": ""},
        {"type": "vcal", "vcal": "BEGIN:VCALENDAR", "text": ""},
        {"type": "wappush", "title": "Welcome", "url": "https://example.com", "validity": "86400000", "text": ""},
        {"ttl": "20000"},
        {"ttl": "604800000", "message-class": "0", "protocol-id": "127"},
        {"from": "AcmeInc"},
        {"client-ref": "x" * 40},
        {"callback": "https://hook.example/".ljust(100, "x")},
        {"to": "3197012345678"},
    ],
)
async def test_every_documented_field_is_taken(rig: Rig, form: dict[str, str]) -> None:
    document = (await rig.send(STRANGER, form=form)).json()
    assert [element["status"] for element in document["messages"]] == ["0"]


def test_a_text_outside_the_alphabet_arrives_with_question_marks() -> None:
    read = wire.read_submission({"from": OWN, "to": STRANGER, "text": "ideeën €"}, wants_inbound=False)
    assert isinstance(read, wire.Submission)
    assert (read.type, read.text, read.parts) == (SmsType.TEXT, "idee?n €", 1)


async def test_a_receipt_has_the_documented_fields_and_no_other(rig: Rig) -> None:
    document = (await rig.send(STRANGER, sender="AcmeInc")).json()
    await rig.simulator.settled()
    (receipt,) = rig.hook.receipts
    assert set(receipt) == {
        "msisdn", "to", "network-code", "messageId", "price", "status", "scts", "err-code", "message-timestamp",
    }  # fmt: skip
    assert all(isinstance(value, str) for value in receipt.values())
    assert (receipt["msisdn"], receipt["to"], receipt["err-code"]) == (STRANGER, "AcmeInc", "0")
    assert receipt["messageId"] == document["messages"][0]["message-id"]
    assert re.fullmatch(r"\d{10}", receipt["scts"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", receipt["message-timestamp"])


@pytest.mark.parametrize("form", [{"status-report-req": ""}, {"status-report-req": "false"}, {"callback": ""}])
async def test_a_receipt_comes_only_if_it_was_asked_for_and_has_an_address(rig: Rig, form: dict[str, str]) -> None:
    await rig.send("31600000001", form=form)
    await rig.simulator.settled()
    assert rig.hook.got == []


async def test_register_answers_in_the_documents_words(rig: Rig) -> None:
    answer = await rig.register()
    assert (answer.status_code, answer.json()) == (200, {"message": "Your callback url is registered."})


@pytest.mark.parametrize(
    "form",
    [
        {"to": ""},
        {"callback_url": ""},
        {"to": "06-12345678"},
        {"callback_url": "http://hook.example/x"},
        {"callback_url": "hook.example"},
    ],
)
async def test_register_refuses_what_is_not_in_order(rig: Rig, form: dict[str, str]) -> None:
    answer = await rig.post(REGISTER_PATH, {"to": OWN, "callback_url": "https://hook.example/x"} | form)
    assert answer.status_code == 400
    assert set(answer.json()) == {"transactionId", "status", "name", "message", "info"}


async def test_other_paths_methods_and_bodies_are_errors(rig: Rig) -> None:
    bearer = {"Authorization": f"Bearer {rig.bearer}"}
    url = rig.simulator.url
    answers: list[tuple[int, Any]] = [
        (404, await rig.post("/communication/nexmo/sms")),
        (405, await rig.http.get(url + SEND_PATH, headers=bearer)),
        (400, await rig.http.post(url + SEND_PATH, json={"from": OWN, "to": STRANGER, "text": "x"}, headers=bearer)),
        (400, await rig.post(SEND_PATH, {"from": OWN, "to": STRANGER, "text": "x" * 70_000})),
    ]
    assert [answer.status_code for _, answer in answers] == [http for http, _ in answers]
    assert all("transactionId" in answer.json() for _, answer in answers)


@pytest.mark.parametrize("body", [b"\xff\xfe=1", b"a" * 100, b"&".join([b"a=1"] * 200), b"%00=%00&to=%E2%82", b""])
async def test_a_body_that_is_no_form_is_refused_and_not_fatal(rig: Rig, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {rig.bearer}", "Content-Type": "application/x-www-form-urlencoded"}
    answer = await rig.http.post(rig.simulator.url + SEND_PATH, content=body, headers=headers)
    assert json.loads(answer.content)["messages"][0]["status"] == "2"


async def test_an_answer_tells_of_the_quota_where_the_token_is_good(rig: Rig) -> None:
    first, second = [await rig.send(STRANGER) for _ in range(2)]
    assert [answer.headers["quota-used"] for answer in (first, second)] == ["1", "2"]
    assert (first.headers["quota-limit"], first.headers["quota-time-unit"]) == ("100000", "month")
    refused = await rig.post(SEND_PATH, {"from": OWN}, headers={"Authorization": "Bearer nonsense"})
    for answer in (refused, await rig.token()):
        assert not any(name.startswith("quota") for name in answer.headers)


@pytest.mark.parametrize(
    ("now", "reset"),
    [
        (datetime(2026, 1, 31, 12, tzinfo=UTC), "2026-02-01T00:00:00Z"),
        (datetime(2026, 12, 1, tzinfo=UTC), "2027-01-01T00:00:00Z"),
        (datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), "2026-03-01T00:00:00Z"),
    ],
)
def test_the_quota_is_reset_when_a_month_begins_in_utc(now: datetime, reset: str) -> None:
    told = dict(quota.headers(200_000, now))
    assert told[b"quota-reset-UTC"] == reset.encode()
    assert told[b"quota-used"] == told[b"quota-limit"]
