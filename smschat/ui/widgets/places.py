"""The part of the transcript that goes to a place: an SMS far back, with the words that were looked for marked in it.

Rule: a place is shown from the first frame on, and not after the newest SMS; from there one scrolls both ways as ever.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from smschat.errors import SmschatError
from smschat.ui import render
from smschat.ui.marking import marked
from smschat.ui.render import Ink
from smschat.ui.widgets.transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smschat.domain.conversation import Conversation
    from smschat.domain.sms import Sms
    from smschat.ui.bubbles import Look
    from smschat.ui.marking import Spans
    from smschat.ui.render import Line

_ABOVE_ALL = 2**63 - 1
_ABOVE = 3
"""The part of the screen, a third, that stays above the place."""


class Spot(NamedTuple):
    """An SMS of a conversation, by its `seq`; where it is gone, the one after it; and words to mark there.

    Attributes:
        found: by the ids of the SMS; None: what is marked stays.
    """

    peer: str
    seq: int
    found: Mapping[str, Spans] | None = None


class Places(Transcript):
    """A transcript in which one goes to a place."""

    INKS = (*Transcript.INKS, Ink.FOUND)
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"transcript--{Ink.FOUND}"}
    DEFAULT_CSS = """
    Places > .transcript--found { color: $background; background: $warning; text-style: bold underline; }
    """

    _spot: Spot | None = None
    _found: Mapping[str, Spans] = {}
    _marked: tuple[tuple[str, int, Look], tuple[Line, ...]] | None = None

    @property
    def whereabouts(self) -> int | None:
        """The `seq` of the SMS that is looked at; None: the newest, or nothing."""
        number = self._cursor_number()
        if self._follows or not len(self._window):
            return None
        if number is None or not self._window.is_visible(number, self.top, self.size.height):
            number = self._last_visible()
        return None if number is None else self._window[number].seq

    @property
    def has_marks(self) -> bool:
        """Whether found words are marked."""
        return bool(self._found)

    @property
    def place(self) -> int:
        """The `seq` of the SMS under the cursor, or else of the newest on the screen; above all where there is none."""
        number = self._cursor_number()
        number = self._last_visible() if number is None else number
        return _ABOVE_ALL if number is None else self._window[number].seq

    def mark(self, peer: str | None, found: Mapping[str, Spans]) -> None:
        """Mark words in the SMS of these ids of a conversation, and in no others."""
        if self._spot is not None and self._spot.peer == peer:
            self._spot = self._spot._replace(found=found)
        if peer == self.peer and (found or self._found):
            self._found, self._marked = found, None
            self.refresh()

    def go_to(self, peer: str, seq: int, *, found: Mapping[str, Spans] | None = None) -> None:
        """Put the cursor on an SMS; where its conversation is still to be shown, as soon as it is.

        Args:
            found: words to mark, by the ids of the SMS; None: what is marked stays.
        """
        self._spot = Spot(peer, seq, found)
        if peer != self.peer or not len(self._window):
            return
        if found is not None:
            self.mark(peer, found)
        window = self._window
        if window[0].seq <= seq <= window[-1].seq or not (
            window.has_older if seq < window[0].seq else window.has_newer
        ):
            self._arrive(seq)
        else:
            self.read_aside(partial(self._go, seq), "transcript-turn")

    async def show(self, conversation: Conversation) -> None:
        """Show a conversation at its end, or where `go_to` was told; raises what the reader raises."""
        spot = self._spot
        if spot is None or spot.peer != conversation.peer:
            self._spot = None
            await super().show(conversation)
            return
        self._forget(conversation)
        self._found = spot.found or {}
        self._newest = conversation.last.seq if conversation.last is not None else 0
        await self._read_around(spot.seq)

    async def _go(self, seq: int) -> None:
        self._feed.overtake()
        try:
            await self._read_around(seq)
        except SmschatError as error:
            self.post_message(self.ReadFailed(error))

    async def _read_around(self, seq: int) -> None:
        newer = await self._feed.read(after=seq - 1)
        older = await self._feed.read(before=seq)
        if newer is None or older is None:
            return
        look = self._look()
        self._window.screen = self.size.height
        self._feed.install_around(older, newer, look, render.local(self._now(), look.zone).date())
        if len(self._window):
            self._newest = max(self._newest, self._window[-1].seq)
        self._arrive(seq)

    def _arrive(self, seq: int) -> None:
        """The SMS of this `seq`, or the one after it, stands in the upper part of the screen, under the cursor."""
        window, height = self._window, self.size.height
        self._spot = None if height else self._spot
        self._was_overtaken = False
        number = next((number for number in range(len(window)) if window[number].seq >= seq), len(window) - 1)
        top = max(0, window.body(number).start - height // _ABOVE) if len(window) else 0
        self._select_at(number)
        self.set_line_count(window.height, top=top)
        self.refresh()
        self._scrolled()

    def lay_out(self) -> None:
        """Wrap anew for another width; a place that was gone to unseen is gone to again."""
        super().lay_out()
        spot = self._spot
        if spot is not None and spot.peer == self.peer and self.size.height and len(self._window):
            self._arrive(spot.seq)

    def line_at(self, y: int) -> tuple[Line, bool]:
        """A line of the window, with found words marked."""
        line, has_bar = super().line_at(y)
        place = self._window.place(y) if self._found else None
        if place is None:
            return line, has_bar
        sms, body = self._window[place.number], self._window.body(place.number)
        spans = self._found.get(sms.id)
        return (self._marked_body(sms, place.number, spans)[y - body.start] if spans and y in body else line), has_bar

    def _marked_body(self, sms: Sms, number: int, spans: Spans) -> tuple[Line, ...]:
        key = (sms.id, sms.revision, self._window.look)
        if self._marked is None or self._marked[0] != key:
            window, body = self._window, self._window.body(number)
            places = (window.place(y) for y in body)
            lines = [window.line(place) for place in places if place is not None]
            self._marked = key, marked(lines, self._mask.text(sms.text), spans)
        return self._marked[1]

    def _forget(self, conversation: Conversation | None) -> None:
        super()._forget(conversation)
        self._found, self._marked = {}, None
