"""The wire of one SMS as lines: each request, answer, receipt and callback with its time from the first one on; pure.

What was kept comes from the store; what passes while one looks is told with all its fields, secrets covered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from smschat.domain import codes
from smschat.ui import render
from smschat.ui.render import Ink, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, tzinfo

    from smschat.domain.details import SmsDetails
    from smschat.domain.exchanges import Exchange
    from smschat.ui.mask import Mask
    from smschat.ui.render import Line, Marks

_OWN_ID: Final = re.compile(r"(?<=/r/)[\w-]{11}$")
"""An attempt's own id at the end of its callback address."""

_PRIVATE: Final = frozenset(
    {"text", "from", "to", "vcard", "vcal", "body", "title", "url", "msisdn", "keyword", "data"}
)
"""Fields that say who and what."""

_BAR_CELL: Final = 1
_TIME_CELLS: Final = 8
_WORDS_AT: Final = 1 + _TIME_CELLS + 1 + 2
_FIELDS_AT: Final = 4
_REST_AT: Final = 6
"""Cells before the words of an event, before a field, and before what a field has beyond a line."""

_STATES: Final = {
    "sending": "under way",
    "unsent": "did not leave this machine",
    "unknown": "no readable answer: it may have been sent",
    "refused": "refused",
    "accepted": "accepted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that went over the wire.

    Attributes:
        is_ours: we sent it; else it came.
    """

    at: datetime
    words: str = field(repr=False)
    is_ours: bool
    ink: Ink = Ink.TEXT
    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WireLook:
    """All that decides how it is drawn."""

    width: int
    marks: Marks
    mask: Mask
    zone: tzinfo | None = None


def lines_of(details: SmsDetails, live: Sequence[Exchange], look: WireLook) -> tuple[Line, ...]:
    """The wire, oldest first."""
    events = sorted(_events(details, live), key=lambda event: event.at)
    if not events:
        return ((Piece(" nothing went over the wire yet", Ink.HINT),),)
    begun = events[0].at
    lines: list[Line] = []
    for event in events:
        lines += _laid(event, begun, look)
    return tuple(lines)


def _events(details: SmsDetails, live: Sequence[Exchange]) -> Iterator[Event]:
    """What was seen live stands for what was kept of the same attempt."""
    for exchange in live:
        took = "" if exchange.took_ms is None else f"  {exchange.took_ms:.0f} ms"
        yield Event(
            at=exchange.at,
            words=exchange.line + took,
            is_ours=exchange.took_ms is None,
            fields=exchange.fields,
        )
    said = [value for exchange in live for _, value in exchange.fields]
    for attempt in details.attempts:
        if any(attempt.ref in value for value in said):
            continue
        yield Event(at=attempt.begun_at, words="POST /send", is_ours=True, fields=(("client-ref", attempt.ref),))
        if attempt.ended_at is not None:
            http = f"HTTP {attempt.answer.http}, " if attempt.answer and attempt.answer.http else ""
            ink = Ink.FAILED if attempt.state == "refused" else Ink.DOUBT if attempt.state == "unknown" else Ink.TEXT
            words = http + _STATES.get(attempt.state, attempt.state)
            yield Event(at=attempt.ended_at, words=words, is_ours=False, ink=ink)
    for receipt in details.receipts:
        code = codes.receipt_error(receipt.error_code).sentence if receipt.error_code else ""
        words = f"receipt: {receipt.status}" + (f", {code}" if code else "")
        place = (("part", str(receipt.place)),) if receipt.place is not None else ()
        yield Event(at=receipt.received_at, words=words, is_ours=False, fields=place)
    for callback in details.callbacks:
        if callback.kind.value != "receipt":
            words = f"callback {callback.raw.method}, {callback.kind.value}, {callback.outcome}"
            yield Event(at=callback.raw.received_at, words=words, is_ours=False, fields=(("log", callback.id),))


def _laid(event: Event, begun: datetime, look: WireLook) -> Iterator[Line]:
    arrow = (">" if event.is_ours else "<") if look.marks.ascii else ("→" if event.is_ours else "←")
    room = max(look.width - _BAR_CELL - _WORDS_AT, render.MIN_WRAP)
    first, *rest = render.wrap(render.safe(look.mask.words(event.words)), room)
    time = Piece(f" {_since(event.at, begun):>{_TIME_CELLS}} ", Ink.TIME)
    yield (time, Piece(f"{arrow} ", Ink.HINT), Piece(first, event.ink))
    indent = Piece(" " * _WORDS_AT)
    for line in rest:
        yield (indent, Piece(line, event.ink))
    for name, value in event.fields:
        value = _OWN_ID.sub("…", value) if name == "callback" else value  # noqa: PLW2901 - the client-ref says it
        shown = look.mask.text(value) if name.rpartition(" ")[2] in _PRIVATE else look.mask.words(value)
        room = max(look.width - _BAR_CELL - _REST_AT, render.MIN_WRAP)
        for number, line in enumerate(render.wrap(render.safe(f"{name} {shown}"), room)):
            yield (Piece(" " * (_REST_AT if number else _FIELDS_AT)), Piece(line, Ink.HINT))


def _since(at: datetime, begun: datetime) -> str:
    """`0`, `+38 ms`, `+2.1 s`, `+3 min`."""
    seconds = (at - begun).total_seconds()
    if seconds <= 0:
        return "0"
    if seconds < 1:
        return f"+{seconds * 1000:.0f} ms"
    if seconds < 100:  # noqa: PLR2004 - more digits say nothing
        return f"+{seconds:.1f} s"
    return f"+{seconds / 60:.0f} min" if seconds < 7200 else f"+{seconds / 3600:.0f} h"  # noqa: PLR2004 - as above
