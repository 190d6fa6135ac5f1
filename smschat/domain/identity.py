"""Who sends: the profile's own number and sender ID."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who sends, as the settings tell.

    Attributes:
        number: our own number, digits with country code; empty when none is set.
        sender: the sender ID that recipients see; empty when none is set.
        country: ISO alpha-2, for numbers in national form.
        is_test: a test account: the callback is registered with POST /register, and SMS carry `inbound: yes`.
        daily_budget: segments a day; None: none set.
    """

    number: str = field(repr=False)
    sender: str = field(repr=False)
    country: str
    is_test: bool = True
    daily_budget: int | None = None
