"""The wire of KPN's SMS API as pure functions: forms out, answers in.

The rule: no I/O and no clock here, and what cannot be read for certain is an `UnreadableError`, never a guess.

Sources: KPN's OpenAPI document SMS-Vonage v1.1.1 (fields, and their order in a form); Vonage's SMS API for the fields
of an answer that KPN's schema leaves out.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn, assert_never
from urllib.parse import urlencode

from smschat.domain.delivery import PartAnswer, SendAnswer
from smschat.domain.sms import SmsType
from smschat.errors import GatewayRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from smschat.domain.sms import Attempt, Sms, SmsOptions

TOKEN_PATH: Final = "/oauth/client_credential/accesstoken?grant_type=client_credentials"  # noqa: S105 - a path
SEND_PATH: Final = "/communication/nexmo/sms/send"
REGISTER_PATH: Final = "/communication/nexmo/sms/register"

HEADERS: Final[Mapping[str, str]] = {"Accept": "application/json", "Accept-Encoding": "identity"}
"""On every request. The answers are small: not compressed, none can unfold into something large."""

FORM_HEADERS: Final[Mapping[str, str]] = {"Content-Type": "application/x-www-form-urlencoded"}
"""On every request that has a form."""

SEND_FIELDS: Final = (
    "from", "to", "text", "ttl", "status-report-req", "callback", "message-class", "type", "vcard", "vcal", "body",
    "udh", "protocol-id", "title", "url", "validity", "client-ref",
)  # fmt: skip
"""Every field of a send, in the order of the document."""

ACCEPTED: Final = "0"
"""Status of a part that the gateway took."""

USUAL_LIFE_S: Final = 3599.0
"""Seconds that a token is taken to last when the answer does not say; the life in KPN's samples."""

LONGEST_LIFE_S: Final = 86_400.0
"""Seconds that a token is trusted at most, whatever the answer says."""

TEXT_LIMIT: Final = 300
"""Characters kept of a sentence of the gateway's."""

ID_LIMIT: Final = 128
"""Characters kept of an id of the gateway's; those seen have 36 at most."""

_DECIMAL = re.compile(r"-?\d{1,20}(\.\d{1,20})?", re.ASCII)
_TOKEN = re.compile(r"[\x21-\x7e]{1,8192}")


class UnreadableError(ValueError):
    """An answer is not what the document says; the text says how, without quoting it. Never leaves the room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """An access token as the token endpoint gave it.

    Attributes:
        token: the bearer token; kept out of `repr`.
        life_s: seconds it lasts from the moment it was asked for, above 0.
        level: the project's tier, `demo` or `prod`; None when not said.
    """

    token: str = field(repr=False)
    life_s: float
    level: str | None = None


def token_fields(client_id: str, client_secret: str) -> dict[str, str]:
    """The form of a token request; `grant_type` stands in the query instead."""
    return {"client_id": client_id, "client_secret": client_secret}


def send_fields(attempt: Attempt, *, callback: str | None) -> dict[str, str]:
    """The form of a send: only the fields that apply, in the order of the document.

    Args:
        callback: address for the receipts of this attempt, an https URL; None leaves it out. It is also left out when
            no receipt is wanted.

    Raises:
        GatewayRefusedError: the type needs what an SMS does not have.
    """
    sms = attempt.sms
    given = _content(sms) | {
        "from": sms.sender,
        "to": sms.recipient,
        "ttl": _number(sms.options.ttl_ms),
        "status-report-req": "true" if attempt.wants_receipt else None,
        "callback": (callback or None) if attempt.wants_receipt else None,
        "message-class": _number(sms.options.message_class),
        "type": sms.type.value,
        "protocol-id": _number(sms.options.protocol_id),
        "client-ref": attempt.client_ref or attempt.ref,
    }
    return {name: value for name in SEND_FIELDS if (value := given.get(name)) is not None}


def send_headers(attempt: Attempt) -> dict[str, str]:
    """`inbound: yes` asks that a test account's replies come to the registered address; it is no form field."""
    return {"inbound": "yes"} if attempt.wants_inbound else {}


def register_fields(*, to: str, callback_url: str) -> dict[str, str]:
    """The form that ties an inbound webhook to a test account's own number."""
    return {"to": to, "callback_url": callback_url}


def encode(fields: Mapping[str, str]) -> bytes:
    """A form as it travels: `application/x-www-form-urlencoded` in UTF-8."""
    return urlencode(fields, encoding="utf-8").encode("ascii")


def read_grant(body: bytes) -> Grant:
    """The token answer; every value of it is a string at KPN, and numbers are taken too.

    Raises:
        UnreadableError: there is no usable token in it.
    """
    answer = read_object(body)
    token = answer.get("access_token")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise UnreadableError("there is no usable access_token in the answer")
    return Grant(token=token, life_s=_life_s(answer.get("expires_in")), level=text_of(answer.get("level")))


