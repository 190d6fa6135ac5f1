"""What a failed answer means: the error envelopes, the waits that they name, and the exception that they become.

How it works
------------
1. `read_fault` finds code, sentence and transaction id in whichever envelope came; a list tried in order.
2. The words of a recognised envelope say whose fault it is, whatever the HTTP status: KPN's gateway is seen to
   answer 500 for a token that is not valid, and for a quota that is used up.
3. Otherwise the HTTP status says it.
4. `call_error` and `token_error` make one exception of that. They differ in what a 5xx means: after a call nobody
   knows; after a token request nothing was sent.

The rule: an exception that promises "not carried out" is only made of an answer that says so.

Sources: KPN's OpenAPI document SMS-Vonage v1.1.1 (ErrorResponse); Apigee's catalogue of runtime errors (fault codes).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, assert_never

from smschat.errors import (
    GatewayRefusedError,
    NotAuthorisedError,
    OutcomeUnknownError,
    ThrottledError,
    TokenRefusedError,
    UnreachableError,
)
from smschat.gateway.quota import quota_of
from smschat.gateway.wire import ID_LIMIT, UnreadableError, read_object, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smschat.errors import GatewayError

PRODUCT: Final = "SMS - Vonage"
"""The product's name in KPN's store."""

CHECK_CREDENTIALS: Final = "check client_id and client_secret: they are the project's keys at developer.kpn.com"
CHECK_ADDRESS: Final = "check api_url: it is the host alone, https://api-prd.kpn.com"
MAY_HAVE_ARRIVED: Final = "it may have been carried out: look before you repeat it"
TRY_LATER: Final = "try again later; nothing was sent"

LONGEST_WAIT_S: Final = 32 * 86_400.0
"""Seconds that an answer can make us wait at most; quotas are counted by the month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One HTTP answer.

    Attributes:
        headers: names in lower case.
        body: cut where it is longer than any answer of the document could be.
    """

    http: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What an answer says of itself; each is None when it does not.

    Attributes:
        is_structured: it came in an envelope that we know, so that its words may be trusted to mean what they say.
    """

    code: str | None = None
    message: str | None = None
    transaction_id: str | None = None
    is_structured: bool = False


class Blame(Enum):
    """Whose fault it is, as far as the answer tells."""

    TOKEN = auto()
    PRODUCT = auto()
    CLIENT = auto()
    QUOTA = auto()
    PACE = auto()
    NOT_TOLD = auto()


_WORDS: Final[tuple[tuple[str, Blame], ...]] = (
    ("noapiproductmatchfound", Blame.PRODUCT),
    ("apiresourcedoesnotexist", Blame.PRODUCT),
    ("ratelimitquotaviolation", Blame.QUOTA),
    ("spikearrestviolation", Blame.PACE),
    ("invalidclient", Blame.CLIENT),
    ("invalidaccesstoken", Blame.TOKEN),
    ("accesstokenexpired", Blame.TOKEN),
)
"""Letters and digits of a code or sentence, in lower case, and whom they blame; the first that is found decides."""


def add_product(product: str) -> str:
    """What to do about a project that lacks a product."""
    return f"add the product {product} to your project at developer.kpn.com, and use that project's keys"


def read_fault(body: bytes) -> Fault:
    """Code, sentence and transaction id of an error answer, in any of its envelopes or none."""
    try:
        answer = read_object(body)
    except UnreadableError:
        return Fault(message=_plain(body))
    for envelope in _ENVELOPES:
        found = envelope(answer)
        if found is not None:
            return found
    return Fault()


def call_error(reply: Reply, *, now: datetime, product: str = PRODUCT) -> GatewayError:
    """The error that an answer to a call amounts to.

    Args:
        now: aware, for waits that name a moment.
        product: whose call it was, as KPN's store names it.
    """
    error = _call_error(read_fault(reply.body), reply, now, product)
    error.quota = quota_of(reply.headers)
    return error


def _call_error(fault: Fault, reply: Reply, now: datetime, product: str) -> GatewayError:
    blame = _blame(fault)
    if blame is Blame.NOT_TOLD:
        blame = {401: Blame.TOKEN, 429: Blame.PACE}.get(reply.http, Blame.NOT_TOLD)
    match blame:
        case Blame.TOKEN:
            return _make(TokenRefusedError, "the gateway refuses the access token", CHECK_CREDENTIALS, fault, reply)
        case Blame.PRODUCT:
            return _make(NotAuthorisedError, f"the project lacks {product}", add_product(product), fault, reply)
        case Blame.CLIENT:
            return _make(NotAuthorisedError, "the gateway refuses the credentials", CHECK_CREDENTIALS, fault, reply)
        case Blame.QUOTA | Blame.PACE:
            return _throttled(fault, reply, now)
        case Blame.NOT_TOLD:
            return _by_status(fault, reply, product)
    assert_never(blame)


