"""How the focus moves in the set-up: by Tab and by arrows, without a mouse.

The rule: every key has priority, so that it acts before the keys behind it, and what is written goes where it was
meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.binding import Binding
from textual.widgets import Button

from smschat.ui.setup.choices import Choices
from smschat.ui.shell import Shell

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.widget import Widget

    from smschat.ui.setup.page import Page

T = TypeVar("T")


class Moving(Shell[T]):
    """An app of one page at a time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "field(1)", "Next field", priority=True),
        Binding("shift+tab", "field(-1)", "Previous field", priority=True),
        Binding("down", "move(1)", "Down", priority=True),
        Binding("up", "move(-1)", "Up", priority=True),
        Binding("right", "press(1)", "Next button", priority=True),
        Binding("left", "press(-1)", "Previous button", priority=True),
        Binding("pagedown", "page(1)", "Page down", priority=True),
        Binding("pageup", "page(-1)", "Page up", priority=True),
    ]

    @property
    def page(self) -> Page:
        """The one on the screen."""
        raise NotImplementedError

    def action_field(self, by: int) -> None:
        """The next field or button, or the one before."""
        self._focused(self.screen.focus_next() if by > 0 else self.screen.focus_previous())

    def action_move(self, by: int) -> None:
        """Within choices, and out of them at either end."""
        if not (isinstance(self.focused, Choices) and self.focused.move(by)):
            self.action_field(by)

    def action_press(self, by: int) -> None:
        """The button beside this one."""
        self.action_field(by)

    def action_page(self, by: int) -> None:
        """For a screen that is too low."""
        self.page.scroll_relative(y=by * max(self.page.size.height - 2, 1), animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Left and right are the line's where one writes."""
        return not (action == "press" and not isinstance(self.focused, Button))

    def _focused(self, widget: Widget | None) -> None:
        """The explanation above the first field is to be seen as well."""
        first = next(iter(self.page.query("Line, Choices, Press")), None)
        if widget is not None and widget is first:
            self.page.scroll_home(animate=False)
