"""The stretch of a conversation that the transcript holds, as lines: pure, and blind to screens and stores.

How it works
------------
The SMS stand in the order of their `seq`. Each has a *lead* (a day divider, the "N new" divider) and a *body* (its own
lines); prefix sums of their heights say where each begins. A change lays out from its own place on, and no further
back, so that an SMS that arrives at the end costs one layout whatever the length.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from smschat.ui import bubbles, render
from smschat.ui.widgets import dividers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from smschat.domain.sms import Sms
    from smschat.ui.bubbles import Look
    from smschat.ui.render import Line
    from smschat.ui.widgets.dividers import News

_seq = attrgetter("seq")


class Place(NamedTuple):
    """A line as the number of its SMS in the window and the line within that SMS, its lead included."""

    number: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """What became of an SMS that was put.

    Attributes:
        index: where it stands.
        is_new: it was not held before, or has moved.
        same_height: nothing but its own lines has changed.
    """

    index: int
    is_new: bool
    same_height: bool


class Window:
    """SMS next to one another, oldest first, and their lines.

    Attributes:
        has_older, has_newer: the store has more at that end.
        news: where "N new" stands; None: nowhere.
        screen: lines of the view; fewer than these stand at its end, below blank ones.
    """

    def __init__(self, look: Look, today: date, *, news: News | None = None, screen: int = 0) -> None:
        self.look = look
        self.today = today
        self.news = news
        self.screen = screen
        self.has_older = False
        self.has_newer = False
        self._sms: list[Sms] = []
        self._bodies: list[tuple[Line, ...] | None] = []
        self._days: list[date] = []
        self._leads: list[tuple[Line, ...]] = []
        self._starts: list[int] = [0]

    def __len__(self) -> int:
        return len(self._sms)

    def __getitem__(self, index: int) -> Sms:
        return self._sms[index]

    @property
    def height(self) -> int:
        """All lines, the blank ones above a short conversation included."""
        return self.above + self._starts[-1]

    @property
    def above(self) -> int:
        """Blank lines, so that a short conversation stands next to the composer; 0 where there is no SMS."""
        return max(0, self.screen - self._starts[-1]) if self._sms else 0

    def start(self, index: int) -> int:
        """The first line of an SMS, its lead included."""
        return self.above + self._starts[index]

    def body(self, index: int) -> range:
        """The lines of an SMS itself."""
        return range(self.start(index) + len(self._leads[index]), self.start(index + 1))

    def place(self, y: int) -> Place | None:
        """The place of a line; None above the first and past the last."""
        if not self.above <= y < self.height:
            return None
        index = bisect_right(self._starts, y - self.above) - 1
        return Place(index, y - self.start(index))

    def first_visible(self, top: int) -> int | None:
        """The SMS at the top of a screen; None where there is none."""
        place = self.place(max(top, self.above))
        return None if place is None else place.number

    def last_visible(self, top: int, height: int) -> int | None:
        """The newest SMS of which a line is on a screen; its dividers do not count."""
        bottom = min(top + height, self.height) - 1
        place = self.place(bottom) if bottom >= top else None
        if place is None:
            return None
        number = place.number if bottom in self.body(place.number) else place.number - 1
        return number if number >= 0 else None

    def is_visible(self, index: int, top: int, height: int) -> bool:
        """Whether a line of an SMS is on a screen."""
        body = self.body(index)
        return body.start < top + height and body.stop > top

    def line(self, place: Place) -> Line:
        """The line at a place."""
        lead = self._leads[place.number]
        if place.offset < len(lead):
            return lead[place.offset]
        return self._body(place.number)[place.offset - len(lead)]

    def at(self, place: Place) -> int:
        """The line number of a place, kept within its SMS where that has become shorter."""
        height = self._starts[place.number + 1] - self._starts[place.number]
        return self.start(place.number) + min(place.offset, height - 1)

    def find(self, sms_id: str, seq: int) -> int | None:
        """Where an SMS stands; None if it is not held."""
        index = bisect_left(self._sms, seq, key=_seq)
        return index if index < len(self._sms) and self._sms[index].id == sms_id else None

    def dress(self, look: Look) -> None:
        """Lay everything out anew, for another width or other marks."""
        if look != self.look:
            self.look = look
            self._bodies = [None] * len(self._sms)
            self._lay(0)

    def add(self, page: Sequence[Sms]) -> None:
        """Add a page of older or of newer SMS; what is held already stays as it is."""
        first, last = (self._sms[0].seq, self._sms[-1].seq) if self._sms else (0, 0)
        self._splice(len(self._sms), [sms for sms in page if sms.seq > last])
        self._splice(0, [sms for sms in page if sms.seq < first])

    def keep(self, start: int, stop: int) -> None:
        """Hold only the SMS from one number up to another; the store still has the rest."""
        if stop < len(self._sms):
            self._cut(stop, len(self._sms))
            self.has_newer = True
            self._lay(stop)
        if start > 0:
            self._cut(0, start)
            self.has_older = True
            self._lay(0)

    def put(self, sms: Sms) -> Put | None:
        """Take an SMS that is new or has changed; None: nothing to show here, or older than what is held."""
        held = next((index for index, other in enumerate(self._sms) if other.id == sms.id), None)
        if held is not None and self._sms[held].seq == sms.seq:
            return self._replace(held, sms)
        if held is not None:
            self._cut(held, held + 1)
            self._lay(held)
        index = bisect_left(self._sms, sms.seq, key=_seq)
        if (index == len(self._sms) and self.has_newer) or (index == 0 and self.has_older):
            return None
        self._splice(index, [sms])
        return Put(index=index, is_new=True, same_height=False)

    def remove(self, sms_id: str) -> bool:
        """An SMS is gone for good; False: it is not held."""
        held = next((index for index, other in enumerate(self._sms) if other.id == sms_id), None)
        if held is None:
            return False
        self._cut(held, held + 1)
        self._lay(held)
        return True

    def _replace(self, index: int, sms: Sms) -> Put | None:
        if sms.revision <= self._sms[index].revision:
            return None
        before = len(self._body(index))
        self._sms[index] = sms
        self._bodies[index] = None
        same = len(self._body(index)) == before
        if not same:
            self._lay(index)
        return Put(index=index, is_new=False, same_height=same)

    def _splice(self, index: int, page: Sequence[Sms]) -> None:
        self._sms[index:index] = page
        self._bodies[index:index] = [None] * len(page)
        self._days[index:index] = [render.local(sms.created_at, self.look.zone).date() for sms in page]
        self._lay(index)

    def _cut(self, start: int, stop: int) -> None:
        del self._sms[start:stop], self._bodies[start:stop], self._days[start:stop]

    def _body(self, index: int) -> tuple[Line, ...]:
        body = self._bodies[index]
        if body is None:
            body = self._bodies[index] = bubbles.lines_of(self._sms[index], self.look)
        return body

    def _lay(self, index: int) -> None:
        """Leads and starts from this SMS on."""
        first_new = dividers.first_new(self._sms, self.news, has_older=self.has_older)
        del self._leads[index:], self._starts[index + 1 :]
        y = self._starts[-1]
        for number in range(index, len(self._sms)):
            lead = dividers.lead(self._days, number, self.news if number == first_new else None, self.look, self.today)
            y += len(lead) + len(self._body(number))
            self._leads.append(lead)
            self._starts.append(y)
