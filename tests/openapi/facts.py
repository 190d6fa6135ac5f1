"""What KPN's two OpenAPI documents say, restated as tables: operations, parameters, answers, callbacks.

The rule: only what stands in a schema of the documents is in `OPERATIONS` and `DEFINITIONS`, so that they can be
compared with the documents word for word; what stands in their prose is in `PROSE`, what we know beyond in `ADDED`.

Source: "SMS-Vonage" v1.1.1 (Swagger 2.0) and "Phone Numbers - Vonage" v1.1.1 (OpenAPI 3.0).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

SMS: Final = "/communication/nexmo/sms"
NUMBERS: Final = "/communication/nexmo/phone-numbers"

FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A field of a form or of a query.

    Attributes:
        enum: the values that it may have, as text; empty: any.
        low, high: of a number; None: without a bound.
    """

    type: str = "string"
    is_required: bool = False
    enum: frozenset[str] = frozenset()
    low: int | None = None
    high: int | None = None

    def violation(self, value: str) -> str | None:
        """What is wrong with a value; None: nothing."""
        if self.enum and not set(self.values(value)) <= self.enum:
            return "is none of the values that there are"
        if self.type == "boolean" and value not in {"true", "false"}:
            return "is neither true nor false"
        if self.type != "integer":
            return None
        if re.fullmatch(r"-?\d+", value, re.ASCII) is None:
            return "is no whole number"
        low, high = -(10**18) if self.low is None else self.low, 10**18 if self.high is None else self.high
        return None if low <= int(value) <= high else "is out of range"

    def values(self, value: str) -> Sequence[str]:
        """The values in one text: an array is separated by commas, as the document's text says."""
        return value.split(",") if self.type == "array" else (value,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call.

    Attributes:
        parameters: in the document's order; of the form of a POST, of the query of a GET.
        answer: the fields of the document of HTTP 200, by type.
        http: every status that the document has.
    """

    method: str = "POST"
    parameters: Mapping[str, Parameter]
    answer: Mapping[str, str]
    http: frozenset[int] = frozenset({200})

    def violations(self, pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
        """What the document does not allow about these fields; values are not repeated."""
        names = [name for name, _ in pairs]
        yield from (
            f"{name} is missing" for name, known in self.parameters.items() if known.is_required and name not in names
        )
        yield from (f"{name} comes twice" for name in set(names) if names.count(name) > 1)
        for name, value in pairs:
            known = self.parameters.get(name)
            wrong = "is not in the document" if known is None else known.violation(value) or _against_prose(name, value)
            if wrong:
                yield f"{name} {wrong}"


def _against_prose(name: str, value: str) -> str | None:
    fits = PROSE.get(name)
    return None if fits is None or fits(value) else "is not what the document's text says"


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value, re.ASCII | re.DOTALL) is not None


PROSE: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType(
    {
        "from": _matches(r"\d{1,15}|[A-Za-z0-9]{1,11}"),
        "to": _matches(r"\d{7,15}"),
        "ttl": lambda value: 20_000 <= int(value) <= 604_800_000,
        "body": _matches(r"([0-9A-Fa-f]{2})+"),
        "udh": _matches(r"([0-9A-Fa-f]{2})+"),
        "callback": _matches(r"https://.+"),
        "url": _matches(r"https?://.+"),
        "client-ref": _matches(r".{1,40}"),
        "country": _matches(r"[A-Z]{2}"),
        "msisdn": _matches(r"\d{7,15}"),
        "index": lambda value: int(value) >= 1,
    }
)
"""What the documents say of a value in words only."""

_TEXT: Final = Parameter()
_NEEDED: Final = Parameter(is_required=True)
_WHOLE: Final = Parameter(type="integer")

_ERRORS: Final = frozenset({200, 400, 401, 403, 404, 429, 500, 503})
_FEATURES: Final = Parameter(type="array", enum=frozenset({"VOICE", "SMS"}))
_TYPES: Final = frozenset({"landline", "landline-toll-free", "mobile-lvn"})

_PAGE: Final = {
    "index": _WHOLE,
    "size": Parameter(type="integer", high=100),
    "pattern": _TEXT,
    "search_pattern": Parameter(type="integer", low=0, high=2),
}
_NUMBER: Final = {"country": _NEEDED, "msisdn": _NEEDED}
_LISTED: Final = {"count": "integer", "numbers": "array"}
_DONE: Final = {"error-code": "string", "error-code-label": "string"}

OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        f"{SMS}/send": Operation(
            parameters={
                "from": _NEEDED,
                "to": _NEEDED,
                "text": _TEXT,
                "ttl": _WHOLE,
                "status-report-req": Parameter(type="boolean"),
                "callback": _TEXT,
                "message-class": Parameter(type="integer", enum=frozenset("0123")),
                "type": Parameter(enum=frozenset({"text", "binary", "wappush", "unicode", "vcal", "vcard"})),
                **dict.fromkeys(("vcard", "vcal", "body", "udh"), _TEXT),
                "protocol-id": _WHOLE,
                **dict.fromkeys(("title", "url", "validity", "client-ref"), _TEXT),
            },
            answer={"message-count": "integer", "messages": "array"},
            http=_ERRORS,
        ),
        f"{SMS}/register": Operation(
            parameters={"to": _NEEDED, "callback_url": _NEEDED}, answer={"message": "string"}, http=_ERRORS
        ),
        f"{NUMBERS}/account/numbers": Operation(method="GET", parameters=_PAGE, answer=_LISTED),
        f"{NUMBERS}/number/search": Operation(
            method="GET",
            parameters={"country": _NEEDED, "type": Parameter(enum=_TYPES), "features": _FEATURES, **_PAGE},
            answer=_LISTED,
        ),
        f"{NUMBERS}/number/buy": Operation(parameters=_NUMBER, answer=_DONE),
        f"{NUMBERS}/number/cancel": Operation(parameters=_NUMBER, answer=_DONE),
        f"{NUMBERS}/number/update": Operation(
            parameters={
                **_NUMBER,
                **dict.fromkeys(("moHttpUrl", "moSmppSysType"), _TEXT),
                "voiceCallbackType": Parameter(enum=frozenset({"sip", "tel", "app"})),
                **dict.fromkeys(("voiceCallbackValue", "voiceStatusCallback"), _TEXT),
            },
            answer=_DONE,
        ),
    }
)


def _strings(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "string")


DEFINITIONS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "SendSMSResponseMessage": _strings("to", "message-id", "status", "network"),
        "DeliveryReceipt": _strings(
            "msisdn", "to", "network-code", "messageId", "price", "status", "scts", "err-code", "message-timestamp"
        ),
        "InboundMessage": _strings(
            "msisdn", "to", "messageId", "text", "type", "keyword", "message-timestamp", "timestamp", "nonce", "concat",
            "concat-ref", "concat-total", "concat-part", "data", "udh",
        ),
        "ErrorResponse": _strings("transactionId", "status", "name", "message", "info"),
        "number": {
            **_strings("country", "msisdn", "moHttpUrl", "type"),
            "features": "array",
            **_strings("voiceCallbackType", "voiceCallbackValue"),
        },
    }
)  # fmt: skip
"""The fields of what the documents name, by type."""

RECEIPT_STATUSES: Final = frozenset({"delivered", "expired", "failed", "rejected", "accepted", "buffered", "unknown"})
INBOUND_TYPES: Final = frozenset({"text", "unicode", "binary"})
INBOUND_NEEDED: Final = frozenset({"msisdn", "to", "messageId", "text", "type", "keyword", "message-timestamp"})
NUMBER_NEEDED: Final = frozenset({"country", "msisdn", "type", "features"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Something that is not in the documents, and that the gateway does all the same.

    Attributes:
        why: one sentence: from where we know.
    """

    what: frozenset[str]
    why: str


ADDED: Final[Mapping[str, Added]] = MappingProxyType(
    {
        "SendSMSResponseMessage": Added(
            what=frozenset({"remaining-balance", "message-price", "client-ref", "error-text"}),
            why="the sample in KPN's documentation has the first two, Vonage's own document has all four",
        ),
        "ErrorResponse": Added(
            what=frozenset({"fault"}), why="Apigee, in front of the API, refuses a token in its own envelope"
        ),
        "number": Added(
            what=frozenset({"cost", "voiceStatusCallback"}),
            why="Vonage tells what a number costs in a search, and captures have the address told of a call's end",
        ),
        "DeliveryReceipt": Added(
            what=frozenset({"timestamp", "nonce", "sig"}), why="Vonage signs receipts as it signs inbound SMS"
        ),
        "InboundMessage": Added(
            what=frozenset({"sig"}), why="the document has timestamp and nonce, and forgets what they are for"
        ),
    }
)
"""By the name of the definition: fields that the simulator writes, or may write, beyond it."""

ADDED_HTTP: Final[Mapping[int, str]] = MappingProxyType(
    {
        400: "a POST whose body is no form is refused before anybody reads it",
        401: "the numbers API too is behind the gateway that checks tokens; its error-code 401 comes with that status",
        420: "Vonage documents this status for error-code 420 (the document of KPN has no refusal at all)",
    }
)
"""Statuses of the Phone Numbers API beyond its document, which has 200 only, and why."""

ADDED_HEADERS: Final = frozenset({"inbound"})
"""KPN's documentation and the document's own text name it; the document declares no parameter for it."""

BINARY_LACKS: Final = frozenset({"text", "keyword"})
"""The document calls these required in its text, and a binary SMS has neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Operations and definitions, from the tables here or from the documents."""

    operations: Mapping[str, Operation] = field(default_factory=lambda: OPERATIONS)
    definitions: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: DEFINITIONS)

    def wrong_fields(
        self, definition: str, document: Mapping[str, Any], *, more: frozenset[str] = frozenset()
    ) -> list[str]:
        """The fields of a document that its definition does not have, or has with another type."""
        known = self.definitions[definition]
        return [
            name
            for name, value in document.items()
            if name not in more and (name not in known or _type_of(value) != known[name])
        ]


def _type_of(value: object) -> str:
    return {str: "string", int: "integer", list: "array", dict: "object", bool: "boolean"}.get(type(value), "other")
