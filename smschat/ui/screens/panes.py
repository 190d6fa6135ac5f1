"""The panes of the chat: list, messages and composer in three layouts, and where the focus is among them.

The rule: the focus moves at once, inside the key that moves it, so that the next key already acts in the new pane.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from smschat.domain.delivery import Status
from smschat.ui.actions import BY_ID, Where
from smschat.ui.bindings import bindings_of
from smschat.ui.keys import hint, key_name
from smschat.ui.rows import RAIL_FROM, TALL_FROM, TWO_PANES_FROM
from smschat.ui.widgets.chats import Chats, TotalsLine
from smschat.ui.widgets.filter_line import FilterLine
from smschat.ui.widgets.header import Header
from smschat.ui.widgets.sending import can_resend
from smschat.ui.widgets.talk import Talk

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.geometry import Size
    from textual.widget import Widget

    from smschat.ui.actions import Action
    from smschat.ui.desk import Desk
    from smschat.ui.widgets.transcript import Transcript

BROAD_FROM: Final = 120
"""Columns from which there is room for the wire beside list and conversation."""

_TURNS: Final = 16
"""Turns of the event loop: a message and the repaint that it asks for take about six."""

_READ_S: Final = 0.001
_LONGEST_S: Final = 0.05
"""Seconds that a frame waits for a conversation that is being read."""


class Panes(Screen[None], inherit_bindings=False):
    """Two panes from 100 columns, a rail from 60, one pane below.

    Args:
        desk: what the screens share.
        size: of the terminal, so that the first frame has the right layout already.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Where.EVERYWHERE)
    AUTO_FOCUS = "Chats"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's declaration is not a class variable to mypy
        (0, "-one"),
        (RAIL_FROM, "-rail"),
        (TWO_PANES_FROM, "-two"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - as above
        (0, "-short"),
        (TALL_FROM, "-tall"),
    ]

    def __init__(self, desk: Desk, size: Size) -> None:
        super().__init__()
        self.desk = desk
        self._gathers_until: float | None = None
        self._is_gathered = self._is_laying_out = False
        self.header = Header(desk, id="header")
        self.chats = Chats(
            desk.bridge, now=desk.now, marks=desk.marks, own=desk.options.number, mask=desk.mask, id="chats"
        )
        self.filter_line = FilterLine(desk, id="filter")
        self.totals = TotalsLine(desk, id="totals")
        self.talk = Talk(desk, id="talk")
        self.set_class(desk.marks.ascii, "-ascii")
        for breakpoints, extent in (
            (self.HORIZONTAL_BREAKPOINTS, size.width),
            (self.VERTICAL_BREAKPOINTS, size.height),
        ):
            self.add_class([name for least, name in breakpoints if extent >= least][-1])

    async def _on_idle(self, event: events.Idle) -> None:
        """Let what a key has set off finish first: one repaint for all of it, and not another a frame later.

        Textual paints at once what comes after a pause, and what follows from it one period later.
        """
        is_due = self._dirty_widgets or self._layout_required or self._scroll_required or self._repaint_required
        if is_due and self._gathers_until is None and not self._is_gathered:
            self._gathers_until = monotonic() + _LONGEST_S
            self._gather(_TURNS)
        if self._gathers_until is not None:
            event.prevent_default()
        self._is_gathered = False

    def _gather(self, turns: int) -> None:
        """So many turns of the event loop; and a conversation that is being read belongs to the same frame."""
        loop = asyncio.get_running_loop()
        if turns:
            loop.call_soon(self._gather, turns - 1)
        elif self.talk.is_reading and self._gathers_until is not None and monotonic() < self._gathers_until:
            loop.call_later(_READ_S, self._gather, _TURNS)
        else:
            self._gathers_until, self._is_gathered = None, True
            self.check_idle()

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:  # noqa: FBT001, FBT002 - Textual's
        """Let the widgets answer to their new sizes before the frame is painted; the very first one does not wait."""
        self._is_laying_out = self.app._dom_ready and not self.app._batch_count  # noqa: SLF001 - Textual's own
        try:
            super()._refresh_layout(size, scroll)
        finally:
            self._is_laying_out = False

    def _compositor_refresh(self) -> None:
        if self._is_laying_out:
            self._paint_after(_TURNS)
        else:
            super()._compositor_refresh()

    def _paint_after(self, turns: int) -> None:
        if turns:
            asyncio.get_running_loop().call_soon(self._paint_after, turns - 1)
        else:
            self.call_later(self._paint_layout)

    def _paint_layout(self) -> None:
        self._compositor.update_widgets(self._dirty_widgets)
        super()._compositor_refresh()

    def compose(self) -> ComposeResult:
        """Header, list, conversation."""
        yield self.header
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield self.filter_line
                yield self.chats
                yield self.totals
            yield self.talk
            yield Static(_welcome(), id="welcome")

    @property
    def shows_both(self) -> bool:
        """Whether list and conversation are on the screen together."""
        return self.size.width >= RAIL_FROM

    @property
    def panes(self) -> list[Widget]:
        """The panes that are on the screen, from left to right."""
        is_open, is_hidden = self.has_class("-open"), self.has_class("-no-list")
        panes: list[Widget] = [] if (is_hidden if self.shows_both else is_open) else [self.chats]
        if self.talk.conversation is not None and (self.shows_both or is_open):
            panes += [self.talk.messages, self.talk.composer]
        return panes

    def look(self) -> None:
        """Show what the cursor of the list is on."""
        raise NotImplementedError

    def action_pane_next(self) -> None:
        """Round the panes; where a shortcode is being typed, take what is offered for it."""
        if not self.talk.complete():
            self._to_pane(1, around=True)

    def action_pane_previous(self) -> None:
        """Round the panes, the other way."""
        self._to_pane(-1, around=True)

    def action_pane_right(self) -> None:
        """To the right, and no further than the composer."""
        self._to_pane(1)

    def action_pane_left(self) -> None:
        """To the left, and no further than the list."""
        self._to_pane(-1)

    def _to_pane(self, by: int, *, around: bool = False) -> None:
        if self.focused is self.chats:
            self.look()
        panes = self.panes
        index = panes.index(self.focused) + by if self.focused in panes else 0
        if panes and (around or 0 <= index < len(panes)):
            self.set_focus(panes[index % len(panes)])

    def action_back(self) -> None:
        """Composer, messages, list; the list comes back if it is hidden. A selection ends first."""
        if self.focused is self.talk.messages and self.talk.messages.end_selection():
            return
        if self.focused is self.talk.composer:
            self.set_focus(self.talk.messages)
        elif self.focused is not self.chats:
            self.remove_class("-open", "-no-list")
            self.set_focus(self.chats)

    def action_toggle_list(self) -> None:
        """Hide the list, or show it again; a list that is alone on the screen stays."""
        if not self.shows_both or self.talk.conversation is None:
            return
        self.toggle_class("-no-list")
        if self.has_class("-no-list") and self.focused is self.chats:
            self.set_focus(self.talk.messages)

    def action_options(self) -> None:
        """Choose what is to be said of the next SMS."""
        self.talk.choose_options()

    async def perform(self, action: Action) -> None:
        """Do what a key of the table does, wherever the focus is; for the command palette."""
        panes: dict[Where, Widget] = {Where.COMPOSER: self.talk.composer, Where.MESSAGES: self.talk.messages}
        is_ours = action.method.startswith(("screen.", "app."))
        target: Widget | Screen[None] = self if is_ours else panes.get(action.where[0], self)
        await self.app.run_action(action.method.removeprefix("screen."), target)

    def on_resize(self, event: events.Resize) -> None:
        """The list becomes a rail, or itself again."""
        self.chats.rail = RAIL_FROM <= event.size.width < TWO_PANES_FROM
        self.totals.is_narrow = self.chats.rail
        self.set_class(event.size.width >= BROAD_FROM, "-broad")
        self.refresh_hints()

    def on_descendant_focus(self) -> None:
        """Say which keys act here, and keep the pane with the focus on a screen that becomes narrow."""
        self.set_class(self.focused is not self.chats and not self.filter_line.is_typing, "-open")
        if self.focused in {self.talk.messages, self.talk.composer}:
            self.talk.set_open()
        self.talk.end_aside()
        self.refresh_hints()

    def on_transcript_selected(self, event: Transcript.Selected) -> None:
        """Another SMS may have another key."""
        event.stop()
        self.refresh_hints()

    def remask(self) -> None:
        """The mask was put on or taken off: what was said at the foot may quote something."""
        self.talk.end_aside()
        self.refresh_hints()

    def refresh_hints(self) -> None:
        """Say at the foot which keys act now."""
        if self.focused is self.talk.composer:
            ids = ["composer.send", "composer.options", "help"]
        elif self.focused is self.talk.messages:
            selected = self.talk.messages.selected
            resend = ["message.resend"] if selected is not None and can_resend(selected) else []
            if selected is not None and selected.status is Status.SCHEDULED:
                resend = ["message.take_back", "composer.later"]
            ids = [*resend, *(["message.details", "message.yank"] if selected else []), "help"]
        else:
            ids = ["conversation.open", "conversation.new", "help"]
        hints = [hint(name, self.desk.rebound) for name in ids]
        self.talk.say_hints(*hints)
        self.totals.say_hints(*([] if self.shows_both else hints))


def _welcome() -> Content:
    new, help_key = (key_name(BY_ID[name].keys[0]) for name in ("conversation.new", "help"))
    return Content.assemble(
        ("No conversations yet\n\n", "bold"),
        (new, "bold"), " writes to a number\n", (help_key, "bold"), " shows every key",
    )  # fmt: skip
