"""A question that comes by itself, in the midst of whatever is being typed.

The rule: no key that stands in a text answers it, and none makes it go away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from smschat.ui.render import content
from smschat.ui.widgets.told import Told

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType


class Unasked(ModalScreen[bool]):
    """Asks, and is dismissed with the answer.

    Args:
        title, question: what it is about, and a sentence or two.
        yes, no: what the two keys do, in a few words.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+y", "answer(True)", "Yes", show=False, priority=True),
        Binding("escape", "answer(False)", "No", show=False, priority=True),
    ]

    def __init__(self, title: str, question: str, *, yes: str, no: str) -> None:
        super().__init__()
        self._title, self._question, self._yes, self._no = title, question, yes, no

    def compose(self) -> ComposeResult:
        """The question, and the two keys."""
        keys = Content.assemble(
            ("ctrl+y", "bold $warning"), " ", content(self._yes), "   ", ("Esc", "bold"), " ", content(self._no)
        )
        with Vertical(classes="dialog"):
            yield Static(content(self._title).stylize("bold"), classes="dialog-text")
            yield Told(self._question, classes="dialog-text")
            yield Static(keys, classes="dialog-keys")

    def action_answer(self, yes: bool) -> None:  # noqa: FBT001 - Textual passes actions positions
        """Answer, and go."""
        self.dismiss(yes)
