"""What is known of sending SMS to a country, each with its source; what is not known is not invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryNote:
    """One thing to know before writing to a country.

    Attributes:
        country: ISO 3166 alpha-2.
        sentence: what is known; without a full stop.
        hint: what to do about it; empty when there is nothing.
        source: where it is known from, in a few words.
    """

    country: str
    sentence: str
    hint: str = ""
    source: str
