"""The set-up as a Textual app: its steps, its keys, and how it begins and ends.

The rule: whoever quits loses nothing that was kept, and whoever goes on to the chat takes the running runtime along.
"""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

from textual.binding import Binding
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Button, ContentSwitcher

from smschat import paths
from smschat.runtime import RuntimeThread
from smschat.ui.desk import marks_of_terminal
from smschat.ui.leaving import Leaving
from smschat.ui.render import safe
from smschat.ui.setup.account import AccountPage
from smschat.ui.setup.bench import Bench
from smschat.ui.setup.engine import Engine
from smschat.ui.setup.moving import Moving
from smschat.ui.setup.number import NumberPage
from smschat.ui.setup.page import Page
from smschat.ui.setup.progress import Progress, State, Step, later
from smschat.ui.setup.ready import ReadyPage
from smschat.ui.setup.steps import Steps
from smschat.ui.setup.trip import TripPage
from smschat.ui.setup.tunnel import TunnelPage
from smschat.ui.widgets.bar import Bar, hints_of

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from smschat.runtime.setup import Setup
    from smschat.ui.render import Marks
    from smschat.ui.setup.checking import Checking

_CLOSING_S: Final = 3.0
"""Seconds in which a check that was stopped gives back what it opened: an agent takes a moment to end."""

_HANGING_CLOSE_S: Final = 0.4


class Instead(Enum):
    """What somebody wants who does not set anything up."""

    DEMO = "demo"


End: TypeAlias = "RuntimeThread | Instead | int"


def run_setup(setup: Setup, *, theme: str | None = None, has_chat: bool = False) -> End:
    """Run the set-up until it ends.

    Args:
        has_chat: whether it was opened from the chat: Esc goes back there from the first step.
        theme: the name of a theme; None: the dark one of ours.

    Returns:
        A started runtime that the chat goes on with; or that the demo is wanted; or an exit code.
    """
    app = SetupApp(setup, theme=theme, report_folder=paths.state_dir(), has_chat=has_chat)
    with Leaving(app, save=_nothing, close=lambda: app.close(_HANGING_CLOSE_S)):
        try:
            app.run()
        finally:
            is_closed = app.close(_CLOSING_S)
    end = app.return_value if app.return_value is not None else app.return_code or 0
    if not is_closed and not isinstance(end, RuntimeThread):
        os._exit(end if isinstance(end, int) else 0)  # a thread hangs, and the interpreter would wait for it
    return end


def _nothing() -> None:
    """There is nothing to save: what is kept was kept when its step was done."""


