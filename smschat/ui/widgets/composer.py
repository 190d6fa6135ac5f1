"""Where one writes: a text area of one to six lines that sends on Enter and never on a paste.

The rule: what is typed is what is sent, and to whom it was typed; the text area shows nothing that could command the
terminal, and takes nothing in from a paste that no SMS can carry without saying so.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace as like
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.message import Message
from textual.widgets import TextArea

from smschat.domain.segments import plain
from smschat.domain.text import from_wire
from smschat.ui.actions import Where
from smschat.ui.bindings import bindings_of
from smschat.ui.mask import OPEN

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingType
    from textual.content import Content
    from textual.document._document import EditResult
    from textual.document._edit import Edit
    from textual.document._history import EditHistory

    from smschat.ui.mask import Mask
    from smschat.ui.shortcodes import Offer, Shortcodes

LONGEST_PASTE: Final = 10_000
"""Characters; the gateway takes 3,200 in one SMS, so a longer paste is a mistake and would only stall the screen."""

_MOST_LEFT: Final = 50
"""Conversations whose undo is kept; the one that was left first is forgotten first."""

_JOINERS: Final = "\u200c\u200d"


class Composer(TextArea):
    """The composer of the conversation on the screen.

    Args:
        placeholder: what stands in it while it is empty.
        mask: the presenter's; what it covers is sent all the same.
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
        """The user wants to send what stood here when the key was pressed, to whom it was written."""

        def __init__(self, owner: str | None, text: str) -> None:
            super().__init__()
            self.owner = owner
            self.text = text

    class Edited(Message):
        """The user changed the text."""

    class Moved(Message):
        """The cursor is elsewhere; told only while `tells_moves`."""

    class Replaced(Message):
        """A shortcode that was typed out became its emoji."""

        def __init__(self, offer: Offer) -> None:
            super().__init__()
            self.offer = offer

    class Complained(Message):
        """A paste could not be taken as it came, or a key has nothing to do; `text` says so, and quotes nothing."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(
        self,
        placeholder: Content,
        *,
        mask: Mask = OPEN,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(
            id=id,
            compact=True,
            highlight_cursor_line=False,
            tab_behavior="focus",
            placeholder=placeholder,
        )
        self.cursor_blink = False
        self.owner: str | None = None
        self.shortcodes: Shortcodes | None = None
        self.tells_moves = False
        self._seen = ""
        self._left: dict[str, tuple[str, EditHistory]] = {}
        self._mask = mask

    def turn_to(self, owner: str | None, text: str) -> None:
        """Write to somebody else from here on: what stands here is theirs alone, and is sent to nobody else.

        What could be undone here can be when one comes back, if the text is still the one that was left: else it
        was sent, or written elsewhere, and an undo would bring back what nobody expects.
        """
        if self.owner is not None and owner is not None:
            self._left[self.owner] = (self.text, self.history)
            self._left = dict(list(self._left.items())[-_MOST_LEFT:])
        self.history = like(self.history)
        left, history = self._left.pop(owner or "", (text, self.history))
        self.owner = owner
        self.load(text)
        if left == text:
            history.checkpoint()
            self.history = history

    def load(self, text: str) -> None:
        """Show another text, the cursor at its end; nothing can be undone into this one."""
        self._seen = text
        self.load_text(text)
        self.move_cursor(self.document.end)

    def keep_rest(self, sent: str) -> None:
        """The text was sent: take it away, and leave what was typed behind it meanwhile.

        No undo brings back what was sent: it would be sent a second time.
        """
        if self.text.startswith(sent):
            self.load(self.text[len(sent) :])
        self.history.clear()
        self._tell()

    def put_before(self, text: str) -> None:
        """Put a text before what stands here; one undo takes it out again."""
        self.history.checkpoint()
        self.insert(f"{text}\n" if self.text else text, self.document.start)
        self.move_cursor(self.document.end)

    def put_instead(self, text: str) -> None:
        """Put a text in the place of what stands here; one undo brings that back."""
        self.history.checkpoint()
        self.replace(text, self.document.start, self.document.end)
        self.move_cursor(self.document.end)

    def put_in(self, text: str) -> None:
        """Put a text at the cursor, or in the place of what is selected; one undo takes it out again."""
        self.history.checkpoint()
        self.move_cursor(self.replace(text, *self.selection).end_location)

    @property
    def before_cursor(self) -> str:
        """The line up to the cursor; empty while something is selected."""
        row, column = self.cursor_location
        return self.document.get_line(row)[:column] if self.selection.is_empty else ""

    def take(self, offer: Offer) -> None:
        """Put an emoji in the place of the shortcode before the cursor; one undo brings that back."""
        row, column = self.cursor_location
        self.history.checkpoint()
        self.move_cursor(self.replace(offer.emoji, (row, column - offer.length), (row, column)).end_location)

    def edit(self, edit: Edit) -> EditResult:
        """Every change by key or paste."""
        result = super().edit(edit)
        self._look()
        if edit.text == ":" and self.shortcodes is not None:
            self._close_shortcode(self.shortcodes)
        return result

    def _close_shortcode(self, shortcodes: Shortcodes) -> None:
        offer = shortcodes.closed(self.before_cursor)
        if offer is not None:
            self.take(offer)
            self.post_message(self.Replaced(offer))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Undo and redo do not pass `edit`."""
        event.stop()
        self._look()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Nobody else needs to know where the cursor is, but for the offer of what may stand there."""
        event.stop()
        if self.tells_moves:
            self.post_message(self.Moved())

    def get_line(self, line_index: int) -> Text:
        """A line as it may be shown, character for character, so that the cursor stands where it seems to."""
        line = self.document.get_line(line_index)
        visible = line if line.isprintable() else "".join(map(_visible, line))
        return Text(self._mask.typed(visible), end="", no_wrap=True)

    def remask(self) -> None:
        """The mask was put on or taken off: paint anew what stands here."""
        self._line_cache.clear()
        self.refresh()

    def action_send(self) -> None:
        """Enter."""
        self.post_message(self.Submitted(self.owner, self.text))

    def action_newline(self) -> None:
        """Begin a new line."""
        self.insert("\n")

    def action_plain(self) -> None:
        """Replace what forces UCS-2; one undo brings it back."""
        text = self.text
        if (better := plain(text)) == text:
            self.post_message(self.Complained("There is nothing here that a plain character could replace."))
            return
        self.put_instead(better)

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
