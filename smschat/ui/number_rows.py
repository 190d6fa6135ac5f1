"""One virtual number as a line of the list, or as two where there is little room; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from rich.cells import cell_len

from smschat.ui import render
from smschat.ui.mask import mask_if
from smschat.ui.render import Ink, Piece

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from smschat.domain.numbers import VirtualNumber
    from smschat.ui.render import Line, Marks

_TWO_LINES_BELOW: Final = 72
_COLUMNS: Final = (16, 4, 19, 13)
"""Cells of number, country, type and features; what comes last has the rest."""

HEADINGS: Final = ("number", "in", "type", "features")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLook:
    """All that decides how a number is drawn, beside itself.

    Attributes:
        width: cells of the view; the first one is left to the cursor's bar.
        is_offer: the numbers can be rented: what they cost stands where else their SMS go.
        here: the numbers whose SMS come to this smschat by an address of their own.
        registered: the number whose SMS come to it by the callback that is registered; empty: none.
        own: the `number` of this profile.
        is_masked: the presenter's mask is on.
    """

    width: int
    marks: Marks
    is_offer: bool = False
    here: AbstractSet[str] = field(default=frozenset(), repr=False)
    registered: str = field(default="", repr=False)
    own: str = field(default="", repr=False)
    is_masked: bool = False

    @property
    def height(self) -> int:
        """Lines of a number."""
        return 2 if self.width < _TWO_LINES_BELOW else 1


def headings(look: NumberLook) -> str:
    """What the columns are; empty where there are none."""
    if look.height > 1:
        return ""
    last = "cost" if look.is_offer else "its SMS go to"
    columns = "".join(name.ljust(cells) for name, cells in zip(HEADINGS, _COLUMNS, strict=True))
    return f"  {columns}{last}"


def lines_of(number: VirtualNumber, look: NumberLook) -> tuple[Line, ...]:
    """The lines of a number, from the second cell of the view on; as many as `look.height`."""
    name = (mask_if(look.is_masked).number(number.msisdn), Ink.UNREAD if number.msisdn == look.own else Ink.NAME)
    last = (cost(number), Ink.TEXT) if look.is_offer else goes_to(number, look)
    features = ",".join(number.can) or "-"
    if look.height == 1:
        cells = zip((name[0], number.country, number.type, features), _COLUMNS, strict=True)
        texts = [_cell(text, room, look.marks) for text, room in cells]
        return ((Piece(" "), Piece(texts[0], name[1]), Piece("".join(texts[1:]), Ink.HINT), _rest(last, 53, look)),)
    head = (Piece(" "), Piece(_cell(name[0], _COLUMNS[0], look.marks), name[1]), _rest(last, _COLUMNS[0] + 1, look))
    told = f"{number.country} {look.marks.dot} {number.type} {look.marks.dot} {features}"
    return head, (Piece("   "), Piece(render.clip(render.safe(told), look.width - 5, look.marks.ellipsis), Ink.HINT))


def cost(number: VirtualNumber) -> str:
    """What it costs, short; the gateway names no currency, and Vonage's documentation says euros."""
    return f"€ {number.cost} a month" if number.cost else "cost not told"


def goes_to(number: VirtualNumber, look: NumberLook) -> tuple[str, Ink]:
    """Where its SMS go, in a word or two: never a whole address, which may hold somebody's secret."""
    if number.app_id or number.messages_callback_type:
        return f"application {number.app_id or ''}".strip(), Ink.TEXT
    if number.msisdn in look.here:
        return "here", Ink.DELIVERED
    if number.mo_http_url:
        return host(number.mo_http_url), Ink.TEXT
    if number.msisdn == look.registered:
        return "here, by the registered callback" if look.height == 1 else "here, by the callback", Ink.DELIVERED
    return "no address", Ink.HINT


def host(url: str) -> str:
    """Whose address it is."""
    try:
        return urlsplit(url).hostname or "an address that cannot be read"
    except ValueError:
        return "an address that cannot be read"


def _rest(last: tuple[str, Ink], used: int, look: NumberLook) -> Piece:
    return Piece(render.clip(render.safe(last[0]), max(look.width - used - 3, 4), look.marks.ellipsis), last[1])


def _cell(text: str, room: int, marks: Marks) -> str:
    """A text in its column, with a blank behind it at least."""
    cut = render.clip(render.safe(text), room - 1, marks.ellipsis)
    return cut + " " * (room - cell_len(cut))
