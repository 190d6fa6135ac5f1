"""Whether there is an ngrok agent, and the button that fetches one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Static

from smschat.ui.setup.fields import Press
from smschat.ui.setup.findings import Findings
from smschat.ui.setup.words import spelled

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from smschat.domain.checks import Check
    from smschat.ui.render import Marks
    from smschat.ui.setup.bench import Bench

_BAR_CELLS: Final = 24
_FETCHED: Final = "the button fetches it from bin.ngrok.com, about 10 MB, and puts it into your home folder"


class Agent(Vertical):
    """The agent's line; nothing is fetched that nobody asked for."""

    DEFAULT_CSS = "Agent { height: auto; }"

    class Came(Message):
        """Bytes of the agent have come; None: nobody knows how many are left."""

        def __init__(self, percent: int | None) -> None:
            super().__init__()
            self.percent = percent

    def __init__(self, bench: Bench) -> None:
        super().__init__(id="agent")
        self._bench = bench
        self.found: Check | None = None
        self._findings = Findings(bench.marks, comes_into_view=False, id="agent-findings")
        self._install = Press("Install ngrok", id="agent-install")
        self._bar = Static("", id="agent-bar", markup=False)
        self._install.display = False

    def compose(self) -> ComposeResult:
        """What was found, then the way to get one."""
        yield self._findings
        yield self._install
        yield self._bar
        self._bar.display = False

    @work(group="agent", exclusive=True)
    async def look(self) -> None:
        """Find it."""
        if self.found is None:
            self._findings.say(busy="looking for the ngrok agent")
        await self._say(await self._bench.engine.call(self._bench.setup.find_agent))

    @on(Button.Pressed, "#agent-install")
    def _wanted(self, event: Button.Pressed) -> None:
        event.stop()
        self._fetch()

    @work(group="agent", exclusive=True)
    async def _fetch(self) -> None:
        setup = self._bench.setup
        self._install.display = False
        self._findings.say()
        self._bar.display = True
        self._bar.update(progress(None, self._bench.marks))

        def tell(percent: int | None) -> None:
            self.post_message(self.Came(percent))

        try:
            check = await self._bench.engine.call(lambda: setup.install_agent(tell))
        finally:
            self._bar.display = False
        await self._say(check)

    def on_agent_came(self, event: Came) -> None:
        """Draw how much of it is there."""
        event.stop()
        self._bar.update(progress(event.percent, self._bench.marks))

    async def _say(self, check: Check) -> None:
        self.found = check
        # One that the settings name is never replaced by another, and an old one is not made newer by a second.
        can_fetch = check.is_fault and "install" in check.fix and self._bench.setup.settings.ngrok_path is None
        self._findings.say([replace(check, fix=_FETCHED) if can_fetch else check])
        self._install.display = can_fetch


def progress(percent: int | None, marks: Marks) -> Content:
    """How much of the agent has come; the number stands beside the bar."""
    if percent is None:
        return Content(spelled("Fetching ngrok…", marks))
    full = min(max(percent, 0), 100) * _BAR_CELLS // 100
    done, rest = ("#", "-") if marks.ascii else ("━", "─")
    return Content.assemble(
        "Fetching ngrok  ", (done * full, "$primary"), (rest * (_BAR_CELLS - full), "$border"), f"  {percent} %"
    )
