"""KPN's OpenAPI document Phone Numbers v1.1.1, restated as a judge of requests; nothing of smschat is used.

The rule: what the document does not list is a violation, and so is what it demands and is not there. Order is free.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tests.document import Pairs

_ROOT = "/communication/nexmo/phone-numbers"
OWN = f"{_ROOT}/account/numbers"
SEARCH = f"{_ROOT}/number/search"
BUY = f"{_ROOT}/number/buy"
CANCEL = f"{_ROOT}/number/cancel"
UPDATE = f"{_ROOT}/number/update"


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: compiled.fullmatch(value) is not None


def _anything(value: str) -> bool:
    return isinstance(value, str)


_PAGE = {
    "index": _matches(r"[1-9]\d*"),
    "size": _matches(r"[1-9]\d?|100"),
    "pattern": _matches(r"[\d*]+"),
    "search_pattern": _matches("[0-2]"),
}
_NUMBER = {"country": _matches("[A-Z]{2}"), "msisdn": _matches(r"\d{5,15}")}
_URL_OR_NOTHING = _matches(r"(https?://[^\s/]+(/\S*)?)?")

FIELDS: Mapping[str, Mapping[str, Callable[[str], bool]]] = {
    OWN: _PAGE,
    SEARCH: {
        "country": _matches("[A-Z]{2}"),
        "type": _matches("landline|landline-toll-free|mobile-lvn"),
        "features": _matches("(SMS|VOICE)(,(SMS|VOICE))*"),
        **_PAGE,
    },
    BUY: _NUMBER,
    CANCEL: _NUMBER,
    UPDATE: {
        **_NUMBER,
        "moHttpUrl": _URL_OR_NOTHING,
        "moSmppSysType": _anything,
        "voiceCallbackType": _matches("sip|tel|app"),
        "voiceCallbackValue": _anything,
        "voiceStatusCallback": _URL_OR_NOTHING,
    },
}
"""What each call can be given, in the query of a GET or in the form of a POST, and what each value has to be."""

REQUIRED: Mapping[str, frozenset[str]] = {
    OWN: frozenset(),
    SEARCH: frozenset({"country"}),
    BUY: frozenset({"country", "msisdn"}),
    CANCEL: frozenset({"country", "msisdn"}),
    UPDATE: frozenset({"country", "msisdn"}),
}

METHODS: Mapping[str, str] = {OWN: "GET", SEARCH: "GET", BUY: "POST", CANCEL: "POST", UPDATE: "POST"}


def violations(*, method: str, path: str, query: Pairs, headers: Mapping[str, str], form: Pairs) -> tuple[str, ...]:
    """Everything in a request that the document does not allow; header names in lower case."""
    given, other = (query, form) if METHODS[path] == "GET" else (form, query)
    return (*_of_request(method, path, other, headers), *_of_fields(path, given))


def _of_request(method: str, path: str, other: Pairs, headers: Mapping[str, str]) -> Iterable[str]:
    if method != METHODS[path]:
        yield f"method {method}"
    if other:
        yield "a GET with a form" if METHODS[path] == "GET" else "a POST with a query"
    form_type = headers.get("content-type", "").partition(";")[0].strip()
    if METHODS[path] == "POST" and form_type != "application/x-www-form-urlencoded":
        yield f"content type {headers.get('content-type')}"
    if not re.fullmatch(r"Bearer \S+", headers.get("authorization", "")):
        yield "no bearer token"
    yield from (f"header {name}" for name in ("inbound", "cookie") if name in headers)


def _of_fields(path: str, given: Pairs) -> Iterable[str]:
    fields, names = FIELDS[path], [name for name, _ in given]
    yield from (f"unknown field {name}" for name in names if name not in fields)
    yield from (f"missing field {name}" for name in REQUIRED[path] - set(names))
    yield from (f"field {name} {count} times" for name, count in Counter(names).items() if count > 1)
    yield from (
        f"field {name} has a wrong value" for name, value in given if name in fields and not fields[name](value)
    )
    if ("voiceCallbackType" in names) != ("voiceCallbackValue" in names):
        yield "voiceCallbackType and voiceCallbackValue are used together"


def said(code: str, label: str) -> dict[str, str]:
    """The answer to an action, `said("200", "success")`; Vonage's errors have the same form, with any HTTP status."""
    return {"error-code": code, "error-code-label": label}
