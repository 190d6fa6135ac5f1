"""The frame of a conversation: whose it is, where an answer goes, and what it costs, around transcript and composer.

The rule: these lines only say what they are told; saying the same again costs nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from textual.containers import Horizontal, Vertical
from textual.content import Content

from smschat.domain.sms import SmsType
from smschat.ui import options_form
from smschat.ui.keys import hint
from smschat.ui.options_form import AUTO
from smschat.ui.render import content
from smschat.ui.rows import you
from smschat.ui.widgets.bar import Bar, hints_of
from smschat.ui.widgets.composer import Composer
from smschat.ui.widgets.count_line import count_line
from smschat.ui.widgets.messages import Messages
from smschat.ui.widgets.note_line import note_line

if TYPE_CHECKING:
    from decimal import Decimal

    from textual.app import ComposeResult
    from textual.timer import Timer

    from smschat.domain.conversation import Conversation
    from smschat.messaging.compose import Advice, Extras
    from smschat.ui.desk import Desk
    from smschat.ui.render import Marks


ASIDE_S: Final = 4.0
"""Seconds that a short word of ours stands at the foot."""

_INVITES: Final = {
    AUTO: Content("Write an SMS and send it"),
    SmsType.VCARD.value: Content("Paste the card: BEGIN:VCARD"),
    SmsType.VCAL.value: Content("Paste the entry: BEGIN:VCALENDAR"),
    SmsType.BINARY.value: Content("Enter sends the octets"),
    SmsType.WAPPUSH.value: Content("Enter sends the address"),
}
"""What stands in the empty composer, by the type that was chosen."""


class TalkFrame(Vertical):
    """Transcript and composer with their lines.

    Args:
        desk: what the screens share.
    """

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.desk = desk
        self.conversation: Conversation | None = None
        self._prices: dict[str, Decimal | None] = {}
        self._extras: dict[str, Extras] = {}
        self._advice: Advice | None = None
        self._newer = 0
        self._hints: tuple[str, ...] = ()
        self._first_hint = ""
        self._aside = ""
        self._aside_ends: Timer | None = None
        marks = desk.marks
        self.head = Bar(keeps_left=True, id="peer")
        self.messages = Messages(desk, id="messages")
        self.to = Bar(fill=marks.rule, keeps_left=True, id="to")
        self.note = Bar(keeps_left=True, id="note")
        self.composer = Composer(_INVITES[AUTO], mask=desk.mask, id="composer")
        self.offers = Bar(keeps_left=True, id="offers")
        self.foot = Bar(keeps_left=True, id="foot")

    def compose(self) -> ComposeResult:
        """Peer, transcript, destination, what is to be known, composer, count."""
        yield self.head
        yield Bar(fill=self.desk.marks.rule, id="under-peer")
        yield self.messages
        yield self.to
        yield self.note
        with Horizontal(id="write"):
            prompt = Bar(id="prompt")
            prompt.show(Content.styled(" >", "$foreground 70%"))
            yield prompt
            yield self.composer
        yield self.offers
        yield self.foot

    @property
    def peer(self) -> str | None:
        """Whose conversation it is; None: no conversation yet."""
        return self.conversation.peer if self.conversation else None

    @property
    def extras(self) -> Extras | None:
        """What was chosen for the next SMS here; None: as usual."""
        return self._extras.get(self.peer or "")

    def say(self) -> None:
        """Say again what the lines around the transcript say; what is the same costs nothing."""
        conversation = self.conversation
        if conversation is None:
            return
        standing, *shorter = standings(conversation, self._country(), self.desk.marks)
        title = Content.assemble(" ", self._title(conversation).stylize("bold"))
        peer = self.desk.mask.number(conversation.peer)
        number = content(f"  {peer}" if conversation.name else "").stylize("$foreground 70%")
        self.head.show(Content.assemble(title, number), standing, shorter_lefts=[title], shorter_rights=shorter)
        self.to.show(self._destination(conversation), self._newer_line())
        invites = _INVITES.get(AUTO if self.extras is None else self.extras.sms_type, _INVITES[AUTO])
        if self.composer.placeholder != invites:
            self.composer.placeholder = invites
        self.say_count()

    def _country(self) -> str:
        """Where the peer is, where that is not where we are; empty elsewhere."""
        country = None if self._advice is None else self._advice.country
        return "" if country in {None, self.desk.options.country} else str(country)

    def say_hints(self, *hints: str) -> None:
        """Say at the foot what the keys do here."""
        self._hints = hints
        self.say_count()

    def say_first(self, action_id: str, words: str) -> None:
        """Say a key before all others at the foot, whatever else is said there; none with an empty action."""
        said = hint(action_id, self.desk.rebound) + words if action_id else ""
        if said != self._first_hint:
            self._first_hint = said
            self.say_count()

    def say_aside(self, words: str) -> None:
        """Say something of our own in the hints' place for some seconds, whatever comes meanwhile."""
        self.end_aside()
        self._aside = words
        self._aside_ends = self.set_timer(ASIDE_S, self.end_aside)
        self.say_count()

    def end_aside(self) -> None:
        """What was said has been read, or does not hold any more: the hints come back."""
        if self._aside_ends is not None:
            self._aside_ends.stop()
            self._aside, self._aside_ends = "", None
            self.say_count()

    def say_count(self) -> None:
        """Count what is typed."""
        text = self.composer.text
        price = self._prices.get(self.peer or "")
        extras, marks = self.extras, self.desk.marks
        counted = options_form.counted(text, extras)
        if counted is not None and self.desk.mask.is_on:
            counted = replace(counted, culprits=())  # it would be quoted
        if counted is None:
            lines = [Content("")]
        else:
            counts = text or (" " if counted.units else "")
            lines = [count_line(counts, counted, marks, part_price=price)]
            lines += [count_line(counts, counted, marks, is_short=is_short) for is_short in (False, True)]
        first, *shorter = [Content.assemble(" ", line) for line in lines]
        hints, *fewer = self._hint_lines() or (Content(""),)
        self.foot.show(first, hints, shorter_lefts=shorter, shorter_rights=fewer)
        self._say_note(text)

    def _hint_lines(self) -> tuple[Content, ...]:
        """The hints, then fewer of them; what is said before all others is never left out for them."""
        hints = (self._aside,) if self._aside else self._hints
        if not self._first_hint:
            return hints_of(hints)
        first = Content.styled(self._first_hint + " ", "bold")
        return (*(Content.assemble(first, " ", line) for line in hints_of(hints)), first)

    def _say_note(self, text: str) -> None:
        """What the writer should know, in a line that is there only when there is something to say."""
        problem = options_form.problem(text, self.extras)
        note = note_line(problem, self._advice, self.desk.marks, self.size.width, self.desk.mask)
        self.note.show(note)
        self.note.set_class(bool(note.plain), "-told")

    def _title(self, conversation: Conversation) -> Content:
        return content(self.desk.mask.name(conversation.title) + you(conversation, self.desk.options.number))

    def _destination(self, conversation: Conversation) -> Content:
        dot = f" {self.desk.marks.dot} "
        if not conversation.peer.isdigit():
            return Content.assemble(" ", self._title(conversation), f"{dot}a name, not a number: cannot be answered ")
        sender = content(f"{dot}from {self.desk.mask.number(self._sender(conversation))}")
        title = Content.assemble(" to ", self._title(conversation))
        words = options_form.words_of(self.extras)
        options = Content("".join(f"{dot}{word}" for word in words) + " ").stylize("bold" if words else "")
        number = content(f"{dot}{self.desk.mask.number(conversation.peer)}" if conversation.name else "")
        long = Content.assemble(title, number, sender, options)
        short = Content.assemble(title, sender, options)
        shortest = Content.assemble(title, options) if words else short
        return next((one for one in (long, short) if one.cell_length + 2 <= self.size.width), shortest)

    def _sender(self, conversation: Conversation) -> str:
        """What the recipient will see: what was chosen here, else what the messenger says, else the settings'."""
        if conversation.sender is not None:
            return conversation.sender
        return self._advice.sender if self._advice is not None else self.desk.options.sender

    def _newer_line(self) -> Content:
        if not self._newer:
            return Content("")
        arrow = "v" if self.desk.marks.ascii else "↓"
        return Content.styled(f" {arrow} {self._newer} new ", "bold $accent")

    def remask(self) -> None:
        """The mask was put on or taken off."""
        self.say()

    def on_resize(self) -> None:
        """Another width holds more or less."""
        self.say()


def standings(conversation: Conversation, country: str, marks: Marks) -> tuple[Content, ...]:
    """What is to be known of a conversation, for the end of its first line; then in less room, the gravest last."""
    words = [
        country,
        "pinned" if conversation.pinned else "",
        "archived" if conversation.archived and not conversation.blocked else "",
        "muted" if conversation.muted else "",
        "blocked" if conversation.blocked else "",
        "sent STOP" if conversation.opted_out else "",
    ]
    said = [word for word in words if word]
    return tuple(
        Content.styled(f" {marks.dot} ".join(said[number:]) + (" " if said[number:] else ""), "$foreground 70%")
        for number in range(max(len(said), 1))
    )
