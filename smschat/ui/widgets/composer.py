"""Where one writes: a text area of one to six lines that sends on Enter and never on a paste.

The rule: what is typed is what is sent; the text area shows nothing that could command the terminal, and takes nothing
in from a paste that no SMS can carry without saying so.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.message import Message
from textual.widgets import TextArea

from smschat.domain.segments import plain
from smschat.domain.text import from_wire
from smschat.ui.actions import Where
from smschat.ui.bindings import bindings_of

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingType
    from textual.content import Content
    from textual.document._document import EditResult
    from textual.document._edit import Edit

LONGEST_PASTE: Final = 10_000
"""Characters; the gateway takes 3,200 in one SMS, so a longer paste is a mistake and would only stall the screen."""

_JOINERS: Final = "\u200c\u200d"


class Composer(TextArea):
    """The composer of the conversation on the screen.

    Args:
        placeholder: what stands in it while it is empty.
    """

    DEFAULT_CSS = """
    Composer {
        height: auto;
        min-height: 1;
        max-height: 6;
        border: none;
        padding: 0 1 0 0;
        background: $background;
        scrollbar-size-vertical: 1;
        scrollbar-visibility: hidden;
        overflow-x: hidden;
        &:focus { border: none; }
        & .text-area--placeholder { color: $foreground 70%; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Where.COMPOSER)

    class Submitted(Message):
        """The user wants to send what stands here."""

    class Edited(Message):
        """The user changed the text."""

    class Complained(Message):
        """A paste could not be taken as it came, or a key has nothing to do; `text` says so, and quotes nothing."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, placeholder: Content, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(
            id=id,
            compact=True,
            highlight_cursor_line=False,
            tab_behavior="focus",
            placeholder=placeholder,
        )
        self.cursor_blink = False
        self._seen = ""

    def load(self, text: str) -> None:
        """Show the draft of another conversation, the cursor at its end; nothing can be undone into this one."""
        self._seen = text
        self.load_text(text)
        self.move_cursor(self.document.end)

    def keep_rest(self, sent: str) -> None:
        """The text was sent: take it away, and leave what was typed behind it meanwhile."""
        if self.text.startswith(sent):
            self.load(self.text[len(sent) :])
        self._tell()

    def edit(self, edit: Edit) -> EditResult:
        """Every change by key or paste."""
        result = super().edit(edit)
        self._look()
        return result

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Undo and redo do not pass `edit`."""
        event.stop()
        self._look()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Nobody else needs to know where the cursor is."""
        event.stop()

    def get_line(self, line_index: int) -> Text:
        """A line as it may be shown, character for character, so that the cursor stands where it seems to."""
        line = self.document.get_line(line_index)
        return Text(line if line.isprintable() else "".join(map(_visible, line)), end="", no_wrap=True)

    def action_send(self) -> None:
        """Enter."""
        self.post_message(self.Submitted())

    def action_newline(self) -> None:
        """Begin a new line."""
        self.insert("\n")

    def action_plain(self) -> None:
        """Replace what forces UCS-2; one undo brings it back."""
        text = self.text
        if (better := plain(text)) == text:
            self.post_message(self.Complained("There is nothing here that a plain character could replace."))
            return
        self.replace(better, self.document.start, self.document.end)
        self.move_cursor(self.document.end)

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if len(event.text) > LONGEST_PASTE:
            self.post_message(self.Complained(f"Not pasted: more than {LONGEST_PASTE:,} characters."))
            return
        text = from_wire(event.text)
        lost = len(event.text.replace("\r\n", "\n")) - len(text)
        if lost:
            noun = "character" if lost == 1 else "characters"
            self.post_message(self.Complained(f"{lost} control {noun} left out of the paste: no SMS can carry them."))
        if result := self._replace_via_keyboard(text, *self.selection):
            self.move_cursor(result.end_location)

    def _look(self) -> None:
        if self.text != self._seen:
            self._tell()

    def _tell(self) -> None:
        self._seen = self.text
        self.post_message(self.Edited())


@lru_cache(maxsize=512)
def _visible(character: str) -> str:
    """One character that shows a control or an invisible character; joiners of emoji and scripts stay."""
    code = ord(character)
    match unicodedata.category(character):
        case "Cc":
            return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "\ufffd"  # noqa: PLR2004 - C0 ends there
        case "Cf" if character not in _JOINERS:
            return "\ufffd"
        case "Cs" | "Co" | "Zl" | "Zp":
            return "\ufffd"
        case _:
            return character
