"""The reads behind a transcript: which page is asked for, which answer still counts, and what was heard meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from smschat.ui.bubbles import Look
from smschat.ui.render import Marks
from smschat.ui.widgets.dividers import News
from smschat.ui.widgets.window import Window

if TYPE_CHECKING:
    from smschat.domain.conversation import Conversation
    from smschat.domain.sms import Sms
    from smschat.ui.widgets.reader import Reader
    from smschat.ui.widgets.window import Put

PAGE = 200
"""SMS in one read."""

LIMIT = 3 * PAGE
"""SMS held at most, and one page more for a moment; what lies beyond is read again when it is scrolled to."""


class Feed:
    """The window of one conversation and the way to move it.

    Attributes:
        window: what is held; empty, and left empty, between `open` and `install`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._conversation: Conversation | None = None
        self._news: News | None = None
        self._generation = 0
        self._reads = 0
        self._heard: dict[str, Sms] = {}
        self._gone: set[str] = set()
        self._is_installed = False
        self.window = Window(Look(width=0, marks=Marks()), date.min)

    @property
    def peer(self) -> str | None:
        """Whose conversation it is; None for none."""
        return self._conversation.peer if self._conversation else None

    def open(self, conversation: Conversation | None) -> None:
        """Turn to another conversation: whatever is being read no longer counts."""
        self._conversation = conversation
        self._generation += 1
        self._heard.clear()
        self._gone.clear()
        self._news = None
        self._is_installed = False
        self.window = Window(self.window.look, self.window.today, screen=self.window.screen)

    async def read(self, *, before: int | None = None, after: int | None = None) -> list[Sms] | None:
        """A page of the conversation; None when it was overtaken by another `open` or `overtake`."""
        peer, generation = self.peer, self._generation
        if peer is None:
            return None
        self._reads += 1
        try:
            page = await self._reader.transcript(peer, before=before, after=after, limit=PAGE)
        finally:
            self._reads -= 1
        return page if generation == self._generation else None

    def overtake(self) -> None:
        """Whatever is being read no longer counts; what is held stays."""
        self._generation += 1

    def install(self, page: list[Sms], look: Look, today: date, *, oldest: bool = False) -> None:
        """Hold this page and nothing else: the newest, or the oldest."""
        is_full = len(page) >= PAGE
        self._hold(page, look, today, has_older=is_full and not oldest, has_newer=is_full and oldest)

    def install_around(self, older: list[Sms], newer: list[Sms], look: Look, today: date) -> None:
        """Hold these two pages, which follow one another, and nothing else."""
        has_older, has_newer = len(older) >= PAGE, len(newer) >= PAGE
        self._hold([*older, *newer], look, today, has_older=has_older, has_newer=has_newer)

    def _hold(self, page: list[Sms], look: Look, today: date, *, has_older: bool, has_newer: bool) -> None:
        window = Window(look, today, news=self._divider(page), screen=self.window.screen)
        window.has_older, window.has_newer = has_older, has_newer
        window.add(page)
        self.window = window
        self._is_installed = True
        self._catch_up()

    def add_older(self, page: list[Sms]) -> None:
        """Hold an older page as well, and forget the newest ones beyond the limit."""
        self.window.has_older = len(page) >= PAGE
        self.window.add(page)
        self.window.keep(0, LIMIT)

    def add_newer(self, page: list[Sms]) -> None:
        """Hold a newer page as well, and forget the oldest ones beyond the limit."""
        self.window.has_newer = len(page) >= PAGE
        self.window.add(page)
        self._catch_up()
        self.window.keep(len(self.window) - LIMIT, len(self.window))

    def keep_near(self, first: int, last: int) -> None:
        """Hold about a page around the SMS on the screen: what is not held need not be laid out anew."""
        self.window.keep(first - PAGE // 2, last + PAGE // 2)

    def hear(self, sms: Sms, *, follows: bool) -> Put | None:
        """Take a change; None when it shows nowhere in what is held.

        Args:
            sms: of this conversation.
            follows: the newest is being looked at, so the oldest may go; else what is too much waits in the store.
        """
        if self._reads:
            self._heard[sms.id] = sms
        window = self.window
        if not self._is_installed:
            return None
        if not follows and len(window) >= LIMIT + PAGE and sms.seq > window[-1].seq:
            window.has_newer = True
        put = window.put(sms)
        if put is None or not follows or len(window) <= LIMIT + PAGE:
            return put
        excess = len(window) - LIMIT
        window.keep(excess, len(window))
        return replace(put, index=put.index - excess) if put.index >= excess else None

    def forget(self, sms_id: str) -> bool:
        """An SMS is gone for good; False: it is not held."""
        if self._reads:
            self._gone.add(sms_id)
        self._heard.pop(sms_id, None)
        return self._is_installed and self.window.remove(sms_id)

    def _catch_up(self) -> None:
        """A page may be older than what was heard while it was read."""
        for sms_id in self._gone:
            self.window.remove(sms_id)
        for sms in self._heard.values():
            self.window.put(sms)
        if not self._reads:
            self._heard.clear()
            self._gone.clear()

    def _divider(self, page: list[Sms]) -> News | None:
        """What was new when the conversation was opened stays marked as long as it is open."""
        opened = self._conversation
        last = opened.last.seq if opened is not None and opened.last is not None else 0
        if self._news is None and opened is not None and opened.unread and page:
            self._news = News(after=opened.read_upto, upto=max(page[-1].seq, last), count=opened.unread)
        return self._news
