"""One of a few: every choice on a line of its own, with a mark and what it means.

The rule: nothing is chosen that nobody chose; where no choice stands yet, moving only moves, and space or Enter
chooses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from smschat.ui.render import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import RenderResult
    from textual.binding import BindingType
    from textual.geometry import Size

    from smschat.ui.render import Marks

V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Generic[V]):
    """One of them.

    Attributes:
        meaning: what it is, in a few words; safe to show.
    """

    value: V
    name: str
    meaning: str


class Choices(Widget, Generic[V], can_focus=True):
    """A list to choose one of, by arrows or by a click.

    Args:
        chosen: the value that is chosen at the start; None: none.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "choose", "Choose", show=False)]
    ALLOW_SELECT = False
    DEFAULT_CSS = "Choices { height: auto; width: 1fr; }"

    cursor = reactive(0)
    index: reactive[int | None] = reactive(None)

    class Changed(Message):
        """Another one was chosen."""

    def __init__(
        self,
        choices: Sequence[Choice[V]],
        marks: Marks,
        *,
        chosen: V | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._choices = tuple(choices)
        self._marks = marks
        at = next((number for number, choice in enumerate(choices) if choice.value == chosen), None)
        self.set_reactive(Choices.index, at)
        self.set_reactive(Choices.cursor, at or 0)

    @property
    def value(self) -> V | None:
        """What is chosen; None: nothing yet."""
        return None if self.index is None else self._choices[self.index].value

    def move(self, by: int) -> bool:
        """One up or down; False at either end, where the focus goes on."""
        to = self.cursor + by
        if not 0 <= to < len(self._choices):
            return False
        self.cursor = to
        if self.index is not None:
            self.index = to
        return True

    def action_choose(self) -> None:
        """The one that the cursor is on."""
        self.choose()

    def choose(self) -> None:
        """The one that the cursor is on."""
        self.index = self.cursor

    def watch_index(self) -> None:
        """Tell."""
        self.post_message(self.Changed())

    def on_click(self, event: events.Click) -> None:
        """The line that was clicked."""
        rows = [number for number, _ in self._rows(self.size.width)]
        if 0 <= event.y < len(rows):
            self.cursor = rows[event.y]
            self.choose()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """As many lines as the choices take."""
        return len(self._rows(width))

    def render(self) -> RenderResult:
        """The lines."""
        return Content("\n").join(line for _, line in self._rows(self.size.width))

    def _rows(self, width: int) -> list[tuple[int, Content]]:
        return [(number, line) for number in range(len(self._choices)) for line in self._lines(number, width)]

    def _lines(self, number: int, width: int) -> list[Content]:
        choice = self._choices[number]
        is_at, is_chosen = self.has_focus and number == self.cursor, number == self.index
        sign = ("(*)" if is_chosen else "( )") if self._marks.ascii else ("●" if is_chosen else "○")
        bar = self._marks.bar if is_at else " "
        style = "bold $primary" if is_at else ("$primary" if is_chosen else "")
        lead = f"{bar}{sign} {choice.name.ljust(max(len(one.name) for one in self._choices))}  "
        first, *more = wrap(choice.meaning, width - len(lead))
        lines = [Content.assemble((lead, style), (first, "$foreground 75%"))]
        return lines + [Content.styled(" " * len(lead) + line, "$foreground 75%") for line in more]