def token_error(reply: Reply, *, now: datetime) -> GatewayError:
    """The error that an answer to a token request amounts to: nothing was sent, whatever it says."""
    error = _token_error(read_fault(reply.body), reply, now)
    error.quota = quota_of(reply.headers)
    return error


def _token_error(fault: Fault, reply: Reply, now: datetime) -> GatewayError:
    blame = _blame(fault, trusts_plain_text=True)
    if blame is Blame.CLIENT:
        fault = Fault(code="invalid_client", message=fault.message, transaction_id=fault.transaction_id)
    if blame is Blame.CLIENT or reply.http in {401, 403}:
        return _make(NotAuthorisedError, "the gateway refuses the credentials", CHECK_CREDENTIALS, fault, reply)
    if blame in {Blame.QUOTA, Blame.PACE} or reply.http == 429:  # noqa: PLR2004 - an HTTP status
        return _throttled(fault, reply, now)
    if 300 <= reply.http < 500:  # noqa: PLR2004 - HTTP statuses
        return _make(GatewayRefusedError, "the gateway refuses the token request", CHECK_ADDRESS, fault, reply)
    return _make(UnreachableError, "the gateway gives no access token", TRY_LATER, fault, reply)


def wait_s(text: str | None) -> float | None:
    """Seconds to wait as a sentence names them; None when it names none.

    `please wait [ 702 ]` is in milliseconds (Vonage); `Allowed rate : 5pm` allows one call in 12 s (Apigee).
    """
    if found := _PLEASE_WAIT.search(text or ""):
        return int(found[1]) / 1000
    if (found := _ALLOWED_RATE.search(text or "")) and int(found[1]):
        return {"s": 1, "m": 60}[found[2].lower()] / int(found[1])
    return None


def retry_after_s(reply: Reply, *, now: datetime) -> float | None:
    """Seconds until a refused call may be repeated, 0 or more; None when the answer does not say.

    A sentence that names a wait comes first, then `Retry-After` (seconds or a date, RFC 9110), then `quota-reset-UTC`:
    that one stands on every answer, so it counts only while the quota is not seen to have calls left.
    """
    fault = read_fault(reply.body)
    named = wait_s(fault.message)
    if named is None:
        named = _retry_after_header_s(reply.headers.get("retry-after", ""), now)
    if named is None and _blame(fault) is not Blame.PACE and not _has_quota_left(reply.headers):
        named = _until_s(_moment(reply.headers.get("quota-reset-utc", "")), now)
    return None if named is None else min(named, LONGEST_WAIT_S)


_PLEASE_WAIT = re.compile(r"please\s+wait\s*\[\s*(\d{1,9})\s*\]", re.IGNORECASE | re.ASCII)
_ALLOWED_RATE = re.compile(r"allowed\s+rate\s*:\s*(\d{1,9})\s*p([sm])", re.IGNORECASE | re.ASCII)
_TAG = re.compile(r"<[^<>]*>")
_TITLE = re.compile(r"<title[^<>]*>([^<>]*)<", re.IGNORECASE)
_PLAIN_LIMIT = 8192


def _make(kind: type[GatewayError], what: str, hint: str, fault: Fault, reply: Reply) -> GatewayError:
    error = kind(
        _sentence(what, fault, reply), hint=hint, code=fault.code, http=reply.http, transaction_id=fault.transaction_id
    )
    error.said = fault.message or fault.code
    return error


def _sentence(what: str, fault: Fault, reply: Reply) -> str:
    said = fault.message or fault.code
    return f"{what}: {said} (HTTP {reply.http})" if said else f"{what} (HTTP {reply.http})"


def _throttled(fault: Fault, reply: Reply, now: datetime) -> ThrottledError:
    used_up = _blame(fault) is Blame.QUOTA
    error = ThrottledError(
        _sentence("the quota is used up" if used_up else "too fast for the gateway", fault, reply),
        hint="ask KPN for a larger quota, or wait until it is reset" if used_up else "a lower `rate` avoids it",
        code=fault.code,
        http=reply.http,
        transaction_id=fault.transaction_id,
        retry_after_s=retry_after_s(reply, now=now),
    )
    error.said = fault.message or fault.code
    return error


def _by_status(fault: Fault, reply: Reply, product: str) -> GatewayError:
    if 300 <= reply.http < 400:  # noqa: PLR2004 - HTTP statuses
        return _make(GatewayRefusedError, "the gateway's address has moved", CHECK_ADDRESS, fault, reply)
    if 400 <= reply.http < 500:  # noqa: PLR2004 - HTTP statuses
        hint = _refusal_hint(reply.http, product)
        return _make(GatewayRefusedError, "the gateway refuses the request", hint, fault, reply)
    return _make(OutcomeUnknownError, "the gateway gives no readable answer", MAY_HAVE_ARRIVED, fault, reply)


