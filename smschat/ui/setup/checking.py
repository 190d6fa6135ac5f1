"""The half of a page that checks what stands on it, and says what was found.

The rule: typing never waits. A check is begun when its fields are left and stopped when one of them changes, so an
answer to what is no longer there is never shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on, work
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Input
from textual.worker import WorkerCancelled

from smschat.ui.setup.choices import Choices
from smschat.ui.setup.fields import Field, Line
from smschat.ui.setup.findings import Findings
from smschat.ui.setup.progress import State

if TYPE_CHECKING:
    from textual.widget import Widget
    from textual.worker import Worker

    from smschat.domain.checks import Check
    from smschat.ui.setup.bench import Bench
    from smschat.ui.setup.progress import Step

_CHECK: Final = "check"


class Checking(VerticalScroll, can_focus=False):
    """Fields, and what was found of them."""

    name_of: ClassVar[str]
    """By which `words` has its texts."""

    step: ClassVar[Step | None] = None

    busy: ClassVar[str] = "checking"
    """What is said while a check is under way."""

    checks_when_left: ClassVar[bool] = False
    """Whether leaving a field is enough to begin the check."""

    class Stood(Message):
        """How the step stands, while one stays at it."""

        def __init__(self, page: Checking, state: State) -> None:
            super().__init__()
            self.page, self.state = page, state

    def __init__(self, bench: Bench) -> None:
        super().__init__(id=self.name_of)
        self.bench = bench
        self.findings = Findings(bench.marks, id=f"{self.name_of}-findings")
        self.found: Check | None = None
        self._checking: Worker[Any] | None = None
        self._looked_at = 0

    def blanks(self) -> list[Widget]:
        """The fields that still have to be filled in, in order; hidden ones are none."""
        return [one.line for one in self.query(Field) if one.is_blank]

    async def check(self) -> Check | None:
        """Look at what stands there; None: there is nothing to say."""
        return None

    async def is_checked(self) -> bool:
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
