"""The part of the messages pane that selects by key: from one SMS to another, to be copied together.

Rule: what is selected is what has the cursor's bar; it ends when it is copied, by Esc, and with the conversation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.ui import render
from smschat.ui.bubbles import is_long
from smschat.ui.widgets.places import Places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smschat.domain.conversation import Conversation
    from smschat.domain.sms import Sms
    from smschat.ui.render import Line


class Ranges(Places):
    """A transcript in which several SMS can be selected."""

    _anchor: Sms | None = None

    @property
    def chosen(self) -> Sequence[Sms]:
        """The SMS that are selected, oldest first; empty while none are."""
        ends = self._ends()
        return [] if ends is None else [self._window[number] for number in range(ends[0], ends[1] + 1)]

    def select_from_here(self) -> bool:
        """Begin to select at the cursor; False: there is none."""
        self._anchor = self.selected
        self.refresh()
        return self._anchor is not None

    def end_selection(self) -> bool:
        """Select nothing any more; False: nothing was."""
        was, self._anchor = self._anchor is not None, None
        if was:
            self.refresh()
        return was

    def fold(self, sms_id: str) -> bool:
        """Show the whole of a long SMS, or the first of it again; False: it is none of the long ones."""
        held = next((sms for sms in (self.selected, *self.chosen) if sms is not None and sms.id == sms_id), None)
        number = self._last_visible() if held is None else None
        sms = held if number is None else self._window[number]
        if sms is None or not is_long(sms, self._window.look):
            return False
        self._whole = self._whole ^ {sms_id}
        self.lay_out()
        return True

    def as_text(self, chosen: Sequence[Sms], title: str, own: str) -> str:
        """Several SMS as lines to be pasted elsewhere: when, who, what."""
        zone = render.zone_of(self._now())
        return "\n".join(
            f"{render.moment(sms.created_at, zone)}  {own if sms.is_outbound else title}: {sms.text}" for sms in chosen
        )

    def line_at(self, y: int) -> tuple[Line, bool]:
        """A line of the window; the bar stands before everything that is selected."""
        line, has_bar = super().line_at(y)
        ends = self._ends()
        if ends is None or has_bar:
            return line, has_bar
        place = self._window.place(y)
        is_chosen = place is not None and ends[0] <= place.number <= ends[1] and y in self._window.body(place.number)
        return line, is_chosen

    def _ends(self) -> tuple[int, int] | None:
        anchor, cursor = self._anchor, self._cursor_number()
        start = None if anchor is None else self._window.find(anchor.id, anchor.seq)
        return None if start is None or cursor is None else (min(start, cursor), max(start, cursor))

    def _refresh_cursor(self) -> None:
        super()._refresh_cursor()
        if self._anchor is not None:
            self.refresh()

    def _forget(self, conversation: Conversation | None) -> None:
        super()._forget(conversation)
        self._anchor = None