def read_send(http: int, body: bytes) -> SendAnswer:
    """The answer to a send, one element for each part; `http` is only passed on.

    An element may have no more than a status, and `message-count` may be text, a number or missing. A count above the
    elements that are there is only believed when one of them was taken: else the missing part may have been.

    Raises:
        UnreadableError: nobody can say from it what became of the SMS.
    """
    answer = read_object(body)
    elements = answer.get("messages")
    if not isinstance(elements, list) or not elements:
        raise UnreadableError("there are no messages in the answer")
    parts = _distinct([_part(element) for element in elements])
    count = count_of(answer.get("message-count"))
    if count > len(elements) and all(part.status != ACCEPTED for part in parts):
        raise UnreadableError("the answer tells of fewer parts than it counts")
    transaction_id = text_of(answer.get("transactionId"), ID_LIMIT)
    return SendAnswer(http=http, parts=parts, count=count, transaction_id=transaction_id)


def read_registered(body: bytes) -> str:
    """The gateway's own words about a registration; a sentence of ours where it has none.

    Raises:
        UnreadableError: it is not the JSON object that the document promises.
    """
    return text_of(read_object(body).get("message")) or "The callback address is registered."


def read_object(body: bytes) -> dict[str, object]:
    """A JSON object with its numbers as the text they were written in.

    Raises:
        UnreadableError: it is empty, not JSON, not an object, or nested beyond reason.
    """
    try:
        value = json.loads(
            body.decode("utf-8-sig", "replace"), parse_int=str, parse_float=str, parse_constant=_no_constant
        )
    except (ValueError, RecursionError):
        value = None  # and the decoder's error goes: it keeps the whole answer, with any token in it
    if not isinstance(value, dict):
        raise UnreadableError("the answer is not a JSON object" if body.strip() else "the answer is empty")
    return value


def text_of(value: object, limit: int = TEXT_LIMIT) -> str | None:
    """Text from the gateway on one line, printable and cut to `limit` characters; None when there is none."""
    if not isinstance(value, str):
        return None
    line = " ".join("".join(c if c.isprintable() else " " for c in value[: 4 * limit]).split())
    return (line if len(line) <= limit else line[: limit - 1] + "…") or None


def decimal_of(value: object) -> str | None:
    """Decimals as written; None for KPN's mask `*****` and for anything else that is no number."""
    text = value.strip() if isinstance(value, str) else ""
    return text if _DECIMAL.fullmatch(text) else None


def count_of(value: object) -> int:
    """A count, which may be text or a number; 0 for what is none."""
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - any sane count


def _content(sms: Sms) -> dict[str, str | None]:
    """The fields that the type has its content in; those of other types are left out, whatever the SMS has."""
    match sms.type:
        case SmsType.TEXT | SmsType.UNICODE:
            return {"text": sms.text}
        case SmsType.VCARD | SmsType.VCAL:
            return {sms.type.value: sms.text}
        case SmsType.BINARY:
            return {"body": sms.data or None, "udh": sms.udh or None}
        case SmsType.WAPPUSH:
            return _push(sms.options)
    assert_never(sms.type)


def _push(options: SmsOptions) -> dict[str, str | None]:
    if not options.title or not options.url:
        raise GatewayRefusedError(
            "a WAP push needs a title and an address, and this SMS lacks one of them",
            hint="give both, or send the address as text",
            code="wappush",
        )
    return {"title": options.title, "url": options.url, "validity": _number(options.validity_ms)}


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


def _part(element: object) -> PartAnswer:
    if not isinstance(element, dict):
        raise UnreadableError("a message in the answer is not an object")
    return PartAnswer(
        status=text_of(element.get("status"), ID_LIMIT) or "",
        message_id=text_of(element.get("message-id"), ID_LIMIT),
        error_text=text_of(element.get("error-text")),
        network=text_of(element.get("network"), ID_LIMIT),
        price=decimal_of(element.get("message-price")),
        remaining_balance=decimal_of(element.get("remaining-balance")),
        client_ref=text_of(element.get("client-ref"), ID_LIMIT),
    )


def _distinct(parts: Iterable[PartAnswer]) -> tuple[PartAnswer, ...]:
    """One part for each message id; of several with the same id the one that was taken."""
    kept: dict[object, PartAnswer] = {}
    for nth, part in enumerate(parts):
        key: object = part.message_id or nth
        if key not in kept or (part.status == ACCEPTED != kept[key].status):
            kept[key] = part
    return tuple(kept.values())


def _life_s(value: object) -> float:
    if value is None or value == "":
        return USUAL_LIFE_S
    try:
        life_s = float(value) if isinstance(value, str) else math.nan
    except ValueError:
        life_s = math.nan
    if not life_s > 0:
        raise UnreadableError("the token has no lifetime")
    return min(life_s, LONGEST_LIFE_S)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
