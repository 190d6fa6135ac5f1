"""The transcript of one conversation: what `Scrollback` shows, with a cursor that is on an SMS.

Rule: the cursor never moves by itself while the pane has the focus, so that no key acts on an SMS that came meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from smschat.ui.mask import OPEN
from smschat.ui.render import Ink
from smschat.ui.widgets.scrollback import Scrollback

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from textual import events

    from smschat.domain.conversation import Conversation
    from smschat.domain.sms import Sms
    from smschat.ui.mask import Mask
    from smschat.ui.render import Line, Marks
    from smschat.ui.widgets.reader import Reader

_OVERLAP = 2
"""Lines that stay on the screen when a page is turned."""


class Transcript(Scrollback):
    """The SMS of one conversation, the newest at the end.

    Its actions: cursor_up, cursor_down, page_up, page_down, home, end.
    """

    @dataclass
    class Selected(Message):
        """The cursor is on another SMS; None: on none."""

        sms: Sms | None

    PREFIX = "transcript"
    INKS: ClassVar[tuple[Ink, ...]] = (
        Ink.TEXT, Ink.OUTBOUND, Ink.LINK, Ink.LINK_OUT, Ink.TIME, Ink.DAY, Ink.RULE, Ink.NEW, Ink.HINT, Ink.PENDING,
        Ink.DOUBT, Ink.SENT, Ink.DELIVERED, Ink.FAILED, Ink.CURSOR, Ink.SELECTED,
    )  # fmt: skip
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"transcript--{ink}" for ink in INKS}
    DEFAULT_CSS = """
    Transcript {
        background: $background;
        & > .transcript--text { color: $foreground; }
        & > .transcript--outbound { color: $foreground; background: $primary 20%; }
        & > .transcript--link { color: $foreground; text-style: underline; }
        & > .transcript--link-out { color: $foreground; background: $primary 20%; text-style: underline; }
        & > .transcript--time { color: $text-muted; }
        & > .transcript--day { color: $text-muted; }
        & > .transcript--rule { color: $border; }
        & > .transcript--new { color: $text-accent; text-style: bold; }
        & > .transcript--hint { color: $text-muted; }
        & > .transcript--pending { color: $text-muted; }
        & > .transcript--doubt { color: $text-warning; text-style: bold; }
        & > .transcript--sent { color: $text-muted; }
        & > .transcript--delivered { color: $text-success; }
        & > .transcript--failed { color: $text-error; text-style: bold; }
        & > .transcript--cursor { color: $text-accent; }
        & > .transcript--selected { background: $foreground 9%; }
    }
    """

    def __init__(
        self,
        reader: Reader,
        *,
        now: Callable[[], datetime],
        marks: Marks | None = None,
        retry_key: str = "r",
        mask: Mask = OPEN,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(reader, now=now, marks=marks, retry_key=retry_key, mask=mask, id=id)
        self._cursor: Sms | None = None
        self._was_overtaken = False

    @property
    def selected(self) -> Sms | None:
        """The SMS under the cursor as it is now; None where there is none."""
        return self._cursor

    def apply(self, sms: Sms) -> None:
        """Show a new or changed SMS; those of other conversations are left alone."""
        cursor = self._cursor
        if cursor is not None and cursor.id == sms.id and cursor.revision < sms.revision:
            self._cursor = sms
        super().apply(sms)

    def forget_sms(self, sms_id: str) -> None:
        """An SMS is gone for good; the cursor takes the one that has its place now."""
        number = self._cursor_number() if self._cursor is not None and self._cursor.id == sms_id else None
        super().forget_sms(sms_id)
        if number is not None:
            self._select(self._window[min(number, len(self._window) - 1)] if len(self._window) else None)

    def line_at(self, y: int) -> tuple[Line, bool]:
        """A line of the window, with the cursor's bar where the pane has the focus."""
        window = self._window
        place = window.place(y)
        if place is None:
            return (), False
        has_bar = self.has_focus and place.number == self._cursor_number() and y in window.body(place.number)
        return window.line(place), has_bar

    def action_cursor_up(self) -> None:
        """To the SMS before; through a long one screen by screen."""
        self._step(-1)

    def action_cursor_down(self) -> None:
        """To the SMS after; through a long one screen by screen."""
        self._step(1)

    def action_page_up(self) -> None:
        """A screen back; the cursor comes along."""
        self.jump(self.top - max(self.size.height - _OVERLAP, 1))
        self._select_at(self._window.first_visible(self.top))

    def action_page_down(self) -> None:
        """A screen on; the cursor comes along."""
        self.jump(self.top + max(self.size.height - _OVERLAP, 1))
        self._select_at(self._last_visible())

    def action_home(self) -> None:
        """To the first SMS of the conversation."""
        self._to_end(oldest=True)

    def action_end(self) -> None:
        """To the newest SMS of the conversation, and follow it from there."""
        self._to_end(oldest=False)

    def _to_end(self, *, oldest: bool) -> None:
        window = self._window
        if window.has_older if oldest else window.has_newer:
            self.read_aside(partial(self._turn, oldest=oldest), "transcript-turn")
            return
        self.jump(0 if oldest else window.height)
        self._select_at(0 if oldest else -1)

    def _install(self, page: list[Sms], *, oldest: bool = False) -> None:
        super()._install(page, oldest=oldest)
        if self.has_focus:
            self._select_at(0 if oldest else -1)

    def _step(self, by: int) -> None:
        window, top, height = self._window, self.top, self.size.height
        number = self._cursor_number()
        if number is None or not window.is_visible(number, top, height):
            self._select_at(window.first_visible(top) if by > 0 else self._last_visible())
        elif by > 0 and window.body(number).stop > top + height:
            self.jump(min(top + height - 1, window.body(number).stop - height))
        elif by < 0 and window.start(number) < top:
            self.jump(max(top - height + 1, window.start(number)))
        elif 0 <= number + by < len(window):
            self._select_at(number + by)
            first, last = window.start(number + by), window.body(number + by).stop
            self.show_lines(first if by > 0 else max(first, last - height), min(last - first, height))

    def _cursor_number(self) -> int | None:
        return None if self._cursor is None else self._window.find(self._cursor.id, self._cursor.seq)

    def _select_at(self, number: int | None) -> None:
        if number is not None and len(self._window):
            self._select(self._window[number])

    def _select(self, sms: Sms | None) -> None:
        if (sms and sms.id) == (self._cursor and self._cursor.id):
            return
        self._refresh_cursor()
        self._cursor = sms
        self._refresh_cursor()
        self.post_message(self.Selected(sms))

    def _refresh_cursor(self) -> None:
        number = self._cursor_number()
        if number is not None:
            body = self._window.body(number)
            self.refresh_lines(body.start, len(body))

    def _forget(self, conversation: Conversation | None) -> None:
        super()._forget(conversation)
        self._was_overtaken = False
        self._select(None)

    def _came(self, sms: Sms) -> None:
        super()._came(sms)
        self._was_overtaken = self._was_overtaken or not self.has_focus

    def on_focus(self) -> None:
        """The cursor waits where it was, unless that is out of sight or something newer came."""
        number = self._cursor_number()
        if number is None or self._was_overtaken or not self._window.is_visible(number, self.top, self.size.height):
            self._select_at(self._last_visible())
        self._was_overtaken = False
        self._refresh_cursor()

    def on_blur(self) -> None:
        """Only the pane with the focus shows its cursor."""
        self._refresh_cursor()

    def on_click(self, event: events.Click) -> None:
        """Select an SMS; a double click does not select every text there is."""
        if event.chain > 1:
            event.prevent_default()
        self._select_at(self._window.first_visible(self.top + event.y))