class SetupScreen(Screen[None]):
    """Steps at the left, or above where there is no room."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's declaration is not a class variable to mypy
        (0, "-slim"),
        (60, "-narrow"),
        (100, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - as above
        (0, "-short"),
        (23, "-middle"),
        (32, "-tall"),
    ]


class SetupApp(Moving["End"]):
    """The set-up.

    Args:
        marks: the signs that the terminal can show; None: find out.
        has_chat: whether there is a chat to go back to.
    """

    CSS_PATH: ClassVar = [Path(__file__).parents[1] / "smschat.tcss", Path(__file__).with_name("setup.tcss")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q,ctrl+c", "leave", "Leave", priority=True),
        Binding("enter,ctrl+j", "enter", "Next", priority=True),  # ctrl+j: an Enter from before we had the terminal
        Binding("ctrl+n", "next", "Next step", priority=True),
        Binding("escape", "step_back", "Back", priority=True),
    ]

    def __init__(
        self,
        setup: Setup,
        *,
        theme: str | None = None,
        report_folder: Path | None = None,
        marks: Marks | None = None,
        has_chat: bool = False,
    ) -> None:
        super().__init__(theme=theme, report_folder=report_folder)
        self._has_chat = has_chat
        self.bench = Bench(setup=setup, engine=Engine(), marks=marks or marks_of_terminal())
        self.progress = Progress()
        self._early: list[events.Key] | None = []

    def get_default_screen(self) -> SetupScreen:
        """The only one."""
        return SetupScreen(classes="-ascii" if self.bench.marks.ascii else "")

    def compose(self) -> ComposeResult:
        """Header, steps, the page of the step, footer."""
        marks, bench = self.bench.marks, self.bench
        yield Bar(fill=marks.rule, id="setup-header")
        with Container(id="setup"):
            yield Steps(marks, id="steps")
            with ContentSwitcher(id="pages", initial=AccountPage.name_of):
                for page in (AccountPage, NumberPage, TunnelPage, TripPage, ReadyPage):
                    yield page(bench)
        yield Bar(keeps_left=True, id="setup-footer")

    def on_mount(self) -> None:
        """The first step."""
        profile = self.bench.setup.settings.profile
        left = Content.assemble(" ", ("smschat", "bold $primary"), f" {self.bench.marks.dot} set-up ")
        right = Content(f" {safe(profile)} ") if profile != "default" else Content("")
        self.query_one("#setup-header", Bar).show(left, right)
        self._show_step()

    @property
    def page(self) -> Page:
        """The one on the screen."""
        shown = self.query_one("#pages", ContentSwitcher).current or AccountPage.name_of
        return self.query_one(f"#{shown}", Page)

    def _show_step(self) -> None:
        """The page of the step that is on, and the focus where it begins."""
        step = self.progress.now
        page = next(page for page in self.query(Page) if page.step is step)
        self.query_one("#pages", ContentSwitcher).current = page.name_of
        page.scroll_home(animate=False)
        page.came()
        self._show_progress()
        self.call_after_refresh(self._focus_first, page)

    def _focus_first(self, page: Page) -> None:
        wanted = page.first()
        if page is self.page and wanted is not None:
            self.screen.set_focus(wanted)
        self.call_after_refresh(self._type_early)

    async def _type_early(self) -> None:
        """What was typed before a field had the focus."""
        early, self._early = self._early or [], None
        for key in early:
            await self.on_event(key)

    def holds_back(self, event: events.Key) -> bool:
        """Whether no field has had the focus yet: what is typed for the first must not end up in the second."""
        if self._early is None or event.key in {"ctrl+q", "ctrl+c"}:
            return False
        self._early.append(event)
        return True

    def _show_progress(self) -> None:
        self.query_one(Steps).show(self.progress)
        self.query_one(TripPage).tell_later(later(self.progress))
        self.query_one(ReadyPage).tell_later(later(self.progress))
        longest, *shorter = self._hints()
        self.query_one("#setup-footer", Bar).show(longest, shorter_lefts=shorter)

    def _hints(self) -> tuple[Content, ...]:
        words = ["Enter next", "Tab move"]
        words += ["ctrl+n next step"] if self.progress.now not in {Step.TRIP, None} else []
        words += ["Esc back"] if self.progress.now is not Step.ACCOUNT else ["Esc to the chat"] * self._has_chat
        return hints_of([*words, "ctrl+q leave"])

    def on_page_ended(self, event: Page.Ended) -> None:
        """On to the next step."""
        event.stop()
        if event.page.step is not None and event.page is self.page:
            is_kept = event.state is State.SKIPPED and self.progress.states.get(event.page.step) is State.OK
            if not is_kept:  # what was kept before holds, also when one passes over it this time
                self.progress = self.progress.ended(event.page.step, event.state, event.note)
            self.progress = self.progress.onward()
            self._show_step()

    def on_checking_stood(self, event: Checking.Stood) -> None:
        """How a step stands while one is at it; a fault that is mended is none any more."""
        event.stop()
        step = event.page.step
        if step is None:
            return
        is_mended = event.state is State.TO_DO and self.progress.states.get(step) is State.FAULT
        if event.state is not State.TO_DO or is_mended:
            self.progress = self.progress.ended(step, event.state)
        self._show_progress()

    def on_account_page_demo_wanted(self, event: AccountPage.DemoWanted) -> None:
        """No account yet."""
        event.stop()
        self.exit(Instead.DEMO)

    def on_trip_page_chat_wanted(self, event: TripPage.ChatWanted) -> None:
        """The set-up is done."""
        event.stop()
        self._open_chat()

    def _open_chat(self) -> None:
        """Into the chat, with the runtime of the round trip where there is one."""
        thread = self.bench.thread
        if thread is None:
            thread = self.bench.setup.thread()
            thread.start()
        self.bench.thread = None
        self.exit(thread)

    def action_leave(self) -> None:
        """Quit; what was kept stays."""
        self.exit(0)

    async def action_enter(self) -> None:
        """Press the button, or go to the next field, or on."""
        match self.focused:
            case Button():
                self.focused.press()
            case at:
                self.page.enter(at)

    def action_next(self) -> None:
        """The next step, as the button does it."""
        if "next" in self.page.presses():
            self.page.go_on()

    def action_step_back(self) -> None:
        """The step before; what is under way on this one is stopped."""
        if self.progress.now is Step.ACCOUNT:
            if self._has_chat:
                self._open_chat()
            return
        self.page.stop_going_on()
        self.progress = self.progress.back()
        self._show_step()

    def close(self, timeout_s: float) -> bool:
        """End the threads; whether they have ended."""
        thread, self.bench.thread = self.bench.thread, None
        is_closed = thread is None or thread.stop(timeout_s)
        return self.bench.engine.stop(timeout_s) and is_closed
