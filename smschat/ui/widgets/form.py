"""The fields of a dialog, a line each: one of a few, and one to write in.

The rule: the arrows to the sides choose, those up and down lead from field to field, and nothing needs a mouse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static

from smschat.ui.mask import mask_of
from smschat.ui.render import content

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import ComposeResult, RenderResult
    from textual.binding import BindingType

    from smschat.ui.render import Marks

V = TypeVar("V")

LABEL_CELLS = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Generic[V]):
    """One of a few.

    Attributes:
        name: foreign or ours; made safe where it is shown.
        meaning: what it is, in a few words; cut where there is no room.
        is_private: the presenter's mask covers the name; `is_private_meaning`: what it is.
    """

    value: V
    name: str
    meaning: str = ""
    is_private: bool = False
    is_private_meaning: bool = False


class Selector(Widget, Generic[V], can_focus=True):
    """One of a few, chosen by the arrows to the sides, by space, or by a click."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l,space", "turn(1)", "Next", show=False, priority=True),
        Binding("left,h", "turn(-1)", "Previous", show=False, priority=True),
    ]
    ALLOW_SELECT = False
    DEFAULT_CSS = "Selector { height: 1; width: 1fr; }"

    index = reactive(0)

    class Changed(Message):
        """Another one was chosen."""

        def __init__(self, selector: Selector[V]) -> None:
            super().__init__()
            self.selector = selector

    def __init__(
        self,
        label: str,
        choices: Sequence[Choice[V]],
        marks: Marks,
        *,
        chosen: V,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._label = label
        self._marks = marks
        self._choices = tuple(choices)
        self.set_reactive(Selector.index, self._place(chosen))

    @property
    def value(self) -> V:
        """What is chosen."""
        return self._choices[self.index].value

    @property
    def said(self) -> str:
        """What is chosen, as it is shown."""
        return self._choices[self.index].name

    def offer(self, choices: Sequence[Choice[V]], *, chosen: V) -> None:
        """Others to choose from."""
        self._choices = tuple(choices)
        self.index = self._place(chosen)
        self.refresh()

    def _place(self, value: V) -> int:
        return next((number for number, choice in enumerate(self._choices) if choice.value == value), 0)

    def action_turn(self, by: int) -> None:
        """The next one, or the one before; around at either end."""
        self.index = (self.index + by) % len(self._choices)

    def remask(self) -> None:
        """The mask was put on or taken off."""
        self.refresh()

    def watch_index(self) -> None:
        """Tell."""
        self.post_message(self.Changed(self))

    def on_click(self, event: events.Click) -> None:
        """The next one."""
        event.stop()
        self.action_turn(1)

    def render(self) -> RenderResult:
        """The line."""
        choice, is_ascii = self._choices[self.index], self._marks.ascii
        left, right = ("< ", " >") if is_ascii else ("◄ ", " ►")
        style, mask = "bold reverse" if self.has_focus else "bold", mask_of(self.app)
        name = mask.number(choice.name) if choice.is_private else choice.name
        meaning = mask.number(choice.meaning) if choice.is_private_meaning else choice.meaning
        line = Content.assemble(
            (self._label.ljust(LABEL_CELLS), "$foreground 75%"),
            (left, "$foreground 75%"), content(name).stylize(style), (right, "$foreground 75%"),
            "  ", content(meaning).stylize("$foreground 75%"),
        )  # fmt: skip
        return line.truncate(self.size.width, ellipsis=True)


class Line(Input):
    """One line; its cursor does not blink, because that would repaint for ever.

    What stands in it is covered while the presenter's mask is on, and taken as ever.
    """

    class Left(Message):
        """The focus went elsewhere."""

        def __init__(self, line: Line) -> None:
            super().__init__()
            self.line = line

    def on_mount(self) -> None:
        """No blinking."""
        self.cursor_blink = False

    def on_blur(self) -> None:
        """Tell."""
        self.post_message(self.Left(self))

    def remask(self) -> None:
        """The mask was put on or taken off."""
        self.refresh()

    @property
    def _value(self) -> Text:
        return Text(mask_of(self.app).typed(self.value), no_wrap=True, overflow="ignore", end="")


class Field(Horizontal):
    """A name, and the line behind it.

    Args:
        ghost: what stands in the empty line.
        unit: what stands beside what was typed; None: nothing.
    """

    DEFAULT_CSS = """
    Field { height: 1; }
    Field > Static { width: 11; color: $foreground 75%; }
    Field > Line { width: 1fr; background: $panel; }
    Field > .field-unit { width: auto; padding-left: 1; }
    """

    def __init__(
        self, label: str, *, name: str, text: str = "", ghost: str = "", unit: Callable[[str], str] | None = None
    ) -> None:
        super().__init__(id=f"field-{name}", name=name)
        self._label = label
        self._unit = unit
        self.line = Line(text, placeholder=ghost, compact=True, name=name)

    def compose(self) -> ComposeResult:
        """The name, the line, its unit."""
        yield Static(Content(self._label))
        yield self.line
        if self._unit is not None:
            yield Static(Content(self._unit(self.text)), classes="field-unit")

    def on_input_changed(self) -> None:
        """What was typed may have another unit."""
        if self._unit is not None:
            self.query_one(".field-unit", Static).update(Content(self._unit(self.text)))

    @property
    def text(self) -> str:
        """What was typed, without spaces around it."""
        return self.line.value.strip()
