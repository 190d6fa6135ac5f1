"""Which day to go to, as people write days.

The rule: what cannot be read is answered with what can, beside the line, and what was typed stays.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from smschat.domain import times
from smschat.ui.render import content, day_name, local, zone_of
from smschat.ui.widgets.form import Line

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widgets import Input

    from smschat.ui.desk import Desk

_EXAMPLES: Final = "2026-05-12, 12-5, 12 may 2025, yesterday, monday, 3d or last year"


class GoToDay(ModalScreen[date | None]):
    """Asks for a day, and is dismissed with it; None: never mind."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", show=False, priority=True)]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        now = desk.now()
        self._today = local(now, zone_of(now)).date()
        self._line = Line(placeholder="12 may", compact=True, id="day")

    def compose(self) -> ComposeResult:
        """One line, and beneath it the day that it means, or what is wrong with it."""
        keys = Content.assemble(("Enter", "bold"), " go there   ", ("Esc", "bold"), " back")
        with Vertical(classes="dialog"):
            yield Static(Content.styled("Go to a day", "bold"), classes="dialog-text")
            yield self._line
            yield Static(Content.styled(_EXAMPLES, "$foreground 70%"), id="wrong")
            yield Static(keys, classes="dialog-keys")

    def on_mount(self) -> None:
        """One types at once."""
        self._line.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say which day that is."""
        event.stop()
        day = self._day()
        said = _EXAMPLES if isinstance(day, str) else day_name(day, self._today)
        self.query_one("#wrong", Static).update(Content.styled(said, "$foreground 70%"))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go there."""
        event.stop()
        day = self._day()
        if isinstance(day, date):
            self.dismiss(day)
        elif event.value.strip():
            self.query_one("#wrong", Static).update(content(day).stylize("$text-error"))

    def _day(self) -> date | str:
        """The day that was typed, or what can be typed."""
        try:
            return times.past_day(self._line.value, self._today)
        except (ValueError, OverflowError) as error:
            return str(error) if isinstance(error, ValueError) else times.PAST_DAY

    def action_cancel(self) -> None:
        """Never mind."""
        self.dismiss(None)
