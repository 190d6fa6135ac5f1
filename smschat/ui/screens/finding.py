"""What the keys that find something do: a number to write to, an SMS by its words, a conversation by its name, a day.

The rule: a screen that looks for something is left as it was found when nothing is picked.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from textual import work

from smschat.errors import SmschatError
from smschat.ui.keys import hint, key_name, keys_of
from smschat.ui.render import day_name, local, zone_of
from smschat.ui.screens.returning import Returning
from smschat.ui.walk import Walk
from smschat.ui.widgets.sending import Sending

if TYPE_CHECKING:
    from textual.geometry import Size

    from smschat.domain.conversation import Conversation
    from smschat.domain.finding import Hit, Person
    from smschat.ui.desk import Desk
    from smschat.ui.screens.search import Chosen

_NO_CONVERSATION: Final = "There is no conversation here."
_GONE: Final = "This conversation is not in the store any more."
_NOT_SEARCHED: Final = "Nothing was searched for yet."
_NO_OLDER: Final = "no older SMS has these words"
_NO_NEWER: Final = "no newer SMS has these words"
_FIRST_DAY: Final = date(1990, 1, 1)
"""Before the first SMS that was ever sent."""


class Finding(Returning):
    """Finding."""

    def __init__(self, desk: Desk, size: Size) -> None:
        super().__init__(desk, size)
        self._query = ""
        self._walk: Walk | None = None

    def action_new_conversation(self) -> None:
        """Ask for whom, then open it."""
        from smschat.ui.screens.new_conversation import NewConversation  # noqa: PLC0415 - after the first frame

        self.app.push_screen(NewConversation(self.desk.bridge), self._open_new)

    def _open_new(self, conversation: Conversation | None) -> None:
        if conversation is not None:
            self.chats.apply(conversation)
            self.chats.select(conversation.peer)
            self.open(conversation)

    def action_switch(self) -> None:
        """Ask to whom, then open the conversation."""
        from smschat.ui.screens.switcher import Switcher  # noqa: PLC0415 - after the first frame

        self.app.push_screen(Switcher(self.desk, is_whole=self.has_class("-no-list")), self._switched)

    def _switched(self, person: Person | None) -> None:
        if person is not None:
            self._switch_to(person.peer)

    @work(group="finding", exclusive=True)
    async def _switch_to(self, peer: str) -> None:
        try:
            conversation = await self.desk.bridge.call(lambda messenger: messenger.conversation(peer))
            if conversation is None:
                conversation = await self.desk.bridge.call(lambda messenger: messenger.open_conversation(peer))
        except SmschatError as error:
            self.post_message(Sending.Complained(error))
        else:
            self._open_new(conversation)

    def action_search(self) -> None:
        """Look for an SMS among all of them."""
        self._search(None)

    def action_search_here(self) -> None:
        """Look for an SMS of this conversation."""
        if self.talk.conversation is None:
            self.notify(_NO_CONVERSATION, markup=False)
        else:
            self._search(self.talk.conversation)

    def _search(self, within: Conversation | None) -> None:
        from smschat.ui.screens.search import Search  # noqa: PLC0415 - after the first frame

        is_whole = self.has_class("-no-list")
        self.app.push_screen(Search(self.desk, within, self._query, is_whole=is_whole), self._searched)

    def _searched(self, chosen: Chosen | None) -> None:
        if chosen is not None and chosen.query.strip():
            self._query = chosen.query
        if chosen is not None and chosen.hit is not None:
            self._open_hit(chosen.query, chosen.hit)

    @work(group="finding", exclusive=True)
    async def _open_hit(self, query: str, hit: Hit) -> None:
        """Show it in its conversation at once, and mark the others there when they are known."""
        sms = hit.sms
        conversation = await self._conversation(sms.peer)
        if conversation is None:
            self.notify(_GONE, markup=False)
            return
        walk = self._walk = Walk(self.desk.bridge, query, sms.peer, upto=sms.seq)
        self.go_to(conversation, sms.seq, found={sms.id: hit.spans})
        await self._mark(walk, sms.seq)

    async def _mark(self, walk: Walk, seq: int) -> None:
        try:
            await walk.reach(seq)
        except SmschatError as error:
            self.post_message(Sending.Complained(error))
        if walk is self._walk and walk.peer == self.talk.peer:
            self.talk.messages.mark(walk.peer, walk.found)
            self.refresh_hints()

    async def action_older_hit(self) -> None:
        """To the next older SMS that has the words."""
        await self._walk_on(is_older=True)

    async def action_newer_hit(self) -> None:
        """To the next newer one."""
        await self._walk_on(is_older=False)

    async def _walk_on(self, *, is_older: bool) -> None:
        walk, messages = self._walk_here(), self.talk.messages
        if walk is None:
            return
        seq = messages.place
        try:
            hit = await (walk.older(seq) if is_older else walk.newer(seq))
        except SmschatError as error:
            self.post_message(Sending.Complained(error))
            return
        if hit is None:
            self.talk.say_aside(_NO_OLDER if is_older else _NO_NEWER)
            return
        messages.go_to(walk.peer, hit.sms.seq, found=walk.found)
        self.talk.end_aside()
        self.refresh_hints()

    def _walk_here(self) -> Walk | None:
        """Through this conversation for what was looked for last; None, and said: nothing was."""
        peer = self.talk.peer
        if peer is None or not self._query:
            self.notify(_NO_CONVERSATION if peer is None else _NOT_SEARCHED, markup=False)
            return None
        if self._walk is None or (self._walk.peer, self._walk.query) != (peer, self._query):
            self._walk = Walk(self.desk.bridge, self._query, peer)
        return self._walk

    def action_back(self) -> None:
        """Where found words are marked, that ends; else a step back."""
        messages = self.talk.messages
        if self.focused is messages and messages.has_marks:
            messages.mark(self.talk.peer, {})
            self.refresh_hints()
        else:
            super().action_back()

    def refresh_hints(self) -> None:
        """Say at the foot which keys act now; where found words are marked, those that lead to others."""
        super().refresh_hints()
        if self.focused is self.talk.messages and self.talk.messages.has_marks:
            walking = (hint(name, self.desk.rebound) for name in ("search.older", "search.newer"))
            self.talk.say_hints(*walking, f"{key_name(keys_of('back', self.desk.rebound)[0])} done")

    def action_go_to_day(self) -> None:
        """Ask for a day, then go there."""
        from smschat.ui.screens.go_to_day import GoToDay  # noqa: PLC0415 - after the first frame

        if self.talk.conversation is None:
            self.notify(_NO_CONVERSATION, markup=False)
        else:
            self.app.push_screen(GoToDay(self.desk), self._day_chosen)

    def _day_chosen(self, day: date | None) -> None:
        if day is not None and self.talk.conversation is not None:
            self._to_day(self.talk.conversation, day)

    @work(group="finding", exclusive=True)
    async def _to_day(self, conversation: Conversation, day: date) -> None:
        """To its first SMS, or the first one after it, and then say so."""
        peer, now = conversation.peer, self.desk.now()
        zone = zone_of(now)
        today = local(now, zone).date()
        since = min(max(day, _FIRST_DAY), today + timedelta(days=1))
        midnight = datetime(since.year, since.month, since.day, tzinfo=zone).astimezone(zone)
        try:
            seq = await self.desk.bridge.call(lambda messenger: messenger.finding.place_at(peer, midnight))
            after = (seq or 1) - 1
            page = await self.desk.bridge.call(lambda messenger: messenger.transcript(peer, after=after, limit=1))
        except SmschatError as error:
            self.post_message(Sending.Complained(error))
            return
        self.go_to(conversation, seq)
        found = None if seq is None or not page else local(page[0].created_at, zone).date()
        if found is None:
            self.notify(f"There is no SMS of {day_name(day, today)} or later; this is the newest.", markup=False)
        elif found != day:
            self.notify(
                f"There is no SMS of {day_name(day, today)}; the next is of {day_name(found, today)}.", markup=False
            )
