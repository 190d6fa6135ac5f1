"""The listener: who receives, at which address, what the gateway was told, and a QR code of our number.

The rule: the path token is a secret, so no address is shown with it; only copying gives it away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from smschat.domain.addresses import origin
from smschat.domain.changes import Condition
from smschat.errors import SmschatError
from smschat.runtime.listening import MOST_COUNTED, listening
from smschat.ui import qr
from smschat.ui.render import moment, safe, wrap, zone_of
from smschat.ui.screens.over import Over

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual import events
    from textual.binding import BindingType
    from textual.widget import Widget

    from smschat.runtime.listening import Listening
    from smschat.ui.bridge import Taken
    from smschat.ui.desk import Desk

LOOK_AGAIN_S: Final = 1.0
"""Seconds: callbacks that change no SMS are announced to nobody."""

SCAN: Final = "scan to send us an SMS"

_LABEL: Final = 11
_GAP: Final = 2
_LEAST_BESIDE: Final = 30
"""Columns that the facts need beside the code."""

_STYLES: Final = {Condition.UP: "$text-success", Condition.DOWN: "bold $text-error", Condition.OFF: "$text-warning"}


class ListenerScreen(Over):
    """How this profile receives, live."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9,q", "dismiss", "Back", show=False, priority=True),
        Binding("c,y,ctrl+c", "yank", "Copy the address", show=False, priority=True),
        Binding("down,j", "scroll(1)", "Down", show=False, priority=True),
        Binding("up,k", "scroll(-1)", "Up", show=False, priority=True),
        Binding("pagedown,space", "scroll(10)", "Page down", show=False, priority=True),
        Binding("pageup", "scroll(-10)", "Page up", show=False, priority=True),
    ]
    HINTS = ("c copy the address",)

    def __init__(self, desk: Desk, *, is_whole: bool = False) -> None:
        super().__init__(desk, is_whole=is_whole)
        self._now: Listening | None = None
        self._coded: str | None = None
        self._code: tuple[str, ...] = ()
        self._room = 0
        self._body = VerticalScroll(id="listener-body", can_focus=False)
        self._code_view = Static(id="qr")
        self._facts = Static(id="listener-facts")

    def compose_body(self) -> Iterable[Widget]:
        """The code, and the facts beside it, or below where that is too narrow."""
        with self._body:
            yield self._code_view
            yield self._facts

    def on_mount(self) -> None:
        """Look, and again every second."""
        self.say_head(Content.styled("Listener", "bold"))
        self.say()
        self._look()
        self.set_interval(LOOK_AGAIN_S, self._look)

    def hear(self, taken: Taken) -> None:
        """Something has changed."""
        if taken.changes or taken.lost:
            self._look()

    def remask(self) -> None:
        """The mask was put on or taken off."""
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """Another size may have room for the code, or none."""
        del event
        self.call_after_refresh(self._show)

    def action_yank(self) -> None:
        """Copy the whole address that the gateway calls."""
        if self._now is None or self._now.callback_url is None:
            self.say("there is no address to copy")
            return
        self.app.copy_to_clipboard(self._now.callback_url)
        self.say("copied; whoever has this address can send SMS to this screen")

    def action_scroll(self, by: int) -> None:
        """So many lines on."""
        self._body.scroll_relative(y=by, animate=False)
        self.call_after_refresh(self._say_below)

    @work(group="listener", exclusive=True)
    async def _look(self) -> None:
        try:
            now = await self.desk.bridge.run(listening)
        except SmschatError as error:
            self.say(error.message)
            return
        if now != self._now:
            self._now = now
            self._show()

    def _show(self) -> None:
        now = self._now
        if now is None or not self.is_mounted:
            return
        number = code_number(now)
        if number != self._coded:
            self._coded = number
            self._code = qr.lines_of(qr.sms_address(number), is_ascii=self.desk.marks.ascii) if number else ()
        beside = self._show_code(number)
        self._room = self._body.size.width - beside - _LABEL
        self._facts.update(Content("\n").join(list(self._lines(now))))
        self.call_after_refresh(self._say_below)

    def _say_below(self) -> None:
        """Say that there is more below, unless something else is said."""
        arrow = "v" if self.desk.marks.ascii else "↓"
        is_below = self._body.scroll_offset.y < self._body.max_scroll_y
        if self.foot in {"", f"{arrow} more below"}:
            self.say(f"{arrow} more below" if is_below else "")

    def _show_code(self, number: str) -> int:
        """The code where it fits whole, for half of one cannot be read; else what stands in it.

        Returns:
            How many columns it takes from the facts.
        """
        width, room = len(self._code[0]) if self._code else 0, self._body.size
        fits = bool(self._code) and room.width >= width and room.height > len(self._code)
        is_beside = fits and room.width >= width + _LEAST_BESIDE
        self.set_class(is_beside, "-side")
        self._code_view.styles.width = width if fits else "100%"
        if fits:
            caption = Content.styled(SCAN.center(width).rstrip(), "bold")
            code = Content.styled("\n".join(self._code), qr.STYLE)
            self._code_view.update(Content.assemble(code, "\n", caption))
        elif number:
            needs = f"the QR code needs {width} columns and {len(self._code) + 1} lines here; the window is too small"
            self._code_view.update(Content.assemble((qr.sms_address(number), "bold"), f"\n{needs}\n"))
        else:
            self._code_view.update(Content("no number is set, so there is no code to scan\n"))
        return width + _GAP if is_beside else 0

    def _lines(self, now: Listening) -> Iterator[Content]:
        zone = zone_of(self.desk.now())
        yield from self._numbers(now)
        owner = now.owner
        if owner is None:
            yield self._row("receives", "nobody")
        else:
            who = "this smschat" if now.is_ours else f"another smschat (process {owner.pid})"
            yield self._row("receives", f"{who}, since {moment(owner.since, zone)}")
            yield self._row("local", owner.local_url or "no address yet")
            yield self._row("public", owner.public_url or "no address")
        told = now.registration
        if told is None:
            yield self._row("gateway", "was told no address yet")
        else:
            at = moment(told.at, zone)
            words = f"was told {origin(told.url)} at {at}" if told.error is None else f"did not take {origin(told.url)}"
            yield self._row("gateway", words)
            if told.error is not None:
                yield self._row("", f"at {at}: {self.desk.mask.words(told.error)}", "$text-error")
        count = f"{now.callbacks}{' or more' if now.callbacks >= MOST_COUNTED else ''}"
        last = "none ever" if now.last_at is None else f"{count} within the hour, the last {moment(now.last_at, zone)}"
        yield self._row("callbacks", f"{last}; F5 shows them")
        yield Content("")
        for news in now.health:
            words = f"{news.state}{f': {news.text}' if news.text and news.text != news.state else ''}"
            yield self._row(
                news.part.value.replace("_command", ""), self.desk.mask.words(words), _STYLES.get(news.state, "")
            )

    def _row(self, label: str, words: str, style: str = "") -> Content:
        """A label, and words beside it in as many lines as they need."""
        words = words.replace("…", "...") if self.desk.marks.ascii else words
        lines = wrap(safe(words), self._room)
        said = [
            Content.assemble((" " * _LABEL if number else f"{label:<{_LABEL}}", "$foreground 70%"), (line, style))
            for number, line in enumerate(lines)
        ]
        return Content("\n").join(said)

    def _numbers(self, now: Listening) -> Iterator[Content]:
        """Our number; it is meant to be seen here, so the mask leaves it as it is."""
        yield self._row("number", f"+{now.number}" if now.number else "none is set", "bold")
        if now.comes_in_at is not None:
            yield self._row("", f"SMS come in at {now.comes_in_at}, as the last one did", "bold")
            if now.is_test:
                yield self._row("", "a test account may share that number; yours is your own telephone's")
        elif now.is_test:
            yield self._row(
                "", "a test account: SMS may come in at a number of the gateway's; the first one tells which"
            )
        yield Content("")


def code_number(now: Listening) -> str:
    """The number that an audience writes to: where SMS come in on a test account, else our own; empty: none."""
    other = now.comes_in_at if now.is_test else None
    number = other or now.number
    return number if number.isdigit() else ""
