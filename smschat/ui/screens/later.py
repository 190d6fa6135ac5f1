"""When is it to be sent: a time as people write it, and what was understood of it.

The rule: what was understood stands there before it is taken, with its day; what has passed is never taken.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from smschat.domain.times import ahead
from smschat.messaging.writing import LATEST
from smschat.ui.render import MONTHS, WEEKDAYS, clock, content, local, zone_of
from smschat.ui.widgets.form import Line

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from smschat.ui.desk import Desk

_FORMS: Final = "14:30   tomorrow 9:00   mon 8:00   in 2h   +30m   2026-05-12 14:30"
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


class Later(ModalScreen["datetime | None"]):
    """Asks when, and is dismissed with the time in UTC; None: never mind.

    Args:
        segments: what it will cost; None: not known.
        now_at: when it would be sent as it stands; None: it is a new one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f6", "cancel", "Cancel", show=False, priority=True),
        Binding("enter", "take", "Take it", show=False, priority=True),
    ]

    def __init__(self, desk: Desk, *, segments: int | None, now_at: datetime | None) -> None:
        super().__init__()
        self._desk = desk
        self._segments = segments
        self._now_at = now_at
        self._refused: str | None = None
        self.set_class(desk.marks.ascii, "-ascii")
        self._line = Line(placeholder="14:30", compact=True, id="when")

    def compose(self) -> ComposeResult:
        """One line, and what was understood of it."""
        title = "Send later" if self._now_at is None else "Send at another time"
        keys = Content.assemble(("Enter", "bold"), " send it then   ", ("Esc", "bold"), " back")
        with Vertical(classes="dialog"):
            yield Static(Content.styled(title, "bold"), classes="dialog-text")
            yield self._line
            yield Static(id="understood")
            yield Static(keys, classes="dialog-keys")

    def on_mount(self) -> None:
        """One types at once."""
        self._line.focus()
        self._say()

    def on_input_changed(self) -> None:
        """Say what is understood; news of a key that came before Enter does not take back what Enter said."""
        self._say(is_final=self._line.value == self._refused)

    def action_cancel(self) -> None:
        """Never mind."""
        self.dismiss(None)

    def action_take(self) -> None:
        """Take what was understood; stay where nothing was."""
        try:
            self.dismiss(self._read())
        except ValueError:
            self._refused = self._line.value
            self._say(is_final=True)

    def _read(self) -> datetime:
        """The time; raises ValueError with what is wrong."""
        when = ahead(self._line.value, self._desk.now())
        if when > self._desk.now() + LATEST:
            raise ValueError("that is more than a year ahead")
        return when

    def _say(self, *, is_final: bool = False) -> None:
        """What was understood; while one types, what may still be typed rather than what is wrong."""
        try:
            said = content(self._understood(self._read())).stylize("bold")
        except ValueError as error:
            may_grow = not is_final and not str(error).startswith("that ")
            said = self._forms() if may_grow else content(_sentence(str(error))).stylize("$text-error")
        self.query_one("#understood", Static).update(said)

    def _forms(self) -> Content:
        now_at = "" if self._now_at is None else f"now {words_of(self._now_at, self._desk.now())}\n"
        return Content.styled(f"{now_at}{_FORMS}", "$foreground 70%")

    def _understood(self, when: datetime) -> str:
        dot = f" {self._desk.marks.dot} "
        told = [words_of(when, self._desk.now()), f"in {span_words(when - self._desk.now())}"]
        if self._segments is not None:
            told.append(f"{self._segments} {'segment' if self._segments == 1 else 'segments'}")
        return dot.join(told)


def words_of(when: datetime, now: datetime) -> str:
    """`today 14:30`, `tomorrow 9:00`, `Tuesday 12 May 14:30`, with the year where it is another."""
    on, today = local(when, zone_of(now)), local(now, zone_of(now)).date()
    days = (on.date() - today).days
    if days in {0, 1}:
        return f"{'tomorrow' if days else 'today'} {clock(on)}"
    year = f" {on.year}" if on.year != today.year else ""
    return f"{WEEKDAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]}{year} {clock(on)}"


def span_words(span: timedelta) -> str:
    """`40 s`, `25 min`, `3 h 20 min`, `5 days`; rounded up, so that nothing is in no time."""
    if span < _MINUTE:
        return f"{max(round(span.total_seconds()), 1)} s"
    minutes = -(-int(span.total_seconds()) // 60)
    if span < _HOUR:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if span < _DAY:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days = round(span / _DAY)
    return f"{days} day" if days == 1 else f"{days} days"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
