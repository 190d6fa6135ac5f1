"""The chat as a Textual app: its screens, its themes, its news, and how it begins and ends.

The rule: the first frame waits for nothing.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.binding import Binding

from smschat.domain.changes import HealthChanged
from smschat.errors import SmschatError
from smschat.ui.actions import BY_ID, SET_UP, SWITCH
from smschat.ui.bridge import Bridge
from smschat.ui.callback_errands import CallbackErrands
from smschat.ui.desk import ChatOptions, Desk, marks_of_terminal
from smschat.ui.drafts import Drafts
from smschat.ui.errands import Errands
from smschat.ui.faults import Faults
from smschat.ui.keys import keys_of
from smschat.ui.leaving import Leaving
from smschat.ui.questions import Questions
from smschat.ui.screens.aside import Aside
from smschat.ui.screens.chat import ChatScreen
from smschat.ui.telling import Telling, is_watched
from smschat.ui.terminal import FOLLOWED, Terminal

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingType
    from textual.widget import Widget

    from smschat.runtime import RuntimeThread
    from smschat.ui.bridge import News
    from smschat.ui.first_frame import FirstFrame
    from smschat.ui.render import Marks
    from smschat.ui.widgets.chats import TotalsLine
    from smschat.ui.widgets.composer import Composer
    from smschat.ui.widgets.line_view import LineView
    from smschat.ui.widgets.sending import Sending

_LOAD_S: Final = 2.0
"""Seconds that keys wait for the list, so that what is typed at once after starting is not lost."""

_CLOSING_S: Final = 1.0
"""Seconds that the runtime has to close; a signal allows two seconds for everything."""

_LAST_SAVE_S: Final = 0.5
_HANGING_SAVE_S: Final = 0.3
_HANGING_CLOSE_S: Final = 0.5
"""Seconds for the two where the screen hangs and a signal has come."""


def run_chat(
    thread: RuntimeThread, options: ChatOptions | None = None, *, first_frame: FirstFrame | None = None
) -> int:
    """Run the chat until it ends; the exit code, or `SET_UP` when the set-up is wanted next.

    Args:
        thread: the runtime, started; stopped when this returns.
        options: None: those that the runtime knows.
        first_frame: what stands on the screen already; None: nothing.
    """
    app = ChatApp(thread, options or ChatOptions.of(thread), first_frame=first_frame)

    def close_anyway() -> None:
        app.drafts.flush(_HANGING_SAVE_S)
        thread.stop(_HANGING_CLOSE_S)

    with Leaving(app, save=app.drafts.save, close=close_anyway):
        try:
            app.run()
        finally:
            app.drafts.flush(_LAST_SAVE_S)
            is_closed = thread.stop(_CLOSING_S)
    code = app.return_code or 0
    if not is_closed:
        # A thread of the runtime hangs, and the interpreter would wait for it; the terminal is restored.
        os._exit(0 if code in {SET_UP, SWITCH} else code)
    return code


class ChatApp(Errands):
    """The chat.

    Args:
        thread: the runtime, started.
        marks: the signs that the terminal can show; None: find out.
        first_frame: what stands on the screen already; None: nothing.
    """

    CSS_PATH = Path(__file__).with_name("smschat.tcss")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(BY_ID["quit"].keys), "quit", show=False, priority=True, id="quit"),
        Binding(",".join(BY_ID["help"].keys), "help_here", show=False, priority=True, id="help"),
        Binding("ctrl+c", "copy", show=False),
    ]

    def __init__(
        self,
        thread: RuntimeThread,
        options: ChatOptions,
        *,
        marks: Marks | None = None,
        first_frame: FirstFrame | None = None,
    ) -> None:
        super().__init__(theme=options.preferences.theme, report_folder=options.report_folder)
        self._runtime = thread
        self.bridge = Bridge(thread)
        self.first_frame = first_frame
        self.drafts = Drafts(self.bridge, self.set_timer)
        questions = Questions(self)
        self.desk = Desk(
            bridge=self.bridge,
            drafts=self.drafts,
            options=options,
            marks=marks or marks_of_terminal(),
            ask=questions.ask,
        )
        self._telling = Telling(
            self.desk, later=self.set_timer, is_seen=lambda sms: is_watched(self.chat.talk, sms), write=self._ring
        )
        self._errands = CallbackErrands(self.bridge, self, ask=questions.ask_unasked)
        self._early: list[events.Key] | None = []
        self._faults = Faults()

    def get_default_screen(self) -> ChatScreen:
        """The chat is the first screen, and nothing is pushed over an empty one."""
        self.chat = ChatScreen(self.desk, self.size)
        if self.first_frame is not None:
            self.chat.first_page = self.first_frame.page
        return self.chat

    @property
    def is_ready(self) -> bool:
        """Whether the list was read, and what was typed meanwhile has been dealt with."""
        return self._early is None

    def on_mount(self) -> None:
        """Read the list at once; go online when the first frame is on the screen."""
        self.set_keymap({name: ",".join(keys) for name, keys in self.desk.rebound.items()})
        for problem in self.desk.rebinding.problems:
            self.tell(f"A key of your own was not taken: {problem}.", severity="warning")
        self.bridge.attach(self)
        self._load()
        self.call_after_refresh(self.bridge.go_online)
        wanted = self.desk.options.preferences.theme
        if wanted is not None and wanted not in self.available_themes:
            self._wear_own(wanted)
        if wanted is not None and wanted not in self.available_themes:
            self.tell(f"There is no theme {wanted}; ctrl+p, “theme” lists them.", severity="warning")

    def _wear_own(self, wanted: str) -> None:
        """A theme of the user's own, from its file."""
        from smschat.ui import user_themes  # noqa: PLC0415 - only for those who have one

        for problem in user_themes.register(self, self.desk.options.preferences.theme_folder):
            self.tell(problem, severity="warning")
        if wanted in self.available_themes:
            self.theme = wanted

    @work(group="load")
    async def _load(self) -> None:
        try:
            async with asyncio.timeout(_LOAD_S):
                await self.chat.load()
        except TimeoutError:
            self._load_late()
        except SmschatError as error:
            self.complain(error)
        self.call_after_refresh(self._type_early)

    @work(group="load")
    async def _load_late(self) -> None:
        try:
            await self.chat.load()
        except SmschatError as error:
            self.complain(error)

    async def _type_early(self) -> None:
        """What was typed before the list was there."""
        early, self._early = self._early or [], None
        for key in early:
            await self.on_event(key)

    def holds_back(self, event: events.Key) -> bool:
        """Whether it was typed before the list was there; leaving waits for nothing."""
        if self._early is None or event.key in keys_of("quit", self.desk.rebound):
            return False
        self._early.append(event)
        return True

    def takes_as_it_is(self, target: Widget | None, event: events.Key) -> bool:
        """Past the binding that sends: an Enter with more behind it is a line end of a paste."""
        return target is self.chat.talk.composer and event.key == "enter" and event.character == FOLLOWED

    async def on_news(self, event: News) -> None:
        """Something has changed."""
        event.stop()
        taken = self.bridge.take()
        await self.chat.take(taken)
        self._telling.hear(taken)
        for screen in self.screen_stack:
            if isinstance(screen, Aside):
                screen.hear(taken)
        for change in taken.changes:
            if isinstance(change, HealthChanged) and change.foreign_url is not None:
                self._ask_about(change.foreign_url)
            elif isinstance(change, HealthChanged) and (sentence := self._faults.sentence(change)):
                self.tell(sentence, severity="warning")

    def on_totals_line_counted(self, event: TotalsLine.Counted) -> None:
        """The window's title tells of unread SMS; Textual's own title would repaint the whole screen for it."""
        event.stop()
        if isinstance(self._driver, Terminal):
            self._driver.set_title(f"smschat ({event.unread})" if event.unread else "smschat")

    def _ring(self, sequence: str) -> None:
        if isinstance(self._driver, Terminal):
            self._driver.write(sequence)

    def watch_app_focus(self, has_focus: bool) -> None:  # noqa: FBT001 - Textual's signature
        """Somebody looks again: what is on the screen has been read."""
        if has_focus and self.is_running:
            self.chat.talk.look_read()

    def on_sending_complained(self, event: Sending.Complained) -> None:
        """Something did not work."""
        event.stop()
        self.complain(event.error)

    def on_line_view_read_failed(self, event: LineView.ReadFailed) -> None:
        """A page could not be read."""
        event.stop()
        self.complain(event.error)

    def on_composer_complained(self, event: Composer.Complained) -> None:
        """A paste was not taken as it came."""
        event.stop()
        self.tell(event.text, severity="warning")

    def action_copy(self) -> None:
        """Somebody pressed ctrl+c in the composer, where nothing is selected."""
        self.chat.action_copy()

    async def action_quit(self) -> None:
        """Leave; drafts go to the disk first. Asks once where an SMS can still be taken back and is not sent yet."""
        if self.chat.talk.take_backs.left_s() and self.screen is self.chat:
            self._ask_to_leave()
        else:
            await self._leave(0)

    @work(group="leave")
    async def _ask_to_leave(self) -> None:
        question = "what you sent last still waits to be taken back, and goes out when smschat runs again"
        if await self.desk.ask(question, "Leave all the same"):
            await self._leave(0)

    async def action_set_up(self) -> None:
        """Leave for the set-up; drafts go to the disk first."""
        await self._leave(SET_UP)

    async def action_switch(self, profile: str) -> None:
        """Leave for another profile; drafts go to the disk first."""
        self._runtime.next_profile = profile
        await self._leave(SWITCH)

    async def _leave(self, code: int) -> None:
        self.chat.talk.leave_rest()
        self.chat.talk.leave()
        await asyncio.to_thread(self.drafts.flush, _LAST_SAVE_S)
        self.exit(code, return_code=code)

    def on_unmount(self) -> None:
        """Hear nothing more."""
        self.bridge.detach()
