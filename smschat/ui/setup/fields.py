"""A line to write in, under its name; and one whose text is never shown.

The rule: a secret is on no screen, in no clipboard and in no picture; the field forgets it as soon as it is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from smschat.domain.secret import Secret

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from smschat.ui.render import Marks


class Line(Input):
    """One line; its cursor does not blink, because that would repaint for ever."""

    class Left(Message):
        """The focus went elsewhere."""

    def on_mount(self) -> None:
        """No blinking."""
        self.cursor_blink = False

    def on_blur(self) -> None:
        """Tell."""
        self.post_message(self.Left())


class SecretLine(Line):
    """A line that shows how much was typed, and not what."""

    sign = "•"

    def action_copy(self) -> None:
        """Never: a clipboard is readable for all."""

    def action_cut(self) -> None:
        """Take it out, without a copy."""
        self.delete_selection()

    @property
    def _value(self) -> Text:
        """What is shown in the place of the text; Textual's own sign is not in ASCII."""
        return Text(self.sign * len(self.value), no_wrap=True, overflow="ignore", end="")


class Field(Vertical):
    """A name and the line beneath it.

    Args:
        ghost: what stands in the empty line.
        is_secret: whether what is typed is never shown.
        is_optional: whether it may stay empty.
        aside: said beside its name.
    """

    DEFAULT_CSS = "Field { height: auto; }"

    def __init__(
        self,
        name: str,
        marks: Marks,
        *,
        text: str = "",
        ghost: str = "",
        is_secret: bool = False,
        is_optional: bool = False,
        aside: str = "",
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id, classes="field")
        self._label = Content.assemble(name, (f"  {aside}", "$foreground 60%"))
        self.is_optional = is_optional
        self.line = (SecretLine if is_secret else Line)(text, placeholder=ghost, compact=True)
        if isinstance(self.line, SecretLine):
            self.line.sign = "*" if marks.ascii else "•"

    def compose(self) -> ComposeResult:
        """The name, then the line."""
        yield Static(self._label, classes="label")
        yield self.line

    @property
    def is_blank(self) -> bool:
        """Whether it is shown and still has to be filled in."""
        is_shown = all(node.display for node in self.ancestors_with_self if isinstance(node, Widget))
        return is_shown and not self.is_optional and not self.text

    @property
    def text(self) -> str:
        """What was typed, without spaces around it."""
        return self.line.value.strip()

    def secret(self) -> Secret | None:
        """What was typed, wrapped; None: nothing."""
        return Secret(self.text) if self.text else None

    def forget(self, ghost: str) -> None:
        """Empty the line, silently, and say what stands for it."""
        with self.line.prevent(Input.Changed):
            self.line.value = ""
        self.line.placeholder = ghost


class Press(Button):
    """A button of one line; space presses it, as Enter does."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "press", "Press", show=False)]

    def __init__(
        self,
        label: str,
        *,
        is_first: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(Content(label), id=id, compact=True, classes="-first" if is_first else "")
        self.active_effect_duration = 0  # what it does is seen at once
