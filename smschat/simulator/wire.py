"""KPN's documents as the gateway writes and reads them: forms in, JSON out.

The rule: pure; field names and texts are those of the OpenAPI document "SMS-Vonage" v1.1.1 and of the samples
published with it, and no other field is written.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from smschat.domain import segments
from smschat.domain.sms import SmsType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from smschat.simulator.outcomes import ReceiptDue

PRICE: Final = "0.07250000"
"""Price of a part, decimals as text; the currency is not given (EUR at Vonage)."""

MASKED: Final = "*****"
"""What stands for price and balance in KPN's own published sample."""

TTL_MS: Final = range(20_000, 604_800_001)
"""Allowed `ttl`: 20 s to 7 days, in milliseconds (OpenAPI document)."""

LONGEST_TEXT: Final = 3200
LONGEST_REFERENCE: Final = 40
LONGEST_CALLBACK: Final = 100
BINARY_OCTETS: Final = 140
PROTOCOL_IDS: Final = range(256)

SUPPORT: Final = "https://developer.kpn.com/support"

_NUMBER: Final = re.compile(r"\d{7,15}", re.ASCII)
_SENDER: Final = re.compile(r"\d{1,15}|[A-Za-z0-9]{1,11}", re.ASCII)
_MILLISECONDS: Final = re.compile(r"\d{1,12}", re.ASCII)
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})*", re.ASCII)
_TRUE: Final = frozenset({"true", "1", "yes"})
_FALSE: Final = frozenset({"false", "0", "no"})
_LOOPBACK: Final = re.compile(r"localhost|127(?:\.\d{1,3}){3}|::1", re.ASCII)

_NETWORKS: Final = {"31": "20408", "32": "20601", "33": "20801", "44": "23415", "49": "26201"}
_NO_NETWORK: Final = "12345"

ERROR_TEXTS: Final[Mapping[str, str]] = {
    "1": "Throughput Rate Exceeded - please wait [ 702 ] and retry",
    "2": "Missing parameters",
    "3": "Invalid parameters",
    "4": "invalid credentials",
    "5": "Server Error",
    "6": "Invalid message",
    "7": "Number barred.",
    "8": "Partner account barred",
    "9": "Partner quota violation",
    "10": "Too many existing binds",
    "11": "Account not enabled for HTTP",
    "12": "Message too long",
    "13": "Communication failed",
    "14": "Invalid signature",
    "15": "Illegal Sender Address - rejected",
    "16": "Invalid TTL",
    "17": "Number unreachable",
    "18": "Too many destinations",
    "19": "Facility not allowed",
    "20": "Invalid message class",
    "22": "Invalid network code",
    "23": "Invalid callback URL",
    "29": "Non White-listed Destination - rejected",
    "32": "Signature and API secret disallowed",
    "33": "Number de-activated",
    "34": "Invalid or missing msisdn",
}
"""The gateway's status codes and the texts that it sends with them; codes without one are not assigned."""


class Transport(StrEnum):
    """How a callback carries its fields."""

    JSON = "json"
    FORM = "form"
    GET = "get"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A `/send` that is in order.

    Attributes:
        text: as it arrives: with `type=text`, characters outside GSM 03.38 have become `?`. A card or an entry for
            those types, title and address of a `wappush`, and empty for `binary`.
        data, udh: of a `binary` one: its octets.
        parts: 1 or more.
        callback: where its receipts go; None: it named none.
        wants_inbound: the header `inbound: yes` was there.
    """

    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    type: SmsType
    text: str = field(repr=False)
    parts: int
    data: bytes = field(default=b"", repr=False)
    udh: bytes = field(default=b"", repr=False)
    callback: str | None = field(default=None, repr=False)
    wants_receipt: bool = False
    wants_inbound: bool = False
    client_ref: str | None = None

    @property
    def can_be_answered(self) -> bool:
        """Whether the sender is a number; an alphanumeric one is one-way."""
        return self.sender.isdigit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A `/send` that the gateway refuses with HTTP 200 and a status of its own (OpenAPI document, `/send`)."""

    status: str
    error_text: str


def refusal(status: str, error_text: str | None = None) -> Refusal:
    """A refusal with the gateway's usual text for the status, unless another is given."""
    return Refusal(status=status, error_text=error_text or ERROR_TEXTS.get(status, f"Error {status}"))


def read_submission(form: Mapping[str, str], *, wants_inbound: bool) -> Submission | Refusal:
    """What a form asks for, or the first thing that is wrong with it."""
    for check in _CHECKS:
        refused = check(form)
        if refused is not None:
            return refused
    sms_type = SmsType(form.get("type") or "text")
    text = _arriving(form, sms_type)
    return Submission(
        sender=form["from"],
        recipient=form["to"],
        type=sms_type,
        text=text,
        parts=_parts(text, sms_type),
        data=bytes.fromhex(form.get("body", "")) if sms_type is SmsType.BINARY else b"",
        udh=bytes.fromhex(form.get("udh", "")) if sms_type is SmsType.BINARY else b"",
        callback=form.get("callback") or None,
        wants_receipt=form.get("status-report-req", "").lower() in _TRUE,
        wants_inbound=wants_inbound,
        client_ref=form.get("client-ref") or None,
    )


