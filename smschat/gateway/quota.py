"""The headers that tell of the quota, and of the end of a version; they stand on any answer, or on none.

The rule: kept as text under KPN's own names, and nothing depends on them but what a person reads.

Source: KPN's documentation of response headers; they are not in the OpenAPI documents, so none is ever counted on.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from smschat.gateway.wire import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADERS: Final = (
    "quota-limit",
    "quota-used",
    "quota-interval",
    "quota-time-unit",
    "quota-reset-UTC",
    "sunset",
    "api-version",
)
"""As KPN writes them; `sunset` is `n/a`, or the day on which this version of the API ends."""

_LONGEST: Final = 60
"""Characters kept of each."""


def quota_of(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Those of `HEADERS` that came, with their text; names of headers in lower case."""
    said = {name: text_of(headers.get(name.lower()), _LONGEST) for name in HEADERS}
    return MappingProxyType({name: text for name, text in said.items() if text})
