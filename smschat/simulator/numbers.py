"""The mind behind the Phone Numbers API: which numbers are rented, which can be, and where the SMS of each go.

The rule: no I/O; whoever asks it to update a number has tested the address first, as `address_to_test` says.

How it works
------------
| call            | answer                                                                                       |
|-----------------|----------------------------------------------------------------------------------------------|
| account/numbers | the rented ones, a page at a time; `{}` when nothing fits                                    |
| number/search   | the others of a country, `landline` unless a type is given; `count` 0 when nothing fits      |
| number/buy      | rents it for good; a number of Germany needs an address, and is refused                      |
| number/cancel   | gives it up; it can be searched for again                                                    |
| number/update   | sets what is given and clears what is left out, but `moSmppSysType`, which no answer tells   |

A refusal is `error-code` 420 with HTTP 420, as Vonage's documents have it. Numbers that end in `200` are refused inside
HTTP 200, as some captures have it; those that end in `401` get `error-code` 401. What `/number/update` does with fields
that are left out is not documented: here they are cleared, so that a client that forgets one is found out.

Source: KPN's OpenAPI document "Phone Numbers - Vonage" v1.1.1; Vonage's Numbers API for `cost` and the error codes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from smschat.domain.numbers import NumberType, Where
from smschat.simulator import catalogue, wire
from smschat.simulator.answers import answered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from smschat.domain.numbers import VirtualNumber
    from smschat.simulator.answers import Answer

FULL_PAGE: Final = 100
USUAL_PAGE: Final = 10
FEATURES: Final = frozenset({"SMS", "VOICE"})
VOICE_TYPES: Final = frozenset({"sip", "tel", "app"})

INSIDE_200: Final = "200"
"""What a number ends in whose refusals come with HTTP 200."""

UNAUTHORISED: Final = "401"
"""What a number ends in for which the account behind the gateway is refused."""

METHOD_FAILED: Final = "method failed"
NOT_TAKEN: Final = "method failed: moHttpUrl did not answer an empty GET with 200"
NEEDS_ADDRESS: Final = "numbers of this country need a valid address before they can be rented"

_COUNT: Final = re.compile(r"\d{1,6}", re.ASCII)
_PATTERN: Final = re.compile(r"\d{0,15}", re.ASCII)
_LONGEST_ADDRESS: Final = 2000


class _BadQueryError(ValueError):
    """A parameter is not what the document has; the answer does not say which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What part of the numbers is wanted.

    Attributes:
        index: from 1; the document's own example asks for page 0, which is the first too.
    """

    index: int
    size: int
    pattern: str = field(repr=False)
    where: Where

    @classmethod
    def read(cls, query: Mapping[str, Sequence[str]]) -> _Page:
        size = _number(query, "size", USUAL_PAGE, range(1, FULL_PAGE + 1))
        index = max(1, _number(query, "index", 1, range(1_000_000)))
        pattern = _first(query, "pattern")
        if _PATTERN.fullmatch(pattern) is None:
            raise _BadQueryError
        where = Where(_number(query, "search_pattern", Where.START, range(len(Where))))
        return cls(index=index, size=size, pattern=pattern, where=where)

    def has(self, msisdn: str) -> bool:
        """Whether a number fits the pattern."""
        match self.where:
            case Where.START:
                return msisdn.startswith(self.pattern)
            case Where.ANYWHERE:
                return self.pattern in msisdn
            case Where.END:
                return msisdn.endswith(self.pattern)

    def of(self, numbers: Iterable[VirtualNumber]) -> dict[str, Any]:
        """The document for this page of the numbers that fit."""
        found = [number for number in numbers if self.has(number.msisdn)]
        begin = (self.index - 1) * self.size
        return {"count": len(found), "numbers": [_told(number) for number in found[begin : begin + self.size]]}


class NumberDesk:
    """The account's numbers from the simulator's start; it forgets everything when it ends."""

    def __init__(self) -> None:
        self._own = {number.msisdn: number for number in catalogue.own_at_first()}

    @property
    def rented(self) -> tuple[VirtualNumber, ...]:
        """The account's numbers, in the order in which they were rented."""
        return tuple(self._own.values())

    def address_of(self, msisdn: str) -> str | None:
        """Where inbound SMS for a number go; None: it is not rented, or has no `moHttpUrl`."""
        number = self._own.get(msisdn)
        return number.mo_http_url if number else None

    def own(self, query: Mapping[str, Sequence[str]]) -> Answer:
        """A page of the rented numbers."""
        try:
            document = _Page.read(query).of(self._own.values())
        except _BadQueryError:
            return _refused()
        return answered(200, document if document["count"] else {})

    def search(self, query: Mapping[str, Sequence[str]]) -> Answer:
        """A page of the numbers of a country that can be rented."""
        try:
            page, features = _Page.read(query), _features(query)
            country = _country(_first(query, "country"))
            number_type = NumberType(_first(query, "type") or NumberType.LANDLINE)
        except ValueError:
            return _refused()
        return answered(
            200,
            page.of(
                number
                for number in catalogue.rentable()
                if number.country == country
                and number.type == number_type
                and features <= {*number.features}
                and number.msisdn not in self._own
            ),
        )

    def buy(self, form: Mapping[str, str]) -> Answer:
        """Rent a number."""
        msisdn = form.get("msisdn", "")
        offered = next((number for number in catalogue.rentable() if number.msisdn == msisdn), None)
        if offered is None or msisdn in self._own or offered.country != form.get("country", "").upper():
            return _refused(msisdn)
        if _is_marked(msisdn):
            return _refused(msisdn)
        if offered.country == catalogue.ADDRESS_NEEDED:
            return _refused(msisdn, NEEDS_ADDRESS)
        self._own[msisdn] = replace(offered, cost=None)
        return _done()

    def cancel(self, form: Mapping[str, str]) -> Answer:
        """Give a number up."""
        number = self._meant(form)
        if number is None:
            return _refused(form.get("msisdn", ""))
        del self._own[number.msisdn]
        return _done()

    def address_to_test(self, form: Mapping[str, str]) -> str | None:
        """The `moHttpUrl` that has to answer an empty GET with 200 before `update`; None: nothing is to be tested."""
        return (form.get("moHttpUrl") or None) if self._changed(form) is not None else None

    def update(self, form: Mapping[str, str], *, is_reached: bool = True) -> Answer:
        """Change a number.

        Args:
            is_reached: what came of the test of its `moHttpUrl`; True where there was nothing to test.
        """
        changed = self._changed(form)
        if changed is None or not is_reached:
            return _refused(form.get("msisdn", ""), METHOD_FAILED if changed is None else NOT_TAKEN)
        self._own[changed.msisdn] = changed
        return _done()

    def _meant(self, form: Mapping[str, str]) -> VirtualNumber | None:
        """The rented number that a form names with its country."""
        number = self._own.get(form.get("msisdn", ""))
        is_meant = number is not None and number.country == form.get("country", "").upper()
        return number if is_meant else None

    def _changed(self, form: Mapping[str, str]) -> VirtualNumber | None:
        """The number as a form wants it; None: it is not rented, or the form is not in order."""
        number = self._meant(form)
        if number is None or _is_marked(number.msisdn) or not _is_in_order(form):
            return None
        return replace(
            number,
            mo_http_url=form.get("moHttpUrl") or None,
            mo_smpp_sys_type=form.get("moSmppSysType", number.mo_smpp_sys_type) or None,
            voice_callback_type=form.get("voiceCallbackType") or None,
            voice_callback_value=form.get("voiceCallbackValue") or None,
            voice_status_callback=form.get("voiceStatusCallback") or None,
        )


