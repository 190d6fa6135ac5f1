"""Looking for SMS by their words, everywhere or in one conversation, as one types.

The rule: newest first, page by page as one moves down; an SMS that comes meanwhile is found as well.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.binding import Binding
from textual.content import Content

from smschat.domain.changes import SmsChanged, SmsDeleted
from smschat.errors import SmschatError
from smschat.ui.screens.picking import Picking
from smschat.ui.widgets.hit_list import HitList

if TYPE_CHECKING:
    from textual.binding import BindingType

    from smschat.domain.conversation import Conversation
    from smschat.domain.finding import Hit
    from smschat.ui.bridge import Taken
    from smschat.ui.desk import Desk

_PAGE: Final = 50
_PAUSE_S: Final = 0.03
"""Seconds between two keys typed fast, which are looked for together."""

_EMPTY: Final = 'every word is looked for; "two words" stand together; -word must not be there'
_EMPTY_SHORT: Final = '"two words"  -not this'


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the search is left with.

    Attributes:
        query: what was typed; may be empty.
        hit: what was opened; None: nothing was.
    """

    query: str = field(repr=False)
    hit: Hit | None = None


class Search(Picking[Chosen]):
    """Asks for words, and is dismissed with what was chosen.

    Args:
        within: the conversation that is looked through; None: all of them.
        query: what was looked for last.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+f", "everywhere", "Search everywhere", show=False, priority=True)
    ]

    def __init__(self, desk: Desk, within: Conversation | None, query: str, *, is_whole: bool) -> None:
        self._within = within
        self._hits = HitList(desk, id="hits")
        self._is_last = False
        self._is_reading = False
        label, ghost = self._words(desk)
        super().__init__(desk, self._hits, label=label, ghost=ghost, typed=query, is_whole=is_whole)

    def _words(self, desk: Desk) -> tuple[Content, str]:
        if self._within is None:
            return Content.styled(" search ", "bold"), "words in any SMS"
        return Content.styled(" search here ", "bold"), f"words in the SMS with {desk.mask.name(self._within.title)}"

    async def look(self, text: str) -> None:
        """Show the first page of what has these words."""
        if text.strip():
            await asyncio.sleep(_PAUSE_S)
        page = await self._read(text)
        self._is_last = len(page) < _PAGE
        self._hits.show(page)
        self._say_count()

    async def _read(self, text: str, *, before: int | None = None, limit: int = _PAGE) -> list[Hit]:
        peer = None if self._within is None else self._within.peer
        return await self.desk.bridge.call(
            lambda messenger: messenger.finding.search(text, peer=peer, before=before, limit=limit)
        )

    def on_picker_near_end(self) -> None:
        """Read on."""
        if self._hits.hits and not self._is_last and not self._is_reading:
            self._read_on(self.line.value, self._hits.hits[-1].sms.seq)

    @work(group="picking-pages")
    async def _read_on(self, text: str, before: int) -> None:
        self._is_reading = True
        try:
            page = await self._read(text, before=before)
        except SmschatError as error:
            self.say(error.message)
            return
        finally:
            self._is_reading = False
        if self._hits.hits and self._hits.hits[-1].sms.seq == before and text == self.line.value:
            self._is_last = len(page) < _PAGE
            self._hits.extend(page)
            self._say_count()

    def hear(self, taken: Taken) -> None:
        """An SMS that is new, has changed or is gone may be one that is looked for."""
        if self.line.value.strip() and (
            taken.lost or any(isinstance(each, SmsChanged | SmsDeleted) for each in taken.changes)
        ):
            self._look_again(self.line.value)

    @work(group="picking-again", exclusive=True)
    async def _look_again(self, text: str) -> None:
        await asyncio.sleep(_PAUSE_S)
        limit = max(_PAGE, len(self._hits.hits) + 1)
        try:
            page = await self._read(text, limit=limit)
        except SmschatError as error:
            self.say(error.message)
            return
        if text == self.line.value:
            self._is_last = len(page) < limit
            self._hits.replace(page)
            self._say_count()

    def _say_count(self) -> None:
        count = len(self._hits.hits)
        hints = () if self._within is None else ("ctrl+f everywhere",)
        if not self.line.value.strip():
            self.say(_EMPTY, *hints, shorter=_EMPTY_SHORT)
        elif not count:
            self.say("nothing has these words", *hints)
        else:
            place = f"{self._hits.index + 1} of {count:,}" if count else ""
            self.say(f"{place}{'' if self._is_last else '+'}", *hints)

    def action_move(self, by: int) -> None:
        """So many rows on."""
        super().action_move(by)
        self._say_count()

    def action_turn(self, by: int) -> None:
        """So many screens on."""
        super().action_turn(by)
        self._say_count()

    def action_everywhere(self) -> None:
        """Look through all conversations."""
        self._within = None
        self.remask()
        self._look(self.line.value)

    def remask(self) -> None:
        """Say what is looked through, covered or not."""
        label, self.line.placeholder = self._words(self.desk)
        self.say_label(label)

    def pick(self) -> None:
        """Open the SMS under the cursor."""
        if self._hits.chosen is not None:
            self.dismiss(Chosen(query=self.line.value, hit=self._hits.chosen))

    def action_leave(self) -> None:
        """Back to where one was; what was typed is remembered."""
        self.dismiss(Chosen(query=self.line.value))
