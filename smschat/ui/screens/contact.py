"""The contact behind a conversation: name, notes, marks, and what is known of the number.

The rule: nothing that was typed is lost silently: Enter and F2 keep it, and Esc asks first where something was changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual import work
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from smschat.domain import phone
from smschat.domain.conversation import Flags
from smschat.domain.text import shown
from smschat.errors import SmschatError
from smschat.ui.mask import mask_of
from smschat.ui.render import content, moment, zone_of
from smschat.ui.widgets.form import Choice, Field, Selector

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from smschat.domain.conversation import Conversation
    from smschat.ui.desk import Desk

_MARKS: Final = (
    ("pinned", "Pinned", "at the top of the list"),
    ("muted", "Muted", "you are not told of it"),
    ("archived", "Archived", "put away until something new comes"),
    ("blocked", "Blocked", "what comes is kept and tells nothing"),
    ("opted_out", "Said STOP", "sending asks first"),
)
_LONGEST_NAME: Final = 100


class Notes(TextArea):
    """What is known of somebody; covered while the presenter's mask is on, and kept as ever."""

    def get_line(self, line_index: int) -> Text:
        """A line, character for character."""
        return Text(mask_of(self.app).typed(self.document.get_line(line_index)), end="", no_wrap=True)

    def remask(self) -> None:
        """The mask was put on or taken off."""
        self._line_cache.clear()
        self.refresh()


class ContactScreen(ModalScreen[None]):
    """Shows and changes a contact.

    Args:
        conversation: as it is now.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, priority=True),
        Binding("f2", "keep", "Keep", show=False, priority=True),
        Binding("tab", "app.focus_next", "Next field", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", "Previous field", show=False, priority=True),
    ]

    def __init__(self, desk: Desk, conversation: Conversation) -> None:
        super().__init__()
        self._desk = desk
        self._conversation = conversation
        yes_no = (Choice(value=False, name="no"), Choice(value=True, name="yes"))
        self._called = Field("Name", name="name", text=conversation.name, ghost="none")
        self._notes = Notes(conversation.notes, compact=True, id="contact-notes")
        self._marks = {
            name: Selector(
                label,
                (yes_no[0], Choice(value=True, name="yes", meaning=meaning)),
                desk.marks,
                chosen=bool(getattr(conversation, name)),
            )
            for name, label, meaning in _MARKS
        }

    def compose(self) -> ComposeResult:
        """The number, the fields, what is wrong, the keys."""
        with Vertical(classes="dialog -wide", id="contact"):
            yield Static(Content.styled("Contact", "bold"))
            with VerticalScroll(can_focus=False, id="contact-fields"):
                yield Static(self._facts(), id="contact-facts")
                yield self._called
                yield Static(Content.styled("Notes", "$foreground 75%"))
                yield self._notes
                yield from self._marks.values()
            yield Static("", id="contact-wrong")
            yield Static(self._keys(), id="contact-keys")

    def on_mount(self) -> None:
        """A name is what is changed most."""
        self._notes.cursor_blink = False
        self._called.line.focus()

    def remask(self) -> None:
        """The mask was put on or taken off; what stands in the fields is covered by themselves."""
        self.query_one("#contact-facts", Static).update(self._facts())

    def on_input_submitted(self) -> None:
        """Enter in the name."""
        self.action_keep()

    def action_keep(self) -> None:
        """Keep what was changed."""
        self._keep()

    @work(group="contact")
    async def action_leave(self) -> None:
        """Leave; what was changed is asked about."""
        if not self._is_changed() or await self._desk.ask("leave without keeping what you changed", "Leave"):
            self.dismiss(None)

    @work(group="contact", exclusive=True)
    async def _keep(self) -> None:
        peer, name, notes = self._conversation.peer, self._typed_name(), self._notes.text.rstrip()
        flags, keeps_text = self._flags(), self._is_text_changed()
        try:
            if keeps_text:
                await self._desk.bridge.call(lambda messenger: messenger.contacts.save(peer, name=name, notes=notes))
            if flags != Flags():
                await self._desk.bridge.call(lambda messenger: messenger.keeping.change(peer, flags))
        except SmschatError as error:
            self.query_one("#contact-wrong", Static).update(content(error.message).stylize("$text-error"))
        else:
            self.dismiss(None)

    def _typed_name(self) -> str:
        return " ".join(shown(self._called.text).split())[:_LONGEST_NAME]

    def _is_text_changed(self) -> bool:
        held = self._conversation
        return (self._typed_name(), self._notes.text.rstrip()) != (held.name, held.notes.rstrip())

    def _is_changed(self) -> bool:
        return self._is_text_changed() or self._flags() != Flags()

    def _flags(self) -> Flags:
        held = self._conversation
        changed = {name: one.value for name, one in self._marks.items() if one.value != getattr(held, name)}
        return Flags(**changed)

    def _facts(self) -> Content:
        """The number in the forms that people write, its country, and the last SMS."""
        held, mask = self._conversation, self._desk.mask
        lines = [mask.number(held.peer)]
        if held.peer.isdigit():
            where = phone.country_name(held.peer)
            lines = [f"{mask.number(phone.pretty(held.peer))}", *([where] if where else [])]
        if held.sender:
            lines.append(f"SMS go from {mask.number(held.sender)}")
        if held.last is not None:
            lines.append(f"last SMS {moment(held.last.created_at, zone_of(self._desk.now()))}")
        return content("\n".join(lines), multiline=True).stylize("$foreground 75%")

    def _keys(self) -> Content:
        arrows = "< >" if self._desk.marks.ascii else "← →"
        return Content.assemble(
            ("F2", "bold"), " keep  ", ("Tab", "bold"), " next  ", (arrows, "bold"), " pick  ", ("Esc", "bold"), " back"
        )  # fmt: skip
