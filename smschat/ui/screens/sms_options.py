"""The options of the next SMS of a conversation: type, class, life time, what a type needs, and the sender ID.

The rule: nothing is taken that the gateway would refuse for its range, and the field is named; what was chosen holds
for one SMS, but for the sender ID, which the conversation keeps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from smschat.errors import SmschatError
from smschat.ui import options_form
from smschat.ui.options_form import Form, extras_of, form_of
from smschat.ui.render import content
from smschat.ui.widgets.form import Choice, Field, Selector
from smschat.ui.widgets.note_line import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from smschat.domain.conversation import Conversation
    from smschat.messaging.compose import Advice, Extras
    from smschat.ui.desk import Desk
    from smschat.ui.widgets.form import Line

_TYPES: Final = (
    Choice(value="auto", name="auto", meaning="GSM-7 where it can carry the text, else UCS-2"),
    Choice(value="text", name="text", meaning="GSM-7, 160 characters a segment"),
    Choice(value="unicode", name="unicode", meaning="UCS-2, 70 characters a segment"),
    Choice(value="vcard", name="vcard", meaning="a business card: its text stands in the composer"),
    Choice(value="vcal", name="vcal", meaning="a calendar entry: its text stands in the composer"),
    Choice(value="binary", name="binary", meaning="octets, at most 140 with their header"),
    Choice(value="wappush", name="wappush", meaning="an address that the telephone offers to open"),
)
_CLASSES: Final[tuple[Choice[int | None], ...]] = (
    Choice(value=None, name="none", meaning="as telephones do without one"),
    Choice(value=0, name="0 flash", meaning="shown at once, usually not kept"),
    Choice(value=1, name="1", meaning="kept in the telephone"),
    Choice(value=2, name="2", meaning="kept on the SIM card"),
    Choice(value=3, name="3", meaning="for a device at the telephone"),
)
_FIELDS: Final = (
    ("data", "Body", "hex: the octets"),
    ("udh", "Header", "hex, with its length; may be empty"),
    ("protocol_id", "Protocol", "0 to 255; may be empty"),
    ("title", "Title", "what the telephone shows"),
    ("url", "Address", "https://"),
    ("validity", "Valid for", "30m, 2h; may be empty"),
)
_NAMES: Final = {name: label for name, label, _ in _FIELDS} | {"ttl": "Tried for", "sender": "Sender ID"}
_SPANS: Final = frozenset({"ttl", "validity"})
_OTHER: Final = ""
"""The choice of a sender ID that is typed; no sender ID is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the panel is dismissed with.

    Attributes:
        extras: None: as usual.
        sender: what the conversation keeps; None: as the settings have it.
    """

    extras: Extras | None
    sender: str | None = field(default=None, repr=False)


class SmsOptionsPanel(ModalScreen[Chosen | None]):
    """Asks what is to be said of the next SMS; None: never mind.

    Args:
        extras: what is chosen already; None: nothing.
        advice: what the writer should know; None: not read yet.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", show=False, priority=True),
        Binding("enter", "take", "Take them", show=False, priority=True),
        Binding("f12", "as_usual", "As usual", show=False, priority=True),
        Binding("down,tab", "app.focus_next", "Next field", show=False, priority=True),
        Binding("up,shift+tab", "app.focus_previous", "Previous field", show=False, priority=True),
        Binding("pagedown", "page(1)", "Page down", show=False, priority=True),
        Binding("pageup", "page(-1)", "Page up", show=False, priority=True),
    ]

    def __init__(self, desk: Desk, conversation: Conversation, extras: Extras | None, advice: Advice | None) -> None:
        super().__init__()
        self._desk = desk
        self._conversation = conversation
        self._advice = advice
        self._form = form_of(extras)
        marks, form = desk.marks, self._form
        self._type = Selector("Type", _TYPES, marks, chosen=form.sms_type, id="sms-type")
        self._class = Selector("Class", _CLASSES, marks, chosen=form.message_class, id="sms-class")
        self._ttl = _field("ttl", "Tried for", "30m, 2h; empty: 72 hours", form)
        self._more = [_field(name, label, ghost, form) for name, label, ghost in _FIELDS]
        sender = conversation.sender
        self._sender = Selector("Sender ID", self._senders([]), marks, chosen=sender, id="sms-sender")
        self._typed = Field("", name="sender", text=sender or "", ghost="a number or 3 to 11 letters, digits")

    def compose(self) -> ComposeResult:
        """Title, fields, notes, what is wrong, keys."""
        with Vertical(classes="dialog -wide", id="sms-options"):
            yield Static(self._title(), id="option-title")
            with VerticalScroll(id="options", can_focus=False):
                yield self._type
                yield from self._more
                yield self._class
                yield self._ttl
                yield self._sender
                yield self._typed
                if notes := self._notes():
                    yield Static(content(notes, multiline=True), id="option-notes")
            yield Static("", id="option-wrong")
            yield Static(self._keys(), id="option-keys")

    def _title(self) -> Content:
        title = self._desk.mask.name(self._conversation.title)
        return Content.assemble(("Options of the next SMS", "bold"), " to ", content(title).stylize("bold"))

    def _notes(self) -> str:
        told = [] if self._advice is None else sentences(self._advice, self._desk.marks, self._desk.mask)
        return "\n".join(told)

    def remask(self) -> None:
        """The mask was put on or taken off."""
        self.query_one("#option-title", Static).update(self._title())
        for notes in self.query("#option-notes").results(Static):
            notes.update(content(self._notes(), multiline=True))

    def on_mount(self) -> None:
        """Show what belongs to the type; the account's own numbers come from the store."""
        self._dress()
        self._type.focus()
        self._read_numbers()

    def on_selector_changed(self, event: Selector.Changed) -> None:
        """Another type has other fields."""
        event.stop()
        self._dress()

    def on_line_left(self, event: Line.Left) -> None:
        """Say at once what cannot be taken in the field that was left."""
        event.stop()
        fault = options_form.wrong(self._read())
        if event.line.value.strip() and fault is not None and fault.field == event.line.name:
            self._say(fault.field, fault.words)

    def on_input_changed(self) -> None:
        """What was wrong may not be wrong any more."""
        self._say("", "")

    def action_cancel(self) -> None:
        """Never mind."""
        self.dismiss(None)

    def action_page(self, by: int) -> None:
        """For a screen that is too low."""
        scroll = self.query_one("#options", VerticalScroll)
        scroll.scroll_relative(y=by * max(scroll.size.height - 1, 1), animate=False)

    def action_as_usual(self) -> None:
        """Nothing special, the sender ID included."""
        self._keep(None, None)

    def action_take(self) -> None:
        """Take what stands there, if the gateway can."""
        form = self._read()
        fault = options_form.wrong(form)
        sender = self._chosen_sender()
        if fault is not None:
            self._say(fault.field, fault.words)
            self.query_one(f"#field-{fault.field}", Field).line.focus()
        elif sender == _OTHER:
            self._say("sender", "fill this in, or choose another one above")
            self._typed.line.focus()
        else:
            self._keep(extras_of(form), sender)

    @work(group="options", exclusive=True)
    async def _keep(self, extras: Extras | None, sender: str | None) -> None:
        peer = self._conversation.peer
        try:
            if sender != self._conversation.sender:
                await self._desk.bridge.call(lambda messenger: messenger.choose_sender(peer, sender))
        except SmschatError as error:
            self._say("sender", error.message)
            self._typed.line.focus()
        else:
            self.dismiss(Chosen(extras=extras, sender=sender))

    @work(group="numbers", exclusive=True)
    async def _read_numbers(self) -> None:
        try:
            numbers = await self._desk.bridge.call(lambda messenger: messenger.own_numbers())
        except SmschatError:
            numbers = []  # without them a number can be typed all the same
        chosen = self._sender.value
        own = self._senders(numbers)
        known = {choice.value for choice in own}
        kept = self._conversation.sender
        self._sender.offer(own, chosen=chosen if chosen in known else kept if kept in known else _OTHER)

    def _senders(self, numbers: Sequence[str]) -> tuple[Choice[str | None], ...]:
        usual = self._desk.options.sender
        kept = self._conversation.sender
        others: list[str | None] = list(dict.fromkeys([*([kept] if kept else []), *numbers]))
        return (
            Choice(value=None, name="as usual", meaning=usual, is_private_meaning=True),
            *(
                Choice(value=one, name=one or "", meaning="your number" if one in numbers else "", is_private=True)
                for one in others
            ),
            Choice(value=_OTHER, name="another", meaning="typed below"),
        )

    def _chosen_sender(self) -> str | None:
        return self._typed.text if self._sender.value == _OTHER else self._sender.value

    def _read(self) -> Form:
        fields = {one.name or "": one.text for one in (*self._more, self._ttl)}
        return Form(sms_type=self._type.value, message_class=self._class.value, **fields)

    def _dress(self) -> None:
        shown = options_form.FIELDS.get(self._type.value, ())
        for one in self._more:
            one.display = one.name in shown
        self._typed.display = self._sender.value == _OTHER
        self._say("", "")

    def _say(self, name: str, words: str) -> None:
        said = Content.assemble((f"{_NAMES[name]}: ", "bold $text-error"), content(words)) if words else Content("")
        self.query_one("#option-wrong", Static).update(said)

    def _keys(self) -> Content:
        arrows = "< >" if self._desk.marks.ascii else "← →"
        return Content.assemble(
            ("Enter", "bold"), " take  ", ("F12", "bold"), " as usual  ", ("Esc", "bold"), " back  ",
            (arrows, "bold"), " pick",
        )  # fmt: skip


def _field(name: str, label: str, ghost: str, form: Form) -> Field:
    unit = options_form.unit_of if name in _SPANS else None
    return Field(label, name=name, text=str(getattr(form, name)), ghost=ghost, unit=unit)