def _is_marked(msisdn: str) -> bool:
    return msisdn.endswith(UNAUTHORISED)


def _is_in_order(form: Mapping[str, str]) -> bool:
    """Whether the optional fields of an update are what the document has; a type and a value of voice go together."""
    voice_type, voice_value = form.get("voiceCallbackType", ""), form.get("voiceCallbackValue", "")
    addresses = (form.get("moHttpUrl", ""), form.get("voiceStatusCallback", ""))
    return (
        (not voice_type or voice_type in VOICE_TYPES)
        and bool(voice_type) == bool(voice_value)
        and all(not address or _is_address(address) for address in addresses)
    )


def _is_address(text: str) -> bool:
    return len(text) <= _LONGEST_ADDRESS and wire.is_web_address(text)


def _told(number: VirtualNumber) -> dict[str, Any]:
    """A number as the document has it: a field that is not set is left out."""
    optional = {
        "cost": number.cost,
        "moHttpUrl": number.mo_http_url,
        "voiceCallbackType": number.voice_callback_type,
        "voiceCallbackValue": number.voice_callback_value,
        "voiceStatusCallback": number.voice_status_callback,
    }
    told: dict[str, Any] = {"country": number.country, "msisdn": number.msisdn}
    told |= {name: value for name, value in optional.items() if value is not None}
    return told | {"type": number.type, "features": list(number.features)}


def _first(query: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(query.get(name, ())), "")


def _number(query: Mapping[str, Sequence[str]], name: str, usual: int, allowed: range) -> int:
    text = _first(query, name)
    if not text:
        return usual
    if _COUNT.fullmatch(text) is None or int(text) not in allowed:
        raise _BadQueryError
    return int(text)


def _country(text: str) -> str:
    if re.fullmatch(r"[A-Za-z]{2}", text) is None:
        raise _BadQueryError
    return text.upper()


def _features(query: Mapping[str, Sequence[str]]) -> set[str]:
    """What a number must be able to do: one value with commas, as the document's text says, or several values."""
    features = {feature.strip() for value in query.get("features", ()) for feature in value.split(",")} - {""}
    if not features <= FEATURES:
        raise _BadQueryError
    return features


def _done() -> Answer:
    return answered(200, {"error-code": "200", "error-code-label": "success"})


def _refused(msisdn: str = "", why: str = METHOD_FAILED) -> Answer:
    code, label = ("401", "authentication failed") if _is_marked(msisdn) else ("420", why)
    http = 200 if msisdn.endswith(INSIDE_200) else int(code)
    return answered(http, {"error-code": code, "error-code-label": label})
