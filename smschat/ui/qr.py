"""A QR code in characters: dark on light whatever the theme, with the quiet zone that telephones need; pure.

The rule: a module is as wide as it is high, or nearly: half a character's height, or two characters in ASCII.
Source: ISO/IEC 18004, a quiet zone of four modules.
"""

from __future__ import annotations

from typing import Final

STYLE: Final = "#000000 on #ffffff"
"""Of all of its lines; not a colour of the theme."""

QUIET: Final = 4
"""Modules."""

_HALVES: Final = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}


def sms_address(number: str) -> str:
    """What a telephone opens as an SMS to this number (digits with country code): RFC 5724."""
    return f"sms:+{number}"


def lines_of(address: str, *, is_ascii: bool) -> tuple[str, ...]:
    """The code as lines of one width; loads the library."""
    import segno  # noqa: PLC0415 - only where a code is shown

    code = segno.make(address, error="l", micro=False)
    rows = [tuple(row) for row in code.matrix_iter(border=QUIET)]
    if is_ascii:
        return tuple("".join("##" if dark else "  " for dark in row) for row in rows)
    rows += [(0,) * len(rows[0])] * (len(rows) % 2)
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return tuple("".join(_HALVES[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs)
