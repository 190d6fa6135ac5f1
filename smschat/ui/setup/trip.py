"""The fourth step: one SMS to the own phone, and its answer on the screen.

The rule: nothing is sent before the button that says so is pressed, and a key that was typed ahead on the page before
is no press of it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from textual import work
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from smschat.domain import phone
from smschat.domain.checks import Check, Finding
from smschat.errors import SmschatError
from smschat.runtime.round_trip import RoundTrip
from smschat.settings import Account, TunnelKind
from smschat.ui.render import clip, safe
from smschat.ui.setup.fields import Press
from smschat.ui.setup.live import Live, Trip
from smschat.ui.setup.page import Page
from smschat.ui.setup.progress import State, Step
from smschat.ui.setup.words import inked, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

    from smschat.domain.sms import Sms
    from smschat.runtime import Runtime
    from smschat.runtime.round_trip import TripNews
    from smschat.settings import Settings
    from smschat.ui.setup.bench import Bench

_TYPED_AHEAD_S: Final = 0.4
"""Seconds in which Enter is still meant for the page before."""

_CALL: Final = "Answer it now, on your phone: anything will do."
_ANSWER_CELLS: Final = 300
_WORKS: Final = "It works."


class TripPage(Page):
    """Asks, sends, and shows what comes of it."""

    name_of = "trip"
    step = Step.TRIP

    class News(Message):
        """Something happened on the way; posted from the runtime's thread."""

        def __init__(self, news: TripNews, number: int) -> None:
            super().__init__()
            self.news, self.number = news, number

    class ChatWanted(Message):
        """The set-up is done."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        marks = bench.marks
        self.trip = Trip()
        self.is_armed = False
        self.live = Live(marks)
        self._about = Static("", id="trip-about", markup=False)
        self._call = Static(_CALL, id="trip-call", markup=False)
        self._bubble = Static("", id="trip-answer", markup=False)
        self._works = Static(Content.styled(_WORKS, "bold $success"), id="trip-works", markup=False)
        self._later = Static("", id="trip-later", markup=False)
        self._number = 0
        self._has_later = False

    def compose_body(self) -> ComposeResult:
        """What will happen, then what happens."""
        yield self._about
        yield Vertical(self.live, self._call, self._bubble, self._works, self._later, id="trip-live")

    def keys(self) -> Sequence[Press]:
        """Which of them are there depends on how far the trip is."""
        return (
            Press("Text my phone", is_first=True, id="trip-text"),
            Press("Open the chat", is_first=True, id="trip-open"),
            Press("Try again", id="trip-again"),
            self.skip_key(),
        )

    def presses(self) -> dict[str, Callable[[], object]]:
        """By the end of their id."""
        begin = self._begin
        return {"text": begin, "again": begin, "open": lambda: self.post_message(self.ChatWanted()), "skip": self.skip}

    def on_mount(self) -> None:
        """Nothing has happened yet."""
        self._show()

    def came(self) -> None:
        """What would be sent now; a trip of other settings is forgotten."""
        if self.bench.thread is None:
            self.trip = Trip()
            self._number += 1
        self._about.update(Content(spelled(about(self.bench.setup.settings), self.bench.marks)))
        self._show()
        self._disarm()

    def _disarm(self) -> None:
        """An Enter that was meant for something else sends no SMS."""
        self.is_armed = False
        self.set_timer(_TYPED_AHEAD_S, self._arm)

    def _arm(self) -> None:
        self.is_armed = True

    def first(self) -> Widget | None:
        """The button that leads on."""
        is_running = self.bench.thread is not None and not self.trip.is_over and self.trip.fault is None
        wanted = ("open", "text", "again", *(() if is_running else ("skip",)))
        buttons = (self.query_one(f"#trip-{name}", Press) for name in wanted)
        return next((button for button in buttons if button.display), None)

    def enter(self, at: Widget | None) -> None:
        """Nothing here is written in."""

    def tell_later(self, text: str) -> None:
        """What was left out, in one line."""
        self._later.update(inked([text], "$foreground 80%")[0])
        self._has_later = bool(text)
        self._later.display = self._has_later and self.trip.is_done

    def _begin(self) -> None:
        if self.is_armed:
            self._number += 1
            self.trip = Trip()
            self._show()
            self._run(self._number)

    @work(group="trip", exclusive=True)
    async def _run(self, number: int) -> None:
        """A runtime of the settings as they are, and a trip over it."""
        await self.bench.end_thread()
        thread = self.bench.setup.thread()
        thread.start()
        self.bench.thread = thread
        hear = self._hearer(number)
        self._show()
        try:
            await asyncio.wrap_future(thread.run(lambda runtime: travel(runtime, hear)))
        except SmschatError as error:
            if number == self._number and self.trip.fault is None:
                self._fail(Check(name="round trip", finding=Finding.FAULT, text=error.message, fix=error.hint))

    def _hearer(self, number: int) -> Callable[[TripNews], None]:
        def hear(news: TripNews) -> None:
            self.post_message(self.News(news, number))

        return hear

    def on_trip_page_news(self, event: News) -> None:
        """Show it, unless it is of a trip that is over."""
        event.stop()
        if event.number != self._number:
            return
        self.trip = self.trip.take(event.news)
        if self.trip.fault is not None:
            self._fail(self.trip.fault)
            return
        self.findings.say(self._aside(event.news))
        self.post_message(self.Stood(self, State.OK if self.trip.is_done else State.TO_DO))
        self._show()

    def _aside(self, news: TripNews) -> list[Check]:
        """What is worth a line of its own: that nothing can be received, or what an SMS waits for."""
        if not news.fix and not (self.trip.is_over and self.trip.answer is None):
            return []
        return [Check(name="round trip", finding=Finding.NOTE, text=news.text, fix=news.fix)]

    def _fail(self, fault: Check) -> None:
        self._disarm()
        self.show_found(fault)
        self._show()

    def _show(self) -> None:
        """Everything as the trip stands."""
        trip, is_running = self.trip, self.bench.thread is not None
        self.live.show(trip)
        self._about.display = not is_running
        self.query_one("#why-trip").display = not is_running
        self.query_one("#trip-live").display = is_running
        self._call.display = trip.asks
        self._bubble.display = trip.answer is not None
        if trip.answer is not None:
            self._bubble.update(bubble(trip.answer, self.bench.marks.ellipsis))
        self._works.display = trip.answer is not None
        self._later.display = self._has_later and trip.is_done
        self._show_keys(is_running=is_running, is_done=trip.is_done)

    def _show_keys(self, *, is_running: bool, is_done: bool) -> None:
        is_faulty = self.trip.fault is not None
        shown = {
            "text": not is_running,
            "open": is_done,
            "again": is_running and (is_faulty or is_done),
            "skip": not is_done,
        }
        self.query_one("#trip-again", Press).label = "Once more" if is_done else "Try again"
        before = {name for name in shown if self.query_one(f"#trip-{name}").display}
        for name, is_shown in shown.items():
            self.query_one(f"#trip-{name}").display = is_shown
        if before != {name for name, is_shown in shown.items() if is_shown} and self.is_current:
            self.screen.set_focus(self.first())  # nothing, while it runs: an Enter too many passes over nothing


async def travel(runtime: Runtime, hear: Callable[[TripNews], None]) -> None:
    """The whole trip; on the runtime's loop.

    Raises:
        SmschatError: a part failed; the news told of it.
    """
    trip = RoundTrip(runtime, hear)
    try:
        if await trip.get_ready():
            await trip.text()
            if trip.is_two_way:
                await trip.answered()
            else:
                await asyncio.get_running_loop().create_future()  # hears on until the runtime is closed, or forgotten
    finally:
        trip.end()


def about(settings: Settings) -> str:
    """What will happen, and to which number."""
    if settings.number is None:
        return "There is no number yet: step 2 asks for it."
    number = phone.pretty(settings.number)
    if settings.account is Account.PRODUCTION:
        return f"{number} is a virtual number and no phone, so there is nothing to answer on: skip this step."
    if settings.tunnel is TunnelKind.OFF:
        return f"One SMS goes to {number}. The tunnel is off, so its answer stays on your phone."
    return f"One SMS goes to {number}, as soon as you press the button. Have the phone at hand."


def bubble(sms: Sms, ellipsis: str) -> Content:
    """The answer as it may be shown."""
    text = clip(safe(sms.text, multiline=True), _ANSWER_CELLS, ellipsis)
    return Content.assemble((f"{safe(phone.pretty(sms.peer))}\n", "$foreground 60%"), text)
