"""The list of conversations with its keys, and the line under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from smschat.errors import SmschatError
from smschat.ui.actions import Where
from smschat.ui.bindings import bindings_of
from smschat.ui.widgets.bar import Bar, hints_of
from smschat.ui.widgets.conversations import ConversationList

if TYPE_CHECKING:
    from textual.binding import BindingType

    from smschat.domain.conversation import Conversation, Totals
    from smschat.ui.desk import Desk
    from smschat.ui.render import Marks

_REST_S: Final = 0.25
"""Seconds between two counts, at least."""


class Chats(ConversationList):
    """The list of conversations with its keys."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Where.LIST)

    def conversation(self, peer: str) -> Conversation | None:
        """A conversation as the list holds it; None where it does not."""
        index = self._ordering.index(peer)
        return None if index is None else self._ordering[index]


class TotalsLine(Bar):
    """`4 chats · 2 unread`, counted again when something changed, and not more often than it can be read."""

    class Counted(Message):
        """So many SMS are unread."""

        def __init__(self, unread: int) -> None:
            super().__init__()
            self.unread = unread

    is_narrow = reactive(default=False, repaint=False)
    """What a rail can hold: the unread, or else the chats."""

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(keeps_left=True, id=id)
        self._desk = desk
        self._totals: Totals | None = None
        self._hints: tuple[Content, ...] = ()
        self._is_counting = False
        self._is_stale = False

    def say_hints(self, *hints: str) -> None:
        """Say at the right what the keys do, where the list has the screen for itself."""
        self._hints = hints_of(hints)
        self.watch_is_narrow()

    def count_again(self) -> None:
        """Count, unless that is being done or was done this moment: then when that is over."""
        if self._is_counting:
            self._is_stale = True
        else:
            self._is_counting = True
            self._count()

    @work(group="totals")
    async def _count(self) -> None:
        self._is_stale = False
        try:
            self._totals = await self._desk.bridge.call(lambda messenger: messenger.totals())
        except SmschatError:
            return
        finally:
            self.set_timer(_REST_S, self._rested)
        self.watch_is_narrow()
        self.post_message(self.Counted(self._totals.unread))

    def _rested(self) -> None:
        self._is_counting = False
        if self._is_stale:
            self.count_again()

    def watch_is_narrow(self) -> None:
        """Say it in the room that there is."""
        if self._totals is not None:
            hint, *fewer = self._hints or (Content(""),)
            line = totals_line(self._totals, self._desk.marks, is_narrow=self.is_narrow)
            self.show(line, hint, shorter_rights=fewer)


def totals_line(totals: Totals, marks: Marks, *, is_narrow: bool) -> Content:
    """What stands under the list."""
    unread = Content.styled(f"{totals.unread} unread", "bold" if totals.unread else "")
    chats = Content(f"{totals.chats} {'chat' if totals.chats == 1 else 'chats'}")
    if is_narrow:
        return Content.assemble(" ", unread if totals.unread else chats).stylize("$foreground 70%")
    return Content.assemble(" ", chats, f" {marks.dot} ", unread).stylize("$foreground 70%")
