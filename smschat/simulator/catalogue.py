"""The virtual numbers that there are: those that can be rented, and those that the account begins with.

The rule: pure, the same at every start, and made up: numbers of ranges that are kept for fiction where a country has
such ranges (Ofcom's drama numbers, 555-01xx), elsewhere of ranges that nobody was given (a subscriber number that
begins with zeros).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from smschat.domain.numbers import NumberType, VirtualNumber

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN: Final = "31970000000"
"""The demo's number: it sends and receives SMS."""

OWN_TOO: Final = "3197000000200"
"""A second number for SMS, so that there is a choice of sender; its refusals come inside HTTP 200."""

OWN_VOICE: Final = "442079460018"
"""A number that can only be called: no SMS can come from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Range:
    """Numbers that follow each other.

    Attributes:
        begin: what all of them begin with; `digits` more follow, counted from `first`.
        cost: euros a month.
        features: the sets of features that take turns.
    """

    country: str
    type: NumberType
    begin: str
    digits: int
    first: int
    count: int
    cost: str
    features: tuple[tuple[str, ...], ...]

    def numbers(self) -> Iterator[VirtualNumber]:
        for nth in range(self.count):
            yield VirtualNumber(
                country=self.country,
                msisdn=f"{self.begin}{self.first + nth:0{self.digits}}",
                type=self.type.value,
                features=self.features[nth % len(self.features)],
                cost=self.cost,
            )


_BOTH: Final = ("VOICE", "SMS")
_SMS: Final = ("SMS",)
_VOICE: Final = ("VOICE",)

_MOBILE: Final = NumberType.MOBILE
_LANDLINE: Final = NumberType.LANDLINE
_TOLL_FREE: Final = NumberType.TOLL_FREE

_RANGES: Final = (
    _Range(
        country="NL", type=_MOBILE, begin="3197000", digits=6, first=1100, count=130, cost="1.00",
        features=(_BOTH, _SMS, _BOTH),
    ),
    _Range(
        country="NL", type=_LANDLINE, begin="31200000", digits=3, first=100, count=40, cost="0.90",
        features=(_VOICE, _VOICE, _BOTH),
    ),
    _Range(
        country="NL", type=_TOLL_FREE, begin="31800000", digits=4, first=10, count=10, cost="12.00", features=(_VOICE,)
    ),
    _Range(
        country="GB", type=_MOBILE, begin="447700900", digits=3, first=100, count=60, cost="1.25",
        features=(_BOTH, _SMS),
    ),
    _Range(
        country="GB", type=_LANDLINE, begin="442079460", digits=3, first=100, count=40, cost="0.80", features=(_VOICE,)
    ),
    _Range(
        country="GB", type=_TOLL_FREE, begin="448081570", digits=3, first=100, count=10, cost="9.50", features=(_VOICE,)
    ),
    _Range(
        country="DE", type=_MOBILE, begin="4917139200", digits=2, first=10, count=40, cost="3.75", features=(_SMS,)
    ),
    _Range(
        country="DE", type=_LANDLINE, begin="493023125", digits=3, first=100, count=30, cost="1.50", features=(_VOICE,)
    ),
    _Range(
        country="BE", type=_MOBILE, begin="32460000", digits=3, first=100, count=30, cost="2.00",
        features=(_SMS, _BOTH),
    ),
    _Range(
        country="BE", type=_LANDLINE, begin="322000", digits=4, first=100, count=20, cost="1.10", features=(_VOICE,)
    ),
    _Range(
        country="US", type=_MOBILE, begin="1415555", digits=4, first=100, count=60, cost="0.67",
        features=(_BOTH, _VOICE, _BOTH),
    ),
    _Range(
        country="US", type=_TOLL_FREE, begin="1844555", digits=4, first=100, count=20, cost="1.20", features=(_BOTH,)
    ),
)  # fmt: skip

ADDRESS_NEEDED: Final = "DE"
"""The country whose numbers need an address first: none of them can be rented by the API alone."""


@cache
def rentable() -> tuple[VirtualNumber, ...]:
    """Every number that can be searched for, by number."""
    found = (number for block in _RANGES for number in block.numbers())
    return tuple(sorted(found, key=lambda number: number.msisdn))


def own_at_first() -> tuple[VirtualNumber, ...]:
    """What the account has rented already; none of them has a `moHttpUrl`."""
    return (
        VirtualNumber(country="NL", msisdn=OWN, type=_MOBILE.value, features=_BOTH),
        VirtualNumber(country="NL", msisdn=OWN_TOO, type=_MOBILE.value, features=_BOTH),
        VirtualNumber(country="GB", msisdn=OWN_VOICE, type=_LANDLINE.value, features=_VOICE),
    )
