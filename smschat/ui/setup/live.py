"""The round trip as it goes, as rows: each part with its mark, its name and a few words; pure but for the widget.

The rule: news may come twice or late, and a row only ever says what was told of it last.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.widget import Widget

from smschat.domain.changes import Subsystem
from smschat.domain.checks import Check, Finding
from smschat.domain.delivery import Status
from smschat.runtime.round_trip import Stage
from smschat.ui.render import safe, wrap
from smschat.ui.setup.words import spelled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import RenderResult
    from textual.geometry import Size

    from smschat.domain.sms import Sms
    from smschat.runtime.round_trip import TripNews
    from smschat.ui.render import Marks

ROWS: Final = (Subsystem.LISTENER, Subsystem.TUNNEL, Subsystem.CALLBACK)
_NAMES: Final = {Subsystem.LISTENER: "Listener", Subsystem.TUNNEL: "Tunnel", Subsystem.CALLBACK: "Callback"}
_NAME_CELLS: Final = 10
_MARK_CELLS: Final = 3
_ASK: Final = frozenset({Status.ACCEPTED, Status.BUFFERED, Status.DELIVERED})
_WORDS: Final = {Status.ACCEPTED: "sent", Status.BUFFERED: "held by the carrier until the phone is reached"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """Everything that is known of a round trip.

    Attributes:
        up: what was told of each part that is up.
        fault: what failed, and what to do; None: nothing did.
        sms: what was sent, as it stands; None: nothing yet.
        answer: what came back; None: nothing yet.
        is_two_way: whether an answer can come.
        is_over: nothing more is to be expected.
    """

    up: Mapping[Subsystem, str] = field(default_factory=lambda: MappingProxyType({}))
    is_ready: bool = False
    fault: Check | None = None
    failed: Subsystem | None = None
    sms: Sms | None = field(default=None, repr=False)
    answer: Sms | None = field(default=None, repr=False)
    is_two_way: bool = True
    is_over: bool = False
    word: str = ""

    def take(self, news: TripNews) -> Trip:
        """What is known after this."""
        told = replace(self, is_over=news.is_over)
        match news.stage:
            case Stage.CONNECTING if news.part is not None:
                return replace(told, up=MappingProxyType({**self.up, news.part: _words(news.part, news.text)}))
            case Stage.FAILED:
                fault = Check(name="round trip", finding=Finding.FAULT, text=news.text, fix=news.fix)
                return replace(told, fault=fault, failed=news.part, sms=news.sms or self.sms)
            case Stage.ANSWERED:
                return replace(told, answer=news.sms)
            case Stage.READY:
                return replace(told, is_ready=True, is_two_way=not news.fix)  # a fix: what would make it two-way
            case _:
                return replace(told, sms=news.sms or self.sms, word=news.text)

    @property
    def is_done(self) -> bool:
        """Whether it went as far as it can, and well."""
        return self.answer is not None or (self.is_over and self.fault is None and self.sms is not None)

    @property
    def asks(self) -> bool:
        """Whether it is time to answer."""
        is_out = self.sms is not None and self.sms.status in _ASK
        return is_out and self.is_two_way and self.answer is None and self.fault is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One part of it."""

    mark: str
    style: str
    name: str
    words: str


def rows_of(trip: Trip, marks: Marks) -> tuple[Row, ...]:
    """The parts, then the SMS, then the answer."""
    parts = tuple(_part(trip, part, marks) for part in ROWS if trip.is_two_way or part is Subsystem.LISTENER)
    return (*parts, _sms(trip, marks), *((_answer(trip, marks),) if trip.is_two_way else ()))


def _words(part: Subsystem, text: str) -> str:
    """What is told of a part that is up: the tunnel's address, of the others a word."""
    words, _, address = text.removeprefix(f"{part}: ").rpartition(", ")
    return address if part is Subsystem.TUNNEL or not words else words


def _part(trip: Trip, part: Subsystem, marks: Marks) -> Row:
    if trip.failed is part:
        return _row("fault", _NAMES[part], "failed", marks)
    if part in trip.up:
        return _row("ok", _NAMES[part], trip.up[part], marks)
    if trip.is_ready:
        return _row("ok", _NAMES[part], "another smschat has it", marks)
    return _row("waits", _NAMES[part], "" if trip.fault else _waiting(trip, part), marks)


def _waiting(trip: Trip, part: Subsystem) -> str:
    """The first that is not up is under way."""
    first = next((one for one in ROWS if one not in trip.up), None)
    return "starting…" if part is first else ""


def _sms(trip: Trip, marks: Marks) -> Row:
    if trip.sms is None:
        return _row("waits", "SMS", "", marks)
    status = trip.sms.status
    kind = {Status.DELIVERED: "ok", Status.ACCEPTED: "ok", Status.BUFFERED: "ok"}.get(status, "waits")
    row = _row("fault" if trip.fault else kind, "SMS", _WORDS.get(status, str(status)), marks)
    return replace(row, mark=marks.of(status))


def _answer(trip: Trip, marks: Marks) -> Row:
    if trip.answer is not None:
        return _row("ok", "Answer", "received", marks)
    return _row("waits", "Answer", "waiting…" if trip.asks else "", marks)


def _row(kind: str, name: str, words: str, marks: Marks) -> Row:
    signs = {"ok": "v", "fault": "x", "waits": "."} if marks.ascii else {"ok": "✓", "fault": "✗", "waits": "○"}
    styles = {"ok": "$success", "fault": "bold $error", "waits": "$foreground 60%"}
    return Row(mark=signs[kind], style=styles[kind], name=name, words=words)


class Live(Widget, can_focus=False):
    """The rows."""

    DEFAULT_CSS = "Live { height: auto; width: 1fr; }"

    def __init__(self, marks: Marks) -> None:
        super().__init__(id="live")
        self._marks = marks
        self._trip = Trip()

    def show(self, trip: Trip) -> None:
        """Say this."""
        self._trip = trip
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """As many lines as it takes."""
        return len(self._lines(width))

    def render(self) -> RenderResult:
        """The lines."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        lines: list[Content] = []
        for row in rows_of(self._trip, self._marks):
            lead = row.mark.ljust(_MARK_CELLS) + row.name.ljust(_NAME_CELLS)
            first, *more = wrap(safe(spelled(row.words, self._marks)), width - len(lead))
            lines.append(Content.assemble((lead, row.style), (first, "$foreground 80%")))
            lines.extend(Content.styled(" " * len(lead) + line, "$foreground 80%") for line in more)
        return lines
