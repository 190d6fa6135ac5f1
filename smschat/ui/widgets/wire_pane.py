"""The wire beside a conversation: what goes to the gateway and comes from it for one SMS, as it happens.

The rule: what passes is kept while one looks, the newest few hundred, and nowhere else.
"""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from smschat.domain.details import SmsDetails
from smschat.domain.exchanges import Step
from smschat.errors import SmschatError
from smschat.ui import wire_rows
from smschat.ui.actions import Where
from smschat.ui.bindings import bindings_of
from smschat.ui.render import Ink, content, zone_of
from smschat.ui.widgets.bar import Bar
from smschat.ui.widgets.line_view import LineView
from smschat.ui.wire_rows import WireLook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from smschat.domain.exchanges import Exchange
    from smschat.domain.sms import Sms
    from smschat.ui.desk import Desk
    from smschat.ui.render import Line

_MOST: Final = 300
_TOKEN_BEFORE: Final = timedelta(seconds=10)
"""A token that was fetched so shortly before an SMS went out was fetched for it."""


class WireLines(LineView):
    """The lines; what comes is on the screen unless one has scrolled back."""

    PREFIX = "wire"
    ALLOW_SELECT = True
    INKS = (Ink.TEXT, Ink.TIME, Ink.HINT, Ink.DOUBT, Ink.FAILED, Ink.CURSOR, Ink.SELECTED)
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"wire--{ink}" for ink in INKS}
    DEFAULT_CSS = """
    WireLines {
        height: 1fr;
        background: $background;
        & > .wire--text { color: $foreground; }
        & > .wire--time { color: $text-muted; }
        & > .wire--hint { color: $text-muted; }
        & > .wire--doubt { color: $text-warning; text-style: bold; }
        & > .wire--failed { color: $text-error; text-style: bold; }
        & > .wire--cursor { color: $text-accent; }
        & > .wire--selected { background: $foreground 9%; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Where.WIRE)

    class Held(Message):
        """The keys are here now, or elsewhere again."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(marks=desk.marks)
        self._desk = desk
        self._details: SmsDetails | None = None
        self._live: Sequence[Exchange] = ()
        self._lines: tuple[Line, ...] = ()
        self._width = 0
        self._follows = True

    def show(self, details: SmsDetails | None, live: Sequence[Exchange]) -> None:
        """Show this; another SMS from its end."""
        was, self._details, self._live = self._details, details, live
        if was is None or details is None or was.sms.id != details.sms.id:
            self._follows = True
        self.lay_out()

    @property
    def laid_out_width(self) -> int:
        """The width that the lines were made for."""
        return self._width

    def lay_out(self) -> None:
        """Make the lines."""
        self._width = self.size.width
        look = WireLook(width=self._width, marks=self.marks, mask=self._desk.mask, zone=zone_of(self._desk.now()))
        self._lines = () if self._details is None else wire_rows.lines_of(self._details, self._live, look)
        self.set_line_count(len(self._lines), top=len(self._lines) if self._follows else self.top)
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Whatever moved it: at the end it follows."""
        super().watch_scroll_y(old_value, new_value)
        self._follows = self.top >= self.max_scroll_y

    def action_cursor_down(self) -> None:
        """A line on."""
        self.jump(self.top + 1)

    def action_cursor_up(self) -> None:
        """A line back."""
        self.jump(self.top - 1)

    def action_page_down(self) -> None:
        """A screen on, with a line of the last one."""
        self.jump(self.top + max(self.size.height - 1, 1))

    def action_page_up(self) -> None:
        """A screen back."""
        self.jump(self.top - max(self.size.height - 1, 1))

    def action_home(self) -> None:
        """To where it begins."""
        self.jump(0)

    def action_end(self) -> None:
        """To the newest, and on with it."""
        self.jump(len(self._lines))

    def on_focus(self) -> None:
        """Show it."""
        self.post_message(self.Held())

    def on_blur(self) -> None:
        """Show it no more."""
        self.post_message(self.Held())

    def line_at(self, y: int) -> tuple[Line, bool]:
        """A line; an empty one past the last."""
        return (self._lines[y] if y < len(self._lines) else (), False)


class WirePane(Vertical):
    """A heading and the lines.

    Args:
        desk: what the screens share.
        sms: whose wire; None: there is no SMS yet.
    """

    def __init__(self, desk: Desk, sms: Sms | None, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._desk = desk
        self._sms = sms
        self._seen: deque[Exchange] = deque(maxlen=_MOST)
        self._head = Bar(keeps_left=True)
        self.lines = WireLines(desk)

    def compose(self) -> ComposeResult:
        """What it is, then the lines."""
        yield self._head
        yield Bar(fill=self._desk.marks.rule)
        yield self.lines

    async def on_mount(self) -> None:
        """Say what it is, also before there is an SMS, and ask to be told of what passes."""
        self.show(self._sms)
        await self.tap(is_on=True)

    async def tap(self, *, is_on: bool) -> None:
        """Be told of what passes, or no more: nothing is made ready for whom nobody looks."""
        await self._desk.bridge.run(lambda runtime: runtime.watch(is_on=is_on))

    def show(self, sms: Sms | None) -> None:
        """Show the wire of this SMS; None: of none."""
        self._sms = sms
        self._say()
        if sms is None:
            self.lines.show(None, ())
        else:
            self.lines.show(SmsDetails(sms=sms), self._live(sms))
            self._read(sms)

    def turn_to(self, sms: Sms) -> None:
        """Show the wire of this SMS, unless it is shown already, and perhaps as it became since."""
        if self._sms is None or self._sms.id != sms.id:
            self.show(sms)

    def on_wire_lines_held(self, event: WireLines.Held) -> None:
        """Whether the keys move it stands before its heading, as before what a cursor is on."""
        event.stop()
        self._say()

    def _say(self) -> None:
        sms, marks = self._sms, self._desk.marks
        words = "The wire" if sms is None else f"The wire: {marks.of(sms.status)} {sms.status.value}"
        bar = Content.styled(marks.bar, "$accent") if self.lines.has_focus else Content(" ")
        self._head.show(Content.assemble(bar, content(words).stylize("bold")))

    def see(self, exchange: Exchange) -> None:
        """Something passed."""
        self._seen.append(exchange)
        if self._sms is not None and exchange.sms_id == self._sms.id:
            self.show(self._sms)

    def apply(self, sms: Sms) -> None:
        """An SMS is new or has moved."""
        if self._sms is not None and sms.id == self._sms.id:
            self.show(sms)

    @work(group="wire", exclusive=True)
    async def _read(self, sms: Sms) -> None:
        try:
            details = await self._desk.bridge.call(lambda messenger: messenger.details(sms.id))
        except SmschatError:
            return  # what is shown already stays; the next change reads again
        if details is not None and self._sms is not None and self._sms.id == sms.id:
            self._sms = details.sms
            self._say()
            self.lines.show(details, self._live(sms))

    def _live(self, sms: Sms) -> list[Exchange]:
        """What passed for this SMS, and the token that was fetched for it."""
        own = [exchange for exchange in self._seen if exchange.sms_id == sms.id]
        if not own:
            return []
        first = own[0].at
        tokens = [one for one in self._seen if one.step is Step.TOKEN and first - _TOKEN_BEFORE <= one.at <= first]
        return [*tokens, *own]
