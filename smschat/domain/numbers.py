"""Virtual numbers: those of the account, those that can be rented, and what can be changed about one.

Source: KPN's OpenAPI document "Phone Numbers - Vonage" v1.1.1; Vonage's Numbers API for fields that KPN leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class NumberType(StrEnum):
    """The gateway's `type` of a number; one without is searched as `landline`, which is why we always name it."""

    MOBILE = "mobile-lvn"
    LANDLINE = "landline"
    TOLL_FREE = "landline-toll-free"


class Where(IntEnum):
    """Where a pattern has to stand in a number: the gateway's `search_pattern`."""

    START = 0
    ANYWHERE = 1
    END = 2


_ORDER = {"SMS": 0, "MMS": 1, "VOICE": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualNumber:
    """A number as the gateway tells of it.

    Attributes:
        country: ISO 3166 alpha-2.
        msisdn: digits with country code.
        type: one of `NumberType`, or another word as it came.
        features: `SMS`, `VOICE`, `MMS`, … as they came.
        cost: euros a month as text; None where it is not told (own numbers).
        mo_http_url: where its inbound SMS go; None when none is set. Kept out of `repr`: it may hold a path token.
        app_id, messages_callback_type, messages_callback_value: set: the number belongs to a Vonage application, and
            its SMS go there and not to `mo_http_url`.
    """

    country: str
    msisdn: str = field(repr=False)
    type: str
    features: tuple[str, ...] = ()
    cost: str | None = None
    mo_http_url: str | None = field(default=None, repr=False)
    mo_smpp_sys_type: str | None = None
    voice_callback_type: str | None = None
    voice_callback_value: str | None = field(default=None, repr=False)
    voice_status_callback: str | None = field(default=None, repr=False)
    messages_callback_type: str | None = None
    messages_callback_value: str | None = field(default=None, repr=False)
    app_id: str | None = None

    @property
    def can(self) -> tuple[str, ...]:
        """Its features in one order, whichever the gateway has: SMS first."""
        return tuple(sorted(self.features, key=lambda word: (_ORDER.get(word, len(_ORDER)), word)))


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPage:
    """One page of numbers.

    Attributes:
        count: how many there are on all pages together, as the gateway says.
        page: counted from 1.
        size: numbers on a full page, 1 to 100.
    """

    count: int
    numbers: tuple[VirtualNumber, ...]
    page: int
    size: int

    @property
    def has_next(self) -> bool:
        """Whether there is a page after this one."""
        return self.page * self.size < self.count


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberChange:
    """What is to change about a number; None: as it was. Empty text clears."""

    mo_http_url: str | None = field(default=None, repr=False)
    mo_smpp_sys_type: str | None = None
    voice_callback_type: str | None = None
    voice_callback_value: str | None = field(default=None, repr=False)
    voice_status_callback: str | None = field(default=None, repr=False)
