"""A row of the details, and amounts, times and spans as rows have them; pure."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final, NamedTuple

from smschat.ui.render import Ink

if TYPE_CHECKING:
    from smschat.ui.render import Marks

_UNITS: Final = ((86_400, "day", "days"), (3_600, "h", "h"), (60, "min", "min"), (1, "s", "s"))
_MILLI: Final = 1000


class Row(NamedTuple):
    """A label and what it says; both may be foreign, and are made safe where they are laid out.

    Attributes:
        label: empty where the row goes on with the one above.
        is_whole: the text takes the whole width, without a label.
    """

    label: str
    text: str
    ink: Ink = Ink.TEXT
    is_whole: bool = False


def exact(amount: str, marks: Marks) -> str:
    """An amount with all its digits, at least two decimals; what is no number (masked) as it came."""
    try:
        value = Decimal(amount)
    except InvalidOperation:
        return amount
    if not value.is_finite():
        return amount
    whole, _, decimals = f"{value:f}".partition(".")
    return f"{'EUR' if marks.ascii else '€'} {whole}.{decimals.rstrip('0').ljust(2, '0')}"


def span(milliseconds: int) -> str:
    """A span as people say it: `30 min`, `72 h`, `90 s`; days only where it is whole days, more than three."""
    seconds = milliseconds // _MILLI
    if milliseconds % _MILLI:
        return f"{milliseconds / _MILLI:g} s"
    for size, one, many in _UNITS:
        if seconds and seconds % size == 0 and (size < _UNITS[0][0] or seconds > 3 * size):
            return f"{seconds // size} {one if seconds == size else many}"
    return f"{seconds} s"
