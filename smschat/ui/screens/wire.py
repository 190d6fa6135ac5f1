"""The wire of an SMS over the whole of a narrow screen, live.

The rule: the same lines as beside a conversation; only the place is another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.content import Content

from smschat.domain.changes import ExchangeSeen, SmsChanged
from smschat.ui.screens.aside import Aside
from smschat.ui.widgets.bar import Bar, hints_of
from smschat.ui.widgets.wire_pane import WirePane

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from smschat.domain.sms import Sms
    from smschat.ui.bridge import Taken
    from smschat.ui.desk import Desk


class WireScreen(Aside[None]):
    """What goes over the wire for one SMS.

    Args:
        desk: what the screens share.
        sms: whose wire; None: there is no SMS yet.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,w", "leave", "Close", show=False, priority=True),
        Binding("j,down", "move(1)", "Down", show=False, priority=True),
        Binding("k,up", "move(-1)", "Up", show=False, priority=True),
        Binding("space,pagedown", "turn(1)", "A screen down", show=False, priority=True),
        Binding("b,pageup", "turn(-1)", "A screen up", show=False, priority=True),
        Binding("g,home", "move(-100000)", "Top", show=False, priority=True),
        Binding("G,end", "move(100000)", "Bottom", show=False, priority=True),
    ]

    def __init__(self, desk: Desk, sms: Sms | None) -> None:
        super().__init__()
        self.pane = WirePane(desk, sms)
        self._foot = Bar(keeps_left=True)
        self.set_class(desk.marks.ascii, "-ascii")

    def compose(self) -> ComposeResult:
        """The wire, the keys."""
        yield self.pane
        yield self._foot

    def on_mount(self) -> None:
        """Say the keys."""
        first, *fewer = hints_of(("Esc back", "j k scroll"))
        self._foot.show(Content(""), first, shorter_rights=fewer)

    def hear(self, taken: Taken) -> None:
        """Something passed, or the SMS has moved."""
        for change in taken.changes:
            if isinstance(change, ExchangeSeen):
                self.pane.see(change.exchange)
            elif isinstance(change, SmsChanged):
                self.pane.apply(change.sms)

    def action_move(self, lines: int) -> None:
        """Some lines on, or back."""
        self.pane.lines.jump(self.pane.lines.top + lines)

    def action_turn(self, screens: int) -> None:
        """A screen on, or back."""
        self.action_move(screens * max(self.pane.lines.size.height - 2, 1))

    async def action_leave(self) -> None:
        """Look no more."""
        await self.pane.tap(is_on=False)
        self.dismiss(None)
