"""The pure half of the screen: foreign strings made safe, marks, times, wrapping, and lines painted into strips.

Every string that a view paints passes `safe` inside `paint`, the one place where segments are made: a control
character, a bidi override or markup of a stranger cannot get around it, whatever the caller forgot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from rich.cells import cell_len, chop_cells, split_graphemes

from smschat.domain.delivery import Status
from smschat.domain.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime, tzinfo

    from rich.style import Style
    from textual.content import Content
    from textual.strip import Strip

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MIN_WRAP = 8
"""Cells: no column of text is wrapped narrower than this, however small the terminal."""

_WORDS = re.compile(r"[^ ]+ *| +")
_NARROW = re.compile("[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u2018-\u201e\u2026\u20ac]*")
"""Text whose characters are all one cell wide: most of it; it is measured by counting."""


class Ink(StrEnum):
    """What a piece of a line is; each is a component class of the view that paints it, such as `transcript--time`."""

    TEXT = "text"
    OUTBOUND = "outbound"
    LINK = "link"
    LINK_OUT = "link-out"
    TIME = "time"
    DAY = "day"
    RULE = "rule"
    NEW = "new"
    HINT = "hint"
    PENDING = "pending"
    DOUBT = "doubt"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    NAME = "name"
    UNREAD = "unread"
    DRAFT = "draft"
    CURSOR = "cursor"
    SELECTED = "selected"
    FOUND = "found"


class Piece(NamedTuple):
    """Some text in one ink."""

    text: str
    ink: Ink = Ink.TEXT


Line: TypeAlias = tuple[Piece, ...]

_GROUNDED = frozenset({Ink.OUTBOUND, Ink.LINK_OUT, Ink.FOUND})
"""Inks with a ground of their own, which stays where the line is selected."""

_UNICODE: Mapping[Status, str] = {
    Status.SCHEDULED: "◴",
    Status.QUEUED: "◷",
    Status.SENDING: "…",
    Status.UNKNOWN: "?",
    Status.ACCEPTED: "✓",
    Status.BUFFERED: "✓·",
    Status.DELIVERED: "✓✓",
    Status.FAILED: "✗",
    Status.EXPIRED: "✗",
    Status.REJECTED: "✗",
    Status.REFUSED: "✗",
    Status.RECEIVED: "",
    Status.PARTIAL: "…",
}
_ASCII: Mapping[Status, str] = {
    Status.SCHEDULED: "@",
    Status.QUEUED: "-",
    Status.SENDING: ">",
    Status.UNKNOWN: "?",
    Status.ACCEPTED: "v",
    Status.BUFFERED: "v.",
    Status.DELIVERED: "vv",
    Status.FAILED: "x",
    Status.EXPIRED: "x",
    Status.REJECTED: "x",
    Status.REFUSED: "x",
    Status.RECEIVED: "",
    Status.PARTIAL: "~",
}
_INKS: Mapping[Status, Ink] = {
    Status.UNKNOWN: Ink.DOUBT,
    Status.ACCEPTED: Ink.SENT,
    Status.BUFFERED: Ink.SENT,
    Status.DELIVERED: Ink.DELIVERED,
    Status.FAILED: Ink.FAILED,
    Status.EXPIRED: Ink.FAILED,
    Status.REJECTED: Ink.FAILED,
    Status.REFUSED: Ink.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The signs that the screen draws itself, each one cell wide (a delivery mark: at most two).

    Attributes:
        ascii: for a terminal whose encoding, or whose TERM, cannot show more than ASCII.
    """

    ascii: bool = False

    def of(self, status: Status) -> str:
        """The delivery mark: 0 to 2 cells, different for every state that a reader must tell apart."""
        return (_ASCII if self.ascii else _UNICODE)[status]

    @property
    def bar(self) -> str:
        """Stands before what the cursor is on."""
        return ">" if self.ascii else "▌"

    @property
    def rule(self) -> str:
        """Draws dividers."""
        return "-" if self.ascii else "─"

    @property
    def ellipsis(self) -> str:
        """Stands for what was cut."""
        return "~" if self.ascii else "…"

    @property
    def draft(self) -> str:
        """Stands before a draft."""
        return "draft:" if self.ascii else "✎"

    @property
    def pinned(self) -> str:
        """Stands beside what is kept at the top."""
        return "^" if self.ascii else "▲"

    @property
    def muted(self) -> str:
        """Stands beside what tells nothing of itself."""
        return "o" if self.ascii else "○"

    @property
    def stop(self) -> str:
        """Stands beside who wants no more SMS, or whom the user has blocked."""
        return "#" if self.ascii else "■"

    @property
    def unread(self) -> str:
        """Stands where the user marked something unread, in the count's place."""
        return "*" if self.ascii else "●"

    @property
    def dot(self) -> str:
        """Stands between two statements."""
        return "-" if self.ascii else "·"


def ink_of(status: Status) -> Ink:
    """The ink of a state's mark; the mark itself already tells the states apart."""
    return _INKS.get(status, Ink.PENDING)


def safe(text: str, *, multiline: bool = False) -> str:
    """A foreign string as it may be shown; printable ASCII holds nothing to defuse and passes as it is.

    Args:
        text: what a stranger, a contact's name or the gateway wrote.
        multiline: keep line feeds; else they are shown as a sign.
    """
    if text.isascii() and text.isprintable():
        return text
    return shown(text, multiline=multiline)


def content(text: str, *, multiline: bool = False) -> Content:
    """A foreign string as `Content` for any other widget: safe, and never markup."""
    from textual.content import Content  # noqa: PLC0415 - the first frame is drawn before Textual is loaded

    return Content(safe(text, multiline=multiline))


