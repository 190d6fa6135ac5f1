"""What every step's page is: a title, what it is for, its fields, what the checks found, and the way on.

The rule: typing never waits. A check is begun when its fields are left and stopped when one of them changes, so an
answer to what is no longer there is never shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult  # noqa: TC002 - Textual reads the annotation of `compose`
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widgets import Button, Input, Static
from textual.worker import WorkerCancelled

from smschat.domain.checks import fault_of
from smschat.errors import SmschatError
from smschat.ui.setup.choices import Choices
from smschat.ui.setup.fields import Field, Line, Press
from smschat.ui.setup.findings import Findings
from smschat.ui.setup.progress import State
from smschat.ui.setup.words import TITLES, WHY, missing, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.widget import Widget
    from textual.worker import Worker

    from smschat.domain.checks import Check
    from smschat.domain.secret import Secret
    from smschat.runtime import RuntimeThread
    from smschat.runtime.setup import Setup
    from smschat.settings import Account, Place
    from smschat.ui.render import Marks
    from smschat.ui.setup.engine import Engine
    from smschat.ui.setup.progress import Step

_CHECK: Final = "check"
_NEXT: Final = "next"


@dataclass(kw_only=True)
class Given:
    """What was typed on one page and is needed on another.

    Attributes:
        api_url: None: as the settings have it.
        place: where secrets are kept; None: nowhere, or not asked yet.
        is_place_chosen: whether `place` was decided on.
    """

    client_id: str | None = None
    client_secret: Secret | None = field(default=None, repr=False)
    api_url: str | None = None
    number: str | None = field(default=None, repr=False)
    account: Account | None = None
    place: Place | None = None
    is_place_chosen: bool = False


@dataclass(kw_only=True)
class Bench:
    """What the pages share; one for each set-up.

    Attributes:
        thread: the runtime of the round trip, started; None while there is none.
    """

    setup: Setup
    engine: Engine
    marks: Marks
    given: Given = field(default_factory=Given)
    thread: RuntimeThread | None = None

    async def end_thread(self) -> None:
        """Close the runtime of a round trip: other settings are coming, or its tunnel is wanted."""
        thread, self.thread = self.thread, None
        if thread is not None:
            await self.engine.block(lambda: thread.stop(_STOP_S))


_STOP_S: Final = 5.0


class Page(VerticalScroll, can_focus=False):
    """A step's page."""

    name_of: ClassVar[str]
    """By which `words` has its texts."""

    step: ClassVar[Step | None] = None

    class Ended(Message):
        """The step has come to an end; the next one is wanted."""

        def __init__(self, page: Page, state: State, note: str = "") -> None:
            super().__init__()
            self.page, self.state, self.note = page, state, note

    class Stood(Message):
        """How the step stands, while one stays at it."""

        def __init__(self, page: Page, state: State) -> None:
            super().__init__()
            self.page, self.state = page, state

    def __init__(self, bench: Bench) -> None:
        super().__init__(id=self.name_of)
        self.bench = bench
        self.findings = Findings(bench.marks, id=f"{self.name_of}-findings")
        self.found: Check | None = None
        self._checking: Worker[Any] | None = None
        self._looked_at = 0

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

    def blanks(self) -> list[Widget]:
        """The fields that still have to be filled in, in order; hidden ones are none."""
        return [one.line for one in self.query(Field) if one.is_blank]

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
        if not await self._is_checked():
            return
        try:
            note = await self.keep()
        except SmschatError as error:
            self.show_found(fault_of("keep", error))
        else:
            self.post_message(self.Ended(self, State.OK, note))

    async def _is_checked(self) -> bool:
        """Whether what stands there now was checked and may be kept; a check that is under way is waited for.

        What is no fault and still asks for something is read first: the second press goes on.
        """
        if self.found is not None and not self.found.is_fault:
            return True
        worker = self._checking or self.begin_check()
        try:
            await worker.wait()
        except WorkerCancelled:
            return False
        return self.found is not None and not self.found.is_fault and not self.found.fix

    def begin_check(self) -> Worker[Any]:
        """Begin to check what stands there now."""
        self._looked_at = self._stands()
        self._checking = self._check()
        return self._checking

    @work(group=_CHECK, exclusive=True)
    async def _check(self) -> None:
        self.found = None
        self.findings.say(busy=self.busy)
        self.show_found(await self.check())
        self._checking = None

    def show_found(self, check: Check | None) -> None:
        """Say what a check found."""
        self.found = check
        self.findings.say([check] if check is not None else [])
        is_fault = check is not None and check.is_fault
        self.post_message(self.Stood(self, State.FAULT if is_fault else State.TO_DO))

    def forget_found(self) -> None:
        """What was found is of something that is no longer there."""
        self.workers.cancel_group(self, _CHECK)
        self._checking = None
        if self.found is not None or self.findings.said:
            self.found = None
            self.findings.say()
            self.post_message(self.Stood(self, State.TO_DO))

    busy: ClassVar[str] = "checking"
    """What is said while a check is under way."""

    async def check(self) -> Check | None:
        """Look at what stands there; None: there is nothing to say."""
        return None

    async def keep(self) -> str:
        """Keep what stands there; a note for the list of steps.

        Raises:
            SmschatError: it cannot be kept.
        """
        return ""

    def what_is_missing(self) -> str:
        """Which fields have to be filled in."""
        return "fill this in first, or skip this step"

    @on(Choices.Changed)
    @on(Input.Changed)
    def _changed(self, event: Message) -> None:
        """News of a change may come later than the key that began the check of it."""
        event.stop()
        if self._looked_at != self._stands():
            self.forget_found()
        self.typed()

    def _stands(self) -> int:
        """What stands there now, as a number that differs when it does: it may be secret."""
        lines = tuple(line.value for line in self.query(Line))
        return hash((lines, tuple(choices.index for choices in self.query(Choices))))

    def typed(self) -> None:
        """Something was typed or chosen."""

    @on(Line.Left)
    def _left(self, event: Line.Left) -> None:
        event.stop()
        if self.found is None and self._checking is None and self.checks_when_left and not self.blanks():
            self.begin_check()

    checks_when_left: ClassVar[bool] = False
    """Whether leaving a field is enough to begin the check."""

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
