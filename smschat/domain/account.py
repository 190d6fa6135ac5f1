"""Who receives for a profile, and at which address the gateway was told to call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The process that owns listener, tunnel, callback and outbox of a profile.

    Attributes:
        local_url: origin of its listener, such as `http://127.0.0.1:40123`; None while there is none.
        public_url: origin that the gateway reaches it at; None while there is none.
    """

    pid: int
    since: datetime
    local_url: str | None = None
    public_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """The last callback address that the gateway was told.

    Attributes:
        url: the whole address, path token included; kept out of `repr`.
        error: why the last try failed; None when the gateway took it.
    """

    number: str
    url: str = field(repr=False)
    at: datetime
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """Somebody else's callback address, which a number had before ours was set, and which it gets back.

    Attributes:
        number: whose `moHttpUrl` it was, digits with country code.
        country: of the number, ISO alpha-2; the gateway asks for both.
        url: the foreign address; never one with a path token of ours.
        error: why it could not be given back the last time; None: nobody tried, and it is simply borrowed.
    """

    number: str = field(repr=False)
    country: str
    url: str = field(repr=False)
    since: datetime
    error: str | None = None
