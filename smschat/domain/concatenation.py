"""Which part of which long SMS a user data header says it belongs to, and the header without that.

The rule: an element that says something impossible is as good as none (3GPP TS 23.040 §9.2.3.24.1), a header that does
not fit its form stays as it came, and nothing is raised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smschat.domain.callbacks import Concat
from smschat.domain.user_data import MALFORMED, read_header

if TYPE_CHECKING:
    from smschat.domain.user_data import HeaderElement

_SIZES: Final = {0x00: 3, 0x08: 4}
"""Octets of the two elements: the reference has 8 or 16 bits, then come the total and the part."""

LARGEST_TOTAL: Final = 255


def possible(ref: str, total: int, part: int) -> Concat | None:
    """The place of a part; None when there can be no such place, and for an SMS of one part."""
    if 2 <= total <= LARGEST_TOTAL and 1 <= part <= total:  # noqa: PLR2004 - one part is no long SMS
        return Concat(ref=ref, total=total, part=part)
    return None


def place_in(udh: str | None) -> Concat | None:
    """The place that a header in hex tells; of several elements the last counts. None where it tells none.

    References of 8 and 16 bits, and those that the gateway names in fields, are never the same.
    """
    found = None
    for element in _elements(udh):
        if _is_place(element):
            *ref, total, part = element.data
            found = possible(f"{8 * len(ref)} bit {int.from_bytes(bytes(ref))}", total, part) or found
    return found


def without_place(udh: str | None) -> str | None:
    """The header in hex without the elements that tell a place; None where nothing is left."""
    elements = _elements(udh)
    if not any(_is_place(element) for element in elements):
        return udh
    body = b"".join(
        bytes((element.identifier, len(element.data))) + element.data for element in elements if not _is_place(element)
    )
    return (bytes((len(body),)) + body).hex() if body else None


def _elements(udh: str | None) -> tuple[HeaderElement, ...]:
    try:
        elements = read_header(bytes.fromhex(udh or ""))
    except ValueError:
        return ()
    return () if any(element.identifier == MALFORMED for element in elements) else elements


def _is_place(element: HeaderElement) -> bool:
    return _SIZES.get(element.identifier) == len(element.data)
