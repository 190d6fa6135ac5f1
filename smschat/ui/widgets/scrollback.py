"""The part of the transcript that reads and scrolls: a window of the store that moves under the eye without a jump.

Rules: it follows the newest SMS only while it is at the end, else it counts what came; older and newer pages are
read on nearing an edge, and the line under the eye stays where it is, through a resize as well; a tick repaints the
lines of its own SMS and no others.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from smschat.errors import SmschatError
from smschat.ui import render
from smschat.ui.bubbles import Look
from smschat.ui.mask import OPEN
from smschat.ui.widgets.feed import Feed
from smschat.ui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from datetime import datetime

    from smschat.domain.conversation import Conversation
    from smschat.domain.sms import Sms
    from smschat.ui.mask import Mask
    from smschat.ui.render import Marks
    from smschat.ui.widgets.reader import Reader
    from smschat.ui.widgets.window import Window

_EDGE_PAGES = 2
"""Screens from an edge at which the next page is read, and at most `_EDGE_LINES`: far less than is held."""

_EDGE_LINES = 100


class Scrollback(LineView):
    """The lines of a conversation, read page by page."""

    @dataclass
    class AtEnd(Message, namespace="transcript"):
        """The newest SMS came into view or went out of it, or another one came meanwhile.

        Attributes:
            newer: inbound SMS that came and have not been on the screen yet.
        """

        at_end: bool
        newer: int

    def __init__(
        self,
        reader: Reader,
        *,
        now: Callable[[], datetime],
        marks: Marks | None = None,
        retry_key: str = "r",
        mask: Mask = OPEN,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(marks=marks, id=id)
        self._now = now
        self._retry_key = retry_key
        self._mask = mask
        self._feed = Feed(reader)
        self._follows = True
        self._is_paging = False
        self._newest = 0
        self._whole: frozenset[str] = frozenset()
        self._unseen: list[int] = []
        self._told = (True, 0)

    @property
    def peer(self) -> str | None:
        """Whose conversation is shown, or being read; None for none."""
        return self._feed.peer

    @property
    def newest_seq_on_screen(self) -> int | None:
        """The `seq` of the newest SMS that is on the screen; None while none is."""
        number = self._last_visible() if self.is_on_screen else None
        return None if number is None else self._window[number].seq

    @property
    def _window(self) -> Window:
        return self._feed.window

    async def show(self, conversation: Conversation) -> None:
        """Show a conversation at its end; raises what the reader raises."""
        self._forget(conversation)
        page = await self._feed.read()
        if page is not None:
            self._install(page)

    def clear(self) -> None:
        """Show no conversation."""
        self._forget(None)
        self.set_line_count(0, top=0)
        self.refresh()
        self._scrolled()

    def apply(self, sms: Sms) -> None:
        """Show a new or changed SMS; those of other conversations are left alone."""
        if sms.peer != self._feed.peer:
            return
        window = self._window
        with self._held():
            put = self._feed.hear(sms, follows=self._follows)
        if put is not None and put.same_height:
            body = window.body(put.index)
            self.refresh_lines(body.start, len(body))
        elif put is not None and window.start(put.index) < self.top + self.size.height:
            self.refresh()
        if sms.seq > self._newest:
            self._newest = sms.seq
            self._came(sms)

    def forget_sms(self, sms_id: str) -> None:
        """An SMS is gone for good."""
        with self._held():
            is_held = self._feed.forget(sms_id)
        if is_held:
            self.refresh()

    def _came(self, sms: Sms) -> None:
        """An SMS came that is newer than all that were read or heard of."""
        if not sms.is_outbound and not self._follows:
            self._unseen.append(sms.seq)
            self._scrolled()

    def _forget(self, conversation: Conversation | None) -> None:
        self._feed.open(conversation)
        self._follows = True
        self._newest = 0
        self._whole = frozenset()
        self._unseen.clear()

    def _look(self) -> Look:
        zone = render.zone_of(self._now())
        return Look(
            width=self.size.width,
            marks=self.marks,
            zone=zone,
            retry_key=self._retry_key,
            whole=self._whole,
            is_masked=self._mask.is_on,
        )

    def _install(self, page: list[Sms], *, oldest: bool = False) -> None:
        look = self._look()
        self._window.screen = self.size.height
        self._feed.install(page, look, render.local(self._now(), look.zone).date(), oldest=oldest)
        if len(self._window):
            self._newest = max(self._newest, self._window[-1].seq)
        self.set_line_count(self._window.height, top=0 if oldest else self._window.height)
        self.refresh()
        self._scrolled()

    def _last_visible(self) -> int | None:
        return self._window.last_visible(self.top, self.size.height)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Across a change of the window, stay at the end, or keep the line under the eye where it is."""
        window, follows = self._window, self._follows
        place = window.place(self.top)
        eye = None if place is None else window[place.number]
        yield
        top = self.top
        if follows and not window.has_newer:
            top = window.height
        elif place is not None and eye is not None and (number := window.find(eye.id, eye.seq)) is not None:
            top = window.at(place._replace(number=number))
        self.set_line_count(window.height, top=top)
        self._scrolled()

    def _scrolled(self) -> None:
        """Tell what is in view now, and read on where an edge is near."""
        self._follows = self.top >= self.max_scroll_y and not self._window.has_newer
        if self._follows:
            self._unseen.clear()
        elif self._unseen and (last := self._last_visible()) is not None:
            self._unseen = [seq for seq in self._unseen if seq > self._window[last].seq]
        told = (self._follows, len(self._unseen))
        if told != self._told:
            self._told = told
            self.post_message(self.AtEnd(*told))
        self._read_on()

    def _read_on(self) -> None:
        window, near = self._window, min(_EDGE_PAGES * self.size.height, _EDGE_LINES)
        if self._is_paging or not self.size or not len(window):
            return
        if window.has_older and self.top < near:
            self._page(partial(self._more, before=window[0].seq))
        elif window.has_newer and self.top + self.size.height > window.height - near:
            self._page(partial(self._more, after=window[-1].seq))

    def _page(self, reading: Callable[[], Awaitable[None]]) -> None:
        self._is_paging = True
        self.read_aside(reading, "transcript-pages")

    async def _more(self, *, before: int | None = None, after: int | None = None) -> None:
        """Read the next page at one end and add it without moving the line under the eye."""
        try:
            page = await self._feed.read(before=before, after=after)
        except SmschatError as error:
            self.post_message(self.ReadFailed(error))
            return
        finally:
            self._is_paging = False
        if page is not None:
            with self._held():
                self._feed.add_older(page) if after is None else self._feed.add_newer(page)
            self.refresh()
        self._read_on()

    async def _turn(self, *, oldest: bool) -> None:
        """Hold the page at one end of the conversation in place of what is held."""
        self._feed.overtake()
        try:
            page = await self._feed.read(after=0 if oldest else None)
        except SmschatError as error:
            self.post_message(self.ReadFailed(error))
            return
        if page is not None:
            self._install(page, oldest=oldest)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Whatever moved it: look again at what is in view."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._scrolled()

    @property
    def laid_out_width(self) -> int:
        """The width that the window was wrapped for."""
        return self._window.look.width

    def lay_out(self) -> None:
        """Wrap anew for another width; the end stays the end, else the line under the eye stays where it is."""
        look = self._look()
        with self._held():
            first, last = self._window.first_visible(self.top), self._last_visible()
            if look != self._window.look and first is not None and last is not None:
                self._feed.keep_near(first, last)
            self._window.dress(look)
            self._window.screen = self.size.height
        self.refresh()