def _refusal_hint(http: int, product: str) -> str:
    match http:
        case 403:
            return f"your project is not entitled to this call: see {product} in your project at developer.kpn.com"
        case 404:
            return CHECK_ADDRESS
        case _:
            return "the request has to change before it is repeated; nothing was sent"


def _blame(fault: Fault, *, trusts_plain_text: bool = False) -> Blame:
    if not (fault.is_structured or trusts_plain_text):
        return Blame.NOT_TOLD
    words = "".join(c for c in f"{fault.code or ''} {fault.message or ''}".lower() if c.isalnum())
    return next((blame for word, blame in _WORDS if word in words), Blame.NOT_TOLD)


def _plain(body: bytes) -> str | None:
    """The sentence of an answer that is no JSON: a page's title, else its text without tags."""
    text = body[:_PLAIN_LIMIT].decode("utf-8", "replace")
    title = _TITLE.search(text)
    return text_of(title[1] if title else None) or text_of(_TAG.sub(" ", text))


def _known(code: object, message: object, transaction_id: object = None) -> Fault:
    return Fault(
        code=text_of(code, ID_LIMIT),
        message=text_of(message),
        transaction_id=text_of(transaction_id, ID_LIMIT),
        is_structured=True,
    )


def _apigee(answer: Mapping[str, object]) -> Fault | None:
    fault = answer.get("fault")
    if not isinstance(fault, dict):
        return None
    detail = fault.get("detail")
    return _known(detail.get("errorcode") if isinstance(detail, dict) else None, fault.get("faultstring"))


def _kpn_nested(answer: Mapping[str, object]) -> Fault | None:
    inner = answer.get("error")
    return _kpn_flat(inner) if isinstance(inner, dict) else None


def _kpn_flat(answer: Mapping[str, object]) -> Fault | None:
    if not answer.keys() & {"transactionId", "name", "message"}:
        return None
    message = answer.get("message") or answer.get("info")
    return _known(answer.get("code") or answer.get("name"), message, answer.get("transactionId"))


def _token_endpoint(answer: Mapping[str, object]) -> Fault | None:
    return _known(answer.get("ErrorCode"), answer.get("Error")) if "ErrorCode" in answer else None


def _vonage(answer: Mapping[str, object]) -> Fault | None:
    return _known(answer["error-code"], answer.get("error-code-label")) if "error-code" in answer else None


def _problem(answer: Mapping[str, object]) -> Fault | None:
    """Problem details, RFC 9457; its `type` is an address and says less than its title."""
    if not answer.keys() & {"title", "detail"}:
        return None
    said = [text for text in (text_of(answer.get("title")), text_of(answer.get("detail"))) if text]
    return _known(answer.get("code"), ": ".join(said), answer.get("instance"))


def _kpn_sms(answer: Mapping[str, object]) -> Fault | None:
    inner = answer.get("errorResponse")
    return _known(inner.get("code"), inner.get("message") or inner.get("info")) if isinstance(inner, dict) else None


def _oauth(answer: Mapping[str, object]) -> Fault | None:
    """OAuth's own error answer, RFC 6749 section 5.2."""
    error = answer.get("error")
    return _known(error, answer.get("error_description")) if isinstance(error, str) else None


_ENVELOPES: Final[tuple[Callable[[Mapping[str, object]], Fault | None], ...]] = (
    _apigee,
    _kpn_nested,
    _kpn_flat,
    _token_endpoint,
    _vonage,
    _problem,
    _kpn_sms,
    _oauth,
)


def _retry_after_header_s(value: str, now: datetime) -> float | None:
    value = value.strip()
    if value.isascii() and value.replace(".", "", 1).isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return _until_s(at if at.tzinfo else at.replace(tzinfo=UTC), now)


def _has_quota_left(headers: Mapping[str, str]) -> bool:
    try:
        return float(headers.get("quota-used", "")) < float(headers.get("quota-limit", ""))
    except ValueError:
        return False


def _moment(value: str) -> datetime | None:
    """A moment in ISO 8601, or in seconds or milliseconds since 1970; without a zone it is UTC."""
    value = value.strip()
    try:
        if value.isascii() and value.isdigit():
            return datetime.fromtimestamp(int(value) / (1000 if len(value) > 11 else 1), UTC)  # noqa: PLR2004
        at = datetime.fromisoformat(value)
    except (ValueError, OverflowError, OSError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _until_s(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else max(0.0, (at - now).total_seconds())
