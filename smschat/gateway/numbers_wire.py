"""The wire of KPN's Phone Numbers API as pure functions: queries and forms out, pages and outcomes in.

The rule: a form has the fields of the document and no other, only those that are given, in its order. An answer is
read for what is certain in it: a number that cannot be read hides none beside it, and what is no answer is none.

Sources: KPN's OpenAPI document "Phone Numbers - Vonage" v1.1.1; Vonage's Numbers API for the errors, and for the fields
of a number that KPN's schema leaves out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smschat.domain.numbers import NumberPage, VirtualNumber, Where
from smschat.gateway.faults import read_fault
from smschat.gateway.wire import UnreadableError, count_of, decimal_of, read_object, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from smschat.domain.numbers import NumberChange

PRODUCT: Final = "Phone Numbers - Vonage"
"""The product's name in KPN's store."""

_ROOT: Final = "/communication/nexmo/phone-numbers"
OWN_PATH: Final = f"{_ROOT}/account/numbers"
SEARCH_PATH: Final = f"{_ROOT}/number/search"
BUY_PATH: Final = f"{_ROOT}/number/buy"
CANCEL_PATH: Final = f"{_ROOT}/number/cancel"
UPDATE_PATH: Final = f"{_ROOT}/number/update"

LARGEST_PAGE: Final = 100
"""Numbers on a page at most."""

DONE: Final = "200"
"""`error-code` of an action that was carried out."""

WORD_LIMIT: Final = 40
"""Characters kept of a country, a type, a feature."""

MOST_FEATURES: Final = 20

ADDRESS_LIMIT: Final = 4096
"""Characters kept of an address that cannot be given back as it was."""

_MSISDN = re.compile(r"\+?(\d{1,20})", re.ASCII)
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_CODE = re.compile(r"\d{1,6}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the body of an action's answer says, whatever its HTTP status.

    Attributes:
        code: `error-code` as decimal text; `200` is done.
        said: the gateway's own words; None where it gave none.
    """

    code: str
    said: str | None

    @property
    def is_done(self) -> bool:
        """Whether it was carried out."""
        return self.code == DONE


def page_of(page: int) -> int:
    """A page that there can be: they are counted from 1."""
    return max(1, page)


def size_of(size: int) -> int:
    """A size that the gateway takes, 1 to `LARGEST_PAGE`."""
    return min(max(1, size), LARGEST_PAGE)


def own_query(*, page: int, size: int, pattern: str | None, where: Where | None) -> dict[str, str]:
    """The query for a page of the account's own numbers."""
    return {"index": str(page_of(page)), "size": str(size_of(size))} | _pattern(pattern, where)


def search_query(
    country: str,
    *,
    number_type: str,
    features: Sequence[str],
    pattern: str | None,
    where: Where | None,
    page: int,
    size: int,
) -> dict[str, str]:
    """The query for a page of numbers that can be rented."""
    asked = {"country": country.upper()} | _pattern(pattern, where)
    asked |= {"type": number_type} if number_type else {}
    asked |= {"features": ",".join(features)} if features else {}
    return asked | {"size": str(size_of(size)), "index": str(page_of(page))}


def number_fields(*, country: str, msisdn: str) -> dict[str, str]:
    """The form that buys or cancels a number."""
    return {"country": country.upper(), "msisdn": msisdn}


def update_fields(*, country: str, msisdn: str, change: NumberChange) -> dict[str, str]:
    """The form of a change: what is not None, and empty text for what is to be cleared."""
    given = {
        "moHttpUrl": change.mo_http_url,
        "moSmppSysType": change.mo_smpp_sys_type,
        "voiceCallbackType": change.voice_callback_type,
        "voiceCallbackValue": change.voice_callback_value,
        "voiceStatusCallback": change.voice_status_callback,
    }
    fields = number_fields(country=country, msisdn=msisdn)
    return fields | {name: value for name, value in given.items() if value is not None}