def paint(line: Iterable[Piece], width: int, styles: Mapping[Ink, Style], ground: Style | None = None) -> Strip:
    """A line as a strip of exactly `width` cells; the only place where segments are made.

    Args:
        line: its pieces, from the left.
        width: cells; what is longer is cut.
        styles: the style of every ink that occurs, and of `Ink.TEXT`.
        ground: laid over the styles where the line is selected, but for what has a ground of its own; None: nothing.
    """
    from rich.segment import Segment  # noqa: PLC0415 - as above
    from textual.strip import Strip  # noqa: PLC0415 - as above

    blank = styles[Ink.TEXT] if ground is None else styles[Ink.TEXT] + ground
    segments = [
        Segment(safe(text), styles[ink] if ground is None or ink in _GROUNDED else styles[ink] + ground)
        for text, ink in line
        if text
    ]
    return Strip(segments).adjust_cell_length(width, blank)


def clip(text: str, cells: int, ellipsis: str) -> str:
    """The beginning of a text in at most `cells` cells; what was cut is told by the one-cell ellipsis."""
    if cell_len(text) <= cells:
        return text
    return _beginning(text, cells - 1) + ellipsis if cells > 0 else ""


def clip_left(text: str, cells: int, ellipsis: str) -> str:
    """The end of a text in at most `cells` cells: numbers differ at their end."""
    return text if len(text) <= cells else ellipsis + text[len(text) - cells + 1 :] if cells > 1 else text[:cells]


def _beginning(text: str, cells: int) -> str:
    if text.isascii():
        return text[:cells]
    used = end = 0
    for _, stop, size in split_graphemes(text)[0]:
        used += size
        if used > cells:
            break
        end = stop
    return text[:end]


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells (at least `MIN_WRAP`), broken at spaces, and inside a word only where it must be.

    The text is safe already: its only control character is the line feed.
    """
    width = max(width, MIN_WRAP)
    return [line for paragraph in text.split("\n") for line in _wrap_paragraph(paragraph, width)]


def _wrap_paragraph(paragraph: str, width: int) -> list[str]:
    if _NARROW.fullmatch(paragraph):
        return _wrap_narrow(paragraph, width)
    return [paragraph] if cell_len(paragraph) <= width else _wrap_words(paragraph, width)


def _wrap_narrow(paragraph: str, width: int) -> list[str]:
    lines: list[str] = []
    start = 0
    while len(paragraph) - start > width:
        space = paragraph.rfind(" ", start, start + width + 1)
        stop = space if space > start else start + width
        lines.append(paragraph[start:stop].rstrip(" "))
        start = stop
        while paragraph.startswith(" ", start):
            start += 1
    last = paragraph[start:]
    return [*lines, last] if last or not lines else lines


def _wrap_words(paragraph: str, width: int) -> list[str]:
    lines: list[str] = []
    current, used = "", 0
    for word in _WORDS.findall(paragraph):
        bare = word.rstrip(" ")
        size = cell_len(bare)
        if current and used + size > width:
            lines.append(current.rstrip(" "))
            current, used = "", 0
        if size > width:
            *full, bare = chop_cells(bare, width)
            lines.extend(full)
            size = cell_len(bare)
        spaces = len(word) - len(word.rstrip(" "))
        current += bare + " " * spaces
        used += size + spaces
    return [*lines, current.rstrip(" ")] if current.strip(" ") or not lines else lines


def local(moment: datetime, zone: tzinfo | None) -> datetime:
    """The moment on the reader's clock; zone None: the system's own rules, summer time of that day included."""
    return moment.astimezone(zone)


def zone_of(now: datetime) -> tzinfo | None:
    """The zone to show times in: a named one that `now` carries, else None for the system's.

    An offset alone says nothing about another season, so UTC or a fixed offset counts as no zone.
    """
    return now.tzinfo if hasattr(now.tzinfo, "key") else None


def clock(moment: datetime) -> str:
    """HH:MM of a local moment."""
    return f"{moment.hour:02}:{moment.minute:02}"


def moment(when: datetime, zone: tzinfo | None) -> str:
    """`12 May 2026 14:02:11` on the reader's clock."""
    on = local(when, zone)
    return f"{on.day} {MONTHS[on.month - 1][:3]} {on.year} {clock(on)}:{on.second:02}"


def day_name(day: date, today: date) -> str:
    """`Tuesday 12 May`, with the year where it is not this one."""
    name = f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
    return name if day.year == today.year else f"{name} {day.year}"


def short_time(moment: datetime, now: datetime) -> str:
    """When something was, in at most 8 cells: HH:MM today, the weekday this week, then the date.

    Both are local moments.
    """
    ago = (now.date() - moment.date()).days
    if ago == 0:
        return clock(moment)
    if 0 < ago < len(WEEKDAYS):
        return WEEKDAYS[moment.weekday()][:3]
    month = MONTHS[moment.month - 1][:3]
    return f"{moment.day} {month}" if moment.year == now.year else f"{month} {moment.year}"


def divider(label: str, width: int, marks: Marks, ink: Ink, *, rule: Ink | None = None) -> Line:
    """A rule across the column with a label in its middle; both in one ink, or the rule in its own."""
    room = max(0, width - cell_len(label) - 2)
    left = room // 2
    if rule is None:
        return (Piece(f"{marks.rule * left} {label} {marks.rule * (room - left)}", ink),)
    return (Piece(marks.rule * left, rule), Piece(f" {label} ", ink), Piece(marks.rule * (room - left), rule))
