"""What every step's page is: a title, what it is for, its fields, what the checks found, and the way on.

The rule: whoever goes on keeps what is right, and whoever passes over a step or goes back changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.app import ComposeResult  # noqa: TC002 - Textual reads the annotation of `compose`
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Button, Static

from smschat.domain.checks import fault_of
from smschat.errors import SmschatError
from smschat.ui.setup.checking import Checking
from smschat.ui.setup.choices import Choices
from smschat.ui.setup.fields import Press
from smschat.ui.setup.progress import State
from smschat.ui.setup.words import TITLES, WHY, missing, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.widget import Widget


_NEXT: Final = "next"


class Page(Checking, can_focus=False):
    """A step's page."""

    class Ended(Message):
        """The step has come to an end; the next one is wanted."""

        def __init__(self, page: Page, state: State, note: str = "") -> None:
            super().__init__()
            self.page, self.state, self.note = page, state, note

    def compose(self) -> ComposeResult:
        """Title, explanation, fields, findings, keys."""
        marks = self.bench.marks
        yield Static(spelled(TITLES[self.name_of], marks), classes="title", markup=False)
        yield Static(spelled(WHY[self.name_of], marks), classes="why", id=f"why-{self.name_of}", markup=False)
        yield from self.compose_body()
        yield self.findings
        yield Horizontal(*self.keys(), classes="presses")

    def compose_body(self) -> ComposeResult:
        """What stands between the explanation and the findings."""
        yield from ()

    def keys(self) -> Sequence[Press]:
        """The buttons at the end."""
        return (Press("Next", is_first=True, id=f"{self.name_of}-next"), self.skip_key())

    def skip_key(self) -> Press:
        """Passing over it is always possible."""
        return Press("Skip this step", id=f"{self.name_of}-skip")

    def first(self) -> Widget | None:
        """What has the focus when the page comes."""
        return next(iter(self.blanks()), None) or self.query_one(f"#{self.name_of}-next", Press)

    def came(self) -> None:
        """The page has come onto the screen."""

    def enter(self, at: Widget | None) -> None:
        """Enter: to the next field that is empty, and on when there is none."""
        if isinstance(at, Choices) and at.value is None:
            at.choose()
        following = [one for one in self.blanks() if one is not at]
        if following:
            self.screen.set_focus(following[0])  # at once: what is typed next is meant for it
        else:
            self.go_on()

    @work(group=_NEXT, exclusive=True)
    async def go_on(self) -> None:
        """Check what is not checked yet, keep it, and ask for the next step."""
        blanks = self.blanks()
        if blanks:
            self.screen.set_focus(blanks[0])
            self.findings.say([missing("fields", self.what_is_missing())])
            return
        if not await self.is_checked():
            return
        try:
            note = await self.keep()
        except SmschatError as error:
            self.show_found(fault_of("keep", error))
        else:
            self.post_message(self.Ended(self, State.OK, note))

    async def keep(self) -> str:
        """Keep what stands there; a note for the list of steps.

        Raises:
            SmschatError: it cannot be kept.
        """
        return ""

    def what_is_missing(self) -> str:
        """Which fields have to be filled in."""
        return "fill this in first, or skip this step"

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        pressed = (event.button.id or "").removeprefix(f"{self.name_of}-")
        does = self.presses().get(pressed)
        if does is not None:
            does()

    def presses(self) -> dict[str, Callable[[], object]]:
        """What the buttons do, by the end of their id."""
        return {"next": self.go_on, "skip": self.skip}

    def skip(self) -> object:
        """Pass over the step."""
        self.stop_going_on()
        self.post_message(self.Ended(self, State.SKIPPED))
        return None

    def stop_going_on(self) -> None:
        """Whoever goes back, or passes over the step, waits for nothing here any more."""
        self.workers.cancel_group(self, _NEXT)
        self.forget_found()

    @property
    def is_current(self) -> bool:
        """Whether it is on the screen."""
        return self.display and self.is_attached