def read_page(body: bytes, *, page: int, size: int) -> NumberPage:
    """A page of numbers; no hit at all can be `{}`. The count may be text, a number, missing, or too low.

    Raises:
        UnreadableError: it is no page, or an error that came as a success.
    """
    answer = read_object(body)
    elements = answer.get("numbers")
    if elements is None and (not answer or "count" in answer):
        elements = []
    if not isinstance(elements, list) or "error-code" in answer or read_fault(body).is_structured:
        raise UnreadableError("the answer is no page of numbers")
    seen = (page_of(page) - 1) * size_of(size) + len(elements) if elements else 0
    return NumberPage(
        count=max(count_of(answer.get("count")), seen),
        numbers=tuple(number for number in map(_number, elements) if number is not None),
        page=page_of(page),
        size=size_of(size),
    )


def read_outcome(body: bytes) -> Outcome:
    """What became of an action.

    Raises:
        UnreadableError: the body does not say.
    """
    answer = read_object(body)
    code = answer.get("error-code")
    if not isinstance(code, str) or not _CODE.fullmatch(code.strip()):
        raise UnreadableError("the answer has no error-code")
    return Outcome(code=code.strip(), said=text_of(answer.get("error-code-label")))


def _pattern(pattern: str | None, where: Where | None) -> dict[str, str]:
    """Both or neither: KPN takes a pattern alone for one at the start, and Vonage's own clients refuse that."""
    return {"pattern": pattern, "search_pattern": str(int(where or Where.START))} if pattern else {}


def _number(element: object) -> VirtualNumber | None:
    """A number of a page; None where not even its digits can be read."""
    if not isinstance(element, dict):
        return None
    msisdn = _MSISDN.fullmatch(text_of(element.get("msisdn")) or "")
    if msisdn is None:
        return None
    country = text_of(element.get("country"), WORD_LIMIT) or ""
    return VirtualNumber(
        country=country.upper() if _COUNTRY.fullmatch(country) else "",
        msisdn=msisdn[1],
        type=text_of(element.get("type"), WORD_LIMIT) or "",
        features=_features(element.get("features")),
        cost=decimal_of(element.get("cost")),
        app_id=text_of(element.get("app_id"), WORD_LIMIT),
        **_addresses(element),
    )


def _addresses(element: Mapping[str, object]) -> dict[str, str | None]:
    """Where SMS and calls of a number go; kept as they are, because they may have to be given back."""
    return {
        "mo_http_url": _address(element.get("moHttpUrl")),
        "mo_smpp_sys_type": _address(element.get("moSmppSysType")),
        "voice_callback_type": text_of(element.get("voiceCallbackType"), WORD_LIMIT),
        "voice_callback_value": _address(element.get("voiceCallbackValue")),
        "voice_status_callback": _address(element.get("voiceStatusCallback")),
        "messages_callback_type": text_of(element.get("messagesCallbackType"), WORD_LIMIT),
        "messages_callback_value": _address(element.get("messagesCallbackValue")),
    }


def _address(value: object) -> str | None:
    """An address as it came, however long, unless it has what no address can have: a cut one is another address."""
    if isinstance(value, str) and value.isprintable():
        return value.strip() or None
    return text_of(value, ADDRESS_LIMIT)


def _features(value: object) -> tuple[str, ...]:
    """As the document's list, as the list of lists that it slips into, or as one text with commas."""
    words = [text_of(word, WORD_LIMIT) for word in _flat(value)]
    return tuple(dict.fromkeys(word for word in words if word))[:MOST_FEATURES]


def _flat(value: object) -> Iterable[object]:
    if isinstance(value, str):
        return value[: MOST_FEATURES * WORD_LIMIT].split(",")
    if not isinstance(value, list):
        return ()
    listed = (item if isinstance(item, list) else [item] for item in value[:MOST_FEATURES])
    return [item for items in listed for item in items[:MOST_FEATURES]]