def is_number(text: str) -> bool:
    """Whether it is a number as the wire has them: 7 to 15 digits (OpenAPI document, `to`)."""
    return _NUMBER.fullmatch(text) is not None


def is_loopback(address: str) -> bool:
    """Whether a web address stays on this machine by its own words: `localhost`, 127.0.0.0/8 or `::1`."""
    try:
        return _LOOPBACK.fullmatch(urlsplit(address).hostname or "") is not None
    except ValueError:
        return False


def is_web_address(text: str) -> bool:
    """Whether it is an http or https address with a host, in characters that an address may have."""
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != -1 and _is_printable(text)
    except ValueError:
        return False


def is_callback(address: str) -> bool:
    """Whether the gateway takes it as a callback: https; plain http on loopback only, for development."""
    return is_web_address(address) and (address.lower().startswith("https:") or is_loopback(address))


def _is_printable(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


_CONTENT: Final[Mapping[SmsType, tuple[str, ...]]] = {
    SmsType.TEXT: ("text",),
    SmsType.UNICODE: ("text",),
    SmsType.BINARY: ("body",),
    SmsType.VCARD: ("vcard",),
    SmsType.VCAL: ("vcal",),
    SmsType.WAPPUSH: ("title", "url"),
}


def _check_sender_and_type(form: Mapping[str, str]) -> Refusal | None:
    for name in ("from", "to"):
        if not form.get(name):
            return refusal("2", f"Missing {name} param")
    if (form.get("type") or "text") not in {known.value for known in SmsType}:
        return refusal("3", "Invalid type param")
    return None


def _check_content(form: Mapping[str, str]) -> Refusal | None:
    for name in _CONTENT[SmsType(form.get("type") or "text")]:
        if not form.get(name):
            return refusal("2", f"Missing {name} param")
    if len(form.get("text", "")) > LONGEST_TEXT:
        return refusal("12")
    return _check_binary(form)


def _check_binary(form: Mapping[str, str]) -> Refusal | None:
    for name in ("body", "udh"):
        if _HEX.fullmatch(form.get(name, "")) is None:
            return refusal("3", f"Invalid {name} param")
    octets = form.get("udh", "") + form.get("body", "")
    return refusal("12") if len(octets) > 2 * BINARY_OCTETS else None


def _check_numbers(form: Mapping[str, str]) -> Refusal | None:
    if not is_number(form["to"]):
        return refusal("34")
    return None if _SENDER.fullmatch(form["from"]) else refusal("15")


def _check_options(form: Mapping[str, str]) -> Refusal | None:
    callback = form.get("callback")
    if callback and (len(callback) > LONGEST_CALLBACK or not is_callback(callback)):
        return refusal("23")
    if form.get("ttl") and not (_MILLISECONDS.fullmatch(form["ttl"]) and int(form["ttl"]) in TTL_MS):
        return refusal("16")
    if form.get("message-class") and form["message-class"] not in {"0", "1", "2", "3"}:
        return refusal("20")
    return None


def _check_rest(form: Mapping[str, str]) -> Refusal | None:
    is_fine: Mapping[str, Callable[[str], bool]] = {
        "status-report-req": lambda value: value.lower() in _TRUE | _FALSE,
        "protocol-id": lambda value: _MILLISECONDS.fullmatch(value) is not None and int(value) in PROTOCOL_IDS,
        "validity": lambda value: _MILLISECONDS.fullmatch(value) is not None,
        "url": is_web_address,
        "client-ref": lambda value: len(value) <= LONGEST_REFERENCE,
    }
    wrong = next((name for name, fits in is_fine.items() if form.get(name) and not fits(form[name])), None)
    return refusal("3", f"Invalid {wrong} param") if wrong else None


_CHECKS: Final[tuple[Callable[[Mapping[str, str]], Refusal | None], ...]] = (
    _check_sender_and_type,
    _check_content,
    _check_numbers,
    _check_options,
    _check_rest,
)


def _arriving(form: Mapping[str, str], sms_type: SmsType) -> str:
    text = " ".join(form.get(name, "") for name in _CONTENT[sms_type]) if sms_type is not SmsType.BINARY else ""
    if sms_type is not SmsType.TEXT:
        return text
    return text.translate({ord(culprit.character): "?" for culprit in segments.count(text).culprits})


def _parts(text: str, sms_type: SmsType) -> int:
    if sms_type in (SmsType.BINARY, SmsType.WAPPUSH):
        return 1
    return segments.count(text, force_ucs2=sms_type is SmsType.UNICODE).segments


def sms_type_of(text: str) -> str:
    """The `type` of an inbound SMS: `text` where GSM 03.38 carries it, else `unicode`."""
    return "text" if segments.is_gsm7(text) else "unicode"


def network_of(number: str) -> str:
    """A network code (MCC and MNC) that fits the number's country; opaque for whoever reads it."""
    return _NETWORKS.get(number[:2], _NO_NETWORK)


def accepted_answer(
    submission: Submission, *, message_ids: Sequence[str], balance: str, price: str = PRICE
) -> dict[str, Any]:
    """The answer to a `/send` that was taken: an element for each part, every value of them a string."""
    part = {"to": submission.recipient, "status": "0", "remaining-balance": balance, "message-price": price}
    part["network"] = network_of(submission.recipient)
    if submission.client_ref is not None:
        part["client-ref"] = submission.client_ref
    return {"message-count": len(message_ids), "messages": [{**part, "message-id": known} for known in message_ids]}


def refused_answer(refused: Refusal, *, recipient: str = "") -> dict[str, Any]:
    """The answer to a `/send` that was refused: HTTP 200, one element."""
    element = {"status": refused.status, "error-text": refused.error_text}
    return {"message-count": 1, "messages": [element | ({"to": recipient} if recipient else {})]}


def registered_answer() -> dict[str, Any]:
    """The answer to a `/register` that was taken, word for word."""
    return {"message": "Your callback url is registered."}


def token_answer(*, token: str, client_id: str, life_s: int, issued_at: datetime) -> dict[str, Any]:
    """The token endpoint's answer: every value is a string, the numbers too; there is no refresh token."""
    return {
        "refresh_token_expires_in": "0",
        "api_product_list": "[SMS-Vonage, Phone Numbers - Vonage]",
        "organization_name": "kpn",
        "developer_email": "simulator@smschat.invalid",
        "token_type": "Bearer",
        "issued_at": str(int(issued_at.timestamp() * 1000)),
        "client_id": client_id,
        "access_token": token,
        "application_name": "smschat simulator",
        "level": "demo",
        "scope": "",
        "expires_in": str(life_s),
        "refresh_token": "",
        "refresh_count": "0",
        "status": "approved",
    }


def client_refused(code: str, text: str) -> dict[str, Any]:
    """The token endpoint's own envelope of an error (Apigee)."""
    return {"ErrorCode": code, "Error": text}


def fault(code: str, text: str) -> dict[str, Any]:
    """A fault of the gateway's policies (Apigee), such as a token that is not known."""
    return {"fault": {"faultstring": text, "detail": {"errorcode": code}}}


def error(http: int, message: str, *, transaction_id: str) -> dict[str, Any]:
    """The flat envelope of the OpenAPI document (`ErrorResponse`), every value a string."""
    name = HTTPStatus(http).phrase
    return {
        "transactionId": transaction_id,
        "status": f"{http} - {name}",
        "name": name,
        "message": message,
        "info": SUPPORT,
    }


def receipt_fields(
    submission: Submission, message_id: str, due: ReceiptDue, *, scts: datetime, price: str = PRICE
) -> dict[str, str]:
    """A delivery receipt (`DeliveryReceipt`); `msisdn` is the recipient and `to` the sender ID, as documented."""
    return {
        "msisdn": submission.recipient,
        "to": submission.sender,
        "network-code": network_of(submission.recipient),
        "messageId": message_id,
        "price": price,
        "status": due.status,
        "scts": scts.strftime("%y%m%d%H%M"),
        "err-code": due.error_code,
    }


def inbound_fields(
    *, sender: str, to: str, text: str, message_id: str, sms_type: str, concat: tuple[int, int, int] | None = None
) -> dict[str, str]:
    """An inbound SMS (`InboundMessage`); `concat` is reference, total and part, counted from 1."""
    words = text.split(maxsplit=1)
    fields = {"msisdn": sender, "to": to, "messageId": message_id, "text": text, "type": sms_type}
    fields["keyword"] = words[0] if words else ""
    if concat is None:
        return fields
    reference, total, part = (str(number) for number in concat)
    return {**fields, "concat": "true", "concat-ref": reference, "concat-total": total, "concat-part": part}


def binary_fields(*, sender: str, to: str, data: bytes, udh: bytes, message_id: str) -> dict[str, str]:
    """An inbound binary SMS (`InboundMessage`): hex, and neither text nor keyword."""
    fields = {"msisdn": sender, "to": to, "messageId": message_id, "type": "binary", "data": data.hex().upper()}
    return {**fields, "udh": udh.hex().upper()} if udh else fields


def stamped(fields: Mapping[str, str], now: datetime) -> dict[str, str]:
    """With the moment that the push begins (UTC), which each repeat tells anew."""
    return {**fields, "message-timestamp": now.strftime("%Y-%m-%d %H:%M:%S")}


def to_json(document: Mapping[str, Any]) -> bytes:
    """A document on the wire."""
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
