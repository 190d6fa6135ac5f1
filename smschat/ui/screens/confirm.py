"""A question that must be answered before something is done that costs money or cannot be undone.

The rule: whatever key is not a plain yes is a no, Enter included, so that nobody agrees by typing on.
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


class Confirm(ModalScreen[bool]):
    """Asks, and is dismissed with the answer.

    Args:
        question: one sentence that says what will happen.
        yes: what `y` does, in two or three words.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,Y", "answer(True)", "Yes", show=False, priority=True),
        Binding("n,N,escape,enter", "answer(False)", "No", show=False, priority=True),
    ]

    def __init__(self, question: str, yes: str) -> None:
        super().__init__()
        self._question = question
        self._yes = yes

    def compose(self) -> ComposeResult:
        """The question, and the two keys."""
        question = self._question[:1].upper() + self._question[1:].rstrip(".") + "."
        keys = Content.assemble(
            ("y", "bold $warning"), " ", content(self._yes), "     ", ("n", "bold"), " No, leave it (Esc, Enter)"
        )
        with Vertical(classes="dialog"):
            yield Told(question, classes="dialog-text")
            yield Static(keys, classes="dialog-keys")

    def action_answer(self, yes: bool) -> None:  # noqa: FBT001 - Textual passes actions positions
        """Answer, and go."""
        self.dismiss(yes)
