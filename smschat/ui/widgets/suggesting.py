"""Shortcodes in the composer: what the one that is being typed may become, in a line that is there only then.

The rule: what is offered is taken by the key that the line names, and is left alone otherwise; nothing is loaded before
somebody types a shortcode.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import work
from textual.content import Content

from smschat.ui import options_form
from smschat.ui.keys import key_name, keys_of
from smschat.ui.widgets.count_line import change_words
from smschat.ui.widgets.talk_frame import TalkFrame

if TYPE_CHECKING:
    from smschat.ui.desk import Desk
    from smschat.ui.render import Marks
    from smschat.ui.shortcodes import Offer
    from smschat.ui.widgets.composer import Composer


class Suggesting(TalkFrame):
    """A conversation's frame that knows shortcodes."""

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(desk, id=id)
        self._offers: tuple[Offer, ...] = ()
        self._is_loading = False

    def on_composer_moved(self, event: Composer.Moved) -> None:
        """The shortcode was left."""
        event.stop()
        self.look_for_shortcode()

    def on_composer_replaced(self, event: Composer.Replaced) -> None:
        """Say what was altered, and how it is undone."""
        event.stop()
        shown = shown_as(event.offer.emoji, self.desk.marks)
        self.say_aside(f":{event.offer.name}: is {shown} now {self.desk.marks.dot} ctrl+z undoes it")

    def complete(self) -> bool:
        """Take the first emoji that is offered; False: none is."""
        if not self._offers or not self.composer.has_focus:
            return False
        self.composer.take(self._offers[0])
        return True

    def look_for_shortcode(self) -> None:
        """See whether a shortcode is being typed."""
        before = self.composer.before_cursor
        shortcodes = self.composer.shortcodes
        if ":" not in before:
            self._offer(())
        elif shortcodes is None:
            self._load_if_begun(before)
        else:
            self._offer(shortcodes.offers(before))

    def _load_if_begun(self, before: str) -> None:
        from smschat.ui.shortcodes import begun  # noqa: PLC0415 - when the first colon is typed

        if begun(before) is not None and not self._is_loading:
            self._is_loading = True
            self._load()

    @work(group="shortcodes")
    async def _load(self) -> None:
        from smschat.ui.shortcodes import load  # noqa: PLC0415 - as above

        self.composer.shortcodes = await asyncio.to_thread(load)
        self.look_for_shortcode()

    def _offer(self, offers: tuple[Offer, ...]) -> None:
        """Show what is offered, and its cost."""
        self._offers = offers
        self.composer.tells_moves = bool(offers)
        self.offers.set_class(bool(offers), "-told")
        if offers:
            lines = [self._named(offers[:count]) for count in range(len(offers), 0, -1)]
            cost = Content.styled(f"{self._cost(offers[0])} ", "$warning")
            self.offers.show(lines[0], cost, shorter_lefts=lines[1:])

    def _named(self, offers: tuple[Offer, ...]) -> Content:
        key = key_name(keys_of("pane.next", self.desk.rebound)[0])
        is_ascii = self.desk.marks.ascii
        names = "  ".join(offer.name if is_ascii else f"{offer.emoji} {offer.name}" for offer in offers)
        return Content.assemble("   ", (key, "bold"), " ", names)

    def _cost(self, offer: Offer) -> str:
        """What taking it would cost; empty: nothing."""
        composer = self.composer
        row, column = composer.cursor_location
        lines = composer.text.split("\n")
        lines[row] = lines[row][: column - offer.length] + offer.emoji + lines[row][column:]
        before = options_form.counted(composer.text, self.extras)
        after = options_form.counted("\n".join(lines), self.extras)
        return "" if before is None or after is None else change_words(before, after, self.desk.marks)


def shown_as(emoji: str, marks: Marks) -> str:
    """The emoji, or its code points where the terminal has no more than ASCII; many are more than one."""
    return " ".join(f"U+{ord(one):04X}" for one in emoji) if marks.ascii else emoji
