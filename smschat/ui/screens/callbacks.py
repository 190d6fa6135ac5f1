"""The log of callbacks: what has reached the webhook, newest first, live.

The rule: the cursor stays on its callback while others come above it, unless it is on the newest; then it stays there.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Final

from rich.cells import cell_len
from textual import work
from textual.binding import Binding
from textual.content import Content

from smschat.domain.callbacks import Kind
from smschat.errors import SmschatError
from smschat.messaging.callback_words import became, fields_of, gist_of, who_of
from smschat.ui import render
from smschat.ui.render import Ink, Piece
from smschat.ui.screens.over import Over
from smschat.ui.widgets.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.binding import BindingType
    from textual.widget import Widget

    from smschat.domain.callbacks import KeptCallback
    from smschat.ui.bridge import Taken
    from smschat.ui.desk import Desk
    from smschat.ui.render import Line

PAGE: Final = 100
LOOK_AGAIN_S: Final = 1.0
"""Seconds: callbacks that change no SMS are announced to nobody."""

_BECAME: Final = 18
_WHO: Final = 15
_LEAST_GIST: Final = 12
_DAY: Final = timedelta(days=1)
_NONE: Final = "nothing yet; F9 shows where it listens"


class CallbackList(Picker):
    """The callbacks that were read, a line each."""

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(marks=desk.marks, id=id)
        self._desk = desk
        self.kept: list[KeptCallback] = []
        self._words: dict[str, tuple[str, str, str]] = {}

    @property
    def count(self) -> int:
        """How many were read."""
        return len(self.kept)

    @property
    def chosen(self) -> KeptCallback | None:
        """The one under the cursor; None: there is none."""
        return self.kept[self.index] if self.index < len(self.kept) else None

    def add_newer(self, newer: Sequence[KeptCallback]) -> None:
        """Others came; newest first."""
        stays = self.index
        self.kept = [*newer, *self.kept]
        self.recount(stays + len(newer) if stays else 0)

    def add_older(self, older: Sequence[KeptCallback]) -> None:
        """Another page."""
        self.kept += older
        self.recount(self.index)

    def lines_of(self, index: int) -> tuple[Line, ...]:
        """When, what it became, who, what it says; who and what go first where there is no room."""
        kept, marks, mask = self.kept[index], self.marks, self._desk.mask
        said, who, gist = self._words_of(kept)
        bad = kept.kind in {Kind.UNREADABLE, Kind.REFUSED} or kept.outcome == "quarantined"
        state = f"{said:<{_BECAME}}"
        line = [
            Piece(" "),
            Piece(self._when(kept), Ink.TIME),
            Piece("  "),
            Piece(state, Ink.FAILED if bad else Ink.TEXT),
        ]
        room = self.size.width - 1 - sum(cell_len(piece.text) for piece in line)
        if room < _LEAST_GIST:
            return (tuple(line),)
        name = render.clip(mask.number(who), min(_WHO, room - 1), marks.ellipsis)
        line += [Piece(" "), Piece(name + " " * (_WHO - cell_len(name)), Ink.NAME)]
        room -= _WHO + 2
        if room >= _LEAST_GIST:
            line += [Piece(" "), Piece(render.clip(mask.text(gist), room, marks.ellipsis), Ink.HINT)]
        return (tuple(line),)

    def _words_of(self, kept: KeptCallback) -> tuple[str, str, str]:
        if kept.id not in self._words:
            fields = fields_of(kept.raw)
            self._words[kept.id] = became(kept), who_of(kept, fields), gist_of(kept, fields)
        return self._words[kept.id]

    def _when(self, kept: KeptCallback) -> str:
        """The time of today, with the day before it where it is another."""
        now = self._desk.now()
        at = render.local(kept.raw.received_at, render.zone_of(now))
        if now - kept.raw.received_at < _DAY:
            return f"{at:%H:%M:%S}"
        return f"{at.day:>2} {render.MONTHS[at.month - 1][:3]}  "


class CallbacksScreen(Over):
    """The log."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,q", "dismiss", "Back", show=False, priority=True),
        Binding("enter", "show", "Show it", show=False, priority=True),
        Binding("y,ctrl+c", "yank", "Copy as JSON", show=False, priority=True),
        Binding("down,j", "move(1)", "Down", show=False, priority=True),
        Binding("up,k", "move(-1)", "Up", show=False, priority=True),
        Binding("pagedown,space", "turn(1)", "Page down", show=False, priority=True),
        Binding("pageup", "turn(-1)", "Page up", show=False, priority=True),
        Binding("g,home", "move(-1000000)", "The newest", show=False, priority=True),
        Binding("G,end", "move(1000000)", "The oldest that was read", show=False, priority=True),
    ]
    HINTS = ("y copy its JSON", "Enter show")

    def __init__(self, desk: Desk, *, is_whole: bool = False) -> None:
        super().__init__(desk, is_whole=is_whole)
        self.log_list = CallbackList(desk, id="callbacks")
        self._is_whole = is_whole
        self._is_read = False
        self._has_all = False

    def compose_body(self) -> Iterable[Widget]:
        """The list."""
        yield self.log_list

    def on_mount(self) -> None:
        """Read, and look again every second."""
        self.say_head(Content.styled("Callbacks", "bold"), ": what has reached the webhook")
        self._look()
        self.set_interval(LOOK_AGAIN_S, self._look)

    def hear(self, taken: Taken) -> None:
        """Something has changed, perhaps by a callback."""
        if taken.changes or taken.lost:
            self._look()

    def remask(self) -> None:
        """The mask was put on or taken off."""
        self.log_list.refresh()

    def on_picker_picked(self) -> None:
        """A click."""
        self.action_show()

    def on_picker_near_end(self) -> None:
        """The oldest that were read come into sight."""
        if self._is_read and not self._has_all:
            self._read_older()

    def action_move(self, by: int) -> None:
        """So many on."""
        self.log_list.move(by)

    def action_turn(self, by: int) -> None:
        """So many screens on."""
        self.log_list.turn(by)

    def action_show(self) -> None:
        """Show all of the one under the cursor."""
        kept = self.log_list.chosen
        if kept is not None:
            from smschat.ui.screens.callback import CallbackScreen  # noqa: PLC0415 - only where one is shown

            self.app.push_screen(CallbackScreen(self.desk, kept, is_whole=self._is_whole))

    def action_yank(self) -> None:
        """Copy the document that scripts get."""
        from smschat.ui.screens.callback import json_of  # noqa: PLC0415 - as above

        kept = self.log_list.chosen
        if kept is not None:
            self.app.copy_to_clipboard(json_of(kept))
            self.say("copied as JSON")

    @work(group="callbacks", exclusive=True)
    async def _look(self) -> None:
        """Read what is newer than what was read."""
        try:
            newer = await self._newer()
        except SmschatError as error:
            self.say(error.message)
            return
        is_first, self._is_read = not self._is_read, True
        if newer:
            self.log_list.add_newer(newer)
        if newer or is_first:
            self._say_count()

    async def _newer(self) -> list[KeptCallback]:
        known = int(self.log_list.kept[0].id) if self.log_list.kept else None
        newer: list[KeptCallback] = []
        while True:
            before = int(newer[-1].id) if newer else None
            page = await self.desk.bridge.call(
                lambda messenger, before=before: messenger.callbacks(before=before, limit=PAGE)  # type: ignore[misc]  # bound now
            )
            fresh = [kept for kept in page if known is None or int(kept.id) > known]
            newer += fresh
            if known is None or len(fresh) < PAGE:
                return newer

    @work(group="older", exclusive=True)
    async def _read_older(self) -> None:
        kept = self.log_list.kept
        if not kept:
            return
        last = int(kept[-1].id)
        try:
            older = await self.desk.bridge.call(lambda messenger: messenger.callbacks(before=last, limit=PAGE))
        except SmschatError as error:
            self.say(error.message)
            return
        self._has_all = len(older) < PAGE
        self.log_list.add_older(older)
        self._say_count()

    def _say_count(self) -> None:
        count = self.log_list.count
        more = "" if self._has_all else " or more"
        noun = "callback" if count == 1 else "callbacks"
        if count:
            self.say(f"{count}{more} {noun}")
        else:
            self.say(_NONE, hints=())
