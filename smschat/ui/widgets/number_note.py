"""What is said of the numbers, below them: what is under way, what came of it, and what went wrong.

The rule: what is said stays until something else is, and names what helps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.widgets import Static

from smschat.ui.mask import mask_of
from smschat.ui.render import content

if TYPE_CHECKING:
    from smschat.errors import SmschatError

QUIET: Final = "$foreground 70%"
DONE: Final = "$text-success"
WAIT: Final = "$text-warning"
WRONG: Final = "$text-error"


class NumberNote(Static):
    """The note; empty while nothing is said."""

    DEFAULT_CSS = "NumberNote { height: auto; max-height: 4; padding: 0 2; }"

    def __init__(self) -> None:
        super().__init__("", id="number-note")
        self.words = Content("")

    @property
    def said(self) -> str:
        """What is said now, as plain text."""
        return self.words.plain

    def say(self, text: str, style: str = QUIET) -> None:
        """Say this, in one of the styles above."""
        self._tell(content(text).stylize(style))

    def fail(self, error: SmschatError, after: Content | None = None) -> None:
        """Say what went wrong and what helps, below what was said before."""
        hint = f"\n{error.hint}" if error.hint else ""
        words = content(error.message + hint, multiline=True).stylize(WRONG)
        self._tell(words if after is None else Content("\n").join([after, words]))

    def _tell(self, words: Content) -> None:
        self.words = words
        self.remask()

    def remask(self) -> None:
        """Say it again, with the numbers in it covered where the mask is on; what is covered keeps its places."""
        self.update(Content(mask_of(self.app).words(self.words.plain), spans=[*self.words.spans]))
