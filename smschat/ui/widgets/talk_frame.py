"""The frame of a conversation: whose it is, where an answer goes, and what it costs, around transcript and composer.

The rule: these lines only say what they are told; saying the same again costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.content import Content

from smschat.domain.segments import count
from smschat.ui.render import content
from smschat.ui.rows import you
from smschat.ui.widgets.bar import Bar, hints_of
from smschat.ui.widgets.composer import Composer
from smschat.ui.widgets.count_line import count_line
from smschat.ui.widgets.messages import Messages

if TYPE_CHECKING:
    from decimal import Decimal

    from textual.app import ComposeResult

    from smschat.domain.conversation import Conversation
    from smschat.ui.desk import Desk


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
        self._senders: dict[str, str] = {}
        self._newer = 0
        self._hints: tuple[Content, ...] = ()
        marks = desk.marks
        self.head = Bar(keeps_left=True, id="peer")
        self.messages = Messages(desk, id="messages")
        self.to = Bar(fill=marks.rule, keeps_left=True, id="to")
        self.composer = Composer(id="composer")
        self.foot = Bar(keeps_left=True, id="foot")

    def compose(self) -> ComposeResult:
        """Peer, transcript, destination, composer, count."""
        yield self.head
        yield Bar(fill=self.desk.marks.rule, id="under-peer")
        yield self.messages
        yield self.to
        with Horizontal(id="write"):
            prompt = Bar(id="prompt")
            prompt.show(Content.styled(" >", "$foreground 70%"))
            yield prompt
            yield self.composer
        yield self.foot

    @property
    def peer(self) -> str | None:
        """Whose conversation it is; None: no conversation yet."""
        return self.conversation.peer if self.conversation else None

    def say(self) -> None:
        """Say again what the lines around the transcript say; what is the same costs nothing."""
        conversation = self.conversation
        if conversation is None:
            return
        pinned = Content.styled("pinned ", "$foreground 70%") if conversation.pinned else Content("")
        title = Content.assemble(" ", self._title(conversation).stylize("bold"))
        number = content(f"  {conversation.peer}" if conversation.name else "").stylize("$foreground 70%")
        self.head.show(Content.assemble(title, number), pinned)
        self.to.show(self._destination(conversation), self._newer_line())
        self.say_count()

    def say_hints(self, *hints: str) -> None:
        """Say at the foot what the keys do here."""
        self._hints = hints_of(hints)
        self.say_count()

    def say_aside(self, words: str) -> None:
        """Say something of our own in the hints' place, until they are said again."""
        self.say_hints(words)

    def say_count(self) -> None:
        """Count what is typed."""
        text = self.composer.text
        price = self._prices.get(self.peer or "")
        counted, marks = count(text), self.desk.marks
        lines = [count_line(text, counted, marks, part_price=price)]
        lines += [count_line(text, counted, marks, is_short=is_short) for is_short in (False, True)]
        first, *shorter = [Content.assemble(" ", line) for line in lines]
        hint, *fewer = self._hints or (Content(""),)
        self.foot.show(first, hint, shorter_lefts=shorter, shorter_rights=fewer)

    def _title(self, conversation: Conversation) -> Content:
        return content(conversation.title + you(conversation, self.desk.options.number))

    def _destination(self, conversation: Conversation) -> Content:
        dot = f" {self.desk.marks.dot} "
        if not conversation.peer.isdigit():
            return Content.assemble(" ", content(conversation.title), f"{dot}a name, not a number: cannot be answered ")
        sender = content(self._senders.get(conversation.peer, self.desk.options.sender))
        title = self._title(conversation)
        short = Content.assemble(" to ", title, f"{dot}from ", sender, " ")
        if not conversation.name:
            return short
        long = Content.assemble(" to ", title, dot, content(conversation.peer), f"{dot}from ", sender, " ")
        return long if long.cell_length + 2 <= self.size.width else short

    def _newer_line(self) -> Content:
        if not self._newer:
            return Content("")
        arrow = "v" if self.desk.marks.ascii else "↓"
        return Content.styled(f" {arrow} {self._newer} new ", "bold $accent")

    def on_resize(self) -> None:
        """Another width holds more or less."""
        self.say()
