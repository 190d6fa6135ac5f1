"""The line above the list: which conversations it shows, and where one types what they are to have in their name.

The rule: the line to type in is made when it is first wanted, so that nobody waits for it at the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message

from smschat.domain.conversation import Filter, Shelf
from smschat.ui import shelves
from smschat.ui.keys import key_name, keys_of
from smschat.ui.render import content
from smschat.ui.widgets.bar import Bar, hints_of

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widgets import Input

    from smschat.ui.desk import Desk
    from smschat.ui.widgets.form import Line

_DIM = "$foreground 70%"


class FilterLine(Horizontal):
    """`/ filter`, or what the list is narrowed to.

    Args:
        desk: what the screens share.
    """

    @dataclass
    class Typed(Message):
        """The list is to show those who have this in their name or number."""

        text: str

    @dataclass
    class Entered(Message):
        """Enter: the first one is wanted."""

    @dataclass
    class Clicked(Message):
        """Somebody wants to type here."""

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._desk = desk
        self._bar = Bar(keeps_left=True, id="filter-bar")
        self._line: Line | None = None
        self._wanted = Filter()

    @property
    def is_typing(self) -> bool:
        """Whether the line has the focus."""
        return self._line is not None and self._line.has_focus

    def compose(self) -> ComposeResult:
        """What is shown; the line to type in comes later."""
        yield self._bar

    def remask(self) -> None:
        """The mask was put on or taken off."""
        self.say(self._wanted)

    def on_mount(self) -> None:
        """Nothing is left out at first."""
        self.say(self._wanted)

    async def begin(self, wanted: Filter) -> None:
        """Type here from now on."""
        if self._line is None:
            from smschat.ui.widgets.form import Line  # noqa: PLC0415 - after the first frame

            self._line = Line(compact=True, id="filter-typed")
            await self.mount(self._line)
        self.add_class("-typing", "-used")
        self._wanted = wanted
        self._line.value = wanted.text
        self._line.cursor_position = len(wanted.text)
        self._line.focus()
        self.say(wanted)

    def say(self, wanted: Filter) -> None:
        """Say which conversations the list shows, and how to come back from fewer of them."""
        self._wanted = wanted
        is_typing = self.has_class("-typing")
        shelf = "" if wanted.shelf is Shelf.ACTIVE else shelves.NAMES[wanted.shelf]
        self.set_class(is_typing or wanted != Filter(), "-used")
        if is_typing:
            label = Content.styled(f" {shelf} / " if shelf else " / ", "bold")
            self._bar.styles.width = label.cell_length
            self._bar.show(label)
            return
        self._bar.styles.width = "1fr"
        if wanted == Filter():
            self._bar.show(Content.styled(shelves.FILTER, _DIM))
            return
        typed = content(self._desk.mask.text(wanted.text))
        text = Content.assemble(" / " if shelf else "/ ", typed) if wanted.text else Content("")
        left = Content.assemble(" ", shelf, text).stylize("bold")
        first, *fewer = hints_of(self._hints())
        self._bar.show(left, first, shorter_rights=fewer)

    def _hints(self) -> tuple[str, str]:
        shelf, back = (key_name(keys_of(name, self._desk.rebound)[0]) for name in ("list.shelf", "back"))
        return f"{shelf} next", f"{back} all"

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what is typed."""
        event.stop()
        if event.value != self._wanted.text:
            self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        self.post_message(self.Entered())

    def on_line_left(self, event: Line.Left) -> None:
        """The focus went elsewhere: what was typed stays, as words."""
        event.stop()
        self.remove_class("-typing")
        self.say(self._wanted)

    def on_click(self) -> None:
        """A click."""
        if not self.is_typing:
            self.post_message(self.Clicked())
